"""Scripts, played once for all tests that look at what became of them."""

from __future__ import annotations

import pytest

from coachbot.bootstrap import Practice
from tests.conversations.playing import HELDOUT, KEPT, Played, play_all


@pytest.fixture(scope="session")
def played(practice: Practice) -> Played:
    """What became of the scripts that the tests look at.

    Of those for tuning only the first of each, and no third one of those that only measure:
    `python -m tests.conversations.marks` plays all.
    """
    return play_all(practice, [*KEPT, *HELDOUT])
