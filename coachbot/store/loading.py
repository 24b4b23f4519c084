"""Reads whole sessions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import sqlite_utils
from pydantic import ValidationError

from coachbot.errors import StoreError
from coachbot.session.models import ActVerdict, Session
from coachbot.store import rows
from coachbot.store.rows import Row


def load(db: sqlite_utils.Database, path: Path, ids: Sequence[str]) -> list[Session]:
    """The sessions that exist of those asked for, in the order asked for.

    Raises ``StoreError`` where a row does not hold what CoachBot wrote.
    """
    known: dict[str, Session | None] = {}
    return [session for name in ids if (session := _load(db, path, name, known))]


def _load(
    db: sqlite_utils.Database, path: Path, name: str, known: dict[str, Session | None]
) -> Session | None:
    """One session; ``known`` are those that were read before, and None where there is none."""
    if name not in known:
        row = next(iter(db.query("SELECT * FROM sessions WHERE id = ?", [name])), None)
        # A retry reads on from its first attempt, which may be a retry itself.
        first = _load(db, path, row["retry_of"], known) if row and row["retry_of"] else None
        try:
            known[name] = _assemble(db, row, first) if row else None
        except (ValidationError, json.JSONDecodeError) as error:
            raise StoreError(
                f"Session {name} in the database {path} can't be understood; another program has "
                "changed it. Put a backup in place of the file, or set COACHBOT_DATABASE to "
                "another file."
            ) from error
    return known[name]


def _assemble(db: sqlite_utils.Database, row: Row, first: Session | None) -> Session:
    key = [row["id"]]
    scores = grouped(db.query("SELECT * FROM turn_scores WHERE session_id = ?", key), "number")
    evidence = grouped(
        db.query("SELECT * FROM evidence WHERE session_id = ? ORDER BY number, position", key),
        "number",
    )
    reasons = grouped(
        db.query("SELECT * FROM reasons WHERE session_id = ? ORDER BY number, position", key),
        "number",
    )
    own = [
        rows.turn(turn, scores[number], evidence[number], reasons[number])
        for turn in db.query("SELECT * FROM turns WHERE session_id = ? ORDER BY number", key)
        for number in [turn["number"]]
    ]
    hints = db.query("SELECT number FROM hints WHERE session_id = ? ORDER BY number", key)
    ratings = db.query("SELECT dimension, value FROM self_ratings WHERE session_id = ?", key)
    return rows.session(
        row,
        [*(first.turns[: row["branched_at"] - 1] if first else ()), *own],
        [hint["number"] for hint in hints],
        {rating["dimension"]: rating["value"] for rating in ratings},
        verdicts_of(db, row["id"]),
    )


def verdicts_of(db: sqlite_utils.Database, session: str) -> list[ActVerdict]:
    """What people said of a session's acts, oldest first."""
    sql = """
        SELECT id, act, done, reply, seen, judged_by, comment, judged FROM act_verdicts
        WHERE session_id = ? ORDER BY judged, rowid
    """
    return [ActVerdict(**{**row, "done": bool(row["done"])}) for row in db.query(sql, [session])]


def grouped(found: Iterable[Row], column: str) -> dict[str | int, list[Row]]:
    """The rows, in their order, by the value of a column."""
    groups: dict[str | int, list[Row]] = defaultdict(list)
    for row in found:
        groups[row[column]].append(row)
    return groups
