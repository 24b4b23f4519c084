"""A session's value on each dimension, from the scores of its turns."""

from __future__ import annotations

import math
from collections.abc import Sequence

from coachbot.scoring.interface import (
    DIMENSIONS,
    Dimension,
    DimensionScore,
    DimensionScores,
    ReplyScore,
)

SHARED_ERROR = 0.3
"""Assumed correlation of the errors of two turns of one session. Grader and topic stay the same
within a session, so the errors don't average out as independent ones would; with 0.3 the interval
of a long session narrows to about 55 % of a single turn's and no further."""


def session_values(turns: Sequence[ReplyScore]) -> DimensionScores:
    """The mean over the turns that call for a dimension, each weighing the same.

    ``low`` and ``high``: the root mean square of the turns' half-widths, on each side, times
    sqrt((1 + (n - 1) r) / n) with r = ``SHARED_ERROR``. A dimension that no turn called for is
    unscored with ``not_called_for``.
    """
    return DimensionScores(**{d: _value(turns, d) for d in DIMENSIONS})


def _value(turns: Sequence[ReplyScore], dimension: Dimension) -> DimensionScore:
    scored = [
        (value.score, value.low, value.high)
        for turn in turns
        if turn.dimensions is not None
        for value in [turn.dimensions[dimension]]
        if value.score is not None and value.low is not None and value.high is not None
    ]
    if not scored:
        return DimensionScore(status="unscored", reason="not_called_for")
    n = len(scored)
    mean = sum(score for score, _, _ in scored) / n
    shrink = math.sqrt((1 + (n - 1) * SHARED_ERROR) / n)
    below = math.sqrt(sum((score - low) ** 2 for score, low, _ in scored) / n) * shrink
    above = math.sqrt(sum((high - score) ** 2 for score, _, high in scored) / n) * shrink
    return DimensionScore(
        status="scored",
        score=round(mean, 1),
        low=round(max(0.0, mean - below), 1),
        high=round(min(100.0, mean + above), 1),
    )
