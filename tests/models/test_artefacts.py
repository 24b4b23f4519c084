"""The released files: they are what the manifest says, and the scorer's name is theirs."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from coachbot.errors import ModelError
from coachbot.models.artefacts import load_heads, load_trained_rows, save_heads
from coachbot.models.golden import INPUT, OUTPUT, golden_output
from coachbot.models.schemas import FILES, schema
from coachbot.scoring.scorer import Scorer


@pytest.fixture
def models(checkout: Path, tmp_path: Path) -> Path:
    """A copy of the released files."""
    folder = tmp_path / "models"
    folder.mkdir()
    for name in ("heads.safetensors", "heads.json", "manifest.json"):
        shutil.copy(checkout / "models" / name, folder)
    return folder


def test_loading_and_saving_gives_the_same_files(models: Path, tmp_path: Path) -> None:
    """What was loaded is written back byte by byte, so nothing is lost on the way."""
    save_heads(load_heads(models), load_trained_rows(models), tmp_path / "again")
    for name in ("heads.safetensors", "heads.json", "manifest.json"):
        assert (models / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_the_name_changes_with_the_files(models: Path, tmp_path: Path) -> None:
    """Another threshold is another scorer."""
    heads = load_heads(models)
    other = replace(heads, thresholds={**heads.thresholds, "dismissal": 0.61})
    save_heads(other, np.zeros(1, dtype=np.int64), tmp_path / "other")
    assert load_heads(tmp_path / "other").name != heads.name


@pytest.mark.parametrize("name", ["heads.safetensors", "heads.json"])
def test_a_changed_file_is_refused(models: Path, name: str) -> None:
    """The manifest's hash doesn't fit, and the message says which file and what to do."""
    with (models / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=rf"{name} is not the one.*scorer train"):
        load_heads(models)


@pytest.mark.parametrize("name", ["heads.safetensors", "heads.json", "manifest.json"])
def test_a_missing_file_is_named(models: Path, name: str) -> None:
    """No traceback: the file and the way out."""
    (models / name).unlink()
    with pytest.raises(ModelError, match=f"{re.escape(name)} is missing"):
        load_heads(models)


def test_a_damaged_manifest_is_named(models: Path) -> None:
    """Half a file is told from a missing one."""
    (models / "manifest.json").write_text('{"models": [', encoding="utf-8")
    with pytest.raises(ModelError, match=r"manifest\.json is damaged"):
        load_heads(models)


def test_the_manifest_names_every_model_with_its_licence(checkout: Path) -> None:
    """Name, revision, sha256 and licence of each."""
    manifest = json.loads((checkout / "models" / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["models"]) == 3
    for model in manifest["models"]:
        assert {"name", "revision", "sha256", "licence"} <= {k for k, v in model.items() if v}


@pytest.mark.parametrize("name", list(FILES))
def test_the_schemas_are_current(checkout: Path, name: str) -> None:
    """The shipped JSON Schemas are those of the models."""
    stored = json.loads((checkout / "models" / "schemas" / name).read_text(encoding="utf-8"))
    assert schema(name) == stored


def test_the_golden_lines_are_what_the_scorer_gives(checkout: Path, scorer: Scorer) -> None:
    """The shipped output is the released scorer's, within a tenth of a point."""
    folder = checkout / "models" / "schemas"
    stored = [
        json.loads(line) for line in (folder / OUTPUT).read_text(encoding="utf-8").splitlines()
    ]
    given = [json.loads(line) for line in golden_output(scorer, folder).splitlines()]
    assert [(s["id"], s["status"], s.get("scorer")) for s in stored] == [
        (g["id"], g["status"], g.get("scorer")) for g in given
    ]
    for old, new in zip(stored, given, strict=True):
        for dimension, score in (old.get("dimensions") or {}).items():
            assert score["score"] == pytest.approx(new["dimensions"][dimension]["score"], abs=0.1)


def test_the_golden_lines_fit_the_schemas(checkout: Path) -> None:
    """Every output line fits; of the input, every line but the one that is meant to fail."""
    folder = checkout / "models" / "schemas"
    inputs = [json.loads(x) for x in (folder / INPUT).read_text(encoding="utf-8").splitlines()]
    outputs = [json.loads(x) for x in (folder / OUTPUT).read_text(encoding="utf-8").splitlines()]
    reading = jsonschema.Draft202012Validator(schema("score-input.schema.json"))
    writing = jsonschema.Draft202012Validator(schema("score-output.schema.json"))
    assert ["bad"] == [x["id"] for x in inputs if not reading.is_valid(x)]
    assert [] == [x["id"] for x in outputs if not writing.is_valid(x)]
