"""The command line. A command's module is imported only when that command runs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

import click

from coachbot import __version__
from coachbot.errors import CoachbotError, UsageError

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it: 128 + SIGINT."""


class Entry(NamedTuple):
    """Where a command lives (``module:attribute``), and its line in the list of commands."""

    target: str
    summary: str


COMMANDS: Mapping[str, Entry] = {
    "practice": Entry("coachbot.cli.practice:practice", "Practise with a difficult customer."),
    "watch": Entry("coachbot.cli.practice:watch", "Watch a good conversation and its scores."),
    "progress": Entry("coachbot.cli.practice:progress", "Show how you are developing."),
    "scenarios": Entry("coachbot.cli.scenarios:scenarios", "List, check, write and try scenarios."),
    "bot": Entry("coachbot.cli.bot:bot", "Run the Telegram bot."),
    "web": Entry("coachbot.cli.web:web", "Run the supervisors' page."),
    "run": Entry("coachbot.cli.web:run", "Run the bot and the supervisors' page together."),
    "demo": Entry("coachbot.cli.demo:demo", "Fill a new database with a made-up team."),
    "invite": Entry("coachbot.cli.bot:invite", "Print a link that lets one person into a team."),
    "doctor": Entry("coachbot.cli.doctor:doctor", "Check what the bot needs, and say what to do."),
    "review": Entry(
        "coachbot.cli.review:review", "See how far scores can be trusted, and use people's grades."
    ),
    "score": Entry("coachbot.cli.score:score", "Score replies, one JSON object a line."),
    "scorer": Entry(
        "coachbot.cli.score:scorer", "Train and evaluate the scorer, and preview another one."
    ),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it.

    The list of commands is written from ``COMMANDS``, so that ``coachbot --help`` loads neither
    the models nor the libraries behind them.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table: the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command and return it; None where no command has that name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; every foreseen failure becomes a sentence and an exit status."""
        try:
            return super().invoke(ctx)
        except CoachbotError as error:
            click.echo(f"coachbot: {error.message}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except click.Abort as abort:
            # click's prompts raise Abort for Ctrl-C and for the end of the input alike.
            if isinstance(abort.__context__, EOFError):
                click.echo("coachbot: the input ended before an answer came.", err=True)
                ctx.exit(UsageError.exit_code)
            ctx.exit(INTERRUPTED)
        finally:
            # Here click still turns a closed pipe (`coachbot ... | head`) into a quiet exit;
            # at the interpreter's shutdown Python would complain about it.
            sys.stdout.flush()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="coachbot")
def main() -> None:
    """Practise with a difficult customer, and read what your replies did."""
