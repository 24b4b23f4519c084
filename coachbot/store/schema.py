"""The tables, as numbered migrations. Each one is run once for each database, in order.

A migration that has been released is never changed: the next number changes the tables, and
``tests/store/schemas`` gets a dump of what the older program wrote.

    people ─┬─ sessions ─┬─ turns ─┬─ turn_scores   one row for each dimension
            │            │         ├─ evidence      the words that moved a dimension
            │            │         └─ reasons       why the mood moved
            │            ├─ session_scores          the session's value on each dimension
            │            ├─ self_ratings            what the hire gave themself
            │            └─ hints                   turns for which a hint was read

    members ── memberships ── teams     who practises over Telegram, in which roles
    invitations                         one-use links, by the hash of their secret
    assignments, reminders, focuses     what somebody is to practise
    grades, disputes, feelings          what people say about sessions and their scores
    scenario_files                      scenarios that trainers sent
    inbox, drafts, outbox               what came from Telegram and what goes there
    counts                              what stays of people who were forgotten: numbers only
    keys                                what links and forms of the page are signed with
    sign_in_links, page_sessions        who may come in to the page, and who is there; by hashes
    trust                               how far scores agree with grades, by scorer and dimension
    demo                                a row where nobody in the database is real
    bench_results                       what scripted agents came to in scenarios
    statements                          sessions that a learning record store was told of
    previews, preview_sessions          what another scorer would change, the newest preview
    bench_jobs                          scenarios that scripted agents are to play for a trainer
    act_verdicts                        what people say was done in sessions, or was not

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
    "members",
    "teams",
    "memberships",
    "invitations",
    "assignments",
    "reminders",
    "focuses",
    "grades",
    "disputes",
    "feelings",
    "scenario_files",
    "inbox",
    "drafts",
    "outbox",
    "counts",
    "keys",
    "sign_in_links",
    "page_sessions",
    "trust",
    "scores_seen",
    "demo",
    "bench_results",
    "statements",
    "previews",
    "preview_sessions",
    "bench_jobs",
    "act_verdicts",
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


@MIGRATIONS()
def m002_teams(db: sqlite_utils.Database) -> None:
    """Teams and their people, what they say about sessions, and the post to and from Telegram."""
    db.executescript("""
        CREATE TABLE members (
            person TEXT PRIMARY KEY NOT NULL REFERENCES people (person) ON DELETE CASCADE,
            telegram INTEGER NOT NULL UNIQUE,  -- the user's number there, and that of the chat
            name TEXT NOT NULL,
            joined TEXT NOT NULL,
            reachable INTEGER NOT NULL DEFAULT 1 CHECK (reachable IN (0, 1)),
            feedback TEXT NOT NULL DEFAULT 'end' CHECK (feedback IN ('each', 'end')),
            reminders INTEGER NOT NULL DEFAULT 1 CHECK (reminders IN (0, 1)),
            session_id TEXT REFERENCES sessions (id) ON DELETE SET NULL,  -- where messages go
            awaiting TEXT CHECK (awaiting IS NULL OR json_valid(awaiting))  -- what they answer
        ) STRICT;

        CREATE TABLE teams (
            team TEXT PRIMARY KEY NOT NULL COLLATE NOCASE,
            founded TEXT NOT NULL
        ) STRICT;

        CREATE TABLE memberships (
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            team TEXT NOT NULL REFERENCES teams (team) ON DELETE CASCADE ON UPDATE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('trainee', 'trainer', 'supervisor')),
            since TEXT NOT NULL,
            PRIMARY KEY (person, team, role)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX memberships_of_team ON memberships (team, role);

        CREATE TABLE invitations (
            secret TEXT PRIMARY KEY NOT NULL,  -- its SHA-256 in hexadecimal
            team TEXT NOT NULL REFERENCES teams (team) ON DELETE CASCADE ON UPDATE CASCADE,
            roles TEXT NOT NULL CHECK (json_valid(roles)),
            made TEXT NOT NULL,
            made_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            expires TEXT NOT NULL,
            used TEXT,
            first INTEGER NOT NULL CHECK (first IN (0, 1))  -- makes the first supervisor
        ) STRICT;

        CREATE TABLE assignments (
            id TEXT PRIMARY KEY NOT NULL,
            scenario TEXT NOT NULL,
            team TEXT NOT NULL REFERENCES teams (team) ON DELETE CASCADE ON UPDATE CASCADE,
            person TEXT REFERENCES members (person) ON DELETE CASCADE,  -- NULL: the whole team
            made TEXT NOT NULL,
            made_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            due TEXT,
            attempts INTEGER CHECK (attempts >= 1),
            pass_mark REAL CHECK (pass_mark BETWEEN 0 AND 100),  -- for all dimensions alike
            withdrawn TEXT
        ) STRICT;
        CREATE INDEX assignments_of_team ON assignments (team);

        CREATE TABLE reminders (
            assignment TEXT NOT NULL REFERENCES assignments (id) ON DELETE CASCADE,
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            day TEXT NOT NULL,
            PRIMARY KEY (assignment, person, day)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE focuses (
            id TEXT PRIMARY KEY NOT NULL,
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            made_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            dimension TEXT NOT NULL,
            text TEXT NOT NULL,
            made TEXT NOT NULL,
            agreed TEXT,  -- when the hire said yes
            ended TEXT,
            result TEXT
        ) STRICT;
        CREATE INDEX focuses_of_person ON focuses (person);

        CREATE TABLE grades (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            number INTEGER CHECK (number >= 1),  -- the turn; NULL: the session as a whole
            dimension TEXT NOT NULL,
            graded_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            grade REAL NOT NULL CHECK (grade BETWEEN 0 AND 100),
            score REAL CHECK (score BETWEEN 0 AND 100),  -- what the scorer gave
            scorer TEXT NOT NULL,
            blind INTEGER NOT NULL CHECK (blind IN (0, 1)),
            comment TEXT,
            graded TEXT NOT NULL
        ) STRICT;
        CREATE INDEX grades_of_session ON grades (session_id);

        CREATE TABLE disputes (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            dimension TEXT NOT NULL,
            comment TEXT NOT NULL,
            opened TEXT NOT NULL,
            answer TEXT,
            answered_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            answered TEXT,
            CHECK ((answer IS NULL) = (answered IS NULL))
        ) STRICT;
        CREATE INDEX disputes_of_session ON disputes (session_id);
        CREATE INDEX disputes_open ON disputes (answered) WHERE answered IS NULL;

        CREATE TABLE feelings (
            session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            feeling INTEGER NOT NULL CHECK (feeling BETWEEN 1 AND 5),  -- 1 very bad, 5 very good
            said TEXT NOT NULL
        ) STRICT;

        CREATE TABLE scenario_files (
            scenario TEXT NOT NULL,
            version INTEGER NOT NULL CHECK (version >= 1),
            team TEXT REFERENCES teams (team) ON DELETE SET NULL ON UPDATE CASCADE,
            content TEXT NOT NULL,
            sent TEXT NOT NULL,
            sent_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            published TEXT,
            withdrawn TEXT,
            PRIMARY KEY (scenario, version)
        ) STRICT;

        CREATE TABLE inbox (
            update_id INTEGER PRIMARY KEY NOT NULL,
            chat INTEGER,
            content TEXT,  -- as Telegram sent it; gone as soon as it has been dealt with
            received REAL NOT NULL,  -- seconds since 1970
            state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX inbox_new ON inbox (received) WHERE state = 'new';

        CREATE TABLE drafts (
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            message INTEGER NOT NULL,  -- Telegram's number of it, by which an edit is known
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            due REAL NOT NULL,  -- when no more is waited for; seconds since 1970
            PRIMARY KEY (person, message)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            chat INTEGER NOT NULL,
            content TEXT CHECK (content IS NULL OR json_valid(content)),  -- gone once it was sent
            file BLOB,
            due REAL NOT NULL,  -- seconds since 1970
            state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'sent', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX outbox_new ON outbox (chat, id) WHERE state = 'new';

        CREATE TABLE counts (
            month TEXT NOT NULL CHECK (month GLOB '????-??'),
            scenario TEXT NOT NULL,
            outcome TEXT NOT NULL,
            passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
            sessions INTEGER NOT NULL CHECK (sessions >= 1),
            PRIMARY KEY (month, scenario, outcome, passed)
        ) STRICT, WITHOUT ROWID;
    """)


@MIGRATIONS()
def m003_page(db: sqlite_utils.Database) -> None:
    """Signing in to the supervisors' page, and indices by which it reads few rows of many."""
    db.executescript("""
        CREATE TABLE keys (
            name TEXT PRIMARY KEY NOT NULL,
            value BLOB NOT NULL,
            made TEXT NOT NULL
        ) STRICT;

        CREATE TABLE sign_in_links (
            nonce TEXT PRIMARY KEY NOT NULL,  -- its SHA-256 in hexadecimal
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            made TEXT NOT NULL,
            expires TEXT NOT NULL,
            used TEXT
        ) STRICT;
        CREATE INDEX sign_in_links_of_person ON sign_in_links (person);

        CREATE TABLE page_sessions (
            secret TEXT PRIMARY KEY NOT NULL,  -- the cookie's SHA-256 in hexadecimal
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            begun TEXT NOT NULL,
            seen TEXT NOT NULL
        ) STRICT;
        CREATE INDEX page_sessions_of_person ON page_sessions (person);

        -- Whoever looks at a team wants the newest few of each person: never all of anybody's.
        CREATE INDEX sessions_debriefed ON sessions (person, started) WHERE phase = 'debrief';
        CREATE INDEX sessions_by_scenario ON sessions (person, scenario, started)
            WHERE phase = 'debrief';
        CREATE INDEX sessions_by_scorer ON sessions (person, scorer, started)
            WHERE phase = 'debrief';
        CREATE INDEX sessions_scorers ON sessions (scorer);
        CREATE INDEX assignments_due ON assignments (team, due) WHERE withdrawn IS NULL;
    """)


@MIGRATIONS()
def m004_wordings(db: sqlite_utils.Database) -> None:
    """How a language model had a part in an answer of the customer."""
    db.execute(
        "ALTER TABLE turns ADD COLUMN wording TEXT CHECK (wording IS NULL OR json_valid(wording))"
    )


@MIGRATIONS()
def m005_trust(db: sqlite_utils.Database) -> None:
    """How far each dimension of each scorer agrees with people, worked out when one is graded."""
    figure = """
            {0}_status TEXT NOT NULL
                CHECK ({0}_status IN ('ok', 'nothing', 'one_session', 'no_spread')),
            {0}_value REAL,  -- weighted kappa
            {0}_low REAL,
            {0}_high REAL,
            {0}_rows INTEGER NOT NULL,  -- grades
            {0}_clusters INTEGER NOT NULL,  -- sessions
    """
    db.executescript(f"""
        CREATE TABLE trust (
            scorer TEXT NOT NULL,
            dimension TEXT NOT NULL,
            {figure.format("blind")}
            {figure.format("every")}
            computed TEXT NOT NULL,
            PRIMARY KEY (scorer, dimension)
        ) STRICT, WITHOUT ROWID;

        -- The newest grades of a scorer, and of all, without looking at the others.
        CREATE INDEX grades_of_scorer ON grades (scorer, dimension, graded);
        CREATE INDEX grades_newest ON grades (graded);
    """)


@MIGRATIONS()
def m006_scores_seen(db: sqlite_utils.Database) -> None:
    """Who has opened a session with its scores, and can grade it no more without knowing them."""
    db.execute("""
        CREATE TABLE scores_seen (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            seen TEXT NOT NULL,  -- the first time
            PRIMARY KEY (session_id, person)
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m007_demo(db: sqlite_utils.Database) -> None:
    """What the bench found, what a learning record store was told, and demo data kept apart."""
    db.executescript("""
        CREATE TABLE demo (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            made TEXT NOT NULL,
            seed INTEGER NOT NULL,
            complete INTEGER NOT NULL CHECK (complete IN (0, 1))  -- from then on nobody is added
        ) STRICT;

        CREATE TABLE bench_results (
            scenario TEXT NOT NULL,
            version INTEGER NOT NULL,
            scorer TEXT NOT NULL,
            ran TEXT NOT NULL,
            result TEXT NOT NULL CHECK (json_valid(result)),
            PRIMARY KEY (scenario, version, scorer)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE statements (
            session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state IN ('sent', 'refused')),
            at TEXT NOT NULL,
            reason TEXT  -- why it was refused
        ) STRICT, WITHOUT ROWID;
    """)
    # Whatever program or command it is: made-up people and real ones never share a file.
    db.execute("""
        CREATE TRIGGER demo_takes_nobody_real BEFORE INSERT ON people
        WHEN EXISTS (SELECT * FROM demo WHERE complete = 1)
            AND NOT EXISTS (SELECT * FROM people WHERE person = NEW.person)
        BEGIN
            SELECT RAISE(ABORT, 'it holds demo data, whose people are made up');
        END
    """)
    db.execute("""
        CREATE TRIGGER nobody_real_becomes_demo BEFORE INSERT ON demo
        WHEN EXISTS (SELECT * FROM people)
        BEGIN
            SELECT RAISE(ABORT, 'there are people in it, and demo data needs a file of its own');
        END
    """)


@MIGRATIONS()
def m008_previews(db: sqlite_utils.Database) -> None:
    """What another scorer would change, kept to be read before it is switched on."""
    db.executescript("""
        CREATE TABLE previews (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            made TEXT NOT NULL,
            scored INTEGER NOT NULL,  -- sessions
            result TEXT NOT NULL CHECK (json_valid(result))  -- without the sessions
        ) STRICT;

        CREATE TABLE preview_sessions (
            session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            largest REAL NOT NULL,  -- change of a dimension, in points
            result TEXT NOT NULL CHECK (json_valid(result))
        ) STRICT, WITHOUT ROWID;
    """)


@MIGRATIONS()
def m009_bench_jobs(db: sqlite_utils.Database) -> None:
    """What trainers asked the bot to bench, so that a kill in the middle forgets nobody."""
    db.execute("""
        CREATE TABLE bench_jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            scenario TEXT NOT NULL,
            version INTEGER NOT NULL,
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            asked TEXT NOT NULL,
            begun INTEGER NOT NULL DEFAULT 0,  -- programs that began with it
            message INTEGER,  -- Telegram's number of the one that shows how far it is
            UNIQUE (scenario, version)
        ) STRICT
    """)


@MIGRATIONS()
def m010_act_verdicts(db: sqlite_utils.Database) -> None:
    """What people say was done, beside what the program saw, and what counts as passed then."""
    db.executescript("""
        CREATE TABLE act_verdicts (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            act TEXT NOT NULL,  -- its name in the scenario
            done INTEGER NOT NULL CHECK (done IN (0, 1)),
            reply INTEGER CHECK (reply >= 1),  -- that did it
            seen INTEGER CHECK (seen >= 1),  -- in which the program saw it; NULL: in none
            judged_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            comment TEXT NOT NULL,
            judged TEXT NOT NULL,
            CHECK ((done = 1) = (reply IS NOT NULL))
        ) STRICT;
        CREATE INDEX act_verdicts_of_session ON act_verdicts (session_id);

        -- Where people see otherwise than the program what was done; "passed" is what counts then.
        ALTER TABLE sessions ADD COLUMN passed_at_first INTEGER CHECK (passed_at_first IN (0, 1));
        ALTER TABLE sessions ADD COLUMN resolved INTEGER CHECK (resolved IN (0, 1));
    """)


@MIGRATIONS()
def m011_results(db: sqlite_utils.Database) -> None:
    """Lists of sessions by how they ended find theirs by an index."""
    db.execute("""
        CREATE INDEX sessions_by_result
        ON sessions (person, CASE WHEN passed = 1 THEN 'passed' ELSE outcome END, started)
        WHERE phase = 'debrief'
    """)
