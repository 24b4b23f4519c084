"""What the models say about a place in a file: which field it is, and what the field is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from coachbot.scenario.finding import Step
from coachbot.scenario.models import Line


def _steps(annotation: Any) -> Iterator[Any]:
    """The annotation itself, or the parts of ``X | None`` and ``Annotated[X, ...]``."""
    arguments = get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        yield from _steps(arguments[0])
    elif get_origin(annotation) in (tuple, dict) or not arguments:
        yield annotation
    else:
        for part in arguments:
            yield from _steps(part)


def _inside(annotation: Any, step: Step) -> tuple[Any, FieldInfo | None]:
    """What a step into an annotation leads to, and its field if it is one."""
    for part in _steps(annotation):
        if get_origin(part) is tuple and isinstance(step, int):
            return get_args(part)[0], None
        if get_origin(part) is dict:
            return get_args(part)[1], None
        if isinstance(part, type) and issubclass(part, BaseModel) and step in part.model_fields:
            field = part.model_fields[str(step)]
            return field.annotation, field
    return None, None


def field_at(model: type[BaseModel], path: Sequence[Step]) -> FieldInfo | None:
    """The last field on the way along a path."""
    annotation: Any = model
    last = None
    for step in path:
        annotation, field = _inside(annotation, step)
        last = field or last
    return last


def model_at(model: type[BaseModel], path: Sequence[Step]) -> type[BaseModel] | None:
    """The model at a place; None where there is a single value."""
    annotation: Any = model
    for step in path:
        annotation, _ = _inside(annotation, step)
    for part in _steps(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def is_line(model: type[BaseModel], path: Sequence[Step]) -> bool:
    """Whether a line of the customer is at a place."""
    return model_at(model, path) is Line


def homes(model: type[BaseModel], key: str) -> list[str]:
    """Names of the parts of a file in which a key belongs."""
    found: list[str] = []

    def look(holder: type[BaseModel], name: str) -> None:
        if key in holder.model_fields and name not in found:
            found.append(name)
        for inner, field in holder.model_fields.items():
            below = model_at(holder, (inner,)) or model_at(holder, (inner, 0))
            if below is not None and below is not Line and field.annotation is not None:
                look(below, inner)

    look(model, "")
    return found


def purpose(field: FieldInfo | None) -> str:
    """What a field is for, in brackets behind a message; empty where nobody said."""
    return f" ({field.description})" if field and field.description else ""


def example(key: str, field: FieldInfo | None) -> str:
    """How a key is written, by what it holds."""
    kinds = list(_steps(field.annotation)) if field else [str]
    if get_origin(kinds[0]) is tuple:
        return f"'{key}:' and below it a list, each entry beginning with '- '"
    if get_origin(kinds[0]) is dict or (
        isinstance(kinds[0], type) and issubclass(kinds[0], BaseModel)
    ):
        return f"'{key}:' and below it, indented, what belongs to it"
    if kinds[0] is bool:
        return f"'{key}: true' or '{key}: false'"
    if kinds[0] in (int, float):
        return f"'{key}: ' and a number"
    return f'{key}: "..."'
