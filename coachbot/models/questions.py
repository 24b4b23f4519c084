"""Learning which everyday question a question is, from many wordings of each.

The wordings in ``models/examples/everyday.jsonl`` are beside those that a temperament file gives.
They are read once, here: what a practice needs of them are an encoder's adapters and one linear
map, a megabyte and a half instead of thousands of sentences to encode whenever it starts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from coachbot.customer.everyday import UNLEARNED, LearnedQuestions, Sureness, everyday_questions
from coachbot.customer.stance import without_politeness
from coachbot.errors import ModelError, UsageError
from coachbot.models.artefacts import QUESTIONS, checked_digests, write_manifest
from coachbot.models.encoder import SHA256, MiniLM
from coachbot.models.examples import numbered
from coachbot.models.memory import RememberingEncoder
from coachbot.models.question_encoder import QuestionEncoder
from coachbot.scoring.protocol import Array

_ADVICE = "Put the released file back, or make it: coachbot scenarios learn-questions"
EXAMPLES = "everyday.jsonl"
_LEFT_OUT = 5
"""Of the further wordings one in so many is left out, to see how well it does."""
_UNKNOWN = 8
"""And of the questions one in so many, to see what becomes of what nobody foresaw."""
# With one left out, there are two to tell apart.
_FEWEST = 3
# About one question in six is of a kind that nobody foresaw.
_UNFORESEEN = 1 / 6
_WEIGHTS = "questions"
_KEPT = 1024
"""Questions that were asked lately and are not read again."""


class Wordings(BaseModel):
    """Wordings of one everyday question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    ask: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Learned:
    """What was learned, and how well it did on wordings that were left out.

    ``right``: share taken for their own question, 0 to 1; not a number where there were none.
    """

    questions: LearnedQuestions
    wordings: int
    right: float


def read_wordings(examples: Path) -> dict[str, tuple[str, ...]]:
    """Read ``everyday.jsonl`` of a folder. Raises UsageError with file and line."""
    file = examples / EXAMPLES
    found: dict[str, tuple[str, ...]] = {}
    for number, one in numbered(Wordings, file):
        if one.id in found:
            raise UsageError(f"{file}, line {number}: {one.id} has a line already.")
        found[one.id] = one.ask
    return found


def learn(
    asks: Mapping[str, Sequence[str]], more: Mapping[str, Sequence[str]], encoder: MiniLM
) -> Learned:
    """Learn from a temperament's own phrases, ``asks``, and ``more`` wordings of the questions.

    It learns twice: once without some, to see how well it does and how sure it may be, and once
    from all. Raises UsageError for wordings of a question that is not in ``asks``, and for fewer
    than three questions.
    """
    if len(asks) < _FEWEST:
        raise UsageError(f"There are {len(asks)} everyday questions; learning takes {_FEWEST}.")
    strange = sorted(set(more) - set(asks))
    if strange:
        raise UsageError(
            f"No everyday question is called {', '.join(strange)}. Take these lines out of "
            f"{EXAMPLES}, or add the questions to the temperament file."
        )
    texts, labels, own = [], [], []
    for label, name in enumerate(asks):
        further = more.get(name, ())
        texts += [without_politeness(text) for text in (*asks[name], *further)]
        labels += [label] * (len(asks[name]) + len(further))
        own += [True] * len(asks[name]) + [False] * len(further)
    rows = _Rows(tuple(asks), texts, np.array(labels), np.array(own))
    sureness, right = _measured(rows, encoder)
    whole = replace(_learned(rows, np.arange(len(texts)), encoder), sureness=sureness)
    return Learned(whole, len(texts), right)


@dataclass(frozen=True)
class _Rows:
    """All wordings: ``own`` says which are the temperament's."""

    ids: tuple[str, ...]
    texts: list[str]
    labels: NDArray[np.int64]
    own: NDArray[np.bool_]


def _learned(rows: _Rows, some: NDArray[np.int64], encoder: MiniLM) -> LearnedQuestions:
    """Learn from some rows."""
    there, labels = np.unique(rows.labels[some], return_inverse=True)
    adapted = QuestionEncoder(encoder)
    weights = adapted.learn([rows.texts[i] for i in some], labels)
    return LearnedQuestions(
        tuple(rows.ids[label] for label in there), weights.numpy(), adapted, UNLEARNED
    )


def _measured(rows: _Rows, encoder: MiniLM) -> tuple[Sureness, float]:
    """Leave wordings out, and whole questions, and see what becomes of them.

    A wording of a question that is left out whole stands for what nobody foresaw: whatever it is
    taken for is wrong, and of that there should be little certainty.
    """
    from sklearn.linear_model import LogisticRegression

    part = np.random.default_rng(0).integers(0, _LEFT_OUT, len(rows.texts))
    unforeseen = rows.labels % _UNKNOWN == 0
    asked = np.flatnonzero(~rows.own & (part == 0))
    if not len(asked):
        return UNLEARNED, float("nan")
    some = np.flatnonzero(~unforeseen & (rows.own | (part != 0)))
    guesses = _ranked(rows, some, asked, encoder)
    right = np.array(
        [name == rows.ids[rows.labels[i]] for i, (name, _, _) in zip(asked, guesses, strict=True)]
    )
    known = ~unforeseen[asked]
    share = float(right[known].mean()) if known.any() else float("nan")
    if right.all() or not right.any():
        return UNLEARNED, share
    weights = np.where(known, 1.0, _UNFORESEEN * known.sum() / max(1, (~known).sum()))
    seen = np.array([(near, lead) for _, near, lead in guesses])
    fitted = LogisticRegression(C=1e3).fit(seen, right, weights)
    near, lead = (round(float(weight), 2) for weight in fitted.coef_[0])
    return Sureness(near, lead, round(float(fitted.intercept_[0]), 2)), share


def _ranked(
    rows: _Rows, some: NDArray[np.int64], asked: NDArray[np.int64], encoder: MiniLM
) -> list[tuple[str, float, float]]:
    """Learn from some rows, and rank what others ask."""
    learned = _learned(rows, some, encoder)
    vectors = encoder.encode(rows.texts)
    asks: dict[str, list[str]] = {}
    for i in some:
        if rows.own[i]:
            asks.setdefault(rows.ids[rows.labels[i]], []).append(rows.texts[i])
    questions = everyday_questions(asks, dict(zip(rows.texts, vectors, strict=True)), learned)
    return questions.ranked([rows.texts[i] for i in asked], vectors[asked])


def write(learned: LearnedQuestions, folder: Path) -> Path:
    """Write ``everyday.safetensors`` (half precision) to a folder; return the file.

    Equal contents give equal bytes. Raises TypeError for questions that :func:`learn` didn't make.
    """
    encoder = learned.encoder
    if not isinstance(encoder, QuestionEncoder):
        raise TypeError("only what was learned here can be written")
    file = folder / QUESTIONS
    about = {"encoder": SHA256, "ids": learned.ids, "sureness": asdict(learned.sureness)}
    adapters = {name: value.half().contiguous() for name, value in encoder.adapters().items()}
    weights = torch.from_numpy(learned.weights).half().contiguous()
    # One key alone: several would be written in any order.
    content = save({**adapters, _WEIGHTS: weights}, {"about": json.dumps(about)})
    file.write_bytes(content)
    write_manifest(folder)
    return file


def load(folder: Path, encoder: MiniLM) -> LearnedQuestions:
    """Load ``everyday.safetensors`` of a folder, for the encoder whose weights it adapts.

    Raises ModelError when it is missing, damaged, not the manifest's, or another encoder's.
    """
    checked_digests(folder, QUESTIONS, advice=_ADVICE)
    file = folder / QUESTIONS
    try:
        with safe_open(file, "pt") as stored:
            about = json.loads((stored.metadata() or {})["about"])
            ids, sureness = tuple(about["ids"]), Sureness(**about["sureness"])
            tensors = {name: stored.get_tensor(name).float() for name in stored.keys()}  # noqa: SIM118
        weights: Array = tensors.pop(_WEIGHTS).numpy()
    except (SafetensorError, KeyError, TypeError, json.JSONDecodeError, OSError) as error:
        raise ModelError(f"{file} can't be read ({error}). {_ADVICE}") from error
    adapted = QuestionEncoder(encoder)
    try:
        adapted.adapt(tensors)
        fits = (MiniLM.width, len(ids)) == weights.shape
    except (KeyError, RuntimeError):
        fits = False
    if about.get("encoder") != SHA256 or not fits:
        raise ModelError(f"{file} was made by another version of CoachBot. {_ADVICE}")
    return LearnedQuestions(ids, weights, RememberingEncoder(adapted, _KEPT), sureness)
