"""The tests' own Bot API server: files, commands, chats, people, waiting."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Update,
)
from telegram.constants import ChatAction
from telegram.error import (
    BadRequest,
    Forbidden,
)

from tests.telegram.api import (
    BotApi,
    Person,
)
from tests.telegram.samples import keyboard, png

pytestmark = pytest.mark.anyio


# --- Files ----------------------------------------------------------------------------------------


async def test_bot_sends_files(client: Bot, ann: Person) -> None:
    """What the bot uploads arrives byte for byte, and can be sent again by its id."""
    picture = png(30, 20)
    sent = await client.send_photo(ann.id, picture, caption="<i>Progress</i>", parse_mode="HTML")
    assert [(30, 20, len(picture))] == [
        (size.width, size.height, size.file_size) for size in sent.photo
    ]
    await client.edit_message_caption(ann.id, sent.message_id, caption="Your progress")
    await client.send_photo(ann.id, sent.photo[0].file_id)
    file = await client.send_document(ann.id, b"a,b\n1,2\n", filename="scores.csv")
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
    client: Bot, ann: Person, content: bytes, caption: str, complaint: str
) -> None:
    """A photo must be a picture of a decent shape with a caption of at most 1024 units."""
    with pytest.raises(BadRequest, match=complaint):
        await client.send_photo(ann.id, content, caption=caption)
    await client.send_photo(ann.id, png(180, 9), caption="x" * 1024)
    assert 1 == len(ann.messages())


async def test_person_sends_files(api: BotApi, client: Bot, ann: Person) -> None:
    """The bot downloads what people send; an unknown id is invalid."""
    ann.send_document("plan.yaml", b"a: 1", caption="My scenario")
    ann.send_photo(png(4, 4))
    ann.send_voice(b"OggS..", duration=7)
    ann.send_sticker("🎉")
    messages = [update.message for update in await client.get_updates() if update.message]
    document, photo, voice, sticker = messages
    assert document.document is not None
    assert ("My scenario", "plan.yaml") == (document.caption, document.document.file_name)
    file = await client.get_file(document.document.file_id)
    assert b"a: 1" == bytes(await file.download_as_bytearray())
    assert png(4, 4) == bytes(await (await photo.photo[-1].get_file()).download_as_bytearray())
    assert voice.voice is not None
    assert sticker.sticker is not None
    assert (dt.timedelta(seconds=7), "🎉") == (voice.voice.duration, sticker.sticker.emoji)
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await client.get_file("nothing")
    assert 2 == len(api.calls("download"))


# --- Commands, chats, groups ----------------------------------------------------------------------


async def test_commands(client: Bot, ann: Person) -> None:
    """The menu shows the commands of the narrowest scope, in the person's language if there are."""
    help_, practise = BotCommand("help", "What it can do"), BotCommand("practise", "Begin")
    await client.set_my_commands([help_])
    assert ["help"] == [command["command"] for command in ann.commands()]
    await client.set_my_commands([help_, practise], BotCommandScopeAllPrivateChats(), "en")
    await client.set_my_commands([practise], BotCommandScopeChat(ann.id))
    assert ["practise"] == [command["command"] for command in ann.commands()]
    assert (practise,) == await client.get_my_commands(BotCommandScopeChat(ann.id))
    await client.delete_my_commands(BotCommandScopeChat(ann.id))
    assert ["help", "practise"] == [command["command"] for command in ann.commands()]
    with pytest.raises(BadRequest, match="Chat not found"):
        await client.set_my_commands([help_], BotCommandScopeChat(99))
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await client.set_my_commands([BotCommand("two words", "x")])


async def test_group(api: BotApi, client: Bot, ann: Person) -> None:
    """In a group, the bot hears commands and replies to it, until it leaves."""
    ben = api.person("Ben")
    team = api.group("Team", ann, ben)
    ann.say("Only among us", team)
    ben.start("join", team)
    ann.say("/score@other_bot", team)
    ann.say("Try /help", team)
    ann.say("/help", team)
    sent = await client.send_message(team.id, "Welcome, Ben")
    ben.say("Thanks", team, reply_to=sent.message_id)
    updates = await client.get_updates()
    messages = [update.message for update in updates if update.message]
    assert ["/start@coach_test_bot join", "/help", "Thanks"] == [
        message.text for message in messages
    ]
    (command,) = messages[0].entities
    assert ("bot_command", 0, 21) == (command.type, command.offset, command.length)
    assert updates[0].my_chat_member is not None
    assert ["Welcome, Ben"] == [message.text for message in ann.messages(team)]
    assert ([], [1, 2, 3, 4, 5, 6, 7]) == (ben.messages(), list(team.messages))
    assert "Team" == (await client.get_chat(team.id)).title
    assert await client.leave_chat(team.id)
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await client.send_message(team.id, "Still here?")


async def test_people_write(client: Bot, api: BotApi) -> None:
    """Start with a payload, edits and forwards come as Telegram sends them."""
    eva = api.person("Eva", username="eva_b", language_code="de")
    eva.start("invite_7")
    said = eva.say("Helo")
    eva.edit(said, "Hello")
    eva.forward("You never told me!", origin="Dana")
    start, _, edited, forwarded = await client.get_updates(allowed_updates=Update.ALL_TYPES)
    assert start.effective_user is not None
    assert start.message is not None
    assert ("/start invite_7", "de") == (start.message.text, start.effective_user.language_code)
    assert ["bot_command"] == [entity.type for entity in start.message.entities]
    assert edited.edited_message is not None
    assert (said.id, "Hello") == (edited.edited_message.message_id, edited.edited_message.text)
    assert forwarded.message is not None
    assert forwarded.message.forward_origin is not None
    assert "hidden_user" == forwarded.message.forward_origin.type
    chat = await client.get_chat(eva.id)
    assert ("private", "eva_b") == (chat.type, chat.username)


# --- Waiting --------------------------------------------------------------------------------------


async def test_wait_for(client: Bot, ann: Person) -> None:
    """A wait ends with the message, sent or edited, and can look past what was there before."""
    old = await client.send_message(ann.id, "Your score: 40")
    said = ann.say("Again")
    wait = asyncio.create_task(ann.wait_for("score", after=said))
    await asyncio.sleep(0.05)
    assert not wait.done()
    await client.edit_message_text("Your score: 70", ann.id, old.message_id)
    assert "Your score: 70" == (await wait).text
    with pytest.raises(
        AssertionError, match=r"No text 'bye' within 0.1 s.\n(.*\n)+  Ann: #3 'Again'"
    ):
        await ann.wait_for("bye", 0.1)
    assert old.message_id == (await ann.wait_for(lambda message: message.edited)).id


async def test_calls(api: BotApi, client: Bot, ann: Person) -> None:
    """The log has each call with its parameters, its chat and its answer, but no files."""
    await client.send_chat_action(ann.id, ChatAction.TYPING)
    await client.send_photo(ann.id, png(2, 2), caption="Look", reply_markup=keyboard(("OK", "ok")))
    with pytest.raises(BadRequest):
        await client.send_message(99, "Hello?")
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
