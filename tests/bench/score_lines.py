"""`coachbot score` on ten thousand lines: whether it grows, and how fast it is.

The lines are the held-out examples over and over, each with a word more, so that no line is like
another. Memory is what the process holds after a thousand lines and at the end. The rate is told
beside that of the bare encoder, which reads the replies alone (no conversation, no evidence).
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from coachbot.models import MiniLM
from coachbot.models.examples import read_held_out

LINES = 10_000
EARLY = 1_000
EXAMPLES = Path(__file__).parents[2] / "models" / "examples"


def measure() -> list[str]:
    """Return what was found, a line each."""
    found = []
    for name, arguments in (("signals only", ["--signals-only"]), ("with evidence", [])):
        count = LINES if arguments else LINES // 5
        found.append(_run(name, arguments, count))
    return found


def _run(name: str, arguments: list[str], count: int) -> str:
    process = subprocess.Popen(
        [sys.executable, "-m", "coachbot", "score", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    feeder = threading.Thread(target=_feed, args=(process, count), daemon=True)
    feeder.start()
    early, started = 0, 0.0
    for number, _ in enumerate(process.stdout, start=1):
        if number == EARLY:
            early, started = _resident(process.pid), time.perf_counter()
        if number == count:
            late, seconds = _resident(process.pid), time.perf_counter() - started
            break
    process.wait()
    rate = (count - EARLY) / seconds
    return (
        f"coachbot score, {name}, {count} lines: {rate:.1f} lines a second, "
        f"{rate / _bare_rate():.3f} of the bare encoder on the replies alone; memory after "
        f"{EARLY} lines {early >> 20} MB, at the end {late >> 20} MB"
    )


def _feed(process: subprocess.Popen[bytes], count: int) -> None:
    assert process.stdin is not None
    for line in _lines(count):
        process.stdin.write(line)
    process.stdin.close()


def _lines(count: int) -> Iterator[bytes]:
    examples = [(s, r.text) for s in read_held_out(EXAMPLES) for r in s.replies]
    for number in range(count):
        situation, text = examples[number % len(examples)]
        line = {
            "id": number,
            "history": [{"speaker": t.speaker, "text": t.text} for t in situation.history],
            "reply": f"{text} ({number})",
            "screen": situation.screen,
        }
        yield json.dumps(line).encode() + b"\n"


def _bare_rate() -> float:
    """Return how many replies a second the bare encoder reads."""
    encoder = MiniLM.load()
    texts = [json.loads(line)["reply"] for line in _lines(640)]
    encoder.encode(texts[:64])
    started = time.perf_counter()
    for start in range(64, len(texts), 64):
        encoder.encode(texts[start : start + 64])
    return (len(texts) - 64) / (time.perf_counter() - started)


def _resident(pid: int) -> int:
    """Return a process's resident memory in bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096
