"""The folder of scenarios: what is in it, and how one is found."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from coachbot.errors import NotFound, ScenarioError
from coachbot.library import Library, read_scenario
from coachbot.library.catalogue import scenario_files, yaml_files
from tests.library.conftest import OPEN_CASE, Edit


@pytest.fixture
def folder(tmp_path: Path, checkout: Path) -> Path:
    """A library of two scenarios and two temperaments."""
    root = tmp_path / "scenarios"
    (root / "temperaments").mkdir(parents=True)
    for name in ("cold", "general"):
        shutil.copy(checkout / "scenarios" / "temperaments" / f"{name}.yaml", root / "temperaments")
    text = OPEN_CASE.read_text(encoding="utf-8")
    for name in ("second", "first"):
        (root / f"{name}.yaml").write_text(
            text.replace("id: open-case", f"id: {name}"), encoding="utf-8"
        )
    return root


def test_scenarios(folder: Path) -> None:
    """All scenarios come by id, with their file and temperament."""
    loaded = Library(folder).scenarios()

    assert ["first", "second"] == [one.scenario.id for one in loaded]
    assert [folder / "first.yaml", folder / "second.yaml"] == [one.file for one in loaded]
    assert ["cold", "cold"] == [one.temperament.id for one in loaded]


def test_what_is_no_scenario(folder: Path) -> None:
    """Hidden files, other endings and the folders beside the scenarios are passed over."""
    for name in (".draft.yaml", "notes.txt", "agents/a.yaml", "schemas/b.yaml", ".git/c.yaml"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("no scenario", encoding="utf-8")

    assert 2 == len(Library(folder).scenarios())


def test_scenarios_below(folder: Path) -> None:
    """A team may keep its scenarios in a folder of their own."""
    (folder / "our-team").mkdir()
    (folder / "first.yaml").rename(folder / "our-team" / "first.yaml")

    assert folder / "our-team" / "first.yaml" == Library(folder).scenario("first").file


def test_by_path(library: Library) -> None:
    """A file from anywhere takes its temperament from the library."""
    loaded = library.scenario(OPEN_CASE)

    assert ("open-case", "cold") == (loaded.scenario.id, loaded.temperament.id)


def test_a_new_file_is_seen_in_a_folder_that_was_read_before(tmp_path: Path) -> None:
    """Folders are listed anew when they change, however long ago or lately that was."""
    folder = tmp_path / "some"
    folder.mkdir()
    for number, ago in enumerate((100, 50, 0)):
        (folder / f"{number}.yaml").touch()
        then = time.time() - ago
        os.utime(folder, (then, then))
        assert [f"{n}.yaml" for n in range(number + 1)] == [f.name for f in scenario_files(folder)]
        assert scenario_files(folder) == yaml_files(folder)
    (folder / "0.yaml").unlink()
    assert ["1.yaml", "2.yaml"] == [file.name for file in yaml_files(folder)]


def test_temperament_beside_a_file(library: Library, tmp_path: Path, checkout: Path) -> None:
    """A temperament in the folder of the scenario is taken before the library's."""
    shutil.copy(OPEN_CASE, tmp_path)
    (tmp_path / "temperaments").mkdir()
    text = (checkout / "scenarios" / "temperaments" / "cold.yaml").read_text(encoding="utf-8")
    (tmp_path / "temperaments" / "cold.yaml").write_text(
        text.replace("name: Cold", "name: Icy"), encoding="utf-8"
    )

    assert "Icy" == library.scenario(tmp_path / OPEN_CASE.name).temperament.name


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("frist", "There is no scenario 'frist'. Did you mean first?"),
        ("parcel", "There is no scenario 'parcel'. There are: first, second."),
        ("second.yaml", "There is no file second.yaml. Did you mean second?"),
        ("elsewhere/parcel", "There is no file elsewhere/parcel. There are: first, second."),
    ],
)
def test_not_found(folder: Path, wanted: str, message: str) -> None:
    """What isn't there is answered with names that are near, or with all there are."""
    with pytest.raises(NotFound) as caught:
        Library(folder).scenario(wanted)

    assert message == caught.value.message


def test_no_temperament(folder: Path) -> None:
    """A temperament that isn't there is a mistake at the line that names it."""
    (folder / "temperaments" / "cold.yaml").unlink()

    with pytest.raises(ScenarioError) as caught:
        Library(folder).scenario("first")

    [problem] = caught.value.problems
    assert "There is no temperament 'cold'" == problem.message
    assert (
        "  temperament: cold"
        == OPEN_CASE.read_text(encoding="utf-8").splitlines()[(problem.line or 0) - 1]
    )


def test_broken_among_good(folder: Path) -> None:
    """A broken file doesn't hide the others, and all its mistakes are there."""
    text = (folder / "first.yaml").read_text(encoding="utf-8")
    (folder / "first.yaml").write_text(
        text.replace("mood: 28", "mood: low").replace("patience: 6", "patience: 60"),
        encoding="utf-8",
    )
    library = Library(folder)

    loaded, problems = library.readable()

    assert ["second"] == [one.scenario.id for one in loaded]
    assert 2 == len(problems)
    with pytest.raises(ScenarioError) as caught:
        library.scenarios()
    assert tuple(problems) == caught.value.problems


def test_what_stops_a_scenario(edited: Edit, checkout: Path) -> None:
    """An id that leads nowhere stops a scenario; a bank that is short does not."""
    library = Library(checkout / "scenarios")
    short = edited(
        ('        - "Please just get it done, that\'s all I ask."\n', ""),
        ('        - "It has been lying there since Monday. Can you finish it or not?"\n', ""),
    )
    assert "open-case" == library.scenario(short).scenario.id

    nowhere = edited(("when: upset", "when: act get-it-don"))
    with pytest.raises(ScenarioError, match="There is no act 'get-it-don'"):
        library.scenario(nowhere)


def test_changes_show_at_once(folder: Path) -> None:
    """Files are read anew each time, unless the library is told to keep them."""
    fresh, keeping = Library(folder), Library.keeping(folder)
    assert "Robin" == keeping.scenario("first").scenario.persona.name
    text = (folder / "first.yaml").read_text(encoding="utf-8")
    (folder / "first.yaml").write_text(text.replace('"Robin"', '"Kim"'), encoding="utf-8")

    assert "Kim" == fresh.scenario("first").scenario.persona.name
    assert "Robin" == keeping.scenario("first").scenario.persona.name


def test_general(library: Library) -> None:
    """The words for anybody are a temperament like the others."""
    assert "general" == library.general().id


def test_read_one_file(edited: Edit) -> None:
    """A single file is read without a library, or refused with all its mistakes."""
    assert "open-case" == read_scenario(OPEN_CASE).id

    with pytest.raises(ScenarioError) as caught:
        read_scenario(edited(("mood: 28", "mood: 101"), ("version: 1", "version: 0")))
    assert 2 == len(caught.value.problems)


def test_shared_temperaments(folder: Path, tmp_path: Path) -> None:
    """A library without temperaments of its own can be given those of another."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (folder / "first.yaml").rename(mine / "first.yaml")

    library = Library(mine, shared=folder / "temperaments")

    assert "cold" == library.scenario("first").temperament.id
