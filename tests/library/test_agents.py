"""Files of scripted agents: read whole, and every mistake told with its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from coachbot.errors import NotFound, ScenarioError
from coachbot.library import Library
from coachbot.library.inspection import inspect
from coachbot.library.schema import schema
from coachbot.scenario.agents import Agents

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = sorted((SCENARIOS / "agents").glob("*.yaml"))
NAME = "late-parcel"

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one scenario, its temperaments and its agents."""
    for folder in ("temperaments", "agents"):
        (tmp_path / folder).mkdir()
    for file in (SCENARIOS / "temperaments").glob("*.yaml"):
        shutil.copy(file, tmp_path / "temperaments")
    shutil.copy(SCENARIOS / f"{NAME}.yaml", tmp_path)
    for name in (NAME, "general"):
        shutil.copy(SCENARIOS / "agents" / f"{name}.yaml", tmp_path / "agents")
    return tmp_path


@pytest.fixture
def said(root: Path) -> Callable[..., list[str]]:
    """Change the agents' file, check it, and return the mistakes and warnings."""

    def check(change: Change, name: str = NAME) -> list[str]:
        file = root / "agents" / f"{name}.yaml"
        data = YAML(typ="safe").load(file)
        change(data)
        writer = YAML()
        writer.width = 4000
        writer.dump(data, file)
        found = inspect(Library(root), [file])
        assert 1 == found.agents
        assert all(remark.problem.line for remark in found.remarks)
        return [f"{r.problem.message}; {r.problem.instead}" for r in found.remarks]

    return check


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_files_fit_the_schema(file: Path) -> None:
    """Every file of the project fits what an editor checks it against."""
    name = "general-agents" if file.stem == "general" else "agents"
    jsonschema.validate(YAML(typ="safe", pure=True).load(file), schema(name))


def test_the_library_finds_them(root: Path) -> None:
    """Agents are found beside their scenario; a scenario without any has none."""
    library = Library(root)
    found = library.agents(library.scenario(NAME))
    assert isinstance(found, Agents)
    assert 3 <= len(found.voices)
    assert 3 <= len(library.general_agents().voices)
    (root / "agents" / f"{NAME}.yaml").unlink()
    assert library.agents(library.scenario(NAME)) is None


def test_a_trainers_folder_borrows_the_general_words(root: Path, tmp_path: Path) -> None:
    """A library without agents takes those that it was told of; without any it says what to do."""
    shared = root / "agents"
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(root / f"{NAME}.yaml", alone)
    borrowing = Library(alone, shared=root / "temperaments", agents=shared)
    assert 3 <= len(borrowing.general_agents(alone).voices)
    with pytest.raises(NotFound, match="Copy general"):
        Library(alone).general_agents(alone)


def test_lines_are_looked_up(root: Path) -> None:
    """A part of a scenario is found by the line that it begins in."""
    library = Library(root)
    line = library.lines(library.scenario(NAME))(("facts", 0, "say", 1))
    assert line is not None
    text = (root / f"{NAME}.yaml").read_text(encoding="utf-8").splitlines()[line - 1]
    assert "I know it by heart" in text


def test_broken_agents_are_not_played(root: Path) -> None:
    """A file with a mistake raises it, with file and line."""
    file = root / "agents" / f"{NAME}.yaml"
    text = file.read_text(encoding="utf-8").replace("stall:", "stahl:", 1)
    file.write_text(text, encoding="utf-8")
    library = Library(root)
    with pytest.raises(ScenarioError, match=r"late-parcel.yaml:\d+:\d+: 'stahl' is not known"):
        library.agents(library.scenario(NAME))


def test_nothing_is_wrong_at_first(said: Callable[..., list[str]]) -> None:
    """The files as they are have no mistake."""
    assert [] == said(lambda _data: None)
    assert [] == said(lambda _data: None, "general")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda d: d["voices"][1]["do"].pop("second-train"), "no words for the act 'second-train'"),
        (lambda d: d["voices"][0]["meet"].pop("last-year"), "no words for the need 'last-year'"),
        (lambda d: d["voices"][0]["ask"].pop("hours"), "no words for the fact or need 'hours'"),
        (
            lambda d: d["voices"][0]["ask"].update({"hour": ["When?"]}),
            "The scenario has no fact or need 'hour'; did you mean 'hours'?",
        ),
        (
            lambda d: d["voices"][0]["ask"].update({"last-year": ["Why that?"]}),
            "'last-year' has 1 wording, and at least 2 are needed; write 1 more",
        ),
        (lambda d: d["voices"].__delitem__(2), "'voices' has two, and at least three are needed"),
        (lambda d: d["voices"][0].update(dismiss=["No."] * 3), "at least six are needed"),
        (
            lambda d: d["voices"][0]["do"]["second-train"].update(warm=["I will."]),
            "'warm' has one, and at least two are needed",
        ),
        (lambda d: d["voices"][1].update(id=d["voices"][0]["id"]), "Two of the voices are called"),
        (lambda d: d.update(scenario="late-parcels"), "but the file is called late-parcel.yaml"),
        (
            lambda d: d["voices"][1]["stall"].__setitem__(0, d["voices"][0]["stall"][0]),
            "The same text stands here twice",
        ),
        (
            lambda d: d["voices"][0]["do"]["second-train"]["bare"].__setitem__(0, "I see to it."),
            "The act 'second-train' counts only with one of the words that it has to mention",
        ),
        (lambda d: d["voices"][0].update(shout=["HA"]), "'shout' is not known here"),
    ],
)
def test_mistakes(said: Callable[..., list[str]], change: Change, expected: str) -> None:
    """Each mistake is named, once, with what to do."""
    found = said(change)
    assert 1 == len(found), found
    assert expected in found[0]


def test_general_words_need_three_voices(said: Callable[..., list[str]]) -> None:
    """The words for anybody are checked, too."""
    found = said(lambda d: d["voices"].__delitem__(slice(1, None)), "general")
    assert ["'voices' has one, and at least three are needed"] == [one[:47] for one in found]


def test_agents_of_nobody(root: Path) -> None:
    """A file for a scenario that isn't there says which it might be."""
    (root / "agents" / f"{NAME}.yaml").rename(root / "agents" / "late-parcels.yaml")
    found = inspect(Library(root), [root]).mistakes
    assert ["There is no scenario 'late-parcels' beside the folder of agents"] == [
        problem.message for problem in found
    ]
