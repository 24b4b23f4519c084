"""``coachbot practice``, ``watch`` and ``progress``."""

from __future__ import annotations

import getpass
import io
import os
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbot.errors import NotFound, ScenarioError, UsageError

LOADING_STEPS = 3
"""Reports of :class:`coachbot.bootstrap.Practice` while it loads."""

if TYPE_CHECKING:
    from rich.console import Console

    from coachbot.bootstrap import Practice
    from coachbot.coaching.practice import Coach
    from coachbot.library import Library
    from coachbot.session.models import Session


def person_name() -> str:
    """Whose progress it is: the name of the account."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # No password entry, as in some containers: sessions are still kept together.
        return str(os.getuid()) if hasattr(os, "getuid") else "me"


actor_option = click.option(
    "--actor",
    metavar="MODEL",
    help="A language model for the customer's words, such as openai:http://localhost:11434/v1#NAME "
    "or transformers:FOLDER; authored: none. In place of COACHBOT_ACTOR.",
)
"""``--actor``, for every command in which a customer plays."""


@click.command()
@click.argument("scenario", required=False)
@click.option("--script", type=click.Path(path_type=Path), help="Replies from a file, one a line.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("--seed", type=int, default=None, help="The same seed gives the same session.")
@click.option("--save", is_flag=True, help="Keep a scripted session in the progress, too.")
@click.option("--no-pauses", is_flag=True, help="Leave out the customer's typing pauses.")
@actor_option
def practice(  # each is an option of its own
    scenario: str | None,
    script: Path | None,
    as_json: bool,
    seed: int | None,
    save: bool,
    no_pauses: bool,
    actor: str | None,
) -> None:
    """Practise with a difficult customer.

    SCENARIO is an id from `coachbot scenarios list` or the path of a file; left out, you choose
    from a list. With --script nothing is asked and nothing is kept unless --save says so.
    """
    if as_json and script is None:
        raise UsageError("--json needs --script FILE: it prints the result of a scripted session.")
    if script is not None:
        if scenario is None:
            raise UsageError("--script needs a SCENARIO; `coachbot scenarios list` shows them.")
        lines = _script_lines(script)
        _scripted(scenario, lines, seed or 0, as_json=as_json, save=save, actor=actor)
        return
    _interactive(scenario, seed, pauses=not no_pauses, actor=actor)


def _script_lines(path: Path) -> list[str]:
    r"""The replies of a script; ``\n`` inside a line is a line break, blank lines are skipped."""
    try:
        read = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = read.decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"There is no script {path}.") from None
    except UnicodeDecodeError as error:
        named = "The script on standard input" if str(path) == "-" else path
        raise UsageError(
            f"{named} is not UTF-8 text (byte {error.start}). Save it as UTF-8 and try again."
        ) from None
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from None
    lines = text.replace("\r\n", "\n").split("\n")
    return [line.replace("\\n", "\n") for line in lines if line.strip()]


def _scripted(  # the options of the command
    scenario: str, lines: list[str], seed: int, *, as_json: bool, save: bool, actor: str | None
) -> None:
    from coachbot.bootstrap import Practice, load_actor, store
    from coachbot.coaching.practice import NoRepository
    from coachbot.reporting.practice_result import practice_result

    must_exist(scenario)
    practice = Practice(actor=load_actor(actor))
    if save:
        with store() as repository:
            session = _play(practice.coach(repository), scenario, lines, seed)
    else:
        session = _play(practice.coach(NoRepository()), scenario, lines, seed)
    debrief = practice.debrief(session)
    if as_json:
        result = practice_result(session, practice.scenario(scenario), debrief)
        click.echo(result.model_dump_json())
        return
    from coachbot.terminal import cards, debriefing

    console = console_for()
    cards.history(console, session, practice.scenario(scenario))
    debriefing.show(console, debrief)


def _play(coach: Coach, scenario: str, lines: list[str], seed: int) -> Session:
    session = coach.begin(coach.start(scenario, person=person_name(), seed=seed))
    for line in lines:
        if session.phase != "conversation":
            break
        command = line.strip().lower()
        if command == "/end":
            session = coach.end(session)
        elif command == "/hint":
            session, _ = coach.hint(session)
        elif command in ("/brief", "/help"):
            continue
        elif command.startswith("/") and " " not in command:
            click.echo(f"coachbot: the script's {command} is no command; skipped.", err=True)
        else:
            session = coach.reply(session, line).session
    return coach.rate(coach.end(session), None)


def must_exist(scenario: str) -> None:
    """Say that a scenario is missing before the models are loaded, not after."""
    from coachbot.bootstrap import library

    try:
        library().scenario(scenario)
    except (NotFound, ScenarioError) as error:
        raise UsageError(error.message) from error


def console_for() -> Console:
    """Make the console: as wide as the terminal, 80 columns where the output is piped."""
    from rich.console import Console

    # Piped output keeps to 80 columns, so that a debrief reads the same in a file.
    return Console(width=None if sys.stdout.isatty() else 80, highlight=False, soft_wrap=False)


def read_anything() -> None:
    """Let input that is not in the terminal's encoding be read as far as it can be."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


def words_by(actor: str | None) -> str | None:
    """What a brief says of the language model, which may be loading still; None: there is none."""
    from coachbot.bootstrap import actor_in_words

    return actor_in_words(actor)


class Loading:
    """Loads the models in the background, while the hire chooses and reads the brief.

    ``actor``: a language model for the customers' words, in place of that of the settings. One that
    can't be meant is an error at once: UsageError or SettingsError.
    """

    def __init__(self, actor: str | None = None) -> None:
        self._step = "Starting"
        self._actor = actor
        self._steps = 0
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="loading")
        self._practice = self._pool.submit(self._load)
        self._pool.shutdown(wait=False)

    def _load(self) -> Practice:
        from coachbot.bootstrap import Practice, load_actor

        return Practice(self._report, actor=load_actor(self._actor, self._report))

    def _report(self, step: str) -> None:
        self._step, self._steps = step, self._steps + 1

    def wait(self, console: Console) -> Practice:
        """Return what was loaded; until then show a bar, where somebody watches."""
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(bar_width=20))
        watched = console.is_terminal
        with Progress(*columns, console=console, transient=True, disable=not watched) as bar:
            task = bar.add_task(self._step, total=LOADING_STEPS)
            while not self._practice.done():
                bar.update(task, description=self._step, completed=self._steps)
                wait([self._practice], timeout=0.1)
        return self._practice.result()


def _interactive(
    scenario: str | None, seed: int | None, *, pauses: bool, actor: str | None
) -> None:
    from coachbot.bootstrap import library, settings, store, trusting
    from coachbot.coaching.practice import first_attempt
    from coachbot.terminal import cards
    from coachbot.terminal.chat import Chat, Stopped

    console = console_for()
    read_anything()
    me = person_name()
    if scenario is not None:
        must_exist(scenario)
    loading = Loading(actor)
    with store() as repository:
        console.print(
            "[bold]CoachBot[/bold]: practise with a difficult customer. "
            "The customer is played by a program."
        )
        unfinished = repository.unfinished(me)
        session = None
        if unfinished is not None and _wanted(scenario, unfinished, library()):
            session = _go_on(console, unfinished)
        if session is None:
            scenario = scenario or _choose(console, library())
            if scenario is None:
                return
            cards.brief(console, library().scenario(scenario).scenario, words_by(actor))
        elif session.phase == "briefing":
            cards.brief(console, library().scenario(session.scenario).scenario, words_by(actor))
        practice = loading.wait(console)
        practice.practice_only = trusting(repository).practice_only
        coach = practice.coach(repository)
        if session is None and scenario is not None:
            number = seed if seed is not None else len(repository.finished(me))
            session = coach.start(scenario, person=me, seed=number)
        if session is None:
            return
        chat = Chat(
            console,
            coach,
            practice.debrief,
            pauses=pauses and not settings().no_typing_pause,
            words_by=practice.words_by,
        )
        card = practice.scenario(session.scenario)
        try:
            first = first_attempt(session, repository)
            further = first is not session
            session = chat.run(session, card)
            chat.after(session, card, practice.debrief(first) if further else None)
        except (Stopped, KeyboardInterrupt):
            console.print("\nKept. `coachbot practice` goes on where you stopped.")


def _wanted(scenario: str | None, unfinished: Session, library: Library) -> bool:
    """Whether the session that was left off is of the scenario that was asked for, if any was."""
    if scenario is None or scenario == unfinished.scenario:
        return True
    try:
        left_off = library.scenario(unfinished.scenario).file
    except (NotFound, ScenarioError):
        return False
    return left_off.resolve() == library.scenario(scenario).file.resolve()


def _go_on(console: Console, unfinished: Session) -> Session | None:
    """Offer the session that was left off; None if the hire would rather start afresh."""
    replies = len(unfinished.turns)
    console.print(
        f"You stopped in the middle of [bold]{unfinished.scenario}[/bold], after "
        f"{replies} {'reply' if replies == 1 else 'replies'}."
    )
    try:
        answer = console.input("Go on with it? [Y/n] ").strip().lower()
    except EOFError:
        return None
    return unfinished if answer in ("", "y", "yes") else None


def _choose(console: Console, library: Library) -> str | None:
    """Let the hire pick a scenario; None at the end of the input."""
    from rich.table import Table

    loaded, problems = library.readable()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("", "Scenario", "", "How hard"):
        table.add_column(column)
    for number, one in enumerate(loaded, start=1):
        card = one.scenario
        kind = "a colleague" if card.kind == "internal" else "a customer"
        table.add_row(str(number), card.title, f"{card.persona.name}, {kind}", card.difficulty)
    console.print(table)
    if problems:
        console.print(
            f"[dim]({len(problems)} mistakes in files that are left out: "
            "`coachbot scenarios check` shows them)[/dim]"
        )
    by_name = {one.scenario.id: one.scenario.id for one in loaded}
    by_name |= {str(i): one.scenario.id for i, one in enumerate(loaded, start=1)}
    while True:
        try:
            answer = console.input(f"Which one? [1-{len(loaded)}] ").strip().lower()
        except EOFError:
            return None
        if answer in ("q", "/quit", "quit", "exit"):
            return None
        if answer in by_name:
            return by_name[answer]
        console.print(f"Please type a number from 1 to {len(loaded)}, or q to leave.")


@click.command()
@click.argument("scenario")
@click.option("--seed", type=int, default=0, show_default=True)
@actor_option
def watch(scenario: str, seed: int, actor: str | None) -> None:
    """Watch a good conversation and its scores.

    Plays the scenario's own example conversation against its customer, with the scores of every
    reply and the words that earned them.
    """
    from coachbot.coaching.practice import NoRepository
    from coachbot.terminal import cards, debriefing, watching

    must_exist(scenario)
    console = console_for()
    practice = Loading(actor).wait(console)
    coach = practice.coach(NoRepository())
    card = practice.scenario(scenario)
    cards.brief(console, card, practice.words_by)
    session = coach.begin(coach.start(scenario, person="example", seed=seed))
    for message in session.opening:
        cards.bubble(console, card.persona.name, message)
    for reply in card.example_conversation:
        if session.phase != "conversation":
            break
        answered = coach.reply(session, reply)
        session = answered.session
        watching.turn(console, session.turns[-1], card.persona.name)
    debriefing.show(console, practice.debrief(coach.rate(coach.end(session), None)))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON array of sessions.")
def progress(as_json: bool) -> None:
    """Show how you are developing.

    The first attempt at a session is the one that counts; hints and further attempts are shown.
    """
    from coachbot.bootstrap import store, trusting
    from coachbot.terminal import progressing

    with store() as repository:
        rows = repository.progress(person_name())
        marked = trusting(repository).practice_only(rows[-1].scorer) if rows else ()
    if as_json:
        click.echo("[" + ",".join(row.model_dump_json() for row in rows) + "]")
        return
    progressing.show(console_for(), rows, marked)
