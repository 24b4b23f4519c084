"""Points and intervals from signals."""

from __future__ import annotations

import pytest

from coachbot.scoring.dimensions import DIRECTIONS, dimension_score, interval, points
from coachbot.scoring.heads import DimensionTable
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.signals import SIGNALS

TABLE = DimensionTable(
    base=20.0,
    weights={"interpretation": 40.0, "dismissal": -30.0},
    below=(5.0, 10.0, 20.0, 10.0, 5.0),
    above=(10.0, 10.0, 20.0, 10.0, 5.0),
)


def test_points_by_hand() -> None:
    """20 + 40 * 1 - 30 * 0.5 is 45; the bend at the ends adds less than a tenth there."""
    assert points(TABLE, {"interpretation": 1.0, "dismissal": 0.5}) == pytest.approx(45.0, abs=0.1)


def test_more_of_a_harmful_signal_never_raises_the_score() -> None:
    """The score falls with dismissal all the way, and stays within 0 to 100."""
    scores = [points(TABLE, {"interpretation": 0.2, "dismissal": p / 10}) for p in range(60)]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= 0.0


def test_interval_uses_the_band_of_the_score_and_stays_on_the_scale() -> None:
    """45 lies in the third of five bands; 2 would reach below 0."""
    assert interval(TABLE, 45.0) == (25.0, 65.0)
    assert interval(TABLE, 2.0) == (0.0, 12.0)
    assert interval(TABLE, 100.0) == (95.0, 100.0)


def test_a_score_lies_in_its_interval() -> None:
    """Low, score and high are in order."""
    found = dimension_score(TABLE, {"interpretation": 0.5, "dismissal": 0.0})
    assert found.low is not None
    assert found.score is not None
    assert found.high is not None
    assert found.low <= found.score <= found.high


def test_every_direction_is_of_a_known_signal() -> None:
    """The fixed directions name signals that are measured, each +1 or -1."""
    assert set(DIRECTIONS) == set(DIMENSIONS)
    for directions in DIRECTIONS.values():
        assert set(directions) <= set(SIGNALS)
        assert set(directions.values()) <= {1, -1}
