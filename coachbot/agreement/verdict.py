"""How far a score may be trusted, and how many grades it takes to know.

The rule, for one dimension of one scorer:

1. Only grades given **blind** can earn trust. Whoever has seen a score leans towards it, so that
   confirming a score says less than arriving at it.
2. Below ``ENOUGH`` sessions there are **not enough grades**. Intervals over fewer clusters are too
   narrow (Cameron, Gelbach and Miller, Review of Economics and Statistics 90, 2008, 414-427, on 5
   to 30 clusters). Simulated with two grades a session and a kappa of .70 or .84, 95 % intervals
   held the true value 85 to 89 % of the time at 10 sessions, 93 to 94 % at 30, 94 to 95 % at 100.
3. From then on a score is **trusted** where the lower end of kappa's 95 % interval reaches the
   threshold, so that luck alone rarely earns it, and **for practice only** where it does not. The
   burden of proof is the scorer's.
4. As long as too few grades are blind, all of them together can take trust away and not give it:
   where people who saw the score still disagree with it, blind ones would not agree more.

The threshold is 0.6 unless it is set: from 0.61 on agreement is called substantial (Landis and
Koch, Biometrics 33, 1977, 159-174). Where a score decides about people, 0.7 is asked for
(Williamson, Xi and Breyer, Educational Measurement: Issues and Practice 31, 2012, 2-13).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy.special import ndtri

from coachbot.agreement.bootstrap import COVERAGE, Figure

Verdict = Literal["trusted", "practice_only", "not_enough"]

THRESHOLD = 0.6
"""Weighted kappa that is asked for, unless it is set."""

ENOUGH = 30
"""Sessions that must have been graded before anything is said."""

WIDTH = 0.2
"""Width of kappa's interval that counts as knowing it: about 0.1 to each side."""

_FEWEST = 10
"""Sessions from which an interval's width says how it will go on."""


def judge(blind: Figure, every: Figure, threshold: float = THRESHOLD) -> Verdict:
    """The verdict from kappa over the blind grades, and over all grades; see the module."""
    if _enough(blind) and blind.low is not None:
        return "trusted" if blind.low >= threshold else "practice_only"
    if _enough(every) and every.low is not None and every.low < threshold:
        return "practice_only"
    return "not_enough"


def why(blind: Figure, every: Figure, threshold: float = THRESHOLD) -> str:
    """The verdict's reason as a sentence or two."""
    if _enough(blind) and blind.value is not None and blind.low is not None:
        found = f"Over {blind.clusters} sessions graded blind, kappa is {_in_words(blind)}"
        if blind.low >= threshold:
            return f"{found}; its lower end reaches the {threshold:.2f} that is asked for."
        return f"{found}; its lower end is below the {threshold:.2f} that is asked for."
    missing = max(0, ENOUGH - blind.clusters)
    if _enough(every) and every.low is not None:
        seen = f"Over all {every.clusters} graded sessions, kappa is {_in_words(every)}"
        if every.low < threshold:
            return (
                f"{seen}, below the {threshold:.2f} that is asked for even though most graders had "
                "seen the score."
            )
        return (
            f"{seen}, but graders who see a score lean towards it. It takes {missing} more "
            "sessions graded blind."
        )
    if not missing:
        return (
            "The grades, or the scores, are all nearly alike, so that nothing can be said about "
            "how they go together. Grade sessions that went very differently."
        )
    return (
        f"{blind.clusters} of the {ENOUGH} sessions that it takes have been graded blind"
        f", and {every.clusters} in any way."
    )


def _enough(figure: Figure) -> bool:
    return figure.status == "ok" and figure.clusters >= ENOUGH


def _in_words(figure: Figure) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"


@dataclass(frozen=True, slots=True)
class Needed:
    """How many more it takes until kappa's interval is narrow enough.

    ``sessions``: at least; ``grades``: as many as these sessions bring if they bring as many each
    as those so far. ``how``: by what was found so far, or planned before there is enough of it.
    """

    sessions: int
    grades: int
    how: Literal["observed", "planned"]


def needed(figure: Figure, *, width: float = WIDTH, expected: float = THRESHOLD) -> Needed:
    """How many more grades kappa's interval needs to be no wider than ``width``.

    Observed, from 10 sessions on: the standard error falls with the root of the number of
    independent sessions, so that m sessions with an interval W wide become narrow enough at
    m (W / width)^2. What grades of one session have in common is in W already.

    Planned, before: Bonett's number for two graders (Statistics in Medicine 21, 2002, 1331-1335),

        n = 4 z^2 (1 - k^2)^2 / width^2 + 1

    for an intraclass correlation, which kappa with quadratic weights is; k is what was found, or
    ``expected`` where nothing was. One grade a session is counted.
    """
    if not 0 < width < 2:
        raise ValueError("the width of an interval for kappa lies between 0 and 2")
    wide, so_far = figure.width, figure.clusters
    if figure.status == "ok" and wide and so_far >= _FEWEST:
        sessions = max(0, math.ceil(so_far * (wide / width) ** 2 - 1e-9) - so_far)
        return Needed(sessions, math.ceil(sessions * figure.rows / so_far), "observed")
    quantile = float(ndtri((1 + COVERAGE) / 2))
    guess = expected if figure.value is None or so_far < _FEWEST else min(figure.value, 0.95)
    planned = math.ceil(4 * quantile**2 * (1 - guess**2) ** 2 / width**2 + 1)
    sessions = max(0, planned - so_far)
    return Needed(sessions, sessions, "planned")
