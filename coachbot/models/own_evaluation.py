"""Measuring the dimensions and findings on the project's own held-out situations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge

from coachbot.agreement.bootstrap import Estimate, clustered_bootstrap, mean_estimate, over
from coachbot.models.agreement import agreement
from coachbot.models.examples import (
    MarkedWords,
    Situation,
    read_held_out,
    read_injections,
    read_same_meaning,
    read_situations,
    read_suites,
)
from coachbot.models.held_out import OWN, Graded, item_of, points_of
from coachbot.models.lessons import meets
from coachbot.models.measures import Measure
from coachbot.models.statistics import auc, partial_spearman, spearman
from coachbot.models.steadiness import instructions, same_meaning, steadiness, swaps
from coachbot.models.suites import suites
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.scoring.scorer import Scorer
from coachbot.scoring.text import Span

Array = NDArray[np.float64]
Report = Callable[[str], None]


def evaluate_own(scorer: Scorer, examples: Path, seed: int, report: Report) -> list[Measure]:
    """Measure on the held-out situations; the others train the baseline alone."""
    held = read_held_out(examples)
    learned = read_situations(examples)
    items = [item_of(s, r.text) for s in held for r in s.replies]
    scores = scorer.score(items, with_evidence=False)
    graded = [
        Graded(s, r, score)
        for (s, r), score in zip(((s, r) for s in held for r in s.replies), scores, strict=True)
    ]
    report("held-out replies: scored")
    measures = agreement(examples, seed)
    measures += _better_of_two(scorer, learned, held, seed)
    report("held-out pairs: scored")
    measures += _grades(graded, seed)
    measures += _findings(graded, seed)
    measures += steadiness(scorer, graded, seed)
    report("variants: scored")
    measures += swaps(scorer, graded, held, seed)
    measures += instructions(scorer, graded, held, read_injections(examples), seed)
    measures += same_meaning(scorer, read_same_meaning(examples), seed)
    report("swapped conversations and instructions: scored")
    measures += suites(scorer, read_suites(examples), seed)
    report("suites: scored")
    return measures


def _better_of_two(
    scorer: Scorer, learned: Sequence[Situation], held: Sequence[Situation], seed: int
) -> list[Measure]:
    pairs = [(s, p) for s in held for p in s.pairs if s.called_for[p.dimension]]
    better = scorer.score([item_of(s, p.better) for s, p in pairs], with_evidence=False)
    worse = scorer.score([item_of(s, p.worse) for s, p in pairs], with_evidence=False)
    measures = []
    for dimension in DIMENSIONS:
        rows = [i for i, (_, p) in enumerate(pairs) if p.dimension == dimension]
        a = np.array([points_of(better[i], dimension) for i in rows])
        b = np.array([points_of(worse[i], dimension) for i in rows])
        # A pair whose dimension was held not to be called for is not counted as right.
        right = np.where(a > b, 1.0, np.where(a == b, 0.5, 0.0))
        simple = _tfidf_grades(learned, dimension)
        first = simple([pairs[i][1].better for i in rows])
        second = simple([pairs[i][1].worse for i in rows])
        measures.append(
            Measure(
                what=f"better of two, {dimension.replace('_', ' ')}",
                measure="share right",
                estimate=mean_estimate(right, [pairs[i][0].situation for i in rows], seed),
                baseline=float((first > second).mean()),
                baseline_name="TF-IDF on the same grades",
                published="none found",
                goal=0.95,
                how=f"{OWN}, {len(rows)} pairs",
            )
        )
    return measures


def _tfidf_grades(
    situations: Sequence[Situation], dimension: Dimension
) -> Callable[[Sequence[str]], Array]:
    known = [(r.text, r.grades[dimension]) for s in situations for r in s.replies]
    for pair in (p for s in situations for p in s.pairs if p.dimension == dimension):
        known += [(pair.better, pair.better_grade), (pair.worse, pair.worse_grade)]
    known = [(text, grade) for text, grade in known if grade is not None]
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = Ridge(alpha=1.0)
    model.fit(words.fit_transform([text for text, _ in known]), [grade for _, grade in known])

    def score(texts: Sequence[str]) -> Array:
        result: Array = model.predict(words.transform(texts))
        return result

    return score


def _grades(graded: Sequence[Graded], seed: int) -> list[Measure]:
    measures = []
    for dimension in DIMENSIONS:
        name = dimension.replace("_", " ")
        rows = [
            g
            for g in graded
            if g.reply.grades[dimension] is not None and not np.isnan(points_of(g.score, dimension))
        ]
        grade = np.array([g.reply.grades[dimension] for g in rows], dtype=float)
        score = np.array([points_of(g.score, dimension) for g in rows])
        groups = [g.situation.situation for g in rows]
        length = np.array([len(g.reply.text) for g in rows], dtype=float)
        inside = []
        for g, one in zip(rows, grade, strict=True):
            found = g.score.dimensions[dimension] if g.score.dimensions else None
            inside.append(
                float(found is not None and found.low is not None and found.high is not None
                      and found.low <= one <= found.high)
            )  # fmt: skip
        measures += [
            Measure(
                what=f"grade, {name}",
                measure="Spearman with the grade",
                estimate=clustered_bootstrap(over(spearman, grade, score), groups, seed=seed),
                baseline=spearman(grade, length),
                baseline_name="length",
                how=OWN,
            ),
            Measure(
                what=f"grade, {name}",
                measure="mean absolute difference, points",
                estimate=mean_estimate(np.abs(grade - score), groups, seed),
                baseline=float(np.abs(grade - grade.mean()).mean()),
                baseline_name="always the mean",
                more_is_better=False,
                digits=1,
                how=OWN,
            ),
            Measure(
                what=f"interval, {name}",
                measure="share of grades inside (80 % wanted)",
                estimate=mean_estimate(np.array(inside), groups, seed),
                how=OWN,
            ),
            Measure(
                what=f"length, {name}",
                measure="|Spearman| with length at equal grade",
                estimate=_absolute(
                    clustered_bootstrap(
                        over(partial_spearman, score, length, grade), groups, seed=seed
                    )
                ),
                goal=0.1,
                more_is_better=False,
                how=OWN,
            ),
        ]
    called = np.array(
        [
            float(g.situation.called_for[d] == (not np.isnan(points_of(g.score, d))))
            for g in graded
            for d in DIMENSIONS
        ]
    )
    groups = [g.situation.situation for g in graded for _ in DIMENSIONS]
    measures.append(
        Measure(
            what="called for or not",
            measure="share right",
            estimate=mean_estimate(called, groups, seed),
            baseline=float(np.mean([v for g in graded for v in g.situation.called_for.values()])),
            baseline_name="always called for",
            how=OWN,
        )
    )
    return measures


def _findings(graded: Sequence[Graded], seed: int) -> list[Measure]:
    rows = [g for g in graded if g.score.signals is not None]
    groups = [g.situation.situation for g in rows]
    harm = np.array([int(g.reply.dismissal is not None) for g in rows], dtype=np.int64)
    p = np.array([g.score.signals.dismissal.p for g in rows if g.score.signals is not None])
    measures = [
        Measure(
            what="dismissal",
            measure="AUC",
            estimate=clustered_bootstrap(over(auc, harm, p), groups, seed=seed),
            how=OWN,
        )
    ]
    for kind in ("asks_again", "unanswered", "contradicts"):
        counts = np.array([_hits(g, kind) for g in rows], dtype=float)
        measures.append(
            Measure(
                what=kind.replace("_", " "),
                measure="F1 of the findings",
                estimate=clustered_bootstrap(over(_f1, counts), groups, seed=seed),
                how=OWN,
            )
        )
    return measures


def _hits(graded: Graded, kind: str) -> tuple[int, int, int]:
    """Return (right, found, marked); a finding is right when it overlaps marked words."""
    marks: Sequence[MarkedWords] = getattr(graded.reply, kind)
    found = getattr(graded.score.signals, kind)
    right = sum(
        any(meets(f.turn, Span(f.start, f.end, f.text), m, graded.situation) for m in marks)
        for f in found
    )
    return right, len(found), len(marks)


def _f1(counts: Array) -> float:
    """Return F1 from rows of (right, found, marked)."""
    right, found, marked = counts.sum(axis=0)
    return 2 * right / (found + marked) if found + marked else float("nan")


def _absolute(estimate: Estimate) -> Estimate:
    """Return the estimate of the absolute value."""
    ends = sorted((abs(estimate.low), abs(estimate.high)))
    low = 0.0 if estimate.low <= 0 <= estimate.high else ends[0]
    return Estimate(abs(estimate.value), low, ends[1], estimate.rows, estimate.clusters)
