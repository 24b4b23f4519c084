"""Coming in: the link, the notice on privacy, and only then the first thing that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.telegram import rendering
from coachbot.telegram.menus import data, row, rows

if TYPE_CHECKING:
    from coachbot.coaching.people import Found
    from coachbot.telegram.visit import Visit


def start(visit: Visit) -> None:
    """The first message of everybody, with an invitation if their link had one."""
    payload = visit.request.argument
    if payload:
        _invited(visit, payload)
    elif visit.member is None:
        visit.answer(rendering.not_a_member())
    else:
        welcome(visit)


def welcome(visit: Visit) -> None:
    """A member who says hello again."""
    hire = visit.hire
    teams = ", ".join(sorted(hire.teams))
    text = rendering.welcome(hire.name, teams, hire.roles)
    visit.answer(text, rows(("Practise", data("menu"))))


def _invited(visit: Visit, payload: str) -> None:
    found = visit.office.people.look_up(payload, visit.member)
    if found.invitation is None:
        visit.answer(_refused(found))
        return
    notice = rendering.privacy_notice(
        found.invitation.team,
        found.invitation.roles,
        kept_days=visit.office.retention_days,
    )
    visit.answer(notice, (row(("I agree, let me in", data("join", payload)), ("No", data("no"))),))


def _refused(found: Found) -> str:
    if found.refusal in ("unknown", "expired", "used"):
        return rendering.invitation_refused(found.refusal)
    return rendering.html(found.message)


def join(visit: Visit, payload: str) -> None:
    """They have read the notice and agree."""
    office, request = visit.office, visit.request
    with visit.commit() as answers:
        answers.take_buttons()
        found = office.people.look_up(payload, visit.member)
        if found.invitation is None:
            answers.say(_refused(found))
            return
        member = office.people.join(payload, telegram=request.user or 0, name=request.name)
        text = rendering.welcome(member.name, found.invitation.team, member.roles)
        answers.say(text, rows(("Practise", data("menu"))))
    office.greet(member)


def no(visit: Visit) -> None:
    """They don't agree; nothing is kept."""
    with visit.commit() as answers:
        answers.change(rendering.not_joined())
