"""Two hundred sessions in which anything may be typed: no repetition, no silence, an end."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

import pytest

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import LONGEST_REPLY
from coachbot.customer.actor import Spoken
from coachbot.customer.engine import Customer
from coachbot.library import Library
from coachbot.scoring.interface import ReplyScore, ReplyToScore
from coachbot.scoring.interface import Turn as Message
from tests.conversations import pool
from tests.conversations.playing import encode_ahead
from tests.wordings.outside_wordings import SCENARIOS

SESSIONS = 25
"""For each of the eight scenarios."""

KINDS: tuple[tuple[str, ...], ...] = (
    pool.ANYTHING,
    (*pool.NONSENSE, *pool.LANGUAGES, *pool.TO_THE_MODEL, *pool.LONG),
    (*pool.CANNED, *pool.PROMISES, *pool.KIND),
    (*pool.KIND, *pool.QUESTIONS, *pool.PROMISES),
)
"""Who is at the keyboard; each of them also writes some of what belongs to the scenario."""

Scores = Mapping[str, ReplyScore]


@pytest.fixture(scope="module")
def scores(practice: Practice) -> Scores:
    """The score of everything in the pool, as an answer to one upset customer.

    Scored anew in every conversation it would take minutes, and these tests are about words.
    """
    texts = set(pool.ANYTHING)
    for scenario in SCENARIOS:
        texts |= {text for own in pool.own(practice.scenario(scenario)).values() for text in own}
    upset = Message(speaker="customer", text="This is the third time I write. What is going on?")
    ordered = sorted(texts)
    items = [
        ReplyToScore(history=(upset,), reply=text[:LONGEST_REPLY], language="en")
        for text in ordered
    ]
    encode_ahead(practice, ordered)
    found = practice.scorer.score(items, with_evidence=False)
    return dict(zip(ordered, found, strict=True))


def plain(message: str) -> str:
    """A message without case and punctuation."""
    return re.sub(r"[^\w ]", "", message).lower().strip()


def replies(customer: Customer, seed: int) -> list[str]:
    """As many replies as a session can take, drawn by the seed; every fifth hire means well."""
    draw = random.Random(f"{customer.scenario.id} {seed}")
    limit = customer.scenario.turn_limit
    own = pool.own(customer.scenario)
    number = seed % (len(KINDS) + 1)
    if number == len(KINDS):
        means_well = [*own["acts"], *draw.sample(own["asks"], 3), *draw.sample(pool.KIND, 2)]
        shuffled = draw.sample(means_well, len(means_well))
        return [*shuffled, *draw.choices(pool.QUESTIONS, k=limit)][:limit]
    kinds = [KINDS[number], own["asks"], own["misses"], own["acts"]]
    weights = [draw.choice((1, 4, 8)), draw.choice((1, 4, 8)), 1, draw.choice((0, 1, 4))]
    return [draw.choice(draw.choices(kinds, weights)[0]) for _ in range(limit)]


def converse(
    customer: Customer, seed: int, scores: Scores, *, kept_at: float | None = None
) -> list[Spoken]:
    """Everything the customer says in one session.

    ``kept_at``: a mood to which they come back before each reply, with all their patience, so that
    they stay much longer than anybody would.
    """
    spoken = [customer.open(seed)]
    for reply in replies(customer, seed):
        state = spoken[-1].state
        if state.outcome is not None:
            break
        if kept_at is not None:
            kept = {"mood": kept_at, "patience": customer.scenario.patience}
            state = state.model_copy(update=kept)
        spoken.append(customer.reply(state, reply, scores[reply], seed=seed).spoken)
    return spoken


def repeated(spoken: Sequence[Spoken]) -> list[str]:
    """What was said twice: whole messages, and the lines they were put together from."""
    messages = [plain(message) for one in spoken for message in one.messages]
    lines = [plain(line) for one in spoken for chosen in one.chosen for line in chosen.bubbles]
    return [
        one for said in (messages, lines) for place, one in enumerate(said) if one in said[:place]
    ]


@pytest.fixture(scope="module")
def conversations(practice: Practice, scores: Scores) -> Mapping[tuple[str, int], list[Spoken]]:
    """Two hundred sessions, by scenario and seed."""
    return {
        (scenario, seed): converse(practice.customer(scenario), seed, scores)
        for scenario in SCENARIOS
        for seed in range(SESSIONS)
    }


@pytest.mark.parametrize("seed", range(SESSIONS))
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nobody_repeats_themself(
    scenario: str,
    seed: int,
    library: Library,
    conversations: Mapping[tuple[str, int], list[Spoken]],
) -> None:
    """Whatever is typed, a customer says nothing twice, is never silent, and comes to an end."""
    spoken = conversations[scenario, seed]
    assert [] == repeated(spoken)
    assert all(one.messages for one in spoken)
    assert all(message.strip() for one in spoken for message in one.messages)
    assert spoken[-1].state.outcome is not None
    assert len(spoken) - 1 <= library.scenario(scenario).scenario.turn_limit


def test_the_mixtures_differ(conversations: Mapping[tuple[str, int], list[Spoken]]) -> None:
    """They lead to long and short sessions, and to more than one kind of ending."""
    lengths = [len(spoken) - 1 for spoken in conversations.values()]
    outcomes = {spoken[-1].state.outcome for spoken in conversations.values()}
    assert 1 == min(lengths)
    assert 8 <= max(lengths)
    assert {"left", "gave_up", "resolved_coldly"} <= outcomes


@pytest.mark.parametrize("mood", [15.0, 40.0, 75.0])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_words_last(scenario: str, mood: float, practice: Practice, scores: Scores) -> None:
    """A customer who is kept to the last turn, in one mood, still has something new to say."""
    customer = practice.customer(scenario)
    sessions = [
        converse(customer, seed, scores, kept_at=mood) for seed in range(SESSIONS, SESSIONS + 3)
    ]
    assert [] == [line for spoken in sessions for line in repeated(spoken)]
    assert all(one.messages for spoken in sessions for one in spoken)
