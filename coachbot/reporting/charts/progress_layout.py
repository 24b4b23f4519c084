"""Where everything on the progress chart goes; pixels, y downwards, on a sheet 540 wide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from coachbot.customer.state import Frozen
from coachbot.reporting.charts.curve import Point, number
from coachbot.reporting.charts.lettering import Text, shorten, wrap

if TYPE_CHECKING:
    from coachbot.reporting.charts.progress_chart import DrawnSession, Panel, ProgressChart

WIDTH = 540.0
MARGIN = 28.0
INNER = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
SMALL, BODY, HEADING, TITLE = 15.0, 17.0, 19.0, 28.0

PLOT_LEFT = MARGIN + 60
PLOT_HEIGHT = 130.0
INSET = 14.0
STEP = 56.0
"""Sessions stand at most this far apart: a few points begin at the left and leave room to grow."""
TICK = 28.0

Kind = Literal["alone", "help", "again_alone", "again_help", "range", "none"]
LEGEND: dict[Kind, str] = {
    "alone": "without help",
    "help": "with help",
    "again_alone": "tried again",
    "again_help": "tried again (with help)",
    "range": "range of a grader’s score, 8 of 10 times",
    "none": "not called for",
}


class Dot(Frozen):
    """A session's score; ``low`` and ``high``: y of its range's ends, None where there is none."""

    kind: Kind
    x: float
    y: float
    low: float | None
    high: float | None


class Sign(Frozen):
    """A mark of the legend, its middle."""

    kind: Kind
    x: float
    y: float


class PanelPlace(Frozen):
    """A panel. ``line``: path through the first attempts; ``gaps``: x of sessions with no score."""

    top: float
    bottom: float
    grid: tuple[float, ...]
    ticks: tuple[float, ...]
    line: str
    dots: tuple[Dot, ...]
    gaps: tuple[float, ...]


class ProgressLayout(Frozen):
    """Everything on the chart; ``texts`` is all the text there is. ``radius``: of a dot."""

    width: float
    height: float
    left: float = PLOT_LEFT
    right: float = RIGHT
    radius: float
    texts: tuple[Text, ...]
    panels: tuple[PanelPlace, ...]
    signs: tuple[Sign, ...]


def layout(chart: ProgressChart) -> ProgressLayout:
    """Place everything; the height follows from what there is to say."""
    texts: list[Text] = []
    y = MARGIN + 22
    texts.append(Text(x=MARGIN, y=y, text="Progress", size=TITLE, weight="semibold"))
    y += 28
    which = shorten(chart.which, INNER, BODY)
    texts.append(Text(x=MARGIN, y=y, text=which, size=BODY, tone="muted"))
    places = across(len(chart.sessions))
    panels: list[PanelPlace] = []
    for panel in chart.panels:
        y += 44
        placed, y = _panel(panel, chart.sessions, places, y, texts)
        panels.append(placed)
    signs, y = _legend(panels, y + 42, texts)
    return ProgressLayout(
        width=WIDTH,
        height=y + MARGIN - 4,
        radius=4.5 if len(places) <= 20 else 3.5,
        texts=tuple(texts),
        panels=tuple(panels),
        signs=tuple(signs),
    )


def across(count: int) -> list[float]:
    """The x of ``count`` sessions, evenly apart."""
    room = RIGHT - PLOT_LEFT - 2 * INSET
    step = min(STEP, room / max(1, count - 1))
    return [PLOT_LEFT + INSET + step * index for index in range(count)]


def kind_of(session: DrawnSession) -> Kind:
    """How a session is marked: hollow when tried again, a diamond when with help."""
    if session.again:
        return "again_help" if session.with_help else "again_alone"
    return "help" if session.with_help else "alone"


def _panel(
    panel: Panel,
    sessions: tuple[DrawnSession, ...],
    places: list[float],
    y: float,
    texts: list[Text],
) -> tuple[PanelPlace, float]:
    """The panel from its heading's baseline ``y`` on, and the baseline of its last line."""
    texts.append(Text(x=MARGIN, y=y, text=panel.name, size=HEADING, weight="semibold"))
    top = y + 22
    bottom = top + PLOT_HEIGHT
    for mark in (100, 50, 0):
        level = bottom - PLOT_HEIGHT * mark / 100
        texts.append(
            Text(x=PLOT_LEFT - 10, y=level + 5, text=str(mark), tone="muted", anchor="end")
        )
    dots: list[Dot] = []
    gaps: list[float] = []
    for session, x in zip(sessions, places, strict=True):
        value = session.values[panel.dimension]
        if value.score is None:
            gaps.append(x)
            continue
        ends = [
            None if end is None else bottom - PLOT_HEIGHT * end / 100
            for end in (value.low, value.high)
        ]
        level = bottom - PLOT_HEIGHT * value.score / 100
        dots.append(Dot(kind=kind_of(session), x=x, y=level, low=ends[0], high=ends[1]))
    first = [(dot.x, dot.y) for dot in dots if dot.kind in ("alone", "help")]
    ticks = _numbers(sessions, places, bottom + 23, texts)
    y = bottom + 23
    for index, line in enumerate(wrap(panel.trend, INNER, BODY)):
        y += 22 if index else 28
        texts.append(Text(x=MARGIN, y=y, text=line, size=BODY))
    placed = PanelPlace(
        top=top,
        bottom=bottom,
        grid=(top, top + PLOT_HEIGHT / 2, bottom),
        ticks=ticks,
        line=_straight(first),
        dots=tuple(dots),
        gaps=tuple(gaps),
    )
    return placed, y


def _numbers(
    sessions: tuple[DrawnSession, ...], places: list[float], y: float, texts: list[Text]
) -> tuple[float, ...]:
    """The sessions' numbers under a panel, as many as have room; the x of those."""
    step = places[1] - places[0] if len(places) > 1 else STEP
    every = next(n for n in (1, 2, 5, 10, 20) if step * n >= TICK)
    texts.append(Text(x=PLOT_LEFT - 10, y=y, text="session", tone="muted", anchor="end"))
    shown = [
        (x, session.number)
        for x, session in zip(places, sessions, strict=True)
        if not session.again
        and (session.number % every == 0 or (session is sessions[0] and every <= 2))
    ]
    # The first number stands however it divides; one too close behind it gives way.
    if len(shown) > 1 and shown[1][0] - shown[0][0] < TICK:
        shown.pop(1)
    texts += [Text(x=x, y=y, text=str(count), tone="muted", anchor="middle") for x, count in shown]
    return tuple(x for x, _ in shown)


def _straight(points: list[Point]) -> str:
    if len(points) < 2:
        return ""
    return "M" + "L".join(f"{number(x)},{number(y)}" for x, y in points)


def _legend(panels: list[PanelPlace], y: float, texts: list[Text]) -> tuple[list[Sign], float]:
    """The marks that occur, beside what they mean, on as many lines as they need."""
    dots = [dot for panel in panels for dot in panel.dots]
    kinds: set[Kind] = {dot.kind for dot in dots}
    if any(dot.low is not None and dot.high is not None for dot in dots):
        kinds.add("range")
    if any(panel.gaps for panel in panels):
        kinds.add("none")
    signs: list[Sign] = []
    x = MARGIN
    for kind, words in LEGEND.items():
        if kind not in kinds:
            continue
        text = Text(x=x + 22, y=y, text=words, tone="muted")
        if text.box.right > RIGHT and x > MARGIN:
            x, y = MARGIN, y + 26
            text = Text(x=x + 22, y=y, text=words, tone="muted")
        texts.append(text)
        signs.append(Sign(kind=kind, x=x + 7, y=y - 5))
        x = text.box.right + 26
    return signs, y
