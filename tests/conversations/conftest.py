"""Every script, played once for all tests that look at what became of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import Coach, NoRepository
from coachbot.scoring.interface import ReplyScore, ReplyToScore
from coachbot.session.models import Session
from tests.conversations.playing import VOICES, Script, encode_ahead, play, scripts

Played = Mapping[Script, Session]


class WithoutEvidence:
    """The scorer, as far as the customer needs it: what earned a score doesn't change it."""

    def __init__(self, practice: Practice) -> None:
        self._scorer = practice.scorer

    @property
    def name(self) -> str:
        """The scorer's own."""
        return self._scorer.name

    def score(self, items: list[ReplyToScore], *, signals_only: bool = False) -> list[ReplyScore]:
        """One result for each reply, in two thirds of the time."""
        return self._scorer.score(items, signals_only=signals_only, with_evidence=False)


@pytest.fixture(scope="session")
def played(practice: Practice) -> Played:
    """What became of each script."""
    coach = Coach(scorer=WithoutEvidence(practice), casting=practice, sessions=NoRepository())
    # A chat reads with one thread and leaves the rest to others; here nobody else is waiting.
    usual = torch.get_num_threads()
    torch.set_num_threads(os.cpu_count() or 1)
    everything = [script for voices in VOICES for script in scripts(voices)]
    sessions: dict[Script, Session] = {}
    with ThreadPoolExecutor(2) as pool:
        for scenario in dict.fromkeys(script.scenario for script in everything):
            own = [script for script in everything if script.scenario == scenario]
            encode_ahead(practice, (reply for script in own for reply in script.replies))
            played = pool.map(lambda script: play(coach, script.scenario, script.replies), own)
            sessions |= zip(own, played, strict=True)
    torch.set_num_threads(usual)
    return sessions
