"""The picture after a session: how it ended, the three dimensions, the customer's mood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from coachbot.customer.state import Frozen
from coachbot.reporting.charts.chart import NOTHING, Table, span, unscored
from coachbot.reporting.charts.debrief_layout import layout
from coachbot.reporting.charts.drawing import draw
from coachbot.reporting.charts.lettering import clean
from coachbot.reporting.debrief import NAMES, Debrief, DimensionResult, shown
from coachbot.reporting.wording import OUTCOMES, lower_first, verdict
from coachbot.scoring.interface import Dimension, Points

Verdict = Literal["passed", "passed with help", "not passed"]


class Bar(Frozen):
    """A dimension as it is drawn; points from 0 to 100.

    ``shown``: the score as it is printed, None where there is none and ``missing`` says why.
    """

    name: str
    score: Points | None
    low: Points | None
    high: Points | None
    shown: str | None
    span: str | None
    missing: str
    pass_mark: Points
    met: bool | None
    own: Points | None
    team: Points | None
    practice_only: bool = False


class DebriefCard(Frozen):
    """What the card shows. ``mood``: at the start and after each reply, 0 to 100."""

    title: str
    customer: str
    outcome: str
    verdict: Verdict
    bars: tuple[Bar, ...]
    mood: tuple[Points, ...] = Field(min_length=1)

    def svg(self) -> str:
        """The card as SVG, 540 pixels wide and about 800 high."""
        return draw("debrief_card.svg.j2", layout(self), name=self.title, alt=self.alt_text())

    def as_table(self) -> Table:
        """A row for each dimension, then one for the mood at the start and after each reply."""
        header = ("", "Value", "Low", "High", "Pass mark", "Met", "Own rating", "Team average")
        rows: list[tuple[str, ...]] = [
            (
                bar.name + (" (for practice only)" if bar.practice_only else ""),
                bar.shown or bar.missing,
                _points(bar.low),
                _points(bar.high),
                _points(bar.pass_mark),
                {True: "yes", False: "no", None: NOTHING}[bar.met],
                _points(bar.own),
                _points(bar.team),
            )
            for bar in self.bars
        ]
        nothing = (NOTHING,) * (len(header) - 2)
        for reply, mood in enumerate(self.mood):
            when = f"after reply {reply}" if reply else "at the start"
            rows.append((f"Mood {when}", _points(mood), *nothing))
        return Table(header=header, rows=tuple(rows))

    def alt_text(self) -> str:
        """The result and the scores in one sentence, the mood in another."""
        bars = ", ".join(_told(bar) for bar in self.bars)
        result = f"“{self.title}” with {self.customer}: {lower_first(self.outcome)}, {self.verdict}"
        low, high = min(self.mood), max(self.mood)
        if len(self.mood) == 1:
            mood = f"{self.customer}'s mood is {low:.0f} at the start, with no reply after it."
        else:
            mood = (
                f"{self.customer}'s mood goes from {self.mood[0]:.0f} at the start to "
                f"{self.mood[-1]:.0f} after reply {len(self.mood) - 1}; lowest {low:.0f} "
                f"{_when(self.mood.index(low))}, highest {high:.0f} "
                f"{_when(self.mood.index(high))}."
            )
        return f"{result}; {bars}. {mood}"


def debrief_card(
    debrief: Debrief, team_average: Mapping[Dimension, float] | None = None
) -> DebriefCard:
    """The card of a session.

    ``team_average``: the team's mean on each dimension, 0 to 100; give it only where the team is
    large enough for nobody to be recognised in it. A dimension may be left out. Raises
    pydantic.ValidationError for values out of range.
    """
    team = team_average or {}
    return DebriefCard(
        title=clean(debrief.title) or clean(debrief.scenario),
        customer=clean(debrief.customer) or "the customer",
        outcome=OUTCOMES[debrief.outcome],
        verdict=verdict(debrief),
        bars=tuple(_bar(result, team.get(result.dimension)) for result in debrief.dimensions),
        mood=debrief.mood,
    )


def _bar(result: DimensionResult, team: float | None) -> Bar:
    value = result.value
    scored = value.score is not None
    return Bar(
        name=NAMES[result.dimension].capitalize(),
        score=value.score,
        low=value.low if scored else None,
        high=value.high if scored else None,
        shown=shown(result) if scored else None,
        span=span(value) if scored else None,
        missing="" if scored else unscored(value),
        pass_mark=result.pass_mark,
        met=result.met,
        own=result.self_rating,
        team=team,
        practice_only=result.practice_only and scored,
    )


def _told(bar: Bar) -> str:
    name = lower_first(bar.name)
    if bar.shown is None:
        return f"{name} {bar.missing}"
    met = "met" if bar.met else "not met"
    only = ", for practice only" if bar.practice_only else ""
    return f"{name} {bar.shown} of 100 (pass mark {bar.pass_mark:.0f} {met}{only})"


def _points(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.0f}"


def _when(reply: int) -> str:
    return f"after reply {reply}" if reply else "at the start"
