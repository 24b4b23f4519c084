"""One scenario: its file's check, the bench, and how real people fare in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from coachbot.coaching.publishing import Reference
from coachbot.coaching.reviewing import FEELINGS
from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.charts import bench_chart
from coachbot.reporting.overviews import Sieve
from coachbot.reporting.scenario_overviews import MOST_READ, OF_EACH, Doing
from coachbot.reporting.team import SMALLEST_TEAM
from coachbot.web.pages import Page
from coachbot.web.pages.scenarios import knows, sent
from coachbot.web.scenario_desk import FileCheck
from coachbot.web.visit import Nowhere

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.coaching.publishing import ScenarioFile
    from coachbot.errors import Problem
    from coachbot.reporting.charts.bench_chart import BenchChart
    from coachbot.reporting.overviews import SessionLine
    from coachbot.reporting.scenario_overviews import KeptBench, Unsaid
    from coachbot.scenario.models import Scenario
    from coachbot.web.visit import Visit

NEWEST = 5
MOST_LINES = 80
"""Lines that are shown of those that were never said, so that the page stays small."""
MOST_PROBLEMS = 40


def show(visit: Visit) -> Response:
    """Show it, if it is offered to a team of the visitor's, or was sent for one."""
    name = visit.request.path_params["scenario"]
    desk = visit.office.scenarios
    teams = visit.teams("see_scenarios")
    file = sent(visit).get(name)
    offered = {one.id: one for one in visit.office.repertoire.scenarios(teams)}
    if file is None and name not in offered:
        raise Nowhere
    reference = str(Reference(file.scenario, file.version)) if file else name
    scenario, check = _read(visit, reference, file)
    bench = desk.benches.newest(name)
    doing = Doing(scenario, desk.overviews.attempts(teams, name)) if scenario else None
    known = knows(visit)
    told = doing is not None and doing.told_to(knows_them=known)
    unsaid = doing.unsaid(desk.line_of(reference)) if doing and told else None
    lines = _newest(visit, name)
    return visit.render(
        "scenario.html",
        name=name,
        title=scenario.title if scenario else name,
        scenario=scenario,
        file=file,
        check=check,
        problems=_places(check, MOST_PROBLEMS),
        bench=bench,
        chart=_chart(bench),
        doing=doing,
        told=told,
        feeling=_feeling(doing) if doing and told else "",
        unsaid=unsaid,
        never=_never(unsaid),
        most_lines=MOST_LINES,
        of_each=OF_EACH,
        most_read=MOST_READ,
        few=SMALLEST_TEAM,
        lines=lines,
        titles=visit.titles([line.scenario for line in lines]),
    )


def _read(
    visit: Visit, reference: str, file: ScenarioFile | None
) -> tuple[Scenario | None, FileCheck]:
    try:
        scenario = visit.office.repertoire.scenario(reference)
        return scenario, visit.office.scenarios.check(reference)
    except ScenarioError as error:
        shown = f"{file.scenario}.yaml" if file else f"{reference}.yaml"
        return None, FileCheck(shown, tuple(error.problems), ())
    except NotFound:
        raise Nowhere from None


def _places(check: FileCheck, most: int) -> list[tuple[str, str, Problem]]:
    """Mistakes first: what it is, where it is, and the rest."""
    found = [("Mistake", one) for one in check.mistakes]
    found += [("Warning", one) for one in check.warnings]
    return [
        (sort, f"Line {one.line}, column {one.column}" if one.line else "The file", one)
        for sort, one in found[:most]
    ]


def _chart(bench: KeptBench | None) -> BenchChart | None:
    try:
        return bench_chart(bench.result) if bench else None
    except ValidationError:
        return None


def _feeling(doing: Doing) -> str:
    felt = doing.felt
    return FEELINGS[round(felt[0]) - 1] if felt else ""


def _never(unsaid: Unsaid | None) -> list[tuple[str, list[tuple[int | None, str]]]]:
    """Lines by the list that they are in."""
    found: dict[str, list[tuple[int | None, str]]] = {}
    for line, place in unsaid.never[:MOST_LINES] if unsaid else ():
        found.setdefault(_bank(place.bank), []).append((line, " / ".join(place.line.say)))
    return list(found.items())


_BANKS = {
    "opening": "Opening",
    "fact": "Told when asked",
    "fact-again": "Asked for again",
    "need": "A need is let out",
    "need-thanks": "A need is taken up",
    "act-thanks": "An act is done",
    "act-press": "Pressing",
    "button": "A hot button is pressed",
    "comeback": "Comeback",
    "ending": "Last words",
}


def _bank(bank: str) -> str:
    kind, _, name = bank.partition(":")
    said = _BANKS.get(kind, kind)
    return f"{said}: {name.replace('_', ' ')}" if name and kind != "comeback" else said


def _newest(visit: Visit, name: str) -> list[SessionLine]:
    """The newest sessions of it that the visitor may read; a trainer alone gets none."""
    found = {
        line.session: line
        for team in visit.teams("read_session")[:8]
        for line in visit.office.overviews.sessions_of_team(
            team, Sieve(scenario=name), after=None, most=NEWEST
        )
    }
    return sorted(found.values(), key=lambda o: (o.started, o.sequence), reverse=True)[:NEWEST]


PAGE = Page("scenario", "/scenarios/{scenario}", "see_scenarios", show=show)
