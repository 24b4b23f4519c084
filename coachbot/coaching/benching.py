"""The bench: scripted agents play a scenario with the real customer and the real scorer.

:func:`bench` is the way in, for the command line, for the bot and for the page. The sessions of a
scenario go on side by side, turn by turn, so that many replies are scored together; what comes of
a seed does not depend on when it is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from coachbot.coaching.own_words import own_voice
from coachbot.coaching.practice import Answered, Coach
from coachbot.coaching.protocols import FullScorer
from coachbot.coaching.scripted import KINDS, Agent, Kind
from coachbot.errors import UsageError
from coachbot.reporting.bench import figures
from coachbot.reporting.bench_models import BenchResult
from coachbot.reporting.bench_runs import Drawn, Exchange, Played, Run
from coachbot.scenario.agents import Agents, GeneralAgents, GeneralVoice
from coachbot.scenario.finding import KeyPath
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import ReplyScore, ReplyToScore
from coachbot.session import machine
from coachbot.session.models import Session

SEEDS = 1
"""Sessions of each kind in each voice, unless told: 33 sessions, about 200 replies. Two cores
score three or four a second, which makes about a minute."""

AT_ONCE = 32
"""Replies that are scored in one call; more would only make the progress jump."""

Progress = Callable[[int, int], None]
"""Told how many sessions are over, and of how many."""


class WithoutEvidence:
    """The scorer, as far as figures need it: which words earned a score is in none of them."""

    def __init__(self, scorer: FullScorer) -> None:
        self._scorer = scorer

    @property
    def name(self) -> str:
        """The scorer's own."""
        return self._scorer.name

    def score(self, items: list[ReplyToScore], *, signals_only: bool = False) -> list[ReplyScore]:
        """One result for each reply, in less than half of the time."""
        return self._scorer.score(items, signals_only=signals_only, with_evidence=False)


@dataclass(frozen=True)
class AlreadyScored:
    """Hands out the score that was made before."""

    name: str
    found: ReplyScore

    def score(self, items: list[ReplyToScore], *, signals_only: bool = False) -> list[ReplyScore]:
        """The score that is there already, for each."""
        return [self.found for _ in items]


@dataclass(frozen=True)
class Words:
    """What agents say.

    ``general``: to anybody. ``agents``: to this customer; without them there is one voice, made of
    the scenario's own examples.
    """

    general: GeneralAgents
    agents: Agents | None = None

    def said_to_anybody(self, voice: int) -> GeneralVoice:
        """What the voice with this number says to anybody."""
        return self.general.voices[voice % len(self.general.voices)]


@dataclass(frozen=True)
class Benched:
    """What came of a scenario: the figures, and the sessions behind them."""

    result: BenchResult
    played: Played


@dataclass
class _Seat:
    """An agent and its session, as far as it has got."""

    agent: Agent
    session: Session
    exchanges: list[Exchange] = field(default_factory=list)

    def goes_on(self, answered: Answered) -> None:
        turn = answered.turn
        drawn = [Drawn(line.bank, line.bubbles, turn.state.mood) for line in turn.spoken.chosen]
        sources = tuple(move.source for move in turn.decision.moves)
        self.exchanges.append(Exchange(self.agent.asked, sources, tuple(drawn)))
        self.session = answered.session


def bench(  # noqa: PLR0913 (each can be left out)
    scenario: str,
    coach: Coach,
    words: Words,
    *,
    seeds: int = SEEDS,
    kinds: Sequence[Kind] = KINDS,
    progress: Progress = lambda _over, _of: None,
    at_once: int = AT_ONCE,
    line_of: Callable[[KeyPath], int | None] = lambda _path: None,
) -> Benched:
    """Play a scenario with every kind of agent in every voice, and report the figures.

    ``scenario``: an id or a path that the coach's casting knows; the casting also gives the
    customer, and with it the actor who finds its words.
    ``seeds``: sessions of each kind in each voice, at least 1. ``at_once``: replies that are scored
    in one call, between two of which ``progress`` is told and may end it all by an exception.
    ``line_of``: where in the file a part of it stands. Raises ``NotFound`` or ``ScenarioError`` as
    the casting does, ``UsageError`` for seeds or kinds that make no sense.
    """
    if seeds < 1:
        raise UsageError("The bench needs at least one seed.")
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise UsageError(
            f"There are no agents of the kind '{unknown[0]}'; there are: {', '.join(KINDS)}."
        )
    played = play(
        scenario, coach, words, seeds=seeds, kinds=kinds, progress=progress, at_once=at_once
    )
    return Benched(figures(played, line_of), played)


def play(
    scenario: str,
    coach: Coach,
    words: Words,
    *,
    seeds: int = SEEDS,
    kinds: Sequence[Kind] = KINDS,
    progress: Progress = lambda _over, _of: None,
    at_once: int = AT_ONCE,
) -> Played:
    """The sessions themselves; see :func:`bench`."""
    coach = coach.without_trace()
    model = coach.casting.scenario(scenario)
    voices = words.agents.voices if words.agents is not None else (own_voice(model),)
    wanted = [kind for kind in KINDS if kind in kinds]
    seats = [
        _seated(coach, scenario, Agent(model, kind, voice, words.said_to_anybody(number), seed))
        for kind in wanted
        for number, voice in enumerate(voices)
        for seed in range(seeds)
        if kind != "over_promiser" or voice.over
    ]
    known: dict[ReplyToScore, ReplyScore] = {}
    while waiting := [seat for seat in seats if seat.session.phase == "conversation"]:
        for start in range(0, len(waiting), at_once):
            _round(coach, model, waiting[start : start + at_once], known)
            progress(sum(seat.session.over for seat in seats), len(seats))
    runs = tuple(
        Run(
            seat.agent.kind,
            seat.agent.voice.id,
            seat.agent.seed,
            coach.rate(seat.session, None),
            tuple(seat.exchanges),
        )
        for seat in seats
    )
    return Played(
        scenario=model,
        scorer=coach.scorer.name,
        seeds=seeds,
        voices=tuple(voice.id for voice in voices),
        own_words=words.agents is None,
        runs=runs,
    )


def _seated(coach: Coach, reference: str, agent: Agent) -> _Seat:
    person = f"{agent.kind}/{agent.voice.id}"
    session = coach.start(reference, person=person, seed=agent.session_seed)
    return _Seat(agent, coach.begin(session))


def _round(
    coach: Coach, scenario: Scenario, seats: Iterable[_Seat], known: dict[ReplyToScore, ReplyScore]
) -> None:
    """One reply of each agent, scored together; what was scored before is not scored again."""
    items: dict[int, ReplyToScore] = {}
    seats = list(seats)
    for place, seat in enumerate(seats):
        text = seat.agent.reply(seat.session)
        items[place] = coach.to_score(seat.session, scenario, text)
        seat.session = machine.receive(seat.session, text)
    new = list(dict.fromkeys(item for item in items.values() if item not in known))
    known |= dict(zip(new, coach.scorer.score(new), strict=True))
    _answer(coach, seats, {place: known[item] for place, item in items.items()})


def _answer(coach: Coach, seats: Sequence[_Seat], scores: Mapping[int, ReplyScore]) -> None:
    for place, seat in enumerate(seats):
        told = replace(coach, scorer=AlreadyScored(coach.scorer.name, scores[place]))
        seat.goes_on(told.resume(seat.session))
