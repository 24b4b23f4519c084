"""How scenarios are doing, as trainers see it: the bench, and the sessions of real people.

Of real people there are only figures here, and none of fewer than ``SMALLEST_TEAM`` people for who
may not see the people themselves (:meth:`Doing.told_to`).
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from coachbot.customer.lines import keys
from coachbot.reporting.bench_lines import LinePlace, lines_of
from coachbot.reporting.bench_models import BenchResult
from coachbot.reporting.team import SMALLEST_TEAM
from coachbot.scenario.finding import KeyPath
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import Dimension

OF_EACH = 5
"""First attempts of one person that count, the newest: nobody outweighs the others."""

MOST_READ = 200
"""Sessions that the page of a scenario is made of, the newest."""

SMALL = 20
"""Sessions from which a share is told in per cent; of fewer, as so many of so many."""

LOST = ("left", "gave_up")
"""Endings in which the customer was lost."""


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """How a scenario does, in a list; of each person up to ``OF_EACH`` sessions."""

    sessions: int
    people: int
    passed: int

    @property
    def passes(self) -> Part:
        """How many of the sessions passed."""
        return Part("", self.passed, self.sessions)

    @property
    def few(self) -> bool:
        """Whether so few people played it that one could be told apart."""
        return self.people < SMALLEST_TEAM


@dataclass(frozen=True, slots=True)
class BenchLine:
    """A result of the bench, in a list; ``measured``: difficulty, 0 to 100."""

    version: int
    scorer: str
    ran: str
    flags: int
    measured: float | None


@dataclass(frozen=True, slots=True)
class KeptBench:
    """A result of the bench, and when it was run (UTC, ISO 8601)."""

    ran: str
    result: BenchResult


@dataclass(frozen=True, slots=True)
class Attempt:
    """A finished first attempt, without whose it is but for telling people apart.

    ``mood``: the last, 0 to 100; ``turns``: replies. ``said``: keys of the customer's lines
    (``coachbot.customer.lines.key``). ``feeling``: 1 very bad to 5 very good.
    """

    person: str
    version: int
    outcome: str
    passed: bool
    turns: int
    mood: float
    acts: frozenset[str]
    needs: frozenset[str]
    buttons: frozenset[str]
    said: frozenset[str]
    feeling: int | None = None
    values: Mapping[Dimension, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """An act, a need or a hot button: in how many sessions it came to pass."""

    what: str
    count: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.count / self.of

    @property
    def told(self) -> str:
        """Such as ``1 of 8``, or ``12 %`` of many."""
        return f"{100 * self.share:.0f} %" if self.of >= SMALL else f"{self.count} of {self.of}"


@dataclass(frozen=True)
class Doing:
    """How real people fare in a scenario. ``attempts``: the newest first."""

    scenario: Scenario
    attempts: Sequence[Attempt]

    @property
    def sessions(self) -> int:
        """First attempts that count."""
        return len(self.attempts)

    @property
    def people(self) -> int:
        """Whose they are."""
        return len({one.person for one in self.attempts})

    @property
    def capped(self) -> bool:
        """Whether there may be older ones."""
        return self.sessions >= MOST_READ

    @property
    def versions(self) -> tuple[int, ...]:
        """Versions of the file that were played."""
        return tuple(sorted({one.version for one in self.attempts}))

    def told_to(self, *, knows_them: bool) -> bool:
        """Whether figures may be told; ``knows_them``: to who may read the sessions anyway."""
        return bool(self.attempts) and (knows_them or self.people >= SMALLEST_TEAM)

    def ended(self, *outcomes: str) -> Part:
        """Sessions that ended in one of these ways."""
        return self._part("", [one.outcome in outcomes for one in self.attempts])

    def ended_without_pass(self, *outcomes: str) -> Part:
        """Those of them that did not pass: with :attr:`passed`, every session counts once."""
        return self._part("", [one.outcome in outcomes and not one.passed for one in self.attempts])

    @property
    def passed(self) -> Part:
        """Sessions that passed."""
        return self._part("", [one.passed for one in self.attempts])

    @property
    def mood(self) -> float:
        """The mean mood at the end, 0 to 100."""
        return statistics.fmean(one.mood for one in self.attempts)

    @property
    def replies(self) -> float:
        """The median number of replies."""
        return statistics.median(one.turns for one in self.attempts)

    @property
    def lost_at(self) -> list[tuple[int, int]]:
        """After which reply the customer was lost, and in how many sessions, in order."""
        lost = [one.turns for one in self.attempts if one.outcome in LOST]
        return sorted((number, lost.count(number)) for number in set(lost))

    @property
    def acts_missed(self) -> list[Part]:
        """Acts, the one that is missed most often first."""
        return _most_first(
            self._part(act.what, [act.id not in one.acts for one in self.attempts])
            for act in self.scenario.resolution.acts
        )

    @property
    def needs_missed(self) -> list[Part]:
        """Hidden needs, the one that is found least often first."""
        return _most_first(
            self._part(need.what, [need.id not in one.needs for one in self.attempts])
            for need in self.scenario.needs
        )

    @property
    def buttons_pressed(self) -> list[Part]:
        """Hot buttons, the one that is pressed most often first."""
        return _most_first(
            self._part(button.what, [button.id in one.buttons for one in self.attempts])
            for button in self.scenario.hot_buttons
        )

    @property
    def felt(self) -> tuple[float, int] | None:
        """The mean feeling and the people who said one; None while those are too few."""
        said = [one for one in self.attempts if one.feeling is not None]
        people = len({one.person for one in said})
        if people < SMALLEST_TEAM:
            return None
        return statistics.fmean(one.feeling or 0 for one in said), people

    def value(self, dimension: Dimension) -> tuple[float, int] | None:
        """The mean of a dimension and the sessions it was scored in; None: in none."""
        scored = [one.values[dimension] for one in self.attempts if dimension in one.values]
        return (statistics.fmean(scored), len(scored)) if scored else None

    def unsaid(self, line_of: Callable[[KeyPath], int | None]) -> Unsaid | None:
        """The lines of this version that nobody was told; None: nobody has played it."""
        played = [one for one in self.attempts if one.version == self.scenario.version]
        if not played:
            return None
        said: frozenset[str] = frozenset().union(*(one.said for one in played))
        every = list(lines_of(self.scenario))
        never = [place for place in every if not keys(place.line) <= said]
        return Unsaid(
            sessions=len(played),
            lines=len(every),
            never=tuple((line_of(place.path), place) for place in never),
        )

    def _part(self, what: str, of_each: Sequence[bool]) -> Part:
        return Part(what, sum(of_each), len(of_each))


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Of a file's ``lines`` those that were ``never`` said in some sessions, with their place."""

    sessions: int
    lines: int
    never: tuple[tuple[int | None, LinePlace], ...]

    @property
    def said(self) -> int:
        """How many were."""
        return self.lines - len(self.never)


class ScenarioOverviews(Protocol):
    """Reads how scenarios are doing with the trainees of some teams. All raise ``StoreError``."""

    def lines(self, teams: Collection[str], scenarios: Sequence[str]) -> dict[str, ScenarioLine]:
        """Each in short; without those that nobody has finished."""

    def attempts(self, teams: Collection[str], scenario: str) -> list[Attempt]:
        """What the page of one is made of."""


class Benches(Protocol):
    """Keeps what the bench found. All raise ``StoreError``."""

    def newest(self, scenario: str) -> KeptBench | None:
        """The result that was run last; None where none was."""

    def lines(self, scenarios: list[str]) -> dict[str, BenchLine]:
        """The newest results of some scenarios in short."""


def _most_first(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: -part.count)
