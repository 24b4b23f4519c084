"""How real people fare in scenarios, read by indices: a few sessions of each person."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from coachbot.reporting.scenario_overviews import MOST_READ, OF_EACH, Attempt, ScenarioLine
from coachbot.scoring.interface import Dimension
from coachbot.store.database import Database
from coachbot.store.rows import to_json

_TRAINEES = """
    SELECT DISTINCT person FROM memberships
    WHERE role = 'trainee' AND team IN (SELECT value FROM json_each(:teams))
"""
_NEWEST_OF_EACH = f"""
    SELECT sequence FROM sessions x INDEXED BY sessions_by_scenario
    WHERE x.person = t.person AND x.scenario = {{scenario}} AND x.phase = 'debrief'
        AND x.retry_of IS NULL
    ORDER BY x.started DESC, x.sequence DESC LIMIT {OF_EACH}
"""  # noqa: S608 - nothing that anybody typed is in it


class ScenarioFigureStore:
    """A :class:`~coachbot.reporting.scenario_overviews.ScenarioOverviews` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(self, teams: Collection[str], scenarios: Sequence[str]) -> dict[str, ScenarioLine]:
        """Each in short; without those that nobody has finished."""
        sql = f"""
            SELECT c.value, count(*), count(DISTINCT y.person), coalesce(sum(y.passed), 0)
            FROM json_each(:scenarios) c CROSS JOIN ({_TRAINEES}) t
            CROSS JOIN sessions y
                ON y.sequence IN ({_NEWEST_OF_EACH.format(scenario="c.value")})
            GROUP BY c.value
        """  # noqa: S608 - as above
        values = {"teams": to_json(sorted(teams)), "scenarios": to_json(list(scenarios))}
        with self._database.reading() as db:
            return {row[0]: ScenarioLine(*row[1:]) for row in db.execute(sql, values)}

    def attempts(self, teams: Collection[str], scenario: str) -> list[Attempt]:
        """The newest, up to ``MOST_READ``."""
        sql = f"""
            SELECT y.id, y.person, y.scenario_version, y.outcome, y.passed, f.feeling,
                l.number, l.mood_after, coalesce(l.state, y.opening_state)
            FROM (
                SELECT y.* FROM ({_TRAINEES}) t CROSS JOIN sessions y
                    ON y.sequence IN ({_NEWEST_OF_EACH.format(scenario=":scenario")})
                ORDER BY y.started DESC, y.sequence DESC LIMIT {MOST_READ}
            ) y
            LEFT JOIN turns l ON l.session_id = y.id
                AND l.number = (SELECT max(number) FROM turns WHERE session_id = y.id)
            LEFT JOIN feelings f ON f.session_id = y.id
            ORDER BY y.started DESC, y.sequence DESC
        """  # noqa: S608 - as above
        given = {"teams": to_json(sorted(teams)), "scenario": scenario}
        values: dict[str, dict[Dimension, float]] = defaultdict(dict)
        with self._database.reading() as db:
            found = db.execute(sql, given).fetchall()
            for session, dimension, score in db.execute(
                "SELECT session_id, dimension, score FROM session_scores "
                "WHERE status = 'scored' AND session_id IN (SELECT value FROM json_each(?))",
                [to_json([row[0] for row in found])],
            ):
                values[session][dimension] = score
        return [_attempt(row, values[row[0]]) for row in found]


def _attempt(row: tuple[Any, ...], values: dict[Dimension, float]) -> Attempt:
    _, person, version, outcome, passed, feeling, turns, mood, text = row
    state = json.loads(text)
    return Attempt(
        person=person,
        version=version,
        outcome=outcome or "ended",
        passed=bool(passed),
        turns=turns or 0,
        mood=state["mood"] if mood is None else mood,
        acts=frozenset(state.get("acts_done", ())),
        needs=frozenset(state.get("needs_revealed", ())),
        buttons=frozenset(state.get("buttons_pressed", ())),
        said=frozenset(state.get("used", ())),
        feeling=feeling,
        values=values,
    )
