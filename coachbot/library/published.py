"""The library together with what trainers published: files made of the database as they are needed.

The folder holds nothing of its own. Each version that is played has a folder ``id@version`` in it;
the whole is made anew when the program starts, and a file that is missing when it is asked for.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Protocol

from coachbot.coaching.publishing import Checked, ExampleText, Reference, reference_of
from coachbot.errors import NotFound, Problem, ScenarioError, StoreError
from coachbot.library.catalogue import ENDINGS, Library, LoadedScenario, read_scenario
from coachbot.library.inspection import inspect
from coachbot.library.source import read_document
from coachbot.library.starter import left_over
from coachbot.scenario.models import ID_PATTERN

if TYPE_CHECKING:
    from coachbot.coaching.publishing import ScenarioFile

LONGEST_NAME = 200
"""Characters of a file's name; ids are shorter, and checked for it."""


class Sent(Protocol):
    """What the library asks of the database."""

    def get(self, scenario: str, version: int) -> ScenarioFile | None:
        """A version, whatever became of it."""

    def newest(self, scenario: str) -> int | None:
        """The version that is published, else the last one that was."""

    def offered(self, teams: Collection[str] | None = None) -> list[tuple[str, int]]:
        """What is published for some teams, or for any."""


class PublishedLibrary(Library):
    """The scenarios that come with CoachBot, and those in the database, by id and version."""

    def __init__(self, base: Library, folder: Path, sent: Sent) -> None:
        """``folder`` is made, and belongs to this library: what is in it gets deleted."""
        places = base.temperament_folders()
        super().__init__(
            base.root,
            shared=places[1] if len(places) > 1 else None,
            agents=base.shared_agents,
        )
        self.read_scenario = base.read_scenario
        self.read_temperament = base.read_temperament
        self.folder = folder
        self._sent = sent
        self.built_in = frozenset(file.stem for file in base.files())

    def rebuild(self) -> None:
        """Make the folder anew, with what is published. ``StoreError`` where that can't be done."""
        try:
            if self.folder.exists():
                shutil.rmtree(self.folder)
        except OSError as error:
            raise _unwritable(self.folder, error) from None
        for scenario, version in self._sent.offered():
            self._materialised(Reference(scenario, version))

    def clear(self, reference: Reference) -> None:
        """Delete the file of a version that was thrown away."""
        shutil.rmtree(self._place(reference).parent, ignore_errors=True)

    def file(self, id_or_path: str | Path) -> Path:
        """The file of a scenario by id, by id and version, or by path; ``NotFound``."""
        reference = self._reference(str(id_or_path))
        return super().file(id_or_path) if reference is None else self._materialised(reference)

    def scenario(self, id_or_path: str | Path) -> LoadedScenario:
        """Load a scenario; one that was sent has the version under which it is kept."""
        loaded = super().scenario(id_or_path)
        reference = self._reference(str(id_or_path))
        if reference is None:
            return loaded
        changes: dict[str, object] = {"version": reference.version}
        if reference.trial:
            changes["title"] = f"{loaded.scenario.title} (trial)"
        scenario = loaded.scenario.model_copy(update=changes)
        return LoadedScenario(scenario, loaded.file, loaded.temperament)

    def reference(self, id_or_path: str) -> str:
        """What a session names it by: with its version if it was sent."""
        found = self._reference(id_or_path)
        return super().reference(id_or_path) if found is None else str(found)

    def offered(self, teams: Collection[str]) -> list[LoadedScenario]:
        """What is published for one of these teams, and after it what comes with CoachBot."""
        found = []
        for scenario, version in self._sent.offered(teams):
            try:
                found.append(self.scenario(str(Reference(scenario, version))))
            except (NotFound, ScenarioError):
                # It was right when it was sent; a newer CoachBot may see it otherwise.
                continue
        return found + super().offered(teams)

    def check(self, name: str, content: bytes) -> Checked:
        """Read a file that was sent; ``name`` as its sender calls it. Nothing is kept."""
        shown = _readable_name(name)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".incoming-") as folder:
                return self._checked(Path(folder), shown, content)
        except OSError as error:
            raise _unwritable(self.folder, error) from None

    def _checked(self, folder: Path, shown: str, content: bytes) -> Checked:
        # What the file was called on somebody's telephone is of no meaning; its id is.
        first = folder / "scenario.yaml"
        first.write_bytes(content)
        file = folder / f"{_id_in(first) or 'scenario'}.yaml"
        first.rename(file)
        found = inspect(self, [file])
        mistakes, warnings = (
            tuple(Problem(shown, p.line, p.column, p.message, p.instead) for p in problems)
            for problems in (found.mistakes, found.warnings)
        )
        if mistakes:
            return Checked(scenario=None, content="", mistakes=mistakes, warnings=warnings)
        text = content.decode("utf-8-sig")
        return Checked(
            scenario=read_scenario(file),
            content=text,
            mistakes=(),
            warnings=warnings,
            examples=tuple(ExampleText(*one) for one in left_over(text.split("\n"))),
        )

    def _reference(self, name: str) -> Reference | None:
        """The version that is meant; None: no scenario that was sent."""
        found = reference_of(name)
        if found is not None or name in self.built_in or not re.fullmatch(ID_PATTERN, name):
            return found
        version = self._sent.newest(name)
        return Reference(name, version) if version is not None else None

    def _place(self, reference: Reference) -> Path:
        folder = self.folder / f"{reference.scenario}@{reference.version}"
        return folder / f"{reference.scenario}.yaml"

    def _materialised(self, reference: Reference) -> Path:
        """The file of a version, written unless it is there; ``NotFound`` where it is gone."""
        place = self._place(reference)
        if place.is_file():
            return place
        sent = self._sent.get(reference.scenario, reference.version)
        if sent is None or not sent.content:
            raise NotFound(f"There is no version {reference.version} of '{reference.scenario}'.")
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Whole or not at all: another thread may be reading, and the program may be killed.
            number, half = tempfile.mkstemp(dir=place.parent, suffix=".part")
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(sent.content)
            Path(half).replace(place)
        except OSError as error:
            raise _unwritable(self.folder, error) from None
        return place


def _unwritable(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The folder {folder} for scenarios can't be written: {error.strerror}. Make room there, "
        "or let this program write in it."
    )


def _readable_name(name: str) -> str:
    """A file's name without folders, for messages."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return last if PurePosixPath(last).suffix.lower() in ENDINGS else "scenario.yaml"


def _id_in(file: Path) -> str | None:
    """The id that is written in a file, if there is one that a file can be called."""
    try:
        document, _ = read_document(file, file.name)
    except ScenarioError:
        return None
    found = (document.data or {}).get("id")
    if isinstance(found, str) and len(found) <= LONGEST_NAME and re.fullmatch(ID_PATTERN, found):
        return found
    return None
