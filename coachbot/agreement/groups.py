"""Whether the scorer is kinder to some than to others: mean differences, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from coachbot.agreement.bootstrap import COVERAGE, Array, Figure
from coachbot.agreement.measures import bias

SMALLEST = 5
"""Sessions from which a group's interval means anything; below, only its mean is given."""

SIZES = ("short", "middle", "long")

Leaning = Literal["too high", "too low", "not clear", "too few"]
"""What a group's interval says of the scores there, held against people's grades."""


@dataclass(frozen=True, slots=True)
class GroupBias:
    """Scores less grades in a group, in points. ``leaning`` is clear only beyond chance."""

    group: str
    figure: Figure
    leaning: Leaning


def biases(
    scores: Array,
    grades: Array,
    groups: Sequence[str],
    clusters: Sequence[str],
    *,
    seed: int,
) -> list[GroupBias]:
    """The mean difference in each group, groups by name.

    The more groups one looks at, the likelier is one that differs by chance: with k groups that are
    large enough, each interval covers 1 - 0.05 / k (Bonferroni), so that of all of them together
    no more than 5 in 100 times one is called clear that is not.
    """
    names = sorted(set(groups))
    where = {name: np.flatnonzero(np.array(groups) == name) for name in names}
    large = sum(len({clusters[int(i)] for i in rows}) >= SMALLEST for rows in where.values())
    coverage = 1 - (1 - COVERAGE) / max(1, large)
    found = []
    for name, rows in where.items():
        own = [clusters[int(i)] for i in rows]
        figure = bias(scores[rows], grades[rows], own, seed=seed, coverage=coverage)
        found.append(GroupBias(name, figure, leaning(figure)))
    return found


def leaning(figure: Figure) -> Leaning:
    """What a mean difference and its interval say; nothing of fewer than ``SMALLEST`` sessions."""
    if figure.clusters < SMALLEST or figure.low is None or figure.high is None:
        return "too few"
    if figure.low > 0:
        return "too high"
    return "too low" if figure.high < 0 else "not clear"


def thirds(lengths: Sequence[float]) -> tuple[list[str], tuple[float, float]]:
    """Each length as short, middle or long, and the two lengths up to which it is the first two.

    Where many are equally long, a third may be empty.
    """
    if not lengths:
        return [], (0.0, 0.0)
    first, second = (float(q) for q in np.quantile(np.array(lengths, dtype=float), [1 / 3, 2 / 3]))
    sizes = [SIZES[int(x > first) + int(x > second)] for x in lengths]
    return sizes, (first, second)
