"""Measures of agreement and their intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr
from sklearn.metrics import f1_score, roc_auc_score

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Statistic = Callable[[Rows], float]

_RESAMPLES = 400
_COVERAGE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured value with its 95 % interval, and over how many rows and clusters."""

    value: float
    low: float
    high: float
    rows: int
    clusters: int


def clustered_bootstrap(
    statistic: Statistic, clusters: Sequence[str], *, seed: int, resamples: int = _RESAMPLES
) -> Estimate:
    """Estimate ``statistic`` (a function of row numbers) with a percentile bootstrap over clusters.

    Whole clusters are drawn with replacement, because rows of one conversation are not
    independent. Draws in which the statistic is not defined are left out.
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
    tail = 100.0 * (1.0 - _COVERAGE) / 2.0
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


def macro_f1(labels: Rows, predicted: Rows) -> float:
    """Mean of the classes' F1 over the classes that occur, 0 to 1."""
    return float(
        f1_score(labels, predicted, average="macro", labels=np.unique(labels), zero_division=0)
    )


def auc(labels: Rows, scores: Array) -> float:
    """Area under the ROC curve; NaN when only one class occurs."""
    return float(roc_auc_score(labels, scores)) if 0 < labels.sum() < len(labels) else float("nan")


def spearman(a: Array, b: Array) -> float:
    """Rank correlation; NaN when one side is constant."""
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(spearmanr(a, b).statistic)


def partial_spearman(a: Array, b: Array, given: Array) -> float:
    """Rank correlation of ``a`` and ``b`` at equal ``given`` (ranks, linear part removed)."""
    ranks = [rankdata(x) for x in (a, b, given)]
    design = np.stack([ranks[2], np.ones(len(a))], axis=1)
    rest = [r - design @ np.linalg.lstsq(design, r, rcond=None)[0] for r in ranks[:2]]
    if min(r.std() for r in rest) < 1e-9:
        return float("nan")
    return float(np.corrcoef(rest[0], rest[1])[0, 1])


def expected_calibration_error(p: Array, labels: Rows, bins: int = 10) -> float:
    """Mean over classes of the calibration error in equal-mass bins (Naeini et al., 2015).

    ``p`` has shape (rows, classes). For every class the rows are cut into ``bins`` of equal
    size by their probability; each bin adds its share times |mean probability - frequency|.
    """
    errors = []
    for k in range(p.shape[1]):
        order = np.argsort(p[:, k], kind="stable")
        parts = np.array_split(order, bins)
        errors.append(
            sum(
                len(b) / len(p) * abs(p[b, k].mean() - (labels[b] == k).mean())
                for b in parts
                if len(b)
            )
        )
    return float(np.mean(errors))
