"""``coachbot scenarios bench``: scripted agents play scenarios, and figures say how that went."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbot.errors import NotFound, ScenarioError, UsageError

if TYPE_CHECKING:
    from coachbot.coaching.benching import Benched
    from coachbot.coaching.scripted import Kind
    from coachbot.library import Library
    from coachbot.reporting.bench_models import BenchResult
    from coachbot.store import Store


@click.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=None,
    help="Sessions of each kind of agent in each voice; a scenario takes about a minute each.",
)
@click.option("--kinds", default="", help="Only these kinds of agents, with commas between them.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option(
    "--charts",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Draw a chart of each scenario (SVG) into this folder.",
)
@click.option(
    "--save",
    is_flag=True,
    help="Keep the figures in the database, where the supervisors' page shows them, in place of "
    "those of the same version and scorer.",
)
@click.option(
    "--actor",
    metavar="MODEL",
    help="A language model for the customers' words, as for `coachbot practice`; the report says "
    "how often the check refused what it wrote. Without it all words are authored, whatever the "
    "settings name.",
)
@click.pass_context
def bench(  # noqa: PLR0913, PLR0917  # each is an option of its own
    ctx: click.Context,
    scenarios: tuple[str, ...],
    seeds: int | None,
    kinds: str,
    as_json: bool,
    charts: Path | None,
    save: bool,
    actor: str | None,
) -> None:
    """Measure scenarios with scripted agents.

    SCENARIO is an id or the path of a file; without one all scenarios are measured. Eleven kinds of
    agents, from excellent to dismissive, play each of them in several voices; the report says who
    passes, how well good is told from poor, how hard it is, which lines were never said, and raises
    flags. Leaves with 1 if a flag was raised.
    """
    from coachbot.bootstrap import (
        Practice,
        bench_library,
        library,
        load_actor,
        store,
        use_all_cores,
    )
    from coachbot.reporting.bench import report
    from coachbot.reporting.bench_text import report_text, result_text

    chosen = _kinds(kinds)
    if save and actor is not None:
        raise UsageError(
            "--save keeps the figures of authored customers, for the page. Leave --save or --actor "
            "out."
        )
    opened = ctx.with_resource(store()) if save else None
    known = library() if opened is None else bench_library(opened)
    wanted = scenarios or tuple(loaded.scenario.id for loaded in known.readable()[0])
    for name in wanted:
        _must_be_sound(known, name, offered=save)
    _make(charts)
    model = load_actor(actor, _tell) if actor is not None else None
    practice = Practice(_tell, actor=model)
    if opened is not None:
        practice = practice.beside(known)
    use_all_cores()
    found: list[Benched] = []
    for name in dict.fromkeys(wanted):
        one = practice.bench(name, seeds=seeds, kinds=chosen, progress=_progress(name))
        found.append(one)
        _keep(opened, known, name, one.result)
        if not as_json:
            click.echo(result_text(one.result) + "\n")
        if charts is not None:
            _draw(charts, one.result)
    together = report([one.result for one in found], [one.played for one in found])
    if as_json:
        click.echo(together.model_dump_json(indent=2))
    elif text := report_text(together):
        click.echo(text)
    if together.flagged:
        ctx.exit(1)


def _keep(opened: Store | None, known: Library, name: str, result: BenchResult) -> None:
    if opened is not None:
        ran = datetime.now(UTC).isoformat(timespec="seconds")
        opened.benches.keep(_offered_as(known, name), result, ran)


def _must_be_sound(known: Library, name: str, *, offered: bool) -> None:
    """A mistake in the last one should not come to light after all the others were played.

    It leaves with 2, as any mistake of usage: 1 means that a flag was raised.
    """
    try:
        loaded = known.scenario(name)
        known.agents(loaded)
        known.general_agents(loaded.file.parent)
        if offered:
            _offered_as(known, name)
    except (NotFound, ScenarioError) as error:
        raise UsageError(error.message) from error


def _offered_as(known: Library, name: str) -> str:
    """The id by which people are offered a scenario; ``UsageError`` where they are not."""
    from coachbot.coaching.publishing import reference_of

    reference = known.reference(name)
    found = reference_of(reference)
    scenario = found.scenario if found is not None else reference
    if scenario != known.scenario(name).scenario.id:
        raise UsageError(
            f"{name} is offered to nobody, so the page would not show it. Leave --save out, or put "
            "the file into the folder of COACHBOT_SCENARIOS."
        )
    return scenario


def _kinds(written: str) -> list[Kind] | None:
    """The kinds that were named; None for all."""
    from coachbot.coaching.scripted import KINDS

    names = [name.strip().replace("-", "_") for name in written.split(",") if name.strip()]
    for name in names:
        if name not in KINDS:
            raise UsageError(
                f"There are no agents of the kind '{name}'; there are: {', '.join(KINDS)}."
            )
    return [kind for kind in KINDS if kind in names] or None


def _make(folder: Path | None) -> None:
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"The folder {folder} can't be made: {error.strerror}.") from None


def _draw(folder: Path, result: BenchResult) -> None:
    from coachbot.reporting.charts import bench_chart

    path = folder / f"{result.scenario}.svg"
    try:
        path.write_text(bench_chart(result).svg(), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.") from None
    click.echo(f"The chart is in {path}", err=True)


def _tell(step: str) -> None:
    click.echo(f"{step} ...", err=True)


EVERY_SECONDS = 10.0
"""How often progress is told; a log should not be full of it."""


def _progress(scenario: str) -> Callable[[int, int], None]:
    last = time.monotonic()

    def tell(over: int, of: int) -> None:
        nonlocal last
        if over == of or time.monotonic() - last >= EVERY_SECONDS:
            last = time.monotonic()
            click.echo(f"{scenario}: {over} of {of} sessions over", err=True)

    return tell
