"""What the scorer's network is told beside the words: turns of phrase, and how words compare.

A network of this size sees tone and topic well, and numbers, names and who-said-what badly. So the
exact comparisons are made here, on the text: which of the customer's words and numbers the reply
uses, what only the screen says, what nobody has said. They are inputs beside the encoded words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.conversation import Conversation, Said
from coachbot.scoring.cues import CUE_NAMES, cues, has_cue, straighten
from coachbot.scoring.injection import INJECTION_CUES, injection_cues
from coachbot.scoring.text import Span, sentences
from coachbot.scoring.words import Rarity, codes, content_words, names, numbers, word_runs

Vector = NDArray[np.float32]

# How a reply stands to its conversation, in exact words. Names are stable: the network's inputs.
RELATIONS: tuple[str, ...] = (
    "words_from_customer",  # share of the reply's content words that the customer used
    "words_from_newest",
    "newest_words_taken_up",  # share of the newest message's content words that the reply uses
    "words_from_screen",  # content words that only the screen has
    "words_unknown",  # content words that neither conversation nor screen has
    "numbers_from_history",
    "numbers_unknown",
    "numbers_from_screen",
    "codes_known",
    "codes_unknown",
    "names_known",
    "names_unknown",
    "copied",  # share of four-word runs copied from the customer
    "days_unknown",  # a day of the week or month that nobody has mentioned
    "concrete_step",  # a sentence that says what is done, with a time, an amount or a number
    "put_off_alone",  # only says that it will look or ask
    "has_newest",
    "has_screen",
)
_SHAPE: tuple[str, ...] = ("length", "sentences")
REPLY_FEATURES: tuple[str, ...] = (*CUE_NAMES, *RELATIONS, *_SHAPE)
_PLACE: tuple[str, ...] = ("place", "number", "first", "last", "length")
SENTENCE_FEATURES: tuple[str, ...] = (*CUE_NAMES, *INJECTION_CUES, *_PLACE)

_FEW = 2.0
_DAYS = re.compile(
    r"\b((?i:mon|tues|wednes|thurs|fri|satur|sun)(?=(?i:days?)\b)|(?:Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun)\b|"
    r"(?:tues|weds|thurs|fri)\b)|\b((?i:january|february|march|april|june|july|august|september|october|"
    r"november|december))\b"
)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a reply and what can be said about it alone."""

    span: Span
    cues: Vector
    injection: Vector
    words: tuple[str, ...]
    numbers: frozenset[str]
    codes: frozenset[str]
    names: frozenset[str]
    days: frozenset[str]
    runs: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, span: Span) -> Sentence:
        """Take the sentence apart."""
        text = span.text
        return cls(
            span=span,
            cues=cues(text),
            injection=injection_cues(text),
            words=tuple(content_words(text)),
            numbers=frozenset(numbers(text)),
            codes=frozenset(codes(text)),
            names=frozenset(names(text)),
            days=frozenset(days(text)),
            runs=tuple(word_runs(text)),
        )

    def cue(self, name: str) -> bool:
        """Say whether the sentence shows a cue."""
        return bool(self.cues[CUE_NAMES.index(name)])


@dataclass(frozen=True)
class Context:
    """A conversation and what can be said about it before any reply is read."""

    conversation: Conversation
    said: tuple[Said, ...]
    said_newest: tuple[Said, ...]
    customer_words: frozenset[str]
    newest_words: frozenset[str]
    screen_words: frozenset[str]
    all_words: frozenset[str]
    history_numbers: frozenset[str]
    screen_numbers: frozenset[str]
    known_codes: frozenset[str]
    known_words: frozenset[str]
    known_days: frozenset[str]
    customer_runs: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, conversation: Conversation) -> Context:
        """Take the conversation apart."""
        customer, newest, screen = conversation.customer, conversation.newest, conversation.screen
        customer_words = frozenset(content_words(customer))
        known = conversation.known
        history = "\n".join(turn.text for turn in conversation.history)
        return cls(
            conversation=conversation,
            said=conversation.said,
            said_newest=conversation.said_newest,
            customer_words=customer_words,
            newest_words=frozenset(content_words(newest)),
            screen_words=frozenset(content_words(screen)) - customer_words,
            all_words=frozenset(content_words(known)),
            history_numbers=frozenset(numbers(history)),
            screen_numbers=frozenset(numbers(screen)),
            known_codes=frozenset(codes(known)),
            known_words=frozenset(known.replace("’", "'").lower().split())
            | names(known)
            | frozenset(w.strip(".,!?;:()'\"").lower() for w in known.split()),
            known_days=frozenset(days(known)),
            customer_runs=frozenset(word_runs(customer)),
        )

    @property
    def has_customer(self) -> bool:
        """Whether the customer has said anything."""
        return bool(self.conversation.newest)


def days(text: str) -> set[str]:
    """Return the days of the week and months that a text names, by their first letters."""
    return {(a or b)[:3].lower() for a, b in _DAYS.findall(text)}


def split(text: str) -> list[Span]:
    """Return the sentences of a reply; a text without any is one."""
    return sentences(text) or [Span(0, len(text), text)]


def reply_features(parts: Sequence[Sentence], context: Context, rarity: Rarity) -> Vector:
    """Return one number, mostly 0 to 1, for each of ``REPLY_FEATURES``."""
    present = np.max([s.cues for s in parts], axis=0) if parts else np.zeros(len(CUE_NAMES))
    letters = sum(len(s.span.text) for s in parts)
    shape = [math.log1p(letters) / 6.0, _few(len(parts))]
    return np.concatenate([present, relations(parts, context, rarity), shape]).astype(np.float32)


def sentence_features(parts: Sequence[Sentence]) -> Vector:
    """Return ``SENTENCE_FEATURES`` of each sentence, shape (sentences, features).

    Canned text stands at the edges of a message and comes in blocks of like sentences, so the
    place is told too.
    """
    last = len(parts) - 1
    rows = [
        np.concatenate(
            [
                s.cues,
                s.injection,
                [
                    i / len(parts),
                    len(parts) ** 0.5 / 3.0,
                    float(i == 0),
                    float(i == last),
                    math.log1p(len(s.span.text)) / 5.0,
                ],
            ]
        )
        for i, s in enumerate(parts)
    ]
    return np.array(rows, dtype=np.float32).reshape(len(parts), len(SENTENCE_FEATURES))


def relations(parts: Sequence[Sentence], context: Context, rarity: Rarity) -> NDArray[np.float64]:
    """Return how the reply stands to its conversation: one number for each of ``RELATIONS``."""
    values = dict.fromkeys(RELATIONS, 0.0)
    values["has_newest"] = float(context.has_customer)
    values["has_screen"] = float(bool(context.conversation.screen.strip()))
    _steps(values, parts)
    words = {w for s in parts for w in s.words}
    none: frozenset[str] = frozenset()
    found = none.union(*(s.numbers for s in parts))
    named = none.union(*(s.names for s in parts))
    coded = none.union(*(s.codes for s in parts))
    dated = none.union(*(s.days for s in parts))
    runs = [r for s in parts for r in s.runs]
    from_history = found & context.history_numbers
    from_screen = (found & context.screen_numbers) - context.history_numbers
    values["words_from_customer"] = rarity.share(words, context.customer_words)
    values["words_from_newest"] = rarity.share(words, context.newest_words)
    values["newest_words_taken_up"] = rarity.share(context.newest_words, words)
    values["words_from_screen"] = rarity.share(words, context.screen_words)
    values["words_unknown"] = rarity.share(words, words - context.all_words)
    values["numbers_from_history"] = _few(len(from_history))
    values["numbers_from_screen"] = _few(len(from_screen))
    values["numbers_unknown"] = _few(len(found - from_history - from_screen))
    values["codes_known"] = _few(len(coded & context.known_codes))
    values["codes_unknown"] = _few(len(coded - context.known_codes))
    values["names_known"] = _few(len(named & context.known_words))
    values["names_unknown"] = _few(len(named - context.known_words))
    values["days_unknown"] = _few(len(dated - context.known_days))
    if runs:
        values["copied"] = sum(r in context.customer_runs for r in runs) / len(runs)
    return np.array([values[name] for name in RELATIONS])


def _steps(values: dict[str, float], parts: Sequence[Sentence]) -> None:
    """Tell a step that is taken from one that is only announced."""
    act, fact, later, done = (
        [any(s.cue(c) for c in wanted) for s in parts]
        for wanted in (
            ("commitment", "done"),
            ("when", "amount", "number"),
            ("put_off",),
            ("done",),
        )
    )
    concrete = any(a and f and not p for a, f, p in zip(act, fact, later, strict=True))
    values["concrete_step"] = float(concrete)
    values["put_off_alone"] = float(any(later) and not concrete and not any(done))


def _few(count: int) -> float:
    """Squash a count to 0 to 1, so that the third says less than the first."""
    return 1.0 - math.exp(-count / _FEW)


_TROUBLE = re.compile(
    r"\b(?:still|again|third|second\s+time|twice|joke|ridiculous|wait(?:ed|ing)|nobody|no\s+one|never|wrong|broken|"
    r"lost|missing|late|delay\w*|cancel\w*|charged|declin\w+|refus\w+|stuck|fail\w*|worr\w+|upset|angry|annoy\w*|"
    r"scared|afraid|sick|fed\s+up|disappoint\w*|frustrat\w*|stress\w*|urgent\w*|asap|help|please|died|passed\s+away|"
    r"funeral|hospital|fault|mistake|problem|issue|complain\w*|unaccept\w*|rude|lie[ds]?|lying|sorry|hate|awful|"
    r"terribl\w*|horribl\w*|nightmare|shame|embarrass\w*|cry\w*|tired|exhaust\w*|lose|losing|can't|cannot|won't|"
    r"doesn't|didn't|isn't|ignored|already|supposed|promis\w+|told)\b|\?\?|!!",
    re.IGNORECASE,
)
_CONTEXT_CUES = ("feeling", "thanks_customer", "question", "amount", "when", "cheerful", "apology")
CONTEXT_FEATURES: tuple[str, ...] = (
    *(f"newest_{c}" for c in _CONTEXT_CUES),
    *(f"customer_{c}" for c in _CONTEXT_CUES),
    "newest_length",
    "newest_exclaims",
    "newest_shouts",
    "turns",
    "newest_trouble",
    "customer_trouble",
    "newest_asks",
)


def context_features(context: Context) -> Vector:
    """Return ``CONTEXT_FEATURES``: what can be said about the conversation without any reply."""
    conversation = context.conversation
    text, everything = conversation.newest, conversation.customer
    letters = sum(c.isalpha() for c in text)
    shouted = sum(c.isupper() for c in text) / letters if letters else 0.0
    return np.array(
        [
            *(float(has_cue(text, cue)) for cue in _CONTEXT_CUES),
            *(float(has_cue(everything, cue)) for cue in _CONTEXT_CUES),
            1.0 - math.exp(-len(content_words(text)) / 10.0),
            float("!" in text),
            shouted,
            1.0 - math.exp(-len(conversation.history) / 3.0),
            1.0 - math.exp(-len(_TROUBLE.findall(straighten(text))) / 2.0),
            1.0 - math.exp(-len(_TROUBLE.findall(straighten(everything))) / 3.0),
            float("?" in text),
        ],
        dtype=np.float32,
    )
