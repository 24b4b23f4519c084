"""The tests' own Bot API server: texts, buttons, edits."""

from __future__ import annotations

import asyncio
import json

import pytest
from telegram import (
    Bot,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    Forbidden,
)

from tests.telegram.api import (
    BotApi,
    Person,
)
from tests.telegram.conftest import plain_call
from tests.telegram.samples import keyboard, png

pytestmark = pytest.mark.anyio

OLD_QUERY = "Query is too old and response timeout expired or query id is invalid"


# --- Texts ----------------------------------------------------------------------------------------


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
    client: Bot, ann: Person, source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    """HTML becomes text and entities, whose offsets count UTF-16 units."""
    sent = await client.send_message(ann.id, source, parse_mode=ParseMode.HTML)
    assert text == sent.text
    assert entities == [
        (str(entity.type), entity.offset, entity.length) for entity in sent.entities
    ]


async def test_html_with_arguments(client: Bot, ann: Person) -> None:
    """Links keep their address and code its language; what is no address is no link."""
    source = (
        '<a href="http://b.example?x=1&amp;y">here</a> <a href="nowhere">there</a> '
        '<pre><code class="language-python">x = 1</code></pre>'
    )
    sent = await client.send_message(ann.id, source, parse_mode=ParseMode.HTML)
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
async def test_broken_html(client: Bot, ann: Person, source: str, complaint: str) -> None:
    """Broken HTML is refused with Telegram's complaint, and nothing is sent."""
    with pytest.raises(BadRequest) as error:
        await client.send_message(ann.id, source, parse_mode=ParseMode.HTML)
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
async def test_length_of_text(client: Bot, ann: Person, source: str, complaint: str | None) -> None:
    """A text has 1 to 4096 UTF-16 units after parsing."""
    send = client.send_message(ann.id, source, parse_mode=ParseMode.HTML)
    if complaint is None:
        assert 1 == (await send).message_id - 1
    else:
        with pytest.raises(BadRequest, match=complaint):
            await send


async def test_chats_that_cannot_be_written_to(client: Bot, api: BotApi, ann: Person) -> None:
    """A chat that never spoke is not found; one that blocked the bot is forbidden."""
    with pytest.raises(BadRequest, match="Chat not found"):
        await client.send_message(api.person("Ben").id, "Hello?")
    ann.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await client.send_message(ann.id, "Hello?")
    with pytest.raises(ValueError, match="unblock it first"):
        ann.say("Hello?")
    ann.unblock()
    assert "Hello!" == (await client.send_message(ann.id, "Hello!")).text
    changes = [update.my_chat_member for update in await client.get_updates()]
    statuses = [change.new_chat_member.status for change in changes if change]
    assert ["kicked", "member"] == statuses


# --- Buttons and edits ----------------------------------------------------------------------------


@pytest.mark.parametrize("data", ["", "é" * 33])
async def test_callback_data(client: Bot, ann: Person, data: str) -> None:
    """The data of a button has 1 to 64 bytes."""
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await client.send_message(ann.id, "Choose", reply_markup=keyboard(("Go", data)))
    await client.send_message(ann.id, "Choose", reply_markup=keyboard(("Go", "é" * 32)))
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


async def test_press_and_answer(api: BotApi, client: Bot, ann: Person) -> None:
    """A press, by text or by data, comes as a callback query, which is answered once."""
    sent = await client.send_message(
        ann.id, "Sure?", reply_markup=keyboard(("Yes", "y"), ("No", "n"))
    )
    press = ann.press("Yes")
    (update,) = await client.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert ("y", sent.message_id, ann.id) == (
        query.data,
        query.message.message_id,
        query.from_user.id,
    )
    assert await client.answer_callback_query(query.id, "Noted", show_alert=True)
    assert {"text": "Noted", "show_alert": True} == press.answer
    for query_id in (query.id, "12345"):
        with pytest.raises(BadRequest, match=OLD_QUERY):
            await client.answer_callback_query(query_id)
    late = ann.press("n", sent.message_id)
    api.expire_presses()
    with pytest.raises(BadRequest, match=OLD_QUERY):
        await client.answer_callback_query(late.id)
    assert ann.id == api.calls("answerCallbackQuery")[0].chat
    with pytest.raises(
        AssertionError, match=r"No button 'Maybe'[^#]*#1 '/start'\n.*\[Yes\] \[No\]"
    ):
        ann.press("Maybe")


async def test_edits(client: Bot, ann: Person) -> None:
    """An edit changes what is seen, and takes the buttons away unless it brings some."""
    sent = await client.send_message(ann.id, "1 of 2", reply_markup=keyboard(("Next", "n")))
    await client.edit_message_text(
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
        await client.edit_message_text(
            "2 of <b>2</b>",
            ann.id,
            sent.message_id,
            parse_mode="HTML",
            reply_markup=keyboard(("Back", "b")),
        )
    await client.edit_message_reply_markup(ann.id, sent.message_id)
    assert [] == ann.messages()[0].buttons
    with pytest.raises(BadRequest, match="Message is not modified"):
        await client.edit_message_reply_markup(ann.id, sent.message_id)
    edited = await client.edit_message_text("2 of 2", ann.id, sent.message_id)
    assert isinstance(edited, type(sent))
    assert () == edited.entities


async def test_edits_refused(client: Bot, ann: Person) -> None:
    """There must be a message, of the bot's own, with what is to be changed in it."""
    said = ann.say("Mine")
    sent = await client.send_message(ann.id, "Yours")
    ann.delete(sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await client.edit_message_text("Other", ann.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await client.edit_message_text("Other", ann.id, said.id)
    photo = await client.send_photo(ann.id, png(2, 2))
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await client.edit_message_text("Other", ann.id, photo.message_id)


async def test_reply_keyboard(client: Bot, ann: Person) -> None:
    """A keyboard under the text field stays until it is taken away; tapping it says its text."""
    await client.send_message(
        ann.id, "Who?", reply_markup=ReplyKeyboardMarkup([["Trainee", "Trainer"]])
    )
    assert "Trainee" == ann.tap("Trainee").text
    assert ["Trainee", "Trainer"] == [button.text for button in ann.keyboard()]
    await client.send_message(ann.id, "Fine.", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(AssertionError, match="No button 'Trainer'"):
        ann.tap("Trainer")


async def test_replies(client: Bot, ann: Person) -> None:
    """A reply shows what it answers, both ways; what isn't there can't be answered."""
    said = ann.say("A question")
    sent = await client.send_message(ann.id, "An answer", reply_to_message_id=said.id)
    assert sent.reply_to_message is not None
    assert "A question" == sent.reply_to_message.text
    ann.say("I see", reply_to=sent.message_id)
    update = (await client.get_updates())[-1]
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert "An answer" == update.message.reply_to_message.text
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await client.send_message(ann.id, "To whom?", reply_to_message_id=999)
