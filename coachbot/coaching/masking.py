"""Taking people's names, addresses and numbers out of texts, as far as patterns can find them.

What is found: e-mail addresses, handles, bank accounts, telephone, card and order numbers of six
digits or more, and names that are told beforehand. What can't be found: a name that nobody told,
a street, a story by which somebody is known. Whoever passes texts on reads them first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

_Replace = Callable[[re.Match[str]], str]

NAME, NUMBER, MAIL = "[name]", "[number]", "[e-mail]"

FEWEST_DIGITS = 6
"""Digits from which a number may be somebody's; prices and times of day have fewer."""

SHORTEST_NAME = 3
"""Letters from which a part of a name is looked for: shorter ones are in too many words."""

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w@.])@\w{4,}")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_LONG_NUMBER = re.compile(r"(?<![\w.,£$€])(?:[A-Za-z]{1,4}-?)?\+?\d(?:[ ()/-]{0,2}\d){4,}(?![\w])")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})")
_WORD = re.compile(r"[^\W\d_]+")

# Names that are words as well are looked for with a capital letter only, inside a sentence or not.
_ALSO_WORDS = frozenset(
    """
    amber angel april art august autumn baker bill black brown chance chase cook dawn dean don drew
    earl faith field frank grace grant gray green guy hill hope iris ivy jack jade jean joy june
    king lane lily long love mark may miles nick olive page pat penny ray reed rich rob rose ruby
    sandy short stone sue summer will wood young
    """.split()
)


class Masker:
    """Masks texts in which some people's names may stand.

    ``known``: texts in which nothing is anybody's, such as a scenario; what stands there stays.
    ``own``: names of whoever speaks, found in lower case too; ``others``: with a capital only.
    """

    def __init__(
        self,
        own: Iterable[str],
        *,
        others: Iterable[str] = (),
        known: Collection[str] = (),
    ) -> None:
        whole = "\n".join(known)
        fictional = {word.casefold() for word in _WORD.findall(whole)}
        self._known = whole
        self._digits = _digits(whole)
        anywhere = _parts(own) - fictional
        capital = (_parts(others) - fictional) | (anywhere & _ALSO_WORDS)
        self._anywhere = frozenset(anywhere - _ALSO_WORDS)
        self._capital = frozenset(capital)

    def mask(self, text: str) -> str:
        """The text with what was found in square brackets."""
        text = _MAIL.sub(self._unless_known(MAIL), text)
        text = _HANDLE.sub(self._unless_known(NAME), text)
        text = _ACCOUNT.sub(self._unless_known(NUMBER), text)
        text = _LONG_NUMBER.sub(self._number, text)
        return _WORD.sub(self._name, text)

    def _unless_known(self, mask: str) -> _Replace:
        return lambda found: found[0] if found[0] in self._known else mask

    def _number(self, found: re.Match[str]) -> str:
        digits = "".join(c for c in found[0] if c.isdigit())
        if len(digits) < FEWEST_DIGITS and not found[0][0].isalpha():
            return found[0]
        if _DATE.fullmatch(found[0]) or digits in self._digits:
            return found[0]
        return NUMBER

    def _name(self, found: re.Match[str]) -> str:
        word = found[0]
        folded = word.casefold()
        if folded in self._anywhere or (word[0].isupper() and folded in self._capital):
            return NAME
        return word


def _parts(names: Iterable[str]) -> set[str]:
    return {
        part.casefold()
        for name in names
        for part in _WORD.findall(name)
        if len(part) >= SHORTEST_NAME
    }


def _digits(text: str) -> frozenset[str]:
    return frozenset(
        "".join(c for c in found[0] if c.isdigit()) for found in _LONG_NUMBER.finditer(text)
    )
