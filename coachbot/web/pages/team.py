"""A team: who practised and how it goes, who needs what, who is where with the scenarios."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from coachbot.reporting.overviews import MOST_COUNTED, MOST_TRIES, needs
from coachbot.reporting.team import RECENT_DAYS
from coachbot.web.pages import Page
from coachbot.web.pages.filters import read_filters
from coachbot.web.pages.late import late_in

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.web.visit import Visit

PEOPLE = 20
"""People a page: with them it stays well below 100 kB in each view."""
COLUMNS = 12
"""Scenarios a page of the view that has a column for each."""
NAMED = 6
VIEWS = (("scores", "Scores"), ("skills", "Who needs what"), ("scenarios", "Scenarios"))


def show(visit: Visit) -> Response:
    """Show one view of a team, a page of its people at a time."""
    team = visit.team(visit.request.path_params["team"])
    overviews = visit.office.overviews
    scenarios = visit.office.repertoire.scenarios((team,))
    titles = {scenario.id: scenario.title for scenario in scenarios}
    filters = read_filters(visit, tuple(titles.items()), kept=("view",))
    view = visit.query.get("view", "")
    view = view if view in dict(VIEWS) else VIEWS[0][0]
    people = overviews.counted_people(team)
    pages = max(1, -(-people // PEOPLE))
    number = visit.number("page", pages)
    lines = overviews.people(team, filters.sieve, skip=(number - 1) * PEOPLE, most=PEOPLE)
    marks = {scenario.id: scenario.pass_marks for scenario in scenarios}
    columns = [s for s in titles if filters.sieve.scenario in (None, s)]
    column_pages = max(1, -(-len(columns) // COLUMNS))
    column_page = visit.number("columns", column_pages)
    columns = columns[(column_page - 1) * COLUMNS : column_page * COLUMNS]
    since = (visit.office.clock() - timedelta(days=RECENT_DAYS)).isoformat(timespec="seconds")
    late = late_in(visit, team)
    standings = {}
    if view == "scenarios":
        standings = overviews.standings([line.person for line in lines], columns, filters.sieve)
    seen = [line.newest.scenario for line in lines if line.newest]
    return visit.render(
        "team.html",
        team=team,
        view=view,
        views=VIEWS,
        filters=filters,
        lines=lines,
        changes={o.person: {d: ends.change() for d, ends in o.ends.items()} for o in lines},
        needs={line.person: needs(line, marks) for line in lines},
        columns=columns,
        column_page=column_page,
        column_pages=column_pages,
        standings=standings,
        most_tries=MOST_TRIES,
        titles={**visit.titles([*seen, *(o.assignment.scenario for o in late[:NAMED])]), **titles},
        people=people,
        practised=overviews.practised(team, since),
        recent=RECENT_DAYS,
        disputes=overviews.open_disputes(team, MOST_COUNTED),
        late=late,
        named=NAMED,
        page=number,
        pages=pages,
    )


PAGE = Page("team", "/teams/{team}", "see_team", show=show)
