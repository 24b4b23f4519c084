"""The scorer: replies in their conversations to dimensions, signals and evidence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from coachbot.scoring.calibration import Calibration, sigmoid
from coachbot.scoring.conversation import Conversation
from coachbot.scoring.dimensions import called_for, dimension_score, points
from coachbot.scoring.evidence import Explained, Removal, explain
from coachbot.scoring.features import Context, Sentence, split
from coachbot.scoring.interface import (
    DIMENSIONS,
    Dimension,
    DimensionScore,
    DimensionScores,
    InjectionSpan,
    ReplyScore,
    ReplyToScore,
    UnscoredReason,
)
from coachbot.scoring.present import to_signals
from coachbot.scoring.protocol import LanguageIdentifier
from coachbot.scoring.reading import Read, Reader, Reading, join, prepare
from coachbot.scoring.scorable import why_not
from coachbot.scoring.signals import Measurement, measure
from coachbot.scoring.text import Span, clauses

# Removals tried for one reply at most, and letters read for all of them: bounds the work on very
# long replies, which are taken apart in fewer and longer parts.
_MOST_PARTS = 12
_MOST_LETTERS = 24_000
# Replies that are read together: bounds memory on long inputs.
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
    rest: tuple[Sentence, ...]


@dataclass(frozen=True)
class _Prepared:
    """A reply taken apart, of which some sentences may already have been taken out."""

    item: ReplyToScore
    context: Context
    sentences: tuple[Sentence, ...]
    injected: tuple[Span, ...]
    reason: UnscoredReason | None

    @cached_property
    def newest(self) -> Context:
        """The customer's newest message by itself."""
        alone = Conversation.of_one_turn(self.context.conversation.newest)
        return self.context if alone == self.context.conversation else Context.of(alone)

    @cached_property
    def parts(self) -> tuple[_Part, ...]:
        """The parts whose removal is tried: sentences, or the clauses of a single sentence."""
        found = self.sentences
        if len(found) == 1:
            return self._clauses(found[0].span)
        letters = sum(len(s.span.text) for s in found)
        most = max(2, min(_MOST_PARTS, _MOST_LETTERS // max(1, letters)))
        run = math.ceil(len(found) / most)
        parts = []
        for i in range(0, len(found), run):
            start, end = found[i].span.start, found[min(i + run, len(found)) - 1].span.end
            span = Span(start, end, self.item.reply[start:end])
            parts.append(_Part(span, found[:i] + found[i + run :]))
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
            parts.append(_Part(clause, (Sentence.of(Span(0, len(rest), rest)),)))
        return tuple(parts)


class Scorer:
    """Scores replies with a reader and what turns its answers into scores."""

    def __init__(
        self, reader: Reader, calibration: Calibration, identify: LanguageIdentifier
    ) -> None:
        self._reader = reader
        self._calibration = calibration
        self._identify = identify

    @property
    def name(self) -> str:
        """Name and version; changes whenever the trained files do."""
        return self._calibration.name

    def score(
        self,
        items: Sequence[ReplyToScore],
        *,
        signals_only: bool = False,
        with_evidence: bool = True,
    ) -> list[ReplyScore]:
        """Score replies, in order. Up to 64 replies are read together.

        With ``signals_only`` there are no dimensions and no evidence; without ``with_evidence``
        there are dimensions and no evidence. Either way far less is read.
        """
        depth = _Depth(dimensions=not signals_only, evidence=with_evidence and not signals_only)
        results: list[ReplyScore] = []
        for start in range(0, len(items), _AT_ONCE):
            results += self._score_batch(items[start : start + _AT_ONCE], depth)
        return results

    def _score_batch(self, items: Sequence[ReplyToScore], depth: _Depth) -> list[ReplyScore]:
        contexts: dict[Conversation, Context] = {}
        prepared = []
        for item in items:
            conversation = Conversation.of(item)
            if conversation not in contexts:
                contexts[conversation] = Context.of(conversation)
            sentences = tuple(Sentence.of(s) for s in split(item.reply))
            reason = why_not(join([s.span for s in sentences]), item.language, self._identify)
            prepared.append(_Prepared(item, contexts[conversation], sentences, (), reason))
        answers = _Answers(self._reader, self._calibration)
        answers.read(r for p in prepared for r in answers.readings(p, depth))
        cleaned = [self._without_injection(p, answers) for p in prepared]
        # Only a reply that spoke to the scorer is read again, without what it said to it.
        answers.read(
            r
            for before, after in zip(prepared, cleaned, strict=True)
            if after is not before
            for r in answers.readings(after, depth)
        )
        return [self._score_one(p, answers, depth) for p in cleaned]

    def _without_injection(self, prepared: _Prepared, answers: _Answers) -> _Prepared:
        if prepared.reason is not None:
            return prepared
        read = answers[prepared.sentences, prepared.context]
        thresholds = self._calibration.thresholds
        flagged = [
            sigmoid(float(score))
            >= thresholds["injection" if sentence.injection.any() else "injection_unworded"]
            for score, sentence in zip(read.injection, prepared.sentences, strict=True)
        ]
        if not any(flagged):
            return prepared
        kept = tuple(s for s, bad in zip(prepared.sentences, flagged, strict=True) if not bad)
        injected = tuple(s.span for s, bad in zip(prepared.sentences, flagged, strict=True) if bad)
        language = prepared.item.language
        reason = why_not(join([s.span for s in kept]), language, self._identify)
        return replace(prepared, sentences=kept, injected=injected, reason=reason)

    def _score_one(self, prepared: _Prepared, answers: _Answers, depth: _Depth) -> ReplyScore:
        calibration, context = self._calibration, prepared.context
        if prepared.reason is not None:
            return self._unscored(prepared, prepared.reason, answers, depth)
        measured = answers.measured(prepared.sentences, context)
        signals = to_signals(
            measured, prepared.sentences, calibration, _injection(prepared.injected)
        )
        if not depth.dimensions:
            return ReplyScore(
                id=prepared.item.id, status="scored", signals=signals, scorer=self.name
            )
        called = called_for(
            answers[(), context], answers[(), prepared.newest], context, calibration
        )
        wanted = [d for d in DIMENSIONS if called[d]]
        values = measured.values()
        scores = {
            d: dimension_score(calibration.tables[d], values)
            if called[d]
            else _unscored("not_called_for")
            for d in DIMENSIONS
        }
        evidence = None
        if depth.evidence:
            removals = self._removals(prepared, values, answers, wanted) if wanted else []
            explained = Explained(prepared.sentences, measured, removals, context)
            evidence = tuple(explain(explained, calibration, wanted))
        return ReplyScore(
            id=prepared.item.id,
            status="scored",
            dimensions=DimensionScores(**scores),
            signals=signals,
            evidence=evidence,
            scorer=self.name,
        )

    def _removals(
        self,
        prepared: _Prepared,
        values: Mapping[str, float],
        answers: _Answers,
        wanted: Sequence[Dimension],
    ) -> list[Removal]:
        tables = self._calibration.tables
        removals = []
        for part in prepared.parts:
            left = answers.measured(part.rest, prepared.context)
            without = left.values()
            effects = {d: points(tables[d], values) - points(tables[d], without) for d in wanted}
            removals.append(Removal(part.span, left, effects))
        return removals

    def _unscored(
        self, prepared: _Prepared, reason: UnscoredReason, answers: _Answers, depth: _Depth
    ) -> ReplyScore:
        signals = None
        if prepared.injected:
            # Nothing is left to score, but what was taken out is reported.
            silence = answers.measured((), prepared.context)
            signals = to_signals(silence, (), self._calibration, _injection(prepared.injected))
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


_Key = tuple[tuple[Sentence, ...], Context]


class _Answers:
    """The reader's answers for one batch, each reading read once however often it is needed."""

    def __init__(self, reader: Reader, calibration: Calibration) -> None:
        self._reader = reader
        self._calibration = calibration
        self._known: dict[tuple[int, tuple[Span, ...]], Read] = {}

    def __getitem__(self, key: _Key) -> Read:
        return self._known[_place(*key)]

    def readings(self, prepared: _Prepared, depth: _Depth) -> Iterator[_Key]:
        """Yield everything that has to be read for a reply."""
        if prepared.reason is not None:
            if prepared.injected:
                yield (), prepared.context
            return
        yield prepared.sentences, prepared.context
        if depth.dimensions:
            yield (), prepared.context
            yield (), prepared.newest
        if depth.evidence:
            for part in prepared.parts:
                yield part.rest, prepared.context

    def read(self, keys: Iterator[_Key]) -> None:
        """Read what has not been read yet, all of it together."""
        new: dict[tuple[int, tuple[Span, ...]], Reading] = {}
        for sentences, context in keys:
            place = _place(sentences, context)
            if place not in self._known and place not in new:
                new[place] = prepare(sentences, context, self._calibration.rarity)
        self._known |= zip(new, self._reader.read(list(new.values())), strict=True)

    def measured(self, sentences: tuple[Sentence, ...], context: Context) -> Measurement:
        """Return the signals of what was read."""
        read = self[sentences, context]
        return measure(read, sentences, context, self._calibration)


def _place(sentences: tuple[Sentence, ...], context: Context) -> tuple[int, tuple[Span, ...]]:
    return id(context), tuple(s.span for s in sentences)


def _injection(spans: Sequence[Span]) -> tuple[InjectionSpan, ...]:
    return tuple(InjectionSpan(start=s.start, end=s.end, text=s.text) for s in spans)


def _unscored(reason: UnscoredReason) -> DimensionScore:
    return DimensionScore(status="unscored", reason=reason)
