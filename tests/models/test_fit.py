"""Solvers, against answers known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from coachbot.models.fit import logistic, ridge, signed_least_squares
from coachbot.models.graded_heads import best_threshold, conformal_bands


def test_ridge_finds_a_line() -> None:
    """With hardly any penalty, 3 + 2x is found, standardisation folded away."""
    x = np.linspace(-1, 5, 50)[:, None]
    head = ridge(x, 3 + 2 * x[:, 0], penalty=1e-6)
    assert head(np.array([[10.0]]))[0, 0] == pytest.approx(23.0, abs=1e-3)


def test_ridge_learns_from_differences_alone_what_levels_do_not_show() -> None:
    """All grades equal, but pairs say that the second input is worth a point."""
    inputs = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    head = ridge(
        inputs,
        np.full(4, 5.0),
        penalty=0.01,
        differences=np.array([[0.0, 1.0]] * 50),
        gaps=np.full(50, 1.0),
    )
    rise = head(np.array([[0.0, 1.0]])) - head(np.array([[0.0, 0.0]]))
    assert rise[0, 0] == pytest.approx(1.0, abs=0.15)


def test_a_constant_input_is_harmless() -> None:
    """It gets no weight instead of an infinite one."""
    inputs = np.array([[1.0, 7.0], [2.0, 7.0], [3.0, 7.0]])
    head = ridge(inputs, np.array([1.0, 2.0, 3.0]), penalty=1e-6)
    assert head.weight[0, 1] == 0.0


def test_signs_are_kept() -> None:
    """An input that would want the wrong sign gets nothing."""
    # A full grid: the inputs don't go along with each other.
    inputs = np.array([[a, b] for a in (0.0, 0.5, 1.0) for b in (0.0, 0.5, 1.0)])
    targets = 10 + 5 * inputs[:, 0] + 8 * inputs[:, 1]
    slopes, base = signed_least_squares(inputs, targets, [1, -1])
    assert slopes[0] == pytest.approx(5, abs=1e-6)
    assert slopes[1] == pytest.approx(0, abs=1e-6)
    assert base == pytest.approx(14, abs=1e-6)


def test_logistic_classes_that_never_occur_stay_unlikely() -> None:
    """A class without examples is never the answer."""
    inputs = np.array([[0.0], [0.1], [2.0], [2.1]])
    head = logistic(inputs, np.array([0, 0, 2, 2]), strength=10.0, classes=3)
    assert [0, 2] == list(head(np.array([[0.0], [2.0]])).argmax(axis=1))


def test_conformal_bands_cover_what_they_promise() -> None:
    """On fresh draws of the same kind at least 80 % of grades lie inside, and not nearly all."""
    draw = np.random.default_rng(1)

    def sample(n: int) -> tuple[np.ndarray, np.ndarray]:
        scored = draw.uniform(0, 100, n)
        return scored, np.clip(scored + draw.normal(0, 12, n), 0, 100)

    below, above = conformal_bands(*sample(800))
    scored, grades = sample(4_000)
    band = np.minimum((scored / 20).astype(int), 4)
    inside = (grades >= scored - np.array(below)[band]) & (grades <= scored + np.array(above)[band])
    assert 0.78 <= inside.mean() <= 0.90


def test_threshold_is_not_set_where_findings_are_mostly_wrong() -> None:
    """Without a threshold at which half is right, almost nothing is shown."""
    assert best_threshold([(0.6, False)] * 8 + [(0.6, True)] * 2) == 0.9
    assert best_threshold([(0.35, False)] * 8 + [(0.6, True)] * 2) <= 0.6
