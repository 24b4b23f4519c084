"""A terminal of text: what is typed is given, what is shown is read."""

from __future__ import annotations

import io
from typing import Protocol

import pytest
from rich.console import Console


class Shown:
    """A console of 80 columns without colour, as where output is piped."""

    def __init__(self) -> None:
        self.file = io.StringIO()
        self.console = Console(file=self.file, width=80, highlight=False)

    @property
    def text(self) -> str:
        """Everything shown, line by line."""
        return self.file.getvalue()

    @property
    def words(self) -> str:
        """Everything shown, whatever the line breaks are."""
        return " ".join(self.text.split())


class Types(Protocol):
    """Puts something into the standard input."""

    def __call__(self, *lines: str) -> None:
        """Each line as if typed; then the input is at its end."""


@pytest.fixture
def shown() -> Shown:
    """The console of a test."""
    return Shown()


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Types:
    """Type for the program."""

    def typed(*lines: str) -> None:
        text = "".join(f"{line}\n" for line in lines)
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return typed
