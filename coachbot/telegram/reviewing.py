"""Reading somebody's session, grading it, and answering what they asked about a score.

Whoever had the conversation may read it too, with all that was said about it; the rest is for
supervisors of a team that they are in, and never about oneself. Roles are looked up again at every
press and at every message that fills in a form.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from coachbot.coaching.permissions import demand, may
from coachbot.coaching.publishing import is_trial
from coachbot.coaching.reviewing import (
    ASKED,
    LONGEST_COMMENT,
    Dispute,
    Grade,
    Subject,
    readable,
)
from coachbot.errors import NotFound
from coachbot.reporting.debrief import NAMES
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.telegram import rendering
from coachbot.telegram.menus import data, row, rows
from coachbot.telegram.reading import name_of, reading_of
from coachbot.telegram.rendering import reviewing as texts
from coachbot.telegram.rendering import writing as forms
from coachbot.telegram.rendering.supervising import not_reached
from coachbot.telegram.rendering.wording import keyboard
from coachbot.telegram.writing import ask, form, leave_form, preview, step, tell

if TYPE_CHECKING:
    from coachbot.coaching.people import Member
    from coachbot.coaching.permissions import Action
    from coachbot.session.models import Session, Turn
    from coachbot.telegram.messages import Button, Keyboard
    from coachbot.telegram.rendering.reviewing import Reading
    from coachbot.telegram.visit import Visit

CODES: dict[Dimension, str] = {
    "empathy": "e",
    "active_listening": "a",
    "individualized_treatment": "i",
}
"""Dimensions in the data of buttons, which has 64 bytes."""

AS_IT_IS = "ok"
STEPS = tuple(range(0, 101, 10))


def dimension_of(code: str) -> Dimension | None:
    """The dimension of a button."""
    return next((d for d, c in CODES.items() if c == code), None)


# --- Reading --------------------------------------------------------------------------------------


def read(visit: Visit, session_id: str, page: str = "1") -> None:
    """A session, from a page on, as a new message."""
    _show(visit, session_id, page, anew=True)


def turn_to(visit: Visit, session_id: str, page: str) -> None:
    """Another page, in the place of this one."""
    _show(visit, session_id, page, anew=False)


def _show(visit: Visit, session_id: str, page: str, *, anew: bool) -> None:
    session, owner = session_of(visit, session_id, "read_session")
    own = owner.person == visit.hire.person
    # The hire's own rating comes before they see the scores.
    readable = session.phase == "debrief" if own else session.over
    if not readable:
        visit.answer(texts.still_going_on())
        return
    text, buttons = _page(visit, shown_reading(visit, session, owner), owner, page)
    with visit.commit() as answers:
        if anew:
            answers.say(text, buttons)
        else:
            answers.change(text, buttons)


def _page(visit: Visit, reading: Reading, owner: Member, page: str) -> tuple[str, Keyboard]:
    found = texts.session_pages(reading)
    number = min(max(int(page), 1), len(found)) if page.isdecimal() else 1
    about, text = found[number - 1]
    session = reading.session
    buttons: list[tuple[Button, ...]] = []
    way = []
    if number > 1:
        way.append(("← Back", data("turn", session.id, number - 1)))
    if number < len(found):
        way.append(("Next →", data("turn", session.id, number + 1)))
    if way:
        buttons.append(row(*way))
    if may(visit.hire, "grade_session", owner=owner):
        turn = session.turns[about - 1] if about else None
        buttons += [
            row((_grade_label(reading, turn, d), data("grade", session.id, about, CODES[d])))
            for d in DIMENSIONS
        ]
        if reading.acts and not about and may(visit.hire, "correct_matter", owner=owner):
            buttons.append(row(("What was done: right?", data("acts", session.id))))
        buttons += [
            row((f"Answer about {ASKED[d.dimension]}", data("dispute", d.id)))
            for d in reading.disputes
            if not about and d.answered is None
        ]
        buttons.append(row((f"{owner.name[:30]}: all sessions", data("person", owner.telegram))))
    return text, tuple(buttons)


def _grade_label(reading: Reading, turn: Turn | None, dimension: Dimension) -> str:
    score = texts.score_of(reading, turn, dimension).score
    name = NAMES[dimension]
    return f"Grade {name}" if score is None else f"{name.capitalize()} {score:.0f}: right?"


def session_of(visit: Visit, session_id: str, action: Action) -> tuple[Session, Member]:
    """A session and who had it. ``Forbidden`` unless the action is allowed, ``NotFound``."""
    office = visit.office
    try:
        session = office.sessions.get(session_id)
    except NotFound:
        raise NotFound(_NO_SESSION) from None
    owner = office.members.member(session.person)
    if owner is None:
        raise NotFound(_NO_SESSION)
    demand(visit.hire, action, owner=owner)
    # What a trainer tries out is nobody's practice, and nobody else's to read.
    if is_trial(session.scenario) and owner.person != visit.hire.person:
        raise NotFound(_NO_SESSION)
    return session, owner


_NO_SESSION = "This conversation is no longer there; whoever had it may have deleted it."


def shown_reading(visit: Visit, session: Session, owner: Member) -> Reading:
    """A session to be read; that its scores were shown to somebody else is noted."""
    own = owner.person == visit.hire.person
    if not own:
        visit.office.scores_shown((session.id,), visit.hire.person)
    return reading_of(visit.office, session, owner, own=own)


# --- Grading --------------------------------------------------------------------------------------


def grade(visit: Visit, session_id: str, turn: str, code: str) -> None:
    """The form for a grade: the anchors, an example, the score, and the grades as buttons."""
    found = _graded(visit, session_id, turn, code)
    if found is None:
        visit.answer(rendering.stale_button())
        return
    reading, _, reply, dimension = found
    number = reply.number if reply else 0
    score = texts.score_of(reading, reply, dimension).score

    def gives(value: object) -> str:
        return data("give", session_id, number, code, value)

    buttons: list[tuple[Button, ...]] = []
    if score is not None:
        buttons.append(row((f"It is right as it is ({score:.0f})", gives(AS_IT_IS))))
    buttons += keyboard(*((str(step), gives(step)) for step in STEPS), columns=4)
    buttons.append(row(("Cancel", data("cancel"))))
    step(
        visit,
        texts.grade_form(reading, reply, dimension),
        tuple(buttons),
        "grading",
        "grade",
        session_id,
        number,
        code,
    )


def step_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """Text in the place of a grade's button: a number is one, whichever it is."""
    session_id, turn, code = awaiting["arguments"]
    value = grade_in(written)
    if value is None:
        visit.before = forms.tap_a_button()
        grade(visit, session_id, turn, code)
        return
    _ask_why(visit, session_id, turn, code, value)


def grade_in(written: str) -> int | None:
    """The grade that a message is, such as "60" or "no, I meant 60"; None where it is more."""
    found = re.fullmatch(
        r"(?:(?:no|sorry|oh)[,.!]? )?(?:(?:i )?mean[t]?|make it|rather|it should be|it's)? ?"
        r"([0-9]{1,3})[.!]?",
        " ".join(written.lower().split()),
    )
    return int(found.group(1)) if found and int(found.group(1)) <= 100 else None


def give(visit: Visit, session_id: str, turn: str, code: str, value: str) -> None:
    """Confirm a score, or choose a grade and be asked for the reason."""
    found = _graded(visit, session_id, turn, code)
    if found is None:
        visit.answer(rendering.stale_button())
        return
    reading, owner, reply, dimension = found
    score = texts.score_of(reading, reply, dimension).score
    if value == AS_IT_IS and score is not None:
        _confirm(visit, reading, owner, reply, dimension)
        return
    if not value.isdecimal() or int(value) not in STEPS:
        visit.answer(rendering.stale_button())
        return
    _ask_why(visit, session_id, turn, code, int(value))


def _ask_why(visit: Visit, session_id: str, turn: str, code: str, value: int) -> None:
    """A grade has been chosen; its reason is asked for."""
    found = _graded(visit, session_id, turn, code)
    if found is None:
        leave_form(visit, rendering.stale_button())
        return
    reading, _, reply, dimension = found
    number = reply.number if reply else 0
    score = texts.score_of(reading, reply, dimension).score
    ask(
        visit,
        texts.grade_comment(reading, number, dimension, value, score),
        form="grade",
        session=session_id,
        turn=number,
        dimension=dimension,
        grade=value,
    )


def _confirm(
    visit: Visit, reading: Reading, owner: Member, reply: Turn | None, dimension: Dimension
) -> None:
    office, me = visit.office, visit.hire.person
    number = reply.number if reply else None
    session = reading.session
    score = texts.score_of(reading, reply, dimension).score or 0.0
    mine = [
        g
        for g, _ in reading.grades
        if (g.graded_by, g.turn, g.dimension) == (me, number, dimension)
    ]
    with visit.commit() as answers:
        # Tapped twice, it is confirmed once.
        if not any(g.grade == g.score for g in mine):
            office.reviewing.confirm(session.id, dimension, graded_by=me, turn=number)
        office.members.set_awaiting(me, None)
        text = texts.confirmed(reading, number or 0, dimension, score)
        asked = open_question(reading, dimension)
        buttons = _back_to(reading, number or 0)
        if asked is not None:
            text += f"\n\n{texts.question_waits(owner.name, dimension)}"
            buttons = (row(("Answer the question", data("answer", asked.id))), *buttons)
        answers.change(text, buttons)


def open_question(reading: Reading, dimension: Subject) -> Dispute | None:
    """What the hire has asked about this and nobody has answered."""
    found = (d for d in reading.disputes if d.dimension == dimension and d.answered is None)
    return next(found, None)


def _back_to(reading: Reading, turn: int) -> Keyboard:
    return rows(("Read on", data("read", reading.session.id, texts.page_of(reading, turn))))


@form
def grade_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The reason for a correction, shown before it goes out; or another grade."""
    code = CODES.get(awaiting["dimension"], "")
    found = _graded(visit, awaiting["session"], str(awaiting["turn"]), code)
    if found is None:
        leave_form(visit, rendering.stale_button())
        return
    value, comment = grade_in(written), awaiting.get("text")
    if value is not None:
        if comment is None:
            _ask_why(visit, awaiting["session"], str(awaiting["turn"]), code, value)
            return
        awaiting = {name: kept for name, kept in awaiting.items() if name != "text"}
        awaiting["grade"] = value
    reading, owner, reply, dimension = found
    comment = comment or readable(written, LONGEST_COMMENT, "Say in a sentence why.")
    shown = forms.grade_preview(
        owner.name,
        texts.what_is_graded(dimension, reply.number if reply else 0),
        awaiting["grade"],
        texts.score_of(reading, reply, dimension).score,
        comment,
    )
    preview(visit, awaiting, comment, shown)


@form
def send_grade(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """Keep a correction; the hire is told the grade and the reason."""
    office, me = visit.office, visit.hire
    found = _graded(
        visit, awaiting["session"], str(awaiting["turn"]), CODES.get(awaiting["dimension"], "")
    )
    if found is None:
        leave_form(visit, rendering.stale_button())
        return
    reading, owner, reply, dimension = found
    number = reply.number if reply else 0
    with visit.commit() as answers:
        given: Grade = office.reviewing.correct(
            reading.session.id,
            dimension,
            awaiting["grade"],
            graded_by=me.person,
            comment=written,
            turn=number or None,
        )
        office.members.set_awaiting(me.person, None)
        link = data("read", reading.session.id, texts.page_of(reading, number))
        arrived = texts.grade_arrived(me.name, reading, reply, given)
        told = tell(answers, owner, arrived, rows(("Read it there", link)))
        text = texts.corrected(owner.name) if told else not_reached(owner.name)
        buttons = _back_to(reading, number)
        asked = open_question(reading, dimension)
        if asked is not None:
            text += f"\n\n{texts.question_waits(owner.name, dimension, graded=True)}"
            buttons = (row(("Answer the question with this too", data("same", asked.id))), *buttons)
        answers.change(text, buttons)


def _graded(
    visit: Visit, session_id: str, turn: str, code: str
) -> tuple[Reading, Member, Turn | None, Dimension] | None:
    """What a grade is for; None where there is no such thing."""
    session, owner = session_of(visit, session_id, "grade_session")
    dimension = dimension_of(code)
    if dimension is None or not session.over or not turn.isdecimal():
        return None
    if int(turn) > len(session.turns):
        return None
    reply = session.turns[int(turn) - 1] if int(turn) else None
    return shown_reading(visit, session, owner), owner, reply, dimension


# --- Questions about scores -----------------------------------------------------------------------


def dispute(visit: Visit, dispute_id: str) -> None:
    """A question about a score."""
    asked, reading, owner = _dispute(visit, dispute_id)
    by = name_of(visit.office, asked.answered_by) if asked.answered else None
    buttons = []
    if asked.answered is None:
        buttons.append(("Answer", data("answer", asked.id)))
    session = reading.session.id
    buttons += [
        ("Read the session", data("read", session, 1)),
        _correcting(session, asked.dimension),
        (f"{owner.name[:30]}: all sessions", data("person", owner.telegram)),
    ]
    now = visit.office.today().astimezone(visit.office.assigning.zone)
    visit.answer(texts.dispute_text(reading, asked, by, now), rows(*buttons))


def _correcting(session: str, subject: Subject) -> tuple[str, str]:
    """The button that corrects what a question is about."""
    if subject == "matter":
        return ("Correct what was done", data("acts", session))
    return ("Correct the score", data("grade", session, 0, CODES[subject]))


def _mine(visit: Visit, reading: Reading, subject: Subject) -> list[str]:
    """What the visitor wrote when they corrected this, oldest first."""
    me = visit.hire.person
    if subject == "matter":
        return [v.comment for v in reading.session.verdicts if v.judged_by == me]
    grades = [g for g, _ in reading.grades if (g.graded_by, g.dimension) == (me, subject)]
    return [grade.comment or "" for grade in grades]


def answer(visit: Visit, dispute_id: str) -> None:
    """Ask for the answer."""
    asked, reading, owner = _dispute(visit, dispute_id)
    if asked.answered is not None:
        visit.answer(texts.answered_before(), rows(("Read it", data("dispute", asked.id))))
        return
    session = reading.session.id
    ask(
        visit,
        texts.dispute_answer(owner.name, asked),
        rows(("Read the session", data("read", session, 1))),
        anew=True,
        form="answer",
        dispute=asked.id,
        session=session,
    )


@form
def answer_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The answer, shown before it goes out."""
    asked, _, owner = _dispute(visit, awaiting["dispute"])
    if asked.answered is not None:
        leave_form(visit, texts.answered_before())
        return
    missing = "Write an answer; the hire is waiting for a reason."
    said = awaiting.get("text") or readable(written, LONGEST_COMMENT, missing)
    preview(visit, awaiting, said, forms.answer_preview(owner.name, said))


def answer_with_grade(visit: Visit, dispute_id: str) -> None:
    """Answer a question with the words of the correction that was just made for it."""
    asked, reading, _ = _dispute(visit, dispute_id)
    mine = [comment for comment in _mine(visit, reading, asked.dimension) if comment]
    if not mine:
        visit.answer(rendering.stale_button())
        return
    send_answer(visit, {"dispute": dispute_id}, mine[-1])


@form
def send_answer(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The hire gets the answer with what they had asked."""
    office, me = visit.office, visit.hire
    asked, reading, owner = _dispute(visit, awaiting["dispute"])
    if asked.answered is not None:
        leave_form(visit, texts.answered_before())
        return
    graded = bool(_mine(visit, reading, asked.dimension))
    with visit.commit() as answers:
        answered = office.reviewing.answer(asked.id, written, answered_by=me.person)
        office.members.set_awaiting(me.person, None)
        session = reading.session.id
        text = texts.dispute_answered(me.name, reading, answered)
        told = tell(answers, owner, text, rows(("Read the conversation", data("read", session, 1))))
        correct = _correcting(session, asked.dimension)
        answers.change(
            texts.answer_sent(owner.name, asked.dimension, graded=graded)
            if told
            else not_reached(owner.name),
            rows(
                *(() if graded else (correct,)),
                ("My team", data("team")),
            ),
        )


def _dispute(visit: Visit, dispute_id: str) -> tuple[Dispute, Reading, Member]:
    try:
        asked = visit.office.reviewing.repository.dispute(dispute_id)
    except NotFound:
        raise NotFound("This question is no longer there; it may have been deleted.") from None
    session, owner = session_of(visit, asked.session, "answer_dispute")
    return asked, shown_reading(visit, session, owner), owner
