"""Posting updates to a webhook: one by one, in order, again until they are taken."""

from __future__ import annotations

import time
from functools import partial

import aiohttp

from tests.telegram.api.errors import Json
from tests.telegram.api.world import Webhook, World

PATIENCE = aiohttp.ClientTimeout(total=10)
"""How long a webhook may take to answer."""


async def post_updates(world: World, pause: float) -> None:
    """Post whatever waits as long as there is a webhook; ``pause`` seconds before each retry."""
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:

        def look() -> tuple[Webhook, Json] | None:
            if not (world.webhook.url and world.reachable):
                return None
            waiting = world.updates.hand_out(1)
            return (world.webhook, waiting[0]) if waiting else None

        while True:
            next_one = await world.changes.until(look, None)
            assert next_one is not None, "it waits for ever"
            hook, update = next_one
            problem = await _posted(session, hook, update)
            with world.changes.changing():
                if problem is None:
                    world.updates.confirm(update)
                    continue
                hook.last_error = problem
                hook.last_error_date = int(time.time())
            await world.changes.until(partial(_replaced, world, hook), pause)


def _replaced(world: World, hook: Webhook) -> bool | None:
    return True if world.webhook is not hook else None


async def _posted(session: aiohttp.ClientSession, hook: Webhook, update: Json) -> str | None:
    """Post one update. Returns what was wrong, in Telegram's words, or None."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
    try:
        async with session.post(
            hook.url, json=update, headers=headers, allow_redirects=False
        ) as response:
            await response.read()
            if 200 <= response.status < 300:
                return None
            return f"Wrong response from the webhook: {response.status} {response.reason}"
    except TimeoutError:
        return "Read timeout expired"
    except aiohttp.ClientError:
        return "Connection refused"
