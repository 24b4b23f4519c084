"""Content words, numbers and names of a text, for comparing what two texts are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from coachbot.scoring.cues import straighten

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_CODE = re.compile(r"\b(?=[A-Za-z-]*\d)[A-Za-z\d-]{3,}\b")
_SUFFIXES = ("'s", "ings", "ing", "edly", "ed", "ies", "es", "ly", "s", "e", "y")
_SHORTEST_STEM = 3
# Words that carry no subject, beside those that are common in the background texts.
_EMPTY_WORDS = frozenset(
    """a about after again all also am an and any anything are as at back be because been before being but by
    can can't could did didn't do does doesn't doing don't down each even ever every few for from get getting
    go going gone got had has have haven't having he her here him his how i i'd i'll i'm i've if in into is
    isn't it it's its just know let like look lot make many may me might mine more most much must my need no
    not nothing now of off ok okay on once one only or other our out over own please put really right same
    say see she should so some something sorry still such sure take tell than thank thanks that that's the
    their them then there there's these they thing things think this those though through to today too tried
    try two under until up us use very want was wasn't we we'll we're we've well went were what what's when
    where which while who why will with won't would yes yet you you'd you'll you're you've your yours hello hi
    hey dear""".split()
)


def stem(word: str) -> str:
    """Cut common endings, so that "delivered" and "delivery" meet. Lower case."""
    word = word.lower()
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)]
    return word


def content_words(text: str) -> list[str]:
    """Return the stems of the words that carry a subject, in order, repetitions kept."""
    words = (w.lower() for w in _WORD.findall(straighten(text)))
    return [stem(w) for w in words if w not in _EMPTY_WORDS and len(w) > 1]


def numbers(text: str) -> set[str]:
    """Return the numbers of a text as digits ("£1,250.00" is "1250.00", "14:20" stays)."""
    found: set[str] = set()
    for number in _NUMBER.findall(text):
        plain = (
            number.replace(",", "")
            if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number)
            else number
        )
        found.add(re.sub(r"\.00$", "", plain))
    return found


def codes(text: str) -> set[str]:
    """Return order numbers and the like: tokens of letters and digits, upper case."""
    return {c.upper() for c in _CODE.findall(text)}


def names(text: str) -> set[str]:
    """Return words written with a capital that do not begin a sentence, lower case."""
    found: set[str] = set()
    if text.isupper():
        # Somebody who shouts names nobody.
        return found
    for match in _WORD.finditer(straighten(text)):
        word = match.group()
        before = text[: match.start()].rstrip(" \"'(“‘")
        opens = not before or before[-1] in ".!?\n:•*-"
        if word[0].isupper() and not opens and word.split("'")[0] not in ("I", "OK", "PS"):
            found.add(word.split("'")[0].lower())
    return found


@dataclass(frozen=True)
class Rarity:
    """How much a word says: high for rare words, low for those every customer uses.

    ``weights`` maps the stems of common words to their inverse document frequency in the training
    texts, scaled to 0 to 1; every other word weighs 1.
    """

    weights: Mapping[str, float] = field(default_factory=dict)

    def of(self, word: str) -> float:
        """Return the weight of one stem."""
        return self.weights.get(word, 1.0)

    def share(self, words: Iterable[str], found_in: AbstractSet[str]) -> float:
        """Return the weighted share of ``words`` that are in ``found_in``, 0 to 1; 0 for none."""
        distinct = set(words)
        total = sum(self.of(w) for w in distinct)
        return sum(self.of(w) for w in distinct & found_in) / total if total else 0.0


def word_runs(text: str, length: int = 4) -> list[tuple[str, ...]]:
    """Return all runs of ``length`` words in a row, lower case."""
    words = [w.lower() for w in _WORD.findall(straighten(text))]
    return [tuple(words[i : i + length]) for i in range(len(words) - length + 1)]
