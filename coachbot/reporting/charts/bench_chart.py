"""How a customer takes each kind of agent: who passes, and what becomes of the mood."""

from __future__ import annotations

from pydantic import Field

from coachbot.customer.state import Frozen
from coachbot.reporting.bench_models import BenchResult
from coachbot.reporting.bench_statistics import FEWEST_WORDINGS
from coachbot.reporting.charts.bench_layout import layout
from coachbot.reporting.charts.chart import NOTHING, Table
from coachbot.reporting.charts.drawing import draw
from coachbot.reporting.charts.lettering import clean
from coachbot.scoring.interface import Points


class KindRow(Frozen):
    """A kind of agent as it is drawn; shares from 0 to 1, moods from 0 to 100.

    ``low``, ``high``: None where there are too few wordings for a range.
    """

    name: str
    passed: float = Field(ge=0, le=1)
    low: float | None = Field(ge=0, le=1)
    high: float | None = Field(ge=0, le=1)
    resolved: float = Field(ge=0, le=1)
    turns: float
    mood: tuple[Points, ...] = Field(min_length=1)


class BenchChart(Frozen):
    """What the chart shows: a row for each kind, in the order of the result.

    ``said``: sentences under the title, a line each where they fit.
    """

    title: str
    said: tuple[str, ...]
    rows: tuple[KindRow, ...] = Field(min_length=1)

    def svg(self) -> str:
        """The chart as SVG, 540 pixels wide."""
        return draw("bench_chart.svg.j2", layout(self), name=self.title, alt=self.alt_text())

    def as_table(self) -> Table:
        """A row for each kind: shares in per cent, then the mood turn by turn."""
        longest = max(len(row.mood) for row in self.rows)
        header: tuple[str, ...] = (
            "",
            "Passed",
            "Low",
            "High",
            "Resolved",
            "Replies",
            "Mood at the start",
        )
        header += tuple(f"after reply {number}" for number in range(1, longest))
        rows = []
        for row in self.rows:
            moods = [f"{mood:.0f}" for mood in row.mood]
            moods += [NOTHING] * (longest - len(moods))
            shares = (
                NOTHING if share is None else percent(share)
                for share in (row.passed, row.low, row.high, row.resolved)
            )
            rows.append((row.name, *shares, f"{row.turns:.1f}", *moods))
        return Table(header=header, rows=tuple(rows))

    def alt_text(self) -> str:
        """Who passes, in one sentence, and where the mood goes, in another."""
        passes = ", ".join(f"{row.name.lower()} {percent(row.passed)}" for row in self.rows)
        moods = ", ".join(
            f"{row.name.lower()} from {row.mood[0]:.0f} to {row.mood[-1]:.0f}" for row in self.rows
        )
        return f"“{self.title}”, agents who pass: {passes}. Mean mood: {moods}."


def percent(share: float) -> str:
    """A share in whole per cent."""
    return f"{100 * share:.0f} %"


def bench_chart(result: BenchResult) -> BenchChart:
    """The chart of a scenario. Raises pydantic.ValidationError where no kind was played."""
    parts = []
    if result.separation is not None:
        ahead = round(100 * result.separation.value)
        parts.append(f"Of 100 pairs of a good and a poor agent, the good one is ahead in {ahead}")
    difficulty = result.difficulty
    if difficulty.measured is not None:
        parts.append(
            f"Difficulty {difficulty.measured:.0f} of 100 ({difficulty.level}, meant to be "
            f"{difficulty.intended})"
        )
    wordings = len(result.voices)
    enough = wordings >= FEWEST_WORDINGS
    if not enough:
        them = "Only one wording" if wordings == 1 else f"Only {wordings} wordings"
        parts.append(f"{them} of each kind: too few to say how far chance reaches")
    whose = "in the file's own words" if result.own_words else f"in {len(result.voices)} voices"
    return BenchChart(
        title=clean(result.title) or clean(result.scenario),
        said=(f"{result.sessions} sessions of scripted agents {whose}", *parts),
        rows=tuple(
            KindRow(
                name=clean(kind.kind.replace("_", " ")).capitalize(),
                passed=kind.passed.value,
                low=kind.passed.low if enough else None,
                high=kind.passed.high if enough else None,
                resolved=kind.resolved.value,
                turns=kind.turns,
                mood=kind.mood,
            )
            for kind in result.kinds
        ),
    )
