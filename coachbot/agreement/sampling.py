"""Which sessions to grade next, so that few grades tell much.

Half of the picks are drawn at random: only a random sample stands for all sessions, whereas picking
what is rare or unsure makes agreement look other than it is. Of the other half, every second one
goes to a session that one other person has graded, if there is one, for a second, blind grading;
the rest go to where most is to be learned: scenarios, parts of the scale and lengths that nobody or
hardly anybody has graded, and scores that the scorer is least sure of.

All that can be graded stand in one order, of which a part is shown at a time. Whoever asks for
others gets the next ones: no session comes twice, and none has another reason the next time.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from coachbot.agreement.groups import thirds
from coachbot.agreement.measures import ANCHOR

Kind = Literal["random", "second", "informative"]

_TURNS: tuple[Kind, ...] = ("random", "informative", "random", "second")
_SCALE = ("0", "25", "50", "75", "100")
_UNSURE = 0.75
_ENOUGH_EACH = 3
"""Grades in a scenario, part of the scale or length from which it isn't said to lack any."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finished session. ``scores``: score, low and high of each dimension that has one.

    ``length``: characters of its replies on average. ``graders``: how many people graded it.
    ``blind``: one of them without having seen the score.
    """

    session: str
    scenario: str
    scores: Mapping[str, tuple[float, float, float]]
    length: float
    graders: int = 0
    blind: bool = False

    @property
    def level(self) -> float:
        """The mean of its scores, 0 to 100."""
        return sum(score for score, _, _ in self.scores.values()) / len(self.scores)

    @property
    def reach(self) -> float:
        """The widest of its ranges, in points."""
        return max(high - low for _, low, high in self.scores.values())


@dataclass(frozen=True, slots=True)
class Pick:
    """A session to grade, always blind, and why, in a few words that tell nothing of its score."""

    session: str
    kind: Kind
    why: str


@dataclass(frozen=True, slots=True)
class _Traits:
    scenario: str
    level: str
    size: str


def pick(
    candidates: Sequence[Candidate],
    graded: Iterable[Candidate],
    *,
    most: int,
    seed: int,
    skip: int = 0,
) -> list[Pick]:
    """Choose up to ``most`` sessions; the same arguments give the same ones.

    ``candidates``: sessions that the grader may grade and has not graded; those without a score are
    passed over. ``graded``: those that somebody graded, from which follows what is missing.
    ``skip``: how many of the order were shown before.
    """
    left = sorted((c for c in candidates if c.scores), key=lambda c: c.session)
    before = [c for c in graded if c.scores]
    everyone = {c.session: c for c in (*before, *left)}
    sizes, _ = thirds([c.length for c in everyone.values()])
    traits = {
        name: _Traits(c.scenario, _SCALE[int(c.level / ANCHOR + 0.5)], size)
        for (name, c), size in zip(everyone.items(), sizes, strict=True)
    }
    reaches = sorted(c.reach for c in everyone.values())
    unsure = {c.session: bisect_left(reaches, c.reach) / len(reaches) for c in left}
    counts: Counter[tuple[str, str]] = Counter()
    keys = {name: _keys(one) for name, one in traits.items()}
    for one in before:
        counts.update(keys[one.session])
    # What a reason says is true of the grades there are, not of those that may follow.
    found = counts.copy()
    # By a hash: each is as likely to come first, and comes when it did though others are gone.
    lots = {
        c.session: hashlib.blake2b(f"{seed}:{c.session}".encode(), digest_size=8).digest()
        for c in left
    }
    # What of its worth stays the same: how unsure the scorer is, and whether nobody has graded it.
    fixed = {c.session: unsure[c.session] * 0.5 + (0.5 if c.graders == 0 else 0.0) for c in left}
    picks: list[Pick] = []
    while left and len(picks) < skip + most:
        kind = _TURNS[len(picks) % len(_TURNS)]
        once = [c for c in left if c.graders == 1]
        if kind == "second" and not once:
            kind = "informative"
        if kind == "random":
            chosen = min(left, key=lambda c: lots[c.session])
            why = "drawn at random, to stand for all sessions"
        else:
            pool = once if kind == "second" else left
            lacking = {key: 1.0 / (1 + counts[key]) for c in pool for key in keys[c.session]}
            worth = {c.session: _worth(keys[c.session], lacking, fixed[c.session]) for c in pool}
            # The lot decides between equals only.
            chosen = max(pool, key=lambda c: (worth[c.session], lots[c.session]))
            why = _why(traits[chosen.session], found, unsure[chosen.session])
            if kind == "second":
                why = f"for a second grading, blind to the first; {why}"
        picks.append(Pick(chosen.session, kind, why))
        counts.update(keys[chosen.session])
        left.remove(chosen)
    return picks[skip:]


def _keys(traits: _Traits) -> list[tuple[str, str]]:
    return [("scenario", traits.scenario), ("level", traits.level), ("size", traits.size)]


def _worth(
    keys: Sequence[tuple[str, str]], lacking: Mapping[tuple[str, str], float], fixed: float
) -> float:
    """What is to be learned, 0 to 4: the three kinds of lack, and what stays the same."""
    scenario, level, size = keys
    return round(lacking[scenario] + lacking[level] + lacking[size] + fixed, 6)


def _why(traits: _Traits, counts: Counter[tuple[str, str]], unsure: float) -> str:
    said = {
        "scenario": ("nobody has graded this scenario yet", "few grades in this scenario"),
        "level": (
            "nobody has graded its part of the scale yet",
            "few grades in its part of the scale",
        ),
        "size": (f"no grades yet on {_LONG[traits.size]}", f"few grades on {_LONG[traits.size]}"),
    }
    reasons = [
        (counts[key], said[key[0]][counts[key] > 0])
        for key in _keys(traits)
        if counts[key] < _ENOUGH_EACH
    ]
    reasons.sort(key=lambda reason: reason[0])
    words = [text for _, text in reasons[:2]]
    if unsure >= _UNSURE:
        words.append("the scorer is unsure of it")
    return ", ".join(words[:2]) or "adds to what is graded least"


_LONG = {
    "short": "short replies",
    "middle": "replies of middling length",
    "long": "long replies",
}
