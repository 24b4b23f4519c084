"""Reads whole sessions, however many, with the same few queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlite_utils
from pydantic import ValidationError

from coachbot.errors import StoreError
from coachbot.session.models import Session
from coachbot.store import rows
from coachbot.store.rows import Row

# A retry needs the turns of its first attempt, which may be a retry itself. The first attempt was
# saved first, so it comes first here.
_SESSIONS = """
    WITH RECURSIVE wanted (id) AS (
        SELECT value FROM json_each(?)
        UNION
        SELECT retry_of FROM sessions JOIN wanted USING (id) WHERE retry_of IS NOT NULL
    )
    SELECT * FROM sessions WHERE id IN (SELECT id FROM wanted) ORDER BY sequence
"""
_TURNS = """
    SELECT * FROM turns WHERE session_id IN (SELECT value FROM json_each(?))
    ORDER BY session_id, number
"""
_SCORES = "SELECT * FROM turn_scores WHERE session_id IN (SELECT value FROM json_each(?))"
_EVIDENCE = """
    SELECT * FROM evidence WHERE session_id IN (SELECT value FROM json_each(?))
    ORDER BY session_id, number, position
"""
_REASONS = """
    SELECT * FROM reasons WHERE session_id IN (SELECT value FROM json_each(?))
    ORDER BY session_id, number, position
"""
_HINTS = """
    SELECT * FROM hints WHERE session_id IN (SELECT value FROM json_each(?))
    ORDER BY session_id, number
"""
_RATINGS = "SELECT * FROM self_ratings WHERE session_id IN (SELECT value FROM json_each(?))"


def load(db: sqlite_utils.Database, path: Path, ids: Sequence[str]) -> list[Session]:
    """The sessions that exist of those asked for, in the order asked for.

    Raises ``StoreError`` where a row does not hold what CoachBot wrote.
    """
    found = list(db.query(_SESSIONS, [json.dumps(list(ids))]))
    every = [json.dumps([row["id"] for row in found])]
    turns = grouped(db.query(_TURNS, every), "session_id")
    scores = grouped(db.query(_SCORES, every), "session_id", "number")
    evidence = grouped(db.query(_EVIDENCE, every), "session_id", "number")
    reasons = grouped(db.query(_REASONS, every), "session_id", "number")
    hints = grouped(db.query(_HINTS, every), "session_id")
    ratings = grouped(db.query(_RATINGS, every), "session_id")
    loaded: dict[str, Session] = {}
    for row in found:
        name = row["id"]
        try:
            own = [
                rows.turn(turn, scores[at], evidence[at], reasons[at])
                for turn in turns[name]
                for at in [(name, turn["number"])]
            ]
            first = loaded[row["retry_of"]].turns if row["retry_of"] else ()
            loaded[name] = rows.session(
                row,
                [*first[: (row["branched_at"] or 1) - 1], *own],
                [hint["number"] for hint in hints[name]],
                {rating["dimension"]: rating["value"] for rating in ratings[name]},
            )
        except (ValidationError, json.JSONDecodeError) as error:
            raise StoreError(
                f"Session {name} in the database {path} can't be understood; another program has "
                "changed it. Put a backup in place of the file, or set COACHBOT_DATABASE to "
                "another file."
            ) from error
    return [loaded[name] for name in ids if name in loaded]


def grouped(found: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    """The rows in their order by the value of one column, or by the tuple of several."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in found:
        key = tuple(row[column] for column in columns)
        groups[key[0] if len(key) == 1 else key].append(row)
    return groups
