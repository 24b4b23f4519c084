"""The ground: command line, errors, settings, folders of data, what gets installed."""

from __future__ import annotations

import importlib.metadata
import os
import re
import socket
import stat
import subprocess
import sys
import tomllib
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from pytest_socket import SocketConnectBlockedError

from coachbot import __version__, errors
from coachbot.bootstrap import DataKind, data_root, settings
from coachbot.cli import COMMANDS, LazyGroup, main
from coachbot.errors import CoachbotError, NotFound, Problem, ScenarioError, SettingsError
from coachbot.settings import Settings
from tests.conftest import RunCoachbot

KINDS: tuple[DataKind, ...] = ("scenarios", "prompts", "models")


def group_with(body: Callable[[], object]) -> LazyGroup:
    """Return a group like the program's own, with one command ``go`` that runs ``body``."""

    class Group(LazyGroup):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            return click.Command("go", callback=body)

    return Group("coachbot")


def raising(error: BaseException) -> Callable[[], None]:
    """Return a command's body that does nothing but fail."""

    def body() -> None:
        raise error

    return body


# --- The command line ------------------------------------------------------------------------


def test_help_lists_every_command(run_coachbot: RunCoachbot) -> None:
    """`coachbot --help` names every command with its summary, and leaves with 0."""
    result = run_coachbot("--help")
    listed = re.findall(r"^  (\w+)  +(.+)$", result.stdout.partition("Commands:")[2], re.MULTILINE)
    assert [(name, entry.summary) for name, entry in COMMANDS.items()] == listed
    assert (0, "") == (result.returncode, result.stderr)


def test_help_loads_nothing_heavy() -> None:
    """Neither models nor the libraries behind them are imported to list the commands."""
    program = (
        "import sys; from coachbot.cli import main; main(['--help'], standalone_mode=False);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(result.stderr.split())
    assert "click" in loaded
    heavy = {"torch", "numpy", "pydantic", "rich", "transformers", "sklearn", "ruamel", "telegram"}
    assert set() == loaded & heavy


@pytest.mark.parametrize("name", COMMANDS)
def test_summaries_are_the_commands_own(name: str) -> None:
    """The list of commands says of each what its own help says first."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert COMMANDS[name].summary == command.get_short_help_str(limit=200)


def test_version(run_coachbot: RunCoachbot) -> None:
    """`coachbot --version` prints the version of the package."""
    assert f"coachbot, version {__version__}\n" == run_coachbot("--version").stdout


def test_unknown_command_is_a_sentence(run_coachbot: RunCoachbot) -> None:
    """A command that doesn't exist is named, with exit status 2."""
    result = run_coachbot("practise")
    assert 2 == result.returncode
    assert "No such command 'practise'" in result.stderr


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (CoachbotError("The parcel is lost."), 1),
        (errors.UsageError("There is nothing to run."), 2),
        (SettingsError("COACHBOT_X is wrong."), 1),
        (errors.ModelError("The model is damaged."), 1),
        (errors.StoreError("The database is locked."), 1),
        (NotFound("There is no scenario 'x'."), 1),
        (ScenarioError([Problem("a.yaml", 3, 7, "unknown key 'moood'", "mood")]), 1),
    ],
)
def test_errors_become_a_sentence_and_a_status(error: CoachbotError, status: int) -> None:
    """Every error of the project is printed to standard error, with its own exit status."""
    result = CliRunner().invoke(group_with(raising(error)), ["go"])
    assert f"coachbot: {error.message}\n" == result.stderr
    assert (status, "") == (result.exit_code, result.stdout)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), click.Abort()])
def test_interruption_is_quiet(interruption: BaseException) -> None:
    """Ctrl-C, in a command or at a prompt, ends with status 130 and no words."""
    result = CliRunner().invoke(group_with(raising(interruption)), ["go"])
    assert (130, "", "") == (result.exit_code, result.stdout, result.stderr)


def test_end_of_input_at_a_prompt_is_said() -> None:
    """A prompt that gets no answer because the input has ended says so, with status 2."""
    result = CliRunner().invoke(group_with(lambda: click.prompt("Name")), ["go"], input="")
    assert "coachbot: the input ended before an answer came.\n" == result.stderr
    assert 2 == result.exit_code


def test_closed_pipe_is_quiet() -> None:
    """A reader that goes away (`| head`) is no reason to complain."""
    program = (
        "from coachbot.cli import LazyGroup; import click, sys;"
        "LazyGroup.get_command = lambda *_: click.Command('go', callback=lambda: print('line'));"
        "sys.stdin.read(); LazyGroup('coachbot')(['go'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.close()
        assert b"" == process.stderr.read()
    assert 1 == process.returncode


# --- Errors ----------------------------------------------------------------------------------


def test_scenario_errors_name_every_place() -> None:
    """All mistakes of a scenario file are in one message, each with place and remedy."""
    error = ScenarioError(
        [
            Problem("late.yaml", 12, 5, "unknown key 'moood'", "mood"),
            Problem("late.yaml", None, None, "no ending 'left'"),
        ]
    )
    expected = "late.yaml:12:5: unknown key 'moood'\n    instead: mood\nlate.yaml: no ending 'left'"
    assert expected == error.message


def test_exit_statuses_are_documented() -> None:
    """The tree at the top of `errors` shows every class there is."""
    classes = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, CoachbotError)
    }
    drawn = re.findall(r"^(?: {4}|.*── )([A-Z]\w+)  ", errors.__doc__ or "", re.MULTILINE)
    assert classes == set(drawn)


# --- Settings and folders of data ------------------------------------------------------------


def test_settings_have_defaults(data_home: Path) -> None:
    """Without any variable the database lies in the XDG data home, and pauses are on."""
    assert data_home / "coachbot" / "coachbot.db" == settings().database
    assert settings().no_typing_pause is False


def test_relative_data_home_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The XDG specification has a relative XDG_DATA_HOME ignored; so has CoachBot."""
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path / ".local/share/coachbot/coachbot.db" == settings().database


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables set what they name, `~` is the home folder, and empty ones count as not set."""
    monkeypatch.setenv("COACHBOT_DATABASE", "~/practice.db")
    monkeypatch.setenv("COACHBOT_NO_TYPING_PAUSE", "1")
    monkeypatch.setenv("COACHBOT_MODELS", "")
    read = settings()
    assert Path.home() / "practice.db" == read.database
    assert read.no_typing_pause is True
    assert read.models is None


def test_every_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values that can't be used and names that don't exist are reported together."""
    monkeypatch.setenv("COACHBOT_NO_TYPING_PAUSE", "perhaps")
    monkeypatch.setenv("COACHBOT_PROMPTS", "/no/such/folder")
    monkeypatch.setenv("COACHBOT_DATABSE", "practice.db")
    with pytest.raises(SettingsError) as caught:
        settings()
    lines = caught.value.message.splitlines()
    advice = "Did you mean COACHBOT_DATABASE?"
    assert f"COACHBOT_DATABSE is not a setting of CoachBot. {advice}" == lines[0]
    assert lines[1].startswith("COACHBOT_NO_TYPING_PAUSE is 'perhaps': ")
    assert "COACHBOT_PROMPTS is '/no/such/folder': there is no such folder." == lines[2]
    assert 3 == len(lines)


@pytest.mark.parametrize("kind", KINDS)
def test_data_is_found_in_the_checkout(kind: DataKind, checkout: Path) -> None:
    """In a checkout, the folders beside the package are used."""
    assert checkout / kind == data_root(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_data_can_be_elsewhere(
    kind: DataKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder named in the environment goes before all others."""
    monkeypatch.setenv(f"COACHBOT_{kind.upper()}", str(tmp_path))
    assert tmp_path == data_root(kind)


def test_missing_data_says_where_it_was_sought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installation without its data tells both places and the way out."""
    monkeypatch.setattr("coachbot.bootstrap._PACKAGE", tmp_path / "coachbot")
    with pytest.raises(NotFound) as caught:
        data_root("scenarios")
    assert str(tmp_path / "coachbot" / "_data" / "scenarios") in caught.value.message
    assert str(tmp_path / "scenarios") in caught.value.message
    assert "COACHBOT_SCENARIOS" in caught.value.message


# --- What gets installed ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=Path(__file__).parents[1],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel is installed, without what it depends on."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_wheel_has_code_data_and_licence_only(wheel: Path) -> None:
    """The wheel holds the package, the data that runs, and its metadata; no tests."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    metadata = f"coachbot-{__version__}.dist-info"
    assert {"coachbot", metadata} == {name.partition("/")[0] for name in names}
    assert {"coachbot/py.typed", f"{metadata}/licenses/LICENSE"} <= set(names)
    assert not [name for name in names if name.startswith("coachbot/_data/models/examples")]


@pytest.mark.parametrize("kind", KINDS)
def test_installed_package_finds_its_data(kind: DataKind, installed: Path, tmp_path: Path) -> None:
    """From any folder, an installed CoachBot uses the data that came with it, and all of it."""
    program = f"from coachbot import bootstrap; print(bootstrap.data_root({kind!r}))"
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = Path(result.stdout.strip())
    assert installed / "coachbot" / "_data" / kind == found
    assert files_of(data_root(kind)) == files_of(found)


def files_of(root: Path) -> set[Path]:
    """Every file below ``root``, relative to it, but for the graded examples."""
    files = {path.relative_to(root) for path in root.rglob("*") if path.is_file()}
    return {path for path in files if path.parts[0] != "examples"}


def test_installed_command_works_from_any_folder(
    run_coachbot: RunCoachbot, installed: Path
) -> None:
    """`coachbot --help` runs from the installed package, outside the checkout."""
    result = run_coachbot("--help", env={"PYTHONPATH": str(installed)})
    assert (0, "") == (result.returncode, result.stderr)


def test_every_needed_package_is_pinned(checkout: Path) -> None:
    """All that the project needs, directly or not, has its exact version in constraints.txt."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], "hatchling"]
    for extra in project["optional-dependencies"].values():
        wanted += extra
    lines = (checkout / "constraints.txt").read_text("utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    pinned = {canonicalize_name(name): pins[name] for name in pins}
    needed = versions_needed(wanted)
    assert {name: pinned.get(name) for name in needed} == needed


def versions_needed(wanted: list[str]) -> dict[NormalizedName, str]:
    """Installed versions of the requirements and of all that they require, but for pip's own."""
    versions: dict[NormalizedName, str] = {}
    seen = set()
    queue = [Requirement(text) for text in wanted]
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        key = (name, frozenset(requirement.extras))
        if key in seen or name == "pip":
            continue
        seen.add(key)
        distribution = importlib.metadata.distribution(name)
        # "2.13.0+cpu" is a build of 2.13.0, and pip counts it as such.
        versions[name] = distribution.version.partition("+")[0]
        for text in distribution.requires or []:
            further = Requirement(text)
            extras = [{"extra": extra} for extra in ("", *requirement.extras)]
            if further.marker is None or any(map(further.marker.evaluate, extras)):
                queue.append(further)
    return versions


# --- make ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("python", "message"),
    [
        ("exit 1", "CoachBot needs Python 3.11 or newer"),
        ("case $2 in *ensurepip*) exit 1;; esac", "sudo apt install python3-venv"),
    ],
)
def test_make_says_what_is_missing(
    python: str, message: str, tmp_path: Path, checkout: Path
) -> None:
    """An old Python, or one without venv, is answered with what to install, and nothing is made."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_bytes((checkout / name).read_bytes())
    stand_in = tmp_path / "python"
    stand_in.write_text(f"#!/bin/sh\n{python}\n")
    stand_in.chmod(stat.S_IRWXU)
    result = subprocess.run(
        ["make", "practice", f"PYTHON={stand_in}"],  # noqa: S607  # make is wherever the user has it
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert message in result.stderr
    assert not (tmp_path / ".venv").exists()


# --- Documents and the tests themselves ------------------------------------------------------


def test_readme_names_commands_settings_and_targets(checkout: Path) -> None:
    """What can be run and what can be set is in README.md."""
    readme = (checkout / "README.md").read_text("utf-8")
    makefile = (checkout / "Makefile").read_text("utf-8")
    promised = [
        *(f"coachbot {name}" for name in COMMANDS),
        *(f"COACHBOT_{field}".upper() for field in Settings.model_fields),
        *(f"make {target}" for target in re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE)),
    ]
    assert [] == [name for name in promised if f"`{name}" not in readme]


def test_network_is_out_of_reach() -> None:
    """A test that tries to reach another machine fails."""
    with socket.socket() as connection, pytest.raises(SocketConnectBlockedError):
        connection.connect(("192.0.2.1", 80))


def test_warnings_are_errors() -> None:
    """A warning in a test fails it."""
    with pytest.raises(UserWarning, match="mind the gap"):
        warnings.warn("mind the gap", stacklevel=1)


def test_layers_contract_sees_a_foreign_import() -> None:
    """The contract for the pure core names the line that imports what it must not."""
    from grimp import ImportGraph

    from tests.layers import OnlyContract

    graph = ImportGraph()
    graph.add_module("coachbot")
    graph.add_module("coachbot.scoring")
    graph.add_module("coachbot.scoring.text")
    for imported in ("numpy", "re", "coachbot", "torch"):
        if imported != "coachbot":
            graph.add_module(imported, is_squashed=True)
        graph.add_import(
            importer="coachbot.scoring.text",
            imported=imported,
            line_number=3,
            line_contents=f"import {imported}",
        )
    contract = OnlyContract(
        "pure",
        {"root_packages": ["coachbot"]},
        {"source_modules": ["coachbot.scoring"], "allowed_packages": ["numpy"]},
    )
    check = contract.check(graph, verbose=False)
    lines = [offence["line_contents"] for offence in check.metadata["offences"]]
    assert (False, ["import torch"]) == (check.kept, lines)
