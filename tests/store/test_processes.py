"""Several real processes on one file: killed at any moment, and all at once."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from coachbot.errors import NotFound
from coachbot.session.models import Session
from coachbot.store import open_store
from tests.store.samples import gone_on, new_session

KILLS = 15
LONGEST = 0.1
"""Seconds until the kill; a turn is stored in about two thousandths, a file made in thirty."""


def saving(checkout: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """A process that has everything loaded and waits for a line before it opens the database."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.saving", *arguments],
        cwd=checkout,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def start(process: subprocess.Popen[str]) -> None:
    """Wait until it is ready and let it go."""
    assert process.stdout
    assert process.stdin
    assert "ready\n" == process.stdout.readline()
    process.stdin.write("\n")
    process.stdin.flush()


def killed(process: subprocess.Popen[str], after: float, *, in_conversation: bool) -> int:
    """Kill it some seconds after its start, or after its first turn was stored.

    Returns the last turn that it said was stored, 0 if none.
    """
    with process:
        start(process)
        assert process.stdout
        assert process.stderr
        told = process.stdout.readline() if in_conversation else ""
        time.sleep(after)
        process.kill()
        told += process.stdout.read()
        assert "" == process.stderr.read()
    # The last line may be half there.
    complete = told[: told.rfind("\n") + 1].split()
    return int(complete[-1]) if complete else 0


def is_whole(database: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file."""
    with closing(sqlite3.connect(database)) as connection:
        return [("ok",)] == connection.execute(
            "PRAGMA integrity_check"
        ).fetchall() and [] == connection.execute("PRAGMA foreign_key_check").fetchall()


@pytest.fixture(scope="module")
def longest_session() -> Session:
    """The session that the killed process was writing; each one has its first turns."""
    return gone_on(new_session("killed"), 1000)


def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(
    tmp_path: Path, checkout: Path, longest_session: Session
) -> None:
    """After each of many kills the file is whole, and has every turn that save returned for."""
    moments = random.Random(20260301)
    names = [f"killed {number}" for number in range(KILLS)]
    # Every third begins a new file and may be killed while it makes it.
    files = [tmp_path / f"{number // 3}.db" for number in range(KILLS)]
    waiting = saving(checkout, files[0], names[0], "loop")
    for number, (file, name) in enumerate(zip(files, names, strict=True)):
        process = waiting
        if number + 1 < KILLS:
            waiting = saving(checkout, files[number + 1], names[number + 1], "loop")
        acknowledged = killed(process, moments.uniform(0, LONGEST), in_conversation=number % 3 > 0)
        with open_store(file) as store:
            turns = 0
            with suppress(NotFound):
                session = store.get(name)
                turns = len(session.turns)
                assert longest_session.turns[:turns] == session.turns
                assert session.pending in (None, longest_session.turns[turns].agent)
            assert acknowledged <= turns <= acknowledged + 1
            store.save(gone_on(new_session(f"after {name}"), 1))
        assert is_whole(file)


def test_processes_that_read_and_write_at_once_wait_for_each_other(
    database: Path, checkout: Path
) -> None:
    """Four processes make the file together and save 50 turns each; none finds it locked."""
    processes = [saving(checkout, database, f"session {n}", "50") for n in range(4)]
    for process in processes:
        start(process)
    for process in processes:
        told, complaints = process.communicate()
        assert "" == complaints
        assert [str(number) for number in range(1, 51)] == told.split()
    with open_store(database) as store:
        for number in range(4):
            expected = gone_on(new_session(f"session {number}"), 50)
            assert expected == store.get(f"session {number}")
    assert is_whole(database)


def test_two_processes_in_one_session_lose_no_turn(database: Path, checkout: Path) -> None:
    """Each turn that was acknowledged to either of them is there once, in an unbroken row."""
    voices = ("Ada says", "Grace says")
    processes = [saving(checkout, database, "shared", "12", voice) for voice in voices]
    for process in processes:
        start(process)
    acknowledged = []
    for process in processes:
        told, complaints = process.communicate()
        assert "" == complaints
        acknowledged.append([int(number) for number in told.split()])
    with open_store(database) as store:
        session = store.get("shared")
    assert list(range(1, 25)) == [turn.number for turn in session.turns]
    for voice, numbers in zip(voices, acknowledged, strict=True):
        assert [(number, f"{voice} {said}") for said, number in enumerate(numbers)] == [
            (turn.number, turn.agent) for turn in session.turns if turn.agent.startswith(voice)
        ]
