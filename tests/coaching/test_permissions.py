"""Who may do what: the whole table, and what it means for teams and for one's own things."""

from __future__ import annotations

import pytest

from coachbot.coaching.people import ROLES, Member, Membership, Role
from coachbot.coaching.permissions import (
    ABOUT_PERSON,
    ABOUT_TEAM,
    ACTIONS,
    ALLOWED,
    OWN,
    Action,
    demand,
    may,
    where,
)
from coachbot.errors import Forbidden


def somebody(number: int, *roles: tuple[str, Role], name: str = "Somebody") -> Member:
    """A member with roles, each in a team."""
    since = "2026-03-01T09:00:00.000+00:00"
    return Member(
        person=f"tg:{number}",
        telegram=number,
        name=name,
        joined=since,
        memberships=tuple(Membership(team=team, role=role, since=since) for team, role in roles),
    )


HIRE = somebody(1, ("Sales", "trainee"), name="Ada Quill")
WHO: dict[str, Member | None] = {
    "outsider": None,
    "trainee": somebody(2, ("Sales", "trainee")),
    "trainer": somebody(3, ("Sales", "trainer")),
    "supervisor": somebody(4, ("Sales", "supervisor")),
    "both": somebody(5, ("Sales", "trainer"), ("Sales", "supervisor")),
    "elsewhere": somebody(6, ("Repairs", "supervisor"), ("Sales", "trainee")),
    "stranger": somebody(7, ("Repairs", "supervisor")),
}
"""``elsewhere`` is a supervisor of another team, in the hire's as a trainee; ``stranger`` is only
in the other team."""

#                      outsider trainee trainer supervisor both elsewhere stranger
TABLE: dict[Action, str] = {
    "practise":           "- x x x x x x",
    "take_hint":          "- x x x x x x",
    "retry_turn":         "- x x x x x x",
    "rate_self":          "- x x x x x x",
    "question_score":     "- x x x x x x",
    "say_feeling":        "- x x x x x x",
    "see_own_progress":   "- x x x x x x",
    "accept_focus":       "- x x x x x x",
    "change_settings":    "- x x x x x x",
    "leave_team":         "- x x x x x -",
    "export_own_data":    "- x x x x x x",
    "forget_self":        "- x x x x x x",
    "see_team":           "- - - x x - -",
    "export_team":        "- - - x x - -",
    "invite":             "- - - x x - -",
    "rename_team":        "- - - x x - -",
    "found_team":         "- - - x x x x",
    "assign":             "- - x x x - -",
    "read_session":       "- - - x x - -",
    "grade_session":      "- - - x x - -",
    "correct_matter":     "- - - x x - -",
    "answer_dispute":     "- - - x x - -",
    "agree_focus":        "- - - x x - -",
    "send_scenario":      "- - x - x - -",
    "try_scenario":       "- - x - x - -",
    "bench_scenario":     "- - x - x - -",
    "publish_scenario":   "- - x - x - -",
    "withdraw_scenario":  "- - x - x - -",
    "see_scenarios":      "- - x x x x x",
    "use_page":           "- - x x x x x",
}  # fmt: skip
"""About the team Sales and its hire Ada; own actions about one's own things, leaving Sales."""


def asked(member: Member | None, action: Action) -> bool:
    """Ask as the bot would, about Sales or its hire or oneself."""
    if action == "leave_team":
        return may(member, action, team="Sales")
    if action in ABOUT_PERSON:
        return may(member, action, owner=HIRE)
    if action in ABOUT_TEAM:
        return may(member, action, team="Sales")
    return may(member, action)


def test_the_table_has_every_action_and_every_role() -> None:
    """Nothing that the bot does is left to chance."""
    assert set(ACTIONS) == set(TABLE) == set(ALLOWED)
    assert set(ROLES) == set().union(*ALLOWED.values())


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", WHO)
def test_every_action_for_everybody(action: Action, who: str) -> None:
    """Each role may do what the table says, and nothing else."""
    expected = dict(zip(WHO, TABLE[action].split(), strict=True))[who] == "x"
    assert expected == asked(WHO[who], action)


@pytest.mark.parametrize("who", [name for name, member in WHO.items() if member is not None])
@pytest.mark.parametrize("action", sorted(OWN))
def test_nobody_does_for_others_what_is_their_own(action: Action, who: str) -> None:
    """No role, not even their supervisor's, stands in for the person."""
    assert not may(WHO[who], action, owner=HIRE)
    assert not may(WHO[who], action, team="Sales", owner=HIRE)
    with pytest.raises(Forbidden, match="belongs to somebody else"):
        demand(WHO[who], action, owner=HIRE)
    assert may(HIRE, action, owner=HIRE)


@pytest.mark.parametrize(
    "action", ["grade_session", "correct_matter", "answer_dispute", "agree_focus"]
)
def test_nobody_judges_themselves(action: Action) -> None:
    """A supervisor needs another one for their own practice, whatever else they are."""
    both = WHO["both"]
    assert both is not None
    assert not may(both, action, owner=both)
    assert not may(both, action, owner=both, team="Sales")
    assert may(WHO["supervisor"], action, owner=both)
    with pytest.raises(Forbidden, match=r"[Aa]nother\s+supervisor"):
        demand(both, action, owner=both)


@pytest.mark.parametrize("who", [name for name, member in WHO.items() if member is not None])
def test_everybody_reads_their_own_sessions(who: str) -> None:
    """Also a trainer, who reads nobody else's."""
    member = WHO[who]
    assert may(member, "read_session", owner=member)
    assert not may(WHO["trainer"], "read_session", owner=HIRE)


def test_a_role_counts_only_where_it_is_shared_with_the_person() -> None:
    """A supervisor of two teams acts for a hire in the one that the hire is in."""
    lead = somebody(8, ("Sales", "supervisor"), ("Repairs", "trainee"))
    fixer = somebody(9, ("Repairs", "trainee"))
    in_both = somebody(10, ("Repairs", "trainee"), ("Sales", "trainee"))
    assert may(lead, "grade_session", owner=HIRE, team="Sales")
    assert not may(lead, "grade_session", owner=fixer)
    assert not may(lead, "assign", owner=fixer, team="Sales")
    assert not may(lead, "assign", owner=in_both, team="Repairs")
    assert may(lead, "assign", owner=in_both)
    assert may(lead, "assign", team="Sales")
    assert not may(lead, "see_team", team="Repairs")
    assert not may(lead, "see_team", team="No such team")


@pytest.mark.parametrize("action", sorted(ABOUT_TEAM | ABOUT_PERSON))
def test_what_is_about_somebody_is_refused_where_nobody_is_named(action: Action) -> None:
    """Forgetting to say whom it is about opens no other team's door."""
    assert not may(WHO["both"], action)
    if action not in ABOUT_TEAM:
        assert not may(WHO["both"], action, team="Sales")
    if action not in ABOUT_PERSON:
        assert not may(WHO["both"], action, owner=HIRE)


def test_whoever_left_every_team_keeps_the_right_to_their_data() -> None:
    """They can read and delete what is kept, and nothing else."""
    gone = somebody(11)
    assert {"export_own_data", "forget_self"} == {a for a in ACTIONS if may(gone, a)}
    assert may(gone, "read_session", owner=gone)


def test_menus_are_made_of_where_somebody_may() -> None:
    """A menu offers the teams in which the role is held."""
    lead = somebody(12, ("b", "supervisor"), ("A", "supervisor"), ("C", "trainer"))
    assert ("A", "b") == where(lead, "see_team")
    assert ("A", "b", "C") == where(lead, "assign")
    assert ("C",) == where(lead, "publish_scenario")
    assert () == where(None, "practise")


def test_demand_returns_who_may() -> None:
    """What follows needs no second look at whether there is a member."""
    assert HIRE == demand(HIRE, "practise")


@pytest.mark.parametrize("action", ACTIONS)
def test_a_refusal_is_a_kind_sentence(action: Action) -> None:
    """It says who may or what to do, and tells strangers nobody's name."""
    for member in WHO.values():
        if not asked(member, action):
            with pytest.raises(Forbidden) as refused:
                demand(
                    member,
                    action,
                    team="Sales" if action not in ABOUT_PERSON else None,
                    owner=HIRE if action in ABOUT_PERSON else None,
                )
            message = refused.value.message
            assert message.endswith(".")
            assert "_" not in message
            assert "Ada" not in message
            assert len(message) > 40
