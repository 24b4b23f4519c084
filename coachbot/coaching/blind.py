"""Grading without knowing the scores: who still can, and keeping what they give, all at once.

A blind grade is worth more than one given beside a score, because nobody leans towards a number
that they have not seen (:mod:`coachbot.agreement.verdict`). So it is noted who has opened a session
with its scores, here and in Telegram, and from then on that person's grades of it are not blind.
Lists that name a session's scores among others don't count as opening it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from coachbot.coaching.reviewing import Grade, Reviewing
from coachbot.errors import UsageError
from coachbot.scoring.interface import Dimension

Standing = Literal["open", "seen", "graded"]
"""What somebody is to a session: can grade it blind; has seen its scores; has graded it."""


class Sights(Protocol):
    """Keeps who has opened which session with its scores. All raise ``StoreError``."""

    def seen(self, session: str, person: str) -> bool:
        """Whether they opened it, or an attempt that it has replies from."""

    def see(self, sessions: Collection[str], person: str, seen: str) -> None:
        """Note that they did, where it isn't noted; ``seen``: UTC, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Given:
    """A grade, 0 to 100, as somebody gives it; ``turn``: of one reply, from 1, not of the whole."""

    dimension: Dimension
    grade: float
    turn: int | None = None
    comment: str = ""


@dataclass(frozen=True)
class BlindGrading:
    """Blind grades of a session by people who have not seen its scores.

    ``together``: one transaction for all calls inside.
    """

    sights: Sights
    reviewing: Reviewing
    together: Callable[[], AbstractContextManager[object]]

    def standing(self, session: str, person: str) -> Standing:
        """Whether they can grade it blind, and if not, why."""
        grades = self.reviewing.repository.grades(session)
        if any(grade.graded_by == person for grade in grades):
            return "graded"
        return "seen" if self.sights.seen(session, person) else "open"

    def look(self, sessions: Collection[str], person: str) -> None:
        """Somebody is shown the scores of these sessions."""
        self.sights.see(sessions, person, self.reviewing.now())

    def grade(self, session: str, given: Sequence[Given], *, graded_by: str) -> list[Grade]:
        """Keep grades, all or none; ``UsageError`` where they are none or would not be blind."""
        if not any(one.turn is None for one in given):
            raise UsageError("Give at least one grade for the whole conversation.")
        with self.together():
            match self.standing(session, graded_by):
                case "graded":
                    raise UsageError(
                        "You have graded this conversation already; that grade is kept. Another "
                        "one would not be blind any more."
                    )
                case "seen":
                    raise UsageError(
                        "You have opened this conversation with its scores, so a grade would not "
                        "be blind any more, and nothing was kept. Confirm or correct the scores on "
                        "its own page."
                    )
            return [
                self.reviewing.grade_blind(
                    session,
                    one.dimension,
                    one.grade,
                    graded_by=graded_by,
                    turn=one.turn,
                    comment=one.comment,
                )
                for one in given
            ]
