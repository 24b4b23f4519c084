"""The tests' own Bot API server: how updates come, by polling and by webhook."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import (
    Bot,
)
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
)

from tests.telegram.api import (
    BotApi,
    Person,
)
from tests.telegram.conftest import client_of, plain_call

pytestmark = pytest.mark.anyio


# --- Addresses and bodies -------------------------------------------------------------------------


async def test_get_me(client: Bot) -> None:
    """The bot learns its name, and that privacy mode is on."""
    me = await client.get_me()
    assert ("Coach", "coach_test_bot", 123456789, True) == (
        me.first_name,
        me.username,
        me.id,
        me.is_bot,
    )
    assert me.can_read_all_group_messages is False


async def test_wrong_token(api: BotApi) -> None:
    """Another token is refused, for methods and for files."""
    with pytest.raises(InvalidToken, match="was rejected by the server"):
        async with client_of(api, "123456789:wrong"):
            pass
    status, body = await asyncio.to_thread(plain_call, f"{api.base_file_url}1:x/photos/file_1.png")
    assert (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}) == (status, body)


async def test_unknown_method(api: BotApi) -> None:
    """A method that doesn't exist is not found."""
    status, body = await asyncio.to_thread(plain_call, f"{api.base_url}{api.token}/sendSmoke")
    expected = {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
    assert (404, expected) == (status, body)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", '{"chat_id": 501, "text": "Hello"}'),
        ("application/x-www-form-urlencoded", "chat_id=501&text=Hello"),
        (
            "multipart/form-data; boundary=x",
            (
                '--x\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n501\r\n--x\r\n'
                'Content-Disposition: form-data; name="text"\r\n\r\nHello\r\n--x--\r\n'
            ),
        ),
    ],
)
async def test_bodies(api: BotApi, ann: Person, kind: str, body: str) -> None:
    """Parameters may come as JSON, as a form, and as multipart; a method's name in any case."""
    url = f"{api.base_url}{api.token}/SENDMESSAGE"
    status, answer = await asyncio.to_thread(plain_call, url, body.encode(), kind)
    assert (200, "Hello") == (status, answer["result"]["text"])
    assert ["Hello"] == [message.text for message in ann.messages()]


async def test_broken_json(api: BotApi) -> None:
    """A body that is no JSON object is a bad request."""
    url = f"{api.base_url}{api.token}/getMe"
    status, answer = await asyncio.to_thread(plain_call, url, b"[1")
    assert (400, "Bad Request: can't parse request JSON object") == (status, answer["description"])


# --- Updates --------------------------------------------------------------------------------------


async def test_updates_come_until_confirmed(api: BotApi, client: Bot, ann: Person) -> None:
    """An update comes again and again, until a higher offset confirms it and those before."""
    ann.say("one")
    ann.say("two")
    ann.say("three")
    first = await client.get_updates()
    again = await client.get_updates(limit=2)
    assert ["one", "two", "three"] == [update.message.text for update in first if update.message]
    assert [update.update_id for update in first[:2]] == [update.update_id for update in again]
    assert [first[0].update_id + step for step in range(3)] == [
        update.update_id for update in first
    ]
    rest = await client.get_updates(offset=first[1].update_id + 1)
    assert [first[2].update_id] == [update.update_id for update in rest]
    assert [first[2].update_id] == [update["update_id"] for update in api.waiting_updates()]


async def test_negative_offset(client: Bot, ann: Person) -> None:
    """A negative offset counts from the end, and forgets what lies before."""
    for text in ("one", "two", "three"):
        ann.say(text)
    last = await client.get_updates(offset=-1)
    assert ["three"] == [update.message.text for update in last if update.message]
    assert 1 == len(await client.get_updates())


async def test_long_poll(client: Bot, ann: Person) -> None:
    """A poll with a timeout answers at once when somebody writes, and with nothing when nobody."""
    poll = asyncio.create_task(client.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    assert not poll.done()
    said = ann.say("There you are")
    (update,) = await asyncio.wait_for(poll, 2)
    assert update.message is not None
    assert (said.id, ann.id) == (update.message.message_id, update.message.chat.id)
    begin = time.monotonic()
    assert () == await client.get_updates(offset=update.update_id + 1, timeout=1)
    assert 0.9 < time.monotonic() - begin < 3


async def test_second_poller(api: BotApi, client: Bot, ann: Person) -> None:
    """A second poller ends the first with 409, and gets the updates."""
    first = asyncio.create_task(client.get_updates(timeout=10))
    await api.wait_until(lambda: api.calls("getUpdates"))
    async with client_of(api) as other:
        second = asyncio.create_task(other.get_updates(timeout=10))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        ann.say("Which of you?")
        assert 1 == len(await second)


async def test_allowed_updates(client: Bot, ann: Person) -> None:
    """Kinds that aren't wanted are left out, until an empty list ends that."""
    await client.get_updates(allowed_updates=["callback_query"])
    ann.say("Nobody hears this")
    assert () == await client.get_updates()
    await client.get_updates(allowed_updates=[])
    ann.say("But this")
    (update,) = await client.get_updates()
    assert update.message is not None
    assert "But this" == update.message.text


@pytest.mark.parametrize("number", [5, 1001, 900_000])
async def test_ids_restart(api: BotApi, client: Bot, ann: Person, number: int) -> None:
    """After a restart of the numbers, an old offset loses nothing, and the next one confirms."""
    ann.say("before")
    (old,) = await client.get_updates()
    api.restart_ids_at(number)
    ann.say("after")
    (new,) = await client.get_updates(offset=old.update_id + 1)
    assert new.message is not None
    assert (number, "after") == (new.update_id, new.message.text)
    assert () == await client.get_updates(offset=number + 1)


async def test_redelivery(api: BotApi, client: Bot, ann: Person) -> None:
    """A confirmed update can come again with its number, although the offset is past it."""
    ann.say("once")
    (first,) = await client.get_updates()
    assert () == await client.get_updates(offset=first.update_id + 1)
    api.redeliver()
    (again,) = await client.get_updates(offset=first.update_id + 1)
    assert first == again
    assert () == await client.get_updates(offset=first.update_id + 1)


# --- Webhook --------------------------------------------------------------------------------------


class Listener:
    """A bot's own endpoint, which notes down what comes."""

    def __init__(self) -> None:
        self.came: list[tuple[str | None, str, int]] = []
        self.statuses: list[int] = []
        self.enough = asyncio.Event()
        self.wanted = 0
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        """Answer with the next of ``statuses``, else with 200."""
        update = await request.json()
        status = self.statuses.pop(0) if self.statuses else 200
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.came.append((secret, update["message"]["text"], status))
        if len(self.came) >= self.wanted:
            self.enough.set()
        return web.Response(status=status)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """The endpoint, on a port of its own."""
    listener = Listener()
    app = web.Application()
    app.router.add_post("/hook", listener.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield listener
    await runner.cleanup()


async def test_webhook(api: BotApi, client: Bot, ann: Person, listener: Listener) -> None:
    """Updates are posted in order with the secret, each again until it is taken."""
    listener.statuses, listener.wanted = [500, 302, 200, 200], 4
    await client.set_webhook(listener.url, secret_token="hush", allowed_updates=["message"])  # noqa: S106
    ann.say("one")
    ann.say("two")
    await asyncio.wait_for(listener.enough.wait(), 5)
    expected = [
        ("hush", "one", 500),
        ("hush", "one", 302),
        ("hush", "one", 200),
        ("hush", "two", 200),
    ]
    assert expected == listener.came
    await api.wait_until(lambda: not api.waiting_updates())
    info = await client.get_webhook_info()
    assert (listener.url, 0, ("message",)) == (
        info.url,
        info.pending_update_count,
        info.allowed_updates,
    )
    assert "Wrong response from the webhook: 302 Found" == info.last_error_message


async def test_webhook_keeps_polls_away(client: Bot, ann: Person, listener: Listener) -> None:
    """With a webhook there is no getUpdates; what it didn't take comes when it is deleted."""
    poll = asyncio.create_task(client.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    listener.statuses = [503] * 1000
    await client.set_webhook(listener.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await client.get_updates()
    ann.say("Still here")
    await client.delete_webhook()
    assert 1 == len(await client.get_updates())
    ann.say("And more")
    await client.delete_webhook(drop_pending_updates=True)
    assert () == await client.get_updates()


@pytest.mark.parametrize(
    ("url", "secret", "complaint"),
    [
        ("http://client.example/hook", "", "an https url must be provided for webhook"),
        ("http://127.0.0.1:1/", "with space", "Secret token contains unallowed characters"),
    ],
)
async def test_webhook_refused(client: Bot, url: str, secret: str, complaint: str) -> None:
    """An address without https (but for this machine) and an odd secret are refused."""
    with pytest.raises(BadRequest, match=complaint):
        await client.set_webhook(url, secret_token=secret or None)
