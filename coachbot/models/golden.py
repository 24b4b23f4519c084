"""Golden lines: what ``coachbot score`` gives for a few inputs, kept beside the schemas."""

from __future__ import annotations

from pathlib import Path

from coachbot.scoring.lines import read_line, write_line
from coachbot.scoring.scorer import Scorer

INPUT = "score-input.golden.jsonl"
OUTPUT = "score-output.golden.jsonl"


def golden_output(scorer: Scorer, folder: Path) -> bytes:
    """Return the output for the golden input in ``folder``."""
    lines = []
    for number, raw in enumerate((folder / INPUT).read_bytes().splitlines(), start=1):
        read = read_line(raw, number)
        if read is None:
            continue
        if read.item is None:
            assert read.error is not None  # noqa: S101 (one of the two is always there)
            lines.append(write_line(read.error))
        else:
            lines.append(write_line(scorer.score([read.item])[0]))
    return b"".join(lines)


def write_golden(scorer: Scorer, folder: Path) -> None:
    """Write the golden output, where there is a golden input."""
    if (folder / INPUT).is_file():
        (folder / OUTPUT).write_bytes(golden_output(scorer, folder))
