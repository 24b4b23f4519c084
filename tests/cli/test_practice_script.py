"""``coachbot practice SCENARIO --script FILE --json``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coachbot.reporting.practice_result import PracticeResult
from tests.cli.conftest import RunHere
from tests.conftest import RunCoachbot
from tests.library.conftest import OPEN_CASE

FIRST = "A week late, and on Tuesday we only asked you to wait. I'm sorry, Dean."
SECOND = "I'm putting another train on our van tonight.\\nIt reaches you tomorrow."

SCRIPT = f"{FIRST}\n\n  \t \n/brief\n/hint\n{SECOND}\n/end\nNobody reads this any more.\n"
"""A line break inside a line, blank lines, commands, and something after the end."""

KEYS = (
    "scenario seed scorer outcome passed with_help dimensions "
    "opening turns closing story tips needs"
).split()
TURN_KEYS = (
    "customer agent mood_before mood_after mood_reasons status dimensions evidence acts facts"
).split()


@pytest.fixture(scope="module")
def by_program(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The script, played by the program in a process of its own."""
    folder = tmp_path_factory.mktemp("script")
    (folder / "script.txt").write_text(SCRIPT, encoding="utf-8")
    command = "practice late-parcel --script script.txt --json --seed 3".split()
    return subprocess.run(
        [sys.executable, "-m", "coachbot", *command],
        cwd=folder,
        env={**os.environ, "XDG_DATA_HOME": str(folder / "data")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The same script in a file."""
    file = tmp_path / "script.txt"
    file.write_text(SCRIPT, encoding="utf-8")
    return file


def played(run_here: RunHere, folder: Path, text: str, *options: str) -> dict[str, Any]:
    """The result of a script."""
    file = folder / "played.txt"
    file.write_text(text, encoding="utf-8")
    result = run_here("practice", "late-parcel", "--script", file, "--json", *options)
    assert 0 == result.exit_code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_one_object(by_program: subprocess.CompletedProcess[str]) -> None:
    """It prints one line that is a JSON object with the keys of the interface, and no more."""
    found = json.loads(by_program.stdout)

    assert (0, "") == (by_program.returncode, by_program.stderr)
    assert 1 == by_program.stdout.count("\n")
    assert KEYS == list(found)
    assert [TURN_KEYS] * 2 == [list(turn) for turn in found["turns"]]
    assert ["revealed", "not_revealed"] == list(found["needs"])
    assert [["dimension", "turn", "quote", "tip", "example"]] == [list(t) for t in found["tips"]]
    PracticeResult.model_validate_json(by_program.stdout)


def test_values(by_program: subprocess.CompletedProcess[str]) -> None:
    """What the object says is what was played."""
    found = PracticeResult.model_validate_json(by_program.stdout)

    assert ("late-parcel", 3) == (found.scenario, found.seed)
    assert found.turns[0].dimensions == found.opening
    assert ("second-train",) == found.turns[1].acts
    assert found.turns[0].mood_after == found.turns[1].mood_before
    assert all(message.strip() for message in (found.turns[0].customer, found.closing, found.story))


def test_lines(by_program: subprocess.CompletedProcess[str]) -> None:
    """Blank lines and commands are no replies, a backslash and n are a line break."""
    found = json.loads(by_program.stdout)
    assert [FIRST, SECOND.replace("\\n", "\n")] == [turn["agent"] for turn in found["turns"]]


def test_commands(by_program: subprocess.CompletedProcess[str]) -> None:
    """A hint makes it a session with help, and what stands after /end is ignored."""
    found = json.loads(by_program.stdout)
    assert ("ended", False, True) == (found["outcome"], found["passed"], found["with_help"])


def test_same_seed(
    by_program: subprocess.CompletedProcess[str], run_here: RunHere, tmp_path: Path
) -> None:
    """The same script and seed give the same session, in another process too."""
    assert json.loads(by_program.stdout) == played(run_here, tmp_path, SCRIPT, "--seed", "3")


def test_other_seeds(run_here: RunHere, tmp_path: Path) -> None:
    """Other seeds give other sessions; the seed left out is 0."""
    openings = {
        played(run_here, tmp_path, "Hello Dean.", "--seed", seed)["turns"][0]["customer"]
        for seed in "1234"
    }
    assert len(openings) > 1
    assert 0 == played(run_here, tmp_path, "Hello Dean.")["seed"]


def test_too_few_lines(run_here: RunHere, tmp_path: Path) -> None:
    """A script that stops in the middle ends the session, and that is no failure to run."""
    found = played(run_here, tmp_path, FIRST)
    assert ("ended", False, False) == (found["outcome"], found["passed"], found["with_help"])


def test_empty(run_here: RunHere, tmp_path: Path) -> None:
    """A script without a reply is a session without turns."""
    found = played(run_here, tmp_path, "\n\n")
    assert ("ended", [], None, []) == tuple(
        found[key] for key in ("outcome", "turns", "opening", "tips")
    )


def test_after_the_ending(run_here: RunHere, tmp_path: Path) -> None:
    """Replies after the customer has left are ignored."""
    rude = "Calm down, it's only a toy. You people always make a fuss.\n"
    found = played(run_here, tmp_path, rude * 12)

    assert found["outcome"] in ("left", "gave_up")
    assert len(found["turns"]) < 12
    assert found["closing"]


def test_windows_line_ends(run_here: RunHere, tmp_path: Path) -> None:
    """A file with a byte order mark and CRLF is read as anybody would."""
    file = tmp_path / "windows.txt"
    file.write_bytes(f"\ufeff{FIRST}\r\n\r\n/end\r\n".encode())
    result = run_here("practice", "late-parcel", "--script", file, "--json")
    assert [FIRST] == [turn["agent"] for turn in json.loads(result.stdout)["turns"]]


def test_keeps_nothing(run_here: RunHere, script: Path, data_home: Path) -> None:
    """Without --save nothing is stored, not even an empty database."""
    run_here("practice", "late-parcel", "--script", script, "--json")
    assert [] == list(data_home.rglob("*"))


def test_saves(run_here: RunHere, script: Path) -> None:
    """With --save the session is in the progress."""
    result = run_here("practice", "late-parcel", "--script", script, "--json", "--save")
    rows = json.loads(run_here("progress", "--json").stdout)

    assert 1 == len(rows)
    assert ("late-parcel", "ended", False) == tuple(
        rows[0][key] for key in ("scenario", "outcome", "passed")
    )
    assert json.loads(result.stdout)["dimensions"] == rows[0]["values"]


WRONG = {
    "no scenario": (("no-such-scenario", "--script", "good.txt", "--json"), "no-such-scenario"),
    "no script": (("late-parcel", "--script", "missing.txt", "--json"), "missing.txt"),
    "a folder": (("late-parcel", "--script", ".", "--json"), "can't be read"),
    "not UTF-8": (("late-parcel", "--script", "latin.txt", "--json"), "UTF-8"),
    "nothing to play": (("late-parcel", "--json"), "--script"),
    "nobody to play": (("--script", "good.txt", "--json"), "SCENARIO"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_cannot_run(
    arguments: tuple[str, ...], said: str, run_coachbot: RunCoachbot, tmp_path: Path
) -> None:
    """What can't be run is said in a sentence, and the exit status is 2."""
    (tmp_path / "good.txt").write_text(FIRST, encoding="utf-8")
    (tmp_path / "latin.txt").write_bytes("Das tut mir leid, Frau Müller.".encode("latin-1"))
    result = run_coachbot("practice", *arguments)

    assert (2, "") == (result.returncode, result.stdout)
    assert result.stderr.startswith("coachbot: ")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_by_path(run_here: RunHere, script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario is played from its file as from its id, wherever one stands."""
    monkeypatch.chdir(OPEN_CASE.parent)
    result = run_here("practice", OPEN_CASE.name, "--script", script, "--json")
    assert (0, "open-case") == (result.exit_code, json.loads(result.stdout)["scenario"])


def test_standard_input(run_here: RunHere) -> None:
    """A script may come on standard input."""
    result = run_here("practice", str(OPEN_CASE), "--script", "-", "--json", typed=f"{FIRST}\n")
    assert [FIRST] == [turn["agent"] for turn in json.loads(result.stdout)["turns"]]


def test_unknown_command(run_here: RunHere, tmp_path: Path) -> None:
    """What looks like a command and is none is skipped, and named apart from the result."""
    file = tmp_path / "played.txt"
    file.write_text(f"/hnit\n{FIRST}\n", encoding="utf-8")
    result = run_here("practice", str(OPEN_CASE), "--script", file, "--json")
    assert [FIRST] == [turn["agent"] for turn in json.loads(result.stdout)["turns"]]
    assert "/hnit is no command" in result.stderr


def test_without_json(run_here: RunHere, script: Path) -> None:
    """Without --json the conversation and its debrief are printed for people."""
    result = run_here("practice", str(OPEN_CASE), "--script", script)
    shown = " ".join(result.stdout.split())
    assert 0 == result.exit_code
    assert FIRST in shown
    assert "Ended by you - not passed" in shown
    assert 80 >= max(map(len, result.stdout.splitlines()))
    assert "\x1b" not in result.stdout


def test_passed_and_failed_exit_alike(run_here: RunHere, tmp_path: Path) -> None:
    """A session that ran is no failure of the program, whatever became of it."""
    rude = tmp_path / "rude.txt"
    rude.write_text("You're not the only one waiting.\nCalm down.\n" * 6, encoding="utf-8")
    result = run_here("practice", str(OPEN_CASE), "--script", rude, "--json")
    assert 0 == result.exit_code
    assert json.loads(result.stdout)["outcome"] in ("left", "gave_up")
