"""What files are made of, a few hundred rows at a time; nothing stays locked or open in between."""

from __future__ import annotations

from collections.abc import Iterator

from coachbot.reporting.export import ExportRow
from coachbot.reporting.export_files import GradeRow
from coachbot.store.database import Database
from coachbot.store.reviews import ReviewStore

BATCH = 500

_GRADES = """
    SELECT g.rowid AS place, s.person, m.name, s.id AS session, s.scenario, g.number AS reply,
        g.dimension, g.grade, g.score, g.blind, b.name AS graded_by, g.graded, g.comment, g.scorer
    FROM grades g
    JOIN sessions s ON s.id = g.session_id
    JOIN members m ON m.person = s.person
    LEFT JOIN members b ON b.person = g.graded_by
    WHERE g.rowid > :after AND s.person IN (
        SELECT person FROM memberships
        WHERE team = (SELECT team FROM teams WHERE team = :team) AND role = 'trainee'
    )
    ORDER BY g.rowid LIMIT :batch
"""


class ExportStore:
    """Rows of a team's trainees for files, in SQLite, for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def scores(self, team: str) -> Iterator[ExportRow]:
        """The finished sessions, one row for each dimension."""
        return ReviewStore(self._database).export_rows(team)

    def grades(self, team: str) -> Iterator[GradeRow]:
        """All grades of their sessions and replies, in the order in which they were given."""
        after = 0
        while True:
            with self._database.reading() as db:
                batch = list(db.query(_GRADES, {"team": team, "after": after, "batch": BATCH}))
            if not batch:
                return
            for row in batch:
                after = row.pop("place")
                yield GradeRow(**{**row, "blind": bool(row["blind"])})
