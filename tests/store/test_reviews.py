"""What a team's view and export are read from, in a real file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.coaching.reviewing import Dispute, Grade
from coachbot.reporting.progress import development
from coachbot.reporting.team import Practised
from coachbot.scoring.interface import DimensionScore
from coachbot.session import machine
from coachbot.session.models import Session
from coachbot.store import Store
from coachbot.store.database import Database
from coachbot.store.reviews import BATCH, ReviewStore
from tests.store.samples import closed, gone_on, new_session

SINCE = "2026-03-10T00:00:00+00:00"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty file with a team North."""
    opened = Database(tmp_path / "coachbot.db")
    with opened.writing() as db:
        db.execute("INSERT INTO teams VALUES ('North', '')")
    yield opened
    opened.close()


@pytest.fixture
def kept(database: Database) -> ReviewStore:
    """What is kept."""
    return ReviewStore(database)


def join(database: Database, person: str, role: str = "trainee") -> None:
    """Somebody joins the team North, under their id with a capital letter as the name."""
    with database.writing() as db:
        (number,) = db.execute("SELECT count(*) FROM members").fetchone()
        db.execute("INSERT OR IGNORE INTO people VALUES (?, '')", [person])
        db.execute(
            "INSERT INTO members (person, telegram, name, joined) VALUES (?, ?, ?, '')",
            [person, number, person.title()],
        )
        db.execute("INSERT INTO memberships VALUES (?, 'North', ?, '')", [person, role])


def on(day: int, person: str = "ada", *, empathy: float = 40.0) -> Session:
    """A finished session of one reply on a day of March with this score for empathy."""
    session = new_session(
        f"{person}-{day}", person=person, started=f"2026-03-{day:02}T09:00:00+00:00"
    )
    session = gone_on(session, 1)
    (turn,) = session.turns
    assert turn.score.dimensions is not None
    value = DimensionScore(
        status="scored", score=empathy, low=max(0, empathy - 5), high=min(100, empathy + 5)
    )
    scores = turn.score.dimensions.model_copy(update={"empathy": value})
    score = turn.score.model_copy(update={"dimensions": scores})
    return closed(session.model_copy(update={"turns": (turn.model_copy(update={"score": score}),)}))


def by_person(kept: ReviewStore) -> dict[str, Practised]:
    """The team as its view reads it."""
    return {one.person: one for one in kept.practised("north", SINCE)}


def test_the_trainees_of_a_team_are_read_with_their_counts(
    database: Database, kept: ReviewStore
) -> None:
    """Retries and conversations that go on are no finished sessions, but they are practice."""
    for person, role in (("bo", "trainee"), ("ada", "trainee"), ("sol", "supervisor")):
        join(database, person, role)
    store = Store(database)
    for day in (1, 9, 10):
        store.save(on(day))
    retry = machine.branch(on(10), 1, new_id="retry", started="2026-03-11T09:00:00+00:00")
    store.save(closed(gone_on(retry, 1)))
    going_on = new_session("going-on", started="2026-03-12T09:00:00+00:00")
    store.save(gone_on(going_on, 1))
    store.save(new_session("brief", started="2026-03-13T09:00:00+00:00"))
    found = kept.practised("North", SINCE)
    assert [
        ("Ada", 3, 1, "2026-03-12T09:00:00+00:00"),
        ("Bo", 0, 0, None),
    ] == [(one.name, one.sessions, one.recent, one.last_practised) for one in found]
    assert ["ada-1", "ada-9", "ada-10"] == [row.session for row in found[0].rows]
    assert () == found[1].rows


def test_the_rows_of_a_few_sessions_are_those_of_progress(
    database: Database, kept: ReviewStore
) -> None:
    """Every value, range, outcome and note on help is the same."""
    join(database, "ada")
    store = Store(database)
    for day in range(1, 6):
        store.save(on(day, empathy=10.0 * day))
    assert tuple(store.progress("ada")) == by_person(kept)["ada"].rows


def test_trends_of_many_sessions_come_from_their_ends(
    database: Database, kept: ReviewStore
) -> None:
    """Of 20 sessions nine are read, and the trend is that of all of them: 20 to 190 / 3."""
    join(database, "ada")
    store = Store(database)
    for day in range(1, 21):
        store.save(on(day, empathy={1: 10, 2: 20, 3: 30, 18: 60, 19: 60, 20: 70}.get(day, 99)))
    rows = by_person(kept)["ada"].rows
    assert [1, 2, 3, 15, 16, 17, 18, 19, 20] == [int(row.started[8:10]) for row in rows]
    trend, whole = (
        {trend.dimension: trend for trend in development(found)}["empathy"]
        for found in (rows, store.progress("ada"))
    )
    assert (20.0, 190 / 3, True) == (trend.first, trend.last, trend.clear)
    assert whole.text == trend.text


def test_trends_after_a_new_scorer_come_from_its_own_sessions(
    database: Database, kept: ReviewStore
) -> None:
    """Twelve by the older one and seven by the newer: those seven, and the trend of all rows."""
    join(database, "ada")
    store = Store(database)
    for day in range(1, 20):
        session = on(day, empathy=90.0 if day <= 12 else 20.0 + day)
        store.save(session.model_copy(update={"scorer": "old" if day <= 12 else "new"}))
    rows = by_person(kept)["ada"].rows
    assert list(range(13, 20)) == [int(row.started[8:10]) for row in rows]
    trend, whole = (
        {trend.dimension: trend for trend in development(found)}["empathy"]
        for found in (rows, store.progress("ada"))
    )
    assert (34.0, 38.0, "unclear") == (trend.first, trend.last, trend.direction)
    assert whole.text == trend.text


def test_open_disputes_are_counted_until_they_are_answered(
    database: Database, kept: ReviewStore
) -> None:
    """And the list of them says whose they are."""
    join(database, "ada")
    join(database, "bo")
    Store(database).save(on(1))
    dispute = Dispute(
        id="d", session="ada-1", dimension="empathy", comment="Why?", opened="2026-03-02"
    )
    assert kept.add_dispute(dispute)
    assert {"ada": 1, "bo": 0} == {p: one.open_disputes for p, one in by_person(kept).items()}
    assert [("ada", dispute)] == kept.open_disputes("NORTH")
    answer = {"answer": "So.", "answered_by": "bo", "answered": "2026-03-03"}
    assert kept.answer_dispute(dispute.model_copy(update=answer))
    assert 0 == by_person(kept)["ada"].open_disputes
    assert [] == kept.open_disputes("North")


def statements(database: Database, kept: ReviewStore) -> int:
    """How many statements the view of the team takes."""
    seen: list[str] = []
    reader = database._borrow_reader()
    reader.conn.set_trace_callback(seen.append)
    database._give_back(reader)
    kept.practised("North", SINCE)
    kept.assigned("North")
    reader.conn.set_trace_callback(None)
    return sum(text.strip().startswith(("SELECT", "WITH")) for text in seen)


def test_a_larger_team_takes_no_more_statements(database: Database, kept: ReviewStore) -> None:
    """Five, for one person and for nine: three for the practice, two for assignments."""
    join(database, "ada")
    Store(database).save(on(1))
    assert 5 == statements(database, kept)
    for number in range(8):
        join(database, f"p{number}")
        Store(database).save(on(2, f"p{number}"))
    assert 5 == statements(database, kept)


def test_hidden_needs_are_known_by_the_session_that_found_them(
    database: Database, kept: ReviewStore
) -> None:
    """The sample's every reply finds the birthday; a retry is not asked."""
    store = Store(database)
    store.save(on(1))
    store.save(closed(new_session("empty")))
    retry = machine.branch(on(1), 1, new_id="retry", started="2026-03-11T09:00:00+00:00")
    store.save(closed(gone_on(retry, 1)))
    assert {"ada-1": ("birthday",)} == kept.needs_found("ada")


def test_an_export_has_a_row_for_each_finished_session_and_dimension(
    database: Database, kept: ReviewStore
) -> None:
    """With the newest grade of the session as a whole; others' sessions stay out."""
    for person, role in (("ada", "trainee"), ("sol", "supervisor")):
        join(database, person, role)
    store = Store(database)
    store.save(on(1))
    store.save(on(2, "sol"))
    store.save(on(3, "stranger"))
    store.save(new_session("going-on"))
    for number, (turn, value) in enumerate([(None, 50.0), (None, 60.0), (1, 70.0)]):
        kept.add_grade(
            Grade(
                id=str(number),
                session="ada-1",
                turn=turn,
                dimension="empathy",
                graded_by="sol",
                grade=value,
                score=40,
                scorer="minilm 1",
                blind=False,
                comment="So.",
                graded="2026-03-02T09:00:00+00:00",
            )
        )
    rows = list(kept.export_rows("North"))
    assert [
        ("ada-1", "empathy", 40.0, 35.0, 45.0, 60.0, "Sol"),
        ("ada-1", "active_listening", 0.0, 0.0, 12.5, None, None),
        ("ada-1", "individualized_treatment", 61.7, 50.0, 80.0, None, None),
    ] == [
        (row.session, row.dimension, row.score, row.low, row.high, row.grade, row.graded_by)
        for row in rows
    ]


def test_an_export_goes_on_where_a_batch_ends(database: Database, kept: ReviewStore) -> None:
    """Every session comes once, in order, although more than a batch are stored."""
    join(database, "ada")
    Store(database).save(on(1))
    with database.writing() as db:
        (row,) = db.query("SELECT * FROM sessions")
        (last, *_) = scores = list(db.query("SELECT * FROM session_scores"))
        assert "ada-1" == last["session_id"]
        for number in range(2, BATCH + 3):
            db.table("sessions").insert({**row, "sequence": number, "id": f"s{number}"})
            db.table("session_scores").insert_all(
                {**score, "session_id": f"s{number}"} for score in scores
            )
    found = [row.session for row in kept.export_rows("North")]
    assert ["ada-1", *(f"s{number}" for number in range(2, BATCH + 3))] == found[::3]
    assert 3 * (BATCH + 2) == len(found)
