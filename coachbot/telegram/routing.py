"""Who does what is asked for, and whether whoever asks may have it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbot.coaching.permissions import Action, demand, where
from coachbot.errors import Forbidden, NotFound, UsageError
from coachbot.telegram import (
    account,
    adding,
    assignments,
    benching,
    disputing,
    focusing,
    joining,
    matter,
    page,
    rendering,
    retrying,
    reviewing,
    sending,
    supervisor,
    teams,
    trainee,
    trainer,
    writing,
)
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
    "progress": Way(account.progress, "see_own_progress"),
    "settings": Way(account.settings, "change_settings"),
    "privacy": Way(account.privacy, "export_own_data"),
    "mydata": Way(account.my_data, "export_own_data"),
    "forgetme": Way(account.forget, "forget_self"),
    "leave": Way(account.leave, "leave_team"),
    "team": Way(supervisor.team, "see_team"),
    "invite": Way(supervisor.invite, "invite"),
    "export": Way(supervisor.export, "export_team"),
    "scenarios": Way(trainer.scenarios, "see_scenarios"),
    "template": Way(adding.template, "send_scenario"),
    "assign": Way(assignments.begin, "assign"),
    "web": Way(page.web, "use_page"),
}
"""Commands by their names."""

PRESSES: dict[str, Way] = {
    "join": Way(joining.join),
    "no": Way(joining.no),
    "notice": Way(joining.notice),
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
    "question": Way(disputing.question, "question_score"),
    "compare": Way(retrying.compare, "retry_turn"),
    "further": Way(retrying.further, "retry_turn"),
    "feel": Way(trainee.feel, "say_feeling"),
    "progress": Way(account.progress, "see_own_progress"),
    "set": Way(account.change_setting, "change_settings"),
    "forget": Way(account.really_forget, "forget_self"),
    "quit": Way(account.leave, "leave_team"),
    "cancel": Way(trainee.cancel, "practise"),
    "team": Way(supervisor.team, "see_team"),
    "disputes": Way(supervisor.disputes, "see_team"),
    "person": Way(supervisor.person, "read_session"),
    "invite": Way(supervisor.invite, "invite"),
    "link": Way(supervisor.link, "invite"),
    "another": Way(supervisor.another_link, "invite"),
    "found": Way(teams.found, "found_team"),
    "call": Way(teams.call, "rename_team"),
    "post": Way(sending.post, "practise"),
    "rewrite": Way(writing.rewrite, "practise"),
    # One's own session can be read without any role.
    "read": Way(reviewing.read, "practise"),
    "turn": Way(reviewing.turn_to, "practise"),
    "grade": Way(reviewing.grade, "grade_session"),
    "give": Way(reviewing.give, "grade_session"),
    "acts": Way(matter.acts, "correct_matter"),
    "act": Way(matter.act, "correct_matter"),
    "dispute": Way(reviewing.dispute, "answer_dispute"),
    "answer": Way(reviewing.answer, "answer_dispute"),
    "same": Way(reviewing.answer_with_grade, "answer_dispute"),
    "focus": Way(focusing.focus, "agree_focus"),
    "close": Way(focusing.close, "agree_focus"),
    "accept": Way(focusing.accept, "accept_focus"),
    "talk": Way(focusing.talk, "accept_focus"),
    "scenarios": Way(trainer.scenarios, "see_scenarios"),
    "about": Way(trainer.about, "see_scenarios"),
    "template": Way(adding.template, "send_scenario"),
    "pasted": Way(adding.all_pasted, "send_scenario"),
    "card": Way(trainer.card, "send_scenario"),
    "trial": Way(trainer.trial, "try_scenario"),
    "bench": Way(benching.bench, "bench_scenario"),
    "unbench": Way(benching.stop, "bench_scenario"),
    "publish": Way(trainer.publish, "publish_scenario"),
    "insist": Way(trainer.insist, "publish_scenario"),
    "withdraw": Way(trainer.withdraw, "withdraw_scenario"),
    "discard": Way(trainer.discard, "send_scenario"),
    "assign": Way(assignments.begin, "assign"),
    "assign_to": Way(assignments.assign_to, "assign"),
    "whom": Way(assignments.whom, "assign"),
    "due": Way(assignments.due, "assign"),
    "date": Way(assignments.type_date, "assign"),
    "tries": Way(assignments.tries, "assign"),
    "mark": Way(assignments.mark, "assign"),
    "sure": Way(assignments.sure, "assign"),
    "hand": Way(assignments.hand_out, "assign"),
    "assigned": Way(assignments.listing, "assign"),
    "unassign": Way(assignments.withdraw, "assign"),
}
"""What buttons send back, by the verb; what follows it are arguments."""

FORMS: dict[str, Do] = {
    "dispute": disputing.dispute_form,
    "adding": disputing.adding_form,
    trainee.UNSENT: trainee.unsent_form,
    trainee.QUESTIONING: disputing.questioning_form,
    "grade": reviewing.grade_form,
    "answer": reviewing.answer_form,
    "act": matter.act_form,
    "focus": focusing.focus_form,
    "close": focusing.close_form,
    "due": assignments.date_form,
    "team": teams.team_form,
    "rename": teams.rename_form,
    "pasting": adding.pasting_form,
    # Where buttons were offered.
    "assigning": assignments.step_form,
    "grading": reviewing.step_form,
    "correcting": matter.step_form,
    "focusing": focusing.step_form,
    "inviting": supervisor.step_form,
}
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
            trainee.adds_no_more(visit)
            _command(visit)
        case "press":
            trainee.adds_no_more(visit)
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
    writing.leaves(visit, None)
    if name == "help":
        roles = visit.member.roles if visit.member else frozenset[str]()
        text = rendering.help_text(roles, page=visit.office.page_for_all)
        visit.answer(text) if visit.member else joining.stranger(visit)
        return
    way = COMMANDS.get(name)
    if way is None:
        if visit.member is None:
            joining.stranger(visit)
        else:
            visit.answer(rendering.unknown_command(name, visit.member.roles))
        return
    if visit.member is None and way.action is not None:
        joining.stranger(visit, way.action)
        return
    _go(visit, way, [])


def _press(visit: Visit) -> None:
    verb, *arguments = visit.request.data.split(SEPARATOR)
    writing.leaves(visit, verb)
    way = PRESSES.get(verb)
    if way is None or not _takes(way.do, len(arguments)):
        visit.answer(rendering.stale_button())
        return
    if visit.member is None and way.action is not None:
        joining.stranger(visit, way.action)
        return
    _go(visit, way, arguments)


def _message(visit: Visit) -> None:
    if visit.member is None:
        joining.stranger(visit)
        return
    if visit.request.kind == "file" and visit.member.holds("trainer"):
        writing.leaves(visit, None)
        _go(visit, Way(adding.scenario_file, "send_scenario"), [])
        return
    if visit.request.kind == "text":
        writing.forgets(visit)
        if adding.is_pasted(visit):
            _go(visit, Way(adding.pasted, "send_scenario"), [])
            return
        if adding.asks_to_add(visit):
            _go(visit, Way(adding.offer_to_add, "send_scenario"), [])
            return
        if adding.is_lost(visit):
            _go(visit, Way(adding.nobody_listens, "send_scenario"), [])
            return
    do = {
        "text": trainee.text,
        "edit": trainee.edit,
        "file": trainee.something_else,
        "other": trainee.something_else,
    }[visit.request.kind]
    _go(visit, Way(do, "practise"), [])


def _go(visit: Visit, way: Way, arguments: list[str]) -> None:
    # Whom or which team it is about, the action itself looks up and demands.
    if way.action is not None and not where(visit.member, way.action):
        demand(visit.member, way.action)
    try:
        way.do(visit, *arguments)
    except (Forbidden, NotFound, UsageError) as error:
        if not visit.lets_go or visit.committed:
            raise
        # The form is left even where what was asked for instead can't be had.
        visit.answer(rendering.html(error.message))


def _takes(do: Do, count: int) -> bool:
    """Whether a function takes so many arguments after the visit: buttons can be forged."""
    parameters = list(inspect.signature(do).parameters.values())[1:]
    needed = sum(p.default is p.empty for p in parameters)
    return needed <= count <= len(parameters)
