"""What another scorer would change, as the newest preview found it."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from pydantic import TypeAdapter, ValidationError

from coachbot.coaching.previewing import KeptPreview, Preview
from coachbot.store.database import Database
from coachbot.store.rows import to_json
from coachbot.store.trust import TRAINEES_OF

_MOST_CHANGED = f"""
    SELECT p.result FROM preview_sessions p JOIN sessions s ON s.id = p.session_id
    WHERE s.person IN ({TRAINEES_OF}) ORDER BY p.largest DESC, p.session_id LIMIT :most
"""  # noqa: S608 - nothing that anybody typed is in it
_PREVIEW: TypeAdapter[Preview] = TypeAdapter(Preview)


class PreviewStore:
    """Keeps one preview in SQLite, for many threads.

    Its sessions are rows of their own, so that those of whoever is forgotten go with them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, found: Preview, made: str) -> None:
        """Keep it in place of the one before; ``made``: UTC, ISO 8601."""
        values: dict[str, Any] = found.as_json()
        sessions = values.pop("sessions")
        with self._database.writing() as db:
            db.execute("DELETE FROM preview_sessions")
            db.execute(
                "INSERT INTO previews (one, made, scored, result) VALUES (1, :made, :scored, "
                ":result) ON CONFLICT (one) DO UPDATE SET made = excluded.made, "
                "scored = excluded.scored, result = excluded.result",
                {"made": made, "scored": len(sessions), "result": to_json(values)},
            )
            # A session may have been deleted with its owner while it was scored.
            db.conn.executemany(
                "INSERT INTO preview_sessions (session_id, largest, result) "
                "SELECT id, :largest, :result FROM sessions WHERE id = :session",
                [
                    {"session": one.session, "largest": one.largest, "result": to_json(values)}
                    for one, values in zip(found.sessions, sessions, strict=True)
                ],
            )

    def kept(self, teams: Collection[str], most: int) -> KeptPreview | None:
        """The one that is kept, with those sessions of these teams' trainees that change most.

        None where there is none that this program can read.
        """
        with self._database.reading() as db:
            found = db.execute("SELECT made, scored, result FROM previews").fetchone()
            if found is None:
                return None
            made, scored, result = found
            values = {"teams": to_json(sorted(teams)), "most": most}
            sessions = db.execute(_MOST_CHANGED, values).fetchall()
        kept = {**json.loads(result), "sessions": [json.loads(one) for (one,) in sessions]}
        try:
            return KeptPreview(made, scored, _PREVIEW.validate_python(kept))
        except ValidationError:
            return None
