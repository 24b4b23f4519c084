"""What the pages about scenarios need beside the scenarios themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coachbot.coaching.publishing import ScenarioFiles
    from coachbot.errors import Problem
    from coachbot.reporting.scenario_overviews import Benches, ScenarioOverviews
    from coachbot.scenario.finding import KeyPath


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What a check of a scenario's file found; places in it are by line and column, from 1."""

    file: str
    mistakes: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class ScenarioDesk:
    """How scenarios are doing, and what is wrong with their files.

    ``check``: of a scenario as sessions name it; ``NotFound``. ``line_of``: where in its file a
    part stands. ``broken``: the mistakes of files that nobody can play for them.
    """

    overviews: ScenarioOverviews
    benches: Benches
    files: ScenarioFiles
    check: Callable[[str], FileCheck]
    line_of: Callable[[str], Callable[[KeyPath], int | None]]
    broken: Callable[[], Sequence[Problem]]
