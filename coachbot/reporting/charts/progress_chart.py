"""A person's sessions over time, one panel for each dimension."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import accumulate

from pydantic import Field

from coachbot.customer.state import Frozen
from coachbot.reporting.charts.chart import NOTHING, Table, span, unscored
from coachbot.reporting.charts.drawing import draw
from coachbot.reporting.charts.lettering import clean
from coachbot.reporting.charts.progress_layout import layout
from coachbot.reporting.debrief import NAMES
from coachbot.reporting.progress import ProgressRow, Trend
from coachbot.reporting.wording import OUTCOMES
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScores

SHOWN = 40
"""Sessions that are drawn, the latest: more points than that run into each other on a phone."""

# Not strftime: its names of months follow the machine's locale.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class DrawnSession(Frozen):
    """A session in the chart.

    ``number`` counts first attempts from 1, since only they count anywhere; ``again``: a second
    attempt at a part of one, which has the number of the session that it came after.
    """

    number: int = Field(ge=1)
    day: date
    scenario: str
    outcome: str
    again: bool
    with_help: bool
    values: DimensionScores


class Panel(Frozen):
    """A dimension's name and what is said about where it goes; ``short`` is for the alt text."""

    dimension: Dimension
    name: str
    trend: str
    short: str


class ProgressChart(Frozen):
    """What the chart shows.

    ``total``: sessions there are, without second attempts; ``sessions``: all that are drawn.
    """

    total: int = Field(ge=0)
    sessions: tuple[DrawnSession, ...] = Field(min_length=1, max_length=SHOWN)
    panels: tuple[Panel, ...]

    @property
    def which(self) -> str:
        """Which sessions are drawn and when they were, in words."""
        again = sum(session.again for session in self.sessions)
        count = len(self.sessions) - again
        many = f"{count} sessions" if count != 1 else "1 session"
        if count < self.total:
            many = f"The latest {count} of {self.total} sessions"
        elif again:
            many += f", {again} tried again"
        first, last = self.sessions[0].day, self.sessions[-1].day
        if first == last:
            return f"{many}, {_day(last)}"
        begin = _day(first) if first.year != last.year else _day(first).rsplit(" ", 1)[0]
        return f"{many}, {begin} to {_day(last)}"

    def svg(self) -> str:
        """The chart as SVG, 540 pixels wide and about 780 high."""
        return draw("progress_chart.svg.j2", layout(self), name="Progress", alt=self.alt_text())

    def as_table(self) -> Table:
        """A row for each session that is drawn, oldest first; a score with its range."""
        names = tuple(panel.name for panel in self.panels)
        return Table(
            header=("Session", "Date", "Scenario", "Attempt", "Help", "Outcome", *names),
            rows=tuple(
                (
                    str(session.number),
                    session.day.isoformat(),
                    session.scenario,
                    "again" if session.again else "first",
                    "yes" if session.with_help else "no",
                    session.outcome,
                    *(_cell(session.values, panel.dimension) for panel in self.panels),
                )
                for session in self.sessions
            ),
        )

    def alt_text(self) -> str:
        """What is drawn in one sentence, where each dimension goes in another."""
        which = self.which[0].lower() + self.which[1:]
        trends = "; ".join(panel.short for panel in self.panels)
        return f"Scores from 0 to 100 in three panels, a point for each session: {which}. {trends}."


def progress_chart(rows: Sequence[ProgressRow], trends: Sequence[Trend]) -> ProgressChart:
    """The chart of a person's sessions.

    ``rows``: oldest first, as many as there are; the latest ``SHOWN`` are drawn. ``trends``: from
    :func:`coachbot.reporting.progress.development` over all rows, in any order. Raises ValueError
    without rows, and when a row's ``started`` is no ISO 8601 time.
    """
    if not rows:
        raise ValueError("no session to draw; say so in words instead")
    numbers = list(accumulate(row.retry_of is None for row in rows))
    found = {trend.dimension: trend for trend in trends}
    drawn = list(zip(numbers, rows, strict=True))[-SHOWN:]
    return ProgressChart(
        total=numbers[-1],
        sessions=tuple(_session(max(1, number), row) for number, row in drawn),
        panels=tuple(_panel(dimension, found.get(dimension)) for dimension in DIMENSIONS),
    )


def _session(number: int, row: ProgressRow) -> DrawnSession:
    return DrawnSession(
        number=number,
        day=datetime.fromisoformat(row.started).date(),
        scenario=clean(row.scenario.rsplit("/", 1)[-1]),
        outcome=OUTCOMES[row.outcome] if row.outcome else NOTHING,
        again=row.retry_of is not None,
        with_help=row.with_help,
        values=row.values,
    )


def _panel(dimension: Dimension, trend: Trend | None) -> Panel:
    name = NAMES[dimension].capitalize()
    text = clean(trend.text).removeprefix(f"{name}: ") if trend else ""
    return Panel(
        dimension=dimension,
        name=name,
        trend=text[:1].upper() + text[1:],
        short=_short(name, trend),
    )


def _short(name: str, trend: Trend | None) -> str:
    if trend is None or trend.last is None:
        return f"{name} was not called for"
    text = f"{name} {trend.last:.0f} lately"
    if trend.first is None:
        return text
    if not trend.clear:
        return f"{text}, {trend.first:.0f} at the start, no clear change"
    return f"{text}, {'up' if trend.last > trend.first else 'down'} from {trend.first:.0f}"


def _cell(values: DimensionScores, dimension: Dimension) -> str:
    value = values[dimension]
    if value.score is None:
        return unscored(value)
    reach = span(value)
    return f"{value.score:.0f} ({reach})" if reach else f"{value.score:.0f}"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
