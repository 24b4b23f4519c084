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

    ``at_least``: how many groups there should be, if there are as many sequences, or a multiple of
    it. They are as even as they can be: the longest is waited for.
    """
    by_length = sorted(range(len(lengths)), key=lambda i: lengths[i])
    rounds = max(1, math.ceil(sum(lengths) / (most * at_least)))
    yield from _grouped(lengths, by_length, _evenly(lengths, by_length, rounds * at_least, most))


def _evenly(lengths: Sequence[int], by_length: Sequence[int], groups: int, most: int) -> int:
    """The smallest limit of padded tokens, up to ``most``, that gives at most so many groups."""
    low, high = min(most, sum(lengths) // groups), most
    while low < high:
        middle = (low + high) // 2
        if sum(1 for _ in _grouped(lengths, by_length, middle)) <= groups:
            high = middle
        else:
            low = middle + 1
    return high


def _grouped(lengths: Sequence[int], by_length: Sequence[int], most: int) -> Iterator[list[int]]:
    batch: list[int] = []
    for i in by_length:
        if batch and (len(batch) + 1) * lengths[i] > most:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
