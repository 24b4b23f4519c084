"""``coachbot score`` as a program: lines in, lines out, one by one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import RunCoachbot

LINE = {
    "history": [{"speaker": "customer", "text": "My parcel is lost and nobody answers me."}],
    "reply": "Lost and left without an answer, I'm sorry. I'll find it and ring you at four.",
}


def test_order_errors_and_exit_status(run_coachbot: RunCoachbot, tmp_path: Path) -> None:
    """Each usable or broken line gives a line in its place; one broken line makes it exit 1."""
    lines = [
        json.dumps({"id": "a", **LINE}),
        "",
        "broken",
        json.dumps({"id": 2, "more": 1, **LINE}),
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run_coachbot("score", tmp_path / "in.jsonl")
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [("a", "scored"), (None, "error"), (2, "scored")] == [
        (o["id"], o["status"]) for o in out
    ]
    assert out[1]["line"] == 3
    assert out[0]["dimensions"] == out[2]["dimensions"]
    assert done.stderr.count("unknown keys") == 1
    assert "more" in done.stderr


def test_a_missing_file_is_a_sentence(run_coachbot: RunCoachbot, tmp_path: Path) -> None:
    """Exit status 2, the file's name, no traceback."""
    done = run_coachbot("score", tmp_path / "nothing.jsonl")
    assert (2, "") == (done.returncode, done.stdout)
    assert "nothing.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_program_can_ask_and_wait_line_by_line(tmp_path: Path) -> None:
    """An answer comes before the input ends, and before the next question."""
    process = subprocess.Popen(
        [sys.executable, "-m", "coachbot", "score", "--signals-only"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=tmp_path,
        env=dict(os.environ),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, **LINE}) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert (number, "scored", None) == (answer["id"], answer["status"], answer["evidence"])
        process.stdin.close()
    assert process.returncode == 0
