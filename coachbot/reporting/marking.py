"""A conversation with its evidence in place: words cut where a mark begins or ends, and its notes.

A note is a part of the conversation that moved the scores of a reply, with all that it did. Notes
are numbered through the conversation, in the order in which the replies and the words in them come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from coachbot.reporting.tips import unanswered
from coachbot.scoring.interface import Dimension, Evidence
from coachbot.session.models import Session, Turn

SMALLEST_EFFECT = 1.0
"""Points from which evidence is shown, as in the debrief."""

LINE = "\n"
"""Between the customer's messages where the scorer reads them as one text."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a part did to a dimension, in points, and why."""

    dimension: Dimension
    points: float
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A part of the conversation and what it did to the scores of a reply.

    ``number``: from 1 through the conversation; ``place``: from 1 among the notes of its reply,
    ``turn``. ``at``: the turn in which the words stand, 0 where they can't be found. ``earlier``:
    they are the customer's, or stand in an earlier reply.
    """

    number: int
    place: int
    turn: int
    text: str
    effects: tuple[Effect, ...]
    at: int
    earlier: bool = False

    @property
    def helped(self) -> bool:
        """Whether it did more good than harm."""
        return sum(effect.points for effect in self.effects) > 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that belong to the same notes, the one on the fewest words first.

    ``ends``: the notes whose words end here.
    """

    text: str
    notes: tuple[Note, ...] = ()
    ends: tuple[Note, ...] = ()


@dataclass(frozen=True)
class MarkedTurn:
    """A turn: the customer's messages and the reply in pieces, and the notes on the reply."""

    customer: tuple[tuple[Piece, ...], ...]
    agent: tuple[Piece, ...]
    notes: tuple[Note, ...]


@dataclass
class _Places:
    """Where notes stand: for each text their ranges in code points."""

    customer: dict[int, list[tuple[int, int, Note]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    agent: dict[int, list[tuple[int, int, Note]]] = field(default_factory=lambda: defaultdict(list))


def marked(session: Session, only: Dimension | None = None) -> dict[int, MarkedTurn]:
    """The turns of a session by their numbers; ``only``: with what moved one dimension."""
    places = _Places()
    notes: dict[int, tuple[Note, ...]] = {}
    number = 0
    for turn in session.turns:
        notes[turn.number] = _notes(session, turn, number, only, places)
        number += len(notes[turn.number])
    return {
        turn.number: MarkedTurn(
            customer=_messages(turn.customer, places.customer[turn.number]),
            agent=_pieces(turn.agent, places.agent[turn.number]),
            notes=notes[turn.number],
        )
        for turn in session.turns
    }


def _notes(
    session: Session, turn: Turn, before: int, only: Dimension | None, places: _Places
) -> tuple[Note, ...]:
    """The notes on a reply; says in ``places`` where their words are."""
    found: dict[tuple[int, int, int, str], list[Evidence]] = {}
    for one in turn.score.evidence or ():
        if abs(one.effect) < SMALLEST_EFFECT or only not in (None, one.dimension):
            continue
        # What was said before comes first.
        said = one.turn if one.source == "history" and one.turn is not None else 2 * turn.number - 1
        found.setdefault((said, one.start, one.end, one.text), []).append(one)
    notes = []
    for place, (said, start, end, text) in enumerate(sorted(found), 1):
        effects = sorted(found[said, start, end, text], key=lambda e: -abs(e.effect))
        where = _find(session, said, (start, end), text)
        note = Note(
            number=before + place,
            place=place,
            turn=turn.number,
            text=text,
            effects=tuple(Effect(e.dimension, e.effect, _reason(e).rstrip(".")) for e in effects),
            at=said // 2 + 1 if where else 0,
            earlier=said != 2 * turn.number - 1,
        )
        notes.append(note)
        if where is not None:
            text_of = places.agent if said % 2 else places.customer
            text_of[note.at].append((*where, note))
    return tuple(notes)


def _reason(one: Evidence) -> str:
    return unanswered(one.reason) if one.source == "history" else one.reason


def _find(session: Session, said: int, span: tuple[int, int], words: str) -> tuple[int, int] | None:
    """Where the words are in a message; None if they aren't. ``said``: its index in the history."""
    at = said // 2 + 1
    if not 1 <= at <= len(session.turns):
        return None
    turn = session.turns[at - 1]
    whole = turn.agent if said % 2 else LINE.join(turn.customer)
    start, end = span
    if whole[start:end] != words:
        start = whole.find(words)
        end = start + len(words)
    return (start, end) if 0 <= start < end else None


def _pieces(
    text: str, ranges: Sequence[tuple[int, int, Note]], offset: int = 0
) -> tuple[Piece, ...]:
    """A text cut at the ends of the ranges; ``offset``: where it begins in what they count."""
    end_of_text = offset + len(text)
    cuts = {offset, end_of_text}
    for start, end, _ in ranges:
        cuts |= {cut for cut in (start, end) if offset < cut < end_of_text}
    ordered = sorted(cuts)
    pieces = []
    for start, end in pairwise(ordered):
        inside = sorted(
            (r for r in ranges if r[0] < end and r[1] > start), key=lambda r: r[1] - r[0]
        )
        pieces.append(
            Piece(
                text=text[start - offset : end - offset],
                notes=tuple(note for _, _, note in inside),
                ends=tuple(note for _, last, note in inside if last == end),
            )
        )
    return tuple(pieces)


def _messages(
    messages: Sequence[str], ranges: Sequence[tuple[int, int, Note]]
) -> tuple[tuple[Piece, ...], ...]:
    found = []
    offset = 0
    for message in messages:
        found.append(_pieces(message, ranges, offset))
        offset += len(message) + len(LINE)
    return tuple(found)
