"""Everything that the pages need: stores, use cases, the address; wired by bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from coachbot.web.address import Address

if TYPE_CHECKING:
    from coachbot.coaching.assigning import Assigning
    from coachbot.coaching.blind import BlindGrading
    from coachbot.coaching.people import Member, PeopleRepository
    from coachbot.coaching.previewing import KeptPreview
    from coachbot.coaching.protocols import SessionRepository
    from coachbot.coaching.reviewing import Dispute, Feeling, Focus, Grade, Reviewing
    from coachbot.coaching.signing_in import SigningIn
    from coachbot.coaching.trusting import Trusting
    from coachbot.reporting.debrief import Debrief
    from coachbot.reporting.export import ExportRow
    from coachbot.reporting.export_files import ActRow, GradeRow
    from coachbot.reporting.overviews import Overviews
    from coachbot.scenario.models import Scenario
    from coachbot.session.models import Session
    from coachbot.web.scenario_desk import ScenarioDesk


class Repertoire(Protocol):
    """The scenarios that can be practised, and what comes of a session."""

    def scenarios(self, teams: Collection[str] = ()) -> Sequence[Scenario]:
        """All that people of these teams can begin, in the order in which they are shown."""

    def scenario(self, id_or_path: str) -> Scenario:
        """The scenario, of any team, offered or not; ``NotFound`` or ``ScenarioError``."""

    def debrief(self, session: Session) -> Debrief:
        """The debrief of a session that is over."""


class Records(Protocol):
    """What is looked up about one person or session. All raise ``StoreError``."""

    def focuses(self, person: str) -> list[Focus]:
        """A person's, newest first."""

    def disputes(self, session: str) -> list[Dispute]:
        """Those of a session, oldest first."""

    def feeling(self, session: str) -> Feeling | None:
        """How a session felt, as far as it was said."""


class Notices(Protocol):
    """Tells hires what was done here, as a part of the transaction; False: it can't reach them."""

    def corrected(self, grade: Grade, session: Session, owner: Member, by: Member) -> bool:
        """Somebody gave a grade of their own; ``session``: the one that they read."""

    def act_judged(self, before: Session, now: Session, owner: Member, by: Member) -> bool:
        """Somebody corrected what was done; ``now`` has the new verdict as its last one."""

    def answered(self, dispute: Dispute, session: Session, owner: Member, by: Member) -> bool:
        """Somebody answered a question about a score."""


class Exports(Protocol):
    """What files are made of, read as it is handed out. All raise ``StoreError``.

    ``since`` and ``until``: of sessions begun in this time (UTC, ISO 8601; without ``until``).
    """

    def scores(self, team: str, since: str = "", until: str = "9999") -> Iterator[ExportRow]:
        """The finished sessions of a team's trainees, one row for each dimension."""

    def grades(self, team: str, since: str = "", until: str = "9999") -> Iterator[GradeRow]:
        """All grades of their sessions and replies."""

    def acts(self, team: str, since: str = "", until: str = "9999") -> Iterator[ActRow]:
        """What people said was done in their sessions."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How often something may be done in how many seconds.

    ``sign_ins``: tries from one address; nobody mistypes a link so often. ``posts``: by one person;
    one a second for a whole minute.
    """

    sign_ins: tuple[int, float] = (10, 300.0)
    posts: tuple[int, float] = (60, 60.0)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Office:
    """The parts that serve all pages. ``clock``: the time, UTC."""

    address: Address
    signing_in: SigningIn
    members: PeopleRepository
    overviews: Overviews
    records: Records
    sessions: SessionRepository
    repertoire: Repertoire
    reviewing: Reviewing
    blind: BlindGrading
    notices: Notices
    attempts: Callable[[str], list[str]]
    """All attempts at the conversation of a session that are over, oldest first."""
    assigning: Assigning
    transaction: Callable[[], AbstractContextManager[object]]
    trusting: Trusting
    kept_preview: Callable[[Collection[str], int], KeptPreview | None]
    """What another scorer would change, with up to so many sessions of these teams."""
    graded_examples: Callable[[Collection[str]], str]
    """The grades of these teams' trainees as examples, JSON Lines, masked; empty without any."""
    scenarios: ScenarioDesk
    exports: Exports
    tells_record_store: bool
    """Whether a learning record store is told of finished sessions."""
    demo: bool
    """Whether nobody here is real."""
    clock: Callable[[], datetime] = field(default=_now)
    rates: Rates = field(default_factory=Rates)
