"""How long a reply takes, against the bare encoder."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from coachbot.models.examples import Situation
from coachbot.models.held_out import item_of
from coachbot.models.measures import Measure
from coachbot.models.statistics import Estimate, clustered_bootstrap, over
from coachbot.scoring.protocol import Encoder
from coachbot.scoring.scorer import Scorer


class CountingEncoder:
    """An encoder that remembers what it was given and how long it took."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.texts: list[list[str]] = []

    @property
    def width(self) -> int:
        """Numbers in one vector."""
        return self._encoder.width

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode, and remember the texts."""
        self.texts.append(list(texts))
        return self._encoder.encode(texts)


def evaluate_speed(
    make: Callable[[Encoder], Scorer], encoder: Encoder, situations: Sequence[Situation], seed: int
) -> list[Measure]:
    """Time replies one by one against the bare encoder on the very texts that were encoded."""
    counting = CountingEncoder(encoder)
    scorer = make(counting)
    items = [item_of(s, r.text) for s in situations if s.held_out for r in s.replies[:3]]
    scorer.score(items[:2])
    ratios, times = [], []
    for item in items:
        counting.texts.clear()
        started = time.perf_counter()
        scorer.score([item])
        whole = time.perf_counter() - started
        started = time.perf_counter()
        encoder.encode([t for texts in counting.texts for t in texts])
        bare = time.perf_counter() - started
        ratios.append(whole / bare)
        times.append(whole * 1000)
    groups = [str(i) for i in range(len(items))]

    def median(values: Sequence[float]) -> Estimate:
        array = np.array(values)
        return clustered_bootstrap(over(_median, array), groups, seed=seed)

    how = f"{len(items)} held-out replies with evidence, one at a time, one run"
    return [
        Measure(
            what="one reply with evidence",
            measure="time ÷ the bare encoder's on the same texts, median",
            estimate=median(ratios),
            goal=1.3,
            more_is_better=False,
            how=how,
        ),
        Measure(
            what="one reply with evidence",
            measure="milliseconds, median",
            estimate=median(times),
            more_is_better=False,
            digits=0,
            how=how,
        ),
    ]


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values))
