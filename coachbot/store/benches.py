"""What scripted agents came to in scenarios: the newest result of each version and scorer."""

from __future__ import annotations

from pydantic import ValidationError

from coachbot.reporting.bench_models import BenchResult
from coachbot.reporting.scenario_overviews import BenchLine, KeptBench
from coachbot.store.database import Database
from coachbot.store.rows import to_json


class BenchStore:
    """Keeps results of the bench in SQLite, for many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, scenario: str, result: BenchResult, ran: str) -> None:
        """Keep a result in place of the one of the same version and scorer.

        ``scenario``: as sessions name it in the store, an id. ``ran``: UTC, ISO 8601.
        """
        with self._database.writing() as db:
            db.execute(
                """
                INSERT INTO bench_results (scenario, version, scorer, ran, result)
                VALUES (:scenario, :version, :scorer, :ran, :result)
                ON CONFLICT (scenario, version, scorer)
                    DO UPDATE SET ran = excluded.ran, result = excluded.result
                """,
                {
                    "scenario": scenario,
                    "version": result.version,
                    "scorer": result.scorer,
                    "ran": ran,
                    "result": result.model_dump_json(),
                },
            )

    def newest(self, scenario: str) -> KeptBench | None:
        """The result that was run last; None where none was, or none that can still be read."""
        with self._database.reading() as db:
            row = db.execute(
                "SELECT ran, result FROM bench_results WHERE scenario = ? "
                "ORDER BY ran DESC, version DESC LIMIT 1",
                [scenario],
            ).fetchone()
        return _read(row)

    def of_version(self, scenario: str, version: int) -> KeptBench | None:
        """The newest result of a version; None where there is none that can still be read."""
        with self._database.reading() as db:
            row = db.execute(
                "SELECT ran, result FROM bench_results WHERE scenario = ? AND version = ? "
                "ORDER BY ran DESC LIMIT 1",
                [scenario, version],
            ).fetchone()
        return _read(row)

    def lines(self, scenarios: list[str]) -> dict[str, BenchLine]:
        """The newest results of some scenarios in short."""
        with self._database.reading() as db:
            found = db.execute(
                """
                SELECT scenario, version, scorer, max(ran),
                    json_array_length(result, '$.flags'),
                    json_extract(result, '$.difficulty.measured')
                FROM bench_results WHERE scenario IN (SELECT value FROM json_each(?))
                GROUP BY scenario
                """,
                [to_json(scenarios)],
            ).fetchall()
        return {
            scenario: BenchLine(version, scorer, ran, flags or 0, measured)
            for scenario, version, scorer, ran, flags, measured in found
        }


def _read(row: tuple[str, str] | None) -> KeptBench | None:
    if row is None:
        return None
    try:
        return KeptBench(ran=row[0], result=BenchResult.model_validate_json(row[1]))
    except ValidationError:
        # An earlier CoachBot counted something else; it has to be run again.
        return None
