"""``coachbot scenarios``: list, check, write and try scenarios."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbot import bootstrap
from coachbot.cli.bench import bench
from coachbot.cli.new_scenario import new
from coachbot.cli.trying import try_scenario
from coachbot.errors import Problem

if TYPE_CHECKING:
    from coachbot.library import LoadedScenario
    from coachbot.library.inspection import Inspection

AT_LEAST = 60
"""Characters of a line; in a narrower window the table's lines wrap."""


@click.group()
def scenarios() -> None:
    """List, check, write and try scenarios."""


scenarios.add_command(new)
scenarios.add_command(try_scenario)
scenarios.add_command(bench)


@scenarios.command("learn-questions")
@click.option(
    "--examples",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with everyday.jsonl, if not the project's own.",
)
@click.option(
    "--models",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the trained files.",
)
def learn_questions(examples: Path | None, models: Path | None) -> None:
    """Learn to tell everyday questions apart ("how long has it been like that?").

    Needed when the questions of temperaments/general.yaml change, or their further wordings in
    everyday.jsonl. Takes about a quarter of an hour on two cores.
    """
    learned = bootstrap.learn_questions(examples, models)
    click.echo(
        f"{len(learned.questions.ids)} questions in {learned.wordings} wordings; of wordings that "
        f"were left out, {learned.right:.0%} are taken for their own question."
    )


@scenarios.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array of objects.")
def list_scenarios(as_json: bool) -> None:
    """List the scenarios that can be practised.

    A file with mistakes is left out and named on standard error.
    """
    loaded, problems = bootstrap.library().readable()
    if as_json:
        click.echo(json.dumps([_described(one) for one in loaded], indent=2))
    else:
        click.echo(_table(loaded))
    for file in dict.fromkeys(problem.file for problem in problems):
        count = sum(problem.file == file for problem in problems)
        click.echo(
            f"{file} can't be played because of {_counted(count, 'mistake')}; "
            f"see: coachbot scenarios check {file}",
            err=True,
        )


def _described(loaded: LoadedScenario) -> dict[str, str]:
    scenario = loaded.scenario
    return {
        "id": scenario.id,
        "title": scenario.title,
        "language": scenario.language,
        "kind": scenario.kind,
        "phase": scenario.phase,
        "difficulty": scenario.difficulty,
        "file": str(loaded.file),
    }


def _table(loaded: Sequence[LoadedScenario]) -> str:
    """One line a scenario; the titles get the room that the others leave."""
    if not loaded:
        return "There are no scenarios. Start one with: coachbot scenarios new"
    keys = ("id", "title", "kind", "phase", "difficulty", "language")
    rows = [dict(zip(keys, ("ID", "TITLE", "KIND", "PHASE", "DIFFICULTY", "LANG"), strict=True))]
    rows += [_described(one) for one in loaded]
    widths = {key: max(len(row[key]) for row in rows) for key in keys}
    room = max(AT_LEAST, shutil.get_terminal_size().columns)
    others = sum(width + 2 for key, width in widths.items() if key != "title")
    widths["title"] = max(12, min(widths["title"], room - others))
    return "\n".join(
        "  ".join(_cut(row[key], widths[key]).ljust(widths[key]) for key in keys).rstrip()
        for row in rows
    )


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


@scenarios.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as a JSON object.")
@click.pass_context
def check(ctx: click.Context, paths: tuple[str, ...], as_json: bool) -> None:
    """Find every mistake in scenario files.

    PATH is a file, a folder, or the id of a scenario or temperament; without one all scenarios,
    temperaments and scripted agents are checked. Leaves with 1 if there are mistakes; warnings are
    no mistakes.
    """
    from coachbot.library.inspection import inspect

    found = inspect(bootstrap.library(), paths)
    if as_json:
        click.echo(json.dumps(_as_data(found), indent=2))
    else:
        for remark in found.remarks:
            click.echo(_line(remark.problem, warning=remark.severity == "warning"))
        if found.remarks:
            click.echo()
        click.echo(_summary(found))
    if found.mistakes:
        ctx.exit(1)


def _line(problem: Problem, *, warning: bool) -> str:
    text = str(problem)
    if not warning:
        return text
    at = text.index(problem.message)
    return f"{text[:at]}warning: {text[at:]}"


def _summary(found: Inspection) -> str:
    warnings = f", {_counted(len(found.warnings), 'warning')}" if found.warnings else ""
    if found.mistakes:
        files = len({problem.file for problem in found.mistakes})
        return f"{_counted(len(found.mistakes), 'mistake')} in {_counted(files, 'file')}{warnings}"
    looked_at = [
        _counted(number, thing)
        for number, thing in (
            (found.scenarios, "scenario"),
            (found.temperaments, "temperament"),
            (found.agents, "file of agents"),
        )
        if number
    ]
    return f"{', '.join(looked_at)}: no mistakes{warnings}"


def _as_data(found: Inspection) -> dict[str, object]:
    return {
        "scenarios": found.scenarios,
        "temperaments": found.temperaments,
        "agents": found.agents,
        "problems": [
            {
                "file": remark.problem.file,
                "line": remark.problem.line,
                "column": remark.problem.column,
                "severity": remark.severity,
                "message": remark.problem.message,
                "instead": remark.problem.instead,
            }
            for remark in found.remarks
        ],
    }


def _counted(number: int, thing: str) -> str:
    first, *rest = thing.split(" ", 1)
    return " ".join([str(number), first if number == 1 else first + "s", *rest])
