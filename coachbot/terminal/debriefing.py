"""The debrief in a terminal, at 80 columns and without colour as well."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from coachbot.reporting.debrief import NAMES, Debrief, DimensionResult, Quote, shown
from coachbot.reporting.moodchart import chart
from coachbot.reporting.tips import unanswered
from coachbot.reporting.wording import (
    OUTCOMES,
    PRACTICE_MARK,
    Mark,
    matter,
    practice_only,
    verdict,
)
from coachbot.terminal.cards import printable, safe

__all__ = ["OUTCOMES", "show", "side_by_side"]

MARKS: dict[Mark, tuple[str, str]] = {
    "good": ("+", "green"),
    "missing": ("-", "red"),
    "careful": ("!", "yellow"),
}


def show(console: Console, debrief: Debrief) -> None:
    """Everything, in the order in which it is best read."""
    console.print()
    console.rule(f"[bold]{OUTCOMES[debrief.outcome]} - {verdict(debrief)}[/bold]", align="left")
    _paragraph(console, debrief.why)
    _substance(console, debrief)
    _dimensions(console, debrief)
    _mood(console, debrief)
    for result in debrief.dimensions:
        _quotes(console, result, debrief.customer)
    _tips(console, debrief)
    _heading(console, f"What {debrief.customer} will tell {debrief.told_to}")
    for paragraph in debrief.story.split("\n\n"):
        _paragraph(console, paragraph)
    if debrief.taken_over:
        console.print(Padding(Text(printable(debrief.taken_over), style="dim"), (0, 2, 1, 2)))


def side_by_side(console: Console, first: Debrief, again: Debrief) -> None:
    """Two attempts at the same conversation; the first one counts."""
    _heading(console, "First attempt and this one")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("First (counts)")
    table.add_column("This one")
    table.add_row("Outcome", OUTCOMES[first.outcome], OUTCOMES[again.outcome])
    for one, two in zip(first.dimensions, again.dimensions, strict=True):
        name = NAMES[one.dimension].capitalize()
        if one.practice_only or two.practice_only:
            name += PRACTICE_MARK
        table.add_row(name, _value(one), _value(two))
    table.add_row("Mood at the end", f"{first.mood[-1]:.0f}", f"{again.mood[-1]:.0f}")
    console.print(Padding(table, (0, 2)))
    if note := practice_only((*first.dimensions, *again.dimensions)):
        console.print(Padding(Text(note, style="yellow"), (1, 2, 0, 2)))
    console.print()


def _heading(console: Console, text: str) -> None:
    console.print(f"\n[bold]{safe(text)}[/bold]")


def _paragraph(console: Console, text: str) -> None:
    console.print(Padding(safe(text), (0, 2, 1, 2)))


def _substance(console: Console, debrief: Debrief) -> None:
    _heading(console, "The matter itself")
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column()
    for kind, text in matter(debrief.substance):
        mark, style = MARKS[kind]
        table.add_row(Text(mark, style=style), safe(text))
    console.print(Padding(table, (0, 2)))


def _value(result: DimensionResult) -> str:
    value = result.value
    if value.score is None:
        return "not called for"
    return f"{shown(result)}  ({value.low:.0f} to {value.high:.0f})"


def _dimensions(console: Console, debrief: Debrief) -> None:
    _heading(console, "How you treated them")
    rated = any(r.self_rating is not None for r in debrief.dimensions)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("0 to 100")
    table.add_column("Session (range)")
    table.add_column("Pass mark", justify="right")
    table.add_column("Opening", justify="right")
    if rated:
        table.add_column("You said", justify="right")
    for result in debrief.dimensions:
        met = "" if result.met is None else ("[green]met[/]" if result.met else "[red]below[/]")
        opening = debrief.opening[result.dimension].score if debrief.opening else None
        row = [
            NAMES[result.dimension].capitalize() + (PRACTICE_MARK if result.practice_only else ""),
            _value(result),
            f"{result.pass_mark:.0f} {met}",
            "-" if opening is None else f"{opening:.0f}",
        ]
        if rated:
            row.append(_said(result))
        table.add_row(*row)
    console.print(Padding(table, (0, 2)))
    if note := practice_only(debrief.dimensions):
        console.print()
        console.print(Padding(Text(note, style="yellow"), (0, 2)))


def _said(result: DimensionResult) -> str:
    if result.self_rating is None:
        return "-"
    if result.value.score is None:
        return f"{result.self_rating:.0f}"
    difference = result.self_rating - result.value.score
    return f"{result.self_rating:.0f} ({difference:+.0f})"


def _mood(console: Console, debrief: Debrief) -> None:
    _heading(console, f"{debrief.customer}'s mood")
    for line in chart(debrief.mood):
        console.print("  " + line, highlight=False)


def _quotes(console: Console, result: DimensionResult, customer: str) -> None:
    if result.best is None and result.worst is None:
        return
    _heading(console, NAMES[result.dimension].capitalize())
    for quote, label in ((result.best, "helped most"), (result.worst, "cost most")):
        if quote is not None:
            console.print(Padding(_quoted(quote, label, customer), (0, 2)))


def _quoted(quote: Quote, label: str, customer: str) -> Text:
    words = printable(" ".join(quote.text.split()))
    reason = printable(quote.reason)
    effect = f"({quote.effect:+.0f})"
    if quote.of_customer:
        # The reason quotes the customer's question itself.
        text = Text(f"{label}, in reply {quote.turn}: ", style="dim")
        return text.append(f"{customer} {unanswered(reason)} {effect}", style="default")
    text = Text(f"{label}, reply {quote.turn}: ", style="dim")
    text.append(f"“{words}”", style="italic")
    return text.append(f"\n    {reason} {effect}", style="default")


def _tips(console: Console, debrief: Debrief) -> None:
    for tip in debrief.tips:
        _heading(console, f"One thing to try: {NAMES[tip.dimension]}, reply {tip.turn}")
        console.print(Padding(Text.assemble(("You wrote  ", "dim"), printable(tip.quote)), (0, 2)))
        console.print(
            Padding(Text.assemble(("Or         ", "dim"), printable(tip.example)), (0, 2))
        )
        _paragraph(console, tip.tip)
