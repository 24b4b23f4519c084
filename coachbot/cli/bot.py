"""``coachbot bot`` and ``invite``: the Telegram bot, and the links that let people in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from typing import TYPE_CHECKING

import click

from coachbot.cli.practice import actor_option
from coachbot.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from coachbot.coaching.people import Role
    from coachbot.settings import Settings
    from coachbot.store import Store
    from coachbot.telegram.server import Address
    from coachbot.web.address import Address as PageAddress

ASK_BOTFATHER = (
    "COACHBOT_TELEGRAM_TOKEN is not set. Write to @BotFather in Telegram, /newbot makes a bot and "
    "gives you its token."
)
ROLES: tuple[Role, ...] = ("trainee", "trainer", "supervisor")


@click.command()
@actor_option
def bot(actor: str | None) -> None:
    """Run the Telegram bot.

    The token comes from COACHBOT_TELEGRAM_TOKEN; `coachbot doctor` checks all settings. The first
    time, a link is printed that makes its opener the first supervisor.
    """
    run_bot(actor)


def run_bot(
    actor: str | None,
    beside: Callable[[Store], AbstractAsyncContextManager[None]] | None = None,
    page: PageAddress | None = None,
) -> None:
    """Run the bot until a signal ends it.

    ``beside``: what runs with it on the same database. ``page``: where the supervisors' page is;
    None: where the settings say.
    """
    from coachbot.bootstrap import Practice, load_actor, office, settings, store
    from coachbot.telegram.server import THINKERS, THINKERS_WAITING, Server, only_one

    chosen = settings()
    address = _address(chosen)
    write_logs()
    with contextlib.ExitStack() as open_until_the_end:
        try:
            # The lock lies beside the database, and comes before anything is changed in it.
            chosen.database.absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            open_until_the_end.enter_context(only_one(chosen.database))
        except OSError as error:
            raise StoreError(
                f"The folder of the database {chosen.database} can't be used: {error.strerror} "
                f"({error.filename}). Change that, or set COACHBOT_DATABASE to another file."
            ) from error
        opened = open_until_the_end.enter_context(store())
        model = load_actor(actor)
        thinkers = THINKERS if model is None else THINKERS_WAITING
        parts = office(opened, Practice(actor=model), page)
        server = Server(parts, address, thinkers=thinkers)

        async def run() -> None:
            async with beside(opened) if beside else contextlib.nullcontext():
                await server.run(_announce)

        asyncio.run(run())


@click.command()
@click.option("--team", required=True, help="The team; a new name founds a team.")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice(ROLES),
    help="What they will be there; may be given more than once.",
)
@click.option("--days", default=7, show_default=True, help="How long the link is good, 1 to 90.")
def invite(team: str, roles: tuple[Role, ...], days: int) -> None:
    """Print a link that lets one person into a team.

    It works once. The bot may run meanwhile; it uses the same database. What is printed on
    standard output is the link alone, or its last part where Telegram doesn't tell the bot's name.
    """
    from coachbot.bootstrap import settings, store
    from coachbot.coaching.people import People

    chosen = settings()
    with store() as opened:
        payload = People(opened.people).invite_from_console(team, roles, days)
    name, reason = _name(chosen)
    good = f"good for {days} day{'' if days == 1 else 's'}"
    if name:
        click.echo(f"For one person, as {_listed(roles)}; {good}:", err=True)
        click.echo(f"https://t.me/{name}?start={payload}")
        return
    click.echo(
        f"coachbot: {reason} So the name of the bot isn't known here. The invitation is made all "
        f"the same, for one person, as {_listed(roles)}; {good}. Its link is "
        "https://t.me/NAME?start=PAYLOAD, with the bot's name (without @) in place of NAME, and in "
        "place of PAYLOAD:",
        err=True,
    )
    click.echo(payload)


def _name(chosen: Settings) -> tuple[str, str]:
    """The bot's name in links; or empty, and why it is not known."""
    from coachbot.telegram.checking import ask, bot_name, token_finding

    if chosen.telegram_token is None:
        return "", ASK_BOTFATHER
    answer = ask(chosen.telegram_base_url, chosen.telegram_token, "getMe")
    name = bot_name(answer)
    return name, "" if name else token_finding(answer, chosen.telegram_base_url).message


def _listed(roles: tuple[Role, ...]) -> str:
    return " and ".join(role for role in ROLES if role in roles)


def _announce(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


def _address(chosen: Settings) -> Address:
    from coachbot.telegram.server import Address

    if chosen.telegram_token is None:
        raise SettingsError(ASK_BOTFATHER)
    webhook = chosen.telegram_mode == "webhook"
    return Address(
        token=chosen.telegram_token,
        base_url=chosen.telegram_base_url,
        base_file_url=chosen.telegram_base_file_url,
        webhook_url=chosen.telegram_webhook_url if webhook else None,
        webhook_secret=chosen.telegram_webhook_secret,
        listen=chosen.health_host,
        port=chosen.health_port,
    )


def write_logs() -> None:
    """Write logs to standard error, a JSON object a line, and nothing that people wrote."""
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    # httpx writes addresses with the token in them; python-telegram-bot writes whole updates, and
    # a line on every stop. What matters of it is in the bot's own log.
    for name in ("httpx", "httpcore", "telegram", "telegram.ext"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
