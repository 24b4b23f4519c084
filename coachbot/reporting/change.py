"""Whether somebody has changed: only where the change is larger than the error of measurement.

The rule is the reliable change index of Jacobson and Truax (Journal of Consulting and Clinical
Psychology 59, 1991, 12-19): with m1 and m2 the means of the first and the last three sessions,

    RC = (m2 - m1) / S_diff,    S_diff = sqrt(SE1^2 + SE2^2),    changed where |RC| > 1.96

so that of people who have not changed at all no more than 5 in 100 are called changed. There the
error comes from a test's reliability; here each session's score brings its own: its range covers
80 % of graders' scores, which is 1.28 standard errors to each side of it, and the error of a mean
of n sessions is sqrt(sum of e_i^2) / n, their errors being independent.

Two single scores, such as a reply and its second attempt, are told apart by the same idea, with
the two errors that face each other (:func:`apart`).

Scores of two scorers are never compared: the difference could be theirs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

SPAN = 3
"""Sessions at each end that are compared."""

RELIABLE = 1.96
"""The normal's quantile at 0.975: the criterion of Jacobson and Truax."""

RANGE = 1.28
"""Standard errors from a score to each end of its range, which covers 80 %."""

Direction = Literal["improved", "declined", "unclear", "too_few"]
"""``unclear``: no change beyond the error. ``too_few``: too few sessions for a comparison."""


PROBABLE_ERROR = 0.6745
"""The normal's quantile at 0.75: error alone is larger as often as not."""

Apart = Literal["clearly", "probably", "perhaps", "hardly"]
"""How surely one score is above another.

``clearly``: error alone makes so large a difference less than 5 times in 100 (``RELIABLE``);
``probably``: less than 20 times (``RANGE``, as for the ranges that are shown); ``perhaps``: less
than 50 times (``PROBABLE_ERROR``); ``hardly``: at least as often as not.
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """A session's score on a dimension and its range, 0 to 100."""

    score: float
    low: float
    high: float

    @classmethod
    def of(cls, score: float, low: float | None, high: float | None) -> Measured:
        """Without a range nothing is known of its error, so it may be as large as the scale."""
        return cls(score, 0.0, 100.0) if low is None or high is None else cls(score, low, high)

    @property
    def error(self) -> float:
        """Its standard error, in points."""
        return (self.high - self.low) / 2 / RANGE


@dataclass(frozen=True, slots=True)
class Change:
    """How a dimension went from the first sessions to the last, in points.

    ``first``, ``last``: means; None where there are too few sessions, or none. ``needed``: the
    smallest change that would be called one; None without a comparison.
    """

    direction: Direction
    first: float | None
    last: float | None
    needed: float | None

    @property
    def compared(self) -> str:
        """Both means, and what it would take, so that the rounded numbers fit each other."""
        if self.first is None or self.last is None or self.needed is None:
            return ""
        means = f"{self.first:.0f} at first, {self.last:.0f} lately"
        shown = abs(round(self.last) - round(self.first))
        if shown < round(self.needed):
            return f"{means}; it would take {self.needed:.0f} points"
        found = f"{abs(self.last - self.first):.1f}"
        if found == f"{self.needed:.1f}":
            return f"{means}, just under the {self.needed:.1f} points that it takes"
        return f"{means}; that is {found} points, just under the {self.needed:.1f} that it takes"


def change(first: Sequence[Measured], last: Sequence[Measured]) -> Change:
    """Compare the first sessions with the last ones, all by one scorer.

    ``last`` alone gives the level lately. Neither may have a session of the other.
    """
    level = _mean(last) if last else None
    if len(first) < SPAN or len(last) < SPAN:
        return Change("too_few", None, level, None)
    before, now = _mean(first), _mean(last)
    needed = RELIABLE * math.hypot(_error(first), _error(last))
    if abs(now - before) <= needed:
        return Change("unclear", before, now, needed)
    return Change("improved" if now > before else "declined", before, now, needed)


def apart(one: Measured, two: Measured) -> Apart:
    """How surely two single scores by one scorer differ, whichever is higher.

    The range of the difference has the two half-ranges that face each other, put together as the
    square root of the sum of their squares (Zou and Donner, Statistics in Medicine 27, 2008,
    1693-1702): a range that is cut off at 0 or 100 says little about the error on that side. The
    errors of one person's two attempts are partly the same, so this is on the careful side.
    """
    lower, upper = sorted((one, two), key=lambda value: value.score)
    error = math.hypot(lower.high - lower.score, upper.score - upper.low) / RANGE
    difference = upper.score - lower.score
    if difference > RELIABLE * error:
        return "clearly"
    if difference > RANGE * error:
        return "probably"
    return "perhaps" if difference > PROBABLE_ERROR * error else "hardly"


def _mean(values: Sequence[Measured]) -> float:
    return sum(value.score for value in values) / len(values)


def _error(values: Sequence[Measured]) -> float:
    return math.sqrt(sum(value.error**2 for value in values)) / len(values)
