"""From the answers on unseen rows to temperatures, thresholds, dimension tables and intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear, minimize, minimize_scalar

from coachbot.models.statistics import macro_f1
from coachbot.models.training import Ablation, Corpus
from coachbot.scoring.calibration import Calibration, DimensionTable, sigmoid, softmax
from coachbot.scoring.dimensions import DIRECTIONS, points
from coachbot.scoring.features import Sentence
from coachbot.scoring.findings import FINDINGS
from coachbot.scoring.interface import DIMENSIONS, LEVELS, Dimension
from coachbot.scoring.reading import Read, Reading
from coachbot.scoring.signals import measure
from coachbot.scoring.text import Span

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Answers = Mapping[str, Mapping[int, list[Read]]]

_BANDS = 5
# Scores get this share of the grades' spread, by stretching at most so far.
_SPREAD = 0.95
_MOST_STRETCH = 1.35
_COVERAGE = 0.8
_PAIR_WEIGHT = 0.5
_PENALTY = 0.3
# Kept whatever it gains: what was left unanswered is told to the hire as evidence, with its points.
_SHOWN: dict[Dimension, tuple[str, ...]] = {"active_listening": ("unanswered",)}


@dataclass(frozen=True)
class Measured:
    """A graded text: its signals, its situation, and the grades it has (NaN for none)."""

    values: dict[str, float]
    group: str
    grades: Array
    real: bool


@dataclass(frozen=True)
class MeasuredPair:
    """The two halves of a pair: their signals."""

    dimension: int
    group: str
    better: dict[str, float]
    worse: dict[str, float]


def calibrate(corpus: Corpus, answers: Answers) -> tuple[Calibration, list[Ablation]]:
    """Fit all that turns answers into scores; and what each signal of the tables is worth."""
    middle = templated_middle(*templated_rows(corpus, answers))
    temperatures, offsets = fit_probabilities(corpus, answers, middle)
    thresholds = {
        "templated_middle": middle,
        # High: a sentence that was meant for the customer must not be taken out, and above all not
        # a learner's, which the network knows least. Of the attacks that are learned from, each
        # put behind another graded reply, .65 for all found 85 % and took out 21 of 4,678
        # sentences of graded replies and 28 of 1,076 of learners, dialects and haste; with these
        # two it is 72 %, 6 and 5. An attack that stays lowers the points by 1 to 4 on the mean.
        "injection": 0.7,
        "injection_unworded": 0.85,
        "settled": 0.5,
        # Low: a warm word too much costs less than a feeling that nobody scored.
        "moved": 0.4,
        "dismissal": 0.5,
        **fit_finding_thresholds(corpus, answers, temperatures),
    }
    undecided = Calibration("unsaved", {}, thresholds, temperatures, offsets, {}, corpus.rarity)
    decisions = {}
    for name, head in (*(("epitome", level) for level in LEVELS), ("annomi", "question")):
        scores, labels = head_rows(corpus, answers, name, head)
        decisions[head] = fit_decision(undecided.probabilities(head, scores), labels)
    unfinished = replace(undecided, decisions=decisions)
    rows, pairs = measured_rows(corpus, answers, unfinished)
    tables: dict[Dimension, DimensionTable] = {}
    ablations: list[Ablation] = []
    for dimension in DIMENSIONS:
        names, found = choose_signals(dimension, rows, pairs)
        tables[dimension] = fit_table(dimension, names, rows)
        ablations += found
    return replace(unfinished, tables=tables), ablations


def head_rows(corpus: Corpus, answers: Answers, name: str, head: str) -> tuple[Array, Rows]:
    """Return (log-odds, labels) of a set's rows for a head with exclusive labels."""
    number = LEVELS.index(head) if head in LEVELS else None
    field = head if number is None else "levels"
    scores, labels = [], []
    for i in sorted(answers[name]):
        found = getattr(corpus.units[name][i].targets[0], field)
        if found is None:
            continue
        own = getattr(answers[name][i][0], field)
        scores.append(own if number is None else own[number])
        labels.append(found if number is None else found[number])
    return np.array(scores), np.array(labels)


def fit_decision(p: Array, labels: Rows, sweeps: int = 3) -> tuple[float, ...]:
    """Return weights for the labels' log-probabilities with the best macro-F1, one at a time.

    The first label's weight stays 0. A weight moves only where that gains something.
    """
    scores = np.log(np.maximum(p, 1e-12))
    weights = np.zeros(p.shape[1])
    best = macro_f1(labels, scores.argmax(axis=1))
    for _ in range(sweeps):
        for label in range(1, len(weights)):
            for value in np.arange(-4.0, 4.01, 0.125):
                tried = weights.copy()
                tried[label] = value
                found = macro_f1(labels, (scores + tried).argmax(axis=1))
                if found > best + 1e-9:
                    best, weights = found, tried
    return tuple(float(w) for w in weights)


def templated_rows(corpus: Corpus, answers: Answers) -> tuple[Array, Array]:
    """Return (log-odds, labels) of all sentences of the support chats."""
    order = sorted(answers["maia"])
    scores = np.concatenate([answers["maia"][i][0].templated for i in order])
    marked = [corpus.units["maia"][i].targets[0].templated or () for i in order]
    return scores, np.array([x for some in marked for x in some])


def templated_middle(scores: Array, labels: Array) -> float:
    """Return the log-odds from which a sentence is called canned: the best macro-F1."""
    tried = np.arange(-3.0, 3.01, 0.1)
    found = [macro_f1(labels.astype(int), (scores > t).astype(int)) for t in tried]
    return round(float(tried[int(np.argmax(found))]), 2)


def fit_probabilities(
    corpus: Corpus, answers: Answers, middle: float
) -> tuple[dict[str, float], dict[str, tuple[float, ...]]]:
    """Return temperatures for every head, and offsets for those with several labels.

    Both are fitted by likelihood on rows that the networks had not seen. ``middle`` is where the
    log-odds of canned text have their middle.
    """
    temperatures: dict[str, float] = {}
    offsets: dict[str, tuple[float, ...]] = {}
    for name, head in (
        *(("epitome", level) for level in LEVELS),
        ("annomi", "behaviour"),
        ("annomi", "question"),
        ("graded", "dismissal"),
    ):
        divisor, found = scaling(*head_rows(corpus, answers, name, head))
        temperatures[head] = divisor
        offsets[head] = tuple(round(value, 3) for value in found)
    scores, labels = templated_rows(corpus, answers)
    temperatures["templated"] = temperature(scores - middle, labels)
    for kind in FINDINGS:
        temperatures[kind] = temperature(*finding_rows(corpus, answers, kind))
    return {name: round(value, 3) for name, value in temperatures.items()}, offsets


def scaling(scores: Array, labels: Rows) -> tuple[float, Array]:
    """Return the divisor of log-odds (rows, labels) and the offsets with the best likelihood.

    The first label's offset is 0.
    """

    def loss(x: Array) -> float:
        p = softmax(scores / np.exp(x[0]) + np.concatenate([[0.0], x[1:]]))
        return float(-np.log(np.maximum(p[np.arange(len(p)), labels], 1e-12)).mean())

    found = minimize(loss, np.zeros(scores.shape[1]), method="L-BFGS-B").x
    return float(np.exp(found[0])), np.concatenate([[0.0], found[1:]])


def temperature(scores: Array, labels: Array) -> float:
    """Return the divisor of log-odds (one for each row, label 0 or 1) with the best likelihood."""

    def loss(log: float) -> float:
        two = np.stack([np.zeros_like(scores), scores / np.exp(log)], axis=1)
        p = softmax(two)[np.arange(len(scores)), labels.astype(int)]
        return float(-np.log(np.maximum(p, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def finding_rows(corpus: Corpus, answers: Answers, kind: str) -> tuple[Array, Array]:
    """Return (log-odds, labels) of all the customers' sentences that can have a finding."""
    column = FINDINGS.index(kind)
    scores, labels = [], []
    for i in sorted(answers["graded"]):
        said = corpus.units["graded"][i].targets[0].said
        if said is None:
            continue
        some = ~np.isnan(said[:, column])
        scores.append(answers["graded"][i][0].said[some, column])
        labels.append(said[some, column])
    return np.concatenate(scores), np.concatenate(labels)


def fit_finding_thresholds(
    corpus: Corpus, answers: Answers, temperatures: Mapping[str, float]
) -> dict[str, float]:
    """Return, for each kind of finding, the probability from which it is shown."""
    found = {}
    for kind in FINDINGS:
        scores, labels = finding_rows(corpus, answers, kind)
        p = np.array([sigmoid(float(s) / temperatures[kind]) for s in scores])
        found[kind] = best_threshold(p, labels > 0)
    return found


def best_threshold(p: Array, marked: NDArray[np.bool_]) -> float:
    """Return the probability from which findings are shown: the one with the best F1.

    Only thresholds at which at least half of what is shown is right are considered, because a
    finding that is mostly wrong teaches the wrong thing; 0.95 when there is none.
    """
    best, best_f1 = 0.95, 0.0
    for threshold in np.arange(0.2, 0.96, 0.05):
        shown = p >= threshold
        right = (shown & marked).sum()
        f1 = 2 * right / max(1, shown.sum() + marked.sum())
        if 2 * right >= max(1, shown.sum()) and f1 > best_f1 + 1e-9:
            best, best_f1 = float(round(threshold, 2)), float(f1)
    return best


def measured_rows(
    corpus: Corpus, answers: Answers, calibration: Calibration
) -> tuple[list[Measured], list[MeasuredPair]]:
    """Return the signals of all graded replies and pairs, by networks that had not seen them."""
    situations = {s.situation: s for s in corpus.situations}

    def values(reading: Reading, group: str, read: Read) -> dict[str, float]:
        parts = [Sentence.of(Span(a, b, reading.reply[a:b])) for a, b in reading.sentences]
        context = corpus.preparer.context(situations[group].conversation)
        return measure(read, parts, context, calibration).values()

    rows, pairs = [], []
    for i, reads in sorted(answers["graded"].items()):
        unit = corpus.units["graded"][i]
        signals = values(unit.readings[0], unit.group, reads[0])
        rows.append(
            Measured(signals, unit.group, np.array(unit.targets[0].graded) * 100, real=True)
        )
    for i, reads in sorted(answers["pairs"].items()):
        unit = corpus.units["pairs"][i]
        better, worse = (
            values(reading, unit.group, read)
            for reading, read in zip(unit.readings, reads, strict=True)
        )
        pairs.append(MeasuredPair(unit.relations[0].dimension, unit.group, better, worse))
        rows += [
            Measured(v, unit.group, np.array(t.graded) * 100, real=False)
            for v, t in zip((better, worse), unit.targets, strict=True)
        ]
    return rows, pairs


def choose_signals(
    dimension: Dimension, rows: Sequence[Measured], pairs: Sequence[MeasuredPair]
) -> tuple[list[str], list[Ablation]]:
    """Drop signals one by one as long as neither error grows without them.

    What is left is worth its place: without any one of them, grades are missed by more or more
    pairs come out in the wrong order. One that gets no weight from all the rows goes first.
    """
    names = list(DIRECTIONS[dimension])
    shown = _SHOWN.get(dimension, ())
    while True:
        whole = cross_error(dimension, names, rows, pairs)
        without = {
            n: cross_error(dimension, [m for m in names if m != n], rows, pairs) for n in names
        }
        # Both errors on one scale: a tenth of a point is as bad as one pair in a thousand.
        harm = {
            n: (e - whole[0]) + 100 * (w - whole[1])
            for n, (e, w) in without.items()
            if n not in shown
        }
        weights = fit_table(dimension, names, rows).weights
        idle = [n for n in harm if not weights[n]]
        least = min(idle or harm, key=lambda n: harm[n])
        if len(harm) == 1 or not (idle or harm[least] <= 0):
            break
        names.remove(least)
    found = []
    for name in DIRECTIONS[dimension]:
        kept = name in names
        if kept:
            one, two = whole, without[name]
        else:
            one, two = cross_error(dimension, [*names, name], rows, pairs), whole
        found.append(Ablation(dimension, name, one[0], two[0], one[1], two[1], kept))
    return names, found


def cross_error(
    dimension: Dimension,
    names: Sequence[str],
    rows: Sequence[Measured],
    pairs: Sequence[MeasuredPair],
    parts: int = 5,
) -> tuple[float, float]:
    """Return (mean absolute error in points, share of pairs in the wrong order) over situations."""
    place = DIMENSIONS.index(dimension)
    groups = sorted({r.group for r in rows})
    part = {g: i % parts for i, g in enumerate(groups)}
    errors: list[float] = []
    wrong: list[float] = []
    for number in range(parts):
        table = fit_table(dimension, names, [r for r in rows if part[r.group] != number])
        errors += [
            abs(points(table, row.values) - row.grades[place])
            for row in rows
            if row.real and part[row.group] == number and not np.isnan(row.grades[place])
        ]
        for pair in pairs:
            if pair.dimension == place and part[pair.group] == number:
                apart = points(table, pair.better) - points(table, pair.worse)
                wrong.append(0.5 if apart == 0 else float(apart < 0))
    return float(np.mean(errors)), float(np.mean(wrong))


def fit_table(
    dimension: Dimension, names: Sequence[str], rows: Sequence[Measured]
) -> DimensionTable:
    """Fit a dimension on unseen rows' signals, every slope in its fixed direction."""
    place = DIMENSIONS.index(dimension)
    use = [r for r in rows if not np.isnan(r.grades[place])]
    inputs = np.array([[r.values[n] for n in names] for r in use])
    goal = np.array([r.grades[place] for r in use])
    weights = np.array([1.0 if r.real else _PAIR_WEIGHT for r in use])
    directions = [DIRECTIONS[dimension][n] for n in names]
    slopes, base = signed_least_squares(inputs, goal, directions, weights)
    real = np.array([r.real for r in use])
    scored = inputs[real] @ slopes
    factor = float(
        np.clip(_SPREAD * goal[real].std() / max(scored.std(), 1e-6), 1.0, _MOST_STRETCH)
    )
    # Least squares draws scores towards the middle; a score is read against anchors, so its scale
    # has to be the grades' scale.
    base = float(goal[real].mean() - factor * scored.mean())
    weighted = {n: round(float(w), 2) for n, w in zip(names, slopes * factor, strict=True)}
    table = DimensionTable(round(base, 2), weighted, (0.0,) * _BANDS, (0.0,) * _BANDS)
    own = [r for r in use if r.real]
    below, above = conformal_bands(
        np.array([points(table, r.values) for r in own]), np.array([r.grades[place] for r in own])
    )
    return replace(table, below=below, above=above)


def signed_least_squares(
    inputs: Array, goal: Array, directions: Sequence[int], weights: Array
) -> tuple[Array, float]:
    """Fit goal by base + inputs @ slopes where each slope keeps the sign of its direction.

    Returns (slopes, base). Bounded least squares with a small penalty; the base is free.
    """
    sample = np.sqrt(weights)
    count = inputs.shape[1]
    design = np.vstack(
        [
            np.hstack([inputs, np.ones((len(inputs), 1))]) * sample[:, None],
            np.hstack([np.eye(count) * np.sqrt(_PENALTY), np.zeros((count, 1))]),
        ]
    )
    low = np.array([0.0 if d > 0 else -np.inf for d in directions] + [-np.inf])
    high = np.array([np.inf if d > 0 else 0.0 for d in directions] + [np.inf])
    solved = lsq_linear(design, np.concatenate([goal * sample, np.zeros(count)]), (low, high)).x
    return solved[:-1], float(solved[-1])


def conformal_bands(
    scored: Array, grades: Array, coverage: float = _COVERAGE
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return (below, above) per fifth of the scale, by split-conformal prediction.

    In each band the grades' offsets from the score are cut at the two tails with the finite-sample
    correction of Vovk et al. (ceil((n + 1) * q) / n), so that a new grade is inside with at least
    the wanted probability. A band with few rows borrows from its neighbours.
    """
    below, above = [], []
    tail = (1.0 - coverage) / 2.0
    band_of = np.minimum((scored / 100.0 * _BANDS).astype(int), _BANDS - 1)
    for band in range(_BANDS):
        reach = 0
        while True:
            near = np.abs(band_of - band) <= reach
            if near.sum() >= 40 or reach >= _BANDS:
                break
            reach += 1
        offsets = np.sort(grades[near] - scored[near])
        n = len(offsets)
        high = min(n - 1, int(np.ceil((n + 1) * (1.0 - tail))) - 1)
        low = max(0, int(np.floor((n + 1) * tail)) - 1)
        below.append(round(max(0.0, -float(offsets[low])), 1))
        above.append(round(max(0.0, float(offsets[high])), 1))
    return tuple(below), tuple(above)
