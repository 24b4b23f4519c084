"""Whether a database is a demo: then nobody in it is real, and nobody real gets into it.

The tables see to that themselves (``m007_demo`` of ``coachbot.store.schema``).
"""

from __future__ import annotations

from coachbot.errors import UsageError
from coachbot.store.database import Database


class DemoStore:
    """The mark of a database with demo data."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def made(self) -> str | None:
        """When the demo data was made (UTC, ISO 8601); None: the people here are real."""
        with self._database.reading() as db:
            row = db.execute("SELECT made FROM demo").fetchone()
        return None if row is None else str(row[0])

    def refuse_people(self) -> None:
        """Raise ``UsageError`` where the database has people, or is a demo already."""
        if self.made() is not None:
            raise UsageError(
                f"{self._database.path} has demo data already. To have it made anew, delete the "
                "file first, or name another one with --database."
            )
        with self._database.reading() as db:
            (people,) = db.execute("SELECT count(*) FROM people").fetchone()
        if people:
            counted = "1 person" if people == 1 else f"{people} people"
            raise UsageError(
                f"{self._database.path} has {counted} in it, and demo data is never mixed with "
                "theirs. Nothing was changed; name a new file with --database."
            )

    def begin(self, made: str, seed: int) -> None:
        """Mark an empty database, as the first step of filling it in one transaction."""
        with self._database.writing() as db:
            self.refuse_people()
            db.execute(
                "INSERT INTO demo (one, made, seed, complete) VALUES (1, ?, ?, 0)", [made, seed]
            )

    def complete(self) -> None:
        """Let nobody else in from now on."""
        with self._database.writing() as db:
            db.execute("UPDATE demo SET complete = 1")
