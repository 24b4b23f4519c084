"""What a YAML file holds: plain data, and the place of every key and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from coachbot.scenario.finding import KeyPath, Step

NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class NotText:
    """A value that YAML takes for something no scenario has: a date, a number written 0x1F."""

    written: str
    kind: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A value, and the key that leads to it if there is one."""

    node: Node
    key: Node | None


def place_of(node: Node) -> Place:
    """Where a key or a value begins."""
    mark = node.start_mark
    return Place(mark.line + 1, mark.column + 1)


class Document:
    """What a file holds.

    ``lines`` is the text line by line. ``data`` has dicts, tuples, texts, numbers, booleans and
    None; it is None for an empty file.
    ``unread`` names the top-level keys whose sections could not be read because of a syntax
    error; the others are in ``data`` all the same, so that one run shows as much as it can.
    ``mended``: lines, from 1, with a syntax error of their own; something else is in ``data``.
    """

    def __init__(
        self,
        entries: dict[KeyPath, Entry],
        data: Any,
        lines: Sequence[str],
        unread: frozenset[str] = frozenset(),
        mended: frozenset[int] = frozenset(),
    ) -> None:
        self._entries = entries
        self.data = data
        self.lines = tuple(lines)
        self.unread = unread
        self.mended = mended

    def resolve(self, path: Sequence[Step]) -> KeyPath:
        """Longest beginning of a path that stands in the file.

        A line may be written as a bare text or a list of texts; the ``say`` and the number that
        the models put in between are skipped.
        """
        at: KeyPath = ()
        for step in path:
            if (*at, step) in self._entries:
                at = (*at, step)
                continue
            node = self._entries[at].node if at in self._entries else None
            short = not isinstance(node, MappingNode)
            if short and (step in ("say", "mood", "to") or isinstance(step, int)):
                continue
            break
        return at

    def value(self, path: Sequence[Step]) -> Place:
        """Place of the value at a path, or of the nearest thing around it."""
        entry = self._entries.get(self.resolve(path))
        return place_of(entry.node) if entry else Place(1, 1)

    def key(self, path: Sequence[Step]) -> Place:
        """Place of the key that leads to a value; for an entry of a list, of the entry."""
        entry = self._entries.get(self.resolve(path))
        return place_of(entry.key or entry.node) if entry else Place(1, 1)

    def place(self, path: Sequence[Step]) -> Place:
        """Place of a single value, or of the key of what has several."""
        entry = self._entries.get(self.resolve(path))
        return self.value(path) if entry and isinstance(entry.node, ScalarNode) else self.key(path)

    def written(self, path: Sequence[Step]) -> str | None:
        """The value as it stands in the file; None where it is no single value."""
        entry = self._entries.get(self.resolve(path))
        node = entry.node if entry else None
        return str(node.value) if isinstance(node, ScalarNode) else None

    def at(self, path: Sequence[Step]) -> Any:
        """The data at the longest beginning of a path that stands in the file."""
        found = self.data
        for step in self.resolve(path):
            found = found[step]
        return found

    def empty(self) -> list[KeyPath]:
        """Ways to the keys and dashes after which there is nothing."""
        return [
            path
            for path, entry in self._entries.items()
            if isinstance(entry.node, ScalarNode) and entry.node.tag == NULL
        ]

    def in_braces(self, path: Sequence[Step]) -> bool:
        """Whether the value at a path is written in braces or brackets, on one line."""
        entry = self._entries.get(self.resolve(path))
        return bool(entry and getattr(entry.node, "flow_style", False))
