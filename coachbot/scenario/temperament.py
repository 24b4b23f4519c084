"""Temperaments: how a kind of person reacts, shared by many scenarios.

``scenarios/temperaments/general.yaml`` holds what anybody would say; a temperament adds its own
lines, which come first.
"""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from coachbot.scenario.models import Id, Line, Model, Style, Text, Weights

Cause = Literal[
    "heard",
    "cared_for",
    "tailored",
    "stock_empathy",
    "flattery",
    "canned",
    "minimised",
    "blamed",
    "told_to_calm_down",
    "mocked",
    "policy_wall",
    "non_apology",
    "insulted",
    "asked_again",
    "contradicted",
    "question_ignored",
    "over_promise",
    "empty_promise",
    "overdue_promise",
    "promise",
    "progress",
    "no_progress",
    "empathy_without_progress",
    "refused",
    "too_many_questions",
    "boundary",
    "checking",
    "nonsense",
    "silence",
    "foreign_language",
    "role_break",
]
"""Why a customer reacts. A hot button, an act, a need and a comeback bring their own lines."""

CAUSES: tuple[Cause, ...] = get_args(Cause)

HARSH: tuple[Cause, ...] = (
    "minimised",
    "blamed",
    "told_to_calm_down",
    "mocked",
    "policy_wall",
    "non_apology",
    "insulted",
)
"""Ways of being dismissed."""

QuestionForm = Literal[
    "asked_which_of_two",
    "asked_if_right",
    "asked_if_known",
    "asked_whether_you",
    "asked_whether",
    "asked_to_do",
    "asked_about_self",
    "asked_if_possible",
    "asked_about_hire",
    "asked_how_long",
    "asked_how_many",
    "asked_who",
    "asked_when",
    "asked_where",
    "asked_why",
    "asked_to_imagine",
    "asked_what_happened",
]
"""Forms of a question that nobody authored, each of which can be answered in a way that fits.

``asked_which_of_two``: is it this or that; ``asked_if_right``: you were kept waiting, weren't you;
``asked_if_known``: you do know that;
``asked_whether_you``: have you, did you; ``asked_whether``: has anybody, was it, is there;
``asked_to_do``: could you send, would you try; ``asked_about_self``: are you, do you, is your;
``asked_if_possible``: could it be that; ``asked_about_hire``: am I, did I, are we;
``asked_to_imagine``: what would you, what is your favourite; ``asked_what_happened``: what did, how
was. The others say it themselves.
"""

QUESTION_FORMS: tuple[QuestionForm, ...] = get_args(QuestionForm)

Move = Literal[
    QuestionForm,
    "asked_back",
    "unknown",
    "unsure",
    "either",
    "which_one",
    "already_told",
    "waiting",
    "remind",
    "ultimatum",
    "grudging",
    "yes",
    "no",
    "guarded",
]
"""What a customer does besides reacting.

``asked_back``: asked something about themselves that nobody authored, they put it back and wonder
what it is for (slot ``{question}``: "Am I left-handed?");
``unknown``: asked what nobody authored, in none of the forms of QuestionForm, which have lines of
their own; ``unsure``: the same, where yes or no is asked for;
``either``: the same, where they are to choose between two;
``which_one``: a question that could mean two things
(slots ``{first}`` and ``{second}``); ``already_told``: asked yet again; ``waiting``: while the hire
checks; ``remind`` and ``ultimatum``: said before pressing a second and a last time; ``grudging``:
everything is done but coldly; ``yes`` and ``no``: to questions of consent; ``guarded``: a fact that
is withheld in this mood.
"""

MOVES: tuple[Move, ...] = get_args(Move)

CORE_CAUSES: tuple[Cause, ...] = (
    "heard",
    "cared_for",
    "stock_empathy",
    "canned",
    "minimised",
    "blamed",
    "told_to_calm_down",
    "policy_wall",
    "asked_again",
    "no_progress",
    "progress",
    "promise",
    "refused",
)
"""Causes for which every temperament must have words of its own, at least three."""


class Everyday(Model):
    """A question anybody may be asked, and what this kind of person answers."""

    id: Id = Field(description="A short name: how-are-you")
    ask: tuple[Text, ...] = Field(
        default=(),
        description="Ways to ask it; general.yaml has at least four, a temperament adds none",
    )
    say: tuple[Line, ...] = Field(min_length=3, description="Answers; give each its mood")


class Temperament(Model):
    """How a kind of person reacts, cools down and gets angry."""

    id: Id = Field(description="The file's name without its ending")
    name: Text = Field(description="As it stands in lists")
    description: Text = Field(description="What this person is like, for a trainer")
    warming: float = Field(
        default=1.0, gt=0, le=2, description="How fast the mood rises; angry people: slowly"
    )
    cooling: float = Field(
        default=1.0, gt=0, le=2, description="How fast it falls; angry people: fast"
    )
    values: Weights = Field(default=Weights(), description="What such a person values")
    out_of_patience: Literal["left", "gave_up"] = Field(
        default="left", description="What they do when their patience has run out"
    )
    style: Style = Field(default=Style(), description="How such a person types")
    reactions: dict[Cause, tuple[Line, ...]] = Field(
        description="Their words by cause; the core causes need at least three lines each"
    )
    moves: dict[Move, tuple[Line, ...]] = Field(
        default_factory=dict, description="What they say besides reacting, by move"
    )
    everyday: tuple[Everyday, ...] = Field(
        default=(), description="Questions anybody may be asked, and this person's answers"
    )
    turned: tuple[Text, ...] = Field(
        default=(), description="For the story, when the mood rose most: one {quote} each"
    )
    stung: tuple[Text, ...] = Field(
        default=(), description="For the story, when it fell most: one {quote} each"
    )
