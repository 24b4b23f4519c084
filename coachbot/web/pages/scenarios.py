"""The scenarios of somebody's teams, and how each is doing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from coachbot.coaching.publishing import Reference, ScenarioFile, reference_of
from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.team import SMALLEST_TEAM
from coachbot.web.pages import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from coachbot.reporting.scenario_overviews import BenchLine, ScenarioLine
    from coachbot.scenario.models import Scenario
    from coachbot.web.visit import Visit

A_PAGE = 15
"""Scenarios a page: what each costs to look up grows with the people of the teams."""

STATES = {"draft": "Draft", "published": "Published", "withdrawn": "Withdrawn"}


@dataclass(frozen=True)
class Row:
    """A scenario in the list; ``scenario`` None: its file can't be read any more."""

    id: str
    scenario: Scenario | None
    state: str
    doing: ScenarioLine | None
    bench: BenchLine | None


def show(visit: Visit) -> Response:
    """Show a page of them."""
    desk = visit.office.scenarios
    teams = visit.teams("see_scenarios")
    entries = _entries(visit, teams)
    pages = max(1, -(-len(entries) // A_PAGE))
    page = visit.number("page", pages)
    shown = entries[(page - 1) * A_PAGE : page * A_PAGE]
    ids = [name for name, _, _ in shown]
    doing = desk.overviews.lines(teams, ids)
    benches = desk.benches.lines(ids)
    return visit.render(
        "scenarios.html",
        rows=[Row(n, read, state, doing.get(n), benches.get(n)) for n, read, state in shown],
        page=page,
        pages=pages,
        knows=knows(visit),
        few=SMALLEST_TEAM,
        broken=[(PurePath(one.file).name, one) for one in desk.broken()],
        trainer=bool(visit.teams("send_scenario")),
    )


def knows(visit: Visit) -> bool:
    """Whether the visitor may read the sessions of all the people who are counted here."""
    return set(visit.teams("see_scenarios")) <= set(visit.teams("read_session"))


def sent(visit: Visit) -> dict[str, ScenarioFile]:
    """Of each scenario of the visitor's teams that was sent, the version that matters most."""
    found: dict[str, ScenarioFile] = {}
    for file in visit.office.scenarios.files.of_teams(visit.teams("send_scenario")):
        if file.state == "published" or file.scenario not in found:
            found[file.scenario] = file
    return found


def _entries(visit: Visit, teams: Sequence[str]) -> list[tuple[str, Scenario | None, str]]:
    """Id, scenario and state; drafts and what was withdrawn come first, as somebody's own work."""
    own = sent(visit)
    offered = [
        (one.id, one, STATES["published"] if one.id in own else "")
        for one in visit.office.repertoire.scenarios(teams)
    ]
    known = {name for name, _, _ in offered}
    others = [
        (name, read_version(visit, file), STATES.get(file.state, ""))
        for name, file in own.items()
        if name not in known
    ]
    return [*others, *offered]


def read_version(visit: Visit, file: ScenarioFile) -> Scenario | None:
    """A version of a scenario that was sent; None where this CoachBot can't read it."""
    try:
        name = str(Reference(file.scenario, file.version))
        return visit.office.repertoire.scenario(name)
    except (NotFound, ScenarioError):
        return None


def plain(name: str) -> str:
    """The id of a scenario, whichever version is named."""
    found = reference_of(name)
    return found.scenario if found else name


PAGE = Page("scenarios", "/scenarios", "see_scenarios", show=show, menu="Scenarios")
