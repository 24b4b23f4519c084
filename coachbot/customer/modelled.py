"""An actor whose words a language model finds. The mind decides as ever; every word is checked.

A message is looked at as a whole before any of it is shown: whether it carries out the decision
and brings the fact that was asked for can't be told from its first sentence, and what has been
shown can't be taken back. Streaming serves the check instead: as soon as what has come so far is
beyond saving, the model is stopped, and the time goes into the second try.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import Field

from coachbot.customer.actor import AuthoredActor, Spoken
from coachbot.customer.cast import Cast
from coachbot.customer.checking import (
    Ground,
    check,
    ground_for,
    slip,
    still_thinking,
    tidied,
)
from coachbot.customer.part import Part, part_for
from coachbot.customer.plan import Decision
from coachbot.customer.reading import Reading
from coachbot.customer.refusals import SAYS, Refusal
from coachbot.customer.state import Frozen
from coachbot.customer.style import typed
from coachbot.customer.wording import Failure, Wording
from coachbot.customer.writer import Form, Prompter, Writer, WritingFailed
from coachbot.errors import CoachbotError
from coachbot.scenario.models import band_of
from coachbot.scoring.interface import Turn as Message
from coachbot.scoring.protocol import LanguageIdentifier
from coachbot.scoring.text import sentences

TRIES = 2
"""The first try and one more; a third would keep the hire waiting for a line that is ready."""

LEAST_TIME = 0.5
"""Seconds that must be left for a second try to be worth it."""


class ActorReport(Frozen):
    """What became of the turns in which a language model was to find the words.

    ``refused`` counts tries, so that a turn may be in it twice; the others count turns.
    """

    asked: int = Field(ge=0, description="Turns in which the model was to find the words")
    accepted: int = Field(ge=0, description="Turns with the model's words")
    retried: int = Field(ge=0, description="Turns in which it was asked a second time")
    accepted_on_retry: int = Field(ge=0, description="Turns with the words of the second try")
    refused: dict[str, int] = Field(description="Tries that the check refused, by reason")
    authored_after_refusal: int = Field(
        ge=0, description="Turns with an authored line since the check refused every try"
    )
    taken_over: dict[str, int] = Field(
        description="Turns with an authored line since nothing came, by failure"
    )


class Breaker:
    """Stops asking a model that fails again and again, so that nobody waits for it every time.

    After ``after`` failures running it is left alone for ``pause`` seconds, twice as long after
    each further failure, ``longest`` at most; then one turn tries it, the others don't wait.
    """

    def __init__(
        self,
        *,
        after: int = 2,
        pause: float = 60.0,
        longest: float = 600.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._after, self._pause, self._longest, self._clock = after, pause, longest, clock
        self._failures = 0
        self._closed_until = 0.0
        self._lock = threading.Lock()

    def may_ask(self) -> bool:
        """Whether to ask now. A yes after a pause is given to one caller only."""
        with self._lock:
            if self._failures < self._after:
                return True
            if self._clock() < self._closed_until:
                return False
            self._closed_until = self._clock() + self._pause
            return True

    def worked(self) -> None:
        """It answered, whatever the check says of it."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """It gave nothing."""
        with self._lock:
            self._failures += 1
            over = self._failures - self._after
            if over >= 0:
                # 2**20 is far past any longest pause, and no float overflows on the way.
                pause = min(self._longest, self._pause * 2.0 ** min(over, 20))
                self._closed_until = self._clock() + pause


@dataclass(frozen=True)
class _Outcome:
    """What came of asking: messages, or why there are none."""

    messages: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    failure: Failure | None = None


class ModelActor:
    """Speaks in the words of a language model, and in authored lines where these won't do.

    ``timeout``: seconds for a turn, both tries together. State and ledger are the authored
    actor's: it chooses its lines first, and they say what has to be told. ``watch`` is shown every
    try with its verdict (a refusal or None), for measurements.
    """

    def __init__(
        self,
        writer: Writer,
        prompter: Prompter,
        english: LanguageIdentifier,
        *,
        timeout: float = 20.0,
        breaker: Breaker | None = None,
        watch: Callable[[str, Refusal | None, Ground], None] | None = None,
    ) -> None:
        self._writer = writer
        self._prompter = prompter
        self._english = english
        self._timeout = timeout
        self._breaker = breaker or Breaker()
        self._authored = AuthoredActor()
        self._watch = watch
        self._lock = threading.Lock()
        self._turns: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._taken_over: Counter[str] = Counter()

    @property
    def name(self) -> str:
        """The model, and where it is if not on this computer."""
        return self._writer.name

    def report(self) -> ActorReport:
        """What became of all turns so far."""
        with self._lock:
            return ActorReport(
                asked=self._turns["asked"],
                accepted=self._turns["accepted"],
                retried=self._turns["retried"],
                accepted_on_retry=self._turns["accepted_on_retry"],
                refused=dict(self._refused),
                authored_after_refusal=self._turns["authored_after_refusal"],
                taken_over=dict(self._taken_over),
            )

    def say(
        self,
        decision: Decision,
        reading: Reading,
        cast: Cast,
        draw: random.Random,
        *,
        history: Sequence[Message] = (),
    ) -> Spoken:
        """Say what was decided; see :class:`coachbot.customer.actor.Actor`. Never fails."""
        authored = self._authored.say(decision, reading, cast, draw, history=history)
        if not authored.chosen:
            return authored
        seed = draw.randrange(2**31)
        told = (*history, Message(speaker="agent", text=reading.text))
        ground = ground_for(cast, authored.state, authored.chosen, told)
        part = part_for(cast, authored.state, authored.chosen, told, ground.longest)
        found = self._ask(part, ground, cast, seed)
        self._count(found)
        by_model = bool(found.messages)
        wording = Wording(
            model=self.name,
            by="model" if by_model else "authored",
            refused=tuple(refusal.reason for refusal in found.refused),
            failure=found.failure,
        )
        if not by_model:
            return replace(authored, wording=wording)
        split = _bubbles(found.messages, len(authored.messages))
        band = band_of(authored.state.mood)
        # A slip of the keyboard is drawn, as for authored lines; names and numbers stay.
        messages = typed(split, cast.style, band, random.Random(seed), cast.names)
        return replace(authored, messages=messages, wording=wording)

    def _ask(self, part: Part, ground: Ground, cast: Cast, seed: int) -> _Outcome:
        if not self._breaker.may_ask():
            return _Outcome(failure="paused")
        deadline = time.monotonic() + self._timeout
        refused: list[Refusal] = []
        failure: Failure | None = None
        try:
            form = self._writer.form(deadline)
            for number in range(TRIES):
                if number and deadline - time.monotonic() < LEAST_TIME:
                    break
                text = self._written(part, ground, form, seed + number, deadline)
                verdict = check(text, ground, cast.encoder.encode, self._english)
                refusal = verdict if isinstance(verdict, Refusal) else None
                if self._watch is not None:
                    self._watch(text, refusal, ground)
                if not isinstance(verdict, Refusal):
                    self._breaker.worked()
                    return _Outcome(verdict, tuple(refused))
                refused.append(verdict)
                part = part.again(SAYS[verdict.reason])
        except WritingFailed as error:
            failure = error.failure
        except CoachbotError:
            # A template that fails only now; it was tried when it was loaded.
            failure = "failed"
        if failure is None and all(refusal.reason == "empty" for refusal in refused):
            failure = "empty"
        if failure is None:
            self._breaker.worked()
        else:
            self._breaker.failed()
        return _Outcome(refused=tuple(refused), failure=failure)

    def _written(self, part: Part, ground: Ground, form: Form, seed: int, deadline: float) -> str:
        def enough(so_far: str) -> bool:
            if still_thinking(so_far):
                return False
            # The last word may still be growing: "as an a" becomes "as an adult".
            whole = tidied(so_far, part.name).rpartition(" ")[0]
            return slip(whole, ground) is not None

        prompt = self._prompter.prompt(part, form)
        return self._writer.write(prompt, seed=seed, deadline=deadline, enough=enough)

    def _count(self, found: _Outcome) -> None:
        with self._lock:
            self._turns["asked"] += 1
            self._refused.update(refusal.reason for refusal in found.refused)
            again = len(found.refused) == TRIES or (bool(found.refused) and bool(found.messages))
            self._turns["retried"] += int(again)
            if found.messages:
                self._turns["accepted"] += 1
                self._turns["accepted_on_retry"] += int(bool(found.refused))
            elif found.failure is None:
                self._turns["authored_after_refusal"] += 1
            else:
                self._taken_over[found.failure] += 1


def _bubbles(messages: tuple[str, ...], wanted: int) -> tuple[str, ...]:
    """As many messages as the authored customer would send, where sentences allow it."""
    if len(messages) > 1 or wanted < 2:
        return messages
    parts = [span.text for span in sentences(messages[0])]
    if len(parts) < 2:
        return messages
    count = min(wanted, len(parts))
    size, longer = divmod(len(parts), count)
    out: list[str] = []
    at = 0
    for i in range(count):
        step = size + (1 if i < longer else 0)
        out.append(" ".join(parts[at : at + step]))
        at += step
    return tuple(out)
