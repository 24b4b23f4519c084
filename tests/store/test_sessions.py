"""What is saved comes back as it was, and nothing that is stored is lost."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coachbot.coaching.protocols import SessionRepository
from coachbot.errors import NotFound, StoreError
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.session_value import session_values
from coachbot.session import machine
from coachbot.session.models import Session
from coachbot.store import Store, open_store
from tests.store.samples import START, closed, gone_on, new_session, turn_after


def everything_in(database: Path) -> list[str]:
    """The database as SQL, but for the time of the last save."""
    connection = sqlite3.connect(database)
    connection.execute("UPDATE sessions SET saved = ''")
    try:
        return list(connection.iterdump())
    finally:
        connection.rollback()
        connection.close()


def test_the_store_is_a_session_repository(store: Store) -> None:
    """Coaching can use the store where it asks for a repository."""
    repository: SessionRepository = store
    repository.save(new_session())
    assert new_session() == repository.get("first")


@pytest.mark.parametrize("turns", [0, 1, 5, 12])
def test_a_session_comes_back_as_it_was(store: Store, turns: int) -> None:
    """Turns, scores, evidence, signals, reasons and states are all equal to what was saved."""
    session = gone_on(new_session(), turns)
    store.save(session)
    assert session == store.get("first")


def test_each_step_of_a_session_comes_back_as_it_was(store: Store) -> None:
    """Briefing, reply, answer, hint, end and rating: each save is what is read next."""
    session = new_session().model_copy(update={"phase": "briefing"})
    steps: list[Callable[[Session], Session]] = [
        lambda s: s,
        machine.begin,
        lambda s: machine.receive(s, "One moment"),
        lambda s: machine.answer(s, turn_after(s, "One moment")),
        machine.take_hint,
        lambda s: gone_on(s, 1),
        lambda s: machine.receive(s, "never answered"),
        machine.end,
        lambda s: machine.rate(s, None),
        lambda s: s.model_copy(update={"passed": False}),
    ]
    for step in steps:
        session = step(session)
        store.save(session)
        assert session == store.get("first")


def test_a_stored_session_is_there_after_opening_again(database: Path) -> None:
    """Closing and opening the file changes nothing."""
    session = closed(gone_on(new_session(), 3), passed=True)
    with open_store(database) as store:
        store.save(session)
    with open_store(str(database)) as store:
        assert session == store.get("first")


def test_saving_twice_changes_nothing(store: Store, database: Path) -> None:
    """A session that is saved again leaves the database as it was."""
    session = closed(machine.take_hint(gone_on(new_session(), 3)))
    store.save(session)
    before = everything_in(database)
    store.save(session)
    assert before == everything_in(database)


def test_saving_writes_only_what_is_new(store: Store, database: Path) -> None:
    """Turns that are stored are never written again."""
    session = gone_on(new_session(), 2)
    store.save(session)
    connection = sqlite3.connect(database)
    connection.executescript(
        """
        CREATE TRIGGER no_change BEFORE UPDATE ON turns
            BEGIN SELECT RAISE(ABORT, 'a turn was changed'); END;
        CREATE TRIGGER no_loss BEFORE DELETE ON turns
            BEGIN SELECT RAISE(ABORT, 'a turn was deleted'); END;
        CREATE TRIGGER no_repeat BEFORE INSERT ON turns WHEN new.number <= 2
            BEGIN SELECT RAISE(ABORT, 'a turn was written again'); END;
        """
    )
    connection.close()
    session = gone_on(session, 1)
    store.save(session)
    assert session == store.get("first")


texts = st.text(max_size=40)
ids = itertools.count()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(said=["\0", "\0", "a\0b"], pending="\0", mood=0, score_id="\0", counts={"\0": 1})
@given(
    said=st.lists(texts, min_size=3, max_size=6),
    pending=st.none() | texts,
    mood=st.floats(0, 100),
    score_id=st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    counts=st.dictionaries(texts, st.integers(), max_size=3),
)
def test_any_text_and_number_comes_back_as_it_was(
    store: Store,
    said: list[str],
    pending: str | None,
    mood: float,
    score_id: str | float | None,
    counts: dict[str, int],
) -> None:
    """Control characters, NUL, emoji and right-to-left text; tiny and long numbers."""
    agent, customer, *answer = said
    session = new_session(f"{agent} {next(ids)}", person=customer)
    turn = turn_after(session)
    turn = turn.model_copy(
        update={
            "agent": agent,
            "customer": (customer,),
            "answer": tuple(answer),
            "mood_after": mood,
            "score": turn.score.model_copy(update={"id": score_id}),
            "state": START.model_copy(update={"pressed": counts, "mood": mood}),
        }
    )
    session = machine.answer(session, turn).model_copy(update={"pending": pending})
    store.save(session)
    assert session == store.get(session.id) == store.unfinished(customer)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"pending": "half \ud83d"}, "half a character"),
        ({"seed": 2**63}, "too large"),
        ({"opening_state": START.model_copy(update={"mood": float("nan")})}, "not finite"),
        ({"started": "yesterday"}, "does not fit"),
    ],
)
def test_what_cannot_be_stored_is_refused_in_words(
    store: Store, change: dict[str, object], says: str
) -> None:
    """A save that can't be exact stores nothing at all."""
    with pytest.raises(StoreError, match=says):
        store.save(new_session().model_copy(update=change))
    with pytest.raises(NotFound):
        store.get("first")
    store.save(new_session())


def test_a_session_that_is_not_there(store: Store) -> None:
    """The error names the session and the file."""
    with pytest.raises(NotFound, match=r"'nobody'.*coachbot\.db"):
        store.get("nobody")


def test_a_shorter_conversation_never_overwrites_a_longer_one(store: Store) -> None:
    """Whoever is behind is told so, and what was stored stays."""
    behind = gone_on(new_session(), 1)
    ahead = gone_on(behind, 2)
    store.save(ahead)
    with pytest.raises(StoreError, match="gone on somewhere else, where it has 3 turns"):
        store.save(machine.receive(behind, "I'm late"))
    assert ahead == store.get("first")


def test_another_answer_to_the_same_turn_is_not_lost_silently(store: Store) -> None:
    """Two windows that each went on by one turn: the second is refused, not forgotten."""
    session = gone_on(new_session(), 1)
    mine = machine.answer(session, turn_after(session, "mine"))
    yours = machine.answer(session, turn_after(session, "yours"))
    store.save(mine)
    with pytest.raises(StoreError, match="meanwhile"):
        store.save(yours)
    with pytest.raises(StoreError, match="meanwhile"):
        store.save(gone_on(yours, 1))
    assert mine == store.get("first")


def test_a_session_that_was_closed_elsewhere_is_not_opened_again(store: Store) -> None:
    """Saving an older phase would lose the outcome."""
    session = gone_on(new_session(), 1)
    store.save(closed(session))
    with pytest.raises(StoreError, match="meanwhile ended somewhere else"):
        store.save(session)
    assert closed(session) == store.get("first")


def test_another_session_with_the_same_id_is_refused(store: Store) -> None:
    """An id belongs to one session of one person."""
    store.save(new_session())
    with pytest.raises(StoreError, match="Another session is already stored as first"):
        store.save(new_session(person="grace"))
    assert [] == store.finished("grace")
    assert store.unfinished("grace") is None


def test_a_hint_that_was_read_in_another_window_stays(store: Store) -> None:
    """Hints are added up, so a pass with help stays one."""
    session = gone_on(new_session(), 1)
    store.save(machine.take_hint(session))
    store.save(machine.receive(session, "without having seen it"))
    assert (2,) == store.get("first").hints


def test_a_retry_comes_back_whole_and_stores_only_its_own_turns(
    store: Store, database: Path
) -> None:
    """The turns before the branch are kept once, with the first attempt."""
    first = closed(gone_on(machine.take_hint(new_session()), 4))
    store.save(first)
    retry = machine.branch(first, 3, new_id="retry", started="2026-03-01T10:00:00+00:00")
    store.save(retry)
    assert retry == store.get("retry") == store.unfinished("ada")
    retry = machine.answer(retry, turn_after(retry, "Better"))
    store.save(retry)
    assert retry == store.get("retry")
    assert first == store.get("first")
    connection = sqlite3.connect(database)
    own = connection.execute("SELECT number FROM turns WHERE session_id = 'retry'").fetchall()
    connection.close()
    assert [(3,)] == own


def test_a_retry_of_a_retry_comes_back_whole(store: Store) -> None:
    """Each attempt reads on from the one it branched from."""
    first = closed(gone_on(new_session(), 4))
    second = closed(
        gone_on(machine.branch(first, 3, new_id="second", started="2026-03-02T09:00:00+00:00"), 2)
    )
    third = machine.branch(second, 4, new_id="third", started="2026-03-03T09:00:00+00:00")
    third = closed(machine.answer(third, turn_after(third, "Third time")))
    from_the_start = machine.branch(third, 1, new_id="again", started="2026-03-04T09:00:00+00:00")
    for session in (first, second, third, from_the_start):
        store.save(session)
    assert third == store.get("third")
    assert from_the_start == store.get("again")
    assert [first, second, third] == store.finished("ada")


def test_a_retry_needs_its_first_attempt_as_it_was(store: Store) -> None:
    """A retry that would read differently, or belong to somebody else, is refused."""
    first = closed(gone_on(new_session(), 3))
    retry = machine.branch(first, 3, new_id="retry", started="2026-03-02T09:00:00+00:00")
    with pytest.raises(StoreError, match="first attempt first is not stored"):
        store.save(retry)
    store.save(first)
    for other in (
        retry.model_copy(update={"person": "grace"}),
        retry.model_copy(update={"turns": retry.turns[:1]}),
        retry.model_copy(update={"turns": (retry.turns[0], turn_after(retry, "other"))}),
    ):
        with pytest.raises(StoreError, match="first attempt first is not stored"):
            store.save(other)
    store.save(retry)


def test_unfinished_is_the_newest_that_is_not_at_its_debrief(store: Store) -> None:
    """Another person's sessions and finished ones are not offered; the rating still to come is."""
    assert store.unfinished("ada") is None
    day = "2026-03-0{}T09:00:00+00:00".format
    store.save(gone_on(new_session("newest", started=day(4)), 1))
    store.save(machine.end(gone_on(new_session("unrated", started=day(3)), 1)))
    store.save(closed(gone_on(new_session("done", started=day(5)), 1)))
    store.save(new_session("hers", person="grace", started=day(6)))
    newest = store.unfinished("ada")
    assert newest is not None
    assert "newest" == newest.id
    store.save(closed(newest))
    unrated = store.unfinished("ada")
    assert unrated is not None
    assert ("unrated", "self_rating") == (unrated.id, unrated.phase)


def test_of_sessions_of_the_same_second_the_later_saved_is_newer(store: Store) -> None:
    """The clock counts seconds; two sessions can share one."""
    for name in ("b", "a", "c"):
        store.save(new_session(name))
    newest = store.unfinished("ada")
    assert newest is not None
    assert "c" == newest.id


def test_progress_is_the_finished_sessions_in_short(store: Store) -> None:
    """Each row has the session's values, and the retry says whose it is."""
    first = closed(gone_on(new_session(), 5))
    retry = machine.branch(first, 2, new_id="retry", started="2026-03-01T10:00:00+00:00")
    retry = closed(gone_on(retry, 2), passed=True)
    running = gone_on(new_session("running", started="2026-03-02T10:00:00+00:00"), 1)
    for session in (first, retry, running):
        store.save(session)
    rows = store.progress("ada")
    assert [("first", None, False, False), ("retry", "first", True, True)] == [
        (row.session, row.retry_of, row.passed, row.with_help) for row in rows
    ]
    for row, session in zip(rows, (first, retry), strict=True):
        assert session_values([turn.score for turn in session.turns]) == row.values
        assert (session.scenario, session.started, session.outcome, session.scorer) == (
            row.scenario,
            row.started,
            row.outcome,
            row.scorer,
        )
    assert [] == store.progress("grace")


def test_a_hint_makes_a_session_one_with_help(store: Store) -> None:
    """Also in the short form that progress reads."""
    store.save(closed(machine.take_hint(gone_on(new_session(), 1))))
    assert [True] == [row.with_help for row in store.progress("ada")]


def test_values_of_a_session_follow_its_turns(store: Store) -> None:
    """Each save brings the session's values up to date; without turns there are none."""
    session = new_session()
    store.save(session)
    session = gone_on(session, 1)
    store.save(session)
    session = closed(gone_on(session, 3))
    store.save(session)
    store.save(closed(new_session("empty", started="2026-03-09T09:00:00+00:00")))
    row, empty = store.progress("ada")
    assert session_values([turn.score for turn in session.turns]) == row.values
    assert ["unscored"] * 3 == [empty.values[dimension].status for dimension in DIMENSIONS]


def test_unscored_is_null_and_says_so(store: Store, database: Path) -> None:
    """A dimension without a score is never 0 in a report."""
    store.save(gone_on(new_session(), 5))
    connection = sqlite3.connect(database)
    found = connection.execute(
        "SELECT number, status, reason, score FROM turn_scores WHERE dimension = 'empathy' "
        "ORDER BY number"
    ).fetchall()
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE turn_scores SET score = 0 WHERE status = 'unscored'")
    connection.close()
    assert [
        (1, "scored", None, 41.1),
        (2, "scored", None, 42.1),
        (3, "unscored", "not_called_for", None),
        (4, "scored", None, 44.1),
        (5, "unscored", "not_text", None),
    ] == found


def test_forgetting_a_person_leaves_no_trace_in_the_files(store: Store, database: Path) -> None:
    """Every session of theirs is gone, also the words in unused pages and the log."""
    first = closed(gone_on(new_session(), 3))
    retry = machine.branch(first, 2, new_id="retry", started="2026-03-02T09:00:00+00:00")
    secret = "the words of ada" * 400
    store.save(first)
    store.save(machine.answer(retry, turn_after(retry, secret)))
    other = gone_on(new_session("hers", person="grace"), 2)
    store.save(other)
    assert 2 == store.forget("ada")
    assert 0 == store.forget("ada")
    assert [] == store.finished("ada")
    assert store.unfinished("ada") is None
    assert other == store.get("hers")
    for file in database.parent.iterdir():
        assert b"words of ada" not in file.read_bytes()
    assert not [line for line in everything_in(database) if "'ada'" in line or "'first'" in line]


def test_export_is_everything_about_a_person(store: Store) -> None:
    """All sessions, running or not, in a form that JSON can hold and that reads back."""
    first = closed(gone_on(new_session(), 2))
    running = gone_on(new_session("running", started="2026-03-02T09:00:00+00:00"), 1)
    store.save(running)
    store.save(first)
    store.save(new_session("hers", person="grace"))
    export = store.export("ada")
    assert "ada" == export["person"]
    assert export["first_seen"].endswith("+00:00")
    assert [first, running] == [Session.model_validate(s) for s in export["sessions"]]
    assert {"person": "nobody", "first_seen": None, "sessions": []} == store.export("nobody")


def test_many_threads_save_and_read_at_once(store: Store) -> None:
    """One store serves every thread of a program."""
    failures: list[BaseException] = []

    def practise(name: str) -> None:
        session = new_session(name, person=name)
        try:
            for _ in range(15):
                session = gone_on(session, 1)
                store.save(session)
                assert session == store.get(name) == store.unfinished(name)
        except BaseException as error:  # noqa: BLE001  # told by the thread that waits
            failures.append(error)

    threads = [threading.Thread(target=practise, args=[f"thread {n}"]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == failures
