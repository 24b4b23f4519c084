"""``coachbot scorer evaluate``: every measure in one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coachbot.models.artefacts import load_heads, load_trained_rows
from coachbot.models.encoder import MiniLM
from coachbot.models.examples import Situation, read_injections, read_situations
from coachbot.models.language import EnglishOrNot
from coachbot.models.measures import Measure
from coachbot.models.own_evaluation import evaluate_own
from coachbot.models.public_evaluation import evaluate_public
from coachbot.models.speed import evaluate_speed
from coachbot.models.vectors import VectorCache
from coachbot.scoring.heads import Heads
from coachbot.scoring.scorer import Scorer

Report = Callable[[str], None]


@dataclass(frozen=True)
class Evaluation:
    """What was measured, and with which scorer."""

    heads: Heads
    seed: int
    situations: tuple[Situation, ...]
    measures: tuple[Measure, ...]

    def as_json(self) -> dict[str, Any]:
        """Return everything for machines."""
        return {
            "scorer": self.heads.name,
            "seed": self.seed,
            "measures": [m.as_json() for m in self.measures],
        }


def evaluate(
    data: Path, examples: Path, models: Path, vectors: VectorCache, seed: int, report: Report
) -> Evaluation:
    """Measure the released scorer.

    A public set whose rows trained the scorer is measured by cross-validation, refitting the
    heads; rows that it never saw are measured with the released heads.
    """
    heads = load_heads(models)
    encoder = MiniLM.load()
    identify = EnglishOrNot()
    situations = read_situations(examples)
    measures = evaluate_public(data, heads, load_trained_rows(models), vectors, seed, report)
    scorer = Scorer(encoder, heads, identify)
    measures += evaluate_own(scorer, situations, read_injections(examples), seed, report)
    measures += evaluate_speed(
        lambda counting: Scorer(counting, heads, identify), encoder, situations, seed
    )
    return Evaluation(heads, seed, tuple(situations), tuple(measures))
