"""What the customer decides to do next. The actor finds the words."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coachbot.customer.state import CustomerState, Frozen, Reason

MoveKind = Literal["react", "answer", "reveal", "push", "wait", "close"]


class Move(Frozen):
    """One move of a turn.

    ``source`` says where the words come from: a cause or move of the temperament (``cause:heard``,
    ``move:unknown``), or a part of the scenario (``act-thanks:refund``, ``fact:order``).
    ``about`` fills slots of a line by name; ``intensity`` is in mood points.
    """

    kind: MoveKind
    source: str
    intensity: float = 0.0
    about: dict[str, str] = Field(default_factory=dict)
    step: int = 0


class Decision(Frozen):
    """The new state, why the mood moved, and up to three kinds of move."""

    state: CustomerState
    reasons: tuple[Reason, ...]
    moves: tuple[Move, ...]
