"""The tests' own Bot API server, driven by python-telegram-bot over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

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
from tests.telegram.api.errors import Json

pytestmark = pytest.mark.anyio

OLD_QUERY = "Query is too old and response timeout expired or query id is invalid"


@pytest.fixture
def anyio_backend() -> str:
    """The library under the bot knows asyncio only."""
    return "asyncio"


@pytest.fixture(autouse=True)
def timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's ``retry_after`` as it will be; as it was, it comes with a warning."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A server in the loop of the test."""
    async with BotApi() as api:
        yield api


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    """The library's own client."""
    async with client(api) as bot:
        yield bot


@pytest.fixture
async def ann(api: BotApi) -> Person:
    """Somebody who has pressed Start, which the bot has confirmed already."""
    ann = api.person("Ann", username="ann_reads")
    ann.start()
    with api.world.changes.changing():
        api.world.updates.drop_all()
    return ann


def client(api: BotApi, token: str | None = None) -> Bot:
    """A bot that talks to this server."""
    # Nothing is encrypted here, and to load the certificates takes longer than most tests.
    requests = [HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2)]
    return Bot(
        token or api.token,
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        get_updates_request=requests[0],
        request=requests[1],
    )


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    """One row of buttons with their data."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=d) for text, d in buttons]]
    )


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def plain_call(
    url: str, body: bytes | None = None, kind: str = "application/json"
) -> tuple[int, Json]:
    """Call without the library. Returns the status and the body."""
    request = urllib.request.Request(url, body, {"Content-Type": kind})  # noqa: S310  # http
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310  # http
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


# --- Addresses and bodies --------------------------------------------------------------------


async def test_get_me(bot: Bot) -> None:
    """The bot learns its name, and that privacy mode is on."""
    me = await bot.get_me()
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
        async with client(api, "123456789:wrong"):
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


# --- Updates ---------------------------------------------------------------------------------


async def test_updates_come_until_confirmed(api: BotApi, bot: Bot, ann: Person) -> None:
    """An update comes again and again, until a higher offset confirms it and those before."""
    ann.say("one")
    ann.say("two")
    ann.say("three")
    first = await bot.get_updates()
    again = await bot.get_updates(limit=2)
    assert ["one", "two", "three"] == [update.message.text for update in first if update.message]
    assert [update.update_id for update in first[:2]] == [update.update_id for update in again]
    assert [first[0].update_id + step for step in range(3)] == [
        update.update_id for update in first
    ]
    rest = await bot.get_updates(offset=first[1].update_id + 1)
    assert [first[2].update_id] == [update.update_id for update in rest]
    assert [first[2].update_id] == [update["update_id"] for update in api.waiting_updates()]


async def test_negative_offset(bot: Bot, ann: Person) -> None:
    """A negative offset counts from the end, and forgets what lies before."""
    for text in ("one", "two", "three"):
        ann.say(text)
    last = await bot.get_updates(offset=-1)
    assert ["three"] == [update.message.text for update in last if update.message]
    assert 1 == len(await bot.get_updates())


async def test_long_poll(bot: Bot, ann: Person) -> None:
    """A poll with a timeout answers at once when somebody writes, and with nothing when nobody."""
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    assert not poll.done()
    said = ann.say("There you are")
    (update,) = await asyncio.wait_for(poll, 2)
    assert update.message is not None
    assert (said.id, ann.id) == (update.message.message_id, update.message.chat.id)
    begin = time.monotonic()
    assert () == await bot.get_updates(offset=update.update_id + 1, timeout=1)
    assert 0.9 < time.monotonic() - begin < 3


async def test_second_poller(api: BotApi, bot: Bot, ann: Person) -> None:
    """A second poller ends the first with 409, and gets the updates."""
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await api.wait_until(lambda: api.calls("getUpdates"))
    async with client(api) as other:
        second = asyncio.create_task(other.get_updates(timeout=10))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        ann.say("Which of you?")
        assert 1 == len(await second)


async def test_allowed_updates(bot: Bot, ann: Person) -> None:
    """Kinds that aren't wanted are left out, until an empty list ends that."""
    await bot.get_updates(allowed_updates=["callback_query"])
    ann.say("Nobody hears this")
    assert () == await bot.get_updates()
    await bot.get_updates(allowed_updates=[])
    ann.say("But this")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert "But this" == update.message.text


@pytest.mark.parametrize("number", [5, 1001, 900_000])
async def test_ids_restart(api: BotApi, bot: Bot, ann: Person, number: int) -> None:
    """After a restart of the numbers, an old offset loses nothing, and the next one confirms."""
    ann.say("before")
    (old,) = await bot.get_updates()
    api.restart_ids_at(number)
    ann.say("after")
    (new,) = await bot.get_updates(offset=old.update_id + 1)
    assert new.message is not None
    assert (number, "after") == (new.update_id, new.message.text)
    assert () == await bot.get_updates(offset=number + 1)


async def test_redelivery(api: BotApi, bot: Bot, ann: Person) -> None:
    """A confirmed update can come again with its number, although the offset is past it."""
    ann.say("once")
    (first,) = await bot.get_updates()
    assert () == await bot.get_updates(offset=first.update_id + 1)
    api.redeliver()
    (again,) = await bot.get_updates(offset=first.update_id + 1)
    assert first == again
    assert () == await bot.get_updates(offset=first.update_id + 1)


# --- Webhook ---------------------------------------------------------------------------------


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


async def test_webhook(api: BotApi, bot: Bot, ann: Person, listener: Listener) -> None:
    """Updates are posted in order with the secret, each again until it is taken."""
    listener.statuses, listener.wanted = [500, 302, 200, 200], 4
    await bot.set_webhook(listener.url, secret_token="hush", allowed_updates=["message"])  # noqa: S106
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
    info = await bot.get_webhook_info()
    assert (listener.url, 0, ("message",)) == (
        info.url,
        info.pending_update_count,
        info.allowed_updates,
    )
    assert "Wrong response from the webhook: 302 Found" == info.last_error_message


async def test_webhook_keeps_polls_away(bot: Bot, ann: Person, listener: Listener) -> None:
    """With a webhook there is no getUpdates; what it didn't take comes when it is deleted."""
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    listener.statuses = [503] * 1000
    await bot.set_webhook(listener.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    ann.say("Still here")
    await bot.delete_webhook()
    assert 1 == len(await bot.get_updates())
    ann.say("And more")
    await bot.delete_webhook(drop_pending_updates=True)
    assert () == await bot.get_updates()


@pytest.mark.parametrize(
    ("url", "secret", "complaint"),
    [
        ("http://bot.example/hook", "", "an https url must be provided for webhook"),
        ("http://127.0.0.1:1/", "with space", "Secret token contains unallowed characters"),
    ],
)
async def test_webhook_refused(bot: Bot, url: str, secret: str, complaint: str) -> None:
    """An address without https (but for this machine) and an odd secret are refused."""
    with pytest.raises(BadRequest, match=complaint):
        await bot.set_webhook(url, secret_token=secret or None)


# --- Texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>Hi</b> <i>you</i>", "Hi you", [("bold", 0, 2), ("italic", 3, 3)]),
        ("😀 <strong>a<em>b</em></strong>", "😀 ab", [("bold", 3, 2), ("italic", 4, 1)]),
        (
            "<u>a</u><ins>b</ins><s>c</s><strike>d</strike><del>e</del>",
            "abcde",
            [("underline", 0, 1), ("underline", 1, 1)]
            + [("strikethrough", at, 1) for at in (2, 3, 4)],
        ),
        (
            '<tg-spoiler>x</tg-spoiler><span class="tg-spoiler">y</span>',
            "xy",
            [("spoiler", 0, 1), ("spoiler", 1, 1)],
        ),
        ("<b>a <code>/x</code> c</b>", "a /x c", [("bold", 0, 2), ("code", 2, 2), ("bold", 4, 2)]),
        ("<pre>a\n b</pre>", "a\n b", [("pre", 0, 4)]),
        ("<blockquote>q</blockquote>", "q", [("blockquote", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("&lt;b&gt; &amp; &quot;&#33;&#x1F600;&copy;", '<b> & "!😀&copy;', []),
        ("  <b>a</b>  b \n", "a  b", [("bold", 0, 1)]),
        ("a <b></b>b", "a b", []),
        (
            "/help by @ann_reads #now a@b.example https://b.example/x.",
            "/help by @ann_reads #now a@b.example https://b.example/x.",
            [
                ("bot_command", 0, 5),
                ("mention", 9, 10),
                ("hashtag", 20, 4),
                ("email", 25, 11),
                ("url", 37, 19),
            ],
        ),
    ],
)
async def test_html(
    bot: Bot, ann: Person, source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    """HTML becomes text and entities, whose offsets count UTF-16 units."""
    sent = await bot.send_message(ann.id, source, parse_mode=ParseMode.HTML)
    assert text == sent.text
    assert entities == [
        (str(entity.type), entity.offset, entity.length) for entity in sent.entities
    ]


async def test_html_with_arguments(bot: Bot, ann: Person) -> None:
    """Links keep their address and code its language; what is no address is no link."""
    source = (
        '<a href="http://b.example?x=1&amp;y">here</a> <a href="nowhere">there</a> '
        '<pre><code class="language-python">x = 1</code></pre>'
    )
    sent = await bot.send_message(ann.id, source, parse_mode=ParseMode.HTML)
    link, code = sent.entities
    assert ("text_link", "http://b.example/?x=1&y", 0, 4) == (
        link.type,
        link.url,
        link.offset,
        link.length,
    )
    assert ("pre", "python", 11, 5) == (code.type, code.language, code.offset, code.length)
    expected = (
        '<a href="http://b.example/?x=1&amp;y">here</a> there '
        '<pre><code class="language-python">x = 1</code></pre>'
    )
    assert expected == ann.messages()[-1].html


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("é <x>", 'Unsupported start tag "x" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href='x>a</a>", 'Unclosed start tag "a" at byte offset 0'),
        ("<a =x>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
    ],
)
async def test_broken_html(bot: Bot, ann: Person, source: str, complaint: str) -> None:
    """Broken HTML is refused with Telegram's complaint, and nothing is sent."""
    with pytest.raises(BadRequest) as error:
        await bot.send_message(ann.id, source, parse_mode=ParseMode.HTML)
    assert f"Can't parse entities: {complaint}".lower() == error.value.message.lower()
    assert [] == ann.messages()


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<b>" + "😀" * 2048 + "</b>", None),
        ("<b>" + "😀" * 2048 + "</b>!", "Message is too long"),
        ("&lt;" * 4096, None),
        ("&lt;" * 4097, "Message is too long"),
        ("<b> </b> \n", "Message text is empty"),
    ],
)
async def test_length_of_text(bot: Bot, ann: Person, source: str, complaint: str | None) -> None:
    """A text has 1 to 4096 UTF-16 units after parsing."""
    send = bot.send_message(ann.id, source, parse_mode=ParseMode.HTML)
    if complaint is None:
        assert 1 == (await send).message_id - 1
    else:
        with pytest.raises(BadRequest, match=complaint):
            await send


async def test_chats_that_cannot_be_written_to(bot: Bot, api: BotApi, ann: Person) -> None:
    """A chat that never spoke is not found; one that blocked the bot is forbidden."""
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(api.person("Ben").id, "Hello?")
    ann.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ann.id, "Hello?")
    with pytest.raises(ValueError, match="unblock it first"):
        ann.say("Hello?")
    ann.unblock()
    assert "Hello!" == (await bot.send_message(ann.id, "Hello!")).text
    changes = [update.my_chat_member for update in await bot.get_updates()]
    statuses = [change.new_chat_member.status for change in changes if change]
    assert ["kicked", "member"] == statuses


# --- Buttons and edits -----------------------------------------------------------------------


@pytest.mark.parametrize("data", ["", "é" * 33])
async def test_callback_data(bot: Bot, ann: Person, data: str) -> None:
    """The data of a button has 1 to 64 bytes."""
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(ann.id, "Choose", reply_markup=keyboard(("Go", data)))
    await bot.send_message(ann.id, "Choose", reply_markup=keyboard(("Go", "é" * 32)))
    assert ["é" * 32] == [button.data for button in ann.messages()[-1].buttons]


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("[", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        (
            '{"inline_keyboard": [{"text": "a"}]}',
            'field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays',
        ),
        (
            '{"inline_keyboard": [[{"text": "a"}]]}',
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            '{"inline_keyboard": [[{"text": "a", "url": "nowhere"}]]}',
            "inline keyboard button URL 'nowhere' is invalid: Wrong URL",
        ),
    ],
)
async def test_markup(api: BotApi, ann: Person, markup: str, complaint: str) -> None:
    """Keyboards that can't be are refused."""
    body = json.dumps({"chat_id": ann.id, "text": "x", "reply_markup": markup}).encode()
    url = f"{api.base_url}{api.token}/sendMessage"
    status, answer = await asyncio.to_thread(plain_call, url, body)
    assert (400, f"Bad Request: {complaint}") == (status, answer["description"])


async def test_press_and_answer(api: BotApi, bot: Bot, ann: Person) -> None:
    """A press, by text or by data, comes as a callback query, which is answered once."""
    sent = await bot.send_message(ann.id, "Sure?", reply_markup=keyboard(("Yes", "y"), ("No", "n")))
    press = ann.press("Yes")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert ("y", sent.message_id, ann.id) == (
        query.data,
        query.message.message_id,
        query.from_user.id,
    )
    assert await bot.answer_callback_query(query.id, "Noted", show_alert=True)
    assert {"text": "Noted", "show_alert": True} == press.answer
    for query_id in (query.id, "12345"):
        with pytest.raises(BadRequest, match=OLD_QUERY):
            await bot.answer_callback_query(query_id)
    late = ann.press("n", sent.message_id)
    api.expire_presses()
    with pytest.raises(BadRequest, match=OLD_QUERY):
        await bot.answer_callback_query(late.id)
    assert ann.id == api.calls("answerCallbackQuery")[0].chat
    with pytest.raises(
        AssertionError, match=r"No button 'Maybe'[^#]*#1 '/start'\n.*\[Yes\] \[No\]"
    ):
        ann.press("Maybe")


async def test_edits(bot: Bot, ann: Person) -> None:
    """An edit changes what is seen, and takes the buttons away unless it brings some."""
    sent = await bot.send_message(ann.id, "1 of 2", reply_markup=keyboard(("Next", "n")))
    await bot.edit_message_text(
        "2 of <b>2</b>",
        ann.id,
        sent.message_id,
        parse_mode="HTML",
        reply_markup=keyboard(("Back", "b")),
    )
    (seen,) = ann.messages()
    assert ("2 of <b>2</b>", ["Back"], True) == (
        seen.html,
        [b.text for b in seen.buttons],
        seen.edited,
    )
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text(
            "2 of <b>2</b>",
            ann.id,
            sent.message_id,
            parse_mode="HTML",
            reply_markup=keyboard(("Back", "b")),
        )
    await bot.edit_message_reply_markup(ann.id, sent.message_id)
    assert [] == ann.messages()[0].buttons
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(ann.id, sent.message_id)
    edited = await bot.edit_message_text("2 of 2", ann.id, sent.message_id)
    assert isinstance(edited, type(sent))
    assert () == edited.entities


async def test_edits_refused(bot: Bot, ann: Person) -> None:
    """There must be a message, of the bot's own, with what is to be changed in it."""
    said = ann.say("Mine")
    sent = await bot.send_message(ann.id, "Yours")
    ann.delete(sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Other", ann.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("Other", ann.id, said.id)
    photo = await bot.send_photo(ann.id, png(2, 2))
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("Other", ann.id, photo.message_id)


async def test_reply_keyboard(bot: Bot, ann: Person) -> None:
    """A keyboard under the text field stays until it is taken away; tapping it says its text."""
    await bot.send_message(
        ann.id, "Who?", reply_markup=ReplyKeyboardMarkup([["Trainee", "Trainer"]])
    )
    assert "Trainee" == ann.tap("Trainee").text
    assert ["Trainee", "Trainer"] == [button.text for button in ann.keyboard()]
    await bot.send_message(ann.id, "Fine.", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(AssertionError, match="No button 'Trainer'"):
        ann.tap("Trainer")


async def test_replies(bot: Bot, ann: Person) -> None:
    """A reply shows what it answers, both ways; what isn't there can't be answered."""
    said = ann.say("A question")
    sent = await bot.send_message(ann.id, "An answer", reply_to_message_id=said.id)
    assert sent.reply_to_message is not None
    assert "A question" == sent.reply_to_message.text
    ann.say("I see", reply_to=sent.message_id)
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert "An answer" == update.message.reply_to_message.text
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(ann.id, "To whom?", reply_to_message_id=999)


# --- Files -----------------------------------------------------------------------------------


async def test_bot_sends_files(bot: Bot, ann: Person) -> None:
    """What the bot uploads arrives byte for byte, and can be sent again by its id."""
    picture = png(30, 20)
    sent = await bot.send_photo(ann.id, picture, caption="<i>Progress</i>", parse_mode="HTML")
    assert [(30, 20, len(picture))] == [
        (size.width, size.height, size.file_size) for size in sent.photo
    ]
    await bot.edit_message_caption(ann.id, sent.message_id, caption="Your progress")
    await bot.send_photo(ann.id, sent.photo[0].file_id)
    file = await bot.send_document(ann.id, b"a,b\n1,2\n", filename="scores.csv")
    assert file.document is not None
    assert ("scores.csv", "text/csv") == (file.document.file_name, file.document.mime_type)
    first, second, third = ann.messages()
    assert (picture, "Your progress", picture) == (first.photo, first.text, second.photo)
    assert (b"a,b\n1,2\n", "scores.csv", None) == (third.document, third.filename, third.photo)


@pytest.mark.parametrize(
    ("content", "caption", "complaint"),
    [
        (b"<svg/>", "", "Image_process_failed"),
        (b"", "", "File must be non-empty"),
        (png(200, 9), "", "Photo_invalid_dimensions"),
        (png(2, 2), "x" * 1025, "Message caption is too long"),
    ],
)
async def test_photos_refused(
    bot: Bot, ann: Person, content: bytes, caption: str, complaint: str
) -> None:
    """A photo must be a picture of a decent shape with a caption of at most 1024 units."""
    with pytest.raises(BadRequest, match=complaint):
        await bot.send_photo(ann.id, content, caption=caption)
    await bot.send_photo(ann.id, png(180, 9), caption="x" * 1024)
    assert 1 == len(ann.messages())


async def test_person_sends_files(api: BotApi, bot: Bot, ann: Person) -> None:
    """The bot downloads what people send; an unknown id is invalid."""
    ann.send_document("plan.yaml", b"a: 1", caption="My scenario")
    ann.send_photo(png(4, 4))
    ann.send_voice(b"OggS..", duration=7)
    ann.send_sticker("🎉")
    messages = [update.message for update in await bot.get_updates() if update.message]
    document, photo, voice, sticker = messages
    assert document.document is not None
    assert ("My scenario", "plan.yaml") == (document.caption, document.document.file_name)
    file = await bot.get_file(document.document.file_id)
    assert b"a: 1" == bytes(await file.download_as_bytearray())
    assert png(4, 4) == bytes(await (await photo.photo[-1].get_file()).download_as_bytearray())
    assert voice.voice is not None
    assert sticker.sticker is not None
    assert (dt.timedelta(seconds=7), "🎉") == (voice.voice.duration, sticker.sticker.emoji)
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nothing")
    assert 2 == len(api.calls("download"))


# --- Commands, chats, groups -----------------------------------------------------------------


async def test_commands(bot: Bot, ann: Person) -> None:
    """The menu shows the commands of the narrowest scope, in the person's language if there are."""
    help_, practise = BotCommand("help", "What it can do"), BotCommand("practise", "Begin")
    await bot.set_my_commands([help_])
    assert ["help"] == [command["command"] for command in ann.commands()]
    await bot.set_my_commands([help_, practise], BotCommandScopeAllPrivateChats(), "en")
    await bot.set_my_commands([practise], BotCommandScopeChat(ann.id))
    assert ["practise"] == [command["command"] for command in ann.commands()]
    assert (practise,) == await bot.get_my_commands(BotCommandScopeChat(ann.id))
    await bot.delete_my_commands(BotCommandScopeChat(ann.id))
    assert ["help", "practise"] == [command["command"] for command in ann.commands()]
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands([help_], BotCommandScopeChat(99))
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("two words", "x")])


async def test_group(api: BotApi, bot: Bot, ann: Person) -> None:
    """In a group, the bot hears commands and replies to it, until it leaves."""
    ben = api.person("Ben")
    team = api.group("Team", ann, ben)
    ann.say("Only among us", team)
    ben.start("join", team)
    ann.say("/score@other_bot", team)
    ann.say("Try /help", team)
    ann.say("/help", team)
    sent = await bot.send_message(team.id, "Welcome, Ben")
    ben.say("Thanks", team, reply_to=sent.message_id)
    updates = await bot.get_updates()
    messages = [update.message for update in updates if update.message]
    assert ["/start@coach_test_bot join", "/help", "Thanks"] == [
        message.text for message in messages
    ]
    (command,) = messages[0].entities
    assert ("bot_command", 0, 21) == (command.type, command.offset, command.length)
    assert updates[0].my_chat_member is not None
    assert ["Welcome, Ben"] == [message.text for message in ann.messages(team)]
    assert ([], [1, 2, 3, 4, 5, 6, 7]) == (ben.messages(), list(team.messages))
    assert "Team" == (await bot.get_chat(team.id)).title
    assert await bot.leave_chat(team.id)
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(team.id, "Still here?")


async def test_people_write(bot: Bot, api: BotApi) -> None:
    """Start with a payload, edits and forwards come as Telegram sends them."""
    eva = api.person("Eva", username="eva_b", language_code="de")
    eva.start("invite_7")
    said = eva.say("Helo")
    eva.edit(said, "Hello")
    eva.forward("You never told me!", origin="Dana")
    start, _, edited, forwarded = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    assert start.effective_user is not None
    assert start.message is not None
    assert ("/start invite_7", "de") == (start.message.text, start.effective_user.language_code)
    assert ["bot_command"] == [entity.type for entity in start.message.entities]
    assert edited.edited_message is not None
    assert (said.id, "Hello") == (edited.edited_message.message_id, edited.edited_message.text)
    assert forwarded.message is not None
    assert forwarded.message.forward_origin is not None
    assert "hidden_user" == forwarded.message.forward_origin.type
    chat = await bot.get_chat(eva.id)
    assert ("private", "eva_b") == (chat.type, chat.username)


# --- Waiting ---------------------------------------------------------------------------------


async def test_wait_for(bot: Bot, ann: Person) -> None:
    """A wait ends with the message, sent or edited, and can look past what was there before."""
    old = await bot.send_message(ann.id, "Your score: 40")
    said = ann.say("Again")
    wait = asyncio.create_task(ann.wait_for("score", after=said))
    await asyncio.sleep(0.05)
    assert not wait.done()
    await bot.edit_message_text("Your score: 70", ann.id, old.message_id)
    assert "Your score: 70" == (await wait).text
    with pytest.raises(
        AssertionError, match=r"No text 'bye' within 0.1 s.\n(.*\n)+  Ann: #3 'Again'"
    ):
        await ann.wait_for("bye", 0.1)
    assert old.message_id == (await ann.wait_for(lambda message: message.edited)).id


async def test_calls(api: BotApi, bot: Bot, ann: Person) -> None:
    """The log has each call with its parameters, its chat and its answer, but no files."""
    await bot.send_chat_action(ann.id, ChatAction.TYPING)
    await bot.send_photo(ann.id, png(2, 2), caption="Look", reply_markup=keyboard(("OK", "ok")))
    with pytest.raises(BadRequest):
        await bot.send_message(99, "Hello?")
    assert ["getMe", "sendChatAction", "sendPhoto", "sendMessage"] == [
        c.method for c in api.calls()
    ]
    (photo,) = api.calls("sendPhoto", ann)
    markup = {"inline_keyboard": [[{"text": "OK", "callback_data": "ok"}]]}
    assert {"chat_id": "501", "caption": "Look", "reply_markup": markup} == photo.params
    assert isinstance(photo.answer, dict)
    assert (200, True, "Look") == (
        photo.status,
        photo.carried_out,
        photo.answer["result"]["caption"],
    )
    (refused,) = api.calls(chat=99)
    assert (400, False) == (refused.status, refused.carried_out)
    with pytest.raises(AssertionError, match=r"The last calls:\n  getMe\(\) -> 200\n"):
        await api.wait_until(lambda: api.calls("leaveChat"), 0.05)


# --- Faults ----------------------------------------------------------------------------------


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
    api: BotApi, bot: Bot, ann: Person, fault: Fault, error: type[TelegramError]
) -> None:
    """A call that goes wrong on the way there does nothing; the one after it goes well."""
    planned = api.fail("sendMessage", fault, chat=ann)
    with pytest.raises(error):
        await bot.send_message(ann.id, "Once")
    assert ([], 1) == (ann.messages(), planned.hits)
    await bot.send_message(ann.id, "Once")
    assert [False, True] == [call.carried_out for call in api.calls("sendMessage")]
    assert ["Once"] == [message.text for message in ann.messages()]


async def test_what_faults_say(api: BotApi, bot: Bot, ann: Person) -> None:
    """429 tells how long to wait, and a gateway sends a page of HTML."""
    api.fail("sendMessage", too_many_requests(7))
    with pytest.raises(RetryAfter) as error:
        await bot.send_message(ann.id, "Once")
    assert dt.timedelta(seconds=7) == error.value.retry_after
    api.fail("sendMessage", server_error(502))
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(ann.id, "Once")
    page = api.calls("sendMessage")[-1].answer
    assert isinstance(page, str)
    assert page.startswith("<html>")


@pytest.mark.parametrize("fault", [dropped(carried_out=True), no_answer(carried_out=True)])
async def test_faults_after(api: BotApi, bot: Bot, ann: Person, fault: Fault) -> None:
    """A call can do its work although the caller never learns it."""
    api.fail(None, fault)
    with pytest.raises(NetworkError):
        await bot.send_message(ann.id, "Once", read_timeout=0.2)
    assert ["Once"] == [message.text for message in ann.messages()]
    (call,) = api.calls("sendMessage")
    assert (True, None) == (call.carried_out, call.status)


async def test_slow(api: BotApi, bot: Bot, ann: Person) -> None:
    """A slow answer comes in the end, or after the caller has given up."""
    api.fail("sendMessage", slow(0.3), times=2)
    begin = time.monotonic()
    await bot.send_message(ann.id, "one")
    assert 0.3 <= time.monotonic() - begin < 2
    with pytest.raises(TimedOut):
        await bot.send_message(ann.id, "two", read_timeout=0.1)
    assert ["one", "two"] == [message.text for message in ann.messages()]


async def test_faults_by_chat_and_time(api: BotApi, bot: Bot, ann: Person) -> None:
    """A fault can be for one chat only, and for a while instead of a number of calls."""
    ben = api.person("Ben")
    ben.start()
    planned = api.fail("sendMessage", server_error(), chat=ben, seconds=0.3)
    await bot.send_message(ann.id, "Fine")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(ben.id, "Not fine")
    assert 2 == planned.hits
    await asyncio.sleep(0.3)
    assert "Fine" == (await bot.send_message(ben.id, "Fine")).text


async def test_stalled_poll(api: BotApi, bot: Bot, ann: Person) -> None:
    """A poll can hang although somebody writes; healing breaks it, and nothing is lost."""
    api.fail("getUpdates", no_answer())
    poll = asyncio.create_task(bot.get_updates(timeout=0))
    await api.wait_until(lambda: api.calls("getUpdates"))
    ann.say("Hello?")
    await asyncio.sleep(0.1)
    assert not poll.done()
    api.heal()
    with pytest.raises(NetworkError):
        await poll
    assert 1 == len(await bot.get_updates())


async def test_lost_batch(api: BotApi, bot: Bot, ann: Person) -> None:
    """Updates whose answer was lost come again."""
    ann.say("Hello?")
    api.fail("getUpdates", dropped(carried_out=True))
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert 1 == len(await bot.get_updates())


async def test_down_and_up(api: BotApi, bot: Bot, ann: Person) -> None:
    """While it is down nobody answers, polls break, and afterwards everything is still there."""
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await api.wait_until(lambda: api.calls("getUpdates"))
    url = api.base_url
    api.down()
    with pytest.raises(NetworkError):
        await poll
    with pytest.raises(NetworkError, match="ConnectError"):
        await bot.send_message(ann.id, "Anybody?")
    ann.say("Are you there?")
    api.up()
    assert url == api.base_url
    assert 1 == len(await bot.get_updates())
    with pytest.raises(RuntimeError, match="up already"):
        api.up()


# --- In a thread -----------------------------------------------------------------------------

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
        async with client(api) as bot:
            calls = [bot.get_updates(timeout=30), bot.send_message(1, "x", read_timeout=30)]
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
