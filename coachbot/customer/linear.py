"""Small linear models fitted to a scenario's own example phrases when it is loaded.

The nearest example alone is easily misled by a phrase that happens to share a word; a linear model
sees all examples of all classes at once. Ridge regression on unit vectors has a closed form, so
that fitting takes milliseconds and always gives the same result.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

RIDGE = 0.3
"""Strength of the penalty; chosen among 0.03 to 3 on the wordings written for tuning."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Scores of shape (classes,): about 1 for the class that fits, about 0 for the others."""

    weights: Array
    bias: Array

    def __call__(self, vectors: Array) -> Array:
        """``vectors`` of shape (n, width) give scores of shape (n, classes)."""
        return (vectors @ self.weights + self.bias).astype(np.float32)


def fit(vectors: Array, labels: NDArray[np.int64], classes: int) -> Linear:
    """Fit one-against-rest ridge regression with each class weighing the same.

    ``vectors``: (n, width); ``labels``: (n,) from 0 to ``classes`` - 1, or -1 for examples of
    nothing, which count against every class.
    """
    targets = np.zeros((len(labels), classes))
    targets[labels >= 0, labels[labels >= 0]] = 1.0
    counts = np.array([max(1, int(np.sum(labels == label))) for label in labels], dtype=float)
    weight = np.sqrt(len(labels) / counts / (classes + 1))[:, None]
    x = np.hstack([vectors, np.ones((len(vectors), 1))]) * weight
    y = targets * weight
    # The dual form: as many unknowns as examples, fewer than the width of the vectors.
    kernel = x @ x.T + RIDGE * np.eye(len(x))
    solution = x.T @ np.linalg.solve(kernel, y)
    return Linear(solution[:-1].astype(np.float32), solution[-1].astype(np.float32))


def logistic(weights: Sequence[float], values: Sequence[float], bias: float) -> float:
    """The logistic function of a weighted sum, 0 to 1."""
    weighted = sum(w * x for w, x in zip(weights, values, strict=True))
    return 1.0 / (1.0 + math.exp(-(weighted + bias)))
