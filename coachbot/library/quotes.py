"""Finds the quote mark that was forgotten, or the one too many.

YAML notices a missing quote mark only where the next one stands, often many lines further on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_VALUE = re.compile(r"\s*(?:-\s+)*(?:[A-Za-z_][\w-]*\s*:\s+)?(?:-\s+)*")
_IN_BRACKETS = re.compile(r"[\[{,]\s*|:\s+")
_BLOCK = re.compile(r"(\s*(?:-\s+)*)(?:[A-Za-z_][\w-]*\s*:\s+)?[|>][-+0-9]*\s*(?:#.*)?$")
_MAY_FOLLOW = ("#", ",", "}", "]", ":")


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A text in quotes that doesn't end as it should; line and column count from 0.

    ``follows``: what stands after the quote mark at this place; None where the place is that of
    a quote mark without a partner.
    """

    line: int
    column: int
    mark: str
    follows: str | None


def unclosed(lines: Sequence[str], first: int, last: int) -> Unclosed | None:
    """Find the first text between two lines that doesn't end as it should."""
    number = first
    while number <= min(last, len(lines) - 1):
        block = _BLOCK.match(lines[number])
        if block:
            number = _after_block(lines, number, len(block.group(1)))
            continue
        column: int | None = _VALUE.match(lines[number]).end()  # type: ignore[union-attr]
        while column is not None:
            found, number, column = _check(lines, number, column)
            if found is not None:
                return found
        number += 1
    return None


def _check(
    lines: Sequence[str], number: int, column: int
) -> tuple[Unclosed | None, int, int | None]:
    """Check a value; return a mistake, and where the next value begins, if there is another."""
    text = lines[number]
    mark = text[column : column + 1]
    if mark in ("{", "["):
        return None, number, _next(text, column)
    if mark not in ('"', "'") or not mark:
        inside = text[:column].lstrip(" -").find("{") >= 0 or "[" in text[:column]
        return None, number, _next(text, column) if inside else None
    opened = number
    end = _closing(text, column + 1, mark)
    while end is None and number + 1 < len(lines):
        number += 1
        end = _closing(lines[number], 0, mark)
    if end is None:
        return Unclosed(opened, column, mark, None), number, None
    rest = lines[number][end + 1 :].strip()
    if rest and not rest.startswith(_MAY_FOLLOW):
        if opened != number:
            return Unclosed(opened, column, mark, None), number, None
        return Unclosed(number, end, mark, rest), number, None
    return None, number, _next(lines[number], end + 1) if rest else None


def _next(text: str, start: int) -> int | None:
    found = _IN_BRACKETS.search(text, start)
    return found.end() if found else None


def _after_block(lines: Sequence[str], number: int, indent: int) -> int:
    """Number of the first line after a text of several lines, in which quotes mean nothing."""
    number += 1
    while number < len(lines):
        text = lines[number]
        if text.strip() and len(text) - len(text.lstrip()) <= indent:
            break
        number += 1
    return number


def _closing(text: str, start: int, mark: str) -> int | None:
    """Index of the quote mark that ends a text; None if it isn't on this line."""
    at = start
    while at < len(text):
        if mark == '"' and text[at] == "\\":
            at += 2
        elif text[at] != mark:
            at += 1
        elif mark == "'" and text[at + 1 : at + 2] == "'":
            at += 2
        else:
            return at
    return None
