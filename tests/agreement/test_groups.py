"""Differences by group: what is clear and what chance would do as well."""

from __future__ import annotations

import numpy as np
import pytest

from coachbot.agreement.groups import biases, thirds


def test_bias_of_each_group_by_hand() -> None:
    """In one scenario the scores are 10 too high, in the other as they should be."""
    scores = np.array([70.0, 60, 50, 40, 30, 50, 60, 70, 80, 90])
    grades = np.array([60.0, 50, 40, 31, 19, 51, 59, 70, 81, 89])
    found = biases(scores, grades, ["b"] * 5 + ["a"] * 5, [str(i) for i in range(10)], seed=0)
    assert [("a", "not clear"), ("b", "too high")] == [(g.group, g.leaning) for g in found]
    assert [0.0, 10.0] == pytest.approx([g.figure.value for g in found])


def test_few_sessions_are_never_clear() -> None:
    """Four sessions of a scenario, however large the difference."""
    found = biases(np.full(4, 90.0), np.zeros(4), ["a"] * 4, list("wxyz"), seed=0)
    assert ["too few"] == [g.leaning for g in found]


def test_more_groups_make_wider_intervals() -> None:
    """Whoever looks at ten groups finds one that differs by chance sooner than who looks at one."""
    draw = np.random.default_rng(0)
    difference = draw.normal(0, 10, size=30)
    names = [str(i) for i in range(30)]
    alone = biases(difference, np.zeros(30), ["a"] * 30, names, seed=0)[0].figure
    groups = ["a"] * 30 + [f"b{i // 30}" for i in range(270)]
    many = biases(
        np.concatenate([difference, draw.normal(0, 10, size=270)]),
        np.zeros(300),
        groups,
        [str(i) for i in range(300)],
        seed=0,
    )[0].figure
    assert alone.value == pytest.approx(many.value)
    assert alone.width is not None
    assert many.width is not None
    assert many.width > 1.2 * alone.width


def test_thirds_of_lengths() -> None:
    """Nine lengths, three each; equal ones go together."""
    sizes, cuts = thirds([10, 20, 30, 40, 50, 60, 70, 80, 90])
    assert ["short"] * 3 + ["middle"] * 3 + ["long"] * 3 == sizes
    assert 30 < cuts[0] < 40
    assert (["short"] * 3, (5.0, 5.0)) == thirds([5, 5, 5])
    assert ([], (0.0, 0.0)) == thirds([])
