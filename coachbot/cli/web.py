"""``coachbot web`` and ``run``: the supervisors' page, alone or with the bot; links to sign in."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbot.cli.practice import actor_option

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from coachbot.settings import Settings
    from coachbot.store import Store

HOST = click.option("--host", help="The address to answer on; else that of COACHBOT_WEB_HOST.")
PORT = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="The port; 0 takes any that is free. Else that of COACHBOT_WEB_PORT.",
)
DATABASE = click.option(
    "--database",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Another database than that of the settings, such as one that `coachbot demo` made.",
)


@click.group(invoke_without_command=True)
@HOST
@PORT
@DATABASE
@click.pass_context
def web(ctx: click.Context, host: str | None, port: int | None, database: Path | None) -> None:
    """Run the supervisors' page.

    It answers until Ctrl-C ends it, on the database that the bot uses, which may run meanwhile.
    """
    if ctx.invoked_subcommand is not None:
        return
    from coachbot.bootstrap import settings, store
    from coachbot.cli.bot import write_logs
    from coachbot.web.server import bound, serve

    chosen = settings()
    _check_address(chosen, host, port)
    write_logs()
    with bound(*_place(chosen, host, port)) as listener, store(database) as opened:
        app, url = _app(opened, chosen, host, listener.getsockname()[1])
        with _telling_the_record_store(opened):
            asyncio.run(serve(app, listener, lambda: _say_where(url)))


@web.command("login-link")
@click.option("--person", metavar="NAME", help="Whom it is for; needed where there are several.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port, if the page has another.")
@DATABASE
@click.pass_context
def login_link(
    ctx: click.Context, person: str | None, port: int | None, database: Path | None
) -> None:
    """Print a link that signs one person in to the page, once.

    Where there is no supervisor yet, it is for the first one, who is made for it: --person says
    how they are called. What is printed on standard output is the link alone.
    """
    from coachbot.bootstrap import page_address, settings, store
    from coachbot.coaching.signing_in import LINK_MINUTES, SigningIn

    address = page_address(settings(), port=port)
    with store(database or _database_of(ctx)) as opened:
        signing_in = SigningIn(opened.sign_ins, opened.people)
        member = signing_in.from_console(person)
        link = address.link(signing_in.token(member))
    click.echo(f"For {member.name}, once, within {LINK_MINUTES} minutes:", err=True)
    click.echo(link)


@web.command("export-xapi")
@click.option("--again", is_flag=True, help="Also those that the store refused before.")
@DATABASE
@click.pass_context
def export_xapi(ctx: click.Context, again: bool, database: Path | None) -> None:
    """Tell the learning record store of all finished sessions that it doesn't know.

    The page does the same every half minute while it runs; this does it now, and says what came of
    it. The store is that of COACHBOT_LRS_URL, _KEY and _SECRET. People are told of by codes, and
    nothing that anybody wrote is sent. Leaves with 1 where a session was refused, or none could be
    sent.
    """
    from coachbot.bootstrap import record_store, store
    from coachbot.errors import UsageError

    with store(database or _database_of(ctx)) as opened:
        if opened.demo.made() is not None:
            raise UsageError("These are demo data, and no learning record store is told of them.")
        lrs = record_store(opened)
        if lrs is None:
            raise UsageError(
                "No learning record store is set. Put its address into COACHBOT_LRS_URL, and the "
                "key and secret that it gave you into COACHBOT_LRS_KEY and COACHBOT_LRS_SECRET."
            )
        if again:
            opened.statements.forget_refused()
        try:
            sent = lrs.send_waiting(lambda done: click.echo(f"{_sessions(done)} ...", err=True))
        finally:
            known, refused, waiting = opened.statements.counted()
            click.echo(f"The store has {_sessions(known)}; {refused} refused, {waiting} waiting.")
        for session, at, reason in opened.statements.refused(5) if sent.refused else ():
            click.echo(f"Session {session} on {at[:10]}: {reason}", err=True)
        if refused:
            click.echo("To try those that were refused once more: --again", err=True)
        if sent.refused:
            ctx.exit(1)


def _sessions(number: int) -> str:
    return "1 session" if number == 1 else f"{number} sessions"


@contextlib.contextmanager
def _telling_the_record_store(opened: Store) -> Iterator[None]:
    """Tell the learning record store, if one is set, while the page runs."""
    from coachbot.bootstrap import record_store
    from coachbot.web.record_store import Sender

    lrs = record_store(opened)
    with Sender(lrs) if lrs is not None else contextlib.nullcontext():
        yield


@click.command()
@HOST
@PORT
@actor_option
def run(host: str | None, port: int | None, actor: str | None) -> None:
    """Run the bot and the supervisors' page together.

    The same as `coachbot bot` and `coachbot web`, in one process.
    """
    from coachbot.bootstrap import page_address, settings
    from coachbot.cli.bot import run_bot
    from coachbot.web.server import bound, serving

    chosen = settings()
    _check_address(chosen, host, port)
    with bound(*_place(chosen, host, port)) as listener:
        port = listener.getsockname()[1]

        @contextlib.asynccontextmanager
        async def page(opened: Store) -> AsyncIterator[None]:
            app, url = _app(opened, chosen, host, port)
            with _telling_the_record_store(opened):
                async with serving(app, listener):
                    _say_where(url)
                    yield

        run_bot(actor, page, page_address(chosen, host, port))


def _database_of(ctx: click.Context) -> Path | None:
    """What stands before the name of the command: ``coachbot web --database FILE login-link``."""
    found: Path | None = ctx.parent.params.get("database") if ctx.parent else None
    return found


def _check_address(chosen: Settings, host: str | None, port: int | None) -> None:
    """Raise ``SettingsError`` before anything is opened."""
    from coachbot.bootstrap import page_address

    page_address(chosen, host, port)


def _place(chosen: Settings, host: str | None, port: int | None) -> tuple[str, int]:
    return (
        chosen.web_host if host is None else host,
        chosen.web_port if port is None else port,
    )


def _app(opened: Store, chosen: Settings, host: str | None, port: int) -> tuple[ASGIApp, str]:
    """The page on a port that it has, and its address."""
    from coachbot.bootstrap import page_address, page_office
    from coachbot.web.app import create_app

    address = page_address(chosen, host, port)
    return create_app(page_office(opened, address)), address.url


def _say_where(url: str) -> None:
    click.echo(f"The page is at {url} (Ctrl-C ends it). To sign in: coachbot web login-link")
    sys.stdout.flush()
