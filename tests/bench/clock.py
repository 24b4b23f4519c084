"""Measure two things in turns, so that a busy moment of the machine falls on both."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Comparison:
    """How long something takes beside something else.

    ``seconds`` and ``base_seconds`` hold one duration for each round, in the same order.
    """

    what: str
    base: str
    seconds: Sequence[float]
    base_seconds: Sequence[float]

    @property
    def multiple(self) -> float:
        """Median over the rounds of one duration divided by the other."""
        return statistics.median(
            own / base for own, base in zip(self.seconds, self.base_seconds, strict=True)
        )

    def __str__(self) -> str:
        """One line with both medians and the multiple."""
        own, base = statistics.median(self.seconds), statistics.median(self.base_seconds)
        return (
            f"{self.what}: {self.multiple:.2f} times {self.base} "
            f"({own * 1000:.0f} ms and {base * 1000:.0f} ms, medians of {len(self.seconds)} rounds)"
        )


def timed(run: Callable[[], T]) -> tuple[T, float]:
    """Return the result of one call, and how many seconds it took."""
    start = time.perf_counter()
    result = run()
    return result, time.perf_counter() - start


def compare(
    what: str, run: Callable[[], object], base: str, run_base: Callable[[], object], rounds: int
) -> Comparison:
    """Call both ``rounds`` times in turns, after one call of each that doesn't count."""
    run()
    run_base()
    times = [(timed(run)[1], timed(run_base)[1]) for _ in range(rounds)]
    return Comparison(what, base, [own for own, _ in times], [base_time for _, base_time in times])


def python(*arguments: str) -> Callable[[], object]:
    """Return a function that runs this Python in a process of its own."""

    def run() -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    return run
