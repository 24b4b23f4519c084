"""A complete scenario to make mistakes in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coachbot.library import Library
from coachbot.library.inspection import inspect
from coachbot.library.reading import Remark

FILES = Path(__file__).parent / "files"
OPEN_CASE = FILES / "open-case.yaml"

HERE = "¦"
"""Marks the place at which a mistake must be reported; it is taken out of the text."""

Edit = Callable[..., Path]
Remarks = Callable[[Path], tuple[Remark, ...]]


@pytest.fixture(scope="session")
def library() -> Library:
    """The scenarios and temperaments of the project, each read once."""
    return Library.keeping(Path(__file__).parents[2] / "scenarios")


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Write the complete scenario with some of its text replaced."""

    def edit(*changes: tuple[str, str]) -> Path:
        text = OPEN_CASE.read_text(encoding="utf-8")
        for old, new in changes:
            assert 1 == text.count(old), f"{old!r} must stand in the file once"
            text = text.replace(old, new)
        path = tmp_path / OPEN_CASE.name
        path.write_text(text, encoding="utf-8")
        return path

    return edit


@pytest.fixture
def remarks(library: Library) -> Remarks:
    """Check a file."""
    return lambda path: inspect(library, [path]).remarks


def marked(text: str) -> tuple[str, int, int]:
    """A text without the mark, and the line and column, from 1, where the mark was."""
    before, _, after = text.partition(HERE)
    return before + after, before.count("\n") + 1, len(before.rsplit("\n", 1)[-1]) + 1
