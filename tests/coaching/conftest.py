"""A coach, and the store that it keeps its sessions in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import Coach
from coachbot.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file."""
    with open_store(tmp_path / "coachbot.db") as opened:
        yield opened


@pytest.fixture
def coach(practice: Practice, store: Store) -> Coach:
    """A coach that keeps its sessions in the store."""
    return practice.coach(store)
