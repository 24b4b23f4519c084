"""``coachbot web`` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def page_running(
    *arguments: str | os.PathLike[str],
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the address that it says; Ctrl-C ends it, and what it left can be read."""
    process = subprocess.Popen(
        [sys.executable, "-m", "coachbot", "web", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=dict(os.environ),
    )
    assert process.stdout is not None
    try:
        url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert url is not None
        yield process, url[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
