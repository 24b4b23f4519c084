"""One database file: its connections, its transactions, and bringing its tables up to date."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils
from sqlite_utils.migrations import Migrations

from coachbot.errors import StoreError
from coachbot.store.failures import in_words
from coachbot.store.schema import APPLICATION_ID, MIGRATIONS

LOCK_TIMEOUT = 10.0
"""Seconds to wait for another process's write. A write takes milliseconds, so whoever holds the
lock this long is stuck."""

OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables. Python takes the system's, and some systems in use have 3.34."""


class Database:
    """A file that many threads and processes may use at once.

    One connection writes, for one thread at a time; readers have connections of their own, which
    can't write, and each is used by one thread at a time. Raises ``StoreError`` only.
    """

    def __init__(
        self,
        path: Path,
        *,
        lock_timeout: float = LOCK_TIMEOUT,
        migrations: Migrations = MIGRATIONS,
    ) -> None:
        self.path = path.absolute()
        self._lock_timeout = lock_timeout
        self._guard = threading.RLock()
        self._writing_thread: int | None = None
        self._idle_readers: list[sqlite_utils.Database] = []
        self._readers_guard = threading.Lock()
        self._closed = False
        refuse_old_sqlite()
        with in_words(self.path):
            _make_file(self.path)
            self._writer = self._connect("rw")
            try:
                refuse_other_programs(self._writer, self.path)
                self._prepare_writer()
                migrate(self._writer, self.path, migrations)
            except BaseException:
                self._writer.close()
                raise

    @contextmanager
    def writing(self) -> Iterator[sqlite_utils.Database]:
        """One transaction that may write; all of it is stored at the end, or nothing of it.

        Inside another one of the same thread, it is a part of that one.
        """
        with in_words(self.path), self._guard:
            self._check_open()
            if self._writing_thread is not None:
                yield self._writer
                return
            self._writing_thread = threading.get_ident()
            try:
                with immediate(self._writer):
                    yield self._writer
            finally:
                self._writing_thread = None

    @contextmanager
    def reading(self) -> Iterator[sqlite_utils.Database]:
        """Several queries that see the same moment.

        Inside a transaction of the same thread they see what it has written so far.
        """
        if self._writing_thread == threading.get_ident():
            yield self._writer
            return
        with in_words(self.path):
            reader = self._borrow_reader()
            try:
                reader.execute("BEGIN")
                yield reader
            finally:
                self._give_back(reader)

    def checkpoint(self) -> None:
        """Move what is in the write-ahead log into the file, and empty the log."""
        with in_words(self.path), self._guard:
            self._check_open()
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close every connection; closing twice is harmless."""
        with self._readers_guard:
            self._closed = True
            idle, self._idle_readers = self._idle_readers, []
        for reader in idle:
            reader.close()
        # Last of all, since only a connection that may write can empty the write-ahead log.
        with self._guard:
            self._writer.close()

    def _connect(self, mode: str) -> sqlite_utils.Database:
        connection = sqlite3.connect(
            f"{self.path.as_uri()}?mode={mode}",
            uri=True,
            timeout=self._lock_timeout,
            # The sqlite3 module begins no transactions by itself; `immediate` does.
            isolation_level=None,
            # Not shared, but handed from one thread to the next, and closed from another.
            check_same_thread=False,
        )
        db = sqlite_utils.Database(
            connection, recursive_triggers=False, execute_plugins=False, strict=True
        )
        db.execute("PRAGMA foreign_keys = ON")
        return db

    def _prepare_writer(self) -> None:
        self._use_write_ahead_log()
        # With the log, NORMAL can lose the last transactions when the power fails, and nothing
        # when the program is killed; the file stays whole in both cases.
        self._writer.execute("PRAGMA synchronous = NORMAL")
        # What a person asked to have deleted is overwritten, not only unlinked.
        self._writer.execute("PRAGMA secure_delete = ON").fetchall()

    def _use_write_ahead_log(self) -> None:
        # SQLite does not always wait here for another process that opens the new file as well.
        deadline = time.monotonic() + self._lock_timeout
        while True:
            try:
                self._writer.execute("PRAGMA journal_mode = WAL").fetchall()
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _borrow_reader(self) -> sqlite_utils.Database:
        with self._readers_guard:
            self._check_open()
            if self._idle_readers:
                return self._idle_readers.pop()
        reader = self._connect("ro")
        reader.execute("PRAGMA query_only = ON")
        return reader

    def _give_back(self, reader: sqlite_utils.Database) -> None:
        if reader.conn.in_transaction:
            reader.execute("ROLLBACK")
        with self._readers_guard:
            if not self._closed:
                self._idle_readers.append(reader)
                return
        reader.close()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError(f"The database {self.path} was closed; open it again to use it.")


@contextmanager
def immediate(db: sqlite_utils.Database) -> Iterator[None]:
    """Run one transaction that holds the write lock from its start.

    ``db.atomic()`` begins DEFERRED: it takes the lock at its first write, and if somebody else has
    written since its first read, it fails at once with "database is locked" without waiting. Inside
    this one ``atomic`` makes savepoints, so what sqlite-utils does is part of the transaction.
    """
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    except BaseException:
        # A full disk, among others, has already rolled it back.
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise


def migrate(db: sqlite_utils.Database, path: Path, migrations: Migrations) -> None:
    """Bring the tables up to date: all migrations that are missing, or none when one fails.

    A database from a newer program raises ``StoreError``. Nothing is locked when nothing is due.
    """
    refuse_newer(db, path, migrations)
    if not migrations.pending(db):
        return
    with immediate(db):
        # Another process may have been faster, and newer.
        refuse_newer(db, path, migrations)
        migrations.apply(db)


def refuse_old_sqlite() -> None:
    """Raise ``StoreError`` where this Python's SQLite is too old for the tables."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(
            f"This Python comes with SQLite {sqlite3.sqlite_version}, and CoachBot's tables need "
            f"{'.'.join(map(str, OLDEST_SQLITE))} or newer. Install CoachBot with another Python."
        )


def refuse_newer(db: sqlite_utils.Database, path: Path, migrations: Migrations) -> None:
    """Raise ``StoreError`` where a newer program has written the database."""
    applied = {migration.name for migration in migrations.applied(db)}
    unknown = sorted(applied - _names(migrations))
    if unknown:
        raise StoreError(
            f"A newer CoachBot has written the database {path} (it has {', '.join(unknown)}). "
            "Install that version, or set COACHBOT_DATABASE to another file."
        )


def _names(migrations: Migrations) -> set[str]:
    """All of them: those that an empty database still needs."""
    empty = sqlite_utils.Database(memory=True)
    try:
        return {migration.name for migration in migrations.pending(empty)}
    finally:
        empty.close()


def refuse_other_programs(db: sqlite_utils.Database, path: Path) -> None:
    """Raise ``StoreError`` where the file is another program's database."""
    (ours,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and ours != APPLICATION_ID:
        raise StoreError(
            f"{path} is a database of another program, so it was left as it is. "
            "Set COACHBOT_DATABASE to another file."
        )


def _make_file(path: Path) -> None:
    """Make the folder, and an empty file that only its owner may read, unless it is there."""
    if path.is_dir():
        raise StoreError(
            f"{path} is a folder; the database is a file. Set COACHBOT_DATABASE to a file in it, "
            f"such as {path / 'coachbot.db'}."
        )
    file = next((above for above in path.parents if above.is_file()), None)
    if file:
        raise StoreError(
            f"The database {path} can't be created, since {file} is a file and no folder. "
            "Set COACHBOT_DATABASE to another place."
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A file that is there is never opened and closed here: closing it would release the locks that
    # SQLite holds on it for this process.
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
