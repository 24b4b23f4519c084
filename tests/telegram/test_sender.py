"""The sender by itself: what it asks of Telegram, and what it leaves alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

from telegram import Bot

from coachbot.coaching.post import Post, Waiting
from coachbot.telegram.messages import Outgoing
from coachbot.telegram.sender import Sender

CHAT = 7
TEXTS = ["One.", "Two.", "Three."]


class SlowToType:
    """A Bot API that shows typing only when it is let to, and sends messages at once."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.asked = 0
        self.shown = asyncio.Event()
        self.texts: list[str] = []
        self.all_said = asyncio.Event()

    async def send_chat_action(self, *_: object, **__: object) -> None:
        """Wait until it is let to."""
        self.asked += 1
        await self.let.wait()
        self.shown.set()

    async def send_message(self, _: int, text: str, **__: object) -> SimpleNamespace:
        """Take it."""
        self.texts.append(text)
        if len(self.texts) == len(TEXTS):
            self.all_said.set()
        return SimpleNamespace(message_id=len(self.texts))


class Outbox:
    """Some messages for one chat, each due a moment after it is looked at."""

    def __init__(self, *texts: str) -> None:
        self.left = list(texts)
        self.due: float | None = None

    def first_of_chats(self, busy: AbstractSet[int]) -> list[Waiting]:
        """The first that is left."""
        if not self.left or CHAT in busy:
            return []
        self.due = self.due or time.time() + 0.05
        content: dict[str, Any] = Outgoing(chat=CHAT, text=self.left[0]).model_dump()
        return [Waiting(1, CHAT, content, None, self.due, 0)]

    def sent(self, _: int) -> None:
        """It has gone."""
        del self.left[0]
        self.due = None


def test_a_message_does_not_wait_for_typing_and_does_not_cancel_it() -> None:
    """A request that is cancelled can block its connection for ever; one at a time is enough."""

    async def play() -> SlowToType:
        bot, outbox = SlowToType(), Outbox(*TEXTS)
        with ThreadPoolExecutor(1) as desk:
            sender = Sender(
                cast("Bot", bot),
                cast("Post", outbox),
                desk=desk,
                clock=time.time,
                unreachable=lambda _: None,
            )
            running = asyncio.create_task(sender.run())
            async with asyncio.timeout(20):
                await bot.all_said.wait()
                assert not bot.shown.is_set()
                bot.let.set()
                await bot.shown.wait()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        return bot

    bot = asyncio.run(play())
    assert TEXTS == bot.texts
    assert 1 == bot.asked
