"""Replies made worse in one known way, and what the network is told of them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from coachbot.models.corruptions import Corrupted, echo, told_already, wrong_fact
from coachbot.models.lessons import Unit, corrupted, echoes
from coachbot.scoring.conversation import Conversation
from coachbot.scoring.findings import FINDINGS
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.words import content_words
from tests.models.made import PREPARER, grades, reply, situation

CHAIR = (
    "I ordered a green chair for my mother on Monday, order 48213. You took £120 twice. "
    "When will Gertrude get it?"
)
GOOD = (
    "The green chair for your mother, order 48213, is on its way, and Gertrude has it on "
    "Thursday; the second £120 goes back to you today. It was due on Monday."
)


def draws(text: str, customer: str = CHAIR, times: int = 80) -> list[Corrupted]:
    """Return what wrong facts come of a reply in many draws."""
    random = np.random.default_rng(5)
    conversation = Conversation.of_one_turn(customer)
    found = [wrong_fact(text, conversation, random) for _ in range(times)]
    return [one for one in found if one is not None]


def changed(one: Corrupted, text: str) -> tuple[list[str], list[str]]:
    """Return the words that went and those that came."""
    before, after = text.split(), one.text.split()
    pairs = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    return [a for a, _ in pairs], [b for _, b in pairs]


def test_a_wrong_fact_replaces_one_thing_that_the_customer_named() -> None:
    """Number, amount, day, name, colour and person are each replaced in some draw."""
    gone = set()
    for one in draws(GOOD):
        words, new = changed(one, GOOD)
        assert len(words) == len(new) == 1
        gone.add(words[0].strip(".,;£"))
    assert {"green", "mother", "48213", "Gertrude", "120", "Monday"} == gone


def test_a_wrong_fact_is_nowhere_in_the_conversation() -> None:
    """What comes in is no number, day or name that the customer said."""
    said = re.findall(r"\w+", CHAIR.lower())
    for one in draws(GOOD):
        _, new = changed(one, GOOD)
        assert new[0].strip(".,;£").lower() not in said


def test_the_words_that_a_wrong_fact_goes_against_are_known() -> None:
    """They are found in what the customer said, not in the corrupted reply's place."""
    for one in draws(GOOD):
        assert one.against.search(CHAIR)
        assert one.finding == "contradicts"


def test_a_reply_without_the_customers_facts_stays_as_it_is() -> None:
    """There is nothing in it that could be wrong."""
    assert [] == draws("I'm sorry about this. Somebody will look into it.")


@pytest.mark.parametrize(
    ("customer", "asked"),
    [
        ("My order is 48213 and nothing came.", "order"),
        ("It's about invoice 7731.", "invoice"),
    ],
)
def test_a_question_is_put_for_what_was_told(customer: str, asked: str) -> None:
    """The number of a thing is asked for where the customer has given it."""
    random = np.random.default_rng(2)
    found = told_already("I'll look.", Conversation.of_one_turn(customer), random)
    assert found is not None
    added = found.text.replace("I'll look.", "").lower()
    assert any(word in added for word in asked.split("|"))
    assert found.against.search(customer)
    assert found.finding == "asks_again"


def test_nothing_is_asked_again_where_nothing_was_told() -> None:
    """A customer without numbers, days or amounts has told nothing of that kind."""
    random = np.random.default_rng(2)
    conversation = Conversation.of_one_turn("It's broken and I'm fed up.")
    assert told_already("I'll look.", conversation, random) is None


def test_an_echo_has_the_customers_words_and_hardly_any_others() -> None:
    """But for the opening before and the thanks behind, every content word is the customer's."""
    random = np.random.default_rng(9)
    conversation = Conversation.of_one_turn("The blinds jam halfway. My kitchen is dark all day.")
    own = set(content_words(conversation.newest))
    for _ in range(40):
        others = [w for w in content_words(echo(conversation, random)) if w not in own]
        assert len(others) <= 3


def unit(finding: str) -> Unit:
    """Return the first draw that has a corruption of this kind, with a good reply before it."""
    one = situation(
        "s",
        [reply("a", GOOD, grades=grades(60, 80, 90))],
        history=[{"speaker": "customer", "text": CHAIR}],
    )
    random = np.random.default_rng(1)
    for draw in corrupted([one], PREPARER) * 10:
        made = draw(random)
        if len(made.readings) == 2 and made.targets[1].said is not None:
            column = made.targets[1].said[:, FINDINGS.index(finding)]
            if np.nansum(column) > 0:
                return made
    raise AssertionError(finding)


def test_a_wrong_fact_costs_listening_and_fit() -> None:
    """The corrupted reply lies below the good one there, and nothing is said of empathy."""
    made = unit("contradicts")
    assert {(0, 1, "active_listening"), (0, 1, "individualized_treatment")} == {
        (r.first, r.second, DIMENSIONS[r.dimension]) for r in made.relations
    }


def test_asking_again_costs_listening() -> None:
    """Nobody is treated as less of an individual by a question."""
    made = unit("asks_again")
    assert ["active_listening"] == [DIMENSIONS[r.dimension] for r in made.relations]


def test_the_good_reply_keeps_its_grades() -> None:
    """The first of the two readings has the grades that people gave it."""
    assert (0.6, 0.8, 0.9) == pytest.approx(unit("contradicts").targets[0].graded)


def test_an_echo_lies_below_a_good_reply() -> None:
    """It is worth little in listening and less in fit, and lies below on both."""
    one = situation(
        "s",
        [reply("a", GOOD, grades=grades(60, 80, 90))],
        history=[{"speaker": "customer", "text": CHAIR}],
    )
    (draw,) = echoes([one], PREPARER)
    made = draw(np.random.default_rng(0))
    assert (0.28, 0.22, 0.18) == pytest.approx(made.targets[1].graded)
    gaps = {DIMENSIONS[r.dimension]: r.gap for r in made.relations}
    assert {"active_listening": 0.58, "individualized_treatment": 0.72} == pytest.approx(gaps)


def test_no_echo_is_made_where_no_reply_is_good() -> None:
    """Poor replies have nothing to be better than an echo in."""
    one = situation(
        "s",
        [reply("a", GOOD, grades=grades(20, 30, 30))],
        history=[{"speaker": "customer", "text": CHAIR}],
    )
    assert [] == echoes([one], PREPARER)
