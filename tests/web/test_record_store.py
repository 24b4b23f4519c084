"""A learning record store is told of each session once, whatever goes wrong meanwhile."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.bootstrap import record_store
from coachbot.coaching.people import person_of
from coachbot.store import Store, open_store
from coachbot.web.record_store import RecordStore, Sender, Unavailable
from tests.conftest import RunCoachbot
from tests.web.lrs import KEY, SECRET, Answer, Lrs, Statement, running_lrs
from tests.web.made import FIRST, NAMES, SCENARIOS, Clock, finished, member

SESSIONS = 5


@pytest.fixture
def lrs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lrs]:
    """A store, and the settings that lead to it."""
    with running_lrs() as running:
        monkeypatch.setenv("COACHBOT_LRS_URL", running.url)
        monkeypatch.setenv("COACHBOT_LRS_KEY", KEY)
        monkeypatch.setenv("COACHBOT_LRS_SECRET", SECRET)
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A database with a few finished sessions of two people."""
    with open_store(tmp_path / "coachbot.db") as opened:
        clock = Clock()
        for number in range(2):
            member(opened, FIRST + number, NAMES[number])
        for number in range(SESSIONS):
            finished(
                opened,
                person_of(FIRST + number % 2),
                f"s-{number}",
                clock.days_ago(9 - number),
                (40.0 + number, 50.5, 60.0),
                outcome="resolved" if number % 2 else "left",
                passed=bool(number % 2),
            )
        yield opened


def sender(store: Store) -> RecordStore:
    """What sends, as the program makes it."""
    made = record_store(store, SCENARIOS)
    assert made is not None
    return made


def of_session(batch: list[Statement], raw: float) -> bool:
    """Whether a session with this score for empathy is in a batch."""
    return any(one["result"].get("score", {}).get("raw") == raw for one in batch)


def test_a_session_becomes_four_statements_of_the_right_shape(lrs: Lrs, store: Store) -> None:
    """One of the conversation, with how it ended, and one of each dimension with its score."""
    assert SESSIONS == sender(store).send_waiting().taken
    assert [] == lrs.problems
    assert 4 * SESSIONS == len(lrs.statements)
    passed = [
        one
        for one in lrs.statements.values()
        if one["verb"]["id"] == "http://adlnet.gov/expapi/verbs/completed"
        and one["result"]["success"]
    ]
    assert 2 == len(passed)
    assert passed[0]["result"]["completion"] is True
    assert "urn:coachbot:scenario:late-parcel" == passed[0]["object"]["id"]
    assert "resolved" == passed[0]["result"]["extensions"]["urn:coachbot:outcome"]
    (empathy,) = [
        one for one in lrs.statements.values() if one["result"].get("score", {}).get("raw") == 40.0
    ]
    assert {"scaled": 0.4, "raw": 40.0, "min": 0.0, "max": 100.0} == empathy["result"]["score"]
    assert "urn:coachbot:scenario:late-parcel:empathy" == empathy["object"]["id"]


def test_nobody_can_be_told_from_it(lrs: Lrs, store: Store) -> None:
    """Two people are two codes; no name, number, id or word of a conversation is sent."""
    sender(store).send_waiting()
    sent = json.dumps(list(lrs.statements.values()))
    assert 2 == len({one["actor"]["account"]["name"] for one in lrs.statements.values()})
    secrets = [NAMES[0], NAMES[1], "tg:", "s-0", "Reply 1", "Where is it", "Northgate"]
    assert [] == [word for word in secrets if word in sent]


def test_sent_again_it_is_the_same(lrs: Lrs, store: Store) -> None:
    """A program that was killed before it made its mark sends the same once more."""
    sender(store).send_waiting()
    before = dict(lrs.statements)
    with store._database.writing() as db:
        db.execute("DELETE FROM statements")
    assert SESSIONS == sender(store).send_waiting().taken
    assert before == lrs.statements
    assert 0 == sender(store).send_waiting().taken
    assert [4 * SESSIONS] * 2 == lrs.batches


def test_what_it_knows_otherwise_is_left_as_it_is(lrs: Lrs, store: Store) -> None:
    """A conflict of one session does not keep the others from being sent."""
    sender(store).send_waiting()
    known = next(iter(lrs.statements))
    lrs.statements = {known: {**lrs.statements[known], "timestamp": "2020-01-01T00:00:00Z"}}
    with store._database.writing() as db:
        db.execute("DELETE FROM statements")
    assert SESSIONS == sender(store).send_waiting().taken
    assert (SESSIONS, 0, 0) == store.statements.counted()
    # The three others of that session stay unknown there: they had gone together before.
    assert 4 * (SESSIONS - 1) + 1 == len(lrs.statements)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((500, {}, b"oh"), "failed (status 500)"),
        ((503, {"retry-after": "7"}, b""), "failed (status 503)"),
        ((429, {"retry-after": "soon"}, b""), "more time"),
        ((401, {}, b""), "COACHBOT_LRS_KEY"),
        ((403, {}, b""), "COACHBOT_LRS_SECRET"),
        ((404, {}, b""), "COACHBOT_LRS_URL"),
        ((307, {"location": "http://127.0.0.1:1/steal"}, b""), "COACHBOT_LRS_URL"),
        ((200, {}, b"<html>Welcome</html>"), "no learning record store"),
        ((200, {}, b'["another"]'), "no learning record store"),
    ],
)
def test_a_store_that_fails_takes_nothing_with_it(
    lrs: Lrs, store: Store, answer: Answer, words: str
) -> None:
    """Nothing is marked, the reason is said without the secret, and later all of it arrives."""
    lrs.answers = lambda _batch: answer
    with pytest.raises(Unavailable) as caught:
        sender(store).send_waiting()
    assert words in caught.value.message
    assert SECRET not in caught.value.message
    assert (7.0 if "7" in answer[1].values() else None) == caught.value.wait
    assert (0, 0, SESSIONS) == store.statements.counted()
    lrs.answers = lambda _batch: None
    assert SESSIONS == sender(store).send_waiting().taken


def test_a_store_that_is_slow_is_not_waited_for(lrs: Lrs, store: Store) -> None:
    """After its time is up all waits; what it took all the same is no second statement later."""
    lrs.delay = 0.6
    impatient = RecordStore(**{**vars(sender(store)), "timeout": 0.15})
    with pytest.raises(Unavailable, match="did not answer in time"):
        impatient.send_waiting()
    assert (0, 0, SESSIONS) == store.statements.counted()
    lrs.delay = 0.0
    for _ in range(500):
        if lrs.statements:
            break
        time.sleep(0.02)
    assert 4 * SESSIONS == len(lrs.statements)
    assert SESSIONS == sender(store).send_waiting().taken
    assert 4 * SESSIONS == len(lrs.statements)


def test_a_store_that_is_not_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is named by its setting."""
    monkeypatch.setenv("COACHBOT_LRS_URL", "http://127.0.0.1:1/xapi")
    monkeypatch.setenv("COACHBOT_LRS_KEY", KEY)
    monkeypatch.setenv("COACHBOT_LRS_SECRET", SECRET)
    with pytest.raises(Unavailable, match="COACHBOT_LRS_URL"):
        sender(store).send_waiting()


def test_one_that_is_refused_does_not_hold_up_the_others(lrs: Lrs, store: Store) -> None:
    """It is found by halves, marked with its reason, and tried again only when that is asked."""
    lrs.answers = lambda batch: (400, {}, b"") if of_session(batch, 42.0) else None
    sent = sender(store).send_waiting()
    assert (SESSIONS - 1, 1) == (sent.taken, sent.refused)
    ((session, _, reason),) = store.statements.refused(5)
    assert ("s-2", "refused (status 400)") == (session, reason)
    lrs.answers = lambda _batch: None
    assert 0 == sender(store).send_waiting().taken
    assert 1 == store.statements.forget_refused()
    assert 1 == sender(store).send_waiting().taken


def test_a_store_that_refuses_everything_is_not_believed(lrs: Lrs, store: Store) -> None:
    """Then it is the store and not the sessions, and all of them stay for later."""
    lrs.answers = lambda _batch: (400, {}, b"")
    with pytest.raises(Unavailable, match="every session"):
        sender(store).send_waiting()
    assert (0, 0, SESSIONS) == store.statements.counted()


def test_the_page_sends_by_itself(lrs: Lrs, store: Store) -> None:
    """In the background, also after failures, until it is told to stop."""
    failures = 2

    def answers(_batch: list[Statement]) -> Answer | None:
        nonlocal failures
        failures -= 1
        return (500, {}, b"") if failures >= 0 else None

    lrs.answers = answers
    with Sender(sender(store), every=0.02):
        for _ in range(200):
            if store.statements.counted()[0] == SESSIONS:
                break
            time.sleep(0.02)
        person = person_of(FIRST)
        finished(store, person, "s-later", Clock().days_ago(0), (10.0, 20.0, 30.0))
        for _ in range(200):
            if store.statements.counted()[0] == SESSIONS + 1:
                break
            time.sleep(0.02)
    assert (SESSIONS + 1, 0, 0) == store.statements.counted()


@pytest.mark.usefixtures("lrs")
def test_whoever_is_forgotten_is_sent_no_more(store: Store) -> None:
    """Their marks go with their sessions, and what is not sent yet never is."""
    store.people.forget(person_of(FIRST), Clock().iso())
    assert 2 == sender(store).send_waiting().taken
    store.people.forget(person_of(FIRST + 1), Clock().iso())
    assert (0, 0, 0) == store.statements.counted()


def test_the_command_says_what_came_of_it(
    lrs: Lrs, store: Store, run_coachbot: RunCoachbot
) -> None:
    """How many are there, refused and waiting; 1 where one was refused or nothing could be sent."""
    path = str(store.path)
    store.close()
    lrs.answers = lambda _batch: (500, {}, b"")
    failed = run_coachbot("web", "export-xapi", "--database", path)
    assert 1 == failed.returncode
    assert f"{SESSIONS} waiting" in failed.stdout
    assert "status 500" in failed.stderr
    assert SECRET not in failed.stderr
    lrs.answers = lambda batch: (400, {}, b"") if of_session(batch, 42.0) else None
    refused = run_coachbot("web", "--database", path, "export-xapi")
    assert 1 == refused.returncode
    assert "The store has 4 sessions; 1 refused, 0 waiting." in refused.stdout
    assert "--again" in refused.stderr
    lrs.answers = lambda _batch: None
    again = run_coachbot("web", "export-xapi", "--again", "--database", path)
    assert (0, "The store has 5 sessions; 0 refused, 0 waiting.\n") == (
        again.returncode,
        again.stdout,
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("LRS_URL", "http://lrs.example.org/xapi", "use https"),
        ("LRS_URL", "https://me:pass@lrs.example.org/xapi", "without a name"),
        ("LRS_URL", "https://lrs.example.org/xapi/statements", "/statements is added"),
        ("LRS_KEY", "", "it is needed"),
        ("LRS_SECRET", "", "it is needed"),
    ],
)
def test_settings_that_can_not_be_meant(
    run_coachbot: RunCoachbot, name: str, value: str, words: str
) -> None:
    """Are named, and the secret is in no message."""
    good = {"LRS_URL": "https://lrs.example.org/xapi", "LRS_KEY": KEY, "LRS_SECRET": SECRET}
    env = {f"COACHBOT_{key}": text for key, text in {**good, name: value}.items()}
    result = run_coachbot("web", "export-xapi", env=env)
    assert 1 == result.returncode
    assert f"COACHBOT_{name} is" in result.stderr
    assert words in result.stderr
    assert SECRET not in result.stderr


def test_without_a_store_the_command_says_how_to_name_one(run_coachbot: RunCoachbot) -> None:
    """It leaves with 2, as whatever can't be run as it was asked."""
    result = run_coachbot("web", "export-xapi")
    assert 2 == result.returncode
    assert "COACHBOT_LRS_URL" in result.stderr
