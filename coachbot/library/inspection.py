"""What ``coachbot scenarios check`` finds: everything that is wrong, over any number of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coachbot.errors import NotFound, Problem
from coachbot.library.catalogue import (
    AGENTS,
    ENDINGS,
    TEMPERAMENTS,
    Library,
    scenario_files,
    yaml_files,
)
from coachbot.library.reading import Reading, Remark, placed, read_file, shown_path
from coachbot.library.repairing import repaired, untouched
from coachbot.library.starter import MARK, is_marked, left_over
from coachbot.scenario.agents import (
    GENERAL_AGENTS,
    Agents,
    GeneralAgents,
    check_agents,
    check_voices,
)
from coachbot.scenario.consistency import check_scenario, check_temperament
from coachbot.scenario.finding import Finding, counted
from coachbot.scenario.models import Scenario
from coachbot.scenario.references import GENERAL, nearest
from coachbot.scenario.temperament import Temperament

Sort = Literal["scenario", "temperament", "agents"]


@dataclass(frozen=True, slots=True)
class Inspection:
    """How many files were looked at, and what was found, in the order of files and lines."""

    scenarios: int
    temperaments: int
    remarks: tuple[Remark, ...]
    agents: int = 0

    @property
    def mistakes(self) -> tuple[Problem, ...]:
        """What has to be put right."""
        return tuple(r.problem for r in self.remarks if r.severity == "mistake")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What a person should look at; nothing fails because of it."""
        return tuple(r.problem for r in self.remarks if r.severity == "warning")


def inspect(library: Library, what: Sequence[str | Path] = ()) -> Inspection:
    """Check files, folders or scenarios by id; nothing named: the whole library.

    Raises ``NotFound`` for what isn't there, and for a folder without a scenario file.
    """
    files: dict[Sort, dict[Path, None]] = {"scenario": {}, "temperament": {}, "agents": {}}
    for one in what or [library.root]:
        for file, sort in _files(library, one):
            files[sort][file] = None
    inspector = _Inspector(library)
    remarks = [r for file in files["temperament"] for r in inspector.temperament(file)]
    remarks += [r for file in files["scenario"] for r in inspector.scenario(file)]
    remarks += [r for file in files["agents"] for r in inspector.agents(file)]
    remarks += _same_id(files["scenario"])
    remarks.sort(key=_order)
    return Inspection(
        len(files["scenario"]), len(files["temperament"]), tuple(remarks), len(files["agents"])
    )


def _order(remark: Remark) -> tuple[str, int, int, str]:
    problem = remark.problem
    return problem.file, problem.line or 0, problem.column or 0, problem.message


def _files(library: Library, one: str | Path) -> list[tuple[Path, Sort]]:
    """Files that a word of the command line means, and what each of them holds."""
    path = Path(one)
    if path.is_dir():
        if _sort(path / "any.yaml") != "scenario":
            found = [(file, _sort(file)) for file in yaml_files(path)]
        else:
            found = [
                (file, _sort(file))
                for folder in (TEMPERAMENTS, AGENTS)
                for file in yaml_files(path / folder)
            ]
            found += [(file, "scenario") for file in scenario_files(path)]
        if not found:
            raise NotFound(f"There are no scenario files in {shown_path(path)}.")
        return found
    if path.is_file() or path.suffix in ENDINGS:
        return [(path, _sort(path))]
    beside = [file for file in yaml_files(library.root / TEMPERAMENTS) if file.stem == str(one)]
    if beside:
        return [(beside[0], "temperament")]
    file = library.file(one)
    agents = file.parent / AGENTS / file.name
    return [(file, "scenario"), *([(agents, _sort(agents))] if agents.is_file() else [])]


def _sort(file: Path) -> Sort:
    """What a file holds, by the folder that it is in."""
    sorts: dict[str, Sort] = {TEMPERAMENTS: "temperament", AGENTS: "agents"}
    return sorts.get(file.resolve().parent.name, "scenario")


class _Inspector:
    """Reads each temperament once, however many scenarios share it."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._temperaments: dict[Path, Reading[Temperament]] = {}

    def temperament(self, file: Path) -> list[Remark]:
        reading = self._read(file)
        remarks = [Remark(problem) for problem in reading.problems]
        if reading.found is None:
            return remarks
        general = self._named(GENERAL, file.parent.parent)
        found = check_temperament(reading.found, general.found if general else None)
        return remarks + placed(reading, found)

    def scenario(self, file: Path) -> list[Remark]:
        reading = read_file(file, Scenario)
        remarks = [Remark(problem) for problem in reading.problems]
        if reading.found is None:
            # Whoever puts these right should not be told of the next ones only then.
            other = repaired(Scenario, reading.document) if reading.document else None
            if other is None:
                return remarks
            scenario, touched = other
            return remarks + placed(reading, untouched(self._checked(scenario, file), touched))
        return remarks + placed(reading, self._checked(reading.found, file)) + _marked(reading)

    def _checked(self, scenario: Scenario, file: Path) -> list[Finding]:
        own = self._named(scenario.persona.temperament, file.parent)
        general = self._named(GENERAL, file.parent)
        return [
            *check_scenario(
                scenario,
                own.found if own else None,
                general.found if general else None,
                self._library.temperament_files(file.parent),
            ),
            *(_broken(one) for one in (own, general) if one and one.found is None),
        ]

    def agents(self, file: Path) -> list[Remark]:
        if file.stem == GENERAL_AGENTS:
            general = read_file(file, GeneralAgents)
            found = check_voices(general.found.voices) if general.found is not None else ()
            return [*map(Remark, general.problems), *placed(general, found)]
        reading = read_file(file, Agents)
        remarks = [Remark(problem) for problem in reading.problems]
        if reading.found is None:
            return remarks
        # Beside the folder of agents are the scenarios that they are for.
        known = {one.stem: one for one in reversed(scenario_files(file.resolve().parent.parent))}
        if file.stem not in known:
            missing = Finding(
                ("scenario",),
                f"There is no scenario '{file.stem}' beside the folder of agents",
                nearest(file.stem, sorted(known)),
            )
            return remarks + placed(reading, [missing])
        scenario = self._library.read_scenario(known[file.stem])
        if scenario.found is None:
            broken = Finding(
                ("scenario",),
                f"The scenario '{file.stem}' has mistakes of its own",
                f"see: coachbot scenarios check {scenario.shown}",
            )
            return remarks + placed(reading, [broken])
        return remarks + placed(reading, check_agents(reading.found, scenario.found, file.stem))

    def _named(self, name: str, folder: Path) -> Reading[Temperament] | None:
        """The temperament of this name for a scenario in a folder, if there is one."""
        file = self._library.temperament_files(folder).get(name)
        return self._read(file) if file is not None else None

    def _read(self, file: Path) -> Reading[Temperament]:
        if file not in self._temperaments:
            self._temperaments[file] = self._library.read_temperament(file)
        return self._temperaments[file]


def _broken(temperament: Reading[Temperament]) -> Finding:
    return Finding(
        ("persona", "temperament"),
        f"The temperament '{temperament.path.stem}' has mistakes of its own",
        f"see: coachbot scenarios check {temperament.shown}",
    )


def _marked(reading: Reading[Scenario]) -> list[Remark]:
    """One warning for all the texts of the template, and one for marks behind other texts."""
    lines = reading.document.lines if reading.document else ()
    left = [one.line for one in left_over(lines)]
    marked = [n for n, text in enumerate(lines, 1) if is_marked(text) and n not in left]
    remarks = []
    for numbers, message, advice in (
        (
            left,
            f"{counted(len(left), 'example text')} of the template still to be replaced",
            f"write your own text, and delete the mark {MARK}; this is the first",
        ),
        (
            marked,
            f"The mark {MARK} stands behind {counted(len(marked), 'text')} of your own",
            "delete it; it means nothing any more. This is the first",
        ),
    ):
        if numbers:
            column = lines[numbers[0] - 1].find(MARK) + 1 or 1
            problem = Problem(reading.shown, numbers[0], column, message, advice)
            remarks.append(Remark(problem, "warning"))
    return remarks


def _same_id(files: Iterable[Path]) -> list[Remark]:
    first: dict[str, Path] = {}
    remarks = []
    for file in files:
        other = first.setdefault(file.stem, file)
        if other != file and other.resolve() != file.resolve():
            remarks.append(
                Remark(
                    Problem(
                        shown_path(file),
                        None,
                        None,
                        f"{shown_path(other)} has the same id, so only one of them can be chosen",
                        "give one of the files another name, and the id in it too",
                    )
                )
            )
    return remarks
