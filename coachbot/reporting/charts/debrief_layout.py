"""Where everything on the debrief card goes; pixels, y downwards, on a sheet 540 wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.customer.state import Frozen
from coachbot.reporting.charts.curve import Point, path
from coachbot.reporting.charts.lettering import Text, Tone, between, shorten, width, wrap
from coachbot.reporting.trust import PRACTICE_ONLY

if TYPE_CHECKING:
    from coachbot.reporting.charts.debrief_card import Bar, DebriefCard

WIDTH = 540.0
"""On a phone Telegram shows it at about two thirds: the smallest text (15) is read as 10."""
MARGIN = 28.0
INNER = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
SMALL, BODY, HEADING, TITLE = 15.0, 17.0, 19.0, 28.0

PILL_HEIGHT = 34.0
BAR_HEIGHT = 14.0
LANE = 18.0
"""Height that the marks for the own rating (over the bars) and the team (under them) need."""
PLOT_HEIGHT = 180.0
PLOT_LEFT = MARGIN + 74
TICK = 30.0
"""Least distance of two numbers under the plot; "start" and a number of two digits fit in it."""


class BarPlace(Frozen):
    """A bar of ``MARGIN`` to ``RIGHT``, 0 to 100. ``value`` and so on: x of the marks."""

    top: float
    tone: Tone
    value: float | None
    low: float | None
    high: float | None
    mark: float
    own: float | None
    team: float | None


class Pill(Frozen):
    """The verdict: its outline, its tone, and the sign drawn before the words."""

    top: float
    width: float
    tone: Tone
    filled: bool
    sign: str


class Sign(Frozen):
    """A mark in a line of text, its middle."""

    kind: str
    x: float
    y: float


class Plot(Frozen):
    """The customer's mood. ``ticks``: x of the replies whose number is printed."""

    left: float
    right: float
    top: float
    bottom: float
    grid: tuple[float, ...]
    ticks: tuple[float, ...]
    line: str
    points: tuple[Point, ...]
    marked: tuple[Point, ...]


class CardLayout(Frozen):
    """Everything on the card; ``texts`` is all the text there is."""

    width: float
    height: float
    texts: tuple[Text, ...]
    pill: Pill
    bars: tuple[BarPlace, ...]
    bar_height: float = BAR_HEIGHT
    left: float = MARGIN
    right: float = RIGHT
    lane: float = LANE
    pill_height: float = PILL_HEIGHT
    signs: tuple[Sign, ...]
    rule: float
    plot: Plot


def layout(card: DebriefCard) -> CardLayout:
    """Place everything; the height follows from what there is to show."""
    texts: list[Text] = []
    signs: list[Sign] = []
    y = MARGIN + 14
    with_whom = shorten(f"Practice with {card.customer}", INNER, BODY)
    texts.append(Text(x=MARGIN, y=y, text=with_whom, size=BODY, tone="muted"))
    y += 4
    for line in wrap(card.title, INNER, TITLE, "semibold"):
        y += 34
        texts.append(Text(x=MARGIN, y=y, text=line, size=TITLE, weight="semibold"))
    y += 20
    pill = _pill(card, y, texts)
    y += PILL_HEIGHT + 26
    over = LANE if any(bar.own is not None for bar in card.bars) else 0.0
    under = LANE if any(bar.team is not None for bar in card.bars) else 0.0
    places: list[BarPlace] = []
    for bar in card.bars:
        places.append(_bar(bar, y, over, texts))
        y = places[-1].top + BAR_HEIGHT + under + 21
        _under_bar(bar, y, texts, signs)
        if bar.practice_only:
            y += 21
            texts.append(Text(x=MARGIN, y=y, text=PRACTICE_ONLY, tone="short"))
        y += 24
    y = _legend(card, y + 14, texts, signs)
    rule = y + 20
    plot, bottom = _mood(card, rule + 36, texts)
    return CardLayout(
        width=WIDTH,
        height=bottom + MARGIN - 6,
        texts=tuple(texts),
        pill=pill,
        bars=tuple(places),
        signs=tuple(signs),
        rule=rule,
        plot=plot,
    )


def along(value: float) -> float:
    """The x of a value from 0 to 100 on a bar."""
    return MARGIN + INNER * value / 100


def _pill(card: DebriefCard, top: float, texts: list[Text]) -> Pill:
    filled = card.verdict == "passed"
    tone: Tone = "short" if card.verdict == "not passed" else "good"
    words = card.verdict.capitalize()
    wide = 40 + width(words, BODY, "semibold") + 18
    baseline = top + PILL_HEIGHT / 2 + 6
    inside: Tone = "paper" if filled else tone
    texts += [
        Text(x=MARGIN + 40, y=baseline, text=words, size=BODY, weight="semibold", tone=inside),
        Text(x=MARGIN + wide + 16, y=baseline, text=card.outcome, size=BODY),
    ]
    sign = "cross" if tone == "short" else "tick"
    return Pill(top=top, width=wide, tone=tone, filled=filled, sign=sign)


def _bar(bar: Bar, top: float, over: float, texts: list[Text]) -> BarPlace:
    baseline = top + 18
    texts.append(Text(x=MARGIN, y=baseline, text=bar.name, size=HEADING, weight="semibold"))
    if bar.shown is None:
        texts.append(
            Text(x=RIGHT, y=baseline, text=bar.missing, size=BODY, tone="muted", anchor="end")
        )
    else:
        value = Text(x=RIGHT, y=baseline, text=bar.shown, size=26, weight="semibold", anchor="end")
        texts.append(value)
        if bar.span is not None:
            texts.append(
                Text(
                    x=RIGHT - value.width - 12,
                    y=baseline,
                    text=f"range {bar.span}",
                    tone="muted",
                    anchor="end",
                )
            )
    return BarPlace(
        top=baseline + 12 + over,
        tone="short" if bar.met is False else "good",
        value=_along(bar.score),
        low=_along(bar.low),
        high=_along(bar.high),
        mark=along(bar.pass_mark),
        own=_along(bar.own),
        team=_along(bar.team),
    )


def _along(value: float | None) -> float | None:
    return None if value is None else along(value)


def _under_bar(bar: Bar, y: float, texts: list[Text], signs: list[Sign]) -> None:
    """On the left whether the mark is met; on the right the other views, with their signs."""
    mark = f"Pass mark {bar.pass_mark:.0f}" + ("" if bar.met is None else ":")
    texts.append(Text(x=MARGIN, y=y, text=mark, tone="muted"))
    if bar.met is not None:
        texts.append(
            Text(
                x=MARGIN + width(f"{mark} ", SMALL),
                y=y,
                text="met" if bar.met else "not met",
                weight="semibold",
                tone="good" if bar.met else "short",
            )
        )
    x = RIGHT
    for kind, words, value in (
        ("team", "team average", bar.team),
        ("own", "your rating", bar.own),
    ):
        if value is not None:
            text = Text(x=x, y=y, text=f"{words} {value:.0f}", tone="muted", anchor="end")
            texts.append(text)
            signs.append(Sign(kind=kind, x=text.box.left - 11, y=y - 5))
            x = text.box.left - 34


def _legend(card: DebriefCard, y: float, texts: list[Text], signs: list[Sign]) -> float:
    """How to read a bar; returns the baseline."""
    ranges = any(bar.span is not None for bar in card.bars)
    x = MARGIN
    for kind, wide, words in (
        ("mark", 6.0, "pass mark"),
        ("range", 26.0, "range of a grader’s score, 8 of 10 times"),
    ):
        if kind == "range" and not ranges:
            continue
        signs.append(Sign(kind=kind, x=x + wide / 2, y=y - 5))
        text = Text(x=x + wide + 8, y=y, text=words, tone="muted")
        texts.append(text)
        x = text.box.right + 24
    texts.append(Text(x=RIGHT, y=y, text="bars 0–100", tone="muted", anchor="end"))
    return y


def _mood(card: DebriefCard, y: float, texts: list[Text]) -> tuple[Plot, float]:
    """The plot from the heading's baseline ``y`` on, and where it ends."""
    tail = "’s mood after each reply"
    room = INNER - width(tail, HEADING, "semibold")
    heading = shorten(card.customer, room, HEADING, "semibold") + tail
    texts.append(Text(x=MARGIN, y=y, text=heading, size=HEADING, weight="semibold"))
    start, end = card.mood[0], card.mood[-1]
    says = (
        f"From {start:.0f} at the start to {end:.0f} at the end, of 100"
        if len(card.mood) > 1
        else f"{start:.0f} of 100 at the start; there was no reply"
    )
    texts.append(Text(x=MARGIN, y=y + 23, text=says, tone="muted"))
    top = y + 60
    bottom = top + PLOT_HEIGHT
    left, right = PLOT_LEFT, RIGHT - 8
    for value, word in ((100, "glad 100"), (50, "50"), (0, "angry 0")):
        level = bottom - PLOT_HEIGHT * value / 100
        texts.append(Text(x=left - 18, y=level + 5, text=word, tone="muted", anchor="end"))
    step = (right - left) / max(1, len(card.mood) - 1)
    points = tuple(
        (left + step * reply, bottom - PLOT_HEIGHT * mood / 100)
        for reply, mood in enumerate(card.mood)
    )
    marked, lowest = _extremes(card.mood, points, bottom, texts)
    baseline = max(bottom + 25, lowest + 22)
    shown = _ticks(len(card.mood), step)
    for reply in shown:
        word = str(reply) if reply else "start"
        texts.append(Text(x=points[reply][0], y=baseline, text=word, tone="muted", anchor="middle"))
    plot = Plot(
        left=left - 8,
        right=RIGHT,
        top=top,
        bottom=bottom,
        grid=(top, top + PLOT_HEIGHT / 2, bottom),
        ticks=tuple(points[reply][0] for reply in shown),
        line=path(points),
        points=points,
        marked=marked,
    )
    return plot, baseline


def _extremes(
    mood: tuple[float, ...], points: tuple[Point, ...], axis: float, texts: list[Text]
) -> tuple[tuple[Point, ...], float]:
    """Label the highest point above itself and the lowest below; the lower label's baseline.

    Nothing of the curve is above the one or below the other, so that no label covers it. Where
    there is no room over the ``axis`` (its y), the lower label goes under it. Only the upper one
    lies on white, where a halo keeps it clear of the grid.
    """
    high, low = max(mood), min(mood)
    top, bottom = points[mood.index(high)], points[mood.index(low)]
    if high == low:
        if len(mood) > 1:
            _mark(f"{high:.0f} throughout", top, -13, texts)
        return (), 0.0
    _mark(f"highest {high:.0f}", top, -13, texts)
    below = bottom[1] + 24
    if below + 6 > axis:
        below = axis + 20
    _mark(f"lowest {low:.0f}", bottom, below - bottom[1], texts)
    return (top, bottom), below


def _mark(words: str, point: Point, down: float, texts: list[Text]) -> None:
    wide = width(words, SMALL, "semibold")
    x = between(point[0], wide, PLOT_LEFT - 8, RIGHT)
    y = point[1] + down
    texts.append(Text(x=x, y=y, text=words, weight="semibold", anchor="middle", halo=down < 0))


def _ticks(count: int, step: float) -> list[int]:
    """The replies whose number has room: every one, every second, fifth, tenth and so on."""
    every = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, count) if step * n >= TICK)
    shown = list(range(0, count, every))
    if step * (count - 1 - shown[-1]) >= TICK:
        shown.append(count - 1)
    return shown
