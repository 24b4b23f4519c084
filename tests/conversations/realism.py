"""Customers as they are authored, beside customers as they were in a real chat.

    python -m tests.conversations.realism --data ../shared/data [--sessions 120] [--quick]

Plays the bench's agents against every customer and prints Markdown: how much and how they write
beside what the customers in ``maia/`` wrote, person by person, and how hard they are to win over,
what they tell unasked and how much two sessions differ. With ``--quick`` quick stand-ins take the
networks' place: it is over in a minute and shows how people type and how long their messages are,
but nobody should trust the moods.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import mean, pstdev
from typing import Literal, get_args

from coachbot.bootstrap import Practice
from coachbot.coaching import benching
from coachbot.customer.engine import Customer
from coachbot.errors import CoachbotError
from coachbot.reporting.bench_runs import Run
from coachbot.scenario.models import Scenario
from tests.conversations import talks
from tests.conversations.talks import Talk, spread, table
from tests.telegram.quick_bot import quick_practice

Kind = Literal["excellent", "good_but_slow", "middling", "cold", "canned", "dismissive"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""The agents at work; those that only test the bench, such as the stuffer, stay at home."""

SEEDS = 5
"""Customers who hear the same replies, to see what chance alone changes."""


@dataclass(frozen=True)
class Told:
    """What came out; ``meant``: the reply asked for it; ``question``: it asked for anything."""

    what: Literal["fact", "need"]
    meant: bool
    question: bool


@dataclass(frozen=True)
class Played:
    """What the figures need of one session.

    ``moods``: at the start and after each reply, 0 to 100. ``conceded``: the first reply after
    which the mood was high enough to part on good terms, None if it never was. ``slipped``: facts
    whose value stood in a message before they were asked for, of ``askable`` ones.
    """

    talk: Talk
    kind: str
    moods: tuple[float, ...]
    conceded: int | None
    told: tuple[Told, ...]
    slipped: tuple[str, ...]
    askable: int


@dataclass(frozen=True)
class Varied:
    """The same replies to one customer under several seeds: what was said, and the moods."""

    who: str
    said: tuple[tuple[talks.Turn, ...], ...]
    moods: tuple[tuple[float, ...], ...]


def played(scenario: Scenario, run: Run) -> Played:
    """A session of the bench, as far as the figures go."""
    session = run.session
    turns = (session.opening, *(turn.answer for turn in session.turns))
    told = [
        Told(what, target in exchange.asked, "?" in turn.agent)
        for turn, exchange in zip(session.turns, run.exchanges, strict=True)
        for source in exchange.sources
        for what in ("fact", "need")
        if source.startswith(f"{what}:")
        for target in (source.removeprefix(f"{what}:"),)
    ]
    warm = scenario.resolution.warm_mood
    return Played(
        talk=Talk(scenario.id, scenario.persona.temperament, tuple(t for t in turns if t)),
        kind=run.kind,
        moods=run.moods,
        conceded=next((n for n, mood in enumerate(run.moods) if n and mood >= warm), None),
        told=tuple(told),
        slipped=slipped(scenario, run),
        askable=sum(not fact.in_opening for fact in scenario.facts),
    )


def slipped(scenario: Scenario, run: Run) -> tuple[str, ...]:
    """Facts that a customer let slip before anybody had asked for them.

    Only values that can't stand in a message by chance: with a digit, or of two words and more.
    """
    found: list[str] = []
    for fact in scenario.facts:
        value = fact.value or ""
        if fact.in_opening or not (re.search(r"\d", value) or " " in value):
            continue
        pattern = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)", re.IGNORECASE)
        said: tuple[talks.Turn, ...] = (run.session.opening,)
        for turn, exchange in zip(run.session.turns, run.exchanges, strict=True):
            if f"fact:{fact.id}" in exchange.sources or pattern.search(turn.agent):
                break
            said = (*said, turn.answer)
        if any(pattern.search(message) for turn in said for message in turn):
            found.append(fact.id)
    return tuple(found)


def varied(customer: Customer, run: Run) -> Varied:
    """The session's replies again, to customers of other seeds."""
    said, moods = [], []
    for seed in range(SEEDS):
        spoken = customer.open(seed)
        answers, felt = [spoken.messages], []
        for turn in run.session.turns:
            if spoken.state.outcome is not None:
                break
            spoken = customer.reply(spoken.state, turn.agent, turn.score, seed=seed).spoken
            answers.append(spoken.messages)
            felt.append(spoken.state.mood)
        said.append(tuple(answers))
        moods.append(tuple(felt))
    return Varied(customer.scenario.id, tuple(said), tuple(moods))


def play(
    practice: Practice, scenarios: Sequence[Scenario], wanted: int
) -> tuple[list[Played], list[Varied]]:
    """At least as many sessions as wanted, spread evenly over customers, and seeds beside them."""
    rounds = max(1, -(-wanted // len(scenarios)))
    found: list[Played] = []
    other: list[Varied] = []
    for place, scenario in enumerate(scenarios):
        runs = _runs(practice, scenario, rounds, place)
        found += [played(scenario, run) for run in runs]
        longest = max(runs, key=lambda run: run.turns)
        other.append(varied(practice.customer(scenario.id), longest))
        print(f"{scenario.id}: {len(found)} sessions", file=sys.stderr, flush=True)
    return found, other


def _runs(practice: Practice, scenario: Scenario, rounds: int, place: int) -> list[Run]:
    """A scenario's sessions; kinds and voices take turns, so that few have many of both."""
    loaded = practice.library.scenario(scenario.id)
    general = practice.library.general_agents(loaded.file.parent)
    agents = practice.library.agents(loaded)
    assert agents is not None, f"{scenario.id} has no agents"
    kinds: dict[int, list[Kind]] = defaultdict(list)
    for number in range(rounds):
        voice = (place + number + number // len(KINDS)) % len(agents.voices)
        kinds[voice].append(KINDS[(place + number) % len(KINDS)])
    found: list[Run] = []
    for voice, own in sorted(kinds.items()):
        spoken = general.voices[voice % len(general.voices)]
        words = benching.Words(
            general.model_copy(update={"voices": (spoken,)}),
            agents.model_copy(update={"voices": (agents.voices[voice],)}),
        )
        most = max(own.count(kind) for kind in own)
        runs = benching.play(
            practice.reference(scenario.id), practice.bench_coach(), words, kinds=own, seeds=most
        ).runs
        counted = {str(kind): own.count(kind) for kind in own}
        found += [run for run in runs if run.seed < counted[run.kind]]
    return found


# --- Figures --------------------------------------------------------------------------------------


def conceding(sessions: Sequence[Played]) -> str:
    """How long agents of each kind have to work until the customer could part on good terms."""
    lines = [["agent", "sessions", "ever conceded", "after replies", "mood at the end"]]
    for kind in dict.fromkeys(session.kind for session in sessions):
        own = [session for session in sessions if session.kind == kind]
        after = [float(s.conceded) for s in own if s.conceded is not None]
        ended = spread([session.moods[-1] for session in own])
        share = f"{len(after) / len(own):.0%}"
        lines.append([kind, str(len(own)), share, spread(after) if after else "never", ended])
    return table([lines[0], ["---"] * 5, *lines[1:]])


def telling(sessions: Sequence[Played]) -> str:
    """How facts and needs came out."""
    lines = [["", "came out", "asked for", "on another question", "no question in the reply"]]
    for what in ("fact", "need"):
        own = [told for session in sessions for told in session.told if told.what == what]
        counts = (
            sum(told.meant for told in own),
            sum(not told.meant and told.question for told in own),
            sum(not told.meant and not told.question for told in own),
        )
        shares = [f"{count / len(own):.0%}" if own else "" for count in counts]
        lines.append([f"{what}s", str(len(own)), *shares])
    return table([lines[0], ["---"] * 5, *lines[1:]])


def differing(other: Sequence[Varied]) -> dict[str, float]:
    """What chance changes: shares of turns, 0 to 1, and mood points.

    ``lines``: different answers by turn of a scenario, of ``SEEDS``; ``same``: share of pairs of
    sessions that say word for word the same in a turn; ``mood``: standard deviation of the mood
    after a reply.
    """
    distinct, same, moods = [], [], []
    for one in other:
        for place in range(max(len(said) for said in one.said)):
            heard = [said[place] for said in one.said if place < len(said)]
            if len(heard) == SEEDS:
                distinct.append(len(set(heard)))
            same += [first == second for first, second in combinations(heard, 2)]
        for place in range(max(len(felt) for felt in one.moods)):
            felt = [moods_[place] for moods_ in one.moods if place < len(moods_)]
            moods.append(pstdev(felt))
    return {"lines": mean(distinct), "same": mean(same), "mood": mean(moods)}


def by_temperament(sessions: Sequence[Played]) -> str:
    """Moods and wordings of each temperament."""
    lines = [["temperament", "sessions", "mood, all turns", "conceded", "words in a turn"]]
    for group in sorted({session.talk.group for session in sessions}):
        own = [session for session in sessions if session.talk.group == group]
        moods = spread([mood for session in own for mood in session.moods])
        conceded = mean(session.conceded is not None for session in own)
        length = [float(talks.words(" ".join(t))) for s in own for t in s.talk.turns]
        lines.append([group, str(len(own)), moods, f"{conceded:.0%}", spread(length)])
    return table([lines[0], ["---"] * 5, *lines[1:]])


def report(data: Path, sessions: Sequence[Played], other: Sequence[Varied]) -> str:
    """Everything that is printed, in Markdown."""
    english, typed = talks.real(data, "en"), talks.real(data, "pt")
    authored = [session.talk for session in sessions]
    chance = differing(other)
    let_slip = sum(len(session.slipped) for session in sessions)
    askable = sum(session.askable for session in sessions)
    people = len({talk.who for talk in authored})
    held = (
        f"{len(english)} real conversations, {len(sessions)} played ones with {people} authored "
        "customers. Medians with quartiles; shares of turns unless it says otherwise."
    )
    slips = (
        f"Facts let slip before they were asked for: {let_slip}, where {askable} could have been."
    )
    by_chance = (
        f"The same replies, {SEEDS} seeds: {chance['lines']:.1f} different answers of {SEEDS} in a "
        f"turn; two sessions say the same in {chance['same']:.0%} of the turns; the mood differs "
        f"by {chance['mood']:.1f} points (standard deviation)."
    )
    variety = (
        f"Different words in {talks.WINDOW}: {talks.variety(english):.0f} in the real "
        f"conversations, {talks.variety(authored):.0f} in the authored ones, one of each person."
    )
    parts = (
        held,
        talks.comparison(english, typed, authored),
        talks.personas(authored),
        conceding(sessions),
        telling(sessions),
        slips,
        by_temperament(sessions),
        by_chance,
        variety,
    )
    return "\n\n".join(parts)


def main() -> int:
    """Play, compare, print; the status is 2 where the data isn't there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds maia/")
    parser.add_argument("--sessions", type=int, default=120)
    parser.add_argument("--quick", action="store_true", help="without the networks")
    given = parser.parse_args()
    try:
        talks.real(given.data, "en")
    except CoachbotError as error:
        print(error, file=sys.stderr)
        return 2
    practice = quick_practice() if given.quick else Practice()
    print(report(given.data, *play(practice, practice.scenarios(), given.sessions)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
