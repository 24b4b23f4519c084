"""Good, fair and poor conversations end as they should, with every customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

import pytest

from coachbot.library import Library
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.scoring.session_value import session_values
from coachbot.session.models import Session
from tests.conversations.playing import (
    HELDOUT,
    KEPT,
    QUALITIES,
    VOICES,
    Played,
    Quality,
    Script,
    scripts,
)

SCENARIOS = sorted({script.scenario for script in KEPT})


def only(quality: Quality, among: Sequence[Script]) -> pytest.MarkDecorator:
    """Run a test for each script of this quality."""
    chosen = [script for script in among if script.quality == quality]
    return pytest.mark.parametrize("script", chosen, ids=[script.name for script in chosen])


def in_short(session: Session) -> str:
    """What became of a session, for the message of a test that fails."""
    scores = session_values([turn.score for turn in session.turns])
    shown = ", ".join(f"{dimension} {scores[dimension].score}" for dimension in DIMENSIONS)
    return f"{session.outcome} after {len(session.turns)} replies; {shown}"


def test_scripts_are_whole(library: Library) -> None:
    """Each customer who has scripts meets three good, three fair and three poor hires, twice."""
    assert set(SCENARIOS) <= {loaded.scenario.id for loaded in library.scenarios()}
    expected = sorted((voices, i, q) for voices in VOICES for i in SCENARIOS for q in QUALITIES * 3)
    assert expected == sorted(
        (script.voices, script.scenario, script.quality)
        for voices in VOICES
        for script in scripts(voices)
    )


@only("good", KEPT)
def test_good_conversations_pass(script: Script, played: Played) -> None:
    """Who hears the customer out and sees to everything resolves it, and passes."""
    session = played[script]
    assert ("resolved", True) == (session.outcome, session.passed), in_short(session)


def test_hardly_a_fair_conversation_passes(played: Played) -> None:
    """Politeness with half of the matter is no pass: at most one of twelve gets by."""
    fair = [session for script, session in played.items() if script.quality == "fair"]
    passed = [in_short(session) for session in fair if session.passed]
    assert 12 * len(passed) <= len(fair), passed


@only("poor", KEPT + HELDOUT)
def test_poor_conversations_fail(script: Script, played: Played, library: Library) -> None:
    """Who dismisses, blames or recites loses the customer, or gets next to nothing done."""
    session = played[script]
    acts = len(library.scenario(script.scenario).scenario.resolution.acts)
    most_is_open = session.outcome == "ended" and 2 * len(session.state.acts_done) <= acts
    assert not session.passed
    assert session.outcome in ("left", "gave_up") or most_is_open, in_short(session)


def share(played: Played, quality: Quality, holds: Callable[[Session], bool | None]) -> float:
    """Share of the held-out scripts of this quality for which it holds."""
    return fmean(bool(holds(played[script])) for script in HELDOUT if script.quality == quality)


def list_of(played: Played, quality: Quality) -> str:
    """What became of the held-out scripts, for the message of a test that fails."""
    chosen = [script for script in HELDOUT if script.quality == quality]
    return "\n".join(["", *(f"{script.name} {in_short(played[script])}" for script in chosen)])


def test_most_other_good_conversations_resolve(played: Played) -> None:
    """At least three of four good conversations in voices that set nothing are resolved."""
    found = share(played, "good", lambda session: session.outcome == "resolved")
    assert found >= 0.75, list_of(played, "good")


def test_most_other_good_conversations_pass(played: Played) -> None:
    """At least seven of ten good conversations in voices that set nothing pass."""
    assert share(played, "good", lambda session: session.passed) >= 0.7, list_of(played, "good")


def means(played: Played, scenario: str, dimension: Dimension) -> list[float]:
    """Mean values of the poor, the fair and the good conversations with a customer."""
    return [
        fmean(
            value.score
            for script, session in played.items()
            if (script.scenario, script.quality) == (scenario, quality)
            for value in [session_values([turn.score for turn in session.turns])[dimension]]
            if value.score is not None
        )
        for quality in ("poor", "fair", "good")
    ]


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_good_lies_above(scenario: str, dimension: Dimension, played: Played) -> None:
    """Good conversations with a customer score above poor and fair ones on each dimension."""
    poor, fair, good = means(played, scenario, dimension)
    assert good > max(poor, fair)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_fair_lies_between(dimension: Dimension, played: Played) -> None:
    """Over all customers fair lies well below good and above poor, with none far below poor.

    A fair hire who only processes and a poor one with a stock apology are close: such an apology is
    worth more on the anchors of empathy. So one customer's may be a few points the other way round.
    """
    found = {scenario: means(played, scenario, dimension) for scenario in SCENARIOS}
    poor, fair, good = (fmean(one[i] for one in found.values()) for i in range(3))
    assert poor + 3 <= fair <= good - 20
    assert not [one for one, (low, middle, _) in found.items() if middle < low - 5], found
