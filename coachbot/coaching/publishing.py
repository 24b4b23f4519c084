"""Scenarios that trainers send: drafts, versions, who may play them, and which one a session plays.

How versions work:

1. Each file that is sent becomes the next version of its scenario; a number is never used again.
   The file's own ``version`` counts where it is higher. A draft that was sent before and never
   published goes: there is one draft of a scenario at most.
2. A scenario belongs to a team. At most one version is published, for that team and nobody else.
3. A new session plays the version that is published when it begins, and keeps it to its end, also
   when another one has replaced it or the scenario was withdrawn meanwhile.
4. Wherever sessions are counted, a scenario goes by its id alone; the version stands beside it.
5. A trial plays a draft. It is kept under a person of its own (:data:`TRIAL`), so that whatever
   asks for somebody's sessions, or a team's, does not find it.

While a session is played it names what it plays by a :class:`Reference`: ``id@version``, or
``id@version+trial``. Scenarios that come with CoachBot go by their id.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from coachbot.coaching.permissions import demand, where
from coachbot.customer.state import Frozen
from coachbot.errors import NotFound, Problem, UsageError
from coachbot.scenario.models import ID_PATTERN, Outcome, Scenario
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.scoring.session_value import session_values
from coachbot.session.models import Session

if TYPE_CHECKING:
    from coachbot.coaching.assigning import Scenarios
    from coachbot.coaching.people import Member
    from coachbot.coaching.practice import Coach
    from coachbot.coaching.protocols import SessionRepository

LARGEST_FILE = 512_000
"""Bytes of a file that is read; the scenarios that come with CoachBot have about 30,000."""

TRIAL = "+trial"
"""Ends the id of the person under which somebody's trials are kept, and a trial's reference."""

HIGHEST_WRITTEN = 9_999
"""The highest version that a file may ask for; above it stand dates and slips of the hand."""

LONGEST_KEY = 28
"""Characters of an id that fit into what a button sends back, beside all else."""

_REFERENCE = re.compile(r"([a-z][a-z0-9_-]*)@([1-9][0-9]{0,8})(\+trial)?")


class Reference(NamedTuple):
    """A version of a scenario, and whether it is only tried."""

    scenario: str
    version: int
    trial: bool = False

    def __str__(self) -> str:
        """As sessions name it while they are played."""
        return f"{self.scenario}@{self.version}{TRIAL if self.trial else ''}"


def reference_of(name: str) -> Reference | None:
    """Read a reference; None for a plain id or a path."""
    found = _REFERENCE.fullmatch(name)
    if found is None:
        return None
    return Reference(found.group(1), int(found.group(2)), found.group(3) is not None)


def is_trial(name: str) -> bool:
    """Whether a session of this scenario is a trial."""
    found = reference_of(name)
    return found is not None and found.trial


def short(name: str) -> str:
    """A name as buttons send it: itself, or a hash where it is longer than ``LONGEST_KEY``."""
    if len(name) <= LONGEST_KEY:
        return name
    return f"~{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def named(key: str, names: Iterable[str]) -> str | None:
    """Which of these names a button meant; None: none of them."""
    return next((name for name in names if key in (name, short(name))), None)


State = Literal["draft", "published", "withdrawn", "thrown_away"]


class ScenarioFile(Frozen):
    """A version of a scenario as it was sent. Times are UTC, ISO 8601.

    ``team`` is None once the team is gone, ``sent_by`` once that person was forgotten. ``content``
    is empty after it was thrown away.
    """

    scenario: str
    version: int
    team: str | None
    content: str
    sent: str
    sent_by: str | None
    published: str | None = None
    withdrawn: str | None = None

    @property
    def state(self) -> State:
        """Where it stands."""
        if not self.content:
            return "thrown_away"
        if self.published is None:
            return "draft"
        return "withdrawn" if self.withdrawn else "published"


class ScenarioFigures(Frozen):
    """How a scenario is doing: finished first attempts of the trainees of some teams.

    ``values``: means, 0 to 100, each with the number of people who were scored. ``feeling``: mean
    of 1 (very bad) to 5 (very good), None where nobody said; ``felt``: the people who did.
    """

    scenario: str
    sessions: int
    people: int
    passes: int
    feeling: float | None
    felt: int
    values: Mapping[Dimension, tuple[float, int]]


class ScenarioFiles(Protocol):
    """Keeps what trainers sent. All raise ``StoreError`` where that can't be done."""

    def next_version(self, scenario: str) -> int:
        """One more than the highest there is or was played."""

    def add(self, file: ScenarioFile) -> None:
        """Keep a new version."""

    def get(self, scenario: str, version: int) -> ScenarioFile | None:
        """A version, whatever became of it."""

    def owner(self, scenario: str) -> str | None:
        """The team that a scenario belongs to; None: nobody's."""

    def of_teams(self, teams: Collection[str]) -> list[ScenarioFile]:
        """Drafts, and what is or was published, of some teams: newest version first."""

    def publish(self, scenario: str, version: int, team: str, now: str) -> bool:
        """Publish in place of any other version; False where it was thrown away or is out."""

    def withdraw(self, scenario: str, now: str) -> bool:
        """Offer it no longer; False where it was not offered."""

    def throw_away(self, scenario: str, version: int, now: str) -> bool:
        """Delete a draft's text; False where it is no draft."""

    def figures(self, teams: Collection[str]) -> list[ScenarioFigures]:
        """How each scenario is doing in these teams; two statements however many there are."""


class ExampleText(NamedTuple):
    """A text in a file that is still the template's. ``line`` counts from 1."""

    line: int
    text: str


class Checked(Frozen):
    """What came of reading a file: the scenario if there are no mistakes, and all remarks.

    ``examples``: texts that are still the template's; with these it can be tried, and is not
    published.
    """

    scenario: Scenario | None
    content: str
    mistakes: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    examples: tuple[ExampleText, ...] = ()


class Kept(NamedTuple):
    """A new draft, and those whose place it has taken."""

    file: ScenarioFile
    replaced: tuple[ScenarioFile, ...]


class Rehearsal(Frozen):
    """How a scenario's own example conversation went. ``values``: None where not scored."""

    outcome: Outcome
    passed: bool
    replies: int
    values: Mapping[Dimension, float | None]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Publishing:
    """What can be done with scenarios that were sent; wired by bootstrap.

    ``check`` reads a file by its name and bytes. ``built_in``: ids that come with CoachBot.
    ``cleared`` is told of a version whose text was thrown away.
    """

    files: ScenarioFiles
    check: Callable[[str, bytes], Checked]
    built_in: Collection[str]
    cleared: Callable[[Reference], None] = lambda _reference: None
    now: Callable[[], str] = _now
    given: dict[str, int] = field(default_factory=dict)
    """The highest version given to each scenario: a forgotten draft's number is not used again."""

    def keep(self, checked: Checked, sender: Member) -> Kept:
        """Keep a file without mistakes as the draft; part of the caller's transaction.

        A draft from before is thrown away, so that there is one at most. Raises ``Forbidden``, and
        ``UsageError`` where the id is taken.
        """
        scenario = checked.scenario
        if scenario is None:
            raise UsageError("A scenario with mistakes is not kept.")
        demand(sender, "send_scenario")
        teams = where(sender, "send_scenario")
        if scenario.id in self.built_in:
            raise UsageError(
                f"The id '{scenario.id}' belongs to a scenario that comes with CoachBot, and that "
                f"one stays as it is. Give yours another id, such as '{_own(scenario.id)}', and "
                "send it again."
            )
        owner = self.files.owner(scenario.id)
        if owner is not None and owner not in teams:
            raise UsageError(
                f"The id '{scenario.id}' is in use already, by a team that you are no trainer of. "
                f"Give yours another id, such as '{_own(scenario.id)}', and send it again."
            )
        version = max(self.files.next_version(scenario.id), self.given.get(scenario.id, 0) + 1)
        if version < scenario.version <= HIGHEST_WRITTEN:
            version = scenario.version
        self.given[scenario.id] = version
        file = ScenarioFile(
            scenario=scenario.id,
            version=version,
            team=owner or teams[0],
            content=checked.content,
            sent=self.now(),
            sent_by=sender.person,
        )
        drafts = tuple(
            one
            for one in self.files.of_teams(teams)
            if one.scenario == scenario.id and one.state == "draft"
        )
        for one in drafts:
            self.files.throw_away(one.scenario, one.version, self.now())
        self.files.add(file)
        return Kept(file, drafts)

    def examples(self, file: ScenarioFile) -> tuple[ExampleText, ...]:
        """Texts of a version that are still the template's."""
        return self.check(f"{file.scenario}.yaml", file.content.encode()).examples

    def find(self, key: str, version: str, teams: Collection[str]) -> ScenarioFile:
        """A version of one of these teams, as a button names it; ``NotFound``."""
        mine = self.files.of_teams(teams)
        name = named(key, (one.scenario for one in mine))
        for one in mine:
            if one.scenario == name and str(one.version) == version and one.state != "thrown_away":
                return one
        later = max((one.version for one in mine if one.scenario == name), default=0)
        if version.isdecimal() and int(version) < later:
            raise NotFound(
                f"Version {version} is not there any more: version {later}, which was sent later, "
                "has taken its place. /scenarios shows it."
            )
        raise NotFound("This version is not there any more; /scenarios shows what there is.")

    def publish(self, file: ScenarioFile, team: str, publisher: Member) -> bool:
        """Offer a version to a team, in place of any other; False where it is offered already."""
        demand(publisher, "publish_scenario", team=file.team)
        demand(publisher, "publish_scenario", team=team)
        self._still_there(file)
        return self.files.publish(file.scenario, file.version, team, self.now())

    def withdraw(self, file: ScenarioFile, by: Member) -> bool:
        """Offer a scenario no longer. Sessions that have begun can be finished."""
        demand(by, "withdraw_scenario", team=file.team)
        return self.files.withdraw(file.scenario, self.now())

    def throw_away(self, file: ScenarioFile, by: Member) -> bool:
        """Delete a draft; False where it is none (any more)."""
        demand(by, "send_scenario", team=file.team)
        return self.files.throw_away(file.scenario, file.version, self.now())

    def _still_there(self, file: ScenarioFile) -> None:
        now = self.files.get(file.scenario, file.version)
        if now is None or now.state == "thrown_away":
            raise NotFound("This draft has been thrown away meanwhile. Send the file once more.")


def _own(scenario: str) -> str:
    return f"our-{scenario}"[:60]


def rehearse(coach: Coach, name: str) -> Rehearsal:
    """Play a scenario's own example conversation against its customer, keeping nothing."""
    quiet = coach.without_trace()
    scenario = quiet.casting.scenario(name)
    session = quiet.begin(quiet.start(name, person="example", seed=0))
    for reply in scenario.example_conversation:
        if session.phase != "conversation":
            break
        session = quiet.reply(session, reply).session
    session = quiet.rate(quiet.end(session), None)
    values = session_values([turn.score for turn in session.turns])
    return Rehearsal(
        outcome=session.outcome or "ended",
        passed=bool(session.passed),
        replies=len(session.turns),
        values={dimension: values[dimension].score for dimension in DIMENSIONS},
    )


@dataclass(frozen=True)
class PlainNames:
    """Scenarios by id alone, as assignments name them: they are met by any version."""

    casting: Scenarios

    def reference(self, id_or_path: str) -> str:
        """The id, or a path; ``NotFound`` or ``ScenarioError``."""
        name = self.casting.reference(id_or_path)
        found = reference_of(name)
        return found.scenario if found else name


@dataclass(frozen=True)
class VersionedSessions:
    """A ``SessionRepository`` whose sessions name the version that they play.

    In the store beneath, a scenario goes by its id with the version beside it, and trials are kept
    under a person of their own.
    """

    kept: SessionRepository
    built_in: Collection[str]

    def save(self, session: Session) -> None:
        """Store the session as it stands now."""
        self.kept.save(_stored(session))

    def get(self, session_id: str) -> Session:
        """The session; ``NotFound`` where there is none."""
        return self._played(self.kept.get(session_id))

    def unfinished(self, person: str) -> Session | None:
        """The person's newest session that is not at its debrief yet; no trials."""
        found = self.kept.unfinished(person)
        return self._played(found) if found is not None else None

    def finished(self, person: str) -> list[Session]:
        """The person's sessions that are at their debrief, oldest first; no trials."""
        return [self._played(session) for session in self.kept.finished(person)]

    def _played(self, session: Session) -> Session:
        name, person = session.scenario, session.person
        if name in self.built_in or not re.fullmatch(ID_PATTERN, name):
            return session
        trial = person.endswith(TRIAL)
        reference = Reference(name, session.scenario_version, trial)
        return session.model_copy(
            update={"scenario": str(reference), "person": person.removesuffix(TRIAL)}
        )


def _stored(session: Session) -> Session:
    found = reference_of(session.scenario)
    if found is None:
        return session
    return session.model_copy(
        update={
            "scenario": found.scenario,
            "scenario_version": found.version,
            "person": session.person + (TRIAL if found.trial else ""),
        }
    )
