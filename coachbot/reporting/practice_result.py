"""The result of a practice run as one JSON object, for programs."""

from __future__ import annotations

from pydantic import Field

from coachbot.customer.state import Frozen
from coachbot.reporting.debrief import Debrief
from coachbot.reporting.tips import Tip
from coachbot.scenario.models import Outcome, Scenario
from coachbot.scoring.interface import DimensionScores, Evidence
from coachbot.session.models import Session


class PracticeTurn(Frozen):
    """One reply of the hire."""

    customer: str = Field(description="The customer's messages since the last reply")
    agent: str
    mood_before: float = Field(ge=0, le=100)
    mood_after: float = Field(ge=0, le=100)
    mood_reasons: tuple[str, ...]
    status: str = Field(description="scored or unscored")
    dimensions: DimensionScores | None
    evidence: tuple[Evidence, ...]
    acts: tuple[str, ...] = Field(description="Acts of the scenario done by this reply")
    facts: tuple[str, ...] = Field(description="Facts that the customer told in answer to it")


class Needs(Frozen):
    """Hidden needs by whether the customer let them out."""

    revealed: tuple[str, ...]
    not_revealed: tuple[str, ...]


class PracticeResult(Frozen):
    """A practice run from the first message to the story."""

    scenario: str
    seed: int
    scorer: str
    outcome: Outcome
    passed: bool
    with_help: bool
    dimensions: DimensionScores
    opening: DimensionScores | None = Field(description="The first turn's dimensions")
    turns: tuple[PracticeTurn, ...]
    closing: str = Field(description="The customer's last message")
    story: str
    tips: tuple[Tip, ...]
    needs: Needs


def practice_result(session: Session, scenario: Scenario, debrief: Debrief) -> PracticeResult:
    """The result of a session that is over."""
    values = {result.dimension: result.value for result in debrief.dimensions}
    revealed = session.state.needs_revealed
    return PracticeResult(
        scenario=scenario.id,
        seed=session.seed,
        scorer=session.scorer,
        outcome=debrief.outcome,
        passed=debrief.passed,
        with_help=debrief.with_help,
        dimensions=DimensionScores(**values),
        opening=debrief.opening,
        turns=tuple(
            PracticeTurn(
                customer="\n".join(turn.customer),
                agent=turn.agent,
                mood_before=turn.mood_before,
                mood_after=turn.mood_after,
                mood_reasons=tuple(reason.text for reason in turn.reasons),
                status=turn.score.status,
                dimensions=turn.score.dimensions,
                evidence=turn.score.evidence or (),
                acts=tuple(match.id for match in turn.acts),
                facts=turn.facts,
            )
            for turn in session.turns
        ),
        closing="\n".join(session.waiting),
        story=debrief.story,
        tips=debrief.tips,
        needs=Needs(
            revealed=tuple(n.id for n in scenario.needs if n.id in revealed),
            not_revealed=tuple(n.id for n in scenario.needs if n.id not in revealed),
        ),
    )
