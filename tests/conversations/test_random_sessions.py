"""A hundred sessions in which anything may be typed: no repetition, no silence, an end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from coachbot.bootstrap import Practice
from coachbot.customer.actor import Spoken
from coachbot.library import Library
from coachbot.library.catalogue import scenario_files
from tests.conversations.random_sessions import (
    Scores,
    converse,
    invented,
    repeated,
    replies,
    score_all,
)

SESSIONS = 5
"""For each of the twenty scenarios."""
SCENARIOS = [file.stem for file in scenario_files(Path(__file__).parents[2] / "scenarios")]


@pytest.fixture(scope="module")
def scores(practice: Practice) -> Scores:
    """The score of everything in the pool."""
    return score_all(practice, SCENARIOS)


@pytest.fixture(scope="module")
def conversations(practice: Practice, scores: Scores) -> Mapping[tuple[str, int], list[Spoken]]:
    """A hundred sessions, by scenario and seed; `random_sessions` plays more."""
    return {
        (scenario, seed): converse(practice.customer(scenario), seed, scores)
        for scenario in SCENARIOS
        for seed in range(SESSIONS)
    }


@pytest.mark.parametrize("seed", range(SESSIONS))
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nobody_repeats_themself(
    scenario: str,
    seed: int,
    library: Library,
    practice: Practice,
    conversations: Mapping[tuple[str, int], list[Spoken]],
) -> None:
    """Whatever is typed, a customer says nothing twice, is never silent, and comes to an end."""
    spoken = conversations[scenario, seed]
    assert [] == repeated(spoken)
    assert all(one.messages for one in spoken)
    assert all(message.strip() for one in spoken for message in one.messages)
    assert spoken[-1].state.outcome is not None
    assert len(spoken) - 1 <= library.scenario(scenario).scenario.turn_limit
    customer = practice.customer(scenario)
    assert [] == invented(customer, spoken, replies(customer, seed))


def test_the_mixtures_differ(conversations: Mapping[tuple[str, int], list[Spoken]]) -> None:
    """They lead to long and short sessions, and to more than one kind of ending."""
    lengths = [len(spoken) - 1 for spoken in conversations.values()]
    outcomes = {spoken[-1].state.outcome for spoken in conversations.values()}
    assert 1 == min(lengths)
    assert 8 <= max(lengths)
    assert {"left", "gave_up", "resolved_coldly"} <= outcomes


@pytest.mark.parametrize("mood", [15.0, 40.0, 75.0])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_words_last(scenario: str, mood: float, practice: Practice, scores: Scores) -> None:
    """A customer who is kept to the last turn, in one mood, still has something new to say."""
    customer = practice.customer(scenario)
    sessions = [converse(customer, SESSIONS, scores, kept_at=mood)]
    assert [] == [line for spoken in sessions for line in repeated(spoken)]
    assert all(one.messages for spoken in sessions for one in spoken)
