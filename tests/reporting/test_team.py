"""A team's view, what to practise next, what is recognised, and the export."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from coachbot.bootstrap import library
from coachbot.coaching.assigning import Assignment
from coachbot.reporting.export import BOM, COLUMNS, ExportRow, csv_lines
from coachbot.reporting.progress import ProgressRow
from coachbot.reporting.team import (
    Practised,
    recent_since,
    recognition,
    recommended,
    team_overview,
    weakest_skill,
)
from coachbot.scenario.models import PassMarks, Scenario
from coachbot.scoring.interface import DimensionScore, DimensionScores

SCENARIOS = {loaded.scenario.id: loaded.scenario for loaded in library().scenarios()}
NOW = "2026-03-31T12:00:00+00:00"
MARKS = PassMarks(empathy=40, active_listening=40, individualized_treatment=40)


def value(score: float | None, width: float = 10) -> DimensionScore:
    """A score with a range of ``width`` in all, or none."""
    if score is None:
        return DimensionScore(status="unscored", reason="not_called_for")
    return DimensionScore(
        status="scored", score=score, low=max(0, score - width / 2), high=score + width / 2
    )


def row(
    number: int,
    *scores: float | None,
    scenario: str = "late-parcel",
    **changes: Any,
) -> ProgressRow:
    """The session of that number: empathy, active listening, individualized treatment."""
    empathy, listening, individual = scores or (30, 30, 30)
    values: dict[str, Any] = {
        "session": f"s{number}",
        "scenario": scenario,
        "started": f"2026-03-{number:02}T09:00:00+00:00",
        "outcome": "resolved",
        "passed": False,
        "with_help": False,
        "values": DimensionScores(
            empathy=value(empathy),
            active_listening=value(listening),
            individualized_treatment=value(individual),
        ),
        "scorer": "minilm 1",
    }
    return ProgressRow(**{**values, **changes})


def trainee(name: str, *rows: ProgressRow) -> Practised:
    """Somebody with these sessions."""
    return Practised(
        person=name.lower(),
        name=name,
        sessions=len(rows),
        recent=len(rows),
        last_practised=rows[-1].started if rows else None,
        open_disputes=1,
        rows=rows,
    )


def test_recent_are_the_last_30_days() -> None:
    """From 31 March at noon back to 1 March at noon."""
    assert "2026-03-01T12:00:00+00:00" == recent_since(NOW)


def test_a_person_in_the_team_is_shown_with_their_trends() -> None:
    """Up only beyond the noise: for six ranges of 10, 1.96 / 1.28 x sqrt(6) x 5 / 3 = 6.25."""
    sessions = [
        row(1, 30, 40, 50),
        row(2, 30, 40, 50),
        row(3, 30, 40, None),
        row(4, 36.5, 46, 40),
        row(5, 36.5, 46, 40),
        row(6, 36.5, 46, 40),
    ]
    overview = team_overview(
        "North", [trainee("Ada", *sessions)], [], now=NOW, pass_marks={"late-parcel": MARKS}
    )
    (ada,) = overview.people
    assert [("improved", 36.5), ("unclear", 46.0), ("too_few", 40.0)] == [
        (trend.direction, round(trend.level or 0, 1)) for trend in ada.trends
    ]
    assert "Empathy: 36 in the last three sessions, up from 30." == ada.trends[0].text
    assert ("s6", sessions[-1].values, 1, 0) == (
        ada.latest_session,
        ada.latest,
        ada.open_disputes,
        ada.overdue,
    )
    assert ada.weakest is not None
    assert "empathy" == ada.weakest.dimension


def test_what_went_down_is_not_called_improved() -> None:
    """A clear change downwards is a decline."""
    sessions = [row(n, 60 if n <= 3 else 30, 60, 60) for n in range(1, 7)]
    overview = team_overview("North", [trainee("Ada", *sessions)], [], now=NOW, pass_marks={})
    assert ["declined", "unclear", "unclear"] == [
        trend.direction for trend in overview.people[0].trends
    ]


def test_somebody_who_never_practised_has_an_empty_line() -> None:
    """No values, no weakest skill, no trend."""
    overview = team_overview("North", [trainee("Bo")], [], now=NOW, pass_marks={})
    (bo,) = overview.people
    assert (None, None, None) == (bo.latest, bo.latest_session, bo.weakest)
    assert {"too_few"} == {trend.direction for trend in bo.trends}


def test_overdue_assignments_are_counted_for_whom_they_are() -> None:
    """Due on the 30th and not played: overdue on the 31st; due on the 31st: not yet."""
    late, open_still = (
        Assignment(
            id=due,
            scenario="late-parcel",
            team="North",
            person=None,
            made="2026-03-01T09:00:00+00:00",
            made_by="sol",
            due=due,
        )
        for due in ("2026-03-30", "2026-03-31")
    )
    overview = team_overview(
        "North",
        [trainee("Ada"), trainee("Bo")],
        [(late, "ada", []), (open_still, "ada", []), (open_still, "bo", [])],
        now=NOW,
        pass_marks={},
    )
    assert {"Ada": 1, "Bo": 0} == {one.name: one.overdue for one in overview.people}


def test_a_team_has_means_only_when_five_have_been_scored() -> None:
    """Four: none, and it says why. Five: (10 + 20 + 30 + 40 + 50) / 5 = 30."""
    people = [trainee(f"P{n}", row(1, 10 * n, 50, None)) for n in range(1, 6)]
    four = team_overview("North", [*people[:4], trainee("Bo")], [], now=NOW, pass_marks={})
    assert four.means is None
    assert four.no_means is not None
    assert "so far 4 have" in four.no_means
    five = team_overview("North", people, [], now=NOW, pass_marks={})
    assert {"empathy": 30.0, "active_listening": 50.0} == five.means
    assert five.no_means is None


def test_the_weakest_skill_is_furthest_below_its_pass_mark() -> None:
    """Listening is lower than empathy, but empathy is 15 short of its mark and listening 5."""
    marks = {"late-parcel": PassMarks(empathy=50, active_listening=35, individualized_treatment=20)}
    skill = weakest_skill([row(1, 35, 30, 60)], marks)
    assert skill is not None
    assert ("empathy", 35.0, 50.0) == (skill.dimension, skill.level, skill.mark)


def test_the_weakest_skill_is_that_of_the_last_three_first_attempts() -> None:
    """Long ago and retries don't count, and unscored is not zero: (50 + 40 + 30) / 3 = 40."""
    sessions = [
        row(1, 0, 45, 60),
        row(2, 50, 45, 60),
        row(3, 40, 45, 60),
        row(4, None, 45, 60),
        row(5, 30, 45, 60),
        row(6, 90, 0, 60, retry_of="s5"),
    ]
    skill = weakest_skill(sessions, {"late-parcel": MARKS})
    assert skill is not None
    assert ("empathy", 40.0) == (skill.dimension, skill.level)
    assert weakest_skill([row(1, None, None, None)], {}) is None


def some(name: str, difficulty: str, **weights: float) -> Scenario:
    """The late parcel under another name, at a difficulty, with what its customer values."""
    scenario = SCENARIOS["late-parcel"]
    values = scenario.persona.values.model_copy(
        update={"empathy": 1.0, "active_listening": 1.0, "individualized_treatment": 1.0, **weights}
    )
    persona = scenario.persona.model_copy(update={"values": values})
    return scenario.model_copy(
        update={"id": name, "title": name.upper(), "difficulty": difficulty, "persona": persona}
    )


@pytest.mark.parametrize(
    ("rows", "scenarios", "expected"),
    [
        # Nothing played yet: the easiest.
        ([], [some("a", "hard"), some("b", "easy")], "b"),
        # Weakest is empathy: where it counts most.
        (
            [row(1, 10, 50, 50, scenario="x")],
            [some("a", "easy"), some("b", "easy", empathy=1.5)],
            "b",
        ),
        # Not passed yet before passed.
        (
            [row(1, 10, 50, 50, scenario="a", passed=True)],
            [some("a", "easy", empathy=1.5), some("b", "brutal")],
            "b",
        ),
        # Not played lately before played lately.
        (
            [row(1, 10, 50, 50, scenario="a")],
            [some("a", "easy", empathy=1.5), some("b", "hard")],
            "b",
        ),
        # Two passed: medium is due, and easy comes before hard at the same distance.
        (
            [row(n, 10, 50, 50, scenario=s, passed=True) for n, s in enumerate("xy", 1)],
            [some("a", "easy"), some("b", "medium"), some("c", "hard")],
            "b",
        ),
        (
            [row(n, 10, 50, 50, scenario=s, passed=True) for n, s in enumerate("xy", 1)],
            [some("a", "hard"), some("b", "easy")],
            "b",
        ),
        # The same one passed twice earns no step.
        (
            [row(n, 10, 50, 50, scenario="x", passed=True) for n in (1, 2)],
            [some("a", "medium"), some("b", "easy")],
            "b",
        ),
        # A customer whom empathy annoys is none to practise it with.
        (
            [row(1, 10, 50, 50, scenario="x")],
            [some("a", "easy", empathy=-0.5), some("b", "brutal")],
            "b",
        ),
        # All passed, none lately: the one played longest ago.
        (
            [row(n, 10, 50, 50, scenario=s, passed=True) for n, s in enumerate("baxy", 1)],
            [some("a", "easy"), some("b", "easy")],
            "b",
        ),
    ],
)
def test_what_is_recommended(
    rows: list[ProgressRow], scenarios: list[Scenario], expected: str
) -> None:
    """By the rules, whatever the order in which the scenarios come."""
    for order in (scenarios, scenarios[::-1]):
        found = recommended(rows, order)
        assert found is not None
        assert expected == found.scenario


def test_a_recommendation_names_the_skill_and_the_reason() -> None:
    """Listening at 20 lately, below the mark of the scenario that was played."""
    two = [SCENARIOS["late-parcel"], SCENARIOS["no-smartphone"]]
    mark = f"{two[0].pass_marks.active_listening:.0f}"
    found = recommended([row(1, 50, 20, 50)], two)
    assert found is not None
    assert ("no-smartphone", "active_listening") == (found.scenario, found.dimension)
    assert (
        f"Your active listening was at 20 in your last session, short of the {mark} that passes: "
        "“The ten past eleven to Church Stretton” is a medium one that you have not tried."
    ) == found.why


def test_a_recommendation_says_with_whom_the_skill_counts_most() -> None:
    """And that a skill that would pass is the one closest to its mark."""
    found = recommended(
        [row(1, 50, 60, 60, scenario="cerys")], [some("cerys", "easy", empathy=1.5)]
    )
    assert found is not None
    assert (
        "Your empathy was at 50 in your last session, at its pass mark, but of your three skills "
        "the one closest to it: “CERYS” is an easy one that you have not passed yet, and of the "
        "three skills it counts most with Dean."
    ) == found.why


def test_without_scenarios_nothing_is_recommended() -> None:
    """None, and no error."""
    assert recommended([row(1)], []) is None


def recognised(*rows: ProgressRow, **needs: tuple[str, ...]) -> str | None:
    """What is recognised after the last of these sessions."""
    return recognition(rows, scenarios=SCENARIOS, needs=needs)


def test_a_first_pass_is_recognised_with_what_carried_it() -> None:
    """Listening is further above its mark than the others above theirs."""
    mark = SCENARIOS["late-parcel"].pass_marks.active_listening
    assert (
        "This is your first pass: Dean left helped, and treated as a person, with active listening "
        f"at 50 where {mark:.0f} passes."
    ) == recognised(row(1), row(2, 45, 50, 40, passed=True))


def test_a_pass_without_hints_after_passes_with_them_is_recognised() -> None:
    """Once only: the next one is no news."""
    helped = row(1, passed=True, with_help=True)
    alone = row(2, passed=True)
    assert (
        "You passed with Dean without a single hint; your pass before it still took some."
    ) == recognised(helped, alone)
    assert recognised(helped, alone, row(3, passed=True)) is None
    assert recognised(helped, row(2, passed=True, with_help=True)) is None


def test_the_first_hidden_need_is_recognised_by_what_it_was() -> None:
    """In the second session; in a first one, or a second time, there is nothing to compare."""
    assert (
        "With Dean you found out for the first time what a customer was keeping back: He missed "
        "his son's last birthday, and this is the first one at his own flat."
    ) == recognised(row(1), row(2), s2=("last-year",))
    assert recognised(row(1), s1=("last-year",)) is None
    assert recognised(row(1), row(2), s1=("last-year",), s2=("last-year",)) is None


def test_a_dimension_clearly_above_the_earlier_mean_is_recognised() -> None:
    """Error sqrt(e2 + 3 e2 / 9) with e = 5 / 1.28: 4.51; times 1.83 that is 8.25 points."""
    before = [row(1, 30, 30, 20), row(2, 30, 30, 30), row(3, 30, 30, 40)]
    assert recognised(*before, row(4, 38, 38, 38)) is None
    assert (
        "Your individualized treatment came to 39 this time; in the 3 sessions before it was 30 on "
        "average, and that difference is more than chance."
    ) == recognised(*before, row(4, 38, 38, 39))
    assert recognised(*before[1:], row(4, 90, 90, 90)) is None


def test_values_of_another_scorer_are_not_compared() -> None:
    """What rises with a new scorer has not grown."""
    before = [row(n, scorer="older") for n in (1, 2, 3)]
    assert recognised(*before, row(4, 90, 90, 90)) is None


def test_a_retry_is_not_recognised() -> None:
    """Nor is nothing at all."""
    assert recognised(row(1), row(2, passed=True, retry_of="s1")) is None
    assert recognised() is None


def exported(**changes: Any) -> ExportRow:
    """A row of Ada's session on empathy."""
    values: dict[str, Any] = {
        "person": "tg:1",
        "name": "Ada",
        "session": "s1",
        "scenario": "late-parcel",
        "scenario_version": 1,
        "started": "2026-03-01T09:00:00+00:00",
        "ended": "2026-03-01T09:20:00.000+00:00",
        "outcome": "resolved",
        "passed": True,
        "passed_at_first": False,
        "retry_of": None,
        "scorer": "minilm 1",
        "hints": 2,
        "dimension": "empathy",
        "status": "scored",
        "reason": None,
        "score": 41.5,
        "low": 36.0,
        "high": 47.0,
        "grade": 60.0,
        "blind": False,
        "comment": "Warm, and “meant”.\nGood.",
        "graded": "2026-03-02T09:00:00+00:00",
        "graded_by": "Sol",
    }
    return ExportRow(**{**values, **changes})


def marks(scenario: str, version: int) -> PassMarks | None:
    """Known for one version of one scenario."""
    return MARKS if (scenario, version) == ("late-parcel", 1) else None


def as_read(*rows: ExportRow, team: str = "North") -> list[dict[str, str]]:
    """The file as a program reads it."""
    text = "".join(csv_lines(team, rows, marks)).encode().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_export_says_all_of_a_session_and_its_grade() -> None:
    """Every column, as documented; the file begins with the byte order mark."""
    (found,) = as_read(exported())
    assert {
        **dict.fromkeys(COLUMNS, ""),
        "team": "North",
        "name": "Ada",
        "person": "tg:1",
        "session": "s1",
        "scenario": "late-parcel",
        "scenario_version": "1",
        "started": "2026-03-01T09:00:00+00:00",
        "ended": "2026-03-01T09:20:00.000+00:00",
        "outcome": "resolved",
        "passed": "yes",
        "hints": "2",
        "dimension": "empathy",
        "status": "scored",
        "score": "41.5",
        "low": "36",
        "high": "47",
        "pass_mark": "40",
        "met": "yes",
        "scorer": "minilm 1",
        "grade": "60",
        "graded_by": "Sol",
        "graded": "2026-03-02T09:00:00+00:00",
        "blind": "no",
        "comment": "Warm, and “meant”.\nGood.",
        "practice_only": "no",
        "passed_at_first": "no",
    } == found
    assert BOM + ",".join(COLUMNS) + "\r\n" == next(csv_lines("North", [], marks))


def test_what_is_not_known_is_an_empty_cell() -> None:
    """No score: not met, and no number; a version that is gone: no pass mark."""
    (unscored, gone) = as_read(
        exported(score=None, low=None, high=None, status="unscored", reason="not_called_for"),
        exported(scenario_version=2),
    )
    assert ("", "40", "", "not_called_for") == (
        unscored["score"],
        unscored["pass_mark"],
        unscored["met"],
        unscored["reason"],
    )
    assert ("41.5", "", "") == (gone["score"], gone["pass_mark"], gone["met"])


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "\uff1d1+1",
        '=HYPERLINK("x")',
    ],
)
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    """A name, a comment, a grader and a team are all text with an apostrophe before it."""
    (found,) = as_read(exported(name=text, comment=text, graded_by=text), team=text)
    assert {"'" + text} == {found[c] for c in ("name", "comment", "graded_by", "team")}


def test_other_text_is_left_as_it_is() -> None:
    """Signs in the middle, commas and quotes are no formula."""
    (found,) = as_read(exported(name='O"Neil, A-B = C', comment="1 - 2"))
    assert ('O"Neil, A-B = C', "1 - 2") == (found["name"], found["comment"])


def test_10_000_sessions_do_not_fill_the_memory() -> None:
    """Less than a megabyte is held at any time, of a file of several."""

    def many() -> Iterator[ExportRow]:
        for number in range(30_000):
            yield exported(session=f"s{number}")

    tracemalloc.start()
    try:
        size = sum(len(line) for line in csv_lines("North", many(), marks))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 5_000_000
    assert peak < 1_000_000
