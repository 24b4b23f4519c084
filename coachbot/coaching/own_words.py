"""A voice made of a scenario's own examples, for files that have no agents of their own.

A trainer's file comes without words from outside. Its own examples are what the customer
understands best, so the figures that they give flatter the scenario; the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from coachbot.scenario.agents import Tones, Voice
from coachbot.scenario.models import SLOT, Scenario
from coachbot.scoring.text import sentences

OWN_VOICE = "own"
"""The id of the voice."""

_STALL = (
    "Let me have a look at that for you, one moment please.",
    "I'm just going through it here, please give me a minute.",
    "Could you bear with me while I check that?",
    "I have it open in front of me and need a moment to read it all.",
)
_CLOSE = (
    "That's everything done.",
    "That is all taken care of now.",
)


def own_voice(scenario: Scenario) -> Voice:
    """The voice; ``over`` is empty where the brief forbids nothing.

    Warm sentences are what good replies begin with, acts are the acts' examples, with such a
    sentence before them for the warm tone.
    """
    good = {moment.when: _filled(scenario, moment.good) for moment in scenario.moments}
    opening = good.get("opening") or _filled(scenario, scenario.example_conversation[:1])
    warm = list(dict.fromkeys(_first_sentence(text) for texts in good.values() for text in texts))
    closing = good.get("closing") or [f"{warm[0]} {_CLOSE[0]}"]
    poor = [text for moment in scenario.moments for text in _filled(scenario, moment.poor)]
    poor += [text for button in scenario.hot_buttons for text in button.examples]
    over = [text for one in scenario.brief.may_not_offer for text in one.examples]
    acts = {
        act.id: Tones.model_construct(
            warm=tuple(
                f"{warm[number % len(warm)]} {example}"
                for number, example in enumerate(act.examples)
            ),
            bare=act.examples,
        )
        for act in scenario.resolution.acts
    }
    # Not checked for numbers of wordings: a file has as many as its author wrote.
    return Voice.model_construct(
        id=OWN_VOICE,
        manner="The examples of the scenario file itself",
        opening=tuple(opening),
        warm=tuple(warm),
        ask={
            **{fact.id: fact.ask for fact in scenario.facts},
            **{need.id: need.ask for need in scenario.needs},
        },
        meet={need.id: need.met_by for need in scenario.needs},
        do=acts,
        stall=_STALL,
        useless=tuple(_pairs(warm)),
        over=tuple(over),
        dismiss=tuple(poor),
        close=Tones.model_construct(warm=tuple(closing), bare=_CLOSE),
    )


def _filled(scenario: Scenario, texts: Iterable[str]) -> list[str]:
    """Texts with the facts' values in their slots; one with a slot that has none is left out."""
    values = {fact.id: fact.value for fact in scenario.facts if fact.value}
    return [
        SLOT.sub(lambda found: values[found.group(1)], text)
        for text in texts
        if set(SLOT.findall(text)) <= set(values)
    ]


def _first_sentence(text: str) -> str:
    found = sentences(text)
    # Two of them, where the first is only a name or a greeting.
    first = found[0].text if found else text
    if len(found) > 1 and len(re.findall(r"\w+", first)) < 4:
        return text[: found[1].end].strip()
    return first.strip()


def _pairs(texts: Sequence[str]) -> list[str]:
    """Each with the one after it, so that there is something to read."""
    if len(texts) < 2:
        return list(texts)
    return [f"{one} {two}" for one, two in zip(texts, [*texts[1:], texts[0]], strict=True)]
