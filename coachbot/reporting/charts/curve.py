"""A smooth line through points that never goes higher or lower than the points themselves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]


def tangents(points: Sequence[Point]) -> list[float]:
    """The slope at each point, by M. Steffen (Astronomy and Astrophysics 239, 1990).

    ``points``: at least two, x growing. Between two points the line rises or falls all the way,
    so that its highs and lows are those of the data.
    """
    steps = [(x1 - x0, (y1 - y0) / (x1 - x0)) for (x0, y0), (x1, y1) in pairwise(points)]
    inner: list[float] = []
    for (h0, s0), (h1, s1) in pairwise(steps):
        if s0 * s1 <= 0:
            inner.append(0.0)
            continue
        mean = abs(s0 * h1 + s1 * h0) / (h0 + h1)
        inner.append(math.copysign(min(2 * abs(s0), 2 * abs(s1), mean), s0))
    if not inner:
        return [steps[0][1]] * 2
    return [(3 * steps[0][1] - inner[0]) / 2, *inner, (3 * steps[-1][1] - inner[-1]) / 2]


def path(points: Sequence[Point]) -> str:
    """The SVG path data through the points; empty for fewer than two."""
    if len(points) < 2:
        return ""
    slopes = tangents(points)
    parts = [f"M{_at(points[0])}"]
    for (x0, y0), (x1, y1), t0, t1 in zip(points, points[1:], slopes, slopes[1:], strict=False):
        third = (x1 - x0) / 3
        first, second = (x0 + third, y0 + third * t0), (x1 - third, y1 - third * t1)
        parts.append(f"C{_at(first)} {_at(second)} {_at((x1, y1))}")
    return "".join(parts)


def _at(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


def number(value: float) -> str:
    """A coordinate as it is written in the SVG: two decimals at most, the same everywhere."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
