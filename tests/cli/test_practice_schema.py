"""The JSON Schema of a practice run agrees with the model, the example and the program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from coachbot.reporting.schema import FILE, FOLDER, main, schema, written
from tests.cli.conftest import RunHere

HERE = Path(__file__).parent
GOLDEN: dict[str, Any] = json.loads((HERE / "golden-practice.json").read_text(encoding="utf-8"))


@pytest.fixture
def today(run_here: RunHere) -> dict[str, Any]:
    """What the script of the example gives now."""
    script = HERE / "golden-practice.txt"
    result = run_here("practice", "late-parcel", "--script", script, "--json")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_current(tmp_path: Path) -> None:
    """The file in the folder is what the model gives; see coachbot/reporting/schema.py."""
    main(tmp_path)

    assert written() == (FOLDER / FILE).read_text(encoding="utf-8")
    assert written() == (tmp_path / FILE).read_text(encoding="utf-8")


def test_is_a_schema() -> None:
    """It is a JSON Schema itself."""
    jsonschema.Draft202012Validator.check_schema(schema())


def test_output_fits(today: dict[str, Any]) -> None:
    """What the program prints fits."""
    jsonschema.validate(today, schema())


def test_example_fits() -> None:
    """The example fits."""
    jsonschema.validate(GOLDEN, schema())


def shape(value: object) -> object:
    """Keys and types; of a list only what its first item looks like."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value[:1]]
    return type(value).__name__


def test_example_is_of_today(today: dict[str, Any]) -> None:
    """The example has the keys and the types that the program prints; scores may have moved."""
    said = ("scenario", "seed", "outcome", "with_help")

    assert shape(GOLDEN) == shape(today)
    assert [GOLDEN[key] for key in said] == [today[key] for key in said]
    assert [turn["agent"] for turn in GOLDEN["turns"]] == [t["agent"] for t in today["turns"]]


WRONG: dict[str, dict[str, Any]] = {
    "outcome": {"outcome": "won"},
    "seed": {"seed": "0"},
    "more": {"grade": "A"},
    "needs": {"needs": ["last-year"]},
    "turns": {"turns": [{"agent": "Hello."}]},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_refuses(change: dict[str, Any]) -> None:
    """What is not of this form doesn't fit."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**GOLDEN, **change}, schema())


@pytest.mark.parametrize("key", GOLDEN)
def test_needs_every_key(key: str) -> None:
    """No key may be missing."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({k: v for k, v in GOLDEN.items() if k != key}, schema())
