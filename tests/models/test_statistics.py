"""Measures of agreement, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from coachbot.models.statistics import expected_calibration_error, macro_f1, partial_spearman


def test_macro_f1_by_hand() -> None:
    """Two classes: F1 of 2/3 and 4/5 average to 11/15."""
    # Class 0: precision 1, recall 1/2. Class 1: precision 2/3, recall 1.
    labels, predicted = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert macro_f1(labels, predicted) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_calibration_error_by_hand() -> None:
    """Always saying 0.8 where 6 of 10 hold is an error of 0.2 for either class."""
    p = np.tile([0.2, 0.8], (10, 1))
    labels = np.array([1] * 6 + [0] * 4)
    assert expected_calibration_error(p, labels, bins=1) == pytest.approx(0.2)


def test_perfectly_calibrated_has_no_error() -> None:
    """Certain and right is calibrated."""
    p = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert expected_calibration_error(p, np.array([0, 1]), bins=2) == pytest.approx(0.0)


def test_partial_correlation_removes_what_both_share() -> None:
    """Score and length that both follow the grade don't correlate at equal grade."""
    draw = np.random.default_rng(0)
    grade = draw.normal(size=400)
    score = grade + draw.normal(scale=0.5, size=400)
    length = grade + draw.normal(scale=0.5, size=400)
    assert abs(partial_spearman(score, length, grade)) < 0.15
    assert abs(partial_spearman(score, score + 0.01 * length, grade)) > 0.9
