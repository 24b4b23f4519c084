"""Where everything on the chart of agreement goes; pixels, y downwards, on a sheet 540 wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.customer.state import Frozen
from coachbot.reporting.charts.debrief_layout import BODY, MARGIN, RIGHT, SMALL, WIDTH
from coachbot.reporting.charts.lettering import Text

if TYPE_CHECKING:
    from coachbot.reporting.charts.trust_chart import Agreed, TrustChart

LINE = 30.0
"""Height of a line."""
HEAD, GAP = 32.0, 14.0
PLOT_LEFT, PLOT_RIGHT = MARGIN + 206, RIGHT - 50
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)


class LinePlace(Frozen):
    """A value with its interval; ``low`` and ``high`` None without one."""

    y: float
    value: float
    low: float | None
    high: float | None
    asked: bool


class TrustLayout(Frozen):
    """Everything on the chart; ``texts`` is all the text there is."""

    width: float
    height: float
    left: float
    right: float
    grid: tuple[float, ...]
    asked: float
    top: float
    bottom: float
    rules: tuple[float, ...]
    lines: tuple[LinePlace, ...]
    texts: tuple[Text, ...]


def layout(chart: TrustChart) -> TrustLayout:
    """Place everything. Kappa below 0, which is less than chance, stands at 0 with its number."""
    texts: list[Text] = []
    lines: list[LinePlace] = []
    rules: list[float] = []
    asked = along(chart.threshold)
    y = MARGIN + 8.0
    texts.append(
        Text(
            x=asked,
            y=y,
            text=f"asked for: {chart.threshold:.2f}",
            size=SMALL,
            tone="short",
            anchor="middle",
        )
    )
    top = y + 10
    y = top + 6
    for row in chart.rows:
        rules.append(y)
        y += HEAD
        texts.append(Text(x=MARGIN, y=y - 8, text=row.name, size=BODY, weight="semibold"))
        for pair in row.pairs:
            _line(pair, y + LINE / 2, texts, lines)
            y += LINE
        y += GAP
    texts += [
        Text(x=along(at), y=y + 16, text=f"{at:g}", size=SMALL, tone="muted", anchor="middle")
        for at in STEPS
    ]
    for x, said in ((PLOT_LEFT, "as by chance"), (PLOT_RIGHT, "full agreement")):
        texts.append(Text(x=x, y=y + 36, text=said, size=SMALL, tone="muted", anchor="middle"))
    return TrustLayout(
        width=WIDTH,
        height=y + 36 + MARGIN - 6,
        left=MARGIN,
        right=RIGHT,
        grid=tuple(along(step) for step in STEPS),
        asked=asked,
        top=top,
        bottom=y,
        rules=tuple(rules),
        lines=tuple(lines),
        texts=tuple(texts),
    )


def _line(pair: Agreed, y: float, texts: list[Text], lines: list[LinePlace]) -> None:
    texts.append(Text(x=MARGIN, y=y + 5, text=pair.who, size=SMALL, tone="muted"))
    if pair.value is None:
        said = "no grades yet" if not pair.sessions else "can’t be said"
        texts.append(Text(x=PLOT_LEFT + 8, y=y + 5, text=said, size=SMALL, tone="muted", halo=True))
        return
    texts.append(
        Text(
            x=RIGHT,
            y=y + 5,
            text=f"{pair.value:.2f}",
            size=SMALL,
            weight="semibold" if pair.asked else "regular",
            anchor="end",
        )
    )
    lines.append(
        LinePlace(
            y=y,
            value=along(pair.value),
            low=None if pair.low is None else along(pair.low),
            high=None if pair.high is None else along(pair.high),
            asked=pair.asked,
        )
    )


def along(kappa: float) -> float:
    """Where a kappa stands."""
    return PLOT_LEFT + min(max(kappa, 0.0), 1.0) * (PLOT_RIGHT - PLOT_LEFT)
