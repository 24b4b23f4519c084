"""Which parts of a reply moved its dimensions, and what it left untouched.

Effects are found by true removal: the reply is scored again without the sentence (or the clause,
when there is only one sentence), and the difference in points is the effect. What the customer
asked and got no answer to is evidence too: its effect is what the dimension would gain if it were
not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from coachbot.scoring.dimensions import DIRECTIONS, points
from coachbot.scoring.features import Context, Reply, Sentence
from coachbot.scoring.heads import Heads
from coachbot.scoring.interface import Dimension, Evidence
from coachbot.scoring.present import likely
from coachbot.scoring.reasons import Case, reason, shorten
from coachbot.scoring.signals import Measurement
from coachbot.scoring.text import Span

# An effect below this many points is noise, not evidence.
_SMALLEST = 1.0
_MOST_PER_DIMENSION = 5


@dataclass(frozen=True)
class Removal:
    """A part of the reply, and what it adds to each dimension, in points."""

    span: Span
    effects: Mapping[Dimension, float]


def explain(
    removals: Sequence[Removal],
    whole: Reply,
    measured: Measurement,
    context: Context,
    heads: Heads,
    wanted: Sequence[Dimension],
) -> list[Evidence]:
    """Return the evidence for the wanted dimensions, the strongest of each first."""
    found: list[Evidence] = []
    for dimension in wanted:
        own = _from_reply(removals, whole, measured, context, heads, dimension)
        own += _from_history(measured, heads, dimension)
        own.sort(key=lambda e: (-abs(e.effect), e.source, e.start))
        found += own[:_MOST_PER_DIMENSION]
    return found


def _from_reply(
    removals: Sequence[Removal],
    whole: Reply,
    measured: Measurement,
    context: Context,
    heads: Heads,
    dimension: Dimension,
) -> list[Evidence]:
    found = []
    for removal in removals:
        effect = removal.effects[dimension]
        if abs(effect) < _SMALLEST:
            continue
        span = removal.span
        inside = [
            i
            for i, s in enumerate(whole.sentences)
            if s.span.start < span.end and span.start < s.span.end
        ]
        against = _against_history(measured, inside, heads) if effect < 0 else None
        templated = max(float(measured.templated_sentences[i]) for i in inside)
        case = Case(Sentence.of(span, whole.vector), context, heads.background.rarity, templated)
        why = against or reason(case, dimension, effect)
        if why is None:
            continue
        found.append(
            Evidence(
                dimension=dimension,
                source="reply",
                turn=None,
                start=span.start,
                end=span.end,
                text=span.text,
                effect=round(effect, 1),
                reason=why,
            )
        )
    return found


def _against_history(measured: Measurement, inside: Sequence[int], heads: Heads) -> str | None:
    """Say what the customer had already given, or had said otherwise, if that is the matter."""
    for one in likely(measured.asks_again, heads.thresholds["asks_again"]):
        if one.candidate.sentence in inside:
            return (
                f"asks again for what the customer gave: “{shorten(one.candidate.said.text, 60)}”"
            )
    for one in likely(measured.contradicts, heads.thresholds["contradicts"]):
        if one.candidate.sentence in inside:
            words = shorten(one.candidate.said.text, 60)
            return f"does not agree with what the customer said: “{words}”"
    return None


def _from_history(measured: Measurement, heads: Heads, dimension: Dimension) -> list[Evidence]:
    if "unanswered" not in DIRECTIONS[dimension]:
        return []
    table, values = heads.tables[dimension], measured.values()
    found = []
    for one in likely(measured.unanswered, heads.thresholds["unanswered"]):
        answered = tuple(replace(f, p=0.0) if f is one else f for f in measured.unanswered)
        better = values | {"unanswered": sum(f.p for f in answered) / len(answered)}
        said = one.candidate.said
        found.append(
            Evidence(
                dimension=dimension,
                source="history",
                turn=said.turn,
                start=said.span.start,
                end=said.span.end,
                text=said.text,
                effect=round(points(table, values) - points(table, better), 1),
                reason=f"asked “{shorten(said.text, 60)}”: not answered",
            )
        )
    return found
