"""Scripts of hires, one reply a line, and what became of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import torch

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import Coach
from coachbot.customer.reading import units_of
from coachbot.session.models import Session

FOLDER = Path(__file__).parent

Quality = Literal["good", "fair", "poor"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)

Voices = Literal["tuning", "heldout"]
"""``tuning``: those by which the weights were set; ``heldout``: others that only measure."""
VOICES: tuple[Voices, ...] = get_args(Voices)


@dataclass(frozen=True)
class Script:
    """One script: whose voices, which scenario, how good it is meant to be."""

    voices: Voices
    scenario: str
    quality: Quality
    file: Path

    @property
    def name(self) -> str:
        """Its name in the list of tests."""
        return f"{self.voices}/{self.scenario}/{self.file.stem}"

    @property
    def first(self) -> bool:
        """Whether it is the first of its kind: these end just as they should."""
        return self.file.stem.endswith("-1")

    @property
    def replies(self) -> list[str]:
        r"""The replies; ``\n`` inside a line is a line break."""
        lines = self.file.read_text(encoding="utf-8").splitlines()
        return [line.replace("\\n", "\n") for line in lines if line.strip()]


def scripts(voices: Voices) -> list[Script]:
    """All scripts in these voices."""
    return [
        Script(voices, folder.name, quality, file)
        for folder in sorted((FOLDER / voices).iterdir())
        for quality in QUALITIES
        for file in sorted(folder.glob(f"{quality}-*.txt"))
    ]


KEPT = [script for script in scripts("tuning") if script.first]
"""One good, fair and poor conversation for each scenario: these end just as they should."""
HELDOUT = [script for script in scripts("heldout") if not script.file.stem.endswith("-3")]
"""What the tests play in the voices that only measure."""

Played = Mapping[Script, Session]


def play_all(practice: Practice, chosen: Sequence[Script]) -> Played:
    """What becomes of scripts, customer by customer, on both cores."""
    coach = practice.bench_coach()
    # A chat reads with one thread and leaves the rest to others; here nobody else is waiting.
    usual = torch.get_num_threads()
    torch.set_num_threads(os.cpu_count() or 1)
    sessions: dict[Script, Session] = {}
    with ThreadPoolExecutor(2) as pool:
        for scenario in dict.fromkeys(script.scenario for script in chosen):
            own = [script for script in chosen if script.scenario == scenario]
            encode_ahead(practice, (reply for script in own for reply in script.replies))
            played = pool.map(lambda script: play(coach, script.scenario, script.replies), own)
            sessions |= zip(own, played, strict=True)
    torch.set_num_threads(usual)
    return sessions


def play(coach: Coach, scenario: str, replies: Iterable[str], seed: int = 0) -> Session:
    """Play replies until the conversation is over; too few end it."""
    session = coach.begin(coach.start(scenario, person="script", seed=seed))
    for reply in replies:
        if session.phase != "conversation":
            break
        session = coach.reply(session, reply).session
    return coach.rate(coach.end(session), None)


def encode_ahead(practice: Practice, replies: Iterable[str]) -> None:
    """Encode what the customer looks at in these replies, so that it is remembered.

    Many texts together, on two cores, take a fraction of the time that they take reply by reply.
    What is missed here is encoded when it is needed.
    """
    texts: set[str] = set()
    for reply in replies:
        texts |= {unit.text for unit in units_of(reply)}
    in_order = sorted(texts, key=len)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(practice.encoder.encode, (in_order[::2], in_order[1::2])))
