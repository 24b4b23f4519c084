"""Figures of agreement, worked out by hand and by independent libraries."""

from __future__ import annotations

import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from coachbot.agreement.measures import (
    alpha,
    alpha_figure,
    anchors,
    bias,
    concordance,
    covered,
    kappa,
    within,
)

POINTS = st.floats(0, 100, allow_nan=False)
PAIRS = st.lists(st.tuples(POINTS, POINTS), min_size=1, max_size=40)
FEW = settings(max_examples=60, deadline=None)


def names(rows: int) -> list[str]:
    """A session for each row."""
    return [str(i) for i in range(rows)]


def value_of_kappa(first: list[float], second: list[float]) -> float | None:
    """Kappa alone."""
    return kappa(np.array(first), np.array(second), names(len(first)), seed=0).value


def test_numbers_are_rounded_to_the_nearest_anchor() -> None:
    """Halfway it is the upper one: 12.5 counts as 25, 87.5 as 100."""
    found = anchors(np.array([0.0, 12.4, 12.5, 37.4, 37.5, 62.5, 87.4, 87.5, 100.0]))
    assert [0, 0, 1, 1, 2, 3, 3, 4, 4] == found.tolist()


def test_kappa_by_hand() -> None:
    """Four replies, three alike and one an anchor apart."""
    # As anchors: (0, 0), (2, 2), (4, 4), (2, 3). Observed: 1 / 4 replies, squared, is 0.25.
    # Expected: all 16 pairs of {0, 2, 4, 2} with {0, 2, 4, 3}:
    #   0 with them: 0 + 4 + 16 + 9 = 29; 2: 4 + 0 + 4 + 1 = 9, twice; 4: 16 + 4 + 0 + 1 = 21.
    #   29 + 9 + 9 + 21 = 68, over 16 is 4.25. Kappa is 1 - 0.25 / 4.25 = 16 / 17.
    assert value_of_kappa([0, 50, 100, 45], [5, 55, 95, 75]) == pytest.approx(16 / 17)


def test_kappa_of_opposite_graders_by_hand() -> None:
    """Two replies the other way round: 16 observed against 8 by chance."""
    # Observed (16 + 16) / 2 = 16; expected (0 + 16 + 16 + 0) / 4 = 8; 1 - 2 = -1.
    assert value_of_kappa([0, 100], [100, 0]) == pytest.approx(-1.0)


def test_a_scorer_that_always_says_the_same_agrees_as_by_chance() -> None:
    """Observed and expected are the same: kappa is 0."""
    assert value_of_kappa([50, 50, 50], [0, 50, 100]) == pytest.approx(0.0)


def test_concordance_by_hand() -> None:
    """A constant difference costs: perfect correlation, and not 1."""
    # first 20 40 60, second 30 50 70: sum of (a - b)^2 is 300. Expected: variances 2 * 800 / 3
    # (each 800 / 3) and the means' difference squared, 100: 3 * (1600 / 3 + 100) = 1900.
    # 1 - 300 / 1900 = 16 / 19.
    found = concordance(np.array([20.0, 40, 60]), np.array([30.0, 50, 70]), names(3), seed=0)
    assert found.value == pytest.approx(16 / 19)


def test_share_within_ten_points_by_hand() -> None:
    """Exactly ten counts, also where the difference is no round number in binary."""
    first, second = np.array([50.0, 60.3, 80.0, 0.0]), np.array([60.0, 50.3, 69.9, 0.0])
    assert 0.75 == within(first, second, names(4), seed=0).value


def test_bias_by_hand() -> None:
    """10 too high, 4 too low, 6 too high: 4 too high."""
    found = bias(np.array([60.0, 46.0, 76.0]), np.array([50.0, 50, 70]), names(3), seed=0)
    assert found.value == pytest.approx(4.0)


def test_share_inside_the_ranges_by_hand() -> None:
    """The ends belong to a range."""
    grades, low = np.array([40.0, 50, 61, 10]), np.array([40.0, 40, 40, 20])
    assert 0.5 == covered(grades, low, low + 20, names(4), seed=0).value


def test_alpha_by_hand() -> None:
    """Three items, the last with one grade, which says nothing."""
    # Pairs: (0, 20) and (60, 60). Within: (20^2 * 2 / 1 + 0) / 4 grades = 200.
    # Among all pairs of {0, 20, 60, 60}: 2 * (20^2 + 60^2 + 60^2 + 40^2 + 40^2 + 0) / (4 * 3)
    # = 2 * 10,800 / 12 = 1,800. Alpha is 1 - 200 / 1,800 = 8 / 9.
    grades = np.array([[0.0, 20.0], [60.0, 60.0], [90.0, np.nan]])
    assert alpha(grades) == pytest.approx(8 / 9)
    found = alpha_figure(grades, ["a", "b", "c"], seed=0)
    assert (2, 2) == (found.rows, found.clusters)
    assert found.value == pytest.approx(8 / 9)


@FEW
@given(PAIRS)
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[float, float]]) -> None:
    """For any grades, and where that one has none, there is none."""
    first, second = np.array(pairs).T
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        expected = cohen_kappa_score(
            anchors(first).astype(int),
            anchors(second).astype(int),
            weights="quadratic",
            labels=range(5),
        )
    found = kappa(first, second, names(len(pairs)), seed=0)
    if np.isnan(expected):
        assert ("no_spread", None) == (found.status, found.value)
    else:
        assert found.value == pytest.approx(expected, abs=1e-9)


@FEW
@given(st.lists(st.lists(st.none() | POINTS, min_size=3, max_size=3), min_size=1, max_size=20))
def test_alpha_is_that_of_the_krippendorff_package(rows: list[list[float | None]]) -> None:
    """For any number of graders with gaps, and no number where it is not defined."""
    grades = np.array([[np.nan if x is None else round(x) for x in row] for row in rows])
    twice = grades[np.sum(~np.isnan(grades), axis=1) > 1]
    if len(np.unique(twice[~np.isnan(twice)])) < 2:
        assert np.isnan(alpha(grades))
    else:
        expected = krippendorff.alpha(grades.T, level_of_measurement="interval")
        assert alpha(grades) == pytest.approx(expected, abs=1e-9)


@FEW
@given(PAIRS, st.integers(1, 5))
def test_every_figure_is_a_finite_number_or_none(
    pairs: list[tuple[float, float]], each: int
) -> None:
    """Whatever the grades; and the interval is the right way round."""
    first, second = np.array(pairs).T
    sessions = [str(i // each) for i in range(len(pairs))]
    for measure in (kappa, concordance, within, bias):
        found = measure(first, second, sessions, seed=0)
        assert (len(pairs), len(set(sessions))) == (found.rows, found.clusters)
        for number in (found.value, found.low, found.high):
            assert number is None or np.isfinite(number)
        assert (found.low is None) == (found.status != "ok")
        if found.low is not None and found.high is not None:
            assert found.low <= found.high


@FEW
@given(PAIRS)
def test_kappa_does_not_depend_on_who_comes_first(pairs: list[tuple[float, float]]) -> None:
    """Two people have no order."""
    first, second = np.array(pairs).T
    one = kappa(first, second, names(len(pairs)), seed=0)
    other = kappa(second, first, names(len(pairs)), seed=0)
    assert one.value == pytest.approx(other.value)
