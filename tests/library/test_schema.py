"""The JSON Schemas agree with the models and with the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from coachbot.library.catalogue import scenario_files, yaml_files
from coachbot.library.schema import MODELS, main, schema, written
from tests.library.conftest import OPEN_CASE

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def loaded(path: Path) -> Any:
    """A file as any reader of YAML has it."""
    return YAML(typ="safe", pure=True).load(path)


@pytest.mark.parametrize("name", MODELS)
def test_current(name: str, tmp_path: Path) -> None:
    """The files in the folder are those that the models give; see coachbot/library/schema.py."""
    main(tmp_path)
    kept = SCENARIOS / "schemas" / f"{name}.schema.json"

    assert written(name) == kept.read_text(encoding="utf-8")
    assert written(name) == (tmp_path / kept.name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MODELS)
def test_is_a_schema(name: str) -> None:
    """Each is a JSON Schema itself."""
    jsonschema.Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("path", [OPEN_CASE, *scenario_files(SCENARIOS)], ids=lambda p: p.stem)
def test_scenarios_fit(path: Path) -> None:
    """Every scenario of the project fits, with lines in all their short forms."""
    jsonschema.validate(loaded(path), schema("scenario"))


@pytest.mark.parametrize("path", yaml_files(SCENARIOS / "temperaments"), ids=lambda p: p.stem)
def test_temperaments_fit(path: Path) -> None:
    """Every temperament of the project fits."""
    jsonschema.validate(loaded(path), schema("temperament"))


@pytest.mark.parametrize(
    "line",
    [4471, [], ["a", "b", "c", "d"], {"mood": "low"}, {"say": "a", "mod": "low"}, {"say": [1]}],
)
def test_wrong_lines(line: Any) -> None:
    """An editor marks a line that could not be read."""
    data = loaded(OPEN_CASE)
    data["facts"][0]["say"][0] = line

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema("scenario"))


def test_every_key_is_explained() -> None:
    """Whoever writes a scenario reads at each key what it is for."""
    unexplained = [
        f"{name}.{key}"
        for kind in MODELS
        for name, part in {**schema(kind)["$defs"], kind: schema(kind)}.items()
        for key, about in part.get("properties", {}).items()
        if "description" not in about and name not in ("PassMarks", "Line")
    ]

    assert [] == unexplained
