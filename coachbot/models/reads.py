"""The network's answers on disk, so that folds can be trained on different days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.findings import FINDINGS
from coachbot.scoring.reading import Read

_WHOLE = ("levels", "behaviour", "question", "uptake", "fits", "graded", "dismissal", "called")
LEARNED = "learned"
"""In the released file: the numbers of all public rows that were learned from."""
_BY_SENTENCE = ("templated", "injection")


def save_reads(
    file: Path, rows: Mapping[str, Sequence[int]], reads: Mapping[str, Sequence[Sequence[Read]]]
) -> None:
    """Write answers by set and unit; ``rows`` are the units' numbers."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, units in reads.items():
        flat = [r for unit in units for r in unit]
        arrays[f"{name}.rows"] = np.array(rows[name], dtype=np.int64)
        if not flat:
            continue
        arrays[f"{name}.each"] = np.array(len(units[0]))
        for key in _WHOLE:
            arrays[f"{name}.{key}"] = np.array([getattr(r, key) for r in flat], dtype=np.float32)
        arrays[f"{name}.sentences"] = np.array([len(r.templated) for r in flat])
        for key in _BY_SENTENCE:
            arrays[f"{name}.{key}"] = np.concatenate([getattr(r, key) for r in flat])
        arrays[f"{name}.customers"] = np.array([len(r.said) for r in flat])
        arrays[f"{name}.said"] = np.concatenate(
            [np.reshape(r.said, (-1, len(FINDINGS))) for r in flat]
        )
    with file.with_suffix(".part").open("wb") as out:
        np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    file.with_suffix(".part").replace(file)


def load_reads(file: Path) -> dict[str, dict[int, list[Read]]]:
    """Return, by set, the answers for each unit's readings."""
    found: dict[str, dict[int, list[Read]]] = {}
    with np.load(file) as stored:
        arrays = {name: stored[name] for name in stored.files}
    for name in [k.removesuffix(".rows") for k in arrays if k.endswith(".rows")]:
        rows = arrays[f"{name}.rows"]
        found[name] = {}
        if f"{name}.each" not in arrays:
            continue
        flat = _flat(name, arrays)
        each = int(arrays[f"{name}.each"])
        for i, row in enumerate(rows):
            found[name][int(row)] = flat[i * each : (i + 1) * each]
    return found


def load_learned(file: Path) -> NDArray[np.int64]:
    """Return the numbers of the public rows that the released network learned from."""
    with np.load(file) as stored:
        numbers: NDArray[np.int64] = stored[f"{LEARNED}.rows"]
    return numbers


def _flat(name: str, arrays: Mapping[str, NDArray[Any]]) -> list[Read]:
    def column(key: str) -> NDArray[np.float64]:
        result: NDArray[np.float64] = arrays[f"{name}.{key}"].astype(np.float64)
        return result

    whole = {key: column(key) for key in _WHOLE}
    sentences = np.concatenate([[0], np.cumsum(arrays[f"{name}.sentences"])])
    customers = np.concatenate([[0], np.cumsum(arrays[f"{name}.customers"])])
    templated, injection, said = column("templated"), column("injection"), column("said")
    return [
        Read(
            levels=whole["levels"][i],
            behaviour=whole["behaviour"][i],
            question=whole["question"][i],
            uptake=float(whole["uptake"][i]),
            fits=float(whole["fits"][i]),
            graded=whole["graded"][i],
            dismissal=whole["dismissal"][i],
            called=whole["called"][i],
            templated=templated[sentences[i] : sentences[i + 1]],
            injection=injection[sentences[i] : sentences[i + 1]],
            said=said[customers[i] : customers[i + 1]],
        )
        for i in range(len(sentences) - 1)
    ]
