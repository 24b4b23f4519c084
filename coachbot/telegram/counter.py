"""Takes updates from the inbox: in order within a chat, the chats beside each other.

A chat that floods holds nobody up but itself: whatever waits there, one update at a time is dealt
with.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from concurrent.futures import Executor
from typing import TYPE_CHECKING

import structlog
from telegram import Update
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from coachbot.coaching.permissions import may
from coachbot.coaching.publishing import LARGEST_FILE
from coachbot.errors import CoachbotError, StoreError
from coachbot.telegram import rendering
from coachbot.telegram.routing import receive
from coachbot.telegram.sender import seconds_to_wait
from coachbot.telegram.visit import AlreadyDone, Visit, read_request

if TYPE_CHECKING:
    from telegram import Bot

    from coachbot.telegram.office import Office

TRIES = 3
"""How often an update is tried that fails by a mistake of the program."""
DEATHS = 10
"""How many programs may begin with an update and not come to its end. Being killed at a bad moment
is no fault of the update; after so many it is taken for one that kills."""

FETCHES = 4
"""How often a file is asked for that Telegram doesn't hand over."""

_log = structlog.get_logger()


class Counter:
    """Deals with what is in the inbox."""

    def __init__(self, office: Office, bot: Bot, *, desk: Executor) -> None:
        self._office = office
        self._bot = bot
        self._desk = desk
        self._lines: dict[int | None, asyncio.Task[None]] = {}
        self._again: set[int | None] = set()
        self._begun: dict[int, int] = {}
        """Updates that this program has begun with, and how often each has failed."""
        self._background: set[asyncio.Task[None]] = set()
        self.handled = 0
        self.failed = 0

    def ring(self, chat: int | None) -> None:
        """There is an update of this chat in the inbox."""
        task = self._lines.get(chat)
        if task is None or task.done():
            self._lines[chat] = asyncio.create_task(self._serve(chat))
        else:
            self._again.add(chat)

    async def open(self) -> None:
        """Begin with everything that was left in the inbox."""
        loop = asyncio.get_running_loop()
        for chat in await loop.run_in_executor(self._desk, self._office.post.chats_waiting):
            self.ring(chat)

    async def close(self) -> None:
        """Finish what is being dealt with; the rest stays in the inbox."""
        self._again.clear()
        tasks = [t for t in (*self._lines.values(), *self._background) if not t.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, chat: int | None) -> None:
        loop = asyncio.get_running_loop()
        troubles = 0
        while True:
            self._again.discard(chat)
            try:
                found = await loop.run_in_executor(self._desk, self._office.post.next_update, chat)
                if found is None:
                    if chat in self._again:
                        continue
                    break
                update = self._read(found.content)
                if update is not None and update.callback_query is not None:
                    self._acknowledge(update.callback_query.id)
                content = await self._fetch(update) if update is not None else None
                done = loop.run_in_executor(
                    self._desk, self._handle, found.update_id, update, content
                )
                # Whoever is being served is served to the end.
                await asyncio.shield(done)
                troubles = 0
            except StoreError as error:
                # Locked, or the disk is full: the update stays where it is until that is over.
                troubles += 1
                _log.error("database_trouble", error=type(error).__name__, times=troubles)
                await asyncio.sleep(min(30.0, 0.5 * 2.0**troubles))

    def _read(self, content: str) -> Update | None:
        try:
            return Update.de_json(json.loads(content), self._bot)
        except (ValueError, KeyError, TypeError, AttributeError):
            # It could be read when it came; an older or newer library wrote it otherwise.
            return None

    def _acknowledge(self, press: str) -> None:
        """Let the button stop turning, which nobody waits for.

        A press that is too old can't be acknowledged any more.
        """

        async def acknowledge() -> None:
            with contextlib.suppress(TelegramError):
                await self._bot.answer_callback_query(press)

        task = asyncio.create_task(acknowledge())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _fetch(self, update: Update) -> bytes | None:
        """The scenario that a trainer sent; None: there is none, or Telegram won't hand it over."""
        request = read_request(update, self._office.bot_name)
        wanted = request.kind == "file" and request.private and request.file_size <= LARGEST_FILE
        if not wanted or request.user is None:
            return None
        loop = asyncio.get_running_loop()
        member = await loop.run_in_executor(
            self._desk, self._office.members.by_telegram, request.user
        )
        if not may(member, "send_scenario"):
            return None
        for attempt in range(FETCHES):
            try:
                file = await self._bot.get_file(request.file)
                if (file.file_size or 0) > LARGEST_FILE:
                    return None
                return bytes(await file.download_as_bytearray())
            except RetryAfter as error:
                wait = seconds_to_wait(error)
            except (BadRequest, Forbidden) as error:
                _log.warning("file_refused", reason=type(error).__name__)
                return None
            except TelegramError as error:
                _log.warning("file_not_fetched", reason=type(error).__name__)
                wait = 2.0**attempt
            if attempt < FETCHES - 1:
                await asyncio.sleep(min(wait, 30.0))
        return None

    def _handle(self, update_id: int, update: Update | None, content: bytes | None = None) -> None:
        """Deal with one update. Raises ``StoreError``; everything else ends here."""
        office = self._office
        # Counted once by each program: a database in trouble may take many tries, and is no fault
        # of the update.
        if update_id not in self._begun:
            if office.post.count_attempt(update_id) > DEATHS or update is None:
                self.failed += 1
                _log.error("update_given_up")
                office.post.fail(update_id)
                return
            self._begun[update_id] = 0
        assert update is not None  # noqa: S101 (given up above)
        if self._deal_with(update, content):
            self._begun.pop(update_id, None)

    def _deal_with(self, update: Update, content: bytes | None) -> bool:
        """Do what an update asks for; False if that failed and is to be tried again."""
        office = self._office
        request = read_request(update, office.bot_name)
        try:
            member = None
            if request.user is not None:
                member = office.members.by_telegram(request.user)
            visit = Visit(office, request, member, content)
            receive(visit)
            if not visit.committed:
                with visit.commit():
                    pass
            self.handled += 1
        except AlreadyDone:
            return True
        except StoreError:
            raise
        except CoachbotError as error:
            self._say(Visit(office, request, None), rendering.html(error.message))
        except Exception as error:  # noqa: BLE001 (one broken update must not stop the chat)
            # Type and place say where the mistake is; the message might hold people's words.
            _log.error("update_failed", error=type(error).__name__, at=place(error))
            self._begun[request.update_id] += 1
            if self._begun[request.update_id] < TRIES:
                return False
            self.failed += 1
            self._say(Visit(office, request, None), rendering.failure("other"))
        return True

    def _say(self, visit: Visit, text: str) -> None:
        if visit.request.chat is None:
            self._office.post.fail(visit.request.update_id)
            return
        try:
            visit.answer(text)
        except AlreadyDone:
            return


def place(error: BaseException) -> str:
    """File and line in which an error was raised, which hold no words of people."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
