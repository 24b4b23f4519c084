"""Typing at a real terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

PROGRAM = """
from rich.console import Console
from coachbot.terminal.chat import Chat
chat = Chat(Console(), None, None)
print("typed:", ascii(chat.ask("You [y/N]: ")))
"""


def typed(keys: bytes) -> str:
    """What the chat makes of these keys, and all that the terminal shows."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color"},
    ) as running:
        os.close(theirs)
        shown, sent, latest = b"", False, time.monotonic() + 60
        while b"\n" not in shown.partition(b"typed: ")[2] and time.monotonic() < latest:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    shown += os.read(ours, 4096)
                except OSError:
                    break
            if b"[y/N]" in shown and not sent:
                os.write(ours, keys)
                sent = True
        running.kill()
    os.close(ours)
    return shown.decode(errors="replace")


def test_lines_can_be_edited() -> None:
    """The arrow keys move in the line, and leave nothing behind in the reply."""
    shown = typed(b"I'm sory\x1b[D\x1b[Dr\n")
    assert 'typed: "I\'m sorry"' in shown
