"""Measurements in the form of the batch interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.calibration import Calibration, decide
from coachbot.scoring.features import Sentence
from coachbot.scoring.interface import (
    BEHAVIOURS,
    DISMISSAL_KINDS,
    QUESTIONS,
    Behaviour,
    BehaviourProbabilities,
    Dismissal,
    Finding,
    InjectionSpan,
    Level,
    Question,
    QuestionProbabilities,
    SentenceProbability,
    Signals,
    Templated,
    Value,
)
from coachbot.scoring.signals import Found, Measurement


def to_signals(
    measured: Measurement,
    parts: Sequence[Sentence],
    calibration: Calibration,
    injection: tuple[InjectionSpan, ...],
) -> Signals:
    """Round and name what was measured. Findings are those above their thresholds."""
    thresholds, decisions = calibration.thresholds, calibration.decisions
    kind = DISMISSAL_KINDS[int(measured.dismissal_kinds.argmax())]
    harmful = measured.dismissal >= thresholds["dismissal"]
    return Signals(
        emotional_reaction=_level(measured, "emotional_reaction", decisions),
        interpretation=_level(measured, "interpretation", decisions),
        exploration=_level(measured, "exploration", decisions),
        behaviour=Behaviour(
            label=BEHAVIOURS[decide(measured.behaviour, decisions.get("behaviour"))],
            p=BehaviourProbabilities(
                **dict(zip(BEHAVIOURS, shares(measured.behaviour), strict=True))
            ),
        ),
        question=Question(
            label=QUESTIONS[decide(measured.question, decisions.get("question"))],
            p=QuestionProbabilities(**dict(zip(QUESTIONS, shares(measured.question), strict=True))),
        ),
        uptake=_value(measured.uptake),
        templated=Templated(
            p=round(measured.templated, 4),
            sentences=tuple(
                SentenceProbability(start=s.span.start, end=s.span.end, p=round(float(p), 4))
                for s, p in zip(parts, measured.templated_sentences, strict=True)
            ),
        ),
        specificity=_value(measured.specificity),
        dismissal=Dismissal(p=round(measured.dismissal, 4), kind=kind if harmful else None),
        asks_again=findings(measured.findings["asks_again"], thresholds["asks_again"]),
        unanswered=findings(measured.findings["unanswered"], thresholds["unanswered"]),
        contradicts=findings(measured.findings["contradicts"], thresholds["contradicts"]),
        injection=injection,
    )


def likely(found: Sequence[Found], threshold: float) -> list[Found]:
    """Return the findings above the threshold, in the order of the conversation."""
    return [one for one in found if one.p >= threshold]


def findings(found: Sequence[Found], threshold: float) -> tuple[Finding, ...]:
    """Return the likely findings as words of the conversation."""
    return tuple(
        Finding(
            turn=one.said.turn,
            start=one.said.span.start,
            end=one.said.span.end,
            text=one.said.text,
        )
        for one in likely(found, threshold)
    )


def shares(p: NDArray[np.float64]) -> list[float]:
    """Round probabilities to four places."""
    return [round(float(x), 4) for x in p]


def _level(measured: Measurement, name: str, decisions: Mapping[str, tuple[float, ...]]) -> Level:
    p = measured.levels[name]
    none, weak, strong = shares(p)
    level = decide(p, decisions.get(name))
    return Level(level=2 if level == 2 else 1 if level == 1 else 0, p=(none, weak, strong))


def _value(value: float | None) -> Value:
    return Value(value=None if value is None else round(value, 4))
