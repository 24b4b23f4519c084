"""The benches that trainers asked for and that are not over."""

from __future__ import annotations

from coachbot.coaching.bench_jobs import BenchJob
from coachbot.store.database import Database
from coachbot.store.rows import Row


class BenchJobStore:
    """A :class:`~coachbot.coaching.bench_jobs.BenchJobs` in SQLite, for many threads.

    Each call is one transaction, or a part of the one that its thread is in.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, scenario: str, version: int, person: str, now: str) -> BenchJob:
        """A new job; there must be none of this version."""
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO bench_jobs (scenario, version, person, asked) VALUES (?, ?, ?, ?)",
                [scenario, version, person, now],
            )
            (made,) = db.query("SELECT * FROM bench_jobs WHERE id = last_insert_rowid()")
        return BenchJob(**made)

    def waiting(self) -> list[BenchJob]:
        """All that are not over, the one that is played first."""
        return [BenchJob(**row) for row in self._query("SELECT * FROM bench_jobs ORDER BY id", {})]

    def get(self, job: int) -> BenchJob | None:
        """A job; None where it is over."""
        found = self._query("SELECT * FROM bench_jobs WHERE id = :job", {"job": job})
        return BenchJob(**found[0]) if found else None

    def begin(self, job: int) -> int:
        """Note that a program begins with it; return how many have, with this one."""
        with self._database.writing() as db:
            db.execute("UPDATE bench_jobs SET begun = begun + 1 WHERE id = ?", [job])
            found = db.execute("SELECT begun FROM bench_jobs WHERE id = ?", [job]).fetchone()
        return int(found[0]) if found else 0

    def shown(self, job: int, message: int) -> None:
        """Note which message shows how far it is."""
        with self._database.writing() as db:
            db.execute("UPDATE bench_jobs SET message = ? WHERE id = ?", [message, job])

    def end(self, job: int) -> bool:
        """Forget it; False where it was over."""
        with self._database.writing() as db:
            return db.execute("DELETE FROM bench_jobs WHERE id = ?", [job]).rowcount > 0

    def _query(self, sql: str, values: Row) -> list[Row]:
        with self._database.reading() as db:
            return list(db.query(sql, values))
