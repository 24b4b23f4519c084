"""A change is said only where it is larger than the error of measurement."""

from __future__ import annotations

import pytest

from coachbot.reporting.change import Apart, Direction, Measured, apart, change


def around(*scores: float, error: float = 6.0) -> list[Measured]:
    """Scores with a range of 1.28 standard errors to each side."""
    return [Measured(s, s - 1.28 * error, s + 1.28 * error) for s in scores]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        # The error of a mean of three is 6 * sqrt(3) / 3 = 3.4641; of the difference of two such
        # means 3.4641 * sqrt(2) = 4.8990; 1.96 of them are 9.6020 points.
        ((49.5, 49.5, 49.5), "unclear"),
        ((49.7, 49.7, 49.7), "improved"),
        ((30.5, 30.5, 30.5), "unclear"),
        ((30.3, 30.3, 30.3), "declined"),
    ],
)
def test_the_rule_as_derived_by_hand(last: tuple[float, ...], expected: Direction) -> None:
    """From a mean of 40 with errors of 6 points, 9.6 points are the smallest change."""
    found = change(around(30, 40, 50), around(*last))
    assert expected == found.direction
    assert 40 == pytest.approx(found.first)
    assert 9.602 == pytest.approx(found.needed, abs=0.001)


def test_an_uncertain_score_needs_a_larger_change() -> None:
    """One session with five times the error takes more than twice the change."""
    # sqrt(2 * 36 + 900) / 3 = 10.3923; hypot with 3.4641 is 10.9545; times 1.96 is 21.4707.
    found = change(around(30, 40, 50), [*around(60, 60), *around(60, error=30)])
    assert "unclear" == found.direction
    assert 21.471 == pytest.approx(found.needed, abs=0.001)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 3), (2, 3), (3, 2)])
def test_too_few_sessions_are_no_trend(first: int, last: int) -> None:
    """Fewer than three at either end say nothing, but the level lately is known."""
    found = change(around(*[10.0] * first), around(*[90.0] * last))
    assert ("too_few", None, None) == (found.direction, found.first, found.needed)
    assert found.last == (90 if last else None)


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        # Half-ranges of 15 and 20 that face each other: sqrt(15^2 + 20^2) = 25, which is 1.28
        # standard errors; 1.96 of them are 38.28 points.
        (Measured(20, 15, 35), Measured(58.5, 38.5, 60), "clearly"),
        (Measured(20, 15, 35), Measured(58, 38, 60), "probably"),
        (Measured(20, 15, 35), Measured(45.5, 25.5, 60), "probably"),
        (Measured(20, 15, 35), Measured(44.5, 24.5, 60), "perhaps"),
        # 0.6745 of them are 13.17 points.
        (Measured(20, 15, 35), Measured(33.5, 13.5, 60), "perhaps"),
        (Measured(20, 15, 35), Measured(33, 13, 60), "hardly"),
        # The ranges overlap, and still the one is hardly above the other by chance.
        (Measured(9, 0, 34), Measured(52, 31, 70), "probably"),
        (Measured(50, 40, 60), Measured(50, 40, 60), "hardly"),
    ],
)
def test_two_scores_are_told_apart_by_their_errors(
    lower: Measured, upper: Measured, expected: Apart
) -> None:
    """Neither overlapping ranges nor a side that was cut off decides, and order plays no part."""
    assert expected == apart(lower, upper) == apart(upper, lower)
