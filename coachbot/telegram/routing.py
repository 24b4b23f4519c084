"""Who does what is asked for, and whether whoever asks may have it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbot.coaching.permissions import Action, demand
from coachbot.telegram import joining, rendering, trainee
from coachbot.telegram.menus import SEPARATOR

if TYPE_CHECKING:
    from coachbot.telegram.visit import Visit

Do = Callable[..., None]


@dataclass(frozen=True)
class Way:
    """What is done, and the action that one must be allowed; None: everybody may."""

    do: Do
    action: Action | None = None


MOST_WAITING = 30
"""Updates of a chat that wait; who sends faster than can be answered for so long, floods."""

COMMANDS: dict[str, Way] = {
    "start": Way(joining.start),
    "practice": Way(trainee.menu, "practise"),
    "hint": Way(trainee.hint, "take_hint"),
    "brief": Way(trainee.brief, "practise"),
    "pause": Way(trainee.pause, "practise"),
    "end": Way(trainee.end, "practise"),
    "progress": Way(trainee.progress, "see_own_progress"),
    "settings": Way(trainee.settings, "change_settings"),
    "mydata": Way(trainee.my_data, "export_own_data"),
    "forgetme": Way(trainee.forget, "forget_self"),
    "leave": Way(trainee.leave, "leave_team"),
}
"""Commands by their names."""

PRESSES: dict[str, Way] = {
    "join": Way(joining.join),
    "no": Way(joining.no),
    "menu": Way(trainee.menu, "practise"),
    "list": Way(trainee.listing, "practise"),
    "brief": Way(trainee.brief_of, "practise"),
    "go": Way(trainee.go, "practise"),
    "on": Way(trainee.on, "practise"),
    "leave": Way(trainee.leave_for_now, "practise"),
    "again": Way(trainee.again, "practise"),
    "end": Way(trainee.really_end, "practise"),
    "rate": Way(trainee.rate, "rate_self"),
    "try": Way(trainee.try_again, "retry_turn"),
    "question": Way(trainee.question, "question_score"),
    "feel": Way(trainee.feel, "say_feeling"),
    "progress": Way(trainee.progress, "see_own_progress"),
    "set": Way(trainee.change_setting, "change_settings"),
    "forget": Way(trainee.really_forget, "forget_self"),
    "quit": Way(trainee.leave, "leave_team"),
    "cancel": Way(trainee.cancel, "practise"),
}
"""What buttons send back, by the verb; what follows it are arguments."""

FORMS: dict[str, Do] = {"dispute": trainee.dispute_form}
"""What somebody is asked to write, and who reads it."""


def receive(visit: Visit) -> None:
    """Do what a request asks for."""
    request = visit.request
    if not request.private:
        if request.kind == "command":
            visit.answer(rendering.group_quiet(f"https://t.me/{visit.office.bot_name}"))
        return
    if request.kind in ("text", "other", "command") and _floods(visit):
        return
    match request.kind:
        case "blocked" | "unblocked":
            if visit.member is not None:
                reachable = request.kind == "unblocked"
                visit.office.members.set_reachable(visit.member.person, reachable)
        case "command":
            _command(visit)
        case "press":
            _press(visit)
        case "text" | "edit" | "file" | "other":
            _message(visit)
        case _:
            return


def _floods(visit: Visit) -> bool:
    """Let what comes in a flood go by, and say so once, when it begins to ebb."""
    office, chat = visit.office, visit.chat
    waiting = office.post.backlog(chat)
    if waiting > MOST_WAITING:
        office.flooded.add(chat)
    elif chat not in office.flooded:
        return False
    elif waiting <= 1:
        office.flooded.discard(chat)
        visit.answer(rendering.flood())
    return True


def _command(visit: Visit) -> None:
    name = visit.request.command
    if name == "help":
        roles = visit.member.roles if visit.member else frozenset[str]()
        visit.answer(rendering.help_text(roles) if visit.member else rendering.not_a_member())
        return
    way = COMMANDS.get(name)
    if way is None:
        if visit.member is None:
            visit.answer(rendering.not_a_member())
        else:
            visit.answer(rendering.unknown_command(name, visit.member.roles))
        return
    if visit.member is None and way.action is not None:
        visit.answer(rendering.not_a_member())
        return
    _go(visit, way, [])


def _press(visit: Visit) -> None:
    verb, *arguments = visit.request.data.split(SEPARATOR)
    way = PRESSES.get(verb)
    if way is None or not _takes(way.do, len(arguments)):
        visit.answer(rendering.stale_button())
        return
    if visit.member is None and way.action is not None:
        visit.answer(rendering.not_a_member())
        return
    _go(visit, way, arguments)


def _message(visit: Visit) -> None:
    if visit.member is None:
        visit.answer(rendering.not_a_member())
        return
    do = {
        "text": trainee.text,
        "edit": trainee.edit,
        "file": trainee.something_else,
        "other": trainee.something_else,
    }[visit.request.kind]
    _go(visit, Way(do, "practise"), [])


def _go(visit: Visit, way: Way, arguments: list[str]) -> None:
    if way.action is not None:
        demand(visit.member, way.action)
    way.do(visit, *arguments)


def _takes(do: Do, count: int) -> bool:
    """Whether a function takes so many arguments after the visit: buttons can be forged."""
    parameters = list(inspect.signature(do).parameters.values())[1:]
    needed = sum(p.default is p.empty for p in parameters)
    return needed <= count <= len(parameters)
