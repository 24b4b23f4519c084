"""What the scorer needs from an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors."""

    @property
    def width(self) -> int:
        """Numbers in one vector."""

    def encode(self, texts: Sequence[str]) -> Array:
        """Return float32 vectors of shape (len(texts), width), each of length 1.

        A text gives the same vector alone and among others, within 1e-4.
        """


class LanguageIdentifier(Protocol):
    """Tells English from other languages."""

    def is_english(self, text: str) -> bool:
        """Say whether a chat message is English; when in doubt, it is."""
