"""What is wrong with a file that is no YAML, in words for somebody who doesn't know YAML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from coachbot.errors import Problem

_VALUE = re.compile(r"^(?:\s*(?:-\s+)*)(?:[A-Za-z_][\w-]*\s*:\s+)?(?=[\"'])")
_KEY = re.compile(r"^\s*(?:-\s+)*[A-Za-z_][\w-]*\s*:(?:\s|$)")
_SPECIAL = re.compile(r"^\s*(?:-\s+)*(?:[A-Za-z_][\w-]*\s*:\s+)?(?:-\s+)*([@`%&*!|>\]},?])")

QUOTES = 'put the whole text in quotes: "..."'


def syntax_problem(
    error: YAMLError | RecursionError, lines: Sequence[str], shown: str, first: int = 0
) -> Problem:
    """Describe a syntax error.

    ``lines`` are the file's lines as far as they were read, ``first`` the number of the first
    line (from 0) that can have to do with it.
    """
    line, column, message, instead = _describe(error, lines, first)
    return Problem(shown, line + 1, column + 1, message, instead)


def _describe(
    error: YAMLError | RecursionError, lines: Sequence[str], first: int
) -> tuple[int, int, str, str]:
    if isinstance(error, RecursionError):
        return first, 0, "There are far too many brackets or braces inside each other", QUOTES
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    if mark is None:
        return _unreadable_character(lines, first)
    line, column = mark.line, mark.column
    problem = str(error.problem or "")
    tab = _tab(lines, first, min(line, len(lines) - 1), problem)
    if tab is not None:
        return (
            tab,
            0,
            "The line is indented with a tab",
            "indent it with spaces, two for each level",
        )
    quote = _quote(lines, first, line)
    if quote is not None:
        return quote
    for sign, described in _KNOWN.items():
        if sign in problem:
            return described(lines, line, column)
    special = _special(lines, line) or _special(lines, line - 1 if line > first else line)
    if special is not None:
        return special
    if "expected ',' or" in problem or "expected the node content" in problem:
        start = error.context_mark if isinstance(error, MarkedYAMLError) else None
        at = (start.line, start.column) if start else (line, column)
        return (
            *at,
            "A list in [ ] or a group in { } begins here and doesn't end as it should",
            "close it on the same line, put a comma between its parts, and put texts that have "
            "commas, colons or brackets in quotes",
        )
    if "expected <block end>" in problem:
        return (
            line,
            column,
            "This line doesn't line up with the ones above it",
            "give keys of one group, and dashes of one list, the same number of spaces before "
            "them; if the text goes on from the line above, put it all in quotes",
        )
    return line, column, f"This can't be read as YAML ({problem})", QUOTES


def _unreadable_character(lines: Sequence[str], first: int) -> tuple[int, int, str, str]:
    for number, text in enumerate(lines[first:], first):
        for column, character in enumerate(text):
            if (
                not character.isprintable()
                and character not in "\t\r\u00a0\u2028\u2029\ufeff\u00ad"
            ):
                return (
                    number,
                    column,
                    f"There is a character here that can't be seen or printed (U+{ord(character):04X})",
                    "delete it and type the text around it again",
                )
    return first, 0, "The file has characters that can't be read", "type the text again"


def _tab(lines: Sequence[str], first: int, line: int, problem: str) -> int | None:
    if "'\\t'" in problem and line < len(lines) and re.match(r"\s*\t", lines[line]):
        return line
    for number in range(first, line + 1):
        if re.match(r" *\t+ *\S", lines[number]):
            return number
    return None


def _quote(lines: Sequence[str], first: int, line: int) -> tuple[int, int, str, str] | None:
    """The text in quotes, up to the line of the error, that doesn't end where it should."""
    number = first
    while number <= min(line, len(lines) - 1):
        start = _VALUE.match(lines[number])
        if start is None:
            number += 1
            continue
        mark = lines[number][start.end()]
        opened = number
        end = _closing(lines[number], start.end() + 1, mark)
        while end is None and number + 1 < len(lines):
            number += 1
            end = _closing(lines[number], 0, mark)
        if end is None:
            return (
                opened,
                start.end(),
                f"The quote mark {mark} that begins here is never closed",
                (f"put {mark} at the end of the text"),
            )
        rest = lines[number][end + 1 :].strip()
        if rest and not rest.startswith(("#", ",", "}", "]", ":")):
            if opened != number:
                return (
                    opened,
                    start.end(),
                    "The text that begins here has no quote mark at its end",
                    (f"put {mark} at the end of the text"),
                )
            double = "write it as \\\" , or use ' around the whole text"
            single = "write it twice ('') , or use \" around the whole text"
            return (
                number,
                end,
                f"The text in quotes ends here, and then more follows: {rest[:30]}",
                (f"if this {mark} is part of the text, " + (double if mark == '"' else single)),
            )
        number += 1
    return None


def _closing(text: str, start: int, mark: str) -> int | None:
    """Index of the quote mark that ends a text; None if it isn't on this line."""
    at = start
    while at < len(text):
        if mark == '"' and text[at] == "\\":
            at += 2
        elif text[at] == mark:
            if mark == "'" and text[at + 1 : at + 2] == "'":
                at += 2
                continue
            return at
        else:
            at += 1
    return None


def _special(lines: Sequence[str], line: int) -> tuple[int, int, str, str] | None:
    found = _SPECIAL.match(lines[line]) if line < len(lines) else None
    if found is None:
        return None
    sign = found.group(1)
    return line, found.start(1), f"A text can't begin with {sign} unless it is in quotes", QUOTES


def _colon(lines: Sequence[str], line: int, column: int) -> tuple[int, int, str, str]:
    text = lines[line] if line < len(lines) else ""
    if _KEY.match(text[:column]) or re.match(r"\s*-\s+\S.*\S\s", text[: column + 1]):
        return (
            line,
            column,
            "A colon followed by a space splits the text here into a key and a value",
            QUOTES,
        )
    above = lines[line - 1] if line else ""
    glued = re.match(r"\s*(?:-\s+)?([A-Za-z_][\w-]*):(?=\S)", above)
    if glued is not None:
        return (
            line - 1,
            glued.end() - 1,
            f"There must be a space after the colon of '{glued.group(1)}'",
            f"write: {glued.group(1)}: {above[glued.end() :].strip()}",
        )
    if re.fullmatch(r"\s*[A-Za-z_][\w-]*\s*", above):
        return (
            line - 1,
            len(above.rstrip()),
            "A colon is missing after this key",
            (f"write: {above.strip()}:"),
        )
    return (
        line,
        column,
        "This key doesn't belong to anything: it goes on from the text in the line above",
        "give it the same number of spaces as the keys beside it; if it is part of a text, put "
        "the whole text in quotes",
    )


def _no_colon(lines: Sequence[str], line: int, column: int) -> tuple[int, int, str, str]:
    number = line
    while number > 0 and (number >= len(lines) or not lines[number].strip() or column == 0):
        number, column = number - 1, 1
    text = lines[number]
    glued = re.match(r"\s*(?:-\s+)?([A-Za-z_][\w-]*):(?=\S)", text)
    if glued is not None:
        return (
            number,
            glued.end() - 1,
            (f"There must be a space after the colon of '{glued.group(1)}'"),
            f"write: {glued.group(1)}: {text[glued.end() :].strip()}",
        )
    return (
        number,
        len(text) - len(text.lstrip()),
        "A key was expected here, and there is no colon after it",
        "put ': ' between the key and its text; if this goes on from the line above, indent it "
        "further or put the whole text in quotes",
    )


def _dash(lines: Sequence[str], line: int, column: int) -> tuple[int, int, str, str]:
    return (
        line,
        column,
        "A list can't begin on the same line as its key",
        "put each '- ' on a line of its own below the key; if the dash is part of a text, put "
        "the text in quotes",
    )


def _escape(lines: Sequence[str], line: int, column: int) -> tuple[int, int, str, str]:
    return (
        line,
        column,
        "After a backslash in a text in double quotes only certain letters can follow",
        "write the backslash twice (\\\\), or leave it out",
    )


def _alias(lines: Sequence[str], line: int, column: int) -> tuple[int, int, str, str]:
    return line, column, "A text can't begin with * unless it is in quotes", QUOTES


def _anchor_twice(lines: Sequence[str], line: int, column: int) -> tuple[int, int, str, str]:
    return line, column, "A text can't begin with & unless it is in quotes", QUOTES


def _documents(lines: Sequence[str], line: int, column: int) -> tuple[int, int, str, str]:
    return (
        line,
        column,
        "A line of dashes begins a second document, and a file holds one scenario",
        "delete the line, or put what follows in a file of its own",
    )


_KNOWN = {
    "mapping values are not allowed": _colon,
    "could not find expected ':'": _no_colon,
    "sequence entries are not allowed": _dash,
    "unknown escape character": _escape,
    "undefined alias": _alias,
    "found duplicate anchor": _anchor_twice,
    "found another document": _documents,
}
