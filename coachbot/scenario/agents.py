"""What a file of scripted agents holds: the words in which the bench plays support agents.

``scenarios/agents/<scenario>.yaml`` has the words for one customer in at least three voices,
``scenarios/agents/general.yaml`` what canned and keyword-stuffing agents write to anybody. The
words come from outside the scenario's own examples, so that the bench measures how strangers are
understood; what an agent does with them is code (:mod:`coachbot.coaching.scripted`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from coachbot.scenario.finding import Finding, KeyPath, counted
from coachbot.scenario.models import Id, Model, Scenario, Text
from coachbot.scenario.references import nearest

GENERAL_AGENTS = "general"
"""The file with words for anybody; no scenario can have agents of its own under this name."""

VOICES = 3
"""Voices that a file needs at least: with fewer, one writer's habits would be measured."""

NEED_WORDINGS = 2
"""Ways of asking for a hidden need, and of taking it up: the bench tries another when one fails."""

Texts = tuple[Text, ...]
Wordings = Annotated[Texts, Field(min_length=1)]


class Tones(Model):
    """The same said in two ways."""

    warm: Texts = Field(min_length=2, description="Said warmly and for this person, two or more")
    bare: Texts = Field(
        min_length=2, description="Said correctly and completely, and coldly, two or more"
    )


class Voice(Model):
    """One support agent's words for one customer."""

    id: Id = Field(description="A short name: maggie")
    manner: Text = Field(description="Who writes so: age, background, length, formality")
    opening: Texts = Field(
        min_length=2, description="Complete warm first replies: the feeling and its cause, no more"
    )
    warm: Texts = Field(
        min_length=5,
        description="One or two warm sentences that can stand before a question or an act",
    )
    ask: dict[Id, Wordings] = Field(
        description="Questions by fact or need: one or more for a fact, two or more for a need"
    )
    meet: dict[Id, Wordings] = Field(
        description="Replies by need that take it up after it was told, two or more"
    )
    do: dict[Id, Tones] = Field(description="Each act of the scenario, said warmly and barely")
    stall: Texts = Field(min_length=4, description="Complete replies that only hold up, politely")
    useless: Texts = Field(
        min_length=5, description="Complete replies full of sincere empathy that do nothing"
    )
    over: Texts = Field(
        min_length=4, description="Complete replies that promise what nobody may or can keep"
    )
    dismiss: Texts = Field(min_length=6, description="Complete dismissive replies")
    close: Tones = Field(description="Last replies when everything is done")


class Agents(Model):
    """The words for one scenario."""

    scenario: Id = Field(description="The scenario that they are for; the file's name")
    voices: tuple[Voice, ...] = Field(
        min_length=VOICES, description="Clearly different people, three or more"
    )


class GeneralVoice(Model):
    """What one agent writes to anybody."""

    id: Id = Field(description="A short name: desk")
    manner: Text = Field(description="Who writes so")
    canned: Texts = Field(
        min_length=16, description="Canned polite replies or sentences, complete; sixteen or more"
    )
    stuff: Texts = Field(
        min_length=16,
        description="Sentences stuffed with the keywords of good service; sixteen or more",
    )


class GeneralAgents(Model):
    """The words for anybody."""

    voices: tuple[GeneralVoice, ...] = Field(
        min_length=VOICES, description="Clearly different people, three or more"
    )


def check_agents(agents: Agents, scenario: Scenario, file_id: str) -> tuple[Finding, ...]:
    """Everything in a file of agents that doesn't agree with its scenario.

    ``file_id``: the file's name without its ending, after which the scenario is looked for.
    """
    return tuple(_agents(agents, scenario, file_id))


def check_voices(voices: Sequence[Voice | GeneralVoice]) -> Iterator[Finding]:
    """Find voices of the same name, and texts that stand in the file twice."""
    ids: dict[str, KeyPath] = {}
    said: dict[str, KeyPath] = {}
    for number, voice in enumerate(voices):
        path: KeyPath = ("voices", number, "id")
        if ids.setdefault(voice.id, path) != path:
            yield Finding(
                path,
                f"Two of the voices are called '{voice.id}'",
                "give one of them another id",
                other=ids[voice.id],
            )
        for place, text in _texts(voice, ("voices", number)):
            plain = " ".join(text.lower().split())
            if said.setdefault(plain, place) != place:
                yield Finding(
                    place,
                    "The same text stands here twice, so that nothing new is tried",
                    "write it as this person would, in words of their own",
                    severity="warning",
                    other=said[plain],
                )


def _texts(voice: Voice | GeneralVoice, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Every wording of a voice with its place."""
    waiting: list[tuple[KeyPath, object]] = [
        ((*path, name), getattr(voice, name))
        for name in type(voice).model_fields
        if name not in ("id", "manner")
    ]
    for place, held in waiting:
        if isinstance(held, str):
            yield place, held
        elif isinstance(held, Tones):
            waiting += [((*place, "warm"), held.warm), ((*place, "bare"), held.bare)]
        elif isinstance(held, Mapping):
            waiting += [((*place, key), value) for key, value in held.items()]
        elif isinstance(held, tuple):
            waiting += [((*place, number), one) for number, one in enumerate(held)]


def _agents(agents: Agents, scenario: Scenario, file_id: str) -> Iterator[Finding]:
    if agents.scenario != file_id:
        yield Finding(
            ("scenario",),
            f"The scenario is '{agents.scenario}', but the file is called {file_id}.yaml",
            f"write 'scenario: {file_id}', or call the file {agents.scenario}.yaml",
        )
    yield from check_voices(agents.voices)
    facts = {fact.id: 0 if fact.in_opening else 1 for fact in scenario.facts}
    needs = {need.id: NEED_WORDINGS for need in scenario.needs}
    acts = {act.id: 1 for act in scenario.resolution.acts}
    for number, voice in enumerate(agents.voices):
        path: KeyPath = ("voices", number)
        yield from _keyed(voice.ask, {**facts, **needs}, "fact or need", (*path, "ask"))
        yield from _keyed(voice.meet, needs, "need", (*path, "meet"))
        yield from _ids(voice.do, acts, "act", (*path, "do"))
        yield from _mentions(voice, scenario, path)


def _keyed(
    given: Mapping[str, Texts], needed: Mapping[str, int], thing: str, path: KeyPath
) -> Iterator[Finding]:
    """``needed``: how many wordings each id must have; 0 where none are needed."""
    yield from _ids(
        given,
        {name: count for name, count in needed.items() if count},
        thing,
        path,
        known=list(needed),
    )
    for name, texts in given.items():
        least = needed.get(name, 0)
        if len(texts) < least:
            yield Finding(
                (*path, name),
                f"'{name}' has {counted(len(texts), 'wording')}, and at least {least} are needed",
                f"write {least - len(texts)} more",
            )


def _ids(
    given: Collection[str],
    needed: Collection[str],
    thing: str,
    path: KeyPath,
    known: Sequence[str] | None = None,
) -> Iterator[Finding]:
    names = list(known if known is not None else needed)
    for name in given:
        if name not in names:
            yield Finding(
                (*path, name), f"The scenario has no {thing} '{name}'", nearest(name, names)
            )
    for name in needed:
        if name not in given:
            yield Finding(
                path,
                f"There are no words for the {thing} '{name}'",
                f"add under '{path[-1]}': {name}",
            )


def _mentions(voice: Voice, scenario: Scenario, path: KeyPath) -> Iterator[Finding]:
    """An act that must mention something can't be done by a wording that doesn't."""
    for act in scenario.resolution.acts:
        tones = voice.do.get(act.id)
        if not act.mentions or tones is None:
            continue
        for tone, texts in (("warm", tones.warm), ("bare", tones.bare)):
            for number, text in enumerate(texts):
                if not any(word.lower() in text.lower() for word in act.mentions):
                    yield Finding(
                        (*path, "do", act.id, tone, number),
                        f"The act '{act.id}' counts only with one of the words that it has to "
                        f"mention, and this has none: {', '.join(act.mentions)}",
                        "put one of them in",
                    )
