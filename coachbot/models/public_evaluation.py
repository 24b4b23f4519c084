"""Measuring the signals on the public sets: on rows never seen, or by cross-validation.

Rows that trained the released scorer are measured with the answers that were kept when it was
trained: each row's by the network that had not seen it. Other rows are read by the released
network itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from coachbot.agreement.bootstrap import clustered_bootstrap, over
from coachbot.models.calibrating import fit_decision, templated_middle
from coachbot.models.datasets import UptakeExchange
from coachbot.models.lessons import Preparer, Targets
from coachbot.models.measures import Measure
from coachbot.models.reads import load_learned, load_reads
from coachbot.models.statistics import auc, expected_calibration_error, macro_f1, spearman
from coachbot.models.training import PublicSets, row_numbers_of
from coachbot.scoring.calibration import Calibration, decide
from coachbot.scoring.interface import LEVELS
from coachbot.scoring.reading import Read, Reader
from coachbot.scoring.words import content_words

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Report = Callable[[str], None]

_FOLDS = 5
# Fewer unseen rows than this say nothing; the kept answers are measured then.
_FEWEST_UNSEEN = 30
_PUBLISHED = {
    "emotional_reaction": ".77 (RoBERTa, two encoders)",
    "interpretation": ".65 (RoBERTa, two encoders)",
    "exploration": ".73 (RoBERTa, two encoders)",
}
_GOALS = {"emotional_reaction": 0.78, "interpretation": 0.66, "exploration": 0.77}


@dataclass(frozen=True)
class _Answered:
    """The rows of a set that are measured, their answers, and how they came about."""

    rows: Rows
    reads: list[Read]
    targets: list[Targets]
    groups: list[str]
    how: str
    fresh: bool


def evaluate_public(
    data: Path, reader: Reader, calibration: Calibration, file: Path, seed: int, report: Report
) -> list[Measure]:
    """Measure every signal that a public set labels; ``file`` has the answers that were kept."""
    kept, learned = load_reads(file), load_learned(file)
    sets = PublicSets.read(data)
    taken = sets.units(Preparer(calibration.rarity))
    numbers = row_numbers_of(sets)
    measures = []
    found: dict[str, _Answered] = {}
    for name, units in taken.items():
        unseen = np.flatnonzero(~np.isin(numbers[name], learned))
        fresh = len(unseen) >= _FEWEST_UNSEEN
        if fresh:
            rows = unseen
            reads = reader.read([units[i].readings[0] for i in rows])
            how = f"{len(rows)} rows the released scorer never saw"
        else:
            rows = np.flatnonzero([int(n) in kept[name] for n in numbers[name]])
            reads = [kept[name][int(numbers[name][i])][0] for i in rows]
            how = f"{len(rows)} rows by a network that had not seen them, groups apart"
        groups = [units[i].group for i in rows]
        targets = [units[i].targets[0] for i in rows]
        found[name] = _Answered(rows, reads, targets, groups, how, fresh)
        report(f"{name}: {how}")
    measures += _levels(sets, found["epitome"], calibration, seed)
    measures += _behaviours(sets, found["annomi"], calibration, seed)
    measures.append(_uptake(sets, found["uptake"], seed))
    measures += _templated(sets, found["maia"], calibration, seed)
    return measures


def _levels(
    sets: PublicSets, answered: _Answered, calibration: Calibration, seed: int
) -> list[Measure]:
    measures, calibrated = [], []
    texts = [sets.pairs[i].response for i in answered.rows]
    for number, level in enumerate(LEVELS):
        labels = np.array([sets.pairs[i].levels[level] for i in answered.rows])
        scores = np.array([r.levels[number] for r in answered.reads])
        p = calibration.probabilities(level, scores)
        baseline = _tfidf_classes(texts, labels, answered.groups, seed)
        measures.append(
            Measure(
                what=level.replace("_", " "),
                measure="macro-F1",
                estimate=clustered_bootstrap(
                    over(macro_f1, labels, _decided(p, labels, answered, level, calibration)),
                    answered.groups,
                    seed=seed,
                ),
                baseline=macro_f1(labels, baseline),
                baseline_name="TF-IDF",
                published=_PUBLISHED[level],
                goal=_GOALS[level],
                how=f"EPITOME, {answered.how}",
            )
        )
        calibrated.append(
            Measure(
                what=f"calibration, {level.replace('_', ' ')}",
                measure="expected calibration error",
                estimate=clustered_bootstrap(
                    over(expected_calibration_error, p, labels), answered.groups, seed=seed
                ),
                goal=0.05,
                more_is_better=False,
                digits=3,
                how=f"EPITOME, {answered.how}; 10 equal-mass bins",
            )
        )
    return measures + calibrated


def _behaviours(
    sets: PublicSets, answered: _Answered, calibration: Calibration, seed: int
) -> list[Measure]:
    texts = [sets.utterances[i].text for i in answered.rows]
    targets = answered.targets
    measures = []
    for what, field, published, goal in (
        ("four behaviours", "behaviour", ".72 text only; human pairs .80", 0.78),
        (
            "no, closed or open question",
            "question",
            "human pairs .52 (kappa, open or closed)",
            None,
        ),
    ):
        labels = np.array([getattr(t, field) for t in targets])
        scores = np.array([getattr(r, field) for r in answered.reads])
        p = calibration.probabilities(field, scores)
        guess = _decided(p, labels, answered, field, calibration)
        baseline = _tfidf_classes(texts, labels, answered.groups, seed)
        measures.append(
            Measure(
                what=what,
                measure="macro-F1",
                estimate=clustered_bootstrap(
                    over(macro_f1, labels, guess), answered.groups, seed=seed
                ),
                baseline=macro_f1(labels, baseline),
                baseline_name="TF-IDF",
                published=published,
                goal=goal,
                how=f"AnnoMI, {answered.how}",
            )
        )
    return measures


def _decided(
    p: Array, labels: Rows, answered: _Answered, head: str, calibration: Calibration
) -> Rows:
    """Return the labels that are chosen.

    On rows that the released scorer was calibrated on, the choice is fitted anew on the other
    groups, so that no row has a say in how it is judged.
    """
    weights = calibration.decisions.get(head)
    if answered.fresh or weights is None:
        return np.array([decide(row, weights) for row in p])
    found = np.zeros(len(p), dtype=np.int64)
    splitter = GroupKFold(_FOLDS, shuffle=True, random_state=0)
    for train, test in splitter.split(p, groups=np.array(answered.groups)):
        fitted = fit_decision(p[train], labels[train])
        found[test] = [decide(row, fitted) for row in p[test]]
    return found


def _uptake(sets: PublicSets, answered: _Answered, seed: int) -> Measure:
    own = np.array([sets.exchanges[i].zscore for i in answered.rows])
    guess = np.array([r.uptake for r in answered.reads])
    overlap = np.array([_overlap(sets.exchanges[i]) for i in answered.rows])
    return Measure(
        what="uptake",
        measure="Spearman",
        estimate=clustered_bootstrap(over(spearman, own, guess), answered.groups, seed=seed),
        baseline=spearman(own, overlap),
        baseline_name="word overlap",
        published=".54; human .47",
        goal=0.57,
        how=f"Uptake, {answered.how}",
    )


def _overlap(exchange: UptakeExchange) -> float:
    student = set(content_words(exchange.student))
    return len(student & set(content_words(exchange.teacher))) / max(1, len(student))


def _templated(
    sets: PublicSets, answered: _Answered, calibration: Calibration, seed: int
) -> list[Measure]:
    turns = [sets.turns[i] for i in answered.rows]
    labels = np.array([x for t in turns for x in t.templated], dtype=np.int64)
    scores = np.concatenate([r.templated for r in answered.reads])
    groups = [t.dialogue for t in turns for _ in t.sentences]
    clients = np.array([t.client for t in turns for _ in t.sentences])
    sentences = np.array([s for t in turns for s in t.sentences], dtype=object)
    baseline = np.full(len(labels), np.nan)
    for client in np.unique(clients):
        test = clients == client
        if not test.all():
            simple = _tfidf_two(list(sentences[~test]), labels[~test])
            baseline[test] = simple(list(sentences[test]))
    middle = np.full(len(labels), calibration.thresholds["templated_middle"])
    if not answered.fresh:
        for client in np.unique(clients):
            test = clients == client
            if not test.all():
                middle[test] = templated_middle(scores[~test], labels[~test])
    above = scores - middle
    apart = not np.isnan(baseline).any()
    how = answered.how if answered.fresh else "learned on one client, tested on the other"
    return [
        Measure(
            what="templated",
            measure=name,
            estimate=clustered_bootstrap(over(measure, labels, found), groups, seed=seed),
            baseline=measure(labels, baseline) if apart else None,
            baseline_name="TF-IDF" if apart else "",
            published="none found",
            goal=goal,
            how=f"MAIA, {how}",
        )
        for name, measure, found, goal in (
            ("AUC", auc, scores, 0.88),
            ("macro-F1", _f1_above_zero, above, 0.80),
        )
    ]


def _f1_above_zero(labels: Rows, scores: Array) -> float:
    return macro_f1(labels, (scores > 0).astype(np.int64))


def _tfidf_classes(texts: Sequence[str], labels: Rows, groups: Sequence[str], seed: int) -> Rows:
    """Return the classes that a TF-IDF baseline gives, cross-validated over groups."""
    predicted = np.zeros(len(labels), dtype=np.int64)
    splitter = GroupKFold(_FOLDS, shuffle=True, random_state=seed)
    for train, test in splitter.split(texts, groups=np.array(groups)):
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        model = LogisticRegression(C=10.0, max_iter=500, class_weight="balanced", tol=1e-3)
        model.fit(words.fit_transform([texts[i] for i in train]), labels[train])
        predicted[test] = model.predict(words.transform([texts[i] for i in test]))
    return predicted


def _tfidf_two(texts: Sequence[str], labels: Rows) -> Callable[[Sequence[str]], Array]:
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = LogisticRegression(C=3.0, max_iter=500, class_weight="balanced")
    model.fit(words.fit_transform(texts), labels)

    def score(some: Sequence[str]) -> Array:
        result: Array = model.decision_function(words.transform(some))
        return result

    return score
