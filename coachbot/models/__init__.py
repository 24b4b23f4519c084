"""The models' side: the customer's encoder, the scorer's network, training and evaluation.

torch is imported when a model is loaded, not when this package is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coachbot.models.encoder import MiniLM

if TYPE_CHECKING:
    from coachbot.scoring.scorer import Scorer

__all__ = ["MiniLM", "load_scorer"]


def load_scorer(root: Path, *, fast: bool = False) -> Scorer:
    """Load the released scorer from the folder ``root``.

    With ``fast``, where the processor can, it computes in bfloat16: nearly twice as fast, and
    scores are moved by a few hundredths of a point, of which the model card says how far. That is
    for conversations; files of replies are scored the same everywhere, alone and together.

    Raises ModelError when files are missing, damaged, or not those in the manifest.
    """
    from coachbot.models.artefacts import load_calibration
    from coachbot.models.batching import BatchingReader
    from coachbot.models.language import EnglishOrNot
    from coachbot.models.reader import NetworkReader, multiplies_in_half
    from coachbot.scoring.scorer import Scorer

    calibration = load_calibration(root)
    half = fast and multiplies_in_half()
    reader = BatchingReader(NetworkReader.load(root, half=half))
    return Scorer(reader, calibration, EnglishOrNot())
