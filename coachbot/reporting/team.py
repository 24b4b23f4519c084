"""How a team is doing, what somebody is to practise next, and what to recognise after a session."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import get_args

from coachbot.coaching.assigning import Assignment, Played, standing
from coachbot.customer.state import Frozen
from coachbot.reporting.change import SPAN, Direction, Measured
from coachbot.reporting.debrief import NAMES
from coachbot.reporting.progress import ProgressRow, development
from coachbot.scenario.models import Difficulty, PassMarks, Scenario
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScore, DimensionScores

RECENT_DAYS = 30

SMALLEST_TEAM = 5
"""People who must have been scored before a mean is shown; fewer could be told apart in it."""

PASSES_A_STEP = 2
"""Scenarios to pass before a harder kind is recommended."""

LATELY = 2
"""The scenarios played last, which are not recommended again while there are others."""

EARLIER = 3
"""Sessions that a mean needs before something can be clearly above it."""

CLEARLY = 1.83
"""Standard errors that a value must be above the earlier mean: one chance in ten, shared by the
three dimensions that are looked at after every session (a normal's quantile at 1 - 0.1 / 3)."""


class Practised(Frozen):
    """A trainee, as the store knows them.

    ``sessions`` and ``recent``: finished first attempts, in all and lately. ``last_practised``:
    when the newest session with a reply began (UTC, ISO 8601), finished or not. ``rows``: finished
    first attempts, oldest first; of many, at least those that trends and the latest values need
    (the last session, on each dimension the last three with a score, and of those that the same
    scorer gave as in the last session the first three and the last six).
    """

    person: str
    name: str
    sessions: int
    recent: int
    last_practised: str | None
    open_disputes: int
    rows: tuple[ProgressRow, ...]


class Skill(Frozen):
    """A dimension lately: the mean of up to three sessions and of their pass marks, 0 to 100.

    ``sessions``: of how many it is the mean.
    """

    dimension: Dimension
    level: float
    mark: float
    sessions: int


class SkillTrend(Frozen):
    """Where a dimension is going; ``level`` is the mean lately, None where it was never scored."""

    dimension: Dimension
    direction: Direction
    level: float | None
    text: str


class TeamPerson(Frozen):
    """One line of a team's view. ``latest`` are the values of ``latest_session``."""

    person: str
    name: str
    sessions: int
    recent: int
    last_practised: str | None
    latest_session: str | None
    latest: DimensionScores | None
    trends: tuple[SkillTrend, ...]
    weakest: Skill | None
    open_disputes: int
    overdue: int


class TeamOverview(Frozen):
    """A team. ``means``: of the people's levels lately; where None, ``no_means`` says why.

    ``practice_only``: dimensions of the latest scores that people's grades agree too little with.
    """

    team: str
    people: tuple[TeamPerson, ...]
    means: dict[Dimension, float] | None
    no_means: str | None
    practice_only: tuple[Dimension, ...] = ()


class Recommendation(Frozen):
    """What to practise next, for which skill (None before there are scores), and why."""

    scenario: str
    title: str
    dimension: Dimension | None
    why: str


def recent_since(now: str) -> str:
    """From when on sessions are recent: 30 days before ``now``, both UTC in ISO 8601."""
    moment = datetime.fromisoformat(now).astimezone(UTC) - timedelta(days=RECENT_DAYS)
    return moment.isoformat(timespec="seconds")


def team_overview(
    team: str,
    people: Sequence[Practised],
    assigned: Sequence[tuple[Assignment, str, Sequence[Played]]],
    *,
    now: str,
    pass_marks: Mapping[str, PassMarks],
    zone: tzinfo = UTC,
    practice_only: Callable[[str], Collection[Dimension]] | None = None,
) -> TeamOverview:
    """The view of a team at a moment.

    ``assigned``: the team's assignments, each person they are for, and that person's sessions of
    it. ``pass_marks``: of each scenario, as sessions name it. ``zone``: as in ``Assigning``.
    ``practice_only``: the dimensions of a scorer that are to be marked so.
    """
    today = datetime.fromisoformat(now).astimezone(zone).date()
    late = [
        person
        for assignment, person, sessions in assigned
        if standing(assignment, sessions, today=today, zone=zone).status == "overdue"
    ]
    lines = tuple(_line(one, late.count(one.person), pass_marks) for one in people)
    means = _means(lines)
    scorers = {one.rows[-1].scorer for one in people if one.rows} if practice_only else set()
    marked = {d for scorer in scorers if practice_only for d in practice_only(scorer)}
    return TeamOverview(
        team=team,
        people=lines,
        means=means,
        no_means=None if means else _no_means(lines),
        practice_only=tuple(d for d in DIMENSIONS if d in marked),
    )


def weakest_skill(rows: Sequence[ProgressRow], pass_marks: Mapping[str, PassMarks]) -> Skill | None:
    """The dimension furthest below (or least above) its pass marks; None before there are scores.

    ``rows``: oldest first. Over the last three first attempts in which the dimension was scored,
    since what one did long ago says little about what to practise now.
    """
    skills = [skill for d in DIMENSIONS if (skill := _skill(rows, d, pass_marks))]
    return min(skills, key=lambda skill: skill.level - skill.mark, default=None)


def recommended(
    rows: Sequence[ProgressRow], scenarios: Sequence[Scenario]
) -> Recommendation | None:
    """What to practise next; None where there are no scenarios. ``rows``: oldest first.

    What was not passed yet comes before what was, and what was not played lately before what was;
    then what is nearest to the difficulty that the passes have earned (a step for every two
    scenarios passed); then where the weakest skill counts most. A customer whom a skill only
    annoys is not there to practise it.
    """
    weakest = weakest_skill(rows, {s.id: s.pass_marks for s in scenarios})
    passed = {row.scenario for row in rows if row.passed and row.retry_of is None}
    order = list(dict.fromkeys(row.scenario for row in reversed(rows)))
    dimension = weakest.dimension if weakest else None
    best = next_scenario(scenarios, weakest=dimension, passed=passed, order=order)
    if best is None:
        return None
    return Recommendation(
        scenario=best.id,
        title=best.title,
        dimension=dimension,
        why=_why(best, weakest, played=best.id in order, passed=best.id in passed),
    )


def next_scenario(
    scenarios: Sequence[Scenario],
    *,
    weakest: Dimension | None,
    passed: Collection[str],
    order: Sequence[str],
) -> Scenario | None:
    """The scenario that :func:`recommended` recommends.

    ``passed``: ids of those that were passed; ``order``: of those that were played, the last first.
    """
    aim = min(len(passed) // PASSES_A_STEP, len(get_args(Difficulty)) - 1)

    def rank(one: Scenario) -> tuple[bool, bool, int, int, float, int, str]:
        step = get_args(Difficulty).index(one.difficulty)
        return (
            one.id in passed,
            one.id in order[:LATELY],
            abs(step - aim),
            step,
            -_counts(one, weakest) if weakest else 0.0,
            -order.index(one.id) if one.id in order else -len(order),
            one.id,
        )

    fitting = [s for s in scenarios if weakest is None or _counts(s, weakest) > 0]
    return min(fitting or scenarios, key=rank, default=None)


def recognition(
    rows: Sequence[ProgressRow],
    *,
    scenarios: Mapping[str, Scenario],
    needs: Mapping[str, Sequence[str]],
) -> str | None:
    """One sentence on what grew with the last session; None where nothing clearly did.

    ``rows``: finished sessions, oldest first. ``scenarios``: as sessions name them. ``needs``: for
    each session the hidden needs found in it. In this order: the first pass; a pass without hints
    after passes that all took some; the first hidden need; a dimension clearly above the person's
    own earlier mean (same scorer, at least three sessions). A retry is never recognised.
    """
    if not rows or rows[-1].retry_of is not None:
        return None
    *earlier, last = [row for row in rows if row.retry_of is None]
    scenario = scenarios.get(last.scenario)
    passes = [row for row in earlier if row.passed]
    if last.passed and not passes:
        return _first_pass(last, scenario)
    if last.passed and not last.with_help and all(row.with_help for row in passes):
        whom = f"with {scenario.persona.name} " if scenario else ""
        before = "your pass before it" if len(passes) == 1 else f"your {len(passes)} passes before"
        return f"You passed {whom}without a single hint; {before} still took some."
    if earlier and needs.get(last.session) and not any(needs.get(row.session) for row in earlier):
        return _first_need(needs[last.session][0], scenario)
    return _clearly_above(earlier, last)


def _line(one: Practised, overdue: int, pass_marks: Mapping[str, PassMarks]) -> TeamPerson:
    last = one.rows[-1] if one.rows else None
    trends = {trend.dimension: trend for trend in development(one.rows)}
    return TeamPerson(
        person=one.person,
        name=one.name,
        sessions=one.sessions,
        recent=one.recent,
        last_practised=one.last_practised,
        latest_session=last.session if last else None,
        latest=last.values if last else None,
        trends=tuple(
            SkillTrend(dimension=d, direction=found.direction, level=found.last, text=found.text)
            for d in DIMENSIONS
            for found in [trends[d]]
        ),
        weakest=weakest_skill(one.rows, pass_marks),
        open_disputes=one.open_disputes,
        overdue=overdue,
    )


def team_means(people: Sequence[Practised]) -> dict[Dimension, float] | None:
    """The mean of the people's levels lately, 0 to 100, on each dimension.

    A dimension on which fewer than ``SMALLEST_TEAM`` people were scored is left out; None where
    all are.
    """
    return _means([_line(one, 0, {}) for one in people])


def _means(people: Sequence[TeamPerson]) -> dict[Dimension, float] | None:
    means: dict[Dimension, float] = {}
    for position, dimension in enumerate(DIMENSIONS):
        levels = [
            level for one in people for level in [one.trends[position].level] if level is not None
        ]
        if len(levels) >= SMALLEST_TEAM:
            means[dimension] = round(sum(levels) / len(levels), 1)
    return means or None


def _no_means(people: Sequence[TeamPerson]) -> str:
    practised = sum(one.latest is not None for one in people)
    have = {0: "nobody has", 1: "one has"}.get(practised, f"{practised} have")
    return (
        f"Team averages show once {SMALLEST_TEAM} people have practised and been scored; so far "
        f"{have}. From fewer, one could work out whose scores they are."
    )


def _skill(
    rows: Sequence[ProgressRow], dimension: Dimension, pass_marks: Mapping[str, PassMarks]
) -> Skill | None:
    scored = [
        (score, getattr(pass_marks.get(row.scenario, PassMarks()), dimension))
        for row in rows
        if row.retry_of is None
        for score in [row.values[dimension].score]
        if score is not None
    ][-SPAN:]
    if not scored:
        return None
    return Skill(
        dimension=dimension,
        level=sum(score for score, _ in scored) / len(scored),
        mark=sum(mark for _, mark in scored) / len(scored),
        sessions=len(scored),
    )


def _counts(scenario: Scenario, dimension: Dimension) -> float:
    """How much the dimension counts with this customer, -1 to 2."""
    weight: float = getattr(scenario.persona.values, dimension)
    return weight


def _over(sessions: int) -> str:
    """Of how many sessions something is the mean."""
    if sessions == 1:
        return "in your last session"
    return f"over your last {'two' if sessions == 2 else 'three'} sessions"


def _why(scenario: Scenario, weakest: Skill | None, *, played: bool, passed: bool) -> str:
    title = f"“{scenario.title}”"
    if weakest is None:
        return (
            f"{title} is {_a(scenario.difficulty)} one to begin with; its scores will show which "
            "skill to practise first."
        )
    name = NAMES[weakest.dimension]
    if weakest.level < weakest.mark:
        short = f"short of the {weakest.mark:.0f} that passes"
        if round(weakest.level) >= round(weakest.mark):
            short = f"just short of the {weakest.mark:.1f} that passes"
    else:
        short = "at its pass mark, but of your three skills the one closest to it"
    level = f"Your {name} was at {weakest.level:.0f} {_over(weakest.sessions)}, {short}"
    if passed:
        reason = (
            f"you have passed with every customer who calls for it, and {title} is worth another "
            "conversation"
        )
    elif played:
        reason = f"{title} is {_a(scenario.difficulty)} one that you have not passed yet"
    else:
        reason = f"{title} is {_a(scenario.difficulty)} one that you have not tried"
    others = [_counts(scenario, d) for d in DIMENSIONS if d != weakest.dimension]
    if _counts(scenario, weakest.dimension) > max(others):
        reason += f", and of the three skills it counts most with {scenario.persona.name}"
    return f"{level}: {reason}."


def _a(difficulty: Difficulty) -> str:
    return f"an {difficulty}" if difficulty == "easy" else f"a {difficulty}"


def _first_pass(last: ProgressRow, scenario: Scenario | None) -> str:
    text = "This is your first pass"
    if scenario:
        text += f": {scenario.persona.name} left helped, and treated as a person"
        above = {
            d: score - getattr(scenario.pass_marks, d)
            for d in DIMENSIONS
            for score in [last.values[d].score]
            if score is not None
        }
        if above:
            best = max(above, key=lambda d: above[d])
            mark = getattr(scenario.pass_marks, best)
            text += f", with {NAMES[best]} at {last.values[best].score:.0f} where {mark:.0f} passes"
    return f"{text}."


def _first_need(need: str, scenario: Scenario | None) -> str:
    known = next((n for n in scenario.needs if n.id == need), None) if scenario else None
    if scenario is None or known is None:
        return "For the first time you found out what a customer was keeping back."
    first_sentence = known.what.strip().split(". ")[0].rstrip(".")
    return (
        f"With {scenario.persona.name} you found out for the first time what a customer was "
        f"keeping back: {first_sentence}."
    )


def _clearly_above(earlier: Sequence[ProgressRow], last: ProgressRow) -> str | None:
    found: list[tuple[float, str]] = []
    for dimension in DIMENSIONS:
        value = last.values[dimension]
        before = [
            row.values[dimension]
            for row in earlier
            if row.scorer == last.scorer and row.values[dimension].score is not None
        ]
        if value.score is None or len(before) < EARLIER:
            continue
        mean = sum(one.score or 0.0 for one in before) / len(before)
        error = math.sqrt(
            _error(value) ** 2 + sum(_error(one) ** 2 for one in before) / len(before) ** 2
        )
        if value.score - mean > CLEARLY * error:
            text = (
                f"Your {NAMES[dimension]} came to {value.score:.0f} this time; in the "
                f"{len(before)} sessions before it was {mean:.0f} on average, and that difference "
                "is more than chance."
            )
            found.append(((value.score - mean) / max(error, 1e-9), text))
    return max(found)[1] if found else None


def _error(value: DimensionScore) -> float:
    """The standard error, in points."""
    return Measured.of(value.score or 0.0, value.low, value.high).error
