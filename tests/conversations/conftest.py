"""Scripts, played once for all tests that look at what became of them."""

from __future__ import annotations

import pytest

from coachbot.bootstrap import Practice
from tests.conversations.playing import Played, play_all, scripts


@pytest.fixture(scope="session")
def played(practice: Practice) -> Played:
    """What became of the scripts that the tests look at.

    Of those for tuning only the first of each: `python -m tests.conversations.marks` plays all.
    """
    kept = [script for script in scripts("tuning") if script.first]
    return play_all(practice, [*kept, *scripts("heldout")])
