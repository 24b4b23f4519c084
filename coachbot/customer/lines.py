"""Which line the customer says: by move, mood, what it answers, and what has been said before."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from coachbot.customer.banks import Banks
from coachbot.customer.cast import Cast
from coachbot.customer.plan import Move
from coachbot.customer.reading import Reading
from coachbot.customer.state import CustomerState
from coachbot.scenario.models import SLOT, Band, Line, Scenario, band_of
from coachbot.scenario.temperament import (
    CAUSES,
    MOVES,
    QUESTION_FORMS,
    QuestionForm,
    Temperament,
)

TRIGGER_AT_LEAST = 0.45
"""Below this a line that names what it answers is not the answer (DESIGN.md's trial: right 11
of 13 times from .45 on, 14 of 18 from .40 on)."""

DRAWN_FROM = 3
"""The line is drawn among the best so many."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that could be said, and how well it fits; higher is better."""

    line: Line
    bank: str
    fit: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is said for one move: the messages, the line and its rivals."""

    move: Move
    bubbles: tuple[str, ...]
    bank: str
    rivals: tuple[Candidate, ...]


_OWN: dict[str, Callable[[Scenario, str], tuple[Line, ...]]] = {
    "act-thanks": lambda s, name: s.act(name).thanks,
    "act-press": lambda s, name: s.act(name).press,
    "fact": lambda s, name: s.fact(name).say,
    "fact-again": lambda s, name: s.fact(name).again,
    "need": lambda s, name: s.need(name).say,
    "need-thanks": lambda s, name: s.need(name).thanks,
    "button": lambda s, name: s.hot_button(name).reactions,
    "comeback": lambda s, name: s.comebacks[int(name)].say,
    "everyday": lambda s, name: s.everyday.get(name, ()),
    "ending": lambda s, name: getattr(s.endings, name, ()),
}
"""The scenario's own lines for a move, by the first part of its source."""

_THEN: dict[str, tuple[str, ...]] = {
    "fact": ("move:already_told",),
    "act-thanks": ("cause:progress",),
    "act-press": ("cause:no_progress", "move:ultimatum"),
    "fact-again": ("move:already_told",),
    "need-thanks": ("cause:cared_for", "cause:heard"),
    "button": ("cause:minimised",),
    "comeback": ("cause:refused",),
}
"""What anybody would say once the scenario's own lines are used up."""

_YES_OR_NO: tuple[QuestionForm, ...] = (
    "asked_if_right",
    "asked_if_known",
    "asked_whether_you",
    "asked_whether",
    "asked_to_do",
    "asked_about_self",
    "asked_if_possible",
    "asked_about_hire",
)


def banks_for(move: Move, cast: Cast) -> list[tuple[str, tuple[Line, ...]]]:
    """Where the words of a move come from, the scenario's own lines first."""
    kind, _, name = move.source.partition(":")
    own = _OWN[kind](cast.scenario, name) if kind in _OWN else ()
    then = [move.source] if kind in ("cause", "move", "everyday") else list(_THEN.get(kind, ()))
    if name in QUESTION_FORMS:
        then.append("move:unsure" if name in _YES_OR_NO else "move:unknown")
    found = [(move.source, own)] if own else []
    for source in then:
        for owner in (cast.temperament, cast.general):
            lines = _owned(source, owner)
            if lines:
                found.append((f"{owner.id} {source}", lines))
    return found


def _owned(source: str, owner: Temperament) -> tuple[Line, ...]:
    kind, _, name = source.partition(":")
    if kind == "everyday":
        return next((e.say for e in owner.everyday if e.id == name), ())
    if kind == "cause" and name in CAUSES:
        return owner.reactions.get(name, ())
    if kind == "move" and name in MOVES:
        return owner.moves.get(name, ())
    return ()


FALLBACKS: dict[str, tuple[str, ...]] = {
    "react": ("cause:no_progress",),
    "answer": ("move:already_told", "move:unknown"),
    "reveal": (),
    "push": ("move:remind", "cause:no_progress"),
    "wait": ("cause:checking",),
    "close": (),
}
"""Where a move looks when its own banks have run dry."""


def choose(
    move: Move,
    state: CustomerState,
    reading: Reading,
    cast: Cast,
    draw: random.Random,
    said_now: Sequence[str],
) -> Chosen | None:
    """The line for a move; None when every fitting line has been used.

    A move whose own banks are dry takes a neighbouring one; pressing goes on from line to line in
    the order the trainer wrote them.
    """
    band = band_of(state.mood)
    used = {*state.used, *said_now}
    known = {*state.facts_told, *state.needs_revealed, *state.acts_done}
    sources = banks_for(move, cast)
    for fallback in FALLBACKS[move.kind]:
        if fallback != move.source:
            extra = Move(kind=move.kind, source=fallback, about=move.about)
            sources += banks_for(extra, cast)
    in_order = move.source.startswith("act-press:")
    for strict in (True, False):
        for depth, (name, lines) in enumerate(sources):
            candidates = [
                Candidate(line, name, _fit(line, reading, cast.banks, state, said_now))
                for line in lines
                if fits(line, move, band if strict else None)
                and not used & keys(line)
                and not known & set(line.unless)
            ]
            candidates = [c for c in candidates if c.fit > -1]
            if not candidates:
                continue
            if in_order and depth == 0:
                best = candidates[:1]
            else:
                candidates.sort(key=lambda c: -c.fit)
                best = [c for c in candidates[:DRAWN_FROM] if c.fit > candidates[0].fit - 0.15]
            picked = draw.choice(best)
            rivals = tuple(c for c in candidates if c is not picked)[:3]
            return Chosen(move, filled(picked.line, move), name, rivals)
    return None


def keys(line: Line) -> set[str]:
    """What marks a line as used: each message, without slots, case and punctuation."""
    return {key(message) for message in line.say}


def key(message: str) -> str:
    """A message without case, punctuation and slots."""
    return re.sub(r"[^a-z0-9 ]", "", SLOT.sub("", message).lower()).strip()


def fits(line: Line, move: Move, band: Band | None) -> bool:
    """Whether the line suits the mood and all its slots can be filled. Band None: any mood."""
    if band is not None and band not in line.mood:
        return False
    if band is None and line.mood == ("high",):
        # Never delight in a bad mood, however few lines are left.
        return False
    return all(slot in move.about for slot in line.slots)


def filled(line: Line, move: Move) -> tuple[str, ...]:
    """The messages with their slots filled and a capital at the beginning."""
    out = []
    for message in line.say:
        text = SLOT.sub(lambda found: move.about[found.group(1)], message)
        out.append(text[:1].upper() + text[1:] if message.startswith("{") else text)
    return tuple(out)


def _fit(
    line: Line, reading: Reading, banks: Banks, state: CustomerState, said_now: Iterable[str]
) -> float:
    fit = 0.0
    if line.to:
        triggers = banks.triggers.get(line.text)
        similar = (
            float(np.max(triggers @ reading.vectors.T))
            if triggers is not None and len(reading.vectors)
            else 0.0
        )
        if similar < TRIGGER_AT_LEAST:
            return -2.0
        fit += 0.2 + similar / 2
    if len(line.mood) == 1:
        fit += 0.1
    if line.slots:
        fit += 0.1
    words = key(line.say[0]).split()
    opener = " ".join(words[:2])
    if opener in state.openers[-6:]:
        fit -= 0.25
    if words[:1] and any(words[0] == o.split()[0] for o in state.openers[-3:] if o):
        fit -= 0.12
    runs = {" ".join(words[i : i + 4]) for i in range(len(words) - 3)}
    past = " | ".join((*state.used, *said_now))
    if any(run in past for run in runs):
        fit -= 0.3
    return fit
