"""How a reply stands to its conversation, worked out by hand."""

from __future__ import annotations

import math

import pytest

from coachbot.scoring.features import (
    CONTEXT_FEATURES,
    RELATIONS,
    REPLY_FEATURES,
    SENTENCE_FEATURES,
    Context,
    context_features,
    days,
    relations,
    reply_features,
    sentence_features,
)
from coachbot.scoring.words import Rarity
from tests.scoring.made import context, parts

ONE, TWO = 1 - math.exp(-1 / 2), 1 - math.exp(-2 / 2)
KITE = context(
    "Hi, the kite RT40917 was due Friday in Hull and I paid 25 pounds.",
    screen="Parcel RT40917, van 14:20 from Leeds.",
)


def related(reply: str, where: Context = KITE) -> dict[str, float]:
    """Return the relations of a reply by name."""
    return dict(zip(RELATIONS, relations(parts(reply), where, Rarity()), strict=True))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("You paid 25.", {"numbers_from_history": ONE, "numbers_unknown": 0.0}),
        ("It leaves at 14:20.", {"numbers_from_screen": ONE, "numbers_unknown": 0.0}),
        ("You paid 99 or 12.", {"numbers_unknown": TWO, "numbers_from_history": 0.0}),
        ("I have RT40917 here.", {"codes_known": ONE, "codes_unknown": 0.0}),
        ("I have RT40918 here.", {"codes_known": 0.0, "codes_unknown": ONE}),
        ("It is in Hull now.", {"names_known": ONE, "names_unknown": 0.0}),
        ("Ask Dana or Ravi.", {"names_known": 0.0, "names_unknown": TWO}),
        ("You said friday.", {"days_unknown": 0.0}),
        ("It comes Monday.", {"days_unknown": ONE}),
        ("It was due Friday in Hull.", {"copied": 2 / 3}),
        ("You paid it.", {"copied": 0.0}),
        ("Kite!", {"words_from_customer": 1.0, "words_unknown": 0.0}),
        ("Van!", {"words_from_screen": 1.0, "words_from_customer": 0.0, "words_unknown": 0.0}),
        ("Giraffe!", {"words_unknown": 1.0, "words_from_customer": 0.0}),
        ("Kite giraffe!", {"words_unknown": 0.5, "words_from_customer": 0.5}),
        ("I've booked it for 14:20.", {"concrete_step": 1.0, "put_off_alone": 0.0}),
        ("I'll look into it.", {"concrete_step": 0.0, "put_off_alone": 1.0}),
        ("It is blue.", {"concrete_step": 0.0, "put_off_alone": 0.0}),
    ],
)
def test_relations_by_hand(reply: str, expected: dict[str, float]) -> None:
    """Numbers, codes, names, days and words: from the customer, from the screen, from nowhere."""
    found = related(reply)
    assert expected == pytest.approx({name: found[name] for name in expected})


def test_what_the_customer_said_before_is_not_the_newest_message() -> None:
    """A word of an earlier turn is the customer's, and not of the newest message."""
    where = context("My kite is lost.", "Really?", "Yes, a shop parcel.")
    found = related("A kite!", where)
    assert (1.0, 0.0) == (found["words_from_customer"], found["words_from_newest"])
    found = related("A shop parcel!", where)
    assert (1.0, 1.0) == (found["words_from_newest"], found["newest_words_taken_up"])


def test_rare_words_count_for_more_than_common_ones() -> None:
    """Of kite (1) and parcel (a quarter) the reply has the rarer: 1 of 1.25."""
    rarity = Rarity({"parcel": 0.25})
    where = context("Kite parcel.")
    found = dict(zip(RELATIONS, relations(parts("Kite."), where, rarity), strict=True))
    assert found["newest_words_taken_up"] == pytest.approx(0.8)


def test_without_customer_or_screen_nothing_is_shared() -> None:
    """The two flags tell, and everything is unknown."""
    found = related("Kite 25.", context())
    assert (0.0, 0.0) == (found["has_newest"], found["has_screen"])
    assert found["words_unknown"] == 1.0
    assert {"has_newest": 1.0, "has_screen": 1.0}.items() <= related("Kite 25.").items()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on Wednesday or thurs", {"wed", "thu"}),
        ("Fridays and the 3rd of March", {"fri", "mar"}),
        ("tomorrow", set()),
        ("the sunny monkey", set()),
    ],
)
def test_days_are_named_by_their_first_letters(text: str, expected: set[str]) -> None:
    """Whole words only, short or long."""
    assert expected == days(text)


def test_a_verb_is_no_month() -> None:
    """Who may do something names no month."""
    assert set() == days("You may keep it.")


def test_features_have_their_names_lengths() -> None:
    """One number for each name, for any number of sentences, also none."""
    for reply in ("", "Sorry.", "Sorry. It left Hull. Is Friday fine?"):
        own = parts(reply)
        assert (len(REPLY_FEATURES),) == reply_features(own, KITE, Rarity()).shape
        assert (len(own), len(SENTENCE_FEATURES)) == sentence_features(own).shape
    assert (len(CONTEXT_FEATURES),) == context_features(KITE).shape
    assert not reply_features([], context(), Rarity()).any()


def test_a_sentence_knows_its_place() -> None:
    """First, last, and how far down it stands."""
    rows = [
        dict(zip(SENTENCE_FEATURES, row, strict=True))
        for row in sentence_features(parts("Hello. It left. Bye."))
    ]
    assert [1.0, 0.0, 0.0] == [r["first"] for r in rows]
    assert [0.0, 0.0, 1.0] == [r["last"] for r in rows]
    assert [0.0, 1 / 3, 2 / 3] == pytest.approx([r["place"] for r in rows])


def test_a_calm_question_and_a_shout_for_help_differ() -> None:
    """Trouble, exclamation and capitals are told apart from a plain question."""
    calm, loud = (
        dict(zip(CONTEXT_FEATURES, context_features(context(text)), strict=True))
        for text in ("what are your opening hours?", "STILL WAITING, NOBODY HELPS ME!!")
    )
    assert (1.0, 0.0) == (calm["newest_asks"], loud["newest_asks"])
    assert (0.0, 1.0) == (calm["newest_exclaims"], loud["newest_exclaims"])
    assert calm["newest_trouble"] == 0.0 < loud["newest_trouble"]
    assert calm["newest_shouts"] == 0.0 < loud["newest_shouts"]
