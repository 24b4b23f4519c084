"""Training: from the public sets and the graded examples to the files in ``models/``.

Every set is cut in three, groups apart. On each two of the parts a network is trained once for
every emphasis, and the mean of these networks answers for the part that they have not seen. From
these answers the temperatures, thresholds, dimension tables and intervals are fitted and the public
figures computed; the released network is the mean of all.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from coachbot.errors import ModelError
from coachbot.models.artefacts import digest_of, save
from coachbot.models.batches import batches
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
from coachbot.models.examples import (
    InjectionExample,
    Opening,
    SameMeaning,
    Situation,
    read_exported,
    read_held_out,
    read_injections,
    read_innocent,
    read_openings,
    read_same_meaning,
    read_situations,
)
from coachbot.models.lessons import (
    Draw,
    Preparer,
    Unit,
    annomi_units,
    asked_for_more,
    corrupted,
    echoes,
    epitome_units,
    injection_draws,
    maia_units,
    opening_units,
    own_units,
    plan,
    same_units,
    swapped,
    under_others,
    uptake_units,
    varied,
)
from coachbot.models.reads import LEARNED, load_reads, save_reads
from coachbot.scoring.findings import FINDINGS
from coachbot.scoring.interface import Dimension
from coachbot.scoring.reading import Read
from coachbot.scoring.words import Rarity, content_words

if TYPE_CHECKING:
    from torch import Tensor

    from coachbot.models.learning import Recipe

Report = Callable[[str], None]
Example = TypeVar("Example", InjectionExample, Opening, SameMeaning)
Rows = NDArray[np.int64]

FOLDS = 3
_INJECTION_DRAWS = 3
_INJECTION_STRENGTH = 0.005
KEPT = "cross-validation.npz"
NOTES = "training.json"
# The rank to which the mean of networks' corrections is cut (by singular values).
RELEASED_RANK = 64
# Words in at least this share of the background texts are common, and weigh by how common.
_COMMON = 0.004


@dataclass(frozen=True)
class Emphasis:
    """What a network is made to look at: how often it sees each kind of unit."""

    name: str
    passes: Mapping[str, int]


_PLAIN = {
    "epitome": 3,
    "annomi": 3,
    "uptake": 3,
    "maia": 2,
    "graded": 2,
    "pairs": 2,
    "called": 2,
    "same": 1,
    "varied": 1,
    "under_others": 1,
    "swapped_epitome": 1,
    "swapped_uptake": 1,
    "swapped_maia": 1,
}
# Alone, the first is steadier under stock phrases and better at telling the better of two replies,
# the second closer to the grades and better at echoes; their mean has most of both.
EMPHASES = (
    Emphasis("plain", _PLAIN),
    Emphasis(
        "corrupted",
        {**_PLAIN, "uptake": 4, "same": 3, "corrupted": 1, "asked_for_more": 1, "echoes": 1},
    ),
)


@dataclass(frozen=True)
class PublicSets:
    """The rows of the public sets."""

    pairs: list[EpitomePair]
    utterances: list[AnnoMIUtterance]
    exchanges: list[UptakeExchange]
    turns: list[SupportTurn]

    @classmethod
    def read(cls, data: Path) -> PublicSets:
        """Read the sets. Raises UsageError when something is missing or can't be read."""
        return cls(read_epitome(data), read_annomi(data), read_uptake(data), read_maia(data))

    def units(self, preparer: Preparer) -> dict[str, list[Unit]]:
        """Return the rows taken apart, by set, one unit for each."""
        return {
            "epitome": epitome_units(self.pairs, preparer),
            "annomi": annomi_units(self.utterances, preparer),
            "uptake": uptake_units(self.exchanges, preparer),
            "maia": maia_units(self.turns, preparer),
        }


@dataclass(frozen=True)
class Corpus:
    """Everything that is learned from, read and taken apart."""

    public: PublicSets
    situations: list[Situation]
    rarity: Rarity
    preparer: Preparer
    units: Mapping[str, list[Unit]]
    examples: Path

    @classmethod
    def read(cls, data: Path, examples: Path, report: Report, more: Sequence[Path] = ()) -> Corpus:
        """Read everything. Raises UsageError when something is missing or can't be read.

        ``more``: files of further graded situations, as grades of people were exported.
        """
        public = PublicSets.read(data)
        situations = read_situations(examples)
        known = [*situations, *read_held_out(examples)] if more else []
        further = read_exported(more, known)
        situations += further
        report(
            f"{len(public.pairs)} EPITOME pairs, {len(public.utterances)} AnnoMI utterances, "
            f"{len(public.exchanges)} Uptake exchanges, {len(public.turns)} MAIA turns, "
            f"{len(situations) - len(further)} situations of our own"
            + (f", {len(further)} graded in practice" if further else "")
        )
        newest = [s.conversation.newest for s in situations]
        customers = dict.fromkeys(t.customer for t in public.turns if len(t.customer) > 60)
        rarity = measure_rarity([*newest, *customers, *(p.post for p in public.pairs)])
        preparer = Preparer(rarity)
        graded, compared, alone = own_units(situations, preparer)
        openings = opening_units(_learned(read_openings(examples)), preparer)
        own = {"graded": graded, "pairs": compared, "called": alone + openings}
        return cls(
            public, situations, rarity, preparer, {**public.units(preparer), **own}, examples
        )


def measure_rarity(texts: Sequence[str]) -> Rarity:
    """Measure how common words are over texts, each text counting a word once."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(content_words(text)))
    most = np.log(len(texts))
    common = {w: n for w, n in seen.items() if n / len(texts) >= _COMMON}
    return Rarity({w: round(float(np.log(len(texts) / n) / most), 3) for w, n in common.items()})


def row_numbers_of(sets: PublicSets) -> dict[str, Rows]:
    """Return a number for each public row by which it is known again, without its text."""
    return {
        "epitome": row_numbers(f"{p.post}\n{p.response}" for p in sets.pairs),
        "annomi": row_numbers(f"{u.context}\n{u.text}" for u in sets.utterances),
        "uptake": row_numbers(f"{x.student}\n{x.teacher}" for x in sets.exchanges),
        "maia": row_numbers(
            f"{t.dialogue}\n{t.customer}\n{' '.join(t.sentences)}" for t in sets.turns
        ),
    }


def row_numbers(texts: Iterable[str]) -> Rows:
    """Return the first eight bytes of each text's sha256 as a number."""
    digests = [hashlib.sha256(t.encode("utf-8", "surrogatepass")).digest()[:8] for t in texts]
    return np.array([int.from_bytes(d, "big", signed=True) for d in digests], dtype=np.int64)


@dataclass(frozen=True)
class Fold:
    """Which units networks learn from, and which they answer for (by set, unit numbers)."""

    learned: Mapping[str, list[int]]
    answered: Mapping[str, list[int]]


def folds(corpus: Corpus, seed: int) -> list[Fold]:
    """Split every set in three, groups apart; MAIA's two clients are learned one at a time."""
    clients = sorted({u.group for u in corpus.units["maia"]})
    names = [s.situation for s in corpus.situations]
    of_situation = _parts(names, seed)
    found = []
    for number in range(FOLDS):
        learned: dict[str, list[int]] = {}
        answered: dict[str, list[int]] = {}
        for name, units in corpus.units.items():
            if name == "maia":
                inside = [u.group == clients[number % len(clients)] for u in units]
            elif name in ("graded", "pairs", "called"):
                inside = [of_situation.get(u.group) == number for u in units]
            else:
                part = _parts([u.group for u in units], seed)
                inside = [part[u.group] == number for u in units]
            learned[name] = [i for i, x in enumerate(inside) if not x]
            answered[name] = [i for i, x in enumerate(inside) if x]
        found.append(Fold(learned, answered))
    return found


def _parts(groups: Sequence[str], seed: int) -> dict[str, int]:
    splitter = GroupKFold(FOLDS, shuffle=True, random_state=seed)
    found: dict[str, int] = {}
    for number, (_, test) in enumerate(splitter.split(groups, groups=np.array(groups))):
        found |= {groups[i]: number for i in test}
    return found


def curriculum(
    corpus: Corpus, fold: Fold, emphasis: Emphasis
) -> tuple[dict[str, Sequence[Unit]], dict[str, Sequence[Draw]]]:
    """Return what a network learns: fixed units, and units that are drawn in every pass."""
    fixed: dict[str, Sequence[Unit]] = {
        name: [corpus.units[name][i] for i in rows] for name, rows in fold.learned.items()
    }
    preparer = corpus.preparer
    known = {u.group for u in fixed["graded"]}
    situations = [s for s in corpus.situations if s.situation in known]
    fixed["same"] = same_units(_learned(read_same_meaning(corpus.examples)), preparer)
    by_situation: dict[str, list[Unit]] = {}
    for unit in fixed["graded"]:
        by_situation.setdefault(unit.group, []).append(unit)
    posts = {
        "swapped_epitome": ("epitome", [p.post for p in corpus.public.pairs]),
        "swapped_uptake": ("uptake", [x.student for x in corpus.public.exchanges]),
        "swapped_maia": ("maia", [t.customer for t in corpus.public.turns]),
    }
    drawn: dict[str, Sequence[Draw]] = {
        name: swapped(fixed[task], preparer, [texts[u.row] for u in fixed[task]])
        for name, (task, texts) in posts.items()
    }
    drawn["varied"] = [
        varied(unit, s, reply, preparer)
        for s in situations
        for reply, unit in zip(s.replies, by_situation[s.situation], strict=True)
    ]
    drawn["under_others"] = [draw for _, draw in under_others(situations, preparer)]
    drawn["corrupted"] = corrupted(situations, preparer)
    drawn["asked_for_more"] = asked_for_more(situations, preparer)
    drawn["echoes"] = echoes(situations, preparer)
    return fixed, {name: draws for name, draws in drawn.items() if name in emphasis.passes}


def network_name(emphasis: Emphasis, number: int) -> str:
    """What people call the network that is trained without part ``number`` (from 0 on)."""
    return f"{emphasis.name}-{number + 1}"


def train_network(
    corpus: Corpus, number: int, emphasis: Emphasis, recipe: Recipe, work: Path, report: Report
) -> Path:
    """Train one network on a fold, and return the file that it is in.

    A network that is there already is kept, and a run that was stopped goes on from its checkpoint.
    """
    from safetensors.torch import save_file

    from coachbot.models.learning import ClassWeights, estimate_steps, learn
    from coachbot.models.reader import load_encoder, load_tokenizer
    from coachbot.models.sequences import Sequencer

    folder = work / f"training-{_digest_of(corpus, recipe, emphasis)}"
    file = folder / f"fold-{number}.safetensors"
    name = f"network {network_name(emphasis, number)}"
    if file.is_file():
        report(f"{name}: already there")
        return file
    fixed, drawn = curriculum(corpus, folds(corpus, recipe.seed)[number], emphasis)
    passes = emphasis.passes

    def units(random: np.random.Generator) -> Iterator[Unit]:
        return plan(fixed, drawn, passes, random)

    sequencer = Sequencer(load_tokenizer())
    count = sum(len(x) * passes[task] for task, x in (*fixed.items(), *drawn.items()))
    learned = learn(
        load_encoder(training=True),
        sequencer,
        units,
        ClassWeights.of([u for some in fixed.values() for u in some]),
        estimate_steps(units, count, sequencer, recipe.seed),
        recipe,
        folder / f"fold-{number}.checkpoint",
        lambda line: report(f"{name}: {line}"),
    )
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in learned.items()}, file)
    (folder / f"fold-{number}.checkpoint").unlink(missing_ok=True)
    return file


def answer_fold(
    corpus: Corpus,
    number: int,
    recipe: Recipe,
    networks: Sequence[Path],
    work: Path,
    report: Report,
) -> Path:
    """Let the mean of a fold's networks answer for what they have not seen; return the file."""
    from coachbot.models.reader import NetworkReader, load_tokenizer, network_of
    from coachbot.models.sequences import Sequencer

    digests = "|".join(_digest_of(corpus, recipe, e) for e in EMPHASES)
    folder = work / f"answers-{hashlib.sha256(digests.encode()).hexdigest()[:12]}"
    file = folder / f"fold-{number}.npz"
    if file.is_file():
        return file
    fold = folds(corpus, recipe.seed)[number]
    reader = NetworkReader(network_of(averaged(networks)), Sequencer(load_tokenizer()))
    reads: dict[str, list[list[Read]]] = {}
    for name, rows in fold.answered.items():
        some = [corpus.units[name][i] for i in rows]
        flat = reader.read([r for u in some for r in u.readings])
        size = len(some[0].readings) if some else 1
        reads[name] = [flat[i : i + size] for i in range(0, len(flat), size)]
        report(f"fold {number + 1} of {FOLDS}: {name} answered")
    folder.mkdir(parents=True, exist_ok=True)
    save_reads(file, fold.answered, reads)
    return file


def out_of_fold(corpus: Corpus, files: Sequence[Path]) -> dict[str, dict[int, list[Read]]]:
    """Return, by set, each unit's answers by networks that had not seen it."""
    found: dict[str, dict[int, list[Read]]] = {name: {} for name in corpus.units}
    for file in files:
        for name, answers in load_reads(file).items():
            found[name] |= answers
    return found


def train(
    data: Path,
    examples: Path,
    models: Path,
    work: Path,
    seed: int,
    report: Report,
    *,
    more: Sequence[Path] = (),
) -> None:
    """Train everything and write it to the folder ``models``.

    ``more``: files of graded situations to learn from beside those in ``examples``.
    Networks, their checkpoints and answers are kept in the folder ``work`` until all is done; a
    run that was stopped goes on there. The same data and seed give the same scores.
    """
    from coachbot.models.calibrating import calibrate
    from coachbot.models.learning import Recipe

    corpus = Corpus.read(data, examples, report, more)
    recipe = Recipe(seed=seed)
    networks = [
        [train_network(corpus, number, e, recipe, work, report) for e in EMPHASES]
        for number in range(FOLDS)
    ]
    answers = out_of_fold(
        corpus,
        [answer_fold(corpus, i, recipe, fold, work, report) for i, fold in enumerate(networks)],
    )
    calibration, ablations = calibrate(corpus, answers)
    report("temperatures, thresholds and tables: fitted")
    models.mkdir(parents=True, exist_ok=True)
    tensors = with_injection_head(averaged([n for fold in networks for n in fold]), corpus, seed)
    report("texts that speak to the scorer: fitted")
    save(tensors, calibration, models)
    _keep_answers(corpus, answers, models / KEPT)
    notes = Notes(
        seed=seed,
        recipe=asdict(recipe),
        passes={e.name: dict(e.passes) for e in EMPHASES},
        networks={
            network_name(e, number): digest_of(file)
            for number, fold in enumerate(networks)
            for e, file in zip(EMPHASES, fold, strict=True)
        },
        situations=len(corpus.situations),
        replies=sum(len(s.replies) for s in corpus.situations),
        pairs=sum(len(s.pairs) for s in corpus.situations),
        ablations=ablations,
    )
    content = json.dumps(asdict(notes), indent=1) + "\n"
    (models / NOTES).write_text(content, encoding="utf-8")
    report(f"written to {models}")


@dataclass(frozen=True)
class Ablation:
    """What a signal is worth to a dimension: errors with it and without it.

    ``error`` is the mean absolute difference from the grade in points, ``wrong`` the share of
    pairs in the wrong order, both cross-validated over situations; ``kept`` says whether the table
    has the signal.
    """

    dimension: Dimension
    signal: str
    error_with: float
    error_without: float
    wrong_with: float
    wrong_without: float
    kept: bool


@dataclass(frozen=True)
class Notes:
    """How the released files came about, for the model card.

    ``networks``: the SHA-256 of each network that the released one is the mean of, as it was
    written when it was trained, by `network_name`.
    """

    seed: int
    recipe: dict[str, float]
    passes: dict[str, dict[str, int]]
    networks: dict[str, str]
    situations: int
    replies: int
    pairs: int
    ablations: list[Ablation]


def read_notes(models: Path) -> Notes:
    """Read the notes that training wrote. Raises ModelError when they are missing or damaged."""
    try:
        content = json.loads((models / NOTES).read_text(encoding="utf-8"))
        content["ablations"] = [Ablation(**a) for a in content["ablations"]]
        return Notes(**content)
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = (
            f"{models / NOTES} can't be read ({error}). Put the released files back, or train "
            "them: coachbot scorer train --data DIR"
        )
        raise ModelError(message) from error


def averaged(files: Sequence[Path]) -> dict[str, Tensor]:
    """Return the mean of networks, as one low-rank correction for each map.

    The mean of two low-rank corrections has at most twice their rank, so that nothing is lost; of
    four, it is the nearest one of ``RELEASED_RANK`` (Eckart and Young, 1936).
    """
    import torch
    from safetensors.torch import load_file

    networks = [load_file(file) for file in files]
    mean: dict[str, Tensor] = {}
    for name in networks[0]:
        if name.endswith(".down"):
            other = name.removesuffix(".down") + ".up"
            whole = torch.stack([n[other] @ n[name] for n in networks]).mean(dim=0)
            left, values, right = torch.linalg.svd(whole, full_matrices=False)
            # A pair of singular vectors may have either sign: the same one in every run.
            biggest = left.abs().argmax(dim=0)
            signs = left[biggest, torch.arange(left.shape[1])].sign()
            left, right = left * signs, right * signs[:, None]
            root = values[:RELEASED_RANK].sqrt()
            mean[other] = left[:, :RELEASED_RANK] * root
            mean[name] = root[:, None] * right[:RELEASED_RANK]
        elif not name.endswith(".up"):
            mean[name] = torch.stack([n[name] for n in networks]).mean(dim=0)
    return mean


def with_injection_head(tensors: dict[str, Tensor], corpus: Corpus, seed: int) -> dict[str, Tensor]:
    """Return the tensors with the injection head fitted on the finished network.

    A few hundred examples are too few to be learned among tens of thousands of others; as a
    logistic head on what the network says of a sentence they are enough. Each example is put into
    several replies, whose own sentences are innocent, as are greetings and the like of their own.
    """
    import torch
    from sklearn.linear_model import LogisticRegression

    from coachbot.models.reader import load_tokenizer, network_of
    from coachbot.models.sequences import Sequencer, collate

    found = [*_learned(read_injections(corpus.examples)), *read_innocent(corpus.examples)]
    draws = injection_draws(found, corpus.situations, corpus.preparer)
    random = np.random.default_rng(seed)
    units = [draw(random) for _ in range(_INJECTION_DRAWS) for draw in draws]
    readings = [u.readings[0] for u in units]
    sequencer = Sequencer(load_tokenizer())
    sequences = [sequencer.sequences(r, first_only=True)[0] for r in readings]
    network = network_of(tensors).eval()
    inputs, labels = [], []
    with torch.inference_mode():
        for batch in batches([len(s.ids) for s in sequences]):
            made = collate([sequences[i] for i in batch], [readings[i] for i in batch])
            inputs.append(network.sentences(network.tokens(made), made).numpy())
            labels += [x for i in batch for x in units[i].targets[0].injection or ()]
    stacked = np.concatenate(inputs).astype(np.float64)
    mean, spread = stacked.mean(axis=0), stacked.std(axis=0)
    factor = np.where(spread > 1e-6, 1.0 / np.maximum(spread, 1e-6), 0.0)
    model = LogisticRegression(C=_INJECTION_STRENGTH, max_iter=2000, class_weight="balanced")
    model.fit((stacked - mean) * factor, labels)
    weight = model.coef_ * factor
    return tensors | {
        "injection.weight": torch.tensor(weight, dtype=torch.float32),
        "injection.bias": torch.tensor(model.intercept_ - weight @ mean, dtype=torch.float32),
    }


def _keep_answers(corpus: Corpus, answers: dict[str, dict[int, list[Read]]], file: Path) -> None:
    """Write the answers on public rows, under the rows' numbers; no text is in them."""
    numbers = row_numbers_of(corpus.public)
    rows: dict[str, list[int]] = {}
    reads: dict[str, list[list[Read]]] = {}
    for name, known in numbers.items():
        order = sorted(answers[name])
        rows[name] = [int(known[i]) for i in order]
        reads[name] = [[_public_part(r) for r in answers[name][i]] for i in order]
    rows[LEARNED] = sorted({int(n) for known in numbers.values() for n in known})
    reads[LEARNED] = []
    save_reads(file, rows, reads)


def _public_part(read: Read) -> Read:
    return replace(read, said=np.zeros((0, len(FINDINGS))), injection=np.zeros(0))


def _digest_of(corpus: Corpus, recipe: Recipe, emphasis: Emphasis) -> str:
    """Return a name for what is trained, so that a changed corpus or recipe starts anew."""
    digest = hashlib.sha256(repr((recipe, sorted(emphasis.passes.items()))).encode())
    for name, units in sorted(corpus.units.items()):
        for unit in units:
            for reading, target in zip(unit.readings, unit.targets, strict=True):
                features = reading.reply_features.tobytes() + reading.said_features.tobytes()
                digest.update(f"{name}|{reading.reply}|{reading.segments}|{target}".encode())
                digest.update(features)
    return digest.hexdigest()[:12]


def _learned(examples: Sequence[Example]) -> list[Example]:
    return [e for e in examples if not e.held_out]
