"""Measures of classification, correlation and calibration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr
from sklearn.metrics import f1_score, roc_auc_score

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


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
