"""People, teams and invitations in SQLite; and how people are exported and forgotten."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PureWindowsPath
from typing import Any

import sqlite_utils

from coachbot.coaching.people import Feedback, Invitation, Member, Membership, Role
from coachbot.coaching.publishing import TRIAL
from coachbot.errors import NotFound
from coachbot.store.database import Database
from coachbot.store.loading import load
from coachbot.store.rows import Row, as_told, to_json

_FROM = ("message", "edited_message", "callback_query", "my_chat_member")
"""Where an update of Telegram says who it is from."""


class PeopleStore:
    """A :class:`~coachbot.coaching.people.PeopleRepository` in SQLite, for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction for all calls inside; nobody else writes between them."""
        with self._database.writing():
            yield

    # --- Who is there ----------------------------------------------------------------------------

    def member(self, person: str) -> Member | None:
        """Somebody by their id."""
        return next(iter(self._members("members.person = ?", person)), None)

    def by_telegram(self, number: int) -> Member | None:
        """Somebody by their number on Telegram."""
        return next(iter(self._members("members.telegram = ?", number)), None)

    def members(self, team: str, role: Role | None = None) -> tuple[Member, ...]:
        """The people of a team, or those with a role there, by name."""
        return self._members(
            """
            members.person IN (
                SELECT person FROM memberships
                WHERE team = (SELECT team FROM teams WHERE team = ?) AND coalesce(role = ?, 1)
            )
            """,
            team,
            role,
        )

    def anyone(self) -> bool:
        """Whether there is a supervisor of any team."""
        with self._database.reading() as db:
            found = db.execute("SELECT 1 FROM memberships WHERE role = 'supervisor' LIMIT 1")
            return found.fetchone() is not None

    def teams(self) -> tuple[str, ...]:
        """All teams, by name; also those that nobody is in."""
        with self._database.reading() as db:
            return tuple(team for (team,) in db.execute("SELECT team FROM teams ORDER BY team"))

    def _members(self, condition: str, *values: str | int | None) -> tuple[Member, ...]:
        with self._database.reading() as db:
            return _members(db, condition, *values)

    # --- What changes somebody -------------------------------------------------------------------

    def rename_team(self, team: str, name: str) -> None:
        """Call a team something else, wherever it stands."""
        with self._database.writing() as db:
            # Memberships, invitations, assignments and scenarios follow by themselves.
            if not db.execute("UPDATE teams SET team = ? WHERE team = ?", [name, team]).rowcount:
                raise NotFound(f"There is no team {team} (any more), so it was not renamed.")

    def set_name(self, person: str, name: str) -> None:
        """Call somebody something else."""
        self._set(person, "UPDATE members SET name = ? WHERE person = ?", name)

    def set_feedback(self, person: str, feedback: Feedback) -> None:
        """When they want feedback."""
        self._set(person, "UPDATE members SET feedback = ? WHERE person = ?", feedback)

    def set_reminders(self, person: str, reminders: bool) -> None:
        """Whether they want to be reminded."""
        self._set(person, "UPDATE members SET reminders = ? WHERE person = ?", reminders)

    def set_reachable(self, person: str, reachable: bool) -> None:
        """Whether messages reach them."""
        self._set(person, "UPDATE members SET reachable = ? WHERE person = ?", reachable)

    def set_session(self, person: str, session_id: str | None) -> None:
        """Where what they write goes: a session of theirs, or none."""
        self._set(
            person,
            "UPDATE members SET session_id = :new WHERE person = :person AND (:new IS NULL OR "  # noqa: S608
            "EXISTS (SELECT * FROM sessions WHERE id = :new "
            f"AND person IN (:person, :person || '{TRIAL}')))",
            session_id,
        )

    def set_awaiting(self, person: str, value: dict[str, Any] | None) -> None:
        """What they have been asked, as JSON can hold it."""
        text = None if value is None else to_json(value)
        self._set(person, "UPDATE members SET awaiting = ? WHERE person = ?", text)

    def _set(self, person: str, sql: str, value: str | bool | None) -> None:
        named = {"new": value, "person": person}
        with self._database.writing() as db:
            if not db.execute(sql, named if ":new" in sql else [value, person]).rowcount:
                raise NotFound(
                    f"Nothing was changed for {person}: there is nobody of this id in "
                    f"{self._database.path} (any more), or the session is not theirs."
                )

    # --- Coming and going ------------------------------------------------------------------------

    def join(self, new: Member, team: str, roles: Collection[Role], now: str) -> None:
        """Give roles in a team, which is founded if missing, to somebody, new or not."""
        with self._database.writing() as db:
            db.execute(
                "INSERT INTO people (person, first_seen) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [new.person, now],
            )
            db.execute(
                "INSERT INTO members (person, telegram, name, joined) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (person) DO UPDATE SET reachable = 1",
                [new.person, new.telegram, new.name, now],
            )
            spelled = _found(db, team, now)
            for role in roles:
                db.execute(
                    "INSERT INTO memberships (person, team, role, since) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT DO NOTHING",
                    [new.person, spelled, role, now],
                )

    def leave(self, person: str, team: str, now: str) -> None:
        """Take all roles in a team; what was assigned to them there is withdrawn."""
        with self._database.writing() as db:
            db.execute("DELETE FROM memberships WHERE person = ? AND team = ?", [person, team])
            db.execute(
                "UPDATE assignments SET withdrawn = ? "
                "WHERE person = ? AND team = ? AND withdrawn IS NULL",
                [now, person, team],
            )

    # --- Invitations -----------------------------------------------------------------------------

    def add_invitation(self, secret: str, invitation: Invitation) -> Invitation:
        """Keep an invitation by its secret's hash, and return it as it is kept."""
        with self._database.writing() as db:
            team = _found(db, invitation.team, invitation.made)
            db.table("invitations").insert(
                {
                    "secret": secret,
                    **invitation.model_dump(),
                    "team": team,
                    "roles": to_json(invitation.roles),
                    "first": int(invitation.first),
                }
            )
        return invitation.model_copy(update={"team": team})

    def invitation(self, secret: str) -> Invitation | None:
        """The invitation of a secret's hash, used or not."""
        with self._database.reading() as db:
            row = next(iter(db.query("SELECT * FROM invitations WHERE secret = ?", [secret])), None)
        if row is None:
            return None
        del row["secret"]
        return Invitation(**{**row, "roles": json.loads(row["roles"]), "first": bool(row["first"])})

    def use_invitation(self, secret: str, now: str) -> bool:
        """Mark an invitation as used; False where it was used before or has expired."""
        with self._database.writing() as db:
            done = db.execute(
                "UPDATE invitations SET used = ? WHERE secret = ? AND used IS NULL AND expires > ?",
                [now, secret, now],
            )
            return bool(done.rowcount)

    def end_first_invitations(self, now: str) -> None:
        """Let the unused links for a first supervisor expire."""
        with self._database.writing() as db:
            db.execute(
                "UPDATE invitations SET expires = :now "
                "WHERE used IS NULL AND expires > :now AND first",
                {"now": now},
            )

    def end_invitations_of(self, person: str, team: str | None, now: str) -> None:
        """Let somebody's unused links to more than trainee expire, to one team or to all."""
        with self._database.writing() as db:
            db.execute(
                "UPDATE invitations SET expires = :now WHERE used IS NULL AND expires > :now "
                "AND made_by = :person AND (:team IS NULL OR team = :team) "
                "AND EXISTS (SELECT * FROM json_each(roles) WHERE value != 'trainee')",
                {"now": now, "person": person, "team": team},
            )

    # --- Forgetting ------------------------------------------------------------------------------

    def forget(self, person: str, now: str) -> int:
        """Delete everything of somebody; return how many sessions that were."""
        with self._database.writing() as db:
            ids = [
                i
                for (i,) in db.execute(
                    "SELECT id FROM sessions WHERE person IN (?, ?)", [person, person + TRIAL]
                )
            ]
            _count(db, ids)
            _take_from_the_post(db, person)
            _ask_nobody_about(db, [person, *ids])
            # Nobody but them has seen these.
            db.execute(
                "DELETE FROM scenario_files WHERE sent_by = ? AND published IS NULL", [person]
            )
            db.execute("DELETE FROM people WHERE person IN (?, ?)", [person, person + TRIAL])
        return len(ids)

    def expire(self, before: str) -> int:
        """Delete sessions that nothing happened in since a time, counted as by ``forget``."""
        with self._database.writing() as db:
            found = db.execute(
                """
                WITH RECURSIVE attempts (id, root) AS (
                    SELECT id, id FROM sessions WHERE retry_of IS NULL
                    UNION ALL
                    SELECT sessions.id, root FROM sessions
                    JOIN attempts ON sessions.retry_of = attempts.id
                )
                SELECT id FROM attempts WHERE root IN (
                    SELECT root FROM attempts JOIN sessions USING (id)
                    GROUP BY root HAVING max(saved) < ?
                )
                """,
                [before],
            )
            ids = [i for (i,) in found]
            _count(db, ids)
            db.execute(
                "DELETE FROM sessions WHERE id IN (SELECT value FROM json_each(?))", [to_json(ids)]
            )
        return len(ids)

    def empty_log(self) -> None:
        """Leave nothing that was deleted in the database's log. Not inside a transaction."""
        self._database.checkpoint()

    # --- What is kept about somebody -------------------------------------------------------------

    def export(self, person: str) -> dict[str, Any]:
        """Everything about somebody, ready for JSON; names instead of the ids of other people."""
        with self._database.reading() as db:
            member = next(iter(_members(db, "person = ?", person)), None)
            seen = db.execute("SELECT first_seen FROM people WHERE person = ?", [person]).fetchone()
            ids = db.execute(
                "SELECT id FROM sessions WHERE person IN (?, ?) ORDER BY started, sequence",
                [person, person + TRIAL],
            )
            sessions = load(db, self._database.path, [i for (i,) in ids])
            told = member.model_dump(mode="json", exclude={"memberships"}) if member else None
            return {
                "person": person,
                "first_seen": seen[0] if seen else None,
                "member": told,
                "memberships": [m.model_dump() for m in member.memberships] if member else [],
                "sessions": [as_told(session) for session in sessions],
                **{
                    name: [_plain(row) for row in db.query(sql, [person])]
                    for name, sql in _EXPORTED.items()
                },
                "messages_in": [
                    {"received": received, "content": json.loads(content)}
                    for received, content in db.execute(
                        f"SELECT received, content FROM inbox WHERE {_THEIRS} "  # noqa: S608
                        "AND json_valid(content) ORDER BY received, update_id",
                        {"chat": member.telegram if member else None},
                    )
                ],
                "messages_out": [
                    {"due": due, "content": json.loads(content)}
                    for due, content in db.execute(
                        "SELECT due, content FROM outbox WHERE chat = ? AND content IS NOT NULL "
                        "ORDER BY id",
                        [member.telegram if member else None],
                    )
                ],
            }


_THEIRS = "(chat = :chat OR CASE WHEN json_valid(content) THEN :chat IN ({}) END)".format(
    ", ".join(f"json_extract(content, '$.{kind}.from.id')" for kind in _FROM)
)
"""Updates in somebody's chat, and those that come from them in a group."""

_EXPORTED = {
    "grades": """
        SELECT grades.session_id, number, dimension, members.name AS graded_by, grade, score,
            grades.scorer, blind, comment, graded
        FROM grades JOIN sessions ON sessions.id = grades.session_id
        LEFT JOIN members ON members.person = graded_by
        WHERE sessions.person = ? ORDER BY graded, grades.id
    """,
    "acts_judged": """
        SELECT act_verdicts.session_id, act, done, reply, seen AS seen_in,
            members.name AS judged_by, comment, judged
        FROM act_verdicts JOIN sessions ON sessions.id = act_verdicts.session_id
        LEFT JOIN members ON members.person = judged_by
        WHERE sessions.person = ? ORDER BY judged, act_verdicts.id
    """,
    "disputes": """
        SELECT disputes.session_id, dimension, comment, opened, answer, members.name AS answered_by,
            answered
        FROM disputes JOIN sessions ON sessions.id = disputes.session_id
        LEFT JOIN members ON members.person = answered_by
        WHERE sessions.person = ? ORDER BY opened, disputes.id
    """,
    "feelings": f"""
        SELECT session_id, feeling, said FROM feelings
        JOIN sessions ON sessions.id = session_id
        WHERE person IN (?1, ?1 || '{TRIAL}') ORDER BY said, session_id
    """,  # noqa: S608 (written in this file)
    "focuses": """
        SELECT members.name AS made_by, dimension, text, made, agreed, ended, result
        FROM focuses LEFT JOIN members ON members.person = made_by
        WHERE focuses.person = ? ORDER BY made, id
    """,
    "assignments": """
        SELECT scenario, team, assignments.person IS NULL AS whole_team, made,
            members.name AS made_by, due, attempts, pass_mark, withdrawn
        FROM assignments LEFT JOIN members ON members.person = made_by
        WHERE assignments.person = ?1 OR (assignments.person IS NULL AND team IN
            (SELECT team FROM memberships WHERE memberships.person = ?1))
        ORDER BY made, id
    """,
    "drafts": """
        SELECT message, session_id, text, due FROM drafts WHERE person = ? ORDER BY message
    """,
    "invitations_made": """
        SELECT team, roles, made, expires, used FROM invitations
        WHERE made_by = ? ORDER BY made, secret
    """,
    "grades_given": """
        SELECT session_id, number, dimension, grade, blind, comment, graded FROM grades
        WHERE graded_by = ? ORDER BY graded, id
    """,
    "acts_judged_for_others": """
        SELECT session_id, act, done, reply, comment, judged FROM act_verdicts
        WHERE judged_by = ? ORDER BY judged, id
    """,
    "answers_given": """
        SELECT session_id, dimension, answer, answered FROM disputes
        WHERE answered_by = ? ORDER BY answered, id
    """,
    "page_sign_in_links": """
        SELECT made, expires, used FROM sign_in_links WHERE person = ? ORDER BY made, nonce
    """,
    "page_sessions": """
        SELECT begun, seen FROM page_sessions WHERE person = ? ORDER BY begun, secret
    """,
    "sessions_read": """
        SELECT session_id, seen FROM scores_seen WHERE person = ? ORDER BY seen, session_id
    """,
    "scenario_files": """
        SELECT scenario, version, content, sent, published, withdrawn FROM scenario_files
        WHERE sent_by = ? ORDER BY scenario, version
    """,
    "benches_asked_for": """
        SELECT scenario, version, asked FROM bench_jobs WHERE person = ? ORDER BY id
    """,
}
"""Beside their sessions: what is kept about a person, and what they have written themselves."""


def _plain(row: Row) -> Row:
    """A row for people: yes and no instead of 1 and 0, lists instead of JSON in a text."""
    for column in ("blind", "whole_team", "done"):
        if column in row:
            row[column] = bool(row[column])
    if "roles" in row:
        row["roles"] = json.loads(row["roles"])
    return row


def _members(
    db: sqlite_utils.Database, condition: str, *values: str | int | None
) -> tuple[Member, ...]:
    members = list(
        db.query(
            f"SELECT * FROM members WHERE {condition} "  # noqa: S608 (written in this file)
            "ORDER BY name COLLATE NOCASE, person",
            values,
        )
    )
    roles: dict[str, list[Membership]] = defaultdict(list)
    for row in db.query(
        "SELECT * FROM memberships WHERE person IN (SELECT value FROM json_each(?)) "
        "ORDER BY team, role",
        [to_json([row["person"] for row in members])],
    ):
        roles[row.pop("person")].append(Membership(**row))
    return tuple(
        Member(
            **{
                **row,
                "reachable": bool(row["reachable"]),
                "reminders": bool(row["reminders"]),
                "awaiting": None if row["awaiting"] is None else json.loads(row["awaiting"]),
            },
            memberships=tuple(roles[row["person"]]),
        )
        for row in members
    )


def _found(db: sqlite_utils.Database, team: str, now: str) -> str:
    """Found a team unless it is there; return its name as it is spelled."""
    db.execute(
        "INSERT INTO teams (team, founded) VALUES (?, ?) ON CONFLICT DO NOTHING", [team, now]
    )
    (spelled,) = db.execute("SELECT team FROM teams WHERE team = ?", [team]).fetchone()
    return str(spelled)


def _count(db: sqlite_utils.Database, ids: Sequence[str]) -> None:
    """Add sessions that will be deleted to the counts: first attempts that are at their debrief."""
    found = db.execute(
        "SELECT substr(started, 1, 7), scenario, outcome, coalesce(passed, 0) FROM sessions "
        "WHERE id IN (SELECT value FROM json_each(?)) AND phase = 'debrief' "
        "AND outcome IS NOT NULL AND retry_of IS NULL AND person NOT LIKE ?",
        [to_json(ids), f"%{TRIAL}"],
    )
    counted = Counter(
        # A scenario that was practised from a file is stored by its path, and folders have names.
        (month, PureWindowsPath(scenario).stem if _is_path(scenario) else scenario, outcome, passed)
        for month, scenario, outcome, passed in found
    )
    for key, sessions in counted.items():
        db.execute(
            "INSERT INTO counts (month, scenario, outcome, passed, sessions) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (month, scenario, outcome, passed) "
            "DO UPDATE SET sessions = sessions + excluded.sessions",
            [*key, sessions],
        )


def _is_path(scenario: str) -> bool:
    return "/" in scenario or "\\" in scenario


def _take_from_the_post(db: sqlite_utils.Database, person: str) -> None:
    row = db.execute("SELECT telegram FROM members WHERE person = ?", [person]).fetchone()
    if row is None:
        return
    # Telegram may deliver an update again, so its number stays, without anything that it said.
    db.execute(
        "UPDATE inbox SET state = CASE state WHEN 'new' THEN 'done' ELSE state END, "  # noqa: S608
        f"chat = NULL, content = NULL WHERE {_THEIRS}",
        {"chat": row[0]},
    )
    db.execute("DELETE FROM outbox WHERE chat = ?", [row[0]])


def _ask_nobody_about(db: sqlite_utils.Database, names: Iterable[str]) -> None:
    """Ask nobody any more for what they were about to say about a person or a session."""
    db.execute(
        """
        UPDATE members SET awaiting = NULL WHERE awaiting IS NOT NULL AND EXISTS (
            SELECT * FROM json_tree(awaiting) WHERE value IN (SELECT value FROM json_each(?))
        )
        """,
        [to_json(list(names))],
    )
