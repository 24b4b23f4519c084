"""What goes into the scorer and what comes out: one reply, one line.

The same models validate the lines of ``coachbot score`` and generate its JSON Schemas. Field names
and values are those of the batch interface; offsets count Unicode code points.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Dimension = Literal["empathy", "active_listening", "individualized_treatment"]
DIMENSIONS: tuple[Dimension, ...] = ("empathy", "active_listening", "individualized_treatment")

Speaker = Literal["customer", "agent"]
UnscoredReason = Literal["not_called_for", "too_short", "language", "not_text"]
DismissalKind = Literal[
    "minimises",
    "blames",
    "orders_calm",
    "sarcasm",
    "hides_behind_policy",
    "non_apology",
    "hostile",
]
DISMISSAL_KINDS: tuple[DismissalKind, ...] = (
    "minimises",
    "blames",
    "orders_calm",
    "sarcasm",
    "hides_behind_policy",
    "non_apology",
    "hostile",
)
BehaviourLabel = Literal["reflection", "question", "input", "other"]
# The mechanisms of empathy (Sharma et al., EMNLP 2020), each at level 0, 1 or 2.
LEVELS = ("emotional_reaction", "interpretation", "exploration")
BEHAVIOURS: tuple[BehaviourLabel, ...] = ("reflection", "question", "input", "other")
QuestionLabel = Literal["none", "closed", "open"]
QUESTIONS: tuple[QuestionLabel, ...] = ("none", "closed", "open")

Probability = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Points = Annotated[float, Field(ge=0.0, le=100.0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Offset = Annotated[int, Field(ge=0)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Frozen):
    """One message of the conversation before the reply. Unknown keys are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    speaker: Speaker
    text: str


class ReplyToScore(_Frozen):
    """One agent reply in its conversation. Only ``reply`` is required."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: str | int | Finite | None = Field(default=None, description="Comes back unchanged.")
    history: tuple[Turn, ...] = Field(
        default=(),
        strict=False,
        description="The conversation so far, oldest first; may be empty or end with the agent.",
    )
    reply: str = Field(description="The agent's reply that is scored.")
    screen: str | None = Field(default=None, description="What the agent can see.")
    language: str | None = Field(
        default=None,
        description="ISO 639-1 code of the conversation; found from the texts when absent.",
    )


class DimensionScore(_Frozen):
    """A dimension's score in points, or why there is none.

    ``low`` to ``high`` covers a grader's score in 80 % of cases.
    """

    status: Literal["scored", "unscored"]
    reason: UnscoredReason | None = None
    score: Points | None = None
    low: Points | None = None
    high: Points | None = None


class Level(_Frozen):
    """How strongly a reply shows something: 0 not at all, 1 weakly, 2 strongly."""

    level: Literal[0, 1, 2]
    p: tuple[Probability, Probability, Probability]


class BehaviourProbabilities(_Frozen):
    """Probability of each main behaviour; they sum to 1."""

    reflection: Probability
    question: Probability
    input: Probability
    other: Probability


class Behaviour(_Frozen):
    """What the reply mainly does."""

    label: BehaviourLabel
    p: BehaviourProbabilities


class QuestionProbabilities(_Frozen):
    """Probability of each kind of question; they sum to 1."""

    none: Probability
    closed: Probability
    open: Probability


class Question(_Frozen):
    """Whether the reply asks, and how."""

    label: QuestionLabel
    p: QuestionProbabilities


class Value(_Frozen):
    """A number from 0 to 1; null when there is no customer text to compare with."""

    value: Probability | None


class SentenceProbability(_Frozen):
    """A probability for one sentence of the reply."""

    start: Offset
    end: Offset
    p: Probability


class Templated(_Frozen):
    """How far the reply is canned text, as a whole and sentence by sentence."""

    p: Probability
    sentences: tuple[SentenceProbability, ...] = ()


class Dismissal(_Frozen):
    """Harm done: the probability, and its kind where it is more likely than not."""

    p: Probability
    kind: DismissalKind | None = None


class Finding(_Frozen):
    """Words of the conversation, ``start`` to ``end`` of ``history[turn]``, and what they are."""

    turn: Offset
    start: Offset
    end: Offset
    text: str


class InjectionSpan(_Frozen):
    """A part of the reply that speaks to the scorer or the bot instead of the customer."""

    start: Offset
    end: Offset
    text: str


class Signals(_Frozen):
    """Everything that was measured about the reply."""

    emotional_reaction: Level
    interpretation: Level
    exploration: Level
    behaviour: Behaviour
    question: Question
    uptake: Value
    templated: Templated
    specificity: Value
    dismissal: Dismissal
    asks_again: tuple[Finding, ...] = ()
    unanswered: tuple[Finding, ...] = ()
    contradicts: tuple[Finding, ...] = ()
    injection: tuple[InjectionSpan, ...] = ()


class Evidence(_Frozen):
    """A part of the reply or of the conversation that moved a dimension.

    ``effect`` is in points: what the score would lose (or gain, when negative) without the span.
    ``turn`` is the index in the history when ``source`` is ``history``, else null.
    """

    dimension: Dimension
    source: Literal["reply", "history"]
    turn: Offset | None
    start: Offset
    end: Offset
    text: str
    effect: Annotated[float, Field(ge=-100.0, le=100.0, allow_inf_nan=False)]
    reason: str


class DimensionScores(_Frozen):
    """The three dimensions."""

    empathy: DimensionScore
    active_listening: DimensionScore
    individualized_treatment: DimensionScore

    def __getitem__(self, dimension: Dimension) -> DimensionScore:
        score: DimensionScore = getattr(self, dimension)
        return score


class ReplyScore(_Frozen):
    """The result for one reply.

    ``signals`` are null when there is nothing to measure; ``dimensions`` and ``evidence`` are
    null when only signals were asked for.
    """

    id: str | int | Finite | None = None
    status: Literal["scored", "unscored"]
    reason: UnscoredReason | None = None
    dimensions: DimensionScores | None = None
    signals: Signals | None = None
    evidence: tuple[Evidence, ...] | None = None
    scorer: str


class LineError(_Frozen):
    """The result for a line that can't be used. ``line`` counts from 1."""

    id: Any = None
    status: Literal["error"] = "error"
    line: Annotated[int, Field(ge=1)]
    message: str
