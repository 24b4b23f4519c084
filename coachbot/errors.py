"""Every error that CoachBot raises on purpose.

    CoachbotError               exit status 1
    ├── UsageError              exit status 2: what was asked for can't be run
    ├── SettingsError           a setting (environment variable) is wrong
    ├── ModelError              a model's files are missing or are not the expected ones
    ├── PromptError             a template for language models has a mistake
    ├── StoreError              the database can't be read or written
    ├── ScenarioError           a scenario file has mistakes; carries all of them
    ├── Forbidden               somebody may not do what they asked for
    └── NotFound                a scenario, session or file that isn't there

The message of each is for a person: what was wrong, where, and what to do. The command line
prints it without a traceback and leaves with ``exit_code``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class CoachbotError(Exception):
    """Base of the family. ``str(error)`` is the message for people."""

    exit_code: ClassVar[int] = 1

    @property
    def message(self) -> str:
        """The text that a person reads."""
        return str(self)


class UsageError(CoachbotError):
    """What was asked for can't be run as it was written."""

    exit_code: ClassVar[int] = 2


class SettingsError(CoachbotError):
    """A setting has a value that can't be used. The message names the variable."""


class ModelError(CoachbotError):
    """A model can't be loaded: files missing, damaged, or not the ones in the manifest."""


class PromptError(CoachbotError):
    """A template in ``prompts/`` can't be read or filled. The message names file and line."""


class StoreError(CoachbotError):
    """The database can't be opened, read or written."""


class Forbidden(CoachbotError):
    """Somebody asked for what their roles do not allow. The message says who may, or why not."""


class NotFound(CoachbotError):
    """A scenario, session or file was named that doesn't exist."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a scenario file.

    ``line`` and ``column`` count from 1; None where the mistake has no single place.
    ``instead`` says what to write, and is empty where there is nothing to suggest.
    """

    file: str
    line: int | None
    column: int | None
    message: str
    instead: str = ""

    def __str__(self) -> str:
        """``file:line:column: message. Instead: ...``, without the parts that are unknown."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        advice = f"\n    instead: {self.instead}" if self.instead else ""
        return f"{place}: {self.message}{advice}"


class ScenarioError(CoachbotError):
    """A scenario file has one or more mistakes. All that were found are in ``problems``."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
