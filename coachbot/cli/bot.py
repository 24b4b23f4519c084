"""``coachbot bot``, ``invite`` and ``doctor``: the Telegram bot and what it needs."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING

import click

from coachbot.errors import SettingsError

if TYPE_CHECKING:
    from coachbot.settings import Settings
    from coachbot.telegram.server import Address


@click.command()
def bot() -> None:
    """Run the Telegram bot.

    The token comes from COACHBOT_TELEGRAM_TOKEN; `coachbot doctor` checks all settings. The first
    time, a link is printed that makes its opener the first supervisor.
    """
    from coachbot.bootstrap import office, settings, store
    from coachbot.telegram.server import Server, only_one

    chosen = settings()
    address = _address(chosen)
    write_logs()
    with only_one(chosen.database), store() as opened:
        server = Server(office(opened), address)
        asyncio.run(server.run(_announce))


def _announce(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


def _address(chosen: Settings) -> Address:
    from coachbot.telegram.server import Address

    if chosen.telegram_token is None:
        raise SettingsError(
            "COACHBOT_TELEGRAM_TOKEN is not set. Write to @BotFather in Telegram, /newbot makes a "
            "bot and gives you its token."
        )
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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    # httpx writes addresses with the token in them; python-telegram-bot writes whole updates.
    for name in ("httpx", "httpcore", "telegram", "telegram.ext", "apscheduler"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
