"""Grades, disputes, feelings and focuses, kept in a real file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.coaching.anchors import ANCHORS, WORKED
from coachbot.coaching.reviewing import Reviewing, counting
from coachbot.errors import NotFound, UsageError
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.session import machine
from coachbot.store import Store
from coachbot.store.database import Database
from coachbot.store.reviews import ReviewStore
from tests.store.samples import closed, gone_on, new_session

NOW = "2026-03-05T10:00:00+00:00"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A team with Ada, who has finished a session of two replies, and its supervisor Sol."""
    opened = Database(tmp_path / "coachbot.db")
    store = Store(opened)
    store.save(closed(gone_on(new_session(), 2)))
    with opened.writing() as db:
        db.execute("INSERT INTO people VALUES ('sol', ?), ('vic', ?)", [NOW, NOW])
        for number, person in enumerate(("ada", "sol", "vic")):
            db.execute(
                "INSERT INTO members (person, telegram, name, joined) VALUES (?, ?, ?, ?)",
                [person, number, person.title(), NOW],
            )
    yield opened
    opened.close()


@pytest.fixture
def kept(database: Database) -> ReviewStore:
    """What is kept."""
    return ReviewStore(database)


@pytest.fixture
def reviewing(kept: ReviewStore) -> Reviewing:
    """The use cases, with a clock that goes a minute with every look, and ids 0, 1, 2."""
    minutes, ids = itertools.count(), itertools.count()
    return Reviewing(
        kept,
        now=lambda: f"2026-03-05T10:{next(minutes):02}:00+00:00",
        new_id=lambda: str(next(ids)),
    )


def test_a_confirmed_score_is_graded_as_the_scorer_did(
    reviewing: Reviewing, kept: ReviewStore
) -> None:
    """The grade equals the session's score: 61.7 in both replies, so 61.7."""
    grade = reviewing.confirm("first", "individualized_treatment", graded_by="sol")
    assert (61.7, 61.7, "minilm 1", None, "sol", False, None) == (
        grade.grade,
        grade.score,
        grade.scorer,
        grade.turn,
        grade.graded_by,
        grade.blind,
        grade.comment,
    )
    assert [grade] == kept.grades("first")


def test_a_corrected_reply_keeps_both_numbers_and_the_reason(
    reviewing: Reviewing, kept: ReviewStore
) -> None:
    """The second reply scored 42.1 for empathy; the grade of 70 stands beside it."""
    grade = reviewing.correct(
        "first", "empathy", 70, graded_by="sol", turn=2, comment="  Names the birthday. "
    )
    assert (70.0, 42.1, 2, "Names the birthday.") == (
        grade.grade,
        grade.score,
        grade.turn,
        grade.comment,
    )
    assert [grade] == kept.grades("first")


def test_of_one_persons_grades_the_newest_counts_and_none_is_lost(
    reviewing: Reviewing, kept: ReviewStore
) -> None:
    """Sol grades twice and Vic once: three are kept, Sol's second and Vic's count."""
    reviewing.correct("first", "empathy", 20, graded_by="sol", comment="Stock phrase.")
    reviewing.grade_blind("first", "empathy", 50, graded_by="vic")
    reviewing.correct("first", "empathy", 60, graded_by="sol", comment="Read it again.")
    assert [20, 50, 60] == [grade.grade for grade in kept.grades("first")]
    assert [("vic", 50, True), ("sol", 60, False)] == [
        (grade.graded_by, grade.grade, grade.blind) for grade in counting(kept.grades("first"))
    ]


def test_a_reply_that_a_retry_shares_is_graded_where_it_was_written(
    database: Database, reviewing: Reviewing, kept: ReviewStore
) -> None:
    """Reply 1 belongs to the first attempt, reply 2 of the retry to the retry alone."""
    first = Store(database).get("first")
    retry = machine.branch(first, 2, new_id="second", started=NOW)
    Store(database).save(closed(gone_on(retry, 1)))
    shared = reviewing.confirm("second", "empathy", graded_by="sol", turn=1)
    own = reviewing.confirm("second", "empathy", graded_by="sol", turn=2)
    old = reviewing.confirm("first", "empathy", graded_by="sol", turn=2)
    assert ("first", "second") == (shared.session, own.session)
    assert [shared, own] == kept.grades("second")
    assert [shared, old] == kept.grades("first")


def test_grades_stay_when_their_grader_is_forgotten(
    database: Database, reviewing: Reviewing, kept: ReviewStore
) -> None:
    """The grade is kept, without who gave it."""
    reviewing.confirm("first", "empathy", graded_by="sol")
    Store(database).forget("sol")
    assert [None] == [grade.graded_by for grade in kept.grades("first")]


@pytest.mark.parametrize("grade", [-1, 100.5, float("nan"), float("inf")])
def test_a_grade_outside_its_range_is_refused(
    reviewing: Reviewing, kept: ReviewStore, grade: float
) -> None:
    """Nothing is kept, and the range is said."""
    with pytest.raises(UsageError, match="from 0 to 100"):
        reviewing.correct("first", "empathy", grade, graded_by="sol", comment="So.")
    assert [] == kept.grades("first")


def test_a_correction_without_a_reason_is_refused(reviewing: Reviewing) -> None:
    """Blanks and characters that can't be seen are no reason."""
    with pytest.raises(UsageError, match="why you see it otherwise"):
        reviewing.correct("first", "empathy", 70, graded_by="sol", comment=" \n\u200b")


def test_what_was_not_scored_can_be_graded_but_not_confirmed(
    database: Database, reviewing: Reviewing
) -> None:
    """The third reply called for no empathy."""
    Store(database).save(closed(gone_on(new_session("long"), 3)))
    with pytest.raises(UsageError, match="no score for empathy here to confirm"):
        reviewing.confirm("long", "empathy", graded_by="sol", turn=3)
    grade = reviewing.correct(
        "long", "empathy", 10, graded_by="sol", turn=3, comment="He was upset again."
    )
    assert (None, 10) == (grade.score, grade.grade)


def test_a_conversation_that_goes_on_can_not_be_judged(
    database: Database, reviewing: Reviewing
) -> None:
    """Grades, disputes and feelings wait for its end."""
    Store(database).save(gone_on(new_session("open"), 1))
    with pytest.raises(UsageError, match="still going on"):
        reviewing.confirm("open", "empathy", graded_by="sol")
    with pytest.raises(UsageError, match="still going on"):
        reviewing.dispute("open", "empathy", "Too low.")
    with pytest.raises(UsageError, match="still going on"):
        reviewing.felt("open", 3)


def test_what_is_not_there_is_not_found(reviewing: Reviewing) -> None:
    """A session, a reply, a dispute and a focus that don't exist are named."""
    with pytest.raises(NotFound, match="no session 'nowhere'"):
        reviewing.confirm("nowhere", "empathy", graded_by="sol")
    with pytest.raises(NotFound, match="no reply 3"):
        reviewing.confirm("first", "empathy", graded_by="sol", turn=3)
    with pytest.raises(NotFound, match="no question 'x'"):
        reviewing.answer("x", "Because.", answered_by="sol")
    with pytest.raises(NotFound, match="no focus 'x'"):
        reviewing.agree("x")
    with pytest.raises(NotFound, match="no member 'nobody'"):
        reviewing.propose_focus("nobody", "empathy", "Say it.", made_by="sol")


def test_a_dispute_is_opened_and_answered_once(reviewing: Reviewing, kept: ReviewStore) -> None:
    """The second answer is refused and the first one stays."""
    opened = reviewing.dispute("first", "empathy", "  I did name the birthday.\n")
    assert ("I did name the birthday.", None) == (opened.comment, opened.answer)
    answered = reviewing.answer(opened.id, "You did; I have graded it 70.", answered_by="sol")
    with pytest.raises(UsageError, match="answered already"):
        reviewing.answer(opened.id, "No.", answered_by="vic")
    assert [answered] == kept.disputes("first")
    assert ("You did; I have graded it 70.", "sol", "2026-03-05T10:01:00+00:00") == (
        answered.answer,
        answered.answered_by,
        answered.answered,
    )


def test_one_dispute_at_a_time_for_a_dimension_of_a_session(
    reviewing: Reviewing, kept: ReviewStore
) -> None:
    """Another dimension may be questioned meanwhile, and this one again once it was answered."""
    opened = reviewing.dispute("first", "empathy", "Too low.")
    with pytest.raises(UsageError, match="already questioned the score for empathy"):
        reviewing.dispute("first", "empathy", "Far too low.")
    reviewing.dispute("first", "active_listening", "I asked him.")
    reviewing.answer(opened.id, "It stays.", answered_by="sol")
    reviewing.dispute("first", "empathy", "Still too low.")
    assert ["Too low.", "I asked him.", "Still too low."] == [
        dispute.comment for dispute in kept.disputes("first")
    ]


@pytest.mark.parametrize("length", [1, 1000])
def test_a_comment_may_have_1000_characters(reviewing: Reviewing, length: int) -> None:
    """What counts are characters, not bytes."""
    assert "ü" * length == reviewing.dispute("first", "empathy", "ü" * length).comment


@pytest.mark.parametrize(
    ("comment", "said"),
    [("", "what you see otherwise"), (" \n\ud83d", "what you see"), ("x" * 1001, "1,001")],
)
def test_a_comment_that_says_nothing_or_too_much_is_refused(
    reviewing: Reviewing, kept: ReviewStore, comment: str, said: str
) -> None:
    """Nothing is kept."""
    with pytest.raises(UsageError, match=said):
        reviewing.dispute("first", "empathy", comment)
    assert [] == kept.disputes("first")


def test_a_feeling_can_be_changed(reviewing: Reviewing, kept: ReviewStore) -> None:
    """The last one said is the one kept."""
    assert kept.feeling("first") is None
    reviewing.felt("first", 2)
    changed = reviewing.felt("first", 5)
    assert changed == kept.feeling("first")
    assert 5 == changed.feeling


@pytest.mark.parametrize("feeling", [0, 6])
def test_a_feeling_goes_from_1_to_5(reviewing: Reviewing, feeling: int) -> None:
    """Anything else is refused."""
    with pytest.raises(UsageError, match="from 1"):
        reviewing.felt("first", feeling)


def test_a_focus_is_proposed_agreed_on_and_ended(reviewing: Reviewing, kept: ReviewStore) -> None:
    """Each step is kept with its time, and none can be taken twice."""
    proposed = reviewing.propose_focus(
        "ada", "active_listening", "Say back\n what they lost.", made_by="sol"
    )
    assert "Say back what they lost." == proposed.text
    agreed = reviewing.agree(proposed.id)
    assert [agreed] == kept.focuses("ada")
    with pytest.raises(UsageError, match="agreed on this focus already"):
        reviewing.agree(proposed.id)
    ended = reviewing.end_focus(proposed.id, "She does it in most openings now.")
    assert [ended] == kept.focuses("ada")
    assert ("2026-03-05T10:00:00+00:00", "2026-03-05T10:01:00+00:00") == (ended.made, ended.agreed)
    assert "She does it in most openings now." == ended.result
    with pytest.raises(UsageError, match="ended already"):
        reviewing.end_focus(proposed.id, "Again.")
    with pytest.raises(UsageError, match="has ended"):
        reviewing.agree(proposed.id)


def test_one_focus_at_a_time(reviewing: Reviewing, kept: ReviewStore) -> None:
    """The next one can be proposed once the one before has ended, agreed on or not."""
    first = reviewing.propose_focus("ada", "empathy", "Name the feeling.", made_by="sol")
    with pytest.raises(UsageError, match="One at a time"):
        reviewing.propose_focus("ada", "empathy", "Ask first.", made_by="vic")
    reviewing.end_focus(first.id, "Dropped.")
    reviewing.propose_focus("ada", "empathy", "Ask first.", made_by="vic")
    assert ["Ask first.", "Name the feeling."] == [focus.text for focus in kept.focuses("ada")]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_each_dimension_has_five_anchors_and_a_worked_example(dimension: Dimension) -> None:
    """The steps go from 0 to 100, each says something of its own."""
    anchors = ANCHORS[dimension]
    assert [0, 25, 50, 75, 100] == [anchor.grade for anchor in anchors]
    assert 5 == len({anchor.text for anchor in anchors})
    assert all(anchor.text.endswith(".") and len(anchor.text) <= 100 for anchor in anchors)
    worked = WORKED[dimension]
    assert 0 <= worked.grade <= 100
    assert worked.customer != worked.reply
