"""Who is late with what was assigned to them, by the rules of ``coachbot.coaching.assigning``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbot.coaching.assigning import standing
from coachbot.reporting.overviews import MOST_COUNTED

if TYPE_CHECKING:
    from coachbot.coaching.assigning import Assignment
    from coachbot.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Late:
    """An assignment that is overdue, and for whom."""

    person: str
    name: str
    assignment: Assignment


def late_in(visit: Visit, team: str) -> list[Late]:
    """The overdue assignments of a team, the longest overdue first, up to the ceiling."""
    office = visit.office
    today = office.clock().astimezone(office.assigning.zone).date()
    return [
        Late(person, name, assignment)
        for assignment, person, name in office.overviews.late(team, today.isoformat(), MOST_COUNTED)
        if standing(
            assignment,
            office.overviews.played_for(assignment, person),
            today=today,
            zone=office.assigning.zone,
        ).status
        == "overdue"
    ]
