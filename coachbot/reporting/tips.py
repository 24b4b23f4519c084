"""One tip for the weakest dimension: the hire's sentence beside the scenario's own example."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coachbot.customer.state import Frozen
from coachbot.reporting.quoting import as_said
from coachbot.scenario.models import SLOT, Moment, Scenario, band_of
from coachbot.scoring.interface import Dimension
from coachbot.session.models import Session, Turn

LONGEST_QUOTE = 200


class Tip(Frozen):
    """What to try at a turn. ``quote``: the hire's words there; ``example``: what would do it."""

    dimension: Dimension
    turn: int
    quote: str
    tip: str
    example: str


def tip_for(session: Session, scenario: Scenario, dimension: Dimension) -> Tip | None:
    """The tip for the turn that was weakest on ``dimension``; None if no turn was scored.

    The turn whose words helped most is not the one to try again, as long as there is another.
    """
    scored = [
        (value.score, turn)
        for turn in session.turns
        if turn.score.dimensions is not None
        for value in [turn.score.dimensions[dimension]]
        if value.score is not None
    ]
    if not scored:
        return None
    best = _helped_most(session, dimension)
    others = [pair for pair in scored if pair[1].number != best]
    _, turn = min(others or scored, key=lambda pair: (pair[0], pair[1].number))
    moment, example = _example(session, scenario, turn)
    fault = _fault(turn, dimension, scenario.persona.name)
    why = _of_the_example(getattr(moment.why, dimension))
    return Tip(
        dimension=dimension,
        turn=turn.number,
        quote=_quote(turn, dimension),
        tip=f"{fault} {why}".strip(),
        example=example,
    )


def _helped_most(session: Session, dimension: Dimension) -> int | None:
    """The number of the turn with the words that helped most; None where none did."""
    helped = [
        (e.effect, turn.number)
        for turn in session.turns
        for e in turn.score.evidence or ()
        if e.dimension == dimension and e.effect >= 1.0
    ]
    return max(helped, key=lambda pair: (pair[0], -pair[1]))[1] if helped else None


def _quote(turn: Turn, dimension: Dimension) -> str:
    costs = [
        e
        for e in turn.score.evidence or ()
        if e.dimension == dimension and e.source == "reply" and e.effect < 0
    ]
    text = turn.agent
    if costs:
        text = as_said(min(costs, key=lambda e: e.effect).text, turn.agent)
    text = " ".join(text.split())
    if len(text) <= LONGEST_QUOTE:
        return text
    return text[:LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _fault(turn: Turn, dimension: Dimension, name: str) -> str:
    """What the scorer held against the reply, in its words; empty if nothing stood out."""
    costs = [e for e in turn.score.evidence or () if e.dimension == dimension and e.effect <= -1.0]
    if not costs:
        return ""
    worst = min(costs, key=lambda e: e.effect)
    reason = worst.reason.rstrip(".")
    if worst.source == "history":
        return f"{name} {unanswered(reason)}."
    if reason.startswith("stock phrase"):
        return f"Your sentence has a {reason}."
    return f"Your sentence {reason}." if reason[:1].islower() else f"{reason}."


def unanswered(reason: str) -> str:
    """The scorer's note on what the customer had asked, as the end of a sentence about them."""
    question, found, _ = reason.rpartition(": not answered")
    return f"{question}, and got no answer" if found else reason


def _of_the_example(why: str) -> str:
    """A reason that says plainly which of the two sentences it is about."""
    for start, instead in (("It's ", "The example is "), ("It ", "The example ")):
        if why.startswith(start):
            return instead + why.removeprefix(start)
    return why


def _example(session: Session, scenario: Scenario, turn: Turn) -> tuple[Moment, str]:
    """The moment of the scenario that this turn was, and a good reply filled with its facts.

    An example may use only what this customer had said by then: its slots are facts that were
    told before the reply, and it names nobody of whom neither the brief nor anybody had spoken.
    """
    before = session.opening_state if turn.number == 1 else session.turns[turn.number - 2].state
    known = {
        fact.id: fact.value
        for fact in scenario.facts
        if fact.value is not None and fact.id in before.facts_told
    }
    ranked = sorted(scenario.moments, key=lambda m: -_closeness(m, session, scenario, turn))
    filled = [
        (moment, SLOT.sub(lambda found: known[found.group(1)], text))
        for moment in ranked
        for text in moment.good
        if set(SLOT.findall(text)) <= set(known)
    ]
    unheard = names_in(scenario) - _heard_of(session, scenario, turn)
    for moment, text in filled:
        near = _closeness(moment, session, scenario, turn) >= _NEAR_ENOUGH
        if near and not unheard & set(_capitalised(text)):
            return moment, text
    if filled:
        return filled[0]
    # Every example needs a fact that was never told: show it with the facts as they are.
    values = {fact.id: fact.value or fact.about for fact in scenario.facts}
    moment = ranked[0]
    return moment, SLOT.sub(lambda found: values[found.group(1)], moment.good[0])


_WORD = re.compile(r"[^\W\d_]+")
_BEGINS = re.compile(r"(?:^|[.?!:…\n\"“'‘(])\s*$")
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr"))
_NEAR_ENOUGH = 0.8
"""How well a moment must fit to be taken for its example alone; "upset" always does."""


def names_in(scenario: Scenario) -> frozenset[str]:
    """The names in a scenario's texts, in small letters: of people, places, days.

    A name is never written small, and somewhere it is written large inside a sentence.
    """
    small: set[str] = set()
    large: set[str] = set()
    for text in _texts(scenario.model_dump()):
        for found in _WORD.finditer(text):
            word = found.group()
            if word[0].islower():
                small.add(word)
            elif len(word) > 1 and not _BEGINS.search(text[: found.start()]):
                large.add(word.lower())
    return frozenset(large - small - _TITLES)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def _capitalised(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text) if word[0].isupper()]


def _heard_of(session: Session, scenario: Scenario, turn: Turn) -> set[str]:
    """All words that the hire had read by a turn, or wrote in it, in small letters."""
    brief = scenario.brief
    read = [
        scenario.title,
        scenario.persona.name,
        brief.role,
        *brief.screen,
        *brief.may_offer,
        *(one.what for one in brief.may_not_offer),
        *session.opening,
    ]
    for one in session.turns[: turn.number]:
        read += [*one.customer, one.agent]
    return {word.lower() for text in read for word in _WORD.findall(text)}


def _closeness(moment: Moment, session: Session, scenario: Scenario, turn: Turn) -> float:
    """How well a moment fits a turn: 0 not at all, 10 just this."""
    kind, _, name = moment.when.partition(" ")
    last = session.turns[turn.number - 2] if turn.number > 1 else None
    before = last.state if last else session.opening_state
    all_done = len(before.acts_done) == len(scenario.resolution.acts)
    if kind == "opening":
        return 10.0 if turn.number == 1 else 0.0
    if turn.number == 1:
        return 0.5
    if kind == "closing":
        return 9.0 if all_done else 0.1
    if kind == "need":
        # Just out and asking to be taken up: nearer than the goodbye, even when all is arranged.
        if name in before.needs_met:
            return 0.1
        fresh = last is not None and name in last.needs_revealed
        return 9.5 if fresh else 3.0 if name in before.needs_revealed else 0.2
    if kind == "fact":
        fresh = last is not None and name in last.facts
        return 7.0 if fresh else 1.0 if name in before.facts_told else 0.2
    if kind == "act":
        if name in before.acts_done:
            return 0.1
        pressed = before.pressed.get(name, 0)
        return 5.0 if pressed else 2.0
    return 6.0 if band_of(before.mood) == "low" else 0.8
