"""An encoder that remembers: scorer and customer read the same sentences."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from coachbot.scoring.protocol import Array, Encoder

KEPT = 8192
"""Vectors kept, the latest used; 384 floats each make about 12 MB."""


class RememberingEncoder:
    """Wraps an encoder; a text that was encoded lately is not encoded again. Thread-safe."""

    def __init__(self, encoder: Encoder, kept: int = KEPT) -> None:
        self._encoder = encoder
        self._kept = kept
        self._known: OrderedDict[str, Array] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def width(self) -> int:
        """Numbers in one vector."""
        return self._encoder.width

    def encode(self, texts: Sequence[str]) -> Array:
        """As the encoder's own ``encode``."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
            for text in found:
                self._known.move_to_end(text)
        missing = list(dict.fromkeys(text for text in texts if text not in found))
        if missing:
            found |= dict(zip(missing, self._encoder.encode(missing), strict=True))
            with self._lock:
                for text in missing:
                    self._known[text] = found[text]
                while len(self._known) > self._kept:
                    self._known.popitem(last=False)
        if not texts:
            return np.zeros((0, self.width), dtype=np.float32)
        return np.stack([found[text] for text in texts])
