"""Looks at a database without changing it: whether it can be used, and who is in it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from coachbot.errors import StoreError
from coachbot.store.database import (
    immediate,
    refuse_newer,
    refuse_old_sqlite,
    refuse_other_programs,
)
from coachbot.store.failures import in_words
from coachbot.store.schema import MIGRATIONS

READ_WHOLE = 200_000_000
"""Bytes up to which the whole file is read for damage, which takes a second or two."""


@dataclass(frozen=True)
class Inspection:
    """What a database is like.

    ``size``: in bytes, with what is still in the log. ``pending``: the migrations that the next
    start brings. ``whole``: it was read from end to end. ``supervisors``, ``members``: how many
    people, once there are tables for them; None before. ``unled``: teams that somebody is in, but
    no supervisor.
    """

    size: int
    pending: tuple[str, ...]
    whole: bool
    supervisors: int | None = None
    members: int | None = None
    unled: tuple[str, ...] = ()


def inspect(path: Path, *, lock_timeout: float = 3.0) -> Inspection:
    """Open a database that is there, and see whether it can be read and written.

    Raises ``StoreError`` where it can't, as ``open_store`` does. Safe while a bot runs on it.
    """
    path = path.absolute()
    refuse_old_sqlite()
    with in_words(path):
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=rw", uri=True, timeout=lock_timeout, isolation_level=None
        )
        db = sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)
        try:
            return _inspected(db, path)
        finally:
            db.close()


def _inspected(db: sqlite_utils.Database, path: Path) -> Inspection:
    refuse_other_programs(db, path)
    refuse_newer(db, path, MIGRATIONS)
    log = path.with_name(path.name + "-wal")
    size = path.stat().st_size + (log.stat().st_size if log.exists() else 0)
    whole = size <= READ_WHOLE
    if whole:
        (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise StoreError(
                f"The database {path} is damaged. Stop the bot, keep a copy of the file, and put a "
                f"backup in its place, or rescue what can be read with: sqlite3 '{path}' .recover"
            )
    # It says so here if the file or its folder is read-only, or somebody keeps it locked.
    with immediate(db):
        pass
    pending = tuple(migration.name for migration in MIGRATIONS.pending(db))
    if not db.table("memberships").exists():
        return Inspection(size, pending, whole)
    (supervisors,) = db.execute(
        "SELECT count(DISTINCT person) FROM memberships WHERE role = 'supervisor'"
    ).fetchone()
    (members,) = db.execute("SELECT count(*) FROM members").fetchone()
    unled = db.execute(
        "SELECT DISTINCT team FROM memberships WHERE team NOT IN"
        " (SELECT team FROM memberships WHERE role = 'supervisor') ORDER BY team"
    ).fetchall()
    return Inspection(size, pending, whole, supervisors, members, tuple(team for (team,) in unled))
