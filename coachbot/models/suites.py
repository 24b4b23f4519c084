"""Behaviour suites in the style of CheckList (Ribeiro et al., ACL 2020).

Three kinds: *direction* (this change must lower the score), *invariance* (this change must not
move it), *minimum functionality* (such a reply must score at least, or at most, so much).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coachbot.agreement.bootstrap import mean_estimate
from coachbot.models.examples import SuiteTest
from coachbot.models.held_out import points_of
from coachbot.models.measures import Measure
from coachbot.scoring.interface import ReplyScore, ReplyToScore
from coachbot.scoring.scorer import Scorer

# A score that moves by less than this has not moved (SCORING.md's bound for what means the same).
_STILL = 3.0


def suites(scorer: Scorer, tests: Sequence[SuiteTest], seed: int) -> list[Measure]:
    """Return, for each suite and kind, the share of tests that the scorer passes."""
    first = scorer.score([_item(t, t.reply) for t in tests], with_evidence=False)
    second = scorer.score([_item(t, t.other or t.reply) for t in tests], with_evidence=False)
    passed = [passes(t, a, b) for t, a, b in zip(tests, first, second, strict=True)]
    moved = [_moved(t, a, b) for t, a, b in zip(tests, first, second, strict=True)]
    measures = []
    for suite, kind in sorted({(t.suite, t.kind) for t in tests}):
        rows = [i for i, t in enumerate(tests) if (t.suite, t.kind) == (suite, kind)]
        still = kind == "invariance"
        values = np.array([moved[i] if still else float(passed[i]) for i in rows])
        measures.append(
            Measure(
                what=f"suite: {suite.replace('_', ' ')}",
                measure="points moved, mean absolute" if still else f"share passed ({kind})",
                estimate=mean_estimate(values, [str(i) for i in rows], seed),
                goal=_STILL if still else None,
                more_is_better=not still,
                digits=1 if still else 2,
                how=f"{len(rows)} own tests never trained on",
            )
        )
    return measures


def passes(test: SuiteTest, first: ReplyScore, second: ReplyScore) -> bool:
    """Say whether one test is passed. A dimension that is not scored fails it."""
    for dimension in test.dimensions:
        one, two = points_of(first, dimension), points_of(second, dimension)
        if np.isnan(one) or np.isnan(two):
            return False
        if test.kind == "direction" and not two < one:
            return False
        if test.kind == "invariance" and abs(two - one) > _STILL:
            return False
        if test.at_least is not None and one < test.at_least:
            return False
        if test.at_most is not None and one > test.at_most:
            return False
    return True


def _moved(test: SuiteTest, first: ReplyScore, second: ReplyScore) -> float:
    apart = [abs(points_of(first, d) - points_of(second, d)) for d in test.dimensions]
    return float(np.mean(apart))


def _item(test: SuiteTest, text: str) -> ReplyToScore:
    return ReplyToScore(history=test.history, reply=text, screen=test.screen)
