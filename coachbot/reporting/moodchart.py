"""The customer's mood over the turns, drawn with characters."""

from __future__ import annotations

from collections.abc import Sequence

ROWS = 5


def chart(mood: Sequence[float]) -> list[str]:
    """Lines of a small chart: ``mood`` is the value at the start and after each reply, 0 to 100.

    Five rows of 20 points, one column of three characters for each reply; plain ASCII marks, so
    that it reads without colour and in any font.
    """
    lines: list[str] = []
    step = 100 / ROWS
    for row in reversed(range(ROWS)):
        label = {ROWS - 1: "glad ", ROWS // 2: "     ", 0: "angry"}.get(row, "     ")
        cells = "".join(
            " o " if row * step <= min(value, 99.9) < (row + 1) * step else " . " for value in mood
        )
        lines.append(f"{label} |{cells}")
    lines.append("      +" + "---" * len(mood))
    numbers = "".join(f"{index:^3}" if index else " > " for index in range(len(mood)))
    lines.append(f" reply {numbers}".rstrip())
    values = "".join(f"{value:^3.0f}" for value in mood)
    lines.append(f"  mood {values}".rstrip())
    return lines
