"""Sends what lies in the outbox: one sender, in order for each chat, several chats at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from coachbot.errors import CoachbotError
from coachbot.telegram.messages import Keyboard, Outgoing, plain

if TYPE_CHECKING:
    from telegram import Bot

    from coachbot.coaching.post import Post, Waiting

Result = TypeVar("Result")

AT_ONCE = 20
"""Chats that are sent to at the same time."""
LONGEST_WAIT = 60.0
"""Seconds between two tries at most, and between two looks into the outbox."""
LONGEST_TYPING = 6.0
"""Seconds for which the bot seems to type; Telegram stops showing it after 5."""
TRIES = 12
"""How often a message is tried that meets a server error; network errors are tried for ever."""

_log = structlog.get_logger()


class Sender:
    """Drains the outbox. There must be only one: two would send a message twice.

    A message that may or may not have arrived, because the connection broke after it was sent, is
    sent again: a message twice is a smaller harm than a customer who never answers.
    """

    def __init__(
        self,
        bot: Bot,
        post: Post,
        *,
        desk: Executor,
        clock: Callable[[], float],
        unreachable: Callable[[int], None],
        shows_bench: Callable[[int, int], None] = lambda _job, _message: None,
    ) -> None:
        """``unreachable`` is told the number of a chat that the bot can't write to any more.

        ``shows_bench`` is told a bench's job and the number of the message that shows it.
        """
        self._bot = bot
        self._post = post
        self._desk = desk
        self._clock = clock
        self._unreachable = unreachable
        self._shows_bench = shows_bench
        self._awake = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._typing: dict[int, asyncio.Task[None]] = {}
        self.sent = 0
        self.refused = 0

    def wake(self) -> None:
        """Look into the outbox now."""
        self._awake.set()

    async def run(self) -> None:
        """Send until it is cancelled; what is being sent then is sent to its end."""
        try:
            while True:
                self._awake.clear()
                wait = await self._hand_out()
                # Not wait_for(): before Python 3.12 it forgets that it was cancelled when it is
                # woken in the same moment.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._awake.wait()
        finally:
            await asyncio.gather(
                *self._busy.values(), *self._typing.values(), return_exceptions=True
            )

    async def _hand_out(self) -> float:
        """Start sending what is due; return how long nothing else will be, in seconds."""
        try:
            first = await self._at_desk(self._post.first_of_chats, set(self._busy))
        except CoachbotError as error:
            _log.error("outbox_unreadable", error=type(error).__name__)
            return 1.0
        wait = LONGEST_WAIT
        for message in first:
            left = message.due - self._clock()
            if left > 0:
                pauses = message.content.get("method") == "sendMessage" and message.attempts == 0
                if pauses and left <= LONGEST_TYPING:
                    self._type_soon(message, left)
                else:
                    wait = min(wait, left)
            elif len(self._busy) < AT_ONCE:
                task = asyncio.create_task(self._deliver(message))
                self._busy[message.chat] = task
        return wait

    def _type_soon(self, message: Waiting, left: float) -> None:
        chat = message.chat

        async def show() -> None:
            self.type_in(chat)
            try:
                await asyncio.sleep(left)
            finally:
                self._busy.pop(chat, None)
                self.wake()

        self._busy[chat] = asyncio.create_task(show())

    def type_in(self, chat: int) -> None:
        """Seem to type. Nobody waits for Telegram to show it, and it is not worth a second try.

        The request ends by itself, by its time-outs: cancelling it could lose its place among
        the connections for ever (httpcore, issue 1093), until no message can be sent any more.
        """
        if chat in self._typing:
            return

        async def ask() -> None:
            try:
                await self._bot.send_chat_action(
                    chat,
                    ChatAction.TYPING,
                    read_timeout=LONGEST_TYPING,
                    write_timeout=LONGEST_TYPING,
                    connect_timeout=LONGEST_TYPING,
                )
            except TelegramError:
                return
            finally:
                del self._typing[chat]

        self._typing[chat] = asyncio.create_task(ask())

    async def _deliver(self, message: Waiting) -> None:
        try:
            await self._send(message)
        except CoachbotError as error:
            # The note that it was sent could not be made; it will be sent again.
            _log.error("outbox_unwritable", error=type(error).__name__)
            await asyncio.sleep(1.0)
        except Exception as error:  # noqa: BLE001 (one broken message must not stop a chat)
            self.refused += 1
            _log.error("message_broken", error=type(error).__name__)
            with contextlib.suppress(CoachbotError):
                await self._at_desk(self._post.give_up, message.id)
        finally:
            self._busy.pop(message.chat, None)
            self.wake()

    async def _send(self, message: Waiting) -> None:
        outgoing = Outgoing.model_validate({**message.content, "chat": message.chat})
        try:
            number = await self._call(outgoing, message.file)
            await self._arrived(message, outgoing, number)
        except RetryAfter as error:
            await self._later(message, seconds_to_wait(error), error)
        except Forbidden:
            await self._at_desk(self._unreachable, message.chat)
            await self._at_desk(self._post.drop, message.chat)
            _log.info("chat_unreachable")
        except InvalidToken as error:
            # The token was changed: nothing is lost until the bot runs with the new one.
            _log.error("token_refused")
            await self._later(message, LONGEST_WAIT, error)
        except BadRequest as error:
            await self._refused(message, outgoing, error)
        except NetworkError as error:
            if outgoing.optional:
                await self._at_desk(self._post.give_up, message.id)
                return
            server = not isinstance(error.__cause__, httpx.HTTPError)
            if server and message.attempts >= TRIES:
                await self._given_up(message, error)
                return
            seconds = min(LONGEST_WAIT, 0.5 * 2.0 ** min(message.attempts, 7))
            await self._later(message, seconds, error)
        except TelegramError as error:
            await self._given_up(message, error)

    async def _arrived(self, message: Waiting, outgoing: Outgoing, number: int | None) -> None:
        self.sent += 1
        await self._at_desk(self._post.sent, message.id)
        if outgoing.bench is not None and number is not None:
            await self._at_desk(self._shows_bench, outgoing.bench, number)

    async def _refused(self, message: Waiting, outgoing: Outgoing, error: BadRequest) -> None:
        text = error.message.lower()
        if "not modified" in text or outgoing.optional:
            await self._at_desk(self._post.sent, message.id)
        elif "chat not found" in text or "user is deactivated" in text:
            await self._at_desk(self._unreachable, message.chat)
            await self._at_desk(self._post.drop, message.chat)
        elif "parse entities" in text and outgoing.text:
            await self._once_more(message, outgoing, html=False)
        elif "button" in text and outgoing.buttons:
            # A mistake of the program; but whoever waits can at least read the text.
            _log.error("buttons_refused", reason=error.message)
            bare = outgoing.model_copy(update={"buttons": ()})
            await self._once_more(message, bare, html=True)
        elif outgoing.method == "editMessageText":
            # The message is gone or too old to be changed: say it anew.
            again = outgoing.model_copy(update={"method": "sendMessage", "message": None})
            await self._once_more(message, again, html=True)
        else:
            await self._given_up(message, error)

    async def _once_more(self, message: Waiting, outgoing: Outgoing, *, html: bool) -> None:
        try:
            await self._call(outgoing, message.file, html=html)
        except TelegramError as error:
            await self._given_up(message, error)
        else:
            self.sent += 1
            await self._at_desk(self._post.sent, message.id)

    async def _given_up(self, message: Waiting, error: TelegramError) -> None:
        self.refused += 1
        # What comes after a colon may quote the message.
        reason = error.message.partition(":")[0]
        _log.error("message_refused", reason=reason, method=message.content.get("method"))
        await self._at_desk(self._post.give_up, message.id)

    async def _later(self, message: Waiting, seconds: float, error: TelegramError) -> None:
        cause = error.__cause__
        _log.warning(
            "message_postponed",
            reason=type(error).__name__,
            cause=type(cause).__name__ if cause else None,
            attempts=message.attempts,
            seconds=seconds,
        )
        await self._at_desk(self._post.postpone, message.id, self._clock() + seconds)

    async def _call(
        self, outgoing: Outgoing, file: bytes | None, *, html: bool = True
    ) -> int | None:
        """Ask Telegram; the number of a new text message, None for anything else."""
        text = outgoing.text if html else plain(outgoing.text)
        mode = ParseMode.HTML if html else None
        keys = markup(outgoing.buttons)
        chat, message = outgoing.chat, outgoing.message
        match outgoing.method:
            case "sendMessage":
                new = await self._bot.send_message(chat, text, parse_mode=mode, reply_markup=keys)
                return new.message_id
            case "editMessageText":
                await self._bot.edit_message_text(
                    text, chat, message, parse_mode=mode, reply_markup=keys
                )
            case "editMessageReplyMarkup":
                await self._bot.edit_message_reply_markup(chat, message, reply_markup=keys)
            case "sendPhoto":
                await self._bot.send_photo(
                    chat,
                    InputFile(file or b"", outgoing.file_name),
                    caption=text or None,
                    parse_mode=mode,
                    reply_markup=keys,
                )
            case "sendDocument":
                await self._bot.send_document(
                    chat,
                    InputFile(file or b"", outgoing.file_name),
                    caption=text or None,
                    parse_mode=mode,
                    reply_markup=keys,
                )
        return None

    async def _at_desk(self, do: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._desk, do, *arguments)


def seconds_to_wait(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone; the library gives it in one of two types."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def markup(buttons: Keyboard) -> InlineKeyboardMarkup | None:
    """Buttons as the library wants them."""
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(b.label, callback_data=b.data or None, url=b.url or None)
                for b in row
            ]
            for row in buttons
        ]
    )
