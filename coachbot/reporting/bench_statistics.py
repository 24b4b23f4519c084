"""Intervals and orders for the bench, clustered by wording.

Sessions in the same words differ only by the seed, so they are no independent evidence: what is
drawn again and again is the wording (a voice of a kind in a scenario), never the session.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, spearmanr

RESAMPLES = 2000
"""Draws of the bootstrap; the 2.5th percentile of so many moves by less than a point."""

LOW, HIGH = 2.5, 97.5
"""Percentiles of a 95 % interval."""

FEWEST_WORDINGS = 5
"""From so many on an interval over wordings says something. One wording, drawn again, is always
itself; and the exact interval of fewer covers half of all shares or more."""

SEED = 20261
"""Of the bootstrap's draws: the same sessions give the same interval."""

Interval = tuple[float, float, float]
"""A value and its 95 % interval: value, low, high."""


def clustered(values: Mapping[Hashable, Sequence[float]]) -> Interval | None:
    """The mean of shares between 0 and 1 with its interval; ``values`` by wording.

    Percentile bootstrap over wordings. Where all wordings are at 0, or all at 1, and where there
    are fewer than ``FEWEST_WORDINGS``, drawing them again says nothing; there it is the exact
    binomial interval (Clopper and Pearson, Biometrika 26, 1934) with the number of wordings for n,
    and the share of it for hits, whole or not (as Korn and Graubard, Survey Methodology 24, 1998).
    None without values.
    """
    groups = [np.asarray(group, dtype=float) for group in values.values() if len(group)]
    if not groups:
        return None
    sums = np.array([group.sum() for group in groups])
    counts = np.array([len(group) for group in groups], dtype=float)
    mean = float(sums.sum() / counts.sum())
    if mean in (0.0, 1.0) or len(groups) < FEWEST_WORDINGS:
        low, high = _exact(mean * len(groups), len(groups))
        return mean, low, high
    weights = _weights(len(groups))
    drawn = (weights @ sums) / (weights @ counts)
    low, high = np.percentile(drawn, [LOW, HIGH])
    return mean, float(low), float(high)


def separation(
    good: Mapping[Hashable, Sequence[float]], poor: Mapping[Hashable, Sequence[float]]
) -> Interval | None:
    """The area under the curve of good against poor, with its interval over wordings.

    It is the probability that a good session comes out above a poor one, ties counting half.
    None where one of the two is empty.
    """
    better = [np.asarray(group, dtype=float) for group in good.values() if len(group)]
    worse = [np.asarray(group, dtype=float) for group in poor.values() if len(group)]
    if not better or not worse:
        return None
    wins = np.array([[_wins(one, other) for other in worse] for one in better])
    pairs = np.array([[len(one) * len(other) for other in worse] for one in better], dtype=float)
    area = float(wins.sum() / pairs.sum())
    left, right = _weights(len(better)), _weights(len(worse), SEED + 1)
    drawn = np.einsum("ri,ij,rj->r", left, wins, right) / np.einsum(
        "ri,ij,rj->r", left, pairs, right
    )
    low, high = np.percentile(drawn, [LOW, HIGH])
    return area, float(low), float(high)


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Spearman's rank correlation; None for fewer than three pairs, or where one is constant."""
    if len(one) < 3 or len(set(one)) < 2 or len(set(other)) < 2:
        return None
    return float(spearmanr(one, other).statistic)


def _exact(hits: float, n: int) -> tuple[float, float]:
    low = 0.0 if hits == 0 else float(beta.ppf(LOW / 100, hits, n - hits + 1))
    high = 1.0 if hits == n else float(beta.ppf(HIGH / 100, hits + 1, n - hits))
    return low, high


def _weights(groups: int, seed: int = SEED) -> NDArray[np.float64]:
    """How often each group is drawn, a row for each resample."""
    draw = np.random.default_rng(seed)
    share = np.full(groups, 1.0 / groups)
    return draw.multinomial(groups, share, size=RESAMPLES).astype(np.float64)


def _wins(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    difference = one[:, None] - other[None, :]
    return float((difference > 0).sum() + 0.5 * (difference == 0).sum())
