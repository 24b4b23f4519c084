"""Sessions made by hand: each turn says what it did, and nobody scores or answers it."""

from __future__ import annotations

from typing import Any

from coachbot.customer.state import CustomerState, Reason
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import Dimension, Evidence, ReplyScore
from coachbot.session import machine
from coachbot.session.models import Matched, Session, Turn
from tests.customer.made import score


def begun(scenario: Scenario, **changes: Any) -> Session:
    """A session in its conversation, before the first reply."""
    values: dict[str, Any] = {
        "id": "first",
        "person": "ada",
        "scenario": scenario.id,
        "scenario_version": scenario.version,
        "seed": 0,
        "scorer": "by hand",
        "started": "2026-03-01T09:00:00+00:00",
        "phase": "conversation",
        "opening": ("Where is it?",),
        "opening_state": CustomerState.start(scenario),
    }
    return Session(**{**values, **changes})


def reason(cause: str, points: float, quote: str | None = None, text: str = "So it was.") -> Reason:
    """Why the mood moved."""
    return Reason(cause=cause, points=points, quote=quote, text=text)


def evidence(
    dimension: Dimension, text: str, effect: float, why: str = "says so", *, history: bool = False
) -> Evidence:
    """Words that moved a dimension."""
    return Evidence(
        dimension=dimension,
        source="history" if history else "reply",
        turn=0 if history else None,
        start=0,
        end=len(text),
        text=text,
        effect=effect,
        reason=why,
    )


def scored(values: tuple[float, float, float], *found: Evidence) -> ReplyScore:
    """A score with its evidence: empathy, active listening, individualized treatment."""
    return score(*values).model_copy(update={"evidence": found})


def gone_on(
    session: Session,
    agent: str = "A reply.",
    *,
    worth: ReplyScore | None = None,
    mood: float | None = None,
    reasons: tuple[Reason, ...] = (),
    acts: tuple[str, ...] = (),
    over_promises: tuple[Matched, ...] = (),
    answer: tuple[str, ...] = ("And now?",),
    **state: Any,
) -> Session:
    """The session one reply later. ``state``: what it changed in the customer."""
    before = session.state
    number = len(session.turns) + 1
    changes = {
        "turn": number,
        "mood": before.mood if mood is None else mood,
        "acts_done": (*before.acts_done, *acts),
        "acts_done_at": (*before.acts_done_at, *(number for _ in acts)),
        **state,
    }
    after = before.model_copy(update=changes)
    return machine.answer(
        session,
        Turn(
            number=number,
            customer=session.waiting,
            agent=agent,
            score=worth or score(),
            mood_before=before.mood,
            mood_after=after.mood,
            reasons=reasons,
            acts=tuple(Matched(id=act, text=agent, similarity=0.8) for act in acts),
            facts=tuple(fact for fact in after.facts_told if fact not in before.facts_told),
            needs_revealed=tuple(n for n in after.needs_revealed if n not in before.needs_revealed),
            needs_met=tuple(n for n in after.needs_met if n not in before.needs_met),
            over_promises=over_promises,
            answer=answer,
            state=after,
            hinted=number in session.hints,
        ),
    )
