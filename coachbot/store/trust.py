"""Grades with what they are about, what follows from them, and what could be graded next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import sqlite_utils

from coachbot.agreement.bootstrap import Figure
from coachbot.agreement.sampling import Candidate
from coachbot.reporting.trust import MOST_GRADES, Brief, GradedRow, Kept
from coachbot.scoring.interface import Dimension
from coachbot.store.database import Database
from coachbot.store.rows import Row, to_json

MOST_OF_EACH = 10
"""A person's newest sessions that are looked at for grading, at the most."""

# Trainees of the teams asked for; teams are one whatever the case of their letters.
TRAINEES_OF = """
    SELECT m.person FROM memberships m
    JOIN teams t ON t.team = m.team
    WHERE m.role = 'trainee' AND EXISTS (
        SELECT * FROM json_each(:teams) w WHERE w.value = t.team COLLATE NOCASE)
"""
_GRADED = """
    SELECT g.id, g.session_id AS session, g.number AS turn, g.dimension, g.graded_by, g.grade,
        g.score, coalesce(t.low, v.low) AS low, coalesce(t.high, v.high) AS high, g.scorer,
        g.blind, g.graded, s.scenario, s.person,
        coalesce((SELECT avg(length(agent)) FROM turns
            WHERE session_id = s.id AND (g.number IS NULL OR number = g.number)), 0.0) AS length
    FROM grades g JOIN sessions s ON s.id = g.session_id
    LEFT JOIN turn_scores t ON t.session_id = g.session_id AND t.number = g.number
        AND t.dimension = g.dimension
    LEFT JOIN session_scores v ON g.number IS NULL AND v.session_id = g.session_id
        AND v.dimension = g.dimension
"""
_FIGURE = ("status", "value", "low", "high", "rows", "clusters")


class TrustStore:
    """A ``TrustRecords`` and a ``TrustRepository`` in SQLite, for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def graded(
        self,
        teams: Collection[str] | None,
        *,
        scorer: str | None = None,
        dimension: Dimension | None = None,
        most: int = MOST_GRADES,
    ) -> list[GradedRow]:
        """The newest grades, oldest first; ``teams`` None: of everybody."""
        parts = []
        if scorer is not None:
            parts.append("g.scorer = :scorer")
        if dimension is not None:
            parts.append("g.dimension = :dimension")
        if teams is not None:
            parts.append(f"s.person IN ({TRAINEES_OF})")
        where = f"WHERE {' AND '.join(parts)}" if parts else ""
        sql = f"{_GRADED} {where} ORDER BY g.graded DESC, g.rowid DESC LIMIT :most"
        values: dict[str, Any] = {"scorer": scorer, "dimension": dimension, "most": most}
        if teams is not None:
            values["teams"] = to_json(sorted(teams))
        found = self._query(sql, values)
        return [GradedRow(**{**row, "blind": bool(row["blind"])}) for row in reversed(found)]

    def scorers(self) -> list[tuple[str, int]]:
        """Scorers with grades, the last graded first, and how many they have."""
        found = self._query(
            "SELECT scorer, count(*) AS grades FROM grades GROUP BY scorer "
            "ORDER BY max(graded) DESC, scorer",
            {},
        )
        return [(row["scorer"], row["grades"]) for row in found]

    def state(self) -> tuple[int, str | None]:
        """How many grades there are, and the newest one's id: changes with every grade."""
        (row,) = self._query(
            "SELECT (SELECT count(*) FROM grades) AS grades, "
            "(SELECT id FROM grades ORDER BY graded DESC, rowid DESC LIMIT 1) AS newest",
            {},
        )
        return row["grades"], row["newest"]

    def finished(self, most: int) -> list[str]:
        """The ids of the newest finished first attempts, and of all that have a grade."""
        found = self._query(
            """
            SELECT id FROM (SELECT id, started, sequence FROM sessions
                WHERE phase = 'debrief' AND retry_of IS NULL AND person NOT LIKE '%+trial'
                ORDER BY started DESC, sequence DESC LIMIT :most)
            UNION SELECT session_id FROM grades
            """,
            {"most": most},
        )
        return [row["id"] for row in found]

    def teams_of(self, people: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The teams in which each of these people is a trainee."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._query(
            "SELECT person, team FROM memberships WHERE role = 'trainee' "
            "AND person IN (SELECT value FROM json_each(:people)) ORDER BY team",
            {"people": to_json(sorted(people))},
        ):
            found[row["person"]].append(row["team"])
        return {person: tuple(teams) for person, teams in found.items()}

    def briefs(self, sessions: Collection[str]) -> dict[str, Brief]:
        """What may be said of sessions that are proposed, by id."""
        found = self._query(
            "SELECT id, scenario, started, (SELECT count(*) FROM turns WHERE session_id = s.id) "
            "AS replies FROM sessions s WHERE id IN (SELECT value FROM json_each(:ids))",
            {"ids": to_json(sorted(sessions))},
        )
        return {row["id"]: Brief(row["scenario"], row["started"], row["replies"]) for row in found}

    def candidates(
        self, teams: Collection[str], *, grader: str, scorer: str | None, most: int
    ) -> tuple[list[Candidate], list[Candidate]]:
        """Finished sessions that the grader can still grade blind, and those that are graded.

        First attempts, the newest of each person, and never the grader's own.
        """
        by_scorer = "AND x.scorer = :scorer" if scorer is not None else ""
        sql = f"""
            SELECT s.id, s.scenario,
                (SELECT avg(length(agent)) FROM turns WHERE session_id = s.id) AS length,
                (SELECT count(DISTINCT coalesce(graded_by, '')) FROM grades
                    WHERE session_id = s.id) AS graders,
                EXISTS (SELECT * FROM grades WHERE session_id = s.id AND blind = 1) AS blind,
                EXISTS (SELECT * FROM grades
                    WHERE session_id = s.id AND graded_by = :grader)
                OR EXISTS (SELECT * FROM scores_seen
                    WHERE session_id = s.id AND person = :grader) AS own
            -- Chosen first, so that nothing is counted of those that are not.
            FROM (SELECT n.sequence AS chosen
                FROM (SELECT DISTINCT person FROM ({TRAINEES_OF})) p CROSS JOIN sessions n
                ON n.sequence IN (
                    SELECT x.sequence FROM sessions x
                    WHERE x.person = p.person AND x.phase = 'debrief' AND x.retry_of IS NULL
                        {by_scorer}
                    ORDER BY x.started DESC, x.sequence DESC LIMIT :each)
                WHERE p.person != :grader
                ORDER BY n.started DESC, n.sequence DESC LIMIT :most)
            CROSS JOIN sessions s ON s.sequence = chosen
            ORDER BY s.started DESC, s.sequence DESC
        """  # noqa: S608 - nothing that anybody typed is in it
        values = {
            "teams": to_json(sorted(teams)),
            "grader": grader,
            "scorer": scorer,
            "most": most,
        }
        with self._database.reading() as db:
            people = f"SELECT count(DISTINCT person) FROM ({TRAINEES_OF})"  # noqa: S608 - as above
            (count,) = db.execute(people, values).fetchone()
            # Of many people fewer each are enough, as some of them have none.
            values["each"] = min(MOST_OF_EACH, max(2, 2 * most // max(1, count)))
            found = list(db.query(sql, values))
            scores = _scores(db, [row["id"] for row in found])
        of_row = [
            (
                row,
                Candidate(
                    session=row["id"],
                    scenario=row["scenario"],
                    scores=scores[row["id"]],
                    length=row["length"] or 0.0,
                    graders=row["graders"],
                    blind=bool(row["blind"]),
                ),
            )
            for row in found
        ]
        return (
            [candidate for row, candidate in of_row if not row["own"]],
            [candidate for row, candidate in of_row if row["graders"]],
        )

    def keep(self, kept: Kept) -> None:
        """Keep it in place of what was kept of this scorer and dimension."""
        values: Row = {
            "scorer": kept.scorer,
            "dimension": kept.dimension,
            "computed": kept.computed,
        }
        for part, figure in (("blind", kept.blind), ("every", kept.every)):
            values |= {f"{part}_{name}": getattr(figure, name) for name in _FIGURE}
        names = list(values)
        changed = [name for name in names if name not in ("scorer", "dimension")]
        with self._database.writing() as db:
            db.execute(
                f"INSERT INTO trust ({', '.join(names)}) "  # noqa: S608 - names of columns
                f"VALUES ({', '.join(f':{name}' for name in names)}) "
                "ON CONFLICT (scorer, dimension) DO UPDATE SET "
                + ", ".join(f"{name} = excluded.{name}" for name in changed),
                values,
            )

    def kept(self, scorer: str) -> dict[Dimension, Kept]:
        """What is kept of a scorer; without the dimensions that were never graded."""
        sql = "SELECT * FROM trust WHERE scorer = :scorer"
        found: dict[Dimension, Kept] = {}
        for row in self._query(sql, {"scorer": scorer}):
            blind, every = (
                Figure(*(row[f"{part}_{name}"] for name in _FIGURE)) for part in ("blind", "every")
            )
            dimension: Dimension = row["dimension"]
            found[dimension] = Kept(row["scorer"], dimension, blind, every, row["computed"])
        return found

    def _query(self, sql: str, values: Row) -> list[Row]:
        with self._database.reading() as db:
            return list(db.query(sql, values))


def _scores(
    db: sqlite_utils.Database, sessions: list[str]
) -> dict[str, dict[str, tuple[float, float, float]]]:
    found: dict[str, dict[str, tuple[float, float, float]]] = defaultdict(dict)
    for row in db.query(
        "SELECT session_id, dimension, score, low, high FROM session_scores "
        "WHERE status = 'scored' AND session_id IN (SELECT value FROM json_each(:ids))",
        {"ids": to_json(sessions)},
    ):
        reach = (row["low"], row["high"])
        # Without a range nothing is known of its error, so it may be as large as the scale.
        low, high = (0.0, 100.0) if None in reach else reach
        found[row["session_id"]][row["dimension"]] = (row["score"], low, high)
    return found
