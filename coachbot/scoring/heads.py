"""Trained heads as arrays, and what else was learned with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.features import Background
from coachbot.scoring.interface import Dimension

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Linear:
    """A linear map: ``weight`` (outputs, inputs) and ``bias`` (outputs,)."""

    weight: Array
    bias: Array

    def __call__(self, inputs: Array) -> Array:
        """Map inputs (..., n) to outputs (..., k)."""
        result: Array = inputs @ self.weight.T + self.bias
        return result


def softmax(scores: Array) -> Array:
    """Turn scores (..., k) into probabilities that sum to 1."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = raised / raised.sum(axis=-1, keepdims=True)
    return result


def sigmoid(score: float) -> float:
    """Turn a log-odds into a probability, without overflow."""
    return float(1.0 / (1.0 + np.exp(-np.clip(score, -40.0, 40.0))))


@dataclass(frozen=True)
class DimensionTable:
    """How one dimension is put together: points = base + sum of weight * signal.

    Each signal lies in 0 to 1 and has a fixed direction: ``weights`` are the points that it adds
    (never negative for what raises the dimension, never positive for what lowers it).
    ``below`` and ``above`` give the interval: for a score in the i-th of equal steps of the scale,
    a grader's score lies at most ``below[i]`` under and ``above[i]`` over it in 80 % of cases.
    """

    base: float
    weights: Mapping[str, float]
    below: tuple[float, ...]
    above: tuple[float, ...]


@dataclass(frozen=True)
class Heads:
    """Everything that training wrote, ready to use.

    ``name`` says which files these are and changes when they do.
    """

    name: str
    linear: Mapping[str, Linear]
    background: Background
    tables: Mapping[Dimension, DimensionTable]
    thresholds: Mapping[str, float]
