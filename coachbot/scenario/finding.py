"""What a check found, and where in the file; the library turns it into lines and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Step = str | int
KeyPath = tuple[Step, ...]
"""The way to a part of a file: ``("facts", 2, "say", 0)``."""

Severity = Literal["mistake", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a scenario or a temperament that is wrong, or looks it.

    ``stops``: the scenario can't be played before this is put right. A warning is for a person to
    judge, and nothing fails because of it. ``other`` is a second place that it has to do with, such
    as the first of two lines that are the same; its line is added to the message.
    """

    path: KeyPath
    message: str
    instead: str = ""
    severity: Severity = "mistake"
    stops: bool = False
    other: KeyPath | None = None


def counted(number: int, thing: str) -> str:
    """A number and what there is of it: ``1 line``, ``3 lines``."""
    return f"{number} {thing if number == 1 else thing + 's'}"
