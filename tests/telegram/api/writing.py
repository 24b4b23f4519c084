"""The methods by which the bot writes: messages, pictures, documents, edits, answers."""

from __future__ import annotations

import copy

from tests.telegram.api.chats import Chat, Message
from tests.telegram.api.errors import Json, bad_request
from tests.telegram.api.markup import read_inline_markup, read_markup
from tests.telegram.api.params import Params
from tests.telegram.api.text import read_caption, read_text
from tests.telegram.api.world import World

LONGEST_ANSWER = 200
"""Characters of the text of answerCallbackQuery."""

ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
"""What sendChatAction can say."""


def send_message(world: World, params: Params) -> Json:
    """Send a text."""
    chat = world.open(params)
    text, entities = read_text(params)
    content: Json = {"text": text, **({"entities": entities} if entities else {})}
    return _sent(world, chat, params, content)


def send_photo(world: World, params: Params) -> Json:
    """Send a picture, uploaded or known by its file_id."""
    chat = world.open(params)
    file = world.files.sent_as(params, "photo")
    content = {"photo": file.as_photo(), **_caption(params)}
    return _sent(world, chat, params, content, file_id=file.file_id)


def send_document(world: World, params: Params) -> Json:
    """Send a file, uploaded or known by its file_id."""
    chat = world.open(params)
    file = world.files.sent_as(params, "document")
    content = {"document": file.as_document(), **_caption(params)}
    return _sent(world, chat, params, content, file_id=file.file_id)


def send_chat_action(world: World, params: Params) -> bool:
    """Show that the bot is busy; nobody sees it here, but it is checked and logged."""
    world.open(params)
    if params.text("action").lower() not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def edit_text(world: World, params: Params) -> Json:
    """Replace the text of a message, and its buttons."""
    message = _own_message(world, params)
    text, entities = read_text(params)
    if "text" not in message.data:
        raise bad_request("there is no text in the message to edit")
    content: Json = {"text": text, "entities": entities}
    return world.rewrite(message, content, read_inline_markup(params))


def edit_caption(world: World, params: Params) -> Json:
    """Replace the caption of a picture or a document, and its buttons."""
    message = _own_message(world, params)
    if "photo" not in message.data and "document" not in message.data:
        raise bad_request("there is no caption in the message to edit")
    caption, entities = read_caption(params)
    content: Json = {"caption": caption, "caption_entities": entities}
    return world.rewrite(message, content, read_inline_markup(params))


def edit_markup(world: World, params: Params) -> Json:
    """Replace the buttons of a message."""
    message = _own_message(world, params)
    return world.rewrite(message, {}, read_inline_markup(params))


def answer_press(world: World, params: Params) -> bool:
    """Answer a press on a button, once and before it is too old."""
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or press.expired or press.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("text")) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = {"text": params.text("text"), "show_alert": params.boolean("show_alert")}
    return True


def _caption(params: Params) -> Json:
    caption, entities = read_caption(params)
    content: Json = {"caption": caption, "caption_entities": entities}
    return {name: value for name, value in content.items() if value}


def _sent(
    world: World, chat: Chat, params: Params, content: Json, *, file_id: str | None = None
) -> Json:
    markup = read_markup(params)
    message = world.post(
        chat,
        world.bot,
        {**_replied_to(chat, params), **content},
        markup=markup,
        file=None if file_id is None else world.files.get(file_id),
    )
    return copy.deepcopy(message.data)


def _replied_to(chat: Chat, params: Params) -> Json:
    """The message that the new one answers, if it says so and if it is there."""
    reply = params.json("reply_parameters")
    if not isinstance(reply, dict):
        return {}
    original = chat.messages.get(reply.get("message_id", 0))
    if original is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": without_reply(original)}


def without_reply(message: Message) -> Json:
    """A message as it stands inside another one: what it answers itself is left out."""
    return {name: value for name, value in message.data.items() if name != "reply_to_message"}


def _own_message(world: World, params: Params) -> Message:
    """The message that an edit names."""
    chat = world.open(params)
    if not params.given("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.data["from"]["id"] != world.bot["id"]:
        raise bad_request("message can't be edited")
    return message
