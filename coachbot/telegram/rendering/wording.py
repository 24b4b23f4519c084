"""Words of people and files inside the bot's own: safe, short, and about this customer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from coachbot.scenario.models import Scenario
from coachbot.scoring.reasons import shorten
from coachbot.telegram.messages import Button, Keyboard, html

LONGEST_NAME = 60
LONGEST_QUOTE = 160
"""Characters of somebody's sentence that are quoted: about four lines on a phone."""

LONGEST_REASON = 240
"""Characters of what is said about it; the scorer's own reasons are about half as long."""

_TURNS_LINES = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
"""Marks that change the direction of all that follows, beyond the text that they stand in."""
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
_QUOTED = re.compile(r"“([^“”]*)”")
_CUSTOMER = re.compile(r"\b(?:the|this) customer\b", re.IGNORECASE)


def safe(text: str) -> str:
    """Text of people or files as HTML that keeps its own direction to itself."""
    kept = "".join(c for c in text if c not in _TURNS_LINES and not _obeyed(c))
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in kept):
        kept = f"{_ISOLATE}{kept}{_END_OF_ISOLATE}"
    return html(kept)


def _obeyed(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs")


def one_line(text: str, longest: int = LONGEST_NAME) -> str:
    """A name or a title as HTML, in one line, cut where it is longer than any that is meant."""
    return safe(shorten(text, longest))


def quote(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Somebody's words as a block of their own."""
    return f"<blockquote>{safe(shorten(text, longest))}</blockquote>"


def shorter_quotes(text: str) -> str:
    """The text with what it quotes cut to ``LONGEST_QUOTE``; no HTML yet."""
    return _QUOTED.sub(lambda found: f"“{shorten(found.group(1), LONGEST_QUOTE)}”", text)


def about(reason: str, customer: str, longest: int = LONGEST_REASON) -> str:
    """A reason of the scorer with the customer's name in it; words that it quotes stay as they are.

    No HTML yet.
    """
    reason, customer = shorten(reason, longest), shorten(customer, LONGEST_NAME)
    parts = re.split(r"(“[^”]*”)", reason)
    return "".join(
        part if part.startswith("“") else _CUSTOMER.sub(lambda _: customer, part) for part in parts
    )


def sentence(reason: str) -> str:
    """A reason of the scorer as a sentence of its own, without the full stop; no HTML yet."""
    reason = reason.strip().rstrip(".")
    if reason.startswith("stock phrase"):
        reason = f"a {reason}"
    if reason[:1].islower() and not reason.startswith("a "):
        reason = f"it {reason}"
    return f"{reason[:1].upper()}{reason[1:]}"


def joined(parts: Collection[str]) -> str:
    """``a, b and c``."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def count(number: int, one: str, more: str) -> str:
    """``no replies``, ``one reply``, ``3 replies``."""
    if number == 1:
        return f"one {one}"
    return f"{number or 'no'} {more}"


def who(scenario: Scenario) -> str:
    """``Dean, a customer``, as HTML."""
    kind = "a colleague" if scenario.kind == "internal" else "a customer"
    return f"{one_line(scenario.persona.name)}, {kind}"


def keyboard(*buttons: tuple[str, str], columns: int = 1) -> Keyboard:
    """Buttons, each a label and what it sends back, in rows of ``columns``."""
    made = [Button(label=label, data=data) for label, data in buttons]
    return tuple(tuple(made[i : i + columns]) for i in range(0, len(made), columns))
