"""Vectors of many texts, kept on disk between runs so that training can be resumed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.protocol import Encoder

# Texts encoded between two writes of the cache.
_CHUNK = 4000


class VectorCache:
    """Encodes texts, each at most once, and remembers the vectors in ``file``.

    The file belongs to one encoder: give each its own, for example named by the weights' sha256.
    """

    def __init__(self, encoder: Encoder, file: Path | None) -> None:
        self._encoder = encoder
        self._file = file
        self._places: dict[bytes, int] = {}
        self._rows = np.zeros((0, encoder.width), dtype=np.float32)
        if file is not None and file.is_file():
            with np.load(file) as stored:
                self._rows = stored["rows"]
                self._places = {key.tobytes(): i for i, key in enumerate(stored["keys"])}

    def add(self, texts: Iterable[str], report: Callable[[str], None] | None = None) -> None:
        """Encode those texts that are new."""
        new = [t for t in dict.fromkeys(texts) if _key(t) not in self._places]
        for start in range(0, len(new), _CHUNK):
            chunk = new[start : start + _CHUNK]
            first = len(self._rows)
            self._rows = np.vstack([self._rows, self._encoder.encode(chunk)])
            self._places |= {_key(t): first + i for i, t in enumerate(chunk)}
            self._save()
            if report is not None and len(new) > _CHUNK:
                report(f"encoded {start + len(chunk)} of {len(new)} new texts")

    def __getitem__(self, text: str) -> NDArray[np.float32]:
        # A copy: a view would keep the whole table alive after it has grown.
        row: NDArray[np.float32] = self._rows[self._places[_key(text)]].copy()
        return row

    def many(self, texts: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of texts, encoding what is new."""
        wanted = list(dict.fromkeys(texts))
        self.add(wanted)
        return {t: self[t] for t in wanted}

    def _save(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        keys = np.array([np.frombuffer(k, dtype=np.uint8) for k in self._places])
        # Written beside and renamed, so that a killed run leaves a whole file.
        with tempfile.NamedTemporaryFile(
            dir=self._file.parent, suffix=".npz", delete=False
        ) as file:
            np.savez(file, rows=self._rows, keys=keys)
        os.replace(file.name, self._file)  # noqa: PTH105 (atomic)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def open_cache(folder: Path) -> VectorCache:
    """Open the cache of the released encoder in ``folder``, loading the encoder."""
    from coachbot.models.encoder import SHA256, MiniLM

    return VectorCache(MiniLM.load(), folder.expanduser() / f"vectors-{SHA256[:16]}.npz")
