"""Readings and scores made by hand: what was understood of a reply, without anybody writing one."""

from __future__ import annotations

import random
from typing import Any

from coachbot.customer.asking import Asked, QuestionKind
from coachbot.customer.mind import decide
from coachbot.customer.plan import Decision
from coachbot.customer.promises import Binding, SaidPromise
from coachbot.customer.reading import Match, Reading
from coachbot.customer.state import CustomerState
from coachbot.scenario.models import Act, Scenario
from coachbot.scenario.temperament import Temperament
from coachbot.scoring.interface import (
    Behaviour,
    BehaviourProbabilities,
    DimensionScore,
    DimensionScores,
    Dismissal,
    DismissalKind,
    Finding,
    Level,
    Question,
    QuestionProbabilities,
    ReplyScore,
    Signals,
    Templated,
    UnscoredReason,
    Value,
)
from coachbot.scoring.text import Span

REPLY = "Here stands what the hire wrote, which is of no importance to the mind."


def span(text: str = "what the hire wrote") -> Span:
    """A part of the reply."""
    return Span(11, 11 + len(text), text)


def match(name: str, *, text: str = "what the hire wrote", similarity: float = 0.8) -> Match:
    """Something of the scenario that was found in the reply."""
    return Match(name, similarity, 0.3, span(text), "an example of it", accepted=True)


def asked(kind: QuestionKind, *targets: str, similarity: float = 0.8) -> Asked:
    """A question in the reply."""
    return Asked(Span(40, 60, "is it the one, then?"), kind, targets, similarity, 0.2)


def promise(binding: Binding, when: str | None = None) -> SaidPromise:
    """A promise in the reply."""
    return SaidPromise(span("what was promised"), binding, when)


def reading(**parts: Any) -> Reading:
    """What was understood of a reply of twenty words: nothing but the parts given."""
    return Reading(**{"text": REPLY, "words": 20, **parts})


def acts(*names: str) -> Reading:
    """A reply that does these acts."""
    return reading(acts=tuple(match(name) for name in names))


def score(
    empathy: float = 38,
    active_listening: float = 45,
    individualized_treatment: float = 45,
    *,
    either_way: float = 5,
    dismissal: float = 0.0,
    kind: DismissalKind | None = None,
    templated: float = 0.0,
    contradicts: bool = False,
) -> ReplyScore:
    """A score; without arguments one that leaves the mood as it is.

    An empathy of 40 to 52 would already count as a stock phrase. ``either_way``: the range.
    """
    found = {
        "empathy": empathy,
        "active_listening": active_listening,
        "individualized_treatment": individualized_treatment,
    }
    return ReplyScore(
        status="scored",
        dimensions=DimensionScores(
            **{
                name: DimensionScore(
                    status="scored",
                    score=points,
                    low=max(0, points - either_way),
                    high=min(100, points + either_way),
                )
                for name, points in found.items()
            }
        ),
        signals=_signals(dismissal, kind, templated, contradicts=contradicts),
        evidence=(),
        scorer="by hand",
    )


def unscored(reason: UnscoredReason) -> ReplyScore:
    """A reply that could not be scored."""
    nothing = DimensionScore(status="unscored", reason=reason)
    return ReplyScore(
        status="unscored",
        reason=reason,
        dimensions=DimensionScores(
            empathy=nothing, active_listening=nothing, individualized_treatment=nothing
        ),
        evidence=(),
        scorer="by hand",
    )


def _signals(
    dismissal: float, kind: DismissalKind | None, templated: float, *, contradicts: bool
) -> Signals:
    level = Level(level=0, p=(1, 0, 0))
    finding = Finding(turn=0, start=0, end=4, text="What")
    return Signals(
        emotional_reaction=level,
        interpretation=level,
        exploration=level,
        behaviour=Behaviour(
            label="input", p=BehaviourProbabilities(reflection=0, question=0, input=1, other=0)
        ),
        question=Question(label="none", p=QuestionProbabilities(none=1, closed=0, open=0)),
        uptake=Value(value=0.5),
        templated=Templated(p=templated),
        specificity=Value(value=0.5),
        dismissal=Dismissal(p=dismissal, kind=kind),
        contradicts=(finding,) if contradicts else (),
    )


def after(
    state: CustomerState,
    found: Reading,
    worth: ReplyScore,
    scenario: Scenario,
    temperament: Temperament,
) -> Decision:
    """What the customer decides, with a draw that is always the same."""
    return decide(state, found, worth, scenario, temperament, random.Random(0))


def with_acts(scenario: Scenario, *, order: str | None = None, **behind: str) -> Scenario:
    """The scenario with acts in another order: ``order``, or ``an_act="the-act-before-it"``."""

    def moved(act: Act) -> Act:
        before = behind.get(act.id.replace("-", "_"))
        return act.model_copy(update={"after": (before,)}) if before else act

    changed = {
        "acts": tuple(moved(act) for act in scenario.resolution.acts),
        "order": order or scenario.resolution.order,
    }
    return scenario.model_copy(
        update={"resolution": scenario.resolution.model_copy(update=changed)}
    )
