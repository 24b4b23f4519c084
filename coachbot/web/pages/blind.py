"""Grading blind: the conversation alone, without anything that tells what others think of it.

Nothing that comes of the scores is on the page, hidden or not: no score, evidence, mood, outcome,
hint, question or grade, and no name, since knowing whose conversation it is would do the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from coachbot.coaching.anchors import ANCHORS, WORKED
from coachbot.coaching.blind import Given
from coachbot.coaching.reviewing import LONGEST_COMMENT
from coachbot.errors import UsageError
from coachbot.reporting.debrief import NAMES
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.web.pages import Page
from coachbot.web.pages.grading import points_of
from coachbot.web.pages.read import scenario_of, session_of
from coachbot.web.pages.stretches import plain

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.session.models import Session
    from coachbot.web.visit import Visit


def show(visit: Visit) -> Response:
    """Show the conversation and the form; on to the scores for whoever has graded it."""
    session, _ = session_of(visit, visit.request.path_params["session"], "grade_session")
    match visit.office.blind.standing(session.id, visit.me.person):
        case "graded":
            return visit.go(f"/sessions/{session.id}?noted=graded#noted")
        case "seen":
            return visit.render("blind_no_more.html", session=session)
    return _form(visit, session, {}, {})


def do(visit: Visit) -> Response:
    """Keep the grades, then show what was hidden."""
    session, _ = session_of(visit, visit.request.path_params["session"], "grade_session")
    office, me = visit.office, visit.me
    if (reply := visit.form.get("read", "")).isdecimal():
        # Only another part of a long conversation is to be shown.
        return _form(visit, session, visit.form, {}, int(reply[:4]))
    given, problems = _read(visit.form, session)
    if problems:
        return _form(visit, session, visit.form, problems, _first_wrong(problems))
    try:
        office.blind.grade(session.id, given, graded_by=me.person)
    except UsageError as error:
        # Sent twice, what was kept the first time is shown.
        match office.blind.standing(session.id, me.person):
            case "graded":
                return visit.go(f"/sessions/{session.id}?noted=again#noted")
            case "seen":
                return visit.render("blind_no_more.html", 400, session=session)
        return _form(visit, session, visit.form, {"": error.message})
    return visit.go(f"/sessions/{session.id}?noted=blind#noted")


def _read(form: Mapping[str, str], session: Session) -> tuple[list[Given], dict[str, str]]:
    """The grades in the form, and what is wrong, by the name of its field."""
    given: list[Given] = []
    problems: dict[str, str] = {}
    for dimension in DIMENSIONS:
        text = form.get(dimension, "").strip()
        comment = form.get(f"comment-{dimension}", "")
        if form.get(f"none-{dimension}"):
            if text:
                problems[dimension] = (
                    f"{NAMES[dimension].capitalize()}: give a grade, or say that nothing called "
                    "for it; not both."
                )
            continue
        if not text:
            problems[dimension] = (
                f"{NAMES[dimension].capitalize()}: give a grade, or say that nothing called for it."
            )
            continue
        _add(given, problems, dimension, text, comment=comment)
    for turn in session.turns:
        for dimension in DIMENSIONS:
            if text := form.get(f"{dimension}-{turn.number}", "").strip():
                _add(given, problems, dimension, text, turn=turn.number)
    return given, problems


def _add(
    given: list[Given],
    problems: dict[str, str],
    dimension: Dimension,
    text: str,
    *,
    turn: int | None = None,
    comment: str = "",
) -> None:
    where = f"{NAMES[dimension]} in reply {turn}" if turn else NAMES[dimension]
    try:
        given.append(Given(dimension, points_of(text), turn, comment))
    except UsageError as error:
        field = f"{dimension}-{turn}" if turn else dimension
        problems[field] = f"{where[:1].upper()}{where[1:]}: {_lower(error.message)}"
    if len(comment) > LONGEST_COMMENT:
        problems[dimension] = (
            f"{NAMES[dimension].capitalize()}: the comment is {len(comment):,} characters long, "
            f"and {LONGEST_COMMENT:,} fit."
        )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _first_wrong(problems: Mapping[str, str]) -> int:
    """The first reply whose grade is wrong; 1 where it is something else."""
    replies = [field.rpartition("-")[2] for field in problems]
    return min((int(number) for number in replies if number.isdecimal()), default=1)


def _form(
    visit: Visit,
    session: Session,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    reply: int = 1,
) -> Response:
    """The form, with what was typed; ``reply``: one in the part of the conversation to show."""
    scenario = scenario_of(visit, session)
    conversation = plain(session, reply=reply)
    elsewhere = [
        field
        for turn in session.turns
        if turn.number not in conversation.replies
        for field in (f"{dimension}-{turn.number}" for dimension in DIMENSIONS)
        if typed.get(field)
    ]
    return visit.render(
        "blind.html",
        400 if problems else 200,
        session=session,
        conversation=conversation,
        elsewhere=elsewhere,
        title=scenario.title if scenario else visit.titles([session.scenario])[session.scenario],
        customer=scenario.persona.name if scenario else "The customer",
        brief=scenario.brief if scenario else None,
        anchors=ANCHORS,
        worked=WORKED,
        typed=typed,
        problems=problems,
        longest=LONGEST_COMMENT,
    )


PAGE = Page("blind", "/grade/{session}", "grade_session", show=show, do=do)
