"""Everything an actor knows about the part."""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass, field

from coachbot.customer.banks import Banks, build_banks
from coachbot.customer.everyday import LearnedQuestions
from coachbot.scenario.models import Scenario, Style
from coachbot.scenario.speech import scenario_banks, temperament_banks
from coachbot.scenario.temperament import Temperament
from coachbot.scoring.protocol import Encoder


@dataclass(frozen=True)
class Cast:
    """Everything an actor knows about the part: the scenario, the temperaments, the arrays.

    ``encoder``: the one that makes the arrays, and what is compared while a session runs.
    ``learned``: what was learned of everyday questions, if anything was.
    """

    scenario: Scenario
    temperament: Temperament
    general: Temperament
    encoder: Encoder
    learned: LearnedQuestions | None = None
    _made: dict[str, Banks] = field(default_factory=dict, init=False, repr=False, compare=False)
    _lock: threading.Lock = field(
        default_factory=threading.Lock, init=False, repr=False, compare=False
    )

    @property
    def banks(self) -> Banks:
        """The phrases as arrays, made when they are first asked for: that takes seconds.

        Meanwhile others who ask wait, and only for this part's; `functools.cached_property` of
        Python 3.11 has one lock for all parts.
        """
        with self._lock:
            if "banks" not in self._made:
                temperaments = [self.temperament, self.general]
                self._made["banks"] = build_banks(
                    self.scenario, temperaments, self.encoder, self.learned
                )
            return self._made["banks"]

    @property
    def style(self) -> Style:
        """The persona's way of typing, else the temperament's."""
        return self.scenario.persona.style or self.temperament.style

    @property
    def names(self) -> frozenset[str]:
        """Words that keep their capitals: whatever the scenario writes with one in mid-sentence."""
        found: set[str] = set()
        persona = self.scenario.persona
        for text in (
            persona.full_name or persona.name,
            persona.circumstances,
            *self.scenario.brief.screen,
            self.scenario.brief.role,
        ):
            words = text.split()
            found |= {
                bare
                for before, word in zip([".", *words], words, strict=False)
                if word[:1].isupper()
                and before[-1] not in ".!?:"
                and (bare := word.strip(".,;:!?'\"()").lower().removesuffix("'s"))
            }
        return frozenset(found | set((persona.full_name or persona.name).lower().split()))

    @functools.cached_property
    def spoken(self) -> tuple[str, ...]:
        """Every message that a trainer wrote for this customer, whoever else may say it."""
        banks = scenario_banks(self.scenario)
        for owner in (self.temperament, self.general):
            banks += temperament_banks(owner)
        return tuple(message for bank in banks for line in bank.lines for message in line.say)
