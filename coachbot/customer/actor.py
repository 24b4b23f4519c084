"""Actors find the words for what the mind decided. This one takes them from the files."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from coachbot.customer.cast import Cast
from coachbot.customer.lines import Chosen, choose, key
from coachbot.customer.plan import Decision, Move
from coachbot.customer.reading import Reading
from coachbot.customer.state import CustomerState
from coachbot.customer.style import typed
from coachbot.customer.wording import Wording
from coachbot.scenario.models import band_of
from coachbot.scoring.interface import Turn as Message


@dataclass(frozen=True)
class Spoken:
    """What the customer says: messages, the line of each move, and the state with the ledger.

    ``wording``: how the words were found, if a language model was to find them.
    """

    messages: tuple[str, ...]
    chosen: tuple[Chosen, ...]
    state: CustomerState
    wording: Wording | None = None

    @property
    def text(self) -> str:
        """All messages as one text, a line break between them."""
        return "\n".join(self.messages)


class Actor(Protocol):
    """Finds the words for a decision."""

    def say(
        self,
        decision: Decision,
        reading: Reading,
        cast: Cast,
        draw: random.Random,
        *,
        history: Sequence[Message] = (),
    ) -> Spoken:
        """Say what was decided. The state that comes back has the lines marked as used.

        ``history``: the conversation before the reply that is being answered.
        """


MOST_MESSAGES = 4


class AuthoredActor:
    """Speaks in the lines of the scenario, its temperament and the general file."""

    def say(
        self,
        decision: Decision,
        reading: Reading,
        cast: Cast,
        draw: random.Random,
        *,
        history: Sequence[Message] = (),
    ) -> Spoken:
        """Choose a line for each move; see :class:`Actor`."""
        state = decision.state
        chosen: list[Chosen] = []
        said: list[str] = []
        for move in self._composed(decision.moves, state):
            line = choose(move, state, reading, cast, draw, said)
            if line is None:
                continue
            chosen.append(line)
            said += [key(bubble) for bubble in _raw(line)]
            if len(said) >= MOST_MESSAGES:
                break
        if not chosen:
            # Out of words is out of patience: nobody says the same thing for ever.
            state = state.model_copy(update={"outcome": state.outcome or "left"})
            move = Move(kind="close", source="ending:left")
            line = choose(move, state, reading, cast, draw, said)
            chosen = [line] if line else []
            said += [key(bubble) for one in chosen for bubble in _raw(one)]
        bubbles = tuple(bubble for line in chosen for bubble in line.bubbles)
        messages = typed(bubbles, cast.style, band_of(state.mood), draw, cast.names)
        openers = tuple(" ".join(s.split()[:2]) for s in said if s)
        return Spoken(
            messages=messages,
            chosen=tuple(chosen),
            state=state.model_copy(
                update={
                    "used": (*state.used, *said),
                    "openers": (*state.openers, *openers)[-8:],
                }
            ),
        )

    def _composed(self, moves: tuple[Move, ...], state: CustomerState) -> list[Move]:
        """A second reminder is announced as one, and the last word before leaving is a threat."""
        out: list[Move] = []
        for move in moves:
            if move.kind == "push" and move.source.startswith("act-press:") and len(moves) == 1:
                if state.patience <= 1.2 and move.step >= 2:
                    out.append(Move(kind="react", source="move:ultimatum", about=move.about))
                elif move.step == 2:
                    out.append(Move(kind="react", source="move:remind", about=move.about))
            out.append(move)
        return out


def _raw(line: Chosen) -> tuple[str, ...]:
    return line.bubbles


def opening(cast: Cast, draw: random.Random, state: CustomerState) -> Spoken:
    """The first messages of the customer."""
    line = draw.choice(cast.scenario.opening)
    messages = typed(line.say, cast.style, band_of(state.mood), draw, cast.names)
    used = tuple(key(message) for message in line.say)
    return Spoken(
        messages=messages,
        chosen=(),
        state=state.model_copy(
            update={
                "used": (*state.used, *used),
                "openers": tuple(" ".join(u.split()[:2]) for u in used),
            }
        ),
    )
