"""The other files of a team's export: one row for each session, and one for each grade.

Sessions, beside what :mod:`coachbot.reporting.export` says of them: of each dimension ``score``,
``low`` and ``high`` (0 to 100; empty: not called for).

Grades: ``reply`` is its number from 1, empty for the session as a whole; ``grade``, and ``score``
that the scorer gave; ``confirms``: yes where both are the same and it was seen; ``blind``: yes
where it was not; ``graded_by`` is empty once that person was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from coachbot.reporting.export import ExportRow
from coachbot.scoring.interface import DIMENSIONS, Dimension

_OF_SESSION = (
    "name", "person", "session", "scenario", "scenario_version", "started", "ended", "outcome",
    "passed", "hints", "retry_of", "scorer",
)  # fmt: skip

SESSION_COLUMNS = (
    "team",
    *_OF_SESSION,
    *(f"{dimension}_{part}" for dimension in DIMENSIONS for part in ("score", "low", "high")),
)

GRADE_COLUMNS = (
    "team",
    "name",
    "person",
    "session",
    "scenario",
    "reply",
    "dimension",
    "grade",
    "score",
    "confirms",
    "blind",
    "graded_by",
    "graded",
    "comment",
    "scorer",
)


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A grade as it is stored, and whose session it is of."""

    person: str
    name: str
    session: str
    scenario: str
    reply: int | None
    dimension: Dimension
    grade: float
    score: float | None
    blind: bool
    graded_by: str | None
    graded: str
    comment: str | None
    scorer: str

    @property
    def confirms(self) -> bool:
        """Whether it says that the score is right."""
        return not self.blind and self.grade == self.score


def session_rows(team: str, rows: Iterable[ExportRow]) -> Iterator[tuple[object, ...]]:
    """The values of ``SESSION_COLUMNS``; ``rows``: those of one session after each other."""
    for _, of_one in groupby(rows, lambda row: row.session):
        by_dimension = {row.dimension: row for row in of_one}
        first = next(iter(by_dimension.values()))
        scores = (
            getattr(by_dimension.get(dimension), part, None)
            for dimension in DIMENSIONS
            for part in ("score", "low", "high")
        )
        yield (team, *(getattr(first, column) for column in _OF_SESSION), *scores)


def grade_rows(team: str, rows: Iterable[GradeRow]) -> Iterator[tuple[object, ...]]:
    """The values of ``GRADE_COLUMNS``."""
    for row in rows:
        yield (team, *(getattr(row, column) for column in GRADE_COLUMNS[1:]))
