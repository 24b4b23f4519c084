"""Which sessions a learning record store was told of, and those that it wasn't yet."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence

from coachbot.coaching.publishing import TRIAL
from coachbot.reporting.statements import Ended, Measure
from coachbot.store.database import Database
from coachbot.store.rows import to_json


class StatementStore:
    """A durable mark for each session that was sent, or refused, in SQLite, for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, most: int) -> list[Ended]:
        """Finished sessions of members without a mark, in the order in which they ended."""
        with self._database.reading() as db:
            found = db.execute(
                """
                SELECT s.id, s.person, s.scenario, s.scenario_version, s.started, s.ended,
                    s.outcome, s.passed, s.retry_of, s.scorer,
                    (SELECT count(*) FROM hints WHERE session_id = s.id)
                FROM sessions s JOIN members ON members.person = s.person
                WHERE s.phase = 'debrief' AND s.ended IS NOT NULL AND s.person NOT LIKE ?
                    AND NOT EXISTS (SELECT * FROM statements WHERE session_id = s.id)
                ORDER BY s.ended, s.sequence LIMIT ?
                """,
                [f"%{TRIAL}", most],
            ).fetchall()
            measures: dict[str, list[Measure]] = defaultdict(list)
            for session, dimension, score, low, high in db.execute(
                "SELECT session_id, dimension, score, low, high FROM session_scores "
                "WHERE status = 'scored' AND session_id IN (SELECT value FROM json_each(?)) "
                "ORDER BY dimension",
                [to_json([row[0] for row in found])],
            ):
                measures[session].append(Measure(dimension, score, low, high))
        return [
            Ended(
                session=row[0],
                person=row[1],
                scenario=row[2],
                version=row[3],
                started=row[4],
                ended=row[5],
                outcome=row[6],
                passed=bool(row[7]),
                again=row[8] is not None,
                scorer=row[9],
                hints=row[10],
                measures=tuple(measures[row[0]]),
            )
            for row in found
        ]

    def counted(self) -> tuple[int, int, int]:
        """How many were sent, were refused, and wait."""
        with self._database.reading() as db:
            marks = dict(db.execute("SELECT state, count(*) FROM statements GROUP BY state"))
            (waiting,) = db.execute(
                """
                SELECT count(*) FROM sessions s JOIN members ON members.person = s.person
                WHERE s.phase = 'debrief' AND s.ended IS NOT NULL AND s.person NOT LIKE ?
                    AND NOT EXISTS (SELECT * FROM statements WHERE session_id = s.id)
                """,
                [f"%{TRIAL}"],
            ).fetchone()
        return int(marks.get("sent", 0)), int(marks.get("refused", 0)), int(waiting)

    def mark_sent(self, sessions: Collection[str], at: str) -> None:
        """Note that they were taken."""
        self._mark([(session, "sent", at, None) for session in sessions])

    def mark_refused(self, session: str, at: str, reason: str) -> None:
        """Note that it was refused for good."""
        self._mark([(session, "refused", at, reason)])

    def forget_refused(self) -> int:
        """Let what was refused be tried again; return how many those are."""
        with self._database.writing() as db:
            return int(db.execute("DELETE FROM statements WHERE state = 'refused'").rowcount)

    def refused(self, most: int) -> list[tuple[str, str, str]]:
        """Sessions that were refused, when and why, newest first."""
        with self._database.reading() as db:
            return [
                (session, at, reason)
                for session, at, reason in db.execute(
                    "SELECT session_id, at, reason FROM statements WHERE state = 'refused' "
                    "ORDER BY at DESC LIMIT ?",
                    [most],
                )
            ]

    def _mark(self, marks: Sequence[tuple[str, str, str, str | None]]) -> None:
        # A session may have been deleted while it was being sent: then nothing is left to mark.
        with self._database.writing() as db:
            db.execute(
                """
                WITH m (session_id, state, at, reason) AS (
                    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'),
                        json_extract(value, '$[2]'), json_extract(value, '$[3]')
                    FROM json_each(?)
                )
                INSERT INTO statements (session_id, state, at, reason)
                SELECT m.* FROM m JOIN sessions ON sessions.id = m.session_id
                WHERE true ON CONFLICT (session_id) DO UPDATE
                    SET state = excluded.state, at = excluded.at, reason = excluded.reason
                """,
                [json.dumps(marks)],
            )
