"""The commands, as /help and Telegram's menu list them."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from coachbot.telegram.rendering.wording import one_line

COMMANDS: dict[str, dict[str, str]] = {
    "trainee": {
        "practice": "choose a customer, or go on where you stopped",
        "hint": "a pointer for your next reply (a pass then says “with help”)",
        "brief": "read your brief again",
        "pause": "stop for now and go on another day",
        "end": "end the conversation and read the debrief",
        "progress": "how you are doing, and what to practise next",
        "settings": "feedback after each reply, reminders",
    },
    "trainer": {
        "scenarios": "all scenarios and how each is doing",
        "template": "add a scenario: a file to fill in, and how",
        "assign": "give somebody a scenario to practise",
        "web": "a link to the page in your browser",
    },
    "supervisor": {
        "team": "who practised, how it goes, what waits for you",
        "invite": "a link for somebody new",
        "assign": "give somebody a scenario to practise",
        "scenarios": "all scenarios and how each is doing",
        "export": "your team's results as a CSV file",
        "web": "a link to the page in your browser",
    },
    "everyone": {
        "privacy": "what is kept about you, and who reads it",
        "mydata": "everything about you, as a file",
        "forgetme": "delete everything about you",
        "leave": "leave your team",
        "help": "this list",
    },
}
"""For each role, and for everyone, the commands without their slash and what they do."""


PAGE = "web"
"""Left out as long as nobody could open the page."""


def commands_of(roles: Collection[str], *, page: bool = True) -> dict[str, str]:
    """The commands of somebody with these roles, and what each does; for Telegram's menu too.

    ``page``: whether the page in the browser can be opened.
    """
    found: dict[str, str] = {}
    for commands in _blocks(roles, page=page).values():
        found |= commands
    return found


def _blocks(roles: Collection[str], *, page: bool) -> dict[str, dict[str, str]]:
    """The commands of each role, each command once, under the first role that has it.

    Whoever looks after a team may practise too; for them that comes after their work.
    """
    order = ["trainee", "supervisor", "trainer", "everyone"]
    shown = [role for role in order if role in roles or role == "everyone"]
    if "trainee" not in roles and roles:
        shown.insert(-1, "practising")
    blocks: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    for role in shown:
        commands = COMMANDS["trainee"] if role == "practising" else COMMANDS[role]
        blocks[role] = {
            name: what
            for name, what in commands.items()
            if name not in seen
            and (page or name != PAGE)
            and (role != "practising" or name in PRACTISING)
        }
        seen |= set(blocks[role])
    return {role: commands for role, commands in blocks.items() if commands}


PRACTISING = ("practice", "progress")
"""What is offered of practising to those who look after others, and may try it as well."""


def help_text(roles: Collection[str], *, page: bool = True) -> str:
    """What can be done here, a line for each command. ``page``: as in :func:`commands_of`."""
    titles = {
        "trainee": "Practising",
        "trainer": "Scenarios",
        "supervisor": "Your team",
        "practising": "Practising yourself",
        "everyone": "Your data",
    }
    blocks = [
        "\n".join(
            [f"<b>{titles[role]}</b>", *(f"/{name} – {what}" for name, what in commands.items())]
        )
        for role, commands in _blocks(roles, page=page).items()
    ]
    if "trainee" in roles:
        blocks.append(
            "In a conversation, simply write: whatever is no command goes to the customer."
        )
    if "trainer" in roles:
        blocks.append("To add a scenario, take /template, fill it in and send it back as a file.")
    return "\n\n".join(blocks)


def unknown_command(command: str, roles: Collection[str] = ("trainee",)) -> str:
    """There is no such command; the nearest one that this person has."""
    word = command.strip().removeprefix("/").split(maxsplit=1)
    name = word[0].lower() if word else ""
    near = difflib.get_close_matches(name[:32], commands_of(roles), n=1, cutoff=0.6)
    advice = f"Did you mean /{near[0]}?" if near else "/help has the list."
    return f"I don't know /{one_line(name, 32)}. {advice}" if name else advice
