"""How far two gradings agree, against values worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coachbot.agreement.measures import alpha
from coachbot.models.agreement import agreement
from tests.models.made import grades, pair, reply, row, write_rows

# Grades by situation; the first and the second grading of each reply.
FIRST = {"s": (0.0, 100.0, 50.0), "t": (10.0, 90.0, 60.0), "u": (20.0, 80.0, 40.0)}
SECOND = {"s": (10.0, 80.0, 50.0), "t": (10.0, 100.0, 40.0), "u": (20.0, 70.0, 60.0)}


def test_equal_grades_agree_wholly() -> None:
    """Alpha is 1."""
    assert alpha(np.array([(0.0, 0.0), (50.0, 50.0), (80.0, 80.0)])) == pytest.approx(1.0)


def test_alpha_by_hand() -> None:
    """Within: 2 * 100 / 6. Between: 2 * 60,500 / 30. Alpha is 1 less the one over the other."""
    found = alpha(np.array([(0.0, 0.0), (100.0, 100.0), (50.0, 60.0)]))
    assert found == pytest.approx(1 - (200 / 6) / (121_000 / 30))


def test_grades_no_nearer_than_by_chance_do_not_agree() -> None:
    """One 0 among three 10s, against another grade: alpha is 0."""
    assert alpha(np.array([(0.0, 10.0), (10.0, 10.0)])) == pytest.approx(0.0)


def folder(tmp_path: Path) -> Path:
    """Three situations, two to learn from and one held out, with the empathy grades above."""
    rows = {
        name: row(
            name,
            [reply(str(i), f"Text {i}.", grades=grades(g)) for i, g in enumerate(first)],
            [pair("empathy", "So sorry.", "Calm down.")] * 2,
        )
        for name, first in FIRST.items()
    }
    write_rows(tmp_path / "graded-x.jsonl", rows["s"], rows["t"])
    write_rows(tmp_path / "held-out-x.jsonl", rows["u"])
    return tmp_path


def second(name: str, *pairs: float | None) -> dict[str, object]:
    """Return a second grading as it stands in its file; listening agrees, the third has none."""
    replies = [
        {"id": str(i), "empathy": g, "active_listening": 30 + i, "dismissal": None}
        for i, g in enumerate(SECOND[name])
    ]
    return {"situation": name, "replies": replies, "pairs": pairs}


def test_without_a_second_grading_nothing_is_said(tmp_path: Path) -> None:
    """No file, or a file about other situations: no measures."""
    assert [] == agreement(folder(tmp_path), seed=0)


def test_agreement_of_a_folder(tmp_path: Path) -> None:
    """Alpha over all replies of all files, and the share of pairs with the same better half."""
    examples = folder(tmp_path)
    rows = [second("s", 1.0, 0.5), second("t", 0.0, None), second("u", 1.0, 1.0)]
    for one in rows:
        for again in one["replies"]:  # type: ignore[attr-defined]
            again["individualized_treatment"] = 45 if again["id"] == "0" else 55
    write_rows(examples / "second-grades.jsonl", *rows)
    empathy, _, _, pairs = agreement(examples, seed=0)
    both = [x for n in FIRST for x in zip(FIRST[n], SECOND[n], strict=True)]
    assert empathy.estimate.value == pytest.approx(alpha(np.array(both)))
    assert (9, 3) == (empathy.estimate.rows, empathy.estimate.clusters)
    assert pairs.estimate.value == pytest.approx(3.5 / 5)
    assert pairs.estimate.rows == 5
