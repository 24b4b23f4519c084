"""Every script, played once for all tests that look at what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import NoRepository
from coachbot.session.models import Session
from tests.conversations.playing import VOICES, Script, play, scripts

Played = Mapping[Script, Session]


@pytest.fixture(scope="session")
def played(practice: Practice) -> Played:
    """What became of each script."""
    coach = practice.coach(NoRepository())
    everything = [script for voices in VOICES for script in scripts(voices)]
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        # What earned a score doesn't change it, and to find out takes a quarter of the time.
        patch.setattr("coachbot.scoring.scorer._MOST_PARTS", 1)
        sessions = pool.map(lambda script: play(coach, script.scenario, script.replies), everything)
        return dict(zip(everything, sessions, strict=True))
