"""Sessions that were left off at any point go on from there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.bootstrap import Practice
from coachbot.cli.practice import person_name
from coachbot.coaching.practice import Coach
from coachbot.session import machine
from coachbot.session.models import SelfRating, Session
from coachbot.settings import read_settings
from coachbot.store import Store, open_store
from tests.cli.conftest import RunHere, practising
from tests.cli.test_interrupted import PATIENCE
from tests.library.conftest import OPEN_CASE

CASE = str(OPEN_CASE)
FIRST = "I'm sorry you've heard nothing since Monday. By what day does it have to be done?"
SECOND = "I'm completing it now, and you'll have it by five today, Robin."


@pytest.fixture
def store() -> Iterator[Store]:
    """The store that the program uses."""
    with open_store(read_settings().database) as opened:
        yield opened


@pytest.fixture
def coach(practice: Practice, store: Store) -> Coach:
    """What plays the part of the program that was killed."""
    return practice.coach(store)


def begun(coach: Coach) -> Session:
    """A session of one reply."""
    session = coach.begin(coach.start(CASE, person=person_name(), seed=1))
    return coach.reply(session, FIRST).session


def left_off_at_pending(coach: Coach, session: Session) -> Session:
    """The session, killed after a reply had been sent and before it was answered."""
    pending = machine.receive(session, SECOND)
    coach.sessions.save(pending)
    return pending


def test_at_the_briefing(coach: Coach, store: Store, run_here: RunHere) -> None:
    """Who was stopped at the brief reads it again."""
    session = coach.start(CASE, person=person_name(), seed=1)
    result = run_here("practice", typed="y\n/quit\n")
    assert "You may offer" in result.stdout
    assert session.opening[0].split()[0] in result.stdout
    assert "conversation" == store.get(session.id).phase


def test_before_an_answer(coach: Coach, store: Store, run_here: RunHere) -> None:
    """A reply that was sent and not answered is answered now, once."""
    session = left_off_at_pending(coach, begun(coach))
    result = run_here("practice", typed="y\n/quit\n")
    found = store.get(session.id)
    assert [FIRST, SECOND] == [turn.agent for turn in found.turns]
    assert found.pending is None
    assert found.turns[1].answer[0].split()[0] in result.stdout
    assert "goes on where you stopped" in result.stdout


def test_at_the_self_rating(coach: Coach, store: Store, run_here: RunHere) -> None:
    """Who was stopped before rating themself is asked again, and reads the debrief."""
    session = coach.end(begun(coach))
    result = run_here("practice", typed="y\n60\n50%\n40\nn\n")
    found = store.get(session.id)
    expected = SelfRating(empathy=60, active_listening=50, individualized_treatment=40)
    assert ("debrief", expected) == (found.phase, found.self_rating)
    assert "You said" in result.stdout


def test_in_a_second_attempt(coach: Coach, store: Store, run_here: RunHere) -> None:
    """A second attempt goes on too, with what was pending, and is shown beside the first."""
    first = coach.rate(coach.end(begun(coach)), None)
    again = left_off_at_pending(coach, coach.retry(first, 1))
    result = run_here("practice", typed="y\n/end\nn\n")
    found = store.get(again.id)
    assert ([SECOND], "debrief") == ([turn.agent for turn in found.turns], found.phase)
    assert "First attempt and this one" in result.stdout
    assert first == store.get(first.id)


def test_in_a_third_attempt(coach: Coach, run_here: RunHere) -> None:
    """However often it is tried again, the attempt beside it is the first."""
    first = coach.rate(coach.end(begun(coach)), None)
    second = coach.rate(coach.end(coach.reply(coach.retry(first, 1), "Calm down.").session), None)
    left_off_at_pending(coach, coach.retry(second, 1))
    result = run_here("practice", typed="y\n/end\nn\n")
    mood = next(line for line in result.stdout.splitlines() if "Mood at the end" in line)
    assert f"{first.state.mood:.0f}" == mood.split()[-2]


def test_by_its_path(coach: Coach, run_here: RunHere, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session of a file is found by any path to the file, and not for another scenario."""
    begun(coach)
    monkeypatch.chdir(OPEN_CASE.parent)
    assert "Go on with it?" in run_here("practice", OPEN_CASE.name, typed="y\n/quit\n").stdout
    other = run_here("practice", "late-parcel", typed="/quit\n")
    assert "Go on with it?" not in other.stdout


def test_afresh(coach: Coach, store: Store, run_here: RunHere) -> None:
    """Who would rather begin anew does, and the other session stays as it is."""
    session = begun(coach)
    result = run_here("practice", CASE, typed="n\nHello Robin.\n/quit\n")
    new = store.unfinished(person_name())
    assert new is not None
    assert ["Hello Robin."] == [turn.agent for turn in new.turns]
    assert session == store.get(session.id)
    assert "You may offer" in result.stdout


def test_a_file_that_is_gone(coach: Coach, store: Store, run_here: RunHere, tmp_path: Path) -> None:
    """A session whose scenario was deleted says so in a sentence."""
    session = begun(coach)
    # A saved session keeps its scenario: this is another one.
    store.save(session.model_copy(update={"id": "gone", "scenario": str(tmp_path / "gone.yaml")}))
    result = run_here("practice", typed="y\n")
    assert 1 == result.exit_code
    assert "gone.yaml" in result.stderr
    assert "Traceback" not in result.stderr


def test_killed_at_work(run_here: RunHere, tmp_path: Path) -> None:
    """Killed while a reply was being answered, that reply is in the session, once."""
    database = read_settings().database

    def stored() -> Session | None:
        if not database.exists():
            return None
        with open_store(database) as store:
            return store.unfinished(person_name())

    with practising(CASE, tmp_path) as running:
        assert running.stdin is not None
        try:
            running.stdin.write(FIRST + "\n")
            running.stdin.flush()
            latest = time.monotonic() + PATIENCE
            killed = stored()
            while killed is None or not (killed.pending or killed.turns):
                assert time.monotonic() < latest
                time.sleep(0.01)
                killed = stored()
        finally:
            running.kill()

    run_here("practice", typed="y\n/quit\n")
    found = stored()
    assert found is not None
    assert killed.id == found.id
    assert ([FIRST], None) == ([turn.agent for turn in found.turns], found.pending)


def test_what_is_not_utf8() -> None:
    """What comes in another encoding is read as far as it can be, and ends nothing."""
    program = "from coachbot.cli.practice import read_anything as r; r(); print(ascii(input()))"
    read = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"},
        input=b"I'm sorry, Ren\xe9.\n",
        capture_output=True,
        check=False,
    )
    assert (0, b"") == (read.returncode, read.stderr)
    assert ascii("I'm sorry, Ren\ufffd.") == read.stdout.decode().strip()
