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


def load_scorer(root: Path) -> Scorer:
    """Load the released scorer from the folder ``root``.

    Raises ModelError when files are missing, damaged, or not those in the manifest.
    """
    from coachbot.models.artefacts import load_calibration
    from coachbot.models.batching import BatchingReader
    from coachbot.models.language import EnglishOrNot
    from coachbot.models.reader import NetworkReader
    from coachbot.scoring.scorer import Scorer

    calibration = load_calibration(root)
    reader = BatchingReader(NetworkReader.load(root))
    return Scorer(reader, calibration, EnglishOrNot())
