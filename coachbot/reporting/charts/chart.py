"""What every chart can do: be drawn, be read as a table, and be told in a sentence."""

from __future__ import annotations

from typing import Protocol

from coachbot.customer.state import Frozen
from coachbot.scoring.interface import DimensionScore, UnscoredReason

UNSCORED: dict[UnscoredReason, str] = {
    "not_called_for": "not called for",
    "too_short": "too short to score",
    "language": "not scored in this language",
    "not_text": "no text to score",
}

NOTHING = "–"
"""In a table's cell: there is no such number."""


class Table(Frozen):
    """The numbers behind a chart; every row has as many cells as ``header``."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Chart(Protocol):
    """A chart, ready to be shown in one of three ways."""

    def svg(self) -> str:
        """The picture; hand it to :func:`coachbot.reporting.png.png` for a PNG."""
        ...

    def as_table(self) -> Table:
        """The numbers behind the picture."""
        ...

    def alt_text(self) -> str:
        """What is to be seen, in one or two sentences."""
        ...


def unscored(value: DimensionScore) -> str:
    """Why there is no score, in words."""
    return UNSCORED[value.reason] if value.reason else "not scored"


def span(value: DimensionScore) -> str | None:
    """The range in whole points, like ``64–80``; None where there is none."""
    if value.low is None or value.high is None:
        return None
    return f"{value.low:.0f}–{value.high:.0f}"
