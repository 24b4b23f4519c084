"""A turn beside the bare encoder: on the text of the reply, and on everything that a turn reads.

A turn is everything between the hire's Enter and the customer's answer: scoring the reply with its
evidence, reading what it did, deciding, and finding the words. The models are loaded, and nothing
is saved. Every text is new when its turn comes: each reply is sent once, in a conversation that
goes on, so that a turn finds in memory what it finds there in real use and no more.

Besides the reply the customer's side reads neighbouring sentences together, and the scorer reads
the reply in its conversation, whole and without each of its sentences (the evidence). The first
comparison counts all of this against the turn; the second says what is left beyond the encoder's
own work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from coachbot.bootstrap import Practice, data_root
from coachbot.coaching.practice import Coach, NoRepository
from coachbot.models import MiniLM
from coachbot.models.artefacts import load_calibration
from coachbot.models.language import EnglishOrNot
from coachbot.models.memory import RememberingEncoder
from coachbot.models.reader import NetworkReader
from coachbot.models.speed import BareEncoder, RememberingReader
from coachbot.scoring.protocol import Array
from coachbot.scoring.scorer import Scorer
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
    network = NetworkReader.load(data_root("models"))
    reader = RememberingReader(network)
    practice.scorer = Scorer(reader, load_calibration(data_root("models")), EnglishOrNot())
    sides = Sides(encoder, reader, BareEncoder(network))
    coach = practice.coach(NoRepository())
    good = {s.scenario: s for s in scripts("heldout") if s.quality == "good"}
    _play(coach, sides, good[WARM_UP])
    times = [round_ for name in SCENARIOS for round_ in _play(coach, sides, good[name])]
    turns, same, read = ([round_[i] for round_ in times] for i in range(3))
    return [
        Comparison("a turn", "the bare encoder on the same text", turns, same),
        Comparison("a turn", "the bare encoder on all that it reads", turns, read),
    ]


@dataclass(frozen=True)
class Sides:
    """Both sides of a turn that encode: the customer's and the scorer's, and the bare encoder."""

    customer: Listed
    scorer: RememberingReader
    bare: BareEncoder


def _play(coach: Coach, sides: Sides, script: Script) -> list[tuple[float, float, float]]:
    """Seconds of each turn, and of the bare encoder on its reply and on all that it read."""
    session = coach.begin(coach.start(script.scenario, person="bench", seed=0))
    times = []
    for reply in script.replies:
        if session.phase != "conversation":
            break
        sides.customer.texts.clear()
        sides.scorer.readings.clear()
        answered, turn = timed(partial(coach.reply, session, reply))
        encode = sides.customer.bare.encode
        _, same = timed(partial(encode, same_text(reply)))
        _, read = timed(partial(encode, list(sides.customer.texts)))
        for readings in sides.scorer.readings:
            _, more = timed(partial(sides.bare.encode, sides.bare.prepare(readings)))
            read += more
        times.append((turn, same, read))
        session = answered.session
    return times


def same_text(reply: str) -> list[str]:
    """The reply, its sentences and its clauses: what has to be encoded to read it at all."""
    return [reply, *(span.text for span in (*sentences(reply), *clauses(reply)))]
