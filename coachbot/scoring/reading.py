"""What the network reads, and what it answers: the border between texts and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.features import (
    Context,
    Sentence,
    context_features,
    reply_features,
    sentence_features,
)
from coachbot.scoring.findings import said_features
from coachbot.scoring.text import Span
from coachbot.scoring.words import Rarity

Array = NDArray[np.float64]
Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Segment:
    """A part of the conversation: a turn, or the agent's screen (``turn`` is None then)."""

    source: Literal["customer", "agent", "screen"]
    turn: int | None
    text: str
    newest: bool


@dataclass(frozen=True)
class Reading:
    """One reply (or what is left of it) in its conversation, ready for the network.

    ``reply`` is the sentences put together, and ``sentences`` where each stands in it.
    ``segments`` has the newest message first, then the screen, then earlier turns, latest first.
    ``said`` are the customer's sentences as (turn, start, end).
    Features are float32: (reply features,), (sentences, ...), (said, ...), (context features,).
    """

    reply: str
    sentences: tuple[tuple[int, int], ...]
    segments: tuple[Segment, ...]
    said: tuple[tuple[int, int, int], ...]
    reply_features: Vector
    sentence_features: Vector
    said_features: Vector
    context_features: Vector


@dataclass(frozen=True)
class Read:
    """The network's answers, as log-odds unless said otherwise.

    ``levels`` (3 mechanisms, 3 levels), ``behaviour`` (4,), ``question`` (3,), ``dismissal``
    (none and each kind), ``called`` (empathy is called for, all is settled), ``templated`` and
    ``injection`` (one for each sentence), ``said`` (customer's sentences, kinds of findings).
    ``graded`` are the three dimensions. ``uptake`` and ``fits`` are single numbers.
    """

    levels: Array
    behaviour: Array
    question: Array
    uptake: float
    fits: float
    graded: Array
    dismissal: Array
    called: Array
    templated: Array
    injection: Array
    said: Array


class Reader(Protocol):
    """Reads replies in their conversations."""

    def read(self, readings: Sequence[Reading]) -> list[Read]:
        """Answer for each reading, in order.

        A reading is answered the same alone and among others, within 1e-4.
        """


def join(spans: Sequence[Span]) -> str:
    """Put sentences together as one text, in their order, one space between."""
    return " ".join(" ".join(s.text.split()) for s in spans)


def segments(context: Context) -> tuple[Segment, ...]:
    """Return the parts of a conversation in the order in which they are read."""
    conversation = context.conversation
    newest = set(conversation.newest_turns)
    turns = [
        Segment(turn.speaker, i, turn.text, i in newest)
        for i, turn in enumerate(conversation.history)
        if turn.text.strip()
    ]
    screen = conversation.screen.strip()
    return (
        *(t for t in turns if t.newest),
        *((Segment("screen", None, screen, newest=False),) if screen else ()),
        *(t for t in reversed(turns) if not t.newest),
    )


def prepare(parts: Sequence[Sentence], context: Context, rarity: Rarity) -> Reading:
    """Make a reading of sentences in a conversation; no sentences give the empty reply."""
    places, at = [], 0
    for part in parts:
        length = len(" ".join(part.span.text.split()))
        places.append((at, at + length))
        at += length + 1
    return Reading(
        reply=join([p.span for p in parts]),
        sentences=tuple(places),
        segments=segments(context),
        said=tuple((s.turn, s.span.start, s.span.end) for s in context.said),
        reply_features=reply_features(parts, context, rarity),
        sentence_features=sentence_features(parts),
        said_features=said_features(parts, context, rarity),
        context_features=context_features(context),
    )
