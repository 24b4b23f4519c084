"""What a scenario file holds, as frozen models.

The field descriptions are what a trainer reads in the JSON Schema and in error messages, so they
are written for a trainer. Everything a scenario says is checked here or in
:mod:`coachbot.scenario.consistency`; reading YAML is the library's business.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

LANGUAGES = ("en",)
"""Languages that the matcher, the scorer and the general lines speak."""

OUTCOMES = ("resolved", "resolved_coldly", "left", "gave_up", "ended", "out_of_turns")
"""How a session can end; ``ended`` is the hire's own ``/end``."""

SLOT = re.compile(r"\{([a-z][a-z0-9_-]*)\}")
"""A place in a line that is filled while the session runs, such as ``{when}``."""

LINE_SLOTS = ("agent", "when", "amount")
"""Slots a customer's line may have: the hire's name, time and amount as the hire wrote them."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ID_PATTERN = r"^[a-z][a-z0-9_-]*$"
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=60)]
Band = Literal["low", "mid", "high"]
Difficulty = Literal["easy", "medium", "hard", "brutal"]
Outcome = Literal["resolved", "resolved_coldly", "left", "gave_up", "ended", "out_of_turns"]
SpeechAct = Literal["done", "promise", "offer", "inform", "ask"]
Score = Annotated[float, Field(ge=0, le=100)]

LOW_BELOW, HIGH_FROM = 35.0, 62.0
"""Mood bands: ``low`` under 35 (angry, hurt), ``high`` from 62 (warming up), ``mid`` between."""


def band_of(mood: float) -> Band:
    """The band of a mood between 0 (furious) and 100 (delighted)."""
    if mood < LOW_BELOW:
        return "low"
    return "high" if mood >= HIGH_FROM else "mid"


class Model(BaseModel):
    """Frozen, and strict about keys: a mistyped key is a mistake, not a comment."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Line(Model):
    """Something the customer may say: a text, a list of short messages, or a mapping."""

    say: tuple[Text, ...] = Field(
        min_length=1, max_length=3, description="One message, or a list of two or three short ones"
    )
    mood: tuple[Band, ...] = Field(
        default=("low", "mid", "high"),
        min_length=1,
        description="The moods in which it fits: low (angry, hurt), mid, high (warming up)",
    )
    to: tuple[Text, ...] = Field(
        default=(),
        description="What the hire wrote that this answers, in one to three example wordings",
    )
    unless: tuple[Id, ...] = Field(
        default=(),
        description="Ids of facts, needs and acts: once one of them has been told, let out or "
        "done, this is not said any more",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"say": (value,)}
        if isinstance(value, list | tuple):
            return {"say": tuple(value)}
        if isinstance(value, dict):
            value = dict(value)
            for key in ("say", "mood", "to", "unless"):
                if isinstance(value.get(key), str):
                    value[key] = (value[key],)
        return value

    @property
    def text(self) -> str:
        """The messages as one string with line breaks."""
        return "\n".join(self.say)

    @property
    def slots(self) -> frozenset[str]:
        """Names of the slots in it."""
        return frozenset(SLOT.findall(self.text))


class Forbidden(Model):
    """Something the hire may not offer; saying it anyway is an over-promise."""

    what: Text = Field(description="What may not be offered, as the brief shows it")
    examples: tuple[Text, ...] = Field(
        min_length=3, description="Wordings in which a hire might offer it all the same"
    )
    counter_examples: tuple[Text, ...] = Field(
        default=(), description="Near wordings that are fine, such as refusing it kindly"
    )


class Brief(Model):
    """What the hire reads before the conversation."""

    role: Text = Field(description="Who the hire is in this conversation, and where they work")
    screen: tuple[Text, ...] = Field(
        min_length=1, description="What the hire can see on their screen, one fact a line"
    )
    may_offer: tuple[Text, ...] = Field(min_length=1, description="What the hire may offer")
    may_not_offer: tuple[Forbidden, ...] = Field(
        default=(), description="What the hire may not offer"
    )


class Style(Model):
    """How the customer types. It never touches names or numbers."""

    lower_case: bool = Field(default=False, description="Writes without capital letters")
    full_stops: bool = Field(default=True, description="Ends messages with a full stop")
    shouts: bool = Field(default=False, description="Writes a word in capitals when furious")
    bubbles: bool = Field(default=True, description="Sends short messages one after the other")
    slips: float = Field(
        default=0.0, ge=0, le=0.3, description="Share of messages with a typing slip, 0 to 0.3"
    )


class Weights(Model):
    """What this customer values: 1 is usual, 0 nothing, 2 a great deal, -1 that it annoys them."""

    empathy: float = Field(default=1.0, ge=-1, le=2, description="Feelings named and shared")
    active_listening: float = Field(default=1.0, ge=-1, le=2, description="Being understood")
    individualized_treatment: float = Field(default=1.0, ge=-1, le=2, description="Being a person")
    progress: float = Field(default=1.0, ge=0, le=2, description="Something getting done")


class Persona(Model):
    """Who the customer is."""

    name: Text = Field(description="First name, or as they would sign")
    full_name: Text | None = Field(default=None, description="Name in full, said when asked")
    circumstances: Text = Field(description="What is going on in their life; two or three lines")
    temperament: Id = Field(description="A file in scenarios/temperaments, without its ending")
    values: Weights = Field(default=Weights(), description="What counts for this person")
    style: Style | None = Field(
        default=None, description="How they type; left out, the temperament's way"
    )


class Fact(Model):
    """Something the customer knows and tells when asked."""

    id: Id = Field(description="A short name: order-number")
    about: Text = Field(description="What it is, in a few words: the order number")
    ask: tuple[Text, ...] = Field(min_length=6, description="Ways to ask for it, at least six")
    say: tuple[Line, ...] = Field(min_length=3, description="Ways the customer says it")
    again: tuple[Line, ...] = Field(
        min_length=2, description="What they say when asked for it although they said it already"
    )
    value: Text | None = Field(
        default=None, description="The bare fact, to fill {id} in a good example: 40218"
    )
    in_opening: bool = Field(
        default=False, description="true if the opening messages already tell it"
    )
    mood_at_least: Score = Field(
        default=0, description="A guarded customer tells it only from this mood on"
    )


class Need(Model):
    """What the customer hides until it is earned."""

    id: Id = Field(description="A short name: last-birthday")
    what: Text = Field(description="The need, as the debrief names it")
    ask: tuple[Text, ...] = Field(
        min_length=4, description="Questions and remarks that bring it out, at least four"
    )
    mood_at_least: Score | None = Field(
        default=None,
        description="From this mood on they say it of their own accord; left out: only if asked",
    )
    say: tuple[Line, ...] = Field(min_length=2, description="How they let it out")
    met_by: tuple[Text, ...] = Field(
        min_length=3, description="Replies that take it up, in example wordings"
    )
    thanks: tuple[Line, ...] = Field(min_length=2, description="What they say when it is taken up")
    hint: Text = Field(description="What /hint says: a direction, never the words")
    missed: Text = Field(description="What the debrief says when nobody found it")


class Act(Model):
    """Something the hire must do for the customer to be helped."""

    id: Id = Field(description="A short name: send-another")
    what: Text = Field(description="The act, as the debrief names it")
    counts: tuple[SpeechAct, ...] = Field(
        default=("done", "promise", "offer", "inform"),
        min_length=1,
        description="How it may be said: done, promise, offer, inform, ask",
    )
    examples: tuple[Text, ...] = Field(
        min_length=8, description="Wordings that do it, at least eight, as different as you can"
    )
    counter_examples: tuple[Text, ...] = Field(
        min_length=5,
        description="Near wordings that do not do it: refusals, vague promises, half of it",
    )
    mentions: tuple[Text, ...] = Field(
        default=(),
        description="If given, the reply must have one of these words, as typed: 15:00, locker",
    )
    after: tuple[Id, ...] = Field(default=(), description="Acts that have to be done before")
    thanks: tuple[Line, ...] = Field(min_length=3, description="What they say when it is done")
    press: tuple[Line, ...] = Field(
        min_length=4, description="How they press for it, from a first mention to an ultimatum"
    )
    weight: float = Field(
        default=1.0, gt=0, le=2, description="How much it means to the customer; 1 is usual"
    )
    hint: Text = Field(description="What /hint says: a direction, never the words")


class Resolution(Model):
    """What resolves the conversation."""

    order: Literal["any", "in_order"] = Field(
        default="any", description="in_order: each act counts only after the one before it"
    )
    acts: tuple[Act, ...] = Field(
        min_length=1, max_length=6, description="What the hire must do, one to six acts"
    )
    warm_mood: Score = Field(
        default=50, description="From this mood on, resolved; below it, resolved coldly"
    )
    reserve: float = Field(
        default=8,
        ge=0,
        le=20,
        description=(
            "How far below warm_mood somebody stays for whom all was done without a kind word; "
            "those who are easily pleased have little of it"
        ),
    )


class HotButton(Model):
    """What sets this customer off."""

    id: Id = Field(description="A short name: wait-again")
    what: Text = Field(description="What it is, as the debrief names it")
    examples: tuple[Text, ...] = Field(min_length=4, description="Wordings that press the button")
    counter_examples: tuple[Text, ...] = Field(
        default=(), description="Near wordings that do not press it"
    )
    reactions: tuple[Line, ...] = Field(min_length=3, description="What they say then")
    cost: float = Field(default=10, ge=3, le=30, description="Mood points it costs")


class Comeback(Model):
    """An answer to something a hire is likely to say."""

    to: tuple[Text, ...] = Field(min_length=3, description="What the hire says, three wordings")
    say: tuple[Line, ...] = Field(min_length=2, description="What the customer answers")
    effect: float = Field(default=0, ge=-10, le=10, description="Mood points it costs or gains")


class Endings(Model):
    """Last words, by outcome."""

    resolved: tuple[Line, ...] = Field(min_length=2, description="Helped, and treated well")
    resolved_coldly: tuple[Line, ...] = Field(min_length=2, description="Helped, and no more")
    left: tuple[Line, ...] = Field(min_length=2, description="When they walk out")
    gave_up: tuple[Line, ...] = Field(min_length=2, description="When they let the matter drop")
    out_of_turns: tuple[Line, ...] = Field(min_length=2, description="When the turns are used up")


class Why(Model):
    """What the good example does for each dimension that the other two do not."""

    empathy: Text = Field(description="How it meets the feeling; a sentence")
    active_listening: Text = Field(description="How it shows what was heard; a sentence")
    individualized_treatment: Text = Field(description="Why it fits nobody else; a sentence")


class Moment(Model):
    """A point of the conversation with a good, a fair and a poor reply."""

    id: Id = Field(description="A short name: first-words")
    when: Annotated[
        str,
        StringConstraints(
            pattern=r"^(opening|upset|closing|(fact|need|act) [a-z][a-z0-9_-]*)$",
        ),
    ] = Field(
        description="opening, upset (the customer is in a low mood), closing, or 'need ID', "
        "'fact ID' (just told), 'act ID' (still to be done)"
    )
    good: tuple[Text, ...] = Field(
        min_length=1, description="Good replies; {fact-id} is filled with that fact's value"
    )
    fair: tuple[Text, ...] = Field(min_length=1, description="Replies that will do")
    poor: tuple[Text, ...] = Field(min_length=1, description="Replies that make it worse")
    why: Why = Field(description="What the good reply does, for each dimension")


class PassMarks(Model):
    """The session value that each dimension must reach, 0 to 100.

    A session's value is a mean over all turns, the practical ones too, so that a good session
    comes out well below its best turns: with the scorer of this release at 39 to 76, a middling
    one at 23 to 55.
    """

    empathy: Score = 44
    active_listening: Score = 42
    individualized_treatment: Score = 40


class Told(Model):
    """Two ways a part of the story can go."""

    done: Text = Field(description="First person, if it happened")
    missed: Text = Field(description="First person, if it did not")


class StoryEndings(Model):
    """How the story ends, by outcome."""

    resolved: Text = Field(description="Helped, and treated well")
    resolved_coldly: Text = Field(description="Helped, and no more")
    left: Text = Field(description="They walked out")
    gave_up: Text = Field(description="They let the matter drop")
    ended: Text = Field(description="The hire ended it")
    out_of_turns: Text = Field(description="The turns were used up")


class Story(Model):
    """Material for what the customer will tell others."""

    told_to: Text = Field(description="Whom they tell: my sister, on the school run")
    begin: tuple[Text, ...] = Field(min_length=1, description="How the story begins")
    acts: dict[Id, Told] = Field(description="For each act: told if done, told if missed")
    needs: dict[Id, Told] = Field(description="For each need: told if found, told if missed")
    hot_buttons: dict[Id, Text] = Field(
        default_factory=dict, description="For each hot button: told if it was pressed"
    )
    end: StoryEndings = Field(description="How the story ends, by outcome")


class Scenario(Model):
    """A customer to practise with."""

    id: Id = Field(description="The file's name without its ending")
    version: int = Field(ge=1, description="Count up when you change the file")
    title: Text = Field(description="As it stands in the list of scenarios")
    language: Literal["en"] = Field(description="en (English) is what is supported")
    difficulty: Difficulty = Field(description="How hard it is meant to be")
    channel: Literal["chat", "email", "phone", "in_person"] = Field(
        default="chat", description="Where the two are talking"
    )
    phase: Literal["before", "during", "after"] = Field(description="Of the purchase or work")
    kind: Literal["external", "internal"] = Field(description="A customer, or a colleague")
    content_note: Text | None = Field(
        default=None, description="Shown first where the subject is grief, abuse or health"
    )
    brief: Brief = Field(description="What the hire reads before the conversation")
    persona: Persona = Field(description="Who the customer is")
    opening: tuple[Line, ...] = Field(min_length=1, description="First messages; one is drawn")
    mood: Score = Field(description="Starting mood, 0 furious to 100 delighted")
    patience: float = Field(ge=2, le=12, description="Turns without progress they put up with")
    turn_limit: int = Field(ge=5, le=30, description="Replies after which the session ends")
    facts: tuple[Fact, ...] = Field(
        min_length=2, description="What the customer knows and tells when asked"
    )
    needs: tuple[Need, ...] = Field(
        min_length=1, description="What the customer hides until it is earned"
    )
    resolution: Resolution = Field(description="What helps the customer")
    hot_buttons: tuple[HotButton, ...] = Field(
        min_length=1, description="What sets this customer off"
    )
    comebacks: tuple[Comeback, ...] = Field(
        default=(), description="Answers to what a hire is likely to say"
    )
    everyday: dict[Id, tuple[Line, ...]] = Field(
        default_factory=dict,
        description="This customer's own answers to questions anybody may be asked, by the "
        "question's id in temperaments/general.yaml: what-outcome, tell-me-more; others are "
        "answered as the temperament would",
    )
    endings: Endings = Field(description="The customer's last words, by outcome")
    moments: tuple[Moment, ...] = Field(
        min_length=3, description="Points of the conversation with example replies, opening first"
    )
    pass_marks: PassMarks = Field(
        default=PassMarks(), description="What each dimension must reach, 0 to 100"
    )
    story: Story = Field(description="What the customer will tell others")
    example_conversation: tuple[Text, ...] = Field(
        min_length=3, description="Good replies from first to last, played before it is published"
    )

    def act(self, act_id: str) -> Act:
        """The act with this id; KeyError if there is none."""
        return _by_id(self.resolution.acts, act_id)

    def fact(self, fact_id: str) -> Fact:
        """The fact with this id; KeyError if there is none."""
        return _by_id(self.facts, fact_id)

    def need(self, need_id: str) -> Need:
        """The need with this id; KeyError if there is none."""
        return _by_id(self.needs, need_id)

    def hot_button(self, button_id: str) -> HotButton:
        """The hot button with this id; KeyError if there is none."""
        return _by_id(self.hot_buttons, button_id)


T = TypeVar("T", Act, Fact, Need, HotButton)


def _by_id(items: tuple[T, ...], wanted: str) -> T:
    for item in items:
        if item.id == wanted:
            return item
    raise KeyError(wanted)
