"""What the heads read: a reply and its conversation, turned into numbers.

Everything that is found sentence by sentence is found once and put together again for any part of
the reply, so that scoring a reply without one of its sentences costs little beside its encoding.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.conversation import Conversation, Said
from coachbot.scoring.cues import CUE_NAMES, cues
from coachbot.scoring.text import Span, sentences
from coachbot.scoring.words import Rarity, codes, content_words, names, numbers, word_runs

Vector = NDArray[np.float32]
Array = NDArray[np.float64]
Vectors = Mapping[str, Vector]

# How a reply stands to its conversation. Names are stable: they are columns of the stored heads.
RELATIONS: tuple[str, ...] = (
    "near_newest",  # cosine of reply and the customer's newest message
    "near_customer",  # cosine of reply and all the customer said
    "near_screen",  # cosine of reply and what the agent sees
    "covered_mean",  # the newest message's sentences: cosine with the nearest sentence, mean
    "covered_most",  # ... of the best covered one
    "covered_least",  # ... of the worst covered one
    "nearest_sentence",  # the reply's sentence nearest to the newest message
    "nearer_than_others",  # near_newest against other conversations, in standard deviations
    "words_from_customer",  # share of the reply's content words that the customer used
    "words_from_newest",
    "newest_words_taken_up",  # share of the newest message's content words that the reply uses
    "words_from_screen",  # content words that only the screen has
    "numbers_from_history",
    "numbers_unknown",
    "numbers_from_screen",
    "codes_known",
    "names_known",
    "names_unknown",
    "copied",  # share of four-word runs copied from the customer
    "concrete_step",  # a sentence that says what is done, with a time, an amount or a number
    "put_off_alone",  # only says that it will look or ask
    "answer_with_fact",  # a sentence near the customer's words that brings something new
    "has_newest",
    "has_screen",
)
_FEW = 2.0


@dataclass(frozen=True)
class Sentence:
    """One sentence of a reply and what can be said about it alone."""

    span: Span
    vector: Vector
    cues: Vector
    words: tuple[str, ...]
    numbers: frozenset[str]
    codes: frozenset[str]
    names: frozenset[str]
    runs: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, span: Span, vector: Vector) -> Sentence:
        """Take the sentence apart."""
        text = span.text
        return cls(
            span=span,
            vector=vector,
            cues=cues(text),
            words=tuple(content_words(text)),
            numbers=frozenset(numbers(text)),
            codes=frozenset(codes(text)),
            names=frozenset(names(text)),
            runs=tuple(word_runs(text)),
        )


@dataclass(frozen=True)
class Background:
    """What the features compare with: rare and common words, and other conversations.

    ``others`` holds unit vectors (n, width) of what other customers wrote.
    """

    rarity: Rarity
    others: NDArray[np.float32]


@dataclass(frozen=True)
class Context:
    """A conversation and what can be said about it before any reply is read."""

    conversation: Conversation
    newest: Vector | None
    customer: Vector | None
    screen: Vector | None
    said: tuple[Said, ...]
    all_said_vectors: NDArray[np.float32]
    said_newest: tuple[Said, ...]
    said_vectors: NDArray[np.float32]
    customer_words: frozenset[str]
    newest_words: frozenset[str]
    screen_words: frozenset[str]
    history_numbers: frozenset[str]
    screen_numbers: frozenset[str]
    known_codes: frozenset[str]
    known_words: frozenset[str]
    customer_runs: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, conversation: Conversation, vectors: Vectors) -> Context:
        """Take the conversation apart; ``vectors`` has every text of ``texts_of_context``."""
        customer, newest, screen = conversation.customer, conversation.newest, conversation.screen
        customer_words = frozenset(content_words(customer))
        history = "\n".join(turn.text for turn in conversation.history)
        return cls(
            conversation=conversation,
            newest=vectors.get(newest),
            customer=vectors.get(customer),
            screen=vectors.get(screen),
            said=conversation.said,
            all_said_vectors=_stack(conversation.said, vectors),
            said_newest=conversation.said_newest,
            said_vectors=_stack(conversation.said_newest, vectors),
            customer_words=customer_words,
            newest_words=frozenset(content_words(newest)),
            screen_words=frozenset(content_words(screen)) - customer_words,
            history_numbers=frozenset(numbers(history)),
            screen_numbers=frozenset(numbers(screen)),
            known_codes=frozenset(codes(conversation.known)),
            known_words=frozenset(conversation.known.replace("’", "'").lower().split())
            | names(conversation.known)
            | frozenset(w.strip(".,!?;:()'\"").lower() for w in conversation.known.split()),
            customer_runs=frozenset(word_runs(customer)),
        )


def _stack(said: Sequence[Said], vectors: Vectors) -> NDArray[np.float32]:
    return np.array([vectors[s.text] for s in said], dtype=np.float32)


def texts_of_context(conversation: Conversation) -> list[str]:
    """Return the texts of a conversation whose vectors ``Context.of`` needs."""
    texts = [conversation.newest, conversation.customer, conversation.screen]
    texts += [s.text for s in conversation.said]
    return [t for t in texts if t.strip()]


@dataclass(frozen=True)
class Reply:
    """A reply, or what is left of it when sentences are taken out."""

    vector: Vector
    sentences: tuple[Sentence, ...]

    @property
    def cues(self) -> Vector:
        """Which cues any sentence has: 0 or 1 for each of ``CUE_NAMES``."""
        if not self.sentences:
            return np.zeros(len(CUE_NAMES), dtype=np.float32)
        present: Vector = np.max([s.cues for s in self.sentences], axis=0)
        return present

    @property
    def peaks(self) -> Vector:
        """The largest value over the sentences in each place of their vectors."""
        if not self.sentences:
            return np.zeros_like(self.vector)
        largest: Vector = np.max([s.vector for s in self.sentences], axis=0)
        return largest


def split(text: str) -> list[Span]:
    """Return the sentences of a reply; a text without any is one."""
    return sentences(text) or [Span(0, len(text), text)]


def relations(reply: Reply, context: Context, background: Background) -> Array:
    """Return how the reply stands to its conversation: one number for each of ``RELATIONS``."""
    values = dict.fromkeys(RELATIONS, 0.0)
    own = reply.vector
    if context.customer is not None:
        values["near_customer"] = float(own @ context.customer)
    if context.screen is not None:
        values["near_screen"] = float(own @ context.screen)
        values["has_screen"] = 1.0
    if context.newest is not None:
        values["has_newest"] = 1.0
        values["near_newest"] = float(own @ context.newest)
        values["nearer_than_others"] = nearer_than_others(own, context.newest, background.others)
        if reply.sentences and len(context.said_newest):
            stacked = np.array([s.vector for s in reply.sentences])
            covered = (context.said_vectors @ stacked.T).max(axis=1)
            values["covered_mean"] = float(covered.mean())
            values["covered_most"] = float(covered.max())
            values["covered_least"] = float(covered.min())
            values["nearest_sentence"] = float((stacked @ context.newest).max())
            new = [bool(s.numbers - context.history_numbers) for s in reply.sentences]
            near = (stacked @ context.newest)[np.array(new)]
            values["answer_with_fact"] = float(near.max()) if len(near) else 0.0
    _steps(values, reply.sentences)
    _compare_words(values, reply.sentences, context, background.rarity)
    return np.array([values[name] for name in RELATIONS])


def _steps(values: dict[str, float], parts: Sequence[Sentence]) -> None:
    """Tell a step that is taken from one that is only announced."""
    act, fact, later, done = (
        [any(s.cues[CUE_NAMES.index(c)] for c in names) for s in parts]
        for names in (("commitment", "done"), ("when", "amount", "number"), ("put_off",), ("done",))
    )
    concrete = any(a and f and not p for a, f, p in zip(act, fact, later, strict=True))
    values["concrete_step"] = float(concrete)
    values["put_off_alone"] = float(any(later) and not concrete and not any(done))


def _compare_words(
    values: dict[str, float], parts: Sequence[Sentence], context: Context, rarity: Rarity
) -> None:
    words = {w for s in parts for w in s.words}
    found = frozenset().union(*(s.numbers for s in parts))
    named = frozenset().union(*(s.names for s in parts))
    coded = frozenset().union(*(s.codes for s in parts))
    runs = [r for s in parts for r in s.runs]
    from_history = found & context.history_numbers
    from_screen = (found & context.screen_numbers) - context.history_numbers
    values["words_from_customer"] = rarity.share(words, context.customer_words)
    values["words_from_newest"] = rarity.share(words, context.newest_words)
    values["newest_words_taken_up"] = rarity.share(context.newest_words, words)
    values["words_from_screen"] = rarity.share(words, context.screen_words)
    values["numbers_from_history"] = _few(len(from_history))
    values["numbers_from_screen"] = _few(len(from_screen))
    values["numbers_unknown"] = _few(len(found - from_history - from_screen))
    values["codes_known"] = _few(len(coded & context.known_codes))
    values["names_known"] = _few(len(named & context.known_words))
    values["names_unknown"] = _few(len(named - context.known_words))
    if runs:
        values["copied"] = sum(r in context.customer_runs for r in runs) / len(runs)


def nearer_than_others(reply: Vector, newest: Vector, others: NDArray[np.float32]) -> float:
    """Return how much nearer the reply is to this message than to other customers', in deviations.

    0 when there are fewer than two others. The same message among the others is left out.
    """
    if len(others) < 2:
        return 0.0
    different = others[others @ newest < 0.999]
    if len(different) < 2:
        return 0.0
    near = different @ reply
    return float((reply @ newest - near.mean()) / (near.std() + 1e-3))


def _few(count: int) -> float:
    """Squash a count to 0 to 1, so that the third says less than the first."""
    return 1.0 - math.exp(-count / _FEW)
