"""A way to run commands in this process, with the models that are loaded once for all tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from coachbot.bootstrap import Practice
from coachbot.cli import main


class RunHere(Protocol):
    """Runs ``coachbot`` with the arguments given; its output goes to no terminal."""

    def __call__(self, *arguments: str | os.PathLike[str], typed: str = "") -> Result:
        """``typed`` is what the program reads."""


def practising(scenario: str, folder: Path) -> subprocess.Popen[str]:
    """Start a practice chat as a process of its own, to be typed to and killed."""
    return subprocess.Popen(
        [sys.executable, "-m", "coachbot", "practice", scenario, "--no-pauses"],
        cwd=folder,
        env=dict(os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        encoding="utf-8",
    )


@pytest.fixture
def run_here(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> RunHere:
    """Run commands without loading the models anew for each."""
    monkeypatch.setattr("coachbot.bootstrap.Practice", lambda *_, **__: practice)
    # What a command ties to its own database must not stay with the models.
    monkeypatch.setattr(practice, "practice_only", practice.practice_only)

    def run(*arguments: str | os.PathLike[str], typed: str = "") -> Result:
        return CliRunner().invoke(main, [os.fspath(a) for a in arguments], input=typed)

    return run
