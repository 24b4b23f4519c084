"""A turn beside the bare encoder: on the text of the reply, and on everything that a turn reads.

A turn is everything between the hire's Enter and the customer's answer: scoring the reply with its
evidence, reading what it did, deciding, and finding the words. The models are loaded, and nothing
is saved. Every text is new when its turn comes: each reply is sent once, in a conversation that
goes on, so that a turn finds in memory what it finds there in real use and no more.

Besides the reply a turn reads the customer's newest message, neighbouring sentences together, and
the reply without each of its sentences (the evidence). The first comparison counts all of this
against the turn; the second says what is left beyond the encoder's own work.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from coachbot.bootstrap import Practice, data_root
from coachbot.coaching.practice import Coach, NoRepository
from coachbot.models import MiniLM, load_scorer
from coachbot.models.memory import RememberingEncoder
from coachbot.scoring.protocol import Array
from coachbot.scoring.text import clauses, sentences
from tests.bench.clock import Comparison, timed
from tests.conversations.playing import Script, scripts

WARM_UP = "manual-text"
SCENARIOS = ("late-parcel", "cancelling", "technician", "no-smartphone")


class Listed:
    """An encoder that notes which texts it was given."""

    def __init__(self, encoder: MiniLM) -> None:
        self.bare = encoder
        self.width = encoder.width
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Array:
        """As the encoder's own ``encode``."""
        self.texts += texts
        return self.bare.encode(texts)


def measure() -> list[Comparison]:
    """Play one conversation of good replies in each scenario; a round for each reply."""
    encoder = Listed(MiniLM.load())
    practice = Practice()
    practice.encoder = RememberingEncoder(encoder)
    practice.scorer = load_scorer(data_root("models"), practice.encoder)
    coach = practice.coach(NoRepository())
    good = {s.scenario: s for s in scripts("heldout") if s.quality == "good"}
    _play(coach, encoder, good[WARM_UP])
    times = [round_ for name in SCENARIOS for round_ in _play(coach, encoder, good[name])]
    turns, same, read = ([round_[i] for round_ in times] for i in range(3))
    return [
        Comparison("a turn", "the bare encoder on the same text", turns, same),
        Comparison("a turn", "the bare encoder on all that it reads", turns, read),
    ]


def _play(coach: Coach, encoder: Listed, script: Script) -> list[tuple[float, float, float]]:
    """Seconds of each turn, and of the bare encoder on its reply and on all that it read."""
    session = coach.begin(coach.start(script.scenario, person="bench", seed=0))
    times = []
    for reply in script.replies:
        if session.phase != "conversation":
            break
        encoder.texts.clear()
        answered, turn = timed(partial(coach.reply, session, reply))
        _, same = timed(partial(encoder.bare.encode, same_text(reply)))
        _, read = timed(partial(encoder.bare.encode, list(encoder.texts)))
        times.append((turn, same, read))
        session = answered.session
    return times


def same_text(reply: str) -> list[str]:
    """The reply, its sentences and its clauses: what has to be encoded to read it at all."""
    return [reply, *(span.text for span in (*sentences(reply), *clauses(reply)))]
