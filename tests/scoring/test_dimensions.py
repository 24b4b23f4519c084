"""Points and intervals from signals, and what a conversation calls for."""

from __future__ import annotations

import numpy as np
import pytest

from coachbot.scoring.calibration import DimensionTable
from coachbot.scoring.dimensions import DIRECTIONS, called_for, dimension_score, interval, points
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.signals import SIGNALS
from tests.scoring.made import calibration, context, log_odds, read

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


@pytest.mark.parametrize(("base", "low", "high"), [(-500.0, 0.0, 0.1), (600.0, 99.9, 100.0)])
def test_the_scale_ends_at_0_and_100(base: float, low: float, high: float) -> None:
    """However far the sum is outside, the score isn't."""
    table = DimensionTable(base, {}, (0.0,) * 5, (0.0,) * 5)
    assert low <= points(table, {}) <= high


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


@pytest.mark.parametrize(
    ("message", "moved", "settled", "expected"),
    [
        ("Where is my kite?", 0.9, 0.1, (True, True, True)),
        ("Where is my kite?", 0.41, 0.1, (True, True, True)),
        ("Where is my kite?", 0.39, 0.1, (False, True, True)),
        ("That's all, thanks.", 0.1, 0.51, (False, False, False)),
        ("That's all, thanks.", 0.9, 0.51, (False, False, False)),
        ("Thanks, and the kite?", 0.9, 0.49, (True, True, True)),
        ("Still waiting.", 0.9, 0.9, (True, True, True)),
        ("No", 0.1, 0.9, (False, True, True)),
        ("Thanks for nothing.", 0.9, 0.9, (True, True, True)),
    ],
)
def test_what_a_conversation_calls_for(
    message: str, moved: float, settled: float, expected: tuple[bool, bool, bool]
) -> None:
    """Everything, unless it is calm (no empathy) or all is settled, in words too (nothing)."""
    answers = read(0, 1, called=np.array([log_odds(moved), log_odds(settled)]))
    found = called_for(answers, answers, context(message), calibration())
    assert dict(zip(DIMENSIONS, expected, strict=True)) == found


def test_before_a_customer_has_spoken_nothing_is_called_for() -> None:
    """Whatever the network says."""
    answers = read(0, 0, called=np.array([9.0, -9.0]))
    assert {False} == set(called_for(answers, answers, context(), calibration()).values())
