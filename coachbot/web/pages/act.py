"""Correcting what counts as done: one act, the conversation, and the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.coaching.reviewing import LONGEST_COMMENT
from coachbot.errors import UsageError
from coachbot.web.pages import Page
from coachbot.web.pages.read import Read, read, session_of
from coachbot.web.pages.stretches import plain
from coachbot.web.visit import Nowhere

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.reporting.matter import Checked
    from coachbot.web.visit import Visit


def show(visit: Visit) -> Response:
    """Show the form for one act."""
    return _form(visit, *_subject(visit))


def do(visit: Visit) -> Response:
    """Say that it was done, or not, and tell the hire; sent twice, it is done once."""
    reading, one = _subject(visit)
    office, me, session = visit.office, visit.me, reading.session
    if reading.scenario is None:
        raise Nowhere
    try:
        with office.transaction():
            if visit.form.get("after", "") != _newest(visit, reading, one):
                noted = "act_again"
            else:
                now = office.reviewing.judge_act(
                    session,
                    reading.scenario,
                    one.id,
                    done=one.reply is None,
                    judged_by=me.person,
                    comment=visit.form.get("comment", ""),
                    reply=_number(visit.form.get("reply", "")),
                )
                told = office.notices.act_judged(session, now, reading.owner, me)
                changed = now.passed != session.passed
                noted = f"act{'_passed' if now.passed else '_failed'}" if changed else "act"
                noted += "" if told else "_untold"
    except UsageError as error:
        return _form(visit, reading, one, problem=error.message)
    return visit.go(f"/sessions/{session.id}?noted={noted}#noted")


def _subject(visit: Visit) -> tuple[Read, Checked]:
    """Which session and act it is about, for somebody who may correct it; else ``Nowhere``."""
    parts = visit.request.path_params
    session, owner = session_of(visit, parts["session"], "correct_matter")
    reading = read(visit, session, owner)
    one = next((one for one in reading.acts if one.id == parts["act"]), None)
    if one is None or not session.turns or not reading.may_correct:
        raise Nowhere
    return reading, one


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None


def _newest(visit: Visit, reading: Read, one: Checked) -> str:
    """The newest verdict on the act as it is kept now, whosever it is; empty without any."""
    found = visit.office.reviewing.repository.verdicts(reading.session.id)
    return next((verdict.id for verdict in reversed(found) if verdict.act == one.id), "")


def _form(visit: Visit, reading: Read, one: Checked, problem: str = "") -> Response:
    return visit.render(
        "act.html",
        400 if problem else 200,
        reading=reading,
        one=one,
        conversation=plain(reading.session, reply=1),
        after=_newest(visit, reading, one),
        longest=LONGEST_COMMENT,
        problem=problem,
        chosen=_number(visit.form.get("reply", "")),
        comment=visit.form.get("comment", ""),
    )


PAGE = Page("act", "/sessions/{session}/acts/{act}", "correct_matter", show=show, do=do)
