"""What a good next reply would do, at every point of a conversation."""

from __future__ import annotations

import pytest

from coachbot.coaching.hints import hint_for
from coachbot.library import Library
from coachbot.scenario.models import Scenario
from coachbot.session import machine
from tests.session.made import begun, gone_on, reason

TRAIN, DEPOT, WATCH = "second-train", "to-the-depot", "keeps-watch"


def test_before_the_first_reply(parcel: Scenario) -> None:
    """First it says to read, and which way the matter goes."""
    hint = hint_for(begun(parcel), parcel)
    assert "Dean's first messages" in hint
    assert parcel.act(TRAIN).hint in hint


@pytest.mark.parametrize("cause", ["minimised", "blamed", "insulted", "button:wait-again"])
def test_after_a_wound(cause: str, parcel: Scenario) -> None:
    """What hurt has to be taken back before anything else."""
    hurt = reason(cause, -12, "it's only   a toy")
    hint = hint_for(gone_on(begun(parcel), reasons=(hurt,)), parcel)
    assert "Take it back plainly" in hint
    assert "“it's only a toy”" in hint


def test_a_long_wound_is_quoted_in_short(parcel: Scenario) -> None:
    """A hint quotes a line, not a paragraph."""
    hurt = reason("minimised", -12, "it is only a toy " * 20)
    hint = hint_for(gone_on(begun(parcel), reasons=(hurt,)), parcel)
    assert "only a toy it is only" in hint
    assert " …”" in hint
    assert len(hint) < 200


def test_after_asking_again(parcel: Scenario) -> None:
    """What was asked again stands further up."""
    again = reason("asked_again", -3)
    assert "Scroll up" in hint_for(gone_on(begun(parcel), reasons=(again,)), parcel)


def test_a_need_that_was_let_out(parcel: Scenario) -> None:
    """What the customer let out is to be taken up, and is not to be looked for any more."""
    session = gone_on(begun(parcel), needs_revealed=("last-year",))
    need = parcel.need("last-year")
    hint = hint_for(session, parcel)
    assert need.what in hint
    assert need.hint not in hint


def test_a_need_that_nobody_looked_for(parcel: Scenario) -> None:
    """After two replies about the matter it is time to look behind it."""
    session = gone_on(gone_on(begun(parcel), acts=(TRAIN,)), acts=(DEPOT,))
    assert parcel.needs[0].hint == hint_for(session, parcel)


def test_what_is_pressed_for(parcel: Scenario) -> None:
    """What the customer presses for goes before what they have not come to yet."""
    session = gone_on(begun(parcel), pressed={WATCH: 2, TRAIN: 1})
    assert parcel.act(WATCH).hint == hint_for(session, parcel)


def test_after_two_hints_about_needs(parcel: Scenario) -> None:
    """Who took two hints already gets on with the matter."""
    session = begun(parcel)
    for _ in range(2):
        session = gone_on(machine.take_hint(session))
    assert parcel.act(TRAIN).hint == hint_for(session, parcel)


def test_everything_is_done(parcel: Scenario) -> None:
    """When all is arranged, what is missing is a human word."""
    known = tuple(need.id for need in parcel.needs)
    session = gone_on(begun(parcel), acts=(TRAIN, DEPOT, WATCH))
    session = gone_on(session, needs_revealed=known, needs_met=known)
    assert "a human word" in hint_for(session, parcel)


def test_hints_never_have_the_words(files: Library) -> None:
    """A direction, never a sentence to copy."""
    for loaded in files.scenarios():
        card = loaded.scenario
        hints = [*(act.hint for act in card.resolution.acts), *(need.hint for need in card.needs)]
        words = [text for act in card.resolution.acts for text in act.examples]
        words += [text for moment in card.moments for text in moment.good]
        assert [] == [(hint, text) for hint in hints for text in words if text in hint]
