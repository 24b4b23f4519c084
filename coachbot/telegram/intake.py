"""Puts updates into the inbox before they are confirmed, from polling and from a webhook alike."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from telegram import Update
from telegram.error import InvalidToken
from telegram.ext import ExtBot

from coachbot.coaching.post import Arrived
from coachbot.errors import StoreError

if TYPE_CHECKING:
    from coachbot.coaching.post import Post

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
"""What the bot understands; Telegram sends nothing else."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the name of a header)
LARGEST_UPDATE = 1_000_000
"""Bytes of an update over the webhook; Telegram's are a few thousand."""

_log = structlog.get_logger()


class Intake:
    """Keeps what arrives, and rings for whoever deals with it."""

    def __init__(
        self,
        post: Post,
        *,
        desk: Executor,
        clock: Callable[[], float],
        ring: Callable[[int | None], None],
    ) -> None:
        self._post = post
        self._desk = desk
        self._clock = clock
        self._ring = ring
        self._last_success = time.monotonic()

    @property
    def quiet(self) -> float:
        """Seconds since Telegram answered last, by a clock that nobody puts forward or back."""
        return time.monotonic() - self._last_success

    async def take(self, updates: Sequence[Update]) -> None:
        """Keep updates; raises ``StoreError`` when they can't be kept."""
        self._last_success = time.monotonic()
        if not updates:
            return
        arrived = [Arrived(u.update_id, _chat_of(u), u.to_json()) for u in updates]
        loop = asyncio.get_running_loop()
        new = await loop.run_in_executor(self._desk, self._post.receive, arrived, self._clock())
        for chat in dict.fromkeys(one.chat for one in new):
            self._ring(chat)


def _chat_of(update: Update) -> int | None:
    chat = update.effective_chat
    if chat is not None:
        return chat.id
    user = update.effective_user
    return user.id if user is not None else None


class KeepingBot(ExtBot[None]):
    """A bot whose updates are in the inbox before the next request confirms them."""

    __slots__ = ("_refused", "_take")

    def __init__(
        self,
        *arguments: Any,
        take: Callable[[Sequence[Update]], Awaitable[None]],
        refused: Callable[[InvalidToken], None],
        **more: Any,
    ) -> None:
        """``take`` keeps updates; ``refused`` is told that the token is not taken any more."""
        super().__init__(*arguments, **more)
        with self._unfrozen():
            self._take = take
            self._refused = refused

    async def get_updates(self, *arguments: Any, **more: Any) -> tuple[Update, ...]:
        """Get updates and keep them; they are asked for again until they could be kept."""
        try:
            updates = await super().get_updates(*arguments, **more)
        except InvalidToken as error:
            # The library stops polling here, and tells nobody.
            self._refused(error)
            raise
        while True:
            try:
                await self._take(updates)
            except StoreError as error:
                _log.error("inbox_unwritable", error=type(error).__name__)
                await asyncio.sleep(2.0)
            else:
                return updates


def webhook(
    bot: ExtBot[None], intake: Intake, secret: str
) -> Callable[[Request], Awaitable[Response]]:
    """Make the endpoint that Telegram posts updates to; it answers 200 only for what was kept."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("wrong secret", 403)
        if int(request.headers.get("content-length") or 0) > LARGEST_UPDATE:
            return PlainTextResponse("too large", 413)
        try:
            content = json.loads(await request.body())
            update = Update.de_json(content, bot) if isinstance(content, dict) else None
        except (ValueError, KeyError, TypeError, AttributeError):
            update = None
        if update is None:
            return PlainTextResponse("not an update", 400)
        try:
            await intake.take([update])
        except StoreError as error:
            _log.error("inbox_unwritable", error=type(error).__name__)
            # Telegram keeps it and tries again.
            return PlainTextResponse("try again", 503)
        return PlainTextResponse("ok")

    return receive
