"""JSON Schema of what ``coachbot scenarios bench --json`` prints.

It is generated from the model: ``python -m coachbot.reporting.bench_schema`` writes it to
``scenarios/schemas``, and a test says when that was forgotten.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from coachbot.reporting.bench_models import BenchReport

FOLDER = Path(__file__).parents[2] / "scenarios" / "schemas"
FILE = "bench.schema.json"


def schema() -> dict[str, Any]:
    """Schema of the object; every key is always there."""
    found = BenchReport.model_json_schema(mode="serialization")
    for part in (found, *found["$defs"].values()):
        if "properties" in part:
            part["required"] = list(part["properties"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def written() -> str:
    """Text of the schema's file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main(folder: Path = FOLDER) -> None:
    """Write the schema into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    path.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
