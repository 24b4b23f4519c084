"""Answers on disk: what is written is read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coachbot.models.reads import load_reads, save_reads
from coachbot.scoring.reading import Read


def drawn(random: np.random.Generator, sentences: int, said: int) -> Read:
    """Return answers in which no two numbers are alike."""
    return Read(
        levels=random.normal(size=(3, 3)),
        behaviour=random.normal(size=4),
        question=random.normal(size=3),
        uptake=float(random.normal()),
        fits=float(random.normal()),
        graded=random.normal(size=3),
        dismissal=random.normal(size=8),
        called=random.normal(size=2),
        templated=random.normal(size=sentences),
        injection=random.normal(size=sentences),
        said=random.normal(size=(said, 3)),
    )


def test_answers_are_written_and_read_back(tmp_path: Path) -> None:
    """By set and row, pairs together, replies without sentences or customers among them."""
    random = np.random.default_rng(0)
    reads = {
        "graded": [[drawn(random, n, m)] for n, m in ((2, 3), (0, 1), (4, 0))],
        "pairs": [[drawn(random, 1, 2), drawn(random, 3, 2)] for _ in range(2)],
        "empty": [[drawn(random, 0, 0)]],
        "called": [],
    }
    rows = {"graded": [7, -(2**62), 3], "pairs": [0, 4], "empty": [1], "called": []}
    save_reads(tmp_path / "kept.npz", rows, reads)
    found = load_reads(tmp_path / "kept.npz")
    assert rows == {name: list(units) for name, units in found.items()}
    for name, units in reads.items():
        for row, unit in zip(rows[name], units, strict=True):
            assert len(unit) == len(found[name][row])
            for written, back in zip(unit, found[name][row], strict=True):
                for field, value in vars(written).items():
                    again = getattr(back, field)
                    assert np.shape(value) == np.shape(again)
                    assert np.allclose(value, again, atol=1e-6), field


def test_no_half_file_is_left(tmp_path: Path) -> None:
    """It is written beside and renamed, over what was there before."""
    (tmp_path / "kept.npz").write_bytes(b"old")
    save_reads(tmp_path / "kept.npz", {"a": [5]}, {"a": [[drawn(np.random.default_rng(0), 1, 1)]]})
    assert ["kept.npz"] == [f.name for f in tmp_path.glob("kept*")]
    assert [5] == list(load_reads(tmp_path / "kept.npz")["a"])
