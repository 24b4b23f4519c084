"""The other files of a team's export: one row for each session, each grade, each verdict.

In all of them ``scenario_title`` stands beside a scenario's id, and what is true is yes or no.

Sessions, beside what :mod:`coachbot.reporting.export` says of them: of each dimension ``score``,
``low`` and ``high`` (0 to 100; empty: not called for).

Grades: ``reply`` is its number from 1, empty for the session as a whole; ``grade``, and ``score``
that the scorer gave; ``confirms``: yes where both are the same and it was seen; ``blind``: yes
where it was not; ``replaced``: yes where that person has graded the same again since; ``graded_by``
is empty once they were forgotten.

Acts: what people say was done, beside what the program saw. ``act``: its name in the scenario, and
``what`` it is there (empty: no longer known); ``done`` and ``reply``, the one that did it; ``seen``
and ``seen_in``: whether the program saw it done, and in which reply; ``counts``: yes for the newest
verdict on an act; ``judged_by`` is empty once that person was forgotten. ``passed`` and
``passed_at_first``: of the session, as it counts and as the program decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from coachbot.reporting.export import WHICH_SESSION, ExportRow, Titles
from coachbot.scoring.interface import DIMENSIONS, Dimension

_OF_SESSION = (
    *WHICH_SESSION[1:], "scenario_version", "started", "ended", "outcome", "passed", "hints",
    "retry_of", "scorer",
)  # fmt: skip

SESSION_COLUMNS = (
    "team",
    *_OF_SESSION,
    *(f"{dimension}_{part}" for dimension in DIMENSIONS for part in ("score", "low", "high")),
    "passed_at_first",
)

GRADE_COLUMNS = (
    *WHICH_SESSION,
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
    "replaced",
)


ACT_COLUMNS = (
    *WHICH_SESSION,
    "act",
    "what",
    "done",
    "reply",
    "seen",
    "seen_in",
    "counts",
    "judged_by",
    "judged",
    "comment",
    "passed",
    "passed_at_first",
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
    replaced: bool

    @property
    def confirms(self) -> bool:
        """Whether it says that the score is right."""
        return not self.blind and self.grade == self.score


def session_rows(
    team: str, rows: Iterable[ExportRow], titles: Titles
) -> Iterator[tuple[object, ...]]:
    """The values of ``SESSION_COLUMNS``; ``rows``: those of one session after each other."""
    for _, of_one in groupby(rows, lambda row: row.session):
        by_dimension = {row.dimension: row for row in of_one}
        first = next(iter(by_dimension.values()))
        scores = (
            getattr(by_dimension.get(dimension), part, None)
            for dimension in DIMENSIONS
            for part in ("score", "low", "high")
        )
        title = titles(first.scenario)
        of_session = (
            title if column == "scenario_title" else getattr(first, column)
            for column in _OF_SESSION
        )
        yield (team, *of_session, *scores, first.passed_at_first)


def grade_rows(team: str, rows: Iterable[GradeRow], titles: Titles) -> Iterator[tuple[object, ...]]:
    """The values of ``GRADE_COLUMNS``."""
    for row in rows:
        given = {"team": team, "scenario_title": titles(row.scenario)}
        yield tuple(
            given[column] if column in given else getattr(row, column) for column in GRADE_COLUMNS
        )


@dataclass(frozen=True, slots=True)
class ActRow:
    """A verdict on an act as it is stored, and whose session it is of; ``seen_in``: the reply."""

    person: str
    name: str
    session: str
    scenario: str
    act: str
    done: bool
    reply: int | None
    seen_in: int | None
    counts: bool
    judged_by: str | None
    judged: str
    comment: str
    passed: bool
    passed_at_first: bool

    @property
    def seen(self) -> bool:
        """Whether the program saw it done."""
        return self.seen_in is not None


def act_rows(
    team: str,
    rows: Iterable[ActRow],
    what: Callable[[str, str], str | None],
    titles: Titles,
) -> Iterator[tuple[object, ...]]:
    """The values of ``ACT_COLUMNS``; ``what``: an act of a scenario in words, None if unknown."""
    for row in rows:
        given = {
            "team": team,
            "scenario_title": titles(row.scenario),
            "what": what(row.scenario, row.act),
        }
        yield tuple(
            given[column] if column in given else getattr(row, column) for column in ACT_COLUMNS
        )
