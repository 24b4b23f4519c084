"""Coming in: the link, the notice on privacy, and only then the first thing that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.coaching.permissions import DATA_RIGHTS
from coachbot.telegram import rendering
from coachbot.telegram.menus import SEPARATOR, data, row, rows

if TYPE_CHECKING:
    from collections.abc import Collection

    from coachbot.coaching.people import Found, Invitation
    from coachbot.coaching.permissions import Action
    from coachbot.telegram.messages import Keyboard
    from coachbot.telegram.visit import Visit

AGREE = "I agree, let me in"


def start(visit: Visit) -> None:
    """The first message of everybody, with an invitation if their link had one."""
    payload = visit.request.argument
    if payload:
        _invited(visit, payload)
    elif visit.member is None:
        stranger(visit)
    else:
        welcome(visit)


def welcome(visit: Visit) -> None:
    """A member who says hello again."""
    hire = visit.hire
    teams = ", ".join(sorted(hire.teams))
    text = rendering.welcome(hire.name, teams, hire.roles)
    visit.answer(text, _first_steps(hire.roles))


def _first_steps(roles: Collection[str]) -> Keyboard:
    practise = ("Practise", data("menu"))
    if "trainer" not in roles:
        return rows(practise)
    add, look = ("Add a scenario", data("template")), ("All scenarios", data("scenarios"))
    return rows(practise, add, look) if "trainee" in roles else rows(add, look, practise)


def _invited(visit: Visit, payload: str) -> None:
    found = visit.office.people.look_up(payload, visit.member)
    if found.invitation is None:
        visit.answer(_refused(found))
        return
    _show_notice(visit, payload, found.invitation, change=False)


def _show_notice(visit: Visit, payload: str, invitation: Invitation, *, change: bool) -> None:
    office = visit.office
    notice = rendering.privacy_notice(
        invitation.team,
        invitation.roles,
        kept_days=office.retention_days,
        supervisors=office.supervisor_names(invitation.team),
    )
    buttons = row((AGREE, data("join", payload)), ("No", data("no", payload)))
    with visit.commit() as answers:
        show = answers.change if change else answers.say
        show(notice, (buttons,))
    office.show(visit.chat, data("join", payload))


def notice(visit: Visit, payload: str) -> None:
    """The notice once more, for whoever said no or wrote something instead of tapping."""
    found = visit.office.people.look_up(payload, visit.member)
    if found.invitation is None:
        visit.office.show(visit.chat, None)
        visit.answer(_refused(found))
        return
    _show_notice(visit, payload, found.invitation, change=True)


def stranger(visit: Visit, action: Action | None = None) -> None:
    """Somebody who is not in wants something. ``action``: what, where it is known."""
    verb, _, payload = visit.office.on_screen.get(visit.chat, "").partition(SEPARATOR)
    if verb in ("join", "no"):
        text = rendering.notice_waits(declined=verb == "no")
        again = ("Read it again", data("notice", payload))
        agree = [(AGREE, data("join", payload))] if verb == "join" else []
        visit.answer(text, rows(*agree, again))
    elif action in DATA_RIGHTS:
        visit.answer(rendering.nothing_kept())
    else:
        visit.answer(rendering.not_a_member())


def _refused(found: Found) -> str:
    if found.refusal in ("unknown", "expired", "used"):
        return rendering.invitation_refused(found.refusal)
    return rendering.html(found.message)


def join(visit: Visit, payload: str) -> None:
    """They have read the notice and agree."""
    office, request = visit.office, visit.request
    with visit.commit() as answers:
        office.show(visit.chat, None)
        answers.take_buttons()
        found = office.people.look_up(payload, visit.member)
        if found.invitation is None:
            answers.say(_refused(found))
            return
        member = office.people.join(payload, telegram=request.user or 0, name=request.name)
        text = rendering.welcome(member.name, found.invitation.team, member.roles)
        answers.say(text, _first_steps(member.roles))
    office.greet(member)


def no(visit: Visit, payload: str = "") -> None:
    """They don't agree; nothing is kept, and the notice stays within reach."""
    if visit.member is not None:
        # An older notice, after they agreed to another.
        visit.answer(rendering.is_in_already())
        return
    again = rows(("Read it again", data("notice", payload))) if payload else ()
    with visit.commit() as answers:
        answers.change(rendering.not_joined(), again)
    visit.office.show(visit.chat, data("no", payload) if payload else None)
