"""Heads that are learned from the project's own graded examples, and the dimension tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coachbot.models.examples import (
    InjectionExample,
    MarkedWords,
    Opening,
    Situation,
)
from coachbot.models.fit import logistic, ridge, signed_least_squares
from coachbot.models.graded_rows import Row
from coachbot.models.public_heads import (
    grouped_folds,
    one_turn,
    read_context,
)
from coachbot.models.vectors import VectorCache
from coachbot.scoring.dimensions import DIRECTIONS, context_inputs, points
from coachbot.scoring.features import Context, texts_of_context
from coachbot.scoring.findings import Candidate
from coachbot.scoring.heads import DimensionTable, Heads, Linear
from coachbot.scoring.injection import injection_cues
from coachbot.scoring.interface import DIMENSIONS, DISMISSAL_KINDS, Dimension
from coachbot.scoring.signals import basics, find, fit_inputs, measure

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

FINDINGS = ("asks_again", "unanswered", "contradicts")
_DERIVED_WEIGHT = 0.5
_VARIANT_WEIGHT = 0.5
_PAIR_GAP = 40.0
_BANDS = 5
# Scores get this share of the grades' spread, by stretching at most so far.
_SPREAD = 0.9
_MOST_STRETCH = 1.35
_COVERAGE = 0.8


@dataclass(frozen=True)
class Prepared:
    """Rows with the heads' inputs."""

    rows: list[Row]
    inputs: Array
    related: Array
    groups: Rows
    situations: Sequence[Situation]

    @classmethod
    def of(cls, rows: list[Row], heads: Heads, situations: Sequence[Situation]) -> Prepared:
        """Run the public heads over the rows."""
        found = [basics(r.reply, r.context, heads) for r in rows]
        inputs = [
            fit_inputs(r.reply, b.related, b.values) for r, b in zip(rows, found, strict=True)
        ]
        return cls(
            rows,
            np.array(inputs),
            np.array([b.related for b in found]),
            np.array([r.situation for r in rows]),
            situations,
        )

    def grades(self, dimension: Dimension) -> Array:
        """Return the grades (NaN where there is none), shape (rows,)."""
        return np.array(
            [np.nan if (g := r.grade(dimension)) is None else g for r in self.rows], dtype=float
        )


def fit_graded(data: Prepared, keep: NDArray[np.bool_]) -> dict[str, Linear]:
    """Fit the graded qualities, dismissal and its kinds, and specificity on some of the rows."""
    heads: dict[str, Linear] = {}
    scales = input_scales(data.inputs.shape[1])
    better = [i for i, r in enumerate(data.rows) if r.kind == "better" and keep[i]]
    changed = [i for i, r in enumerate(data.rows) if r.origin is not None and keep[i]]
    origins = [o for i in changed if (o := data.rows[i].origin) is not None]
    for dimension in DIMENSIONS:
        grades = data.grades(dimension) / 100.0
        use = keep & ~np.isnan(grades)
        weights = np.array([1.0 if r.kind == "graded" else _DERIVED_WEIGHT for r in data.rows])
        pairs = np.array([i for i in better if data.rows[i].dimension == dimension], dtype=int)
        shifts = np.array([dict(data.rows[i].shifts).get(dimension, 0.0) for i in changed])
        heads[f"graded_{dimension}"] = ridge(
            data.inputs[use],
            grades[use],
            penalty=150.0,
            scales=scales,
            weights=weights[use],
            differences=np.vstack(
                [
                    data.inputs[pairs] - data.inputs[pairs + 1],
                    data.inputs[changed] - data.inputs[origins],
                ]
            ),
            gaps=np.concatenate([np.full(len(pairs), _PAIR_GAP), shifts]) / 100.0,
            gap_weights=np.concatenate(
                [np.ones(len(pairs)), np.full(len(changed), _VARIANT_WEIGHT)]
            ),
        )
    graded = np.array([r.kind == "graded" for r in data.rows]) & keep
    kinds = [r.graded.dismissal if r.graded is not None else None for r in data.rows]
    harmful = np.array([k is not None for k in kinds])
    scaled = standardiser(data.inputs[graded], scales * 0.7)
    heads["dismissal"] = scaled.fold(
        logistic(scaled(data.inputs[graded]), harmful[graded].astype(np.int64), strength=0.05)
    )
    some = graded & harmful
    labels = np.array([DISMISSAL_KINDS.index(k) if k is not None else 0 for k in kinds])
    heads["dismissal_kind"] = scaled.fold(
        logistic(
            scaled(data.inputs[some]), labels[some], strength=0.05, classes=len(DISMISSAL_KINDS)
        )
    )
    heads["specificity"] = _fit_specificity(data, keep)
    return heads


def _fit_specificity(data: Prepared, keep: NDArray[np.bool_]) -> Linear:
    """Fit whether a reply belongs to its conversation: tailored ones against swapped and canned."""
    own, other = [], []
    for i, row in enumerate(data.rows):
        if not keep[i] or row.graded is None:
            continue
        tailored = (row.graded.grades["individualized_treatment"] or 0) >= 65
        if row.kind == "swapped":
            other.append(i)
        elif tailored and not row.graded.contradicts:
            own.append(i)
        elif row.graded.templated >= 0.7:
            other.append(i)
    scaled = standardiser(data.related[own + other], np.ones(data.related.shape[1]))
    labels = np.array([1] * len(own) + [0] * len(other))
    return scaled.fold(logistic(scaled(data.related[own + other]), labels, strength=0.1))


@dataclass(frozen=True)
class Standardiser:
    """Brings inputs to mean 0 and a chosen spread, and folds that into a head's weights."""

    mean: Array
    factor: Array

    def __call__(self, inputs: Array) -> Array:
        """Scale inputs."""
        return (inputs - self.mean) * self.factor

    def fold(self, head: Linear) -> Linear:
        """Return a head on raw inputs equal to ``head`` on scaled ones."""
        weight = head.weight * self.factor
        return Linear(weight, head.bias - weight @ self.mean)


def standardiser(inputs: Array, scales: Array) -> Standardiser:
    """Measure mean and spread of inputs; constant columns are switched off."""
    spread = inputs.std(axis=0)
    factor = np.where(spread > 1e-9, scales / np.maximum(spread, 1e-9), 0.0)
    return Standardiser(inputs.mean(axis=0), factor)


def input_scales(count: int) -> Array:
    """Return how far each kind of input of ``fit_inputs`` is trusted: the vectors less."""
    scales = np.ones(count)
    scales[:384] = 0.2
    scales[384:768] = 0.15
    return scales


def fit_findings(data: Prepared, keep: NDArray[np.bool_], heads: Heads) -> dict[str, Linear]:
    """Fit the heads of the three kinds of findings on the graded replies among the rows."""
    inputs: dict[str, list[Array]] = {k: [] for k in FINDINGS}
    labels: dict[str, list[int]] = {k: [] for k in FINDINGS}
    for i, row in enumerate(data.rows):
        if row.kind != "graded" or not keep[i] or row.graded is None:
            continue
        for kind, found in zip(FINDINGS, find(row.reply, row.context, heads), strict=True):
            marks: Sequence[MarkedWords] = getattr(row.graded, kind)
            for one in found:
                inputs[kind].append(one.candidate.inputs)
                labels[kind].append(int(any(meets(one.candidate, m, row.context) for m in marks)))
    fitted = {}
    for kind in FINDINGS:
        raw = np.array(inputs[kind])
        scaled = standardiser(raw, np.ones(raw.shape[1]))
        head = logistic(scaled(raw), np.array(labels[kind]), strength=0.1, balance=0.3)
        fitted[kind] = scaled.fold(head)
    return fitted


def meets(candidate: Candidate, mark: MarkedWords, context: Context) -> bool:
    """Say whether a candidate is about the marked words."""
    if candidate.said.turn != mark.turn:
        return False
    at = context.conversation.history[mark.turn].text.find(mark.text)
    span = candidate.said.span
    return min(span.end, at + len(mark.text)) > max(span.start, at)


def blank_findings(counts: dict[str, int]) -> dict[str, Linear]:
    """Return heads that find nothing, to list candidates before there are any."""
    return {k: Linear(np.zeros((1, n)), np.array([-40.0])) for k, n in counts.items()}


def fit_called(
    situations: Sequence[Situation], openings: Sequence[Opening], vectors: VectorCache
) -> dict[str, Linear]:
    """Fit, from conversations alone: "moved" (calls for empathy) and "settled" (for nothing)."""
    conversations = [s.conversation for s in situations]
    conversations += [one_turn(o.text) for o in openings]
    vectors.add(t for c in conversations for t in texts_of_context(c))
    inputs = np.array([context_inputs(read_context(c, vectors)) for c in conversations])
    moved = [s.called_for["empathy"] for s in situations] + [o.empathy for o in openings]
    settled = [False] * len(situations) + [o.settled for o in openings]
    scaled = standardiser(inputs, np.ones(inputs.shape[1]))
    return {
        name: scaled.fold(
            logistic(scaled(inputs), np.array(labels).astype(np.int64), strength=0.1, balance=0.3)
        )
        for name, labels in (("moved", moved), ("settled", settled))
    }


def fit_injection(
    examples: Sequence[InjectionExample], replies: Sequence[str], vectors: VectorCache
) -> Linear:
    """Fit the sentence head for texts that speak to the scorer; ``replies`` are innocent ones."""
    texts = [e.text for e in examples] + list(replies)
    labels = np.array([int(e.injection) for e in examples] + [0] * len(replies))
    vectors.add(texts)
    inputs = np.array([injection_inputs(vectors[t], t) for t in texts])
    # The project's own examples weigh as much as the far more numerous innocent sentences.
    weights = np.where(np.arange(len(texts)) < len(examples), 3.0, 1.0)
    return logistic(inputs, labels, strength=0.01, balance=0.5, weights=weights)


def injection_inputs(vector: NDArray[np.float32], text: str) -> Array:
    """Return what the injection head reads."""
    scaled = vector.astype(float) * np.sqrt(vector.size)
    return np.concatenate([scaled, injection_cues(text) * 4.0])


@dataclass(frozen=True)
class OutOfFold:
    """What heads say that never saw the situation: signal values with their rows, and findings.

    ``found`` holds, for each kind of finding, (probability, whether it was marked).
    """

    values: list[dict[str, float]]
    rows: list[Row]
    found: dict[str, list[tuple[float, bool]]]


def out_of_fold(
    data: Prepared, heads: Heads, folds: int, seed: int, report: Callable[[str], None]
) -> OutOfFold:
    """Measure every graded row and pair with heads that never saw its situation."""
    values: dict[int, dict[str, float]] = {}
    found: dict[str, list[tuple[float, bool]]] = {kind: [] for kind in FINDINGS}
    groups = [str(g) for g in data.groups]
    for number, (train, test) in enumerate(grouped_folds(groups, folds, seed), start=1):
        keep = np.zeros(len(data.rows), dtype=bool)
        keep[train] = True
        linear = dict(heads.linear) | fit_graded(data, keep) | fit_findings(data, keep, heads)
        folded = replace(heads, linear=linear)
        for i in test:
            row = data.rows[i]
            if row.kind not in ("graded", "no_screen", "better", "worse", "swapped"):
                continue
            measured = measure(row.reply, row.context, folded)
            values[i] = measured.values()
            if row.kind == "graded" and row.graded is not None:
                for kind in FINDINGS:
                    marks: Sequence[MarkedWords] = getattr(row.graded, kind)
                    found[kind] += [
                        (one.p, any(meets(one.candidate, m, row.context) for m in marks))
                        for one in getattr(measured, kind)
                    ]
        report(f"graded examples: fold {number} of {folds}")
    order = sorted(values)
    return OutOfFold([values[i] for i in order], [data.rows[i] for i in order], found)


def best_threshold(found: Sequence[tuple[float, bool]]) -> float:
    """Return the probability from which findings are shown: the one with the best F1.

    Only thresholds at which at least half of what is shown is right are considered, because a
    finding that is mostly wrong teaches the wrong thing; 0.9 when there is none.
    """
    p = np.array([x for x, _ in found])
    marked = np.array([x for _, x in found])
    best, best_f1 = 0.9, 0.0
    for threshold in np.arange(0.2, 0.91, 0.05):
        shown = p >= threshold
        right = (shown & marked).sum()
        f1 = 2 * right / max(1, shown.sum() + marked.sum())
        if 2 * right >= max(1, shown.sum()) and f1 > best_f1 + 1e-9:
            best, best_f1 = float(round(threshold, 2)), float(f1)
    return best


def fit_tables(
    values: Sequence[dict[str, float]], rows: Sequence[Row]
) -> dict[Dimension, DimensionTable]:
    """Fit each dimension on out-of-fold signals, every slope in its fixed direction."""
    tables: dict[Dimension, DimensionTable] = {}
    for dimension in DIMENSIONS:
        names = list(DIRECTIONS[dimension])
        use = [i for i, r in enumerate(rows) if r.grade(dimension) is not None]
        inputs = np.array([[values[i][n] for n in names] for i in use])
        goal = np.array([rows[i].grade(dimension) for i in use], dtype=float)
        weights = np.array([1.0 if rows[i].kind == "graded" else 0.3 for i in use])
        slopes, base = signed_least_squares(
            inputs, goal, [DIRECTIONS[dimension][n] for n in names], penalty=0.3, weights=weights
        )
        real = [i for i in use if rows[i].kind == "graded"]
        stretch, base = _stretch(inputs, slopes, base, goal, [use.index(i) for i in real])
        weighted = {n: round(float(w), 2) for n, w in zip(names, slopes * stretch, strict=True)}
        table = DimensionTable(round(base, 2), weighted, (0.0,) * _BANDS, (0.0,) * _BANDS)
        scored = np.array([points(table, values[i]) for i in real])
        grades = np.array([rows[i].grade(dimension) for i in real], dtype=float)
        below, above = conformal_bands(scored, grades)
        tables[dimension] = replace(table, below=below, above=above)
    return tables


def _stretch(
    inputs: Array, slopes: Array, base: float, goal: Array, real: Sequence[int]
) -> tuple[float, float]:
    """Return (factor, base) that give scores nearly the spread of the grades.

    Least squares draws scores towards the middle, the more the less it can tell; a score is read
    against anchors ("75 means ..."), so its scale has to be the grades' scale.
    """
    scored = inputs[real] @ slopes + base
    grades = goal[real]
    factor = float(np.clip(_SPREAD * grades.std() / max(scored.std(), 1e-6), 1.0, _MOST_STRETCH))
    return factor, float(grades.mean() - factor * (inputs[real] @ slopes).mean())


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
