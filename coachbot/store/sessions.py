"""The repository: keeps sessions as they happen, finds them again, and forgets people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlite_utils

from coachbot.errors import NotFound, StoreError
from coachbot.reporting.progress import ProgressRow
from coachbot.scoring.session_value import session_values
from coachbot.session.models import Session
from coachbot.store import rows
from coachbot.store.bench_jobs import BenchJobStore
from coachbot.store.benches import BenchStore
from coachbot.store.database import LOCK_TIMEOUT, Database
from coachbot.store.demo import DemoStore
from coachbot.store.exports import ExportStore
from coachbot.store.loading import grouped, load
from coachbot.store.overviews import OverviewStore
from coachbot.store.people import PeopleStore
from coachbot.store.post import PostStore
from coachbot.store.previews import PreviewStore
from coachbot.store.reading import ReadingStore
from coachbot.store.reviews import ReviewStore
from coachbot.store.rows import Row
from coachbot.store.scenario_figures import ScenarioFigureStore
from coachbot.store.scenario_files import ScenarioFileStore
from coachbot.store.schema import Table
from coachbot.store.sign_ins import SignInStore
from coachbot.store.statements import StatementStore
from coachbot.store.trust import TrustStore

_PHASES = ("briefing", "conversation", "self_rating", "debrief")


def _now() -> datetime:
    return datetime.now(UTC)


def open_store(
    path: Path | str,
    *,
    lock_timeout: float = LOCK_TIMEOUT,
    now: Callable[[], datetime] = _now,
) -> Store:
    """Open the database, which is made with its folder (readable by its owner only) if missing.

    ``lock_timeout``: seconds to wait while another process writes. ``now``: the time at which
    sessions are saved. Raises ``StoreError`` where the file can't be used: another program's, a
    newer CoachBot's, damaged, not to be written, locked.
    """
    return Store(Database(Path(path), lock_timeout=lock_timeout), now)


class Store:
    """A :class:`~coachbot.coaching.protocols.SessionRepository` in SQLite, for many threads."""

    def __init__(self, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._now = now

    @property
    def people(self) -> PeopleStore:
        """Teams and their people."""
        return PeopleStore(self._database)

    @property
    def reviews(self) -> ReviewStore:
        """What people say about sessions and their scores."""
        return ReviewStore(self._database)

    @property
    def sign_ins(self) -> SignInStore:
        """Links and sessions of the page."""
        return SignInStore(self._database)

    @property
    def overviews(self) -> OverviewStore:
        """What the page shows of many sessions."""
        return OverviewStore(self._database)

    @property
    def trust(self) -> TrustStore:
        """How far scores agree with people's grades."""
        return TrustStore(self._database)

    @property
    def previews(self) -> PreviewStore:
        """What another scorer would change."""
        return PreviewStore(self._database)

    @property
    def reading(self) -> ReadingStore:
        """Other attempts of a session, and who has read it."""
        return ReadingStore(self._database)

    @property
    def demo(self) -> DemoStore:
        """Whether all of it is made up."""
        return DemoStore(self._database)

    @property
    def benches(self) -> BenchStore:
        """What scripted agents came to in scenarios."""
        return BenchStore(self._database)

    @property
    def bench_jobs(self) -> BenchJobStore:
        """What scripted agents are to play for trainers."""
        return BenchJobStore(self._database)

    @property
    def scenario_figures(self) -> ScenarioFigureStore:
        """How real people fare in scenarios."""
        return ScenarioFigureStore(self._database)

    @property
    def exports(self) -> ExportStore:
        """What files are made of."""
        return ExportStore(self._database)

    @property
    def statements(self) -> StatementStore:
        """What a learning record store is told."""
        return StatementStore(self._database)

    @property
    def scenario_files(self) -> ScenarioFileStore:
        """The scenarios that trainers sent."""
        return ScenarioFileStore(self._database)

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    @property
    def post(self) -> PostStore:
        """What came from Telegram and what goes there."""
        return PostStore(self._database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make one transaction of everything that this thread writes inside."""
        with self._database.writing():
            yield

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; closing twice is harmless."""
        self._database.close()

    def save(self, session: Session) -> None:
        """Store what is new of a session, all of it or nothing.

        Turns are only ever added; hints too. Raises ``StoreError`` where the stored session has
        gone further than this one, or elsewhere, and then changes nothing.
        """
        with self._database.writing() as db:
            self._save(db, session)

    def get(self, session_id: str) -> Session:
        """The session as it was last saved; ``NotFound`` where there is none."""
        with self._database.reading() as db:
            found = load(db, self._database.path, [session_id])
        if not found:
            raise NotFound(
                f"There is no session {session_id!r} in {self._database.path}; it may have been "
                "deleted, or belong to another database."
            )
        return found[0]

    def unfinished(self, person: str) -> Session | None:
        """The person's newest session that is not at its debrief yet, retries included."""
        with self._database.reading() as db:
            ids = _ids(
                db,
                "SELECT id FROM sessions WHERE person = ? AND phase != 'debrief' "
                "ORDER BY started DESC, sequence DESC LIMIT 1",
                person,
            )
            return next(iter(load(db, self._database.path, ids)), None)

    def finished(self, person: str) -> list[Session]:
        """The person's sessions that are at their debrief, oldest first, retries included."""
        with self._database.reading() as db:
            ids = _ids(
                db,
                "SELECT id FROM sessions WHERE person = ? AND phase = 'debrief' "
                "ORDER BY started, sequence",
                person,
            )
            return load(db, self._database.path, ids)

    def progress(self, person: str) -> list[ProgressRow]:
        """The person's finished sessions in short, oldest first, retries included."""
        with self._database.reading() as db:
            sessions = list(
                db.query(
                    """
                    SELECT id, scenario, started, outcome, passed, scorer, retry_of,
                        retry_of IS NOT NULL
                        OR EXISTS (SELECT * FROM hints WHERE session_id = sessions.id)
                        AS with_help
                    FROM sessions WHERE person = ? AND phase = 'debrief'
                    ORDER BY started, sequence
                    """,
                    [person],
                )
            )
            values = grouped(
                db.query(
                    """
                    SELECT session_scores.* FROM session_scores
                    JOIN sessions ON sessions.id = session_scores.session_id
                    WHERE person = ? AND phase = 'debrief'
                    """,
                    [person],
                ),
                "session_id",
            )
        return [rows.progress_row(row, values[row["id"]]) for row in sessions]

    def export(self, person: str) -> dict[str, Any]:
        """Everything that is kept about a person, ready for JSON.

        ``person``, ``first_seen`` (UTC, None when unknown) and ``sessions``, oldest first.
        """
        with self._database.reading() as db:
            seen = _ids(db, "SELECT first_seen FROM people WHERE person = ?", person)
            ids = _ids(
                db, "SELECT id FROM sessions WHERE person = ? ORDER BY started, sequence", person
            )
            sessions = load(db, self._database.path, ids)
        return {
            "person": person,
            "first_seen": next(iter(seen), None),
            "sessions": [rows.as_told(session) for session in sessions],
        }

    def forget(self, person: str) -> int:
        """Delete everything of a person, also from the file's unused parts; counts the sessions."""
        with self._database.writing() as db:
            ids = _ids(db, "SELECT id FROM sessions WHERE person = ?", person)
            db.execute("DELETE FROM people WHERE person = ?", [person])
        # The deleted texts would otherwise stand in the write-ahead log for a while.
        self._database.checkpoint()
        return len(ids)

    def _save(self, db: sqlite_utils.Database, session: Session) -> None:
        now = self._now().isoformat(timespec="milliseconds")
        kept = self._kept(db, session)
        if kept is None:
            self._insert(db, session, now)
            stored = session.branched_at - 1 if session.branched_at else 0
        else:
            stored = kept
        new = session.turns[stored:]
        for turn in new:
            for table, turn_rows in rows.turn_rows(session.id, turn, now).items():
                _insert(db, table, turn_rows)
        if new or kept is None:
            _store_values(db, session)
        _add_hints(db, session)
        _store_rating(db, session)
        db.execute(
            """
            UPDATE sessions SET phase = :phase, pending = :pending, outcome = :outcome,
                passed = CASE WHEN passed_at_first IS NULL THEN :passed ELSE passed END,
                saved = :now,
                ended = CASE WHEN :over THEN coalesce(ended, :now) END
            WHERE id = :id
            """,
            {**rows.changing(session), "now": now, "over": session.over, "id": session.id},
        )

    def _kept(self, db: sqlite_utils.Database, session: Session) -> int | None:
        """How many of its turns are stored; None for a new session.

        Raises ``StoreError`` where saving would undo something that is stored.
        """
        found = list(db.query("SELECT * FROM sessions WHERE id = ?", [session.id]))
        if not found:
            return None
        row = found[0]
        if any(row[column] != getattr(session, column) for column in rows.FIXED):
            raise StoreError(
                f"Another session is already stored as {session.id} in {self._database.path}, so "
                "this one was not saved. Start a new session."
            )
        last = list(
            db.query(
                "SELECT number, customer, agent, answer FROM turns WHERE session_id = ? "
                "ORDER BY number DESC LIMIT 1",
                [session.id],
            )
        )
        stored: int = last[0]["number"] if last else (session.branched_at or 1) - 1
        gone_on = len(session.turns) < stored or (
            _PHASES.index(session.phase) < _PHASES.index(row["phase"])
        )
        if not gone_on and last:
            turn = session.turns[stored - 1]
            gone_on = (last[0]["customer"], last[0]["agent"], last[0]["answer"]) != (
                rows.to_json(turn.customer),
                turn.agent,
                rows.to_json(turn.answer),
            )
        if gone_on:
            happened = (
                f"gone on somewhere else, where it has {stored} turns"
                if row["outcome"] is None
                else "ended somewhere else"
            )
            raise StoreError(
                f"This conversation has meanwhile {happened}, so what you did here was not saved "
                f"over it ({self._database.path}). Close one of the two windows and open the "
                "session again to go on from there."
            )
        return stored

    def _insert(self, db: sqlite_utils.Database, session: Session, now: str) -> None:
        if session.retry_of and session.branched_at:
            first = next(iter(load(db, self._database.path, [session.retry_of])), None)
            shared = session.branched_at - 1
            if (
                first is None
                or first.person != session.person
                or first.turns[:shared] != session.turns[:shared]
                or len(session.turns) < shared
            ):
                raise StoreError(
                    f"The retry {session.id} was not saved, because the first attempt "
                    f"{session.retry_of} is not stored in {self._database.path} as it was when the "
                    "retry began. Start a new session of this scenario."
                )
        db.execute(
            "INSERT INTO people (person, first_seen) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [session.person, now],
        )
        _insert(db, "sessions", [{**rows.session_row(session), "saved": now}])


def _store_values(db: sqlite_utils.Database, session: Session) -> None:
    values = session_values([turn.score for turn in session.turns])
    db.conn.executemany(
        """
        INSERT INTO session_scores (session_id, dimension, status, reason, score, low, high)
        VALUES (:session_id, :dimension, :status, :reason, :score, :low, :high)
        ON CONFLICT (session_id, dimension) DO UPDATE SET status = excluded.status,
            reason = excluded.reason, score = excluded.score, low = excluded.low,
            high = excluded.high
        """,
        rows.score_rows({"session_id": session.id}, values),
    )


def _add_hints(db: sqlite_utils.Database, session: Session) -> None:
    db.conn.executemany(
        "INSERT INTO hints (session_id, number) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(session.id, number) for number in session.hints],
    )


def _store_rating(db: sqlite_utils.Database, session: Session) -> None:
    if session.self_rating is None:
        return
    db.conn.executemany(
        """
        INSERT INTO self_ratings (session_id, dimension, value) VALUES (?, ?, ?)
        ON CONFLICT (session_id, dimension) DO UPDATE SET value = excluded.value
        """,
        [
            (session.id, dimension, value)
            for dimension, value in session.self_rating.model_dump().items()
        ],
    )


def _insert(db: sqlite_utils.Database, table: Table, new: list[Row]) -> None:
    # The type names the tables there are: sqlite-utils would make a mistyped one.
    if new:
        db.table(table).insert_all(new)


def _ids(db: sqlite_utils.Database, sql: str, person: str) -> list[str]:
    return [value for (value,) in db.execute(sql, [person])]
