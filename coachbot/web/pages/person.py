"""One hire over time: where each dimension goes, the focus, what is assigned, the sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.coaching.assigning import STATUS_NAMES, standing
from coachbot.reporting.charts import progress_chart
from coachbot.reporting.charts.progress_chart import SHOWN, ProgressChart
from coachbot.reporting.overviews import Ends, PersonLine, SessionLine, Sieve
from coachbot.reporting.progress import ProgressRow, Trend, trend
from coachbot.scoring.interface import DIMENSIONS, DimensionScore, DimensionScores
from coachbot.web.pages import Page
from coachbot.web.pages.filters import read_filters
from coachbot.web.pages.sessions import read_place, write_place

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.coaching.assigning import Assignment, Standing
    from coachbot.coaching.people import Member
    from coachbot.web.visit import Visit

SESSIONS = 12
ASSIGNED = 20
FOCUSES = 5


def show(visit: Visit) -> Response:
    """Show one person."""
    hire = visit.somebody(visit.request.path_params["person"])
    office = visit.office
    teams = tuple(team for team in visit.teams("read_session") if team in hire.teams)
    scenarios = office.repertoire.scenarios(teams)
    filters = read_filters(visit, [(s.id, s.title) for s in scenarios])
    line = office.overviews.person(hire.person, hire.name, filters.sieve)
    after = read_place(visit)
    lines = office.overviews.sessions_of(hire.person, filters.sieve, after=after, most=SESSIONS + 1)
    shown = lines[:SESSIONS]
    assigned = _assigned(visit, hire)
    focuses = office.records.focuses(hire.person)[:FOCUSES]
    return visit.render(
        "person.html",
        hire=hire,
        teams=teams,
        filters=filters,
        line=line,
        changes={dimension: ends.change() for dimension, ends in line.ends.items()},
        chart=_chart(visit, line, filters.sieve),
        focus=next((focus for focus in focuses if focus.ended is None), None),
        earlier=[focus for focus in focuses if focus.ended is not None],
        assigned=assigned,
        lines=shown,
        older=write_place(shown[-1]) if len(lines) > SESSIONS else "",
        begun=after is None,
        titles=visit.titles([o.scenario for o in shown] + [a[0].scenario for a in assigned]),
    )


def _assigned(visit: Visit, hire: Member) -> list[tuple[Assignment, Standing, str]]:
    office = visit.office
    today = office.clock().astimezone(office.assigning.zone).date()
    found = []
    for assignment in office.assigning.repository.assignments_of(hire.person)[-ASSIGNED:]:
        if assignment.team not in visit.teams():
            continue
        where = standing(
            assignment,
            office.overviews.played_for(assignment, hire.person),
            today=today,
            zone=office.assigning.zone,
        )
        found.append((assignment, where, STATUS_NAMES[where.status]))
    return found


def _chart(visit: Visit, line: PersonLine, sieve: Sieve) -> ProgressChart | None:
    """The latest sessions as a chart, with the trends of all of them."""
    newest = visit.office.overviews.sessions_of(line.person, sieve, after=None, most=SHOWN)
    if not newest:
        return None
    titles = visit.titles([one.scenario for one in newest])
    rows = [_row(one, titles) for one in reversed(newest)]
    drawn = progress_chart(rows, _trends(line))
    total = drawn.total
    if not sieve:
        total = max(total, visit.office.overviews.counted_sessions(line.person))
    missing = total - drawn.total
    numbered = tuple(
        one.model_copy(update={"number": one.number + missing}) for one in drawn.sessions
    )
    return drawn.model_copy(update={"total": total, "sessions": numbered})


def _row(one: SessionLine, titles: dict[str, str]) -> ProgressRow:
    values = {
        dimension: DimensionScore(
            status="scored" if value.score is not None else "unscored",
            reason=value.reason,  # type: ignore[arg-type]  # it was one when it was stored
            score=value.score,
            low=value.low,
            high=value.high,
        )
        for dimension, value in one.values.items()
    }
    return ProgressRow(
        session=one.session,
        scenario=titles[one.scenario],
        started=one.started,
        outcome=one.outcome,  # type: ignore[arg-type]  # as above
        passed=one.passed,
        with_help=one.with_help,
        values=DimensionScores(**values),
        scorer=one.scorer,
        retry_of=one.session if one.again else None,
    )


def _trends(line: PersonLine) -> list[Trend]:
    ends = {dimension: line.ends.get(dimension, Ends()) for dimension in DIMENSIONS}
    return [
        trend(dimension, [one.value for one in (*found.first, *found.last)])
        for dimension, found in ends.items()
    ]


PAGE = Page("person", "/people/{person}", "read_session", show=show)
