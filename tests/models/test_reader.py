"""The reader: the same alone and in company, whatever the length, and only with its own files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from coachbot.errors import ModelError
from coachbot.models.artefacts import NETWORK, save, save_calibration
from coachbot.models.network import Network
from coachbot.models.reader import NetworkReader, _together
from coachbot.models.sequences import Sequenced, Sequencer
from coachbot.scoring.conversation import Conversation
from coachbot.scoring.interface import Turn
from coachbot.scoring.reading import Read, Reading
from tests.models.made import KITE, PREPARER, random_network
from tests.scoring.made import calibration, conversation, read

LONG_REPLY = "I have asked the depot in Hull about it. " * 40
LONG_HISTORY = Conversation(
    tuple(
        Turn(
            speaker="customer" if i % 2 == 0 else "agent", text=f"Message {i} about the kite. " * 4
        )
        for i in range(13)
    ),
    "Order 55120. " * 40,
)


def readings() -> list[Reading]:
    """Short and long replies in short and long conversations, one empty, one to nobody."""
    where = conversation("Hi.", "Yes?", KITE, screen="Van at 18:00.")
    return [
        PREPARER.reading("Sorry.", where),
        PREPARER.reading(LONG_REPLY, where),
        PREPARER.reading("", where),
        PREPARER.reading("It leaves tonight. Is Friday fine?", LONG_HISTORY),
        PREPARER.reading("Hello!", Conversation((), "")),
        PREPARER.reading(LONG_REPLY, LONG_HISTORY),
    ]


def apart(one: Read, other: Read) -> float:
    """Return how far two answers are apart at most."""
    return max(
        (
            float(np.abs(np.asarray(a) - np.asarray(getattr(other, name))).max())
            for name, a in vars(one).items()
            if np.size(a)
        ),
        default=0.0,
    )


def test_alone_and_in_a_batch_are_the_same(reader: NetworkReader) -> None:
    """A reading's answers don't depend on what is read with it, within 1e-4."""
    some = readings()
    together = reader.read(some)
    assert max(apart(reader.read([r])[0], t) for r, t in zip(some, together, strict=True)) < 1e-4
    assert abs(together[0].graded - together[1].graded).max() > 1e-3


def test_half_precision_answers_nearly_the_same(sequencer: Sequencer) -> None:
    """In bfloat16 every answer stays within a hundredth or two of single precision's range."""
    single = NetworkReader(random_network(seed=1), sequencer).read(readings())
    half = NetworkReader(random_network(seed=1), sequencer, half=True).read(readings())
    assert 0 < max(apart(a, b) for a, b in zip(single, half, strict=True)) < 0.1


def test_long_replies_and_histories_are_read_in_windows(reader: NetworkReader) -> None:
    """Many windows give one answer, with a row for every sentence of reply and customer."""
    for reading in readings():
        (found,) = reader.read([reading])
        assert len(reading.sentences) == len(found.templated) == len(found.injection)
        assert (len(reading.said), 3) == found.said.shape
        assert (3, 3) == found.levels.shape
        assert all(np.isfinite(v).all() for v in vars(found).values())
    short, reply, empty, history, nobody, both = (len(reader.sequences(r)) for r in readings())
    assert (1, 1, 1) == (short, empty, nobody)
    assert min(reply, history) > 2
    assert both == reply * history


def test_the_end_of_a_long_reply_and_the_start_of_a_long_history_count(
    reader: NetworkReader,
) -> None:
    """Nothing is cut: other words far away from the start or the newest message are seen."""
    where = conversation(KITE)
    kind, harsh = (
        PREPARER.reading(LONG_REPLY + end, where)
        for end in ("I will ring you myself.", "Stop wasting my time.")
    )
    assert abs(np.subtract(*(r.graded for r in reader.read([kind, harsh])))).max() > 1e-4
    first = Turn(speaker="customer", text="My little dog died in your van and I can't stop crying.")
    other = Conversation((first, *LONG_HISTORY.history[1:]), LONG_HISTORY.screen)
    before, after = (PREPARER.reading("Sorry.", c) for c in (LONG_HISTORY, other))
    assert abs(np.subtract(*(r.called for r in reader.read([before, after])))).max() > 1e-4


@pytest.mark.parametrize("words", [80, 90, 96, 100, 120, 400])
def test_a_newest_message_of_any_length_is_read(reader: NetworkReader, words: int) -> None:
    """With a long reply and a screen beside it, it stops nothing."""
    newest = " ".join(f"item{i}" for i in range(words))
    where = conversation("Hello there, " * 40, "Yes? " * 60, newest, screen="Order 55120. " * 60)
    (found,) = reader.read([PREPARER.reading(LONG_REPLY, where)])
    assert np.isfinite(found.graded).all()


def test_nothing_to_read_is_no_answer(reader: NetworkReader) -> None:
    """No reading, no answer."""
    assert [] == reader.read([])


def window(weight: int, sentences: list[int], said: list[int]) -> Sequenced:
    """Return a window that holds so many tokens of each sentence of reply and customer."""
    groups = [(0, -1, -1, i, -1) for i, n in enumerate(sentences) for _ in range(n)]
    groups += [(-1, -1, 0, -1, i) for i, n in enumerate(said) for _ in range(n)]
    none = np.zeros(len(groups))
    return Sequenced(
        none.astype(np.int32),
        none.astype(np.int8),
        np.array(groups, dtype=np.int16),
        none.astype(np.int32),
        none.astype(np.int32),
        weight,
    )


def test_windows_are_put_together_by_hand() -> None:
    """The whole by the reply's tokens (3 to 1), a sentence by its own tokens in each window."""
    reading = PREPARER.reading("Sorry. Tonight.", conversation("Where? Why?"))
    windows = [window(3, [2, 1], [4, 0]), window(1, [0, 3], [4, 5])]
    one, two = (
        read(
            2,
            2,
            uptake=value,
            graded=np.full(3, value),
            templated=np.array([value, value]),
            said=np.full((2, 3), value),
        )
        for value in (4.0, 8.0)
    )
    found = _together(reading, [one, two], windows)
    assert found.uptake == pytest.approx(5.0)
    assert found.graded == pytest.approx([5.0] * 3)
    assert found.templated == pytest.approx([4.0, 7.0])
    assert found.said[:, 0] == pytest.approx([6.0, 8.0])


def test_loading_says_nothing() -> None:
    """Whoever scores from a program sees results, not how a library loads its weights."""
    load = "from coachbot.models.reader import load_encoder; load_encoder()"
    done = subprocess.run(
        [sys.executable, "-c", load], capture_output=True, encoding="utf-8", check=True
    )
    assert ("", "") == (done.stdout, done.stderr)


def test_what_is_saved_is_what_is_read_with(
    network: Network, reader: NetworkReader, tmp_path: Path
) -> None:
    """A network from its files (half precision) answers as the one that was written."""
    save(network.heads(), calibration(), tmp_path)
    some = readings()[:3]
    loaded = NetworkReader.load(tmp_path).read(some)
    assert max(apart(a, b) for a, b in zip(loaded, reader.read(some), strict=True)) < 0.02


Tensors = dict[str, torch.Tensor]


def _without(tensors: Tensors) -> Tensors:
    return {k: v for k, v in tensors.items() if k != "uptake.bias"}


def _with_more(tensors: Tensors) -> Tensors:
    return tensors | {"mood.bias": torch.zeros(1)}


def _of_another_shape(tensors: Tensors) -> Tensors:
    return tensors | {"uptake.weight": torch.zeros(1, 7)}


def _of_two_ranks(tensors: Tensors) -> Tensors:
    name = next(k for k in tensors if k.endswith(".down"))
    return tensors | {name: torch.zeros(2, tensors[name].shape[1])}


def _without_adapters(tensors: Tensors) -> Tensors:
    return {k: v for k, v in tensors.items() if not k.endswith((".up", ".down"))}


@pytest.mark.parametrize(
    "change", [_without, _with_more, _of_another_shape, _of_two_ranks, _without_adapters]
)
def test_a_network_of_another_shape_is_refused(
    network: Network, tmp_path: Path, change: Callable[[Tensors], Tensors]
) -> None:
    """Tensors that aren't this network's give the file's name and a way out."""
    save(change(network.heads()), calibration(), tmp_path)
    with pytest.raises(
        ModelError, match=r"network\.safetensors was written by another version.*train"
    ):
        NetworkReader.load(tmp_path)


def test_a_damaged_network_is_refused(network: Network, tmp_path: Path) -> None:
    """A file that is no safetensors file, though it is the manifest's, can't be read."""
    save(network.heads(), calibration(), tmp_path)
    (tmp_path / NETWORK).write_bytes(b"half a file")
    with pytest.raises(ModelError, match=r"network\.safetensors is not the one"):
        NetworkReader.load(tmp_path)
    save_calibration(calibration(), tmp_path)
    with pytest.raises(ModelError, match=r"network\.safetensors can't be read"):
        NetworkReader.load(tmp_path)
