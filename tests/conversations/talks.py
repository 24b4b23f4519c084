"""The customer's side of conversations, real or played, and what can be counted in it.

Real ones are the customers of ``maia/``. What they say (thanks, questions, length) is read in the
English translation; how they type (capitals, marks at the end) in their own words, because the
translation puts capitals and full stops where nobody had typed any.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Literal

import numpy as np

from coachbot.errors import UsageError

Turn = tuple[str, ...]
"""What a customer sends before the agent answers: messages; for real ones, sentences."""

Tongue = Literal["en", "pt"]


@dataclass(frozen=True)
class Talk:
    """The customer's side of one conversation: who it is, and their turns."""

    who: str
    group: str
    turns: tuple[Turn, ...]


# --- Real customers -----------------------------------------------------------------------------

_SYSTEM = re.compile(r"^(?:visitor uploaded|url|type|size|tamanho|tipo)\s*:", re.IGNORECASE)
"""Lines that the chat's program wrote when a file was sent."""


def real(data: Path, tongue: Tongue) -> list[Talk]:
    """The customers of ``maia/``, in translation (en) or as they typed (pt); group: the client.

    Raises ``UsageError`` if the folder has no such files.
    """
    field = {"en": "text_mt", "pt": "text_src"}[tongue]
    files = sorted((data / "maia").glob("*.json"))
    if not files:
        raise UsageError(f"No file *.json in {data / 'maia'}. Give the folder that holds maia/.")
    talks = []
    for file in files:
        for dialogue in json.loads(file.read_text(encoding="utf-8")):
            sent = [
                tuple(text for text in turn[field] if text.strip() and not _SYSTEM.match(text))
                for turn in dialogue["turns"]
                if turn["floor"] == "inbound"
            ]
            turns = tuple(turn for turn in sent if turn)
            if turns:
                talks.append(Talk(dialogue["id"], file.stem[-9:].replace("_", " "), turns))
    return talks


# --- What can be seen in a turn -----------------------------------------------------------------

_MARK = re.compile(r"#\w+#")
_ENDED = re.compile(r"[.!?…:;]+[\"'”’)\]]*$")
_GAP = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n")
_WORD = re.compile(r"[^\W_]")
_CAPITALS = re.compile(r"\b[^\W\d_a-zà-ÿ]{3,}\b")

_THANKS = {
    "en": re.compile(r"\b(?:thank|thanks|thx|tks|ta|cheers|grateful|appreciate)\b", re.IGNORECASE),
    "pt": re.compile(r"\b(?:obrigad\w*|obg|valeu|grat[oa]|agrade\w+|tks)\b", re.IGNORECASE),
}
_GREETING = {
    "en": re.compile(
        r"^\W*(?:hello|hi|hey|hiya|(?:good )?(?:morning|afternoon|evening)|good (?:night|day))\b",
        re.IGNORECASE,
    ),
    "pt": re.compile(r"^\W*(?:ol[aá]|oi+e?|bom dia|boa (?:tarde|noite)|bo[am])\b", re.IGNORECASE),
}
_CARELESS = {
    "en": re.compile(
        r"\b(?:(?:do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo)nt|im|ive|"
        r"youre|youve|theyre|thats|whats|theres|its (?:a|the|not|been|my)|u|ur|pls|plz|thx|tks)\b",
        re.IGNORECASE,
    ),
    "pt": re.compile(
        r"\b(?:n|nao|vc|vcs|voce|voces|tb|tbm|td|pq|q|ja|ate|tambem|estao|"
        r"numero|credito|creditos|cartao|obg|pf|blz|hj|msg|cmg|entao|opcao)\b",
        re.IGNORECASE,
    ),
}
"""English without its apostrophe or cut short; Portuguese without its accent or cut short. The two
are only comparable as ways of not bothering."""


def sentences(turn: Turn) -> list[str]:
    """The sentences of a turn. Real ones come cut like that; authored ones are cut the same way."""
    found = [part.strip() for message in turn for part in _GAP.split(message)]
    return [part for part in found if _WORD.search(part)]


def words(text: str) -> int:
    """Words in a text; an anonymised name is one."""
    return sum(bool(_WORD.search(word)) for word in text.split())


def _letters(text: str) -> list[str]:
    return [letter for letter in _MARK.sub("", text) if letter.isalpha()]


def lower_start(text: str) -> bool | None:
    """Whether a sentence begins with a small letter; None if it has none of its own."""
    bare = _MARK.sub("", text).lstrip(" \"'“‘¿(-")
    return bare[0].islower() if bare[:1].isalpha() and not text.startswith("#") else None


def shouts(text: str) -> bool:
    """Whether a word of three letters or more is all capitals, and the text has no code for it."""
    return any(word.lower() not in _INITIALS for word in _CAPITALS.findall(_MARK.sub("", text)))


_INITIALS = frozenset(
    "pdf cpf pin ont dbm usb sms url iban nhs gps dvd png jpg html gmt bst".split()
)
"""Short for something, so that capitals are no shout."""

Seen = Callable[[Turn], bool | None]


def _turn_rows(tongue: Tongue) -> dict[str, Seen]:
    """Yes or no for one turn; None where it can't be said."""

    def any_sentence(found: Callable[[str], object]) -> Seen:
        return lambda turn: any(found(sentence) for sentence in sentences(turn))

    def only_small(turn: Turn) -> bool | None:
        letters = _letters(" ".join(turn))
        return all(letter.islower() for letter in letters) if letters else None

    def first_small(turn: Turn) -> bool | None:
        return lower_start(turn[0])

    def bare_end(turn: Turn) -> bool | None:
        return None if turn[-1].rstrip().endswith("#") else not _ENDED.search(turn[-1].rstrip())

    return {
        "with a question": lambda turn: any("?" in text for text in turn),
        "with thanks": any_sentence(_THANKS[tongue].search),
        "with a greeting": any_sentence(_GREETING[tongue].search),
        "with an exclamation mark": lambda turn: any("!" in text for text in turn),
        "with a shouted word": lambda turn: any(shouts(text) for text in turn),
        "in small letters only": only_small,
        "beginning with a small letter": first_small,
        "ending without a mark": bare_end,
        "with a word cut short or careless": lambda turn: any(
            _CARELESS[tongue].search(text) for text in turn
        ),
        "of several sentences": lambda turn: len(sentences(turn)) > 1,
        "broken off without a mark": lambda turn: any(
            not _ENDED.search(text.rstrip()) for text in turn[:-1]
        ),
    }


TYPING = (
    "with an exclamation mark",
    "with a shouted word",
    "in small letters only",
    "beginning with a small letter",
    "ending without a mark",
    "with a word cut short or careless",
    "broken off without a mark",
)
"""Rows that are read in the customers' own words."""


def share(talks: Iterable[Talk], row: str, tongue: Tongue = "en") -> float:
    """Share of turns of which a row is true, 0 to 1; nan if none can be judged."""
    seen = _turn_rows(tongue)[row]
    found = [said for talk in talks for turn in talk.turns if (said := seen(turn)) is not None]
    return mean(found) if found else math.nan


def people(talks: Iterable[Talk], row: str, tongue: Tongue = "en") -> float:
    """Share of people of whose turns a row is true more often than not, 0 to 1."""
    own: dict[str, list[Talk]] = defaultdict(list)
    for talk in talks:
        own[talk.who].append(talk)
    shares = [share(one, row, tongue) for one in own.values()]
    return mean([value > 0.5 for value in shares if not math.isnan(value)])


def spread(numbers: Sequence[float]) -> str:
    """Median and quartiles of numbers, as they stand in a table."""
    low, middle, high = np.quantile(numbers, (0.25, 0.5, 0.75))
    return f"{middle:.0f} ({low:.0f} to {high:.0f})"


_COUNTED: dict[str, Callable[[Talk], list[float]]] = {
    "words in a turn": lambda talk: [float(words(" ".join(turn))) for turn in talk.turns],
    "words in the first turn": lambda talk: [float(words(" ".join(talk.turns[0])))],
    "words in a later turn": lambda talk: [float(words(" ".join(t))) for t in talk.turns[1:]],
    "words in a sentence": lambda talk: [
        float(words(sentence)) for turn in talk.turns for sentence in sentences(turn)
    ],
    "turns in a conversation": lambda talk: [float(len(talk.turns))],
}

_IN_A_TALK = {
    "greeting in the first turn": (0, "with a greeting"),
    "thanks in the last turn": (-1, "with thanks"),
}


def _values(talks: Sequence[Talk], row: str, tongue: Tongue) -> str:
    if not talks:
        return ""
    if row in _COUNTED:
        return spread([number for talk in talks for number in _COUNTED[row](talk)])
    if row in _IN_A_TALK:
        place, seen = _IN_A_TALK[row]
        ends = [Talk(talk.who, talk.group, (talk.turns[place],)) for talk in talks]
        return f"{share(ends, seen, tongue):.0%}"
    if row.startswith("people "):
        return f"{people(talks, row.removeprefix('people '), tongue):.0%}"
    return f"{share(talks, row, tongue):.0%}"


def _range(talks: Sequence[Talk], row: str) -> str:
    """The lowest and the highest group's value; of quartiles, the medians."""
    groups = sorted({talk.group for talk in talks})
    values = [_values([t for t in talks if t.group == group], row, "en") for group in groups]
    plain = [(float(value.split()[0].rstrip("%")), value.split()[0]) for value in values]
    return f"{min(plain)[1]} to {max(plain)[1]}"


ROWS = (
    *_COUNTED,
    *_turn_rows("en"),
    *_IN_A_TALK,
    "people beginning with a small letter",
    "people ending without a mark",
)


def comparison(english: Sequence[Talk], typed: Sequence[Talk], authored: Sequence[Talk]) -> str:
    """The table: real customers, each client, the authored ones, and their temperaments."""
    clients = sorted({talk.group for talk in english})
    head = ["", "read in", "real", *clients, "authored", "by temperament"]
    lines = [head, ["---"] * len(head)]
    for row in ROWS:
        tongue: Tongue = "pt" if row.removeprefix("people ") in TYPING else "en"
        talks = typed if tongue == "pt" else english
        name = f"turns {row}" if row in _turn_rows("en") else row
        by_client = [_values([t for t in talks if t.group == c], row, tongue) for c in clients]
        lines.append(
            [
                name,
                "own words" if tongue == "pt" else "English",
                _values(talks, row, tongue),
                *by_client,
                _values(authored, row, "en"),
                _range(authored, row),
            ]
        )
    return table(lines)


def personas(authored: Sequence[Talk]) -> str:
    """Length and punctuation of each authored person."""
    rows = ("words in a turn", "with a question", "ending without a mark")
    more = ("beginning with a small letter", "with an exclamation mark", "with a shouted word")
    lines = [["customer", "temperament", *rows, *more], ["---"] * 8]
    for who in sorted({talk.who for talk in authored}):
        own = [talk for talk in authored if talk.who == who]
        cells = [_values(own, row, "en") for row in (*rows, *more)]
        lines.append([who, own[0].group, *cells])
    return table(lines)


WINDOW = 1000
"""Words among which the different ones are counted; the longer the text, the smaller the share."""


def variety(talks: Sequence[Talk]) -> float:
    """Different words in a thousand, on average; the first conversation of each person counts."""
    first = {talk.who: talk for talk in reversed(talks)}
    spoken = [
        word.lower().strip("'’")
        for who in sorted(first)
        for turn in first[who].turns
        for message in turn
        for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", _MARK.sub("", message))
    ]
    starts = range(0, max(1, len(spoken) - WINDOW + 1), WINDOW)
    return mean(len(set(spoken[start : start + WINDOW])) for start in starts)


def table(lines: Sequence[Sequence[str]]) -> str:
    """Rows of cells as Markdown; the second row is the line under the head."""
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
