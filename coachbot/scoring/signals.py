"""From a reply in its conversation to the signals under the dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.features import Context, Reply, Sentence, relations
from coachbot.scoring.findings import (
    Candidate,
    asks_again_candidates,
    contradicts_candidates,
    unanswered_candidates,
)
from coachbot.scoring.heads import Heads, sigmoid, softmax
from coachbot.scoring.interface import DIMENSIONS

Array = NDArray[np.float64]

LEVELS = ("emotional_reaction", "interpretation", "exploration")
# Unit vectors have parts of about 1/sqrt(width); this brings them to the size of a standard score.
_UNIT = float(np.sqrt(384))

# The signals that the dimensions are made of, each 0 to 1.
SIGNALS: tuple[str, ...] = (
    *(f"graded_{dimension}" for dimension in DIMENSIONS),
    *LEVELS,
    "reflection",
    "open_question",
    "uptake",
    "specificity",
    "templated",
    "dismissal",
    "asks_again",
    "unanswered",
    "contradicts",
)


@dataclass(frozen=True)
class Found:
    """A candidate finding and its probability."""

    candidate: Candidate
    p: float


@dataclass(frozen=True)
class Measurement:
    """Everything measured about one reply (or what is left of it without a sentence)."""

    levels: dict[str, Array]
    behaviour: Array
    question: Array
    uptake: float | None
    specificity: float | None
    templated: float
    templated_sentences: Array
    dismissal: float
    dismissal_kinds: Array
    asks_again: tuple[Found, ...]
    unanswered: tuple[Found, ...]
    contradicts: tuple[Found, ...]
    graded: dict[str, float]

    def values(self) -> dict[str, float]:
        """Return each of ``SIGNALS`` as a number from 0 to 1."""
        values = {f"graded_{d}": v for d, v in self.graded.items()}
        for level in LEVELS:
            values[level] = float(self.levels[level] @ [0.0, 0.5, 1.0])
        values["reflection"] = float(self.behaviour[0])
        values["open_question"] = float(self.question[2])
        values["uptake"] = self.uptake or 0.0
        values["specificity"] = self.specificity or 0.0
        values["templated"] = self.templated
        values["dismissal"] = self.dismissal
        values["asks_again"] = max((f.p for f in self.asks_again), default=0.0)
        values["contradicts"] = max((f.p for f in self.contradicts), default=0.0)
        values["unanswered"] = (
            float(np.mean([f.p for f in self.unanswered])) if self.unanswered else 0.0
        )
        return values


def sentence_inputs(parts: Sequence[Sentence]) -> Array:
    """Return what the sentence heads read: shape (sentences, width + cues)."""
    return np.array([np.concatenate([s.vector * _UNIT, s.cues * 2.0]) for s in parts], dtype=float)


def canned_inputs(parts: Sequence[Sentence]) -> Array:
    """Return what the templated sentence head reads: the sentence, its length and its place.

    Canned text stands at the edges of a message and comes in blocks of like sentences.
    """
    last = len(parts) - 1
    places = [
        [
            i / len(parts),
            len(parts) ** 0.5,
            float(i == 0),
            float(i == last),
            np.log1p(len(s.span.text)),
        ]
        for i, s in enumerate(parts)
    ]
    return np.hstack([sentence_inputs(parts), np.array(places, dtype=float) * 2.0])


def level_inputs(reply: Reply, rationale: Array) -> Array:
    """Return what a level head reads; ``rationale`` holds the sentences' rationale scores."""
    ordered = np.sort(rationale)[::-1]
    top = ordered[0] if len(ordered) else -4.0
    second = ordered[1] if len(ordered) > 1 else -4.0
    mean = float(ordered.mean()) if len(ordered) else -4.0
    summary = np.array([top, second, mean]) * 2.0
    return np.concatenate([reply.vector * _UNIT * 0.7, reply.cues * 2.0, summary])


def turn_inputs(reply: Reply, context: Context) -> Array:
    """Return what the behaviour and question heads read: the reply and what came before it."""
    before = np.zeros_like(reply.vector) if context.newest is None else context.newest
    return np.concatenate([reply.vector * _UNIT, before * _UNIT * 0.3, reply.cues * 2.0])


def uptake_inputs(reply: Reply, related: Array) -> Array:
    """Return what the uptake head reads: mainly how the reply stands to the customer's words."""
    return np.concatenate([reply.vector * _UNIT * 0.3, reply.cues, related * 3.0])


def templated_inputs(reply: Reply, sentence_scores: Array) -> Array:
    """Return what the reply's templated head reads."""
    if not len(sentence_scores):
        sentence_scores = np.zeros(1)
    lengths = np.array([max(1, len(s.span.text)) for s in reply.sentences] or [1], dtype=float)
    weighted = float(sentence_scores @ lengths / lengths.sum())
    return np.array([weighted, sentence_scores.max(), sentence_scores.min()])


def fit_inputs(reply: Reply, related: Array, measured: Array) -> Array:
    """Return what the heads for graded qualities and dismissal read.

    ``related`` are the ``RELATIONS``, ``measured`` the other signals (``basic_values``).
    """
    return np.concatenate(
        [reply.vector * _UNIT, reply.peaks * _UNIT, reply.cues, related, measured]
    )


def basic_values(
    levels: dict[str, Array], behaviour: Array, question: Array, uptake: float, templated: float
) -> Array:
    """Return the signals learned from public sets as inputs for the graded heads."""
    expected = [float(levels[level] @ [0.0, 0.5, 1.0]) for level in LEVELS]
    return np.array([*expected, *behaviour, *question, uptake, templated])


@dataclass(frozen=True)
class Basics:
    """What the heads that were learned from public sets say, with the inputs they share."""

    levels: dict[str, Array]
    behaviour: Array
    question: Array
    uptake: float
    templated: float
    templated_sentences: Array
    related: Array

    @property
    def values(self) -> Array:
        """The signals as inputs for the graded heads."""
        return basic_values(self.levels, self.behaviour, self.question, self.uptake, self.templated)


def basics(reply: Reply, context: Context, heads: Heads) -> Basics:
    """Run the heads that were learned from public sets."""
    linear = heads.linear
    per_sentence = sentence_inputs(reply.sentences)
    some = len(reply.sentences) > 0
    levels = {}
    for level in LEVELS:
        rationale = linear[f"rationale_{level}"](per_sentence)[:, 0] if some else np.zeros(0)
        levels[level] = softmax(linear[level](level_inputs(reply, rationale)))
    turn = turn_inputs(reply, context)
    related = relations(reply, context, heads.background)
    canned = linear["templated_sentence"]
    scores = canned(canned_inputs(reply.sentences))[:, 0] if some else np.zeros(0)
    uptake = float(linear["uptake"](uptake_inputs(reply, related))[0])
    return Basics(
        levels=levels,
        behaviour=softmax(linear["behaviour"](turn)),
        question=softmax(linear["question"](turn)),
        uptake=float(np.clip(uptake, 0.0, 1.0)),
        templated=sigmoid(float(linear["templated"](templated_inputs(reply, scores))[0])),
        templated_sentences=np.array([sigmoid(float(s)) for s in scores]),
        related=related,
    )


def find(
    reply: Reply, context: Context, heads: Heads
) -> tuple[tuple[Found, ...], tuple[Found, ...], tuple[Found, ...]]:
    """Return asks-again, unanswered and contradicts candidates with their probabilities."""
    rarity = heads.background.rarity
    groups = {
        "asks_again": asks_again_candidates(reply.sentences, context, rarity),
        "unanswered": unanswered_candidates(reply, context, rarity),
        "contradicts": contradicts_candidates(reply.sentences, context, rarity),
    }
    found = {
        kind: tuple(Found(c, sigmoid(float(heads.linear[kind](c.inputs)[0]))) for c in candidates)
        for kind, candidates in groups.items()
    }
    return found["asks_again"], found["unanswered"], found["contradicts"]


def measure(reply: Reply, context: Context, heads: Heads) -> Measurement:
    """Measure everything about a reply."""
    base = basics(reply, context, heads)
    inputs = fit_inputs(reply, base.related, base.values)
    asks_again, unanswered, contradicts = find(reply, context, heads)
    graded: dict[str, float] = {
        d: float(np.clip(heads.linear[f"graded_{d}"](inputs)[0], 0.0, 1.0)) for d in DIMENSIONS
    }
    kinds = softmax(heads.linear["dismissal_kind"](inputs))
    has_customer = context.newest is not None
    nearer = float(heads.linear["specificity"](base.related)[0])
    return Measurement(
        levels=base.levels,
        behaviour=base.behaviour,
        question=base.question,
        uptake=base.uptake if has_customer else None,
        specificity=sigmoid(nearer) if has_customer else None,
        templated=base.templated,
        templated_sentences=base.templated_sentences,
        dismissal=sigmoid(float(heads.linear["dismissal"](inputs)[0])),
        dismissal_kinds=kinds,
        asks_again=asks_again,
        unanswered=unanswered,
        contradicts=contradicts,
        graded=graded,
    )
