"""Measuring the signals on the public sets: cross-validated, or on rows never seen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from coachbot.models.datasets import (
    AnnoMIUtterance,
    EpitomePair,
    SupportTurn,
    UptakeExchange,
    read_annomi,
    read_epitome,
    read_maia,
    read_uptake,
)
from coachbot.models.measures import Measure
from coachbot.models.public_heads import CannedText, Epitome, Exchanges, Utterances, grouped_folds
from coachbot.models.statistics import (
    auc,
    clustered_bootstrap,
    expected_calibration_error,
    macro_f1,
    over,
    spearman,
)
from coachbot.models.vectors import VectorCache
from coachbot.scoring.heads import Heads, softmax
from coachbot.scoring.signals import LEVELS
from coachbot.scoring.words import content_words

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Report = Callable[[str], None]

_FOLDS = 5
# Fewer unseen rows than this say nothing; the set is then cross-validated as a whole.
_FEWEST_UNSEEN = 30
_PUBLISHED = {
    "emotional_reaction": ".77 (RoBERTa, two encoders)",
    "interpretation": ".65 (RoBERTa, two encoders)",
    "exploration": ".73 (RoBERTa, two encoders)",
}
_GOALS = {"emotional_reaction": 0.78, "interpretation": 0.66, "exploration": 0.77}


def fingerprints(
    pairs: Sequence[EpitomePair],
    utterances: Sequence[AnnoMIUtterance],
    exchanges: Sequence[UptakeExchange],
    turns: Sequence[SupportTurn],
) -> dict[str, NDArray[np.int64]]:
    """Return a number for each row by which it is known again, without its text."""
    return {
        "epitome": _numbers(f"{p.post}\n{p.response}" for p in pairs),
        "annomi": _numbers(f"{u.context}\n{u.text}" for u in utterances),
        "uptake": _numbers(f"{x.student}\n{x.teacher}" for x in exchanges),
        "maia": _numbers(f"{t.dialogue}\n{t.customer}\n{' '.join(t.sentences)}" for t in turns),
    }


def _numbers(texts: Iterable[str]) -> NDArray[np.int64]:
    digests = [hashlib.sha256(t.encode("utf-8", "surrogatepass")).digest()[:8] for t in texts]
    return np.array([int.from_bytes(d, "big", signed=True) for d in digests], dtype=np.int64)


@dataclass(frozen=True)
class _Plan:
    """Which rows are measured, and how: by folds, or with the released heads."""

    rows: Rows
    folds: list[tuple[Rows, Rows]] | None

    @property
    def how(self) -> str:
        if self.folds is None:
            return f"{len(self.rows)} rows the released scorer never saw"
        return f"{len(self.folds)}-fold cross-validation, groups apart"


def _plan(
    numbers: NDArray[np.int64], seen: NDArray[np.int64], groups: Sequence[str], seed: int
) -> _Plan:
    unseen = np.flatnonzero(~np.isin(numbers, seen))
    if len(unseen) >= _FEWEST_UNSEEN:
        return _Plan(unseen, None)
    rows = np.arange(len(numbers))
    return _Plan(rows, grouped_folds(groups, _FOLDS, seed))


def evaluate_public(
    data: Path,
    heads: Heads,
    seen: NDArray[np.int64],
    vectors: VectorCache,
    seed: int,
    report: Report,
) -> list[Measure]:
    """Measure every signal that a public set labels."""
    pairs, utterances = read_epitome(data), read_annomi(data)
    exchanges, turns = read_uptake(data), read_maia(data)
    numbers = fingerprints(pairs, utterances, exchanges, turns)
    measures = []
    plan = _plan(numbers["epitome"], seen, [p.group for p in pairs], seed)
    measures += _levels(Epitome.read(pairs, vectors), pairs, heads, plan, seed, report)
    plan = _plan(numbers["annomi"], seen, [u.group for u in utterances], seed)
    measures += _behaviours(Utterances.read(utterances, vectors), utterances, heads, plan, seed)
    report("AnnoMI: measured")
    plan = _plan(numbers["uptake"], seen, [x.group for x in exchanges], seed)
    read = Exchanges.read(exchanges, vectors, heads.background)
    measures.append(_uptake(read, exchanges, heads, plan, seed))
    report("Uptake: measured")
    unseen = np.flatnonzero(~np.isin(numbers["maia"], seen))
    measures += _templated(CannedText.read(turns, vectors), turns, heads, unseen, seed)
    report("MAIA: measured")
    return measures


def _levels(
    epitome: Epitome,
    pairs: Sequence[EpitomePair],
    heads: Heads,
    plan: _Plan,
    seed: int,
    report: Report,
) -> list[Measure]:
    measures, calibration = [], []
    texts = [p.response for p in pairs]
    groups = [epitome.groups[i] for i in plan.rows]
    for level in LEVELS:
        labels = epitome.labels[level]
        p = np.zeros((len(labels), 3))
        if plan.folds is None:
            inputs = epitome.inputs(heads.linear[f"rationale_{level}"], plan.rows)
            p[plan.rows] = softmax(heads.linear[level](inputs))
        else:
            for train, test in plan.folds:
                rationale, head = epitome.fit(level, train, seed)
                p[test] = softmax(head(epitome.inputs(rationale, test)))
        own, predicted = labels[plan.rows], p[plan.rows].argmax(axis=1)
        baseline = _tfidf_classes(texts, labels, plan, groups, seed)[plan.rows]
        measures.append(
            Measure(
                what=level.replace("_", " "),
                measure="macro-F1",
                estimate=clustered_bootstrap(over(macro_f1, own, predicted), groups, seed=seed),
                baseline=macro_f1(own, baseline),
                baseline_name="TF-IDF",
                published=_PUBLISHED[level],
                goal=_GOALS[level],
                how=f"EPITOME, {plan.how}",
            )
        )
        own_p = p[plan.rows]
        calibration.append(
            Measure(
                what=f"calibration, {level.replace('_', ' ')}",
                measure="expected calibration error",
                estimate=clustered_bootstrap(
                    over(expected_calibration_error, own_p, own), groups, seed=seed
                ),
                goal=0.05,
                more_is_better=False,
                digits=3,
                how=f"EPITOME, {plan.how}; 10 equal-mass bins",
            )
        )
        report(f"EPITOME, {level}: measured")
    return measures + calibration


def _behaviours(
    read: Utterances, utterances: Sequence[AnnoMIUtterance], heads: Heads, plan: _Plan, seed: int
) -> list[Measure]:
    texts = [u.text for u in utterances]
    groups = [read.groups[i] for i in plan.rows]
    measures = []
    for what, head, labels, fit, published, goal in (
        ("four behaviours", "behaviour", read.behaviours, read.fit_behaviour,
         ".72 text only; human pairs .80", 0.78),
        ("no, closed or open question", "question", read.questions, read.fit_question,
         "human pairs .52 (kappa, open or closed)", None),
    ):  # fmt: skip
        predicted = np.zeros(len(labels), dtype=np.int64)
        if plan.folds is None:
            predicted[plan.rows] = heads.linear[head](read.inputs[plan.rows]).argmax(axis=1)
        else:
            for train, test in plan.folds:
                predicted[test] = fit(train)(read.inputs[test]).argmax(axis=1)
        own, guess = labels[plan.rows], predicted[plan.rows]
        baseline = _tfidf_classes(texts, labels, plan, groups, seed)[plan.rows]
        measures.append(
            Measure(
                what=what,
                measure="macro-F1",
                estimate=clustered_bootstrap(over(macro_f1, own, guess), groups, seed=seed),
                baseline=macro_f1(own, baseline),
                baseline_name="TF-IDF",
                published=published,
                goal=goal,
                how=f"AnnoMI, {plan.how}",
            )
        )
    return measures


def _uptake(
    read: Exchanges, exchanges: Sequence[UptakeExchange], heads: Heads, plan: _Plan, seed: int
) -> Measure:
    predicted = np.zeros(len(read.targets))
    if plan.folds is None:
        predicted[plan.rows] = heads.linear["uptake"](read.inputs[plan.rows])[:, 0]
    else:
        for train, test in plan.folds:
            predicted[test] = read.fit(train)(read.inputs[test])[:, 0]
    own, guess = read.targets[plan.rows], predicted[plan.rows]
    overlap = np.array([_overlap(exchanges[i]) for i in plan.rows])
    return Measure(
        what="uptake",
        measure="Spearman",
        estimate=clustered_bootstrap(
            over(spearman, own, guess), [read.groups[i] for i in plan.rows], seed=seed
        ),
        baseline=spearman(own, overlap),
        baseline_name="word overlap",
        published=".54; human .47",
        goal=0.57,
        how=f"Uptake, {plan.how}",
    )


def _overlap(exchange: UptakeExchange) -> float:
    student = set(content_words(exchange.student))
    return len(student & set(content_words(exchange.teacher))) / max(1, len(student))


def _templated(
    read: CannedText, turns: Sequence[SupportTurn], heads: Heads, unseen: Rows, seed: int
) -> list[Measure]:
    fresh = len(unseen) >= _FEWEST_UNSEEN
    rows = unseen if fresh else np.arange(len(turns))
    clients = sorted(set(read.clients))
    scores: dict[int, Array] = {}
    baseline: dict[int, Array] = {}
    sentences = [list(t.sentences) for t in turns]
    for client in clients:
        test = np.array([i for i in rows if read.clients[i] == client])
        train = np.array([i for i in range(len(turns)) if read.clients[i] != client])
        if not len(test):
            continue
        apart = len(train) > 0
        head = (
            heads.linear["templated_sentence"]
            if fresh or not apart
            else read.take(train).fit_sentences()
        )
        for i in test:
            scores[i] = head(read.sentence_rows[i])[:, 0]
        if apart:
            simple = _tfidf_two(
                [s for i in train for s in sentences[i]],
                np.concatenate([read.labels[i] for i in train]),
            )
            for i in test:
                baseline[i] = simple(sentences[i])
    order = sorted(scores)
    labels = np.concatenate([read.labels[i] for i in order])
    found = np.concatenate([scores[i] for i in order])
    groups = [read.dialogues[i] for i in order for _ in read.labels[i]]
    simple_found = (
        np.concatenate([baseline[i] for i in order]) if len(baseline) == len(order) else None
    )
    how = (
        f"MAIA, {len(order)} turns never seen"
        if fresh
        else "MAIA, learned on one client, tested on the other"
    )
    return [
        Measure(
            what="templated",
            measure=name,
            estimate=clustered_bootstrap(over(measure, labels, found), groups, seed=seed),
            baseline=None if simple_found is None else measure(labels, simple_found),
            baseline_name="TF-IDF",
            published="none found",
            goal=goal,
            how=how,
        )
        for name, measure, goal in (
            ("AUC", auc, 0.88),
            ("macro-F1", _f1_above_zero, 0.80),
        )
    ]


def _f1_above_zero(labels: Rows, scores: Array) -> float:
    return macro_f1(labels, (scores > 0).astype(np.int64))


def _tfidf_classes(
    texts: Sequence[str], labels: Rows, plan: _Plan, groups: Sequence[str], seed: int
) -> Rows:
    """Return the classes that a TF-IDF baseline gives, in the same folds.

    On unseen rows alone there is nothing to train it on, so it is cross-validated among them.
    """
    folds = plan.folds
    if folds is None:
        folds = [(plan.rows[a], plan.rows[b]) for a, b in grouped_folds(groups, _FOLDS, seed)]
    predicted = np.zeros(len(labels), dtype=np.int64)
    for train, test in folds:
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
