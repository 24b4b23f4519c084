"""How a person's sessions went, one row for each: what progress and its charts are drawn from."""

from __future__ import annotations

import math
from collections.abc import Sequence

from coachbot.customer.state import Frozen
from coachbot.reporting.debrief import NAMES
from coachbot.scenario.models import Outcome
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScore, DimensionScores


class ProgressRow(Frozen):
    """A finished session in short.

    ``started``: UTC, ISO 8601. ``values``: the session's value on each dimension with its range,
    as in :func:`coachbot.scoring.session_value.session_values`. ``scorer``: the one that the
    session was begun with. ``retry_of``: the session that this one is a second attempt of; the
    first attempt is the one that counts.
    """

    session: str
    scenario: str
    started: str
    outcome: Outcome | None
    passed: bool | None
    with_help: bool
    values: DimensionScores
    scorer: str
    retry_of: str | None = None


class Trend(Frozen):
    """Where a dimension is going.

    ``first`` and ``last``: means, 0 to 100, of up to three sessions at the beginning and the end;
    ``clear``: the change is larger than chance.
    """

    dimension: Dimension
    sessions: int
    first: float | None
    last: float | None
    clear: bool
    text: str


SPAN = 3
"""Sessions at each end that are compared."""


def development(rows: Sequence[ProgressRow]) -> list[Trend]:
    """The trend of each dimension over the first attempts, weakest dimension last."""
    counted = [row for row in rows if row.retry_of is None]
    trends = [_trend(counted, dimension) for dimension in DIMENSIONS]
    trends.sort(key=lambda trend: -(trend.last if trend.last is not None else 101.0))
    return trends


def _trend(rows: Sequence[ProgressRow], dimension: Dimension) -> Trend:
    values = [row.values[dimension] for row in rows if row.values[dimension].score is not None]
    name = NAMES[dimension].capitalize()
    if not values:
        return Trend(
            dimension=dimension,
            sessions=0,
            first=None,
            last=None,
            clear=False,
            text=f"{name}: not called for in any session yet.",
        )
    last = _mean(values[-SPAN:])
    if len(values) < 2 * SPAN:
        return Trend(
            dimension=dimension,
            sessions=len(values),
            first=None,
            last=last,
            clear=False,
            text=f"{name}: {last:.0f} lately. After {2 * SPAN} sessions a trend shows here.",
        )
    first = _mean(values[:SPAN])
    # Half of an 80 % interval is 1.28 standard errors; the difference of two means has both.
    errors = [((v.high or 0) - (v.low or 0)) / 2 / 1.28 for v in values]
    noise = (
        1.28
        * math.sqrt(sum(e * e for e in errors[:SPAN]) + sum(e * e for e in errors[-SPAN:]))
        / SPAN
    )
    change = last - first
    clear = abs(change) > noise
    says = "up" if change > 0 else "down"
    text = (
        f"{name}: {last:.0f} lately, {says} from {first:.0f}."
        if clear
        else f"{name}: {last:.0f} lately, {first:.0f} at the start: no clear change yet."
    )
    return Trend(
        dimension=dimension, sessions=len(values), first=first, last=last, clear=clear, text=text
    )


def _mean(values: Sequence[DimensionScore]) -> float:
    return sum(value.score or 0.0 for value in values) / len(values)
