"""What a person reads when the database file can't be used, and that nothing is lost by it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from coachbot.errors import StoreError
from coachbot.store import Store, open_store
from tests.store.samples import gone_on, new_session

NOBODY = 65534


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Permissions mean nothing to root, so that root becomes somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def anyones_folder() -> Iterator[Path]:
    """A folder that every user can reach and write; ``tmp_path`` is closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def test_folders_are_made_and_only_the_owner_may_read(tmp_path: Path) -> None:
    """The database has people's words in it, and so have the files beside it."""
    path = tmp_path / "new" / "er" / "coachbot.db"
    before = os.umask(0)
    try:
        with open_store(path) as store:
            store.save(new_session())
            files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    names = ("coachbot.db", "coachbot.db-shm", "coachbot.db-wal")
    assert dict.fromkeys(names, 0o600) == files
    assert 0o700 == stat.S_IMODE(path.parent.stat().st_mode)


def test_a_path_with_odd_characters_is_a_path(tmp_path: Path) -> None:
    """What means something in an address means nothing here."""
    path = tmp_path / "a b?mode=memory#c%20d&é.db"
    with open_store(path) as store:
        store.save(new_session())
        assert new_session() == store.get("first")
    assert path.is_file()


def test_connections_are_set_up_as_they_should_be(store: Store) -> None:
    """Write-ahead log, foreign keys for all, and readers that can't write."""
    store.save(new_session())
    with store._database.writing() as db:
        expected = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "query_only": 0}
        assert expected == {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
    with store._database.reading() as db:
        expected = {"journal_mode": "wal", "foreign_keys": 1, "query_only": 1}
        assert expected == {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
    with pytest.raises(StoreError), store._database.reading() as db:
        db.execute("DELETE FROM people")
    assert new_session() == store.get("first")


def test_a_failure_inside_a_transaction_undoes_all_of_it(store: Store) -> None:
    """Also what sqlite-utils wrote in a transaction of its own."""
    store.save(new_session())

    def write_and_fail() -> None:
        with store._database.writing() as db:
            db.table("hints").insert({"session_id": "first", "number": 1})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert () == store.get("first").hints
    store.save(gone_on(new_session(), 1))


def test_a_closed_store_says_so(store: Store) -> None:
    """Closing twice is harmless; using it afterwards is not a riddle."""
    store.close()
    store.close()
    for use in (lambda: store.save(new_session()), lambda: store.finished("ada")):
        with pytest.raises(StoreError, match="was closed"):
            use()


def test_a_python_with_an_old_sqlite(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error tells the version that is there and the one that is needed; no file is made."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.34.1")
    with pytest.raises(StoreError, match=r"SQLite 3\.34\.1.*need 3\.37\.0 or newer"):
        open_store(database)
    assert not database.exists()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """A text file is left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("Things to buy\n" * 100, "utf-8")
    with pytest.raises(StoreError, match=r"notes\.txt is not a database.*COACHBOT_DATABASE"):
        open_store(path)
    assert "Things to buy\n" * 100 == path.read_text("utf-8")


def test_a_database_of_another_program(tmp_path: Path) -> None:
    """Somebody's photo catalogue gets no tables from CoachBot and stays byte for byte."""
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"photos\.db is a database of another program"):
        open_store(path)
    assert before == path.read_bytes()


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    """The error proposes a file in it."""
    with pytest.raises(StoreError, match=r"is a folder.*coachbot\.db"):
        open_store(tmp_path)


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    """The error names the part of the path that is in the way."""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="file is a file and no folder"):
        open_store(tmp_path / "file" / "deeper" / "coachbot.db")


def test_a_folder_that_may_not_be_written(anyones_folder: Path) -> None:
    """Neither the file nor a folder for it can be made."""
    anyones_folder.chmod(0o555)
    for path in (anyones_folder / "coachbot.db", anyones_folder / "sub" / "coachbot.db"):
        with (
            pytest.raises(StoreError, match=r"Permission denied.*COACHBOT_DATABASE"),
            as_an_ordinary_user(),
        ):
            open_store(path)


def test_a_file_that_may_not_be_read(anyones_folder: Path) -> None:
    """Somebody else's database is not opened."""
    path = anyones_folder / "coachbot.db"
    open_store(path).close()
    path.chmod(0)
    with (
        pytest.raises(StoreError, match=r"can't be opened.*may read and write"),
        as_an_ordinary_user(),
    ):
        open_store(path)


def test_a_file_that_may_not_be_written_can_still_be_read(anyones_folder: Path) -> None:
    """Reading goes on; saving says why it can't, and changes nothing."""
    path = anyones_folder / "coachbot.db"
    session = gone_on(new_session(), 2)
    with open_store(path) as store:
        store.save(session)
    path.chmod(0o444)
    with as_an_ordinary_user(), open_store(path) as store:
        with pytest.raises(StoreError, match=r"can't be written.*read-only for you"):
            store.save(gone_on(session, 1))
        assert session == store.get("first")


def test_a_full_disk_loses_nothing_that_was_saved(store: Store) -> None:
    """The step that found no room is undone, and can be saved once there is room."""
    session = gone_on(new_session(), 2)
    store.save(session)
    with store._database.writing() as db:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    longer = gone_on(session, 20)
    with pytest.raises(StoreError, match="is full, so this step was not saved"):
        store.save(longer)
    assert session == store.get("first")
    with store._database.writing() as db:
        db.execute("PRAGMA max_page_count = 1000000").fetchall()
    store.save(longer)
    assert longer == store.get("first")


HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE sessions SET pending = 'never committed'")
print("locked", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
print("released", flush=True)
"""


def test_another_process_that_keeps_the_lock(database: Path) -> None:
    """Reading and opening go on, saving gives up after the timeout, and nothing is lost."""
    session = gone_on(new_session(), 1)
    with open_store(database, lock_timeout=0.1) as store:
        store.save(session)
        other = subprocess.Popen(
            [sys.executable, "-c", HOLD_THE_LOCK, database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        with other:
            assert other.stdin
            assert other.stdout
            assert "locked\n" == other.stdout.readline()
            with pytest.raises(StoreError, match=r"coachbot\.db locked.*try again"):
                store.save(gone_on(session, 1))
            assert session == store.get("first")
            with open_store(database, lock_timeout=0.1) as second:
                assert session == second.get("first")
            other.stdin.write("\n")
            other.stdin.flush()
            assert "released\n" == other.stdout.readline()
            store.save(gone_on(session, 1))
        assert gone_on(session, 1) == store.get("first")


def test_a_damaged_file(database: Path) -> None:
    """The error says that it is damaged and what can be done; the file is left for a rescue."""
    session = gone_on(new_session(), 5)
    with open_store(database) as store:
        store.save(session)
    with closing(sqlite3.connect(database)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'turns'"
        ).fetchone()
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with open_store(database) as store:
        with pytest.raises(StoreError, match=r"coachbot\.db is damaged.*backup"):
            store.get("first")
        with pytest.raises(StoreError, match=r"coachbot\.db is damaged.*backup"):
            store.save(gone_on(session, 1))
        assert [] == store.progress("ada")


def test_a_file_that_was_cut_off(database: Path) -> None:
    """Half a copy is found out at opening or reading, never read as if it were whole."""
    with open_store(database) as store:
        store.save(gone_on(new_session(), 30))
    whole = database.read_bytes()
    database.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match="is damaged"), open_store(database) as store:
        store.get("first")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE turns SET state = '{\"mood\": 1}'",
        "UPDATE turns SET signals = '[]'",
        "UPDATE sessions SET opening_state = 'null'",
        "DELETE FROM turn_scores WHERE dimension = 'empathy'",
    ],
)
def test_rows_that_another_program_has_changed(store: Store, database: Path, change: str) -> None:
    """What can't be understood is an error in words, without the words of the person."""
    store.save(gone_on(new_session(), 2))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(change)
        connection.commit()
    with pytest.raises(StoreError, match=r"first in the database .* can't be understood") as error:
        store.get("first")
    assert "parcel" not in str(error.value)
