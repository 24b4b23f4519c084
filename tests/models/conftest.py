"""The released encoder and scorer, and a network whose adapters are drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from coachbot.bootstrap import data_root
from coachbot.models.encoder import MiniLM
from coachbot.scoring.protocol import Encoder
from coachbot.scoring.scorer import Scorer

if TYPE_CHECKING:
    from coachbot.models.network import Network
    from coachbot.models.reader import NetworkReader
    from coachbot.models.sequences import Sequencer


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The released encoder, with nothing that remembers its answers."""
    return MiniLM.load()


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    """The released scorer in single precision, as it scores files."""
    from coachbot.models import load_scorer

    return load_scorer(data_root("models"))


@pytest.fixture(scope="session")
def sequencer() -> Sequencer:
    """A sequencer with the encoder's own tokenizer."""
    from coachbot.models.reader import load_tokenizer
    from coachbot.models.sequences import Sequencer

    return Sequencer(load_tokenizer())


@pytest.fixture(scope="session")
def network() -> Network:
    """The encoder's own weights with adapters and heads drawn at random; nobody may change it."""
    from tests.models.made import random_network

    return random_network(seed=1)


@pytest.fixture(scope="session")
def reader(network: Network, sequencer: Sequencer) -> NetworkReader:
    """A reader with that network."""
    from coachbot.models.reader import NetworkReader

    return NetworkReader(network, sequencer)


@pytest.fixture(autouse=True)
def _torch_threads() -> Iterator[None]:
    """Give torch back the threads that it had, because training and loading set them."""
    import torch

    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)
