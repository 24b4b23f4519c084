"""``coachbot scenarios new``: starts a scenario file by asking."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coachbot import bootstrap
from coachbot.errors import UsageError

if TYPE_CHECKING:
    from coachbot.scenario.temperament import Temperament

_ID = re.compile(r"[a-z][a-z0-9_-]{0,59}")


@click.command()
@click.argument("scenario_id", metavar="[ID]", required=False)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Where to write the file; the current folder unless given.",
)
def new(scenario_id: str | None, folder: Path) -> None:
    """Start a scenario file by asking.

    What it writes can be tried at once: where you have no answer yet there is an example, with a
    mark to find it by. Nothing that exists is ever overwritten.
    """
    from coachbot.library.starter import EXAMPLES, Answers, starter, write_new

    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.")
    if scenario_id is not None:
        try:
            _new_id(folder, scenario_id)
        except click.BadParameter as error:
            raise UsageError(f"{error.message}.") from None
    temperaments = _temperaments(folder)
    click.echo("A few questions, then there is a file to go on with. Enter keeps what is in [ ].")
    scenario_id = scenario_id or _ask(
        "A short name for the scenario, which the file is called by too: small letters, digits "
        "and hyphens.",
        "Name",
        lambda text: _new_id(folder, text),
    )
    title = _ask(
        "A title, as it stands in the list of scenarios.", "Title", _text, EXAMPLES["title"]
    )
    kind = _choose(
        "Is it a customer from outside, or a colleague who needs something from the hire?",
        "Kind",
        {"external": "a customer", "internal": "a colleague"},
    )
    phase = _choose(
        "When does it take place?",
        "Phase",
        {
            "before": "before they buy or order anything",
            "during": "while something is being done for them",
            "after": "when it is done, or ought to be",
        },
        "after",
    )
    difficulty = _choose(
        "How hard should it be? This sets the mood at the beginning, and the patience.",
        "Difficulty",
        {
            "easy": "put out, and patient",
            "medium": "angry or worried, and will be won over",
            "hard": "close to leaving",
            "brutal": "furious, and one wrong word is too many",
        },
        "medium",
    )
    role = _ask(
        "Who is the hire in this conversation, where do they work, and what time is it? Begin "
        "with 'You'.",
        "Role",
        _text,
        EXAMPLES["role"],
    )
    name = _ask("What is the customer called?", "First name", _text, EXAMPLES["name"])
    temperament = _choose(
        "What kind of person is the customer?",
        "Temperament",
        {one: about.description for one, about in temperaments.items()},
        "angry" if "angry" in temperaments else None,
    )
    opening = _ask(
        "How does the customer begin? Write it as they would.",
        "First message",
        _text,
        EXAMPLES["opening"],
    )
    act = _ask(
        "What must the hire do so that the customer is helped? One thing; more can be added in "
        "the file.",
        "To be done",
        _text,
        EXAMPLES["act"],
    )
    answers = Answers(
        scenario_id, title, kind, phase, difficulty, role, name, temperament, opening, act
    )
    path = folder / f"{scenario_id}.yaml"
    write_new(path, starter(answers, list(temperaments)))
    click.echo(
        f"\nWritten: {path}\n"
        "Open it in an editor. Every part says what it is for, and every text that ends in\n"
        "# EXAMPLE is waiting for yours.\n\n"
        f"  coachbot scenarios check {path}   what is wrong, and what is left to do\n"
        f"  coachbot scenarios try {path}     talk to the customer"
    )


def _temperaments(folder: Path) -> dict[str, Temperament]:
    """Temperaments that a scenario in this folder can have; those with mistakes are left out."""
    from coachbot.errors import ScenarioError
    from coachbot.scenario.references import GENERAL

    library = bootstrap.library()
    found: dict[str, Temperament] = {}
    for name in sorted(library.temperament_files(folder)):
        if name != GENERAL:
            try:
                found[name] = library.temperament(name, folder)
            except ScenarioError:
                continue
    if not found:
        raise UsageError(
            f"There are no temperaments in {library.root / 'temperaments'}, and a customer needs "
            "one. Set COACHBOT_SCENARIOS to a folder that has them."
        )
    return found


def _ask(
    explained: str, prompt: str, understood: Callable[[str], str], default: str | None = None
) -> str:
    click.echo(f"\n{textwrap.fill(explained, 79)}")
    answer: str = click.prompt(prompt, default=default, value_proc=understood)
    return answer


def _choose(
    explained: str, prompt: str, options: dict[str, str], default: str | None = None
) -> Any:
    """Ask for one of the options; the beginning of its name is enough."""
    click.echo(f"\n{textwrap.fill(explained, 79)}")
    width = max(map(len, options)) + 4
    for name, about in options.items():
        line = textwrap.fill(
            " ".join(about.split()),
            79,
            initial_indent=f"  {name}".ljust(width),
            subsequent_indent=" " * width,
        )
        click.echo(line)

    def understood(text: str) -> str:
        wanted = text.strip().lower()
        fitting = [name for name in options if wanted and name.startswith(wanted)]
        if wanted in options:
            return wanted
        if len(fitting) == 1:
            return fitting[0]
        raise click.BadParameter(f"write one of: {', '.join(options)}")

    answer: str = click.prompt(
        prompt, default=default or next(iter(options)), value_proc=understood
    )
    return answer


def _text(text: str) -> str:
    if not text.strip():
        raise click.BadParameter("write a text")
    if "{" in text or "}" in text:
        raise click.BadParameter("braces have a meaning in scenario files; leave them out")
    return text.strip()


def _new_id(folder: Path, text: str) -> str:
    wanted = text.strip()
    if not _ID.fullmatch(wanted):
        raise click.BadParameter(
            f"'{wanted}' can't be the name: use small letters, digits, - and _, beginning with a "
            "letter, such as lost-key"
        )
    for ending in (".yaml", ".yml"):
        path = folder / f"{wanted}{ending}"
        if path.exists():
            raise click.BadParameter(f"{path} exists already; choose another name")
    return wanted
