"""Which session follows which, and which moves are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coachbot.errors import UsageError
from coachbot.session import machine
from coachbot.session.models import SelfRating, Session, Turn
from tests.store.samples import gone_on, new_session, turn_after

TALKING = new_session()
BRIEFED = TALKING.model_copy(update={"phase": "briefing"})
OVER = machine.end(gone_on(TALKING, 3))
RATING = SelfRating(empathy=70, active_listening=55.5, individualized_treatment=0)


def parting(session: Session) -> Turn:
    """A turn after which the customer has left."""
    turn = turn_after(session)
    return turn.model_copy(update={"state": turn.state.model_copy(update={"outcome": "left"})})


def test_begin() -> None:
    """Who has read the brief is in the conversation; to begin twice changes nothing."""
    begun = machine.begin(BRIEFED)

    assert "conversation" == begun.phase
    assert begun is machine.begin(begun)
    assert OVER is machine.begin(OVER)


def test_receive() -> None:
    """A reply that was sent waits, and is no turn yet."""
    session = machine.receive(TALKING, "I'm sorry.")
    assert ("I'm sorry.", (), "conversation") == (session.pending, session.turns, session.phase)


def test_answer() -> None:
    """An answered reply is a turn and waits no longer; the customer's answer is what waits."""
    turn = turn_after(TALKING)
    session = machine.answer(machine.receive(TALKING, turn.agent), turn)

    assert ((turn,), None, None) == (session.turns, session.pending, session.outcome)
    assert (turn.answer, turn.state) == (session.waiting, session.state)
    assert ("conversation", False) == (session.phase, session.over)


def test_answer_that_ends() -> None:
    """A customer who leaves ends the conversation with their outcome."""
    session = machine.answer(TALKING, parting(TALKING))
    assert ("left", "self_rating", True) == (session.outcome, session.phase, session.over)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_answer_out_of_order(number: int) -> None:
    """A turn that doesn't follow the last one is refused: somebody else went on meanwhile."""
    session = gone_on(TALKING, 2)
    turn = turn_after(session).model_copy(update={"number": number})

    with pytest.raises(UsageError, match=f"Turn {number} can't follow turn 2"):
        machine.answer(session, turn)


def test_hints() -> None:
    """A hint counts for the coming reply, once however often it is read, and is help."""
    once = machine.take_hint(gone_on(TALKING, 1))
    later = machine.take_hint(gone_on(machine.take_hint(once), 1))

    assert ((2,), (2, 3)) == (once.hints, later.hints)
    assert (False, True) == (TALKING.with_help, once.with_help)


def test_end() -> None:
    """To end it drops what was not answered; what is over keeps its outcome."""
    session = machine.end(machine.receive(TALKING, "I'm sorry."))
    left = machine.answer(TALKING, parting(TALKING))

    assert ("ended", None, "self_rating") == (session.outcome, session.pending, session.phase)
    assert left is machine.end(left)


@pytest.mark.parametrize("rating", [RATING, None])
def test_rate(rating: SelfRating | None) -> None:
    """Rated or skipped, the debrief comes next."""
    session = machine.rate(OVER, rating)
    assert ("debrief", rating) == (session.phase, session.self_rating)


def test_branch() -> None:
    """A second attempt has the turns before, is open again, and knows where it comes from."""
    first = machine.rate(machine.end(machine.take_hint(gone_on(TALKING, 3))), RATING)
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
    assert ((), True) == (again.hints, again.with_help)
    assert ("debrief", 3, (4,)) == (first.phase, len(first.turns), first.hints)


def test_branch_at_the_start() -> None:
    """From the first turn the customer's opening is answered anew."""
    again = machine.branch(OVER, 1, new_id="second", started=OVER.started)
    assert ((), OVER.opening, OVER.opening_state) == (again.turns, again.waiting, again.state)


@pytest.mark.parametrize("turn", [-1, 0, 4])
def test_branch_nowhere(turn: int) -> None:
    """A turn that the session doesn't have can't be tried again."""
    with pytest.raises(UsageError, match=f"There is no turn {turn} .* turns 1 to 3"):
        machine.branch(OVER, turn, new_id="second", started=OVER.started)


MOVES: dict[str, Callable[[Session], Session]] = {
    "receive": lambda session: machine.receive(session, "Hello?"),
    "answer": lambda session: machine.answer(session, turn_after(session)),
    "hint": machine.take_hint,
}


@pytest.mark.parametrize(
    ("session", "said"),
    [(BRIEFED, "not begun yet"), (OVER, "is over"), (machine.rate(OVER, None), "is over")],
    ids=["briefing", "self-rating", "debrief"],
)
@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_only_in_conversation(
    move: Callable[[Session], Session], session: Session, said: str
) -> None:
    """Before and after the conversation nothing can be said, and the error says which."""
    with pytest.raises(UsageError, match=said):
        move(session)


@pytest.mark.parametrize("session", [BRIEFED, TALKING], ids=["briefing", "conversation"])
def test_rate_too_early(session: Session) -> None:
    """Nobody rates themself before it is over."""
    with pytest.raises(UsageError, match="once the conversation is over"):
        machine.rate(session, RATING)


def test_branch_keeps_earlier_hints() -> None:
    """A hint before the branch helped the second attempt, too."""
    session = gone_on(machine.take_hint(gone_on(machine.take_hint(TALKING), 1)), 2)
    again = machine.branch(machine.end(session), 2, new_id="second", started=session.started)
    assert ((1, 2), (1,)) == (session.hints, again.hints)


def test_branch_without_turns() -> None:
    """A session that was ended at once says that there is nothing to try again."""
    with pytest.raises(UsageError, match="no turn 1"):
        machine.branch(machine.end(TALKING), 1, new_id="second", started=TALKING.started)
