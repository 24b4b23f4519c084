"""Which session follows which: briefing, conversation, self-rating, debrief, retry from a turn."""

from __future__ import annotations

from coachbot.errors import UsageError
from coachbot.session.models import SelfRating, Session, Turn


def begin(session: Session) -> Session:
    """The hire has read the brief."""
    if session.phase != "briefing":
        return session
    return session.model_copy(update={"phase": "conversation"})


def receive(session: Session, reply: str) -> Session:
    """The hire sent a reply; it is kept before anything is made of it."""
    _in_conversation(session)
    return session.model_copy(update={"pending": reply})


def answer(session: Session, turn: Turn) -> Session:
    """The reply has been scored and answered."""
    _in_conversation(session)
    if turn.number != len(session.turns) + 1:
        raise UsageError(
            f"Turn {turn.number} can't follow turn {len(session.turns)}: somebody else went on "
            "with this session. Open it again to see where it stands."
        )
    outcome = turn.state.outcome
    return session.model_copy(
        update={
            "turns": (*session.turns, turn),
            "pending": None,
            "outcome": outcome,
            "phase": "self_rating" if outcome else "conversation",
        }
    )


def take_hint(session: Session) -> Session:
    """A hint was read for the coming reply."""
    _in_conversation(session)
    turn = len(session.turns) + 1
    return session.model_copy(update={"hints": tuple(dict.fromkeys((*session.hints, turn)))})


def end(session: Session) -> Session:
    """The hire ended it."""
    if session.over:
        return session
    return session.model_copy(update={"phase": "self_rating", "outcome": "ended", "pending": None})


def rate(session: Session, rating: SelfRating | None) -> Session:
    """The hire rated themself, or skipped it (None)."""
    if not session.over:
        raise UsageError("You can rate yourself once the conversation is over.")
    return session.model_copy(update={"phase": "debrief", "self_rating": rating})


def branch(session: Session, turn: int, *, new_id: str, started: str) -> Session:
    """A second attempt from a turn (counted from 1); the first attempt stays as it is."""
    if not 1 <= turn <= len(session.turns):
        raise UsageError(
            f"There is no turn {turn} to try again; the session has turns 1 to "
            f"{len(session.turns)}."
        )
    return session.model_copy(
        update={
            "id": new_id,
            "started": started,
            "phase": "conversation",
            "turns": session.turns[: turn - 1],
            "pending": None,
            "hints": tuple(h for h in session.hints if h < turn),
            "outcome": None,
            "self_rating": None,
            "passed": None,
            "verdicts": (),
            "passed_at_first": None,
            "retry_of": session.id,
            "branched_at": turn,
        }
    )


def _in_conversation(session: Session) -> None:
    if session.phase != "conversation":
        raise UsageError(
            "This conversation is over; start a new one or try a turn again."
            if session.over
            else "The conversation has not begun yet."
        )
