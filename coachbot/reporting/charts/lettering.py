"""Text in a chart: cleaned, measured, wrapped or shortened, and placed."""

from __future__ import annotations

import unicodedata
from typing import Literal, NamedTuple

from coachbot.customer.state import Frozen
from coachbot.reporting.charts.typeface import Weight, typeface

Anchor = Literal["start", "middle", "end"]
Tone = Literal["ink", "muted", "good", "short", "paper"]
ELLIPSIS = "…"

# Heights over and under the baseline in ems: room for an Å and for a j.
ASCENT, DESCENT = 0.94, 0.25


class Box(NamedTuple):
    """A rectangle in pixels; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Text(Frozen):
    """A line of text: ``x`` is where ``anchor`` says, ``y`` the baseline; pixels.

    ``halo``: with an edge in the colour of the ground, where it lies on a line of the grid.
    """

    x: float
    y: float
    text: str
    size: float = 15.0
    weight: Weight = "regular"
    tone: Tone = "ink"
    anchor: Anchor = "start"
    halo: bool = False

    @property
    def width(self) -> float:
        """Width in pixels."""
        return width(self.text, self.size, self.weight)

    @property
    def box(self) -> Box:
        """The rectangle that the letters stay in."""
        wide = self.width
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        top, bottom = self.y - ASCENT * self.size, self.y + DESCENT * self.size
        return Box(left, top, left + wide, bottom)


def width(text: str, size: float, weight: Weight = "regular") -> float:
    """The width of the text in pixels when set at ``size`` pixels."""
    return typeface(weight).width(text, size)


def clean(text: str) -> str:
    """The text on one line and as XML can hold it.

    Titles and names come from files: control and direction characters go, as do pictures (emoji)
    that the typeface lacks. Letters that it lacks stay: a page finds another font for them.
    """
    face = typeface("regular")
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    kept = (c for c in spaced if face.covers(c) or unicodedata.category(c)[0] in "LMNPZ")
    return " ".join("".join(c for c in kept if c not in _JOINERS).split())


# Variation selectors are marks by category, and mean nothing without the picture before them.
_JOINERS = frozenset(map(chr, range(0xFE00, 0xFE10)))


def shorten(text: str, room: float, size: float, weight: Weight = "regular") -> str:
    """The text, or as much of its beginning with an ellipsis as fits ``room`` pixels."""
    if width(text, size, weight) <= room:
        return text
    for end in range(len(text) - 1, 0, -1):
        start = text[:end].rstrip(" ,.;:–-")
        if start and width(start + ELLIPSIS, size, weight) <= room:
            return start + ELLIPSIS
    return ELLIPSIS


def wrap(
    text: str, room: float, size: float, weight: Weight = "regular", *, lines: int = 2
) -> list[str]:
    """The text on up to ``lines`` lines of ``room`` pixels, the last one shortened if need be.

    A word that is too long for a line is broken where the line ends. Two lines are made about
    equally long, so that no single word is left over.
    """
    words = text.split()
    if lines == 2 and width(text, size, weight) > room:
        halves = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
        widest = [max(width(one, size, weight), width(two, size, weight)) for one, two in halves]
        if widest and min(widest) <= room:
            return list(halves[widest.index(min(widest))])
    result: list[str] = []
    rest = text.split()
    while rest and len(result) < lines - 1:
        taken = len(rest)
        while taken > 1 and width(" ".join(rest[:taken]), size, weight) > room:
            taken -= 1
        line, rest = " ".join(rest[:taken]), rest[taken:]
        fits = len(line)
        while fits > 1 and width(line[:fits], size, weight) > room:
            fits -= 1
        if fits < len(line):
            rest.insert(0, line[fits:])
        result.append(line[:fits])
    if rest:
        result.append(shorten(" ".join(rest), room, size, weight))
    return result


def between(x: float, wide: float, left: float, right: float) -> float:
    """The middle nearest to ``x`` with which something ``wide`` stays in ``left`` to ``right``."""
    return min(max(x, left + wide / 2), right - wide / 2)
