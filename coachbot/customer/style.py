"""How a customer types. Comes last, and never touches names, numbers or links.

How often real customers do what is done here is measured in ``docs/realism.md``.
"""

from __future__ import annotations

import random
import re

from coachbot.scenario.models import Band, Style

_START = re.compile(r"(^|[.!?…]\s+)([\"'“‘(]*)([A-Z][\w’']*)")
_PLAIN = frozenset(
    "a about actually after again ah all already also always am an and another any anybody anyone "
    "anything anyway are aren't as ask at back be because been before being both brilliant but by "
    "bye call can can't cheers come could could've couldn't did didn't do does doesn't don't done "
    "dunno each eh either else even every everybody everybody's everyone everything fair finally "
    "find fine first for forget from get give go going good got great had has hasn't have haven't "
    "he he'd he'll he's heard hello her here hey hi him his hm hold how how's huh if in instead "
    "is isn't it it'd it'll it's its just keep last leave let let's like look lovely made make "
    "maybe me meant mine more morning most mostly my nearly never next nice no nobody nobody's "
    "none nope not nothing now of off oh oi ok okay on once one only or otherwise our out over "
    "please put quite really right same say second see send shall she she'd she'll she's should "
    "since so some somebody somebody's someone someone's something sorry sounds still stop sure "
    "ta take talk tell than thank thanks that that'd that'll that's the their them then there "
    "there's these they they'd they'll they're they've thing think third this those three to "
    "today told tomorrow tonight too try twice two under until up us wait waiting was wasn't we "
    "we'd we'll we're we've well were weren't what what's whatever when where where's which while "
    "who who's whoever whose why with without won't would wow yeah yep yes yesterday yet you "
    "you'd you'll you're you've your yours".split()
)
"""What may begin with a small letter: words that are nobody's name. Of two out of five real
customers most messages begin with one; they too put some capitals."""

_APOSTROPHE = re.compile(
    r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should|ca|wo)n['’]t\b"
    r"|\b(that|what|there)['’]s\b"
)
_NO_APOSTROPHE = 0.5
"""Share of messages in which who doesn't bother with capitals and full stops leaves it out."""

_WARM = re.compile(
    r"^(?:(?:oh|ok|okay|yes|right|well|and|all right)[,.]? )?"
    r"(?:thanks|thank you|cheers|hello|hi|hey|hiya|(?:good )?(?:morning|afternoon|evening))\b"
    r"(?:,? (?!(?:but|no|not|nothing)\b)[\w’']+){0,3}\.?$",
    re.IGNORECASE,
)
_EXCLAIMS = 0.35
"""Share of short thanks and greetings with an exclamation mark, of people who chat in short
messages; over all real customers it is one in six."""

_SHOUTABLE = frozenset(
    "still again never nothing nobody always today now waiting waited twice three four days weeks "
    "hours every second third last time where when".split()
)


def typed(
    bubbles: tuple[str, ...], style: Style, band: Band, draw: random.Random, names: frozenset[str]
) -> tuple[str, ...]:
    """The messages as this person would type them.

    ``names``: words, lower case, that keep their capitals: people, places, brands.
    """
    messages = bubbles if style.bubbles else ("\n".join(_ended(b) for b in bubbles),)
    return tuple(_typed(message, style, band, draw, names) for message in messages)


def _typed(text: str, style: Style, band: Band, draw: random.Random, names: frozenset[str]) -> str:
    if "\n" in text:
        return "\n".join(_typed(part, style, band, draw, names) for part in text.split("\n"))
    if style.shouts and band == "low" and draw.random() < 0.15:
        text = _shouted(text, draw, names)
    if style.lower_case:
        text = _lowered(text, names)
        if not style.full_stops and _APOSTROPHE.search(text) and draw.random() < _NO_APOSTROPHE:
            text = _APOSTROPHE.sub(lambda found: re.sub("['’]", "", found[0]), text)
    if not style.full_stops and re.search(r"(?<![.!?])\.$", text):
        text = text[:-1]
    elif style.full_stops and re.search(r"[\w)’'\"]$", text):
        text = text + "."
    if style.bubbles and band != "low":
        text = _exclaimed(text, draw)
    if style.slips and draw.random() < style.slips:
        text = _slipped(text, draw, names)
    return text


def _ended(text: str) -> str:
    return text if re.search(r"[.!?…]$", text) else text + "."


def _bare(word: str) -> str:
    return word.strip(".,;:!?'\"()").lower()


def _lowered(text: str, names: frozenset[str]) -> str:
    """Plain words at the beginning of sentences in small letters; other capitals mean something."""

    def small(found: re.Match[str]) -> str:
        before, quote, word = found.groups()
        bare = word.replace("’", "'").lower()
        loud = len(word) > 1 and word.isupper() and word != "OK"
        plain = bare in _PLAIN and bare.removesuffix("'s") not in names
        return before + quote + (word.lower() if plain and not loud else word)

    return _START.sub(small, text)


def _exclaimed(text: str, draw: random.Random) -> str:
    """Thanks or a greeting with an exclamation mark, now and then."""
    parts = re.split(r"(?<=[.!?…]) ", text)
    return " ".join(
        part.removesuffix(".") + "!" if _WARM.search(part) and draw.random() < _EXCLAIMS else part
        for part in parts
    )


def _shouted(text: str, draw: random.Random, names: frozenset[str]) -> str:
    words = text.split(" ")
    places = [i for i, w in enumerate(words) if _bare(w) in _SHOUTABLE and _bare(w) not in names]
    if not places or any(len(w) > 2 and w.isupper() for w in words):
        return text
    at = draw.choice(places)
    words[at] = words[at].upper()
    return " ".join(words)


def _slipped(text: str, draw: random.Random, names: frozenset[str]) -> str:
    """Two neighbouring letters swapped inside one plain word."""
    words = text.split(" ")
    places = [
        i
        for i, word in enumerate(words)
        if word.isalpha() and word.islower() and len(word) > 4 and word not in names
    ]
    if not places:
        return text
    at = draw.choice(places)
    word = words[at]
    cut = draw.randrange(1, len(word) - 2)
    words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)
