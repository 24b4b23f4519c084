"""What every test can count on: an environment of its own, and a way to run the program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from coachbot.bootstrap import Practice
from coachbot.library import Library
from coachbot.scenario.models import Scenario
from coachbot.scenario.temperament import Temperament

CHECKOUT = Path(__file__).parents[1]
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))

# A turn takes longer on a busy machine, and that is no failure.
hypothesis.settings.register_profile("coachbot", deadline=None)
hypothesis.settings.load_profile("coachbot")

# Before any fixture, so that fixtures of every scope see it, and subprocesses too.
for _name in [name for name in os.environ if name.startswith("COACHBOT_")]:
    del os.environ[_name]
os.environ["HF_HUB_OFFLINE"] = "1"


class RunCoachbot(Protocol):
    """Runs ``coachbot`` with the arguments given and returns what came of it."""

    def __call__(
        self,
        *arguments: str | os.PathLike[str],
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """``env`` is added to the environment; ``cwd`` is an empty folder unless told."""


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new, empty XDG data home, so that no test sees the database of whoever runs it."""
    home = tmp_path / "data-home"
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    return home


@pytest.fixture
def checkout() -> Path:
    """The folder of the project."""
    return CHECKOUT


@pytest.fixture
def run_coachbot(tmp_path: Path) -> RunCoachbot:
    """Run the program as its user does: in a process of its own, from another folder."""

    def run(
        *arguments: str | os.PathLike[str],
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "coachbot", *arguments],
            input=stdin,
            env={**os.environ, **(env or {})},
            cwd=cwd or tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def practice() -> Practice:
    """Everything that practising needs, loaded once: scenarios, encoder, scorer, customers."""
    return Practice()


@pytest.fixture(scope="session")
def library(practice: Practice) -> Library:
    """The scenarios that come with CoachBot."""
    return practice.library


@pytest.fixture(scope="session")
def files() -> Library:
    """The same scenarios for tests that need no models."""
    return Library.keeping(CHECKOUT / "scenarios")


@pytest.fixture(scope="session")
def parcel(files: Library) -> Scenario:
    """A train that is late: three acts in any order, two needs, an angry father."""
    return files.scenario("late-parcel").scenario


@pytest.fixture(scope="session")
def angry(files: Library) -> Temperament:
    """His temperament."""
    return files.temperament("angry")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, without a window.

    While it is there, playwright's event loop is that of the thread: other modules need their own.
    """
    if not CHROMIUM.is_file():
        pytest.fail(
            f"These tests need Chromium at {CHROMIUM}. On Debian: sudo apt install chromium. "
            "Elsewhere, put its path into CHROMIUM."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
