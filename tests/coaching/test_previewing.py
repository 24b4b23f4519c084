"""Kept sessions under another scorer: what would change, and whether people are better matched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from coachbot.coaching.previewing import Preview, preview
from coachbot.reporting.trust import GradedRow
from coachbot.reporting.trust_text import preview_lines
from coachbot.scenario.models import PassMarks, Scenario
from coachbot.scoring.interface import (
    Dimension,
    DimensionScore,
    DimensionScores,
    ReplyScore,
    ReplyToScore,
)
from coachbot.session.models import Session
from tests.reporting.graded import session_with
from tests.reporting.test_trust import row

UNSCORED = DimensionScore(status="unscored", reason="not_called_for")


@dataclass
class Told:
    """A scorer that gives every reply the empathy that it is told, and nothing else."""

    empathy: float | None
    asked: list[ReplyToScore] = field(default_factory=list)
    name: str = "minilm 2"

    def score(
        self,
        items: Sequence[ReplyToScore],
        *,
        signals_only: bool = False,
        with_evidence: bool = True,
    ) -> list[ReplyScore]:
        """The same for each."""
        self.asked += items
        value = UNSCORED
        if self.empathy is not None:
            value = DimensionScore(
                status="scored", score=self.empathy, low=self.empathy, high=self.empathy
            )
        dimensions = DimensionScores(
            empathy=value, active_listening=UNSCORED, individualized_treatment=UNSCORED
        )
        return [ReplyScore(status="scored", dimensions=dimensions, scorer=self.name) for _ in items]


@pytest.fixture
def scenario(parcel: Scenario) -> Scenario:
    """Passed with empathy of 50."""
    return parcel.model_copy(update={"pass_marks": PassMarks(empathy=50)})


def resolved(name: str, empathy: float) -> Session:
    """A session that was settled, and passed if its empathy was enough."""
    return session_with(name, empathy).model_copy(
        update={"outcome": "resolved", "passed": empathy >= 50}
    )


def compared(
    found: Preview, dimension: Dimension = "empathy", basis: str = "blind"
) -> tuple[float | None, float | None, float | None, str]:
    """Errors before and now, their difference, and what is said of it."""
    match = next(m for m in found.matches if (m.dimension, m.basis) == (dimension, basis))
    return match.old.value, match.new.value, match.difference.value, match.says


def test_scores_and_passes_that_would_change(scenario: Scenario) -> None:
    """40 becomes 60 and 70 does, too: one more pass, changes of 20 and 10."""
    sessions = [(resolved("low", 40), scenario), (resolved("high", 70), scenario)]
    found = preview(sessions, Told(60), [])
    assert (1, 0, 0) == (found.passes_gained, found.passes_lost, found.left_out)
    assert ["low", "high"] == [s.session for s in found.sessions]
    assert [20.0, 10.0] == [s.largest for s in found.sessions]
    empathy, listening, _ = found.dimensions
    assert (5.0, 15.0, 1.0) == (empathy.mean.value, empathy.absolute.value, empathy.moved.value)
    assert (0, 2, "nothing") == (
        listening.newly_scored,
        listening.newly_unscored,
        listening.mean.status,
    )
    lost = preview(sessions, Told(45), [])
    assert (0, 1) == (lost.passes_gained, lost.passes_lost)


def test_a_session_that_was_not_settled_never_passes(scenario: Scenario) -> None:
    """How the conversation ended stays as it was."""
    ended = resolved("left", 20).model_copy(update={"outcome": "left"})
    found = preview([(ended, scenario)], Told(99), [])
    assert (0, 0) == (found.passes_gained, found.passes_lost)


def test_replies_are_scored_in_their_conversations(scenario: Scenario) -> None:
    """With what the customer said before, what the hire saw, and without what came after."""
    session = resolved("one", 40)
    scorer = Told(50)
    preview([(session, scenario)], scorer, [])
    (asked,) = scorer.asked
    assert session.turns[0].agent == asked.reply
    assert ["\n".join(session.opening)] == [turn.text for turn in asked.history]
    assert "\n".join(scenario.brief.screen) == asked.screen


def test_sessions_of_a_lost_scenario_are_counted(scenario: Scenario) -> None:
    """What the hire saw is not known, so that no score would mean anything."""
    found = preview([(resolved("a", 40), None), (resolved("b", 40), scenario)], Told(40), [])
    assert (1, 1) == (found.left_out, len(found.sessions))


def test_errors_against_grades_by_hand(scenario: Scenario) -> None:
    """Grades of 70: the old score was off by 30, the new one is off by 10."""
    names = [f"s{i}" for i in range(12)]
    sessions = [(resolved(name, 40), scenario) for name in names]
    grades = [row(name, 70.0, score=40.0) for name in names]
    assert (30.0, 10.0, -20.0, "better") == compared(preview(sessions, Told(60), grades))
    assert (30.0, 60.0, 30.0, "worse") == compared(preview(sessions, Told(10), grades))
    assert (30.0, 30.0, 0.0, "not clear") == compared(preview(sessions, Told(100), grades))
    few = compared(preview(sessions[:9], Told(60), grades))
    assert (30.0, 10.0, -20.0, "too few") == few


def test_corrections_are_told_apart_from_blind_grades(scenario: Scenario) -> None:
    """And a confirmation is neither; where the new scorer gives nothing, nothing is compared."""
    sessions = [(resolved(name, 40), scenario) for name in ("a", "b", "c")]
    grades = [
        row("a", 50.0, score=40.0),
        row("b", 90.0, score=40.0, blind=False),
        row("c", 40.0, score=40.0, blind=False, turn=1),
    ]
    found = preview(sessions, Told(60), grades)
    counts = {m.basis: m.old.rows for m in found.matches if m.dimension == "empathy"}
    assert {"blind": 1, "all": 3, "corrections": 1} == counts
    assert (50.0, 30.0, -20.0, "too few") == compared(found, basis="corrections")
    silent = preview(sessions, Told(None), grades)
    assert (None, None, None, "too few") == compared(silent, basis="all")


def test_the_text_says_what_the_figures_say(scenario: Scenario) -> None:
    """Changes, errors, passes, and the sessions; and JSON without NaN."""
    grades: list[GradedRow] = [row("low", 70.0, score=40.0)]
    found = preview([(resolved("low", 40), scenario)], Told(60), grades)
    text = "\n".join(preview_lines(found))
    assert "With minilm 2: 1 sessions scored anew" in text
    assert "Passes gained 1, lost 0" in text
    assert "graded blind, 1: off by 30.0" in text
    assert "40 → 60 / 0 → – / 62 → –, would pass" in text
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["passes_gained"] == 1
