"""What the pages about one session are made of: who may read it, and what is known about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbot.coaching.permissions import may
from coachbot.coaching.publishing import is_trial
from coachbot.coaching.reviewing import FORMER, Grade, corrects, counting
from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.matter import Checked, checklist
from coachbot.reporting.overviews import Correction
from coachbot.scoring.interface import Dimension, DimensionScore
from coachbot.scoring.session_value import session_values
from coachbot.web.pages.delivery import untold
from coachbot.web.visit import Nowhere

if TYPE_CHECKING:
    from coachbot.coaching.people import Member
    from coachbot.coaching.permissions import Action
    from coachbot.reporting.debrief import Debrief, Substance
    from coachbot.scenario.models import Scenario
    from coachbot.session.models import Session, Turn
    from coachbot.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Listed:
    """A grade in a list. ``now``: it is the newest of its grader about its subject, and counts."""

    grade: Grade
    by: str
    now: bool

    @property
    def confirms(self) -> bool:
        """Whether it says that the score is right."""
        return not self.grade.blind and not self.corrects

    @property
    def corrects(self) -> bool:
        """Whether it stands in place of the score."""
        return corrects(self.grade.grade, self.grade.score, blind=self.grade.blind)


@dataclass(frozen=True)
class Read:
    """A session as a visitor reads it; ``scenario`` None: it is no longer there."""

    session: Session
    owner: Member
    scenario: Scenario | None
    title: str
    grades: tuple[Listed, ...]
    may_grade: bool
    may_correct: bool
    acts: tuple[Checked, ...]
    """The list of what had to be done; empty where the scenario is no longer there."""
    untold: str
    """Why nothing that is written here reaches the hire; empty where it does."""

    @property
    def customer(self) -> str:
        """What the customer is called."""
        return self.scenario.persona.name if self.scenario else "The customer"

    def grades_of(self, turn: int | None, dimension: Dimension) -> list[Listed]:
        """The grades of a reply, or of the session as a whole, oldest first."""
        return [g for g in self.grades if (g.grade.turn, g.grade.dimension) == (turn, dimension)]

    def corrections_of(self, dimension: Dimension) -> tuple[Correction, ...]:
        """What people gave in place of the session's score, newest first."""
        found = [g for g in self.grades_of(None, dimension) if g.now and g.corrects]
        return tuple(Correction(g.grade.grade, g.by) for g in reversed(found))

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
        may_correct=session.phase == "debrief" and may(visit.me, "correct_matter", owner=owner),
        acts=checklist(session, scenario, lambda who: _name(visit, who)) if scenario else (),
        untold=untold(visit, owner),
    )


def scenario_of(visit: Visit, session: Session) -> Scenario | None:
    """The scenario of a session; None where it was withdrawn, and the words still count."""
    try:
        return visit.office.repertoire.scenario(session.scenario)
    except (NotFound, ScenarioError):
        return None


def _name(visit: Visit, person: str | None) -> str:
    return names_of(visit, [person])[person]


def names_of(visit: Visit, people: Sequence[str | None]) -> dict[str | None, str]:
    """What people are called, also those who are gone."""
    found: dict[str | None, str] = {None: FORMER}
    for person in set(people) - {None}:
        member = visit.office.members.member(person or "")
        found[person] = member.name if member else FORMER
    return found


def why_of(debrief: Debrief, name: str) -> str:
    """Why it ended so, which the debrief says to the hire, for somebody else."""
    told = debrief.why
    if told.startswith("You ended"):
        told = name + told.removeprefix("You")
    told = told.removesuffix(" Get to the matter sooner: see what was missed below.")
    told = told.replace("because you took a hint.", "because a hint was taken.")
    return told.replace("because you had seen", f"because {name} had seen")


def named_needs(substance: Substance, scenario: Scenario | None) -> Substance:
    """The same with the needs that were missed named; else it tells of them to whoever had it."""
    what = {need.id: need.what for need in scenario.needs} if scenario else {}
    missed = tuple(
        item.model_copy(update={"text": what.get(item.id, item.text)})
        for item in substance.needs_missed
    )
    return substance.model_copy(update={"needs_missed": missed})
