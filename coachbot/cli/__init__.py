"""The command line. Each command's module is imported only when that command runs."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

import click

from coachbot import __version__
from coachbot.errors import CoachbotError

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it: 128 + SIGINT."""


class Entry(NamedTuple):
    """Where a command lives, and its line in the list of commands."""

    target: str
    summary: str


COMMANDS: Mapping[str, Entry] = {
    "practice": Entry("coachbot.cli.practice:practice", "Practise with a difficult customer."),
    "watch": Entry(
        "coachbot.cli.practice:watch", "Watch a good conversation, scored, to learn from."
    ),
    "progress": Entry("coachbot.cli.practice:progress", "Show how you are developing."),
    "scenarios": Entry(
        "coachbot.cli.scenarios:scenarios", "List, check, start and try out scenario files."
    ),
    "score": Entry("coachbot.cli.score:score", "Score replies, one JSON object a line."),
    "scorer": Entry("coachbot.cli.score:scorer", "Train and evaluate the scorer."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it.

    The list of commands is written from ``COMMANDS``, so that ``coachbot --help`` loads neither
    the models nor any of the libraries behind them.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table, which is the order a newcomer meets them in."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command, or None where there is no such name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and turn every foreseen failure into a sentence and an exit status."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        try:
            outcome = super().main(
                args, prog_name, complete_var, False, windows_expand_args, **extra
            )
            sys.stdout.flush()
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except CoachbotError as error:
            click.echo(f"coachbot: {error.message}", err=True)
            sys.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            _leave_closed_pipe()
        sys.exit(outcome if isinstance(outcome, int) else 0)


def _leave_closed_pipe() -> NoReturn:
    """Leave quietly after the reader has gone away (``coachbot ... | head``).

    Standard output is pointed at the null device, or Python would complain about the closed
    pipe once more while it shuts down.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="coachbot")
def main() -> None:
    """Practise with a difficult customer, and read what your replies did."""
