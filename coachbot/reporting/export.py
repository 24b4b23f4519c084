"""A team's sessions and scores as CSV: one row for each session and dimension.

Columns, in this order (an empty cell: there is none, or it is not known):

- ``team``, ``name``, ``person``: whose session it is; ``person`` tells two of one name apart
- ``session``, ``scenario``, ``scenario_title`` (its name in the file; empty where that is gone),
  ``scenario_version``
- ``started``, ``ended``: UTC, ISO 8601
- ``outcome``: resolved, resolved_coldly, left, gave_up, ended or out_of_turns
- ``passed``: yes or no, as it counts: after a person's correction of what was done, if there is one
- ``hints``: replies for which a hint was read
- ``retry_of``: the session that this one is a second attempt of; that one is the one that counts
- ``dimension``, ``status`` (scored or unscored), ``reason`` (why it is unscored)
- ``score``, ``low``, ``high``: the session's value and its range, 0 to 100
- ``pass_mark``, ``met`` (yes or no): of the version of the scenario that was played
- ``scorer``: name and version
- ``grade``: the newest that a person gave the session as a whole, 0 to 100; then ``graded_by``,
  ``graded`` (UTC), ``blind`` (yes: without having seen the score) and ``comment``
- ``practice_only``: yes where this scorer's scores on the dimension are not trusted for more
- ``passed_at_first``: yes or no, as the program decided when the session ended

UTF-8 with a byte order mark, by which spreadsheets know the encoding; lines end in CR LF.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from coachbot.scenario.models import PassMarks
from coachbot.scoring.interface import Dimension

BOM = "\ufeff"

WHICH_SESSION = ("team", "name", "person", "session", "scenario", "scenario_title")
"""The columns with which every file begins: whose session it is, and of what."""

COLUMNS = (
    *WHICH_SESSION,
    "scenario_version",
    "started",
    "ended",
    "outcome",
    "passed",
    "hints",
    "retry_of",
    "dimension",
    "status",
    "reason",
    "score",
    "low",
    "high",
    "pass_mark",
    "met",
    "scorer",
    "grade",
    "graded_by",
    "graded",
    "blind",
    "comment",
    "practice_only",
    "passed_at_first",
)

_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What a formula can begin with; the last four are the same signs in full width."""


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A finished session on one dimension, as it is stored; ``grade`` is the newest one."""

    person: str
    name: str
    session: str
    scenario: str
    scenario_version: int
    started: str
    ended: str | None
    outcome: str | None
    passed: bool
    passed_at_first: bool
    retry_of: str | None
    scorer: str
    hints: int
    dimension: Dimension
    status: str
    reason: str | None
    score: float | None
    low: float | None
    high: float | None
    grade: float | None
    blind: bool | None
    comment: str | None
    graded: str | None
    graded_by: str | None


Marks = Callable[[str, int], PassMarks | None]
"""The pass marks of a scenario (as sessions name it) in a version; None where not known."""

Titles = Callable[[str], str | None]
"""What a scenario (as sessions name it) is called; None where not known."""


def csv_lines(
    team: str,
    rows: Iterable[ExportRow],
    marks: Marks,
    practice_only: Callable[[str], Collection[Dimension]] = lambda _scorer: (),
    titles: Titles = lambda _scenario: None,
) -> Iterator[str]:
    """The file, one line at a time, the first with the byte order mark; encode as UTF-8.

    ``practice_only``: the dimensions of a scorer that are to be marked so; asked once for each.
    Only the row in hand is kept. No cell of text can be taken for a formula.
    """
    return as_csv(COLUMNS, score_rows(team, rows, marks, practice_only, titles))


def score_rows(
    team: str,
    rows: Iterable[ExportRow],
    marks: Marks,
    practice_only: Callable[[str], Collection[Dimension]] = lambda _scorer: (),
    titles: Titles = lambda _scenario: None,
) -> Iterator[tuple[object, ...]]:
    """The values of ``COLUMNS`` for each row; see :func:`csv_lines`."""
    marked: dict[str, Collection[Dimension]] = {}
    for row in rows:
        if row.scorer not in marked:
            marked[row.scorer] = practice_only(row.scorer)
        only = row.dimension in marked[row.scorer]
        yield tuple(_values(team, row, marks, only, titles(row.scenario)))


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A CSV file, one line at a time, the first with the byte order mark; encode as UTF-8."""
    written: list[str] = []
    writer = csv.writer(_Lines(written))
    writer.writerow(columns)
    yield BOM + written.pop()
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield written.pop()


def as_json(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The same as a JSON array of objects, one a line; what is not there is null."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


class _Lines:
    """What the csv module writes to: keeps the line until it is taken."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def write(self, line: str) -> None:
        """Keep a line."""
        self._lines.append(line)


def _values(
    team: str, row: ExportRow, marks: Marks, only: bool, title: str | None
) -> Iterator[object]:
    of_scenario = marks(row.scenario, row.scenario_version)
    mark: float | None = getattr(of_scenario, row.dimension) if of_scenario else None
    met = None if mark is None or row.score is None else row.score >= mark
    computed: dict[str, object] = {
        "team": team,
        "scenario_title": title,
        "pass_mark": mark,
        "met": met,
        "practice_only": only,
    }
    for column in COLUMNS:
        yield computed[column] if column in computed else getattr(row, column)


def _cell(value: object) -> str:
    """The value as text; an apostrophe before what a spreadsheet would compute."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}"
    text = str(value).replace("\0", "")
    seen = text.lstrip()
    if text[:1] in ("\t", "\r", "\n") or (seen and seen[0] in _FORMULA):
        return "'" + text
    return text
