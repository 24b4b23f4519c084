"""A conversation in stretches, so that no page has more than 100 kB; one for almost everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from coachbot.session.models import Session, Turn

ROOM = 60_000
"""Bytes of a conversation that are shown at once."""

Shown = TypeVar("Shown")


@dataclass(frozen=True)
class Stretches(Generic[Shown]):
    """The turns of a conversation, and which of them are shown.

    ``all``: what is shown of each turn, in the order of replies, cut into stretches; one empty
    stretch where nobody replied. ``here``: the place of the one that is shown.
    """

    all: tuple[tuple[Shown, ...], ...]
    here: int
    number: Callable[[Shown], int]

    @property
    def turns(self) -> tuple[Shown, ...]:
        """What is shown now."""
        return self.all[self.here]

    @property
    def replies(self) -> set[int]:
        """The numbers of the replies that are shown."""
        return {self.number(one) for one in self.turns}

    @property
    def ends(self) -> list[tuple[int, int]]:
        """First and last reply of each stretch."""
        return [(self.number(one[0]), self.number(one[-1])) for one in self.all if one]

    @property
    def last(self) -> bool:
        """Whether the conversation ends with what is shown."""
        return self.here == len(self.all) - 1


def stretches(
    turns: Sequence[Shown],
    size: Callable[[Shown], int],
    number: Callable[[Shown], int],
    *,
    reply: int,
    room: int = ROOM,
) -> Stretches[Shown]:
    """Cut a conversation so that each stretch takes ``room`` bytes, or has one turn.

    ``size``: about how many bytes a turn takes on the page. ``reply``: a number in the stretch to
    show; the first one where there is no such reply.
    """
    found: list[list[Shown]] = [[]]
    left = room
    for one in turns:
        needed = size(one)
        if found[-1] and needed > left:
            found.append([])
            left = room
        found[-1].append(one)
        left -= needed
    places = [at for at, part in enumerate(found) if any(number(one) == reply for one in part)]
    return Stretches(tuple(map(tuple, found)), places[0] if places else 0, number)


def plain(session: Session, *, reply: int) -> Stretches[Turn]:
    """A conversation of which only the words are shown, with a small form for each reply."""
    return stretches(session.turns, _size, lambda turn: turn.number, reply=reply)


def _size(turn: Turn) -> int:
    return 2000 + sum(len(text.encode()) for text in (*turn.customer, turn.agent))
