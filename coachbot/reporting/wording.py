"""What a debrief says in words, the same wherever it is read."""

from __future__ import annotations

from typing import Literal

from coachbot.reporting.debrief import Debrief, Item, Substance

OUTCOMES: dict[str, str] = {
    "resolved": "Resolved",
    "resolved_coldly": "Resolved, coldly",
    "left": "The customer left",
    "gave_up": "The customer gave up",
    "ended": "Ended by you",
    "out_of_turns": "Out of turns",
}

Mark = Literal["good", "missing", "careful"]
"""What a sentence about the matter is: done or found, not done or not found, promised badly."""


def verdict(debrief: Debrief) -> Literal["passed", "passed with help", "not passed"]:
    """Whether the session is a pass."""
    if not debrief.passed:
        return "not passed"
    return "passed with help" if debrief.with_help else "passed"


def matter(substance: Substance) -> list[tuple[Mark, str]]:
    """A sentence for everything that happened in the matter itself, in the order of reading."""
    return [
        *(("good", f"{item.text} (reply {item.turn})") for item in substance.done),
        *(("missing", f"Not done: {lower_first(item.text)}") for item in substance.missed),
        *(
            ("good", f"You found out (reply {item.turn}): {item.text}")
            for item in substance.needs_found
        ),
        *(("missing", item.text) for item in substance.needs_missed),
        *(("careful", text) for text in over_promised(substance.over_promised)),
        *(
            ("careful", f"A promise left hanging (reply {item.turn}): “{item.text}”")
            for item in substance.loose_promises
        ),
    ]


def over_promised(items: tuple[Item, ...]) -> list[str]:
    """A sentence for each quote; one that breaks two rules is quoted once."""
    rules: dict[tuple[int | None, str], list[str]] = {}
    for item in items:
        quote = (item.quote or "").strip()
        rules.setdefault((item.turn, quote), []).append(lower_first(item.text))
    return [
        f"More than you may offer (reply {turn}): “{quote.rstrip('.')}”. "
        f"Not allowed: {'; '.join(broken)}."
        for (turn, quote), broken in rules.items()
    ]


def lower_first(text: str) -> str:
    """The text as it stands inside a sentence; abbreviations keep their capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
