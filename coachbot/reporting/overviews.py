"""What the page shows of many sessions, as it is read: few rows, however many sessions there are.

Every list is of one page, every count that could grow has a ceiling, and every query finds its rows
by an index (``coachbot.store.overviews``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from coachbot.coaching.assigning import Assignment, Played
from coachbot.coaching.reviewing import Dispute
from coachbot.reporting.change import SPAN, Change, Measured, change
from coachbot.scenario.models import PassMarks
from coachbot.scoring.interface import DIMENSIONS, Dimension

MOST_COUNTED = 50
"""A count that could grow stops here, and is then shown as ``50+``."""

MOST_TRIES = 10
"""The same for somebody's tries at one scenario: a table has hundreds of these."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which sessions are looked at; None: any.

    ``since``: those begun then (UTC, ISO 8601) or later.
    """

    since: str | None = None
    scenario: str | None = None
    scorer: str | None = None

    def __bool__(self) -> bool:
        return any((self.since, self.scenario, self.scorer))


@dataclass(frozen=True, slots=True)
class Value:
    """A session on a dimension; ``score`` None: not scored, for a ``reason``."""

    score: float | None
    low: float | None
    high: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A finished session in a list.

    ``again``: a second attempt, which does not count. ``questioned``: a question about its scores
    waits for an answer. ``graded``: somebody has given a grade.
    """

    session: str
    sequence: int
    person: str
    name: str
    scenario: str
    started: str
    outcome: str | None
    passed: bool
    scorer: str
    with_help: bool
    again: bool
    questioned: bool
    graded: bool
    values: Mapping[Dimension, Value]


@dataclass(frozen=True, slots=True)
class Scored:
    """A session's score on a dimension, and which scenario it was in."""

    scenario: str
    value: Measured


@dataclass(frozen=True, slots=True)
class Ends:
    """The first and the last scores on a dimension, each oldest first, by the scorer used last.

    Up to three each. ``first`` is empty while the two would overlap.
    """

    first: tuple[Scored, ...] = ()
    last: tuple[Scored, ...] = ()

    def change(self) -> Change:
        """How it went, by the rule of :mod:`coachbot.reporting.change`."""
        return change([s.value for s in self.first], [s.value for s in self.last])


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody in a scenario: first attempts that were finished, and whether one passed.

    Of the newest ``MOST_TRIES``.
    """

    tries: int
    passed: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A trainee with what a team's page shows; ``sessions``: first attempts, up to the ceiling."""

    person: str
    name: str
    sessions: int
    newest: SessionLine | None
    ends: Mapping[Dimension, Ends] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Need:
    """A dimension lately, beside the pass marks of the scenarios that it was scored in."""

    level: float
    mark: float

    @property
    def short(self) -> float:
        """Points below the marks; negative above."""
        return self.mark - self.level


def needs(line: PersonLine, marks: Mapping[str, PassMarks]) -> dict[Dimension, Need]:
    """Where somebody stands on each dimension, over their last three scored sessions."""
    found: dict[Dimension, Need] = {}
    for dimension in DIMENSIONS:
        last = line.ends[dimension].last[-SPAN:] if dimension in line.ends else ()
        if last:
            of_each = [getattr(marks.get(s.scenario, PassMarks()), dimension) for s in last]
            level = sum(s.value.score for s in last) / len(last)
            found[dimension] = Need(level, sum(of_each) / len(of_each))
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list of sessions ends: the next one begins with what is older."""

    started: str
    sequence: int


class Overviews(Protocol):
    """Reads what the page shows. All raise ``StoreError``."""

    def counted_people(self, team: str) -> int:
        """How many trainees a team has."""

    def practised(self, team: str, since: str) -> int:
        """How many of them began a session since then (UTC, ISO 8601) that is finished."""

    def people(self, team: str, sieve: Sieve, *, skip: int, most: int) -> list[PersonLine]:
        """A page of a team's trainees, by name."""

    def person(self, person: str, name: str, sieve: Sieve) -> PersonLine:
        """One of them."""

    def standings(
        self, people: Sequence[str], scenarios: Sequence[str], sieve: Sieve
    ) -> dict[tuple[str, str], Standing]:
        """How people stand in scenarios; without the pairs that were never played."""

    def scorers(self) -> list[str]:
        """The scorers that sessions were scored by, newest name first."""

    def open_disputes(self, team: str, most: int) -> list[tuple[str, str, Dispute]]:
        """What trainees asked and nobody answered, oldest first, with who did and their name."""

    def late(self, team: str, today: str, most: int) -> list[tuple[Assignment, str, str]]:
        """Assignments due before a day and not passed by the scenario's own marks, oldest first.

        With the person and their name. These are candidates: attempts used up and marks of
        an assignment's own are not looked at.
        """

    def played_for(self, assignment: Assignment, person: str) -> list[Played]:
        """The first sessions of it that somebody began since it was assigned, oldest first."""

    def sessions_of_team(
        self, team: str, sieve: Sieve, *, after: Place | None, most: int
    ) -> list[SessionLine]:
        """The finished sessions of a team's trainees, newest first, retries included."""

    def sessions_of(
        self, person: str, sieve: Sieve, *, after: Place | None, most: int
    ) -> list[SessionLine]:
        """Those of one person."""

    def counted_sessions(self, person: str) -> int:
        """How many finished sessions somebody has, retries included."""
