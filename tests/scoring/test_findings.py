"""What can go against the customer's words: questions, what was given, what differs."""

from __future__ import annotations

import pytest

from coachbot.scoring.features import Context
from coachbot.scoring.findings import SAID_FEATURES, asks, open_to, said_features
from coachbot.scoring.words import Rarity
from tests.scoring.made import context, parts


def told(reply: str, *texts: str, screen: str = "", row: int = -1) -> dict[str, float]:
    """Return what is told about one of the customer's sentences, the last one unless told."""
    rows = said_features(parts(reply), context(*texts, screen=screen), Rarity())
    return dict(zip(SAID_FEATURES, rows[row].tolist(), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "Will it be here by Friday?",
        "where is it",
        "ok so when does it leave",
        "can you send it again",
        "I want to know what happened.",
        "Tell me where it is.",
        "pls let me know",
        "It’s late, isn’t it?",
        "wondering if you could help",
    ],
)
def test_what_asks(text: str) -> None:
    """With or without a question mark, straight or indirect."""
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "It is still in Hull.",
        "I was told that it left.",
        "What I ordered was a kite.",
        "Nobody rang me.",
        "I know that you are busy.",
    ],
)
def test_what_does_not_ask(text: str) -> None:
    """A statement asks for nothing, even with a question word in it."""
    assert not asks(text)


def test_only_a_question_of_the_newest_message_can_be_left_open() -> None:
    """Earlier questions and statements can't; the other findings can be about any sentence."""
    where = context("Where is it?", "In Hull.", "It is late. Why?")
    assert [False, False, True] == [open_to("unanswered", s, where) for s in where.said]
    for kind in ("asks_again", "contradicts"):
        assert [True] * 3 == [open_to(kind, s, where) for s in where.said]


@pytest.mark.parametrize(
    ("reply", "customer", "expected"),
    [
        ("You paid 25.", "I paid 25.", {"number_shared": 1, "number_conflict": 0}),
        (
            "You paid 52.",
            "I paid 25.",
            {"number_shared": 0, "number_conflict": 1, "number_unknown": 1},
        ),
        ("You paid 52.", "I paid a lot.", {"number_conflict": 0, "number_unknown": 0}),
        ("On Monday then.", "It was due Friday.", {"day_conflict": 1, "day_unknown": 1}),
        ("On Friday then.", "It was due Friday.", {"day_conflict": 0, "day_unknown": 0}),
        ("On Monday then.", "It was due soon.", {"day_conflict": 0, "day_unknown": 0}),
        ("I told Dana so.", "I spoke to Ravi.", {"name_unknown": 1, "name_conflict": 1}),
        ("I told Ravi so.", "I spoke to Ravi.", {"name_unknown": 0, "name_conflict": 0}),
        ("I told Dana so.", "I spoke to him.", {"name_unknown": 1, "name_conflict": 0}),
        ("I see RT12346.", "Order RT12345.", {"code_conflict": 1}),
        ("I see RT12345.", "Order RT12345.", {"code_conflict": 0}),
        ("It has not left.", "It has left.", {"negation_differs": 1}),
        ("It has not left.", "It hasn't left.", {"negation_differs": 0}),
        ("Your van left.", "Where?", {"about_customer": 1}),
        ("The van left.", "Where?", {"about_customer": 0}),
    ],
)
def test_differences_by_hand(reply: str, customer: str, expected: dict[str, float]) -> None:
    """Numbers, days, names and codes that fit or differ from what this sentence says."""
    found = told(reply, customer)
    assert expected == {name: found[name] for name in expected}


def test_a_number_of_the_screen_is_known_and_still_differs() -> None:
    """It conflicts with the customer's own, but somebody has said it."""
    found = told("You paid 52.", "I paid 25.", screen="Paid: 52.")
    assert (1.0, 0.0, 1.0) == (
        found["number_conflict"],
        found["number_unknown"],
        found["numbers_from_screen"],
    )


def test_a_slot_that_was_given_is_seen() -> None:
    """Asking for the order number when it is there; not when it is not, nor for something else."""
    again = told("What is your order number?", "Order RT40917 is late.")
    assert (1.0, 1.0) == (again["slot_given"], again["provide_and_given"])
    first = told("What is your order number?", "My kite is late.")
    assert (0.0, 0.0) == (first["slot_given"], first["provide_and_given"])
    assert first["asks_for_slot"] > 0
    statement = told("Your order number is on the label.", "Order RT40917 is late.")
    assert (0.0, 0.0) == (statement["slot_given"], statement["asks_for_slot"])


def test_trying_again_what_was_tried() -> None:
    """A step that the customer took already is a slot too, though nobody asks."""
    assert told("Please restart it.", "I already restarted it twice.")["slot_given"] == 1.0
    assert told("Please restart it.", "It is blue.")["slot_given"] == 0.0


def test_what_a_question_wants_and_whether_the_reply_has_it() -> None:
    """When, how much and why, each met by its own words."""
    assert told("It leaves tonight.", "When does it leave?")["when_met_by_when"] == 1.0
    assert told("It leaves.", "When does it leave?")["when_met_by_when"] == 0.0
    assert told("It costs £5.", "How much is it?")["amount_met_by_amount"] == 1.0
    assert told("Because it rained.", "Why is it late?")["why_met_by_because"] == 1.0
    kinds = told("No.", "Why is it late?")
    assert (1.0, 0.0) == (kinds["asks_why"], kinds["asks_amount"])


def test_each_sentence_of_the_customer_has_its_own_row() -> None:
    """Asking, marked, newest: by sentence, with the message's number of questions for all."""
    texts = ("Where is it?", "Looking.", "It is late. and when does it leave")
    rows = [told("Tonight.", *texts, row=i) for i in range(3)]
    assert [1.0, 0.0, 1.0] == [r["asks"] for r in rows]
    assert [1.0, 0.0, 0.0] == [r["marked"] for r in rows]
    assert [0.0, 1.0, 1.0] == [r["newest"] for r in rows]
    assert [0.25] * 3 == [r["questions"] for r in rows]
    assert [0.5] * 3 == [r["share_of_message"] for r in rows]


def test_what_was_asked_before_is_told_of_the_answer() -> None:
    """The agent's earlier question is compared with the reply, for the customer's answer to it."""
    texts = ("Hi.", "What colour was the kite?", "Blue.")
    assert told("The colour of the kite?", *texts)["asked_before"] == 1.0
    assert told("The colour of the kite?", *texts, row=0)["asked_before"] == 0.0
    assert told("It left Hull.", *texts)["asked_before"] == 0.0


def test_an_empty_reply_and_an_empty_conversation_have_rows_of_their_size() -> None:
    """A row for each sentence of the customer, and none without one."""
    where: Context = context("Where? Why?")
    assert (2, len(SAID_FEATURES)) == said_features([], where, Rarity()).shape
    assert (0, len(SAID_FEATURES)) == said_features(parts("Hi."), context(), Rarity()).shape
