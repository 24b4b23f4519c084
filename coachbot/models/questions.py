"""Learning which everyday question a question is, from many wordings of each.

The wordings in ``models/examples/everyday.jsonl`` are beside those that a temperament file gives.
They are read once, here: what a practice needs of them is one linear map, a few hundred kilobytes
instead of thousands of sentences to encode whenever it starts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from coachbot.customer.everyday import LearnedQuestions, everyday_questions
from coachbot.customer.stance import without_politeness
from coachbot.errors import ModelError, UsageError
from coachbot.models.artefacts import QUESTIONS, checked_digests, write_manifest
from coachbot.models.encoder import SHA256, MiniLM

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

    from coachbot.scoring.protocol import Array, Encoder

_ADVICE = "Put the released file back, or make it: coachbot scenarios learn-questions"
EXAMPLES = "everyday.jsonl"
# Chosen among 3 to 100 on a fifth of the wordings that was left out.
_STRENGTH = 10.0
_FOLDS = 5
# With one left out, there are two to tell apart.
_FEWEST = 3
# About one question in six is of a kind that nobody foresaw.
_UNFORESEEN = 0.2


class Wordings(BaseModel):
    """Wordings of one everyday question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    ask: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Learned:
    """What was learned, and how well it did on wordings that were left out.

    ``right``: share taken for their own question. ``weights``, ``bias``: of the logistic function
    that says how sure a guess is, by nearness and lead; see ``coachbot.customer.everyday``.
    """

    questions: LearnedQuestions
    wordings: int
    right: float
    weights: tuple[float, float]
    bias: float


def read_wordings(examples: Path) -> dict[str, tuple[str, ...]]:
    """Read ``everyday.jsonl`` of a folder. Raises UsageError with file and line."""
    file = examples / EXAMPLES
    if not file.is_file():
        raise UsageError(f"{file} is missing. Give the folder of examples with --examples.")
    found: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            one = Wordings.model_validate(json.loads(line))
        except (json.JSONDecodeError, ValidationError) as error:
            what = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error.msg
            raise UsageError(f"{file}, line {number}: {what}.") from error
        if one.id in found:
            raise UsageError(f"{file}, line {number}: {one.id} has a line already.")
        found[one.id] = one.ask
    return found


def learn(
    asks: Mapping[str, Sequence[str]], more: Mapping[str, Sequence[str]], encoder: Encoder
) -> Learned:
    """Learn from a temperament's own phrases, ``asks``, and ``more`` wordings of the questions.

    Raises UsageError for wordings of a question that is not in ``asks``, and for fewer than three.
    """
    if len(asks) < _FEWEST:
        raise UsageError(f"There are {len(asks)} everyday questions; learning takes {_FEWEST}.")
    strange = sorted(set(more) - set(asks))
    if strange:
        raise UsageError(
            f"No everyday question is called {', '.join(strange)}. Take these lines out of "
            f"{EXAMPLES}, or add the questions to the temperament file."
        )
    ids = tuple(asks)
    texts, labels, own = [], [], []
    for label, name in enumerate(ids):
        for text in (*asks[name], *more.get(name, ())):
            texts.append(without_politeness(text))
            labels.append(label)
        own += [True] * len(asks[name]) + [False] * len(more.get(name, ()))
    vectors = encoder.encode(texts)
    rows = _Rows(ids, texts, vectors, np.array(labels), np.array(own))
    return _measured(rows, _fitted(rows, np.arange(len(texts))))


@dataclass(frozen=True)
class _Rows:
    """All wordings: ``own`` says which are the temperament's."""

    ids: tuple[str, ...]
    texts: list[str]
    vectors: Array
    labels: NDArray[np.int64]
    own: NDArray[np.bool_]


def _fitted(rows: _Rows, some: NDArray[np.int64]) -> LearnedQuestions:
    from sklearn.linear_model import LogisticRegression

    model: LogisticRegression = LogisticRegression(C=_STRENGTH, max_iter=300)
    model.fit(rows.vectors[some], rows.labels[some])
    weights, bias = model.coef_.T, model.intercept_
    if len(model.classes_) == 2:
        # Of two classes it keeps the log-odds of the second against the first.
        weights, bias = np.hstack([-weights, weights]) / 2, np.hstack([-bias, bias]) / 2
    return LearnedQuestions(
        tuple(rows.ids[i] for i in model.classes_),
        weights.astype(np.float32),
        bias.astype(np.float32),
    )


def _measured(rows: _Rows, whole: LearnedQuestions) -> Learned:
    """Leave wordings out, and whole questions, and see what becomes of them.

    A wording of a question that is left out whole stands for what nobody foresaw: whatever it is
    taken for is wrong, and of that there should be little certainty.
    """
    from sklearn.linear_model import LogisticRegression

    further = np.flatnonzero(~rows.own)
    if not len(further):
        return Learned(whole, len(rows.texts), float("nan"), (0.0, 0.0), 0.0)
    part = np.random.default_rng(0).integers(0, _FOLDS, len(rows.texts))
    seen, right, weights = [], [], []
    for fold in range(_FOLDS):
        for unforeseen in (False, True):
            out = rows.labels % _FOLDS == fold if unforeseen else ~rows.own & (part == fold)
            guesses = _guesses(rows, np.flatnonzero(~out), further[out[further]])
            for i, (likeliest, near, lead) in guesses:
                seen.append((near, lead))
                right.append(likeliest == rows.ids[rows.labels[i]])
                weights.append(_UNFORESEEN if unforeseen else 1.0)
    sure = LogisticRegression(C=1e3).fit(np.array(seen), np.array(right), weights)
    first, second = (round(float(w), 1) for w in sure.coef_[0])
    known = [hit for hit, weight in zip(right, weights, strict=True) if weight == 1.0]
    return Learned(
        whole,
        len(rows.texts),
        float(np.mean(known)),
        (first, second),
        round(float(sure.intercept_[0]), 1),
    )


def _guesses(
    rows: _Rows, some: NDArray[np.int64], asked: NDArray[np.int64]
) -> Iterator[tuple[int, tuple[str, float, float]]]:
    """Learn from some rows, and rank what others ask."""
    learned = _fitted(rows, some)
    vectors = dict(zip(rows.texts, rows.vectors, strict=True))
    asks: dict[str, list[str]] = {}
    for i in some:
        if rows.own[i]:
            asks.setdefault(rows.ids[rows.labels[i]], []).append(rows.texts[i])
    questions = everyday_questions(asks, vectors, learned)
    for i in asked:
        yield int(i), questions.ranked(rows.vectors[i])


def write(learned: LearnedQuestions, folder: Path) -> Path:
    """Write ``everyday.safetensors`` (half precision) to a folder; return the file.

    Equal contents give equal bytes.
    """
    file = folder / QUESTIONS
    about = json.dumps({"encoder": SHA256, "ids": learned.ids})
    tensors: dict[str, NDArray[Any]] = {
        "bias": learned.bias,
        "weights": learned.weights.astype(np.float16),
    }
    # One key alone: several would be written in any order.
    content = save(tensors, {"about": about})
    file.write_bytes(content)
    write_manifest(folder)
    return file


def load(folder: Path) -> LearnedQuestions:
    """Load ``everyday.safetensors`` of a folder.

    Raises ModelError when it is missing, damaged, not the manifest's, or another encoder's.
    """
    checked_digests(folder, QUESTIONS, advice=_ADVICE)
    file = folder / QUESTIONS
    try:
        with safe_open(file, "numpy") as stored:
            about = json.loads((stored.metadata() or {})["about"])
            ids = tuple(about["ids"])
            weights = stored.get_tensor("weights").astype(np.float32)
            bias = stored.get_tensor("bias").astype(np.float32)
    except (SafetensorError, KeyError, TypeError, json.JSONDecodeError, OSError) as error:
        raise ModelError(f"{file} can't be read ({error}). {_ADVICE}") from error
    fits = (MiniLM.width, len(ids)) == weights.shape and (len(ids),) == bias.shape
    if about.get("encoder") != SHA256 or not fits:
        raise ModelError(f"{file} was made by another version of CoachBot. {_ADVICE}")
    return LearnedQuestions(ids, weights, bias)
