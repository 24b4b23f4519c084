"""A store in a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.store import Store, open_store


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "store" / "coachbot.db"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    """An empty store."""
    with open_store(database) as opened:
        yield opened
