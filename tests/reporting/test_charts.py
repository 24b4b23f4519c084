"""The charts: where things go, what is said, and that every word of it is really drawn."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from coachbot.errors import CoachbotError, NotFound
from coachbot.reporting.charts import (
    Chart,
    DebriefCard,
    ProgressChart,
    debrief_card,
    debrief_layout,
    progress_chart,
    progress_layout,
    typeface,
)
from coachbot.reporting.charts.curve import path, tangents
from coachbot.reporting.charts.drawing import PALETTE
from coachbot.reporting.charts.lettering import Box, Text, clean, shorten, width, wrap
from coachbot.reporting.charts.typeface import Weight
from coachbot.reporting.debrief import Debrief, DimensionResult, Substance
from coachbot.reporting.png import png
from coachbot.reporting.progress import ProgressRow, development
from coachbot.scenario.models import Outcome
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScore, DimensionScores

UNSCORED = DimensionScore(status="unscored", reason="not_called_for")
TEAM: dict[Dimension, float] = {
    "empathy": 64,
    "active_listening": 66,
    "individualized_treatment": 58,
}
MOOD = (38.0, 30.0, 12.0, 25.0, 64.0, 50.0)


def scored(low: float, score: float, high: float) -> DimensionScore:
    """A score with its range."""
    return DimensionScore(status="scored", score=score, low=low, high=high)


VALUES = (scored(63, 72.4, 81), scored(50, 59.7, 68), UNSCORED)


def a_debrief(
    *,
    title: str = "One bed, paid for twice",
    customer: str = "Dana",
    outcome: Outcome = "resolved",
    passed: bool = True,
    with_help: bool = False,
    values: Sequence[DimensionScore] = VALUES,
    own: Sequence[float | None] = (None, None, None),
    mood: tuple[float, ...] = MOOD,
) -> Debrief:
    """A debrief with pass marks of 60, 60 and 55."""
    marks = (60.0, 60.0, 55.0)
    return Debrief(
        session="s",
        scenario="late-parcel",
        title=title,
        customer=customer,
        outcome=outcome,
        why="",
        passed=passed,
        with_help=with_help,
        substance=Substance(
            done=(),
            missed=(),
            needs_found=(),
            needs_missed=(),
            over_promised=(),
            loose_promises=(),
        ),
        dimensions=tuple(
            DimensionResult(
                dimension=dimension,
                value=value,
                pass_mark=mark,
                met=None if value.score is None else value.score >= mark,
                self_rating=rating,
                best=None,
                worst=None,
            )
            for dimension, value, mark, rating in zip(DIMENSIONS, values, marks, own, strict=True)
        ),
        opening=None,
        mood=mood,
        tips=(),
        weakest_turn=None,
        told_to="a friend",
        story="",
        scorer="test",
    )


FULL = debrief_card(a_debrief(own=(70, 55, 90)), TEAM)


def a_row(
    number: int,
    *,
    empathy: DimensionScore | None = None,
    again: bool = False,
    with_help: bool = False,
    started: str | None = None,
) -> ProgressRow:
    """The session that was begun on day ``number`` of 2026."""
    day = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=number)
    return ProgressRow(
        session=f"s{number}",
        scenario="parcels/late-parcel",
        started=started or day.isoformat(),
        outcome="resolved",
        passed=True,
        with_help=with_help,
        values=DimensionScores(
            empathy=empathy or scored(40, 50, 60),
            active_listening=scored(60, 70, 75),
            individualized_treatment=UNSCORED,
        ),
        scorer="test",
        retry_of="s0" if again else None,
    )


def progress_of(rows: Sequence[ProgressRow]) -> ProgressChart:
    """The chart of the rows with the trends that they have."""
    return progress_chart(rows, development(rows))


MIXED = progress_of(
    [
        a_row(0),
        a_row(1, with_help=True),
        a_row(2, again=True, with_help=True),
        a_row(3, empathy=UNSCORED),
        a_row(4, again=True),
    ]
)


def texts_of(chart: Chart) -> tuple[Text, ...]:
    """All the text in a chart, with its places."""
    if isinstance(chart, DebriefCard):
        return debrief_layout.layout(chart).texts
    assert isinstance(chart, ProgressChart)
    return progress_layout.layout(chart).texts


def words_of(chart: Chart) -> list[str]:
    """The words of all the text in a chart."""
    return [text.text for text in texts_of(chart)]


def crowded(texts: Sequence[Text], wide: float, high: float) -> list[str]:
    """What lies on something else or leaves the sheet."""
    sheet = Box(0, 0, wide, high)
    found = [
        f"{t.text!r} leaves the sheet"
        for t in texts
        if t.box.left < sheet.left
        or t.box.top < sheet.top
        or t.box.right > sheet.right
        or t.box.bottom > sheet.bottom
    ]
    found += [
        f"{one.text!r} meets {two.text!r}"
        for one, two in combinations(texts, 2)
        if one.box.meets(two.box)
    ]
    return found


def part(svg: str, box: Box) -> bytes:
    """The pixels of a part of a picture."""
    wide, high = box.right - box.left, box.bottom - box.top
    head = (
        f'width="{wide:.0f}" height="{high:.0f}" '
        f'viewBox="{box.left} {box.top} {wide:.0f} {high:.0f}"'
    )
    cut, count = re.subn(r'width="[^"]+" height="[^"]+" viewBox="[^"]+"', head, svg, count=1)
    assert count == 1
    return png(cut, scale=1)


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header of a PNG."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", picture[16:24])
    return int(wide), int(high)


def on_white(words: str, weight: Weight, size: float = 20) -> tuple[str, Box]:
    """A picture of nothing but these words, and the box that they should stay in."""
    text = Text(x=30, y=50, text=words, size=size, weight=weight)
    bold = 600 if weight == "semibold" else 400
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="100" viewBox="0 0 900 100">'
        '<rect width="900" height="100" fill="#fff"/>'
        f'<text x="30" y="50" font-family="{typeface.FAMILY}" font-size="{size}" '
        f'font-weight="{bold}">{words}</text></svg>'
    )
    return svg, text.box


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2, 0 black to 1 white."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class TestGeometry:
    """Where things go."""

    @pytest.mark.parametrize(("value", "x"), [(0, 28.0), (50, 270.0), (60, 318.4), (100, 512.0)])
    def test_bar_scale(self, value: float, x: float) -> None:
        """A bar runs from the left margin at 0 to the right one at 100."""
        assert debrief_layout.along(value) == pytest.approx(x)

    def test_marks_of_a_bar(self) -> None:
        """Score, range, pass mark, own rating and team average stand where their values are."""
        bar = debrief_layout.layout(FULL).bars[0]
        # 28 + 4.84 times the value: 72.4, 63, 81, 60, 70 and 64.
        expected = [378.416, 332.92, 420.04, 318.4, 366.8, 337.76]
        places = [bar.value, bar.low, bar.high, bar.mark, bar.own, bar.team]
        assert places == pytest.approx(expected)

    def test_unscored_bar(self) -> None:
        """A dimension with no score has its pass mark, and neither a bar nor a range."""
        bar = debrief_layout.layout(FULL).bars[2]
        assert (bar.value, bar.low, bar.high) == (None, None, None)
        assert bar.mark == pytest.approx(294.2)

    def test_lanes_only_where_needed(self) -> None:
        """Own ratings move each bar down by a lane; a team average makes each row taller by one."""
        plain, own, both = (
            [bar.top for bar in debrief_layout.layout(card).bars]
            for card in (
                debrief_card(a_debrief()),
                debrief_card(a_debrief(own=(70, 55, 90))),
                FULL,
            )
        )
        assert [round(b - a, 6) for a, b in zip(plain, own, strict=True)] == [18, 36, 54]
        assert [round(b - a, 6) for a, b in zip(own, both, strict=True)] == [0, 18, 36]

    def test_mood_points(self) -> None:
        """Mood 0 is on the axis, 100 is 180 pixels up, and the replies are evenly apart."""
        plot = debrief_layout.layout(debrief_card(a_debrief(mood=(0, 100, 50)))).plot
        left, right = 102.0, 504.0
        assert [x for x, _ in plot.points] == pytest.approx([left, (left + right) / 2, right])
        assert [plot.bottom - y for _, y in plot.points] == pytest.approx([0, 180, 90])

    def test_lowest_and_highest(self) -> None:
        """The first of the lowest and of the highest points are marked."""
        plot = debrief_layout.layout(debrief_card(a_debrief(mood=(40, 80, 20, 80, 20)))).plot
        assert plot.marked == (plot.points[1], plot.points[2])

    def test_lowest_under_the_axis(self) -> None:
        """The lowest point's label goes under the axis when it would lie on it."""
        for lowest, under in ((60.0, False), (12.0, True)):
            card = debrief_card(a_debrief(mood=(80, lowest)))
            layout = debrief_layout.layout(card)
            label = next(t for t in layout.texts if t.text.startswith("lowest"))
            assert (label.box.top > layout.plot.bottom) is under
            assert under or label.box.bottom < layout.plot.bottom

    def test_sessions_across(self) -> None:
        """Few sessions begin at the left, 56 apart; many share the width."""
        assert progress_layout.across(3) == pytest.approx([102, 158, 214])
        many = progress_layout.across(40)
        assert (many[0], many[-1]) == pytest.approx((102, 498))

    @pytest.mark.parametrize("count", [2, 14, 15, 20, 27, 40, 77])
    def test_numbers_apart(self, count: int) -> None:
        """The numbers under a panel are at least 28 pixels apart."""
        layout = progress_layout.layout(progress_of([a_row(n) for n in range(count)]))
        ticks = layout.panels[0].ticks
        assert len(ticks) >= 2
        assert min(b - a for a, b in pairwise(ticks)) >= 28

    def test_dots_of_a_panel(self) -> None:
        """Scores and ranges stand where their values are; retries and help have marks of their own.

        The line goes through the first attempts only.
        """
        panel = progress_layout.layout(MIXED).panels[0]
        assert [dot.kind for dot in panel.dots] == ["alone", "help", "again_help", "again_alone"]
        dot = panel.dots[0]
        ends = [panel.bottom - (end or 0) for end in (dot.low, dot.y, dot.high)]
        assert ends == pytest.approx([52, 65, 78])  # 40, 50 and 60 of 130 pixels
        assert panel.gaps == pytest.approx((102 + 3 * 56,))
        assert panel.line == f"M102,{dot.y:g}L158,{dot.y:g}"


class TestCurve:
    """The mood's line."""

    def test_tangents(self) -> None:
        """Slopes by hand: 1 and 3 meet at 2 (no more than twice the flatter), a peak is level."""
        # Inside: min(2 * 1, 2 * 3, (1 + 3) / 2) = 2, then 0 at the peak.
        # At the ends: (3 * 1 - 2) / 2 and (3 * -4 - 0) / 2.
        assert tangents([(0, 0), (1, 1), (2, 4), (3, 0)]) == pytest.approx([0.5, 2, 0, -6])

    def test_straight_between_two(self) -> None:
        """Two points have a straight line, one has none."""
        assert path([(0, 0), (3, 6)]) == "M0,0C1,2 2,4 3,6"
        assert path([(0, 0)]) == ""

    @given(st.lists(st.floats(0, 100), min_size=2, max_size=30))
    def test_never_overshoots(self, values: list[float]) -> None:
        """Between two points the line stays between their heights."""
        points = [(10.0 * i, value) for i, value in enumerate(values)]
        slopes = tangents(points)
        for i, (y0, y1) in enumerate(pairwise(values)):
            low, high = min(y0, y1) - 1e-6, max(y0, y1) + 1e-6
            one, two = y0 + 10 / 3 * slopes[i], y1 - 10 / 3 * slopes[i + 1]
            for t in (0.1, 0.3, 0.5, 0.7, 0.9):
                u = 1 - t
                y = u**3 * y0 + 3 * u * u * t * one + 3 * u * t * t * two + t**3 * y1
                assert low <= y <= high


class TestLettering:
    """Text in its place."""

    def test_known_widths(self) -> None:
        """Widths come from the font: Source Sans Pro's figures are all 497 of 1000 units wide."""
        assert [width(c, 1000) for c in "0123456789"] == [497] * 10
        assert width("10", 20) == pytest.approx(2 * 0.497 * 20)

    def test_unknown_letter(self) -> None:
        """A letter that the font lacks counts as a full em."""
        assert width("中", 20) == 20

    @pytest.mark.parametrize("weight", ["regular", "semibold"])
    @pytest.mark.parametrize(
        "words", ["Individualized treatment", "AVATAR To. We", "WWWjjj ÅŻ qgy", "Ждали λόγος 0–100"]
    )
    def test_ink_stays_in_the_box(self, words: str, weight: Weight) -> None:
        """Nothing is drawn outside the measured box, and its last letter reaches the end."""
        svg, box = on_white(words, weight)
        blank = svg.replace(words, "")
        outside = (
            Box(box.right + 1, 0, box.right + 101, 100),
            Box(0, 0, 900, int(box.top)),
            Box(0, int(box.bottom) + 1, 900, 100),
        )
        touched = [area for area in outside if part(svg, area) != part(blank, area)]
        assert touched == []
        end = Box(box.right - 8, 0, box.right, 100)
        assert part(svg, end) != part(blank, end)

    def test_weights_differ(self) -> None:
        """Semibold is a font of its own: wider when measured, and other pixels when drawn."""
        words = "Empathy"
        (regular, box), (semibold, bold_box) = (
            on_white(words, weight) for weight in ("regular", "semibold")
        )
        assert bold_box.right > box.right
        assert part(regular, box) != part(semibold, box)

    @pytest.mark.parametrize(
        ("raw", "expected"),
        [
            ("  two\n\tlines ", "two lines"),
            ("bell\x07 and \x00null", "bell and null"),
            ("turned \u202egnihtyna", "turned gnihtyna"),
            ("party 🎉️ time", "party time"),
            ("Zoe\u0308", "Zo\u00eb"),
            ("中文 stays", "中文 stays"),
            ("lone \ud800", "lone"),
            ("✓ done", "✓ done"),
        ],
    )
    def test_clean(self, raw: str, expected: str) -> None:
        """What XML or a line can't hold goes; letters stay, known to the font or not."""
        assert clean(raw) == expected

    def test_shorten(self) -> None:
        """What fits stays whole; the rest ends in an ellipsis, without a comma before it."""
        assert shorten("One bed", 200, 20) == "One bed"
        room = width("One bed, …", 20)
        assert shorten("One bed, paid for twice", room, 20) == "One bed…"

    def test_wrap_makes_even_lines(self) -> None:
        """Two lines are about equally long, rather than a full one and a left-over word."""
        room = width("The ten past eleven to Church", 28)
        lines = wrap("The ten past eleven to Church Stretton", room, 28)
        assert lines == ["The ten past eleven", "to Church Stretton"]

    @given(st.text(min_size=1, max_size=300), st.floats(60, 500))
    def test_wrap_fits(self, text: str, room: float) -> None:
        """Whatever the text, there are two lines at most and each fits."""
        lines = wrap(clean(text), room, 28, "semibold")
        assert len(lines) <= 2
        assert all(width(line, 28, "semibold") <= room for line in lines)

    @settings(max_examples=40, deadline=None)
    @given(
        title=st.text(min_size=1, max_size=160),
        customer=st.text(min_size=1, max_size=60),
        mood=st.lists(st.floats(0, 100), min_size=1, max_size=60),
        value=st.floats(0, 100),
        marks=st.booleans(),
    )
    def test_card_is_never_crowded(
        self, title: str, customer: str, mood: list[float], value: float, marks: bool
    ) -> None:
        """No text of the card meets another or leaves the sheet."""
        values = (scored(max(0, value - 9), value, min(100, value + 9)), scored(0, 0, 3), UNSCORED)
        data = a_debrief(
            title=title,
            customer=customer,
            mood=tuple(mood),
            values=values,
            passed=marks,
            with_help=True,
            outcome="gave_up",
            own=(100, 0, value) if marks else (None, None, None),
        )
        layout = debrief_layout.layout(debrief_card(data, TEAM if marks else None))
        assert crowded(layout.texts, layout.width, layout.height) == []

    @pytest.mark.parametrize("count", [*range(1, 46), 99, 140, 200])
    def test_progress_is_never_crowded(self, count: int) -> None:
        """No text of the progress chart meets another or leaves the sheet."""
        rows = [
            a_row(n, again=n % 5 == 1, with_help=n % 3 == 1, empathy=UNSCORED if n == 3 else None)
            for n in range(count)
        ]
        layout = progress_layout.layout(progress_of(rows))
        assert crowded(layout.texts, layout.width, layout.height) == []


class TestDebriefCard:
    """What the card says."""

    @pytest.mark.parametrize(
        ("passed", "with_help", "verdict"),
        [
            (True, False, "Passed"),
            (True, True, "Passed with help"),
            (False, False, "Not passed"),
            (False, True, "Not passed"),
        ],
    )
    def test_verdict_in_words(self, passed: bool, with_help: bool, verdict: str) -> None:
        """The verdict stands on the card in words, beside the outcome."""
        card = debrief_card(
            a_debrief(passed=passed, with_help=with_help, outcome="resolved_coldly")
        )
        words = words_of(card)
        assert verdict in words
        assert "Resolved, coldly" in words

    def test_met_in_words(self) -> None:
        """Whether a pass mark is met is written, and not only coloured; 59.7 isn't shown as 60."""
        words = words_of(FULL)
        assert [w for w in words if w in ("met", "not met")] == ["met", "not met"]
        assert "59.7" in words
        assert "not called for" in words

    def test_marks_have_labels(self) -> None:
        """The own rating and the team average are named with their values."""
        words = words_of(FULL)
        assert "your rating 70" in words
        assert "team average 64" in words

    def test_no_team_unless_given(self) -> None:
        """Without a team average there is no word of a team, nor a mark, nor a rating."""
        card = debrief_card(a_debrief())
        assert not [w for w in words_of(card) if "team" in w or "rating" in w]
        assert {bar.team for bar in debrief_layout.layout(card).bars} == {None}

    def test_range_explained_where_there_is_one(self) -> None:
        """The legend explains the range only when a bar has one."""
        with_range, without = (
            [w for w in words_of(debrief_card(a_debrief(values=v))) if "grader" in w]
            for v in (VALUES, (UNSCORED,) * 3)
        )
        assert len(with_range) == 1
        assert without == []

    @pytest.mark.parametrize("team", [{"empathy": 101.0}, {"empathy": -1.0}])
    def test_team_average_in_range(self, team: Mapping[Dimension, float]) -> None:
        """A team average outside 0 to 100 is refused."""
        with pytest.raises(ValidationError):
            debrief_card(a_debrief(), team)

    def test_table(self) -> None:
        """The table has every number of the picture."""
        table = debrief_card(a_debrief(own=(70, 55, 90), mood=(38, 12)), TEAM).as_table()
        header = ("", "Value", "Low", "High", "Pass mark", "Met", "Own rating", "Team average")
        assert table.header == header
        assert table.rows == (
            ("Empathy", "72", "63", "81", "60", "yes", "70", "64"),
            ("Active listening", "59.7", "50", "68", "60", "no", "55", "66"),
            ("Individualized treatment", "not called for", "–", "–", "55", "–", "90", "58"),
            ("Mood at the start", "38", "–", "–", "–", "–", "–", "–"),
            ("Mood after reply 1", "12", "–", "–", "–", "–", "–", "–"),
        )

    def test_alt_text(self) -> None:
        """Two sentences say the result, the scores and the mood."""
        assert FULL.alt_text() == (
            "“One bed, paid for twice” with Dana: resolved, passed; empathy 72 of 100 "
            "(pass mark 60 met), active listening 59.7 of 100 (pass mark 60 not met), "
            "individualized treatment not called for. Dana's mood goes from 38 at the start to 50 "
            "after reply 5; lowest 12 after reply 2, highest 64 after reply 4."
        )

    def test_no_reply(self) -> None:
        """A session that ended before the first reply has one point and no curve."""
        card = debrief_card(a_debrief(mood=(40,), values=(UNSCORED,) * 3, outcome="ended"))
        plot = debrief_layout.layout(card).plot
        assert (len(plot.points), plot.line, plot.marked) == (1, "", ())
        assert card.alt_text().endswith("Dana's mood is 40 at the start, with no reply after it.")


class TestProgressChart:
    """What the progress chart says."""

    def test_latest_forty(self) -> None:
        """Of eighty sessions the last forty are drawn, with their own numbers, and it is said."""
        chart = progress_of([a_row(n) for n in range(80)])
        assert (chart.sessions[0].number, chart.sessions[-1].number) == (41, 80)
        assert chart.which == "The latest 40 of 80 sessions, 10 Feb to 21 Mar 2026"
        assert chart.which in words_of(chart)
        assert {"45", "80"} <= set(words_of(chart))

    @pytest.mark.parametrize(
        ("days", "which"),
        [
            ((0,), "1 session, 1 Jan 2026"),
            ((0, 0), "2 sessions, 1 Jan 2026"),
            ((-1, 0), "2 sessions, 31 Dec 2025 to 1 Jan 2026"),
        ],
    )
    def test_days(self, days: tuple[int, ...], which: str) -> None:
        """Dates are written once where they are the same, with the year where it changes."""
        assert progress_of([a_row(n) for n in days]).which == which

    def test_second_attempts_are_not_counted(self) -> None:
        """They are drawn without a number of their own, and no session is counted for them."""
        assert [1, 2, 2, 3, 3] == [session.number for session in MIXED.sessions]
        assert "3 sessions, 2 tried again, 1 to 5 Jan 2026" == MIXED.which.replace(" Jan to", " to")
        assert 3 == MIXED.total
        under = [t for t in texts_of(MIXED) if t.anchor == "middle" and t.text.isdecimal()]
        assert ["1", "2", "3"] * 3 == [text.text for text in under]
        alone = progress_of([a_row(0, again=True)])
        assert (0, "0 sessions, 1 tried again, 1 Jan 2026") == (alone.total, alone.which)

    def test_trends_by_dimension(self) -> None:
        """Each trend stands in its dimension's panel, without the name that is the heading."""
        rows = [a_row(n, empathy=scored(n * 10, n * 10 + 2, n * 10 + 4)) for n in range(6)]
        chart = progress_of(rows)
        assert [panel.trend for panel in chart.panels] == [
            "42 in the last three sessions, up from 12.",
            "70 in the last three sessions, 70 at the start: no clear change yet.",
            "Not called for in any session yet.",
        ]
        assert chart.alt_text().endswith(
            "Empathy 42 lately, up from 12; Active listening 70 lately, 70 at the start, no clear "
            "change; Individualized treatment was not called for."
        )

    def test_legend_has_what_occurs(self) -> None:
        """The legend explains the marks that are there and no others."""
        assert {"without help", "with help", "tried again", "tried again (with help)"} <= set(
            words_of(MIXED)
        )
        alone = words_of(progress_of([a_row(0)]))
        assert "without help" in alone
        assert "with help" not in alone

    def test_scenario_names_only_in_the_table(self) -> None:
        """Scenario names are in the table and not in the picture."""
        assert "late-parcel" not in MIXED.svg()
        assert MIXED.as_table().rows[2] == (
            "2",
            "2026-01-03",
            "late-parcel",
            "again",
            "yes",
            "Resolved",
            "50 (40–60)",
            "70 (60–75)",
            "not called for",
        )
        assert len(MIXED.as_table().header) == 9

    def test_nothing_to_draw(self) -> None:
        """No sessions: an error that says what to do instead."""
        with pytest.raises(ValueError, match="say so in words"):
            progress_chart([], [])


class TestPicture:
    """The SVG and the PNG."""

    @pytest.mark.parametrize("chart", [FULL, MIXED], ids=["card", "progress"])
    def test_alone_and_repeatable(self, chart: Chart) -> None:
        """The SVG is well-formed, the same every time, and refers to nothing outside."""
        svg = chart.svg()
        assert svg == chart.svg()
        root = ET.fromstring(svg)  # noqa: S314 - drawn just now, and no entity in it
        assert root.get("aria-label") == chart.alt_text()
        for word in ("href", "url(", "<image", "<style", "@import", "<!"):
            assert word not in svg
        assert svg.count("http") == 1  # the name of the SVG namespace

    def test_escaped(self) -> None:
        """A title can't put anything into the SVG but itself."""
        title = '</text><script>alert("1")</script> & <b>'
        svg = debrief_card(a_debrief(title=title, customer="'><g onload='x")).svg()
        root = ET.fromstring(svg)  # noqa: S314 - as above
        found = [e.text for e in root.iter("{http://www.w3.org/2000/svg}title")]
        assert found == [title]
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "title", "desc", "g", "rect", "path", "circle", "text"}

    @pytest.mark.parametrize("chart", [FULL, MIXED], ids=["card", "progress"])
    def test_every_text_is_drawn(self, chart: Chart) -> None:
        """Taking away any one text changes the pixels in its box: none is dropped silently."""
        svg = chart.svg()
        drawn = re.findall("<text .*</text>", svg)
        for text, line in zip(texts_of(chart), drawn, strict=True):
            without = svg.replace(line, "", 1)
            assert part(svg, text.box) != part(without, text.box), text.text

    def test_changed_title_changes_its_box_only(self) -> None:
        """Another title is seen where the title is and nowhere else."""
        one, two = (debrief_card(a_debrief(title=t)) for t in ("One bed", "Two beds"))
        box = next(t.box for t in texts_of(two) if t.text == "Two beds")
        below = Box(0, box.bottom + 1, 540, debrief_layout.layout(two).height)
        assert part(one.svg(), box) != part(two.svg(), box)
        assert part(one.svg(), below) == part(two.svg(), below)

    @pytest.mark.parametrize(
        "chart",
        [FULL, progress_of([a_row(n, again=n % 4 == 1) for n in range(200)])],
        ids=["card", "progress"],
    )
    def test_size(self, chart: Chart) -> None:
        """A picture is 1080 pixels wide, less than twice as high, and under 300 kB."""
        picture = png(chart.svg())
        wide, high = size_of(picture)
        assert wide == 1080
        assert high < 2 * wide
        assert len(picture) < 300_000

    def test_same_pixels(self) -> None:
        """The same chart makes the same file."""
        assert png(FULL.svg()) == png(FULL.svg())

    def test_not_an_svg(self) -> None:
        """What can't be read as SVG is an error that says so."""
        with pytest.raises(CoachbotError, match="can't be drawn"):
            png("<svg")

    def test_readable(self) -> None:
        """Every colour that text has stands out from its ground by 4.5 to 1 (WCAG 2.2, AA)."""
        paper = luminance(PALETTE["paper"])
        for tone in ("ink", "muted", "good", "short"):
            assert (paper + 0.05) / (luminance(PALETTE[tone]) + 0.05) >= 4.5, tone


class TestFont:
    """The font comes along."""

    def test_missing_package(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the font's package there is an error that says what to install."""
        monkeypatch.setattr(typeface, "PACKAGE", "no_such_font")
        with pytest.raises(NotFound, match="pip install"):
            png(FULL.svg())

    def test_missing_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A package without the file is an error that names the file."""
        files: dict[Weight, str] = {"regular": "Gone.ttf"}
        monkeypatch.setattr(typeface, "FILES", files)
        with pytest.raises(NotFound, match=r"Gone\.ttf"):
            png(FULL.svg())

    @pytest.mark.parametrize("content", [b"", b"not a font at all", b"\0\1\0\0" + b"\0" * 60])
    def test_damaged_file(
        self, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A file that is no font is an error that names the file."""
        (tmp_path / "damaged_font" / "files").mkdir(parents=True)
        (tmp_path / "damaged_font" / "__init__.py").touch()
        for name in typeface.FILES.values():
            (tmp_path / "damaged_font" / "files" / name).write_bytes(content)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(typeface, "PACKAGE", "damaged_font")
        typeface.typeface.cache_clear()
        try:
            with pytest.raises(NotFound, match="damaged"):
                width("a", 10)
        finally:
            typeface.typeface.cache_clear()

    def test_light_to_import(self) -> None:
        """Importing the charts loads neither torch nor resvg."""
        code = (
            "import sys, coachbot.reporting.charts, coachbot.reporting.png; "
            "print(sorted({'torch', 'transformers', 'resvg_py'} & set(sys.modules)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"
