"""What the bench reports, as models: one result a scenario, and what they come to together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from coachbot.customer.state import Frozen
from coachbot.scenario.models import Difficulty
from coachbot.scoring.interface import Dimension

Part = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=100)]

FlagName = Literal[
    "too_easy",
    "impossible",
    "does_not_separate",
    "resolvable_by_stuffing",
    "dead_lines",
    "never_revealed",
    "repeated_lines",
]


class Share(Frozen):
    """A share of sessions, or an area under a curve, with its 95 % interval over wordings."""

    value: Part
    low: Part
    high: Part


class KindFigures(Frozen):
    """What became of one kind of agent."""

    kind: str
    sessions: int = Field(ge=1)
    passed: Share
    resolved: Share = Field(description="Helped, and treated well")
    resolved_coldly: Share = Field(description="Helped, and no more")
    outcomes: dict[str, int] = Field(description="Sessions by how they ended")
    turns: float = Field(description="Mean number of replies")
    conceded: Part = Field(description="Share of sessions in which the customer was won over")
    turns_until_conceding: float | None = Field(
        description="Median number of the reply after which the mood was first warm, where it was"
    )
    mood: tuple[Points, ...] = Field(
        description="Mean mood at the start and after each reply; a session that is over stays "
        "at its last"
    )
    values: dict[Dimension, Points] = Field(description="Mean session value by dimension")
    margin: float = Field(description="Mean distance from not passing, in points")


class LineUse(Frozen):
    """A line of the scenario file."""

    path: str = Field(description="Where it is: facts.2.say.0")
    line: int | None = Field(description="Its line in the file")
    text: str


class LineFigures(Frozen):
    """What the customer said of all that is written in the file."""

    total: int
    used: int
    share: Part
    unreached_banks: tuple[str, ...] = Field(description="Lists of lines nobody came to")
    dead: tuple[LineUse, ...] = Field(
        description="Lines that were never said although there was occasion enough"
    )
    repeated: tuple[str, ...] = Field(description="What was said twice in one session")


class QuestionFigures(Frozen):
    """What became of questions about facts and needs that the customer had not told yet."""

    asked: int
    answered: int
    share: Part | None
    missed: dict[str, int] = Field(description="Questions that were not understood, by target")


class NeedFigures(Frozen):
    """How often the customer let a hidden need out."""

    id: str
    revealed: Part = Field(description="Share of all sessions")
    asked_for: int = Field(description="Sessions in which an agent asked for it")
    revealed_when_asked: Part | None
    unasked: Part = Field(description="Share of all sessions in which it came out unasked")


class DifficultyFigures(Frozen):
    """How hard it is: as intended, and as middling agents find it."""

    intended: Difficulty
    measured: Points | None = Field(description="0: everybody succeeds; 100: nobody")
    level: Difficulty | None


class Flag(Frozen):
    """Something about the scenario that a trainer should look at."""

    name: FlagName
    means: str = Field(description="What it means, in a sentence")
    do: str = Field(description="What to do about it, in a sentence")
    details: tuple[str, ...] = ()


class ActorFigures(Frozen):
    """What became of the answers whose words a language model was to find (``--actor``)."""

    model: str = Field(description="Its name, and where it is")
    answers: int = Field(ge=1, description="Answers for which it was to find the words")
    by_model: int = Field(ge=0, description="Answers in its words")
    tries: int = Field(ge=0, description="Messages of it that the check looked at")
    refused: dict[str, int] = Field(description="Tries that the check refused, by reason")
    authored_after_refusal: int = Field(
        ge=0, description="Answers with authored lines since the check refused every try"
    )
    taken_over: dict[str, int] = Field(
        description="Answers with authored lines since nothing usable came, by failure"
    )


class BenchResult(Frozen):
    """What came of playing one scenario with scripted agents."""

    scenario: str
    title: str
    version: int
    scorer: str
    seeds: int
    voices: tuple[str, ...]
    own_words: bool = Field(
        description="true if the agents spoke in the file's own examples, which flatters it"
    )
    sessions: int
    kinds: tuple[KindFigures, ...]
    separation: Share | None = Field(
        description="Area under the curve of good against poor agents, by their distance from "
        "not passing"
    )
    separation_by_scores: Share | None = Field(
        description="The same by the scores alone, however the session ended"
    )
    difficulty: DifficultyFigures
    lines: LineFigures
    questions: QuestionFigures
    needs: tuple[NeedFigures, ...]
    facts_volunteered: float = Field(description="Facts a session told without being asked")
    needs_volunteered: float = Field(description="Needs a session let out without being asked")
    actor: ActorFigures | None = Field(
        default=None, description="null where all words were authored"
    )
    flags: tuple[Flag, ...]

    def kind(self, name: str) -> KindFigures | None:
        """The figures of a kind; None if it was not played."""
        return next((one for one in self.kinds if one.kind == name), None)


class Pooled(Frozen):
    """One kind of agent over all scenarios."""

    kind: str
    sessions: int
    passed: Share
    resolved: Share
    resolved_coldly: Share


class BenchReport(Frozen):
    """All scenarios that were played, and what they come to together."""

    scenarios: tuple[BenchResult, ...]
    overall: tuple[Pooled, ...]
    order_of_difficulty: float | None = Field(
        description="Spearman's correlation of measured and intended difficulty over scenarios"
    )
    actor: ActorFigures | None = Field(
        default=None, description="null where all words were authored"
    )

    @property
    def flagged(self) -> bool:
        """Whether any scenario has a flag."""
        return any(result.flags for result in self.scenarios)
