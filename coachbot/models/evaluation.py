"""``coachbot scorer evaluate``: every measure in one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coachbot.models.artefacts import load_calibration
from coachbot.models.language import EnglishOrNot
from coachbot.models.measures import Measure
from coachbot.models.own_evaluation import evaluate_own
from coachbot.models.public_evaluation import evaluate_public
from coachbot.models.reader import NetworkReader, multiplies_in_half
from coachbot.models.speed import evaluate_speed
from coachbot.models.training import KEPT, Notes, read_notes
from coachbot.scoring.calibration import Calibration
from coachbot.scoring.scorer import Scorer

Report = Callable[[str], None]


@dataclass(frozen=True)
class Evaluation:
    """What was measured, and with which scorer; ``notes`` are from its training."""

    calibration: Calibration
    notes: Notes
    seed: int
    measures: tuple[Measure, ...]

    def as_json(self) -> dict[str, Any]:
        """Return everything for machines."""
        return {
            "scorer": self.calibration.name,
            "seed": self.seed,
            "measures": [m.as_json() for m in self.measures],
            "signals": [vars(a) for a in self.notes.ablations],
        }


def evaluate(data: Path, examples: Path, models: Path, seed: int, report: Report) -> Evaluation:
    """Measure the released scorer.

    Public rows that trained it are measured with the answers of the network that had not seen
    them, kept when it was trained; rows that it never saw are read now.
    """
    calibration = load_calibration(models)
    reader = NetworkReader.load(models)
    measures = evaluate_public(data, reader, calibration, models / KEPT, seed, report)
    scorer = Scorer(reader, calibration, EnglishOrNot())
    measures += evaluate_own(scorer, examples, seed, report)
    half = NetworkReader.load(models, half=True) if multiplies_in_half() else None
    measures += evaluate_speed(reader, calibration, examples, seed, half)
    return Evaluation(calibration, read_notes(models), seed, tuple(measures))
