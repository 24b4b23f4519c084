"""From signals to the three dimensions, their intervals, and whether they are called for."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.cues import has_cue, straighten
from coachbot.scoring.features import Context
from coachbot.scoring.heads import DimensionTable, Heads, sigmoid
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScore
from coachbot.scoring.words import content_words

# +1: more of the signal never lowers the dimension; -1: never raises it; absent: not used.
DIRECTIONS: dict[Dimension, dict[str, int]] = {
    "empathy": {
        "graded_empathy": 1,
        "emotional_reaction": 1,
        "interpretation": 1,
        "reflection": 1,
        "templated": -1,
        "dismissal": -1,
        "asks_again": -1,
        "contradicts": -1,
    },
    "active_listening": {
        "graded_active_listening": 1,
        "interpretation": 1,
        "exploration": 1,
        "reflection": 1,
        "open_question": 1,
        "uptake": 1,
        "specificity": 1,
        "templated": -1,
        "dismissal": -1,
        "asks_again": -1,
        "unanswered": -1,
        "contradicts": -1,
    },
    "individualized_treatment": {
        "graded_individualized_treatment": 1,
        "uptake": 1,
        "specificity": 1,
        "templated": -1,
        "dismissal": -1,
        "asks_again": -1,
        "unanswered": -1,
        "contradicts": -1,
    },
}


def points(table: DimensionTable, values: Mapping[str, float]) -> float:
    """Return the dimension in points: base + sum of weight * signal, bent into 0 to 100.

    The bend is smooth (softplus at both ends), so that near the ends a sentence still moves the
    score a little and evidence doesn't vanish; in the middle it changes nothing.
    """
    total = table.base + sum(weight * values[name] for name, weight in table.weights.items())
    ends = np.logaddexp(0.0, np.array([total, total - 100.0]) / _BEND)
    return float(np.clip(_BEND * (ends[0] - ends[1]), 0.0, 100.0))


def interval(table: DimensionTable, score: float) -> tuple[float, float]:
    """Return the lowest and highest score that a grader gives in 80 % of cases."""
    band = min(int(score / 100.0 * len(table.below)), len(table.below) - 1)
    low = max(0.0, score - table.below[band])
    high = min(100.0, score + table.above[band])
    return low, high


def dimension_score(table: DimensionTable, values: Mapping[str, float]) -> DimensionScore:
    """Score one dimension."""
    score = points(table, values)
    low, high = interval(table, score)
    return DimensionScore(
        status="scored", score=round(score, 1), low=round(low, 1), high=round(high, 1)
    )


# Points over which the scale bends towards its ends.
_BEND = 8.0
_TROUBLE = re.compile(
    r"\b(?:still|again|third|second\s+time|twice|joke|ridiculous|wait(?:ed|ing)|nobody|no\s+one|never|wrong|broken|"
    r"lost|missing|late|delay\w*|cancel\w*|charged|declin\w+|refus\w+|stuck|fail\w*|worr\w+|upset|angry|annoy\w*|"
    r"scared|afraid|sick|fed\s+up|disappoint\w*|frustrat\w*|stress\w*|urgent\w*|asap|help|please|died|passed\s+away|"
    r"funeral|hospital|fault|mistake|problem|issue|complain\w*|unaccept\w*|rude|lie[ds]?|lying|sorry|hate|awful|"
    r"terribl\w*|horribl\w*|nightmare|shame|embarrass\w*|cry\w*|tired|exhaust\w*|lose|losing|can't|cannot|won't|"
    r"doesn't|didn't|isn't|ignored|already|supposed|promis\w+|told)\b|\?\?|!!",
    re.IGNORECASE,
)
CONTEXT_CUES = ("feeling", "thanks_customer", "question", "amount", "when", "cheerful", "apology")


def context_inputs(context: Context) -> NDArray[np.float64]:
    """Return what the called-for heads read: the conversation alone, never the reply."""
    conversation = context.conversation
    nothing = np.zeros(384, dtype=np.float32)
    newest = nothing if context.newest is None else context.newest
    customer = nothing if context.customer is None else context.customer
    text, everything = conversation.newest, conversation.customer
    letters = sum(c.isalpha() for c in text)
    shouted = sum(c.isupper() for c in text) / letters if letters else 0.0
    return np.concatenate(
        [
            newest * np.sqrt(384.0),
            customer * np.sqrt(384.0),
            [float(has_cue(text, cue)) for cue in CONTEXT_CUES],
            [float(has_cue(everything, cue)) for cue in CONTEXT_CUES],
            [
                1.0 - np.exp(-len(content_words(text)) / 10.0),
                float("!" in text),
                shouted,
                1.0 - np.exp(-len(conversation.history) / 3.0),
                1.0 - np.exp(-len(_TROUBLE.findall(straighten(text))) / 2.0),
                1.0 - np.exp(-len(_TROUBLE.findall(straighten(everything))) / 3.0),
                float("?" in text),
            ],
        ]
    )


def called_for(context: Context, heads: Heads) -> dict[Dimension, bool]:
    """Say which dimensions the conversation calls for, whatever the reply is.

    Where no customer has spoken yet, or where all is settled, nothing calls for any of them.
    Empathy is left out where the conversation is calm and practical. When in doubt, a dimension is
    called for.
    """
    if context.newest is None:
        return dict.fromkeys(DIMENSIONS, False)
    inputs = context_inputs(context)
    settled = sigmoid(float(heads.linear["settled"](inputs)[0])) >= heads.thresholds["settled"]
    moved = sigmoid(float(heads.linear["moved"](inputs)[0])) >= heads.thresholds["moved"]
    return {
        "empathy": moved and not settled,
        "active_listening": not settled,
        "individualized_treatment": not settled,
    }
