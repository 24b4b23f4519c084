"""Seeded sessions over all scenarios, played by the bench's scripted agents."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence

from coachbot.bootstrap import Practice
from coachbot.coaching.benching import Words
from coachbot.coaching.practice import Answered
from coachbot.coaching.scripted import KINDS, Agent
from coachbot.session.models import Session


def play(
    practice: Practice,
    scenarios: Sequence[str],
    turns: int,
    *,
    seed: int = 0,
    more: Callable[[], bool] = lambda: True,
) -> Iterator[tuple[Session, Answered]]:
    """Every turn with its session before it, each scenario having its equal share of them.

    Which kind of agent comes next, in which voice, is drawn from ``seed``; all kinds come up before
    one comes again. Stops as soon as ``more`` says no.
    """
    coach = practice.bench_coach()
    shares = [turns // len(scenarios)] * len(scenarios)
    for i in range(turns % len(scenarios)):
        shares[i] += 1
    for name, share in zip(scenarios, shares, strict=True):
        agents = _agents(practice, name, seed)
        left = share
        while left > 0:
            agent = next(agents)
            person = f"{agent.kind}/{agent.voice.id}"
            session = coach.begin(coach.start(name, person=person, seed=agent.session_seed))
            while left > 0 and session.phase == "conversation":
                if not more():
                    return
                answered = coach.reply(session, agent.reply(session))
                yield session, answered
                session = answered.session
                left -= 1


def _agents(practice: Practice, scenario: str, seed: int) -> Iterator[Agent]:
    """Agents for one scenario without end, in an order of their own."""
    loaded = practice.library.scenario(scenario)
    agents = practice.library.agents(loaded)
    if agents is None:
        raise ValueError(f"there are no scripted agents for {scenario}")
    words = Words(practice.library.general_agents(loaded.file.parent), agents)
    draw = random.Random(f"{scenario}:{seed}")
    number = 0
    while True:
        for kind in draw.sample(KINDS, len(KINDS)):
            voice = draw.randrange(len(agents.voices))
            if kind == "over_promiser" and not agents.voices[voice].over:
                continue
            general = words.said_to_anybody(voice)
            yield Agent(loaded.scenario, kind, agents.voices[voice], general, seed + number)
            number += 1


def until(turns: int, asked: Callable[[], int], seconds: float) -> Callable[[], bool]:
    """Whether to go on: neither has the model been asked so often, nor is the time up."""
    end = time.monotonic() + seconds
    return lambda: asked() < turns and time.monotonic() < end
