"""The customer's mood over the turns, drawn with characters."""

from __future__ import annotations

from collections.abc import Sequence

ROWS = 5
COLUMNS = 17
"""Columns of four characters that fit beside the margin of 80; a longer session goes on below."""


def chart(mood: Sequence[float]) -> list[str]:
    """Lines of a small chart: ``mood`` is the value at the start and after each reply, 0 to 100.

    Five rows of 20 points, one column of four characters for each reply; plain ASCII marks, so
    that it reads without colour and in any font.
    """
    lines: list[str] = []
    for start in range(0, len(mood), COLUMNS):
        lines += [""] * bool(start) + _part(mood[start : start + COLUMNS], start)
    return lines


def _part(mood: Sequence[float], start: int) -> list[str]:
    """So much of the chart as fits side by side; ``start``: the number of its first reply."""
    lines: list[str] = []
    step = 100 / ROWS
    for row in reversed(range(ROWS)):
        label = {ROWS - 1: "glad ", 0: "angry"}.get(row, "     ")
        cells = "".join(
            "  o " if row * step <= min(value, 99.9) < (row + 1) * step else "  . "
            for value in mood
        )
        lines.append(f"{label} |{cells}".rstrip())
    lines.append("      +" + "----" * len(mood))
    numbers = "".join(f"{number or '>':>3} " for number in range(start, start + len(mood)))
    lines.append(f" reply {numbers}".rstrip())
    values = "".join(f"{value:3.0f} " for value in mood)
    lines.append(f"  mood {values}".rstrip())
    return lines
