"""What a language model is told for one turn: the part, what may be known, the decision.

Nothing else goes into a prompt: no need that is still hidden, no fact that nobody asked for, no
marks, no scores, nothing of the hire's screen. What the hire wrote is data: it is cut to a length,
laid on one line, and loses the marks by which models tell who is speaking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coachbot.customer.banks import content_words
from coachbot.customer.cast import Cast
from coachbot.customer.directions import direction
from coachbot.customer.lines import Chosen
from coachbot.customer.state import CustomerState
from coachbot.scenario.models import Scenario, Style
from coachbot.scoring.interface import Turn as Message
from coachbot.scoring.text import sentences

MOST_MESSAGES = 16
"""Messages of the conversation that are told, the newest ones: eight turns."""

MOST_CHARACTERS = 600
"""Of each message; a model of little memory would otherwise lose what stands before."""

TOUCHES_FROM = 0.35
"""Similarity from which a sentence about the persona may give away what is hidden. Unrelated
sentences of the eight scenarios lie around .1; to leave out one too many costs little."""


@dataclass(frozen=True, slots=True)
class Known:
    """A fact that the customer has told or tells now."""

    about: str
    value: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the conversation; ``who``: "customer" or "agent"."""

    who: str
    text: str


@dataclass(frozen=True)
class Part:
    """The variables of a template, by their names there."""

    name: str
    internal: bool
    about: str
    temperament: str
    mood: str
    facts: tuple[Known, ...]
    decision: tuple[str, ...]
    style: tuple[str, ...]
    longest: int
    conversation: tuple[Said, ...]
    wrong: str = ""

    def again(self, wrong: str) -> Part:
        """The same part for a second try, with what was wrong with the first."""
        return replace(self, wrong=wrong)


def part_for(
    cast: Cast,
    state: CustomerState,
    chosen: Sequence[Chosen],
    history: Sequence[Message],
    longest: int,
) -> Part:
    """What is told for this turn. ``state``: after the decision; ``history`` ends with the hire."""
    scenario = cast.scenario
    return Part(
        name=scenario.persona.name,
        internal=scenario.kind == "internal",
        about=about_now(cast, state),
        temperament=cast.temperament.description,
        mood=mood_word(state.mood, cast.temperament.id),
        facts=tuple(
            Known(fact.about, fact.value)
            for fact in scenario.facts
            if fact.value is not None and fact.id in state.facts_told
        ),
        decision=tuple(_unmarked(direction(line, scenario)) for line in chosen),
        style=style_in_words(cast.style),
        longest=longest,
        conversation=tuple(Said(m.speaker, as_data(m.text)) for m in history[-MOST_MESSAGES:]),
    )


def about_now(cast: Cast, state: CustomerState) -> str:
    """The beginning of the persona's circumstances, up to what may give something away.

    A trainer writes there what lies behind it all. A sentence that touches a need that is still
    hidden, or a fact that has not been told, is left out, and so is all that follows, since it
    may go on from there.
    """
    hidden = _hidden(cast.scenario, state)
    told = [span.text for span in sentences(cast.scenario.persona.circumstances)]
    vectors = cast.encoder.encode([*hidden, *told]) if hidden else None
    generic = content_words(cast.scenario.persona.full_name or cast.scenario.persona.name)
    generic |= content_words(cast.scenario.persona.name)
    secret = frozenset().union(*(content_words(text) for text in hidden)) - generic
    kept: list[str] = []
    for i, sentence in enumerate(told):
        if content_words(sentence) & secret:
            break
        if vectors is not None:
            near = float(np.max(vectors[: len(hidden)] @ vectors[len(hidden) + i]))
            if near >= TOUCHES_FROM:
                break
        kept.append(sentence)
    return " ".join(kept)


def _hidden(scenario: Scenario, state: CustomerState) -> list[str]:
    found: list[str] = []
    for need in scenario.needs:
        if need.id not in state.needs_revealed:
            found += [need.what, need.missed, *(text for line in need.say for text in line.say)]
            told = scenario.story.needs.get(need.id)
            found += [told.done, told.missed] if told else []
    for fact in scenario.facts:
        if fact.id not in state.facts_told:
            found += [fact.about, *([fact.value] if fact.value else [])]
            found += [text for line in fact.say for text in line.say]
    return found


_MOODS = (
    (12, "furious", "at the end of their tether"),
    (25, "angry", "very upset"),
    (35, "annoyed", "upset"),
    (48, "impatient", "uneasy"),
    (62, "calmer", "calmer"),
    (78, "relieved", "relieved"),
)
_HOT = frozenset({"angry", "demanding", "sarcastic"})


def mood_word(mood: float, temperament: str) -> str:
    """A mood, 0 to 100, in a word or two; hot-headed people are angry where others are upset."""
    for below, hot, other in _MOODS:
        if mood < below:
            return hot if temperament in _HOT else other
    return "pleased"


def style_in_words(style: Style) -> tuple[str, ...]:
    """How the customer types."""
    return (
        "short messages, one after the other" if style.bubbles else "one message",
        "no capital letters" if style.lower_case else "capitals as usual",
        "full stops" if style.full_stops else "no full stop at the end of a message",
    )


_MARKS = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "{": "(", "}": ")", "`": "'"})
_SPEAKER = re.compile(
    r"(?:(?<=\s)|^)((?:system|assistant|user|customer|agent|human|ai|instructions?|###?)"
    r"(?: ?\([^)]{0,20}\))?) ?:",
    re.IGNORECASE,
)


def as_data(text: str) -> str:
    """A message on one line, without anything that a model could take for a mark of its own."""
    line = _unmarked(text)
    if len(line) > MOST_CHARACTERS:
        line = line[:MOST_CHARACTERS].rsplit(" ", 1)[0] + " …"
    return line


def _unmarked(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return _SPEAKER.sub(r"\1 -", line.translate(_MARKS))
