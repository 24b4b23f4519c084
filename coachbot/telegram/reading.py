"""A session put together to be read: for whoever opens it in a chat, and for what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol

from coachbot.coaching.reviewing import counting
from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.matter import checklist
from coachbot.scoring.session_value import session_values
from coachbot.telegram.rendering.reviewing import Reading

if TYPE_CHECKING:
    from coachbot.coaching.people import Member, PeopleRepository
    from coachbot.coaching.reviewing import Dispute, Feeling, Reviewing
    from coachbot.scenario.models import Scenario
    from coachbot.scoring.interface import Dimension
    from coachbot.session.models import Session


class Records(Protocol):
    """What is looked up about a session. All raise ``StoreError``."""

    def disputes(self, session: str) -> list[Dispute]:
        """Those of a session, oldest first."""

    def feeling(self, session: str) -> Feeling | None:
        """How a session felt, as far as it was said."""


class Scenarios(Protocol):
    """Where scenarios are found."""

    def scenario(self, id_or_path: str) -> Scenario:
        """The scenario; ``NotFound`` or ``ScenarioError``."""


class Desk(Protocol):
    """What a reading is put together from; an ``Office`` is one."""

    @property
    def members(self) -> PeopleRepository:
        """Who is who."""

    @property
    def records(self) -> Records:
        """What was said about sessions."""

    @property
    def repertoire(self) -> Scenarios:
        """The scenarios."""

    @property
    def reviewing(self) -> Reviewing:
        """Grades."""

    @property
    def practice_only(self) -> Callable[[str], Collection[Dimension]]:
        """The dimensions of a scorer that are to be marked."""


def reading_of(desk: Desk, session: Session, owner: Member, *, own: bool) -> Reading:
    """The session with all that was said about it; ``own``: for whoever had it."""
    scenario = _scenario(desk, session)
    grades = counting(desk.reviewing.repository.grades(session.id))
    return Reading(
        session=session,
        owner=owner.name,
        own=own,
        title=scenario.title if scenario else session.scenario.rsplit("/", 1)[-1],
        customer=scenario.persona.name if scenario else "The customer",
        values=session_values([turn.score for turn in session.turns]),
        marks=scenario.pass_marks if scenario else None,
        acts=checklist(session, scenario, lambda who: name_of(desk, who)) if scenario else (),
        needs=len(scenario.needs) if scenario else 0,
        grades=tuple((grade, name_of(desk, grade.graded_by)) for grade in grades),
        disputes=tuple(desk.records.disputes(session.id)),
        feeling=desk.records.feeling(session.id),
        practice_only=tuple(desk.practice_only(session.scorer)),
    )


def name_of(desk: Desk, person: str | None) -> str:
    """What somebody who graded or answered is called."""
    found = desk.members.member(person) if person else None
    return found.name if found else "A former supervisor"


def _scenario(desk: Desk, session: Session) -> Scenario | None:
    """The scenario of a session; None where it was withdrawn, and the words still count."""
    try:
        return desk.repertoire.scenario(session.scenario)
    except (NotFound, ScenarioError):
        return None
