"""The lines of ``coachbot score``: from text to items and from results to text."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from pydantic import ValidationError

from coachbot.scoring.interface import LineError, ReplyScore, ReplyToScore, Turn

_KEYS = frozenset(ReplyToScore.model_fields)
_TURN_KEYS = frozenset(Turn.model_fields)
_LONGEST_LIST = 3
_HALF_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line that was read: an item or an error, and keys that nobody knows."""

    item: ReplyToScore | None
    error: LineError | None
    unknown: frozenset[str] = frozenset()


def read_line(raw: bytes, number: int) -> ReadLine | None:
    """Read one line of input; None for a blank one. ``number`` counts lines from 1."""
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        return _error(None, number, f"not UTF-8 (byte {error.start + 1} of the line)")
    if not text.strip():
        return None
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return _error(None, number, f"not JSON: {error.msg} at column {error.colno}")
    except (ValueError, RecursionError) as error:
        reason = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        return _error(None, number, f"not JSON that can be used: {reason}")
    if not isinstance(content, dict):
        return _error(None, number, "must be a JSON object with at least the key “reply”")
    given = content.get("id")
    usable = isinstance(given, (str, int, float)) and not isinstance(given, bool)
    known_id = given if usable and given == _whole_text(given) else None
    content = {k: v for k, v in content.items() if not (k == "history" and v is None)}
    try:
        item = ReplyToScore.model_validate(_whole_text(content))
    except ValidationError as error:
        return _error(known_id, number, describe(error))
    return ReadLine(item, None, _unknown_keys(content))


def write_line(result: ReplyScore | LineError) -> bytes:
    """Write one result as a line of JSON; numbers are finite or null."""
    content = result.model_dump(mode="json")
    if isinstance(result, ReplyScore):
        # An id that is a whole number stays one.
        content["id"] = result.id
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def describe(error: ValidationError) -> str:
    """Say in a sentence what is wrong with a line."""
    problems: list[str] = []
    for problem in error.errors():
        path = [p for p in problem["loc"] if p not in ("str", "int", "float")]
        place = ""
        for step in path:
            place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
        problems.append(f"{place}: {_sentence(problem['type'], problem['msg'], place)}")
    distinct = list(dict.fromkeys(problems))
    more = len(distinct) - _LONGEST_LIST
    return "; ".join(distinct[:_LONGEST_LIST]) + (f"; and {more} more" if more > 0 else "")


def _sentence(kind: str, message: str, place: str) -> str:
    if kind == "missing":
        return "is missing"
    if place == "id":
        return "must be a string, a number or null"
    if kind == "string_type":
        return "must be a string"
    if kind == "literal_error":
        return message.replace("Input should be", "must be")
    if kind in ("tuple_type", "list_type"):
        return "must be an array of turns"
    if kind == "model_type":
        return "must be an object with “speaker” and “text”"
    return message[:1].lower() + message[1:]


def _unknown_keys(content: dict[str, Any]) -> frozenset[str]:
    unknown = set(content) - _KEYS
    for turn in content.get("history", ()):
        unknown |= {f"history[].{key}" for key in set(turn) - _TURN_KEYS}
    return frozenset(unknown)


def _whole_text(value: Any) -> Any:
    """Replace halves of surrogate pairs, which no text has, by U+FFFD; lengths stay."""
    if isinstance(value, str):
        return _HALF_PAIR.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole_text(v) for v in value]
    if isinstance(value, dict):
        return {_whole_text(k): _whole_text(v) for k, v in value.items()}
    return value


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is not a number in JSON"
    raise ValueError(message)


def _error(known_id: object, number: int, message: str) -> ReadLine:
    if isinstance(known_id, float) and not math.isfinite(known_id):
        known_id = None
    return ReadLine(None, LineError(id=known_id, line=number, message=message))
