"""How long a reply takes, against the bare encoder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from coachbot.agreement.bootstrap import Estimate, clustered_bootstrap, over
from coachbot.models.examples import read_held_out
from coachbot.models.held_out import item_of
from coachbot.models.language import EnglishOrNot
from coachbot.models.measures import Measure
from coachbot.models.reader import NetworkReader, load_encoder
from coachbot.models.sequences import collate
from coachbot.scoring.calibration import Calibration
from coachbot.scoring.interface import DIMENSIONS, ReplyScore, ReplyToScore
from coachbot.scoring.reading import Read, Reading
from coachbot.scoring.scorer import Scorer


class RememberingReader:
    """A reader that remembers what it was given."""

    def __init__(self, reader: NetworkReader) -> None:
        self._reader = reader
        self.readings: list[list[Reading]] = []

    def read(self, readings: Sequence[Reading]) -> list[Read]:
        """Read, and remember the readings."""
        self.readings.append(list(readings))
        return self._reader.read(readings)


def evaluate_speed(
    reader: NetworkReader,
    calibration: Calibration,
    examples: Path,
    seed: int,
    half: NetworkReader | None = None,
) -> list[Measure]:
    """Time replies one by one against the bare encoder on the very sequences that were read.

    ``half``: a reader that computes in bfloat16, where the processor can.
    """
    remembering = RememberingReader(reader)
    scorer = Scorer(remembering, calibration, EnglishOrNot())
    bare = BareEncoder(reader)
    items = [item_of(s, r.text) for s in read_held_out(examples) for r in s.replies[:2]]
    scorer.score(items[:3])
    ratios, times, rates = [], [], []
    for item in items:
        remembering.readings.clear()
        started = time.perf_counter()
        scorer.score([item])
        whole = time.perf_counter() - started
        prepared = [bare.prepare(readings) for readings in remembering.readings]
        started = time.perf_counter()
        for some in prepared:
            bare.encode(some)
        ratios.append(whole / (time.perf_counter() - started))
        times.append(whole * 1000)
    for start in range(0, len(items) - 15, 16):
        started = time.perf_counter()
        scorer.score(items[start : start + 16])
        rates.append(16 / (time.perf_counter() - started))
    how = f"{len(items)} held-out replies with evidence, one at a time, one run"
    found = [
        Measure(
            what="one reply with evidence",
            measure="time ÷ the bare encoder's on the same sequences, median",
            estimate=_median_of(ratios, seed),
            goal=1.3,
            more_is_better=False,
            how=how,
        ),
        Measure(
            what="one reply with evidence",
            measure="milliseconds, median",
            estimate=_median_of(times, seed),
            more_is_better=False,
            digits=0,
            how=how,
        ),
        Measure(
            what="replies with evidence, sixteen together",
            measure="a second, median",
            estimate=_median_of(rates, seed),
            how=f"{len(items)} held-out replies, the same run",
        ),
    ]
    if half is not None:
        found += _in_half(scorer, Scorer(half, calibration, EnglishOrNot()), items, seed)
    return found


def _in_half(
    scorer: Scorer, quick: Scorer, items: Sequence[ReplyToScore], seed: int
) -> list[Measure]:
    """Measure scoring in bfloat16, as in conversations, against single precision."""
    quick.score(items[:3])
    ratios, moved = [], []
    for item in items:
        started = time.perf_counter()
        whole = scorer.score([item])[0]
        single = time.perf_counter() - started
        started = time.perf_counter()
        again = quick.score([item])[0]
        ratios.append((time.perf_counter() - started) / single)
        moved.append(_largest_move(whole, again))
    how = f"{len(items)} held-out replies, the same run"
    groups = [str(i) for i in range(len(items))]
    return [
        Measure(
            what="bfloat16, as in conversations",
            measure="time ÷ single precision's, median",
            estimate=_median_of(ratios, seed),
            more_is_better=False,
            how=how,
        ),
        Measure(
            what="bfloat16, as in conversations",
            measure="points moved on the dimension moved most, mean",
            estimate=clustered_bootstrap(over(_mean, np.array(moved)), groups, seed=seed),
            more_is_better=False,
            how=how,
        ),
    ]


def _largest_move(one: ReplyScore, other: ReplyScore) -> float:
    """Return how far two scores of a reply lie apart, in points, where they do most."""
    pairs = [
        (a.score, b.score)
        for d in DIMENSIONS
        if one.dimensions is not None and other.dimensions is not None
        for a, b in [(one.dimensions[d], other.dimensions[d])]
    ]
    return max((abs(a - b) for a, b in pairs if a is not None and b is not None), default=0.0)


class BareEncoder:
    """The encoder alone, as it came, on sequences that are already numbers."""

    def __init__(self, reader: NetworkReader) -> None:
        self._encoder = load_encoder().eval()  # type: ignore[no-untyped-call]
        self._reader = reader

    def prepare(self, readings: Sequence[Reading]) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Cut readings into the batches that the reader makes of them."""
        flat = [(r, s) for r in readings for s in self._reader.sequences(r)]
        found = []
        for batch in self._reader.cut([s for _, s in flat]):
            made = collate([flat[i][1] for i in batch], [flat[i][0] for i in batch])
            found.append((made.ids, made.mask))
        return found

    def encode(self, made: Sequence[tuple[torch.Tensor, torch.Tensor]]) -> None:
        """Encode, as many batches at once as the reader."""
        self._reader.beside(self._encode, made)

    def _encode(self, batch: tuple[torch.Tensor, torch.Tensor]) -> None:
        with torch.inference_mode():
            self._encoder(input_ids=batch[0], attention_mask=batch[1])


def _median_of(values: Sequence[float], seed: int) -> Estimate:
    groups = [str(i) for i in range(len(values))]
    return clustered_bootstrap(over(_median, np.array(values)), groups, seed=seed)


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values))


def _mean(values: NDArray[np.float64]) -> float:
    return float(np.mean(values))
