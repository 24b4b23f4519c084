"""What a learning record store is told of a finished session: xAPI 1.0.3 statements.

One says that the conversation was completed, whether it passed and how it ended; one for each
dimension that was scored has its value and range. Who it was is an account whose name is a code:
the store learns that two sessions are one person's, and not whose. Nothing that anybody wrote is
in them, no name, no team, and no id of the database.

Everything about a session is told in the same words each time, and the ids of statements are made
of the session's, so that a store which has them already takes them as the same (xAPI 1.0.3, part 2,
2.4.1 and part 3, 2.1.1). The models refuse what the specification does not have.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from coachbot.reporting.debrief import NAMES
from coachbot.scoring.interface import Dimension

VERSION = "1.0.3"
"""Of xAPI; sent in a header too."""

ADL = "http://adlnet.gov/expapi"
OURS = "urn:coachbot"
"""Begins the names of what is CoachBot's own; nothing is to be found there."""

_NAMESPACE = uuid.UUID("6f6d2f0e-5a3b-5d5e-9a52-0d6b7b0c9c11")

Iri = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")]
"""An absolute IRI (RFC 3987), as far as a pattern can tell."""

Words = dict[Literal["en"], str]
"""A language map."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A dimension of a session, 0 to 100."""

    dimension: Dimension
    score: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Ended:
    """A finished session, as far as a learning record store may learn of it.

    Times are UTC, ISO 8601. ``again``: a second attempt, from one of its replies on.
    """

    session: str
    person: str
    scenario: str
    version: int
    started: str
    ended: str
    outcome: str
    passed: bool
    again: bool
    scorer: str
    hints: int
    measures: tuple[Measure, ...]


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class Account(_Part):
    """Who: a name that means something on one home page only."""

    home_page: Iri
    name: str = Field(min_length=1)


class Agent(_Part):
    """Somebody, by one identifier and without a name."""

    object_type: Literal["Agent"] = "Agent"
    account: Account


class Verb(_Part):
    """What they did."""

    id: Iri
    display: Words


class Definition(_Part):
    """What an activity is."""

    type: Iri
    name: Words


class Activity(_Part):
    """What they did it with."""

    object_type: Literal["Activity"] = "Activity"
    id: Iri
    definition: Definition


class Score(_Part):
    """``scaled`` is ``raw`` from -1 to 1; all of CoachBot's are from 0."""

    scaled: float = Field(ge=-1, le=1)
    raw: float
    min: float
    max: float


class Result(_Part):
    """What came of it."""

    success: bool | None = None
    completion: bool | None = None
    score: Score | None = None
    duration: str | None = Field(default=None, pattern=r"^PT\d+(\.\d{1,2})?S$")
    extensions: dict[Iri, str | float | bool | None] | None = None


class Activities(_Part):
    """What an activity is a part of, and what it belongs to."""

    parent: tuple[Activity, ...] | None = None
    category: tuple[Activity, ...] | None = None


class Context(_Part):
    """Where it belongs."""

    registration: uuid.UUID
    platform: str
    language: Literal["en"] = "en"
    context_activities: Activities
    extensions: dict[Iri, str | float | bool | None] | None = None


class Statement(_Part):
    """Somebody did something with something; ``timestamp``: ISO 8601 with its zone."""

    id: uuid.UUID
    actor: Agent
    verb: Verb
    object: Activity
    result: Result
    context: Context
    timestamp: str
    version: Literal["1.0.3"] = "1.0.3"

    def as_json(self) -> dict[str, Any]:
        """As it is sent. Nothing is null: the specification wants what isn't there left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


CATEGORY = Activity(
    id=f"{OURS}:practice",
    definition=Definition(type=f"{ADL}/activities/simulation", name={"en": "CoachBot practice"}),
)


def statements(
    ended: Ended, *, home: str, alias: Callable[[str], str], title: Callable[[str], str]
) -> tuple[Statement, ...]:
    """What is told of a session, the completed conversation first.

    ``home``: the address of the installation, in which accounts are told apart. ``alias``: makes a
    code of a person's or a session's id, the same each time, that nobody else can make. ``title``:
    of a scenario.
    """
    # A scenario from a file is stored by its path, which tells of folders.
    scenario = ended.scenario.replace("\\", "/").rsplit("/", 1)[-1]
    whole = Activity(
        id=f"{OURS}:scenario:{_iri(scenario)}",
        definition=Definition(
            type=f"{ADL}/activities/simulation", name={"en": title(ended.scenario)}
        ),
    )
    registration = uuid.uuid5(_NAMESPACE, alias(ended.session))
    actor = Agent(account=Account(home_page=home, name=alias(ended.person)))
    told: dict[Iri, str | float | bool | None] = {
        f"{OURS}:scenario-version": float(ended.version),
        f"{OURS}:scorer": ended.scorer,
        f"{OURS}:again": ended.again,
    }

    def statement(key: str, verb: Verb, what: Activity, result: Result) -> Statement:
        part = {} if key == "completed" else {"parent": (whole,)}
        return Statement(
            id=uuid.uuid5(registration, key),
            actor=actor,
            verb=verb,
            object=what,
            result=result,
            context=Context(
                registration=registration,
                platform="CoachBot",
                context_activities=Activities(category=(CATEGORY,), **part),
                extensions=told,
            ),
            timestamp=_moment(ended.ended),
        )

    completed = statement(
        "completed",
        Verb(id=f"{ADL}/verbs/completed", display={"en": "completed"}),
        whole,
        Result(
            success=ended.passed,
            completion=True,
            duration=_duration(ended.started, ended.ended),
            extensions={f"{OURS}:outcome": ended.outcome, f"{OURS}:hints": float(ended.hints)},
        ),
    )
    scored = (
        statement(
            one.dimension,
            Verb(id=f"{ADL}/verbs/scored", display={"en": "scored"}),
            Activity(
                id=f"{whole.id}:{one.dimension}",
                definition=Definition(
                    type=f"{ADL}/activities/performance", name={"en": NAMES[one.dimension]}
                ),
            ),
            Result(
                score=Score(scaled=round(one.score / 100, 4), raw=one.score, min=0, max=100),
                extensions=_range(one),
            ),
        )
        for one in ended.measures
    )
    return (completed, *scored)


def _range(one: Measure) -> dict[str, str | float | bool | None] | None:
    if one.low is None or one.high is None:
        return None
    return {f"{OURS}:low": one.low, f"{OURS}:high": one.high}


def _iri(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name) or "-"


def _moment(moment: str) -> str:
    at = datetime.fromisoformat(moment).astimezone(UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _duration(started: str, ended: str) -> str:
    """From start to end; a clock that was put back gives none."""
    took = datetime.fromisoformat(ended) - datetime.fromisoformat(started)
    return f"PT{max(took, timedelta()).total_seconds():.2f}S"
