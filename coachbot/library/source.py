"""A YAML file as plain data, with the place of every key and value.

Scenario files are written by people who don't know YAML. So what YAML would take quietly in
another sense than was meant (a key that stands twice, an anchor, a comment that cuts off a text)
is a mistake here, and every mistake has its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from coachbot.errors import Problem, ScenarioError
from coachbot.library.document import Document, Entry, NotText, Place, place_of
from coachbot.library.syntax import syntax_problem
from coachbot.scenario.finding import KeyPath

LARGEST = 1_000_000
"""Bytes that a file may have. The longest scenario is a twentieth of it."""

DEEPEST = 30
"""Levels of nesting; a scenario has eight."""


_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Where a line ends for YAML, so that lines are counted as it counts them."""

_SECTION = re.compile(r"^[A-Za-z_\"'][^\s#]*\s*:", re.MULTILINE)

_CURLY = re.compile(
    r"^(\s*(?:-\s+)*(?:[A-Za-z_][\w-]*:\s+)?)[“„]([^\"“”„\\\n]*)[”“](\s*(?:\s#.*)?)$", re.MULTILINE
)
"""A text that stands in the quote marks of a word processor."""

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‛´", "'"),
        **dict.fromkeys("“”„‟", '"'),
        **dict.fromkeys("\u00a0\u2007\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff"),
    }
)
"""Signs that word processors and telephones put in of themselves. The customer's other lines, and
those of the temperaments, have the plain ones, and nobody changes between the two as they type."""

_VALUE = re.compile(r"(\s*(?:-\s+)*(?:[A-Za-z_][\w-]*:(?:\s+|$))?)(.*)$")
MOST_MENDS = 12
"""Slips of the pen in one section that are told apart; nobody reads on after so many."""


def read_document(path: Path, shown: str) -> tuple[Document, list[Problem]]:
    """Read a file. Raises ``ScenarioError`` where there is nothing that could be looked at.

    ``shown`` is the file's name in messages. The problems are those of the YAML; what the data
    means is not looked at.
    """
    text = _text(path, shown)
    reader = _Reader(text, shown)
    document = reader.document()
    if document.data is None and not reader.problems:
        raise _unusable(shown, "The file is empty", "start one with: coachbot scenarios new")
    if not isinstance(document.data, dict | None):
        raise _unusable(
            shown,
            "The file must be made of keys and values, such as 'title: A lost key', "
            f"but it is {'a list' if isinstance(document.data, tuple) else 'a single text'}",
            "begin with a line such as 'id: lost-key', without a dash or a space before it",
            document.value(()),
        )
    return document, reader.problems


def _unusable(
    shown: str, message: str, instead: str = "", at: Place | None = None
) -> ScenarioError:
    line, column = (at.line, at.column) if at else (None, None)
    return ScenarioError([Problem(shown, line, column, message, instead)])


def _text(path: Path, shown: str) -> str:
    try:
        if path.is_dir():
            raise _unusable(shown, "This is a folder", "name a file in it that ends in .yaml")
        if path.stat().st_size > LARGEST:
            raise _unusable(
                shown,
                f"The file is larger than {LARGEST // 1_000_000} MB, which no scenario is",
                "check that this is the right file",
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise _unusable(shown, "There is no such file", "check the name and the folder") from None
    except PermissionError:
        raise _unusable(
            shown, "You may not read this file", "change its permissions, or ask its owner"
        ) from None
    except OSError as error:
        raise _unusable(shown, f"The file can't be read: {error.strerror}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        at = Place(before.count(b"\n") + 1, len(before.rsplit(b"\n", 1)[-1]) + 1)
        raise _unusable(
            shown,
            "From here on the file is not UTF-8, so that its letters can't be told",
            "save it again as UTF-8 (most editors offer it under 'Save as', as 'Encoding')",
            at,
        ) from None


class _Reader:
    """Turns one text into a document and collects the problems on the way."""

    def __init__(self, text: str, shown: str) -> None:
        text = _CURLY.sub(r'\1"\2"\3', text)
        self.text = text
        self.lines = _BREAK.split(text)
        self.shown = shown
        self.problems: list[Problem] = []
        self.entries: dict[KeyPath, Entry] = {}

    def document(self) -> Document:
        root, error = _compose(self.text)
        if error is None:
            return Document(self.entries, self._data(root) if root else None, self.lines)
        sections = list(self._sections())
        if len(sections) < 2:
            self.problems.append(syntax_problem(error, self.lines, self.shown))
            return Document(self.entries, None, self.lines)
        return self._read_sections(sections, error)

    def _sections(self) -> Iterator[tuple[str, int, str]]:
        """Each top-level key, the lines before it, and its text up to the next one."""
        keys = list(_SECTION.finditer(self.text))
        starts = [0, *(key.start() for key in keys[1:])]
        for key, start, end in zip(keys, starts, [*starts[1:], len(self.text)], strict=False):
            name = key.group().rstrip(": \t").strip("\"'")
            yield name, len(_BREAK.findall(self.text, 0, start)), self.text[start:end]

    def _read_sections(
        self, sections: list[tuple[str, int, str]], error: YAMLError | RecursionError
    ) -> Document:
        """Read a file with a syntax error section by section, and say what is wrong in each."""
        data: dict[str, Any] = {}
        unread = set()
        mended: set[int] = set()
        pairs: list[tuple[Node, Node]] = []
        for name, above, part in sections:
            root, slips = self._mended(above, part)
            mended |= slips
            if root is None and slips:
                unread.add(name)
            elif isinstance(root, MappingNode):
                pairs += root.value
        if not unread and not mended:
            # Each part is fine and the whole is not: a line at the margin that belongs nowhere.
            self.problems.append(syntax_problem(error, self.lines, self.shown))
        if pairs:
            node = MappingNode(f"{_TAG}map", pairs, pairs[0][0].start_mark)
            data = self._data(node) or {}
        return Document(self.entries, data, self.lines, frozenset(unread), frozenset(mended))

    def _mended(self, above: int, part: str) -> tuple[Node | None, set[int]]:
        """Read a section; what can't be read is noted, and left out to see what comes after it.

        Returns None for what can't be read even so; and the lines, from 1, that are wrong.
        """
        lines = _BREAK.split(part)
        upto = above + len(lines)
        wrong: set[int] = set()
        while True:
            root, error = _compose("\n" * above + "\n".join(lines))
            if error is None:
                return root, wrong
            problem = syntax_problem(error, [*self.lines[:above], *lines][:upto], self.shown, above)
            line = problem.line or 0
            # Else it may only follow from the one before.
            if not wrong or line > max(wrong):
                self.problems.append(problem)
                wrong.add(line)
            else:
                return None, wrong
            place = line - above - 1
            blank = _without_its_text(lines[place]) if 0 <= place < len(lines) else None
            if blank is None or len(wrong) >= MOST_MENDS:
                return None, wrong
            lines[place] = blank

    def _data(self, root: Node) -> Any:
        anchors = list(_anchors(root))
        for node in anchors:
            self._problem(
                place_of(node),
                f"'&{node.anchor}' names this place so that it can be used again, which scenario "
                "files don't have",
                "write the text out wherever it is needed; a text that starts with & or * "
                "needs quotes around it",
            )
        if anchors:
            return None
        return self._value(root, (), None, 0)

    def _problem(self, at: Place, message: str, instead: str = "") -> None:
        self.problems.append(Problem(self.shown, at.line, at.column, message, instead))

    def _value(self, node: Node, path: KeyPath, key: Node | None, depth: int) -> Any:
        self.entries[path] = Entry(node, key)
        if depth > DEEPEST:
            self._problem(
                place_of(node),
                "This is nested far deeper than anything in a scenario",
                "check how far the lines are indented",
            )
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, SequenceNode):
            self._in_brackets(node, path)
            return tuple(
                self._value(item, (*path, number), None, depth + 1)
                for number, item in enumerate(node.value)
            )
        return self._scalar(node)

    def _mapping(self, node: MappingNode, path: KeyPath, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        places: dict[str, Place] = {}
        for key, value in node.value:
            at = place_of(key)
            if not isinstance(key, ScalarNode):
                self._problem(
                    at,
                    "A key must be a single word, not a list or a group of keys",
                    "put texts with brackets or braces in quotes",
                )
                continue
            name = str(key.value)
            if name in found:
                first = places[name]
                self._problem(
                    at,
                    f"'{name}' stands here a second time; the first is in line {first.line}, "
                    f"column {first.column}",
                    "keep one of the two, or put what belongs together under one of them",
                )
                continue
            places[name] = at
            found[name] = self._value(value, (*path, name), key, depth + 1)
        return found

    def _scalar(self, node: Node) -> Any:
        written = str(node.value)
        tag = str(node.tag)
        if tag == f"{_TAG}str":
            self._cut_off(node)
            if _SURROGATE.search(written):
                self._problem(
                    place_of(node),
                    "A \\u here stands for half a character",
                    "write the character itself",
                )
                return None
            if _is_plain(node) and re.fullmatch("[“„][^“”„]*[”“]", written):
                written = written[1:-1]
            return written.translate(_PLAIN)
        if tag == f"{_TAG}null":
            return None
        if tag == f"{_TAG}bool":
            return written.lower() == "true"
        if tag == f"{_TAG}int" and _WHOLE.fullmatch(written):
            return int(written) if len(written) < 16 else NotText(written, "number")
        if tag == f"{_TAG}float" and _DECIMAL.fullmatch(written):
            return float(written)
        if tag in (f"{_TAG}int", f"{_TAG}float", f"{_TAG}timestamp"):
            return NotText(written, "date" if tag.endswith("timestamp") else "number")
        sign = tag.replace(_TAG, "!!")
        self._problem(
            place_of(node),
            f"'{sign}' at the beginning is a sign for programs, not a part of the text",
            "put the whole text in quotes",
        )
        return written

    def _in_brackets(self, node: SequenceNode, path: KeyPath) -> None:
        """``- [laughs]`` is read as a list with the one text "laughs"."""
        only = node.value[0] if len(node.value) == 1 and node.flow_style else None
        if path and isinstance(path[-1], int) and only is not None and _is_plain(only):
            self._problem(
                place_of(node),
                f"In brackets, '{only.value}' is a list of one and the brackets are not said",
                "put the whole text in quotes, or leave the brackets out",
            )

    def _cut_off(self, node: Node) -> None:
        """``say: order #40218`` is read as "order": the rest counts as a comment."""
        if not _is_plain(node):
            return
        end = node.end_mark
        rest = self.lines[end.line][end.column :] if end.line < len(self.lines) else ""
        if re.match(r"\s+#\S", rest):
            self._problem(
                Place(end.line + 1, end.column + len(rest) - len(rest.lstrip()) + 1),
                f"The text ends before the #; '{rest.strip()}' is taken for a comment",
                "put the whole text in quotes, or, if it is a comment, leave a space after the #",
            )


def _without_its_text(line: str) -> str | None:
    """A line with another text after its key or dash; None where it has neither, or no text."""
    found = _VALUE.match(line)
    if found is None or not found.group(1).strip() or not found.group(2).strip():
        return None
    # A line at the margin holds a whole section, of which nothing would be left.
    if not found.group(1)[:1].isspace() or "\t" in found.group(1):
        return None
    return f'{found.group(1)}"x"'


def _is_plain(node: Node) -> bool:
    """Whether a node is a text without quotes."""
    return isinstance(node, ScalarNode) and node.style in (None, "")


_ANCHOR = re.compile(r"(?:^|[\s\[{,])[&*]\S", re.MULTILINE)
_DEEP = re.compile(r"(?:(?:[\[{]|[-?] )\s*){20}|^ {80}", re.MULTILINE)


def _harmless(text: str) -> bool:
    """Whether a text has nothing by which it could grow while it is read, or nest for ever."""
    return _ANCHOR.search(text) is None and _DEEP.search(text) is None


def _compose(text: str) -> tuple[Node | None, YAMLError | RecursionError | None]:
    try:
        if _harmless(text):
            # By libyaml, where it is installed, which is ten times as fast.
            return YAML(typ="safe").compose(text), None
    except (YAMLError, RecursionError):
        # Once more without it: its own complaints say more.
        pass
    try:
        return YAML(typ="safe", pure=True).compose(text), None
    except (YAMLError, RecursionError) as error:
        return None, error


def _anchors(root: Node) -> Iterator[Node]:
    """Nodes with a name; each once, however often it is used."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.anchor:
            yield node
        if isinstance(node, MappingNode):
            waiting += [part for pair in reversed(node.value) for part in reversed(pair)]
        elif isinstance(node, SequenceNode):
            waiting += reversed(node.value)
