"""The tables, as numbered migrations. Each one is run once for each database, in order.

A migration that has been released is never changed: the next number changes the tables, and
``tests/store/schemas`` gets a dump of what the older program wrote.

    people ─┬─ sessions ─┬─ turns ─┬─ turn_scores   one row for each dimension
            │            │         ├─ evidence      the words that moved a dimension
            │            │         └─ reasons       why the mood moved
            │            ├─ session_scores          the session's value on each dimension
            │            ├─ self_ratings            what the hire gave themself
            │            └─ hints                   turns for which a hint was read

A retry keeps only the turns from ``branched_at`` on; those before it are the turns of ``retry_of``,
so that no reply is counted twice. Times are UTC in ISO 8601, ending in ``+00:00``. What has no
score is NULL and says so in ``status``. Texts of lists and states are JSON.
"""

from __future__ import annotations

from typing import Literal

import sqlite_utils
from sqlite_utils.migrations import Migrations

Table = Literal[
    "people",
    "sessions",
    "turns",
    "turn_scores",
    "evidence",
    "reasons",
    "session_scores",
    "self_ratings",
    "hints",
]

APPLICATION_ID = 0x436F4264
"""``CoBd`` in the file's header: says that a file is CoachBot's and no other program's."""

MIGRATIONS = Migrations("coachbot")


@MIGRATIONS()
def m001_sessions(db: sqlite_utils.Database) -> None:
    """People, their sessions, and everything that was said and scored in them."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.executescript("""
        CREATE TABLE people (
            person TEXT PRIMARY KEY NOT NULL,
            first_seen TEXT NOT NULL
        ) STRICT;

        CREATE TABLE sessions (
            sequence INTEGER PRIMARY KEY,  -- in the order in which sessions were first saved
            id TEXT NOT NULL UNIQUE,
            person TEXT NOT NULL REFERENCES people (person) ON DELETE CASCADE,
            scenario TEXT NOT NULL,
            scenario_version INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            scorer TEXT NOT NULL,
            started TEXT NOT NULL CHECK (started GLOB '????-??-??T??:??:??*+00:00'),
            opening TEXT NOT NULL CHECK (json_valid(opening)),
            opening_state TEXT NOT NULL CHECK (json_valid(opening_state)),
            retry_of TEXT REFERENCES sessions (id),
            branched_at INTEGER CHECK (branched_at >= 1),
            phase TEXT NOT NULL
                CHECK (phase IN ('briefing', 'conversation', 'self_rating', 'debrief')),
            pending TEXT,
            outcome TEXT,
            passed INTEGER CHECK (passed IN (0, 1)),
            saved TEXT NOT NULL,
            ended TEXT,  -- when the conversation was first saved as over
            CHECK ((retry_of IS NULL) = (branched_at IS NULL))
        ) STRICT;
        CREATE INDEX sessions_of_person ON sessions (person, started);
        CREATE INDEX sessions_of_scenario ON sessions (scenario, started);
        CREATE INDEX sessions_retried ON sessions (retry_of);

        CREATE TABLE turns (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number >= 1),
            customer TEXT NOT NULL CHECK (json_valid(customer)),
            agent TEXT NOT NULL,
            answer TEXT NOT NULL CHECK (json_valid(answer)),
            hinted INTEGER NOT NULL CHECK (hinted IN (0, 1)),
            mood_before REAL NOT NULL,
            mood_after REAL NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('scored', 'unscored')),
            reason TEXT,  -- why the reply as a whole has no score
            scorer TEXT NOT NULL,
            score_id TEXT NOT NULL CHECK (json_valid(score_id)),
            signals TEXT CHECK (signals IS NULL OR json_valid(signals)),
            has_evidence INTEGER NOT NULL CHECK (has_evidence IN (0, 1)),  -- looked for, maybe none
            acts TEXT NOT NULL CHECK (json_valid(acts)),
            facts TEXT NOT NULL CHECK (json_valid(facts)),
            needs_revealed TEXT NOT NULL CHECK (json_valid(needs_revealed)),
            needs_met TEXT NOT NULL CHECK (json_valid(needs_met)),
            over_promises TEXT NOT NULL CHECK (json_valid(over_promises)),
            state TEXT NOT NULL CHECK (json_valid(state)),
            saved TEXT NOT NULL,
            PRIMARY KEY (session_id, number)
        ) STRICT;

        CREATE TABLE turn_scores (
            session_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            dimension TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('scored', 'unscored')),
            reason TEXT,
            score REAL CHECK (score BETWEEN 0 AND 100),
            low REAL CHECK (low BETWEEN 0 AND 100),
            high REAL CHECK (high BETWEEN 0 AND 100),
            PRIMARY KEY (session_id, number, dimension),
            FOREIGN KEY (session_id, number) REFERENCES turns (session_id, number)
                ON DELETE CASCADE,
            CHECK ((status = 'scored') = (score IS NOT NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE evidence (
            session_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            position INTEGER NOT NULL,
            dimension TEXT NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('reply', 'history')),
            history_turn INTEGER,
            span_start INTEGER NOT NULL,  -- in Unicode code points
            span_end INTEGER NOT NULL,
            text TEXT NOT NULL,
            effect REAL NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (session_id, number, position),
            FOREIGN KEY (session_id, number) REFERENCES turns (session_id, number)
                ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE reasons (
            session_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            position INTEGER NOT NULL,
            cause TEXT NOT NULL,
            points REAL NOT NULL,
            quote TEXT,
            text TEXT NOT NULL,
            PRIMARY KEY (session_id, number, position),
            FOREIGN KEY (session_id, number) REFERENCES turns (session_id, number)
                ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE session_scores (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            dimension TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('scored', 'unscored')),
            reason TEXT,
            score REAL CHECK (score BETWEEN 0 AND 100),
            low REAL CHECK (low BETWEEN 0 AND 100),
            high REAL CHECK (high BETWEEN 0 AND 100),
            PRIMARY KEY (session_id, dimension),
            CHECK ((status = 'scored') = (score IS NOT NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE self_ratings (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            dimension TEXT NOT NULL,
            value REAL NOT NULL CHECK (value BETWEEN 0 AND 100),
            PRIMARY KEY (session_id, dimension)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE hints (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,  -- the turn it was read for, which may never have come
            PRIMARY KEY (session_id, number)
        ) STRICT, WITHOUT ROWID;
    """)
