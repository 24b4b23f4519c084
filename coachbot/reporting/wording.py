"""What a debrief says in words, the same wherever it is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from coachbot.reporting.debrief import NAMES, Debrief, DimensionResult, Item, Substance
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.session.result import MOST_OVER_PROMISES

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


PRACTICE_MARK = " *"
"""Stands after the name of a dimension that is for practice only."""


def practice_only(results: Sequence[DimensionResult]) -> str:
    """What :data:`PRACTICE_MARK` means, for those marked that have a score; empty without any."""
    note = not_trusted(
        {r.dimension for r in results if r.practice_only and r.value.score is not None}
    )
    return f"{PRACTICE_MARK.strip()} {note}" if note else ""


def not_trusted(dimensions: Collection[Dimension]) -> str:
    """A sentence on dimensions that are for practice only; empty where there are none."""
    names = [NAMES[d] for d in DIMENSIONS if d in dimensions]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    its = "this score" if len(names) == 1 else "these scores"
    return (
        f"{listed[:1].upper()}{listed[1:]}: for practice only. People who graded such "
        f"conversations themselves agree too little with {its}."
    )


def verdict(debrief: Debrief) -> Literal["passed", "passed with help", "not passed"]:
    """Whether the session is a pass."""
    if not debrief.passed:
        return "not passed"
    return "passed with help" if debrief.with_help else "passed"


def matter(substance: Substance, *, of_others: bool = False) -> list[tuple[Mark, str]]:
    """A sentence for everything that happened in the matter itself, in the order of reading.

    ``of_others``: not for whoever had the conversation, but for somebody who reads it; the needs
    that were missed are then named, not told of.
    """
    found = "Found out" if of_others else "You found out"
    return [
        *(("good", done_line(item)) for item in substance.done),
        *(("missing", missed_line(item)) for item in substance.missed),
        *(("good", f"{found} (reply {item.turn}): {item.text}") for item in substance.needs_found),
        *(
            ("missing", f"Not found out: {item.text}" if of_others else item.text)
            for item in substance.needs_missed
        ),
        *(("careful", text) for text in over_promised(substance.over_promised, of_others)),
        *(("careful", text) for text in _too_many(substance.over_promised)),
        *(
            ("careful", f"A promise left hanging (reply {item.turn}): “{item.text}”")
            for item in substance.loose_promises
        ),
    ]


def done_line(item: Item) -> str:
    """Such as ``Sends another one (reply 2)``."""
    return f"{item.text} (reply {item.turn}{'; corrected' if item.corrected else ''})"


def missed_line(item: Item) -> str:
    """Such as ``Not done: sends another one``."""
    return f"Not done{' (corrected)' if item.corrected else ''}: {lower_first(item.text)}"


def _too_many(items: tuple[Item, ...]) -> list[str]:
    if len(items) <= MOST_OVER_PROMISES:
        return []
    return ["With more than one promise that can't be kept, a session is no pass."]


def over_promised(items: tuple[Item, ...], of_others: bool) -> list[str]:
    """A sentence for each quote; one that breaks two rules is quoted once.

    What was promised again is quoted where it was first, with the replies in which it came again.
    """
    rules: dict[tuple[int | None, str], list[str]] = {}
    first: dict[str, tuple[int | None, str]] = {}
    again: dict[tuple[int | None, str], list[int | None]] = {}
    for item in items:
        said = item.turn, (item.quote or "").strip()
        if item.text in first:
            again.setdefault(first[item.text], []).append(item.turn)
        else:
            first[item.text] = said
            rules.setdefault(said, []).append(lower_first(item.text))
    more = "More than may be offered" if of_others else "More than you may offer"
    return [
        f"{more} (reply {said[0]}): “{said[1].rstrip('.')}”. Not allowed: {'; '.join(broken)}."
        + _promised_again([turn for turn in again.get(said, ()) if turn is not None])
        for said, broken in rules.items()
    ]


def _promised_again(turns: Sequence[int]) -> str:
    numbers = [str(turn) for turn in dict.fromkeys(turns)]
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f" Promised again in reply {numbers[0]}."
    return f" Promised again in replies {', '.join(numbers[:-1])} and {numbers[-1]}."


def lower_first(text: str) -> str:
    """The text as it stands inside a sentence; abbreviations keep their capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
