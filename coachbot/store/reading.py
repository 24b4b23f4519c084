"""What whoever reads one session needs beside it: its other attempts, and who read it before."""

from __future__ import annotations

from collections.abc import Collection

from coachbot.store.database import Database
from coachbot.store.rows import to_json

MOST_ATTEMPTS = 12
"""Attempts of one conversation that are found; nobody tries so often."""

_EARLIER = """
    WITH RECURSIVE earlier (id, retry_of) AS (
        SELECT id, retry_of FROM sessions WHERE id = :session
        UNION ALL
        SELECT s.id, s.retry_of FROM earlier e JOIN sessions s ON s.id = e.retry_of
    )
"""


class ReadingStore:
    """A ``coachbot.coaching.blind.Sights`` in SQLite, for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attempts(self, session: str) -> list[str]:
        """The first attempt of a conversation and all further ones, those that are over.

        Oldest first; ``session`` is any of them.
        """
        with self._database.reading() as db:
            found = db.execute(
                f"""{_EARLIER},
                attempts (id) AS (
                    SELECT id FROM earlier WHERE retry_of IS NULL
                    UNION ALL
                    SELECT s.id FROM attempts a JOIN sessions s ON s.retry_of = a.id
                )
                SELECT id FROM attempts JOIN sessions USING (id)
                WHERE phase IN ('self_rating', 'debrief') ORDER BY started, sequence
                LIMIT {MOST_ATTEMPTS}
                """,  # noqa: S608 - nothing that anybody typed is in it
                {"session": session},
            )
            return [i for (i,) in found]

    def seen(self, session: str, person: str) -> bool:
        """Whether they opened it with its scores, or an attempt that it has replies from."""
        with self._database.reading() as db:
            sql = (
                f"{_EARLIER} SELECT EXISTS (SELECT * FROM scores_seen "  # noqa: S608 - as above
                "WHERE person = :person AND session_id IN (SELECT id FROM earlier))"
            )
            (found,) = db.execute(sql, {"session": session, "person": person}).fetchone()
            return bool(found)

    def see(self, sessions: Collection[str], person: str, seen: str) -> None:
        """Note that they did, where it isn't noted."""
        values = {"sessions": to_json(list(sessions)), "person": person, "seen": seen}
        new = """
            SELECT s.id FROM sessions s WHERE s.id IN (SELECT value FROM json_each(:sessions))
            AND NOT EXISTS (
                SELECT * FROM scores_seen WHERE session_id = s.id AND person = :person)
        """
        # Reading needs no lock, and almost always there is nothing to write.
        with self._database.reading() as db:
            if db.execute(new, values).fetchone() is None:
                return
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO scores_seen (session_id, person, seen) "  # noqa: S608 - as above
                f"SELECT id, :person, :seen FROM ({new})",
                values,
            )
