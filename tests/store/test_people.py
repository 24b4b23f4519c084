"""People in SQLite: kept, changed, exported, counted and forgotten without a trace."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from coachbot.coaching.people import Invitation, Member, People, PeopleRepository, Role
from coachbot.errors import NotFound, StoreError
from coachbot.session import machine
from coachbot.session.models import Session
from coachbot.store.database import Database
from coachbot.store.people import PeopleStore
from coachbot.store.sessions import Store
from tests.store.samples import closed, gone_on, new_session, turn_after

NOW = "2026-03-10T09:00:00.000+00:00"
LATER = "2026-04-10T09:00:00.000+00:00"


@pytest.fixture
def opened(database: Path) -> Iterator[Database]:
    """The file, with its tables."""
    with closing(Database(database)) as one:
        yield one


@pytest.fixture
def people(opened: Database) -> PeopleStore:
    """The people in it: nobody."""
    return PeopleStore(opened)


@pytest.fixture
def sessions(opened: Database) -> Store:
    """The sessions beside them."""
    return Store(opened)


def come(people: PeopleStore, number: int, name: str, *roles: Role, team: str = "Sales") -> Member:
    """Put somebody into a team."""
    new = Member(person=f"tg:{number}", telegram=number, name=name, joined=NOW)
    people.join(new, team, roles or ("trainee",), NOW)
    return here(people, new.person)


def here(people: PeopleStore, person: str) -> Member:
    """Somebody who has to be there."""
    found = people.member(person)
    assert found is not None
    return found


def run(opened: Database, sql: str, *values: object) -> None:
    """Write something that another part of the program would."""
    with opened.writing() as db:
        db.execute(sql, values)


def all_of(opened: Database, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table."""
    with opened.reading() as db:
        return db.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608


def saved_at(opened: Database, session_id: str, time: str) -> None:
    """Say when something last happened in a session."""
    run(opened, "UPDATE sessions SET saved = ? WHERE id = ?", time, session_id)


# --- Who is there -----------------------------------------------------------------------------


def test_the_store_is_a_repository_of_people(people: PeopleStore) -> None:
    """Coaching can use it where it asks for one."""
    repository: PeopleRepository = people
    assert repository.member("tg:7") is None
    assert repository.by_telegram(7) is None
    assert () == repository.teams()
    assert () == repository.members("Sales")


def test_people_of_a_team_by_role_and_name(people: PeopleStore) -> None:
    """In the order of their names; a team's name in any case."""
    come(people, 1, "zoe", "trainee", "supervisor")
    come(people, 2, "Ada")
    come(people, 3, "Bo", team="Repairs")
    assert ["Ada", "zoe"] == [m.name for m in people.members("Sales")]
    assert ["zoe"] == [m.name for m in people.members("sALES", "supervisor")]
    assert [] == list(people.members("Repairs", "supervisor"))
    assert ("Repairs", "Sales") == people.teams()
    assert people.anyone()


def test_a_supervisor_is_anyone_and_others_are_not(people: PeopleStore) -> None:
    """There is somebody to ask as soon as there is a supervisor."""
    come(people, 1, "Ada", "trainee", "trainer")
    assert not people.anyone()


def test_what_changes_somebody(people: PeopleStore, sessions: Store) -> None:
    """Each setting is what was set last, and nobody else's changes."""
    ada, bo = come(people, 1, "Ada"), come(people, 2, "Bo")
    sessions.save(new_session("hers", person=ada.person))
    people.set_name(ada.person, "Zoë – 🎂")
    people.set_feedback(ada.person, "each")
    people.set_reminders(ada.person, False)
    people.set_reachable(ada.person, False)
    people.set_session(ada.person, "hers")
    people.set_awaiting(ada.person, {"form": "dispute", "turn": 3, "words": "it's “not” so"})
    expected = {
        "name": "Zoë – 🎂",
        "feedback": "each",
        "reminders": False,
        "reachable": False,
        "session_id": "hers",
        "awaiting": {"form": "dispute", "turn": 3, "words": "it's “not” so"},
    }
    assert ada.model_copy(update=expected) == here(people, ada.person)
    assert bo == here(people, bo.person)
    people.set_session(ada.person, None)
    people.set_awaiting(ada.person, None)
    now = here(people, ada.person)
    assert (None, None) == (now.session_id, now.awaiting)


def test_nobody_is_changed_who_is_not_there(people: PeopleStore, sessions: Store) -> None:
    """The error says so; a session of somebody else is not taken either."""
    come(people, 1, "Ada")
    come(people, 2, "Bo")
    sessions.save(new_session("his", person="tg:2"))
    for person, session in (("tg:9", None), ("tg:1", "his"), ("tg:1", "none such")):
        with pytest.raises(NotFound, match=f"Nothing was changed for {person}"):
            people.set_session(person, session)
    with pytest.raises(NotFound):
        people.set_name("tg:9", "Nobody")
    with pytest.raises(StoreError):
        people.set_feedback("tg:1", "never")  # type: ignore[arg-type]
    assert here(people, "tg:1").session_id is None


def test_calls_together_are_one_transaction(people: PeopleStore) -> None:
    """They see what was written so far, and all of it is undone with the last."""

    def write_and_fail() -> None:
        with people.together():
            come(people, 1, "Ada")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert people.member("tg:1") is None
    assert () == people.teams()


def test_leaving_withdraws_what_was_assigned_there(people: PeopleStore, opened: Database) -> None:
    """Nobody is reminded of what they have left; other teams and people keep theirs."""
    come(people, 1, "Ada")
    come(people, 1, "Ada", team="Repairs")
    for name, team, person in (
        ("a", "Sales", "tg:1"),
        ("b", "Repairs", "tg:1"),
        ("c", "Sales", None),
    ):
        run(
            opened,
            "INSERT INTO assignments (id, scenario, team, person, made) VALUES (?, 's', ?, ?, ?)",
            name, team, person, NOW,
        )  # fmt: skip
    people.leave("tg:1", "Sales", LATER)
    assert ("Repairs",) == here(people, "tg:1").teams
    with opened.reading() as db:
        found = db.execute("SELECT id, withdrawn FROM assignments ORDER BY id").fetchall()
    assert [("a", LATER), ("b", None), ("c", None)] == found


# --- Invitations ------------------------------------------------------------------------------


def invitation(*roles: Role, first: bool = False, by: str | None = None) -> Invitation:
    """One to Sales for a month."""
    return Invitation(
        team="Sales",
        roles=roles or ("trainee",),
        made=NOW,
        expires=LATER,
        made_by=by,
        first=first,
    )


@pytest.mark.parametrize("first", [True, False])
def test_an_invitation_comes_back_as_it_was(people: PeopleStore, first: bool) -> None:
    """With its roles in order, and whether it is one for a first supervisor."""
    one = invitation("trainer", "supervisor", first=first)
    assert one == people.add_invitation("hash", one) == people.invitation("hash")
    assert people.invitation("other") is None
    assert ("Sales",) == people.teams()


def test_an_invitation_is_used_once_and_in_time(people: PeopleStore) -> None:
    """Only the first use says yes, and none does after its time."""
    people.add_invitation("a", invitation())
    people.add_invitation("b", invitation())
    assert people.use_invitation("a", NOW)
    assert not people.use_invitation("a", NOW)
    assert not people.use_invitation("b", LATER)
    assert not people.use_invitation("no such", NOW)
    a, b = people.invitation("a"), people.invitation("b")
    assert a is not None
    assert b is not None
    assert (NOW, None) == (a.used, b.used)


def test_which_invitations_end(people: PeopleStore) -> None:
    """Those for a first supervisor; or one person's to more than trainee, to a team or to all."""
    come(people, 1, "Ada", "supervisor")
    soon = "2026-03-11T09:00:00.000+00:00"
    kinds = {
        "first": invitation("supervisor", first=True),
        "console": invitation("supervisor"),
        "hire": invitation("trainee", by="tg:1"),
        "role": invitation("trainee", "trainer", by="tg:1"),
        "elsewhere": invitation("supervisor", by="tg:1").model_copy(update={"team": "Repairs"}),
        "used": invitation("supervisor", by="tg:1"),
    }
    for secret, one in kinds.items():
        people.add_invitation(secret, one)
    people.use_invitation("used", NOW)

    def ended() -> set[str]:
        found = {secret: people.invitation(secret) for secret in kinds}
        return {secret for secret, one in found.items() if one is None or one.expires == soon}

    people.end_first_invitations(soon)
    assert {"first"} == ended()
    people.end_invitations_of("tg:1", "Sales", soon)
    assert {"first", "role"} == ended()
    people.end_invitations_of("tg:1", None, soon)
    assert {"first", "role", "elsewhere"} == ended()


# --- Forgetting -------------------------------------------------------------------------------

SECRET = "the words of ada"  # noqa: S105 (what she wrote)


def full_life(people: PeopleStore, sessions: Store, opened: Database) -> None:
    """Ada (tg:1) and Bo (tg:2), her supervisor, with a row in every table about her."""
    come(people, 1, "Ada Quillfeather")
    come(people, 2, "Bo", "supervisor")
    first = closed(gone_on(new_session("first", person="tg:1"), 3), passed=True)
    sessions.save(first)
    retry = machine.branch(first, 2, new_id="retry", started="2026-03-02T09:00:00+00:00")
    sessions.save(closed(machine.answer(retry, turn_after(retry, SECRET * 300)), passed=True))
    running = gone_on(new_session("running", person="tg:1"), 1)
    sessions.save(machine.receive(running, f"pending: {SECRET}"))
    sessions.save(gone_on(new_session("his", person="tg:2"), 2))
    people.set_session("tg:1", "running")
    people.set_awaiting("tg:1", {"form": "dispute", "session": "first"})
    people.set_awaiting("tg:2", {"form": "grade", "about": {"session": "first"}})
    people.add_invitation("by her", invitation(by="tg:1"))
    update = {"message": {"from": {"id": 1, "first_name": "Ada Quillfeather"}, "text": SECRET}}
    reply = {"message": {"from": {"id": 2}, "reply_to_message": {"from": {"id": 1}}}}
    run(
        opened,
        "INSERT INTO assignments (id, scenario, team, person, made, made_by) "
        "VALUES ('a1', 's', 'Sales', 'tg:1', ?, 'tg:2'), ('a2', 's', 'Sales', NULL, ?, 'tg:1')",
        NOW, LATER,
    )  # fmt: skip
    run(
        opened,
        "INSERT INTO focuses (id, person, made_by, dimension, text, made) "
        "VALUES ('f1', 'tg:1', 'tg:2', 'empathy', ?, ?)",
        f"focus: {SECRET}", NOW,
    )  # fmt: skip
    run(
        opened,
        "INSERT INTO grades (id, session_id, dimension, graded_by, grade, scorer, blind, comment, "
        "graded) VALUES ('g1', 'first', 'empathy', 'tg:2', 70, 'm', 1, ?, ?), "
        "('g2', 'his', 'empathy', 'tg:1', 50, 'm', 0, 'Warm.', ?)",
        f"grade: {SECRET}", NOW, NOW,
    )  # fmt: skip
    run(
        opened,
        "INSERT INTO disputes (id, session_id, dimension, comment, opened, answer, answered_by, "
        "answered) VALUES ('d1', 'first', 'empathy', ?, ?, 'Yes.', 'tg:2', ?)",
        f"dispute: {SECRET}", NOW, NOW,
    )  # fmt: skip
    run(opened, "INSERT INTO feelings (session_id, feeling, said) VALUES ('first', 4, ?)", NOW)
    run(
        opened,
        "INSERT INTO scenario_files (scenario, version, content, sent, sent_by, published) "
        "VALUES ('tried', 1, ?, ?, 'tg:1', NULL), ('shown', 1, 'x: 1', ?, 'tg:1', ?)",
        SECRET, NOW, NOW, NOW,
    )  # fmt: skip
    run(
        opened,
        "INSERT INTO drafts (person, message, session_id, text, due) "
        "VALUES ('tg:1', 11, 'running', ?, 5.0)",
        f"draft: {SECRET}",
    )
    run(
        opened,
        "INSERT INTO inbox (update_id, chat, content, received, state) VALUES "
        "(1, 1, ?, 1.0, 'new'), (2, 1, NULL, 2.0, 'done'), (3, -5, ?, 3.0, 'new'), "
        "(4, 2, '{}', 4.0, 'new'), (5, -5, ?, 5.0, 'new'), (6, 1, 'no JSON', 6.0, 'failed')",
        json.dumps(update), json.dumps(update), json.dumps(reply),
    )  # fmt: skip
    run(
        opened,
        "INSERT INTO outbox (chat, content, file, due) VALUES (1, ?, ?, 1.5), (2, '{}', NULL, 2.5)",
        json.dumps({"text": SECRET}), f"file: {SECRET}".encode(),
    )  # fmt: skip


def test_forgetting_leaves_no_trace(
    people: PeopleStore, sessions: Store, opened: Database, database: Path
) -> None:
    """Neither name, number nor words are in any table, unused page or log."""
    full_life(people, sessions, opened)
    written = b"".join(file.read_bytes() for file in database.parent.iterdir())
    assert b"Quillfeather" in written
    assert SECRET.encode() in written
    assert 3 == People(people).forget(here(people, "tg:1"))
    for file in database.parent.iterdir():
        assert b"Quillfeather" not in file.read_bytes()
        assert SECRET.encode() not in file.read_bytes()
    with closing(sqlite3.connect(database)) as connection:
        dump = "\n".join(connection.iterdump())
    for trace in ("tg:1'", "'first'", "'retry'", "'running'", "2026-03-02"):
        assert trace not in dump
    assert 0 == people.forget("tg:1", NOW)


def test_forgetting_touches_nobody_else(
    people: PeopleStore, sessions: Store, opened: Database
) -> None:
    """What others did, and what she did for all of them, stays without her name."""
    full_life(people, sessions, opened)
    his = sessions.get("his")
    people.forget("tg:1", NOW)
    assert his == sessions.get("his")
    assert here(people, "tg:2").awaiting is None
    assert [("shown", 1, None, "x: 1", NOW, None, NOW, None)] == all_of(opened, "scenario_files")
    assert ["a2"] == [row[0] for row in all_of(opened, "assignments")]
    assert [("g2", None)] == [(row[0], row[4]) for row in all_of(opened, "grades")]
    by_her = people.invitation("by her")
    assert by_her is not None
    assert by_her.made_by is None
    for table in ("disputes", "feelings", "focuses", "drafts"):
        assert [] == all_of(opened, table)


def test_forgetting_empties_the_chat(
    people: PeopleStore, sessions: Store, opened: Database
) -> None:
    """Nothing more goes there; updates are known by number only, so that none is done twice."""
    full_life(people, sessions, opened)
    people.forget("tg:1", NOW)
    assert [2] == [row[1] for row in all_of(opened, "outbox")]
    inbox = {row[0]: (row[1], row[2] is None, row[4]) for row in all_of(opened, "inbox")}
    assert {
        1: (None, True, "done"),
        2: (None, True, "done"),
        3: (None, True, "done"),
        4: (2, False, "new"),
        5: (-5, False, "new"),
        6: (None, True, "failed"),
    } == inbox


def test_others_keep_what_they_were_asked(people: PeopleStore, sessions: Store) -> None:
    """Only what is about the person who is forgotten is not asked any more."""
    come(people, 1, "Ada")
    come(people, 2, "Bo")
    come(people, 3, "Cy")
    sessions.save(new_session("hers", person="tg:1"))
    people.set_awaiting("tg:2", {"form": "name", "session": "his"})
    people.set_awaiting("tg:3", {"form": "focus", "person": "tg:1"})
    people.forget("tg:1", NOW)
    assert {"form": "name", "session": "his"} == here(people, "tg:2").awaiting
    assert here(people, "tg:3").awaiting is None


def test_the_log_is_not_emptied_inside_a_transaction(people: PeopleStore) -> None:
    """It would look as if it had been; so it fails, and all of it is undone."""
    ada = come(people, 1, "Ada")
    with pytest.raises(StoreError), people.together():
        People(people).forget(ada)
    assert ada == here(people, "tg:1")


# --- Counts -----------------------------------------------------------------------------------


def finished(name: str, person: str = "tg:1", *, passed: bool = False, **more: object) -> Session:
    """A session at its debrief."""
    session = closed(gone_on(new_session(name, person=person), 1), passed=passed)
    return session.model_copy(update=more)


def test_what_stays_are_counts(people: PeopleStore, sessions: Store, opened: Database) -> None:
    """Month, scenario, how it ended and whether it was passed, over everybody forgotten."""
    come(people, 1, "Ada")
    come(people, 2, "Bo")
    for one in (
        finished("a1", passed=True, outcome="resolved"),
        finished("a2", passed=True, outcome="resolved"),
        finished("a3"),
        finished("a4", started="2026-02-28T23:59:59+00:00"),
        finished("a5", scenario="charged-twice"),
        finished("a6", scenario="/home/ada/Quill's cases/my-own.yaml"),
        finished("b1", "tg:2", passed=True, outcome="resolved"),
        gone_on(new_session("running", person="tg:1"), 1),
        machine.end(gone_on(new_session("unrated", person="tg:1"), 1)),
    ):
        sessions.save(one)
    first = sessions.get("a1")
    retry = machine.branch(first, 1, new_id="retry", started="2026-03-02T09:00:00+00:00")
    sessions.save(closed(machine.answer(retry, turn_after(retry))))
    assert 9 == people.forget("tg:1", NOW)
    expected = {
        ("2026-03", "late-parcel", "resolved", 1): 2,
        ("2026-03", "late-parcel", "ended", 0): 1,
        ("2026-02", "late-parcel", "ended", 0): 1,
        ("2026-03", "charged-twice", "ended", 0): 1,
        ("2026-03", "my-own", "ended", 0): 1,
    }
    assert expected == {row[:4]: row[4] for row in all_of(opened, "counts")}
    assert 1 == people.forget("tg:2", NOW)
    expected["2026-03", "late-parcel", "resolved", 1] = 3
    assert expected == {row[:4]: row[4] for row in all_of(opened, "counts")}


# --- Retention --------------------------------------------------------------------------------


def test_old_sessions_are_deleted_and_counted(
    people: PeopleStore, sessions: Store, opened: Database, database: Path
) -> None:
    """Those in which nothing happened for longer than the retention; people stay."""
    come(people, 1, "Ada")
    sessions.save(closed(gone_on(new_session("old", person="tg:1"), 3)))
    sessions.save(gone_on(new_session("paused", person="tg:1"), 1))
    secret = machine.receive(new_session("left", person="tg:1"), f"left with {SECRET}")
    sessions.save(secret)
    people.set_session("tg:1", "left")
    saved_at(opened, "old", "2026-01-09T08:59:59.000+00:00")
    saved_at(opened, "left", "2026-01-08T00:00:00.000+00:00")
    saved_at(opened, "paused", "2026-01-09T09:00:00.000+00:00")
    wired = People(people, now=lambda: "2026-03-10T09:00:00+00:00")
    assert 2 == wired.expire(60)
    assert 0 == wired.expire(60)
    assert ["paused"] == [row[1] for row in all_of(opened, "sessions")]
    assert [("2026-03", "late-parcel", "ended", 0, 1)] == all_of(opened, "counts")
    assert here(people, "tg:1").session_id is None
    for file in database.parent.iterdir():
        assert SECRET.encode() not in file.read_bytes()


def test_a_session_goes_with_its_retries(
    people: PeopleStore, sessions: Store, opened: Database
) -> None:
    """A retry reads on from the first attempt, which stays as long as the newest of them."""
    first = closed(gone_on(new_session("first", person="tg:1"), 3))
    retry = machine.branch(first, 2, new_id="retry", started="2026-03-02T09:00:00+00:00")
    again = machine.branch(
        closed(gone_on(retry, 1)), 2, new_id="again", started="2026-03-03T09:00:00+00:00"
    )
    for one in (first, closed(gone_on(retry, 1)), again):
        sessions.save(one)
    saved_at(opened, "first", "2025-01-01T00:00:00.000+00:00")
    saved_at(opened, "retry", "2025-01-02T00:00:00.000+00:00")
    saved_at(opened, "again", NOW)
    assert 0 == people.expire(NOW)
    assert again == sessions.get("again")
    assert 3 == people.expire(LATER)
    assert [] == all_of(opened, "sessions")
    assert [1] == [row[4] for row in all_of(opened, "counts")]


# --- Export -----------------------------------------------------------------------------------


def test_an_export_has_everything_about_somebody(
    people: PeopleStore, sessions: Store, opened: Database
) -> None:
    """In a form that JSON holds; other people by name, not by their number."""
    full_life(people, sessions, opened)
    ada = here(people, "tg:1")
    export = json.loads(json.dumps(people.export("tg:1")))
    assert ("tg:1", NOW) == (export["person"], export["first_seen"])
    assert ada.model_dump(mode="json", exclude={"memberships"}) == export["member"]
    assert [{"team": "Sales", "role": "trainee", "since": NOW}] == export["memberships"]
    assert sessions.export("tg:1")["sessions"] == export["sessions"]
    assert 3 == len(export["sessions"])
    (grade,) = export["grades"]
    assert ("first", "Bo", 70.0, True) == tuple(
        grade[column] for column in ("session_id", "graded_by", "grade", "blind")
    )
    (dispute,) = export["disputes"]
    assert (f"dispute: {SECRET}", "Yes.", "Bo") == tuple(
        dispute[column] for column in ("comment", "answer", "answered_by")
    )
    assert [{"session_id": "first", "feeling": 4, "said": NOW}] == export["feelings"]
    assert [f"focus: {SECRET}"] == [row["text"] for row in export["focuses"]]
    assert [("Bo", False), ("Ada Quillfeather", True)] == [
        (row["made_by"], row["whole_team"]) for row in export["assignments"]
    ]
    assert [f"draft: {SECRET}"] == [row["text"] for row in export["drafts"]]
    assert [["trainee"]] == [row["roles"] for row in export["invitations_made"]]
    assert ["Warm."] == [row["comment"] for row in export["grades_given"]]
    assert ["shown", "tried"] == [row["scenario"] for row in export["scenario_files"]]
    assert [SECRET, SECRET] == [row["content"]["message"]["text"] for row in export["messages_in"]]
    assert [SECRET] == [row["content"]["text"] for row in export["messages_out"]]
    text = json.dumps(export)
    assert "tg:2" not in text
    assert "by her" not in text


def test_an_export_of_somebody_has_nothing_of_others(
    people: PeopleStore, sessions: Store, opened: Database
) -> None:
    """Bo's file has his session and what he wrote, and none of Ada's words or messages."""
    full_life(people, sessions, opened)
    export = people.export("tg:2")
    assert ["his"] == [session["id"] for session in export["sessions"]]
    assert [{"session_id": "first", "dimension": "empathy", "answer": "Yes.", "answered": NOW}] == (
        export["answers_given"]
    )
    assert [{}] == [m["content"] for m in export["messages_in"] if "message" not in m["content"]]
    del export["grades_given"]  # his own words about her session
    assert SECRET not in json.dumps(export)


def test_an_export_of_nobody_is_empty(
    people: PeopleStore, sessions: Store, opened: Database
) -> None:
    """Every part is there, and none has anything in it."""
    full_life(people, sessions, opened)
    export = people.export("tg:9")
    assert "tg:9" == export.pop("person")
    assert not any(export.values())
    assert {"sessions", "grades", "drafts", "messages_in"} <= set(export)
