"""What can be meant so, but seldom is: warnings for the trainer to judge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coachbot.scenario.finding import Finding, KeyPath, counted
from coachbot.scenario.models import Difficulty, Scenario, Style
from coachbot.scenario.temperament import Temperament
from coachbot.scenario.wording import texts

USUAL: dict[Difficulty, tuple[tuple[float, float], tuple[float, float]]] = {
    "easy": ((30, 60), (6, 12)),
    "medium": ((18, 45), (5, 8)),
    "hard": ((8, 35), (4, 7)),
    "brutal": ((0, 25), (2, 6)),
}
"""Starting mood and patience that go with a difficulty; the ranges overlap on purpose, because a
temperament and what a persona values make a customer easier or harder as well."""

_GRAVE = re.compile(
    r"\b(?:died|dying|death|funeral|bereave(?:d|ment)|widow(?:er|ed)?|passed away|cancer|tumou?r|"
    r"hospice|terminal(?:ly)? ill|suicid(?:e|al)|self-harm|overdose|miscarriage|stillb(?:orn|irth)|"
    r"abus(?:e|ed|ive)|raped?|domestic violence|stroke|heart attack|chemo(?:therapy)?)\b",
    re.IGNORECASE,
)


def check_plausibility(scenario: Scenario, temperament: Temperament | None) -> Iterator[Finding]:
    """Find numbers that don't go together, and what a reader would stumble over."""
    warned = (
        *_difficulty(scenario),
        *_turns(scenario),
        *_needs(scenario),
        *_facts(scenario),
        *_style(scenario, temperament),
        *_content_note(scenario),
    )
    for path, message, instead in warned:
        yield Finding(path, message, instead, severity="warning")


Warned = tuple[KeyPath, str, str]


def _difficulty(scenario: Scenario) -> Iterator[Warned]:
    mood, patience = USUAL[scenario.difficulty]
    for name, value, (low, high) in (
        ("mood", scenario.mood, mood),
        ("patience", scenario.patience, patience),
    ):
        if not low <= value <= high:
            odd = "low" if value < low else "high"
            message = (
                f"A {name} of {value:g} is {odd} for what is meant to be {scenario.difficulty}"
            )
            yield (name,), message, f"write {low:g} to {high:g}, or another difficulty"
    if scenario.mood >= scenario.resolution.warm_mood:
        message = (
            f"The customer starts at {scenario.mood:g}, as warm as warm_mood asks for "
            f"({scenario.resolution.warm_mood:g}), so that cold replies resolve it too"
        )
        yield ("mood",), message, "start lower, or raise warm_mood"


def _turns(scenario: Scenario) -> Iterator[Warned]:
    steps = len(scenario.resolution.acts) + len(scenario.needs)
    if scenario.turn_limit < steps + 2:
        acts = counted(len(scenario.resolution.acts), "act")
        needs = counted(len(scenario.needs), "need")
        message = f"{scenario.turn_limit} replies are few for {acts} and {needs}"
        yield ("turn_limit",), message, f"allow at least {steps + 2}"


def _needs(scenario: Scenario) -> Iterator[Warned]:
    for number, need in enumerate(scenario.needs):
        if need.mood_at_least is None:
            continue
        path: KeyPath = ("needs", number, "mood_at_least")
        if need.mood_at_least <= scenario.mood:
            message = (
                f"The customer starts at {scenario.mood:g} and tells this from "
                f"{need.mood_at_least:g} on, so it is out after the first reply"
            )
            yield path, message, "set it higher; or leave it out, so that it has to be asked for"
        elif need.mood_at_least > 90:
            yield path, "Hardly any conversation gets this far", "set it to 80 or less"


def _facts(scenario: Scenario) -> Iterator[Warned]:
    warm = scenario.resolution.warm_mood
    for number, fact in enumerate(scenario.facts):
        path: KeyPath = ("facts", number, "mood_at_least")
        if fact.in_opening and fact.mood_at_least > 0:
            yield (
                path,
                "The opening tells this already, so it can't be kept back",
                "delete mood_at_least, or in_opening",
            )
        elif fact.mood_at_least > warm:
            message = (
                f"Told from {fact.mood_at_least:g} on, this comes after the customer is won over "
                f"(warm_mood {warm:g}), and most often never"
            )
            yield path, message, f"set it to {warm:g} or less"


def _style(scenario: Scenario, temperament: Temperament | None) -> Iterator[Warned]:
    style = scenario.persona.style
    if style is None or temperament is None:
        return
    plain = Style()
    for name in Style.model_fields:
        usual = getattr(temperament.style, name)
        if name not in style.model_fields_set and usual != getattr(plain, name):
            now, before = (str(value).lower() for value in (getattr(plain, name), usual))
            message = (
                f"'{name}' is left out here, so it is {now}, and not {before} as in the "
                f"temperament '{temperament.id}'"
            )
            yield ("persona", "style"), message, f"write '{name}' too, or leave the style out"


def _content_note(scenario: Scenario) -> Iterator[Warned]:
    if scenario.content_note is not None:
        return
    told = [
        *texts(scenario.persona.circumstances, ("persona", "circumstances")),
        *texts(scenario.opening, ("opening",)),
        *texts(tuple(need.what for need in scenario.needs), ("needs",)),
        *texts(scenario.brief.screen, ("brief", "screen")),
    ]
    for path, text in told:
        found = _GRAVE.search(text)
        if found:
            message = (
                f"'{found.group()}' can hit somebody who has been through it, and there is no "
                "content_note"
            )
            yield path, message, 'add content_note: "..." with a sentence about it'
            return
