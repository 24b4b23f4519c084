"""What the bench plays: sessions of scripted agents, with what no session keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coachbot.customer.lines import key
from coachbot.scenario.models import Outcome, Scenario
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.scoring.session_value import session_values
from coachbot.session.models import Session
from coachbot.session.result import MOST_OVER_PROMISES

OVER_PROMISE = 20.0
"""Points that a promise too many counts in the margin: as much as clearly missing a mark."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line that the customer said: the bank it came from, its messages, the mood (0 to 100)."""

    bank: str
    bubbles: tuple[str, ...]
    mood: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn: what the agent asked for, the sources of what came back, and the lines of it."""

    asked: tuple[str, ...]
    sources: tuple[str, ...]
    drawn: tuple[Drawn, ...]


@dataclass(frozen=True)
class Run:
    """One session of one agent; ``exchanges`` has an entry for each of the session's turns.

    ``wording``: the words that it was played in. Runs that share them are not independent.
    """

    kind: str
    voice: str
    seed: int
    session: Session
    exchanges: tuple[Exchange, ...]

    @property
    def wording(self) -> tuple[str, str, str]:
        """The scenario, the kind and the voice: what seeds are repeated over."""
        return self.session.scenario, self.kind, self.voice

    @property
    def turns(self) -> int:
        """Replies of the agent."""
        return len(self.session.turns)

    @property
    def outcome(self) -> Outcome | None:
        """How it ended."""
        return self.session.outcome

    @property
    def moods(self) -> tuple[float, ...]:
        """The mood at the start and after each reply, 0 to 100."""
        return (
            self.session.opening_state.mood,
            *(turn.mood_after for turn in self.session.turns),
        )

    def values(self) -> dict[Dimension, float]:
        """The session's value on each dimension that was called for, 0 to 100."""
        found = session_values([turn.score for turn in self.session.turns])
        return {d: score for d in DIMENSIONS if (score := found[d].score) is not None}

    def scores_margin(self, scenario: Scenario) -> float:
        """By how many points the weakest dimension is above its pass mark; 0 if none was scored."""
        marks = scenario.pass_marks
        return min((value - getattr(marks, d) for d, value in self.values().items()), default=0.0)

    def margin(self, scenario: Scenario) -> float:
        """How far the session is from not passing, in points; below 0 it does not pass.

        The least of what passing needs: each dimension's distance to its mark; if acts are
        missing, the share that is, times -100; if all are done and the customer is not won over,
        the mood's distance to what would have been warm; for each promise too many that can't be
        kept, ``OVER_PROMISE``.
        """
        state = self.session.state
        needed = [self.scores_margin(scenario)]
        acts = len(scenario.resolution.acts)
        if len(state.acts_done) < acts:
            needed.append(-100.0 * (1 - len(state.acts_done) / acts))
        elif self.outcome != "resolved":
            needed.append(min(state.mood - scenario.resolution.warm_mood, -0.1))
        if (over := len(state.over_promised) - MOST_OVER_PROMISES) > 0:
            needed.append(-OVER_PROMISE * over)
        return min(needed)

    def repeated(self) -> list[str]:
        """What the customer said twice in these words."""
        said: list[str] = []
        twice: list[str] = []
        for messages in (self.session.opening, *(turn.answer for turn in self.session.turns)):
            for message in messages:
                plain = key(message)
                if plain and plain in said:
                    twice.append(message)
                said.append(plain)
        return twice


@dataclass(frozen=True)
class Played:
    """Everything that was played of one scenario.

    ``voices``: the ids of the voices; ``own_words``: there was one voice only, made of the
    scenario's own examples.
    """

    scenario: Scenario
    scorer: str
    seeds: int
    voices: tuple[str, ...]
    own_words: bool
    runs: tuple[Run, ...]


def of_kinds(runs: Sequence[Run], kinds: Sequence[str]) -> list[Run]:
    """The runs of some kinds of agents."""
    return [run for run in runs if run.kind in kinds]
