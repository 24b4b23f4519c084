"""Conversations of two versions, shuffled, to be rated without knowing which is which.

    python -m tests.conversations.blind write before.json          (in one version)
    python -m tests.conversations.blind write after.json           (in the other)
    python -m tests.conversations.blind mix before.json after.json to-read.txt key.json
    python -m tests.conversations.blind tell rated.tsv key.json

The hires' words are fixed scripts, so both versions are written to alike. Whoever reads gives each
conversation three marks from 1 to 5 (see ``MARKS``) in a line of numbers with tabs between them,
first the conversation's; ``tell`` takes the means apart.
"""

from __future__ import annotations

import json
import random
import statistics
from pathlib import Path

import click

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import NoRepository
from tests.conversations.playing import play, scripts

SCENARIOS = (
    "bereaved",
    "cancelling",
    "charged-twice",
    "late-parcel",
    "manual-text",
    "no-smartphone",
    "technician",
    "twenty-minutes",
)
SCRIPTS = ("good-3", "fair-2")
MARKS = (
    "would a person write this here?",
    "is it one person with one story?",
    "does it answer what the agent just wrote?",
)

_PATH = click.Path(path_type=Path, dir_okay=False)


@click.group()
def main() -> None:
    """Blind reading of the conversations of two versions."""


@main.command()
@click.argument("file", type=_PATH)
def write(file: Path) -> None:
    """Play the scripts with this version's customers, and keep what was said."""
    practice = Practice()
    coach = practice.coach(NoRepository())
    by_name = {f"{s.scenario}/{s.file.stem}": s for s in scripts("heldout")}
    said: dict[str, list[str]] = {}
    for scenario in SCENARIOS:
        name = practice.scenario(scenario).persona.name
        for script in SCRIPTS:
            one = by_name[f"{scenario}/{script}"]
            session = play(coach, scenario, one.replies)
            lines = [f"{name}: {message}" for message in session.opening]
            for turn in session.turns:
                lines.append(f"Agent: {' / '.join(turn.agent.splitlines())}")
                lines += [f"{name}: {message}" for message in turn.answer]
            said[f"{scenario}/{script}"] = lines
    file.write_text(json.dumps(said, indent=1, ensure_ascii=False), encoding="utf-8")


@main.command()
@click.argument("before", type=_PATH)
@click.argument("after", type=_PATH)
@click.argument("to_read", type=_PATH)
@click.argument("key", type=_PATH)
@click.option("--seed", default=0, show_default=True)
def mix(before: Path, after: Path, to_read: Path, key: Path, seed: int) -> None:
    """Shuffle both versions' conversations; the key says which is which."""
    every = [
        (version, name, lines)
        for version, file in (("before", before), ("after", after))
        for name, lines in json.loads(file.read_text(encoding="utf-8")).items()
    ]
    random.Random(seed).shuffle(every)
    text = "\n".join(
        f"### Conversation {number}\n" + "\n".join(lines) + "\n"
        for number, (_, _, lines) in enumerate(every, 1)
    )
    to_read.write_text(text, encoding="utf-8")
    answers = {str(number): (name, version) for number, (version, name, _) in enumerate(every, 1)}
    key.write_text(json.dumps(answers, indent=1), encoding="utf-8")


@main.command()
@click.argument("rated", type=_PATH)
@click.argument("key", type=_PATH)
def tell(rated: Path, key: Path) -> None:
    """Print the mean of each mark, before and after."""
    answers = json.loads(key.read_text(encoding="utf-8"))
    marks: dict[str, list[list[int]]] = {"before": [], "after": []}
    for line in rated.read_text(encoding="utf-8").splitlines():
        number, *rest = line.split("\t")
        if number in answers:
            marks[answers[number][1]].append([int(mark) for mark in rest[: len(MARKS)]])
    for place, mark in enumerate(MARKS):
        means = {
            version: statistics.fmean(one[place] for one in some)
            for version, some in marks.items()
            if some
        }
        shown = ", ".join(f"{version} {mean:.2f}" for version, mean in means.items())
        click.echo(f"{mark} {shown}")


if __name__ == "__main__":
    main()
