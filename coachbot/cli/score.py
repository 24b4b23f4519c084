"""``coachbot score`` and ``coachbot scorer``: the scorer without a session around it."""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from coachbot.cli.review import preview
from coachbot.errors import UsageError

if TYPE_CHECKING:
    from coachbot.scoring.lines import ReadLine
    from coachbot.scoring.scorer import Scorer

# Lines that wait between reading and scoring: bounds memory however fast the input comes.
_WAITING = 128
_AT_ONCE = 32
_FAILED = 1


@click.command()
@click.argument("file", required=False, default="-", type=click.Path(path_type=Path))
@click.option("--signals-only", is_flag=True, help="Signals and status only; faster.")
@click.option(
    "--models",
    type=click.Path(path_type=Path),
    help="Folder of the trained files, if not the released ones.",
)
def score(file: Path, *, signals_only: bool, models: Path | None) -> None:
    """Score replies, one JSON object a line.

    FILE is JSON Lines; `-` or nothing reads standard input. Each line gives one line of output,
    in order; results are written whenever the input idles. A line that can't be used gives an
    error in its place, and the exit status is 1.
    """
    source = _open(file)
    scorer = _load(models)
    failed = False
    warned: set[str] = set()
    with source:
        for batch in _batches(source):
            failed |= _answer(scorer, batch, warned, signals_only=signals_only)
    if failed:
        sys.exit(_FAILED)


def _open(file: Path) -> IO[bytes]:
    if str(file) == "-":
        return sys.stdin.buffer
    try:
        return file.open("rb")
    except FileNotFoundError:
        message = f"{file} is not there. Give a file of JSON Lines, or - for standard input."
        raise UsageError(message) from None
    except OSError as error:
        message = f"{file} can't be read: {error.strerror}."
        raise UsageError(message) from None


def _load(models: Path | None) -> Scorer:
    from coachbot.models import load_scorer

    return load_scorer(_folder(models))


def _folder(models: Path | None) -> Path:
    if models is not None:
        return models
    from coachbot.bootstrap import data_root

    return data_root("models")


def _examples(given: Path | None, folder: Path) -> Path:
    """The graded examples; a folder that is written to may have none, then the released ones."""
    own = given or folder / "examples"
    return own if given is not None or own.is_dir() else _folder(None) / "examples"


def _batches(source: IO[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """Yield numbered lines: as many as are waiting, at least one, so that nobody waits for more."""
    lines: queue.Queue[tuple[int, bytes] | None] = queue.Queue(_WAITING)

    def read() -> None:
        # readline and not iteration: a pipe must not be read ahead of what was written to it.
        for number, line in enumerate(iter(source.readline, b""), start=1):
            lines.put((number, line))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while (line := lines.get()) is not None:
        batch = [line]
        ended = False
        while len(batch) < _AT_ONCE and not lines.empty():
            following = lines.get()
            if following is None:
                ended = True
                break
            batch.append(following)
        yield batch
        if ended:
            return


def _answer(
    scorer: Scorer, batch: list[tuple[int, bytes]], warned: set[str], *, signals_only: bool
) -> bool:
    """Score and write a batch; say whether a line of it could not be used."""
    from coachbot.scoring.lines import read_line, write_line

    read: list[ReadLine] = []
    for number, line in batch:
        one = read_line(line, number)
        if one is not None:
            read.append(one)
            _warn(one, warned)
    results = iter(
        scorer.score([r.item for r in read if r.item is not None], signals_only=signals_only)
    )
    out = sys.stdout.buffer
    failed = False
    for one in read:
        if one.error is not None:
            failed = True
            out.write(write_line(one.error))
        else:
            out.write(write_line(next(results)))
    out.flush()
    return failed


def _warn(line: ReadLine, warned: set[str]) -> None:
    if line.unknown and not warned:
        names = ", ".join(sorted(line.unknown))
        click.echo(f"coachbot: unknown keys are ignored: {names} (said once).", err=True)
        warned |= line.unknown


@click.group()
def scorer() -> None:
    """Train and evaluate the scorer, and preview another one."""


scorer.add_command(preview)

_DATA = click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that holds epitome/, annomi/, uptake/ and maia/.",
)
_EXAMPLES = click.option(
    "--examples",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of graded examples, if not the project's own.",
)
_MODELS = click.option(
    "--models", type=click.Path(path_type=Path), help="Folder of the trained files."
)
_CACHE = click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("~/.cache/coachbot"),
    show_default=True,
    help="Folder where a run keeps what it has done, to go on from there.",
)
_SEED = click.option("--seed", type=int, default=0, show_default=True, help="Seed of every draw.")


@scorer.command()
@_DATA
@_EXAMPLES
@click.option(
    "--more-examples",
    "more",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file that `coachbot review export-grades` wrote, to learn from as well; "
    "may be given more than once.",
)
@_MODELS
@_CACHE
@_SEED
def train(  # each is an option of its own
    data: Path,
    examples: Path | None,
    more: tuple[Path, ...],
    models: Path | None,
    cache: Path,
    seed: int,
) -> None:
    """Train the scorer and write it to the folder of models (a good two hours on two cores).

    What is done is kept in the cache, so that a stopped run goes on where it was. The same data
    and seed give the same scores. With --more-examples write to another folder than the released
    one (--models), and look at `coachbot scorer preview` before you switch to it.
    """
    from coachbot.models import load_scorer
    from coachbot.models.golden import write_golden
    from coachbot.models.schemas import write_schemas
    from coachbot.models.training import train as train_all

    folder = _folder(models)
    train_all(
        data, _examples(examples, folder), folder, cache.expanduser(), seed, _report, more=more
    )
    write_schemas(folder / "schemas")
    write_golden(load_scorer(folder), folder / "schemas")


@scorer.command(name="retrain-one")
@click.argument("network")
@_DATA
@_EXAMPLES
@_MODELS
@_CACHE
def retrain_one(
    network: str, data: Path, examples: Path | None, models: Path | None, cache: Path
) -> None:
    """Train one of the six networks once more, to see that it comes out as the released one did.

    NETWORK is plain-1 to plain-3 or corrupted-1 to corrupted-3. Twenty minutes on two cores; in the
    cache it has a folder of its own and starts from nothing there, or goes on where it was stopped.
    """
    from coachbot.models.repeating import retrain

    folder = _folder(models)
    place = cache.expanduser() / "once-more"
    same = retrain(network, data, _examples(examples, folder), folder, place, _report)
    click.echo(same.text())
    if not same.equal:
        raise SystemExit(1)


@scorer.command()
@_DATA
@_EXAMPLES
@_MODELS
@_SEED
@click.option("--json", "as_json", is_flag=True, help="Print the measures as one JSON object.")
@click.option("--card/--no-card", default=True, help="Write MODEL_CARD.md beside the models.")
def evaluate(
    data: Path,
    examples: Path | None,
    models: Path | None,
    seed: int,
    *,
    as_json: bool,
    card: bool,
) -> None:
    """Measure the scorer: one table, each measure with its interval, baseline and goal.

    Signals learned from public sets are measured on rows that the scorer never saw, or else by
    cross-validation; the dimensions on graded situations that were never trained on.
    """
    from coachbot.models.card import model_card
    from coachbot.models.evaluation import evaluate as measure
    from coachbot.models.measures import table

    folder = _folder(models)
    measured = measure(data, examples or folder / "examples", folder, seed, _report)
    if card:
        (folder / "MODEL_CARD.md").write_text(model_card(measured), encoding="utf-8")
        _report(f"model card written to {folder / 'MODEL_CARD.md'}")
    if as_json:
        click.echo(json.dumps(measured.as_json(), indent=1, allow_nan=False))
    else:
        click.echo(table(measured.measures))


def _report(message: str) -> None:
    click.echo(message, err=True)
