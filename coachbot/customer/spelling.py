"""Typing slips of the hire, mended before the meaning of what they wrote is looked for.

"Have you contcated us before?" is far from every way to ask that, for an encoder that has never
seen the word. Only what the customer understands is mended: what was written stays as it is
everywhere else, and the scorer reads it as it stands.
"""

from __future__ import annotations

import functools
import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping

from spellchecker import SpellChecker

SHORTEST = 3
"""Letters; what is shorter has too many neighbours."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def vocabulary(phrases: Iterable[str]) -> Mapping[str, int]:
    """How often each word stands in some phrases; words are in lower case."""
    return Counter(word for text in phrases for word in _words(text))


def mended(text: str, known: Mapping[str, int]) -> str:
    """The text with each slip of one letter put right that leads to a known word.

    A slip is a word that is neither English nor known; names, which begin with a capital letter
    inside the text, are left alone. ``known``: as `vocabulary` gives it.
    """
    first = _WORD.search(text)

    def put_right(found: re.Match[str]) -> str:
        word = found.group()
        name = word[0].isupper() and first is not None and found.start() != first.start()
        return word if name else _right(word, known)

    return _WORD.sub(put_right, text)


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def _right(word: str, known: Mapping[str, int]) -> str:
    small = word.lower().replace("’", "'")
    if len(small) < SHORTEST or small in known:
        return word
    near = [other for other in _neighbours(small) if other in known and len(other) >= SHORTEST]
    # The dictionary, which takes a second to load, is asked last.
    if not near or _is_english(small):
        return word
    return max(near, key=lambda other: (known[other], other))


@functools.lru_cache(maxsize=4096)
def _is_english(word: str) -> bool:
    return word in _english()


@functools.lru_cache(maxsize=4096)
def _neighbours(word: str) -> tuple[str, ...]:
    """Words that are one letter more, one less, one other or one swap away."""
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    fewer = [before + after[1:] for before, after in splits if after]
    swapped = [b + a[1] + a[0] + a[2:] for b, a in splits if len(a) > 1]
    other = [b + letter + a[1:] for b, a in splits if a for letter in string.ascii_lowercase]
    more = [b + letter + a for b, a in splits for letter in string.ascii_lowercase]
    return tuple(dict.fromkeys((*fewer, *swapped, *other, *more)))


@functools.cache
def _english() -> SpellChecker:
    return SpellChecker(language="en")
