"""Training: from the public sets and the graded examples to the files in ``models/``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coachbot.models.datasets import read_annomi, read_epitome, read_maia, read_uptake
from coachbot.models.examples import Situation, read_injections, read_openings, read_situations
from coachbot.models.graded_heads import (
    FINDINGS,
    Prepared,
    best_threshold,
    blank_findings,
    fit_called,
    fit_findings,
    fit_graded,
    fit_injection,
    fit_tables,
    out_of_fold,
)
from coachbot.models.graded_rows import read_rows
from coachbot.models.public_evaluation import fingerprints
from coachbot.models.public_heads import CannedText, Epitome, Exchanges, Utterances
from coachbot.models.vectors import VectorCache
from coachbot.scoring.features import Background
from coachbot.scoring.findings import ASKS_AGAIN_INPUTS, CONTRADICTS_INPUTS, UNANSWERED_INPUTS
from coachbot.scoring.heads import Heads, Linear
from coachbot.scoring.signals import LEVELS
from coachbot.scoring.text import sentences
from coachbot.scoring.words import Rarity, content_words

Report = Callable[[str], None]

# Words in at least this share of the background texts are common, and weigh by how common.
_COMMON = 0.004
_OTHERS = 200
_FOLDS = 5


@dataclass(frozen=True)
class Corpus:
    """Everything that is trained on, read and taken apart."""

    epitome: Epitome
    utterances: Utterances
    exchanges: Exchanges
    canned: CannedText
    background: Background
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class Trained:
    """The heads, and the fingerprints of the public rows that they learned from."""

    heads: Heads
    rows: NDArray[np.int64]


def read_corpus(
    data: Path, situations: Sequence[Situation], vectors: VectorCache, report: Report
) -> Corpus:
    """Read and encode the public sets; the background comes from them and the situations."""
    pairs, turns = read_epitome(data), read_maia(data)
    report(f"EPITOME: {len(pairs)} pairs; MAIA: {len(turns)} turns")
    own = [s.conversation.newest for s in situations]
    customers = [t for t in dict.fromkeys(t.customer for t in turns) if len(t) > 60]
    background = Background(
        rarity=measure_rarity([*own, *customers, *(p.post for p in pairs)]),
        others=_others(own, customers, vectors),
    )
    epitome = Epitome.read(pairs, vectors)
    rows = read_annomi(data)
    report(f"AnnoMI: {len(rows)} utterances")
    utterances = Utterances.read(rows, vectors)
    exchanges_read = read_uptake(data)
    report(f"Uptake: {len(exchanges_read)} exchanges")
    exchanges = Exchanges.read(exchanges_read, vectors, background)
    found = fingerprints(pairs, rows, exchanges_read, turns)
    return Corpus(
        epitome,
        utterances,
        exchanges,
        CannedText.read(turns, vectors),
        background,
        np.concatenate(list(found.values())),
    )


def measure_rarity(texts: Sequence[str]) -> Rarity:
    """Measure how common words are over texts, each text counting a word once."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(content_words(text)))
    most = np.log(len(texts))
    common = {w: n for w, n in seen.items() if n / len(texts) >= _COMMON}
    return Rarity({w: round(float(np.log(len(texts) / n) / most), 3) for w, n in common.items()})


def _others(
    own: Sequence[str], customers: Sequence[str], vectors: VectorCache
) -> NDArray[np.float32]:
    chosen = [*own, *customers[: max(0, _OTHERS - len(own))]]
    vectors.add(chosen)
    # Rounded as they are stored, so that training and scoring compare with the same.
    return np.array([vectors[t] for t in chosen]).astype(np.float16).astype(np.float32)


def train(data: Path, examples: Path, vectors: VectorCache, seed: int, report: Report) -> Trained:
    """Train every head. The same data and seed give the same heads."""
    everything = read_situations(examples)
    situations = [s for s in everything if not s.held_out]
    aside = len(everything) - len(situations)
    report(f"graded examples: {len(situations)} situations to learn from, {aside} kept aside")
    corpus = read_corpus(data, situations, vectors, report)
    linear = fit_public(corpus, seed, report)
    counts = {
        "asks_again": len(ASKS_AGAIN_INPUTS),
        "unanswered": len(UNANSWERED_INPUTS),
        "contradicts": len(CONTRADICTS_INPUTS),
    }
    linear |= blank_findings(counts)
    injections = [e for e in read_injections(examples) if not e.held_out]
    innocent = [s.text for x in situations for r in x.replies for s in sentences(r.text)]
    openings = [o for o in read_openings(examples) if not o.held_out]
    linear |= fit_called(situations, openings, vectors)
    linear["injection"] = fit_injection(injections, innocent, vectors)
    # "moved" is low: a warm word too much costs less than a feeling that nobody scored.
    thresholds = {
        "injection": 0.5,
        "settled": 0.5,
        "moved": 0.4,
        "dismissal": 0.5,
        **dict.fromkeys(FINDINGS, 0.5),
    }
    heads = Heads("untrained", linear, corpus.background, {}, thresholds)
    trained = train_graded(heads, situations, vectors, seed, report)
    return Trained(trained, corpus.rows)


def fit_public(corpus: Corpus, seed: int, report: Report) -> dict[str, Linear]:
    """Fit the heads of the public sets on all their rows."""
    linear: dict[str, Linear] = {}
    rows = np.arange(len(corpus.epitome.groups))
    for level in LEVELS:
        linear[f"rationale_{level}"], linear[level] = corpus.epitome.fit(level, rows, seed)
        report(f"{level}: trained")
    rows = np.arange(len(corpus.utterances.groups))
    linear["behaviour"] = corpus.utterances.fit_behaviour(rows)
    linear["question"] = corpus.utterances.fit_question(rows)
    linear["uptake"] = corpus.exchanges.fit(np.arange(len(corpus.exchanges.groups)))
    linear["templated_sentence"], linear["templated"] = corpus.canned.fit(seed)
    report("behaviour, question, uptake, templated: trained")
    return linear


def train_graded(
    heads: Heads,
    situations: Sequence[Situation],
    vectors: VectorCache,
    seed: int,
    report: Report,
) -> Heads:
    """Add what is learned from the graded examples to the public heads."""
    rows = read_rows(situations, vectors, more=True, seed=seed)
    data = Prepared.of(rows, heads, situations)
    apart = out_of_fold(data, heads, _FOLDS, seed, report)
    everything = np.ones(len(rows), dtype=bool)
    linear = dict(heads.linear)
    linear |= fit_graded(data, everything)
    linear |= fit_findings(data, everything, heads)
    report("graded examples: trained")
    thresholds = dict(heads.thresholds) | {k: best_threshold(v) for k, v in apart.found.items()}
    return replace(
        heads, linear=linear, thresholds=thresholds, tables=fit_tables(apart.values, apart.rows)
    )
