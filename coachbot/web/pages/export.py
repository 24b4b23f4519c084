"""Files of a team's sessions, scores and grades, for spreadsheets and for programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.export import COLUMNS, ExportRow, as_csv, as_json, score_rows
from coachbot.reporting.export_files import (
    GRADE_COLUMNS,
    SESSION_COLUMNS,
    GradeRow,
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
    return visit.render(
        "export.html",
        teams=teams,
        kinds=KINDS,
        formats=(("csv", "CSV"), ("json", "JSON")),
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
    named = f'attachment; filename="coachbot-{slug}-{kind}.{ending}"'
    return StreamingResponse(
        chain(begun, _pieces(lines)),
        media_type=f"{media}; charset=utf-8",
        headers={"content-disposition": named},
    )


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
    exports = visit.office.exports
    if kind == "grades":
        return GRADE_COLUMNS, grade_rows(team, _coded_grades(visit, exports.grades(team)))
    rows = _coded(visit, exports.scores(team))
    if kind == "sessions":
        return SESSION_COLUMNS, session_rows(team, rows)
    only = visit.office.trusting.practice_only
    return COLUMNS, score_rows(team, rows, _marks(visit), only)


def _coded(visit: Visit, rows: Iterable[ExportRow]) -> Iterator[ExportRow]:
    """With codes in place of ids, which have people's numbers on Telegram in them."""
    return (replace(row, person=visit.key("person", row.person)) for row in rows)


def _coded_grades(visit: Visit, rows: Iterable[GradeRow]) -> Iterator[GradeRow]:
    return (replace(row, person=visit.key("person", row.person)) for row in rows)


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
