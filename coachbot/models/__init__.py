"""The models' side of scoring: the encoder, the heads on disk, training and evaluation.

torch is imported when an encoder is loaded, not when this package is.
"""

from __future__ import annotations

from pathlib import Path

from coachbot.models.artefacts import load_heads
from coachbot.models.encoder import MiniLM
from coachbot.models.language import EnglishOrNot
from coachbot.scoring.protocol import Encoder
from coachbot.scoring.scorer import Scorer

__all__ = ["MiniLM", "load_scorer"]


def load_scorer(root: Path, encoder: Encoder | None = None) -> Scorer:
    """Load the released scorer: the heads in the folder ``root``, and the encoder if none is given.

    Raises ModelError when files are missing, damaged, or not those in the manifest.
    """
    heads = load_heads(root)
    return Scorer(encoder or MiniLM.load(), heads, EnglishOrNot())
