"""Runs the bot: loads, connects, takes, answers, sends, and stops in order."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from starlette.routing import Route
from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, Updater
from telegram.request import HTTPXRequest

from coachbot.errors import CoachbotError, SettingsError
from coachbot.telegram.assignments import remind
from coachbot.telegram.bencher import Bencher
from coachbot.telegram.conversation import Conversations
from coachbot.telegram.counter import Counter, place
from coachbot.telegram.health import Health, listen
from coachbot.telegram.intake import ALLOWED_UPDATES, Intake, KeepingBot, webhook
from coachbot.telegram.rendering import commands_of
from coachbot.telegram.sender import Sender, seconds_to_wait

if TYPE_CHECKING:
    from pydantic import SecretStr

    from coachbot.coaching.people import Member
    from coachbot.telegram.office import Office

Result = TypeVar("Result")

DESKS = 4
HOUR = 3600.0
MINUTE = 60.0
JUMP = 2.0
"""Seconds by which the clock may be put right without anybody waiting noticeably longer."""
LONGEST_PAUSE = 120.0
"""Seconds for which something may have to wait at the start: a pause, or what a 429 asked for."""
SHORT_PAUSE = 5.0
"""The same after the clock has jumped, when anything that is due later may be due too late."""

_NOT_KNOWN = (
    "Telegram does not know the token in COACHBOT_TELEGRAM_TOKEN; perhaps it was revoked. Copy it "
    "from @BotFather (/mybots, API Token), then start again."
)

_log = structlog.get_logger()


THINKERS = 2
"""Threads in which replies are scored and answered: as many as cores that are any use to it."""

THINKERS_WAITING = 16
"""The same where a language model finds the customer's words. A thread waits for it most of the
time, so that one hire's slow answer must not hold up the others'."""


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


@dataclass(frozen=True)
class Patience:
    """How long the bot bears what; all in seconds but ``conflicts``.

    ``poll``: for which Telegram holds a request for updates open. ``stalled``: without an answer to
    one, after which the program ends, to be started again. ``conflicts``: how many of them, within
    ``conflicts_within``, make it sure that another bot polls with the same token; when one program
    takes over from another, there is one or two. ``look``: between two looks at all this.
    ``farewell``: for the last word with Telegram. ``retry``: before a reply is tried again that
    could not be answered. ``bench``: between two notes of how far a bench is.
    """

    poll: int = 10
    stalled: float = 90.0
    conflicts: int = 5
    conflicts_within: float = 300.0
    look: float = 5.0
    farewell: float = 5.0
    retry: float = 1.0
    bench: float = 10.0


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

    def __init__(
        self,
        office: Office,
        address: Address,
        *,
        thinkers: int = THINKERS,
        patience: Patience | None = None,
    ) -> None:
        self._office = office
        self._patience = patience or Patience()
        self._address = address
        self._desk = ThreadPoolExecutor(DESKS, thread_name_prefix="desk")
        self._thinking = ThreadPoolExecutor(thinkers, thread_name_prefix="thinking")
        # One thread: whatever can wait is done one after the other.
        self._idle = ThreadPoolExecutor(1, thread_name_prefix="idle")
        self._over = asyncio.Event()
        self._failure: CoachbotError | None = None
        self._conflicts: list[float] = []
        self._background: set[asyncio.Task[None]] = set()

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
                connection_pool_size=2, connect_timeout=10, read_timeout=15
            ),
            rate_limiter=AIORateLimiter(max_retries=0),
            take=self._intake.take,
            refused=self._token_refused,
        )
        self._sender = Sender(
            self._bot,
            office.post,
            desk=self._desk,
            clock=office.clock,
            unreachable=self._unreachable,
            shows_bench=office.benching.jobs.shown,
        )
        self._counter = Counter(office, self._bot, desk=self._desk)
        self._conversations = Conversations(
            office,
            desk=self._desk,
            thinking=self._thinking,
            type_in=self._sender.type_in,
            patience=self._patience.retry,
        )
        self._bencher = Bencher(
            office,
            self._bot,
            desk=self._desk,
            background=self._idle,
            busy=self._busy,
            every=self._patience.bench,
        )
        office.bench_changed = self._from_any_thread(self._bencher.wake)
        office.wake_sender = self._from_any_thread(self._sender.wake)
        office.stir = self._stir
        office.greet = self._greet
        try:
            if await self._connect():
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

    def _busy(self) -> bool:
        return not self._conversations.quiet.is_set()

    def _greet(self, member: Member) -> None:
        self._loop.call_soon_threadsafe(lambda: self._in_background(self._set_commands_of(member)))

    def _unreachable(self, chat: int) -> None:
        member = self._office.members.by_telegram(chat)
        if member is not None:
            self._office.members.set_reachable(member.person, False)

    async def _connect(self) -> bool:
        """Ask Telegram who the bot is, for as long as it takes; only a wrong token ends it."""
        if not await self._patiently(self._bot.initialize):
            return False
        self._office.bot_name = self._bot.username
        return True

    async def _serve(self, announce: Callable[[str], None]) -> None:
        health = Health(
            self._office.post,
            self._intake,
            self._counter,
            self._sender,
            desk=self._desk,
            stalled=None if self._address.webhook_url else self._patience.stalled,
        )
        web = await listen(self._address.listen, self._address.port, self._routes(health))
        self._updater = Updater(self._bot, asyncio.Queue())
        tasks = [self._lasting(do) for do in (self._sender.run, self._watch, self._empty_queue)]
        try:
            self._in_background(self._set_commands())
            await self._at_desk(self._office.post.hurry, self._office.clock(), LONGEST_PAUSE)
            await self._counter.open()
            for person in await self._at_desk(self._office.post.writers):
                self._conversations.stir(person)
            if await self._receive():
                first = await self._at_desk(self._first_supervisor)
                if first:
                    announce(first)
                mode = "webhook" if self._address.webhook_url else "polling"
                _log.info("running", bot=self._bot.username, mode=mode, port=web.port)
                tasks.append(self._lasting(self._bencher.run))
                self._in_background(self._prepare())
                await self._over.wait()
            _log.info("stopping")
            if self._updater.running:
                # It asks Telegram once more, which may not answer; and when polling has ended by
                # itself, it says why here.
                with contextlib.suppress(TimeoutError, TelegramError):
                    await asyncio.wait_for(self._updater.stop(), self._patience.farewell)
            await self._counter.close()
            await self._conversations.stop()
        finally:
            tasks += self._background
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await web.close()

    def _routes(self, health: Health) -> list[Route]:
        routes = health.routes()
        if self._address.webhook_url is not None:
            secret = self._address.webhook_secret
            endpoint = webhook(self._bot, self._intake, secret.get_secret_value() if secret else "")
            routes.append(Route("/telegram", endpoint, methods=["POST"]))
        return routes

    def _lasting(self, do: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        """Do something for as long as the bot runs; without it, the bot must not go on."""

        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()) is not None:
                _log.error("part_failed", error=type(error).__name__, at=place(error))
                self._fail(
                    CoachbotError(
                        "A part of the bot has failed, so it ends to be started again. Nothing is "
                        "lost: it goes on where it was. The log says which part; please report it."
                    )
                )

        task = asyncio.create_task(do())
        task.add_done_callback(ended)
        return task

    def _in_background(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _prepare(self) -> None:
        """Prepare customers while nobody waits for an answer; whoever writes first comes first."""
        try:
            names = await self._at_desk(self._office.unprepared)
        except CoachbotError as error:
            _log.warning("not_prepared", error=type(error).__name__)
            return
        for scenario in names:
            await self._conversations.quiet.wait()
            try:
                await self._loop.run_in_executor(self._idle, self._office.prepare, scenario)
            except Exception as error:  # noqa: BLE001 (it is tried again when it is needed)
                name, at = type(error).__name__, place(error)
                _log.warning("not_prepared", scenario=scenario, error=name, at=at)
        _log.info("prepared")

    async def _at_desk(self, do: Callable[..., Result], *arguments: Any) -> Result:
        return await self._loop.run_in_executor(self._desk, do, *arguments)

    async def _empty_queue(self) -> None:
        # What the updater hands on has been in the inbox before.
        while True:
            await self._updater.update_queue.get()

    async def _receive(self) -> bool:
        """Begin to get updates; False if the bot is to stop before it could."""
        await self._updater.initialize()
        if self._address.webhook_url is not None:
            secret = self._address.webhook_secret
            return await self._patiently(
                lambda: self._bot.set_webhook(
                    self._address.webhook_url or "",
                    allowed_updates=ALLOWED_UPDATES,
                    secret_token=secret.get_secret_value() if secret else None,
                    # One after the other: beside each other, two of a chat may change places.
                    max_connections=1,
                )
            )
        return await self._patiently(
            lambda: self._updater.start_polling(
                timeout=self._patience.poll,
                bootstrap_retries=-1,
                allowed_updates=ALLOWED_UPDATES,
                drop_pending_updates=False,
                error_callback=self._polling_failed,
            )
        )

    async def _patiently(self, do: Callable[[], Awaitable[object]]) -> bool:
        """Try until it works, since Telegram may be down; False if the bot is to stop before.

        Raises ``SettingsError`` for what no waiting changes.
        """
        wait = 1.0
        while not self._over.is_set():
            try:
                await self._until_over(do())
            except InvalidToken:
                raise SettingsError(_NOT_KNOWN) from None
            except BadRequest as error:
                raise SettingsError(
                    f"Telegram refuses what the settings ask for: {error.message}. Check them with "
                    "coachbot doctor."
                ) from None
            except RetryAfter as error:
                wait = seconds_to_wait(error)
                _log.warning("telegram_busy", again_in=wait)
            except TelegramError as error:
                _log.warning("telegram_unreachable", reason=type(error).__name__, again_in=wait)
            else:
                return not self._over.is_set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._over.wait()
            wait = min(60.0, wait * 2)
        return False

    async def _until_over(self, doing: Awaitable[object]) -> None:
        """Do something that may take long, but for no longer than the bot is to run."""
        task = asyncio.ensure_future(doing)
        over = asyncio.create_task(self._over.wait())
        await asyncio.wait({task, over}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return
        task.result()

    def _polling_failed(self, error: TelegramError) -> None:
        if not isinstance(error, Conflict):
            _log.warning("polling_failed", reason=type(error).__name__)
            return
        # Each of two pollers gets an answer now and then, so an answer proves nothing.
        now = time.monotonic()
        recent = [at for at in self._conflicts if now - at < self._patience.conflicts_within]
        self._conflicts = [*recent, now]
        _log.error("conflict", times=len(self._conflicts))
        if len(self._conflicts) >= self._patience.conflicts:
            self._fail(
                AnotherBot(
                    "Another program gets this bot's updates with the same token. Stop it, or "
                    "make a new token with @BotFather (/revoke), then start this one again."
                )
            )

    def _token_refused(self, _error: InvalidToken) -> None:
        self._fail(SettingsError(_NOT_KNOWN))

    def _fail(self, failure: CoachbotError) -> None:
        self._failure = failure
        self._over.set()

    async def _watch(self) -> None:
        """Notice a poll that hangs and a clock that jumps; delete what is old; send reminders."""
        last_tidied: float | None = None
        last_reminded: float | None = None
        ahead = self._office.clock() - time.monotonic()
        while True:
            await asyncio.sleep(self._patience.look)
            quiet = self._intake.quiet
            if self._address.webhook_url is None and quiet > self._patience.stalled:
                self._fail(
                    StalledPoll(
                        f"No answer from Telegram for {quiet:.0f} seconds, so the bot ends to be "
                        "started again. Nothing is lost: it goes on where it was."
                    )
                )
            now_ahead = self._office.clock() - time.monotonic()
            with contextlib.suppress(CoachbotError):
                if abs(now_ahead - ahead) > JUMP:
                    await self._catch_up(now_ahead - ahead)
                    ahead = now_ahead
                if last_tidied is None or time.monotonic() - last_tidied > HOUR:
                    await self._at_desk(self._tidy)
                    last_tidied = time.monotonic()
                if last_reminded is None or time.monotonic() - last_reminded > MINUTE:
                    await self._at_desk(remind, self._office)
                    last_reminded = time.monotonic()

    async def _catch_up(self, jumped: float) -> None:
        """After the clock was put forward or back: nothing may wait for the old time."""
        _log.warning("clock_jumped", seconds=round(jumped))
        hurry, now = self._office.post.hurry, self._office.clock()
        for person in await self._at_desk(hurry, now, SHORT_PAUSE):
            self._conversations.stir(person)
        self._sender.wake()

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
        shown = commands_of(member.roles, page=self._office.page_for_all)
        commands = [BotCommand(name, what) for name, what in shown.items()]
        with contextlib.suppress(TelegramError):
            await self._bot.set_my_commands(commands, scope=BotCommandScopeChat(member.telegram))

    async def _stop(self) -> None:
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._bot.shutdown()
        self._desk.shutdown(wait=True)
        self._thinking.shutdown(wait=False, cancel_futures=True)
        self._idle.shutdown(wait=False, cancel_futures=True)


class StalledPoll(CoachbotError):
    """Telegram has not answered for long."""
