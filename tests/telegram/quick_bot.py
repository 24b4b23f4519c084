"""The bot without its models: ``python -m tests.telegram.quick_bot``.

Server, stores, scenarios, customers and the scorer's own code are those of ``coachbot bot``; only
the two networks are not loaded. In their place there are quick and simple ones, which always say
the same of the same text. So it starts in about a second and answers in milliseconds.

The environment, beside that of ``coachbot bot``:

``QUICK_PATIENCE``: fields of ``Patience`` as JSON, so that a test needn't wait for minutes.
``QUICK_CLOCK``: a file with the seconds by which the clock is wrong, read again and again.
``QUICK_FOLDER``: a folder in which a test can stop the bot at a point: while there is a file
``hold-POINT``, the bot waits at the point, and has written ``at-POINT``. The points: ``kept``
(updates are in the inbox, and nothing has been made of them), ``scoring`` (a reply with the word
"holdhere" is being scored), ``broken`` (at the word "failhere" the scorer fails instead), ``bench``
(a few replies of a bench are done), ``bench-broken`` (it fails there instead).
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import re
import sys
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from coachbot.bootstrap import Practice, office, settings, store
from coachbot.cli.bot import _address, _announce, write_logs
from coachbot.errors import CoachbotError
from coachbot.reporting.bench_models import BenchResult
from coachbot.scoring.calibration import DimensionTable
from coachbot.scoring.interface import Dimension
from coachbot.scoring.protocol import Array
from coachbot.scoring.reading import Read, Reading
from coachbot.scoring.scorer import Scorer
from coachbot.telegram.server import Patience, Server, only_one
from tests.scoring.made import English, ToldReader, calibration, table

WIDTH = 64
"""Numbers in a quick vector."""

Play = Callable[[str, Callable[[int, int], None]], BenchResult]

_WORD = re.compile(r"[a-z']+")
_FEELING = re.compile(r"\b(?:sorry|understand|must|hard|awful|frustrating|worry|worried|feel)\b")
_LISTENING = re.compile(r"\b(?:you said|you told|you mentioned|since|because|so you)\b")
_HARSH = re.compile(r"\b(?:calm down|whatever|stupid|your fault|policy)\b")


class QuickEncoder:
    """A bag of words, hashed: texts with the same words point in the same direction."""

    width = WIDTH

    def encode(self, texts: Sequence[str]) -> Array:
        """As ``coachbot.scoring.protocol.Encoder`` has it."""
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            # Every text has a direction, an empty one too.
            for word in _WORD.findall(text.lower()) or ["nothing"]:
                number = zlib.crc32(word.encode())
                vector[number % WIDTH] += 1.0 if number & 1024 else -1.0
            if not vector.any():
                vector[0] = 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)  # type: ignore[no-any-return]


def see(reading: Reading) -> Mapping[str, Any]:
    """What there is in a reply, by a few words."""
    text = reading.reply.lower()
    levels = np.zeros((3, 3))
    levels[0, min(2, len(_FEELING.findall(text)))] = 4.0
    levels[1, min(2, len(_LISTENING.findall(text)))] = 4.0
    levels[2, min(2, text.count("?"))] = 4.0
    asks = 2 if re.search(r"\b(?:what|how|when|why)\b.*\?", text) else 1 if "?" in text else 0
    question = np.zeros(3)
    question[asks] = 4.0
    harm = [-3.0, 3.0] if _HARSH.search(text) else [9.0, 0.0]
    return {
        "levels": levels,
        "question": question,
        "uptake": min(1.0, len(_WORD.findall(text)) / 30),
        "dismissal": np.array([*harm, *[0.0] * 6]),
    }


class QuickReader(ToldReader):
    """Sees a few words, and stops or fails where a test wants it to."""

    def read(self, readings: Sequence[Reading]) -> list[Read]:
        """As ``coachbot.scoring.reading.Reader`` has it."""
        if any("holdhere" in reading.reply for reading in readings):
            reached("scoring")
        if any("failhere" in reading.reply for reading in readings) and _wanted("broken"):
            raise ZeroDivisionError("failhere")
        self.batches.clear()
        return super().read(readings)


def _wanted(point: str) -> Path | None:
    folder = os.environ.get("QUICK_FOLDER")
    file = Path(folder or "", f"hold-{point}")
    return file if folder and file.exists() else None


def reached(point: str) -> None:
    """Wait for as long as the test wants."""
    hold = _wanted(point)
    if hold is None:
        return
    hold.with_name(f"at-{point}").touch()
    while hold.exists():
        time.sleep(0.005)


class StoppingPost:
    """Inbox and outbox, which stop where a test wants it."""

    def __init__(self, post: Any) -> None:
        self._post = post

    def next_update(self, chat: int | None) -> Any:
        """As the post has it."""
        reached("kept")
        return self._post.next_update(chat)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._post, name)


def stopping_play(play: Play) -> Play:
    """A bench that stops or fails where a test wants it."""

    def stopping(scenario: str, progress: Callable[[int, int], None]) -> BenchResult:
        def between(over: int, of: int) -> None:
            reached("bench")
            if _wanted("bench-broken"):
                raise ZeroDivisionError
            progress(over, of)

        return play(scenario, between)

    return stopping


def _clock(file: Path) -> Callable[[], float]:
    def now() -> float:
        return time.time() + float(file.read_text() or 0)

    return now


def quick_scorer() -> Scorer:
    """The scorer with a quick reader, and a calibration by which good words count."""
    tables: dict[Dimension, DimensionTable] = {
        "empathy": table(35.0, {"emotional_reaction": 50.0, "dismissal": -40.0}),
        "active_listening": table(30.0, {"uptake": 30.0, "open_question": 30.0}),
        "individualized_treatment": table(30.0, {"uptake": 40.0, "interpretation": 20.0}),
    }
    return Scorer(QuickReader(see), calibration(tables), English())


@functools.cache
def quick_practice() -> Practice:
    """Scenarios and customers with quick models, made once in a process."""
    practice = Practice(encoder=QuickEncoder(), scorer=quick_scorer())
    for scenario in practice.scenarios():
        practice.customer(scenario.id)
    return practice


def run() -> int:
    """Do what ``coachbot bot`` does; return its exit status."""
    try:
        chosen = settings()
        patience = Patience(**json.loads(os.environ.get("QUICK_PATIENCE", "{}")))
        write_logs()
        with only_one(chosen.database), store() as opened:
            parts = office(opened, quick_practice())
            parts.post = StoppingPost(parts.post)
            parts.benching = replace(parts.benching, play=stopping_play(parts.benching.play))
            if wrong := os.environ.get("QUICK_CLOCK"):
                parts.clock = _clock(Path(wrong))
            server = Server(parts, _address(chosen), patience=patience)
            asyncio.run(server.run(_announce))
    except CoachbotError as error:
        print(f"coachbot: {error.message}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(run())
