"""Small things that the scoring tests are made of: answers, measurements, a calibration, a reader.

The reader here is told what to see in which words; everything after it is the real code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coachbot.scoring.calibration import Calibration, DimensionTable
from coachbot.scoring.conversation import Conversation
from coachbot.scoring.features import Context, Sentence, split
from coachbot.scoring.findings import FINDINGS
from coachbot.scoring.interface import Dimension, Speaker, Turn
from coachbot.scoring.reading import Read, Reading
from coachbot.scoring.signals import Measurement, measure
from coachbot.scoring.words import Rarity

TEMPERATURES = dict.fromkeys(
    (
        "emotional_reaction",
        "interpretation",
        "exploration",
        "behaviour",
        "question",
        "dismissal",
        "templated",
        "specificity",
        *FINDINGS,
    ),
    1.0,
)
THRESHOLDS = {
    "injection": 0.5,
    "injection_unworded": 0.9,
    "settled": 0.5,
    "moved": 0.4,
    "dismissal": 0.5,
    "asks_again": 0.5,
    "unanswered": 0.5,
    "contradicts": 0.5,
    "templated_middle": 0.0,
}


def table(base: float, weights: Mapping[str, float]) -> DimensionTable:
    """A dimension whose intervals reach 10 points to either side."""
    return DimensionTable(base, dict(weights), (10.0,) * 5, (10.0,) * 5)


def calibration(
    tables: Mapping[Dimension, DimensionTable] | None = None, **thresholds: float
) -> Calibration:
    """A calibration: every dimension at 50 less 40 for harm, unless told."""
    plain: dict[Dimension, DimensionTable] = {
        "empathy": table(50.0, {"dismissal": -40.0}),
        "active_listening": table(50.0, {"dismissal": -40.0, "unanswered": -20.0}),
        "individualized_treatment": table(50.0, {"dismissal": -40.0}),
    }
    return Calibration(
        "made-up 1",
        {**plain, **(tables or {})},
        THRESHOLDS | thresholds,
        TEMPERATURES,
        {},
        {},
        Rarity(),
    )


def conversation(*texts: str, screen: str = "") -> Conversation:
    """A conversation whose last turn is the customer's, turns taken one by one."""
    speakers: list[Speaker] = ["customer", "agent"]
    turns = [Turn(speaker=speakers[i % 2], text=text) for i, text in enumerate(reversed(texts))]
    return Conversation(tuple(reversed(turns)), screen)


def context(*texts: str, screen: str = "") -> Context:
    """The same, taken apart."""
    return Context.of(conversation(*texts, screen=screen))


def parts(reply: str) -> list[Sentence]:
    """A reply's sentences, taken apart; none for no reply."""
    return [Sentence.of(s) for s in split(reply)] if reply.strip() else []


def read(sentences: int, customers: int, **changes: Any) -> Read:
    """What a network says that sees nothing much: no harm, no finding, nothing canned."""
    neutral = Read(
        levels=np.zeros((3, 3)),
        behaviour=np.zeros(4),
        question=np.zeros(3),
        uptake=0.0,
        fits=0.0,
        graded=np.zeros(3),
        dismissal=np.array([9.0, *[0.0] * 7]),
        called=np.array([9.0, -9.0]),
        templated=np.full(sentences, -9.0),
        injection=np.full(sentences, -9.0),
        said=np.full((customers, len(FINDINGS)), -9.0),
    )
    return replace(neutral, **changes)


def log_odds(p: float) -> float:
    """The log-odds of a probability."""
    return float(np.log(p / (1.0 - p)))


def said(where: Context, **found: float) -> Any:
    """The answers about the customer's sentences: each kind has the same probability in all."""
    answers = np.full((len(where.said), len(FINDINGS)), -9.0)
    for kind, p in found.items():
        answers[:, FINDINGS.index(kind)] = log_odds(p)
    return answers


def measured(reply: str, where: Context, **changes: Any) -> Measurement:
    """The measurement of a reply of which a network says so much."""
    own = parts(reply)
    return measure(read(len(own), len(where.said), **changes), own, where, calibration())


class ToldReader:
    """A reader that sees what it is told to see: ``see`` gives the changes for a reading.

    ``batches`` has the replies of each call.
    """

    def __init__(self, see: Callable[[Reading], Mapping[str, Any]] = lambda _reading: {}) -> None:
        self._see = see
        self.batches: list[list[str]] = []

    def read(self, readings: Sequence[Reading]) -> list[Read]:
        """Answer for each reading."""
        self.batches.append([r.reply for r in readings])
        return [read(len(r.sentences), len(r.said), **self._see(r)) for r in readings]


class English:
    """An identifier for which every text is English."""

    def is_english(self, text: str) -> bool:
        """Say yes."""
        return True
