"""A model of a document with mistakes, so that what else is wrong in it can be found at once.

Each value that can't be used is replaced by one that can, as far as nothing else in the file hangs
on it. Where more than that is wrong (an id, a whole part), there is no model, and the rest of the
mistakes is found once these are put right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from coachbot.library.document import Document, NotText
from coachbot.library.fields import example, field_at
from coachbot.scenario.finding import Finding, KeyPath, Step

M = TypeVar("M", bound=BaseModel)

ROUNDS = 4
"""Times that it is tried: what is put in may bring out one mistake more."""

_NUMBERS = (
    "int_type",
    "int_from_float",
    "float_type",
    "greater_than_equal",
    "greater_than",
    "less_than_equal",
    "less_than",
    "finite_number",
)
_TEXTS = (
    "string_type",
    "string_too_short",
    "string_too_long",
    "model_type",
    "model_attributes_type",
)
"""The last two: a line of the customer that is read as a number."""


def repaired(model: type[M], document: Document) -> tuple[M, frozenset[KeyPath]] | None:
    """The model, and the ways to all that was replaced; None where that can't be done safely."""
    if document.unread or document.mended or not isinstance(document.data, dict):
        return None
    data = _loose(document.data)
    touched: set[KeyPath] = set()
    for _ in range(ROUNDS):
        try:
            return model.model_validate(_tight(data), strict=True), frozenset(touched)
        except ValidationError as error:
            errors = error.errors(include_url=False, include_context=True)
        # From behind, so that what is left out of a list moves nothing that comes later.
        for one in sorted(errors, key=lambda one: _order(one["loc"]), reverse=True):
            path = tuple(step for step in one["loc"] if step != "[key]")
            if _follows(_at(data, path), one):
                continue
            if "[key]" in one["loc"] or not _repair(model, data, path, one):
                return None
            touched.add(path)
    return None


def untouched(findings: Sequence[Finding], touched: frozenset[KeyPath]) -> list[Finding]:
    """Mistakes that have nothing to do with what was replaced."""
    return [
        one
        for one in findings
        if one.severity == "mistake"
        and not any(
            _same_way(path, other) for path in (one.path, one.other) if path for other in touched
        )
    ]


def _same_way(one: KeyPath, other: KeyPath) -> bool:
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def _order(path: Sequence[Step]) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (0, step) for step in path]


def _loose(value: Any) -> Any:
    """A copy that can be changed."""
    if isinstance(value, dict):
        return {key: _loose(one) for key, one in value.items()}
    return [_loose(one) for one in value] if isinstance(value, tuple) else value


def _tight(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tight(one) for key, one in value.items()}
    return tuple(_tight(one) for one in value) if isinstance(value, list) else value


def _at(data: Any, path: KeyPath) -> Any:
    """What stands there; None where the models see more steps than the file has."""
    for step in path:
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _follows(given: Any, error: Any) -> bool:
    """Whether a list is called too short only because of what is wrong in its entries."""
    least = error.get("ctx", {}).get("min_length", 0)
    return error["type"] == "too_short" and isinstance(given, list) and len(given) >= least


def _repair(model: type[BaseModel], data: Any, path: KeyPath, error: Any) -> bool:
    """Put something usable there; False where other parts of the file may hang on it."""
    if not path or path[-1] == "id":
        return False
    around, last = _at(data, path[:-1]), path[-1]
    if error["type"] == "extra_forbidden" and isinstance(around, dict):
        del around[str(last)]
        return True
    new = _usable(model, path, _at(data, path), error)
    if isinstance(around, dict) and new is not None:
        around[str(last)] = new
    elif isinstance(around, list) and isinstance(last, int) and last < len(around) and new:
        around[last] = new
    else:
        return False
    return True


def _usable(model: type[BaseModel], path: KeyPath, given: Any, error: Any) -> Any:
    """What could stand in the place of a value; None where nothing can."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        return next(iter(re.findall(r"'([^']*)'", str(context.get("expected", "")))), None)
    if kind in _NUMBERS:
        return _number(model, path)
    if kind == "missing":
        how = example("", field_at(model, path))
        if how.endswith("a number"):
            return _number(model, path)
        return "Something" if how.endswith('"..."') else None
    if kind in _TEXTS and not isinstance(given, dict | list):
        text = given.written if isinstance(given, NotText) else str(given or "") or "Something"
        return text[: context.get("max_length")]
    if kind == "too_short" and isinstance(given, list):
        least = int(context["min_length"])
        if all(isinstance(one, str) for one in given):
            return given + [f"Something else, number {n}" for n in range(least - len(given))]
    return None


def _number(model: type[BaseModel], path: KeyPath) -> float:
    """One that the field takes."""
    field = field_at(model, path)
    for item in field.metadata if field else ():
        for name in ("ge", "le"):
            if (limit := getattr(item, name, None)) is not None:
                return int(limit) if limit == int(limit) else float(limit)
    return 1
