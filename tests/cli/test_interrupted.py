"""A session that is killed in the middle goes on where it stopped."""

from __future__ import annotations

import time
from pathlib import Path

from coachbot.cli.practice import person_name
from coachbot.session.models import Session
from coachbot.settings import read_settings
from coachbot.store import open_store
from tests.cli.conftest import RunHere, practising

FIRST = "A week late, and on Tuesday we only asked you to wait. I'm sorry, Dean."
SECOND = "I'm putting another train on our van tonight, and it reaches you tomorrow."
PATIENCE = 120
"""Seconds that a busy machine may take to load the models and to answer."""


def stored() -> Session | None:
    """The session that isn't finished, if there is one."""
    database = read_settings().database
    if not Path(database).exists():
        return None
    with open_store(database) as store:
        return store.unfinished(person_name())


def after_turns(number: int) -> Session:
    """The stored session as soon as it has so many turns."""
    latest = time.monotonic() + PATIENCE
    while time.monotonic() < latest:
        session = stored()
        if session is not None and len(session.turns) == number:
            return session
        time.sleep(0.2)
    raise AssertionError(session)


def test_killed(run_here: RunHere, tmp_path: Path) -> None:
    """After kill -9 everything that was answered is there, and the conversation goes on."""
    with practising("late-parcel", tmp_path) as running:
        assert running.stdin is not None
        try:
            for number, reply in enumerate((FIRST, SECOND), start=1):
                running.stdin.write(reply + "\n")
                running.stdin.flush()
                killed = after_turns(number)
        finally:
            running.kill()

    assert killed == stored()
    assert ("conversation", [FIRST, SECOND]) == (killed.phase, [t.agent for t in killed.turns])

    again = run_here("practice", "late-parcel", "--no-pauses", typed="y\nWhere are you?\n")

    shown = " ".join(again.stdout.split())
    assert (0, "") == (again.exit_code, again.stderr)
    assert "in the middle of late-parcel, after 2 replies" in shown
    said = [*killed.opening, FIRST, *killed.turns[0].answer, SECOND, *killed.turns[1].answer]
    places = [shown.find(" ".join(one.split())) for one in said]
    assert -1 not in places
    assert sorted(places) == places
    # The input ended after one more reply, so it was left off once more.
    assert "goes on where you stopped" in shown
    on = stored()
    assert on is not None
    assert (killed.id, killed.turns) == (on.id, on.turns[:2])
    assert "Where are you?" == on.turns[2].agent
    assert "\x1b" not in again.stdout
    assert max(map(len, again.stdout.splitlines())) <= 80
