"""Variants of a reply: seeded, and changed in what they say they change."""

from __future__ import annotations

import numpy as np

from coachbot.models.variants import NEUTRAL, STOCK, slips, unpunctuated, variants

TEXT = "I've asked the depot, it leaves tonight."


def test_variants_are_the_same_for_the_same_draw() -> None:
    """Seeded, so that training can be repeated."""
    made = [variants(TEXT, np.random.default_rng(4)) for _ in range(2)]
    assert made[0] == made[1]


def test_each_variant_adds_what_it_counts() -> None:
    """One stock phrase, several, or one neutral sentence, and the reply is still whole."""
    for seed in range(20):
        made = {v.kind: v for v in variants(TEXT, np.random.default_rng(seed))}
        for kind in ("stock_once", "stock_often", "padded"):
            added = made[kind].text.replace(TEXT, "").strip()
            assert TEXT in made[kind].text
            assert made[kind].stock == sum(added.count(phrase) for phrase in STOCK)
        assert made["stock_once"].stock == 1 < made["stock_often"].stock
        assert made["padded"].text.replace(TEXT, "").strip() in NEUTRAL
        assert (0, 0) == (made["slips"].stock, made["plain"].stock)


def test_slips_and_missing_punctuation_keep_the_words_readable() -> None:
    """Only inner letters move, and ends of sentences stay."""
    assert unpunctuated(TEXT) == "ive asked the depot it leaves tonight."
    slipped = slips(TEXT * 5, np.random.default_rng(0))
    assert slipped != TEXT * 5
    assert slipped[0] == TEXT[0]
