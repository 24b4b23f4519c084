"""``coachbot scenarios``: list, check and new, run as their user runs them."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.library import Library
from coachbot.library.inspection import inspect
from coachbot.library.starter import EXAMPLES, STARTS, Answers, starter
from tests.conftest import RunCoachbot
from tests.library.conftest import OPEN_CASE, Edit

KEYS = ["id", "title", "language", "kind", "phase", "difficulty", "file"]


def test_list_as_json(run_coachbot: RunCoachbot) -> None:
    """Each scenario is an object with exactly these keys, and its file is there."""
    result = run_coachbot("scenarios", "list", "--json")

    listed = json.loads(result.stdout)
    assert 0 == result.returncode
    assert len(listed) >= 8
    assert {tuple(KEYS)} == {tuple(one) for one in listed}
    assert {"external", "internal"} == {one["kind"] for one in listed}
    assert all(Path(one["file"]).is_file() for one in listed)


def test_list_for_people(run_coachbot: RunCoachbot) -> None:
    """The table fits in 80 columns, also into a pipe."""
    result = run_coachbot("scenarios", "list", env={"COLUMNS": "80"})

    lines = result.stdout.splitlines()
    assert ["ID", "TITLE", "KIND", "PHASE", "DIFFICULTY", "LANG"] == lines[0].split()
    assert any(line.startswith("late-parcel ") for line in lines)
    assert max(map(len, lines)) <= 80


def test_list_with_a_broken_file(run_coachbot: RunCoachbot, tmp_path: Path, checkout: Path) -> None:
    """A broken file is named on standard error with what to do; the others are listed."""
    root = tmp_path / "own"
    shutil.copytree(checkout / "scenarios" / "temperaments", root / "temperaments")
    shutil.copy(OPEN_CASE, root)
    (root / "broken.yaml").write_text("id: broken\ntitle: x: y\n", encoding="utf-8")

    result = run_coachbot("scenarios", "list", "--json", env={"COACHBOT_SCENARIOS": str(root)})

    assert 0 == result.returncode
    assert ["open-case"] == [one["id"] for one in json.loads(result.stdout)]
    assert 1 == len(result.stderr.splitlines())
    assert "broken.yaml can't be played" in result.stderr
    assert "coachbot scenarios check" in result.stderr


def test_all_of_the_project(run_coachbot: RunCoachbot) -> None:
    """What comes with CoachBot has no mistakes."""
    result = run_coachbot("scenarios", "check")

    assert (0, "") == (result.returncode, result.stderr)
    assert result.stdout.splitlines()[-1].endswith("no mistakes")


def test_check_a_broken_file(edited: Edit, run_coachbot: RunCoachbot) -> None:
    """Mistakes are printed in the order of the file, counted, and make the command fail."""
    path = edited(("patience: 6", "patience: 60"), ("mood: 28", "mood: mad"))

    result = run_coachbot("scenarios", "check", path, cwd=path.parent)

    assert 1 == result.returncode
    first, _, second, _, _, last = result.stdout.splitlines()
    assert first.startswith("open-case.yaml:37:7: 'mood' must be a number")
    assert second.startswith("open-case.yaml:38:11: 'patience' is 60")
    assert "2 mistakes in 1 file" == last


def test_warnings_do_not_fail(edited: Edit, run_coachbot: RunCoachbot) -> None:
    """A warning is marked as one, and nothing fails because of it."""
    path = edited(("mood: 28", "mood: 2"))

    result = run_coachbot("scenarios", "check", path)

    assert 0 == result.returncode
    assert "warning: A mood of 2 is low" in result.stdout
    assert "1 scenario: no mistakes, 1 warning" == result.stdout.splitlines()[-1]


def test_check_as_json(edited: Edit, run_coachbot: RunCoachbot) -> None:
    """Other programs get the same as data."""
    path = edited(("patience: 6", "patience: 60"))

    result = run_coachbot("scenarios", "check", "--json", path, cwd=path.parent)

    assert 1 == result.returncode
    found = json.loads(result.stdout)
    assert (1, 0) == (found["scenarios"], found["temperaments"])
    [problem] = found["problems"]
    assert ("open-case.yaml", 38, 11, "mistake") == tuple(
        problem[key] for key in ("file", "line", "column", "severity")
    )


def test_check_by_name(run_coachbot: RunCoachbot) -> None:
    """Scenarios and temperaments can be named by their ids."""
    result = run_coachbot("scenarios", "check", "late-parcel", "angry")

    assert "1 scenario, 1 temperament, 1 file of agents: no mistakes" == result.stdout.strip()


def test_check_what_is_not_there(run_coachbot: RunCoachbot) -> None:
    """A name that nothing has is answered with one that is near."""
    result = run_coachbot("scenarios", "check", "late-parcle")

    assert 1 == result.returncode
    assert "coachbot: There is no scenario 'late-parcle'. Did you mean late-parcel?\n" == (
        result.stderr
    )


def test_check_an_empty_folder(run_coachbot: RunCoachbot, tmp_path: Path) -> None:
    """A folder without scenarios isn't said to be without mistakes."""
    result = run_coachbot("scenarios", "check", tmp_path)

    assert 1 == result.returncode
    assert "There are no scenario files" in result.stderr


def test_two_files_with_one_id(library: Library, tmp_path: Path) -> None:
    """Two files that would be chosen by the same id are a mistake."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        shutil.copy(OPEN_CASE, tmp_path / name)

    [problem] = inspect(library, [tmp_path]).mistakes

    assert "has the same id" in problem.message


def test_temperament_with_mistakes(tmp_path: Path, checkout: Path) -> None:
    """A scenario is told that its temperament has mistakes, and those are shown too."""
    root = tmp_path / "own"
    shutil.copytree(checkout / "scenarios" / "temperaments", root / "temperaments")
    shutil.copy(OPEN_CASE, root)
    cold = root / "temperaments" / "cold.yaml"
    text = cold.read_text(encoding="utf-8")
    cold.write_text(text.replace("\n  heard:", "\n  herd:"), encoding="utf-8")

    problems = inspect(Library(root)).mistakes

    assert ["open-case.yaml", "cold.yaml"] == [Path(p.file).name for p in problems]
    assert "The temperament 'cold' has mistakes of its own" == problems[0].message
    assert "did you mean 'heard'?" == problems[1].instead


def test_new(run_coachbot: RunCoachbot, tmp_path: Path) -> None:
    """The answers end up in a file that has no mistakes and says what is left to do."""
    answers = [
        "lost-key",
        "A key that isn't there",
        "internal",
        "dur",
        "hard",
        'You keep the keys at "Hotel Astor": room 7',
        "Mia",
        "anx",
        "Hello? I can't get into my room # and it's late",
        "Opens the door",
    ]
    result = run_coachbot("scenarios", "new", stdin="\n".join(answers) + "\n")

    assert (0, "") == (result.returncode, result.stderr)
    scenario = Library(tmp_path).read_scenario(tmp_path / "lost-key.yaml").found
    assert scenario is not None
    assert ("lost-key", answers[1], "internal", "during", "hard") == (
        scenario.id,
        scenario.title,
        scenario.kind,
        scenario.phase,
        scenario.difficulty,
    )
    assert (answers[5], "Mia", "anxious") == (
        scenario.brief.role,
        scenario.persona.name,
        scenario.persona.temperament,
    )
    assert answers[8] == scenario.opening[0].text
    assert "Opens the door" == scenario.resolution.acts[0].what
    checked = run_coachbot("scenarios", "check", "lost-key.yaml")
    assert 0 == checked.returncode
    assert "example texts of the template still to be replaced" in checked.stdout


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("Lost Key", "can't be the name"),
        ("here", "exists already"),
    ],
)
def test_new_asks_again(
    run_coachbot: RunCoachbot, tmp_path: Path, wrong: str, message: str
) -> None:
    """An answer that can't be used is explained, and the question comes again."""
    (tmp_path / "here.yml").write_text("mine", encoding="utf-8")

    result = run_coachbot("scenarios", "new", stdin=f"{wrong}\nlost-key\n" + "\n" * 9)

    assert 0 == result.returncode
    assert message in result.stdout
    assert "mine" == (tmp_path / "here.yml").read_text(encoding="utf-8")
    assert (tmp_path / "lost-key.yaml").is_file()


def test_new_never_overwrites(run_coachbot: RunCoachbot, tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    (tmp_path / "lost-key.yaml").write_text("mine", encoding="utf-8")

    result = run_coachbot("scenarios", "new", "lost-key", stdin="\n" * 9)

    assert 2 == result.returncode
    assert "exists already" in result.stderr
    assert "mine" == (tmp_path / "lost-key.yaml").read_text(encoding="utf-8")


def test_new_in_a_folder(run_coachbot: RunCoachbot, tmp_path: Path) -> None:
    """The file can go to another folder, which must be there."""
    (tmp_path / "ours").mkdir()

    written = run_coachbot("scenarios", "new", "lost-key", "--folder", "ours", stdin="\n" * 9)
    refused = run_coachbot("scenarios", "new", "lost-key", "--folder", "theirs", stdin="\n" * 9)

    assert 0 == written.returncode
    assert (tmp_path / "ours" / "lost-key.yaml").is_file()
    assert (2, "coachbot: There is no folder theirs.\n") == (refused.returncode, refused.stderr)


def test_new_without_answers(run_coachbot: RunCoachbot, tmp_path: Path) -> None:
    """Where the answers stop before the end, nothing is written."""
    result = run_coachbot("scenarios", "new", "lost-key", stdin="\n\n")

    assert 2 == result.returncode
    assert "the input ended" in result.stderr
    assert [] == list(tmp_path.glob("*.yaml"))


@pytest.fixture
def heard() -> Iterator[None]:
    """Ctrl-C reaches what is started: where tests run in the background, a shell has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_new_interrupted(tmp_path: Path) -> None:
    """Ctrl-C leaves nothing behind."""
    command = [sys.executable, "-m", "coachbot", "scenarios", "new", "lost-key"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        while not process.stdout.readline().startswith(b"A title"):
            pass
        # The input stays open meanwhile: its end would be another reason to leave. Between prompt
        # and reading, Python notes a signal and reads on; then one presses again, as anybody does.
        for _ in range(10):
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=3)
                break

    assert 130 == process.returncode
    assert [] == list(tmp_path.glob("*.yaml"))


def test_new_has_no_mistakes(library: Library, tmp_path: Path) -> None:
    """Whatever is chosen, the template has no mistakes, and no warning but that it is one."""
    names = [name for name in library.temperament_files() if name != "general"]
    path = tmp_path / "my-own.yaml"
    for difficulty, temperament in itertools.product(STARTS, names):
        answers = Answers(
            id="my-own",
            kind="internal",
            phase="before",
            difficulty=difficulty,
            temperament=temperament,
            **EXAMPLES,
        )
        path.write_text(starter(answers, names), encoding="utf-8")

        found = inspect(library, [path])

        assert () == found.mistakes
        assert 1 == len(found.warnings)
