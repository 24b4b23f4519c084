"""Which session follows which."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coachbot.errors import UsageError
from coachbot.session import machine
from coachbot.session.models import SelfRating, Session
from tests.store.samples import new_session, turn_after

RATING = SelfRating(empathy=70, active_listening=50, individualized_treatment=0)


def answered(session: Session, turns: int = 1) -> Session:
    """The session so many turns later."""
    for _ in range(turns):
        turn = turn_after(session)
        session = machine.answer(machine.receive(session, turn.agent), turn)
    return session


def test_from_briefing_to_debrief() -> None:
    """Briefing, conversation, self-rating, debrief, in this order."""
    briefing = new_session().model_copy(update={"phase": "briefing"})
    begun = machine.begin(briefing)
    over = machine.end(answered(begun))
    rated = machine.rate(over, RATING)
    phases = [session.phase for session in (briefing, begun, over, rated)]
    assert ["briefing", "conversation", "self_rating", "debrief"] == phases
    assert RATING == rated.self_rating
    assert "ended" == rated.outcome


def test_begin_again() -> None:
    """To begin a session that has begun changes nothing."""
    session = answered(new_session())
    assert session == machine.begin(session)


def test_a_reply_waits_until_it_is_answered() -> None:
    """A reply is kept as soon as it was sent, and no longer once it is in its turn."""
    sent = machine.receive(new_session(), "Hello")
    assert "Hello" == sent.pending
    assert () == sent.turns
    turn = turn_after(sent)
    after = machine.answer(sent, turn)
    assert after.pending is None
    assert (turn,) == after.turns
    assert turn.state == after.state
    assert turn.answer == after.waiting


def test_the_opening_waits_first() -> None:
    """Before the first reply it is the opening that waits for one."""
    session = new_session()
    assert session.opening == session.waiting
    assert session.opening_state == session.state


def test_the_customer_ends_it() -> None:
    """A turn with an outcome ends the conversation."""
    turn = turn_after(new_session())
    state = turn.state.model_copy(update={"outcome": "left"})
    over = machine.answer(new_session(), turn.model_copy(update={"state": state}))
    assert ("self_rating", "left") == (over.phase, over.outcome)
    assert over.over


def test_a_turn_in_between_is_refused() -> None:
    """A turn that does not follow the last one belongs to another state of the session."""
    session = answered(new_session(), 2)
    with pytest.raises(UsageError, match="Turn 2 can't follow turn 2"):
        machine.answer(session, session.turns[1])


def test_the_end_drops_what_was_pending() -> None:
    """Who ends a session with a reply unanswered, ends it without that reply."""
    over = machine.end(machine.receive(new_session(), "Wait"))
    assert over.pending is None
    assert "ended" == over.outcome


def test_the_end_comes_once() -> None:
    """To end what is over changes nothing, least of all how it ended."""
    over = machine.end(answered(new_session()))
    rated = machine.rate(over, None)
    assert over == machine.end(over)
    assert rated == machine.end(rated)


@pytest.mark.parametrize(
    "step",
    [
        lambda session: machine.receive(session, "Hello"),
        lambda session: machine.answer(session, turn_after(session)),
        machine.take_hint,
    ],
    ids=["receive", "answer", "hint"],
)
@pytest.mark.parametrize(
    ("phase", "message"),
    [("briefing", "not begun"), ("self_rating", "is over"), ("debrief", "is over")],
)
def test_only_in_conversation(step: Callable[[Session], Session], phase: str, message: str) -> None:
    """Replies and hints belong to the conversation."""
    session = new_session().model_copy(update={"phase": phase})
    with pytest.raises(UsageError, match=message):
        step(session)


def test_rating_comes_after_the_conversation() -> None:
    """Nobody rates what is still going on."""
    with pytest.raises(UsageError, match="once the conversation is over"):
        machine.rate(new_session(), RATING)


def test_a_hint_counts_once_a_turn() -> None:
    """Two hints before one reply are noted as one, and make it a pass with help."""
    session = machine.take_hint(machine.take_hint(new_session()))
    later = machine.take_hint(answered(session, 2))
    assert (1,) == session.hints
    assert (1, 3) == later.hints
    assert later.with_help
    assert not new_session().with_help


def test_a_retry_branches() -> None:
    """A second attempt has the turns before it, and nothing of what came after."""
    first = machine.rate(machine.end(machine.take_hint(answered(new_session(), 3))), RATING)
    first = first.model_copy(update={"passed": False})
    again = machine.branch(first, 3, new_id="second", started="2026-03-02T09:00:00+00:00")
    assert first.turns[:2] == again.turns
    assert first.turns[1].answer == again.waiting
    assert ("second", "first", 3) == (again.id, again.retry_of, again.branched_at)
    assert ("conversation", None, None, None) == (
        again.phase,
        again.outcome,
        again.self_rating,
        again.passed,
    )
    assert () == again.hints
    assert again.with_help
    assert "2026-03-02T09:00:00+00:00" == again.started


def test_a_retry_from_the_first_turn() -> None:
    """A second attempt from the first turn begins with the opening."""
    first = machine.end(answered(new_session(), 2))
    again = machine.branch(first, 1, new_id="second", started=first.started)
    assert () == again.turns
    assert first.opening == again.waiting
    assert first.opening_state == again.state


def test_a_retry_keeps_earlier_hints() -> None:
    """A hint before the branch helped the second attempt, too."""
    session = answered(machine.take_hint(new_session()))
    session = answered(machine.take_hint(session), 2)
    again = machine.branch(machine.end(session), 2, new_id="second", started=session.started)
    assert (1,) == again.hints


@pytest.mark.parametrize("turn", [0, 3, -1])
def test_no_such_turn(turn: int) -> None:
    """Only a turn that was played can be tried again."""
    first = machine.end(answered(new_session(), 2))
    with pytest.raises(UsageError, match="turns 1 to 2"):
        machine.branch(first, turn, new_id="second", started=first.started)


def test_a_session_without_turns_has_none_to_retry() -> None:
    """A session that was ended at once says that there is nothing to try again."""
    first = machine.end(new_session())
    with pytest.raises(UsageError, match="no turn 1"):
        machine.branch(first, 1, new_id="second", started=first.started)
