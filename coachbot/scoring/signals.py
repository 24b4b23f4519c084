"""From the network's answers to the signals under the dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.calibration import Calibration, sigmoid
from coachbot.scoring.conversation import Said
from coachbot.scoring.features import Context, Sentence
from coachbot.scoring.findings import FINDINGS, open_to
from coachbot.scoring.interface import DIMENSIONS, LEVELS
from coachbot.scoring.reading import Read

Array = NDArray[np.float64]

# The signals that the dimensions are made of, each 0 to 1.
SIGNALS: tuple[str, ...] = (
    *(f"graded_{dimension}" for dimension in DIMENSIONS),
    *LEVELS,
    "reflection",
    "open_question",
    "uptake",
    "specificity",
    "templated",
    "dismissal",
    "asks_again",
    "unanswered",
    "contradicts",
)


@dataclass(frozen=True)
class Found:
    """A sentence of the customer that may have a finding, and its probability."""

    said: Said
    p: float


@dataclass(frozen=True)
class Measurement:
    """Everything measured about one reply (or what is left of it without a sentence).

    ``levels`` has each mechanism's probabilities; ``behaviour``, ``question`` and
    ``dismissal_kinds`` are probabilities; ``uptake`` and ``specificity`` are None when the
    customer has not spoken. ``findings`` has the candidates of each kind.
    """

    levels: Mapping[str, Array]
    behaviour: Array
    question: Array
    uptake: float | None
    specificity: float | None
    templated: float
    templated_sentences: Array
    dismissal: float
    dismissal_kinds: Array
    findings: Mapping[str, tuple[Found, ...]]
    graded: Mapping[str, float]

    def values(self) -> dict[str, float]:
        """Return each of ``SIGNALS`` as a number from 0 to 1."""
        values = {f"graded_{d}": v for d, v in self.graded.items()}
        for level in LEVELS:
            values[level] = float(self.levels[level] @ [0.0, 0.5, 1.0])
        values["reflection"] = float(self.behaviour[0])
        values["open_question"] = float(self.question[2])
        values["uptake"] = self.uptake or 0.0
        values["specificity"] = self.specificity or 0.0
        values["templated"] = self.templated
        values["dismissal"] = self.dismissal
        for kind in ("asks_again", "contradicts"):
            values[kind] = max((f.p for f in self.findings[kind]), default=0.0)
        values["unanswered"] = unanswered_share(self.findings["unanswered"])
        return values


def unanswered_share(found: Sequence[Found]) -> float:
    """Return the share of the customer's questions that is left open, 0 to 1; 0 for none."""
    return float(np.mean([f.p for f in found])) if found else 0.0


def measure(
    read: Read, parts: Sequence[Sentence], context: Context, calibration: Calibration
) -> Measurement:
    """Turn the network's answers for the sentences ``parts`` into signals.

    Probabilities are made as frequent as they say (``Calibration.probabilities``), by numbers that
    were fitted on rows that the network had not seen.
    """
    temperatures = calibration.temperatures

    levels = {
        level: calibration.probabilities(level, scores)
        for level, scores in zip(LEVELS, read.levels, strict=True)
    }
    harm = calibration.probabilities("dismissal", read.dismissal)
    # Canned text is far commoner with one client than with another: the middle was fitted too.
    canned = read.templated - calibration.thresholds["templated_middle"]
    templated = 1.0 / (1.0 + np.exp(-canned / temperatures["templated"]))
    letters = np.array([max(1, len(p.span.text)) for p in parts], dtype=float)
    has_customer = context.has_customer
    # A reply of nothing answers no question, asks for nothing and gets nothing wrong.
    silent = {"asks_again": 0.0, "unanswered": 1.0, "contradicts": 0.0}
    findings = {
        kind: tuple(
            Found(said, sigmoid(float(row[column]) / temperatures[kind]) if parts else silent[kind])
            for said, row in zip(context.said, read.said, strict=True)
            if open_to(kind, said, context)
        )
        for column, kind in enumerate(FINDINGS)
    }
    return Measurement(
        levels=levels,
        behaviour=calibration.probabilities("behaviour", read.behaviour),
        question=calibration.probabilities("question", read.question),
        uptake=sigmoid(read.uptake) if has_customer else None,
        specificity=sigmoid(read.fits) if has_customer else None,
        templated=float(templated @ letters / letters.sum()) if len(parts) else 0.0,
        templated_sentences=templated,
        dismissal=float(1.0 - harm[0]),
        dismissal_kinds=harm[1:] / max(1e-9, float(harm[1:].sum())),
        findings=findings,
        graded={d: sigmoid(float(s)) for d, s in zip(DIMENSIONS, read.graded, strict=True)},
    )
