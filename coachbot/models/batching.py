"""Many chats at once: what is asked within a few milliseconds is read together.

The network takes four short replies together in far less time than one after another. Whoever asks
first waits a moment for others, reads for all, and hands the next turn to somebody who came
meanwhile; there is no thread to start or stop.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from coachbot.scoring.reading import Read, Reader, Reading

WAIT_SECONDS = 0.004
"""How long the first one waits for others."""
MOST_READINGS = 512
"""Readings that are taken together at most; what is beyond waits for the next turn."""


class _Request:
    """What one caller asked, and what became of it."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.readings = readings
        self.reads: list[Read] | None = None
        self.error: BaseException | None = None
        self.done = False


class BatchingReader:
    """Reads what several threads ask at about the same time in one go. Thread-safe."""

    def __init__(self, reader: Reader, wait: float = WAIT_SECONDS) -> None:
        self._reader = reader
        self._wait = wait
        self._changed = threading.Condition()
        self._queue: list[_Request] = []
        self._reading = False

    def read(self, readings: Sequence[Reading]) -> list[Read]:
        """As the reader's own ``read``; raises what it raises for the batch that this was in."""
        if not readings:
            return []
        request = _Request(readings)
        with self._changed:
            self._queue.append(request)
            while not request.done and self._reading:
                self._changed.wait()
            if not request.done:
                self._reading = True
        if not request.done:
            self._lead(request)
        if request.error is not None:
            raise request.error
        return request.reads or []

    def _lead(self, own: _Request) -> None:
        try:
            while not own.done:
                time.sleep(self._wait)
                with self._changed:
                    batch = self._take()
                self._answer(batch)
        finally:
            with self._changed:
                self._reading = False
                self._changed.notify_all()

    def _take(self) -> list[_Request]:
        batch: list[_Request] = []
        count = 0
        while self._queue and (not batch or count + len(self._queue[0].readings) <= MOST_READINGS):
            request = self._queue.pop(0)
            count += len(request.readings)
            batch.append(request)
        return batch

    def _answer(self, batch: Sequence[_Request]) -> None:
        try:
            reads = self._reader.read([r for request in batch for r in request.readings])
            at = 0
            for request in batch:
                request.reads = reads[at : at + len(request.readings)]
                at += len(request.readings)
        except Exception as error:  # noqa: BLE001 (raised again by every caller)
            for request in batch:
                request.error = error
        finally:
            with self._changed:
                for request in batch:
                    request.done = True
                self._changed.notify_all()
