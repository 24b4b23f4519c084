"""How far two numbers from 0 to 100 agree: the scorer's and a person's, or two people's.

Everything here is worked out from sums over rows, so that an interval takes milliseconds
(:func:`coachbot.agreement.bootstrap.sums_figure`). ``first`` and ``second`` are arrays of shape
(rows,); differences are first less second.

Quadratic weighted kappa (Cohen, Psychological Bulletin 70, 1968, 213-220) is worked out on the
five anchors of the scoring rules (0, 25, 50, 75, 100), each number rounded to the nearest one,
upwards from halfway: they are what the rules define, and people who agree about a reply differ by
points between them. With weights (i - j)^2 and the sums over n rows

    kappa = 1 - sum (a - b)^2 / (sum a^2 + sum b^2 - 2 sum a sum b / n)

The same on the numbers themselves is the concordance correlation coefficient (Lin, Biometrics 45,
1989, 255-268), which is to an intraclass correlation of absolute agreement as kappa is (Fleiss and
Cohen, Educational and Psychological Measurement 33, 1973, 613-619).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coachbot.agreement.bootstrap import COVERAGE, Array, Figure, sums_figure

ANCHOR = 25.0
"""Points from one anchor to the next."""

CLOSE = 10.0
"""Points within which two numbers count as the same."""

_NOTHING = 1e-9


def anchors(points: Array) -> Array:
    """The nearest anchors, as 0 to 4; halfway between two it is the upper one."""
    rounded: Array = np.floor(points / ANCHOR + 0.5)
    return rounded


def kappa(first: Array, second: Array, clusters: Sequence[str], *, seed: int) -> Figure:
    """Quadratic weighted kappa on the anchors: 1 agrees wholly, 0 as by chance, below 0 less."""
    return sums_figure(
        _products(anchors(first), anchors(second)), clusters, _concordance, seed=seed
    )


def concordance(first: Array, second: Array, clusters: Sequence[str], *, seed: int) -> Figure:
    """The concordance correlation of the numbers themselves, -1 to 1."""
    # About the middle, so that little is lost where two large sums are subtracted.
    return sums_figure(_products(first - 50.0, second - 50.0), clusters, _concordance, seed=seed)


def within(first: Array, second: Array, clusters: Sequence[str], *, seed: int) -> Figure:
    """The share of rows in which the two lie within 10 points of each other, 0 to 1."""
    # A hair more than 10, since a difference of 10 may come out as 10.000000000000007.
    close = np.abs(first - second) <= CLOSE + _NOTHING
    return mean(close.astype(np.float64), clusters, seed=seed)


def bias(
    first: Array,
    second: Array,
    clusters: Sequence[str],
    *,
    seed: int,
    coverage: float = COVERAGE,
) -> Figure:
    """The mean difference in points; above 0 the first ones are higher."""
    return mean(first - second, clusters, seed=seed, coverage=coverage)


def covered(
    grades: Array, low: Array, high: Array, clusters: Sequence[str], *, seed: int
) -> Figure:
    """The share of grades from ``low`` to ``high``, 0 to 1."""
    inside = (low - _NOTHING <= grades) & (grades <= high + _NOTHING)
    return mean(inside.astype(np.float64), clusters, seed=seed)


def mean(
    values: Array, clusters: Sequence[str], *, seed: int, coverage: float = COVERAGE
) -> Figure:
    """A mean with its interval."""
    columns = np.stack([np.ones(len(values)), values], axis=1)
    return sums_figure(columns, clusters, _ratio, seed=seed, coverage=coverage)


def alpha(grades: Array) -> float:
    """Krippendorff's alpha for numbers; NaN where it is not defined.

    ``grades``: shape (items, graders), NaN where a grader gave none. (Krippendorff, Content
    Analysis, 3rd edition, 2013, chapter 12, with the difference function of interval data.)
    """
    return float(_alpha_of(_disagreements(grades).sum(axis=0)))


def alpha_figure(grades: Array, clusters: Sequence[str], *, seed: int) -> Figure:
    """Krippendorff's alpha with its interval; ``clusters``: the session of each item.

    Items with fewer than two grades say nothing about agreement and are left out.
    """
    twice = np.sum(~np.isnan(grades), axis=1) > 1
    names = [name for name, kept in zip(clusters, twice, strict=True) if kept]
    return sums_figure(_disagreements(grades[twice]), names, _alpha_of, seed=seed)


def _products(first: Array, second: Array) -> Array:
    one = np.ones(len(first))
    products = [one, first, second, first * first, second * second, first * second]
    return np.stack(products, axis=1)


def _concordance(sums: Array) -> Array:
    n, a, b, aa, bb, ab = np.moveaxis(sums, -1, 0)
    return _one_less(aa + bb - 2.0 * ab, aa + bb - 2.0 * a * b / n, n)


def _ratio(sums: Array) -> Array:
    share: Array = sums[..., 1] / sums[..., 0]
    return share


def _disagreements(grades: Array) -> Array:
    """Of each item: grades, their sum, the sum of squares, and the disagreement within it."""
    given = ~np.isnan(grades)
    count = given.sum(axis=1).astype(np.float64)
    centred = np.where(given, grades - 50.0, 0.0)
    total, squares = centred.sum(axis=1), (centred**2).sum(axis=1)
    pairs = np.maximum(count - 1.0, 1.0)
    inside = 2.0 * (count * squares - total**2) / pairs
    columns = np.stack([count, total, squares, inside], axis=1)
    return np.where((count > 1)[:, None], columns, 0.0)


def _alpha_of(sums: Array) -> Array:
    n, total, squares, inside = np.moveaxis(sums, -1, 0)
    others = np.maximum(n - 1.0, 1.0)
    return _one_less(inside, 2.0 * (n * squares - total**2) / others, n)


def _one_less(observed: Array, expected: Array, n: Array) -> Array:
    """1 - observed / expected; NaN where nothing could have differed."""
    some = expected > _NOTHING * np.maximum(n, 1.0)
    found: Array = np.where(some, 1.0 - observed / np.where(some, expected, 1.0), np.nan)
    return found
