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
        columns = {
            key: arrays[f"{name}.{key}"].astype(np.float64)
            for key in (*_WHOLE, *_BY_SENTENCE, "said")
        }
        flat = take_apart(columns, arrays[f"{name}.sentences"], arrays[f"{name}.customers"])
        each = int(arrays[f"{name}.each"])
        for i, row in enumerate(rows):
            found[name][int(row)] = flat[i * each : (i + 1) * each]
    return found


def load_learned(file: Path) -> NDArray[np.int64]:
    """Return the numbers of the public rows that the released network learned from."""
    with np.load(file) as stored:
        numbers: NDArray[np.int64] = stored[f"{LEARNED}.rows"]
    return numbers


def take_apart(
    columns: Mapping[str, NDArray[np.float64]], sentences: Sequence[int], customers: Sequence[int]
) -> list[Read]:
    """Return the answers one by one.

    ``columns`` has each field of ``Read`` for all readings together; ``sentences`` and
    ``customers`` say how many sentences each reply, and each conversation's customer, has.
    """
    own = np.concatenate([[0], np.cumsum(sentences)]).astype(int)
    said = np.concatenate([[0], np.cumsum(customers)]).astype(int)
    return [
        Read(
            levels=columns["levels"][i],
            behaviour=columns["behaviour"][i],
            question=columns["question"][i],
            uptake=float(columns["uptake"][i]),
            fits=float(columns["fits"][i]),
            graded=columns["graded"][i],
            dismissal=columns["dismissal"][i],
            called=columns["called"][i],
            templated=columns["templated"][own[i] : own[i + 1]],
            injection=columns["injection"][own[i] : own[i + 1]],
            said=columns["said"][said[i] : said[i + 1]],
        )
        for i in range(len(sentences))
    ]
