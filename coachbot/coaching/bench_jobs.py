"""Benches that trainers ask for: one after the other, and none forgotten after a kill.

A job is a row. It goes with the transaction in which its trainer reads what came of it, so a
program that is killed in the middle finds it again, and begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from coachbot.customer.state import Frozen
from coachbot.reporting.bench_models import BenchResult
from coachbot.reporting.scenario_overviews import KeptBench

MOST_WAITING = 5
"""Jobs of all trainers together; the last of so many waits for a quarter of an hour or so."""


class BenchJob(Frozen):
    """A version of a scenario that scripted agents are to play. ``asked``: UTC, ISO 8601.

    ``begun``: programs that began with it. ``message``: Telegram's number of the one that shows
    how far it is, once it was sent.
    """

    id: int
    scenario: str
    version: int
    person: str
    asked: str
    begun: int = 0
    message: int | None = None


class BenchJobs(Protocol):
    """Keeps the jobs. All raise ``StoreError`` where that can't be done."""

    def add(self, scenario: str, version: int, person: str, now: str) -> BenchJob:
        """A new job; there must be none of this version."""

    def waiting(self) -> list[BenchJob]:
        """All that are not over, the one that is played first."""

    def get(self, job: int) -> BenchJob | None:
        """A job; None where it is over."""

    def begin(self, job: int) -> int:
        """Note that a program begins with it; return how many have, with this one."""

    def shown(self, job: int, message: int) -> None:
        """Note which message shows how far it is."""

    def end(self, job: int) -> bool:
        """Forget it; False where it was over."""


class KeptBenches(Protocol):
    """Keeps what came of benches. All raise ``StoreError`` where that can't be done."""

    def keep(self, scenario: str, result: BenchResult, ran: str) -> None:
        """Keep a result in place of the one of the same version and scorer."""

    def of_version(self, scenario: str, version: int) -> KeptBench | None:
        """The newest result of a version; None where there is none that can be read."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class BenchDesk:
    """What the bot needs for benches; wired by bootstrap.

    ``play`` plays a scenario by its reference, tells how many sessions are over and of how many
    after every few replies, and may be ended by an exception from there.
    """

    jobs: BenchJobs
    kept: KeptBenches
    play: Callable[[str, Callable[[int, int], None]], BenchResult]
    now: Callable[[], str] = _now
