"""JSON Schemas of ``coachbot score``'s two sides, generated from the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from coachbot.scoring.interface import LineError, ReplyScore, ReplyToScore

FILES: dict[str, Any] = {
    "score-input.schema.json": ReplyToScore,
    "score-output.schema.json": ReplyScore | LineError,
}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TITLES = {
    "score-input.schema.json": "One line of input of coachbot score",
    "score-output.schema.json": "One line of output of coachbot score",
}


def schema(name: str) -> dict[str, Any]:
    """Return the schema of one side; ``name`` is one of ``FILES``."""
    adapter: TypeAdapter[Any] = TypeAdapter(FILES[name])
    reading = FILES[name] is ReplyToScore
    found = adapter.json_schema(mode="validation" if reading else "serialization")
    found["title"] = _TITLES[name]
    return {"$schema": _DRAFT, **found}


def write_schemas(folder: Path) -> None:
    """Write the schemas of both sides into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        text = json.dumps(schema(name), indent=2, ensure_ascii=False)
        (folder / name).write_text(text + "\n", encoding="utf-8")
