"""What the pages about one session are made of: who may read it, and what is known about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbot.coaching.permissions import may
from coachbot.coaching.publishing import is_trial
from coachbot.coaching.reviewing import Grade, counting
from coachbot.errors import NotFound, ScenarioError
from coachbot.scoring.interface import Dimension, DimensionScore
from coachbot.scoring.session_value import session_values
from coachbot.web.visit import Nowhere

if TYPE_CHECKING:
    from coachbot.coaching.people import Member
    from coachbot.coaching.permissions import Action
    from coachbot.scenario.models import Scenario
    from coachbot.session.models import Session, Turn
    from coachbot.web.visit import Visit

FORMER = "A former supervisor"
"""What somebody is called who graded or answered and was forgotten since."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A grade in a list. ``now``: it is the newest of its grader about its subject, and counts."""

    grade: Grade
    by: str
    now: bool

    @property
    def confirms(self) -> bool:
        """Whether it says that the score is right."""
        return not self.grade.blind and self.grade.grade == self.grade.score


@dataclass(frozen=True)
class Read:
    """A session as a visitor reads it; ``scenario`` None: it is no longer there."""

    session: Session
    owner: Member
    scenario: Scenario | None
    title: str
    grades: tuple[Listed, ...]
    may_grade: bool

    @property
    def customer(self) -> str:
        """What the customer is called."""
        return self.scenario.persona.name if self.scenario else "The customer"

    def grades_of(self, turn: int | None, dimension: Dimension) -> list[Listed]:
        """The grades of a reply, or of the session as a whole, oldest first."""
        return [g for g in self.grades if (g.grade.turn, g.grade.dimension) == (turn, dimension)]

    def score_of(self, turn: Turn | None, dimension: Dimension) -> DimensionScore:
        """What the scorer gave for a reply, or for the session as a whole."""
        return score_of(self.session, turn, dimension)


def score_of(session: Session, turn: Turn | None, dimension: Dimension) -> DimensionScore:
    """What the scorer gave for a reply, or for the session as a whole."""
    if turn is None:
        return session_values([one.score for one in session.turns])[dimension]
    if turn.score.dimensions is None:
        return DimensionScore(status="unscored", reason=turn.score.reason)
    return turn.score.dimensions[dimension]


def session_of(visit: Visit, session_id: str, action: Action) -> tuple[Session, Member]:
    """A session that is over, and who had it, if the visitor may do this; else ``Nowhere``."""
    session = visit.office.sessions.get(session_id)
    owner = visit.owner(session.person, action)
    own = owner.person == visit.me.person
    # What a trainer tries out is nobody's practice, and nobody else's to read.
    if is_trial(session.scenario) and not own:
        raise Nowhere
    # One's own rating comes before one sees the scores.
    if not (session.phase == "debrief" if own else session.over):
        raise Nowhere
    return session, owner


def read(visit: Visit, session: Session, owner: Member) -> Read:
    """A session with its grades. The visitor is shown its scores, which is noted."""
    grades = visit.office.reviewing.repository.grades(session.id)
    now = {grade.id for grade in counting(grades)}
    names = names_of(visit, [grade.graded_by for grade in grades])
    may_grade = may(visit.me, "grade_session", owner=owner)
    if may_grade:
        visit.office.blind.look([session.id], visit.me.person)
    scenario = scenario_of(visit, session)
    return Read(
        session=session,
        owner=owner,
        scenario=scenario,
        title=scenario.title if scenario else visit.titles([session.scenario])[session.scenario],
        grades=tuple(Listed(g, names[g.graded_by], g.id in now) for g in grades),
        may_grade=may_grade,
    )


def scenario_of(visit: Visit, session: Session) -> Scenario | None:
    """The scenario of a session; None where it was withdrawn, and the words still count."""
    try:
        return visit.office.repertoire.scenario(session.scenario)
    except (NotFound, ScenarioError):
        return None


def names_of(visit: Visit, people: Sequence[str | None]) -> dict[str | None, str]:
    """What people are called, also those who are gone."""
    found: dict[str | None, str] = {None: FORMER}
    for person in set(people) - {None}:
        member = visit.office.members.member(person or "")
        found[person] = member.name if member else FORMER
    return found
