"""What came from Telegram and what goes there, kept until it has been dealt with.

The inbox has every update once, by its number; whoever deals with one claims it in the same
transaction as what it does, so that nothing is done twice. The outbox has what is to be sent, in
order for each chat. Drafts are replies that the hire may still add to or change.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import sqlite_utils

from coachbot.coaching.post import Arrived, Draft, Waiting
from coachbot.store.database import Database

KEPT = 48 * 3600.0
"""Seconds for which the number of an update is remembered. Telegram keeps an update for a day, and
after a week without one begins to count anywhere."""

_MOMENT = 0.001
"""Seconds that set two arrivals apart; a double still tells them apart in the year 3000."""


class PostStore:
    """Inbox, outbox and drafts in SQLite. All methods raise ``StoreError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- What came -------------------------------------------------------------------------------

    def receive(self, arrived: Sequence[Arrived], now: float) -> list[Arrived]:
        """Keep updates before they are confirmed; return those that were not there yet."""
        new = []
        with self._database.writing() as db:
            # Those that wait come first, even if the clock has been put back since.
            (last,) = db.execute("SELECT max(received) FROM inbox WHERE state = 'new'").fetchone()
            if last is not None and last >= now:
                now = last + _MOMENT
            for one in arrived:
                done = db.execute(
                    "INSERT INTO inbox (update_id, chat, content, received) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT DO NOTHING",
                    [one.update_id, one.chat, one.content, now],
                )
                if done.rowcount:
                    new.append(one)
        return new

    def chats_waiting(self) -> list[int | None]:
        """The chats with updates that nobody has dealt with, oldest first."""
        with self._database.reading() as db:
            found = db.execute(
                "SELECT chat FROM inbox WHERE state = 'new' GROUP BY chat ORDER BY min(received)"
            )
            return [chat for (chat,) in found]

    def next_update(self, chat: int | None) -> Arrived | None:
        """The oldest update of a chat that nobody has dealt with."""
        with self._database.reading() as db:
            row = db.execute(
                "SELECT update_id, chat, content, attempts FROM inbox "
                "WHERE state = 'new' AND chat IS ? ORDER BY received, update_id LIMIT 1",
                [chat],
            ).fetchone()
        return Arrived(*row) if row else None

    def claim(self, update_id: int) -> bool:
        """Mark an update as dealt with and forget its content; False if it was already."""
        with self._database.writing() as db:
            done = db.execute(
                "UPDATE inbox SET state = 'done', content = NULL "
                "WHERE update_id = ? AND state = 'new'",
                [update_id],
            )
            return bool(done.rowcount)

    def backlog(self, chat: int) -> int:
        """How many updates of a chat nobody has dealt with."""
        with self._database.reading() as db:
            (found,) = db.execute(
                "SELECT count(*) FROM inbox WHERE state = 'new' AND chat = ?", [chat]
            ).fetchone()
            return int(found)

    def count_attempt(self, update_id: int) -> int:
        """Note that an update is being dealt with; return how often, with this one."""
        with self._database.writing() as db:
            db.execute("UPDATE inbox SET attempts = attempts + 1 WHERE update_id = ?", [update_id])
            (attempts,) = db.execute(
                "SELECT attempts FROM inbox WHERE update_id = ?", [update_id]
            ).fetchone()
            return int(attempts)

    def fail(self, update_id: int) -> None:
        """Give an update up, so that those behind it can be dealt with."""
        with self._database.writing() as db:
            db.execute(
                "UPDATE inbox SET state = 'failed', content = NULL WHERE update_id = ?", [update_id]
            )

    # --- What the hire is writing ----------------------------------------------------------------

    def draft(self, person: str, draft: Draft) -> None:
        """Keep a message of a hire; those of the same session wait until this one is due, too."""
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO drafts (person, message, session_id, text, due) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (person, message) "
                "DO UPDATE SET text = excluded.text, due = excluded.due",
                [person, draft.message, draft.session_id, draft.text, draft.due],
            )
            db.execute("UPDATE drafts SET due = ? WHERE person = ?", [draft.due, person])

    def drafts(self, person: str) -> list[Draft]:
        """The messages of a hire that wait for an answer, in the order in which they came."""
        with self._database.reading() as db:
            found = db.execute(
                "SELECT message, session_id, text, due FROM drafts WHERE person = ? "
                "ORDER BY message",
                [person],
            )
            return [Draft(*row) for row in found]

    def clear_drafts(self, person: str) -> None:
        """Forget the messages of a hire, because they have been answered or are not wanted."""
        with self._database.writing() as db:
            db.execute("DELETE FROM drafts WHERE person = ?", [person])

    def writers(self) -> list[str]:
        """Everybody with messages that wait for an answer."""
        with self._database.reading() as db:
            return [person for (person,) in db.execute("SELECT DISTINCT person FROM drafts")]

    # --- What goes -------------------------------------------------------------------------------

    def put(
        self, chat: int, content: dict[str, object], file: bytes | None, pause: float, now: float
    ) -> None:
        """Put a message into the outbox, ``pause`` seconds after what waits there for the chat."""
        with self._database.writing() as db:
            last = _last_due(db, chat)
            due = max(now, last if last is not None else now) + pause
            db.execute(
                "INSERT INTO outbox (chat, content, file, due) VALUES (?, ?, ?, ?)",
                [chat, json.dumps(content, ensure_ascii=False), file, due],
            )

    def last_due(self, chat: int) -> float | None:
        """When the last message that waits for a chat is due; None if none waits."""
        with self._database.reading() as db:
            return _last_due(db, chat)

    def first_of_chats(self, busy: Collection[int]) -> list[Waiting]:
        """The first message that waits for each chat, but for chats that are being sent to."""
        with self._database.reading() as db:
            found = db.execute(
                "SELECT id, chat, content, file, due, attempts FROM outbox WHERE id IN "
                "(SELECT min(id) FROM outbox WHERE state = 'new' GROUP BY chat) ORDER BY due",
            )
            return [
                Waiting(id_, chat, json.loads(content), file, due, attempts)
                for id_, chat, content, file, due, attempts in found
                if chat not in busy
            ]

    def sent(self, id_: int) -> None:
        """A message has arrived; its text is forgotten."""
        self._ended(id_, "sent")

    def give_up(self, id_: int) -> None:
        """A message can't be sent; its text is forgotten."""
        self._ended(id_, "failed")

    def _ended(self, id_: int, state: str) -> None:
        with self._database.writing() as db:
            db.execute(
                "UPDATE outbox SET state = ?, content = NULL, file = NULL WHERE id = ?",
                [state, id_],
            )

    def postpone(self, id_: int, until: float) -> None:
        """Try a message again later; what waits behind it in its chat waits as well."""
        with self._database.writing() as db:
            db.execute(
                "UPDATE outbox SET due = ?, attempts = attempts + 1 WHERE id = ?", [until, id_]
            )

    def drop(self, chat: int) -> int:
        """Give up everything that waits for a chat; return how many messages that were."""
        with self._database.writing() as db:
            done = db.execute(
                "UPDATE outbox SET state = 'failed', content = NULL, file = NULL "
                "WHERE state = 'new' AND chat = ?",
                [chat],
            )
            return done.rowcount

    def hurry(self, now: float, longest: float) -> list[str]:
        """Make due at once what is due more than ``longest`` seconds from now.

        For a clock that was put back: nobody would wait until it is there again. Returns everybody
        with messages that wait for an answer.
        """
        with self._database.writing() as db:
            for table in ("outbox", "drafts"):
                waits = "state = 'new' AND " if table == "outbox" else ""
                db.execute(
                    f"UPDATE {table} SET due = ? WHERE {waits}due > ?",  # noqa: S608
                    [now, now + longest],
                )
            return [person for (person,) in db.execute("SELECT DISTINCT person FROM drafts")]

    # --- The state of things ---------------------------------------------------------------------

    def waiting(self) -> dict[str, int]:
        """How many updates and messages wait, and how many were given up."""
        with self._database.reading() as db:
            (inbox,) = db.execute("SELECT count(*) FROM inbox WHERE state = 'new'").fetchone()
            (outbox,) = db.execute("SELECT count(*) FROM outbox WHERE state = 'new'").fetchone()
            (failed,) = db.execute(
                "SELECT (SELECT count(*) FROM inbox WHERE state = 'failed') + "
                "(SELECT count(*) FROM outbox WHERE state = 'failed')"
            ).fetchone()
        return {"inbox": inbox, "outbox": outbox, "failed": failed}

    def prune(self, now: float) -> None:
        """Forget the numbers of what was dealt with long ago."""
        with self._database.writing() as db:
            db.execute("DELETE FROM inbox WHERE state != 'new' AND received < ?", [now - KEPT])
            db.execute("DELETE FROM outbox WHERE state != 'new' AND due < ?", [now - KEPT])


def _last_due(db: sqlite_utils.Database, chat: int) -> float | None:
    (due,) = db.execute(
        "SELECT max(due) FROM outbox WHERE state = 'new' AND chat = ?", [chat]
    ).fetchone()
    return None if due is None else float(due)
