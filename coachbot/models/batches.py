"""Cutting token sequences: long ones into windows, many into batches of like length."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

# Tokens in one batch, padding counted: large enough to keep two cores busy, small enough for cache.
BATCH_TOKENS = 4096


def windows(count: int, size: int, step: int) -> Iterator[slice]:
    """Yield places of windows that together hold all of ``count`` tokens; an empty one for none."""
    start = 0
    while True:
        yield slice(start, start + size)
        if start + size >= count:
            return
        start += step


def batches(
    lengths: Sequence[int], most: int = BATCH_TOKENS, at_least: int = 1
) -> Iterator[list[int]]:
    """Group the places of sequences of like length, up to ``most`` padded tokens each.

    ``at_least``: about how many groups there should be, if there are as many sequences.
    """
    most = min(most, math.ceil(sum(lengths) / at_least))
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and (len(batch) + 1) * lengths[i] > most:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
