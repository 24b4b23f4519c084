"""The shuffling of two versions' conversations, and taking the marks apart again."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from tests.conversations.blind import main


def test_marks_find_their_way_back(tmp_path: Path) -> None:
    """Whatever the order, each version gets the marks of its own conversations."""
    for version in ("before", "after"):
        said = {f"bereaved/{n}": [f"Judith: {version} {n}"] for n in range(5)}
        (tmp_path / f"{version}.json").write_text(json.dumps(said))
    files = [str(tmp_path / name) for name in ("before.json", "after.json", "text", "key")]
    assert CliRunner().invoke(main, ["mix", *files]).exit_code == 0
    conversations = (tmp_path / "text").read_text().split("### Conversation ")[1:]
    assert len(conversations) == 10
    order = ["after" in conversation for conversation in conversations]
    assert sorted(order) != order
    rated = []
    for conversation in conversations:
        number, words = conversation.split("\n")[:2]
        mark = 4 if "after" in words else 2
        rated.append(f"{number}\t{mark}\t{mark + 1}\t3\t-")
    (tmp_path / "rated.tsv").write_text("\n".join(rated))
    told = CliRunner().invoke(main, ["tell", str(tmp_path / "rated.tsv"), files[3]])
    assert "before 2.00, after 4.00" in told.output
    assert "before 3.00, after 5.00" in told.output
