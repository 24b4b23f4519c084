"""What a text mentions that is true or false: numbers, amounts, dates, names, people and places.

Everything is compared as a value, so that "two weeks" and "2 weeks" are the same, and "two days"
is another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from coachbot.customer.banks import content_words

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: i for i, word in enumerate(_ONES)} | {w: 10 * i for i, w in enumerate(_TENS, 2)}
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
)
_OTHER = {
    "half": "half",
    "twice": "2 time",
    "thrice": "3 time",
    "dozen": "12",
    "dozens": "12",
    "couple": "couple",
    "several": "several",
    "hundred": "100",
    "hundreds": "100",
    "thousand": "1000",
    "thousands": "1000",
    "million": "1000000",
}
_UNIT = (
    r"(?:seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|times?|pounds?|"
    r"euros?|dollars?|quid|percent|%|miles?|km|people|kids?|children|calls?|emails?|e-mails?|"
    r"messages?|chats?|o'clock|am|pm|grand|k)"
)
_CURRENCY = {"£": "pound", "$": "dollar", "€": "euro", "quid": "pound"}
_SPOKEN = "|".join([*_TENS, *reversed(_ONES), *_ORDINALS, *_OTHER])
_NUMBER = re.compile(
    rf"(?P<currency>[£$€])?\s?(?P<digits>\d[\d,.:/]*\d|\d)(?P<suffix>st|nd|rd|th)?"
    rf"(?:\s?-?\s?(?P<unit>{_UNIT})\b)?"
    rf"|\b(?P<spoken>{_SPOKEN})(?:[- ](?P<ones>{'|'.join(_ONES[1:10])}))?\b"
    rf"(?:\s?-?\s?(?:more |whole |full |long |or so |working )?(?P<spoken_unit>{_UNIT})\b)?",
    re.IGNORECASE,
)
_A_SECOND = re.compile(r"\b(?:a|one|this|every|each|any|split) second\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\bone (?:of|another|thing|day|more|bit|and only|way|or)\b|\bones\b|\bat first\b|"
    r"\bfirst(?:ly)?(?:,| of all| place| thing)|\b(?:the|my) first\b|\bfor once\b",
    re.IGNORECASE,
)


def numbers(text: str) -> frozenset[str]:
    """Numbers as values, each with its unit where it has one: ``{"2 week", "40218", "54 pound"}``.

    What is no claim is left out: "one" as a pronoun, "a second", "at first".
    """
    plain = _PRONOUN.sub(" ", _A_SECOND.sub(" ", text.replace("’", "'").replace("‑", "-")))
    found: set[str] = set()
    for number in _NUMBER.finditer(plain):
        if number["digits"]:
            value = _value(number["digits"])
            unit = _CURRENCY.get(number["currency"] or "") or _unit(number["unit"])
            found.add(f"{value} {unit}".strip())
            continue
        word = number["spoken"].lower()
        unit = _unit(number["spoken_unit"])
        if word == "one" and not unit:
            # A pronoun, nearly always: "send me one".
            continue
        if word in _OTHER:
            found.add(f"{_OTHER[word]} {unit}".strip())
        elif word in _ORDINALS:
            found.add(f"{_ORDINALS.index(word) + 1}th {unit}".strip())
        else:
            ones = (number["ones"] or "").lower()
            value = str(_WORDS[word] + (_WORDS[ones] if ones and word in _TENS else 0))
            found.add(f"{value} {unit}".strip())
    return frozenset(found)


def _value(digits: str) -> str:
    value = digits.strip(",.:/")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", value):
        value = value.replace(",", "")
    if re.fullmatch(r"\d+\.00", value) or re.fullmatch(r"\d{1,2}:00", value):
        value = value[:-3]
    return value


def _unit(unit: str | None) -> str:
    if not unit:
        return ""
    unit = unit.lower()
    unit = {"mins": "minute", "min": "minute", "hrs": "hour", "hr": "hour", "%": "percent"}.get(
        unit, unit
    )
    unit = _CURRENCY.get(unit, unit)
    return unit if unit in ("o'clock", "children", "people") else unit.removesuffix("s")


def supported(value: str, known: frozenset[str]) -> bool:
    """Whether a number is among the known ones; a bare number also where its unit was left out."""
    if value in known:
        return True
    bare, _, unit = value.partition(" ")
    if not unit:
        return any(k.partition(" ")[0] == bare for k in known)
    # "At four o'clock" for "at four"; but "two days" is not "two weeks".
    return unit in ("o'clock", "am", "pm", "pound", "dollar", "euro", "people") and bare in known


_FACTS = """
wife husband partner mother mum mom father dad son daughter child children kid kids baby sister
brother aunt uncle cousin niece nephew grandmother grandfather granny grandma grandpa boyfriend
girlfriend fiance fiancee family parents friend neighbour neighbor colleague boss manager lawyer
solicitor doctor nurse police teacher driver courier landlord tenant
birthday wedding funeral anniversary christmas easter holiday vacation party interview exam surgery
operation appointment meeting flight trip honeymoon conference divorce pregnancy
monday tuesday wednesday thursday friday saturday sunday weekend january february march april june
july august september october november december yesterday tomorrow tonight overnight
morning afternoon evening midnight noon lunchtime lunch dinner breakfast week month year
hospital school office airport station hotel shop store bank court church university college
warehouse depot garage restaurant house flat apartment garden kitchen
cancer illness sick disease diabetes disabled wheelchair pregnant dead died death dying heart
refund voucher discount compensation credit card cheque cash invoice receipt deposit mortgage loan
insurance warranty contract subscription guarantee password login app website email e-mail phone
letter parcel package delivery order ticket booking passport
phone laptop computer tablet car bike train bus van plane dog cat shoes dress coat shirt book toy
television tv fridge washing sofa bed table chair camera watch ring
red blue green black white yellow
broken damaged stolen lost faulty cracked missing wrong torn
arrived delivered received returned cancelled charged paid
""".split()
FACT_WORDS = frozenset().union(*(content_words(word) for word in _FACTS))
"""Words that nearly always state something: people, days, places, things, what happened to them."""


def fact_words(text: str) -> frozenset[str]:
    """The words of a text that state something, in the form of :func:`content_words`."""
    return content_words(text) & FACT_WORDS


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ALWAYS_CAPITAL = frozenset(
    "i i'm i'll i've i'd ok okay mr mrs ms dr sms pdf id tv uk us asap english sorry".split()
)
_SPOKEN_FIRST = frozenset(
    "hi hello hey dear thanks cheers sorry mr mrs ms dr miss from called named".split()
)
_OPENERS = frozenset(
    "great right fine look listen well yes yeah yep no nope please honestly oh ah so and but then "
    "good sure perfect wonderful brilliant seriously finally exactly correct wow huh hm hmm again "
    "still now just anyway really what why how when where who maybe actually enough true".split()
)
"""Words with which a sentence begins, a comma after them, in anybody's mouth."""
_SAYS = frozenset(
    "is was said told says has had will would wrote called promised did does and asked".split()
)


@dataclass(frozen=True)
class Vocabulary:
    """Words that are known as words, lower case: at a sentence's beginning they are no names."""

    words: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Vocabulary:
        """All words of texts, except those that have a capital in the middle of a sentence."""
        found: set[str] = set()
        for text in texts:
            found |= {w.group().lower().replace("’", "'") for w in _WORD.finditer(text)}
        return cls(frozenset(found))


def names(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Words that look like names, lower case, without 's.

    With a capital in mid-sentence; at the beginning of one, if it is addressed or does something
    ("Sarah told me") and isn't known as a word; in capitals, if it isn't known as a word; and after
    a greeting, even without a capital.
    """
    found: set[str] = set()
    shouting = text.upper() == text
    for sentence in re.split(r"(?<=[.!?…\n])\s+|\n", text.replace("’", "'")):
        words = list(_WORD.finditer(sentence))
        for i, match in enumerate(words):
            word = match.group()
            bare = word.lower().removesuffix("'s")
            if not word[0].isupper() or {bare, word.lower()} & _ALWAYS_CAPITAL:
                continue
            known = bool({bare, word.lower()} & (vocabulary.words | _OPENERS))
            if word.isupper() and len(word) > 1:
                # Long words in capitals are shouted; short ones are more often a firm.
                if not (known or shouting or len(word) > 6 or bare.endswith("ing")):
                    found.add(bare)
            elif i > 0:
                if not sentence[: match.start()].rstrip().endswith((":", "“", '"', "-")):
                    found.add(bare)
            elif not known and _acts(sentence, words):
                found.add(bare)
        found |= {
            word.removesuffix("'s")
            for before, word in pairwise(match.group().lower() for match in words)
            if before in _SPOKEN_FIRST and word not in vocabulary.words
        }
    return frozenset(found)


def _acts(sentence: str, words: list[re.Match[str]]) -> bool:
    """Whether a sentence's first word is addressed, or said to do something."""
    first = words[0]
    if sentence[first.end() : first.end() + 1] == ",":
        return not first.group().endswith("ly")
    return len(words) > 1 and words[1].group().lower() in _SAYS
