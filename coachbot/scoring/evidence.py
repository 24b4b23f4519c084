"""Which parts of a reply moved its dimensions, and what it left untouched.

Effects are found by true removal: the reply is scored again without the sentence (or the clause,
when there is only one sentence), and the difference in points is the effect. What the customer
asked and got no answer to is evidence too: its effect is what the dimension would gain if it were
not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coachbot.scoring.calibration import Calibration
from coachbot.scoring.dimensions import points
from coachbot.scoring.features import Context, Sentence
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
    """A part of the reply, what is measured without it, and what it adds in points."""

    span: Span
    after: Measurement
    effects: Mapping[Dimension, float]


@dataclass(frozen=True)
class Explained:
    """A reply that was measured whole and without each of its parts."""

    sentences: Sequence[Sentence]
    measured: Measurement
    removals: Sequence[Removal]
    context: Context


def explain(
    reply: Explained, calibration: Calibration, wanted: Sequence[Dimension]
) -> list[Evidence]:
    """Return the evidence for the wanted dimensions, the strongest of each first."""
    cases = [_case(reply, removal, calibration) for removal in reply.removals]
    found: list[Evidence] = []
    for dimension in wanted:
        own = _from_reply(reply.removals, cases, dimension)
        own += _from_history(reply.measured, calibration, dimension)
        own.sort(key=lambda e: (-abs(e.effect), e.source, e.start))
        found += own[:_MOST_PER_DIMENSION]
    return found


def _case(reply: Explained, removal: Removal, calibration: Calibration) -> Case:
    span = removal.span
    templated = max(
        (
            float(p)
            for s, p in zip(reply.sentences, reply.measured.templated_sentences, strict=True)
            if s.span.overlaps(span)
        ),
        default=0.0,
    )
    return Case(
        sentence=Sentence.of(span),
        context=reply.context,
        rarity=calibration.rarity,
        templated=templated,
        before=reply.measured,
        after=removal.after,
        thresholds=calibration.thresholds,
    )


def _from_reply(
    removals: Sequence[Removal], cases: Sequence[Case], dimension: Dimension
) -> list[Evidence]:
    found = []
    for removal, case in zip(removals, cases, strict=True):
        effect, span = removal.effects[dimension], removal.span
        if abs(effect) < _SMALLEST:
            continue
        why = reason(case, dimension, effect)
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


def _from_history(
    measured: Measurement, calibration: Calibration, dimension: Dimension
) -> list[Evidence]:
    """Return what the customer asked and got no answer to.

    The effect is what the dimension would gain if the question were not counted as open.
    """
    table, values = calibration.tables[dimension], measured.values()
    if not table.weights.get("unanswered"):
        return []
    candidates = measured.findings["unanswered"]
    found = []
    for one in likely(candidates, calibration.thresholds["unanswered"]):
        rest = [f.p for f in candidates if f is not one]
        better = values | {"unanswered": sum(rest) / len(candidates)}
        effect = points(table, values) - points(table, better)
        if abs(effect) < _SMALLEST:
            continue
        said = one.said
        found.append(
            Evidence(
                dimension=dimension,
                source="history",
                turn=said.turn,
                start=said.span.start,
                end=said.span.end,
                text=said.text,
                effect=round(effect, 1),
                reason=f"asked “{shorten(said.text, 60)}”: not answered",
            )
        )
    return found
