"""Runs the bot: loads, connects, takes, answers, sends, and stops in order."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
import uvicorn
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client import Counter as Total
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, Updater
from telegram.request import HTTPXRequest

from coachbot.errors import CoachbotError, SettingsError, StoreError
from coachbot.telegram.conversation import Conversations
from coachbot.telegram.counter import Counter
from coachbot.telegram.intake import ALLOWED_UPDATES, Intake, KeepingBot, webhook
from coachbot.telegram.rendering import commands_of
from coachbot.telegram.sender import Sender

if TYPE_CHECKING:
    from pydantic import SecretStr

    from coachbot.coaching.people import Member
    from coachbot.telegram.office import Office

POLL = 10
"""Seconds for which Telegram holds a request for updates open."""
STALLED = 90.0
"""Seconds without a successful poll after which the program ends, to be started again."""
CONFLICTS = 5
"""Conflicts in a row after which it is sure that another bot polls with the same token."""
DESKS = 4
HOUR = 3600.0

_log = structlog.get_logger()


@dataclass(frozen=True)
class Address:
    """Where the bot is reached, and where it reaches Telegram."""

    token: SecretStr
    base_url: str
    base_file_url: str
    webhook_url: str | None
    """Where Telegram posts updates to; None: the bot polls."""
    webhook_secret: SecretStr | None
    listen: str
    port: int
    """Port of health, metrics and webhook; 0: any that is free."""


class AnotherBot(CoachbotError):
    """Somebody else runs a bot with this token, or on this database."""


@contextlib.contextmanager
def only_one(database: Path) -> Iterator[None]:
    """Hold a lock beside the database while the bot runs. Raises ``AnotherBot``."""
    file = database.with_name(database.name + ".bot-lock")
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherBot(
                f"A bot is running on {database} already. Stop it first, or set COACHBOT_DATABASE "
                "to another file for this one."
            ) from None
        yield


class Server:
    """One bot, from its start to its end."""

    def __init__(self, office: Office, address: Address, *, thinkers: int = 2) -> None:
        self._office = office
        self._address = address
        self._desk = ThreadPoolExecutor(DESKS, thread_name_prefix="desk")
        self._thinking = ThreadPoolExecutor(thinkers, thread_name_prefix="thinking")
        self._over = asyncio.Event()
        self._failure: CoachbotError | None = None
        self._conflicts = 0
        self._started = time.time()

    async def run(self, announce: Callable[[str], None] = lambda _line: None) -> None:
        """Run until a signal ends it. Raises ``CoachbotError`` when it can't go on."""
        self._loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._over.set)
        office = self._office
        self._intake = Intake(office.post, desk=self._desk, clock=office.clock, ring=self._ring)
        self._bot = KeepingBot(
            self._address.token.get_secret_value(),
            base_url=self._address.base_url,
            base_file_url=self._address.base_file_url,
            request=HTTPXRequest(connection_pool_size=32, connect_timeout=10, read_timeout=20),
            get_updates_request=HTTPXRequest(
                connection_pool_size=2, connect_timeout=10, read_timeout=POLL + 15
            ),
            rate_limiter=AIORateLimiter(max_retries=0),
            take=self._intake.take,
        )
        self._sender = Sender(
            self._bot,
            office.post,
            desk=self._desk,
            clock=office.clock,
            unreachable=self._unreachable,
        )
        self._counter = Counter(office, self._bot, desk=self._desk)
        self._conversations = Conversations(
            office, desk=self._desk, thinking=self._thinking, type_in=self._sender.type_in
        )
        office.wake_sender = self._from_any_thread(self._sender.wake)
        office.stir = self._stir
        office.greet = self._greet
        try:
            await self._connect()
            if not self._over.is_set():
                await self._serve(announce)
        finally:
            await self._stop()
        if self._failure is not None:
            raise self._failure

    def _from_any_thread(self, do: Callable[[], None]) -> Callable[[], None]:
        def soon() -> None:
            self._loop.call_soon_threadsafe(do)

        return soon

    def _ring(self, chat: int | None) -> None:
        self._counter.ring(chat)

    def _stir(self, person: str) -> None:
        self._loop.call_soon_threadsafe(self._conversations.stir, person)

    def _greet(self, member: Member) -> None:
        self._loop.call_soon_threadsafe(
            lambda: self._loop.create_task(self._set_commands_of(member))
        )

    def _unreachable(self, chat: int) -> None:
        member = self._office.members.by_telegram(chat)
        if member is not None:
            self._office.members.set_reachable(member.person, False)

    async def _connect(self) -> None:
        """Ask Telegram who the bot is, for as long as it takes; only a wrong token ends it."""
        wait = 1.0
        while not self._over.is_set():
            try:
                await self._bot.initialize()
            except InvalidToken:
                raise SettingsError(
                    "Telegram does not know the token in COACHBOT_TELEGRAM_TOKEN. Copy it again "
                    "from @BotFather (/mybots, API Token)."
                ) from None
            except RetryAfter as error:
                seconds = error.retry_after
                wait = seconds if isinstance(seconds, int | float) else seconds.total_seconds()
            except NetworkError as error:
                _log.warning("telegram_unreachable", reason=type(error).__name__, again_in=wait)
            else:
                self._office.bot_name = self._bot.username
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), wait)
            wait = min(60.0, wait * 2)

    async def _serve(self, announce: Callable[[str], None]) -> None:
        sending = asyncio.create_task(self._sender.run())
        watching = asyncio.create_task(self._watch())
        web = await self._listen()
        self._updater = Updater(self._bot, asyncio.Queue())
        emptying = asyncio.create_task(self._empty_queue())
        try:
            await self._set_commands()
            await self._counter.open()
            for person in await self._loop.run_in_executor(self._desk, self._office.post.writers):
                self._conversations.stir(person)
            await self._receive()
            first = await self._loop.run_in_executor(self._desk, self._first_supervisor)
            if first:
                announce(first)
            mode = "webhook" if self._address.webhook_url else "polling"
            _log.info("running", bot=self._bot.username, mode=mode)
            await self._over.wait()
            _log.info("stopping")
            if self._updater.running:
                await self._updater.stop()
            await self._counter.close()
            await self._conversations.stop()
        finally:
            for task in (sending, watching, emptying):
                task.cancel()
            await asyncio.gather(sending, watching, emptying, return_exceptions=True)
            web.should_exit = True
            await self._web_task

    async def _empty_queue(self) -> None:
        # What the updater hands on has been in the inbox before.
        while True:
            await self._updater.update_queue.get()

    async def _receive(self) -> None:
        await self._updater.initialize()
        if self._address.webhook_url is not None:
            secret = self._address.webhook_secret
            await self._patiently(
                lambda: self._bot.set_webhook(
                    self._address.webhook_url or "",
                    allowed_updates=ALLOWED_UPDATES,
                    secret_token=secret.get_secret_value() if secret else None,
                )
            )
            return
        await self._updater.start_polling(
            timeout=POLL,
            bootstrap_retries=-1,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
            error_callback=self._polling_failed,
        )

    async def _patiently(self, do: Callable[[], object]) -> None:
        """Try until it works; Telegram may be down."""
        wait = 1.0
        while not self._over.is_set():
            try:
                await do()  # type: ignore[misc]
            except NetworkError as error:
                _log.warning("telegram_unreachable", reason=type(error).__name__, again_in=wait)
                await asyncio.sleep(wait)
                wait = min(60.0, wait * 2)
            else:
                return

    def _polling_failed(self, error: TelegramError) -> None:
        if isinstance(error, Conflict):
            self._conflicts += 1
            _log.error("conflict", times=self._conflicts)
            if self._conflicts >= CONFLICTS:
                self._fail(
                    AnotherBot(
                        "Another program gets this bot's updates with the same token. Stop it, or "
                        "make a new token with @BotFather (/revoke), then start this one again."
                    )
                )
        elif isinstance(error, InvalidToken):
            self._fail(
                SettingsError(
                    "Telegram refuses the token in COACHBOT_TELEGRAM_TOKEN now; it may have been "
                    "revoked. Copy the new one from @BotFather, then start again."
                )
            )
        else:
            _log.warning("polling_failed", reason=type(error).__name__)

    def _fail(self, failure: CoachbotError) -> None:
        self._failure = failure
        self._over.set()

    async def _watch(self) -> None:
        """Notice a poll that hangs, send reminders, delete what is old."""
        last_tidied = 0.0
        while True:
            await asyncio.sleep(5.0)
            quiet = self._office.clock() - self._intake.last_success
            if quiet < STALLED / 2:
                self._conflicts = 0
            if self._address.webhook_url is None and quiet > STALLED:
                self._fail(
                    StalledPoll(
                        f"No answer from Telegram for {quiet:.0f} seconds, so the bot ends to be "
                        "started again. Nothing is lost: it goes on where it was."
                    )
                )
            if time.monotonic() - last_tidied > HOUR or last_tidied == 0.0:
                last_tidied = time.monotonic()
                with contextlib.suppress(StoreError):
                    await self._loop.run_in_executor(self._desk, self._tidy)

    def _tidy(self) -> None:
        self._office.post.prune(self._office.clock())
        if self._office.retention_days:
            self._office.people.expire(self._office.retention_days)

    def _first_supervisor(self) -> str:
        if self._office.members.anyone():
            return ""
        payload = self._office.people.first_supervisor()
        return f"First supervisor: https://t.me/{self._bot.username}?start={payload}"

    async def _set_commands(self) -> None:
        commands = [BotCommand(name, what) for name, what in commands_of(("trainee",)).items()]
        with contextlib.suppress(TelegramError):
            await self._bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats())

    async def _set_commands_of(self, member: Member) -> None:
        commands = [BotCommand(name, what) for name, what in commands_of(member.roles).items()]
        with contextlib.suppress(TelegramError):
            await self._bot.set_my_commands(commands, scope=BotCommandScopeChat(member.telegram))

    async def _stop(self) -> None:
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._bot.shutdown()
        self._desk.shutdown(wait=True)
        self._thinking.shutdown(wait=False, cancel_futures=True)

    # --- Health --------------------------------------------------------------------------------

    async def _listen(self) -> uvicorn.Server:
        routes = [Route("/health", self._health), Route("/metrics", self._metrics)]
        if self._address.webhook_url is not None:
            secret = self._address.webhook_secret
            endpoint = webhook(self._bot, self._intake, secret.get_secret_value() if secret else "")
            routes.append(Route("/telegram", endpoint, methods=["POST"]))
        config = uvicorn.Config(
            Starlette(routes=routes),
            host=self._address.listen,
            port=self._address.port,
            log_config=None,
            access_log=False,
            lifespan="off",
        )
        web = uvicorn.Server(config)
        # Signals are this program's own business.
        web.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        self._web_task = asyncio.create_task(web.serve())
        while not web.started:
            if self._web_task.done():
                raise SettingsError(
                    f"Port {self._address.port} on {self._address.listen} is taken. Set "
                    "COACHBOT_HEALTH_PORT to another one."
                )
            await asyncio.sleep(0.01)
        return web

    async def _health(self, _request: Request) -> Response:
        try:
            waiting = await self._loop.run_in_executor(self._desk, self._office.post.waiting)
        except CoachbotError as error:
            return JSONResponse({"status": "database", "problem": type(error).__name__}, 503)
        quiet = self._office.clock() - self._intake.last_success
        polling = self._address.webhook_url is None
        well = not polling or quiet < STALLED
        return JSONResponse(
            {
                "status": "ok" if well else "stalled",
                "mode": "polling" if polling else "webhook",
                "seconds_since_telegram": round(quiet, 1),
                "uptime_seconds": round(time.time() - self._started),
                **waiting,
            },
            200 if well else 503,
        )

    async def _metrics(self, _request: Request) -> Response:
        waiting = await self._loop.run_in_executor(self._desk, self._office.post.waiting)
        registry = CollectorRegistry()
        for name, what in (("inbox", "Updates"), ("outbox", "Messages")):
            Gauge(f"coachbot_{name}_waiting", f"{what} that wait", registry=registry).set(
                waiting[name]
            )
        for name, what, value in (
            ("updates_handled", "Updates dealt with", self._counter.handled),
            ("updates_failed", "Updates given up", self._counter.failed),
            ("messages_sent", "Messages sent", self._sender.sent),
            ("messages_refused", "Messages that Telegram refused", self._sender.refused),
        ):
            Total(f"coachbot_{name}", what, registry=registry).inc(value)
        quiet = self._office.clock() - self._intake.last_success
        Gauge(
            "coachbot_seconds_since_telegram", "Since the last successful poll", registry=registry
        ).set(quiet)
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")


class StalledPoll(CoachbotError):
    """Telegram has not answered for long."""


def exit_quietly() -> None:
    """Leave without waiting for a thread that is thinking."""
    os._exit(0)
