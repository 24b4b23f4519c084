"""Intervals by bootstrap over clusters.

Rows of one conversation are not independent: the same person, the same customer, the same grader.
So whole clusters (sessions, situations) are drawn with replacement, never rows.

:func:`clustered_bootstrap` takes any statistic of rows and gives a percentile interval.
:func:`sums_figure` takes a statistic that is a function of sums over rows, which a page can wait
for, and gives a BCa interval (bias-corrected and accelerated; Efron, Journal of the American
Statistical Association 82, 1987, 171-185; DiCiccio and Efron, Statistical Science 11, 1996,
189-228). Kappa can't exceed 1, so its draws are skewed, and they lie lower than what was found; a
percentile interval inherits both, BCa corrects for both, and the rule that trusts a score reads
the interval's lower end.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Statistic = Callable[[Rows], float]
SumsStatistic = Callable[[Array], Array]
"""From sums of shape (..., columns) to values of shape (...); NaN where it is not defined."""

COVERAGE = 0.95

_RESAMPLES = 400
_PAGE_RESAMPLES = 2000
# Counts of clusters that are held at once: bounds memory however many sessions were graded.
_AT_ONCE = 200_000
_FEWEST_DRAWS = 0.9

Status = Literal["ok", "nothing", "one_session", "no_spread"]
"""``nothing``: no row. ``one_session``: a value without an interval. ``no_spread``: everything is
alike, so that the figure is not defined."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured value with its 95 % interval, and over how many rows and clusters."""

    value: float
    low: float
    high: float
    rows: int
    clusters: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its interval where there can be one; ``status`` says why not.

    ``rows`` and ``clusters``: grades and sessions. Numbers are finite or None, never NaN.
    """

    status: Status
    value: float | None
    low: float | None
    high: float | None
    rows: int
    clusters: int

    @property
    def width(self) -> float | None:
        """From the lower end to the upper one."""
        return None if self.low is None or self.high is None else self.high - self.low


def clustered_bootstrap(
    statistic: Statistic, clusters: Sequence[str], *, seed: int, resamples: int = _RESAMPLES
) -> Estimate:
    """Estimate ``statistic`` (a function of row numbers) with a percentile bootstrap over clusters.

    Draws in which the statistic is not defined are left out.
    """
    names, inverse = np.unique(np.array(clusters, dtype=str), return_inverse=True)
    members = [np.flatnonzero(inverse == i) for i in range(len(names))]
    draw = np.random.default_rng(seed)
    values = []
    for _ in range(resamples):
        chosen = draw.integers(len(names), size=len(names))
        value = statistic(np.concatenate([members[i] for i in chosen]))
        if np.isfinite(value):
            values.append(value)
    whole = statistic(np.arange(len(inverse)))
    tail = 100.0 * (1.0 - COVERAGE) / 2.0
    low, high = np.percentile(values, [tail, 100.0 - tail]) if values else (whole, whole)
    return Estimate(float(whole), float(low), float(high), len(inverse), len(names))


def over(measure: Callable[..., float], *columns: NDArray[Any]) -> Statistic:
    """Return the statistic that measures the chosen rows of some columns."""

    def statistic(rows: Rows) -> float:
        return measure(*(column[rows] for column in columns))

    return statistic


def mean_estimate(values: Array, clusters: Sequence[str], seed: int) -> Estimate:
    """Estimate a mean, leaving out rows without a value."""
    return clustered_bootstrap(over(_average, values), clusters, seed=seed)


def _average(values: Array) -> float:
    return float(np.nanmean(values))


def sums_figure(
    columns: Array,
    clusters: Sequence[str],
    statistic: SumsStatistic,
    *,
    seed: int,
    resamples: int = _PAGE_RESAMPLES,
    coverage: float = COVERAGE,
) -> Figure:
    """Measure a statistic of the columns' sums, with a BCa interval over clusters.

    ``columns``: shape (rows, columns). Draws in which the statistic is not defined are left out;
    where that is more than a tenth of them, there is no interval and the status is ``no_spread``.
    """
    rows = len(columns)
    if not rows:
        return Figure("nothing", None, None, None, 0, 0)
    names, inverse = np.unique(np.array(clusters, dtype=str), return_inverse=True)
    sums = np.zeros((len(names), columns.shape[1]))
    np.add.at(sums, inverse, columns)
    whole = float(statistic(sums.sum(axis=0)))
    if not np.isfinite(whole):
        return Figure("no_spread", None, None, None, rows, len(names))
    if len(names) == 1:
        return Figure("one_session", whole, None, None, rows, 1)
    drawn = _drawn(sums, statistic, seed, resamples)
    if len(drawn) < _FEWEST_DRAWS * resamples:
        return Figure("no_spread", whole, None, None, rows, len(names))
    low, high = _bca(whole, drawn, statistic(sums.sum(axis=0) - sums), coverage)
    return Figure("ok", whole, low, high, rows, len(names))


def _drawn(sums: Array, statistic: SumsStatistic, seed: int, resamples: int) -> Array:
    times = _times(len(sums), seed, resamples)
    step = max(1, _AT_ONCE // len(sums))
    parts = [times[i : i + step].astype(np.float64) @ sums for i in range(0, resamples, step)]
    values = statistic(np.concatenate(parts))
    return values[np.isfinite(values)]


@functools.lru_cache(maxsize=16)
def _times(count: int, seed: int, resamples: int) -> NDArray[np.uint16]:
    """How often each cluster is drawn in each resample: the same for all figures of a page."""
    draw = np.random.default_rng(seed)
    times = np.empty((resamples, count), dtype=np.uint16)
    step = max(1, _AT_ONCE // count)
    for start in range(0, resamples, step):
        some = min(step, resamples - start)
        chosen = draw.integers(count, size=(some, count)) + count * np.arange(some)[:, None]
        drawn = np.bincount(chosen.ravel(), minlength=some * count)
        times[start : start + some] = drawn.reshape(some, count)
    times.flags.writeable = False
    return times


def _bca(whole: float, drawn: Array, without_one: Array, coverage: float) -> tuple[float, float]:
    """The interval's ends; by percentiles alone where the correction can't be worked out."""
    tail = (1.0 - coverage) / 2.0
    ends = np.array([tail, 1.0 - tail])
    # Draws that hit the value exactly, as often where few values are possible, count by half.
    below = (np.sum(drawn < whole) + 0.5 * np.sum(drawn == whole)) / len(drawn)
    left_out = without_one[np.isfinite(without_one)]
    apart = left_out.mean() - left_out if len(left_out) == len(without_one) else np.zeros(0)
    spread = np.sum(apart**2)
    if 0.0 < below < 1.0 and spread > 1e-18:
        bias = ndtri(below)
        acceleration = np.sum(apart**3) / (6.0 * spread**1.5)
        shifted = bias + ndtri(ends)
        scale = 1.0 - acceleration * shifted
        if np.all(scale > 0):
            ends = ndtr(bias + shifted / scale)
    low, high = np.quantile(drawn, ends)
    return float(low), float(high)
