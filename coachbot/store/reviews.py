"""What is said about sessions, what is assigned, and what a team's view and export are made of."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlite_utils

from coachbot.coaching.assigning import Assignment, Played
from coachbot.coaching.reviewing import Dispute, Feeling, Focus, Given, Grade
from coachbot.errors import NotFound
from coachbot.reporting.change import SPAN
from coachbot.reporting.export import ExportRow
from coachbot.reporting.progress import ProgressRow
from coachbot.reporting.team import Practised
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.session.models import ActVerdict
from coachbot.store import rows
from coachbot.store.database import Database
from coachbot.store.loading import grouped, verdicts_of
from coachbot.store.rows import Row

BATCH = 500
"""Sessions of an export that are read at once."""

# Teams are one whatever the case of their letters; tables hold the name as founded.
_TEAM = "(SELECT team FROM teams WHERE team = :team)"

_GRADE = """
    SELECT grades.id, session_id AS session, number AS turn, dimension, graded_by, grade, score,
        scorer, blind, comment, graded FROM grades
"""
_DISPUTE = """
    SELECT disputes.id, session_id AS session, dimension, comment, opened, answer, answered_by,
        answered FROM disputes
"""
_ASSIGNED = """
    SELECT DISTINCT a.*, m.person AS member FROM assignments a
    JOIN memberships m ON m.team = a.team
        AND (m.person = a.person OR (a.person IS NULL AND m.role = 'trainee'))
    WHERE a.withdrawn IS NULL
"""
PLAYED = """
    SELECT s.id AS session, s.person, s.scenario, s.started, s.outcome, s.passed, s.resolved,
        s.retry_of, s.phase = 'debrief' AS finished,
        s.pending IS NOT NULL OR EXISTS (SELECT * FROM turns WHERE session_id = s.id) AS replied,
        s.retry_of IS NOT NULL OR EXISTS (SELECT * FROM hints WHERE session_id = s.id) AS with_help,
        (SELECT json_group_array(score) FROM session_scores
            WHERE session_id = s.id AND status = 'scored') AS scores
"""
_SCORED = """
    SELECT id FROM (
        SELECT x.id FROM sessions x
        JOIN session_scores v ON v.session_id = x.id AND v.dimension = d.dimension
            AND v.status = 'scored'
        WHERE x.person = m.person AND x.phase = 'debrief' AND x.retry_of IS NULL {only}
        ORDER BY x.started {order}, x.sequence {order} LIMIT {limit}
    )
"""
_SCORED_LATELY = """
    AND x.scorer = (
        SELECT y.scorer FROM sessions y
        WHERE y.person = m.person AND y.phase = 'debrief' AND y.retry_of IS NULL
        ORDER BY y.started DESC, y.sequence DESC LIMIT 1
    )
"""
# The ends of each person's development on each dimension, and their latest session: however many
# sessions there are, a trend needs no others.
_ENDS = f"""
    WITH d (dimension) AS (VALUES {", ".join(f"('{name}')" for name in DIMENSIONS)}),
    wanted (id) AS (
        SELECT DISTINCT s.id FROM memberships m CROSS JOIN d CROSS JOIN sessions s
        WHERE m.team = {_TEAM} AND m.role = 'trainee' AND s.id IN (
            {_SCORED.format(only=_SCORED_LATELY, order="", limit=SPAN)}
            UNION ALL {_SCORED.format(only=_SCORED_LATELY, order="DESC", limit=2 * SPAN)}
            UNION ALL {_SCORED.format(only="", order="DESC", limit=SPAN)}
            UNION ALL SELECT id FROM (
                SELECT x.id FROM sessions x
                WHERE x.person = m.person AND x.phase = 'debrief' AND x.retry_of IS NULL
                ORDER BY x.started DESC, x.sequence DESC LIMIT 1
            )
        )
    )
    SELECT s.id, s.person, s.scenario, s.started, s.outcome, s.passed, s.scorer AS with_scorer,
        EXISTS (SELECT * FROM hints WHERE session_id = s.id) AS with_help, v.*
    FROM wanted CROSS JOIN sessions s ON s.id = wanted.id
    JOIN session_scores v ON v.session_id = s.id
    ORDER BY s.started, s.sequence
"""  # noqa: S608 - nothing that anybody typed is in it
_EXPORT = f"""
    SELECT s.sequence, s.person, m.name, s.id AS session, s.scenario, s.scenario_version, s.started,
        s.ended, s.outcome, s.passed, coalesce(s.passed_at_first, s.passed) AS passed_at_first,
        s.retry_of, s.scorer,
        (SELECT count(*) FROM hints WHERE session_id = s.id) AS hints,
        v.dimension, v.status, v.reason, v.score, v.low, v.high,
        g.grade, g.blind, g.comment, g.graded, b.name AS graded_by
    FROM (
        SELECT * FROM sessions
        WHERE sequence > :after AND phase = 'debrief' AND person IN (
            SELECT person FROM memberships WHERE team = {_TEAM} AND role = 'trainee'
        ) AND started >= :since AND started < :until
        ORDER BY sequence LIMIT :batch
    ) s
    JOIN members m ON m.person = s.person
    JOIN session_scores v ON v.session_id = s.id
    LEFT JOIN grades g ON g.id = (
        SELECT id FROM grades
        WHERE session_id = s.id AND number IS NULL AND dimension = v.dimension
        ORDER BY graded DESC, rowid DESC LIMIT 1
    )
    LEFT JOIN members b ON b.person = g.graded_by
    ORDER BY s.sequence, instr('{" ".join(DIMENSIONS)}', v.dimension)
"""  # noqa: S608 - nothing that anybody typed is in it


class ReviewStore:
    """A ``ReviewRepository`` and an ``AssignmentRepository`` in SQLite, for many threads.

    Each call is one transaction, or a part of the one that its thread is in.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def given(self, session: str, turn: int | None, dimension: Dimension) -> Given:
        """What the scorer gave; ``NotFound`` where there is no such session or reply."""
        with self._database.reading() as db:
            row = self._one(db, "SELECT * FROM sessions WHERE id = ?", session, "session")
            phase = row["phase"]
            if turn is None:
                scorer = row["scorer"]
                found = db.query(
                    "SELECT score FROM session_scores WHERE session_id = ? AND dimension = ?",
                    [session, dimension],
                )
            else:
                # The replies before a retry began are kept with the first attempt.
                while row["retry_of"] is not None and turn < row["branched_at"]:
                    first = row["retry_of"]
                    row = self._one(db, "SELECT * FROM sessions WHERE id = ?", first, "session")
                reply = list(
                    db.query(
                        "SELECT scorer FROM turns WHERE session_id = ? AND number = ?",
                        [row["id"], turn],
                    )
                )
                if not reply:
                    raise NotFound(f"There is no reply {turn} in this session.")
                scorer = reply[0]["scorer"]
                found = db.query(
                    "SELECT score FROM turn_scores "
                    "WHERE session_id = ? AND number = ? AND dimension = ?",
                    [row["id"], turn, dimension],
                )
            score = next(iter(found), {"score": None})["score"]
        return Given(
            session=row["id"],
            person=row["person"],
            over=phase in ("self_rating", "debrief"),
            score=score,
            scorer=scorer,
        )

    def add_grade(self, grade: Grade) -> None:
        """Keep a grade beside those that are there."""
        self._change(
            """
            INSERT INTO grades (id, session_id, number, dimension, graded_by, grade, score, scorer,
                blind, comment, graded)
            VALUES (:id, :session, :turn, :dimension, :graded_by, :grade, :score, :scorer,
                :blind, :comment, :graded)
            """,
            grade.model_dump(),
        )

    def grades(self, session: str) -> list[Grade]:
        """Those of a session and of the replies that a retry shares with it, oldest first."""
        return [
            Grade(**{**row, "blind": bool(row["blind"])})
            for row in self._query(
                f"""
                WITH RECURSIVE attempt (id, retry_of, branched_at, until) AS (
                    SELECT id, retry_of, branched_at, NULL FROM sessions WHERE id = :session
                    UNION ALL
                    SELECT s.id, s.retry_of, s.branched_at,
                        min(a.branched_at, coalesce(a.until, a.branched_at))
                    FROM attempt a JOIN sessions s ON s.id = a.retry_of
                )
                {_GRADE} JOIN attempt ON attempt.id = session_id
                WHERE until IS NULL OR number < until ORDER BY graded, grades.rowid
                """,  # noqa: S608 - as above
                {"session": session},
            )
        ]

    def verdicts(self, session: str) -> list[ActVerdict]:
        """What people said of a session's acts, oldest first."""
        with self._database.reading() as db:
            return verdicts_of(db, session)

    def add_verdict(
        self, session: str, verdict: ActVerdict, corrected: tuple[bool, bool] | None
    ) -> None:
        """Keep a verdict, and what it makes of the session: resolved, and passed."""
        counts, won = corrected or (None, None)
        with self._database.writing() as db:
            db.execute(
                """
                INSERT INTO act_verdicts (id, session_id, act, done, reply, seen, judged_by,
                    comment, judged)
                VALUES (:id, :session, :act, :done, :reply, :seen, :judged_by, :comment, :judged)
                """,
                {**verdict.model_dump(), "session": session},
            )
            # What the program decided stays beside it, and counts again without corrections.
            db.execute(
                """
                UPDATE sessions SET resolved = :resolved,
                    passed = coalesce(:passed, passed_at_first, passed),
                    passed_at_first =
                        CASE WHEN :passed IS NOT NULL THEN coalesce(passed_at_first, passed) END
                WHERE id = :session
                """,
                {"resolved": counts, "passed": won, "session": session},
            )

    def add_dispute(self, dispute: Dispute) -> bool:
        """Keep it; False, and nothing kept, while one of that session and dimension is open."""
        return self._change(
            """
            INSERT INTO disputes (id, session_id, dimension, comment, opened)
            SELECT :id, :session, :dimension, :comment, :opened WHERE NOT EXISTS (
                SELECT * FROM disputes
                WHERE session_id = :session AND dimension = :dimension AND answered IS NULL
            )
            """,
            dispute.model_dump(),
        )

    def dispute(self, dispute_id: str) -> Dispute:
        """The dispute; ``NotFound``."""
        with self._database.reading() as db:
            return Dispute(**self._one(db, f"{_DISPUTE} WHERE id = ?", dispute_id, "question"))

    def disputes(self, session: str) -> list[Dispute]:
        """Those of a session, oldest first."""
        sql = f"{_DISPUTE} WHERE session_id = :session ORDER BY opened, rowid"
        return [Dispute(**row) for row in self._query(sql, {"session": session})]

    def open_disputes(self, team: str) -> list[tuple[str, Dispute]]:
        """What the team's trainees asked and nobody answered, with who did, oldest first."""
        sql = f"""
            SELECT sessions.person, found.* FROM ({_DISPUTE} WHERE answered IS NULL) found
            JOIN sessions ON sessions.id = found.session
            JOIN memberships m ON m.person = sessions.person
            WHERE m.team = {_TEAM} AND m.role = 'trainee' ORDER BY opened, found.id
        """  # noqa: S608 - as above
        return [(row.pop("person"), Dispute(**row)) for row in self._query(sql, {"team": team})]

    def extend_dispute(self, extended: Dispute) -> bool:
        """Keep its longer comment; False, and nothing changed, where it had an answer."""
        return self._change(
            "UPDATE disputes SET comment = :comment WHERE id = :id AND answered IS NULL",
            extended.model_dump(),
        )

    def answer_dispute(self, answered: Dispute) -> bool:
        """Keep its answer; False, and nothing changed, where it had one."""
        return self._change(
            "UPDATE disputes SET answer = :answer, answered_by = :answered_by, "
            "answered = :answered WHERE id = :id AND answered IS NULL",
            answered.model_dump(),
        )

    def set_feeling(self, feeling: Feeling) -> None:
        """Keep it in place of the one before."""
        self._change(
            "INSERT INTO feelings (session_id, feeling, said) VALUES (:session, :feeling, :said) "
            "ON CONFLICT (session_id) DO UPDATE SET feeling = excluded.feeling, "
            "said = excluded.said",
            feeling.model_dump(),
        )

    def feeling(self, session: str) -> Feeling | None:
        """How a session felt, as far as it was said."""
        sql = "SELECT session_id AS session, feeling, said FROM feelings WHERE session_id = :id"
        return next((Feeling(**row) for row in self._query(sql, {"id": session})), None)

    def add_focus(self, focus: Focus) -> bool:
        """Keep it; False while another one of that person has not ended. ``NotFound``."""
        with self._database.reading() as db:
            self._one(db, "SELECT * FROM members WHERE person = ?", focus.person, "member")
        return self._change(
            """
            INSERT INTO focuses (id, person, made_by, dimension, text, made)
            SELECT :id, :person, :made_by, :dimension, :text, :made WHERE NOT EXISTS (
                SELECT * FROM focuses WHERE person = :person AND ended IS NULL
            )
            """,
            focus.model_dump(),
        )

    def focus(self, focus_id: str) -> Focus:
        """The focus; ``NotFound``."""
        with self._database.reading() as db:
            row = self._one(db, "SELECT * FROM focuses WHERE id = ?", focus_id, "focus")
        return Focus(**row)

    def focuses(self, person: str) -> list[Focus]:
        """A person's, newest first; the first is the one they work on unless it has ended."""
        sql = "SELECT * FROM focuses WHERE person = :person ORDER BY made DESC, rowid DESC"
        return [Focus(**row) for row in self._query(sql, {"person": person})]

    def agree_focus(self, focus_id: str, agreed: str) -> bool:
        """Note the yes; False, and nothing changed, where there was one or it has ended."""
        return self._change(
            "UPDATE focuses SET agreed = :agreed "
            "WHERE id = :id AND agreed IS NULL AND ended IS NULL",
            {"id": focus_id, "agreed": agreed},
        )

    def end_focus(self, focus_id: str, ended: str, result: str) -> bool:
        """Note the end; False, and nothing changed, where it had ended."""
        return self._change(
            "UPDATE focuses SET ended = :ended, result = :result WHERE id = :id AND ended IS NULL",
            {"id": focus_id, "ended": ended, "result": result},
        )

    def add_assignment(self, assignment: Assignment) -> None:
        """Keep it."""
        self._change(
            f"""
            INSERT INTO assignments (id, scenario, team, person, made, made_by, due, attempts,
                pass_mark, withdrawn)
            VALUES (:id, :scenario, {_TEAM}, :person, :made, :made_by, :due, :attempts,
                :pass_mark, :withdrawn)
            """,  # noqa: S608 - as above
            assignment.model_dump(),
        )

    def assignment(self, assignment_id: str) -> Assignment:
        """The assignment; ``NotFound``."""
        sql = "SELECT * FROM assignments WHERE id = ?"
        with self._database.reading() as db:
            row = self._one(db, sql, assignment_id, "assignment")
        return Assignment(**row)

    def assignments(self, team: str) -> list[Assignment]:
        """The team's that were not withdrawn, oldest first."""
        sql = f"""
            SELECT * FROM assignments WHERE team = {_TEAM} AND withdrawn IS NULL
            ORDER BY made, rowid
        """  # noqa: S608 - as above
        return [Assignment(**row) for row in self._query(sql, {"team": team})]

    def assignments_of(self, person: str) -> list[Assignment]:
        """Those of a person and, where they are a trainee, of their teams; none withdrawn."""
        sql = f"{_ASSIGNED} AND m.person = :person ORDER BY a.made, a.rowid"
        return [_assignment(row) for row in self._query(sql, {"person": person})]

    def withdraw(self, assignment_id: str, withdrawn: str) -> bool:
        """Note it; False, and nothing changed, where it was withdrawn already."""
        return self._change(
            "UPDATE assignments SET withdrawn = :at WHERE id = :id AND withdrawn IS NULL",
            {"id": assignment_id, "at": withdrawn},
        )

    def people_of(self, team: str) -> set[str]:
        """Everybody in the team, in whichever role; empty where there is no such team."""
        sql = f"SELECT person FROM memberships WHERE team = {_TEAM}"  # noqa: S608 - as above
        return {row["person"] for row in self._query(sql, {"team": team})}

    def played(self, person: str, scenario: str) -> list[Played]:
        """The person's sessions of a scenario, oldest first, retries included."""
        sql = f"""{PLAYED} FROM sessions s WHERE s.person = :person AND s.scenario = :scenario
            ORDER BY s.started, s.sequence"""
        found = self._query(sql, {"person": person, "scenario": scenario})
        return [played(row) for row in found]

    def assigned(self, team: str) -> list[tuple[Assignment, str, list[Played]]]:
        """The team's assignments, each person they are for, and their sessions of it since then."""
        return self._assigned(f"a.team = {_TEAM}", {"team": team})

    def to_remind(self, days: Sequence[str]) -> list[tuple[Assignment, str, list[Played]]]:
        """As ``assigned``, due on one of the days, for whoever may be reminded."""
        return self._assigned(
            "a.due IN (SELECT value FROM json_each(:days)) AND m.person IN "
            "(SELECT person FROM members WHERE reminders = 1 AND reachable = 1)",
            {"days": json.dumps(list(days))},
        )

    def reminded(self, keys: Sequence[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
        """Which of these reminders (assignment, person, day) were claimed."""
        sql = (
            "SELECT assignment, person, day FROM reminders "
            "WHERE assignment IN (SELECT value FROM json_each(:ids))"
        )
        found = self._query(sql, {"ids": json.dumps([assignment for assignment, _, _ in keys])})
        return {(row["assignment"], row["person"], row["day"]) for row in found} & set(keys)

    def claim_reminder(self, assignment: str, person: str, day: str) -> bool:
        """Note that it is being sent; False where that was noted before."""
        return self._change(
            "INSERT INTO reminders (assignment, person, day) "
            "VALUES (:assignment, :person, :day) ON CONFLICT DO NOTHING",
            {"assignment": assignment, "person": person, "day": day},
        )

    def practised(self, team: str, since: str) -> list[Practised]:
        """The team's trainees by name, with what a view of the team needs; three statements.

        ``since``: UTC, ISO 8601, from when on sessions are recent.
        """
        with self._database.reading() as db:
            people = list(
                db.query(
                    f"""
                SELECT m.person, members.name,
                    (SELECT count(*) FROM sessions s WHERE s.person = m.person
                        AND s.phase = 'debrief' AND s.retry_of IS NULL) AS sessions,
                    (SELECT count(*) FROM sessions s WHERE s.person = m.person
                        AND s.started >= :since
                        AND s.phase = 'debrief' AND s.retry_of IS NULL) AS recent,
                    (SELECT s.started FROM sessions s WHERE s.person = m.person
                        AND EXISTS (SELECT * FROM turns WHERE session_id = s.id)
                        ORDER BY s.started DESC LIMIT 1) AS last_practised
                FROM memberships m JOIN members ON members.person = m.person
                WHERE m.team = {_TEAM} AND m.role = 'trainee'
                ORDER BY members.name COLLATE NOCASE, m.person
                """,  # noqa: S608 - as above
                    {"team": team, "since": since},
                )
            )
            asked = list(
                db.query(
                    "SELECT person, count(*) AS waiting FROM disputes "
                    "JOIN sessions ON sessions.id = session_id "
                    "WHERE answered IS NULL GROUP BY person"
                )
            )
            ends = _progress_rows(list(db.query(_ENDS, {"team": team})))
        waiting = {row["person"]: row["waiting"] for row in asked}
        return [
            Practised(
                **row,
                open_disputes=waiting.get(row["person"], 0),
                rows=tuple(ends[row["person"]]),
            )
            for row in people
        ]

    def needs_found(self, person: str) -> dict[str, tuple[str, ...]]:
        """The hidden needs found in each of the person's finished first attempts, by session."""
        found: dict[str, tuple[str, ...]] = {}
        for row in self._query(
            """
            SELECT s.id, need.value FROM sessions s JOIN turns t ON t.session_id = s.id
            JOIN json_each(t.needs_revealed) need
            WHERE s.person = :person AND s.phase = 'debrief' AND s.retry_of IS NULL
            ORDER BY s.started, s.sequence, t.number, need.key
            """,
            {"person": person},
        ):
            found[row["id"]] = (*found.get(row["id"], ()), row["value"])
        return found

    def export_rows(self, team: str, since: str = "", until: str = "9999") -> Iterator[ExportRow]:
        """The finished sessions of the team's trainees, one row for each dimension.

        ``since``, ``until``: begun in this time (UTC, ISO 8601; without ``until`` itself). In the
        order in which sessions were first saved, a few hundred at a time; nothing stays locked or
        open in between.
        """
        after = 0
        given = {"team": team, "batch": BATCH, "since": since, "until": until}
        while batch := self._query(_EXPORT, {**given, "after": after}):
            for row in batch:
                after = row.pop("sequence")
                yes = {name: bool(row[name]) for name in ("passed", "passed_at_first")}
                yes |= {"blind": bool(row["blind"])} if row["blind"] is not None else {}
                yield ExportRow(**{**row, **yes})

    def _assigned(self, where: str, values: Row) -> list[tuple[Assignment, str, list[Played]]]:
        pairs = f"{_ASSIGNED} AND {where}"
        with self._database.reading() as db:
            found = list(db.query(f"{pairs} ORDER BY a.made, a.rowid, m.person", values))
            sessions = list(
                db.query(
                    f"""
                WITH pairs AS ({pairs})
                {PLAYED}, pairs.id AS assignment FROM pairs CROSS JOIN sessions s
                ON s.person = pairs.member AND s.scenario = pairs.scenario
                    AND s.started >= pairs.made
                ORDER BY s.started, s.sequence
                """,
                    values,
                )
            )
        by_pair: dict[tuple[str, str], list[Played]] = defaultdict(list)
        for row in sessions:
            by_pair[row.pop("assignment"), row["person"]].append(played(row))
        return [
            (_assignment(row), row["member"], by_pair[row["id"], row["member"]]) for row in found
        ]

    def _query(self, sql: str, values: Row) -> list[Row]:
        with self._database.reading() as db:
            return list(db.query(sql, values))

    def _one(self, db: sqlite_utils.Database, sql: str, key: str, what: str) -> Row:
        found = list(db.query(sql, [key]))
        if not found:
            raise NotFound(
                f"There is no {what} {key!r} in {self._database.path}; it may have been deleted."
            )
        return found[0]

    def _change(self, sql: str, values: dict[str, Any]) -> bool:
        """Run it; whether a row was changed."""
        with self._database.writing() as db:
            return db.execute(sql, values).rowcount > 0


def _assignment(row: Row) -> Assignment:
    return Assignment(**{column: value for column, value in row.items() if column != "member"})


def played(row: Row) -> Played:
    """A session as assignments see it, from a row of ``PLAYED``."""
    return Played.model_validate(
        {
            **row,
            "finished": bool(row["finished"]),
            "replied": bool(row["replied"]),
            "with_help": bool(row["with_help"]),
            **{
                name: None if row[name] is None else bool(row[name])
                for name in ("passed", "resolved")
            },
            "scores": tuple(json.loads(row["scores"])),
        }
    )


def _progress_rows(found: Sequence[Row]) -> dict[str, list[ProgressRow]]:
    by_person: dict[str, list[ProgressRow]] = defaultdict(list)
    for values in grouped(found, "id").values():
        row = values[0]
        by_person[row["person"]].append(
            rows.progress_row({**row, "scorer": row["with_scorer"], "retry_of": None}, values)
        )
    return by_person
