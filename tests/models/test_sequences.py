"""Sequences: nothing of a reading is lost, and every token knows what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from coachbot.models.batches import batches
from coachbot.models.reader import load_tokenizer
from coachbot.models.sequences import (
    CONTEXT_TOKENS,
    REPLY_TOKENS,
    Sequenced,
    Sequencer,
    collate,
)
from coachbot.scoring.conversation import Conversation
from coachbot.scoring.reading import Reading
from tests.models.made import PREPARER
from tests.scoring.made import conversation

REPLY, NEWEST, CONTEXT, SENTENCE, SAID = range(5)
# What the encoder has positions for.
_POSITIONS = 512
TOKENIZER = load_tokenizer()
TOKENIZER.no_truncation()
TOKENIZER.no_padding()


def words(name: str, count: int) -> str:
    """Return that many words, no two alike, in sentences of ten."""
    return " ".join(f"{name}{i}" + ("." if i % 10 == 9 else "") for i in range(count))


def tokens(text: str) -> list[int]:
    """Return a text's tokens."""
    return list(TOKENIZER.encode(text, add_special_tokens=False).ids)


def parts_of(sequence: Sequenced) -> list[tuple[str, list[int]]]:
    """Return what a sequence holds of the conversation: (who, tokens), in order."""
    end = TOKENIZER.token_to_id("[SEP]")
    found: list[list[int]] = [[]]
    for token in sequence.ids[sequence.types == 1]:
        if token == end:
            found.append([])
        else:
            found[-1].append(int(token))
    # Each part opens with who speaks and a colon.
    return [(TOKENIZER.decode(part[:1]), part[2:]) for part in found if part]


def together(sequences: Sequence[Sequenced], who: str) -> list[int]:
    """Return the tokens of one speaker over all windows, in the order of the windows."""
    return [t for s in sequences for name, part in parts_of(s) if name == who for t in part]


def long_history() -> Conversation:
    """A conversation whose earlier turns and screen are far too long for one window."""
    return conversation(
        words("agent", 300), "Where is my kite? I asked twice.", screen=words("screen", 200)
    )


def test_a_short_reading_is_one_sequence(sequencer: Sequencer) -> None:
    """Mark, reply, end; then each part of the conversation, newest first, with its speaker."""
    reading = PREPARER.reading(
        "Tonight.", conversation("Hi there.", "Yes?", "When?", screen="Van.")
    )
    (found,) = sequencer.sequences(reading)
    assert TOKENIZER.decode(list(found.ids), skip_special_tokens=False) == (
        "[CLS] tonight. [SEP] customer : when? [SEP] screen : van. [SEP] agent : yes? [SEP] "
        "customer : hi there. [SEP]"
    )
    length = len(tokens("Tonight.")) + 2
    assert list(np.arange(len(found.ids)) >= length) == list(found.types == 1)


def test_windows_of_a_long_reply_hold_every_token(sequencer: Sequencer) -> None:
    """Every token of the reply is in a window, and most are in two."""
    reading = PREPARER.reading(words("w", 400), conversation("Where is it?"))
    found = sequencer.sequences(reading)
    held = [
        {(int(a), int(b)) for a, b in zip(s.starts, s.ends, strict=True) if b > 0} for s in found
    ]
    expected = {
        (a, b) for a, b in TOKENIZER.encode(reading.reply, add_special_tokens=False).offsets
    }
    assert expected == set().union(*held)
    assert len(found) > 2
    assert all(len(h) == s.weight <= REPLY_TOKENS for h, s in zip(held, found, strict=True))
    assert sum(len(h) for h in held) > 1.5 * len(expected)


def test_windows_of_a_long_history_hold_every_token(sequencer: Sequencer) -> None:
    """Screen and earlier turns are cut into windows from which they can be put together again."""
    where = long_history()
    found = sequencer.sequences(PREPARER.reading("Tonight.", where))
    assert len(found) > 3
    assert tokens(where.screen) == together(found, "screen")
    assert tokens(where.history[0].text) == together(found, "agent")


def test_the_newest_message_is_whole_in_every_window(sequencer: Sequencer) -> None:
    """Whatever part of the history a window holds, the customer's last words are in it."""
    found = sequencer.sequences(PREPARER.reading("Tonight.", long_history()))
    expected = tokens("Where is my kite? I asked twice.")
    for sequence in found:
        assert [expected] == [part for who, part in parts_of(sequence) if who == "customer"]
        assert len(expected) == (sequence.groups[:, NEWEST] == 0).sum()


def test_a_newest_message_that_is_longer_than_a_window_loses_nothing(sequencer: Sequencer) -> None:
    """It is read in windows itself, beside those of the rest."""
    where = conversation("Before.", "Tell me.", words("n", 300), screen="Van at six.")
    found = sequencer.sequences(PREPARER.reading("Tonight.", where))
    held = {t for s in found for who, part in parts_of(s) for t in part if who == "customer"}
    assert set(tokens(where.history[2].text)) <= held
    assert tokens("Van at six.") == together(found, "screen")
    reading = PREPARER.reading("Tonight.", where)
    assert set(range(len(reading.said))) == {
        int(g) for s in found for g in s.groups[:, SAID] if g >= 0
    }


@pytest.mark.parametrize("newest", [100, 220, 260, 270, 280, 297, 298, 600])
@pytest.mark.parametrize("rest", [0, 300])
def test_no_window_is_longer_than_what_the_encoder_reads(
    sequencer: Sequencer, newest: int, rest: int
) -> None:
    """However long the parts are, the encoder has a position for every token."""
    where = conversation("box " * rest, "kite " * newest, screen="van " * rest)
    found = sequencer.sequences(PREPARER.reading("late " * 200, where))
    assert max(len(s.ids) for s in found) <= _POSITIONS


def test_every_token_of_the_reply_knows_its_sentence(sequencer: Sequencer) -> None:
    """Tokens are grouped by the sentence that they stand in; the marks belong to none."""
    reading = PREPARER.reading("So sorry! It left Hull 😀 Is Friday ok?", conversation("Where?"))
    (found,) = sequencer.sequences(reading)
    for number, (start, end) in enumerate(reading.sentences):
        inside = found.groups[:, SENTENCE] == number
        own = reading.reply[found.starts[inside].min() : found.ends[inside].max()]
        assert own == reading.reply[start:end]
        assert tokens(own) == list(found.ids[inside])
    # The opening mark belongs to the reply and to no sentence, the conversation to neither.
    assert (0, -1) == (found.groups[0, REPLY], found.groups[0, SENTENCE])
    assert {-1} == set(found.groups[found.types == 1][:, [REPLY, SENTENCE]].ravel())
    assert len(tokens(reading.reply)) == (found.groups[:, SENTENCE] >= 0).sum()


def test_every_token_of_the_customer_knows_its_sentence(sequencer: Sequencer) -> None:
    """Tokens of a customer's turn are grouped by sentence, the agent's and the screen's are not."""
    where = conversation("It's late. Where is it?", "Looking.", "And? Tell me!", screen="In Hull.")
    reading = PREPARER.reading("Tonight.", where)
    (found,) = sequencer.sequences(reading)
    expected = [tokens(where.history[turn].text[a:b]) for turn, a, b in reading.said]
    own = [list(found.ids[found.groups[:, SAID] == i]) for i in range(len(reading.said))]
    assert expected == own
    assert len(reading.said) == 4
    newest = [t for t, i in zip(found.ids, found.groups[:, NEWEST], strict=True) if i == 0]
    assert tokens("And? Tell me!") == newest


def test_an_empty_reply_is_its_opening_mark(sequencer: Sequencer) -> None:
    """The mark that opens the sequence stands for a reply of nothing."""
    (found,) = sequencer.sequences(PREPARER.reading("", conversation("Where?")))
    assert [0] == list(np.flatnonzero(found.groups[:, REPLY] == 0))
    assert found.weight == 1


def test_only_the_first_window_is_made_for_training(sequencer: Sequencer) -> None:
    """It is the first of all."""
    reading = PREPARER.reading(words("w", 400), long_history())
    (first,) = sequencer.sequences(reading, first_only=True)
    assert np.array_equal(first.ids, sequencer.sequences(reading)[0].ids)


def test_a_long_history_alone_does_not_shorten_its_first_window(sequencer: Sequencer) -> None:
    """Windows are filled up to their room before the next one begins."""
    found = sequencer.sequences(PREPARER.reading("Tonight.", long_history()))
    full = [int((s.types == 1).sum()) for s in found]
    assert max(full) <= CONTEXT_TOKENS
    assert min(full[:-1]) > CONTEXT_TOKENS / 2


def test_batches_hold_every_sequence_once_and_stay_small() -> None:
    """Each place is in one batch of at most so many padded tokens; a longer one is alone."""
    lengths = [5, 100, 7, 30, 6, 31, 200, 29]
    found = list(batches(lengths, most=100))
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 100
    assert [6] in found
    assert [0, 4, 2] in found


def test_batches_for_two_cores_are_as_even_as_they_can_be() -> None:
    """While one core reads the two longest, the other reads the rest; the costly come first."""
    assert [[2, 1], [0, 3], [4]] == list(batches([203, 249, 240, 215, 108], at_once=2))
    assert [[0, 1], [2, 3]] == list(batches([100, 101, 98, 99], at_once=2))


def test_short_sequences_are_not_padded_for_a_long_one() -> None:
    """On one core two batches are read sooner than one that is mostly padding."""
    assert [[1], [0, 2, 3]] == list(batches([30, 249, 31, 31]))


def test_nothing_is_no_batch() -> None:
    """Without sequences there are no batches."""
    assert [] == list(batches([], at_once=2))


def collated_readings() -> list[Reading]:
    """Two readings of different lengths."""
    return [
        PREPARER.reading("Sorry. It left.", conversation("Where is it? Why?")),
        PREPARER.reading("On Friday, I think. Is that ok for you?", conversation("When?")),
    ]


def test_groups_of_a_batch_are_numbered_through(sequencer: Sequencer) -> None:
    """The second reading's sentences come after the first one's, and padding belongs to none."""
    readings = collated_readings()
    sequences = [sequencer.sequences(r)[0] for r in readings]
    batch = collate(sequences, readings)
    count, width = batch.ids.shape
    assert (2, max(len(s.ids) for s in sequences)) == (count, width)
    assert (4, 3) == (batch.sentence_count, batch.said_count)
    for row, (sentences, said) in enumerate([({0, 1}, {0, 1}), ({2, 3}, {2})]):
        own = slice(row * width, (row + 1) * width)
        assert sentences == set(batch.sentence[own].tolist()) - {-1}
        assert said == set(batch.said[own].tolist()) - {-1}
        assert {row} == set(batch.reply[own].tolist()) - {-1}
        assert len(sequences[row].ids) == batch.mask[row].sum()
    padding = batch.mask.reshape(-1) == 0
    assert padding.any()
    for groups in (batch.reply, batch.newest, batch.context, batch.sentence, batch.said):
        assert {-1} == set(groups[padding].tolist())
