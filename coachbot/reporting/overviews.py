"""What the page shows of many sessions, as it is read: few rows, however many sessions there are.

Every list is of one page, every count that could grow has a ceiling, and every query finds its rows
by an index (``coachbot.store.overviews``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from coachbot.coaching.assigning import Assignment, Played
from coachbot.coaching.reviewing import Dispute
from coachbot.reporting.change import RELIABLE, SPAN, Change, Measured, change
from coachbot.scenario.models import PassMarks
from coachbot.scoring.interface import DIMENSIONS, Dimension

MOST_COUNTED = 50
"""A count that could grow stops here, and is then shown as ``50+``."""

MOST_TRIES = 10
"""The same for somebody's tries at one scenario: a table has hundreds of these."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which sessions are looked at; None: any.

    ``since``: those begun then (UTC, ISO 8601) or later. ``result``: ``passed``, or how those that
    did not pass ended. ``questioned``: with a question that waits; ``ungraded``: without any grade;
    ``unopened_by``: whose scores this person has not opened.
    """

    since: str | None = None
    scenario: str | None = None
    scorer: str | None = None
    result: str | None = None
    questioned: bool = False
    ungraded: bool = False
    unopened_by: str | None = None

    def __bool__(self) -> bool:
        return self != Sieve()


@dataclass(frozen=True, slots=True)
class Value:
    """A session on a dimension; ``score`` None: not scored, for a ``reason``."""

    score: float | None
    low: float | None
    high: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person gave in place of a session's score, 0 to 100, and what they are called."""

    grade: float
    by: str


@dataclass(frozen=True, slots=True)
class Grader:
    """Who graded a session; ``person`` None: forgotten since. ``blind``: without the score."""

    person: str | None
    name: str
    blind: bool


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
    graders: tuple[Grader, ...] = ()
    corrections: Mapping[Dimension, tuple[Correction, ...]] = field(default_factory=dict)
    """What people gave in place of the scores, newest first."""


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

    Of the newest ``MOST_TRIES``. ``latest``: when the newest began (UTC, ISO 8601).
    """

    tries: int
    passed: bool
    latest: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A trainee with what a team's page shows; ``sessions``: first attempts, up to the ceiling."""

    person: str
    name: str
    sessions: int
    newest: SessionLine | None
    ends: Mapping[Dimension, Ends] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lately:
    """A trainee's last scores on each dimension by the scorer used last, up to three, in order."""

    person: str
    name: str
    scorer: str | None = None
    last: Mapping[Dimension, tuple[Scored, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Need:
    """A dimension lately, beside the pass marks of the scenarios that it was scored in.

    ``sessions``: how many the level is the mean of. ``error``: its standard error, in points, from
    the ranges of their scores, as in :mod:`coachbot.reporting.change`.
    """

    level: float
    mark: float
    sessions: int
    error: float

    @property
    def short(self) -> float:
        """Points below the marks; negative above."""
        return self.mark - self.level

    @property
    def clear(self) -> bool:
        """Whether it is below by more than the error of measurement would make it (95 %)."""
        return self.short > RELIABLE * self.error


def needs_of(
    scored: Mapping[Dimension, Sequence[Scored]], marks: Mapping[str, PassMarks]
) -> dict[Dimension, Need]:
    """Where somebody stands on each dimension, over their last three scored sessions.

    ``scored``: their last scores on each, oldest first.
    """
    found: dict[Dimension, Need] = {}
    for dimension in DIMENSIONS:
        last = scored.get(dimension, ())[-SPAN:]
        if last:
            of_each = [getattr(marks.get(s.scenario, PassMarks()), dimension) for s in last]
            found[dimension] = Need(
                level=sum(s.value.score for s in last) / len(last),
                mark=sum(of_each) / len(of_each),
                sessions=len(last),
                error=math.sqrt(sum(s.value.error**2 for s in last)) / len(last),
            )
    return found


def neediest_first(people: Sequence[Lately], marks: Mapping[str, PassMarks]) -> list[Lately]:
    """By the largest gap to the pass marks; those with a clear one first, without scores last.

    Of equals the order stays.
    """

    def rank(one: Lately) -> tuple[bool, bool, float]:
        found = needs_of(one.last, marks).values()
        clear = [need.short for need in found if need.clear]
        return (not found, not clear, -max(clear or [need.short for need in found], default=0.0))

    return sorted(people, key=rank)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list of sessions ends: the next one begins with what is older."""

    started: str
    sequence: int


class Overviews(Protocol):
    """Reads what the page shows. All raise ``StoreError``."""

    def counted_people(self, team: str) -> int:
        """How many trainees a team has."""

    def names(self, team: str) -> list[tuple[str, str]]:
        """A team's trainees and what they are called, by name."""

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

    def lately(self, team: str, sieve: Sieve) -> list[Lately]:
        """The last scores of all of a team's trainees, by name."""

    def practised_in(self, team: str, scenarios: Sequence[str]) -> dict[str, int]:
        """How many of a team's trainees have finished each of these, without those of nobody."""

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
        """How many finished sessions somebody has, without retries."""
