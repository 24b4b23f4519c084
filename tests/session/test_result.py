"""What a session is worth, and what makes it a pass."""

from __future__ import annotations

import pytest

from coachbot.scenario.models import Outcome, PassMarks, Scenario
from coachbot.scoring.interface import DIMENSIONS, DimensionScore, ReplyScore
from coachbot.scoring.session_value import session_values
from coachbot.session import machine
from coachbot.session.models import Session
from coachbot.session.result import passed
from tests.customer.made import score, unscored
from tests.session.made import begun, gone_on


def with_empathy(points: float, low: float, high: float) -> ReplyScore:
    """A score in which only empathy matters."""
    found = score()
    assert found.dimensions is not None
    empathy = DimensionScore(status="scored", score=points, low=low, high=high)
    return found.model_copy(
        update={"dimensions": found.dimensions.model_copy(update={"empathy": empathy})}
    )


def test_one_turn_is_its_own_value() -> None:
    """A session of one reply has that reply's score and range."""
    expected = with_empathy(60, 41.5, 72)
    assert expected.dimensions == session_values([expected])


def test_the_range_stays_on_the_scale() -> None:
    """Nothing is below 0 or above 100."""
    values = session_values([with_empathy(2, 0, 60), with_empathy(0, 0, 90)])
    assert (0.0, 1.0) == (values.empathy.low, values.empathy.score)
    values = session_values([with_empathy(99, 20, 100), with_empathy(100, 20, 100)])
    assert 100.0 >= (values.empathy.high or 0)


def test_turns_that_call_for_nothing_do_not_count() -> None:
    """A reply that was not scored, or not called for, neither helps nor hurts."""
    expected = session_values([with_empathy(60, 50, 70)])
    assert expected == session_values([with_empathy(60, 50, 70), unscored("not_text")])


def test_nothing_was_called_for() -> None:
    """Turns that could not be scored give a session no value."""
    values = session_values([unscored("too_short")])
    assert ["not_called_for"] * 3 == [values[dimension].reason for dimension in DIMENSIONS]


def ended(scenario: Scenario, outcome: Outcome, worth: ReplyScore) -> Session:
    """A session of one turn that ended so."""
    session = gone_on(begun(scenario), worth=worth, outcome=outcome)
    return machine.rate(session, None)


@pytest.fixture
def card(parcel: Scenario) -> Scenario:
    """A scenario with pass marks of its own."""
    marks = PassMarks(empathy=60, active_listening=50, individualized_treatment=40)
    return parcel.model_copy(update={"pass_marks": marks})


@pytest.mark.parametrize(
    ("worth", "expected"),
    [
        ((60, 50, 40), True),
        ((59.9, 90, 90), False),
        ((90, 49.9, 90), False),
        ((90, 90, 39.9), False),
    ],
)
def test_each_mark_has_to_be_met(
    worth: tuple[float, float, float], expected: bool, card: Scenario
) -> None:
    """A pass is a resolved session with every dimension at its mark or above."""
    assert expected is passed(ended(card, "resolved", score(*worth)), card)


@pytest.mark.parametrize("outcome", ["resolved_coldly", "left", "gave_up", "out_of_turns"])
def test_only_resolved_is_a_pass(outcome: Outcome, card: Scenario) -> None:
    """The best scores are no pass where the customer did not go away content."""
    assert not passed(ended(card, outcome, score(99, 99, 99)), card)


def test_what_was_not_called_for_is_no_hurdle(card: Scenario) -> None:
    """A dimension without a value can't keep anybody from passing."""
    worth = score(70, 70, 70)
    assert worth.dimensions is not None
    nothing = DimensionScore(status="unscored", reason="not_called_for")
    worth = worth.model_copy(
        update={"dimensions": worth.dimensions.model_copy(update={"empathy": nothing})}
    )
    assert passed(ended(card, "resolved", worth), card)


@pytest.mark.parametrize(
    ("promised", "expected"), [((), True), (("0",), True), (("0", "1"), False), (("0", "0"), False)]
)
def test_two_promises_that_cannot_be_kept_are_no_pass(
    promised: tuple[str, ...], expected: bool, card: Scenario
) -> None:
    """One can slip out; who promises two, or the same again, lets the customer down."""
    session = ended(card, "resolved", score(90, 90, 90))
    last = session.turns[-1]
    state = last.state.model_copy(update={"over_promised": promised})
    turns = (*session.turns[:-1], last.model_copy(update={"state": state}))
    assert expected is passed(session.model_copy(update={"turns": turns}), card)
