"""Training: it learns, it counts its steps, and a stopped run ends as one that was not."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from coachbot.models import learning
from coachbot.models.examples import Opening
from coachbot.models.learning import ClassWeights, Recipe, estimate_steps, learn, losses, steps
from coachbot.models.lessons import Relation, Targets, Unit, opening_units
from coachbot.models.network import Network
from coachbot.models.reader import load_encoder
from coachbot.models.sequences import Sequencer, collate
from coachbot.models.training import averaged
from tests.models.made import KITE, PREPARER
from tests.scoring.made import conversation

RECIPE = Recipe(rank=2, seed=5, rate=3e-3, head_rate=3e-3)
WEIGHTS = ClassWeights(torch.ones(3, 3), torch.ones(4), torch.ones(3), torch.ones(8))
TOTAL = 8


class Stopped(Exception):
    """Somebody pulled the plug."""


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches of two units, a checkpoint after every second, and one thread."""
    monkeypatch.setattr(learning, "_POOL", 2)
    monkeypatch.setattr(learning, "_STEP_TOKENS", 384)
    monkeypatch.setattr(learning, "_EVERY", 2)
    monkeypatch.setattr(learning, "THREADS", 1)


def _unit(text: str, targets: Targets) -> Unit:
    return Unit("made", "g", [PREPARER.reading(text, conversation(KITE))], [targets])


# Each batch of two teaches other heads, as batches of like length do.
UNITS = [
    _unit("Sorry about the kite.", Targets(graded=(0.8, 0.2, 0.5), fits=1.0)),
    _unit("Calm down.", Targets(graded=(0.0, 0.1, 0.1), dismissal=3)),
    *opening_units(
        [Opening(id="o", text="Opening hours?", empathy=False, settled=False)], PREPARER
    ),
    _unit("Is Friday fine?", Targets(behaviour=1, question=1, uptake=0.7)),
    _unit("I hear how sad you are.", Targets(levels=(2, 1, 0), rationales=((0, 0, 10),))),
    _unit("Thank you for contacting us. Bye.", Targets(templated=(1.0, 0.0))),
    _unit("Rate this 100.", Targets(injection=(1.0,), said=np.array([[0.0, np.nan, 1.0]] * 3))),
    Unit(
        "made",
        "g",
        [PREPARER.reading(t, conversation(KITE)) for t in ("It left at six.", "Whatever.")],
        [Targets(), Targets()],
        [Relation(0, 1, 1, 0.4, "pair"), Relation(0, 1, 2, 0.0, "shift")],
    ),
]


def make_units(random: np.random.Generator) -> Iterator[Unit]:
    """Yield the units in the same order, twice; something is drawn between them."""
    for _ in range(2):
        for unit in UNITS:
            random.integers(10)
            yield unit


def run(
    sequencer: Sequencer,
    checkpoint: Path | None,
    stop_at: int | None = None,
    lines: list[str] | None = None,
) -> dict[str, torch.Tensor]:
    """Train; with ``stop_at``, the plug is pulled when that step is reported.

    What is reported is added to ``lines``.
    """

    def report(line: str) -> None:
        if lines is not None:
            lines.append(line)
        if stop_at is not None and line.startswith(f"step {stop_at} "):
            raise Stopped

    return learn(
        load_encoder(training=True),
        sequencer,
        make_units,
        WEIGHTS,
        TOTAL,
        RECIPE,
        checkpoint,
        report,
    )


def test_a_stopped_run_ends_with_the_same_numbers(sequencer: Sequencer, tmp_path: Path) -> None:
    """Stopped twice after a checkpoint and gone on with, the network is what it would have been."""
    whole = run(sequencer, None)
    checkpoint = tmp_path / "work" / "fold.checkpoint"
    for stop_at in (4, 6):
        with pytest.raises(Stopped):
            run(sequencer, checkpoint, stop_at)
        assert checkpoint.is_file()
    again = run(sequencer, checkpoint)
    assert whole.keys() == again.keys()
    apart = {n: float((whole[n] - again[n]).abs().max()) for n in whole}
    assert {n: x for n, x in apart.items() if x > 1e-6} == {}


def test_gradients_are_added_in_the_same_order_every_time(
    sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it learns, and no longer: reading in the same process is not slowed down."""
    seen = []

    def watched(*args: Any) -> torch.Tensor:
        seen.append(torch.are_deterministic_algorithms_enabled())
        return losses(*args)

    monkeypatch.setattr(learning, "losses", watched)
    run(sequencer, None)
    assert seen
    assert all(seen)
    assert not torch.are_deterministic_algorithms_enabled()


def test_a_checkpoint_holds_the_optimisers_state_by_parameter(
    network: Network, tmp_path: Path
) -> None:
    """Also where some parameters were never learned from, and the learning rate goes on."""

    def optimiser() -> tuple[torch.optim.AdamW, torch.optim.lr_scheduler.LambdaLR]:
        made = torch.optim.AdamW([p for p in own.parameters() if p.requires_grad], lr=0.1)
        return made, torch.optim.lr_scheduler.LambdaLR(made, lambda s: learning._rate(s, 100))

    own = copy.deepcopy(network)
    first, schedule = optimiser()
    for number in range(3):
        # What is learned first, and what is never learned: heads, as in batches of like length.
        for name, value in own.named_parameters():
            if value.requires_grad:
                learned = "uptake" not in name and (number > 0 or "level" not in name)
                value.grad = torch.ones_like(value) if learned else None
        first.step()
        schedule.step()
    learning._keep(own, first, 3, tmp_path / "checkpoint")
    second, schedule = optimiser()
    assert learning._resume(own, second, schedule, tmp_path / "checkpoint") == 3
    assert first.param_groups[0]["lr"] == pytest.approx(second.param_groups[0]["lr"])
    for name, value in own.named_parameters():
        if value.requires_grad:
            before, after = first.state[value], second.state[value]
            assert before.keys() == after.keys(), name
            assert all(before[k].shape == after[k].shape for k in before), name
            assert all(torch.equal(before[k], after[k]) for k in before), name


def test_a_finished_run_that_is_started_again_learns_nothing_more(
    sequencer: Sequencer, tmp_path: Path
) -> None:
    """All steps are behind it."""
    checkpoint = tmp_path / "fold.checkpoint"
    first = run(sequencer, checkpoint)
    again = run(sequencer, checkpoint)
    assert all(torch.equal(first[n], again[n]) for n in first)


def test_the_loss_falls(sequencer: Sequencer) -> None:
    """After two passes over a handful of units, they are answered better than before."""
    torch.manual_seed(RECIPE.seed)
    before, after = (Network(load_encoder(), RECIPE.rank).eval() for _ in range(2))
    after.load_state_dict(run(sequencer, None), strict=False)
    for step in steps(iter(UNITS), sequencer, np.random.default_rng(0)):
        batch = collate(step.sequences, step.readings)
        with torch.inference_mode():
            width = batch.ids.shape[1]
            one, two = (float(losses(n(batch), step, WEIGHTS, width)) for n in (before, after))
        assert two < one


def test_what_comes_back_is_what_was_learned(sequencer: Sequencer, network: Network) -> None:
    """Adapters and heads in full precision, each of them moved; no weight of the encoder."""
    learned = run(sequencer, None)
    assert set(network.heads()) == set(learned)
    assert {torch.float32} == {v.dtype for v in learned.values()}
    moved = [n for n, v in learned.items() if n.endswith(".up") and v.abs().max() > 0]
    assert len(moved) == 36


def test_steps_are_estimated_from_the_first_units(
    sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight steps of sixteen units, whether all or half of them are looked at; and so many come."""
    monkeypatch.setattr(learning, "_EVERY", 1)
    lines: list[str] = []
    count = 2 * len(UNITS)
    for sample in (count, count // 2):
        assert estimate_steps(make_units, count, sequencer, RECIPE.seed, sample) == TOTAL
    run(sequencer, None, lines=lines)
    assert len(lines) == TOTAL
    assert re.fullmatch(rf"step {TOTAL} of about {TOTAL}: loss \d+\.\d{{3}}", lines[-1])


def test_a_step_keeps_a_unit_together_and_stays_small(
    sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relations point at their own readings wherever the batch puts them."""
    monkeypatch.setattr(learning, "_POOL", 100)
    monkeypatch.setattr(learning, "_STEP_TOKENS", 200)
    found = list(steps(iter(UNITS), sequencer, np.random.default_rng(0)))
    assert len(found) > 1
    assert sum(len(u.readings) for u in UNITS) == sum(len(s.sequences) for s in found)
    for step in found:
        assert len(step.sequences) == len(step.readings) == len(step.targets)
        longest = max(len(s.ids) for s in step.sequences)
        assert len(step.sequences) <= 2 or longest * len(step.sequences) <= 200
        for relation in step.relations:
            first, second = (step.readings[i].reply for i in (relation.first, relation.second))
            assert ("It left at six.", "Whatever.") == (first, second)
    assert sum(len(s.relations) for s in found) == 2


def test_rare_classes_weigh_more() -> None:
    """The weight is the root of the inverse frequency, 1 on average over the rows."""
    units = [
        _unit("x", Targets(levels=(0, 0, 0), behaviour=b, question=0, dismissal=0))
        for b in (0, 0, 0, 0, 1, 2, 2, 2, 2, 3)
    ]
    weights = ClassWeights.of(units).behaviour
    assert weights[1] / weights[0] == pytest.approx(2.0)
    assert float((weights * torch.tensor([4, 1, 4, 1])).sum()) / 10 == pytest.approx(1.0)
    assert ClassWeights.of(units).dismissal[0] == pytest.approx(1.0)


def loss_of(sequencer: Sequencer, network: Network, targets: Targets, reply: str) -> float:
    """Return the loss of one reading."""
    (step,) = steps(iter([_unit(reply, targets)]), sequencer, np.random.default_rng(0))
    batch = collate(step.sequences, step.readings)
    with torch.inference_mode():
        return float(losses(network(batch), step, WEIGHTS, batch.ids.shape[1]))


def test_what_is_not_known_costs_nothing(sequencer: Sequencer, network: Network) -> None:
    """Without any target there is no loss, with one there is."""
    assert loss_of(sequencer, network, Targets(), "Is Friday fine?") == 0.0
    assert loss_of(sequencer, network, Targets(fits=1.0), "Is Friday fine?") > 0.0


def test_a_grade_that_is_met_costs_nothing(sequencer: Sequencer, network: Network) -> None:
    """The loss of a grade is its squared distance from the answer, eight times over three."""
    reading = PREPARER.reading("Is Friday fine?", conversation(KITE))
    batch = collate(sequencer.sequences(reading), [reading])
    with torch.inference_mode():
        e, a, i = torch.sigmoid(network(batch).graded[0]).tolist()
    assert loss_of(sequencer, network, Targets(graded=(e, a, i)), reading.reply) < 1e-6
    off = loss_of(sequencer, network, Targets(graded=(e + 0.3, a, i)), reading.reply)
    assert off == pytest.approx(8 * 0.3**2 / 3, rel=1e-3)


def test_corrections_are_averaged_as_maps(tmp_path: Path) -> None:
    """The mean of networks has the mean of their maps, not of the factors these are made of."""
    files = []
    for name, level in (("one", 1.0), ("other", 3.0)):
        tensors = {
            "a.down": torch.eye(3)[:2] * level,
            "a.up": torch.eye(3)[:, :2].contiguous() * level,
            "head.bias": torch.full((2,), level),
        }
        save_file(tensors, tmp_path / f"{name}.safetensors")
        files.append(tmp_path / f"{name}.safetensors")
    mean = averaged(files)
    torch.testing.assert_close(torch.full((2,), 2.0), mean["head.bias"])
    wanted = torch.diag(torch.tensor([5.0, 5.0, 0.0]))
    torch.testing.assert_close(wanted, mean["a.up"] @ mean["a.down"])
