"""The released encoder and scorer, from what is loaded once for all tests."""

from __future__ import annotations

import pytest

from coachbot.bootstrap import Practice
from coachbot.scoring.protocol import Encoder
from coachbot.scoring.scorer import Scorer


@pytest.fixture(scope="session")
def encoder(practice: Practice) -> Encoder:
    """The released encoder."""
    return practice.encoder


@pytest.fixture(scope="session")
def scorer(practice: Practice) -> Scorer:
    """The released scorer."""
    return practice.scorer
