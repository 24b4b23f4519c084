"""From readings to the token sequences that the network takes, in windows where they are long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from coachbot.models.batches import windows
from coachbot.models.network import Batch
from coachbot.scoring.reading import Reading, Segment

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# A reply's window and its step; most replies fit into one. With the marks a sequence is at most
# 2 + 192 + 260 + 48 tokens long, below the 512 positions that the encoder has.
REPLY_TOKENS = 192
_REPLY_STEP = 96
CONTEXT_TOKENS = 224
_LONGEST_NEWEST = 260
_LEAST_ROOM = 48


@dataclass(frozen=True)
class Sequenced:
    """One sequence: a window of a reading.

    ``groups`` has a row for each token: reply (0 or -1), newest, context, the reply's sentence,
    the customer's sentence (their numbers in the reading, or -1). ``starts`` and ``ends`` are the
    tokens' characters in the reply, or 0. ``weight`` is how many of the reply's tokens it holds.
    """

    ids: NDArray[np.int32]
    types: NDArray[np.int8]
    groups: NDArray[np.int16]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    weight: int


@dataclass(frozen=True)
class _Tokens:
    """Tokens of a text with their characters."""

    ids: list[int]
    spans: list[tuple[int, int]]

    def __getitem__(self, part: slice) -> _Tokens:
        return _Tokens(self.ids[part], self.spans[part])


class Sequencer:
    """Turns readings into sequences."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        # Windows are cut here, so the tokenizer must neither cut nor pad.
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._start, self._end = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        self._known: dict[str, _Tokens] = {}

    def sequences(self, reading: Reading, *, first_only: bool = False) -> list[Sequenced]:
        """Return the windows of a reading: every part of the reply with every part of the rest.

        The newest message is in every window, whole. Only where it alone is longer than a window,
        it is cut into overlapping parts, and the rest is read in windows of its own.
        With ``first_only``, the first of them (for training).
        """
        reply = self._tokens(reading.reply)
        replies = list(_windows(reply, REPLY_TOKENS, _REPLY_STEP))
        contexts = self._contexts(reading)
        if first_only:
            replies, contexts = replies[:1], contexts[:1]
        return [self._sequence(reading, r, c) for r in replies for c in contexts]

    def _contexts(self, reading: Reading) -> list[list[tuple[Segment, _Tokens]]]:
        newest = [(s, self._tokens(s.text)) for s in reading.segments if s.newest]
        rest = [(s, self._tokens(s.text)) for s in reading.segments if not s.newest]
        size = sum(len(t.ids) + 3 for _, t in newest)
        if size > _LONGEST_NEWEST:
            pieces = [
                (s, part) for s, t in newest for part in _windows(t, REPLY_TOKENS, _REPLY_STEP)
            ]
            return [[piece] for piece in pieces] + [
                [(s, part)] for s, t in rest for part in _windows(t, REPLY_TOKENS, _REPLY_STEP)
            ]
        room = max(_LEAST_ROOM, CONTEXT_TOKENS - size)
        found: list[list[tuple[Segment, _Tokens]]] = [list(newest)]
        used = 0
        for segment, tokens in rest:
            for part in _windows(tokens, room - 3, room - 3):
                if used and used + len(part.ids) + 3 > room:
                    found.append(list(newest))
                    used = 0
                found[-1].append((segment, part))
                used += len(part.ids) + 3
        return found

    def _sequence(
        self, reading: Reading, reply: _Tokens, context: Sequence[tuple[Segment, _Tokens]]
    ) -> Sequenced:
        none = -1
        ids = [self._start, *reply.ids, self._end]
        starts = [0, *(a for a, _ in reply.spans), 0]
        ends = [0, *(b for _, b in reply.spans), 0]
        groups: list[tuple[int, int, int, int, int]] = [(0, none, none, none, none)]
        sentence = 0
        for start, _ in reply.spans:
            while (
                sentence + 1 < len(reading.sentences)
                and start >= reading.sentences[sentence + 1][0]
            ):
                sentence += 1
            groups.append((0, none, none, sentence if reading.sentences else none, none))
        groups.append((none, none, none, none, none))
        length = len(ids)
        for segment, tokens in context:
            mark = self._tokens(f"{segment.source}:")
            ids += [*mark.ids, *tokens.ids, self._end]
            new = 0 if segment.newest else none
            groups += [(none, none, 0, none, none)] * len(mark.ids)
            for start, _ in tokens.spans:
                groups.append((none, new, 0, none, _said_at(reading, segment, start)))
            groups.append((none, none, none, none, none))
        starts += [0] * (len(ids) - length)
        ends += [0] * (len(ids) - length)
        types = [0] * length + [1] * (len(ids) - length)
        return Sequenced(
            ids=np.array(ids, dtype=np.int32),
            types=np.array(types, dtype=np.int8),
            groups=np.array(groups, dtype=np.int16),
            starts=np.array(starts, dtype=np.int32),
            ends=np.array(ends, dtype=np.int32),
            weight=max(1, len(reply.ids)),
        )

    def _tokens(self, text: str) -> _Tokens:
        found = self._known.get(text)
        if found is None:
            encoded = self._tokenizer.encode(text, add_special_tokens=False)
            found = _Tokens(list(encoded.ids), list(encoded.offsets))
            if len(self._known) > 4096:
                self._known.clear()
            self._known[text] = found
        return found


def _said_at(reading: Reading, segment: Segment, start: int) -> int:
    if segment.source != "customer":
        return -1
    for i, (turn, a, b) in enumerate(reading.said):
        if turn == segment.turn and a <= start < b:
            return i
    return -1


def _windows(tokens: _Tokens, size: int, step: int) -> Iterator[_Tokens]:
    return (tokens[part] for part in windows(len(tokens.ids), size, step))


def collate(
    sequences: Sequence[Sequenced],
    readings: Sequence[Reading],
    shape: tuple[int, int] = (0, 0),
) -> Batch:
    """Pad sequences and number their groups; ``readings`` are the sequences' own.

    ``shape`` is the least shape of the padded table.
    """
    rows = max(shape[0], len(sequences))
    longest = max(shape[1], *(len(s.ids) for s in sequences))
    ids = np.zeros((rows, longest), dtype=np.int64)
    types = np.zeros_like(ids)
    mask = np.zeros_like(ids)
    mask[:, 0] = 1
    groups = np.full((5, rows, longest), -1, dtype=np.int64)
    sentences = said = 0
    for row, (sequence, reading) in enumerate(zip(sequences, readings, strict=True)):
        length = len(sequence.ids)
        ids[row, :length] = sequence.ids
        types[row, :length] = sequence.types
        mask[row, :length] = 1
        first = np.array([row, row, row, sentences, said])
        own = sequence.groups.T.astype(np.int64)
        groups[:, row, :length] = np.where(own >= 0, own + first[:, None], -1)
        sentences += len(reading.sentences)
        said += len(reading.said)
    flat = [_tensor(g.reshape(-1)) for g in groups]
    return Batch(
        count=len(sequences),
        ids=_tensor(ids),
        types=_tensor(types),
        mask=_tensor(mask),
        reply=flat[0],
        newest=flat[1],
        context=flat[2],
        sentence=flat[3],
        said=flat[4],
        sentence_count=sentences,
        said_count=said,
        reply_features=_tensor(np.stack([r.reply_features for r in readings])),
        context_features=_tensor(np.stack([r.context_features for r in readings])),
        sentence_features=_tensor(np.concatenate([r.sentence_features for r in readings])),
        said_features=_tensor(np.concatenate([r.said_features for r in readings])),
    )


def _tensor(array: NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))
