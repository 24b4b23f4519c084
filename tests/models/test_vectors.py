"""The cache of vectors: each text is encoded once, also over runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coachbot.models.variants import slips, unpunctuated, variants
from coachbot.models.vectors import VectorCache


class Counting:
    """A tiny encoder that counts the texts it was given."""

    width = 2

    def __init__(self) -> None:
        self.given: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode by length."""
        self.given += texts
        return np.array([[len(t), 1] for t in texts], dtype=np.float32)


def test_a_text_is_encoded_once_even_over_runs(tmp_path: Path) -> None:
    """The second run finds what the first one wrote."""
    first, second = Counting(), Counting()
    VectorCache(first, tmp_path / "v.npz").add(["a", "bb", "a"])
    cache = VectorCache(second, tmp_path / "v.npz")
    found = cache.many(["bb", "ccc"])
    assert (["a", "bb"], ["ccc"]) == (first.given, second.given)
    assert [2.0, 3.0] == [float(found[t][0]) for t in ("bb", "ccc")]


def test_variants_are_the_same_for_the_same_draw() -> None:
    """Seeded, so that training can be repeated."""
    text = "I've asked the depot, it leaves tonight."
    made = [variants(text, np.random.default_rng(4)) for _ in range(2)]
    assert made[0] == made[1]


def test_slips_and_missing_punctuation_keep_the_words_readable() -> None:
    """Only inner letters move, and ends of sentences stay."""
    text = "I've asked the depot, it leaves tonight."
    assert unpunctuated(text) == "ive asked the depot it leaves tonight."
    slipped = slips(text * 5, np.random.default_rng(0))
    assert slipped != text * 5
    assert slipped[0] == text[0]
