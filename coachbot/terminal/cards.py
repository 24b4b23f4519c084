"""What is shown around and in the conversation: the brief, bubbles, what was said so far."""

from __future__ import annotations

import unicodedata

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from coachbot.customer.wording import played_by
from coachbot.scenario.models import Scenario
from coachbot.session.models import Session

LEAVING = "You can leave at any time with /end; nobody will ask why."
"""Said with every note on a scenario's subject."""


_TURNS_LINES = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
"""Marks that change the direction of all that follows, beyond the text that they stand in."""


def printable(text: str) -> str:
    """Text of people without what a terminal would obey: control characters."""
    return "".join(
        c
        for c in text
        if c in "\n\t"
        or (unicodedata.category(c) not in ("Cc", "Cs", "Cn") and c not in _TURNS_LINES)
    )


def safe(text: str) -> str:
    """Text of people where markup is read: neither markup nor control characters."""
    return escape(printable(text))


def brief(console: Console, scenario: Scenario, words_by: str | None = None) -> None:
    """The hire's brief. ``words_by``: the language model that finds the customer's words."""
    card = scenario.brief
    parts: list[RenderableType] = []
    if scenario.content_note:
        note = Text("A note first: ", style="bold yellow")
        note.append(f"{scenario.content_note} {LEAVING}\n", style="default")
        parts.append(note)
    parts.append(Text(card.role + "\n"))
    for title, items in (
        ("On your screen", card.screen),
        ("You may offer", card.may_offer),
        ("You may not offer", tuple(f.what for f in card.may_not_offer)),
    ):
        if items:
            parts.append(Text(title, style="bold"))
            rows = Table.grid(padding=(0, 1))
            for item in items:
                rows.add_row("  -", Text(item))
            parts += [rows, Text()]
    parts.append(
        Text(
            played_by(scenario.persona.name, words_by and printable(words_by)),
            style="dim",
        )
    )
    console.print()
    console.print(Panel(Group(*parts), title=scenario.title, title_align="left", padding=(1, 2)))


def bubble(console: Console, name: str, message: str) -> None:
    """One message of the customer."""
    text = Text()
    text.append(f"{name}: ", style="bold magenta")
    text.append_text(Text.from_markup(safe(message)))
    console.print(text)


def history(console: Console, session: Session, scenario: Scenario) -> None:
    """The conversation so far, for a session that goes on."""
    console.print("[dim]So far:[/dim]")
    for turn in session.turns:
        for message in turn.customer:
            bubble(console, scenario.persona.name, message)
        console.print(Padding(f"[cyan]You:[/cyan] {safe(turn.agent)}", (0, 0, 0, 4)))
    for message in session.waiting:
        bubble(console, scenario.persona.name, message)
    if session.pending is not None:
        console.print(Padding(f"[cyan]You:[/cyan] {safe(session.pending)}", (0, 0, 0, 4)))
    console.print()
