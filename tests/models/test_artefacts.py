"""The trained files: written whole, checked by the manifest, and named by their contents."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch

from coachbot.errors import ModelError
from coachbot.models.artefacts import (
    CALIBRATION,
    MANIFEST,
    NETWORK,
    load_calibration,
    load_tensors,
    save,
    save_calibration,
)
from coachbot.models.golden import INPUT, OUTPUT, golden_output
from coachbot.models.schemas import FILES, schema
from coachbot.scoring.calibration import Calibration
from coachbot.scoring.scorer import Scorer
from coachbot.scoring.words import Rarity
from tests.scoring.made import calibration

TENSORS = {"b.weight": torch.arange(6.0).reshape(2, 3) / 7, "a.bias": torch.tensor([0.5, -2.0])}
MADE = replace(calibration(), rarity=Rarity({"order": 0.25, "kite": 0.75}))
LOADERS: list[Callable[[Path], object]] = [load_calibration, load_tensors]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder of small made-up files."""
    save(TENSORS, MADE, tmp_path / "models")
    return tmp_path / "models"


def test_what_was_saved_is_loaded(models: Path) -> None:
    """Tensors in half precision; tables, thresholds, temperatures and rarity as they were."""
    loaded = load_calibration(models)
    assert replace(MADE, name=loaded.name) == loaded
    tensors = load_tensors(models)
    assert set(TENSORS) == set(tensors)
    assert all(torch.equal(TENSORS[n].half(), tensors[n]) for n in TENSORS)


def test_equal_contents_give_equal_bytes(models: Path, tmp_path: Path) -> None:
    """What was loaded is written back byte by byte, in whatever order it is given."""
    turned = dict(reversed([*load_tensors(models).items()]))
    loaded = load_calibration(models)
    backwards = replace(loaded, thresholds=dict(reversed([*loaded.thresholds.items()])))
    save(turned, backwards, tmp_path / "again")
    for name in (NETWORK, CALIBRATION, MANIFEST):
        assert (models / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def other_threshold(made: Calibration) -> tuple[Calibration, dict[str, torch.Tensor]]:
    """Change the calibration."""
    return replace(made, thresholds={**made.thresholds, "dismissal": 0.61}), TENSORS


def other_tensor(made: Calibration) -> tuple[Calibration, dict[str, torch.Tensor]]:
    """Change the network."""
    return made, TENSORS | {"a.bias": torch.tensor([0.5, -2.5])}


@pytest.mark.parametrize("change", [other_threshold, other_tensor])
def test_the_name_changes_with_the_files(
    models: Path,
    tmp_path: Path,
    change: Callable[[Calibration], tuple[Calibration, dict[str, torch.Tensor]]],
) -> None:
    """Another threshold or another weight is another scorer; the same ones are the same."""
    name = load_calibration(models).name
    save(TENSORS, MADE, tmp_path / "same")
    changed, tensors = change(MADE)
    save(tensors, changed, tmp_path / "other")
    assert name == load_calibration(tmp_path / "same").name
    assert name != load_calibration(tmp_path / "other").name


def test_a_calibration_alone_keeps_the_network(models: Path) -> None:
    """A new calibration is written beside the network, and the manifest fits both."""
    before = (models / NETWORK).read_bytes()
    save_calibration(other_threshold(MADE)[0], models)
    assert load_calibration(models).thresholds["dismissal"] == 0.61
    assert before == (models / NETWORK).read_bytes()
    load_tensors(models)


@pytest.mark.parametrize("load", LOADERS)
@pytest.mark.parametrize("name", [NETWORK, CALIBRATION])
def test_a_changed_file_is_refused(models: Path, name: str, load: Callable[[Path], object]) -> None:
    """The manifest's hash doesn't fit, and the message says which file and what to do."""
    with (models / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=rf"{re.escape(name)} is not the one.*scorer train"):
        load(models)


@pytest.mark.parametrize("load", LOADERS)
@pytest.mark.parametrize("name", [NETWORK, CALIBRATION, MANIFEST])
def test_a_missing_file_is_named(models: Path, name: str, load: Callable[[Path], object]) -> None:
    """No traceback: the file and the way out."""
    (models / name).unlink()
    with pytest.raises(ModelError, match=f"{re.escape(name)} is missing"):
        load(models)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"models": [', r"manifest\.json is damaged"),
        ("[]", r"manifest\.json is damaged"),
        ("{}", r"manifest\.json is damaged"),
        ('{"models": ["network.safetensors"]}', "manifest"),
        ('{"models": [{"in_this_folder": true}]}', "manifest"),
    ],
)
def test_a_damaged_manifest_is_named(models: Path, content: str, words: str) -> None:
    """Half a file, and a whole one that is no manifest, are told from a missing one."""
    (models / MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=words):
        load_calibration(models)


def other_format(content: dict[str, Any]) -> None:
    """Raise the format."""
    content["format"] += 1


def other_features(content: dict[str, Any]) -> None:
    """Take one of the network's inputs away."""
    content["features"]["said"].pop()


@pytest.mark.parametrize("change", [other_format, other_features])
def test_files_of_another_version_are_refused(
    models: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    """What was trained on other inputs, or written otherwise, though its hash fits."""
    content = json.loads((models / CALIBRATION).read_text(encoding="utf-8"))
    old = hashlib.sha256((models / CALIBRATION).read_bytes()).hexdigest()
    change(content)
    (models / CALIBRATION).write_text(json.dumps(content), encoding="utf-8")
    new = hashlib.sha256((models / CALIBRATION).read_bytes()).hexdigest()
    manifest = (models / MANIFEST).read_text(encoding="utf-8")
    (models / MANIFEST).write_text(manifest.replace(old, new), encoding="utf-8")
    with pytest.raises(ModelError, match=r"calibration\.json was written by another version"):
        load_calibration(models)


def test_the_manifest_names_every_model_with_its_licence(checkout: Path) -> None:
    """Name, revision, sha256 and licence of each."""
    manifest = json.loads((checkout / "models" / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["models"]) == 4
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
    told = ("id", "status", "reason", "scorer")
    assert [[s.get(key) for key in told] for s in stored] == [
        [g.get(key) for key in told] for g in given
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
