"""How far a scorer agrees with people, beside how far people agree with each other."""

from __future__ import annotations

from coachbot.agreement.bootstrap import Figure
from coachbot.agreement.verdict import Verdict
from coachbot.customer.state import Frozen
from coachbot.reporting.charts.chart import NOTHING, Table
from coachbot.reporting.charts.drawing import draw
from coachbot.reporting.charts.lettering import clean
from coachbot.reporting.charts.trust_layout import layout
from coachbot.reporting.debrief import NAMES
from coachbot.reporting.trust import VERDICTS, TrustPage


class Agreed(Frozen):
    """Weighted kappa between two kinds of graders; None where there is none, or no interval.

    ``sessions``: that both graded. ``asked``: whether it is held against the threshold.
    """

    who: str
    value: float | None
    low: float | None
    high: float | None
    sessions: int
    asked: bool


class TrustRow(Frozen):
    """A dimension and its verdict."""

    name: str
    verdict: Verdict
    pairs: tuple[Agreed, ...]


class TrustChart(Frozen):
    """What the chart shows: three rows, each with the same kinds of graders."""

    scorer: str
    threshold: float
    rows: tuple[TrustRow, ...]

    def svg(self) -> str:
        """The chart as SVG, 540 pixels wide."""
        return draw("trust_chart.svg.j2", layout(self), name="Agreement", alt=self.alt_text())

    def as_table(self) -> Table:
        """A row for each dimension and kind of graders."""
        return Table(
            header=("Skill", "Between", "Kappa", "From", "To", "Sessions"),
            rows=tuple(
                (row.name, pair.who, *map(_two, (pair.value, pair.low, pair.high)), f"{sessions}")
                for row in self.rows
                for pair in row.pairs
                for sessions in [pair.sessions]
            ),
        )

    def alt_text(self) -> str:
        """The verdicts, then kappa where there is one."""
        verdicts = "; ".join(f"{row.name}: {VERDICTS[row.verdict]}" for row in self.rows)
        found = "; ".join(
            f"{row.name.lower()}, {pair.who.lower()}: {_two(pair.value)}"
            for row in self.rows
            for pair in row.pairs
            if pair.value is not None
        )
        asked = f"Asked for: {_two(self.threshold)}."
        return f"{verdicts}. Weighted kappa of {self.scorer}: {found or 'none yet'}. {asked}"


def trust_chart(page: TrustPage) -> TrustChart:
    """The chart of a page."""
    return TrustChart(
        scorer=clean(page.scorer),
        threshold=page.threshold,
        rows=tuple(
            TrustRow(
                name=NAMES[one.dimension].capitalize(),
                verdict=one.verdict,
                pairs=(
                    _agreed("Scores and blind grades", one.blind.kappa, asked=True),
                    _agreed("Scores and all grades", one.every.kappa),
                    _agreed("People with each other", one.people.kappa),
                ),
            )
            for one in page.dimensions
        ),
    )


def _agreed(who: str, found: Figure, *, asked: bool = False) -> Agreed:
    return Agreed(
        who=who,
        value=found.value,
        low=found.low,
        high=found.high,
        sessions=found.clusters,
        asked=asked,
    )


def _two(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"
