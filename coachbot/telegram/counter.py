"""Takes updates from the inbox: in order within a chat, the chats beside each other.

A chat that floods holds nobody up but itself: each chat has one place at a time, and each update
goes back to the end of the line of chats.
"""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import Executor
from typing import TYPE_CHECKING

import structlog
from telegram import Update
from telegram.error import TelegramError

from coachbot.errors import CoachbotError, StoreError
from coachbot.telegram import rendering
from coachbot.telegram.routing import receive
from coachbot.telegram.visit import AlreadyDone, Visit, read_request

if TYPE_CHECKING:
    from telegram import Bot

    from coachbot.telegram.office import Office

TRIES = 3
"""How often an update is tried that fails by a mistake of the program."""

_log = structlog.get_logger()


class Counter:
    """Deals with what is in the inbox."""

    def __init__(self, office: Office, bot: Bot, *, desk: Executor) -> None:
        self._office = office
        self._bot = bot
        self._desk = desk
        self._lines: dict[int | None, asyncio.Task[None]] = {}
        self._again: set[int | None] = set()
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
        for chat in await self._at_desk_waiting():
            self.ring(chat)

    async def close(self) -> None:
        """Finish what is being dealt with; the rest stays in the inbox."""
        self._again.clear()
        tasks = [t for t in self._lines.values() if not t.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _at_desk_waiting(self) -> list[int | None]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._desk, self._office.post.chats_waiting)

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
                update = Update.de_json(json.loads(found.content), self._bot)
                if update.callback_query is not None:
                    await self._acknowledge(update.callback_query.id)
                done = loop.run_in_executor(self._desk, self._handle, found.update_id, update)
                # Whoever is being served is served to the end.
                await asyncio.shield(done)
                troubles = 0
            except StoreError as error:
                # Locked, or the disk is full: the update stays where it is until that is over.
                troubles += 1
                _log.error("database_trouble", error=type(error).__name__, times=troubles)
                await asyncio.sleep(min(30.0, 0.5 * 2.0**troubles))

    async def _acknowledge(self, press: str) -> None:
        """Let the button stop turning; a press that is too old can't be acknowledged any more."""
        try:
            await self._bot.answer_callback_query(press)
        except TelegramError:
            return

    def _handle(self, update_id: int, update: Update | None) -> None:
        """Deal with one update. Raises ``StoreError``; everything else ends here."""
        office = self._office
        attempt = office.post.count_attempt(update_id)
        if update is None or attempt > TRIES:
            self.failed += 1
            office.post.fail(update_id)
            return
        request = read_request(update, office.bot_name)
        try:
            member = None
            if request.user is not None:
                member = office.members.by_telegram(request.user)
            visit = Visit(office, request, member)
            receive(visit)
            if not visit.committed:
                with visit.commit():
                    pass
            self.handled += 1
        except AlreadyDone:
            return
        except StoreError:
            raise
        except CoachbotError as error:
            self._say(
                request.update_id, Visit(office, request, None), rendering.html(error.message)
            )
        except Exception as error:  # noqa: BLE001 (one broken update must not stop the chat)
            # Type and place say where the mistake is; the message might hold people's words.
            _log.error("update_failed", error=type(error).__name__, at=_place(error))
            if attempt >= TRIES:
                self.failed += 1
                self._say(
                    request.update_id, Visit(office, request, None), rendering.failure("other")
                )

    def _say(self, update_id: int, visit: Visit, text: str) -> None:
        if visit.request.chat is None:
            self._office.post.fail(update_id)
            return
        try:
            visit.answer(text)
        except AlreadyDone:
            return


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
