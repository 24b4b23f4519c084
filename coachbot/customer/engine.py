"""One turn of the customer: read the reply, decide, speak."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from coachbot.customer.actor import Actor, AuthoredActor, Spoken, opening
from coachbot.customer.cast import Cast
from coachbot.customer.everyday import LearnedQuestions
from coachbot.customer.mind import decide
from coachbot.customer.plan import Decision
from coachbot.customer.reading import Reading, read
from coachbot.customer.state import CustomerState
from coachbot.scenario.models import Scenario
from coachbot.scenario.temperament import Temperament
from coachbot.scoring.interface import ReplyScore
from coachbot.scoring.interface import Turn as Message
from coachbot.scoring.protocol import Encoder


@dataclass(frozen=True)
class CustomerTurn:
    """What happened in the customer after one reply."""

    reading: Reading
    decision: Decision
    spoken: Spoken

    @property
    def state(self) -> CustomerState:
        """The customer's state after it."""
        return self.spoken.state


class Customer:
    """A scenario's customer. Holds no state: it goes in and comes out with every turn.

    Making one takes no time, and so does :meth:`open`; the first to read a reply waits for what
    :meth:`prepare` does, unless that was done before.
    """

    def __init__(
        self,
        scenario: Scenario,
        temperament: Temperament,
        general: Temperament,
        encoder: Encoder,
        *,
        actor: Actor | None = None,
        learned: LearnedQuestions | None = None,
    ) -> None:
        self.scenario = scenario
        self.cast = Cast(scenario, temperament, general, encoder, learned)
        self._encoder = encoder
        self._actor = actor or AuthoredActor()

    def prepare(self) -> None:
        """Read all phrases of the file, which takes seconds the first time and nothing later."""
        _ = self.cast.banks

    def open(self, seed: int) -> Spoken:
        """The opening messages. The same seed gives the same session."""
        return opening(self.cast, _draw(seed, 0), CustomerState.start(self.scenario))

    def read(self, state: CustomerState, reply: str) -> Reading:
        """What a reply does, without answering it."""
        return read(reply, self.scenario, self.cast.banks, self._encoder, done=state.acts_done)

    def reply(
        self,
        state: CustomerState,
        reply: str,
        score: ReplyScore,
        *,
        seed: int,
        history: Sequence[Message] = (),
    ) -> CustomerTurn:
        """Answer a reply that has been scored. Raises ValueError if the session has ended.

        ``history``: what was said before the reply, for actors who find words of their own.
        """
        if state.outcome is not None:
            raise ValueError("the conversation has ended")
        draw = _draw(seed, state.turn + 1)
        reading = self.read(state, reply)
        decision = decide(state, reading, score, self.scenario, self.cast.temperament, draw)
        spoken = self._actor.say(decision, reading, self.cast, draw, history=history)
        return CustomerTurn(reading, decision, spoken)


def _draw(seed: int, turn: int) -> random.Random:
    # A string seed: the same on every platform and in every run, and turns are independent.
    return random.Random(f"{seed}:{turn}")
