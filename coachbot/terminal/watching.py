"""A turn of a good conversation with its scores, and a turn with what the engine saw."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from coachbot.coaching.practice import Answered
from coachbot.customer.reading import Match
from coachbot.reporting.debrief import NAMES
from coachbot.scoring.interface import DIMENSIONS, ReplyScore
from coachbot.session.models import Turn
from coachbot.terminal.cards import bubble, printable, safe

ONE_LINE = 74
"""Characters that fit beside the margin of 80 columns."""


def turn(console: Console, played: Turn, name: str) -> None:
    """The reply, its scores with the words that earned them, and what the customer answered."""
    console.print(Padding(f"\n[bold cyan]You:[/] {safe(played.agent)}", (0, 0, 0, 4)))
    console.print(Padding(scores_line(played.score), (0, 0, 0, 4)))
    said: dict[str, list[str]] = {}
    for evidence in sorted(played.score.evidence or (), key=lambda e: -abs(e.effect))[:3]:
        words = " ".join(evidence.text.split())
        said.setdefault(words, []).append(f"{evidence.reason} ({evidence.effect:+.0f})")
    for words, reasons in said.items():
        # One sentence often works on several dimensions: it is quoted once.
        lines = [f"“{words}”", *(f"  {reason}" for reason in reasons)]
        text = Text(printable("\n".join(lines)), style="dim")
        console.print(Padding(text, (0, 0, 0, 6)))
    moved = played.mood_after - played.mood_before
    console.print(
        Padding(Text(f"mood {played.mood_after:.0f} ({moved:+.0f})", style="dim"), (0, 0, 0, 4))
    )
    console.print()
    for message in played.answer:
        bubble(console, name, message)


def scores_line(score: ReplyScore) -> Text:
    """The three dimensions of a reply in a line."""
    if score.dimensions is None or score.status == "unscored":
        return Text(f"not scored: {(score.reason or '').replace('_', ' ')}", style="dim")
    parts = []
    for dimension in DIMENSIONS:
        value = score.dimensions[dimension]
        shown = (
            "not called for"
            if value.score is None
            else f"{value.score:.0f} ({value.low:.0f}-{value.high:.0f})"
        )
        parts.append(f"{NAMES[dimension]} {shown}")
    line = "  ".join(parts)
    if len(line) > ONE_LINE:
        line = "\n".join(["  ".join(parts[:2]), *parts[2:]])
    return Text(line, style="dim")


def explain(console: Console, answered: Answered) -> None:
    """Everything the engine saw in a reply and why the customer answers as they do."""
    reading, decision = answered.turn.reading, answered.turn.decision
    console.print(Padding(scores_line(answered.session.turns[-1].score), (0, 0, 0, 4)))
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for title, matches in (
        ("act", reading.acts),
        ("near miss", reading.acts_near),
        ("need explored", reading.needs_explored),
        ("need taken up", reading.needs_met),
        ("hot button", reading.buttons),
        ("over-promise", reading.over_promises),
        ("comeback", reading.comebacks),
    ):
        for match in matches:
            table.add_row(title, _matched(match))
    for asked in reading.asked:
        targets = ", ".join(asked.targets) or "-"
        table.add_row(
            "question",
            safe(
                f"{asked.kind} {targets}  sim {asked.similarity:.2f} margin {asked.margin:+.2f}"
                f"  “{asked.span.text}”"
            ),
        )
    for promise in reading.promises:
        table.add_row(
            "promise",
            safe(f"{promise.binding}, when: {promise.when or '-'}  “{promise.span.text}”"),
        )
    for reason in decision.reasons:
        words = f"  “{reason.quote}”" if reason.quote else ""
        table.add_row("mood", safe(f"{reason.points:+.1f} {reason.cause}: {reason.text}{words}"))
    state = answered.turn.state
    table.add_row(
        "state",
        f"mood {state.mood:.0f}  trust {state.trust:.0f}  patience {state.patience:.1f}  "
        f"rapport {state.rapport:.0f}",
    )
    for line in answered.turn.spoken.chosen:
        rivals = "; ".join(f"“{c.line.say[0]}” {c.fit:+.2f}" for c in line.rivals) or "none"
        table.add_row("line", safe(f"{line.move.source} from {line.bank}; rivals: {rivals}"))
    console.print(Padding(table, (0, 0, 0, 4)))


def _matched(match: Match) -> str:
    like = f" ~ “{match.example}”" if match.example else ""
    return safe(
        f"{match.id}  sim {match.similarity:.2f} margin {match.margin:+.2f}"
        f"  “{match.span.text}”{like}"
    )
