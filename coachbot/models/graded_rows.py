"""The graded situations as rows to learn from, with what is derived from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coachbot.models.examples import GradedReply, Situation
from coachbot.models.public_heads import read_context, read_reply, reply_texts
from coachbot.models.variants import STOCK_EMPATHY, Variant, variants
from coachbot.models.vectors import VectorCache
from coachbot.scoring.conversation import Conversation
from coachbot.scoring.features import Context, Reply, texts_of_context
from coachbot.scoring.interface import Dimension

# Replies of a situation that are put under another conversation.
_SWAPS = 2
# A reply put under another customer's message: what it is worth there, at most.
_SWAPPED_GRADES: dict[Dimension, float] = {
    "active_listening": 10.0,
    "individualized_treatment": 10.0,
}
# A reply of which nothing is left, for replies of one sentence.
_EMPTY_GRADES: dict[Dimension, float] = {
    "empathy": 20.0,
    "active_listening": 10.0,
    "individualized_treatment": 15.0,
}


@dataclass(frozen=True)
class Row:
    """One text in one conversation, with what is known about it.

    ``kind`` is graded, better, worse (a pair's halves stand next to each other), swapped, empty, or
    a variant of the graded row ``origin`` (see ``variants``; "no_screen" for the same reply to
    somebody who sees nothing); ``shifts`` says what the variant adds to each dimension, in points.
    """

    situation: int
    kind: str
    reply: Reply
    context: Context
    graded: GradedReply | None = None
    dimension: Dimension | None = None
    grades: tuple[tuple[Dimension, float], ...] = ()
    origin: int | None = None
    shifts: tuple[tuple[Dimension, float], ...] = ()

    def grade(self, dimension: Dimension) -> float | None:
        """Return the grade in points, or None."""
        if self.graded is not None and self.kind in ("graded", "no_screen"):
            return self.graded.grades.get(dimension)
        return dict(self.grades).get(dimension)


def read_rows(
    situations: Sequence[Situation], vectors: VectorCache, *, more: bool, seed: int
) -> list[Row]:
    """Take the situations apart: replies and pairs.

    With ``more``, also what is derived from them for training: each without the screen, variants,
    replies put under another conversation, and a reply of nothing.
    """
    vectors.add(t for s in situations for t in texts_of_context(s.conversation))
    texts = [r.text for s in situations for r in s.replies]
    texts += [t for s in situations for p in s.pairs for t in (p.better, p.worse)]
    vectors.add(t for text in texts for t in reply_texts(text))
    contexts = [read_context(s.conversation, vectors) for s in situations]
    blind = [read_context(Conversation(s.history, ""), vectors) for s in situations]
    draw = np.random.default_rng(seed)
    graded_texts = [r.text for s in situations for r in s.replies]
    made = {t: variants(t, draw) if more else [] for t in graded_texts}
    vectors.add(t for found in made.values() for v in found for t in reply_texts(v.text))
    rows: list[Row] = []
    for i, situation in enumerate(situations):
        for graded in situation.replies:
            row = Row(i, "graded", read_reply(graded.text, vectors), contexts[i], graded)
            rows.append(row)
            if more:
                origin = len(rows) - 1
                rows.append(replace(row, kind="no_screen", context=blind[i], origin=origin))
                rows += _variants(row, graded, origin, made[graded.text], vectors)
        for pair in situation.pairs:
            for context in (contexts[i], blind[i]) if more else (contexts[i],):
                for kind, text in (("better", pair.better), ("worse", pair.worse)):
                    reply = read_reply(text, vectors)
                    rows.append(Row(i, kind, reply, context, dimension=pair.dimension))
        if more:
            nothing = Reply(np.zeros_like(vectors[texts[0]]), ())
            empty = tuple((d, g) for d, g in _EMPTY_GRADES.items() if situation.called_for[d])
            rows.append(Row(i, "empty", nothing, contexts[i], grades=empty))
            rows += _swapped(situations, i, contexts, vectors, draw)
    return rows


def _variants(
    row: Row, graded: GradedReply, origin: int, made: Sequence[Variant], vectors: VectorCache
) -> list[Row]:
    empathy = graded.grades["empathy"]
    lift = 0.0 if empathy is None else max(0.0, STOCK_EMPATHY - empathy)
    if graded.dismissal is not None:
        # A stock phrase doesn't undo harm.
        lift /= 3
    return [
        replace(
            row,
            kind=v.kind,
            reply=read_reply(v.text, vectors),
            origin=origin,
            shifts=(("empathy", lift),) if v.stock else (),
        )
        for v in made
    ]


def _swapped(
    situations: Sequence[Situation],
    i: int,
    contexts: Sequence[Context],
    vectors: VectorCache,
    draw: np.random.Generator,
) -> list[Row]:
    """Put good replies under other conversations, to whose group they then belong."""
    good = [r for r in situations[i].replies if (r.grades["active_listening"] or 0) >= 55]
    rows = []
    for graded in good[:_SWAPS]:
        other = int(draw.integers(len(situations) - 1))
        other += other >= i
        called = situations[other].called_for
        grades = tuple((d, g) for d, g in _SWAPPED_GRADES.items() if called[d])
        reply = read_reply(graded.text, vectors)
        rows.append(Row(other, "swapped", reply, contexts[other], graded, grades=grades))
    return rows
