"""Who earns trust, with how many grades, and by which ones."""

from __future__ import annotations

import numpy as np
import pytest

from coachbot.agreement.bootstrap import Figure
from coachbot.agreement.measures import kappa
from coachbot.agreement.verdict import ENOUGH, Needed, judge, needed, why

NOTHING = Figure("nothing", None, None, None, 0, 0)


def found(low: float, value: float = 0.8, high: float = 0.9, sessions: int = ENOUGH) -> Figure:
    """Kappa over sessions with two grades each."""
    return Figure("ok", value, low, high, 2 * sessions, sessions)


@pytest.mark.parametrize(
    ("expected", "blind", "every"),
    [
        ("trusted", found(0.60), found(0.9)),
        ("practice_only", found(0.59), found(0.9)),
        # One session short: the blind grades say nothing yet, whatever they are.
        ("not_enough", found(0.95, sessions=29), found(0.95)),
        ("not_enough", found(0.1, sessions=29), found(0.95)),
        ("not_enough", NOTHING, NOTHING),
        # Graders who saw the score can't earn it trust, and can take it.
        ("not_enough", NOTHING, found(0.9)),
        ("practice_only", NOTHING, found(0.59)),
        ("not_enough", NOTHING, found(0.1, sessions=29)),
        ("trusted", found(0.7), found(0.1)),
        # Many grades that are all alike.
        ("not_enough", Figure("no_spread", None, None, None, 90, 90), NOTHING),
    ],
)
def test_verdict(expected: str, blind: Figure, every: Figure) -> None:
    """The lower end decides, from 30 sessions on."""
    assert expected == judge(blind, every)
    assert why(blind, every)


def test_the_threshold_is_what_is_set() -> None:
    """The same grades, held to more and to less."""
    assert ["trusted", "practice_only"] == [judge(found(0.65), NOTHING, t) for t in (0.65, 0.66)]


def test_the_reason_names_the_figures() -> None:
    """Sessions, kappa, interval and threshold, so that nobody has to believe it."""
    assert (
        "Over 30 sessions graded blind, kappa is 0.80 (0.55 to 0.90); its lower end is below the "
        "0.60 that is asked for." == why(found(0.55), NOTHING)
    )
    assert "0 of the 30 sessions" in why(NOTHING, NOTHING)


def test_needed_as_observed_by_hand() -> None:
    """40 sessions, an interval of 0.4: twice too wide, so four times the sessions."""
    # 40 * (0.4 / 0.2)^2 = 160, of which 40 are there; each brought two grades.
    assert Needed(120, 240, "observed") == needed(found(0.4, 0.6, 0.8, sessions=40), width=0.2)


def test_nothing_more_is_needed_where_it_is_narrow_enough() -> None:
    """An interval of 0.1 is."""
    assert Needed(0, 0, "observed") == needed(found(0.8, 0.85, 0.9, sessions=40), width=0.2)


def test_needed_as_planned_by_hand() -> None:
    """Without any grades, Bonett's number for an intraclass correlation of 0.6 and two graders."""
    # 4 * 1.959964^2 * (1 - 0.36)^2 / 0.04 + 1 = 4 * 3.841459 * 0.4096 / 0.04 + 1 = 158.35
    assert Needed(159, 159, "planned") == needed(NOTHING, width=0.2, expected=0.6)


def test_sessions_so_far_count_in_a_plan() -> None:
    """Nine sessions are too few to say how it goes on, and nine fewer are missing."""
    assert Needed(150, 150, "planned") == needed(found(0.2, sessions=9), width=0.2, expected=0.6)


def test_a_width_that_no_interval_has_is_refused() -> None:
    """Kappa's whole scale is 2 wide."""
    with pytest.raises(ValueError, match="between 0 and 2"):
        needed(NOTHING, width=0)


def test_as_many_as_were_said_are_needed() -> None:
    """Grading as many more as was asked for makes the interval about as wide as was wanted."""
    draw = np.random.default_rng(3)
    grades = draw.uniform(0, 100, size=2000)
    scores = np.clip(grades + draw.normal(0, 22, size=2000), 0, 100)

    def first(count: int) -> Figure:
        return kappa(scores[:count], grades[:count], [str(i) for i in range(count)], seed=0)

    more = needed(first(60), width=0.1).sessions
    width = first(60 + more).width
    assert 60 < more < 1900
    assert width == pytest.approx(0.1, abs=0.025)
