"""What files are made of, a few hundred rows at a time; nothing stays locked or open in between."""

from __future__ import annotations

from collections.abc import Iterator

from coachbot.reporting.export import ExportRow
from coachbot.reporting.export_files import ActRow, GradeRow
from coachbot.store.database import Database
from coachbot.store.reviews import ReviewStore
from coachbot.store.rows import Row

BATCH = 500
_YES_OR_NO = ("done", "counts", "passed", "passed_at_first")

_GRADES = """
    SELECT g.rowid AS place, s.person, m.name, s.id AS session, s.scenario, g.number AS reply,
        g.dimension, g.grade, g.score, g.blind, b.name AS graded_by, g.graded, g.comment, g.scorer,
        EXISTS (
            SELECT * FROM grades w WHERE w.session_id = g.session_id AND w.number IS g.number
                AND w.dimension = g.dimension AND w.graded_by IS g.graded_by
                AND (w.graded, w.rowid) > (g.graded, g.rowid)
        ) AS replaced
    FROM grades g
    JOIN sessions s ON s.id = g.session_id
    JOIN members m ON m.person = s.person
    LEFT JOIN members b ON b.person = g.graded_by
    WHERE g.rowid > :after AND s.person IN (
        SELECT person FROM memberships
        WHERE team = (SELECT team FROM teams WHERE team = :team) AND role = 'trainee'
    ) AND s.started >= :since AND s.started < :until
    ORDER BY g.rowid LIMIT :batch
"""

_ACTS = """
    SELECT v.rowid AS place, s.person, m.name, s.id AS session, s.scenario, v.act, v.done, v.reply,
        v.seen AS seen_in, b.name AS judged_by, v.judged, v.comment, s.passed,
        coalesce(s.passed_at_first, s.passed) AS passed_at_first,
        NOT EXISTS (
            SELECT * FROM act_verdicts w WHERE w.session_id = v.session_id AND w.act = v.act
                AND (w.judged, w.rowid) > (v.judged, v.rowid)
        ) AS counts
    FROM act_verdicts v
    JOIN sessions s ON s.id = v.session_id
    JOIN members m ON m.person = s.person
    LEFT JOIN members b ON b.person = v.judged_by
    WHERE v.rowid > :after AND s.person IN (
        SELECT person FROM memberships
        WHERE team = (SELECT team FROM teams WHERE team = :team) AND role = 'trainee'
    ) AND s.started >= :since AND s.started < :until
    ORDER BY v.rowid LIMIT :batch
"""


class ExportStore:
    """Rows of a team's trainees for files, in SQLite, for many threads.

    ``since`` and ``until``: of sessions begun in this time (UTC, ISO 8601; without ``until``).
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def scores(self, team: str, since: str = "", until: str = "9999") -> Iterator[ExportRow]:
        """The finished sessions, one row for each dimension."""
        return ReviewStore(self._database).export_rows(team, since, until)

    def grades(self, team: str, since: str = "", until: str = "9999") -> Iterator[GradeRow]:
        """All grades of their sessions and replies, in the order in which they were given."""
        for row in self._all(_GRADES, team, since, until):
            yes = {name: bool(row[name]) for name in ("blind", "replaced")}
            yield GradeRow(**{**row, **yes})

    def acts(self, team: str, since: str = "", until: str = "9999") -> Iterator[ActRow]:
        """What people said was done in their sessions, in the order in which they said it."""
        for row in self._all(_ACTS, team, since, until):
            yes = {name: bool(row[name]) for name in _YES_OR_NO}
            yield ActRow(**{**row, **yes})

    def _all(self, sql: str, team: str, since: str, until: str) -> Iterator[Row]:
        after = 0
        given = {"team": team, "batch": BATCH, "since": since, "until": until}
        while True:
            with self._database.reading() as db:
                batch = list(db.query(sql, {**given, "after": after}))
            if not batch:
                return
            for row in batch:
                after = row.pop("place")
                yield row
