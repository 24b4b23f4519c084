"""What a finished session amounts to."""

from __future__ import annotations

from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.session_value import session_values
from coachbot.session.models import Session

MOST_OVER_PROMISES = 1
"""Things promised that may not be offered: one can be a slip; with two the customer is let down."""


def passed(session: Session, scenario: Scenario) -> bool:
    """Resolved, every scored dimension's session value at or above its pass mark, words kept.

    More than ``MOST_OVER_PROMISES`` different things promised that may not be offered are no pass.
    """
    if session.outcome != "resolved" or len(session.state.over_promised) > MOST_OVER_PROMISES:
        return False
    values = session_values([turn.score for turn in session.turns])
    return all(
        value is None or value >= getattr(scenario.pass_marks, dimension)
        for dimension in DIMENSIONS
        for value in [values[dimension].score]
    )
