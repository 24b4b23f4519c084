"""The use cases of practising: start, reply, hint, end, rate, retry.

Each changes one session and saves it once (a reply twice: as soon as it is sent, so that it can't
be lost, and when it has been answered). The model work happens between the two, never inside a
transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from coachbot.coaching.hints import hint_for
from coachbot.coaching.protocols import Casting, SessionRepository
from coachbot.customer.engine import CustomerTurn
from coachbot.errors import UsageError
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import ReplyScore, ReplyToScore
from coachbot.scoring.interface import Turn as Message
from coachbot.session import machine
from coachbot.session.models import Matched, SelfRating, Session, Turn
from coachbot.session.result import passed

LONGEST_REPLY = 10_000
"""Characters of a reply that are read; Telegram's longest message is 4,096."""


class ScorerProtocol(Protocol):
    """What coaching needs from the scorer."""

    @property
    def name(self) -> str:
        """Name and version."""

    def score(self, items: list[ReplyToScore], *, signals_only: bool = False) -> list[ReplyScore]:
        """One result for each reply, in order."""


@dataclass(frozen=True)
class Answered:
    """A session that went on by one turn, and what the engine saw, for explanations."""

    session: Session
    turn: CustomerTurn


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _new_id() -> str:
    return uuid.uuid4().hex


class NoRepository:
    """Keeps nothing: for runs that must leave no trace, such as scripts without ``--save``."""

    def save(self, session: Session) -> None:
        """Forget it."""

    def get(self, session_id: str) -> Session:
        """There is none to get."""
        raise KeyError(session_id)

    def unfinished(self, person: str) -> Session | None:
        """None was kept."""
        return None

    def finished(self, person: str) -> list[Session]:
        """None were kept."""
        return []


def first_attempt(session: Session, sessions: SessionRepository) -> Session:
    """The attempt that counts: the session itself, or what it is a further attempt of."""
    first = session
    while first.retry_of is not None:
        first = sessions.get(first.retry_of)
    return first


def conversation(session: Session) -> tuple[Message, ...]:
    """The conversation so far; the customer has the last word."""
    history: list[Message] = []
    for turn in session.turns:
        history.append(Message(speaker="customer", text="\n".join(turn.customer)))
        history.append(Message(speaker="agent", text=turn.agent))
    history.append(Message(speaker="customer", text="\n".join(session.waiting)))
    return tuple(history)


def reply_to_score(session: Session, scenario: Scenario, text: str) -> ReplyToScore:
    """A reply to where a session stands, as the scorer takes it."""
    return ReplyToScore(
        history=conversation(session),
        reply=text,
        screen="\n".join(scenario.brief.screen),
        language=scenario.language,
    )


def before(session: Session, turn: int) -> Session:
    """A session as it stood before a reply, from 1; the customer has said what it answers."""
    earlier = session.turns[: turn - 1]
    return session.model_copy(update={"turns": earlier, "pending": None, "outcome": None})


@dataclass(frozen=True)
class Coach:
    """Runs practice sessions for anyone; wired by bootstrap."""

    scorer: ScorerProtocol
    casting: Casting
    sessions: SessionRepository
    now: Callable[[], str] = _now
    new_id: Callable[[], str] = _new_id

    def without_trace(self) -> Coach:
        """The same coach, keeping nothing."""
        return replace(self, sessions=NoRepository())

    def start(self, scenario: str, *, person: str, seed: int) -> Session:
        """A new session at its briefing. ``scenario`` is an id or a path."""
        customer = self.casting.customer(scenario)
        first = customer.open(seed)
        session = Session(
            id=self.new_id(),
            person=person,
            scenario=self.casting.reference(scenario),
            scenario_version=customer.scenario.version,
            seed=seed,
            scorer=self.scorer.name,
            started=self.now(),
            opening=first.messages,
            opening_state=first.state,
        )
        self.sessions.save(session)
        return session

    def begin(self, session: Session) -> Session:
        """The brief has been read."""
        return self._saved(machine.begin(session))

    def reply(self, session: Session, text: str) -> Answered:
        """Score a reply and let the customer answer it."""
        return self.resume(self._saved(machine.receive(session, text)))

    def resume(self, session: Session) -> Answered:
        """Answer the reply that was sent before the program stopped."""
        if session.pending is None:
            raise UsageError("There is no reply waiting to be answered in this session.")
        text = session.pending[:LONGEST_REPLY]
        customer = self.casting.customer(session.scenario)
        scored = self.scorer.score([self.to_score(session, customer.scenario, text)])[0]
        history = conversation(session)
        turn = customer.reply(session.state, text, scored, seed=session.seed, history=history)
        session = machine.answer(session, self._turn(session, text, scored, turn))
        return Answered(self._saved(session), turn)

    def hint(self, session: Session) -> tuple[Session, str]:
        """What a good next reply would do, without its words. The pass becomes one with help."""
        scenario = self.casting.scenario(session.scenario)
        hint = hint_for(session, scenario)
        return self._saved(machine.take_hint(session)), hint

    def end(self, session: Session) -> Session:
        """The hire ends the conversation."""
        return self._saved(machine.end(session))

    def rate(self, session: Session, rating: SelfRating | None) -> Session:
        """Take the hire's own rating, or None, and close the session with its result."""
        session = machine.rate(session, rating)
        scenario = self.casting.scenario(session.scenario)
        return self._saved(session.model_copy(update={"passed": passed(session, scenario)}))

    def retry(self, session: Session, turn: int) -> Session:
        """A second attempt from a turn; the first one stays and is the one that counts."""
        branched = machine.branch(session, turn, new_id=self.new_id(), started=self.now())
        return self._saved(branched)

    def _saved(self, session: Session) -> Session:
        self.sessions.save(session)
        return session

    def to_score(self, session: Session, scenario: Scenario, text: str) -> ReplyToScore:
        """A reply in its session as the scorer takes it."""
        return reply_to_score(session, scenario, text)

    def _turn(self, session: Session, text: str, scored: ReplyScore, turn: CustomerTurn) -> Turn:
        before, after = session.state, turn.state
        matches = {match.id: match for match in turn.reading.acts}
        new = [a for a in after.acts_done if a not in before.acts_done]
        number = len(session.turns) + 1
        return Turn(
            number=number,
            customer=session.waiting,
            agent=text,
            score=scored,
            mood_before=before.mood,
            mood_after=after.mood,
            reasons=turn.decision.reasons,
            acts=tuple(
                Matched(id=a, text=matches[a].span.text, similarity=matches[a].similarity)
                for a in new
            ),
            facts=tuple(f for f in after.facts_told if f not in before.facts_told),
            needs_revealed=tuple(n for n in after.needs_revealed if n not in before.needs_revealed),
            needs_met=tuple(n for n in after.needs_met if n not in before.needs_met),
            over_promises=tuple(
                Matched(id=m.id, text=m.span.text, similarity=m.similarity)
                for m in turn.reading.over_promises
            ),
            answer=turn.spoken.messages,
            state=after,
            hinted=number in session.hints,
            wording=turn.spoken.wording,
        )
