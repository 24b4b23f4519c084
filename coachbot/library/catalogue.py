"""A folder of scenario files and the temperaments that they share."""

from __future__ import annotations

import difflib
import functools
import stat
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from coachbot.errors import NotFound, Problem, ScenarioError
from coachbot.library.reading import Reading, Remark, placed, read_file
from coachbot.scenario.agents import (
    GENERAL_AGENTS,
    Agents,
    GeneralAgents,
    check_agents,
    check_voices,
)
from coachbot.scenario.finding import Finding, KeyPath
from coachbot.scenario.models import Scenario
from coachbot.scenario.references import GENERAL, check_references
from coachbot.scenario.temperament import Temperament

ENDINGS = (".yaml", ".yml")

TEMPERAMENTS = "temperaments"
AGENTS = "agents"
NOT_SCENARIOS = (AGENTS, "schemas", TEMPERAMENTS)
"""Folders beside the scenarios that hold something else."""


@dataclass(frozen=True, slots=True)
class LoadedScenario:
    """A scenario, the file it came from, and the folder with its temperament."""

    scenario: Scenario
    file: Path
    temperament: Temperament


class Library:
    """The scenarios in a folder; in ``temperaments`` below it are the temperaments.

    Files are read each time they are asked for, so that a trainer's change shows at once;
    ``Library.keeping`` reads each only once.
    """

    def __init__(
        self, root: Path, *, shared: Path | None = None, agents: Path | None = None
    ) -> None:
        """``shared``, ``agents``: folders for the temperaments and agents that it has none of."""
        self.root = root
        self._shared = shared
        self.shared_agents = agents
        self.read_scenario: Callable[[Path], Reading[Scenario]] = _scenario_file
        self.read_temperament: Callable[[Path], Reading[Temperament]] = _temperament_file

    @classmethod
    def keeping(
        cls, root: Path, *, shared: Path | None = None, agents: Path | None = None
    ) -> Library:
        """Make a library that remembers what it has read, for a process that runs long."""
        library = cls(root, shared=shared, agents=agents)
        library.read_scenario = functools.cache(_scenario_file)
        library.read_temperament = functools.cache(_temperament_file)
        return library

    def files(self) -> list[Path]:
        """Scenario files in the folder and the folders below it, in the order of their names."""
        return scenario_files(self.root)

    def scenarios(self) -> list[LoadedScenario]:
        """Every scenario, by id. ``ScenarioError`` has the problems of all the broken files."""
        loaded, problems = self.readable()
        if problems:
            raise ScenarioError(problems)
        return loaded

    def readable(self) -> tuple[list[LoadedScenario], list[Problem]]:
        """The scenarios that can be played, and what is wrong with the others."""
        loaded: list[LoadedScenario] = []
        problems: list[Problem] = []
        for file in self.files():
            try:
                loaded.append(self._load(file))
            except ScenarioError as error:
                problems += error.problems
        return sorted(loaded, key=lambda one: one.scenario.id), problems

    def offered(self, teams: Collection[str]) -> list[LoadedScenario]:
        """What the people of some teams can play: of a folder of files, all that can be read."""
        return self.readable()[0]

    def reference(self, id_or_path: str) -> str:
        """What sessions name it by: the id if its file is in the library, else the absolute path.

        Raises as :meth:`scenario` does.
        """
        loaded = self.scenario(id_or_path)
        inside = self.root.resolve() in loaded.file.resolve().parents
        return loaded.scenario.id if inside else str(loaded.file.resolve())

    def scenario(self, id_or_path: str | Path) -> LoadedScenario:
        """Load the scenario with this id, or the one in this file.

        Raises ``NotFound`` where there is neither, ``ScenarioError`` where the file can't be
        played as it is.
        """
        return self._load(self.file(id_or_path))

    def file(self, id_or_path: str | Path) -> Path:
        """The file of a scenario by id or path; ``NotFound`` suggests names that are near."""
        wanted = str(id_or_path)
        files = self.files()
        for file in files:
            if file.stem == wanted:
                return file
        ids = sorted(file.stem for file in files)
        path = Path(id_or_path)
        if path.is_file() or (path.suffix in ENDINGS and path.exists()):
            return path
        if path.suffix in ENDINGS or len(path.parts) > 1:
            raise NotFound(f"There is no file {wanted}." + _near(path.stem, ids, "scenarios"))
        raise NotFound(f"There is no scenario '{wanted}'." + _near(wanted, ids, "scenarios"))

    def temperament_folders(self, beside: Path | None = None) -> list[Path]:
        """Folders in which a temperament is looked for, the one beside a scenario first."""
        places = [beside / TEMPERAMENTS] if beside is not None else []
        places.append(self.root / TEMPERAMENTS)
        return places + ([self._shared] if self._shared is not None else [])

    def temperament(self, temperament_id: str, beside: Path | None = None) -> Temperament:
        """Load a temperament. ``beside``: the folder of a scenario, in which is looked first.

        Raises ``NotFound`` where there is none of that name, ``ScenarioError`` for its mistakes.
        """
        files = self.temperament_files(beside)
        if temperament_id not in files:
            raise NotFound(
                f"There is no temperament '{temperament_id}'."
                + _near(temperament_id, sorted(files), "temperaments")
            )
        reading = self.read_temperament(files[temperament_id])
        if reading.found is None:
            raise ScenarioError(reading.problems)
        return reading.found

    def temperament_files(self, beside: Path | None = None) -> dict[str, Path]:
        """Files of the temperaments by id, ``general`` among them."""
        return {
            file.stem: file
            for folder in reversed(self.temperament_folders(beside))
            for file in yaml_files(folder)
        }

    def general(self) -> Temperament:
        """The words that anybody may say."""
        return self.temperament(GENERAL)

    def agent_files(self, beside: Path | None = None) -> dict[str, Path]:
        """Files of scripted agents by scenario, ``general`` among them.

        ``beside``: the folder of a scenario, in which is looked first.
        """
        places = [beside / AGENTS] if beside is not None else []
        places.append(self.root / AGENTS)
        places += [self.shared_agents] if self.shared_agents is not None else []
        return {file.stem: file for folder in reversed(places) for file in yaml_files(folder)}

    def agents(self, loaded: LoadedScenario) -> Agents | None:
        """The agents' words for a scenario; None where nobody wrote any.

        Raises ``ScenarioError`` for mistakes in the file.
        """
        file = self.agent_files(loaded.file.parent).get(loaded.scenario.id)
        if file is None:
            return None
        reading = read_file(file, Agents)
        found = reading.found
        return _sound(
            reading, check_agents(found, loaded.scenario, file.stem) if found is not None else ()
        )

    def general_agents(self, beside: Path | None = None) -> GeneralAgents:
        """What canned and keyword-stuffing agents write to anybody.

        Raises ``NotFound`` where there is no such file, ``ScenarioError`` for its mistakes.
        """
        file = self.agent_files(beside).get(GENERAL_AGENTS)
        if file is None:
            raise NotFound(
                "There are no words for canned and keyword-stuffing agents. Copy general.yaml "
                f"from CoachBot's own scenarios/{AGENTS} into {self.root / AGENTS}."
            )
        reading = read_file(file, GeneralAgents)
        found = reading.found
        return _sound(reading, check_voices(found.voices) if found is not None else ())

    def lines(self, loaded: LoadedScenario) -> Callable[[KeyPath], int | None]:
        """A way to look up in which line of a scenario's file a part of it stands."""
        document = self.read_scenario(loaded.file).document
        return lambda path: document.place(path).line if document is not None else None

    def _load(self, file: Path) -> LoadedScenario:
        reading = self.read_scenario(file)
        if reading.found is None or reading.document is None:
            raise ScenarioError(reading.problems)
        scenario = reading.found
        known = self.temperament_files(file.parent)
        stopping = [f for f in check_references(scenario, known) if f.stops]
        if stopping:
            raise ScenarioError([one.problem for one in placed(reading, stopping)])
        temperament = self.temperament(scenario.persona.temperament, file.parent)
        return LoadedScenario(scenario, file, temperament)


def read_scenario(path: Path) -> Scenario:
    """Read one file by itself; ``ScenarioError`` has every mistake of form that is in it."""
    reading = _scenario_file(path)
    if reading.found is None:
        raise ScenarioError(reading.problems)
    return reading.found


def yaml_files(folder: Path) -> list[Path]:
    """YAML files directly in a folder; none if there is no such folder."""
    return list(_listed(folder)[0])


def scenario_files(folder: Path) -> list[Path]:
    """Scenario files in a folder and the folders below it."""
    files, folders = _listed(folder)
    found = list(files)
    for below in folders:
        if below.name not in NOT_SCENARIOS and not below.name.startswith("."):
            found += scenario_files(below)
    return found


_Listing = tuple[tuple[Path, ...], tuple[Path, ...]]
_LISTINGS: dict[Path, tuple[int, _Listing]] = {}
"""What was in a folder when it was last changed, in nanoseconds since 1970."""

SETTLED = 2 * 10**9
"""Nanoseconds after which another change of a folder is sure to have another time."""


def _listed(folder: Path) -> _Listing:
    """The YAML files and the folders in a folder, by name; looked at anew when it has changed."""
    try:
        status = folder.stat()
    except OSError:
        return (), ()
    if not stat.S_ISDIR(status.st_mode):
        return (), ()
    changed, listing = _LISTINGS.get(folder, (None, None))
    if listing is not None and changed == status.st_mtime_ns:
        return listing
    paths = sorted(folder.iterdir())
    listing = (
        tuple(
            path
            for path in paths
            if path.suffix in ENDINGS and not path.name.startswith(".") and path.is_file()
        ),
        tuple(path for path in paths if path.is_dir()),
    )
    if time.time_ns() - status.st_mtime_ns > SETTLED:
        _LISTINGS[folder] = (status.st_mtime_ns, listing)
    return listing


def _scenario_file(path: Path) -> Reading[Scenario]:
    return read_file(path, Scenario)


def _temperament_file(path: Path) -> Reading[Temperament]:
    return read_file(path, Temperament)


W = TypeVar("W", Agents, GeneralAgents)


def _sound(reading: Reading[W], findings: Iterable[Finding]) -> W:
    """What was read, if nothing in it is a mistake; else ``ScenarioError`` with all of them."""
    remarks: list[Remark] = [one for one in placed(reading, findings) if one.severity == "mistake"]
    if reading.found is None or remarks:
        raise ScenarioError([*reading.problems, *(one.problem for one in remarks)])
    return reading.found


def _near(wanted: str, names: Sequence[str], things: str) -> str:
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    if close:
        return f" Did you mean {' or '.join(close)}?"
    return f" There are: {', '.join(names)}." if names else f" The folder has no {things}."
