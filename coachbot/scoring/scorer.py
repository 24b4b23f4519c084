"""The scorer: replies in their conversations to dimensions, signals and evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coachbot.scoring.conversation import Conversation
from coachbot.scoring.dimensions import called_for, dimension_score, points
from coachbot.scoring.evidence import Removal, explain
from coachbot.scoring.features import (
    Context,
    Reply,
    Sentence,
    Vectors,
    split,
    texts_of_context,
)
from coachbot.scoring.heads import Heads, sigmoid
from coachbot.scoring.injection import injection_cues
from coachbot.scoring.interface import (
    DIMENSIONS,
    DimensionScore,
    DimensionScores,
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

# Removals tried for one reply at most, and letters read for all of them: bounds the work on very
# long replies, which are taken apart in fewer and longer parts.
_MOST_PARTS = 12
_MOST_LETTERS = 24_000
# Replies whose texts go through the encoder together: bounds memory on long inputs.
_AT_ONCE = 64


@dataclass(frozen=True)
class _Depth:
    """How much of a result is wanted, beside the signals."""

    dimensions: bool
    evidence: bool


@dataclass(frozen=True)
class _Part:
    """A part of the reply that is taken out for evidence, and the sentences that are left."""

    span: Span
    rest: tuple[Span, ...]


@dataclass(frozen=True)
class _Prepared:
    """An item taken apart, before its texts are encoded."""

    item: ReplyToScore
    conversation: Conversation
    spans: tuple[Span, ...]
    injected: tuple[Span, ...]
    reason: UnscoredReason | None

    @cached_property
    def parts(self) -> tuple[_Part, ...]:
        """The parts whose removal is tried: sentences, or the clauses of a single sentence."""
        spans = self.spans
        if len(spans) == 1:
            return self._clauses(spans[0])
        letters = sum(len(s.text) for s in spans)
        most = max(2, min(_MOST_PARTS, _MOST_LETTERS // max(1, letters)))
        run = math.ceil(len(spans) / most)
        parts = []
        for i in range(0, len(spans), run):
            start, end = spans[i].start, spans[min(i + run, len(spans)) - 1].end
            span = Span(start, end, self.item.reply[start:end])
            parts.append(_Part(span, spans[:i] + spans[i + run :]))
        return tuple(parts)

    def _clauses(self, sentence: Span) -> tuple[_Part, ...]:
        found = [
            Span(sentence.start + c.start, sentence.start + c.end, c.text)
            for c in clauses(sentence.text)
        ][:_MOST_PARTS]
        if len(found) < 2:
            return (_Part(sentence, ()),)
        parts = []
        for i, clause in enumerate(found):
            rest = join(found[:i] + found[i + 1 :])
            # What is left is read as the one sentence that it is.
            parts.append(_Part(clause, (Span(0, len(rest), rest),)))
        return tuple(parts)

    def texts(self, *, removals: bool) -> list[str]:
        """Return the texts whose vectors are needed."""
        found = [join(self.spans), *texts_of_context(self.conversation)]
        if removals:
            found += [join(p.rest) for p in self.parts if p.rest]
        return found


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
        self,
        items: Sequence[ReplyToScore],
        *,
        signals_only: bool = False,
        with_evidence: bool = True,
    ) -> list[ReplyScore]:
        """Score replies, in order. The texts of up to 64 replies are encoded together.

        With ``signals_only`` there are no dimensions and no evidence; without ``with_evidence``
        there are dimensions and no evidence. Either way far less is encoded.
        """
        depth = _Depth(dimensions=not signals_only, evidence=with_evidence and not signals_only)
        results: list[ReplyScore] = []
        for start in range(0, len(items), _AT_ONCE):
            results += self._score_batch(items[start : start + _AT_ONCE], depth)
        return results

    def _score_batch(self, items: Sequence[ReplyToScore], depth: _Depth) -> list[ReplyScore]:
        found = [split(item.reply) for item in items]
        sentence_vectors = self._encode([s.text for spans in found for s in spans])
        prepared = [
            self._prepare(item, spans, sentence_vectors)
            for item, spans in zip(items, found, strict=True)
        ]
        needed = [
            text
            for p in prepared
            if p.reason is None
            for text in p.texts(removals=depth.evidence)
            if text not in sentence_vectors
        ]
        vectors = sentence_vectors | self._encode(needed)
        return [
            self._unscored(p, p.reason, depth) if p.reason else self._score_one(p, vectors, depth)
            for p in prepared
        ]

    def _prepare(self, item: ReplyToScore, spans: Sequence[Span], vectors: Vectors) -> _Prepared:
        injected = [s for s in spans if self._is_injection(s, vectors[s.text])]
        kept = tuple(s for s in spans if s not in injected)
        reason = why_not(join(kept), item.language, self._identify)
        return _Prepared(item, Conversation.of(item), kept, tuple(injected), reason)

    def _encode(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        distinct = list(dict.fromkeys(texts))
        return dict(zip(distinct, self._encoder.encode(distinct), strict=True))

    def _is_injection(self, span: Span, vector: NDArray[np.float32]) -> bool:
        inputs = np.concatenate([vector * np.sqrt(vector.size), injection_cues(span.text) * 4.0])
        p = sigmoid(float(self._heads.linear["injection"](inputs)[0]))
        return p >= self._heads.thresholds["injection"]

    def _score_one(self, prepared: _Prepared, vectors: Vectors, depth: _Depth) -> ReplyScore:
        heads = self._heads
        context = Context.of(prepared.conversation, vectors)
        reader = _Reader(vectors, self._encoder.width)
        whole = reader.read(prepared.spans)
        measured = measure(whole, context, heads)
        signals = to_signals(
            measured, whole.sentences, heads.thresholds, _injection(prepared.injected)
        )
        if not depth.dimensions:
            return ReplyScore(
                id=prepared.item.id, status="scored", signals=signals, scorer=self.name
            )
        called = called_for(context, heads)
        wanted = [d for d in DIMENSIONS if called[d]]
        values = measured.values()
        scores = {
            d: dimension_score(heads.tables[d], values)
            if called[d]
            else _unscored("not_called_for")
            for d in DIMENSIONS
        }
        removals = []
        for part in prepared.parts if wanted and depth.evidence else ():
            left = measure(reader.read(part.rest), context, heads).values()
            effects = {
                d: points(heads.tables[d], values) - points(heads.tables[d], left) for d in wanted
            }
            removals.append(Removal(part.span, effects))
        return ReplyScore(
            id=prepared.item.id,
            status="scored",
            dimensions=DimensionScores(**scores),
            signals=signals,
            evidence=tuple(explain(removals, whole, measured, context, heads, wanted))
            if depth.evidence
            else None,
            scorer=self.name,
        )

    def _unscored(self, prepared: _Prepared, reason: UnscoredReason, depth: _Depth) -> ReplyScore:
        signals = None
        if prepared.injected:
            # Nothing is left to score, but what was taken out is reported.
            silence = _Reader({}, self._encoder.width).read(())
            measured = measure(silence, Context.of(Conversation((), ""), {}), self._heads)
            signals = to_signals(
                measured, (), self._heads.thresholds, _injection(prepared.injected)
            )
        nothing = DimensionScores(
            empathy=_unscored(reason),
            active_listening=_unscored(reason),
            individualized_treatment=_unscored(reason),
        )
        return ReplyScore(
            id=prepared.item.id,
            status="unscored",
            reason=reason,
            dimensions=nothing if depth.dimensions else None,
            signals=signals,
            evidence=() if depth.evidence else None,
            scorer=self.name,
        )


class _Reader:
    """Puts replies together from sentences, each taken apart once however often it is needed."""

    def __init__(self, vectors: Vectors, width: int) -> None:
        self._vectors = vectors
        self._width = width
        self._known: dict[Span, Sentence] = {}

    def read(self, spans: Sequence[Span]) -> Reply:
        if not spans:
            return Reply(np.zeros(self._width, dtype=np.float32), ())
        return Reply(self._vectors[join(spans)], tuple(self._sentence(s) for s in spans))

    def _sentence(self, span: Span) -> Sentence:
        found = self._known.get(span)
        if found is None:
            found = self._known[span] = Sentence.of(span, self._vectors[span.text])
        return found


def _injection(spans: Sequence[Span]) -> tuple[InjectionSpan, ...]:
    return tuple(InjectionSpan(start=s.start, end=s.end, text=s.text) for s in spans)


def _unscored(reason: UnscoredReason) -> DimensionScore:
    return DimensionScore(status="unscored", reason=reason)
