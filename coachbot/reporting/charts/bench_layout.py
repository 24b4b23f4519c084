"""Where everything on the bench's chart goes; pixels, y downwards, on a sheet 540 wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.customer.state import Frozen
from coachbot.reporting.charts.curve import Point, path
from coachbot.reporting.charts.debrief_layout import BODY, MARGIN, RIGHT, SMALL, TITLE, WIDTH
from coachbot.reporting.charts.lettering import Text, wrap

if TYPE_CHECKING:
    from coachbot.reporting.charts.bench_chart import BenchChart, KindRow

INNER = RIGHT - MARGIN
ROW = 76.0
PLOT = 44.0
"""Height of a row, and of its mood curve."""
BAR_LEFT, BAR_RIGHT, BAR_HEIGHT = MARGIN + 128, MARGIN + 248, 10.0
PLOT_LEFT, PLOT_RIGHT = MARGIN + 306, RIGHT - 34


class RowPlace(Frozen):
    """A kind: its bar of the share that passes with the range, if any, and its mood curve."""

    rule: float
    bar: float
    passed: float
    low: float | None
    high: float | None
    top: float
    bottom: float
    line: str
    ends: tuple[Point, Point]


class BenchLayout(Frozen):
    """Everything on the chart; ``texts`` is all the text there is."""

    width: float
    height: float
    left: float
    right: float
    bar_left: float
    bar_right: float
    bar_height: float
    plot_left: float
    plot_right: float
    rows: tuple[RowPlace, ...]
    texts: tuple[Text, ...]


def layout(chart: BenchChart) -> BenchLayout:
    """Place everything."""
    texts: list[Text] = []
    y = MARGIN + 24
    for line in wrap(chart.title, INNER, TITLE, "semibold"):
        texts.append(Text(x=MARGIN, y=y, text=line, size=TITLE, weight="semibold"))
        y += 34
    y -= 6
    for said in chart.said:
        for line in wrap(said, INNER, SMALL):
            texts.append(Text(x=MARGIN, y=y, text=line, size=SMALL, tone="muted"))
            y += 21
    y += 16
    ranges = any(row.low is not None for row in chart.rows)
    passes = "pass (95 % range)" if ranges else "pass"
    for x, said in ((BAR_LEFT, passes), (PLOT_LEFT, "mood, start to end")):
        texts.append(Text(x=x, y=y, text=said, size=SMALL, tone="muted"))
    y += 10
    longest = max(len(row.mood) for row in chart.rows)
    rows = []
    for row in chart.rows:
        rows.append(_row(row, y, longest, texts))
        y += ROW
    return BenchLayout(
        width=WIDTH,
        height=y + MARGIN - 8,
        left=MARGIN,
        right=RIGHT,
        bar_left=BAR_LEFT,
        bar_right=BAR_RIGHT,
        bar_height=BAR_HEIGHT,
        plot_left=PLOT_LEFT,
        plot_right=PLOT_RIGHT,
        rows=tuple(rows),
        texts=tuple(texts),
    )


def _row(row: KindRow, top: float, longest: int, texts: list[Text]) -> RowPlace:
    """The curve's x axis is the same in all rows, so that a long session looks long."""
    middle = top + ROW / 2
    plot_top, plot_bottom = middle - PLOT / 2, middle + PLOT / 2
    step = (PLOT_RIGHT - PLOT_LEFT) / max(1, longest - 1)
    points = [
        (PLOT_LEFT + step * number, plot_bottom - mood / 100 * PLOT)
        for number, mood in enumerate(row.mood)
    ]

    def along(share: float) -> float:
        return BAR_LEFT + share * (BAR_RIGHT - BAR_LEFT)

    texts += [
        Text(x=MARGIN, y=middle - 2, text=row.name, size=BODY, weight="semibold"),
        Text(x=MARGIN, y=middle + 18, text=f"{row.turns:.1f} replies", size=SMALL, tone="muted"),
        Text(
            x=BAR_LEFT, y=middle - 2, text=f"{100 * row.passed:.0f} %", size=BODY, weight="semibold"
        ),
        Text(
            x=PLOT_LEFT - 8,
            y=points[0][1] + 5,
            text=f"{row.mood[0]:.0f}",
            size=SMALL,
            tone="muted",
            anchor="end",
        ),
        Text(
            x=points[-1][0] + 8,
            y=points[-1][1] + 5,
            text=f"{row.mood[-1]:.0f}",
            size=SMALL,
            weight="semibold",
            halo=True,
        ),
    ]
    return RowPlace(
        rule=top,
        bar=middle + 8,
        passed=along(row.passed),
        low=None if row.low is None else along(row.low),
        high=None if row.high is None else along(row.high),
        top=plot_top,
        bottom=plot_bottom,
        line=path(points),
        ends=(points[0], points[-1]),
    )
