"""What is assigned, where people stand, and whom to remind, kept in a real file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from coachbot.coaching.assigning import Assigning, Assignment, Played, standing
from coachbot.errors import NotFound, UsageError
from coachbot.session.models import Session
from coachbot.store import Store
from coachbot.store.database import Database
from coachbot.store.reviews import ReviewStore
from tests.store.samples import closed, gone_on, new_session

MADE = "2026-03-02T08:00:00+00:00"
TODAY = date(2026, 3, 4)


class Shelf:
    """Two scenarios."""

    def reference(self, id_or_path: str) -> str:
        """Only these exist."""
        if id_or_path not in ("late-parcel", "bereaved"):
            raise NotFound(f"There is no scenario {id_or_path!r}.")
        return id_or_path


class Clock:
    """Says what it was told."""

    def __init__(self) -> None:
        self.now = MADE

    def __call__(self) -> str:
        """The time, UTC."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The time at which things are assigned."""
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Team North: trainees Ada and Bo, supervisor Sol. Team South: trainee Cy."""
    opened = Database(tmp_path / "coachbot.db")
    with opened.writing() as db:
        db.execute("INSERT INTO teams VALUES ('North', ?), ('South', ?)", [MADE, MADE])
        for number, (person, team, role) in enumerate(
            [
                ("ada", "North", "trainee"),
                ("bo", "North", "trainee"),
                ("cy", "South", "trainee"),
                ("sol", "North", "supervisor"),
            ]
        ):
            db.execute("INSERT INTO people VALUES (?, ?)", [person, MADE])
            db.execute(
                "INSERT INTO members (person, telegram, name, joined) VALUES (?, ?, ?, ?)",
                [person, number, person.title(), MADE],
            )
            db.execute("INSERT INTO memberships VALUES (?, ?, ?, ?)", [person, team, role, MADE])
    yield opened
    opened.close()


@pytest.fixture
def assigning(database: Database, clock: Clock) -> Assigning:
    """The use cases, in UTC."""
    ids = itertools.count(1)
    return Assigning(ReviewStore(database), Shelf(), now=clock, new_id=lambda: f"a{next(ids)}")


def done(session: Session, *, passed: bool) -> Session:
    """The session at its debrief, resolved if it passed."""
    ended = closed(gone_on(session, 1), passed=passed)
    return ended.model_copy(update={"outcome": "resolved"}) if passed else ended


def an_assignment(**changes: Any) -> Assignment:
    """Late parcel, for the team North, until 4 March."""
    values: dict[str, Any] = {
        "id": "a1",
        "scenario": "late-parcel",
        "team": "North",
        "person": None,
        "made": MADE,
        "made_by": "sol",
        "due": "2026-03-04",
    }
    return Assignment(**{**values, **changes})


def played(day: int, **changes: Any) -> Played:
    """A session on a day of March at noon, finished and not passed."""
    values: dict[str, Any] = {
        "session": f"s{day}",
        "person": "ada",
        "scenario": "late-parcel",
        "started": f"2026-03-{day:02}T12:00:00+00:00",
        "finished": True,
        "replied": True,
        "outcome": "left",
        "passed": False,
        "with_help": False,
        "scores": (30.0, 40.0),
    }
    return Played(**{**values, **changes})


GOING_ON: dict[str, Any] = {"finished": False, "outcome": None, "passed": None}
PASSED: dict[str, Any] = {"outcome": "resolved", "passed": True}


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ([], ("not_begun", 0, 2)),
        # Before it was assigned, of another scenario, a retry, and a brief that was only read.
        (
            [
                played(1, **PASSED),
                played(3, scenario="bereaved", **PASSED),
                played(3, retry_of="s2", **PASSED),
                played(3, **GOING_ON, replied=False),
            ],
            ("not_begun", 0, 2),
        ),
        ([played(2, **GOING_ON)], ("under_way", 1, 1)),
        ([played(2)], ("under_way", 1, 1)),
        ([played(2), played(3, **GOING_ON)], ("under_way", 2, 0)),
        ([played(2), played(3)], ("used_up", 2, 0)),
        ([played(3, **PASSED), played(2)], ("passed", 2, 0)),
        # The third is free practice.
        ([played(2), played(3), played(4, **PASSED)], ("used_up", 2, 0)),
        # Left for a new one: both are attempts.
        ([played(2, **GOING_ON), played(3), played(4)], ("used_up", 2, 0)),
    ],
)
def test_where_somebody_stands_with_two_attempts(
    sessions: list[Played], expected: tuple[str, int, int]
) -> None:
    """By the written rules, on the due date itself."""
    found = standing(an_assignment(attempts=2), sessions, today=TODAY)
    assert expected == (found.status, found.attempts, found.left)


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ([], "overdue"),
        ([played(3)], "overdue"),
        ([played(3, **GOING_ON)], "overdue"),
        ([played(2), played(3)], "used_up"),
        ([played(4, **PASSED)], "passed"),
    ],
)
def test_the_day_after_the_due_date_what_is_open_is_overdue(
    sessions: list[Played], expected: str
) -> None:
    """What is passed or used up stays that."""
    found = standing(an_assignment(attempts=2), sessions, today=TODAY + timedelta(days=1))
    assert expected == found.status


@pytest.mark.parametrize(
    ("scores", "outcome", "expected"),
    [
        ((45.0, 60.0), "resolved", "passed"),
        ((44.9, 60.0), "resolved", "under_way"),
        ((90.0, 90.0), "resolved_coldly", "under_way"),
        ((), "resolved", "passed"),
    ],
)
def test_a_pass_mark_of_its_own_holds_for_all_dimensions_alike(
    scores: tuple[float, ...], outcome: str, expected: str
) -> None:
    """With 45 as the mark; whether the scenario's own marks were met does not matter."""
    session = played(3, scores=scores, outcome=outcome, passed=False)
    assert expected == standing(an_assignment(pass_mark=45), [session], today=TODAY).status


def test_a_late_pass_with_hints_says_both() -> None:
    """It passes all the same; the session is named."""
    found = standing(an_assignment(), [played(5, with_help=True, **PASSED)], today=date(2026, 3, 6))
    assert ("passed", "s5", True, True, None) == (
        found.status,
        found.session,
        found.with_help,
        found.late,
        found.left,
    )


def test_the_store_knows_what_standings_need(database: Database, assigning: Assigning) -> None:
    """Ada passed and then retried a turn, Bo has read the brief: passed, and not begun."""
    assigning.assign("late-parcel", team="North", made_by="sol", attempts=3)
    sessions = Store(database)
    sessions.save(done(new_session("old", started="2026-03-01T09:00:00+00:00"), passed=True))
    sessions.save(done(new_session("new", started="2026-03-03T09:00:00+00:00"), passed=True))
    sessions.save(new_session("read", person="bo", started="2026-03-03T09:00:00+00:00"))
    ((_, where),) = assigning.of_person("ada")
    assert ("passed", "new", 1, 2) == (where.status, where.session, where.attempts, where.left)
    ((_, where),) = assigning.of_person("bo")
    assert ("not_begun", 0) == (where.status, where.attempts)
    assert [] == assigning.of_person("sol")
    assert [] == assigning.of_person("cy")


def test_an_assignment_to_one_person_is_only_theirs(assigning: Assigning) -> None:
    """It comes back as it was made, and team names are one in any case."""
    made = assigning.assign(
        "bereaved",
        team="north",
        person="bo",
        made_by="sol",
        due=TODAY,
        pass_mark=50,
        attempts=1,
    )
    expected = made.model_copy(update={"team": "North"})
    assert [expected] == [one for one, _ in assigning.of_person("bo")]
    assert [] == assigning.of_person("ada")


def test_a_withdrawn_assignment_is_nobodys(assigning: Assigning) -> None:
    """It can be withdrawn once, and assigned anew."""
    made = assigning.assign("bereaved", team="North", made_by="sol")
    assert MADE == assigning.withdraw(made.id).withdrawn
    assert [] == assigning.of_person("ada")
    with pytest.raises(UsageError, match="withdrawn already"):
        assigning.withdraw(made.id)
    assigning.assign("bereaved", team="North", made_by="sol")
    assert ["a2"] == [one.id for one, _ in assigning.of_person("ada")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pass_mark": 101}, "0 to 100"),
        ({"attempts": 0}, "at least one attempt"),
        ({"due": date(2026, 3, 1)}, "2026-03-01 is past"),
        ({"team": "West"}, "nobody in a team 'West'"),
        ({"person": "cy"}, "not in the team"),
    ],
)
def test_what_can_not_be_assigned_is_refused(
    assigning: Assigning, changes: dict[str, Any], said: str
) -> None:
    """Each says what is wrong, and nothing is assigned."""
    with pytest.raises(UsageError, match=said):
        assigning.assign("bereaved", **{"team": "North", "made_by": "sol", **changes})
    assert [] == assigning.of_person("ada")


def test_the_same_is_not_assigned_twice_at_a_time(assigning: Assigning, clock: Clock) -> None:
    """After the due date it may be assigned again."""
    assigning.assign("bereaved", team="North", made_by="sol", due=TODAY)
    with pytest.raises(UsageError, match="assigned to them already, due 2026-03-04"):
        assigning.assign("bereaved", team="North", made_by="sol")
    with pytest.raises(NotFound, match="no scenario 'lost'"):
        assigning.assign("lost", team="North", made_by="sol")
    clock.now = "2026-03-05T00:00:00+00:00"
    assigning.assign("bereaved", team="North", made_by="sol")
    assert ["a1", "a2"] == [one.id for one, _ in assigning.of_person("ada")]


def reminded(assigning: Assigning, now: str) -> list[tuple[str, str, bool]]:
    """Whom to remind at a time; each is claimed, as whoever sends it does."""
    found = assigning.due_reminders(now)
    assert all(assigning.claim(one) for one in found)
    return [(one.person, one.standing.status, one.due_today) for one in found]


def test_people_are_reminded_the_day_before_and_on_the_day_once_each(
    database: Database, assigning: Assigning
) -> None:
    """Not before nine, not two days before, not after; and nobody who is done."""
    assigning.assign("late-parcel", team="North", made_by="sol", due=date(2026, 3, 5))
    assert [] == reminded(assigning, "2026-03-03T12:00:00+00:00")
    assert [] == reminded(assigning, "2026-03-04T08:59:00+00:00")
    both = [("ada", "not_begun", False), ("bo", "not_begun", False)]
    assert both == reminded(assigning, "2026-03-04T09:00:00+00:00")
    assert [] == reminded(assigning, "2026-03-04T09:01:00+00:00")
    Store(database).save(done(new_session("new", started="2026-03-04T20:00:00+00:00"), passed=True))
    assert [("bo", "not_begun", True)] == reminded(assigning, "2026-03-05T09:00:00+00:00")
    assert [] == reminded(assigning, "2026-03-05T23:00:00+00:00")
    assert [] == reminded(assigning, "2026-03-06T09:00:00+00:00")


def test_a_reminder_can_be_claimed_once_whoever_asks(assigning: Assigning) -> None:
    """Of two that saw it due, one may send it; a claim that is rolled back is none."""
    made = assigning.assign(
        "late-parcel", team="North", person="bo", made_by="sol", due=date(2026, 3, 4)
    )
    (one,) = assigning.due_reminders("2026-03-03T09:00:00+00:00")
    (other,) = assigning.due_reminders("2026-03-03T09:00:00+00:00")
    assert (made.id, "bo", "2026-03-03") == (one.assignment.id, one.person, one.day)
    assert [True, False] == [assigning.claim(one), assigning.claim(other)]


def test_a_claim_is_undone_with_the_transaction_that_it_is_part_of(
    database: Database, assigning: Assigning
) -> None:
    """When the message could not be queued, it is still due."""
    assigning.assign("late-parcel", team="North", person="bo", made_by="sol", due=TODAY)
    (one,) = assigning.due_reminders("2026-03-03T09:00:00+00:00")

    def queue_nothing() -> None:
        with database.writing():
            assert assigning.claim(one)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        queue_nothing()
    assert [one] == assigning.due_reminders("2026-03-03T09:00:00+00:00")


def test_nobody_is_reminded_on_the_day_it_was_assigned(assigning: Assigning, clock: Clock) -> None:
    """They have just been told."""
    clock.now = "2026-03-03T08:00:00+00:00"
    assigning.assign("late-parcel", team="North", person="bo", made_by="sol", due=TODAY)
    assert [] == reminded(assigning, "2026-03-03T10:00:00+00:00")
    assert [("bo", "not_begun", True)] == reminded(assigning, "2026-03-04T10:00:00+00:00")


@pytest.mark.parametrize("column", ["reminders", "reachable"])
def test_who_switched_reminders_off_or_can_not_be_reached_gets_none(
    database: Database, assigning: Assigning, column: str
) -> None:
    """The others still do."""
    assigning.assign("late-parcel", team="North", made_by="sol", due=TODAY)
    with database.writing() as db:
        db.execute(f"UPDATE members SET {column} = 0 WHERE person = 'ada'")  # noqa: S608 - above
    assert [("bo", "not_begun", True)] == reminded(assigning, "2026-03-04T10:00:00+00:00")


def test_a_withdrawn_assignment_reminds_nobody(assigning: Assigning) -> None:
    """Nor does one that is due on no day."""
    made = assigning.assign("late-parcel", team="North", made_by="sol", due=TODAY)
    assigning.assign("bereaved", team="North", made_by="sol")
    assigning.withdraw(made.id)
    assert [] == reminded(assigning, "2026-03-04T10:00:00+00:00")


def test_days_begin_where_the_team_is(assigning: Assigning) -> None:
    """At 23:30 UTC on the 3rd it is 9:30 of the 4th, ten hours further east."""
    east = Assigning(
        assigning.repository, Shelf(), now=assigning.now, zone=timezone(timedelta(hours=10))
    )
    assigning.assign("late-parcel", team="North", person="bo", made_by="sol", due=TODAY)
    assert [("bo", "not_begun", True)] == reminded(east, "2026-03-03T23:30:00+00:00")
