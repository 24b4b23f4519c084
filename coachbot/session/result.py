"""What a finished session amounts to."""

from __future__ import annotations

from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.session_value import session_values
from coachbot.session.models import Session


def passed(session: Session, scenario: Scenario) -> bool:
    """Resolved, and every scored dimension's session value at or above its pass mark."""
    if session.outcome != "resolved":
        return False
    values = session_values([turn.score for turn in session.turns])
    return all(
        value is None or value >= getattr(scenario.pass_marks, dimension)
        for dimension in DIMENSIONS
        for value in [values[dimension].score]
    )
