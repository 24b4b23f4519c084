"""What is wrong with a file that is no YAML, in words for somebody who doesn't know YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from coachbot.errors import Problem
from coachbot.library.quotes import unclosed

_KEY = re.compile(r"\s*(?:-\s+)*[A-Za-z_][\w-]*\s*:(?:\s|$)")
_GLUED = re.compile(r"\s*(?:-\s+)?([A-Za-z_][\w-]*):(?=\S)")
_FIRST_SIGN = re.compile(r"\s*(?:-\s+)*(?:[A-Za-z_][\w-]*\s*:\s+)?([@`%&*!|>\]},\[{])")

QUOTES = 'put the whole text in quotes: "..."'


class Wrong(NamedTuple):
    """A place, counted from 0, and what to say about it."""

    line: int
    column: int
    message: str
    instead: str


def syntax_problem(
    error: YAMLError | RecursionError, lines: Sequence[str], shown: str, first: int = 0
) -> Problem:
    """Describe a syntax error.

    ``lines`` are the file's lines as far as they were read, ``first`` the number of the first
    line (from 0) that can have to do with it.
    """
    wrong = _describe(error, lines, first)
    line = min(wrong.line, max(0, len(lines) - 1))
    return Problem(shown, line + 1, wrong.column + 1, wrong.message, wrong.instead)


def _describe(error: YAMLError | RecursionError, lines: Sequence[str], first: int) -> Wrong:
    if isinstance(error, RecursionError):
        return Wrong(first, 0, "There are far too many brackets inside each other", QUOTES)
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return _unprintable(lines, first)
    problem = str(error.problem or "")
    at = Wrong(error.problem_mark.line, error.problem_mark.column, problem, "")
    start = error.context_mark
    opened = Wrong(start.line, start.column, problem, "") if start else at
    looks: tuple[Callable[[], Wrong | None], ...] = (
        lambda: _tab(lines, first, at),
        lambda: _quote(lines, first, at),
        lambda: _known(lines, at),
        lambda: _sign(lines, at.line),
        lambda: _sign(lines, at.line - 1) if at.line > first else None,
        lambda: _brackets(opened, problem),
        lambda: _begins(at),
        lambda: _out_of_line(at),
    )
    for look in looks:
        wrong = look()
        if wrong is not None:
            return wrong
    return at._replace(message=f"This can't be read as YAML ({problem})", instead=QUOTES)


def _unprintable(lines: Sequence[str], first: int) -> Wrong:
    for number, text in enumerate(lines[first:], first):
        for column, sign in enumerate(text):
            if (ord(sign) < 0x20 and sign != "\t") or 0x7F <= ord(sign) < 0xA0 or sign == "\ufffe":
                return Wrong(
                    number,
                    column,
                    f"There is a character here that can't be seen or printed (U+{ord(sign):04X})",
                    "delete it, and type the text around it again",
                )
    return Wrong(first, 0, "There are characters here that can't be read", "type the text again")


def _tab(lines: Sequence[str], first: int, at: Wrong) -> Wrong | None:
    for number in range(first, min(at.line, len(lines) - 1) + 1):
        if re.match(r" *\t\s*\S", lines[number]):
            return Wrong(
                number,
                lines[number].index("\t"),
                "The line is indented with a tab",
                "indent it with spaces, two for each level",
            )
    return None


def _quote(lines: Sequence[str], first: int, at: Wrong) -> Wrong | None:
    found = unclosed(lines, first, at.line)
    if found is None:
        return None
    if found.follows is None:
        return Wrong(
            found.line,
            found.column,
            f"The text that begins here with {found.mark} has no quote mark at its end",
            f"put {found.mark} at the end of the text",
        )
    inside = (
        "write it as \\\" or put the whole text in '...'"
        if found.mark == '"'
        else "write it twice ('') or put the whole text in \"...\""
    )
    return Wrong(
        found.line,
        found.column,
        f"This {found.mark} ends the text, and then more follows: {found.follows[:30]}",
        f"if the {found.mark} is part of the text, {inside}",
    )


def _sign(lines: Sequence[str], number: int) -> Wrong | None:
    found = _FIRST_SIGN.match(lines[number]) if 0 <= number < len(lines) else None
    if found is None:
        return None
    sign = found.group(1)
    closing = {"[": "]", "{": "}"}.get(sign)
    if closing:
        _, closed, after = lines[number].rpartition(closing)
        if not closed or not after.split(" #")[0].strip(" \t\r,"):
            return None
    return Wrong(
        number, found.start(1), f"A text can't begin with {sign} unless it is in quotes", QUOTES
    )


def _brackets(opened: Wrong, problem: str) -> Wrong | None:
    if "expected ','" not in problem and "expected the node content" not in problem:
        return None
    return opened._replace(
        message="The list in [ ] or the group in { } that begins here doesn't end as it should",
        instead="close it on the same line, put commas between its parts, and put every text in "
        "it in quotes",
    )


def _out_of_line(at: Wrong) -> Wrong | None:
    if "expected <block end>" not in at.message:
        return None
    return at._replace(
        message="This line doesn't line up with the ones above it",
        instead="give all keys of a group, and all dashes of a list, the same number of spaces "
        "before them; if the text goes on from the line above, put it all in quotes",
    )


def _begins(at: Wrong) -> Wrong | None:
    found = re.search(r"found character '(.+)' that cannot start", at.message)
    if found is None:
        return None
    if found.group(1) == "\\t":
        return at._replace(
            message="A tab stands here, where only spaces can", instead="put a space in its place"
        )
    return at._replace(
        message=f"A text can't begin with {found.group(1)} unless it is in quotes", instead=QUOTES
    )


def _known(lines: Sequence[str], at: Wrong) -> Wrong | None:
    if "mapping values are not allowed" in at.message:
        return _colon(lines, at)
    if "could not find expected ':'" in at.message:
        return _no_colon(lines, at)
    for sign, (message, instead) in _SAYS.items():
        if sign in at.message:
            return at._replace(message=message, instead=instead)
    return None


def _colon(lines: Sequence[str], at: Wrong) -> Wrong:
    text = lines[at.line] if at.line < len(lines) else ""
    above = lines[at.line - 1] if at.line else ""
    if _KEY.match(text[: at.column]) or re.match(r"\s*-\s+\S+\s+\S", text[: at.column]):
        return at._replace(
            message="A colon followed by a space splits this text into a key and a value",
            instead=QUOTES,
        )
    glued = _no_space(at.line - 1, above)
    if glued is not None:
        return glued
    if re.fullmatch(r"\s*[A-Za-z_][\w-]*\s*", above):
        column = len(above.rstrip())
        return Wrong(
            at.line - 1, column, "A colon is missing after this key", f"write: {above.strip()}:"
        )
    return Wrong(
        at.line,
        len(text) - len(text.lstrip()),
        "This is read as a part of the text in the line above, and then there is a colon",
        "if it is a key, give it as many spaces as the keys beside it; if it is part of the text, "
        "put the whole text in quotes",
    )


def _no_space(number: int, text: str) -> Wrong | None:
    glued = _GLUED.match(text)
    if glued is None:
        return None
    return Wrong(
        number,
        glued.end(),
        f"There must be a space after the colon of '{glued.group(1)}'",
        f"write: {glued.group(1)}: {text[glued.end() :].strip()}",
    )


def _no_colon(lines: Sequence[str], at: Wrong) -> Wrong:
    number = min(at.line, len(lines) - 1)
    while number > 0 and (number == at.line or not lines[number].strip()):
        number -= 1
    text = lines[number]
    return _no_space(number, text) or Wrong(
        number,
        len(text) - len(text.lstrip()),
        "A key was expected here, and there is no colon after it",
        "put a colon and a space between the key and its text; if it goes on from the line above, "
        "indent it further, or put the whole text in quotes",
    )


_SAYS = {
    "sequence entries are not allowed": (
        "A list can't begin on the same line as its key",
        (
            "put each '- ' on a line of its own below the key; if the dash is part of a text, "
            "put the text in quotes"
        ),
    ),
    "unknown escape character": (
        "In a text in double quotes only certain letters can follow a backslash",
        "write the backslash twice (\\\\), or leave it out",
    ),
    "undefined alias": ("A text can't begin with * unless it is in quotes", QUOTES),
    "found duplicate anchor": ("A text can't begin with & unless it is in quotes", QUOTES),
    "expected '<document start>'": (
        "This line doesn't begin where the lines above it begin",
        (
            "begin every key of the scenario itself (id, title, brief ...) at the very left, and "
            "delete what stands above the first of them"
        ),
    ),
    "found another document": (
        "A line of dashes or dots begins a second document, and a file holds only one",
        "delete the line, or put what follows in a file of its own",
    ),
}
