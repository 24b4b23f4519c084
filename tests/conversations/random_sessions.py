"""Sessions in which anything may be typed, with every customer.

    python -m tests.conversations.random_sessions [--sessions 1000]

Plays as many sessions as asked for, spread over all customers, and prints what must not be: a line
said twice, silence, a session without an end, talk of an agent or a machine, and a number or a name
that stands in no file and that the hire didn't write.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import LONGEST_REPLY
from coachbot.customer.actor import Spoken
from coachbot.customer.engine import Customer
from coachbot.customer.mentions import Vocabulary, names
from coachbot.scoring.interface import ReplyScore, ReplyToScore
from coachbot.scoring.interface import Turn as Message
from tests.conversations import pool
from tests.conversations.playing import encode_ahead

KINDS: tuple[tuple[str, ...], ...] = (
    pool.ANYTHING,
    (*pool.NONSENSE, *pool.LANGUAGES, *pool.TO_THE_MODEL, *pool.LONG),
    (*pool.CANNED, *pool.PROMISES, *pool.KIND),
    (*pool.KIND, *pool.QUESTIONS, *pool.PROMISES),
)
"""Who is at the keyboard; each of them also writes some of what belongs to the scenario."""

Scores = Mapping[str, ReplyScore]

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_AGENT_TALK = re.compile(
    r"\b(?:how (?:can|may) i (?:help|assist)|(?:happy|glad) to (?:help|assist)|as an ai|"
    r"language model|thank you for (?:contacting|reaching out)|we apologi[sz]e|"
    r"our (?:valued|customers?)|your order has)",
    re.IGNORECASE,
)


def score_all(practice: Practice, scenarios: Iterable[str]) -> Scores:
    """The score of everything that may be typed, as an answer to one upset customer.

    Scored anew in every conversation it would take minutes, and these sessions are about words.
    """
    texts = set(pool.ANYTHING)
    for scenario in scenarios:
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


def invented(customer: Customer, spoken: Sequence[Spoken], written: Sequence[str]) -> list[str]:
    """Numbers and names in what was said that neither the files nor the hire's replies have."""
    cast = customer.cast
    files = [m.model_dump_json() for m in (cast.scenario, cast.temperament, cast.general)]
    known = "\n".join([*files, *written])
    numbers = set(_DIGITS.findall(known))
    vocabulary = Vocabulary.of([known])
    known_words = set(re.findall(r"[^\W\d_]+", known.lower()))
    found = []
    for line in (bubble for one in spoken for chosen in one.chosen for bubble in chosen.bubbles):
        found += [n for n in _DIGITS.findall(line) if n not in numbers]
        said = {word for name in names(line, vocabulary) for word in re.findall(r"[^\W\d_]+", name)}
        found += sorted(said - known_words)
    return found


def faults(customer: Customer, seed: int, scores: Scores) -> Iterator[str]:
    """Everything that is wrong with one session, a word or two for each."""
    spoken = converse(customer, seed, scores)
    if repeated(spoken):
        yield "said twice"
    if not all(m.strip() for one in spoken for m in one.messages or ("",)):
        yield "silent"
    if spoken[-1].state.outcome is None or len(spoken) - 1 > customer.scenario.turn_limit:
        yield "without an end"
    if any(_AGENT_TALK.search(one.text) for one in spoken):
        yield "out of role"
    if invented(customer, spoken, replies(customer, seed)):
        yield "invented"


def main() -> int:
    """Play and print; the status is 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000)
    wanted = parser.parse_args().sessions
    practice = Practice()
    scenarios = [scenario.id for scenario in practice.scenarios()]
    scores = score_all(practice, scenarios)
    found: Counter[str] = Counter()
    for number in range(wanted):
        name = scenarios[number % len(scenarios)]
        for fault in faults(practice.customer(name), number // len(scenarios), scores):
            found[fault] += 1
            print(f"{name}, seed {number // len(scenarios)}: {fault}")
    told = ", ".join(f"{fault} {count}" for fault, count in sorted(found.items())) or "no fault"
    print(f"{wanted} sessions with {len(scenarios)} customers: {told}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
