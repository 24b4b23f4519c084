"""Everything that receives people: stores, coach, clock, pace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from coachbot.telegram.visit import Answers, now

if TYPE_CHECKING:
    from coachbot.coaching.assigning import Assigning, Assignment, Played
    from coachbot.coaching.bench_jobs import BenchDesk
    from coachbot.coaching.people import Member, People, PeopleRepository
    from coachbot.coaching.post import Post
    from coachbot.coaching.practice import Coach
    from coachbot.coaching.protocols import SessionRepository
    from coachbot.coaching.publishing import Publishing
    from coachbot.coaching.reviewing import Dispute, Feeling, Focus, Reviewing
    from coachbot.reporting.debrief import Debrief
    from coachbot.reporting.export import ExportRow
    from coachbot.reporting.export_files import GradeRow
    from coachbot.reporting.progress import ProgressRow
    from coachbot.reporting.team import Practised
    from coachbot.scenario.models import Scenario
    from coachbot.scoring.interface import Dimension
    from coachbot.session.models import Session


class Repertoire(Protocol):
    """The scenarios that can be practised, and what comes of a session."""

    def scenarios(self, teams: Collection[str] = ()) -> Sequence[Scenario]:
        """All that people of these teams can begin, in the order in which they are shown."""

    def scenario(self, id_or_path: str) -> Scenario:
        """The scenario, of any team, offered or not; ``NotFound`` or ``ScenarioError``."""

    def debrief(self, session: Session) -> Debrief:
        """The debrief of a session that is over."""

    @property
    def words_by(self) -> str | None:
        """The language model that finds the customers' words; None: they are all authored."""


class Records(Protocol):
    """What supervisors look up about teams and sessions. All raise ``StoreError``."""

    def practised(self, team: str, since: str) -> list[Practised]:
        """The team's trainees by name; ``since`` (UTC, ISO 8601): from when on is recent."""

    def assigned(self, team: str) -> list[tuple[Assignment, str, list[Played]]]:
        """The team's assignments, each person they are for, and that person's sessions of it."""

    def open_disputes(self, team: str) -> list[tuple[str, Dispute]]:
        """What the team's trainees asked and nobody answered, with who did, oldest first."""

    def disputes(self, session: str) -> list[Dispute]:
        """Those of a session, oldest first."""

    def feeling(self, session: str) -> Feeling | None:
        """How a session felt, as far as it was said."""

    def focuses(self, person: str) -> list[Focus]:
        """A person's, newest first."""

    def export_rows(self, team: str) -> Iterator[ExportRow]:
        """The finished sessions of the team's trainees, one row for each dimension."""


MOST_SCREENS = 1000
"""Chats of which is known what they have on their screen; the oldest are forgotten first."""


@dataclass(frozen=True)
class Pace:
    """How long things take, in seconds; all may be nothing, for tests.

    ``merge``: how long to wait for another message before a reply is taken as complete.
    ``reading``: for a character of the customer's message, while they seem to type; ``longest``:
    at most.
    """

    merge: float = 3.0
    reading: float = 0.025
    longest: float = 4.0

    def typing(self, message: str) -> float:
        """How long a customer types a message."""
        return min(self.longest, 0.4 * self.merge / 3.0 + self.reading * len(message))


@dataclass
class Office:
    """The parts that serve all chats."""

    people: People
    members: PeopleRepository
    sessions: SessionRepository
    progress: Callable[[str], list[ProgressRow]]
    needs_found: Callable[[str], Mapping[str, Sequence[str]]]
    """For each session of a person, the hidden needs found in it."""
    coach: Coach
    repertoire: Repertoire
    post: Post
    reviewing: Reviewing
    assigning: Assigning
    publishing: Publishing
    benching: BenchDesk
    records: Records
    transaction: Callable[[], AbstractContextManager[object]]
    pace: Pace = field(default_factory=Pace)
    practice_only: Callable[[str], Collection[Dimension]] = lambda _scorer: ()
    """The dimensions of a scorer that are to be marked as for practice only."""
    scores_shown: Callable[[Collection[str], str], None] = lambda _sessions, _person: None
    """Told of whoever reads somebody else's sessions with their scores."""
    retention_days: int | None = None
    bot_name: str = ""
    flooded: set[int] = field(default_factory=set)
    """Chats from which more came than anybody writes."""
    on_screen: dict[int, str] = field(default_factory=dict)
    """For a chat with a notice, a brief or a debrief on its screen, what the button there sends.

    Never saved: of whoever has not agreed to anything nothing is kept.
    """
    wanting_to_talk: set[str] = field(default_factory=set)
    """Focuses that a hire wants to talk about first; a second tap tells nobody again."""
    clock: Callable[[], float] = now
    wake_sender: Callable[[], None] = lambda: None
    stir: Callable[[str], None] = lambda _person: None
    """Told of everybody who has written a reply that is to be answered."""
    bench_changed: Callable[[], None] = lambda: None
    """Told when a bench was asked for or is not wanted any more."""
    unprepared: Callable[[], Sequence[str]] = lambda: ()
    """The scenarios whose customers can be prepared before anybody writes to them."""
    prepare: Callable[[str], None] = lambda _scenario: None
    """Prepare a scenario's customer, which takes seconds; whoever is first would wait for it."""
    page_link: Callable[[Member], str] | None = None
    """A link that signs somebody in to the page; None where there is no page."""
    page_for_all: bool = False
    """Whether that link opens on other machines than this one, such as a supervisor's phone."""
    template: Callable[[], bytes] | None = None
    """A scenario file to fill in; None where there is none to be had."""
    reply_grades: Callable[[str], Iterable[GradeRow]] = lambda _team: ()
    """All grades that a team's sessions and replies were given."""
    greet: Callable[[Member], None] = lambda _member: None
    """Told of everybody who has come in, or has another role."""

    def put(self, answers: Answers) -> None:
        """Put answers into the outbox, as part of the transaction."""
        answers.put_into(self.post, self.clock())

    def show(self, chat: int, waits: str | None) -> None:
        """Note what a chat has on its screen that waits for a tap; None: nothing."""
        self.on_screen.pop(chat, None)
        if waits is not None:
            self.on_screen[chat] = waits
        while len(self.on_screen) > MOST_SCREENS:
            self.on_screen.pop(next(iter(self.on_screen)))

    def supervisor_names(self, team: str, but: str | None = None) -> list[str]:
        """What the supervisors of a team are called, without the person ``but``."""
        return [s.name for s in self.members.members(team, "supervisor") if s.person != but]

    def supervisors_of(self, member: Member) -> list[Member]:
        """Whoever supervises a team of somebody, but not themself."""
        found = {
            s.person: s for team in member.teams for s in self.members.members(team, "supervisor")
        }
        return [s for s in found.values() if s.person != member.person and s.reachable]

    def today(self) -> datetime:
        """The time by the office's clock."""
        return datetime.fromtimestamp(self.clock(), UTC)
