"""``coachbot scenarios try``: the chat, with what the engine saw beside each turn."""

from __future__ import annotations

import functools

import click

from coachbot.cli.practice import actor_option


@click.command("try")
@click.argument("scenario")
@click.option("--explain", is_flag=True, help="Show what the engine saw in every reply.")
@click.option("--seed", type=int, default=0, show_default=True)
@actor_option
def try_scenario(scenario: str, explain: bool, seed: int, actor: str | None) -> None:
    """Try a scenario in the terminal; nothing is kept.

    SCENARIO is an id or the path of a file. With --explain: acts, questions and facts with
    similarity, margin and near misses, promises, why the mood moved, the line and its rivals.
    """
    from coachbot.bootstrap import library
    from coachbot.cli.practice import Loading, console_for, must_exist, read_anything, words_by
    from coachbot.coaching.practice import NoRepository
    from coachbot.terminal import cards, watching
    from coachbot.terminal.chat import Chat, Stopped

    must_exist(scenario)
    model = words_by(actor)
    loading = Loading(actor)
    console = console_for()
    read_anything()
    cards.brief(console, library().scenario(scenario).scenario, model)
    practice = loading.wait(console)
    coach = practice.coach(NoRepository())
    session = coach.start(scenario, person="trainer", seed=seed)
    chat = Chat(
        console,
        coach,
        practice.debrief,
        pauses=False,
        words_by=model,
        explain=functools.partial(watching.explain, console) if explain else None,
    )
    card = practice.scenario(scenario)
    try:
        chat.after(chat.run(session, card), card)
    except (Stopped, KeyboardInterrupt):
        console.print("\nStopped; a trial keeps nothing.")
