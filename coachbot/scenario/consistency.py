"""Checks of a scenario or a temperament as a whole, after its form is right.

Pure: models in, findings out. What is wrong with the form of a file is found when it is read;
here the parts are held against each other.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence

from coachbot.scenario.finding import Finding, KeyPath, counted
from coachbot.scenario.models import Scenario
from coachbot.scenario.plausibility import check_plausibility
from coachbot.scenario.references import GENERAL, check_references
from coachbot.scenario.speech import Bank, scenario_banks, temperament_banks
from coachbot.scenario.supply import check_coverage, check_endurance, check_moods
from coachbot.scenario.temperament import Temperament
from coachbot.scenario.wording import (
    check_examples,
    check_good_replies,
    check_hints,
    check_mentions,
    check_repeated_lines,
    check_slots,
    check_triggers,
    key,
)

__all__ = ["Finding", "KeyPath", "check_scenario", "check_temperament"]


def check_scenario(
    scenario: Scenario,
    own: Temperament | None,
    general: Temperament | None,
    temperaments: Collection[str],
) -> tuple[Finding, ...]:
    """Everything that is wrong with a scenario, or looks it, in no particular order.

    ``own`` is the customer's temperament, ``general`` the one with words for anybody; None where
    there is none that can be used. ``temperaments``: the ids of all that there are.
    """
    return tuple(_scenario(scenario, own, general, temperaments))


def _scenario(
    scenario: Scenario,
    own: Temperament | None,
    general: Temperament | None,
    temperaments: Collection[str],
) -> Iterator[Finding]:
    yield from check_references(scenario, temperaments)
    banks = scenario_banks(scenario, own)
    facts = {fact.id: fact.value is not None for fact in scenario.facts}
    yield from check_slots(scenario, banks, facts)
    yield from check_good_replies(scenario)
    others = [one for one in (own, general) if one is not None]
    yield from check_repeated_lines(banks, others)
    yield from check_examples(scenario)
    yield from check_triggers(banks)
    yield from check_mentions(scenario)
    yield from check_hints(scenario)
    yield from _never_heard_of(scenario, others)
    yield from check_moods(banks, _answers_behind(scenario, others))
    if own is not None and general is not None:
        yield from check_endurance(scenario, own, general)
    replies = len(scenario.example_conversation)
    if replies > scenario.turn_limit:
        yield Finding(
            ("example_conversation",),
            f"It has {replies} replies, and the session ends after {scenario.turn_limit}",
            "shorten it, or raise the turn_limit",
        )
    yield from check_plausibility(scenario, own)


def _never_heard_of(scenario: Scenario, others: Sequence[Temperament]) -> Iterator[Finding]:
    """Find answers to everyday questions that neither temperament knows."""
    known = list(dict.fromkeys(everyday.id for one in others for everyday in one.everyday))
    if not known:
        return
    for name in scenario.everyday:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
            yield Finding(
                ("everyday", name),
                f"There is no everyday question '{name}', so nothing would bring this answer out",
                (f"did you mean '{close[0]}'? Else " if close else "")
                + "take an id from temperaments/general.yaml, or make it a fact, which has its "
                "own ways to ask",
            )


def _answers_behind(scenario: Scenario, others: Sequence[Temperament]) -> list[Bank]:
    """What the temperament and the general words have to say where the scenario's own end."""
    return [
        Bank(
            ("everyday", name),
            tuple(
                line
                for one in others
                for everyday in one.everyday
                if everyday.id == name
                for line in everyday.say
            ),
        )
        for name in scenario.everyday
    ]


def check_temperament(temperament: Temperament, general: Temperament | None) -> tuple[Finding, ...]:
    """Everything that is wrong with a temperament; ``general`` fills its gaps."""
    return tuple(_temperament(temperament, general))


def _temperament(temperament: Temperament, general: Temperament | None) -> Iterator[Finding]:
    is_general = temperament.id == GENERAL
    others = [general] if general is not None and not is_general else []
    banks = temperament_banks(temperament)
    yield from check_slots(temperament, banks, {})
    yield from check_repeated_lines(banks, others)
    yield from check_triggers(banks)
    yield from check_coverage(temperament, general=is_general)
    yield from _asked_twice(temperament)
    yield from _never_asked(temperament, others)
    yield from check_moods(banks, [bank for one in others for bank in _beside(temperament, one)])


def _beside(temperament: Temperament, general: Temperament) -> list[Bank]:
    """Banks of the general words, with the paths of those that they stand in for."""
    places = {everyday.id: number for number, everyday in enumerate(temperament.everyday)}
    banks = [bank for bank in temperament_banks(general) if bank.path[0] != "everyday"]
    banks += [
        Bank(("everyday", places[everyday.id], "say"), everyday.say)
        for everyday in general.everyday
        if everyday.id in places
    ]
    return banks


ASKED_IN = 4
"""Ways to ask an everyday question, from which the others are recognised."""


def _never_asked(temperament: Temperament, general: Sequence[Temperament]) -> Iterator[Finding]:
    """Find everyday questions with too few ways to ask them, here or in the general words."""
    known = {everyday.id for one in general for everyday in one.everyday}
    for number, everyday in enumerate(temperament.everyday):
        have = len(everyday.ask)
        if have >= ASKED_IN or (not have and everyday.id in known):
            continue
        advice = f"write {ASKED_IN - have} more under 'ask'"
        if known:
            close = difflib.get_close_matches(everyday.id, known, n=1, cutoff=0.6)
            advice += f", or take the id of a general question: {close[0]}" if close else ""
        yield Finding(
            ("everyday", number, "ask") if have else ("everyday", number, "id"),
            f"'{everyday.id}' has {counted(have, 'way')} to ask it, and the general words don't "
            "have the question",
            advice,
        )


def _asked_twice(temperament: Temperament) -> Iterator[Finding]:
    """Find questions that stand in the file twice."""
    ids: dict[str, KeyPath] = {}
    asked: dict[str, KeyPath] = {}
    for number, everyday in enumerate(temperament.everyday):
        path: KeyPath = ("everyday", number, "id")
        if ids.setdefault(everyday.id, path) != path:
            yield Finding(
                path,
                f"'{everyday.id}' stands here twice",
                "put both together under one of them",
                other=ids[everyday.id],
            )
        for place, text in enumerate(everyday.ask):
            path = ("everyday", number, "ask", place)
            if asked.setdefault(key(text), path) != path:
                yield Finding(
                    path,
                    "The same way to ask stands here twice, so that they can't be told apart",
                    "write something else in one of the two places",
                    other=asked[key(text)],
                )
