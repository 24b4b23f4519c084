"""Who may come in to the page, and who is there, in SQLite; secrets are kept by their hashes."""

from __future__ import annotations

from coachbot.coaching.signing_in import PageSession
from coachbot.store.database import Database


class SignInStore:
    """A :class:`~coachbot.coaching.signing_in.SignInRepository` in SQLite, for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def signing_key(self, new: bytes, now: str) -> bytes:
        """The key of this database, which is ``new`` where there was none."""
        with self._database.reading() as db:
            row = db.execute("SELECT value FROM keys WHERE name = 'signing'").fetchone()
        if row is not None:
            return bytes(row[0])
        with self._database.writing() as db:
            # Another process may have been faster; its key is the one that counts.
            db.execute(
                "INSERT INTO keys (name, value, made) VALUES ('signing', ?, ?) "
                "ON CONFLICT DO NOTHING",
                [new, now],
            )
            (value,) = db.execute("SELECT value FROM keys WHERE name = 'signing'").fetchone()
        return bytes(value)

    def add_link(self, nonce: str, person: str, made: str, expires: str) -> None:
        """Keep a link; what ended before ``made`` is deleted."""
        with self._database.writing() as db:
            db.execute("DELETE FROM sign_in_links WHERE expires <= ?", [made])
            db.execute(
                "INSERT INTO sign_in_links (nonce, person, made, expires) VALUES (?, ?, ?, ?)",
                [nonce, person, made, expires],
            )

    def use_link(self, nonce: str, now: str) -> str | None:
        """Use a link up, and return whose it was; None where it was used, has ended, or is none."""
        with self._database.writing() as db:
            found = db.execute(
                "UPDATE sign_in_links SET used = :now "
                "WHERE nonce = :nonce AND used IS NULL AND expires > :now RETURNING person",
                {"nonce": nonce, "now": now},
            ).fetchall()
        return str(found[0][0]) if found else None

    def link_works(self, nonce: str, now: str) -> bool:
        """Whether a link could be used now. Changes nothing."""
        with self._database.reading() as db:
            found = db.execute(
                "SELECT 1 FROM sign_in_links WHERE nonce = ? AND used IS NULL AND expires > ?",
                [nonce, now],
            ).fetchone()
        return found is not None

    def begin(self, secret: str, person: str, now: str) -> None:
        """Keep a session."""
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO page_sessions (secret, person, begun, seen) VALUES (?, ?, ?, ?)",
                [secret, person, now, now],
            )

    def session(self, secret: str) -> PageSession | None:
        """The session of a cookie's hash."""
        with self._database.reading() as db:
            row = db.execute(
                "SELECT person, begun, seen FROM page_sessions WHERE secret = ?", [secret]
            ).fetchone()
        return None if row is None else PageSession(*row)

    def touch(self, secret: str, now: str) -> None:
        """Note that somebody was there."""
        with self._database.writing() as db:
            db.execute("UPDATE page_sessions SET seen = ? WHERE secret = ?", [now, secret])

    def end(self, secret: str) -> None:
        """Delete a session."""
        with self._database.writing() as db:
            db.execute("DELETE FROM page_sessions WHERE secret = ?", [secret])

    def end_all(self, person: str) -> None:
        """Delete all sessions of somebody, and the links that they have not used."""
        with self._database.writing() as db:
            db.execute("DELETE FROM page_sessions WHERE person = ?", [person])
            db.execute("DELETE FROM sign_in_links WHERE person = ? AND used IS NULL", [person])

    def end_older(self, begun: str, seen: str) -> None:
        """Delete the sessions that began or were last seen before."""
        with self._database.writing() as db:
            db.execute("DELETE FROM page_sessions WHERE begun < ? OR seen < ?", [begun, seen])
