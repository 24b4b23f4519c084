"""What the customer carries from turn to turn. Frozen, and stored as JSON after every turn."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from coachbot.scenario.models import Outcome, Scenario


class Frozen(BaseModel):
    """Base of what is stored: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Promise(Frozen):
    """Something the hire said they would do."""

    turn: int
    text: str
    binding: Literal["concrete", "vague", "checking"]
    when: str | None = None
    kept: bool = False
    called_in: bool = False


class Reason(Frozen):
    """Why the mood moved: the cause, mood points, the hire's words that did it, in a sentence."""

    cause: str
    points: float
    quote: str | None = None
    text: str


class CustomerState(Frozen):
    """The customer's mind between two replies.

    ``mood``: 0 furious to 100 delighted. ``trust``: 0 to 100. ``patience``: turns without progress
    that they still put up with. ``rapport``: 0 to 100, how much warmth has come across; progress
    alone lifts the mood only as far as rapport lets it.
    """

    turn: int = 0
    mood: float
    trust: float = 50.0
    patience: float
    rapport: float = 0.0
    facts_told: tuple[str, ...] = ()
    needs_revealed: tuple[str, ...] = ()
    needs_met: tuple[str, ...] = ()
    acts_done: tuple[str, ...] = ()
    acts_done_at: tuple[int, ...] = ()
    buttons_pressed: tuple[str, ...] = ()
    over_promised: tuple[str, ...] = ()
    """Each time that something was promised which may not be offered, so also the same twice."""
    promises: tuple[Promise, ...] = ()
    pressed: dict[str, int] = Field(default_factory=dict)
    causes: dict[str, int] = Field(default_factory=dict)
    last_reaction: str | None = None
    quiet_turns: int = 0
    turns_since_progress: int = 0
    turns_settled: int = 0
    agent_name: str | None = None
    used: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    outcome: Outcome | None = None

    @classmethod
    def start(cls, scenario: Scenario) -> CustomerState:
        """The customer before the first reply."""
        return cls(
            mood=scenario.mood,
            patience=scenario.patience,
            facts_told=tuple(fact.id for fact in scenario.facts if fact.in_opening),
        )

    @property
    def settled(self) -> bool:
        """Whether the conversation has ended."""
        return self.outcome is not None
