"""The scorer: replies in their conversations to dimensions, signals and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.conversation import Conversation
from coachbot.scoring.dimensions import called_for, dimension_score, points
from coachbot.scoring.evidence import Removal, explain
from coachbot.scoring.features import Context, Reply, Sentence, split, texts_of_context
from coachbot.scoring.heads import Heads, sigmoid
from coachbot.scoring.injection import injection_cues
from coachbot.scoring.interface import (
    DIMENSIONS,
    DimensionScore,
    DimensionScores,
    Evidence,
    InjectionSpan,
    ReplyScore,
    ReplyToScore,
    UnscoredReason,
)
from coachbot.scoring.present import to_signals
from coachbot.scoring.protocol import Encoder, LanguageIdentifier
from coachbot.scoring.scorable import why_not
from coachbot.scoring.signals import measure
from coachbot.scoring.text import Span, clauses

# Replies whose texts go through the encoder together: bounds memory on long inputs.
_AT_ONCE = 64


@dataclass(frozen=True)
class _Prepared:
    """An item taken apart, before its texts are encoded."""

    item: ReplyToScore
    conversation: Conversation
    spans: tuple[Span, ...]
    parts: tuple[Span, ...]

    def texts(self, *, removals: bool) -> list[str]:
        found = [join(self.spans), *(s.text for s in self.spans), *texts_of_context(self.conversation)]
        if removals:
            found += [s.text for s in self.parts]
            found += [self.without(i) for i in range(len(self.parts))]
        return found

    def without(self, i: int) -> str:
        return join(self.parts[:i] + self.parts[i + 1 :])


def join(spans: Sequence[Span]) -> str:
    """Put sentences together as one text, in their order, one space between."""
    return " ".join(" ".join(s.text.split()) for s in spans)


class Scorer:
    """Scores replies with an encoder and trained heads."""

    def __init__(self, encoder: Encoder, heads: Heads, identify: LanguageIdentifier) -> None:
        self._encoder = encoder
        self._heads = heads
        self._identify = identify

    @property
    def name(self) -> str:
        """Name and version; changes whenever the trained files do."""
        return self._heads.name

    def score(
        self, items: Sequence[ReplyToScore], *, signals_only: bool = False
    ) -> list[ReplyScore]:
        """Score replies, in order. The texts of up to 64 replies are encoded together.

        With ``signals_only`` there are no dimensions and no evidence, and less is encoded.
        """
        results: list[ReplyScore] = []
        for start in range(0, len(items), _AT_ONCE):
            results += self._score_batch(items[start : start + _AT_ONCE], signals_only=signals_only)
        return results

    def _score_batch(
        self, items: Sequence[ReplyToScore], *, signals_only: bool
    ) -> list[ReplyScore]:
        spans = [split(item.reply) for item in items]
        sentence_vectors = self._encode([s.text for found in spans for s in found])
        prepared = []
        injected = []
        for item, found in zip(items, spans, strict=True):
            speaks_to_scorer = [self._is_injection(s, sentence_vectors[s.text]) for s in found]
            kept = tuple(s for s, bad in zip(found, speaks_to_scorer, strict=True) if not bad)
            injected.append([s for s, bad in zip(found, speaks_to_scorer, strict=True) if bad])
            parts = kept if len(kept) > 1 else tuple(clauses(item.reply)) if kept and not injected[-1] else kept
            prepared.append(_Prepared(item, Conversation.of(item), kept, parts or kept))
        reasons = [
            why_not(join(p.spans), p.item.language, self._identify) for p in prepared
        ]
        needed = [
            text
            for p, reason in zip(prepared, reasons, strict=True)
            if reason is None
            for text in p.texts(removals=not signals_only)
            if text not in sentence_vectors
        ]
        vectors = sentence_vectors | self._encode(needed)
        return [
            self._unscored(p.item, reason, bad, signals_only=signals_only)
            if reason
            else self._score_one(p, vectors, bad, signals_only=signals_only)
            for p, reason, bad in zip(prepared, reasons, injected, strict=True)
        ]

    def _encode(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        distinct = list(dict.fromkeys(texts))
        return dict(zip(distinct, self._encoder.encode(distinct), strict=True))

    def _is_injection(self, span: Span, vector: NDArray[np.float32]) -> bool:
        inputs = np.concatenate([vector * np.sqrt(vector.size), injection_cues(span.text) * 4.0])
        p = sigmoid(float(self._heads.linear["injection"](inputs)[0]))
        return p >= self._heads.thresholds["injection"]

    def _score_one(
        self,
        prepared: _Prepared,
        vectors: dict[str, NDArray[np.float32]],
        injected: Sequence[Span],
        *,
        signals_only: bool,
    ) -> ReplyScore:
        heads = self._heads
        context = Context.of(prepared.conversation, vectors)
        whole = tuple(Sentence.of(s, vectors[s.text]) for s in prepared.spans)
        measured = measure(Reply(vectors[join(prepared.spans)], whole), context, heads)
        signals = to_signals(measured, whole, heads.thresholds, _injection(injected))
        common = {"id": prepared.item.id, "status": "scored", "signals": signals, "scorer": self.name}
        if signals_only:
            return ReplyScore.model_validate(common)
        called = called_for(context, heads)
        values = measured.values()
        scores = {
            d: dimension_score(heads.tables[d], values) if called[d] else _unscored("not_called_for")
            for d in DIMENSIONS
        }
        evidence: list[Evidence] = []
        wanted = [d for d in DIMENSIONS if called[d]]
        if wanted:
            parts = (
                whole
                if prepared.parts == prepared.spans
                else tuple(Sentence.of(s, vectors[s.text]) for s in prepared.parts)
            )
            removals = []
            for i, part in enumerate(parts):
                rest = parts[:i] + parts[i + 1 :]
                vector = vectors[prepared.without(i)] if rest else np.zeros_like(part.vector)
                left = measure(Reply(vector, rest), context, heads)
                remaining = left.values()
                effects = {
                    d: points(heads.tables[d], values) - points(heads.tables[d], remaining)
                    for d in wanted
                }
                removals.append(Removal(part, left, effects))
            evidence = explain(removals, measured, context, heads, wanted)
        return ReplyScore.model_validate(
            common | {"dimensions": DimensionScores(**scores), "evidence": tuple(evidence)}
        )

    def _unscored(
        self,
        item: ReplyToScore,
        reason: UnscoredReason,
        injected: Sequence[Span],
        *,
        signals_only: bool,
    ) -> ReplyScore:
        signals = None
        if injected:
            # Nothing was left to score, but what was taken out is reported.
            silence = Reply(np.zeros(self._encoder.width, dtype=np.float32), ())
            context = Context.of(Conversation((), ""), {})
            measured = measure(silence, context, self._heads)
            signals = to_signals(measured, (), self._heads.thresholds, _injection(injected))
        nothing = DimensionScores(
            empathy=_unscored(reason),
            active_listening=_unscored(reason),
            individualized_treatment=_unscored(reason),
        )
        return ReplyScore(
            id=item.id,
            status="unscored",
            reason=reason,
            dimensions=None if signals_only else nothing,
            signals=signals,
            evidence=None if signals_only else (),
            scorer=self.name,
        )


def _injection(spans: Sequence[Span]) -> tuple[InjectionSpan, ...]:
    return tuple(InjectionSpan(start=s.start, end=s.end, text=s.text) for s in spans)


def _unscored(reason: UnscoredReason) -> DimensionScore:
    return DimensionScore(status="unscored", reason=reason)
