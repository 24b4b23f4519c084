"""Reading for several chats at once: together, in order, and no error lost."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from coachbot.models.batching import MOST_READINGS, BatchingReader
from coachbot.scoring.reading import Read, Reading, prepare
from coachbot.scoring.words import Rarity
from tests.scoring.made import context, parts, read


def reading(text: str) -> Reading:
    """A reply to somebody who asked where it is."""
    return prepare(parts(text), context("Where is it?"), Rarity())


class Slow:
    """A reader that says how long a reply is, and notes what came together.

    It waits for ``gate`` before the first answer, so that others can queue up meanwhile.
    """

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.busy = 0

    def read(self, readings: Sequence[Reading]) -> list[Read]:
        """Answer with the reply's length as its uptake; a reply "break" can't be read."""
        self.busy += 1
        assert self.busy == 1
        self.batches.append([r.reply for r in readings])
        self.gate.wait(5)
        self.busy -= 1
        if any(r.reply == "break" for r in readings):
            message = "can't be read"
            raise ValueError(message)
        return [read(1, 1, uptake=float(len(r.reply))) for r in readings]


def test_one_caller_gets_its_answers_in_order() -> None:
    """Alone it is as the reader itself."""
    slow = Slow()
    slow.gate.set()
    found = BatchingReader(slow, wait=0.0).read([reading("one"), reading("three")])
    assert [3.0, 5.0] == [r.uptake for r in found]
    assert [] == BatchingReader(slow, wait=0.0).read([])


def test_those_who_come_meanwhile_are_read_together() -> None:
    """While the first is read, five wait; all five make one batch, and each gets its own answer."""
    slow = Slow()
    batching = BatchingReader(slow, wait=0.0)
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(batching.read, [reading("x")])
        while not slow.batches:
            pass
        texts = ["a" * n for n in range(2, 7)]
        others = [pool.submit(batching.read, [reading(t)]) for t in texts]
        while len(batching._queue) < len(texts):
            pass
        slow.gate.set()
        assert [1.0] == [r.uptake for r in first.result(5)]
        assert [[float(len(t))] for t in texts] == [[r.uptake for r in f.result(5)] for f in others]
    assert [["x"], sorted(texts)] == [sorted(batch) for batch in slow.batches]


def test_an_error_reaches_everybody_in_the_batch_and_nobody_after() -> None:
    """The next one is read as if nothing had happened."""
    slow = Slow()
    slow.gate.set()
    batching = BatchingReader(slow, wait=0.0)
    with pytest.raises(ValueError, match="can't be read"):
        batching.read([reading("break")])
    assert [4.0] == [r.uptake for r in batching.read([reading("fine")])]


def test_a_batch_has_an_upper_bound() -> None:
    """Requests that together are too many are read one after the other."""
    slow = Slow()
    batching = BatchingReader(slow, wait=0.0)
    many = [reading("m")] * (MOST_READINGS // 2 + 1)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(batching.read, [reading("x")])
        while not slow.batches:
            pass
        others = [pool.submit(batching.read, many) for _ in range(2)]
        while len(batching._queue) < len(others):
            pass
        slow.gate.set()
        assert [len(many)] * 2 == [len(f.result(5)) for f in others]
        assert 1 == len(first.result(5))
    assert [1, len(many), len(many)] == [len(batch) for batch in slow.batches]
