"""Who may do what: one table of roles, and what an action is about.

Roles count only in the team that they were given in. Whoever practises keeps what is their own:
nobody else's role reaches it but where :data:`ABOUT_PERSON` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, get_args

from coachbot.errors import Forbidden

if TYPE_CHECKING:
    from coachbot.coaching.people import Member, Role

Action = Literal[
    "practise",
    "take_hint",
    "retry_turn",
    "rate_self",
    "question_score",
    "say_feeling",
    "see_own_progress",
    "accept_focus",
    "change_settings",
    "leave_team",
    "export_own_data",
    "forget_self",
    "see_team",
    "export_team",
    "invite",
    "rename_team",
    "found_team",
    "assign",
    "read_session",
    "grade_session",
    "correct_matter",
    "answer_dispute",
    "agree_focus",
    "send_scenario",
    "try_scenario",
    "bench_scenario",
    "publish_scenario",
    "withdraw_scenario",
    "see_scenarios",
    "use_page",
]
"""Everything that the bot and the page do for people."""

ACTIONS: tuple[Action, ...] = get_args(Action)

_EVERYBODY: frozenset[Role] = frozenset(("trainee", "trainer", "supervisor"))
_TRAINERS: frozenset[Role] = frozenset(("trainer",))
_SUPERVISORS: frozenset[Role] = frozenset(("supervisor",))

ALLOWED: Mapping[Action, frozenset[Role]] = {
    "practise": _EVERYBODY,
    "take_hint": _EVERYBODY,
    "retry_turn": _EVERYBODY,
    "rate_self": _EVERYBODY,
    "question_score": _EVERYBODY,
    "say_feeling": _EVERYBODY,
    "see_own_progress": _EVERYBODY,
    "accept_focus": _EVERYBODY,
    "change_settings": _EVERYBODY,
    "leave_team": _EVERYBODY,
    "export_own_data": _EVERYBODY,
    "forget_self": _EVERYBODY,
    "see_team": _SUPERVISORS,
    "export_team": _SUPERVISORS,
    "invite": _SUPERVISORS,
    "rename_team": _SUPERVISORS,
    "found_team": _SUPERVISORS,
    "assign": _TRAINERS | _SUPERVISORS,
    "read_session": _SUPERVISORS,
    "grade_session": _SUPERVISORS,
    "correct_matter": _SUPERVISORS,
    "answer_dispute": _SUPERVISORS,
    "agree_focus": _SUPERVISORS,
    "send_scenario": _TRAINERS,
    "try_scenario": _TRAINERS,
    "bench_scenario": _TRAINERS,
    "publish_scenario": _TRAINERS,
    "withdraw_scenario": _TRAINERS,
    "see_scenarios": _TRAINERS | _SUPERVISORS,
    "use_page": _TRAINERS | _SUPERVISORS,
}
"""The roles of which one is enough. Reading one's own session needs none but to be its owner."""

OWN: frozenset[Action] = frozenset(
    (
        "practise",
        "take_hint",
        "retry_turn",
        "rate_self",
        "question_score",
        "say_feeling",
        "see_own_progress",
        "accept_focus",
        "change_settings",
        "leave_team",
        "export_own_data",
        "forget_self",
    )
)
"""Only ever by the person whom it is about."""

DATA_RIGHTS: frozenset[Action] = frozenset(("export_own_data", "forget_self"))
"""Left to whoever has left every team: what is kept about them is still theirs."""

ABOUT_TEAM: frozenset[Action] = frozenset(
    ("see_team", "export_team", "invite", "rename_team", "assign")
)
"""Need the role in the team that is named."""

ABOUT_PERSON: frozenset[Action] = frozenset(
    ("read_session", "grade_session", "correct_matter", "answer_dispute", "agree_focus", "assign")
)
"""Need the role in a team that the owner is in, whatever their own role there."""

NEVER_ONESELF: frozenset[Action] = frozenset(
    ("grade_session", "correct_matter", "answer_dispute", "agree_focus")
)
"""Take two people."""


def may(
    member: Member | None,
    action: Action,
    *,
    team: str | None = None,
    owner: Member | None = None,
) -> bool:
    """Whether a member (None: an outsider) may do something.

    ``team``: the team it is about. ``owner``: the person it is about, or whose session, dispute or
    data it is; for :data:`OWN` actions the member, unless told. An action about a team or a person
    is refused where neither is named; to know what to offer in a menu, ask :func:`where`.
    """
    return _refusal(member, action, team, owner) is None


def demand(
    member: Member | None,
    action: Action,
    *,
    team: str | None = None,
    owner: Member | None = None,
) -> Member:
    """Return the member who may do it, as in :func:`may`; ``Forbidden`` tells others why not."""
    refusal = _refusal(member, action, team, owner)
    if refusal is not None or member is None:
        raise Forbidden(refusal or _OUTSIDER)
    return member


def where(member: Member | None, action: Action) -> tuple[str, ...]:
    """The teams in which a member's roles allow an action, by name: what menus are made of."""
    if member is None:
        return ()
    return tuple(t for t in member.teams if member.roles_in(t) & ALLOWED[action])


def _refusal(
    member: Member | None, action: Action, team: str | None, owner: Member | None
) -> str | None:
    """Why not, for the person; None where they may."""
    if member is None:
        return _OUTSIDER
    mine = owner is None or owner.person == member.person
    if action in OWN:
        return _refusal_of_own(member, action, team) if mine else _SOMEBODY_ELSES
    if owner is not None and mine:
        if action in NEVER_ONESELF:
            return _NOT_ONESELF[action]
        if action == "read_session":
            return None
    if not member.roles & ALLOWED[action]:
        return _WHO[action]
    return _refusal_elsewhere(member, action, team, owner)


def _refusal_of_own(member: Member, action: Action, team: str | None) -> str | None:
    if action in DATA_RIGHTS:
        return None
    if not member.roles:
        return (
            "You are in no team at the moment, so there is nothing to practise with. An invitation "
            "from your supervisor brings you back, and everything of yours is still here."
        )
    if team is not None and team not in member.teams:
        return f"You are not in {team}, so nothing changes there for you."
    return None


def _refusal_elsewhere(
    member: Member, action: Action, team: str | None, owner: Member | None
) -> str | None:
    """Why a role that is held somewhere is not enough here."""
    holds_it = set(where(member, action))
    if team is not None and team not in holds_it:
        return f"{_WHO[action]} Your role for it is in {_listed(sorted(holds_it))}, not in {team}."
    if action in ABOUT_PERSON and owner is not None:
        shared = holds_it & set(owner.teams)
        if shared and (team is None or team in shared):
            return None
        # Nothing that would tell a stranger whom it is about.
        return (
            "This is about somebody who is in none of the teams you do it for. Somebody with that "
            "role in their own team can."
        )
    if action in ABOUT_TEAM:
        return None if team is not None else "Choose the team first; it isn't clear which one."
    if action in ABOUT_PERSON:
        return "Choose the person first; it isn't clear whom this is about."
    return None


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


_OUTSIDER = (
    "We haven't met yet. Open the invitation link that you were sent; if you have none, ask your "
    "supervisor for one."
)
_SOMEBODY_ELSES = "This belongs to somebody else, and only they can do that."

_NOT_ONESELF: Mapping[Action, str] = {
    "grade_session": (
        "This session is your own, and a grade is worth something because another pair of eyes "
        "gave it. Ask another supervisor of your team to read it."
    ),
    "correct_matter": (
        "This session is your own, and what was done in it is for another pair of eyes to say. Ask "
        "another supervisor of your team to read it."
    ),
    "answer_dispute": (
        "You have asked this yourself, so somebody else should weigh it. Another "
        "supervisor of your team can answer."
    ),
    "agree_focus": (
        "A focus is agreed between two people. Ask another supervisor to choose yours with you."
    ),
}

_BY_TRAINERS = "That is for trainers; a supervisor can invite you as one."

_WHO: Mapping[Action, str] = {
    "see_team": "How a team is doing is shown to its supervisors only.",
    "export_team": "A team's figures are handed to its supervisors only.",
    "invite": "Invitations come from the supervisors of a team.",
    "rename_team": "A team is given its name by its supervisors.",
    "found_team": "New teams are founded by somebody who supervises one already.",
    "assign": "Scenarios are assigned by the trainers and supervisors of a team.",
    "read_session": (
        "Conversations are private: only the person who had one and their supervisors read it."
    ),
    "grade_session": "Scores are confirmed or corrected by the supervisors of a team.",
    "correct_matter": "What was done is corrected by the supervisors of a team.",
    "answer_dispute": "Questions about a score are answered by the supervisors of a team.",
    "agree_focus": "A focus is agreed on with a supervisor. Tell yours what you would like.",
    "send_scenario": "New scenarios come from trainers; a supervisor can invite you as one.",
    "try_scenario": f"Scenarios are tried out before they are published. {_BY_TRAINERS}",
    "bench_scenario": f"Scenarios are measured by whoever answers for them. {_BY_TRAINERS}",
    "publish_scenario": f"Scenarios are published by whoever answers for them. {_BY_TRAINERS}",
    "withdraw_scenario": f"Scenarios are withdrawn by whoever answers for them. {_BY_TRAINERS}",
    "see_scenarios": "How the scenarios are doing is shown to trainers and supervisors.",
    "use_page": (
        "The page in the browser is for supervisors and trainers. What is yours is all here: "
        "/progress shows how you are doing."
    ),
}
