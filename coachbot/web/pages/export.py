"""Files of a team's sessions, scores and grades, for spreadsheets and for programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import StreamingResponse

from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.export import COLUMNS, ExportRow, as_csv, as_json, score_rows
from coachbot.reporting.export_files import (
    ACT_COLUMNS,
    GRADE_COLUMNS,
    SESSION_COLUMNS,
    GradeRow,
    act_rows,
    grade_rows,
    session_rows,
)
from coachbot.web.pages import Page
from coachbot.web.visit import Nowhere

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.scenario.models import PassMarks
    from coachbot.web.visit import Visit

KINDS = (
    ("sessions", "Sessions", "One row for each finished session, with its three scores."),
    ("scores", "Scores", "One row for each session and dimension, with range and newest grade."),
    ("grades", "Grades", "One row for each grade that somebody gave a session or a reply."),
    ("acts", "What was done", "One row for each time somebody corrected what counts as done."),
)
AT_ONCE = 200
"""Lines that are sent in one piece."""

_WRITERS: dict[
    str, tuple[Callable[[Sequence[str], Iterable[Sequence[object]]], Iterator[str]], str]
]
_WRITERS = {"csv": (as_csv, "text/csv"), "json": (as_json, "application/json")}


def show(visit: Visit) -> Response:
    """Show which files there are, for each team."""
    teams = visit.teams("export_team")
    first, last = _days(visit)
    named = {"from": first, "to": last}
    query = urlencode({name: day.isoformat() for name, day in named.items() if day})
    return visit.render(
        "export.html",
        teams=teams,
        kinds=KINDS,
        formats=(("csv", "CSV"), ("json", "JSON")),
        first=first.isoformat() if first else "",
        last=last.isoformat() if last else "",
        turned=bool(first and last and last < first),
        query=f"?{query}" if query else "",
        record_store=visit.office.tells_record_store,
    )


def file(visit: Visit) -> Response:
    """Hand out one of them, as it is read."""
    parts = visit.request.path_params
    team = visit.team(parts["team"], "export_team")
    kind, _, ending = parts["file"].rpartition(".")
    if kind not in {name for name, _, _ in KINDS} or ending not in _WRITERS:
        raise Nowhere
    columns, rows = _rows(visit, team, kind)
    write, media = _WRITERS[ending]
    lines = write(columns, rows)
    # What can't be read at all is said on a page; later on the file would only end too early.
    begun = list(_pieces(chain([next(lines)], lines), most=1))
    slug = re.sub(r"[^a-z0-9]+", "-", team.casefold()).strip("-") or "team"
    first, last = _days(visit)
    days = "".join(f"-{word}-{day}" for word, day in (("from", first), ("to", last)) if day)
    named = f'attachment; filename="coachbot-{slug}-{kind}{days}.{ending}"'
    return StreamingResponse(
        chain(begun, _pieces(lines)),
        media_type=f"{media}; charset=utf-8",
        headers={"content-disposition": named},
    )


def _days(visit: Visit) -> tuple[date | None, date | None]:
    """The first and the last day that are asked for; what is no day counts as not said."""
    first, last = (_day(visit.query.get(name, "")) for name in ("from", "to"))
    return first, last


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None


def _time(visit: Visit) -> tuple[str, str]:
    """From the beginning of the first day until the end of the last one, where people are; UTC."""
    zone = visit.office.assigning.zone
    first, last = _days(visit)

    def midnight(day: date) -> str:
        at = datetime.combine(day, time(), zone)
        return at.astimezone(UTC).isoformat(timespec="seconds")

    try:
        since = midnight(first) if first else ""
        return since, midnight(last + timedelta(days=1)) if last else "9999"
    except OverflowError:
        # The first or the last day that there is: nothing was before it, or comes after.
        return "", "9999"


def _pieces(lines: Iterator[str], most: int | None = None) -> Iterator[bytes]:
    """The lines in larger pieces, up to so many pieces."""
    made = 0
    held: list[str] = []
    for line in lines:
        held.append(line)
        if len(held) >= AT_ONCE:
            yield "".join(held).encode()
            held = []
            made += 1
            if made == most:
                return
    yield "".join(held).encode()


def _rows(visit: Visit, team: str, kind: str) -> tuple[Sequence[str], Iterator[tuple[object, ...]]]:
    exports, begun, titles = visit.office.exports, _time(visit), _titles(visit)
    if kind == "grades":
        grades = _coded_grades(visit, exports.grades(team, *begun))
        return GRADE_COLUMNS, grade_rows(team, grades, titles)
    if kind == "acts":
        found = exports.acts(team, *begun)
        acts = (replace(row, person=visit.key("person", row.person)) for row in found)
        return ACT_COLUMNS, act_rows(team, acts, _whats(visit), titles)
    rows = _coded(visit, exports.scores(team, *begun))
    if kind == "sessions":
        return SESSION_COLUMNS, session_rows(team, rows, titles)
    only = visit.office.trusting.practice_only
    return COLUMNS, score_rows(team, rows, _marks(visit), only, titles)


def _coded(visit: Visit, rows: Iterable[ExportRow]) -> Iterator[ExportRow]:
    """With codes in place of ids, which have people's numbers on Telegram in them."""
    return (replace(row, person=visit.key("person", row.person)) for row in rows)


def _coded_grades(visit: Visit, rows: Iterable[GradeRow]) -> Iterator[GradeRow]:
    return (replace(row, person=visit.key("person", row.person)) for row in rows)


def _titles(visit: Visit) -> Callable[[str], str | None]:
    """What scenarios are called, each looked up once."""
    known: dict[str, str | None] = {}

    def title(scenario: str) -> str | None:
        if scenario not in known:
            try:
                known[scenario] = visit.office.repertoire.scenario(scenario).title
            except (NotFound, ScenarioError):
                known[scenario] = None
        return known[scenario]

    return title


def _whats(visit: Visit) -> Callable[[str, str], str | None]:
    """Acts in words, each scenario looked up once."""
    known: dict[str, dict[str, str]] = {}

    def what(scenario: str, act: str) -> str | None:
        if scenario not in known:
            try:
                acts = visit.office.repertoire.scenario(scenario).resolution.acts
            except (NotFound, ScenarioError):
                acts = ()
            known[scenario] = {one.id: one.what for one in acts}
        return known[scenario].get(act)

    return what


def _marks(visit: Visit) -> Callable[[str, int], PassMarks | None]:
    known: dict[tuple[str, int], PassMarks | None] = {}

    def marks(scenario: str, version: int) -> PassMarks | None:
        if (scenario, version) not in known:
            try:
                found = visit.office.repertoire.scenario(scenario)
            except (NotFound, ScenarioError):
                found = None
            fits = found is not None and found.version == version
            known[scenario, version] = found.pass_marks if found is not None and fits else None
        return known[scenario, version]

    return marks


PAGES = (
    Page("export", "/export", "export_team", show=show, menu="Export"),
    Page("export_file", "/export/{team}/{file}", "export_team", show=file),
)
