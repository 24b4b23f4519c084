"""How a customer types. Comes last, and never touches names, numbers or links."""

from __future__ import annotations

import random
import re

from coachbot.scenario.models import Band, Style

_PROTECTED = re.compile(r"\d|[@#£$€]|https?:|[A-Z]{2,}|^I$|^I'")
_SHOUTABLE = frozenset(
    "still again never nothing nobody always today now waiting waited twice three four days weeks "
    "hours every second third last time where when".split()
)


def typed(
    bubbles: tuple[str, ...], style: Style, band: Band, draw: random.Random, names: frozenset[str]
) -> tuple[str, ...]:
    """The messages as this person would type them.

    ``names``: words, lower case, that keep their capitals: people, places, brands.
    """
    messages = bubbles if style.bubbles else ("\n".join(_ended(b) for b in bubbles),)
    return tuple(_typed(message, style, band, draw, names) for message in messages)


def _typed(text: str, style: Style, band: Band, draw: random.Random, names: frozenset[str]) -> str:
    if "\n" in text:
        return "\n".join(_typed(part, style, band, draw, names) for part in text.split("\n"))
    if style.shouts and band == "low" and draw.random() < 0.15:
        text = _shouted(text, draw, names)
    if style.lower_case:
        text = " ".join(_lowered(word, names) for word in text.split(" "))
    if not style.full_stops and re.search(r"(?<![.!?])\.$", text):
        text = text[:-1]
    elif style.full_stops and re.search(r"[\w)’'\"]$", text):
        text = text + "."
    if style.slips and draw.random() < style.slips:
        text = _slipped(text, draw, names)
    return text


def _ended(text: str) -> str:
    return text if re.search(r"[.!?…]$", text) else text + "."


def _bare(word: str) -> str:
    return word.strip(".,;:!?'\"()").lower()


def _lowered(word: str, names: frozenset[str]) -> str:
    if _PROTECTED.search(word) or _bare(word).removesuffix("'s") in names:
        return word
    return word.lower()


def _shouted(text: str, draw: random.Random, names: frozenset[str]) -> str:
    words = text.split(" ")
    places = [i for i, w in enumerate(words) if _bare(w) in _SHOUTABLE and _bare(w) not in names]
    if not places or any(len(w) > 2 and w.isupper() for w in words):
        return text
    at = draw.choice(places)
    words[at] = words[at].upper()
    return " ".join(words)


def _slipped(text: str, draw: random.Random, names: frozenset[str]) -> str:
    """Two neighbouring letters swapped inside one plain word."""
    words = text.split(" ")
    places = [
        i
        for i, word in enumerate(words)
        if word.isalpha() and word.islower() and len(word) > 4 and word not in names
    ]
    if not places:
        return text
    at = draw.choice(places)
    word = words[at]
    cut = draw.randrange(1, len(word) - 2)
    words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)
