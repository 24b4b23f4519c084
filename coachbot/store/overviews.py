"""What the page shows of many sessions, read by indices: a few rows for each person on a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import sqlite_utils

from coachbot.coaching.assigning import Assignment, Played
from coachbot.coaching.reviewing import FORMER, Dispute, corrects
from coachbot.reporting.change import SPAN, Measured
from coachbot.reporting.overviews import (
    MOST_COUNTED,
    MOST_TRIES,
    Correction,
    Ends,
    Grader,
    Lately,
    PersonLine,
    Place,
    Scored,
    SessionLine,
    Sieve,
    Standing,
    Value,
)
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.store.database import Database
from coachbot.store.reviews import PLAYED, played
from coachbot.store.rows import to_json

_TEAM = "(SELECT team FROM teams WHERE team = :team)"
_TRAINEES = f"""
    SELECT m.person, members.name FROM memberships m JOIN members ON members.person = m.person
    WHERE m.team = {_TEAM} AND m.role = 'trainee'
"""  # noqa: S608 - nothing that anybody typed is in it
_LINE = """
    SELECT s.sequence, s.id, s.person, members.name, s.scenario, s.started, s.outcome, s.passed,
        s.scorer, s.retry_of IS NOT NULL,
        EXISTS (SELECT * FROM hints WHERE session_id = s.id),
        EXISTS (SELECT * FROM disputes WHERE session_id = s.id AND answered IS NULL),
        EXISTS (SELECT * FROM grades WHERE session_id = s.id)
    FROM sessions s JOIN members ON members.person = s.person
"""
_NEWEST = "ORDER BY x.started DESC, x.sequence DESC"
_RESULT = "CASE WHEN x.passed = 1 THEN 'passed' ELSE x.outcome END"
"""As in the index ``sessions_by_result``."""


class OverviewStore:
    """An :class:`~coachbot.reporting.overviews.Overviews` in SQLite, for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counted_people(self, team: str) -> int:
        """How many trainees a team has."""
        sql = f"SELECT count(*) FROM ({_TRAINEES})"  # noqa: S608 - as above
        return int(self._rows(sql, {"team": team})[0][0])

    def names(self, team: str) -> list[tuple[str, str]]:
        """A team's trainees and what they are called, by name."""
        sql = f"{_TRAINEES} ORDER BY members.name COLLATE NOCASE, m.person"
        return [(person, name) for person, name in self._rows(sql, {"team": team})]

    def practised(self, team: str, since: str) -> int:
        """How many of them began a session since then that is finished."""
        sql = f"""SELECT count(*) FROM ({_TRAINEES}) t WHERE EXISTS (
            SELECT * FROM sessions x WHERE x.person = t.person AND x.phase = 'debrief'
            AND x.started >= :since)"""  # noqa: S608 - as above
        return int(self._rows(sql, {"team": team, "since": since})[0][0])

    def people(self, team: str, sieve: Sieve, *, skip: int, most: int) -> list[PersonLine]:
        """A page of a team's trainees, by name."""
        with self._database.reading() as db:
            found = db.execute(
                f"{_TRAINEES} ORDER BY members.name COLLATE NOCASE, m.person "
                "LIMIT :most OFFSET :skip",
                {"team": team, "most": most, "skip": skip},
            ).fetchall()
            return _people(db, found, sieve)

    def person(self, person: str, name: str, sieve: Sieve) -> PersonLine:
        """One of them."""
        with self._database.reading() as db:
            (line,) = _people(db, [(person, name)], sieve)
        return line

    def standings(
        self, people: Sequence[str], scenarios: Sequence[str], sieve: Sieve
    ) -> dict[tuple[str, str], Standing]:
        """How people stand in scenarios; without the pairs that were never played."""
        where, values = _where(sieve)
        # For each pair the newest, by the index; a person who plays one more often is rare. All
        # figures in one, so that the sessions are read once.
        sql = f"""
            SELECT p.value, c.value,
                (SELECT count(*) || ' ' || coalesce(max(passed), 0) || ' ' || max(started) FROM (
                    SELECT x.passed, x.started FROM sessions x
                    WHERE x.person = p.value AND x.scenario = c.value AND {where}
                    AND x.retry_of IS NULL {_NEWEST} LIMIT {MOST_TRIES})) AS every
            FROM json_each(:people) p CROSS JOIN json_each(:scenarios) c WHERE every IS NOT NULL
        """  # noqa: S608 - as above
        lists = {"people": to_json(list(people)), "scenarios": to_json(list(scenarios))}
        found = {}
        for person, scenario, every in self._rows(sql, {**values, **lists}):
            tries, passed, latest = every.split(" ")
            found[person, scenario] = Standing(int(tries), passed == "1", latest)
        return found

    def lately(self, team: str, sieve: Sieve) -> list[Lately]:
        """The last scores of all of a team's trainees, by name."""
        where, values = _where(sieve)
        # A few by the index of each person and dimension, whatever else they have.
        sql = f"""
            WITH t AS MATERIALIZED (
                SELECT m.person, m.name, (
                    SELECT x.scorer FROM sessions x WHERE x.person = m.person AND {where}
                    AND x.retry_of IS NULL {_NEWEST} LIMIT 1) AS scorer
                FROM ({_TRAINEES}) m)
            SELECT t.person, t.name, t.scorer, d.value, y.scenario, s.score, s.low, s.high
            FROM t CROSS JOIN json_each(:dimensions) d
            LEFT JOIN sessions y ON y.sequence IN (
                SELECT x.sequence FROM sessions x CROSS JOIN session_scores v
                    ON v.session_id = x.id AND v.dimension = d.value AND v.status = 'scored'
                WHERE x.person = t.person AND x.scorer = t.scorer AND {where}
                    AND x.retry_of IS NULL {_NEWEST} LIMIT {SPAN})
            LEFT JOIN session_scores s ON s.session_id = y.id AND s.dimension = d.value
            ORDER BY t.name COLLATE NOCASE, t.person, y.started, y.sequence
        """  # noqa: S608 - as above
        names: dict[str, tuple[str, str | None]] = {}
        last: dict[str, dict[Dimension, list[Scored]]] = defaultdict(lambda: defaultdict(list))
        given = {**values, "team": team, "dimensions": to_json(list(DIMENSIONS))}
        for person, name, scorer, dimension, scenario, score, low, high in self._rows(sql, given):
            names[person] = (name, scorer)
            if scenario is not None:
                last[person][dimension].append(Scored(scenario, Measured.of(score, low, high)))
        return [
            Lately(person, *named, {d: tuple(found) for d, found in last[person].items()})
            for person, named in names.items()
        ]

    def practised_in(self, team: str, scenarios: Sequence[str]) -> dict[str, int]:
        """How many of a team's trainees have finished each of these, without those of nobody."""
        sql = f"""
            SELECT c.value, (SELECT count(*) FROM ({_TRAINEES}) t WHERE EXISTS (
                SELECT * FROM sessions x INDEXED BY sessions_by_scenario
                WHERE x.person = t.person AND x.scenario = c.value AND x.phase = 'debrief'
                    AND x.retry_of IS NULL)) AS people
            FROM json_each(:scenarios) c WHERE people
        """  # noqa: S608 - as above
        return dict(self._rows(sql, {"team": team, "scenarios": to_json(list(scenarios))}))

    def scorers(self) -> list[str]:
        """The scorers that sessions were scored by, newest name first."""
        # From one name to the next in the index, instead of over all sessions.
        found = self._rows(
            """
            WITH RECURSIVE names (name) AS (
                SELECT min(scorer) FROM sessions
                UNION ALL
                SELECT (SELECT min(scorer) FROM sessions WHERE scorer > name) FROM names
                WHERE name IS NOT NULL
            )
            SELECT name FROM names WHERE name IS NOT NULL ORDER BY name DESC
            """,
            {},
        )
        return [name for (name,) in found]

    def open_disputes(self, team: str, most: int) -> list[tuple[str, str, Dispute]]:
        """What trainees asked and nobody answered, oldest first, with who did and their name."""
        sql = f"""
            SELECT t.person, t.name, d.id, d.session_id, d.dimension, d.comment, d.opened
            FROM disputes d JOIN sessions ON sessions.id = d.session_id
            JOIN ({_TRAINEES}) t ON t.person = sessions.person
            WHERE d.answered IS NULL ORDER BY d.opened, d.id LIMIT :most
        """  # noqa: S608 - as above
        names = ("id", "session", "dimension", "comment", "opened")
        return [
            (person, name, Dispute(**dict(zip(names, rest, strict=True))))
            for person, name, *rest in self._rows(sql, {"team": team, "most": most})
        ]

    def late(self, team: str, today: str, most: int) -> list[tuple[Assignment, str, str]]:
        """Assignments due before a day and not passed by the scenario's own marks."""
        sql = f"""
            SELECT t.person AS who, t.name AS called, a.* FROM assignments a
            JOIN ({_TRAINEES}) t ON a.person IS NULL OR a.person = t.person
            WHERE a.team = {_TEAM} AND a.withdrawn IS NULL AND a.due < :today
                AND (a.pass_mark IS NOT NULL OR NOT EXISTS (
                    SELECT * FROM sessions x
                    WHERE x.person = t.person AND x.scenario = a.scenario AND x.phase = 'debrief'
                        AND x.started >= a.made AND x.retry_of IS NULL AND x.passed = 1))
            ORDER BY a.due, t.name COLLATE NOCASE, a.id LIMIT :most
        """  # noqa: S608 - as above
        with self._database.reading() as db:
            found = list(db.query(sql, {"team": team, "today": today, "most": most}))
        late = [(row.pop("who"), row.pop("called"), Assignment(**row)) for row in found]
        return [(assignment, who, name) for who, name, assignment in late]

    def played_for(self, assignment: Assignment, person: str) -> list[Played]:
        """The first sessions of it that somebody began since it was assigned, oldest first."""
        with self._database.reading() as db:
            found = list(
                db.query(
                    f"""{PLAYED} FROM sessions s WHERE s.person = :person
                    AND s.scenario = :scenario AND s.started >= :made
                    ORDER BY s.started, s.sequence LIMIT {MOST_COUNTED}""",
                    {
                        "person": person,
                        "scenario": assignment.scenario,
                        "made": assignment.made,
                    },
                )
            )
        return [played(row) for row in found]

    def sessions_of_team(
        self, team: str, sieve: Sieve, *, after: Place | None, most: int
    ) -> list[SessionLine]:
        """The finished sessions of a team's trainees, newest first, retries included."""
        where, values = _where(sieve, after)
        # Of each person no more than the page could hold, whatever the others have. Questions that
        # wait are few, and known by an index of their own.
        chosen = f"""
                SELECT sequence FROM ({_TRAINEES}) t CROSS JOIN sessions y ON y.sequence IN (
                    SELECT x.sequence FROM sessions x WHERE x.person = t.person AND {where}
                    {_NEWEST} LIMIT :most)
                ORDER BY y.started DESC, y.sequence DESC LIMIT :most
        """  # noqa: S608 - as above
        if sieve.questioned:
            chosen = f"""
                SELECT sequence FROM (SELECT DISTINCT x.sequence, x.started
                    FROM disputes d CROSS JOIN sessions x ON x.id = d.session_id
                    WHERE d.answered IS NULL AND {where}
                        AND x.person IN (SELECT person FROM ({_TRAINEES})))
                ORDER BY started DESC, sequence DESC LIMIT :most
            """  # noqa: S608 - as above
        sql = f"""
            {_LINE} WHERE s.sequence IN ({chosen})
            ORDER BY s.started DESC, s.sequence DESC
        """
        with self._database.reading() as db:
            return _lines(db, db.execute(sql, {**values, "team": team, "most": most}).fetchall())

    def sessions_of(
        self, person: str, sieve: Sieve, *, after: Place | None, most: int
    ) -> list[SessionLine]:
        """Those of one person."""
        with self._database.reading() as db:
            return _sessions_of(db, person, sieve, after, most)

    def counted_sessions(self, person: str) -> int:
        """How many finished sessions somebody has, without retries."""
        sql = (
            "SELECT count(*) FROM sessions "
            "WHERE person = :person AND phase = 'debrief' AND retry_of IS NULL"
        )
        return int(self._rows(sql, {"person": person})[0][0])

    def _rows(self, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        with self._database.reading() as db:
            return db.execute(sql, values).fetchall()


def _where(sieve: Sieve, after: Place | None = None) -> tuple[str, dict[str, Any]]:
    """Conditions on sessions ``x``, and the values in them."""
    parts = ["x.phase = 'debrief'"]
    if sieve.since is not None:
        parts.append("x.started >= :since")
    if sieve.scenario is not None:
        parts.append("x.scenario = :scenario")
    if sieve.scorer is not None:
        parts.append("x.scorer = :scorer")
    if sieve.result is not None:
        parts.append(f"{_RESULT} = :result")
    if sieve.questioned:
        parts.append("EXISTS (SELECT * FROM disputes WHERE session_id = x.id AND answered IS NULL)")
    # Passes over as many as people have graded or opened since, which takes them longer than this.
    if sieve.ungraded:
        parts.append("NOT EXISTS (SELECT * FROM grades WHERE session_id = x.id)")
    if sieve.unopened_by is not None:
        parts.append(
            "NOT EXISTS (SELECT * FROM scores_seen WHERE session_id = x.id AND person = :reader)"
        )
    values = {
        "since": sieve.since,
        "scenario": sieve.scenario,
        "scorer": sieve.scorer,
        "result": sieve.result,
        "reader": sieve.unopened_by,
    }
    if after is not None:
        parts.append("(x.started, x.sequence) < (:after_started, :after_sequence)")
        values |= {"after_started": after.started}
        return " AND ".join(parts), {**values, "after_sequence": after.sequence}
    return " AND ".join(parts), values


def _people(
    db: sqlite_utils.Database, people: Iterable[tuple[str, str]], sieve: Sieve
) -> list[PersonLine]:
    where, values = _where(sieve)
    found = []
    for person, name in people:
        newest = next(iter(_sessions_of(db, person, sieve, None, 1, again=False)), None)
        (count,) = db.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM sessions x WHERE x.person = :person AND {where} "  # noqa: S608
            f"AND x.retry_of IS NULL {_NEWEST} LIMIT {MOST_COUNTED})",
            {**values, "person": person},
        ).fetchone()
        ends = _ends(db, person, sieve, newest.scorer) if newest else {}
        found.append(PersonLine(person, name, count, newest, ends))
    return found


def _ends(
    db: sqlite_utils.Database, person: str, sieve: Sieve, scorer: str
) -> dict[Dimension, Ends]:
    where, values = _where(replace(sieve, scorer=scorer))
    parts = []
    for dimension in DIMENSIONS:
        for order, most in (("DESC", 2 * SPAN), ("ASC", SPAN)):
            parts.append(f"""
                SELECT * FROM (SELECT '{dimension}', '{order}', x.scenario, v.score, v.low, v.high
                FROM sessions x CROSS JOIN session_scores v ON v.session_id = x.id
                WHERE x.person = :person AND {where} AND x.retry_of IS NULL
                    AND v.dimension = '{dimension}' AND v.status = 'scored'
                ORDER BY x.started {order}, x.sequence {order} LIMIT {most})
            """)  # noqa: S608 - as above
    by_end: dict[tuple[str, str], list[Scored]] = defaultdict(list)
    rows = db.execute(" UNION ALL ".join(parts), {**values, "person": person})
    for dimension, order, scenario, score, low, high in rows:
        by_end[dimension, order].append(Scored(scenario, Measured.of(score, low, high)))
    ends: dict[Dimension, Ends] = {}
    for dimension in DIMENSIONS:
        last = by_end[dimension, "DESC"]
        apart = len(last) == 2 * SPAN
        ends[dimension] = Ends(
            first=tuple(by_end[dimension, "ASC"]) if apart else (),
            last=tuple(reversed(last[:SPAN])),
        )
    return ends


def _sessions_of(
    db: sqlite_utils.Database,
    person: str,
    sieve: Sieve,
    after: Place | None,
    most: int,
    *,
    again: bool = True,
) -> list[SessionLine]:
    where, values = _where(sieve, after)
    only = "" if again else "AND x.retry_of IS NULL"
    sql = f"""
        {_LINE} WHERE s.sequence IN (
            SELECT x.sequence FROM sessions x WHERE x.person = :person AND {where} {only}
            {_NEWEST} LIMIT :most)
        ORDER BY s.started DESC, s.sequence DESC
    """  # noqa: S608 - as above
    found = db.execute(sql, {**values, "person": person, "most": most}).fetchall()
    return _lines(db, found)


def _lines(db: sqlite_utils.Database, found: Sequence[tuple[Any, ...]]) -> list[SessionLine]:
    values: dict[str, dict[Dimension, Value]] = defaultdict(dict)
    if found:
        for session, dimension, score, low, high, reason in db.execute(
            "SELECT session_id, dimension, score, low, high, reason FROM session_scores "
            "WHERE session_id IN (SELECT value FROM json_each(?))",
            [to_json([row[1] for row in found])],
        ):
            values[session][dimension] = Value(score, low, high, reason)
    corrections = _corrections(db, [row[1] for row in found if row[12]])
    graders = _graders(db, [row[1] for row in found if row[12]])
    return [
        SessionLine(
            session=row[1],
            sequence=row[0],
            person=row[2],
            name=row[3],
            scenario=row[4],
            started=row[5],
            outcome=row[6],
            passed=bool(row[7]),
            scorer=row[8],
            again=bool(row[9]),
            with_help=bool(row[10]),
            questioned=bool(row[11]),
            graded=bool(row[12]),
            values=values[row[1]],
            graders=graders.get(row[1], ()),
            corrections=corrections.get(row[1], {}),
        )
        for row in found
    ]


def _graders(db: sqlite_utils.Database, sessions: Sequence[str]) -> dict[str, tuple[Grader, ...]]:
    """Who graded each of these sessions or a reply in it, the first grader first."""
    found: dict[str, tuple[Grader, ...]] = {}
    if sessions:
        for session, person, name, blind in db.execute(
            """
            SELECT g.session_id, g.graded_by, m.name, max(g.blind) FROM grades g
            LEFT JOIN members m ON m.person = g.graded_by
            WHERE g.session_id IN (SELECT value FROM json_each(?))
            GROUP BY g.session_id, g.graded_by ORDER BY min(g.graded), min(g.rowid)
            """,
            [to_json(list(sessions))],
        ):
            one = Grader(person, name or FORMER, bool(blind))
            found[session] = (*found.get(session, ()), one)
    return found


def _corrections(
    db: sqlite_utils.Database, sessions: Sequence[str]
) -> dict[str, dict[Dimension, tuple[Correction, ...]]]:
    """What people gave in place of scores of whole sessions: of each the newest, newest first."""
    newest: dict[tuple[str, Dimension, str | None], tuple[float, float | None, str | None]] = {}
    if sessions:
        for session, dimension, by, *given in db.execute(
            """
            SELECT g.session_id, g.dimension, g.graded_by, g.grade, g.score, m.name FROM grades g
            LEFT JOIN members m ON m.person = g.graded_by
            WHERE g.session_id IN (SELECT value FROM json_each(?))
                AND g.number IS NULL AND NOT g.blind
            ORDER BY g.graded, g.rowid
            """,
            [to_json(list(sessions))],
        ):
            newest.pop((session, dimension, by), None)
            newest[session, dimension, by] = (given[0], given[1], given[2])
    found: dict[str, dict[Dimension, tuple[Correction, ...]]] = defaultdict(dict)
    for (session, dimension, _), (grade, score, name) in newest.items():
        if corrects(grade, score, blind=False):
            before = found[session].get(dimension, ())
            found[session][dimension] = (Correction(grade, name or FORMER), *before)
    return found
