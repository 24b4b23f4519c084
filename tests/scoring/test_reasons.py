"""Why a part of a reply helped or hurt: the words that a learner reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coachbot.scoring.features import Sentence
from coachbot.scoring.interface import DISMISSAL_KINDS, Dimension, DismissalKind
from coachbot.scoring.reasons import Case, reason, shorten
from coachbot.scoring.text import Span
from coachbot.scoring.words import Rarity
from tests.scoring.made import THRESHOLDS, context, measured, said

KITE = context(
    "My kite RT40917 is stuck in Hull. Will it be here by Friday?", screen="Van at 14:20."
)
OTHER = "There it is."


def case(
    text: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    templated: float = 0.0,
) -> Case:
    """Return a part of a reply that stood before another sentence, and what was measured."""
    return Case(
        sentence=Sentence.of(Span(0, len(text), text)),
        context=KITE,
        rarity=Rarity(),
        templated=templated,
        before=measured(f"{text} {OTHER}", KITE, **(before or {})),
        after=measured(OTHER, KITE, **(after or {})),
        thresholds=THRESHOLDS,
    )


def found(**probabilities: float) -> dict[str, Any]:
    """Return the answers in which each sentence of the customer has findings so likely."""
    return {"said": said(KITE, **probabilities)}


def harmful(kind: DismissalKind, p: float = 0.9) -> dict[str, Any]:
    """Return the answers in which a kind of dismissal is so likely."""
    odds = np.full(8, -30.0)
    odds[0], odds[1 + DISMISSAL_KINDS.index(kind)] = np.log(1 - p), np.log(p)
    return {"dismissal": odds}


def test_a_question_that_opens_without_the_part_was_answered_by_it() -> None:
    """Answered with the part, open without it: the question is quoted."""
    answered = case("Yes.", found(unanswered=0.1), found(unanswered=0.9))
    expected = "answers “Will it be here by Friday?”"
    assert expected == reason(answered, "active_listening", 10.0)


@pytest.mark.parametrize(
    ("before", "after"),
    # It stays answered; it was open before too; it hardly moves.
    [(0.1, 0.1), (0.7, 0.99), (0.3, 0.5)],
)
def test_a_question_that_the_part_does_not_answer_is_not_its_merit(
    before: float, after: float
) -> None:
    """Without a question that opens, the reason is another one."""
    one = case("Right.", found(unanswered=before), found(unanswered=after))
    assert reason(one, "active_listening", 10.0) == "answers what the customer came with"


@pytest.mark.parametrize("dimension", ["empathy", "active_listening", "individualized_treatment"])
def test_asking_again_is_named_with_what_was_given(dimension: Dimension) -> None:
    """What is asked for again only because of the part is quoted from the customer."""
    one = case("Which kite?", found(asks_again=0.9), found(asks_again=0.1))
    assert reason(one, dimension, -8.0) == (
        "asks again for what the customer gave: “My kite RT40917 is stuck in Hull.”"
    )
    same = case("Which kite?", found(asks_again=0.9), found(asks_again=0.9))
    assert "asks again" not in str(reason(same, dimension, -8.0))
    unsure = case("Which kite?", found(asks_again=0.45), found(asks_again=0.1))
    assert "asks again" not in str(reason(unsure, dimension, -8.0))


def test_a_contradiction_is_named_before_anything_else() -> None:
    """What does not agree with the customer's words is what lowers listening first."""
    one = case(
        "Calm down, it's in Leeds.",
        found(contradicts=0.9, asks_again=0.9) | harmful("orders_calm"),
        found(contradicts=0.1),
    )
    expected = "does not agree with what the customer said: “My kite RT40917 is stuck in Hull.”"
    for dimension in ("active_listening", "individualized_treatment"):
        assert expected == reason(one, dimension, -8.0)
    assert reason(one, "empathy", -8.0) == "tells the customer how to feel (“Calm down”)"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("hostile", "That's not my problem.", "turns against the customer (“not my problem”)"),
        ("orders_calm", "Calm down.", "tells the customer how to feel (“Calm down”)"),
        ("non_apology", "Sorry if that upset you.", "what caused it (“Sorry if”)"),
        ("blames", "You should have asked.", "puts it on the customer (“You should have”)"),
        ("minimises", "It's only a toy.", "makes the problem small (“It's only”)"),
        ("sarcasm", "Well done, genius.", "can be heard as mockery (“Well done”)"),
        ("hides_behind_policy", "Our policy says no.", "in front of the person (“policy”)"),
        ("hostile", "Go fly it then.", "turns against the customer"),
        ("minimises", "I don't care how sad you are.", "pushes the feeling away (“"),
    ],
)
def test_each_kind_of_harm_has_its_words(kind: DismissalKind, text: str, expected: str) -> None:
    """What it does to the customer, with the words that do it where there are such words."""
    why = reason(case(text, harmful(kind)), "empathy", -20.0)
    assert why is not None
    assert expected in why
    assert ("“" in why) == ("“" in expected)


def test_harm_that_stays_without_the_part_is_not_its_doing() -> None:
    """The other sentence is as harmful: this one is not blamed."""
    one = case("Fly it.", harmful("hostile"), harmful("hostile"))
    assert reason(one, "empathy", -20.0) == "goes past how this is for the customer"


def test_only_what_reads_like_a_stock_phrase_is_called_one() -> None:
    """The same words with and without the network's finding that they are canned."""
    text = "Rest assured, the kite is on the van."
    expected = "stock phrase (“Rest assured”): it could be said to anyone"
    assert expected == reason(case(text, templated=0.5), "individualized_treatment", -8.0)
    # What takes up the customer's words is not said to go past them, whatever else it lacks.
    assert reason(case(text, templated=0.49), "individualized_treatment", -8.0) is None
    motion = "Rest assured, matters are in motion."
    other = reason(case(motion, templated=0.49), "individualized_treatment", -8.0)
    assert other == "has nothing of this customer's own situation in it"
    plain = reason(case("Blue skies.", templated=0.9), "individualized_treatment", -8.0)
    assert plain == "reads like a ready-made text that could be said to anyone"


def test_a_name_alone_takes_nothing_up() -> None:
    """Whoever says how they are called has not said what it is about."""
    bernie = context("Hello, Bernadette Fallon, but it's Bernie. The screen is black.")
    assert replace(case("I'm sorry, Bernie."), context=bernie).about is None
    about = replace(case("Sorry about the black screen."), context=bernie).about
    assert about == "The screen is black"


@pytest.mark.parametrize("text", ["Thank you!", "Okay, thanks a lot.", "Good morning.", "Bye then"])
def test_a_courtesy_alone_goes_past_nobody(text: str) -> None:
    """Its loss has no reason, so it is not shown to a learner; what has more in it is."""
    assert reason(case(text), "active_listening", -20.0) is None
    assert reason(case(f"{text} We value all feedback."), "active_listening", -20.0) is not None


def test_what_the_customer_said_is_quoted_where_it_is_taken_up() -> None:
    """The clause that shares the most telling words with the part."""
    why = reason(case("Stuck in Hull all week!"), "individualized_treatment", 8.0)
    assert why == "fits what this customer said: “My kite RT40917 is stuck in Hull”"
    common = Case(
        **{
            **vars(case("Stuck in Hull all week!")),
            "rarity": Rarity(dict.fromkeys(("stuck", "hull", "week"), 0.1)),
        }
    )
    assert "Hull" not in str(reason(common, "individualized_treatment", 8.0))


def test_facts_of_the_screen_are_named() -> None:
    """A number that only the agent could see."""
    why = reason(case("It goes 14:20."), "active_listening", 8.0)
    assert why == "brings the facts of this customer's case"


@pytest.mark.parametrize(
    ("effect", "expected"),
    [(6.0, "speaks to the person, not only to the case"), (4.0, None), (-4.0, None)],
)
def test_a_small_effect_without_a_rule_has_no_reason(effect: float, expected: str | None) -> None:
    """A vague reason is given only for a large effect."""
    assert expected == reason(case("Blue skies."), "empathy", effect)


def test_the_least_bad_sentence_of_a_rude_reply_is_not_praised() -> None:
    """What helps a reply that goes past the person has a reason only where a rule gives one."""
    rude = {"graded": np.full(3, -3.0)}
    assert reason(case("Well.", rude), "empathy", 9.0) is None
    assert reason(case("We lost it.", rude), "empathy", 9.0) is not None


def test_quotations_are_cut_at_a_words_end() -> None:
    """As long as allowed, then an ellipsis; white space is one space."""
    assert shorten("It  is\nstill here", 40) == "It is still here"
    assert shorten("It is still, here and there", 14) == "It is still…"


def test_nothing_that_harms_is_praised() -> None:
    """In a dismissive reply no sentence is called kind, and none that harms is praised at all."""
    cold = case("I'll put it on the van at 14:20.", harmful("minimises"), harmful("minimises"))
    assert reason(cold, "empathy", 12.0) is None
    assert reason(cold, "individualized_treatment", 12.0) is not None
    harsh = case("Stop moaning, it comes on Friday.", harmful("orders_calm"))
    for dimension in ("empathy", "active_listening", "individualized_treatment"):
        assert reason(harsh, dimension, 12.0) is None


def test_only_what_is_asked_for_is_called_asking() -> None:
    """An offer with the same words ("I can have") asks for nothing."""
    asking = reason(case("Can I have your postcode?"), "active_listening", -8.0)
    assert asking == "asks (“Can I have”) where an answer was due"
    please = reason(case("Please send a photo."), "active_listening", -8.0)
    assert please == "asks (“Please send”) where an answer was due"
    offer = reason(case("I can have it wrapped for you."), "active_listening", -8.0)
    assert offer == "does not take up what the customer said"
