"""The scenarios that trainers sent, version by version, and how each scenario is doing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection

from coachbot.coaching.publishing import ScenarioFigures, ScenarioFile
from coachbot.scoring.interface import Dimension
from coachbot.store.database import Database
from coachbot.store.rows import Row

_THEIRS = """
    s.phase = 'debrief' AND s.retry_of IS NULL AND s.person IN (
        SELECT person FROM memberships
        WHERE role = 'trainee' AND team IN (SELECT value FROM json_each(:teams))
    )
"""


class ScenarioFileStore:
    """A :class:`~coachbot.coaching.publishing.ScenarioFiles` in SQLite, for many threads.

    Each call is one transaction, or a part of the one that its thread is in.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_version(self, scenario: str) -> int:
        """One more than the highest there is or was played."""
        found = self._query(
            """
            SELECT max(
                coalesce((SELECT max(version) FROM scenario_files WHERE scenario = :id), 0),
                coalesce((SELECT max(scenario_version) FROM sessions WHERE scenario = :id), 0)
            ) AS highest
            """,
            {"id": scenario},
        )
        return int(found[0]["highest"]) + 1

    def add(self, file: ScenarioFile) -> None:
        """Keep a new version."""
        with self._database.writing() as db:
            db.execute(
                """
                INSERT INTO scenario_files (scenario, version, team, content, sent, sent_by,
                    published, withdrawn)
                VALUES (:scenario, :version, :team, :content, :sent, :sent_by,
                    :published, :withdrawn)
                """,
                file.model_dump(),
            )

    def get(self, scenario: str, version: int) -> ScenarioFile | None:
        """A version, whatever became of it."""
        found = self._query(
            "SELECT * FROM scenario_files WHERE scenario = :id AND version = :version",
            {"id": scenario, "version": version},
        )
        return ScenarioFile(**found[0]) if found else None

    def newest(self, scenario: str) -> int | None:
        """The version that is published, else the last one that was; None: there never was one."""
        found = self._query(
            """
            SELECT version FROM scenario_files
            WHERE scenario = :id AND published IS NOT NULL AND content != ''
            ORDER BY withdrawn IS NULL DESC, version DESC LIMIT 1
            """,
            {"id": scenario},
        )
        return int(found[0]["version"]) if found else None

    def offered(self, teams: Collection[str] | None = None) -> list[tuple[str, int]]:
        """What is published for some teams, or for any: ids by name, each with its version."""
        found = self._query(
            """
            SELECT scenario, version FROM scenario_files
            WHERE published IS NOT NULL AND withdrawn IS NULL AND team IS NOT NULL
                AND (:teams IS NULL OR team IN (SELECT value FROM json_each(:teams)))
            ORDER BY scenario
            """,
            {"teams": None if teams is None else json.dumps(sorted(teams))},
        )
        return [(row["scenario"], row["version"]) for row in found]

    def owner(self, scenario: str) -> str | None:
        """The team that a scenario belongs to; None: nobody's."""
        found = self._query(
            """
            SELECT team FROM scenario_files
            WHERE scenario = :id AND team IS NOT NULL AND content != ''
            ORDER BY published IS NOT NULL AND withdrawn IS NULL DESC, version DESC LIMIT 1
            """,
            {"id": scenario},
        )
        return str(found[0]["team"]) if found else None

    def of_teams(self, teams: Collection[str]) -> list[ScenarioFile]:
        """Drafts, and what is or was published, of some teams: newest version first."""
        found = self._query(
            """
            SELECT * FROM scenario_files
            WHERE content != '' AND team IN (SELECT value FROM json_each(:teams))
            ORDER BY scenario, version DESC
            """,
            {"teams": json.dumps(sorted(teams))},
        )
        return [ScenarioFile(**row) for row in found]

    def publish(self, scenario: str, version: int, team: str, now: str) -> bool:
        """Publish in place of any other version; False where it was thrown away or is out."""
        values = {"id": scenario, "version": version, "team": team, "now": now}
        with self._database.writing() as db:
            done = db.execute(
                """
                UPDATE scenario_files SET published = :now, withdrawn = NULL, team = :team
                WHERE scenario = :id AND version = :version AND content != ''
                    AND (published IS NULL OR withdrawn IS NOT NULL OR team IS NOT :team)
                """,
                values,
            )
            if done.rowcount == 0:
                return False
            db.execute(
                """
                UPDATE scenario_files SET withdrawn = :now
                WHERE scenario = :id AND version != :version
                    AND published IS NOT NULL AND withdrawn IS NULL
                """,
                values,
            )
            # A scenario has one owner, also of its older versions.
            db.execute("UPDATE scenario_files SET team = :team WHERE scenario = :id", values)
        return True

    def withdraw(self, scenario: str, now: str) -> bool:
        """Offer it no longer; False where it was not offered."""
        return self._change(
            "UPDATE scenario_files SET withdrawn = :now WHERE scenario = :id "
            "AND published IS NOT NULL AND withdrawn IS NULL",
            {"id": scenario, "now": now},
        )

    def throw_away(self, scenario: str, version: int, now: str) -> bool:
        """Delete a draft's text; False where it is no draft."""
        # The row stays, so that its number is not given to another text.
        values = {"id": scenario, "version": version, "now": now}
        gone = self._change(
            "UPDATE scenario_files SET content = '', withdrawn = :now WHERE scenario = :id "
            "AND version = :version AND published IS NULL AND content != ''",
            values,
        )
        if gone:
            # What a bench found quotes the text.
            self._change(
                "DELETE FROM bench_results WHERE scenario = :id AND version = :version", values
            )
        return gone

    def figures(self, teams: Collection[str]) -> list[ScenarioFigures]:
        """How each scenario is doing in these teams; two statements however many there are."""
        values = {"teams": json.dumps(sorted(teams))}
        with self._database.reading() as db:
            counted = list(
                db.query(
                    f"""
                SELECT s.scenario, count(*) AS sessions, count(DISTINCT s.person) AS people,
                    coalesce(sum(s.passed), 0) AS passes, avg(f.feeling) AS feeling,
                    count(DISTINCT CASE WHEN f.feeling IS NOT NULL THEN s.person END) AS felt
                FROM sessions s LEFT JOIN feelings f ON f.session_id = s.id
                WHERE {_THEIRS} GROUP BY s.scenario ORDER BY s.scenario
                """,  # noqa: S608 - nothing that anybody typed is in it
                    values,
                )
            )
            scored = list(
                db.query(
                    f"""
                SELECT s.scenario, v.dimension, avg(v.score) AS mean,
                    count(DISTINCT s.person) AS people
                FROM sessions s JOIN session_scores v
                    ON v.session_id = s.id AND v.status = 'scored'
                WHERE {_THEIRS} GROUP BY s.scenario, v.dimension
                """,  # noqa: S608 - as above
                    values,
                )
            )
        means: dict[str, dict[Dimension, tuple[float, int]]] = defaultdict(dict)
        for row in scored:
            means[row["scenario"]][row["dimension"]] = (row["mean"], row["people"])
        return [ScenarioFigures(**row, values=means[row["scenario"]]) for row in counted]

    def _query(self, sql: str, values: Row) -> list[Row]:
        with self._database.reading() as db:
            return list(db.query(sql, values))

    def _change(self, sql: str, values: Row) -> bool:
        """Run it; whether a row was changed."""
        with self._database.writing() as db:
            return db.execute(sql, values).rowcount > 0
