"""The tests' own Bot API server: what goes wrong on demand, and running in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import subprocess
import sys
import time

import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.telegram.api import (
    BotApi,
    Fault,
    Person,
    blocked,
    dropped,
    no_answer,
    running,
    server_error,
    slow,
    too_many_requests,
)
from tests.telegram.conftest import client_of

pytestmark = pytest.mark.anyio


# --- Faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (server_error(500), NetworkError),
        (server_error(502), NetworkError),
        (too_many_requests(7), RetryAfter),
        (blocked(), Forbidden),
        (dropped(carried_out=False), NetworkError),
        (no_answer(seconds=0.05), NetworkError),
    ],
    ids=lambda value: getattr(value, "name", value.__name__ if isinstance(value, type) else None),
)
async def test_faults_before(
    api: BotApi, client: Bot, ann: Person, fault: Fault, error: type[TelegramError]
) -> None:
    """A call that goes wrong on the way there does nothing; the one after it goes well."""
    planned = api.fail("sendMessage", fault, chat=ann)
    with pytest.raises(error):
        await client.send_message(ann.id, "Once")
    assert ([], 1) == (ann.messages(), planned.hits)
    await client.send_message(ann.id, "Once")
    assert [False, True] == [call.carried_out for call in api.calls("sendMessage")]
    assert ["Once"] == [message.text for message in ann.messages()]


async def test_what_faults_say(api: BotApi, client: Bot, ann: Person) -> None:
    """429 tells how long to wait, and a gateway sends a page of HTML."""
    api.fail("sendMessage", too_many_requests(7))
    with pytest.raises(RetryAfter) as error:
        await client.send_message(ann.id, "Once")
    assert dt.timedelta(seconds=7) == error.value.retry_after
    api.fail("sendMessage", server_error(502))
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await client.send_message(ann.id, "Once")
    page = api.calls("sendMessage")[-1].answer
    assert isinstance(page, str)
    assert page.startswith("<html>")


@pytest.mark.parametrize("fault", [dropped(carried_out=True), no_answer(carried_out=True)])
async def test_faults_after(api: BotApi, client: Bot, ann: Person, fault: Fault) -> None:
    """A call can do its work although the caller never learns it."""
    api.fail(None, fault)
    with pytest.raises(NetworkError):
        await client.send_message(ann.id, "Once", read_timeout=0.2)
    assert ["Once"] == [message.text for message in ann.messages()]
    (call,) = api.calls("sendMessage")
    assert (True, None) == (call.carried_out, call.status)


async def test_slow(api: BotApi, client: Bot, ann: Person) -> None:
    """A slow answer comes in the end, or after the caller has given up."""
    api.fail("sendMessage", slow(0.3), times=2)
    begin = time.monotonic()
    await client.send_message(ann.id, "one")
    assert 0.3 <= time.monotonic() - begin < 2
    with pytest.raises(TimedOut):
        await client.send_message(ann.id, "two", read_timeout=0.1)
    assert ["one", "two"] == [message.text for message in ann.messages()]


async def test_faults_by_chat_and_time(api: BotApi, client: Bot, ann: Person) -> None:
    """A fault can be for one chat only, and for a while instead of a number of calls."""
    ben = api.person("Ben")
    ben.start()
    planned = api.fail("sendMessage", server_error(), chat=ben, seconds=0.3)
    await client.send_message(ann.id, "Fine")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await client.send_message(ben.id, "Not fine")
    assert 2 == planned.hits
    await asyncio.sleep(0.3)
    assert "Fine" == (await client.send_message(ben.id, "Fine")).text


async def test_stalled_poll(api: BotApi, client: Bot, ann: Person) -> None:
    """A poll can hang although somebody writes; healing breaks it, and nothing is lost."""
    api.fail("getUpdates", no_answer())
    poll = asyncio.create_task(client.get_updates(timeout=0))
    await api.wait_until(lambda: api.calls("getUpdates"))
    ann.say("Hello?")
    await asyncio.sleep(0.1)
    assert not poll.done()
    api.heal()
    with pytest.raises(NetworkError):
        await poll
    assert 1 == len(await client.get_updates())


async def test_lost_batch(api: BotApi, client: Bot, ann: Person) -> None:
    """Updates whose answer was lost come again."""
    ann.say("Hello?")
    api.fail("getUpdates", dropped(carried_out=True))
    with pytest.raises(NetworkError):
        await client.get_updates()
    assert 1 == len(await client.get_updates())


async def test_down_and_up(api: BotApi, client: Bot, ann: Person) -> None:
    """While it is down nobody answers, polls break, and afterwards everything is still there."""
    poll = asyncio.create_task(client.get_updates(timeout=10))
    await api.wait_until(lambda: api.calls("getUpdates"))
    url = api.base_url
    api.down()
    with pytest.raises(NetworkError):
        await poll
    with pytest.raises(NetworkError, match="ConnectError"):
        await client.send_message(ann.id, "Anybody?")
    ann.say("Are you there?")
    api.up()
    assert url == api.base_url
    assert 1 == len(await client.get_updates())
    with pytest.raises(RuntimeError, match="up already"):
        api.up()


# --- In a thread ----------------------------------------------------------------------------------


ECHO = """
import asyncio, sys, telegram
async def main():
    async with telegram.Bot(sys.argv[1], base_url=sys.argv[2], base_file_url=sys.argv[3]) as bot:
        offset = 0
        while True:
            try:
                updates = await bot.get_updates(offset=offset, timeout=10)
                for update in updates:
                    await update.message.reply_text("You said " + update.message.text)
                    offset = update.update_id + 1
            except telegram.error.NetworkError:
                await asyncio.sleep(0.02)
asyncio.run(main())
"""


def test_running_with_a_process() -> None:
    """A synchronous test talks to a bot in a process of its own, through an outage too."""
    with running() as api:
        arguments = [sys.executable, "-c", ECHO, api.token, api.base_url, api.base_file_url]
        with subprocess.Popen(arguments) as process:
            try:
                ann = api.person()
                ann.say("hello")
                assert "You said hello" == ann.wait_for_blocking("hello", 10).text
                api.wait_until_blocking(lambda: len(api.calls("getUpdates")) == 2)
                api.down()
                ann.say("goodbye")
                api.up()
                assert "You said goodbye" == ann.wait_for_blocking("goodbye", 10).text
            finally:
                process.kill()
        with pytest.raises(AssertionError, match="No text 'more' within"):
            ann.wait_for_blocking("more", 0.05)


def test_running_needs_a_free_thread() -> None:
    """Waiting the blocking way inside an event loop is refused, for the loop would stand still."""
    with running() as api:
        ann = api.person()

        async def wait() -> None:
            ann.wait_for_blocking("never")

        with pytest.raises(RuntimeError, match="await the async one"):
            asyncio.run(wait())


def test_stops_in_the_middle() -> None:
    """Calls that are held and polls that wait don't keep the server from stopping."""

    async def leave_hanging(api: BotApi) -> None:
        api.fail("sendMessage", no_answer())
        async with client_of(api) as client:
            calls = [client.get_updates(timeout=30), client.send_message(1, "x", read_timeout=30)]
            tasks = [asyncio.ensure_future(call) for call in calls]
            await api.wait_until(lambda: api.calls("getUpdates") and api.calls("sendMessage"))
            serving.close()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [True, True] == [isinstance(result, NetworkError) for result in results]

    with contextlib.ExitStack() as serving:
        api = serving.enter_context(running())
        begin = time.monotonic()
        asyncio.run(leave_hanging(api))
        assert time.monotonic() - begin < 5


def test_not_running() -> None:
    """A server that isn't running can't be taken down."""
    with pytest.raises(RuntimeError, match="not running yet"):
        BotApi().down()
