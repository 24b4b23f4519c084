"""Behaviour suites: when a test of each kind is passed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from coachbot.models.examples import SuiteTest
from coachbot.models.suites import passes, suites
from coachbot.scoring.interface import DIMENSIONS, DimensionScore, DimensionScores, ReplyScore
from coachbot.scoring.reading import Reading
from coachbot.scoring.scorer import Scorer
from tests.models.made import KITE
from tests.scoring.made import English, ToldReader, calibration, table


def made(kind: str, *dimensions: str, **more: Any) -> SuiteTest:
    """Return a test; two replies unless it is a minimum."""
    content = {
        "suite": "sarcasm",
        "kind": kind,
        "history": [{"speaker": "customer", "text": KITE}],
        "reply": "A lovely day today.",
        "dimensions": dimensions or ("empathy",),
    } | more
    if kind != "minimum":
        content.setdefault("other", "A rainy day today.")
    return SuiteTest.model_validate(content)


def scored(empathy: float | None, listening: float | None = 50.0) -> ReplyScore:
    """Return a score; None is not called for."""

    def one(points: float | None) -> DimensionScore:
        if points is None:
            return DimensionScore(status="unscored", reason="not_called_for")
        return DimensionScore(status="scored", score=points, low=0, high=100)

    dimensions = DimensionScores(
        empathy=one(empathy), active_listening=one(listening), individualized_treatment=one(50.0)
    )
    return ReplyScore(status="scored", dimensions=dimensions, scorer="s")


@pytest.mark.parametrize(
    ("test", "first", "second", "passed"),
    [
        (made("direction"), scored(60), scored(59), True),
        (made("direction"), scored(60), scored(60), False),
        (made("direction"), scored(60), scored(61), False),
        (made("direction"), scored(60), scored(None), False),
        (made("direction"), scored(None), scored(20), False),
        (made("direction", "empathy", "active_listening"), scored(60, 9), scored(5, 8), True),
        (made("direction", "empathy", "active_listening"), scored(60, 9), scored(5, 9), False),
        (made("invariance"), scored(60), scored(63), True),
        (made("invariance"), scored(60), scored(57), True),
        (made("invariance"), scored(60), scored(63.5), False),
        (made("invariance"), scored(60), scored(56.5), False),
        (made("minimum", at_least=70), scored(70), scored(70), True),
        (made("minimum", at_least=70), scored(69.9), scored(69.9), False),
        (made("minimum", at_most=40), scored(40), scored(40), True),
        (made("minimum", at_most=40), scored(40.1), scored(40.1), False),
        (made("minimum", at_least=30, at_most=40), scored(20), scored(20), False),
        (made("minimum", at_least=70), scored(None), scored(None), False),
        (made("minimum", "active_listening", at_least=70), scored(0, 80), scored(0, 80), True),
    ],
)
def test_when_a_test_is_passed(
    test: SuiteTest, first: ReplyScore, second: ReplyScore, passed: bool
) -> None:
    """Lower by however little; still within three points; at the bound or beyond it."""
    assert passed == passes(test, first, second)


def by_weather(reading: Reading) -> Mapping[str, Any]:
    """See three in four in the sun and one in four in the rain."""
    log = 1.0986 if "lovely" in reading.reply else -1.0986
    return {"graded": np.full(3, log)}


def test_a_suite_is_the_share_of_its_tests_that_are_passed() -> None:
    """By suite and kind; an invariance says how far the points moved."""
    weights = {f"graded_{d}": 40.0 for d in DIMENSIONS}
    tables = {d: table(30.0, {f"graded_{d}": weights[f"graded_{d}"]}) for d in DIMENSIONS}
    scorer = Scorer(ToldReader(by_weather), calibration(tables), English())
    tests = [
        made("direction"),
        made("direction", reply="A rainy day today.", other="A lovely day today."),
        made("invariance", other="A lovely day, today."),
        made("invariance"),
        made("minimum", at_least=55),
        made("minimum", suite="honest_no", at_least=65),
    ]
    found = {(m.what, m.measure): m for m in suites(scorer, tests, seed=0)}
    values = {key: m.estimate.value for key, m in found.items()}
    assert values == pytest.approx(
        {
            ("suite: honest no", "share passed (minimum)"): 0.0,
            ("suite: sarcasm", "share passed (direction)"): 0.5,
            ("suite: sarcasm", "points moved, mean absolute"): 10.0,
            ("suite: sarcasm", "share passed (minimum)"): 1.0,
        },
        abs=0.1,
    )
    assert not found["suite: sarcasm", "points moved, mean absolute"].reached
