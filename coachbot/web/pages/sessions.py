"""The finished sessions of all teams that the visitor supervises, newest first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbot.reporting.overviews import Place, SessionLine
from coachbot.web.pages import Page
from coachbot.web.pages.filters import read_filters

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.web.visit import Visit

SESSIONS = 20
PEOPLE = 300
"""People who can be chosen from; of more, one is found on the team's page."""
_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT[0-9:.]{5,20}\+00:00)_(\d{1,18})")


def show(visit: Visit) -> Response:
    """Show a page of them."""
    teams = visit.teams("read_session")
    keys = [(visit.key("team", team), team) for team in teams]
    scenarios = visit.office.repertoire.scenarios(teams)
    names = {person: name for team in teams for person, name in visit.office.overviews.names(team)}
    names = dict(sorted(names.items(), key=lambda one: one[1].casefold()))
    people = {visit.key("person", one): one for one in names} if len(names) <= PEOPLE else {}
    filters = read_filters(
        visit,
        [(s.id, s.title) for s in scenarios],
        team=keys,
        people=[(key, names[person]) for key, person in people.items()],
        sessions=True,
    )
    chosen = next((c.chosen for c in filters.choices if c.name == "team"), "")
    looked_at = [dict(keys)[chosen]] if chosen else list(teams)
    after = read_place(visit)
    found: dict[str, SessionLine] = {}
    whose = people.get(next((c.chosen for c in filters.choices if c.name == "person"), ""))
    if whose is not None:
        of_one = visit.office.overviews.sessions_of(
            whose, filters.sieve, after=after, most=SESSIONS + 1
        )
        found = {line.session: line for line in of_one}
        looked_at = []
    for team in looked_at:
        for line in visit.office.overviews.sessions_of_team(
            team, filters.sieve, after=after, most=SESSIONS + 1
        ):
            found[line.session] = line
    lines = sorted(found.values(), key=lambda o: (o.started, o.sequence), reverse=True)
    shown = lines[:SESSIONS]
    return visit.render(
        "sessions.html",
        filters=filters,
        lines=shown,
        older=write_place(shown[-1]) if len(lines) > SESSIONS else "",
        begun=after is None,
        titles=visit.titles([line.scenario for line in shown]),
    )


def read_place(visit: Visit) -> Place | None:
    """The last session of the page before this one; None for the first page."""
    found = _PLACE.fullmatch(visit.query.get("after", ""))
    return Place(found[1], int(found[2])) if found else None


def write_place(last: SessionLine) -> str:
    """What stands in the address of the page after this one."""
    return f"{last.started}_{last.sequence}"


PAGE = Page("sessions", "/sessions", "read_session", show=show, menu="Sessions")
