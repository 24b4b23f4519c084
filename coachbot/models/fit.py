"""Solvers that turn labelled inputs into linear heads. Deterministic: no random start anywhere."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from coachbot.scoring.heads import Linear

Array = NDArray[np.float64]

# Score of a class without examples: below any other.
_NEVER = -40.0


def logistic(
    inputs: Array,
    labels: NDArray[np.int64],
    *,
    strength: float,
    classes: int = 2,
    balance: float = 0.5,
    weights: Array | None = None,
) -> Linear:
    """Fit a logistic head; two classes give one output (log-odds), more give one each.

    ``strength`` is the inverse of the penalty (C). ``balance`` raises the class weights: 0 for
    none, 1 for inverse frequency, 0.5 for its square root. Constant inputs are harmless.
    """
    counts = np.bincount(labels, minlength=classes).astype(float)
    class_weights = (len(labels) / (classes * np.maximum(counts, 1.0))) ** balance
    model = LogisticRegression(C=strength, max_iter=300, tol=1e-3)
    sample = class_weights[labels] * (1.0 if weights is None else weights)
    with warnings.catch_warnings():
        # Heads this strongly regularised are good long before the last digit settles.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(inputs, labels, sample_weight=sample)
    if classes == 2:
        return Linear(model.coef_.astype(float), model.intercept_.astype(float))
    slopes, levels = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        # Only two of the classes occur: scikit-learn gives one row of log-odds for both.
        slopes, levels = np.vstack([-slopes, slopes]) / 2, np.concatenate([-levels, levels]) / 2
    weight = np.zeros((classes, inputs.shape[1]))
    bias = np.full(classes, _NEVER)
    for row, label in enumerate(model.classes_):
        weight[label], bias[label] = slopes[row], levels[row]
    return Linear(weight, bias)


def ridge(  # noqa: PLR0913 (all are parts of one least-squares problem)
    inputs: Array,
    targets: Array,
    *,
    penalty: float,
    scales: Array | None = None,
    weights: Array | None = None,
    differences: Array | None = None,
    gaps: Array | None = None,
    gap_weights: Array | None = None,
) -> Linear:
    """Fit a ridge head on standardised inputs and fold the standardisation into its weights.

    ``scales`` multiplies the standardised columns: below 1 means more strongly penalised.
    ``differences`` (pairs, inputs) with ``gaps`` add rows that say how much better one reply is
    than another to the same customer, without regard to the level.
    """
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0)
    factor = np.where(spread > 1e-9, 1.0 / np.maximum(spread, 1e-9), 0.0)
    if scales is not None:
        factor = factor * scales
    design = np.hstack([(inputs - mean) * factor, np.ones((len(inputs), 1))])
    goal = targets.astype(float)
    weight = np.ones(len(inputs)) if weights is None else weights.astype(float)
    if differences is not None and gaps is not None and len(differences):
        design = np.vstack(
            [design, np.hstack([differences * factor, np.zeros((len(differences), 1))])]
        )
        goal = np.concatenate([goal, gaps])
        extra = np.ones(len(differences)) if gap_weights is None else gap_weights
        weight = np.concatenate([weight, extra])
    penalties = np.full(design.shape[1], penalty)
    penalties[-1] = 0.0
    weighted = design * weight[:, None]
    solved = np.linalg.solve(weighted.T @ design + np.diag(penalties), weighted.T @ goal)
    slopes = solved[:-1] * factor
    return Linear(slopes[None, :], np.array([solved[-1] - slopes @ mean]))


def signed_least_squares(
    inputs: Array,
    targets: Array,
    directions: Sequence[int],
    *,
    penalty: float = 0.0,
    weights: Array | None = None,
) -> tuple[Array, float]:
    """Fit targets by base + inputs @ slopes where each slope keeps the sign of its direction.

    Returns (slopes, base). Bounded least squares; the base is free.
    """
    sample = np.ones(len(inputs)) if weights is None else np.sqrt(weights)
    design = np.hstack([inputs, np.ones((len(inputs), 1))]) * sample[:, None]
    goal = targets * sample
    count = inputs.shape[1]
    if penalty:
        design = np.vstack(
            [design, np.hstack([np.eye(count) * np.sqrt(penalty), np.zeros((count, 1))])]
        )
        goal = np.concatenate([goal, np.zeros(count)])
    low = np.array([0.0 if d > 0 else -np.inf for d in directions] + [-np.inf])
    high = np.array([np.inf if d > 0 else 0.0 for d in directions] + [np.inf])
    solved = lsq_linear(design, goal, bounds=(low, high)).x
    return solved[:-1], float(solved[-1])
