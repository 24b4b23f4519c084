"""Plays scripts with a language model behind the customers: ``python -m tests.actors``.

Prints every try with the verdict of the check, what the hire was shown, and the figures. What the
hires say are the scripts of ``tests/conversations``. For reading by hand: ``--sent`` prints only
what was sent in the model's words.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from pathlib import Path

import click

from coachbot.bootstrap import Practice, data_root
from coachbot.coaching.practice import Coach
from coachbot.customer.checking import Ground, Refusal
from coachbot.customer.modelled import ModelActor
from coachbot.library.prompts import Prompts
from coachbot.models.actors import ActorSpec, FormWish, load_writer
from coachbot.models.language import EnglishOrNot
from tests.actors.small import gguf, served
from tests.conversations.playing import scripts


@click.command()
@click.option("--actor", help="As for `coachbot practice`; left out: the small model, in process.")
@click.option("--serve", is_flag=True, help="Put the small model behind a server and ask that.")
@click.option("--form", type=click.Choice(["auto", "chat", "transcript"]), default="auto")
@click.option("--turns", default=300, show_default=True)
@click.option("--seconds", default=3600.0, show_default=True, help="Stop after so long.")
@click.option("--timeout", default=120.0, show_default=True, help="For one turn.")
@click.option("--sent", is_flag=True, help="Print only what was sent in the model's words.")
@click.option("--log", type=click.Path(path_type=Path), help="Every try, a JSON object a line.")
def main(  # noqa: PLR0917  # each is an option of its own
    actor: str | None,
    serve: bool,
    form: FormWish,
    turns: int,
    seconds: float,
    timeout: float,
    sent: bool,
    log: Path | None,
) -> None:
    """Play until there are enough turns, and print what came of them."""
    with contextlib.ExitStack() as stack:
        if serve:
            actor = f"openai:{stack.enter_context(served())}"
        writer = load_writer(ActorSpec.parse(actor or f"transformers:{gguf()}"), form=form)
        lines = stack.enter_context(log.open("w", encoding="utf-8")) if log else None

        def watch(text: str, refusal: Refusal | None, ground: Ground) -> None:
            verdict = f"{refusal.reason} ({refusal.detail})" if refusal else "SENT"
            if lines is not None:
                row = {
                    "hire": ground.hire,
                    "decision": [(line.move.source, line.bubbles) for line in ground.chosen],
                    "wrote": text,
                    "verdict": verdict,
                }
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
                lines.flush()
            if refusal is None or not sent:
                click.echo(f"\n  hire      {' '.join(ground.hire.split())}")
                click.echo(f"  authored  {' / '.join(ground.authored.splitlines())}")
                click.echo(f"  model     {' / '.join(text.strip().splitlines())}")
                click.echo(f"  verdict   {verdict}")

        prompts = Prompts(data_root("prompts"))
        model = ModelActor(writer, prompts, EnglishOrNot(), timeout=timeout, watch=watch)
        practice = Practice(actor=model)
        coach = practice.bench_coach()
        play(coach, model, turns, time.monotonic() + seconds)
        click.echo(f"\n{model.report().model_dump_json(indent=1)}")


def play(coach: Coach, model: ModelActor, turns: int, until: float) -> None:
    """Play script after script, those of different scenarios in turn."""
    by_scenario: dict[str, list[list[str]]] = {}
    for script in (*scripts("heldout"), *scripts("tuning")):
        by_scenario.setdefault(script.scenario, []).append(script.replies)
    longest = max(len(own) for own in by_scenario.values())
    for seed, (scenario, replies) in enumerate(
        (name, own[i]) for i in range(longest) for name, own in by_scenario.items() if i < len(own)
    ):
        session = coach.begin(coach.start(scenario, person="script", seed=seed))
        click.echo(f"\n{scenario}, seed {seed}", err=True)
        for reply in replies:
            if session.phase != "conversation":
                break
            if model.report().asked >= turns or time.monotonic() > until:
                return
            session = coach.reply(session, reply).session


if __name__ == "__main__":
    sys.exit(main())
