"""What the customer tells others quotes the hire as people quote each other."""

from __future__ import annotations

import pytest

from coachbot.bootstrap import Practice
from coachbot.customer.state import CustomerState, Reason
from coachbot.customer.story import LONGEST_QUOTE, Told, retold, tell

SHORT = "I'll ring the depot myself."


LONG_TAIL = "Then there is the matter of the invoice, you see. " * 3
THOUGHT = "I have looked at your whole file from March on"
ENDLESS = "thisisonewordwithoutend" * 5


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (SHORT, "I'll ring the depot myself"),
        pytest.param(
            f"{SHORT} It takes ten minutes. {LONG_TAIL}",
            "I'll ring the depot myself. It takes ten minutes",
            id="whole sentences, as many as one remembers",
        ),
        pytest.param(
            f"{THOUGHT}, and what I can see there is that nobody ever rang you back about it",
            f"{THOUGHT} …",
            id="a long one ends where a thought does",
        ),
        pytest.param(
            "I can see the Garden Room, the Bay Room, and I'll give you the one with the terrace, "
            "the shower and the view of the sea",
            "I can see the Garden Room, the Bay Room …",
            id="and not in the middle of a list",
        ),
        pytest.param(ENDLESS, f"{ENDLESS[:90]} …", id="only without any such place it is cut"),
    ],
)
def test_a_quote_ends_where_a_sentence_or_a_thought_does(words: str, told: str) -> None:
    """Nobody is quoted with half a sentence, and where it can't be helped, dots say so."""
    assert told == retold(words)


def test_a_quote_is_never_longer_than_one_remembers() -> None:
    """Whatever was written, it fits, but for the dots that say that something is left out."""
    for words in ("a " * 200, "word, " * 90, "Yes! " * 60, "x" * 500):
        assert len(retold(words).removesuffix(" …")) <= LONGEST_QUOTE


def test_a_bare_question_stings_nobody(practice: Practice) -> None:
    """A question that merely lacked warmth is not told to others; a cold sentence is."""
    cast = practice.customer("late-parcel").cast
    state = CustomerState.start(cast.scenario)

    def story(quote: str) -> str:
        reason = Reason(cause="empathy:low", points=-9, quote=quote, text="Nothing kind in it.")
        turns = (Told(40, 31, (reason,)),)
        parts = (cast.scenario, cast.temperament, cast.general)
        return tell(*parts, state, turns, "left", seed=1)

    assert "mobile number" not in story("What's your mobile number?")
    assert "one day" in story("It's only one day.")
