"""A team: who practised and how it goes, who needs what, who is where with the scenarios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from coachbot.reporting.overviews import (
    MOST_COUNTED,
    MOST_TRIES,
    Lately,
    Need,
    PersonLine,
    Sieve,
    Standing,
    neediest_first,
    needs_of,
)
from coachbot.reporting.team import RECENT_DAYS, next_scenario
from coachbot.reporting.trust_finding import beside_gaps
from coachbot.web.pages import Page
from coachbot.web.pages.filters import read_filters
from coachbot.web.pages.late import late_in

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.scenario.models import Scenario
    from coachbot.scoring.interface import Dimension
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
    skip = (number - 1) * PEOPLE
    marks = {scenario.id: scenario.pass_marks for scenario in scenarios}
    lines: list[PersonLine] = []
    needy: list[Lately] = []
    if view == "skills":
        everybody = neediest_first(overviews.lately(team, filters.sieve), marks)
        needy = everybody[skip : skip + PEOPLE]
    else:
        lines = overviews.people(team, filters.sieve, skip=skip, most=PEOPLE)
    found = {one.person: needs_of(one.last, marks) for one in needy}
    offered = [s for s in titles if filters.sieve.scenario in (None, s)]
    practised_in = overviews.practised_in(team, offered) if view == "scenarios" else {}
    # Those that most people practise come first; of equals the order stays.
    columns = sorted(practised_in, key=lambda s: (-practised_in[s], offered.index(s)))
    column_pages = max(1, -(-len(columns) // COLUMNS))
    column_page = visit.number("columns", column_pages)
    columns = columns[(column_page - 1) * COLUMNS : column_page * COLUMNS]
    since = (visit.office.clock() - timedelta(days=RECENT_DAYS)).isoformat(timespec="seconds")
    late = late_in(visit, team)
    standings: dict[tuple[str, str], Standing] = {}
    people_here = [*(line.person for line in lines), *(one.person for one in needy)]
    if view == "scenarios":
        standings = overviews.standings(people_here, columns, filters.sieve)
    following = {}
    if view == "skills":
        played = overviews.standings(people_here, list(titles), Sieve())
        following = {who: _next(who, scenarios, found[who], played) for who in people_here}
    seen = [line.newest.scenario for line in lines if line.newest]
    return visit.render(
        "team.html",
        team=team,
        view=view,
        views=VIEWS,
        filters=filters,
        lines=lines,
        changes={o.person: {d: ends.change() for d, ends in o.ends.items()} for o in lines},
        needs=found,
        following=following,
        needy=needy,
        beside=_beside(visit, needy, found) if view == "skills" else "",
        unpractised=[titles[s] for s in offered if s not in practised_in],
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


def _next(
    person: str,
    scenarios: Sequence[Scenario],
    found: Mapping[Dimension, Need],
    played: Mapping[tuple[str, str], Standing],
) -> tuple[Scenario | None, Dimension | None]:
    """What somebody is to practise next, as the bot would tell them, and for which skill."""
    own = {scenario: stands for (who, scenario), stands in played.items() if who == person}
    weakest = min(found, key=lambda dimension: -found[dimension].short, default=None)
    chosen = next_scenario(
        scenarios,
        weakest=weakest,
        passed={scenario for scenario, stands in own.items() if stands.passed},
        order=sorted(own, key=lambda scenario: own[scenario].latest, reverse=True),
    )
    return chosen, weakest


def _beside(
    visit: Visit, needy: Sequence[Lately], found: Mapping[str, Mapping[Dimension, Need]]
) -> str:
    """What people's grades say of gaps of this size, by the scorer that most scores are of."""
    teams = visit.teams("grade_session")
    scorers = Counter(one.scorer for one in needy if one.scorer)
    if not teams or not scorers:
        return ""
    # Of the same teams as the trust page, which says the same and has the figures.
    page = visit.office.trusting.page(teams, max(scorers, key=lambda name: scorers[name]))
    gaps = [
        (dimension, need.short) for needed in found.values() for dimension, need in needed.items()
    ]
    return beside_gaps(page, gaps) if page else ""


PAGE = Page("team", "/teams/{team}", "see_team", show=show)
