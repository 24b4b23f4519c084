"""Ids that are named in a scenario and must exist, once, and lead somewhere."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from coachbot.scenario.finding import Finding, KeyPath
from coachbot.scenario.models import Scenario
from coachbot.scenario.speech import scenario_banks

GENERAL = "general"
"""The temperament with words for anybody; it is nobody's own."""


def check_references(scenario: Scenario, temperaments: Collection[str]) -> Iterator[Finding]:
    """Find ids that name nothing, name two things, or wait for each other.

    ``temperaments``: the ids of all that there are.
    """
    yield from _temperament(scenario, temperaments)
    yield from _twice("facts", [fact.id for fact in scenario.facts], ("facts",))
    yield from _twice("needs", [need.id for need in scenario.needs], ("needs",))
    acts = [act.id for act in scenario.resolution.acts]
    yield from _twice("acts", acts, ("resolution", "acts"))
    buttons = [button.id for button in scenario.hot_buttons]
    yield from _twice("hot buttons", buttons, ("hot_buttons",))
    yield from _twice("moments", [moment.id for moment in scenario.moments], ("moments",))
    yield from _order(scenario)
    yield from _moments(scenario)
    yield from _story(scenario)
    yield from _unless(scenario)


def _temperament(scenario: Scenario, temperaments: Collection[str]) -> Iterator[Finding]:
    named = scenario.persona.temperament
    path: KeyPath = ("persona", "temperament")
    others = sorted(name for name in temperaments if name != GENERAL)
    if named not in temperaments:
        yield Finding(
            path, f"There is no temperament '{named}'", nearest(named, others), stops=True
        )
    elif named == GENERAL:
        yield Finding(
            path,
            "'general' has the words that anybody may say, and is nobody's temperament",
            f"write one of: {', '.join(others)}",
        )
    if GENERAL not in temperaments:
        yield Finding(
            path,
            "The words for anybody are missing: there is no temperament 'general'",
            "copy general.yaml from CoachBot's own scenarios/temperaments into the folder",
            stops=True,
        )


def _twice(things: str, ids: Sequence[str], path: KeyPath) -> Iterator[Finding]:
    for number, name in enumerate(ids):
        first = ids.index(name)
        if first != number:
            yield Finding(
                (*path, number, "id"),
                f"Two of the {things} are called '{name}'",
                "give one of them another id",
                stops=True,
                other=(*path, first, "id"),
            )


def _order(scenario: Scenario) -> Iterator[Finding]:
    acts = scenario.resolution.acts
    ids = [act.id for act in acts]
    in_order = scenario.resolution.order == "in_order"
    before = {act.id: tuple(name for name in act.after if name in ids) for act in acts}
    for number, act in enumerate(acts):
        for place, name in enumerate(act.after):
            path: KeyPath = ("resolution", "acts", number, "after", place)
            if name not in ids:
                yield Finding(path, f"There is no act '{name}'", nearest(name, ids), stops=True)
            elif act.id in _all_before(name, before):
                yield Finding(
                    path,
                    f"'{act.id}' waits for '{name}', and '{name}' waits for '{act.id}', so "
                    "neither can ever be done"
                    if name != act.id
                    else f"'{act.id}' waits for itself and can never be done",
                    "delete the one that needn't wait",
                    stops=True,
                )
            elif ids.index(name) > number:
                yield Finding(
                    path,
                    f"'{act.id}' stands before '{name}' in the file but comes after it"
                    + (", and with 'order: in_order' it can never be done" if in_order else ""),
                    f"move '{act.id}' below '{name}'",
                    stops=in_order,
                )


def _unless(scenario: Scenario) -> Iterator[Finding]:
    ids = [
        *(fact.id for fact in scenario.facts),
        *(need.id for need in scenario.needs),
        *(act.id for act in scenario.resolution.acts),
    ]
    for bank in scenario_banks(scenario):
        for number, line in enumerate(bank.lines):
            for place, name in enumerate(line.unless):
                if name not in ids:
                    yield Finding(
                        (*bank.path, number, "unless", place),
                        f"There is no fact, need or act '{name}'",
                        nearest(name, ids),
                    )


def _all_before(name: str, before: Mapping[str, Iterable[str]]) -> set[str]:
    """An act and everything that it waits for, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += before.get(one, ())
    return found


def _moments(scenario: Scenario) -> Iterator[Finding]:
    known = {
        "fact": [fact.id for fact in scenario.facts],
        "need": [need.id for need in scenario.needs],
        "act": [act.id for act in scenario.resolution.acts],
    }
    seen: dict[str, int] = {}
    for number, moment in enumerate(scenario.moments):
        path: KeyPath = ("moments", number, "when")
        kind, _, name = moment.when.partition(" ")
        if name and name not in known[kind]:
            yield Finding(
                path,
                f"There is no {kind} '{name}'",
                nearest(name, known[kind], f"{kind} "),
                stops=True,
            )
        if moment.when in seen:
            yield Finding(
                path,
                f"There is another moment for '{moment.when}'",
                "put the replies of both together under one of them",
                severity="warning",
                other=("moments", seen[moment.when], "when"),
            )
        seen.setdefault(moment.when, number)
    if scenario.moments[0].when != "opening":
        yield Finding(
            ("moments", 0, "when"),
            f"The first moment must be the opening, and this is '{scenario.moments[0].when}'",
            "put a moment with 'when: opening' first",
        )


def _story(scenario: Scenario) -> Iterator[Finding]:
    story = scenario.story
    parts = (
        ("acts", story.acts, [act.id for act in scenario.resolution.acts], "act", True),
        ("needs", story.needs, [need.id for need in scenario.needs], "need", True),
        (
            "hot_buttons",
            story.hot_buttons,
            [b.id for b in scenario.hot_buttons],
            "hot button",
            False,
        ),
    )
    for key, told, ids, thing, needed in parts:
        for name in told:
            if name not in ids:
                yield Finding(
                    ("story", key, name), f"There is no {thing} '{name}'", nearest(name, ids)
                )
        for name in ids:
            if name not in told:
                yield Finding(
                    ("story", key) if told else ("story",),
                    f"The story has nothing for the {thing} '{name}'",
                    f"add under '{key}': {name}, with what is told if it was done, and if not"
                    if needed
                    else f"add under '{key}': {name}, with what is told about it",
                    severity="mistake" if needed else "warning",
                )


def nearest(name: str, known: Sequence[str], prefix: str = "") -> str:
    """What to write in place of a name that nothing has."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.72)
    if close:
        return f"did you mean '{prefix}{close[0]}'?"
    if not known:
        return "leave it out: there is none that it could be"
    if len(known) == 1:
        return f"there is only '{prefix}{known[0]}'"
    return "write one of: " + ", ".join(f"{prefix}{one}" for one in known)
