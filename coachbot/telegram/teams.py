"""Teams get their names: a new one is founded, or one's own is called something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coachbot.coaching.permissions import demand, where
from coachbot.telegram import rendering
from coachbot.telegram.menus import data, key_of, rows
from coachbot.telegram.rendering import supervising as texts
from coachbot.telegram.writing import ask, form, preview

if TYPE_CHECKING:
    from coachbot.telegram.visit import Visit

LABELS = {
    "team": ("Yes, found it", "Another name", "Cancel"),
    "rename": ("Yes, rename it", "Another name", "Cancel"),
}


def found(visit: Visit) -> None:
    """Ask what a new team is called."""
    demand(visit.hire, "found_team")
    ask(visit, texts.new_team_name(), form="team")


def propose(visit: Visit, name: str) -> None:
    """A name came with a command, and no team of theirs has it: offer to found one."""
    team_form(visit, {"form": "team"}, name)


@form
def team_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The name of a new team, shown before anything is founded."""
    demand(visit.hire, "found_team")
    name = awaiting.get("text") or visit.office.people.free_name(written)
    preview(visit, awaiting, name, texts.found_question(name), LABELS["team"])


@form
def send_found(visit: Visit, _awaiting: dict[str, Any], written: str) -> None:
    """Found the team; the next step is to invite somebody."""
    office, me = visit.office, visit.hire
    with visit.commit() as answers:
        name = office.people.found_team(written, me)
        office.members.set_awaiting(me.person, None)
        key = key_of(name)
        answers.change(
            texts.team_founded(name),
            rows(("Invite somebody", data("invite", key)), ("Rename it", data("call", key))),
        )


def call(visit: Visit, key: str) -> None:
    """Ask what a team is to be called."""
    teams = where(visit.hire, "rename_team")
    team = next((name for name in teams if key_of(name) == key), None)
    if team is None:
        visit.answer(rendering.stale_button())
        return
    ask(visit, texts.team_name(team), anew=True, form="rename", team=team)


def propose_name(visit: Visit, team: str, name: str) -> None:
    """A name came with a command: offer to call the team so."""
    rename_form(visit, {"form": "rename", "team": team}, name)


@form
def rename_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """Another name for a team, shown before it is changed."""
    team = awaiting["team"]
    demand(visit.hire, "rename_team", team=team)
    name = awaiting.get("text") or visit.office.people.free_name(written, team)
    preview(visit, awaiting, name, texts.rename_question(team, name), LABELS["rename"])


@form
def send_rename(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """Call the team so, everywhere."""
    office, me = visit.office, visit.hire
    with visit.commit() as answers:
        name = office.people.rename_team(awaiting["team"], written, me)
        office.members.set_awaiting(me.person, None)
        answers.change(
            texts.team_renamed(awaiting["team"], name),
            rows((name[:30], data("team", key_of(name), 0))),
        )
