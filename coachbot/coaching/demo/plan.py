"""Who is in the made-up team, and who plays which customer when, and how well."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from coachbot.coaching.scripted import Kind

TEAM = "Harbour Street"
MOST_PEOPLE = 24
MOST_WEEKS = 26
OFTEN = 8
"""Weeks that the numbers of sessions below are for."""

SUPERVISORS = ("Helena Marsh", "Robert Kane")
TRAINER = "Nadia Petrov"

LADDER: tuple[tuple[float, Kind], ...] = (
    (0.05, "dismissive"),
    (0.2, "canned"),
    (0.35, "cold"),
    (0.45, "interrogator"),
    (0.6, "middling"),
    (0.8, "good_but_slow"),
    (0.95, "excellent"),
)
"""How well each kind of agent treats people, from 0 to 1."""

ASTRAY = 0.09
"""How far a session is from where its hire is, as a standard deviation of the ladder."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a hire does over the weeks: sessions in ``OFTEN`` weeks, from where to where."""

    sessions: int
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session to be played; ``voice`` and ``draw`` tell its words from others'.

    ``helped``: the hire reads a hint before the second reply. ``again``: they try their first reply
    once more afterwards.
    """

    number: int
    hire: int
    scenario: str
    kind: Kind
    skill: float
    voice: int
    draw: int
    started: datetime
    helped: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Hire:
    """Somebody who practises."""

    name: str
    joined: datetime
    sittings: tuple[Sitting, ...]


NAMES = (
    "Amara Osei", "Jonas Feld", "Priya Raman", "Tomasz Zieliński", "Leila Haddad", "Callum Reid",
    "Mei Chow", "Sofía Marín", "Daniel Abiodun", "Ingrid Solheim", "Marcus Webb", "Yuki Tanabe",
    "Fatima Zahra", "Owen Pryce", "Katya Morozova", "Luca Ferri", "Nia Campbell", "Anders Holm",
    "Rania Saleh", "Pedro Antunes", "Grace Liu", "Milan Horvat", "Aoife Byrne", "Samir Joshi",
)  # fmt: skip

WAYS = (
    Way(7, 0.25, 0.97),
    Way(6, 0.85, 0.1),
    Way(3, 0.75, 0.95),
    Way(2, 0.3, 0.7),
    Way(2, 0.5, 0.65),
    Way(2, 0.15, 0.3),
    Way(2, 0.4, 0.85),
    Way(1, 0.9, 0.9),
    Way(2, 0.35, 0.6),
    Way(1, 0.8, 0.8),
    Way(1, 0.45, 0.45),
    Way(1, 0.55, 0.55),
)
"""Who gets much better, who gets worse, who stays; the last has only just begun."""

RISING, DECLINING, LATE, NEW = 0, 1, 5, 11
"""Some of them, by their place."""


def team(
    scenarios: Sequence[str], *, people: int, weeks: int, seed: int, today: date
) -> tuple[Hire, ...]:
    """The team; ``today``: everything happened before it. ``scenarios``: ids that can be played."""
    draw = random.Random(f"team {seed}")
    hires = []
    number = 0
    for place, name in enumerate(NAMES[:people]):
        way = WAYS[place % len(WAYS)]
        count = max(1, round(way.sessions * weeks / OFTEN))
        first = today - timedelta(weeks=weeks if place != NEW else 1)
        moments = _moments(draw, count, first, today)
        sittings = []
        for at, started in enumerate(moments):
            part = at / (count - 1) if count > 1 else 1.0
            skill = way.begin + (way.end - way.begin) * part + draw.gauss(0, ASTRAY)
            sittings.append(
                Sitting(
                    number=number,
                    hire=place,
                    scenario=scenarios[(at + place) % len(scenarios)],
                    kind=min(LADDER, key=lambda step: abs(step[0] - skill))[1],
                    skill=min(1.0, max(0.0, skill)),
                    voice=place,
                    draw=1000 * seed + number,
                    started=started,
                    helped=at == 1 and place % 4 == 0,
                    again=at == 0 and place == RISING,
                )
            )
            number += 1
        joined = datetime.combine(first - timedelta(days=2), time(9), UTC)
        hires.append(Hire(name, joined, tuple(sittings)))
    return tuple(hires)


def looked_at_first(hires: Sequence[Hire], most: int) -> tuple[int, ...]:
    """The numbers of up to ``most`` sittings that a visitor opens before others.

    The last one of whoever got better, and of whoever got worse; then the newest of all.
    """
    sittings = [sitting for hire in hires for sitting in hire.sittings]
    last = [hires[place].sittings[-1] for place in (DECLINING, RISING) if place < len(hires)]
    newest = sorted(sittings, key=lambda one: one.started, reverse=True)
    return tuple(dict.fromkeys(one.number for one in (*last, *newest)))[:most]


def _moments(draw: random.Random, count: int, first: date, today: date) -> list[datetime]:
    """Times of working days between two days, evenly apart as far as people are even."""
    span = (today - first).days - 1
    found = []
    for at in range(count):
        share = (at + 0.5 + draw.uniform(-0.35, 0.35)) / count
        day = first + timedelta(days=round(span * share))
        if day.weekday() >= 5:
            day -= timedelta(days=day.weekday() - 4)
        day = max(first, min(day, today - timedelta(days=1)))
        minutes = draw.randrange(8 * 60, 17 * 60)
        found.append(datetime.combine(day, time(), UTC) + timedelta(minutes=minutes))
    # Nobody begins the next before the last is over.
    for at in range(1, count):
        found[at] = max(found[at], found[at - 1] + timedelta(hours=2))
    return found
