"""Which everyday question a question is: how are you, have you tried, by when do you need it.

There are many of them and they lie close together, so that the single nearest phrase is the right
one only half of the time. Each question is therefore ranked by the mean of its two nearest phrases
plus a model that was learned, with an encoder of its own, from some forty wordings of each; for a
file's own questions, which it never saw, a linear one is fitted to the phrases that the file has.
How sure that is depends on how near the phrases are and how far the first question is ahead of the
second.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.customer.linear import Linear, fit
from coachbot.scoring.protocol import Array, Encoder

LINEAR_WEIGHT = 2.0
"""Weight of the linear model's score, about 1 for the question that fits and 0 for others, beside
the mean of the two nearest phrases."""


@dataclass(frozen=True)
class Sureness:
    """How sure a guess is: the logistic function of a weighted sum.

    ``near``: weight of the mean of the two nearest phrases; ``lead``: of the lead over the second
    question. `coachbot scenarios learn-questions` fits them on wordings that were left out.
    """

    near: float
    lead: float
    bias: float

    def __call__(self, near: float, lead: float) -> float:
        """The probability that the guess is right, 0 to 1."""
        return 1.0 / (1.0 + math.exp(-(self.near * near + self.lead * lead + self.bias)))


UNLEARNED = Sureness(near=5.2, lead=2.0, bias=-3.4)
"""Fitted to the phrases of the files themselves, where nothing more was learned."""


@dataclass(frozen=True, eq=False)
class LearnedQuestions:
    """What was learned of everyday questions from far more wordings than a file has.

    ``weights``, (width, questions), make of a vector of ``encoder`` log-odds up to a constant.
    """

    ids: tuple[str, ...]
    weights: Array
    encoder: Encoder
    sureness: Sureness

    def __call__(self, texts: Sequence[str]) -> Array:
        """Probabilities of shape (texts, questions), as if each text were one of them."""
        scores = self.encoder.encode(texts) @ self.weights
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        found: Array = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
        return found


@dataclass(frozen=True, slots=True)
class Guess:
    """The everyday question that a question is most likely to be.

    ``probability``: that it is this one, 0 to 1. ``nearest``: cosine to the nearest phrase of any
    everyday question, -1 to 1.
    """

    id: str
    probability: float
    nearest: float


NOTHING = Guess("", 0.0, 0.0)

_NO_PHRASE = -2.0
"""Below every cosine: a question with fewer phrases than another is never near for the rest."""


@dataclass(frozen=True)
class EverydayQuestions:
    """Phrases of all everyday questions, ready to be compared.

    ``vectors`` has shape (phrases, width). ``places``, (questions, most), has the row numbers of
    each question's phrases, filled up with the number of phrases, which is nobody's row.
    """

    ids: tuple[str, ...]
    vectors: Array
    places: NDArray[np.int64]
    linear: Linear | None
    learned: LearnedQuestions | None
    columns: NDArray[np.int64]

    def guesses(self, texts: Sequence[str], vectors: Array) -> list[Guess]:
        """The likeliest question for each text; ``vectors``: theirs, (texts, width)."""
        if not self.ids or not texts:
            return [NOTHING] * len(texts)
        sureness = self.learned.sureness if self.learned is not None else UNLEARNED
        nearest = (vectors @ self.vectors.T).max(axis=1)
        return [
            Guess(likeliest, sureness(near, lead), float(most))
            for (likeliest, near, lead), most in zip(
                self.ranked(texts, vectors), nearest, strict=True
            )
        ]

    def ranked(self, texts: Sequence[str], vectors: Array) -> list[tuple[str, float, float]]:
        """For each text the likeliest question, the mean of its two nearest phrases, its lead."""
        found = []
        for vector, scores in zip(vectors, self._scores(texts, vectors), strict=True):
            by_question = np.append(self.vectors @ vector, _NO_PHRASE)[self.places]
            second, first = np.sort(by_question, axis=1)[:, -2:].T
            near = (first + np.where(second == _NO_PHRASE, first, second)) / 2
            ranked = near + LINEAR_WEIGHT * scores
            likeliest = int(np.argmax(ranked))
            lead = float(ranked[likeliest] - np.delete(ranked, likeliest).max(initial=0.0))
            found.append((self.ids[likeliest], float(near[likeliest]), lead))
        return found

    def _scores(self, texts: Sequence[str], vectors: Array) -> Array:
        """The linear model's scores, (texts, questions); of those not learned, by their phrases."""
        known = self.columns >= 0
        scores = np.zeros((len(texts), len(self.ids)), dtype=np.float32)
        if self.linear is not None:
            scores = self.linear(vectors)
        if self.learned is not None:
            scores[:, known] = self.learned(texts)[:, self.columns[known]]
        return scores


def everyday_questions(
    asks: Mapping[str, Sequence[str]],
    vectors: Mapping[str, Array],
    learned: LearnedQuestions | None = None,
) -> EverydayQuestions:
    """Ready what is compared: ``asks`` has the phrases of each question, ``vectors`` each phrase's.

    A question without phrases is never recognised.
    """
    asks = {name: phrases for name, phrases in asks.items() if phrases}
    if not asks:
        nothing = np.zeros((0, 0), dtype=np.float32)
        none = np.zeros(0, dtype=np.int64)
        return EverydayQuestions((), nothing, nothing.astype(np.int64), None, None, none)
    labels = np.repeat(np.arange(len(asks)), [len(phrases) for phrases in asks.values()])
    rows = np.stack([vectors[text] for phrases in asks.values() for text in phrases])
    most = max(2, *(len(phrases) for phrases in asks.values()))
    places = np.full((len(asks), most), len(rows))
    for number in range(len(asks)):
        own = np.flatnonzero(labels == number)
        places[number, : len(own)] = own
    known = {name: column for column, name in enumerate(learned.ids)} if learned else {}
    columns = np.array([known.get(name, -1) for name in asks])
    # Where all were learned, there is nothing to fit, which takes half a second.
    linear = None if (columns >= 0).all() else fit(rows, labels, len(asks))
    return EverydayQuestions(tuple(asks), rows, places, linear, learned, columns)
