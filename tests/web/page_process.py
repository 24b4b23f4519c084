"""``coachbot web`` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class PageProcess:
    """Where the page is; and, when it has ended, with which status and what it complained of."""

    url: str
    status: int | None = None
    err: str = ""

    @property
    def port(self) -> str:
        """The port in its address."""
        return self.url.rpartition(":")[2]


@contextmanager
def page_running(*arguments: str | os.PathLike[str]) -> Iterator[PageProcess]:
    """Start the page with the arguments given; Ctrl-C ends it."""
    with subprocess.Popen(
        [sys.executable, "-m", "coachbot", "web", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=dict(os.environ),
    ) as process:
        assert process.stdout is not None
        page = PageProcess("")
        try:
            said = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert found is not None, said
            page.url = found[0]
            yield page
        finally:
            process.send_signal(signal.SIGINT)
            _, page.err = process.communicate(timeout=20)
            page.status = process.returncode
