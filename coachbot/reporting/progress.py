"""How a person's sessions went, one row for each: what progress and its charts are drawn from."""

from __future__ import annotations

from collections.abc import Sequence

from coachbot.customer.state import Frozen
from coachbot.reporting.change import SPAN, Change, Direction, Measured, change
from coachbot.reporting.debrief import NAMES
from coachbot.scenario.models import Outcome
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScores


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
    """Where a dimension is going, by the rule of :mod:`coachbot.reporting.change`.

    ``sessions``: how many there are to compare; ``first`` and ``last``: means, 0 to 100, of up to
    three at the beginning and the end, ``first`` None while these would overlap.
    """

    dimension: Dimension
    sessions: int
    direction: Direction
    first: float | None
    last: float | None
    text: str

    @property
    def clear(self) -> bool:
        """Whether it has changed by more than the error of measurement."""
        return self.direction in ("improved", "declined")


def development(rows: Sequence[ProgressRow]) -> list[Trend]:
    """The trend of each dimension over the first attempts, weakest dimension last.

    ``rows``: oldest first. Those count that were scored by the scorer of the last of them, since
    the difference of two scorers' scores could be theirs.
    """
    counted = [row for row in rows if row.retry_of is None]
    trends = [_trend(counted, dimension) for dimension in DIMENSIONS]
    trends.sort(key=lambda trend: -(trend.last if trend.last is not None else 101.0))
    return trends


def _trend(rows: Sequence[ProgressRow], dimension: Dimension) -> Trend:
    scored = [(row.scorer, row.values[dimension]) for row in rows]
    own = [
        Measured.of(value.score, value.low, value.high)
        for scorer, value in scored
        if value.score is not None and scorer == rows[-1].scorer
    ]
    others = any(v.score is not None for scorer, v in scored if scorer != rows[-1].scorer)
    return trend(dimension, own, earlier_scorer=others)


def trend(
    dimension: Dimension, values: Sequence[Measured], *, earlier_scorer: bool = False
) -> Trend:
    """The trend of one person's scores by one scorer, oldest first.

    Of many, the first three and the last six are enough. ``earlier_scorer``: they have scores by
    another one, too, which don't count.
    """
    apart = len(values) >= 2 * SPAN
    found = change(values[:SPAN] if apart else (), values[-SPAN:])
    return Trend(
        dimension=dimension,
        sessions=len(values),
        direction=found.direction,
        first=found.first,
        last=found.last,
        text=f"{NAMES[dimension].capitalize()}: {_says(found, len(values), earlier_scorer)}",
    )


def _over(sessions: int) -> str:
    """Which sessions a level is the mean of, if there are so many that it is of some of them."""
    return "so far" if sessions <= SPAN else "in the last three sessions"


def _says(found: Change, sessions: int, earlier_scorer: bool) -> str:
    if found.last is None:
        if earlier_scorer:
            return "not called for since there is a new version of the scorer."
        return "not called for in any session yet."
    lately = f"{found.last:.0f} {_over(sessions)}"
    match found.direction:
        case "too_few":
            new = " by the new version of the scorer" if earlier_scorer else ""
            return f"{lately}. After {2 * SPAN} sessions{new} a trend shows here."
        case "unclear":
            return f"{lately}, {found.first:.0f} at the start: no clear change yet."
        case "improved":
            return f"{lately}, up from {found.first:.0f}."
        case "declined":
            return f"{lately}, down from {found.first:.0f}."
