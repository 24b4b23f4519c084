"""Files to scenarios and temperaments, with every mistake that is in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from coachbot.errors import Problem, ScenarioError
from coachbot.library.document import Document
from coachbot.library.mistakes import validated
from coachbot.library.source import read_document
from coachbot.scenario.finding import Finding, Severity
from coachbot.scenario.models import ID_PATTERN, Model

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Reading(Generic[M]):
    """What came of a file: the model if its form is right, and what is wrong with it."""

    path: Path
    shown: str
    document: Document | None
    found: M | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A problem, and whether it is a mistake or only a warning."""

    problem: Problem
    severity: Severity = "mistake"


def shown_path(path: Path) -> str:
    """A path as messages show it: from the current folder on if it is below that."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return os.fspath(path)


def read_file(path: Path, model: type[M]) -> Reading[M]:
    """Read one file. Never raises for what is in it; the problems are in the result."""
    shown: str = shown_path(path)
    document: Document
    problems: list[Problem]
    try:
        document, problems = read_document(path, shown)
    except ScenarioError as error:
        return Reading(path, shown, None, None, error.problems)
    if document.data is None:
        return Reading(path, shown, document, None, tuple(problems))
    found, wrong = validated(model, document, shown)
    every = [*problems, *wrong, *_misnamed(path, document, shown)]
    ordered = tuple(sorted(every, key=lambda p: (p.line or 0, p.column or 0)))
    return Reading(path, shown, document, found if not ordered else None, ordered)


def _misnamed(path: Path, document: Document, shown: str) -> list[Problem]:
    """The id is what people type and what the file is called; the two must not differ."""
    name = document.data.get("id")
    if not isinstance(name, str) or name == path.stem or not re.fullmatch(ID_PATTERN, name):
        return []
    at = document.value(("id",))
    return [
        Problem(
            shown,
            at.line,
            at.column,
            f"The id is '{name}', but the file is called {path.name}",
            f"write 'id: {path.stem}', or call the file {name}.yaml",
        )
    ]


def placed(reading: Reading[M], findings: Iterable[Finding]) -> list[Remark]:
    """Findings with the file, line and column of what they are about."""
    document = reading.document
    if document is None:
        return []
    remarks = []
    for finding in findings:
        message = finding.message
        if finding.other is not None:
            message += f" (see line {document.value(finding.other).line})"
        at = document.place(finding.path)
        problem = Problem(reading.shown, at.line, at.column, message, finding.instead)
        remarks.append(Remark(problem, finding.severity))
    return remarks
