"""What training writes beside the network: tables, thresholds, temperatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.interface import Dimension
from coachbot.scoring.words import Rarity

Array = NDArray[np.float64]


def softmax(scores: Array) -> Array:
    """Turn scores (..., k) into probabilities that sum to 1."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = raised / raised.sum(axis=-1, keepdims=True)
    return result


def sigmoid(score: float) -> float:
    """Turn a log-odds into a probability, without overflow."""
    return float(1.0 / (1.0 + np.exp(-np.clip(score, -40.0, 40.0))))


def decide(p: Array, weights: Sequence[float] | None) -> int:
    """Return the label for probabilities (k,), its log-probability raised by its weight."""
    if weights is None:
        return int(p.argmax())
    return int((np.log(np.maximum(p, 1e-12)) + np.array(weights)).argmax())


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
class Calibration:
    """What turns the network's answers into scores.

    ``name`` says which files these are and changes when they do. ``temperatures`` and ``offsets``
    are by head: log-odds are divided by the one and raised by the other, a number for each label
    (temperature scaling with bias, Alexandari et al., ICML 2020). ``thresholds`` are by what is
    decided with them, ``rarity`` says how much a word tells. ``decisions`` are added to a head's
    log-probabilities before a label is chosen, so that rare labels are named as readily as common
    ones; the probabilities themselves stay as they are.
    """

    name: str
    tables: Mapping[Dimension, DimensionTable]
    thresholds: Mapping[str, float]
    temperatures: Mapping[str, float]
    offsets: Mapping[str, tuple[float, ...]]
    decisions: Mapping[str, tuple[float, ...]]
    rarity: Rarity

    def probabilities(self, head: str, scores: Array) -> Array:
        """Turn a head's log-odds (..., labels) into probabilities that are as frequent as said."""
        return softmax(scores / self.temperatures[head] + np.array(self.offsets.get(head, 0.0)))
