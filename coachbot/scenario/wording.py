"""Checks of single texts: slots, and words that stand twice where they may stand only once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from coachbot.scenario.finding import Finding, KeyPath
from coachbot.scenario.models import SLOT, Scenario
from coachbot.scenario.speech import Bank, spoken_key, temperament_banks
from coachbot.scenario.temperament import Temperament

Group = tuple[KeyPath, tuple[str, ...]]


def texts(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Every text in a model, with the way to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from texts(part, (*path, name))
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from texts(part, (*path, number))


def key(text: str) -> str:
    """A text without case, punctuation and spaces around its words."""
    return " ".join(re.sub(r"[^\w{}]+", " ", text.casefold()).split())


def check_slots(
    model: Scenario | Temperament, banks: Sequence[Bank], facts: Mapping[str, bool]
) -> Iterator[Finding]:
    """Find braces that would be said as they stand. ``facts``: ids, and whether with a value."""
    said = {bank.path: bank.slots for bank in banks}
    for path, text in texts(model):
        allowed = _allowed(path, said)
        for name in dict.fromkeys(SLOT.findall(text)):
            if _is_good_reply(path):
                yield from _fact_slot(path, name, facts)
            elif name not in allowed:
                yield Finding(
                    path,
                    f"Nothing fills {{{name}}} here",
                    "write "
                    + " or ".join(f"{{{slot}}}" for slot in sorted(allowed))
                    + ", or the words themselves"
                    if allowed
                    else "write the words themselves",
                )
        if re.search(r"[{}]", SLOT.sub("", text)):
            yield Finding(
                path,
                "A brace stands here that belongs to no slot",
                "write a slot such as {when}, in small letters and without spaces, or leave the "
                "brace out",
            )
        if _is_story_quote(path) and "{quote}" not in text:
            yield Finding(
                path,
                "The hire's words are missing here, so the sentence is never told",
                "write {quote} where they belong",
            )


def _allowed(path: KeyPath, said: Mapping[KeyPath, frozenset[str]]) -> frozenset[str]:
    if _is_story_quote(path):
        return frozenset(("quote",))
    # A message is at: bank, number of the line, "say", number of the message.
    if len(path) > 3 and path[-2] == "say":
        return said.get(path[:-3], frozenset())
    return frozenset()


def _is_story_quote(path: KeyPath) -> bool:
    return path[0] in ("turned", "stung")


def _is_good_reply(path: KeyPath) -> bool:
    return path[0] == "moments" and len(path) == 4 and path[2] == "good"


def _fact_slot(path: KeyPath, name: str, facts: Mapping[str, bool]) -> Iterator[Finding]:
    if name not in facts:
        yield Finding(
            path,
            f"There is no fact '{name}' that could fill {{{name}}}",
            "write one of: "
            + (", ".join(f"{{{fact}}}" for fact, value in facts.items() if value) or "no slot"),
        )
    elif not facts[name]:
        yield Finding(
            path,
            f"The fact '{name}' has no value that could fill {{{name}}}",
            "add 'value:' to the fact, or write the words themselves",
        )


def check_good_replies(scenario: Scenario) -> Iterator[Finding]:
    """Find moments whose every good reply uses what the customer may not have said by then."""
    for number, moment in enumerate(scenario.moments):
        kind, _, name = moment.when.partition(" ")
        told = {fact.id for fact in scenario.facts if fact.in_opening}
        if kind == "fact":
            told.add(name)
        later = {fact.id for fact in scenario.facts} - told
        if all(later & set(SLOT.findall(text)) for text in moment.good):
            unsure = sorted(later & set(SLOT.findall(moment.good[0])))
            yield Finding(
                ("moments", number, "good"),
                f"The customer may not have said {' and '.join(unsure)} by then",
                "add a good reply that uses only what the opening says"
                + (f" and the fact '{name}'" if kind == "fact" else ""),
                severity="warning",
            )


def check_repeated_lines(
    banks: Sequence[Bank], others: Sequence[Temperament] = ()
) -> Iterator[Finding]:
    """Find messages that two lines have in common: once one is said, the other is gone."""
    elsewhere = {
        spoken_key(message): other.id
        for other in reversed(others)
        for bank in temperament_banks(other)
        for line in bank.lines
        for message in line.say
    }
    first: dict[str, tuple[KeyPath, str]] = {}
    for bank in banks:
        for number, line in enumerate(bank.lines):
            for place, message in enumerate(line.say):
                said = spoken_key(message)
                path = (*bank.path, number, "say", place)
                known = first.setdefault(said, (path, bank.instead_of))
                if known[0] != path and not (bank.instead_of and known[1] == bank.instead_of):
                    yield Finding(
                        path,
                        "The same words stand in the file twice, and nobody says a thing twice",
                        "find other words for one of the two",
                        other=known[0],
                    )
                elif said in elsewhere:
                    yield Finding(
                        path,
                        f"The temperament '{elsewhere[said]}' has the same words, and nobody says "
                        "a thing twice",
                        "find other words",
                    )


def check_examples(scenario: Scenario) -> Iterator[Finding]:
    """Find example wordings that stand for two things at once."""
    yield from dict.fromkeys(_examples(scenario))


def _examples(scenario: Scenario) -> Iterator[Finding]:
    acts = scenario.resolution.acts
    buttons = scenario.hot_buttons
    forbidden = scenario.brief.may_not_offer
    act = _groups(("resolution", "acts"), "examples", [a.examples for a in acts])
    act_not = _groups(
        ("resolution", "acts"), "counter_examples", [a.counter_examples for a in acts]
    )
    button = _groups(("hot_buttons",), "examples", [b.examples for b in buttons])
    button_not = _groups(
        ("hot_buttons",), "counter_examples", [b.counter_examples for b in buttons]
    )
    off = _groups(("brief", "may_not_offer"), "examples", [f.examples for f in forbidden])
    off_not = _groups(
        ("brief", "may_not_offer"), "counter_examples", [f.counter_examples for f in forbidden]
    )
    fact = _groups(("facts",), "ask", [f.ask for f in scenario.facts])
    need = _groups(("needs",), "ask", [n.ask for n in scenario.needs])
    met = _groups(("needs",), "met_by", [n.met_by for n in scenario.needs])
    comeback = _groups(("comebacks",), "to", [c.to for c in scenario.comebacks])

    yield from _shared([*act, *off], "an example")
    yield from _shared(button, "an example")
    yield from _shared([*fact, *need], "a way to ask")
    yield from _shared(met, "an example")
    yield from _shared(comeback, "something the hire says")
    yield from _shared([*act, *button], "an example", within=False)
    for yes, no in [
        *zip(act, act_not, strict=True),
        *zip(button, button_not, strict=True),
        *zip(off, off_not, strict=True),
    ]:
        yield from _shared([no], "a counter-example")
        yield from _shared([yes, no], "an example", "a counter-example", within=False)
    good: list[Group] = [
        (("moments", n, "good"), moment.good) for n, moment in enumerate(scenario.moments)
    ]
    replies: Group = (("example_conversation",), scenario.example_conversation)
    for group in [*good, replies]:
        for banned in off:
            yield from _shared(
                [banned, group], "what may not be offered", "a good reply", within=False
            )


def _groups(path: KeyPath, name: str, banks: Iterable[tuple[str, ...]]) -> list[Group]:
    return [((*path, number, name), bank) for number, bank in enumerate(banks)]


def _shared(
    groups: Sequence[Group], thing: str, other_thing: str = "", *, within: bool = True
) -> Iterator[Finding]:
    """Find a text that stands in two groups, or (``within``) twice in one."""
    first: dict[str, tuple[KeyPath, int]] = {}
    for number, (path, bank) in enumerate(groups):
        for place, text in enumerate(bank):
            known = first.setdefault(key(text), ((*path, place), number))
            if known[0] == (*path, place) or (known[1] == number and not within):
                continue
            both = f"{thing} and {other_thing}" if other_thing else f"{thing} twice"
            yield Finding(
                (*path, place),
                f"The same words are {both}, so that they can't be told apart"
                if known[1] != number
                else f"The same words are {both} in this list",
                "write something else in one of the two places"
                if known[1] != number
                else "write it in quite different words, or delete it",
                other=known[0],
            )


def check_triggers(banks: Sequence[Bank]) -> Iterator[Finding]:
    """Find ``to`` wordings that stand twice at one line."""
    for bank in banks:
        for number, line in enumerate(bank.lines):
            yield from _shared([((*bank.path, number, "to"), line.to)], "an example")


def check_mentions(scenario: Scenario) -> Iterator[Finding]:
    """Find examples of an act that lack the word without which it doesn't count."""
    for number, act in enumerate(scenario.resolution.acts):
        words = [word.lower() for word in act.mentions]
        if not words:
            continue
        for place, text in enumerate(act.examples):
            if not any(word in text.lower() for word in words):
                yield Finding(
                    ("resolution", "acts", number, "examples", place),
                    "This example has none of the words in 'mentions', so it would not count",
                    f"use one of: {', '.join(act.mentions)}; or add a word of it to 'mentions'",
                )
        replies = " ".join(scenario.example_conversation).lower()
        if not any(word in replies for word in words):
            yield Finding(
                ("example_conversation",),
                f"Nothing in it has a word that the act '{act.id}' needs",
                f"use one of: {', '.join(act.mentions)}",
            )


def check_hints(scenario: Scenario) -> Iterator[Finding]:
    """Find hints that give the words away instead of a direction."""
    things: list[tuple[KeyPath, str, tuple[str, ...]]] = [
        (("resolution", "acts", n, "hint"), act.hint, act.examples)
        for n, act in enumerate(scenario.resolution.acts)
    ]
    things += [
        (("needs", n, "hint"), need.hint, (*need.ask, *need.met_by))
        for n, need in enumerate(scenario.needs)
    ]
    for path, hint, examples in things:
        if any(key(example) in key(hint) for example in examples):
            yield Finding(
                path, "The hint gives the words away", "say where to look, not what to write"
            )
