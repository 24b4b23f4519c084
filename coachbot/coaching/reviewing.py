"""What people say about sessions: grades, what was done, questions, how it felt, and a focus.

Whether somebody may do it is asked before, in :mod:`coachbot.coaching.permissions`; here is only
what can be done at all. Each use case is one transaction, or a part of the caller's.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol, TypeVar

from coachbot.customer.state import Frozen
from coachbot.errors import UsageError
from coachbot.reporting.debrief import NAMES
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.session.models import ActVerdict, Session
from coachbot.session.result import acts_done, acts_seen, corrections, passed, resolved

Matter = Literal["matter"]
MATTER: Matter = "matter"
"""Questioned like a score: the list of what was done."""

Subject = Dimension | Matter
"""What a hire can question: the score on a dimension, or what was done."""

ASKED: Mapping[Subject, str] = {**{d: NAMES[d] for d in DIMENSIONS}, MATTER: "what was done"}
"""What a question is about, inside a sentence."""

FORMER = "A former supervisor"
"""What somebody is called who graded or answered and was forgotten since."""

LONGEST_COMMENT = 1000
"""Characters of a comment, an answer or a result; four of them fit one message of Telegram."""

LONGEST_FOCUS = 200
"""Characters of a focus, which is one sentence that one can keep in mind."""

FEELINGS = ("very bad", "bad", "so-so", "good", "very good")
"""What 1 to 5 mean when a hire says how a session felt."""


class Grade(Frozen):
    """What a person gave, beside what the scorer gave.

    ``turn``: the reply, from 1; None is the session as a whole. ``grade`` and ``score``: 0 to 100;
    ``score`` is None where the scorer gave none. ``blind``: without having seen the score.
    ``graded_by`` is None once that person was forgotten. ``graded``: UTC, ISO 8601.
    """

    id: str
    session: str
    turn: int | None
    dimension: Dimension
    graded_by: str | None
    grade: float
    score: float | None
    scorer: str
    blind: bool
    comment: str | None
    graded: str


class Dispute(Frozen):
    """A hire's question about a session, and the answer to it.

    ``dimension``: whose score it is about; ``MATTER``: about the list of what was done.
    """

    id: str
    session: str
    dimension: Subject
    comment: str
    opened: str
    answer: str | None = None
    answered_by: str | None = None
    answered: str | None = None


class Feeling(Frozen):
    """How a session felt to the hire: 1 very bad to 5 very good."""

    session: str
    feeling: int
    said: str


class Focus(Frozen):
    """The one thing that a hire works on; ``agreed`` is when they said yes to it."""

    id: str
    person: str
    made_by: str | None
    dimension: Dimension
    text: str
    made: str
    agreed: str | None = None
    ended: str | None = None
    result: str | None = None


class Given(Frozen):
    """What the scorer gave for a session or one reply on one dimension; ``score`` may be None.

    ``session``: where it is kept. The replies before a retry began are those of the first attempt.
    """

    session: str
    person: str
    over: bool
    score: float | None
    scorer: str


class ReviewRepository(Protocol):
    """Keeps what was said about sessions. All raise ``StoreError`` where that can't be done."""

    def given(self, session: str, turn: int | None, dimension: Dimension) -> Given:
        """What the scorer gave; ``NotFound`` where there is no such session or reply."""

    def add_grade(self, grade: Grade) -> None:
        """Keep a grade beside those that are there."""

    def grades(self, session: str) -> list[Grade]:
        """Those of a session and of the replies that a retry shares with it, oldest first."""

    def verdicts(self, session: str) -> list[ActVerdict]:
        """What people said of a session's acts, oldest first."""

    def add_verdict(
        self, session: str, verdict: ActVerdict, corrected: tuple[bool, bool] | None
    ) -> None:
        """Keep a verdict, and what it makes of the session.

        ``corrected``: whether it counts as resolved and as passed now, beside what the program
        decided; None: nothing is seen otherwise any more, so that counts again.
        """

    def add_dispute(self, dispute: Dispute) -> bool:
        """Keep it; False, and nothing kept, while one of that session and dimension is open."""

    def dispute(self, dispute_id: str) -> Dispute:
        """The dispute; ``NotFound``."""

    def extend_dispute(self, extended: Dispute) -> bool:
        """Keep its longer comment; False, and nothing changed, where it had an answer."""

    def answer_dispute(self, answered: Dispute) -> bool:
        """Keep its answer; False, and nothing changed, where it had one."""

    def set_feeling(self, feeling: Feeling) -> None:
        """Keep it in place of the one before."""

    def add_focus(self, focus: Focus) -> bool:
        """Keep it; False, and nothing kept, while another one of that person has not ended.

        ``NotFound`` where the person is not a member.
        """

    def focus(self, focus_id: str) -> Focus:
        """The focus; ``NotFound``."""

    def agree_focus(self, focus_id: str, agreed: str) -> bool:
        """Note the yes; False, and nothing changed, where there was one or it has ended."""

    def end_focus(self, focus_id: str, ended: str, result: str) -> bool:
        """Note the end; False, and nothing changed, where it had ended."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _new_id() -> str:
    return uuid.uuid4().hex


def _nothing_follows(grade: Grade) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True)
class Reviewing:
    """Grades, verdicts, disputes, feelings and focuses. ``UsageError`` says what can't be and why.

    ``graded`` is told of every grade that was kept; where the caller has a transaction, inside it.
    """

    repository: ReviewRepository
    now: Callable[[], str] = _now
    new_id: Callable[[], str] = _new_id
    graded: Callable[[Grade], None] = _nothing_follows

    def confirm(
        self,
        session: str,
        dimension: Dimension,
        *,
        graded_by: str,
        turn: int | None = None,
        comment: str = "",
    ) -> Grade:
        """Say that the scorer's score is right. A comment may be given."""
        given = self._finished(session, turn, dimension)
        if given.score is None:
            raise UsageError(
                f"There is no score for {NAMES[dimension]} here to confirm, because nothing called "
                "for it. If you see it otherwise, give a grade of your own."
            )
        return self._keep(
            given, dimension, given.score, graded_by=graded_by, turn=turn, comment=comment
        )

    def correct(
        self,
        session: str,
        dimension: Dimension,
        grade: float,
        *,
        graded_by: str,
        comment: str,
        turn: int | None = None,
    ) -> Grade:
        """Give a grade, 0 to 100, in place of the score, and say why. The score stays beside it."""
        _check_grade(grade)
        if not _said(comment):
            raise UsageError(
                "Say in a sentence why you see it otherwise; the hire reads it beside your grade."
            )
        given = self._finished(session, turn, dimension)
        return self._keep(given, dimension, grade, graded_by=graded_by, turn=turn, comment=comment)

    def grade_blind(
        self,
        session: str,
        dimension: Dimension,
        grade: float,
        *,
        graded_by: str,
        turn: int | None = None,
        comment: str = "",
    ) -> Grade:
        """Give a grade, 0 to 100, without having seen the score. A comment may be given."""
        _check_grade(grade)
        given = self._finished(session, turn, dimension)
        return self._keep(
            given, dimension, grade, graded_by=graded_by, turn=turn, comment=comment, blind=True
        )

    def judge_act(
        self,
        session: Session,
        scenario: Scenario,
        act: str,
        *,
        done: bool,
        judged_by: str,
        comment: str,
        reply: int | None = None,
    ) -> Session:
        """Say that an act was done after all, in which reply, or that it was not, and why.

        Returns the session as it counts now, with the verdict as its last one. To be called inside
        a transaction: what others have said of it is looked up and counted in.
        """
        text = readable(
            comment, LONGEST_COMMENT, "Say in a sentence what you see; the hire reads it."
        )
        if session.phase != "debrief":
            raise UsageError(
                "The result of this conversation does not stand yet, because whoever had it has "
                "not closed it. What was done can be corrected after that."
            )
        what = next((one.what for one in scenario.resolution.acts if one.id == act), None)
        if what is None:
            raise UsageError("That is not among the things that had to be done here.")
        if done and (reply is None or not 1 <= reply <= len(session.turns)):
            raise UsageError("Say in which reply it was done.")
        before = self.repository.verdicts(session.id)
        now = session.model_copy(update={"verdicts": tuple(before)})
        if done == (act in acts_done(now)):
            counts = "done" if done else "not done"
            raise UsageError(f"This counts as {counts} already: {what}")
        verdict = ActVerdict(
            id=self.new_id(),
            act=act,
            done=done,
            reply=reply if done else None,
            seen=acts_seen(session).get(act),
            judged_by=judged_by,
            comment=text,
            judged=self.now(),
        )
        now = session.model_copy(update={"verdicts": (*before, verdict)})
        first = session.passed if session.passed_at_first is None else session.passed_at_first
        if not corrections(now):
            self.repository.add_verdict(session.id, verdict, None)
            return now.model_copy(update={"passed": first, "passed_at_first": None})
        won = passed(now, scenario)
        self.repository.add_verdict(session.id, verdict, (resolved(now, scenario), won))
        return now.model_copy(update={"passed": won, "passed_at_first": bool(first)})

    def dispute(self, session: str, dimension: Subject, comment: str) -> Dispute:
        """Question a session's score or what was done; the comment says what is seen otherwise."""
        text = readable(comment, LONGEST_COMMENT, "Say in a sentence what you see otherwise.")
        given = self._finished(session, None, DIMENSIONS[0] if dimension == MATTER else dimension)
        if dimension != MATTER and given.score is None:
            raise UsageError(
                f"This session has no score for {NAMES[dimension]}, so there is none to question."
            )
        dispute = Dispute(
            id=self.new_id(),
            session=session,
            dimension=dimension,
            comment=text,
            opened=self.now(),
        )
        if not self.repository.add_dispute(dispute):
            what = ASKED[dimension]
            if dimension != MATTER:
                what = f"the score for {what}"
            raise UsageError(
                f"You have already questioned {what} in this session. It "
                "is waiting for an answer, and you will be told when there is one."
            )
        return dispute

    def add_to_dispute(self, dispute_id: str, more: str) -> Dispute | None:
        """Add a paragraph to a question; None where it was answered or would be too long."""
        asked = self.repository.dispute(dispute_id)
        comment = f"{asked.comment}\n{_said(more)}".strip()
        if len(comment) > LONGEST_COMMENT:
            return None
        extended = asked.model_copy(update={"comment": comment})
        return extended if self.repository.extend_dispute(extended) else None

    def answer(self, dispute_id: str, answer: str, *, answered_by: str) -> Dispute:
        """Answer a dispute, once."""
        text = readable(
            answer, LONGEST_COMMENT, "Write an answer; the hire is waiting for a reason."
        )
        answered = self.repository.dispute(dispute_id).model_copy(
            update={"answer": text, "answered_by": answered_by, "answered": self.now()}
        )
        if not self.repository.answer_dispute(answered):
            raise UsageError(
                "This question has been answered already. Talk to whoever asked it if there is "
                "more to say."
            )
        return answered

    def felt(self, session: str, feeling: int) -> Feeling:
        """Say how a session felt, 1 very bad to 5 very good; saying it again changes it."""
        if not 1 <= feeling <= len(FEELINGS):
            raise UsageError("How it felt goes from 1 (very bad) to 5 (very good).")
        self._finished(session, None, DIMENSIONS[0])
        said = Feeling(session=session, feeling=feeling, said=self.now())
        self.repository.set_feeling(said)
        return said

    def propose_focus(self, person: str, dimension: Dimension, text: str, *, made_by: str) -> Focus:
        """Propose the one thing that a person works on next, as one sentence."""
        _check_dimension(dimension)
        sentence = readable(
            " ".join(text.split()),
            LONGEST_FOCUS,
            "Write the focus as one sentence to keep in mind"
            ", such as: Say back what they lost before you offer anything.",
        )
        focus = Focus(
            id=self.new_id(),
            person=person,
            made_by=made_by,
            dimension=dimension,
            text=sentence,
            made=self.now(),
        )
        if not self.repository.add_focus(focus):
            raise UsageError(
                "They have a focus that has not ended. One at a time: end that one with its "
                "result, then propose this."
            )
        return focus

    def agree(self, focus_id: str) -> Focus:
        """The hire says yes to a focus."""
        focus = self.repository.focus(focus_id)
        agreed = self.now()
        if not self.repository.agree_focus(focus_id, agreed):
            raise UsageError(
                "This focus has ended." if focus.ended else "You have agreed on this focus already."
            )
        return focus.model_copy(update={"agreed": agreed})

    def end_focus(self, focus_id: str, result: str) -> Focus:
        """End a focus with what came of it; one that was never agreed on can be ended too."""
        text = readable(result, LONGEST_COMMENT, "Write what came of it, in a sentence.")
        focus = self.repository.focus(focus_id)
        ended = self.now()
        if not self.repository.end_focus(focus_id, ended, text):
            raise UsageError("This focus has ended already. Propose a new one to go on.")
        return focus.model_copy(update={"ended": ended, "result": text})

    def _finished(self, session: str, turn: int | None, dimension: Dimension) -> Given:
        _check_dimension(dimension)
        given = self.repository.given(session, turn, dimension)
        if not given.over:
            raise UsageError(
                "This conversation is still going on; its scores can change until it is over."
            )
        return given

    def _keep(
        self,
        given: Given,
        dimension: Dimension,
        value: float,
        *,
        graded_by: str,
        turn: int | None,
        comment: str,
        blind: bool = False,
    ) -> Grade:
        grade = Grade(
            id=self.new_id(),
            session=given.session,
            turn=turn,
            dimension=dimension,
            graded_by=graded_by,
            grade=float(value),
            score=given.score,
            scorer=given.scorer,
            blind=blind,
            comment=_short(_said(comment), LONGEST_COMMENT) or None,
            graded=self.now(),
        )
        self.repository.add_grade(grade)
        self.graded(grade)
        return grade


class _OfSomebody(Protocol):
    """A grade, as far as it is told apart from others."""

    @property
    def id(self) -> str: ...
    @property
    def session(self) -> str: ...
    @property
    def turn(self) -> int | None: ...
    @property
    def dimension(self) -> Dimension: ...
    @property
    def graded_by(self) -> str | None: ...


_Graded = TypeVar("_Graded", bound=_OfSomebody)


def counting(grades: Sequence[_Graded]) -> list[_Graded]:
    """Of each person's grades of the same thing the newest, in the order given (oldest first).

    Those whose graders were forgotten can't be told apart; of these too only the newest counts.
    """
    newest = {(g.session, g.turn, g.dimension, g.graded_by): g.id for g in grades}
    return [g for g in grades if newest[g.session, g.turn, g.dimension, g.graded_by] == g.id]


def corrects(grade: float, score: float | None, *, blind: bool) -> bool:
    """Whether a grade stands in place of a score: given beside it, and another in whole points.

    A blind grade says nothing of a score that nobody had seen.
    """
    return not blind and (score is None or round(grade) != round(score))


def _check_grade(grade: float) -> None:
    if not math.isfinite(grade) or not 0 <= grade <= 100:
        raise UsageError("A grade is a number from 0 to 100.")


def _check_dimension(dimension: str) -> None:
    if dimension not in DIMENSIONS:
        raise UsageError(f"There is no dimension {dimension!r}; there are {', '.join(DIMENSIONS)}.")


def _said(text: str) -> str:
    """The text without what can't be stored or seen; empty where nothing can be read."""
    whole = "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff").strip()
    return whole if any(c.isprintable() and not c.isspace() for c in whole) else ""


def readable(text: str, longest: int, missing: str) -> str:
    """The text as it is kept; ``UsageError``: ``missing``, or that more than ``longest`` came."""
    said = _said(text)
    if not said:
        raise UsageError(missing)
    return _short(said, longest)


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise UsageError(
            f"That is {len(text):,} characters long; {longest:,} fit. Say the most important part."
        )
    return text
