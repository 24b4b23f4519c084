"""Sessions with a language model behind the customers: ``python -m tests.actors --turns 300``.

The bench's scripted agents play all scenarios, seeded; every try of the model goes to the check as
in practice. Printed are the figures: how often the check refused, and why, how often the authored
line was said. What reached the hire in the model's words is written to a file, a JSON object a
line, beside what the hire had written and the authored line: for reading by hand.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click
import torch

from coachbot.bootstrap import Practice, data_root
from coachbot.coaching.practice import Answered
from coachbot.customer.checking import Ground
from coachbot.customer.modelled import ActorReport, ModelActor
from coachbot.customer.refusals import Refusal
from coachbot.library.prompts import Prompts
from coachbot.models.actors import ActorSpec, FormWish, load_writer
from coachbot.models.language import EnglishOrNot
from coachbot.session.models import Session
from tests.actors.sessions import play, until
from tests.actors.small import THREADS, gguf, served
from tests.telegram.quick_bot import quick_scorer

REACHED = Path("build/actors/reached.jsonl")


@click.command()
@click.option("--actor", help="As for `coachbot practice`; left out: the small model, served.")
@click.option("--in-process", is_flag=True, help="The small model in this process, not served.")
@click.option("--form", type=click.Choice(["auto", "chat", "transcript"]), default="auto")
@click.option("--turns", default=300, show_default=True, help="Over all scenarios together.")
@click.option("--scenario", "names", multiple=True, help="Only these; left out: all.")
@click.option("--seed", default=0, show_default=True)
@click.option("--seconds", default=7200.0, show_default=True, help="Stop after so long.")
@click.option("--timeout", default=120.0, show_default=True, help="For one turn.")
@click.option(
    "--reached",
    type=click.Path(path_type=Path, dir_okay=False),
    default=REACHED,
    show_default=True,
    help="Where the lines go that reached the hire.",
)
@click.option("--tries", type=click.Path(path_type=Path), help="Every try with its verdict, too.")
def main(  # noqa: PLR0917  # each is an option of its own
    actor: str | None,
    in_process: bool,
    form: FormWish,
    turns: int,
    names: tuple[str, ...],
    seed: int,
    seconds: float,
    timeout: float,
    reached: Path,
    tries: Path | None,
) -> None:
    """Play until there are enough turns, and print what came of them."""
    torch.set_num_threads(THREADS)
    with contextlib.ExitStack() as stack:
        if in_process:
            actor = f"transformers:{gguf()}"
        writer = load_writer(
            ActorSpec.parse(actor or f"openai:{stack.enter_context(served())}"), form=form
        )
        every = stack.enter_context(_opened(tries)) if tries else None

        def watch(text: str, refusal: Refusal | None, ground: Ground) -> None:
            if every is not None:
                verdict = f"{refusal.reason} ({refusal.detail})" if refusal else "sent"
                _write(every, {**_asked(ground), "wrote": text, "verdict": verdict})

        prompts = Prompts(data_root("prompts"))
        model = ModelActor(writer, prompts, EnglishOrNot(), timeout=timeout, watch=watch)
        # What the moods come from is no matter here, and the real scorer takes a second a reply.
        practice = Practice(actor=model, scorer=quick_scorer())
        chosen = names or [loaded.scenario.id for loaded in practice.library.readable()[0]]
        lines = stack.enter_context(_opened(reached))
        more = until(turns, lambda: model.report().asked, seconds)
        playing = play(practice, chosen, turns, seed=seed, more=more)
        for played, (session, answered) in enumerate(playing, 1):
            wording = answered.turn.spoken.wording
            if wording is not None and wording.by == "model":
                _write(lines, _line(session, answered))
            if played % 10 == 0:
                click.echo(f"{played} turns, {model.report().accepted} by the model", err=True)
        click.echo(_figures(model.report(), reached))


def _line(session: Session, answered: Answered) -> dict[str, Any]:
    """What reached the hire, with what stands around it."""
    spoken = answered.turn.spoken
    return {
        "scenario": session.scenario,
        "agent": session.person,
        "turn": len(session.turns) + 1,
        "hire": answered.session.turns[-1].agent,
        "moves": [line.move.source for line in spoken.chosen],
        "authored": [bubble for line in spoken.chosen for bubble in line.bubbles],
        "sent": list(spoken.messages),
    }


def _asked(ground: Ground) -> dict[str, Any]:
    return {
        "hire": ground.hire,
        "moves": [line.move.source for line in ground.chosen],
        "authored": ground.authored.splitlines(),
    }


def _figures(report: ActorReport, reached: Path) -> str:
    tries = report.accepted + sum(report.refused.values())
    refused = sum(report.refused.values())
    lines = [
        f"Turns in which the model was to find the words: {report.asked}",
        f"  in the model's words: {report.accepted} ({report.accepted_on_retry} on a second try)",
        f"  authored lines after two refusals: {report.authored_after_refusal}",
        f"  authored lines since nothing came: {sum(report.taken_over.values())}",
        *(f"    {failure:<16}{count}" for failure, count in report.taken_over.items()),
        f"Tries that the check refused: {refused} of {tries}",
    ]
    by_count = sorted(report.refused.items(), key=lambda item: -item[1])
    lines += [f"  {reason:<18}{count}" for reason, count in by_count]
    return "\n".join([*lines, f"What reached the hire: {reached}"])


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        yield file


def _write(file: IO[str], row: dict[str, Any]) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    file.flush()


if __name__ == "__main__":
    sys.exit(main())
