"""Measurements in the form of the batch interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

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
    thresholds: Mapping[str, float],
    injection: tuple[InjectionSpan, ...],
) -> Signals:
    """Round and name what was measured. Findings are those above their thresholds."""
    kind = DISMISSAL_KINDS[int(measured.dismissal_kinds.argmax())]
    harmful = measured.dismissal >= thresholds["dismissal"]
    return Signals(
        emotional_reaction=_level(measured.levels["emotional_reaction"]),
        interpretation=_level(measured.levels["interpretation"]),
        exploration=_level(measured.levels["exploration"]),
        behaviour=Behaviour(
            label=BEHAVIOURS[int(measured.behaviour.argmax())],
            p=BehaviourProbabilities(
                **dict(zip(BEHAVIOURS, shares(measured.behaviour), strict=True))
            ),
        ),
        question=Question(
            label=QUESTIONS[int(measured.question.argmax())],
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
        asks_again=findings(measured.asks_again, thresholds["asks_again"]),
        unanswered=findings(measured.unanswered, thresholds["unanswered"]),
        contradicts=findings(measured.contradicts, thresholds["contradicts"]),
        injection=injection,
    )


def likely(found: Sequence[Found], threshold: float) -> list[Found]:
    """Return the findings above the threshold, the likeliest for each sentence of the customer."""
    best: dict[tuple[int, int], Found] = {}
    taken: dict[int, Found] = {}
    for one in sorted(found, key=lambda f: -f.p):
        said, sentence = one.candidate.said, one.candidate.sentence
        place = said.turn, said.span.start
        if one.p < threshold or place in best or (sentence is not None and sentence in taken):
            continue
        best[place] = one
        if sentence is not None:
            taken[sentence] = one
    return [best[place] for place in sorted(best)]


def findings(found: Sequence[Found], threshold: float) -> tuple[Finding, ...]:
    """Return the likely findings as words of the conversation."""
    return tuple(
        Finding(
            turn=one.candidate.said.turn,
            start=one.candidate.said.span.start,
            end=one.candidate.said.span.end,
            text=one.candidate.said.text,
        )
        for one in likely(found, threshold)
    )


def shares(p: NDArray[np.float64]) -> list[float]:
    """Round probabilities to four places."""
    return [round(float(x), 4) for x in p]


def _level(p: NDArray[np.float64]) -> Level:
    none, weak, strong = shares(p)
    level = int(p.argmax())
    return Level(level=2 if level == 2 else 1 if level == 1 else 0, p=(none, weak, strong))


def _value(value: float | None) -> Value:
    return Value(value=None if value is None else round(value, 4))
