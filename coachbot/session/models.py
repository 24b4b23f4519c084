"""One practice run as it stands: what was said, what it was worth, and where it goes on.

A session is a value. :mod:`coachbot.session.machine` says which one follows which; the store keeps
them; nothing here knows about either terminal or database.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coachbot.customer.state import CustomerState, Frozen, Reason
from coachbot.customer.wording import Wording
from coachbot.scenario.models import Outcome
from coachbot.scoring.interface import Dimension, ReplyScore

Phase = Literal["briefing", "conversation", "self_rating", "debrief"]
"""``self_rating``: it is over, and the hire may rate themself before reading the scores."""


class Matched(Frozen):
    """Something of the scenario that a reply did, for the debrief and for explanations."""

    id: str
    text: str
    similarity: float


class Turn(Frozen):
    """One reply of the hire, what came before it and what it did.

    ``customer``: the messages since the last reply; ``answer``: what the customer said after it;
    ``wording``: how a language model had a part in that, if one had.
    """

    number: int = Field(ge=1)
    customer: tuple[str, ...]
    agent: str
    score: ReplyScore
    mood_before: float
    mood_after: float
    reasons: tuple[Reason, ...]
    acts: tuple[Matched, ...] = ()
    facts: tuple[str, ...] = ()
    needs_revealed: tuple[str, ...] = ()
    needs_met: tuple[str, ...] = ()
    over_promises: tuple[Matched, ...] = ()
    answer: tuple[str, ...]
    state: CustomerState
    hinted: bool = False
    wording: Wording | None = None


class SelfRating(Frozen):
    """How the hire rates the session before reading the scores, 0 to 100 each."""

    empathy: float = Field(ge=0, le=100)
    active_listening: float = Field(ge=0, le=100)
    individualized_treatment: float = Field(ge=0, le=100)

    def __getitem__(self, dimension: Dimension) -> float:
        rating: float = getattr(self, dimension)
        return rating


class ActVerdict(Frozen):
    """What a person says of an act of the scenario, beside what the program saw.

    ``reply``: the one that did it, from 1; None where it was not done. ``seen``: the reply in which
    the program saw it; None: in none. ``judged_by`` is None once that person was forgotten.
    """

    id: str
    act: str
    done: bool
    reply: int | None = Field(default=None, ge=1)
    seen: int | None = Field(default=None, ge=1)
    judged_by: str | None = None
    comment: str
    judged: str


class Session(Frozen):
    """A practice run.

    ``pending``: a reply that was sent but not answered yet, because the program stopped; it is
    answered first when the session goes on. ``retry_of`` and ``branched_at``: the session and the
    turn (from 1) that a second attempt starts from; turns before it are the first attempt's.
    ``verdicts``: what people said of its acts, oldest first; the newest of an act counts.
    ``passed``: what counts; ``passed_at_first``: what the program decided, where somebody corrected
    what was done (:mod:`coachbot.session.result`).
    """

    id: str
    person: str
    scenario: str
    scenario_version: int
    seed: int
    scorer: str
    started: str
    phase: Phase = "briefing"
    opening: tuple[str, ...]
    opening_state: CustomerState
    turns: tuple[Turn, ...] = ()
    pending: str | None = None
    hints: tuple[int, ...] = ()
    outcome: Outcome | None = None
    self_rating: SelfRating | None = None
    retry_of: str | None = None
    branched_at: int | None = None
    passed: bool | None = None
    verdicts: tuple[ActVerdict, ...] = ()
    passed_at_first: bool | None = None

    @property
    def state(self) -> CustomerState:
        """The customer's state now."""
        return self.turns[-1].state if self.turns else self.opening_state

    @property
    def waiting(self) -> tuple[str, ...]:
        """The customer's messages that the hire has to answer."""
        return self.turns[-1].answer if self.turns else self.opening

    @property
    def with_help(self) -> bool:
        """Whether a hint was read or a turn was tried again."""
        return bool(self.hints) or self.retry_of is not None

    @property
    def over(self) -> bool:
        """Whether the conversation has ended."""
        return self.phase in ("self_rating", "debrief")
