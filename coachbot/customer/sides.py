"""Who does what: statements by their subjects, so that a change of sides is noticed.

Similarity is blind to it: "I pressed Pay" and "you pressed Pay" are nearly the same vector. So each
verb is taken with the one who does it, and what a message says is held against what the customer
says and, with I and you exchanged, what the hire has said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

Side = Literal["self", "other"]
"""Of the speaker: I and we, or you."""

_SELF, _OTHER = frozenset({"i", "we"}), frozenset({"you"})
_BETWEEN = frozenset(
    "am are is was were be been being have has had do does did will would shall should can could "
    "may might must not never ever just only really still already always also even actually now "
    "so too all both to go going gonna got get getting a an the ll m re s ve d t can't don't won't "
    "didn't isn't aren't wasn't weren't haven't hasn't hadn't wouldn't couldn't shouldn't".split()
)
"""What may stand between the one who does something and the word for it."""

_ATTITUDES = frozenset(
    "think know knew mean meant suppose guess hope want wanted need needed see saw like liked love "
    "understand understood believe bet wish feel felt say said tell told ask asked hear heard "
    "thought sure sorry glad happy afraid look take make let try come here there right".split()
)
"""Verbs that either side uses of itself at any time, and that state nothing."""

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[.,;:!?\n]", re.IGNORECASE)
_NEAR = 6
"""Words after the pronoun among which the verb is looked for."""


def doings(text: str) -> dict[str, frozenset[Side]]:
    """Verbs, or what somebody is said to be, and whose they are: ``{"pressed": {"self"}}``."""
    found: dict[str, set[Side]] = {}
    words = [word.lower() for word in _WORD.findall(text.replace("’", "'"))]
    for at, word in enumerate(words):
        pronoun = word.partition("'")[0]
        if pronoun not in _SELF | _OTHER:
            continue
        side: Side = "self" if pronoun in _SELF else "other"
        verb = next((w for w in words[at + 1 : at + _NEAR] if w not in _BETWEEN), "")
        if verb.isalpha() and verb not in _ATTITUDES | _SELF | _OTHER:
            found.setdefault(_stem(verb), set()).add(side)
    return {verb: frozenset(sides) for verb, sides in found.items()}


def _stem(word: str) -> str:
    """A verb without its ending, roughly: "pressed", "pressing" and "press" are the same."""
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if word[-2:-1] == word[-1:] else word


def changed_sides(text: str, own: Iterable[str], hires: Iterable[str]) -> str | None:
    """The verb that a message gives to the wrong one of the two; None if there is none.

    ``own``: what the customer has said or is to say; ``hires``: what the hire has said, in which I
    is the other. A verb that nobody has used is nobody's.
    """
    known: dict[str, set[Side]] = {}
    for said in own:
        _add(known, doings(said))
    for said in hires:
        _add(known, {verb: _exchanged(sides) for verb, sides in doings(said).items()})
    for verb, sides in doings(text).items():
        if verb in known and sides - known[verb]:
            return verb
    return None


def _add(known: dict[str, set[Side]], found: Mapping[str, frozenset[Side]]) -> None:
    for verb, sides in found.items():
        known.setdefault(verb, set()).update(sides)


def _exchanged(sides: frozenset[Side]) -> frozenset[Side]:
    return frozenset("other" if side == "self" else "self" for side in sides)


_SHE = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_HE = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_WOMAN = re.compile(
    r"\b(?:mum|mom|mother|wife|daughter|sister|aunt|auntie|gran|granny|grandma|grandmother|niece|"
    r"girl|girlfriend|woman|lady|madam|mrs|ms|miss|queen|bride)\b",
    re.IGNORECASE,
)
_MAN = re.compile(
    r"\b(?:dad|father|husband|son|brother|uncle|grandad|granddad|grandpa|grandfather|nephew|lad|boy|"
    r"boyfriend|man|gentleman|sir|mr|bloke|guy|chap|king|groom)\b",
    re.IGNORECASE,
)


def stranger(text: str, known: str) -> str | None:
    """A "she" or "he" of whom nobody has spoken; None if there is none."""
    for pronoun, person in ((_SHE, _WOMAN), (_HE, _MAN)):
        found = pronoun.search(text)
        if found and not (pronoun.search(known) or person.search(known)):
            return found.group()
    return None
