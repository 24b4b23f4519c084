"""Training the network: losses, the loop, and checkpoints to go on from."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from coachbot.models import threads
from coachbot.models.lessons import Relation, Targets, Unit
from coachbot.models.network import Answers, Network
from coachbot.models.sequences import Sequenced, Sequencer, collate
from coachbot.scoring.findings import FINDINGS
from coachbot.scoring.reading import Reading

if TYPE_CHECKING:
    from transformers import BertModel

Report = Callable[[str], None]

THREADS = 2
_STEP_TOKENS = 3072
# Steps have few different shapes: for every new one, kernels are made anew and kept.
_LENGTHS = 16
# Units whose sequences are sorted by length before they are cut into batches.
_POOL = 384
_WARM_UP = 0.08
_OPTIMISER_STATE = ("step", "exp_avg", "exp_avg_sq")
_EVERY = 100

# How much each loss counts. Set once by hand so that their gradients are of like size.
_WEIGHTS = {
    "levels": 1.0,
    "rationale": 0.7,
    "behaviour": 1.0,
    "question": 0.5,
    "uptake": 6.0,
    "fits": 0.4,
    "graded": 8.0,
    "pair": 1.0,
    "shift": 6.0,
    "dismissal": 0.5,
    "templated": 1.0,
    "templated_whole": 0.3,
    "said": 0.7,
    "called": 0.5,
}
_PAIR_SHARPNESS = 6.0
_FINDING_WEIGHT = 3.0


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. ``rate`` is the adapters' learning rate at its highest."""

    rate: float = 1e-3
    head_rate: float = 1e-3
    decay: float = 0.01
    rank: int = 32
    dropout: float = 0.1
    seed: int = 0


@dataclass(frozen=True)
class ClassWeights:
    """Weights of the classes, so that rare ones are learned too.

    Shapes (3 mechanisms, 3 levels), (4,), (3,), (8,).
    """

    levels: Tensor
    behaviour: Tensor
    question: Tensor
    dismissal: Tensor

    @classmethod
    def of(cls, units: Sequence[Unit]) -> ClassWeights:
        """Take the square root of the inverse frequency, scaled to a mean of 1 over rows."""
        targets = [t for u in units for t in u.targets]
        levels = np.array([t.levels for t in targets if t.levels is not None])
        return cls(
            levels=torch.stack([_balance(levels[:, i], 3) for i in range(3)]),
            behaviour=_balance(
                np.array([t.behaviour for t in targets if t.behaviour is not None]), 4
            ),
            question=_balance(np.array([t.question for t in targets if t.question is not None]), 3),
            dismissal=_balance(
                np.array([t.dismissal for t in targets if t.dismissal is not None]), 8
            ),
        )


def _balance(labels: np.ndarray[tuple[int], np.dtype[np.int64]], classes: int) -> Tensor:
    counts = np.bincount(labels.astype(np.int64), minlength=classes).astype(float)
    raw = np.sqrt(len(labels) / (classes * np.maximum(counts, 1.0)))
    return torch.tensor(raw / (raw @ counts / counts.sum()), dtype=torch.float32)


@dataclass(frozen=True)
class Step:
    """What goes through the network together."""

    sequences: list[Sequenced]
    readings: list[Reading]
    targets: list[Targets]
    relations: list[Relation]


def losses(answers: Answers, step: Step, weights: ClassWeights, width: int) -> Tensor:
    """Return the sum of all losses that the targets of a step allow.

    ``width`` is the length of the padded sequences.
    """
    found: dict[str, Tensor] = {}
    _classes(found, answers, step.targets, weights)
    _numbers(found, answers, step.targets)
    _sentences(found, answers, step)
    _rationales(found, answers, step, width)
    _relations(found, answers, step.relations)
    total = torch.zeros(())
    for name, value in found.items():
        total = total + _WEIGHTS[name] * value
    return total


def _relations(found: dict[str, Tensor], answers: Answers, relations: Sequence[Relation]) -> None:
    graded = torch.sigmoid(answers.graded)
    for kind in ("pair", "shift"):
        some = [r for r in relations if r.kind == kind]
        if not some:
            continue
        first = graded[[r.first for r in some], [r.dimension for r in some]]
        second = graded[[r.second for r in some], [r.dimension for r in some]]
        apart, gap = first - second, torch.tensor([r.gap for r in some])
        found[kind] = ((apart - gap) ** 2).mean()
        if kind == "pair":
            # Ranking first of all; how far apart, second.
            found[kind] = found[kind] + functional.softplus(-_PAIR_SHARPNESS * apart).mean()


def _classes(
    found: dict[str, Tensor], answers: Answers, targets: Sequence[Targets], weights: ClassWeights
) -> None:
    rows = [i for i, t in enumerate(targets) if t.levels is not None]
    if rows:
        labels = torch.tensor([targets[i].levels for i in rows])
        found["levels"] = torch.stack(
            [
                functional.cross_entropy(
                    answers.levels[rows, m], labels[:, m], weight=weights.levels[m]
                )
                for m in range(3)
            ]
        ).sum()
    for name in ("behaviour", "question", "dismissal"):
        rows = [i for i, t in enumerate(targets) if getattr(t, name) is not None]
        if rows:
            labels = torch.tensor([getattr(targets[i], name) for i in rows])
            found[name] = functional.cross_entropy(
                getattr(answers, name)[rows], labels, weight=getattr(weights, name)
            )


def _numbers(found: dict[str, Tensor], answers: Answers, targets: Sequence[Targets]) -> None:
    for name, loss in (
        ("uptake", _squared),
        ("fits", functional.binary_cross_entropy_with_logits),
        ("graded", _squared),
        ("called", functional.binary_cross_entropy_with_logits),
    ):
        wanted = torch.tensor([getattr(t, name) for t in targets])
        some = ~wanted.isnan()
        if some.any():
            found[name] = loss(getattr(answers, name)[some], wanted[some])


def _squared(scores: Tensor, wanted: Tensor) -> Tensor:
    """Return the mean squared error of shares of 1 that are given as log-odds."""
    return ((torch.sigmoid(scores) - wanted) ** 2).mean()


def _sentences(found: dict[str, Tensor], answers: Answers, step: Step) -> None:
    templated: list[float] = []
    spans: list[tuple[int, int]] = []
    said = []
    first = 0
    for target, reading in zip(step.targets, step.readings, strict=True):
        count = len(reading.sentences)
        spans.append((first, first + count))
        first += count
        own = target.templated
        templated += [float("nan")] * count if own is None else list(own)
        nothing = np.full((len(reading.said), len(FINDINGS)), np.nan)
        said.append(nothing if target.said is None else target.said)
    canned = torch.tensor(templated)
    some = ~canned.isnan()
    if some.any():
        found["templated"] = functional.binary_cross_entropy_with_logits(
            answers.templated[some], canned[some]
        )
    wholes = [
        (answers.templated[a:b].sigmoid().mean(), t.templated_whole)
        for t, (a, b) in zip(step.targets, spans, strict=True)
        if not math.isnan(t.templated_whole) and b > a
    ]
    if wholes:
        p = torch.stack([w for w, _ in wholes])
        found["templated_whole"] = ((p - torch.tensor([x for _, x in wholes])) ** 2).mean() * 4
    wanted = torch.tensor(np.concatenate(said), dtype=torch.float32)
    some = ~wanted.isnan()
    if some.any():
        found["said"] = functional.binary_cross_entropy_with_logits(
            answers.said[some], wanted[some], pos_weight=torch.tensor(_FINDING_WEIGHT)
        )


def _rationales(found: dict[str, Tensor], answers: Answers, step: Step, width: int) -> None:
    places: list[int] = []
    labels: list[list[float]] = []
    for row, (sequence, target) in enumerate(zip(step.sequences, step.targets, strict=True)):
        if target.rationales is None:
            continue
        for token in np.flatnonzero(sequence.ends > 0):
            start, end = sequence.starts[token], sequence.ends[token]
            own = [0.0, 0.0, 0.0]
            for mechanism, first, last in target.rationales:
                if start < last and first < end:
                    own[mechanism] = 1.0
            places.append(row * width + int(token))
            labels.append(own)
    if places:
        found["rationale"] = functional.binary_cross_entropy_with_logits(
            answers.rationale[places], torch.tensor(labels)
        )


def steps(
    units: Iterator[Unit], sequencer: Sequencer, random: np.random.Generator
) -> Iterator[Step]:
    """Cut a stream of units into batches of like length."""
    pool: list[tuple[Unit, list[Sequenced]]] = []
    for unit in units:
        pool.append((unit, [sequencer.sequences(r, first_only=True)[0] for r in unit.readings]))
        if len(pool) == _POOL:
            yield from _cut(pool, random)
            pool = []
    if pool:
        yield from _cut(pool, random)


def _cut(pool: list[tuple[Unit, list[Sequenced]]], random: np.random.Generator) -> Iterator[Step]:
    pool.sort(key=lambda p: max(len(s.ids) for s in p[1]))
    cut: list[Step] = []
    step = Step([], [], [], [])
    for unit, sequences in pool:
        longest = _rounded(max(len(s.ids) for s in sequences))
        if step.sequences and (len(step.sequences) + len(sequences)) * longest > _STEP_TOKENS:
            cut.append(step)
            step = Step([], [], [], [])
        first = len(step.sequences)
        step.sequences.extend(sequences)
        step.readings.extend(unit.readings)
        step.targets.extend(unit.targets)
        step.relations.extend(
            Relation(r.first + first, r.second + first, r.dimension, r.gap, r.kind)
            for r in unit.relations
        )
    cut.append(step)
    for i in random.permutation(len(cut)):
        yield cut[int(i)]


def _rounded(length: int) -> int:
    return -(-length // _LENGTHS) * _LENGTHS


@threads.repeatable()
def learn(  # noqa: PLR0913, PLR0917 (all are parts of one run)
    encoder: BertModel,
    sequencer: Sequencer,
    make_units: Callable[[np.random.Generator], Iterator[Unit]],
    weights: ClassWeights,
    total: int,
    recipe: Recipe,
    checkpoint: Path | None,
    report: Report,
) -> dict[str, Tensor]:
    """Train a network on the units, and return what it learned (adapters and heads).

    ``total`` is about how many steps there will be; the learning rate ends there.

    With a ``checkpoint`` file, the state is written every hundred steps, and a run that was
    stopped goes on from there and ends with the same numbers, however busy the machine is.
    """
    torch.set_num_threads(THREADS)
    torch.manual_seed(recipe.seed)
    network = Network(encoder, recipe.rank, recipe.dropout).train()
    network.halve()
    adapters = [
        p for n, p in network.named_parameters() if n.startswith("encoder.") and p.requires_grad
    ]
    others = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": adapters, "lr": recipe.rate}, {"params": others, "lr": recipe.head_rate}],
        weight_decay=recipe.decay,
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: _rate(s, total))
    done = _resume(network, optimiser, schedule, checkpoint)
    random = np.random.default_rng(recipe.seed)
    mean = 0.0
    for number, step in enumerate(steps(make_units(random), sequencer, random)):
        if number < done:
            continue
        # The same masks whether or not the run was stopped before this step.
        torch.manual_seed(recipe.seed * 1_000_003 + number)
        longest = _rounded(max(len(s.ids) for s in step.sequences))
        batch = collate(step.sequences, step.readings, (_STEP_TOKENS // longest, longest))
        loss = losses(network(batch, half=True), step, weights, batch.ids.shape[1])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([*adapters, *others], 1.0)
        optimiser.step()
        schedule.step()
        mean += (loss.item() - mean) / min(number + 1, 50)
        if (number + 1) % _EVERY == 0:
            report(f"step {number + 1} of about {total}: loss {mean:.3f}")
            _keep(network, optimiser, number + 1, checkpoint)
    return network.heads()


def _rate(step: int, total: int) -> float:
    """Rise over the first steps, then fall to nothing in a straight line."""
    rise = max(1.0, _WARM_UP * total)
    return min((step + 1) / rise, max(0.02, (total - step) / max(1.0, total - rise)))


def _keep(
    network: Network,
    optimiser: torch.optim.AdamW,
    done: int,
    file: Path | None,
) -> None:
    if file is None:
        return
    tensors = {f"network.{k}": v.contiguous() for k, v in network.heads().items()}
    for i, state in optimiser.state_dict()["state"].items():
        for part in _OPTIMISER_STATE:
            tensors[f"{part}.{i}"] = state[part]
    file.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and renamed, so that a killed run leaves a whole file.
    save_file(tensors, file.with_suffix(".part"), {"done": str(done)})
    os.replace(file.with_suffix(".part"), file)  # noqa: PTH105 (atomic)


def _resume(
    network: Network,
    optimiser: torch.optim.AdamW,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    file: Path | None,
) -> int:
    """Load a checkpoint if there is one, and return how many steps it has behind it."""
    if file is None or not file.is_file():
        return 0
    with safe_open(file, "pt") as stored:
        done = int(stored.metadata()["done"])
    tensors = load_file(file)
    own = {k.removeprefix("network."): v for k, v in tensors.items() if k.startswith("network.")}
    network.load_state_dict(own, strict=False)
    state = optimiser.state_dict()
    # A head that no example has reached yet has no state, so the numbers may have gaps.
    numbers = [int(k.removeprefix("step.")) for k in tensors if k.startswith("step.")]
    state["state"] = {
        i: {part: tensors[f"{part}.{i}"] for part in _OPTIMISER_STATE} for i in numbers
    }
    optimiser.load_state_dict(state)
    schedule.load_state_dict(schedule.state_dict() | {"last_epoch": done, "_step_count": done + 1})
    for group, base in zip(optimiser.param_groups, schedule.base_lrs, strict=True):
        group["lr"] = base * schedule.lr_lambdas[0](done)
    return done


def estimate_steps(
    make_units: Callable[[np.random.Generator], Iterator[Unit]],
    count: int,
    sequencer: Sequencer,
    seed: int,
    sample: int = 1500,
) -> int:
    """Return about how many steps ``count`` units make, from the first of them."""
    some = list(islice(make_units(np.random.default_rng(seed)), sample))
    found = sum(1 for _ in steps(iter(some), sequencer, np.random.default_rng(seed)))
    return max(1, round(found * count / len(some)))
