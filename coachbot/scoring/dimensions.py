"""From signals to the three dimensions, their intervals, and whether they are called for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coachbot.scoring.calibration import Calibration, DimensionTable, sigmoid
from coachbot.scoring.closing import ends_matter
from coachbot.scoring.features import Context
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScore
from coachbot.scoring.reading import Read

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


def called_for(
    read: Read, newest: Read, context: Context, calibration: Calibration
) -> dict[Dimension, bool]:
    """Say which dimensions the conversation calls for, whatever the reply is.

    ``read`` is what the network says of the conversation with no reply in it, ``newest`` what it
    says of the newest message alone. Where no customer has spoken yet, or where the newest message
    says that all is settled, nothing calls for any of them: the network says so, and there are
    words that end a matter, since of "No", "Still waiting" and "I see" by themselves it thinks the
    same as of "Thanks, bye". Empathy is left out where the conversation is calm and practical. When
    in doubt, a dimension is called for.
    """
    if not context.has_customer:
        return dict.fromkeys(DIMENSIONS, False)
    thresholds = calibration.thresholds
    moved, settled = sigmoid(float(read.called[0])), sigmoid(float(newest.called[1]))
    calm = moved < thresholds["moved"]
    done = settled >= thresholds["settled"] and ends_matter(context.conversation.newest)
    return {
        "empathy": not calm and not done,
        "active_listening": not done,
        "individualized_treatment": not done,
    }
