"""A short sample of the soak: kills at random moments change nothing. The rest: `make soak`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.telegram.process import Nursery
from tests.telegram.soak import Outcome, differences, run


@pytest.fixture(scope="module")
def calm(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What comes of the scripts without kills."""
    return run(nursery, tmp_path_factory.mktemp("soak") / "calm", chats=4, kills=0, seed=7)


def test_three_kills(nursery: Nursery, calm: Outcome, tmp_path: Path) -> None:
    """Four chats with three kills come to what they come to without."""
    shaken = run(nursery, tmp_path / "shaken", chats=4, kills=3, seed=7)
    assert 3 == shaken.kills
    assert all(calm.replies.values())
    found, doubled = differences(calm, shaken)
    assert [] == found
    assert doubled <= 3 * 4


def test_differences_are_seen(calm: Outcome) -> None:
    """A lost reply, one that was scored twice, a lost message and a changed order are all seen."""
    name = next(iter(calm.replies))
    replies, sent = calm.replies[name], calm.sent[name]
    wrong = (
        replace(calm, replies={**calm.replies, name: replies[:-1]}),
        replace(calm, replies={**calm.replies, name: [*replies, replies[-1]]}),
        replace(calm, sent={**calm.sent, name: sent[1:]}),
        replace(calm, sent={**calm.sent, name: [sent[1], sent[0], *sent[2:]]}),
        replace(calm, sent={**calm.sent, name: [sent[0], *sent]}),
    )
    assert [] == differences(calm, calm)[0]
    for outcome in wrong:
        assert differences(calm, outcome)[0]
