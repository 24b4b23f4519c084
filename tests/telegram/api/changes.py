"""One lock around the state of the server, and a way to wait for it to change.

The server runs in an event loop; tests look at the same state from that loop or from another
thread. Whoever changes something does so inside `Changes.changing`, and everybody who waits,
in a loop or in a thread, looks again.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

Found = TypeVar("Found")


class Changes:
    """Guards the state, and wakes those who wait for it."""

    def __init__(self) -> None:
        self._condition = threading.Condition(threading.RLock())
        self._bells: set[Callable[[], object]] = set()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; when done, wake everybody who waits, even after an error."""
        with self._condition:
            try:
                yield
            finally:
                self._condition.notify_all()
                for ring in self._bells:
                    ring()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold the lock to look at several things at once."""
        with self._condition:
            yield

    # What ends the wait is a value here, None, and not an exception.
    async def until(
        self,
        look: Callable[[], Found | None],
        timeout: float | None,  # noqa: ASYNC109
    ) -> Found | None:
        """Wait until ``look`` returns something else than None, and return that.

        ``look`` is called with the lock held, and again after every change. After ``timeout``
        seconds (None: never) the answer is None. What ``look`` raises is raised here.
        """
        bell = asyncio.Event()
        ring = partial(asyncio.get_running_loop().call_soon_threadsafe, bell.set)
        with self._condition:
            self._bells.add(ring)
        try:
            async with asyncio.timeout(timeout):
                while True:
                    bell.clear()
                    with self._condition:
                        found = look()
                    if found is not None:
                        return found
                    await bell.wait()
        except TimeoutError:
            return None
        finally:
            with self._condition:
                self._bells.discard(ring)

    def until_blocking(self, look: Callable[[], Found | None], timeout: float) -> Found | None:
        """The same for a thread without an event loop.

        Raises RuntimeError inside an event loop, where the server could not go on meanwhile.
        """
        if in_event_loop():
            raise RuntimeError("an event loop runs here and would stand still: await the async one")
        deadline = time.monotonic() + timeout
        with self._condition:
            while (found := look()) is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._condition.wait(left)
            return found


def in_event_loop() -> bool:
    """Whether this thread is running an event loop now."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
