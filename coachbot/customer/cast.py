"""Everything an actor knows about the part."""

from __future__ import annotations

from dataclasses import dataclass

from coachbot.customer.banks import Banks
from coachbot.scenario.models import Scenario, Style
from coachbot.scenario.temperament import Temperament


@dataclass(frozen=True)
class Cast:
    """Everything an actor knows about the part: the scenario, the temperaments, the arrays."""

    scenario: Scenario
    temperament: Temperament
    general: Temperament
    banks: Banks

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
