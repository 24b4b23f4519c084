"""Scenarios without models: the mind itself needs none."""

from __future__ import annotations

import pytest

from coachbot.library import Library
from coachbot.scenario.models import Scenario
from coachbot.scenario.temperament import Temperament
from tests.conftest import CHECKOUT


@pytest.fixture(scope="session")
def files() -> Library:
    """The scenarios and temperaments of the project."""
    return Library.keeping(CHECKOUT / "scenarios")


@pytest.fixture(scope="session")
def parcel(files: Library) -> Scenario:
    """A train that is late: three acts in any order, two needs, an angry father."""
    return files.scenario("late-parcel").scenario


@pytest.fixture(scope="session")
def angry(files: Library) -> Temperament:
    """His temperament."""
    return files.temperament("angry")
