"""Grading blind, kept in a real file: who still can, and who has seen too much."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.coaching.blind import BlindGrading, Given
from coachbot.coaching.reviewing import Reviewing
from coachbot.errors import UsageError
from coachbot.session import machine
from coachbot.store import Store
from coachbot.store.database import Database
from tests.store.samples import closed, gone_on, new_session

NOW = "2026-03-05T10:00:00+00:00"
GIVEN = [Given("empathy", 40, comment="Polite."), Given("empathy", 55, turn=2)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Ada in a team, her session of three replies, a further attempt, and two graders."""
    opened = Database(tmp_path / "coachbot.db")
    store = Store(opened)
    first = closed(gone_on(new_session(), 3))
    store.save(first)
    store.save(closed(gone_on(machine.branch(first, 3, new_id="again", started=NOW), 1)))
    with opened.writing() as db:
        db.execute("INSERT INTO people VALUES ('sol', ''), ('vic', '')")
        for number, person in enumerate(("ada", "sol", "vic")):
            db.execute(
                "INSERT INTO members (person, telegram, name, joined) VALUES (?, ?, ?, '')",
                [person, number, person.title()],
            )
        db.execute("INSERT INTO teams VALUES ('North', '')")
        db.execute("INSERT INTO memberships VALUES ('ada', 'North', 'trainee', '')")
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> Store:
    """What is kept."""
    return Store(database)


@pytest.fixture
def blind(store: Store) -> BlindGrading:
    """The use cases."""
    return BlindGrading(store.reading, Reviewing(store.reviews), store.transaction)


def test_blind_grades_are_kept_together_and_flagged(store: Store, blind: BlindGrading) -> None:
    """With what the scorer gave beside them, which the grader had not seen."""
    assert "open" == blind.standing("first", "sol")
    blind.grade("first", GIVEN, graded_by="sol")
    assert [(None, 40.0, True, "Polite."), (2, 55.0, True, None)] == [
        (g.turn, g.grade, g.blind, g.comment) for g in store.reviews.grades("first")
    ]
    assert "graded" == blind.standing("first", "sol")
    assert "open" == blind.standing("first", "vic")


def test_whoever_has_seen_the_scores_is_not_blind(store: Store, blind: BlindGrading) -> None:
    """Nothing is kept of what they send, and they are told where to grade instead."""
    blind.look(["first"], "sol")
    blind.look(["first"], "sol")
    assert "seen" == blind.standing("first", "sol")
    with pytest.raises(UsageError, match="not be blind"):
        blind.grade("first", GIVEN, graded_by="sol")
    assert [] == store.reviews.grades("first")
    blind.grade("first", GIVEN, graded_by="vic")


def test_the_same_person_is_blind_once(store: Store, blind: BlindGrading) -> None:
    """A form that is sent twice keeps the first; so does an open grade given before."""
    blind.grade("first", GIVEN, graded_by="sol")
    with pytest.raises(UsageError, match="graded this conversation already"):
        blind.grade("first", [Given("empathy", 90)], graded_by="sol")
    blind.reviewing.correct("first", "empathy", 10, graded_by="vic", comment="Cold.")
    with pytest.raises(UsageError, match="graded this conversation already"):
        blind.grade("first", GIVEN, graded_by="vic")
    assert 3 == len(store.reviews.grades("first"))


def test_scores_of_shared_replies_are_seen_with_either_attempt(blind: BlindGrading) -> None:
    """The further attempt begins with replies of the first; the first has none of its own."""
    blind.look(["first"], "sol")
    assert "seen" == blind.standing("again", "sol")
    blind.look(["again"], "vic")
    assert ("seen", "open") == (blind.standing("again", "vic"), blind.standing("first", "vic"))


def test_all_or_nothing(store: Store, blind: BlindGrading) -> None:
    """One grade that can't be leaves no other; grades of replies alone are too little."""
    with pytest.raises(UsageError, match="0 to 100"):
        blind.grade("first", [*GIVEN, Given("active_listening", 101)], graded_by="sol")
    with pytest.raises(UsageError, match="whole conversation"):
        blind.grade("first", GIVEN[1:], graded_by="sol")
    assert [] == store.reviews.grades("first")


def test_all_attempts_are_found_from_any_of_them(store: Store) -> None:
    """Oldest first; one that is still going on is not among them."""
    first = store.get("first")
    store.save(gone_on(machine.branch(first, 2, new_id="running", started=NOW), 1))
    for session in ("first", "again", "running"):
        assert ["first", "again"] == store.reading.attempts(session)
    assert [] == store.reading.attempts("nowhere")


def test_what_somebody_has_read_goes_with_them(store: Store, blind: BlindGrading) -> None:
    """It stands in the file of all that is kept about them, and is forgotten with them."""
    blind.look(["first", "again"], "sol")
    read = store.people.export("sol")["sessions_read"]
    assert {"first", "again"} == {row["session_id"] for row in read}
    store.people.forget("sol", NOW)
    assert not store.reading.seen("first", "sol")


def test_who_has_seen_the_scores_is_not_asked_to_grade(store: Store, blind: BlindGrading) -> None:
    """What is proposed for grading can be graded blind."""

    def proposed(grader: str) -> list[str]:
        new, _ = store.trust.candidates(["North"], grader=grader, scorer=None, most=9)
        return [candidate.session for candidate in new]

    blind.look(["first"], "sol")
    assert ([], ["first"]) == (proposed("sol"), proposed("vic"))
