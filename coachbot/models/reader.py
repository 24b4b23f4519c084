"""The trained network as the scorer's reader, loaded from the released files."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from coachbot.errors import ModelError
from coachbot.models import threads
from coachbot.models.artefacts import NETWORK, load_tensors
from coachbot.models.batches import batches
from coachbot.models.encoder import package_folder, verify_weights
from coachbot.models.network import Answers, Network
from coachbot.models.reads import take_apart
from coachbot.models.sequences import Sequenced, Sequencer, collate
from coachbot.scoring.reading import Read, Reading

Array = NDArray[np.float64]
Made = TypeVar("Made")
Result = TypeVar("Result")

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor
    from transformers import BertModel


class NetworkReader:
    """Reads replies with a network; safe to call from several threads, one at a time works.

    The batches of one call are read side by side, a core each. Unlike threads within one product,
    which wait for each other, that loses nothing where the machine is busy.

    With ``half`` the encoder computes in bfloat16. Then the numbers of a reading depend a little
    on what is read beside it, which moves a score by a tenth of a point now and then.
    """

    def __init__(self, network: Network, sequencer: Sequencer, *, half: bool = False) -> None:
        self._network = network.eval()
        self._sequencer = sequencer
        self._half = half
        self._lock = threading.Lock()
        self._cores = ThreadPoolExecutor(threads.cores(), "reader")
        if half:
            network.halve()

    @classmethod
    def load(cls, root: Path, *, half: bool = False) -> NetworkReader:
        """Load the encoder from its package and what was learned from the folder ``root``.

        Raises ModelError when files are missing, damaged, or not those in the manifest.
        """
        tensors = load_tensors(root)
        threads.apply()
        try:
            network = network_of(tensors)
        except ValueError as error:
            message = (
                f"{root / NETWORK} was written by another version of CoachBot. Put the released "
                "files back, or train them: coachbot scorer train --data DIR"
            )
            raise ModelError(message) from error
        return cls(network, Sequencer(load_tokenizer()), half=half)

    def sequences(self, reading: Reading) -> list[Sequenced]:
        """Return the sequences that a reading is read in."""
        return self._sequencer.sequences(reading)

    def read(self, readings: Sequence[Reading]) -> list[Read]:
        """Answer for each reading, in order; see ``coachbot.scoring.reading.Read``."""
        with self._lock:
            sequences = [self._sequencer.sequences(r) for r in readings]
            flat = [(i, s) for i, found in enumerate(sequences) for s in found]
            cut = self.cut([s for _, s in flat])
            made = self.beside(
                self._answers,
                [
                    ([flat[k][1] for k in batch], [readings[flat[k][0]] for k in batch])
                    for batch in cut
                ],
            )
            parts: dict[int, Read] = {}
            for batch, reads in zip(cut, made, strict=True):
                parts |= zip(batch, reads, strict=True)
        found: list[Read] = []
        at = 0
        for reading, windows in zip(readings, sequences, strict=True):
            reads = [parts[at + k] for k in range(len(windows))]
            found.append(reads[0] if len(reads) == 1 else _together(reading, reads, windows))
            at += len(windows)
        return found

    @staticmethod
    def cut(sequences: Sequence[Sequenced]) -> list[list[int]]:
        """Return the batches that sequences are read in, by their places.

        The same ones whether or not they are read side by side: so are the numbers, to the last.
        """
        lengths = [len(s.ids) for s in sequences]
        return list(batches(lengths, at_once=threads.cores()))

    def beside(self, compute: Callable[[Made], Result], batches: Sequence[Made]) -> list[Result]:
        """Compute something for each batch, as many at once as there are cores for."""
        if len(batches) < 2 or threads.side_by_side() < 2:
            return [compute(batch) for batch in batches]
        return list(self._cores.map(compute, batches))

    def _answers(self, batch: tuple[list[Sequenced], list[Reading]]) -> list[Read]:
        sequences, readings = batch
        # Both hold for one thread each.
        with torch.inference_mode():
            answers = self._network(collate(sequences, readings), half=self._half)
        return _rows(answers, readings)


def multiplies_in_half() -> bool:
    """Whether this processor multiplies bfloat16 itself; others only imitate it, more slowly."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def network_of(tensors: Mapping[str, Tensor]) -> Network:
    """Return the network with what was learned, its adapters merged.

    Raises ValueError when the tensors are not this network's.
    """
    ranks = {v.shape[0] for k, v in tensors.items() if k.endswith(".down")}
    if len(ranks) != 1:
        message = "no adapters of one rank"
        raise ValueError(message)
    network = Network(load_encoder(), ranks.pop())
    expected = network.heads()
    if tensors.keys() != expected.keys():
        message = "other tensors"
        raise ValueError(message)
    for name, value in expected.items():
        if tensors[name].shape != value.shape:
            message = f"{name} has another shape"
            raise ValueError(message)
    network.load_state_dict({k: v.float() for k, v in tensors.items()}, strict=False)
    network.merge()
    return network


def load_encoder(*, training: bool = False) -> BertModel:
    """Load the encoder's weights from their package. Raises ModelError when they are not there.

    For training without its own dropout, which costs a third of the time here and gains nothing
    beside the heads' dropout, and with attention as plain matrix products, whose gradient is far
    faster on a processor.
    """
    folder = package_folder()
    verify_weights(folder / "model.safetensors")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from transformers import BertModel
    from transformers.utils import logging

    # Loading is announced by whoever waits for it, with a bar of their own.
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model: BertModel = BertModel.from_pretrained(
        str(folder),
        local_files_only=True,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager" if training else "sdpa",
    )
    return model


def load_tokenizer() -> Tokenizer:
    """Load the encoder's tokenizer from its package."""
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_file(str(package_folder() / "tokenizer.json"))
    return tokenizer


def _rows(answers: Answers, readings: Sequence[Reading]) -> list[Read]:
    """Take the answers of a batch apart."""
    arrays = {
        name: value.double().numpy() for name, value in vars(answers).items() if name != "rationale"
    }
    return take_apart(arrays, [len(r.sentences) for r in readings], [len(r.said) for r in readings])


def _together(reading: Reading, reads: Sequence[Read], windows: Sequence[Sequenced]) -> Read:
    """Put the windows of one reading together.

    What is said of the whole reply is the mean over windows, weighted by the reply's tokens in
    them; what is said of a sentence, the mean over the windows that hold its tokens.
    """
    weights = np.array([float(w.weight) for w in windows])

    def mean(name: str) -> Array:
        stacked = np.array([getattr(r, name) for r in reads])
        return np.tensordot(weights / weights.sum(), stacked, axes=1)

    def by_part(name: str, column: int, count: int) -> Array:
        held = np.array(
            [
                np.bincount(w.groups[:, column][w.groups[:, column] >= 0], minlength=count)
                for w in windows
            ]
        ).astype(float)
        stacked = np.array([getattr(r, name) for r in reads])
        share = held / np.maximum(held.sum(axis=0), 1.0)
        joined: Array = np.einsum("wn,wn...->n...", share, stacked)
        return joined

    return Read(
        levels=mean("levels"),
        behaviour=mean("behaviour"),
        question=mean("question"),
        uptake=float(mean("uptake")),
        fits=float(mean("fits")),
        graded=mean("graded"),
        dismissal=mean("dismissal"),
        called=mean("called"),
        templated=by_part("templated", 3, len(reading.sentences)),
        injection=by_part("injection", 3, len(reading.sentences)),
        said=by_part("said", 4, len(reading.said)),
    )
