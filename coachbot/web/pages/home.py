"""The first page: each team, and what waits for the visitor there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from coachbot.reporting.overviews import MOST_COUNTED, SessionLine, Sieve
from coachbot.reporting.team import RECENT_DAYS
from coachbot.web.pages import Page
from coachbot.web.pages.late import Late, late_in

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.coaching.reviewing import Dispute
    from coachbot.web.visit import Visit

TEAMS = 8
"""Teams that are shown in full."""
WAITING = 4
"""Questions, and people who are late, that are named; the team's page has the others."""
NEWEST = 6


@dataclass(frozen=True)
class Desk:
    """A team on the first page."""

    team: str
    people: int
    practised: int
    disputes: list[tuple[str, str, Dispute]]
    late: list[Late]


def show(visit: Visit) -> Response:
    """Show what waits; a trainer without a team to supervise is told where scenarios are."""
    overviews = visit.office.overviews
    teams = visit.teams()
    since = (visit.office.clock() - timedelta(days=RECENT_DAYS)).isoformat(timespec="seconds")
    desks = [
        Desk(
            team=team,
            people=overviews.counted_people(team),
            practised=overviews.practised(team, since),
            disputes=overviews.open_disputes(team, MOST_COUNTED),
            late=late_in(visit, team),
        )
        for team in teams[:TEAMS]
    ]
    newest = newest_of(visit, teams[:TEAMS], NEWEST)
    scenarios = [line.scenario for line in newest]
    scenarios += [one.assignment.scenario for desk in desks for one in desk.late[:WAITING]]
    return visit.render(
        "home.html",
        desks=desks,
        others=teams[TEAMS:],
        newest=newest,
        titles=visit.titles(scenarios),
        waiting=WAITING,
        recent=RECENT_DAYS,
    )


def newest_of(visit: Visit, teams: tuple[str, ...], most: int) -> list[SessionLine]:
    """The newest finished sessions of some teams, each once."""
    found = {
        line.session: line
        for team in teams
        for line in visit.office.overviews.sessions_of_team(team, Sieve(), after=None, most=most)
    }
    return sorted(found.values(), key=lambda o: (o.started, o.sequence), reverse=True)[:most]


PAGE = Page("home", "/", "use_page", show=show, menu="Overview")
