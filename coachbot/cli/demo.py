"""``coachbot demo``: a made-up team in a database of its own, for whoever wants to look around."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from pathlib import Path

import click

from coachbot.coaching.demo.plan import MOST_PEOPLE, MOST_WEEKS, SUPERVISORS, TEAM, TRAINER

EVERY_SECONDS = 8.0
"""How often progress is told."""


@click.command()
@click.option(
    "--database",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A new file for it; else coachbot-demo.db beside the database of the settings.",
)
@click.option(
    "--people",
    type=click.IntRange(1, MOST_PEOPLE),
    default=12,
    show_default=True,
    help="Hires who practise; beside them are two supervisors and a trainer.",
)
@click.option(
    "--weeks", type=click.IntRange(1, MOST_WEEKS), default=8, show_default=True, help="Of practice."
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Another one, another team.",
)
def demo(database: Path | None, people: int, weeks: int, seed: int) -> None:
    """Fill a new database with a made-up team.

    Scripted agents play against the real customers and the real scorer; it takes a minute or two.
    Then the supervisors' page has everything on it that a team of real people would have. A
    database that has people in it is refused, and nobody real gets into this one.
    """
    from coachbot.bootstrap import demo_database, fill_demo, use_all_cores

    path = database or demo_database()
    use_all_cores()
    sessions = fill_demo(
        path,
        people=people,
        weeks=weeks,
        seed=seed,
        report=lambda step: click.echo(f"{step} ...", err=True),
        progress=_progress(),
    )
    click.echo(
        f"{path}: {TEAM}, {_counted(people)} with {sessions} sessions in "
        f"{weeks} {'week' if weeks == 1 else 'weeks'}."
    )
    given = f"--database {shlex.quote(str(path))}"
    click.echo(
        f"""
All of them are made up, and every page says so. To look around:

  1. coachbot web {given}
  2. in another window, for a link to sign in:
     coachbot web login-link {given} --person "{SUPERVISORS[0]}"

{SUPERVISORS[1]} is the other supervisor, {TRAINER} a trainer, who sees the scenarios only."""
    )


def _counted(people: int) -> str:
    return "1 person" if people == 1 else f"{people} people"


def _progress() -> Callable[[int, int], None]:
    last = time.monotonic()

    def tell(over: int, of: int) -> None:
        nonlocal last
        if over == of or time.monotonic() - last >= EVERY_SECONDS:
            last = time.monotonic()
            click.echo(f"{over} of {of} conversations are over", err=True)

    return tell
