"""What is read at the end of a session, and of many."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from coachbot.bootstrap import library
from coachbot.customer.state import CustomerState
from coachbot.library import LoadedScenario
from coachbot.reporting.debrief import Debrief, debrief
from coachbot.reporting.moodchart import chart
from coachbot.reporting.progress import ProgressRow, development
from coachbot.reporting.tips import tip_for
from coachbot.scenario.models import SLOT, Outcome
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScore, DimensionScores
from coachbot.scoring.session_value import session_values
from coachbot.session import machine
from coachbot.session.models import Matched, SelfRating, Session
from tests.store.samples import a_score, new_session, turn_after

LIBRARY = library()
LOADED = LIBRARY.scenarios()
LATE_PARCEL = LIBRARY.scenario("late-parcel")
RATING = SelfRating(empathy=70, active_listening=55, individualized_treatment=20)


def scored(score: float, low: float, high: float) -> DimensionScore:
    """A score with its range."""
    return DimensionScore(status="scored", score=score, low=low, high=high)


UNSCORED = DimensionScore(status="unscored", reason="not_called_for")


def of(empathy: DimensionScore) -> DimensionScores:
    """A score on empathy and none on the others."""
    return DimensionScores(
        empathy=empathy, active_listening=UNSCORED, individualized_treatment=UNSCORED
    )


def session_of(loaded: LoadedScenario, turns: int, *, outcome: Outcome = "ended") -> Session:
    """A session in which the first reply did the first act and let the first need out."""
    scenario = loaded.scenario
    start = CustomerState.start(scenario)
    session = new_session().model_copy(update={"scenario": scenario.id, "opening_state": start})
    act, need = scenario.resolution.acts[0].id, scenario.needs[0].id
    state = start.model_copy(update={"acts_done": (act,), "needs_revealed": (need,)})
    for number in range(1, turns + 1):
        turn = turn_after(session)
        first = number == 1
        over = outcome if outcome != "ended" and number == turns else None
        changes = {
            "acts": (Matched(id=act, text="I'll do it.", similarity=0.9),) if first else (),
            "needs_revealed": (need,) if first else (),
            "over_promises": (),
            "facts": (),
            "state": state.model_copy(update={"mood": turn.mood_after, "outcome": over}),
        }
        session = machine.answer(session, turn.model_copy(update=changes))
    return machine.rate(machine.end(session), RATING)


def read(loaded: LoadedScenario, session: Session) -> Debrief:
    """The debrief of a session."""
    return debrief(session, loaded.scenario, loaded.temperament, LIBRARY.general())


def test_session_values() -> None:
    """The mean of the turns that call for it, with a range that shared errors keep wide."""
    turns = [
        a_score(1).model_copy(update={"dimensions": of(value)})
        for value in (scored(40, 30, 60), UNSCORED, scored(60, 40, 62))
    ]
    # Mean (40 + 60) / 2 = 50. The errors shrink by sqrt((1 + 1 * 0.3) / 2) = 0.80623.
    # Below: sqrt((10² + 20²) / 2) = 15.811, times 0.80623 = 12.748: 50 - 12.748 = 37.252.
    # Above: sqrt((20² + 2²) / 2) = 14.213, times 0.80623 = 11.459: 50 + 11.459 = 61.459.
    assert of(scored(50, 37.3, 61.5)) == session_values(turns)


def test_no_values() -> None:
    """Without turns nothing was called for."""
    assert of(UNSCORED) == session_values([])


def test_chart() -> None:
    """The mood at the start and after each reply, in rows of twenty points."""
    expected = [
        "glad  |  .   .   o   o",
        "      |  .   .   .   .",
        "      |  .   o   .   .",
        "      |  .   .   .   .",
        "angry |  o   .   .   .",
        "      +----------------",
        " reply   >   1   2   3",
        "  mood  10  50 100 100",
    ]
    assert expected == chart([10, 50, 100, 100])


def test_long_chart() -> None:
    """A session of thirty replies is drawn in two parts that fit 80 columns, none twice."""
    found = chart([float(number) for number in range(31)])

    assert 78 >= max(map(len, found))
    drawn = " ".join(line.removeprefix("  mood ") for line in found if line.startswith("  mood"))
    assert [str(number) for number in range(31)] == drawn.split()


def rows(*scores: DimensionScore, retry_of: str | None = None) -> list[ProgressRow]:
    """A session for each score on empathy."""
    return [
        ProgressRow(
            session=f"s{number}",
            scenario="late-parcel",
            started=f"2026-03-{number + 1:02}T09:00:00+00:00",
            outcome="ended",
            passed=False,
            with_help=retry_of is not None,
            values=of(score),
            scorer="minilm 1",
            retry_of=retry_of,
        )
        for number, score in enumerate(scores)
    ]


def around(score: float) -> DimensionScore:
    """A score whose 80 % interval is that of a standard error of 10."""
    return scored(score, score - 12.8, score + 12.8)


# Three sessions at each end: 1.96 * sqrt(6 * 10²) / 3 = 16.003 points may be chance.
@pytest.mark.parametrize(
    ("last", "clear", "says"),
    [
        (57, True, "Empathy: 57 in the last three sessions, up from 40."),
        (23, True, "Empathy: 23 in the last three sessions, down from 40."),
        (
            55,
            False,
            "Empathy: 55 in the last three sessions, 40 at the start: no clear change yet.",
        ),
    ],
)
def test_trend(last: float, clear: bool, says: str) -> None:
    """A change is called one only where it is larger than chance; further attempts don't count."""
    again = rows(around(85), retry_of="s5")
    found = development([*rows(*[around(40)] * 3, *[around(last)] * 3), *again])[-1]

    assert ("empathy", 6) == (found.dimension, found.sessions)
    assert (40, last, clear, says) == (found.first, found.last, found.clear, found.text)


def test_two_scorers_are_never_compared() -> None:
    """After a new version the trend begins anew, and its text says why."""
    older = [row.model_copy(update={"scorer": "minilm 0"}) for row in rows(*[around(20)] * 4)]
    found = development([*older, *rows(*[around(60)] * 2)])[-1]
    assert (2, None, 60, False) == (found.sessions, found.first, found.last, found.clear)
    assert "After 6 sessions by the new version of the scorer" in found.text

    found = development([*older, *rows(*[around(60)] * 6)])[-1]
    assert (60, 60, "unclear") == (found.first, found.last, found.direction)


def test_no_trend_yet() -> None:
    """Five sessions show no trend, and a dimension that was never called for stands before."""
    first, _, last = development(rows(*[around(40)] * 5))

    assert "not called for in any session yet" in first.text
    assert (None, 40, False) == (last.first, last.last, last.clear)
    assert "After 6 sessions" in last.text


def test_substance() -> None:
    """What was done and found stands with its reply and words, what was missed without."""
    scenario = LATE_PARCEL.scenario
    found = read(LATE_PARCEL, session_of(LATE_PARCEL, 3)).substance

    assert [("second-train", 1, "I'll do it.")] == [(i.id, i.turn, i.quote) for i in found.done]
    assert [a.what for a in scenario.resolution.acts[1:]] == [i.text for i in found.missed]
    assert [("last-year", 1)] == [(item.id, item.turn) for item in found.needs_found]
    assert [n.missed for n in scenario.needs[1:]] == [item.text for item in found.needs_missed]


def test_dimensions() -> None:
    """Each dimension stands beside its mark, the hire's own rating, and the words that did it."""
    session = session_of(LATE_PARCEL, 2)
    found = {r.dimension: r for r in read(LATE_PARCEL, session).dimensions}
    listening, individual = found["active_listening"], found["individualized_treatment"]

    # The samples' score of every reply: 0 and 61.7.
    marks = LATE_PARCEL.scenario.pass_marks
    assert (0.0, marks.active_listening, False) == (
        listening.value.score,
        listening.pass_mark,
        listening.met,
    )
    assert (61.7, marks.individualized_treatment, True) == (
        individual.value.score,
        individual.pass_mark,
        individual.met,
    )
    assert (55, 20) == (listening.self_rating, individual.self_rating)
    assert listening.worst is not None
    assert (1, "parcel", True) == (
        listening.worst.turn,
        listening.worst.text,
        listening.worst.of_customer,
    )
    assert individual.best is not None
    assert (1, "Reply …", False) == (
        individual.best.turn,
        individual.best.text,
        individual.best.of_customer,
    )
    assert (None, None) == (listening.best, individual.worst)


def test_tip_is_for_the_weakest() -> None:
    """The one tip is for what is furthest below its mark."""
    found = read(LATE_PARCEL, session_of(LATE_PARCEL, 2))
    assert (["active_listening"], 1) == ([t.dimension for t in found.tips], found.weakest_turn)


def test_tip_leaves_the_words_alone_that_helped_most() -> None:
    """The samples' replies score alike; the first is praised, so the tip is for another."""
    tips = [
        tip_for(session_of(LATE_PARCEL, turns), LATE_PARCEL.scenario, "individualized_treatment")
        for turns in (1, 3)
    ]
    assert [1, 2] == [tip.turn for tip in tips if tip]


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("turns", [1, 2, 4])
@pytest.mark.parametrize("loaded", LOADED, ids=lambda one: one.scenario.id)
def test_tip_knows_no_more_than_was_told(
    loaded: LoadedScenario, turns: int, dimension: Dimension
) -> None:
    """An example uses no fact that this customer had not told, though all they had."""
    scenario = loaded.scenario
    tip = tip_for(session_of(loaded, turns), scenario, dimension)
    assert tip is not None
    told = {fact.id for fact in scenario.facts if fact.in_opening}
    values = {fact.id: fact.value or fact.about for fact in scenario.facts}
    used = [
        set(SLOT.findall(good))
        for moment in scenario.moments
        for good in moment.good
        if SLOT.sub(lambda slot: values[slot.group(1)], good) == tip.example
    ]

    assert used
    assert used[0] <= told
    assert tip.tip.strip()
    assert "{" not in tip.example + tip.tip


@pytest.mark.parametrize("outcome", get_args(Outcome))
@pytest.mark.parametrize("loaded", LOADED, ids=lambda one: one.scenario.id)
def test_story(loaded: LoadedScenario, outcome: Outcome) -> None:
    """The story names what was done and what was missed, and ends as the session did."""
    scenario = loaded.scenario
    story = read(loaded, session_of(loaded, 2, outcome=outcome)).story
    told = scenario.story

    assert not re.search(r"[{}]", story)
    assert getattr(told.end, outcome) in story
    for number, act in enumerate(scenario.resolution.acts):
        if act.id in told.acts:
            one = told.acts[act.id]
            right, wrong = (one.missed, one.done) if number else (one.done, one.missed)
            assert (True, False) == (right in story, wrong in story)
    for number, need in enumerate(scenario.needs):
        if need.id in told.needs:
            one = told.needs[need.id]
            right, wrong = (one.missed, one.done) if number else (one.done, one.missed)
            assert (True, False) == (right in story, wrong in story)


@pytest.mark.parametrize("loaded", LOADED, ids=lambda one: one.scenario.id)
def test_without_turns(loaded: LoadedScenario) -> None:
    """Who leaves before the first reply reads a debrief that blames nobody and tips nothing."""
    found = read(loaded, session_of(loaded, 0))

    assert ("ended", False, None) == (found.outcome, found.passed, found.opening)
    assert ((), None) == (found.tips, found.weakest_turn)
    assert [UNSCORED] * 3 == [result.value for result in found.dimensions]
    assert (loaded.scenario.mood,) == found.mood
    assert found.why
    assert loaded.scenario.story.end.ended in found.story
    assert not re.search(r"[{}]", found.story)


def test_not_over() -> None:
    """There is no debrief before the end."""
    with pytest.raises(ValueError, match="not over"):
        read(LATE_PARCEL, new_session())
