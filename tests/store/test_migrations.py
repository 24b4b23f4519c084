"""A database of any age is brought up to date with its rows, once, or left as it was."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils.migrations import Migrations

from coachbot.errors import StoreError
from coachbot.session.models import Session
from coachbot.store import open_store, schema
from coachbot.store.database import Database
from tests.store.samples import gone_on, new_session

SCHEMAS = Path(__file__).parent / "schemas"
"""For each migration, a dump of what the program that ended with it wrote, and what it meant."""


def names(migrations: Migrations) -> list[str]:
    """All of them, in order."""
    with closing(sqlite_utils.Database(memory=True)) as empty:
        return [migration.name for migration in migrations.pending(empty)]


def tables(database: Path) -> list[str]:
    """How the tables are made."""
    with closing(sqlite3.connect(database)) as connection:
        return [
            sql
            for (sql,) in connection.execute(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
            )
        ]


def restore(database: Path, dump: Path) -> None:
    """Make a database of a dump."""
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(dump.read_text("utf-8"))


def tomorrow() -> Migrations:
    """The migrations of a program that is one version newer."""
    newer = Migrations("coachbot")
    newer()(schema.m001_sessions)
    newer()(schema.m002_teams)
    newer()(schema.m003_page)
    newer()(schema.m004_wordings)
    newer()(schema.m005_trust)
    newer()(schema.m006_scores_seen)
    newer()(schema.m007_demo)
    newer()(schema.m008_previews)
    newer()(schema.m009_bench_jobs)
    newer()(schema.m010_act_verdicts)
    newer()(schema.m011_results)

    @newer()
    def m999_mentors(db: sqlite_utils.Database) -> None:
        db.execute("ALTER TABLE people ADD COLUMN mentor TEXT")
        db.execute("UPDATE people SET mentor = 'of ' || person")

    return newer


def test_every_migration_has_a_dump_of_its_time() -> None:
    """Whoever adds a migration adds what the program wrote with it."""
    assert names(schema.MIGRATIONS) == sorted(path.stem for path in SCHEMAS.glob("*.sql"))


@pytest.mark.parametrize("dump", sorted(SCHEMAS.glob("*.sql")), ids=lambda path: path.stem)
def test_an_older_database_is_brought_up_to_date_with_its_rows(tmp_path: Path, dump: Path) -> None:
    """Sessions of an older program read as they did, go on, and the tables are the newest."""
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    restore(old, dump)
    open_store(new).close()
    expected = json.loads(dump.with_suffix(".json").read_text("utf-8"))
    with open_store(old) as store:
        for then in expected:
            now = store.export(then["person"])
            assert then["first_seen"] == now["first_seen"]
            # As sessions, since today's may have more to say, with a default for the older ones.
            assert [Session.model_validate(session) for session in then["sessions"]] == [
                Session.model_validate(session) for session in now["sessions"]
            ]
        running = store.unfinished("ada")
        assert running is not None
        store.save(gone_on(running, 1))
        assert gone_on(running, 1) == store.get(running.id)
    assert tables(new) == tables(old)


def test_migrating_twice_changes_nothing(database: Path) -> None:
    """The second opening finds nothing to do, and the newest tables stay as they are."""
    open_store(database).close()
    before, bytes_before = tables(database), database.read_bytes()
    open_store(database).close()
    assert before == tables(database)
    assert bytes_before == database.read_bytes()


def test_every_table_checks_the_types_of_its_columns(database: Path) -> None:
    """A text in a column of numbers is refused: all tables are STRICT."""
    open_store(database).close()
    with closing(sqlite3.connect(database)) as connection:
        loose = connection.execute(
            "SELECT name FROM pragma_table_list "
            "WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
    assert [] == loose


def test_the_next_migration_keeps_the_rows(database: Path) -> None:
    """A column that a later version adds comes to a database with people in it."""
    session = gone_on(new_session(), 2)
    with open_store(database) as store:
        store.save(session)
    newer = Database(database, migrations=tomorrow())
    with newer.reading() as db:
        assert [("ada", "of ada")] == db.execute("SELECT person, mentor FROM people").fetchall()
    newer.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(database: Path) -> None:
    """Neither the failing migration nor one before it in the same run is half there."""
    session = gone_on(new_session(), 2)
    with open_store(database) as store:
        store.save(session)
    before = tables(database)
    broken = tomorrow()

    @broken()
    def m999_no_such_table(db: sqlite_utils.Database) -> None:
        db.execute("CREATE TABLE mentors (mentor TEXT) STRICT")
        db.execute("UPDATE nowhere SET a = 1")

    with pytest.raises(StoreError, match="no such table: nowhere"):
        Database(database, migrations=broken)
    assert before == tables(database)
    with open_store(database) as store:
        assert session == store.get("first")


def test_a_database_of_a_newer_program_is_refused(database: Path) -> None:
    """An older program would not know what it must keep, so it changes nothing."""
    Database(database, migrations=tomorrow()).close()
    before = database.read_bytes()
    with pytest.raises(StoreError, match=r"newer CoachBot.*coachbot\.db.*m999_mentors.*Install"):
        open_store(database)
    assert before == database.read_bytes()
