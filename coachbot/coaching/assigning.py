"""Scenarios that people are to practise: assigning them, where each person stands, reminders.

How sessions are counted for an assignment:

1. Only the person's sessions of that scenario count that began when it was assigned or later.
2. A retry of a turn is never an attempt, and passes nothing: the first attempt is what counts.
3. A session is an attempt from its first reply on. Reading the brief and leaving costs nothing;
   leaving a conversation that goes badly and starting anew does.
4. With a number of attempts, only the first ones count; what comes after them is free practice.
5. An attempt passes once it is at its debrief: by the scenario's own pass marks, or, where the
   assignment has a pass mark, resolved and every scored dimension at or above that mark.
6. A pass with hints is a pass, and says so. A pass after the due date is one too, and says so.
7. The due date is a day. It is overdue from the next day on, in the time zone of ``Assigning``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, Protocol

from coachbot.customer.state import Frozen
from coachbot.errors import UsageError
from coachbot.scenario.models import Outcome

REMIND_FROM = time(9)
"""Reminders wait for this time of their day, so that nobody's telephone rings at night."""


class Assignment(Frozen):
    """A scenario that a person of a team, or the whole team (``person`` None), is to practise.

    ``scenario``: as sessions name it. ``due``: a day, ``YYYY-MM-DD``. ``pass_mark``: 0 to 100, for
    all dimensions alike, instead of the scenario's own. ``attempts`` None: as many as they like.
    ``made`` and ``withdrawn``: UTC, ISO 8601. ``made_by`` is None once that person was forgotten.
    """

    id: str
    scenario: str
    team: str
    person: str | None
    made: str
    made_by: str | None
    due: str | None = None
    attempts: int | None = None
    pass_mark: float | None = None
    withdrawn: str | None = None


class Played(Frozen):
    """A session as assignments see it.

    ``finished``: at its debrief. ``replied``: the hire sent a reply. ``scores``: the session's
    values, 0 to 100, of the dimensions that were scored. ``resolved``: whether it counts as
    resolved where somebody corrected what was done; None: as the outcome says.
    """

    session: str
    person: str
    scenario: str
    started: str
    finished: bool
    replied: bool
    outcome: Outcome | None
    passed: bool | None
    with_help: bool
    scores: tuple[float, ...]
    retry_of: str | None = None
    resolved: bool | None = None


Status = Literal["not_begun", "under_way", "passed", "used_up", "overdue"]
"""``used_up``: every attempt was made and none passed, whether or not it is due."""

STATUS_NAMES: dict[Status, str] = {
    "not_begun": "not begun",
    "under_way": "under way",
    "passed": "passed",
    "used_up": "attempts used up",
    "overdue": "overdue",
}


class Standing(Frozen):
    """How far somebody is with an assignment.

    ``attempts``: made so far. ``left``: still to be made; None without a limit. ``session``: the
    one that passed; ``with_help`` and ``late`` (begun after the due date) are said of it.
    """

    status: Status
    attempts: int
    left: int | None
    session: str | None = None
    with_help: bool = False
    late: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.status in ("passed", "used_up")


class Reminder(Frozen):
    """Somebody to remind on a day (``YYYY-MM-DD``) of what is due then or the day after."""

    assignment: Assignment
    person: str
    day: str
    standing: Standing

    @property
    def due_today(self) -> bool:
        """Whether it is the last day; else it is the day before."""
        return self.assignment.due == self.day


class Scenarios(Protocol):
    """Finds scenarios; a part of :class:`coachbot.coaching.protocols.Casting`."""

    def reference(self, id_or_path: str) -> str:
        """What sessions name it by; ``NotFound`` or ``ScenarioError``."""


class AssignmentRepository(Protocol):
    """Keeps assignments. All raise ``StoreError`` where that can't be done."""

    def add_assignment(self, assignment: Assignment) -> None:
        """Keep it."""

    def assignment(self, assignment_id: str) -> Assignment:
        """The assignment; ``NotFound``."""

    def assignments(self, team: str) -> list[Assignment]:
        """The team's that were not withdrawn, oldest first."""

    def assignments_of(self, person: str) -> list[Assignment]:
        """Those of a person and, where they are a trainee, of their teams; none withdrawn."""

    def withdraw(self, assignment_id: str, withdrawn: str) -> bool:
        """Note it; False, and nothing changed, where it was withdrawn already."""

    def people_of(self, team: str) -> set[str]:
        """Everybody in the team, in whichever role; empty where there is no such team."""

    def played(self, person: str, scenario: str) -> list[Played]:
        """The person's sessions of a scenario, oldest first, retries included."""

    def to_remind(self, days: Sequence[str]) -> list[tuple[Assignment, str, list[Played]]]:
        """Assignments due on one of the days, each person they are for, and their sessions of it.

        Without those who switched reminders off or can't be reached, and without withdrawn ones.
        """

    def reminded(self, keys: Sequence[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
        """Which of these reminders (assignment, person, day) were claimed."""

    def claim_reminder(self, assignment: str, person: str, day: str) -> bool:
        """Note that it is being sent; False where that was noted before."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _new_id() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Assigning:
    """Assigning scenarios. ``zone``: where the days of due dates begin and end."""

    repository: AssignmentRepository
    scenarios: Scenarios
    now: Callable[[], str] = _now
    new_id: Callable[[], str] = _new_id
    zone: tzinfo = UTC

    def assign(
        self,
        scenario: str,
        *,
        team: str,
        made_by: str,
        person: str | None = None,
        due: date | None = None,
        pass_mark: float | None = None,
        attempts: int | None = None,
    ) -> Assignment:
        """Assign a scenario (id or path) to one person of a team, or to all its trainees.

        Raises ``UsageError`` for what can't be, ``NotFound`` and ``ScenarioError`` for a scenario
        that is not there or broken.
        """
        if pass_mark is not None and not 0 <= pass_mark <= 100:
            raise UsageError("A pass mark is a number from 0 to 100.")
        if attempts is not None and attempts < 1:
            raise UsageError("Leave at least one attempt, or set no number of attempts.")
        today = self._today()
        if due is not None and due < today:
            raise UsageError(
                f"The due date {due.isoformat()} is past; take {today.isoformat()} or later."
            )
        people = self.repository.people_of(team)
        if not people:
            raise UsageError(f"There is nobody in a team {team!r}. Invite people first.")
        if person is not None and person not in people:
            raise UsageError(f"This person is not in the team {team!r}, so nothing was assigned.")
        reference = self.scenarios.reference(scenario)
        for other in self.repository.assignments(team):
            same = other.scenario == reference and other.person == person
            if same and not _past(other, today):
                raise UsageError(
                    "The same scenario is assigned to them already"
                    + (f", due {other.due}" if other.due else "")
                    + ". Withdraw that assignment to replace it."
                )
        assignment = Assignment(
            id=self.new_id(),
            scenario=reference,
            team=team,
            person=person,
            made=self.now(),
            made_by=made_by,
            due=due.isoformat() if due else None,
            attempts=attempts,
            pass_mark=pass_mark,
        )
        self.repository.add_assignment(assignment)
        return assignment

    def withdraw(self, assignment_id: str) -> Assignment:
        """Take an assignment back; what was practised for it stays."""
        assignment = self.repository.assignment(assignment_id)
        withdrawn = self.now()
        if not self.repository.withdraw(assignment_id, withdrawn):
            raise UsageError("This assignment has been withdrawn already.")
        return assignment.model_copy(update={"withdrawn": withdrawn})

    def standing(self, assignment: Assignment, member_sessions: Iterable[Played]) -> Standing:
        """Where a person stands today, from their sessions of any scenarios, in any order."""
        return standing(assignment, member_sessions, today=self._today(), zone=self.zone)

    def of_person(self, person: str) -> list[tuple[Assignment, Standing]]:
        """What a person is to practise and how far they are, oldest first."""
        return [
            (one, self.standing(one, self.repository.played(person, one.scenario)))
            for one in self.repository.assignments_of(person)
        ]

    def due_reminders(self, now: str | None = None) -> list[Reminder]:
        """Whom to remind now: the day before the due date and on it, from ``REMIND_FROM`` on.

        Nobody is reminded who is done, who switched reminders off, or on the very day on which it
        was assigned to them. Each comes once: take it with :meth:`claim` in the transaction that
        queues its message.
        """
        moment = datetime.fromisoformat(now or self.now()).astimezone(self.zone)
        if moment.time() < REMIND_FROM:
            return []
        today = moment.date()
        day = today.isoformat()
        days = (day, (today + timedelta(days=1)).isoformat())
        open_ones = [
            Reminder(assignment=assignment, person=person, day=day, standing=where)
            for assignment, person, sessions in self.repository.to_remind(days)
            if _day(assignment.made, self.zone) < today
            for where in [standing(assignment, sessions, today=today, zone=self.zone)]
            if not where.done
        ]
        claimed = self.repository.reminded([(r.assignment.id, r.person, r.day) for r in open_ones])
        return [r for r in open_ones if (r.assignment.id, r.person, r.day) not in claimed]

    def claim(self, reminder: Reminder) -> bool:
        """Whether the message may be queued: True once for each reminder, whoever asks."""
        return self.repository.claim_reminder(reminder.assignment.id, reminder.person, reminder.day)

    def _today(self) -> date:
        return _day(self.now(), self.zone)


def standing(
    assignment: Assignment, sessions: Iterable[Played], *, today: date, zone: tzinfo = UTC
) -> Standing:
    """Where a person stands on a day, from their sessions, by the rules of this module."""
    tried = sorted(
        (
            one
            for one in sessions
            if one.scenario == assignment.scenario
            and one.retry_of is None
            and one.replied
            and datetime.fromisoformat(one.started) >= datetime.fromisoformat(assignment.made)
        ),
        key=lambda one: one.started,
    )
    attempts = tried if assignment.attempts is None else tried[: assignment.attempts]
    left = None if assignment.attempts is None else assignment.attempts - len(attempts)
    for one in attempts:
        if _passes(assignment, one):
            return Standing(
                status="passed",
                attempts=len(attempts),
                left=left,
                session=one.session,
                with_help=one.with_help,
                late=_past(assignment, _day(one.started, zone)),
            )
    # The last attempt may still be going on.
    going_on = bool(attempts) and not attempts[-1].finished
    status: Status
    if left == 0 and not going_on:
        status = "used_up"
    elif _past(assignment, today):
        status = "overdue"
    else:
        status = "under_way" if attempts else "not_begun"
    return Standing(status=status, attempts=len(attempts), left=left)


def _passes(assignment: Assignment, one: Played) -> bool:
    if not one.finished:
        return False
    if assignment.pass_mark is None:
        return bool(one.passed)
    mark = assignment.pass_mark
    resolved = one.outcome == "resolved" if one.resolved is None else one.resolved
    return resolved and all(score >= mark for score in one.scores)


def _past(assignment: Assignment, day: date) -> bool:
    return assignment.due is not None and day > date.fromisoformat(assignment.due)


def _day(moment: str, zone: tzinfo) -> date:
    return datetime.fromisoformat(moment).astimezone(zone).date()
