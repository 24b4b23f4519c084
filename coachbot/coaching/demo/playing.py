"""Scripted agents play the sessions of the made-up team, many side by side."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from coachbot.coaching.benching import AT_ONCE, AlreadyScored, Words
from coachbot.coaching.demo.plan import LADDER, Sitting
from coachbot.coaching.practice import Coach
from coachbot.coaching.protocols import FullScorer
from coachbot.coaching.scripted import Agent, Kind
from coachbot.scoring.interface import DIMENSIONS, ReplyScore, ReplyToScore
from coachbot.session import machine
from coachbot.session.models import SelfRating, Session

A_REPLY = timedelta(seconds=75)
"""How long reading and writing takes, so that sessions have a plausible length."""

RATES_THEMSELVES = 0.5
"""Share of sessions after which the hire rates themself."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A session that was played, and when it ended."""

    sitting: Sitting
    session: Session
    ended: datetime
    second: bool = False
    """Whether it is a second attempt, which does not count."""


@dataclass
class _Seat:
    sitting: Sitting
    agent: Agent
    coach: Coach
    session: Session
    explained: bool
    second: bool = False


Progress = Callable[[int, int], None]
"""Told how many sessions are over, and of how many."""


def play(
    sittings: Sequence[Sitting],
    coach: Coach,
    scorer: FullScorer,
    words: Mapping[str, Words],
    *,
    seed: int,
    explained: Sequence[int],
    progress: Progress = lambda _over, _of: None,
) -> list[Finished]:
    """Play all; ``explained``: numbers of the sittings in which scores have their evidence.

    Finding the words that earned a score takes longer than scoring does. ``words``: by scenario.
    Sessions come in the order of their sittings, second attempts right after the first.
    """
    draw = random.Random(f"playing {seed}")
    coach = coach.without_trace()
    seats = [
        _seated(one, coach, words[one.scenario], draw, one.number in explained) for one in sittings
    ]
    again = [
        _again(seat, coach, words[seat.sitting.scenario], draw)
        for seat in _played(seats, scorer, progress, len(sittings))
        if seat.sitting.again and seat.session.turns
    ]
    _played(again, scorer, lambda _over, _of: None, len(again))
    finished: list[Finished] = []
    for seat in seats:
        both = (seat, *(other for other in again if other.sitting is seat.sitting))
        finished += [_over(one, draw) for one in both]
    return finished


def ids(draw: random.Random) -> Callable[[], str]:
    """Ids as sessions have them, the same for the same draw."""
    return lambda: uuid.UUID(int=draw.getrandbits(128), version=4).hex


def _seated(
    sitting: Sitting, coach: Coach, words: Words, draw: random.Random, explained: bool
) -> _Seat:
    own = replace(coach, new_id=ids(draw), now=lambda: _iso(sitting.started))
    agent = _agent(sitting, own, words, sitting.kind)
    session = own.start(sitting.scenario, person=str(sitting.hire), seed=agent.session_seed)
    return _Seat(sitting, agent, own, own.begin(session), explained)


def _again(first: _Seat, coach: Coach, words: Words, draw: random.Random) -> _Seat:
    """The first reply once more, and this time well."""
    ended = first.sitting.started + A_REPLY * (len(first.session.turns) + 2)
    own = replace(coach, new_id=ids(draw), now=lambda: _iso(ended))
    agent = _agent(first.sitting, own, words, "excellent")
    session = own.retry(first.session, 1)
    return _Seat(first.sitting, agent, own, session, first.explained, second=True)


def _agent(sitting: Sitting, coach: Coach, words: Words, kind: Kind) -> Agent:
    scenario = coach.casting.scenario(sitting.scenario)
    if words.agents is None:
        raise ValueError(f"nobody wrote words for agents in {sitting.scenario}")
    voice = words.agents.voices[sitting.voice % len(words.agents.voices)]
    return Agent(scenario, kind, voice, words.said_to_anybody(sitting.voice), sitting.draw)


def _played(
    seats: Sequence[_Seat], scorer: FullScorer, progress: Progress, of: int
) -> Sequence[_Seat]:
    while waiting := [seat for seat in seats if seat.session.phase == "conversation"]:
        for start in range(0, len(waiting), AT_ONCE):
            _round(waiting[start : start + AT_ONCE], scorer)
            progress(sum(seat.session.over for seat in seats), of)
    return seats


def _round(seats: Sequence[_Seat], scorer: FullScorer) -> None:
    """One reply of each, those with evidence and those without each scored together."""
    items: list[ReplyToScore] = []
    for seat in seats:
        if seat.sitting.helped and not seat.second and len(seat.session.turns) == 1:
            seat.session, _ = seat.coach.hint(seat.session)
        text = seat.agent.reply(seat.session)
        scenario = seat.coach.casting.scenario(seat.sitting.scenario)
        items.append(seat.coach.to_score(seat.session, scenario, text))
        seat.session = machine.receive(seat.session, text)
    scores: dict[int, ReplyScore] = {}
    for explained in (True, False):
        places = [at for at, seat in enumerate(seats) if seat.explained is explained]
        if places:
            found = scorer.score([items[at] for at in places], with_evidence=explained)
            scores |= dict(zip(places, found, strict=True))
    for at, seat in enumerate(seats):
        told = replace(seat.coach, scorer=AlreadyScored(scorer.name, scores[at]))
        seat.session = told.resume(seat.session).session


def _over(seat: _Seat, draw: random.Random) -> Finished:
    rating = None
    if draw.random() < RATES_THEMSELVES and not seat.second:
        rating = _own_view(seat, draw)
    session = seat.coach.rate(seat.session, rating)
    replies = len(session.turns) + 1 + (len(session.turns) + 2 if seat.second else 0)
    return Finished(seat.sitting, session, seat.sitting.started + A_REPLY * replies, seat.second)


def _own_view(seat: _Seat, draw: random.Random) -> SelfRating:
    """What they think of themselves: nearer to the middle than how they did, and kinder."""
    quality = {kind: step for step, kind in LADDER}.get(seat.sitting.kind, 0.5)
    rated = {
        dimension: round(min(95.0, max(15.0, 38 + 40 * quality + draw.gauss(0, 9))) / 5) * 5.0
        for dimension in DIMENSIONS
    }
    return SelfRating(**rated)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
