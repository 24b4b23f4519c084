"""The graded examples: read strictly, and split by name alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coachbot.errors import UsageError
from coachbot.models.examples import (
    TEST_ONE_IN,
    read_injections,
    read_openings,
    read_situations,
)


def test_the_projects_examples_can_be_read(checkout: Path) -> None:
    """All of them, and the test part is near its share."""
    situations = read_situations(checkout / "models" / "examples")
    held = sum(s.held_out for s in situations)
    assert len(situations) >= 60
    assert 0.5 / TEST_ONE_IN <= held / len(situations) <= 1.6 / TEST_ONE_IN
    assert read_injections(checkout / "models" / "examples")
    assert read_openings(checkout / "models" / "examples")


def test_no_text_is_in_two_situations(checkout: Path) -> None:
    """What is tested has not been seen in training under another name."""
    situations = read_situations(checkout / "models" / "examples")
    held = {r.text for s in situations if s.held_out for r in s.replies}
    learned = {r.text for s in situations if not s.held_out for r in s.replies}
    assert set() == held & learned


def test_a_mistake_is_named_with_its_line(checkout: Path, tmp_path: Path) -> None:
    """Words that are not in the turn they are said to be in are refused."""
    source = next((checkout / "models" / "examples").glob("graded-*.jsonl"))
    lines = source.read_text(encoding="utf-8").splitlines()[:2]
    broken = json.loads(lines[1])
    broken["replies"][0]["unanswered"] = [{"turn": 0, "text": "never said"}]
    text = lines[0] + "\n" + json.dumps(broken) + "\n"
    (tmp_path / "graded-x.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"graded-x\.jsonl, line 2: .*never said"):
        read_situations(tmp_path)


def test_a_folder_without_examples_is_named(tmp_path: Path) -> None:
    """The message says what was looked for."""
    with pytest.raises(UsageError, match=r"No graded-\*\.jsonl"):
        read_situations(tmp_path)
    with pytest.raises(UsageError, match=r"injection\.jsonl is missing"):
        read_injections(tmp_path)
