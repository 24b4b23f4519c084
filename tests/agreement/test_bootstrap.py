"""Intervals over clusters: what they hold, when there is none, and against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from coachbot.agreement.bootstrap import Figure, clustered_bootstrap
from coachbot.agreement.measures import alpha, concordance, kappa, mean


def test_bootstrap_draws_whole_clusters() -> None:
    """With one cluster there is nothing to vary, however many rows it has."""
    values = np.array([0.0, 1.0, 2.0, 3.0])
    estimate = clustered_bootstrap(lambda r: float(values[r].mean()), ["a"] * 4, seed=0)
    assert (estimate.low, estimate.value, estimate.high) == (1.5, 1.5, 1.5)


def test_bootstrap_interval_holds_the_value_and_repeats() -> None:
    """The interval lies around the value, and the same seed gives the same interval."""
    values = np.arange(40.0)
    names = [str(i // 2) for i in range(40)]
    one = clustered_bootstrap(lambda r: float(values[r].mean()), names, seed=3)
    assert one.low < one.value < one.high
    assert one == clustered_bootstrap(lambda r: float(values[r].mean()), names, seed=3)


def test_bca_interval_is_that_of_scipy() -> None:
    """Rows of their own clusters, skewed: the ends are scipy's BCa ends, but for the draws."""
    values = np.random.default_rng(5).lognormal(0.0, 1.0, size=20)
    names = [str(i) for i in range(20)]
    found = mean(values, names, seed=1)
    expected = stats.bootstrap(
        (values,), np.mean, method="BCa", n_resamples=4000, rng=np.random.default_rng(2)
    ).confidence_interval
    assert found.low == pytest.approx(expected.low, abs=0.06)
    assert found.high == pytest.approx(expected.high, abs=0.06)
    # A plain percentile interval of these values lies clearly lower at its upper end.
    plain = clustered_bootstrap(lambda r: float(values[r].mean()), names, seed=1, resamples=2000)
    assert found.high is not None
    assert found.high > plain.high + 0.1


def test_bca_interval_of_kappa_is_that_of_scipy() -> None:
    """The same for a statistic that is no mean: the concordance of two columns."""
    draw = np.random.default_rng(9)
    first = draw.uniform(0, 100, size=30)
    second = np.clip(first + draw.normal(0, 20, size=30), 0, 100)

    def lin(a: np.ndarray, b: np.ndarray) -> float:
        spread = a.var() + b.var() + (a.mean() - b.mean()) ** 2
        return float(2 * np.cov(a, b, ddof=0)[0, 1] / spread)

    expected = stats.bootstrap(
        (first, second),
        lin,
        paired=True,
        vectorized=False,
        method="BCa",
        n_resamples=1500,
        rng=np.random.default_rng(3),
    ).confidence_interval
    found = concordance(first, second, [str(i) for i in range(30)], seed=1)
    assert found.value == pytest.approx(lin(first, second))
    assert found.low == pytest.approx(expected.low, abs=0.04)
    assert found.high == pytest.approx(expected.high, abs=0.04)


def test_rows_of_a_session_are_not_independent() -> None:
    """Each row ten times, in the same session: ten times the rows, and the interval of before."""
    values = np.random.default_rng(1).normal(size=25)
    names = [str(i) for i in range(25)]
    once = mean(values, names, seed=0)
    often = mean(np.repeat(values, 10), [n for n in names for _ in range(10)], seed=0)
    assert (250, 25) == (often.rows, often.clusters)
    assert (once.low, once.high) == pytest.approx((often.low, often.high))


def test_four_times_the_sessions_halve_the_interval() -> None:
    """What planning relies on."""
    draw = np.random.default_rng(4)
    few, many = draw.normal(size=100), draw.normal(size=400)
    wide = mean(few, [str(i) for i in range(100)], seed=0).width
    narrow = mean(many, [str(i) for i in range(400)], seed=0).width
    assert wide is not None
    assert narrow is not None
    assert 1.6 < wide / narrow < 2.4


def test_no_grades_give_no_figure() -> None:
    """Nothing is said of nothing."""
    nothing = np.zeros(0)
    assert Figure("nothing", None, None, None, 0, 0) == kappa(nothing, nothing, [], seed=0)


def test_one_session_gives_a_value_without_an_interval() -> None:
    """Its replies are all of one conversation."""
    found = mean(np.array([1.0, 2.0]), ["a", "a"], seed=0)
    assert Figure("one_session", 1.5, None, None, 2, 1) == found


@pytest.mark.parametrize("sessions", [1, 2, 50])
def test_where_all_grades_are_alike_kappa_is_not_defined(sessions: int) -> None:
    """There is a status, and no number that is none."""
    alike = np.full(sessions, 70.0)
    names = [str(i) for i in range(sessions)]
    assert Figure("no_spread", None, None, None, sessions, sessions) == kappa(
        alike, alike, names, seed=0
    )
    assert np.isnan(alpha(np.stack([alike, alike], axis=1)))


def test_where_nearly_all_grades_are_alike_there_is_no_interval() -> None:
    """One session of eight differs: a third of the draws are without it, and without any spread."""
    first = np.full(8, 75.0)
    second = np.array([75.0] * 7 + [0.0])
    found = kappa(first, second, list("abcdefgh"), seed=0)
    assert ("no_spread", 0.0, None) == (found.status, found.value, found.low)


def test_the_same_seed_gives_the_same_interval() -> None:
    """And another one nearly the same."""
    draw = np.random.default_rng(2)
    first, second = draw.uniform(0, 100, 60), draw.uniform(0, 100, 60)
    names = [str(i // 2) for i in range(60)]
    one, other = (kappa(first, second, names, seed=s) for s in (7, 8))
    assert one == kappa(first, second, names, seed=7)
    assert one != other
    assert one.low == pytest.approx(other.low, abs=0.05)
