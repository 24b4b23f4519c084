"""Whatever happens to a file, the answer is a list of places, never a traceback."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from coachbot.library import Library
from coachbot.library.inspection import inspect
from coachbot.library.reading import Remark, read_file
from coachbot.library.source import read_document
from coachbot.scenario.models import Scenario
from tests.library.conftest import OPEN_CASE

TEXT = OPEN_CASE.read_text(encoding="utf-8")
DATA: dict[str, Any] = read_document(OPEN_CASE, "x")[0].data
LIBRARY = Library.keeping(Path(__file__).parents[2] / "scenarios")

Where = tuple[str | int, ...]


def places(value: Any, path: Where = ()) -> list[Where]:
    """The way to every key and entry of a scenario."""
    found: list[Where] = [path] if path else []
    if isinstance(value, dict | tuple):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        found += [place for name, part in items for place in places(part, (*path, name))]
    return found


PLACES = places(DATA)


def changed(value: Any, path: Where, change: str, new: Any) -> Any:
    """The data with one place deleted, doubled or replaced."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, dict):
        if change == "delete" and not rest:
            return {name: part for name, part in value.items() if name != step}
        return {
            name: changed(part, rest, change, new) if name == step else part
            for name, part in value.items()
        }
    entries = list(value)
    if change == "delete" and not rest:
        del entries[int(step)]
    elif change == "double" and not rest:
        entries.insert(int(step), entries[int(step)])
    else:
        entries[int(step)] = changed(entries[int(step)], rest, change, new)
    return tuple(entries)


def is_valid(data: Any) -> bool:
    """Whether the models take the data as it is."""
    try:
        Scenario.model_validate(data, strict=True)
    except ValidationError:
        return False
    return True


def inspected(text: str) -> tuple[Remark, ...]:
    """Check a text as the file of the scenario."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / OPEN_CASE.name
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return inspect(LIBRARY, [path]).remarks


ANYTHING = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=20),
    st.just(()),
    st.just({}),
    st.just(("a", "b")),
    st.just({"say": ("a",), "mood": ("low",)}),
)


@settings(max_examples=80)
@given(st.sampled_from(PLACES), st.sampled_from(["delete", "double", "replace"]), ANYTHING)
def test_data(path: Where, change: str, new: Any) -> None:
    """Data that the models refuse gives a mistake with a place; what they take, none of form."""
    data = changed(DATA, path, change, new)

    # JSON is YAML, and says exactly which type is meant.
    text = json.dumps(data, indent=1, ensure_ascii=False)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / OPEN_CASE.name
        file.write_text(text, encoding="utf-8")
        reading = read_file(file, Scenario)

    if not is_valid(data):
        assert reading.problems
    elif data.get("id") == DATA["id"]:
        assert () == reading.problems
    lines = text.count("\n") + 1
    for problem in reading.problems:
        assert problem.line is not None
        assert 1 <= problem.line <= lines
        assert problem.column is not None
        assert problem.column >= 1


@settings(max_examples=60)
@given(st.sampled_from(PLACES), st.sampled_from(["delete", "double"]))
def test_whole_check(path: Where, change: str) -> None:
    """The checks of the whole hold whatever is left out or stands twice."""
    text = json.dumps(changed(DATA, path, change, None), indent=1)

    assert all(remark.problem.message for remark in inspected(text))


LINES = TEXT.splitlines(keepends=True)


@settings(max_examples=60)
@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["delete", "double", "indent", "outdent", "insert", "cut"]),
    st.integers(0, 60),
    st.text(st.sampled_from("\"'{}[]:#-&*!|>%@`,\t\n \\\x00\x85\u2028é🙂"), min_size=1, max_size=4),
)
def test_lines(number: int, change: str, column: int, signs: str) -> None:
    """A slip of the hand anywhere in the file gives places inside the file."""
    line = LINES[number]
    column = min(column, len(line) - 1)
    new = {
        "delete": "",
        "double": line * 2,
        "indent": f"  {line}",
        "outdent": line[2:] if line.startswith("  ") else f" {line}",
        "insert": line[:column] + signs + line[column:],
        "cut": line[:column] + "\n",
    }[change]
    text = "".join([*LINES[:number], new, *LINES[number + 1 :]])

    for remark in inspected(text):
        assert remark.problem.line is not None
        assert 1 <= remark.problem.line <= len(text.splitlines()) + 1


@settings(max_examples=40)
@given(st.sampled_from([n for n, line in enumerate(LINES) if re.match(" *[a-z_]+: ", line)]))
def test_doubled_key(number: int) -> None:
    """A line that stands twice is reported where it stands the second time."""
    text = "".join([*LINES[: number + 1], LINES[number], *LINES[number + 1 :]])

    remarks = [r for r in inspected(text) if r.severity == "mistake"]

    assert number + 2 in [remark.problem.line for remark in remarks]


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_bytes(raw: bytes) -> None:
    """Bytes that are no scenario at all are refused with a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_bytes(raw)

        assert read_file(path, Scenario).problems
