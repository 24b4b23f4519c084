"""Confirming or correcting a score: the form, with the anchors and a worked example beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coachbot.coaching.anchors import ANCHORS, WORKED
from coachbot.coaching.reviewing import LONGEST_COMMENT
from coachbot.errors import UsageError
from coachbot.reporting.marking import marked
from coachbot.reporting.matter import replies_in_question
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.web.pages import Page
from coachbot.web.pages.read import Read, read, session_of
from coachbot.web.pages.stretches import plain
from coachbot.web.visit import Nowhere

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.coaching.reviewing import Dispute
    from coachbot.session.models import Session, Turn
    from coachbot.web.visit import Visit


def show(visit: Visit) -> Response:
    """Show the form for one score."""
    reading, dimension = _subject(visit)
    return _form(visit, reading, dimension, _reply(reading, visit.query.get("reply", "")))


def do(visit: Visit) -> Response:
    """Confirm, or correct and tell the hire; sent twice, it is done once."""
    reading, dimension = _subject(visit)
    turn = _reply(reading, visit.form.get("reply", ""))
    number = turn.number if turn else None
    office, me, session = visit.office, visit.me, reading.session
    try:
        with office.transaction():
            if visit.form.get("after", "") != _newest(visit, reading, number, dimension):
                noted = "again"
            elif visit.form.get("do") == "confirm":
                office.reviewing.confirm(
                    session.id,
                    dimension,
                    graded_by=me.person,
                    turn=number,
                    comment=visit.form.get("comment", ""),
                )
                noted = "confirmed"
            else:
                grade = office.reviewing.correct(
                    session.id,
                    dimension,
                    points_of(visit.form.get("grade", "")),
                    graded_by=me.person,
                    comment=visit.form.get("comment", ""),
                    turn=number,
                )
                told = office.notices.corrected(grade, session, reading.owner, me)
                noted = "told" if told else "untold"
    except UsageError as error:
        return _form(visit, reading, dimension, turn, problem=error.message)
    place = f"&reply={number}" if number else ""
    return visit.go(f"/sessions/{session.id}?noted={noted}{place}#noted")


def points_of(text: str) -> float:
    """The number that somebody typed; ``UsageError`` where it is none from 0 to 100."""
    try:
        points = float(text.strip().replace(",", "."))
    except ValueError:
        points = -1.0
    if not 0 <= points <= 100:
        raise UsageError("Give a grade as a number from 0 to 100; the steps beside it say which.")
    return points


def _subject(visit: Visit) -> tuple[Read, Dimension]:
    """Which session and dimension it is about, for somebody who may grade it."""
    parts = visit.request.path_params
    dimension = next((d for d in DIMENSIONS if d == parts["dimension"]), None)
    if dimension is None:
        raise Nowhere
    session, owner = session_of(visit, parts["session"], "grade_session")
    return read(visit, session, owner), dimension


def _reply(reading: Read, text: str) -> Turn | None:
    """The reply that it is about; None: the session as a whole."""
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 4:
        for turn in reading.session.turns:
            if turn.number == int(text):
                return turn
    raise Nowhere


def named_replies(question: Dispute, session: Session) -> Sequence[Turn]:
    """The replies that a question names; none where it names none."""
    found = replies_in_question(question.comment, session)
    return found if len(found) < len(session.turns) else ()


def _newest(visit: Visit, reading: Read, number: int | None, dimension: Dimension) -> str:
    """The visitor's newest grade of it as it is kept now; empty without any."""
    grades = visit.office.reviewing.repository.grades(reading.session.id)
    mine = [
        grade
        for grade in grades
        if (grade.graded_by, grade.turn, grade.dimension) == (visit.me.person, number, dimension)
    ]
    return mine[-1].id if mine else ""


def _form(
    visit: Visit, reading: Read, dimension: Dimension, turn: Turn | None, problem: str = ""
) -> Response:
    number = turn.number if turn else None
    # What later replies left untouched is marked in the same words, and is not about this one.
    until = reading.session.model_copy(update={"turns": reading.session.turns[:number]})
    words = marked(until, dimension)
    questions = [
        one
        for one in visit.office.records.disputes(reading.session.id)
        if one.dimension == dimension and one.answered is None
    ]
    return visit.render(
        "grading.html",
        400 if problem else 200,
        reading=reading,
        dimension=dimension,
        turn=turn,
        words=words,
        value=reading.score_of(turn, dimension),
        questions=questions,
        in_question=[turn for one in questions[:1] for turn in named_replies(one, reading.session)],
        conversation=plain(reading.session, reply=1),
        grades=reading.grades_of(number, dimension),
        after=_newest(visit, reading, number, dimension),
        anchors=ANCHORS[dimension],
        worked=WORKED[dimension],
        longest=LONGEST_COMMENT,
        problem=problem,
        confirming=visit.form.get("do") == "confirm",
        grade=visit.form.get("grade", "")[:10],
        comment=visit.form.get("comment", ""),
    )


PAGE = Page("grading", "/sessions/{session}/grades/{dimension}", "grade_session", show=show, do=do)
