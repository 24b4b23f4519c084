"""The customer's mood as a line: coordinates only, since the page's policy lets no style in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_EDGE = 4.0
"""Around the line, so that the dot at an end is whole."""


@dataclass(frozen=True)
class Sparkline:
    """A line through ``points``, the first before the first reply; ``values``: 0 to 100."""

    width: int
    height: int
    values: tuple[float, ...]
    points: tuple[tuple[float, float], ...]

    @property
    def line(self) -> str:
        """The attribute ``points`` of a polyline."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)

    def y(self, value: float) -> float:
        """How far down a mood is drawn."""
        return round(_EDGE + (1 - min(max(value, 0.0), 100.0) / 100) * (self.height - 2 * _EDGE), 1)


def sparkline(values: Sequence[float], *, width: int, height: int) -> Sparkline:
    """A line of these moods, evenly spaced over the width."""
    step = (width - 2 * _EDGE) / max(1, len(values) - 1)
    empty = Sparkline(width, height, tuple(values), ())
    points = tuple((round(_EDGE + n * step, 1), empty.y(value)) for n, value in enumerate(values))
    return Sparkline(width, height, tuple(values), points)
