"""Which of a scenario's own matters a question is about: a fact, or what somebody hides.

A question is compared with the phrases of the file twice: by the encoder as it comes, and by the
one that was taught on everyday questions what is asked the same. The second tells "Have you changed
your address?" from "What's your address?", also about matters that it never saw.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coachbot.customer.everyday import EverydayQuestions
from coachbot.customer.linear import Linear, logistic
from coachbot.scoring.protocol import Array, Encoder

LINEAR, TAUGHT = 0.6, 1.5
"""A question is ranked by the mean of its two nearest phrases, plus the first times the linear
model's score, plus the second times the same mean by the taught encoder."""

WEIGHTS, BIAS = (9.0, 3.2, 8.2, -12.6, -2.3), -2.0
"""That a question is about the scenario's own matter: the logistic function of the weighted sum of
the mean of its two nearest phrases, the linear model's score, the same mean by the taught encoder,
the similarity to the nearest everyday question, and how probably it is that. Fitted to 663
questions for facts and needs of eight scenarios and to 790 everyday questions put to each of these,
all written apart from them. By the limits of `asking`, 94 % of those for facts and 81 % of those
for needs reach what they are about, and 6 % of the everyday ones are taken for a scenario's own,
some of them rightly; without the taught encoder, 9 % were where as many of the first got there."""

COVERED = 0.6
"""A fact covers an everyday question if one of its phrases is that with this probability."""


@dataclass(frozen=True, slots=True)
class OwnMatch:
    """A matter of the scenario and how near a question is to it.

    ``kind``: "fact" or "need". ``nearest``: cosine to its nearest phrase; ``near`` and ``taught``:
    mean cosine to its two nearest, by the encoder as it comes and by the taught one; ``linear``:
    the linear model's score, about 1 for what fits. ``covers``: of a fact, the everyday questions
    that are among its phrases, and to which the file has no other answer.
    """

    kind: str
    name: str
    nearest: float
    near: float
    taught: float
    linear: float
    covers: frozenset[str]

    @property
    def rank(self) -> float:
        """What matters are ranked by."""
        return self.near + LINEAR * self.linear + TAUGHT * self.taught

    def probability(self, everyday_nearest: float, everyday_probability: float) -> float:
        """That it is about this, and not about what anybody asks, 0 to 1."""
        parts = (self.near, self.linear, self.taught, everyday_nearest, everyday_probability)
        return logistic(WEIGHTS, parts, BIAS)


@dataclass(frozen=True, eq=False)
class OwnQuestions:
    """The phrases of a scenario's facts and needs, ready to be compared.

    ``vectors`` and ``taught``: of each matter, (its phrases, width), by the encoder as it comes and
    by the taught ``encoder``; without one they are the same. ``covers``: as of `OwnMatch`.
    """

    ids: tuple[tuple[str, str], ...]
    vectors: tuple[Array, ...]
    taught: tuple[Array, ...]
    covers: tuple[frozenset[str], ...]
    linear: Linear
    encoder: Encoder | None

    def ranked(self, texts: Sequence[str], vectors: Array) -> list[list[OwnMatch]]:
        """For each text all matters, likeliest first; ``vectors``: the texts', (texts, width)."""
        if not texts:
            return []
        taught = vectors if self.encoder is None else self.encoder.encode(texts)
        scores = self.linear(vectors)
        near = [_nearest_two(vectors @ own.T) for own in self.vectors]
        near_taught = [_nearest_two(taught @ own.T) for own in self.taught]
        return [
            sorted(
                (
                    OwnMatch(
                        kind,
                        name,
                        float(near[i][text, 1]),
                        float(near[i][text].mean()),
                        float(near_taught[i][text].mean()),
                        float(scores[text, i]),
                        self.covers[i],
                    )
                    for i, (kind, name) in enumerate(self.ids)
                ),
                key=lambda match: -match.rank,
            )
            for text in range(len(texts))
        ]


def own_questions(
    phrases: Mapping[tuple[str, str], tuple[Sequence[str], Array]],
    linear: Linear,
    everyday: EverydayQuestions,
    answered: Collection[str],
) -> OwnQuestions:
    """Ready what is compared: ``phrases`` has the texts of each matter and their vectors.

    ``answered``: the everyday questions to which the file has an answer of its own.
    """
    vectors = tuple(own for _, own in phrases.values())
    taught, encoder = vectors, None
    if everyday.learned is not None:
        encoder = everyday.learned.encoder
        texts = [text for some, _ in phrases.values() for text in some]
        cuts = np.cumsum([len(own) for own in vectors])[:-1]
        taught = tuple(np.split(encoder.encode(texts), cuts))
    covers = tuple(
        frozenset(
            guess.id for guess in everyday.guesses(texts, own) if guess.probability >= COVERED
        ).difference(answered)
        if kind == "fact"
        else frozenset[str]()
        for (kind, _), (texts, own) in phrases.items()
    )
    return OwnQuestions(tuple(phrases), vectors, taught, covers, linear, encoder)


def _nearest_two(cosines: Array) -> Array:
    """The two highest of each row, (rows, 2), the highest last; a single one counts twice."""
    found: Array = np.sort(np.repeat(cosines, 2, axis=1) if cosines.shape[1] < 2 else cosines)
    return found[:, -2:]
