"""Puts the made-up team into an empty database, all of it or nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from coachbot.coaching.assigning import Assignment, AssignmentRepository
from coachbot.coaching.demo import telling
from coachbot.coaching.demo.plan import DECLINING, LATE, RISING, SUPERVISORS, TEAM, TRAINER, Hire
from coachbot.coaching.demo.playing import Finished, ids
from coachbot.coaching.people import Member, PeopleRepository, Role
from coachbot.coaching.reviewing import Grade, Reviewing, ReviewRepository
from coachbot.scoring.interface import DIMENSIONS
from coachbot.session.models import Session

FELT = 0.75
"""Share of sessions after which the hire says how it felt."""

GRADED = 20
"""Sessions that a supervisor has graded; of these every second one by both, and blind."""

ASKED = 4
"""Questions about scores; the first half of them is answered."""


@dataclass
class Clock:
    """The time in the database while it is filled."""

    at: datetime

    def __call__(self) -> datetime:
        """Now, UTC."""
        return self.at

    def iso(self) -> str:
        """Now, UTC, ISO 8601."""
        return self.at.isoformat(timespec="seconds")


class Mark(Protocol):
    """Marks a database as a demo. ``UsageError`` where there are people in it."""

    def begin(self, made: str, seed: int) -> None:
        """As the first step."""

    def complete(self) -> None:
        """As the last one."""


@dataclass(frozen=True)
class Place:
    """Where it goes: an empty database, by its parts, with ``clock`` as its time.

    ``graded``: told of each grade that bears on what is kept of trust.
    """

    clock: Clock
    mark: Mark
    people: PeopleRepository
    save: Callable[[Session], None]
    reviews: ReviewRepository
    assignments: AssignmentRepository
    transaction: Callable[[], AbstractContextManager[object]]
    graded: Callable[[Grade], None] = lambda _grade: None


def fill(place: Place, hires: Sequence[Hire], played: Sequence[Finished], *, seed: int) -> None:
    """Put everything in, in one transaction that ends with the mark."""
    draw = random.Random(f"telling {seed}")
    made = place.clock.at
    with place.transaction():
        place.mark.begin(made.isoformat(timespec="seconds"), seed)
        _Filling(place, hires, played, draw).everything()
        place.mark.complete()


class _Filling:
    """One run; keeps who is who."""

    def __init__(
        self,
        place: Place,
        hires: Sequence[Hire],
        played: Sequence[Finished],
        draw: random.Random,
    ) -> None:
        self._place, self._hires, self._draw = place, hires, draw
        self._now = place.clock.at
        self._played = sorted(played, key=lambda one: (one.session.started, one.second))
        self._first = [one for one in self._played if not one.second]
        self._counting = Counting()
        # What bears on trust is worked out once for all grades, not after each.
        self._last: dict[tuple[str, str], Grade] = {}
        self._reviewing = Reviewing(
            place.reviews, now=place.clock.iso, new_id=ids(draw), graded=self._note
        )

    def everything(self) -> None:
        """From the first who joined to the last question."""
        begun = min(hire.joined for hire in self._hires) - timedelta(days=30)
        leading = [
            self._joins(name, begun, "supervisor", *(("trainer",) if first else ()))
            for name, first in zip(SUPERVISORS, (True, False), strict=True)
        ]
        self._joins(TRAINER, begun, "trainer")
        people = [self._joins(hire.name, hire.joined, "trainee") for hire in self._hires]
        for one in self._played:
            self._at(one.ended)
            self._place.save(one.session.model_copy(update={"person": people[one.sitting.hire]}))
        for one in self._first:
            if self._draw.random() < FELT:
                self._at(one.ended + timedelta(minutes=2))
                outcome = one.session.outcome or "ended"
                feeling = telling.feeling_after(outcome, self._draw)
                self._reviewing.felt(one.session.id, feeling)
        self._grades(leading)
        self._questions(leading)
        self._focuses(people, leading[0])
        self._assignments(people, leading[0])
        self._at(self._now)
        for grade in self._last.values():
            self._place.graded(grade)

    def _at(self, moment: datetime) -> None:
        self._place.clock.at = moment

    def _note(self, grade: Grade) -> None:
        self._last[grade.scorer, grade.dimension] = grade

    def _joins(self, name: str, moment: datetime, *roles: Role) -> str:
        number = self._counting()
        # Nobody has a number below zero on Telegram, and nothing is sent to whom nothing reaches.
        person = f"demo:{-number}"
        joined = moment.isoformat(timespec="seconds")
        new = Member(person=person, telegram=number, name=name, joined=joined)
        self._place.people.join(new, TEAM, roles, joined)
        self._place.people.set_reachable(person, False)
        return person

    def _grades(self, leading: Sequence[str]) -> None:
        """The newest sessions, every second one by both supervisors without seeing the scores."""
        graded = [one for one in self._first if one.session.turns][-GRADED:]
        leanings = (3.0, -4.0)
        for number, one in enumerate(graded):
            blind = number % 2 == 0
            for who, leaning in list(zip(leading, leanings, strict=True))[: 2 if blind else 1]:
                self._at(min(self._now, one.ended + timedelta(hours=self._draw.uniform(3, 60))))
                self._grade(one, who, leaning, blind=blind)

    def _grade(self, one: Finished, who: str, leaning: float, *, blind: bool) -> None:
        reviewing, session = self._reviewing, one.session.id
        for dimension in DIMENSIONS:
            score = self._place.reviews.given(session, None, dimension).score
            if score is None:
                continue
            seen = telling.seen_by_a_person(score, one.sitting.kind, leaning, self._draw)
            if blind:
                reviewing.grade_blind(session, dimension, seen, graded_by=who)
            elif abs(seen - score) <= telling.CONFIRMED_WITHIN:
                said = self._draw.choice((*telling.CONFIRMED, "", ""))
                reviewing.confirm(session, dimension, graded_by=who, comment=said)
            else:
                bank = telling.HIGHER if seen > score else telling.LOWER
                said = self._draw.choice(bank[dimension])
                reviewing.correct(session, dimension, seen, graded_by=who, comment=said)

    def _questions(self, leading: Sequence[str]) -> None:
        """From different people about low scores; some are answered, the newest wait.

        Those that wait are about sessions in which one can see what moved the score.
        """
        asked: set[int] = set()
        wanted = [(d, words) for d in DIMENSIONS for words in telling.ASKED[d]][:ASKED]
        answered = len(wanted) - len(wanted) // 2
        # What waits is looked at first, so that it has the first choice.
        for dimension, (question, answer), open_ in (
            *((d, words, True) for d, words in wanted[answered:]),
            *((d, words, False) for d, words in wanted[:answered]),
        ):
            low = [
                (score, one)
                for one in self._first
                if one.sitting.hire not in asked and (not open_ or _explained(one.session))
                for score in [self._place.reviews.given(one.session.id, None, dimension).score]
                if score is not None
            ]
            if not low:
                continue
            recent = sorted(low, key=lambda pair: pair[1].session.started)
            half = recent if open_ else recent[: max(1, len(recent) // 2)]
            one = min(half, key=lambda pair: pair[0])[1]
            asked.add(one.sitting.hire)
            self._at(one.ended + timedelta(minutes=9))
            dispute = self._reviewing.dispute(one.session.id, dimension, question)
            if not open_:
                self._at(min(self._now, one.ended + timedelta(hours=20)))
                self._reviewing.answer(dispute.id, answer, answered_by=leading[0])

    def _focuses(self, people: Sequence[str], by: str) -> None:
        """Of the one who rises an earlier one that ended, and for two people one that goes on."""
        reviewing = self._reviewing
        (first, first_text), (second, second_text) = telling.FOCUS
        middle = self._now - timedelta(days=20)
        for place, dimension, text, ended in (
            (RISING, first, first_text, True),
            (RISING, second, second_text, False),
            (DECLINING, first, first_text, False),
        ):
            if place >= len(people):
                continue
            self._at(middle - timedelta(days=21) if ended else middle)
            focus = reviewing.propose_focus(people[place], dimension, text, made_by=by)
            self._at(self._place.clock.at + timedelta(days=1))
            if place == RISING:
                reviewing.agree(focus.id)
            if ended:
                self._at(middle - timedelta(days=1))
                reviewing.end_focus(focus.id, telling.FOCUS_RESULT)

    def _assignments(self, people: Sequence[str], by: str) -> None:
        """One for the whole team that is still due, one for somebody who is late with it."""
        new_id = ids(self._draw)
        scenarios = sorted({one.sitting.scenario for one in self._first})
        today = self._now.date()
        late = LATE if len(people) > LATE else len(people) - 1
        of_late = {one.sitting.scenario for one in self._first if one.sitting.hire == late}
        unplayed = next((s for s in scenarios if s not in of_late), None)
        # Who has played all of them is late with a mark that nobody reaches.
        mark = None if unplayed else 95.0
        for scenario, person, made, due, pass_mark in (
            (scenarios[-1], None, today - timedelta(days=6), today + timedelta(days=8), None),
            (
                unplayed or scenarios[0],
                people[late],
                today - timedelta(days=18),
                today - timedelta(days=4),
                mark,
            ),
        ):
            self._place.assignments.add_assignment(
                Assignment(
                    id=new_id(),
                    scenario=scenario,
                    team=TEAM,
                    person=person,
                    made=datetime.combine(made, time(10), UTC).isoformat(timespec="seconds"),
                    made_by=by,
                    due=due.isoformat(),
                    pass_mark=pass_mark,
                )
            )


def _explained(session: Session) -> bool:
    """Whether the words that moved its scores were looked for."""
    return any(turn.score.evidence is not None for turn in session.turns)


class Counting:
    """Numbers from -1 downwards."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> int:
        """The next one."""
        self._last -= 1
        return self._last
