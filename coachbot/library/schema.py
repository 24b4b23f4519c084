"""JSON Schemas of the files, for editors that help while one writes.

They are generated from the models: ``python -m coachbot.library.schema`` writes them to
``scenarios/schemas``, and a test says when that was forgotten.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from coachbot.scenario.agents import Agents, GeneralAgents
from coachbot.scenario.models import Line, Model, Scenario
from coachbot.scenario.temperament import Temperament

MODELS: dict[str, type[Model]] = {
    "scenario": Scenario,
    "temperament": Temperament,
    "agents": Agents,
    "general-agents": GeneralAgents,
}

FOLDER = Path(__file__).parents[2] / "scenarios" / "schemas"


def schema(name: str) -> dict[str, Any]:
    """Schema of a kind of file as it is written, short forms of lines included."""
    found = MODELS[name].model_json_schema()
    if Line.__name__ in found["$defs"]:
        _short_forms(found)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def _short_forms(found: dict[str, Any]) -> None:
    """Let a line be one text or a list of them."""
    line = found["$defs"][Line.__name__]
    for key in line["properties"].values():
        # One text, or a list of them.
        whole = dict(key)
        key.clear()
        key["description"] = whole.pop("description")
        default = {"default": whole.pop("default")} if "default" in whole else {}
        key.update(default, anyOf=[whole["items"], whole])
    text, texts = line["properties"]["say"]["anyOf"]
    found["$defs"][Line.__name__] = {
        "description": line.pop("description"),
        "title": line.pop("title"),
        "anyOf": [text, texts, line],
    }


def written(name: str) -> str:
    """Text of the schema's file."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def main(folder: Path = FOLDER) -> None:
    """Write the schemas into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        path = folder / f"{name}.schema.json"
        path.write_text(written(name), encoding="utf-8")
        click.echo(path)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
