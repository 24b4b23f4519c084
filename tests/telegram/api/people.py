"""The people who talk to the bot, and what they see of it."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.telegram.api.chats import Button, Chat, Message, Press
from tests.telegram.api.errors import Json
from tests.telegram.api.text import found_in
from tests.telegram.api.world import World
from tests.telegram.api.writing import without_reply

Wanted = str | Callable[[Message], object]
"""A part of a message's text, or what must be true of the message."""

SHOWN = 8
"""Messages that a failed wait shows."""


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody with Telegram on their phone.

    ``chat`` is the group to act in; without it, it is the private chat with the bot. Acting in a
    chat that the person closed to the bot is a mistake of the test and raises ValueError.
    """

    world: World
    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = "en"

    @property
    def user(self) -> Json:
        """Telegram's object ``User``."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        optional = {"username": self.username, "language_code": self.language_code}
        return user | {name: value for name, value in optional.items() if value}

    # --- What they do ------------------------------------------------------------------------

    def start(self, payload: str = "", chat: Chat | None = None) -> Message:
        """Press Start, or follow a deep link with a payload."""
        command = "/start" if chat is None else f"/start@{self.world.bot['username']}"
        return self.say(f"{command} {payload}".strip(), chat)

    def say(
        self, text: str, chat: Chat | None = None, *, reply_to: Message | int | None = None
    ) -> Message:
        """Write a text."""
        return self._send(_texted(text), chat, reply_to=reply_to)

    def forward(
        self, text: str, chat: Chat | None = None, *, origin: str = "Somebody else"
    ) -> Message:
        """Forward somebody's text, whose account is hidden."""
        date = int(time.time()) - 60
        hidden = {"type": "hidden_user", "date": date, "sender_user_name": origin}
        return self._send({**_texted(text), "forward_origin": hidden}, chat)

    def send_document(
        self, filename: str, content: bytes, chat: Chat | None = None, *, caption: str = ""
    ) -> Message:
        """Send a file."""
        file = self.world.files.keep("documents", filename, content)
        return self._send({"document": file.as_document(), **_captioned(caption)}, chat)

    def send_photo(self, content: bytes, chat: Chat | None = None, *, caption: str = "") -> Message:
        """Send a picture, PNG or JPEG."""
        file = self.world.files.keep("photos", "photo.jpg", content)
        return self._send({"photo": file.as_photo(), **_captioned(caption)}, chat)

    def send_voice(
        self, content: bytes = b"OggS", chat: Chat | None = None, *, duration: int = 3
    ) -> Message:
        """Send a voice message of ``duration`` seconds."""
        file = self.world.files.keep("voice", "voice.oga", content)
        voice = {**file.described(), "duration": duration, "mime_type": "audio/ogg"}
        return self._send({"voice": voice}, chat)

    def send_sticker(self, emoji: str = "👍", chat: Chat | None = None) -> Message:
        """Send a sticker."""
        file = self.world.files.keep("stickers", "sticker.webp", b"RIFF" + emoji.encode())
        kind = {"type": "regular", "is_animated": False, "is_video": False}
        size = {"width": 512, "height": 512}
        return self._send({"sticker": {**file.described(), **kind, **size, "emoji": emoji}}, chat)

    def edit(self, message: Message | int, text: str, chat: Chat | None = None) -> Message:
        """Change the text of an own message."""
        with self.world.changes.changing():
            place = self._place(chat)
            mine = place.messages[_number(message)]
            if mine.data["from"]["id"] != self.id:
                raise ValueError(f"{self.first_name} did not write {mine}")
            mine.data.pop("entities", None)
            mine.data |= {**_texted(text), "edit_date": int(time.time())}
            mine.changed = self.world.tick()
            if self._reaches_bot(place, mine.data):
                self.world.notify("edited_message", mine.data)
            return copy.deepcopy(mine)

    def delete(self, message: Message | int, chat: Chat | None = None) -> None:
        """Delete a message, for everybody; the bot is not told."""
        with self.world.changes.changing():
            del self._place(chat).messages[_number(message)]

    def press(
        self, button: str, message: Message | int | None = None, chat: Chat | None = None
    ) -> Press:
        """Press an inline button by its text or its data, on one message or the newest with it.

        Raises AssertionError, with what is to be seen, if there is no such button.
        """
        with self.world.changes.changing():
            place = self._place(chat)
            shown = reversed(list(place.sent_by(self.world.bot)))
            for candidate in shown:
                if message is None or candidate.id == _number(message):
                    for found in candidate.buttons:
                        if found.data is not None and button in {found.text, found.data}:
                            return self._pressed(place, candidate, found)
            raise AssertionError(f"No button {button!r} to press.\n{self._shown(place)}")

    def tap(self, button: str, chat: Chat | None = None) -> Message:
        """Tap a button of the keyboard under the text field, which says its text."""
        with self.world.changes.changing():
            shown = [item.text for item in self.keyboard(chat)]
            if button not in shown:
                raise AssertionError(f"No button {button!r} under the text field, only {shown}.")
            return self.say(button, chat)

    def block(self) -> None:
        """Block the bot: it gets 403 for this chat, and is told by ``my_chat_member``."""
        with self.world.changes.changing():
            self.world.block(self._place(None), self.user, True)

    def unblock(self) -> None:
        """Take the block back."""
        with self.world.changes.changing():
            self.world.block(self._private(), self.user, False)

    # --- What they see -----------------------------------------------------------------------

    def messages(self, chat: Chat | None = None) -> list[Message]:
        """The bot's messages as they stand now, oldest first; copies, which do not change."""
        with self.world.changes.reading():
            return list((chat or self._private()).sent_by(self.world.bot))

    def keyboard(self, chat: Chat | None = None) -> list[Button]:
        """The buttons under the text field."""
        with self.world.changes.reading():
            markup = (chat or self._private()).keyboard
            return Message({}, 0, markup).buttons

    def commands(self, chat: Chat | None = None) -> list[Json]:
        """The commands in the menu, in the person's language if there are such."""
        with self.world.changes.reading():
            return self.world.commands_for(chat or self._private(), self.user)

    async def wait_for(
        self,
        wanted: Wanted,
        timeout: float = 5,  # noqa: ASYNC109  # it tells in the end what was there instead
        *,
        after: Message | None = None,
        chat: Chat | None = None,
    ) -> Message:
        """Wait for a message of the bot, and return the newest that fits.

        With ``after``, only what was sent or edited since that message counts. Raises
        AssertionError, with the last messages, when ``timeout`` seconds have passed.
        """
        found = await self.world.changes.until(lambda: self._newest(wanted, after, chat), timeout)
        return self._found(found, wanted, timeout, chat)

    def wait_for_blocking(
        self,
        wanted: Wanted,
        timeout: float = 5,
        *,
        after: Message | None = None,
        chat: Chat | None = None,
    ) -> Message:
        """The same for a test without an event loop."""
        look = self.world.changes.until_blocking
        found = look(lambda: self._newest(wanted, after, chat), timeout)
        return self._found(found, wanted, timeout, chat)

    # --- How -----------------------------------------------------------------------------------

    def _newest(self, wanted: Wanted, after: Message | None, chat: Chat | None) -> Message | None:
        for message in sorted(self.messages(chat), key=lambda item: -item.changed):
            if after is not None and message.changed <= after.changed:
                return None
            if wanted in message.text if isinstance(wanted, str) else wanted(message):
                return message
        return None

    def _found(
        self, found: Message | None, wanted: Wanted, timeout: float, chat: Chat | None
    ) -> Message:
        if found is None:
            what = f"text {wanted!r}" if isinstance(wanted, str) else "message that was waited for"
            place = chat or self._private()
            raise AssertionError(f"No {what} within {timeout:g} s.\n{self._shown(place)}")
        return found

    def _shown(self, chat: Chat) -> str:
        """The last messages of everybody, a line each."""
        lines = [
            f"  {message.data['from']['first_name']}: {message}"
            for message in list(chat.messages.values())[-SHOWN:]
        ]
        return "\n".join([f"What {self.first_name} sees last:", *(lines or ["  nothing"])])

    def _private(self) -> Chat:
        """The private chat with the bot, which the bot may not know yet."""
        if self.id not in self.world.chats:
            data: Json = {"id": self.id, "type": "private", "first_name": self.first_name}
            if self.username:
                data["username"] = self.username
            self.world.chats[self.id] = Chat(self.id, data, [self.user])
        return self.world.chats[self.id]

    def _place(self, chat: Chat | None) -> Chat:
        """The chat to act in."""
        place = chat or self._private()
        if place.refusal is not None and place.private:
            raise ValueError(f"{self.first_name} blocked the bot: unblock it first")
        if self.id not in {user["id"] for user in place.people}:
            raise ValueError(f"{self.first_name} is not in this group")
        return place

    def _send(
        self, content: Json, chat: Chat | None, *, reply_to: Message | int | None = None
    ) -> Message:
        with self.world.changes.changing():
            place = self._place(chat)
            if reply_to is not None:
                original = place.messages[_number(reply_to)]
                content = {"reply_to_message": without_reply(original), **content}
            message = self.world.post(place, self.user, content)
            if self._reaches_bot(place, message.data):
                place.known = True
                self.world.notify("message", message.data)
            return copy.deepcopy(message)

    def _reaches_bot(self, chat: Chat, data: Json) -> bool:
        """Whether the bot gets to see it: in groups, privacy mode keeps most from it.

        See https://core.telegram.org/bots/features#privacy-mode.
        """
        if chat.private or (self.world.bot["can_read_all_group_messages"] and chat.refusal is None):
            return True
        if chat.refusal is not None:
            return False
        if data.get("reply_to_message", {}).get("from") == self.world.bot:
            return True
        text = data.get("text", "")
        return any(
            text[entity["offset"] :][: entity["length"]].partition("@")[2].lower()
            in {"", self.world.bot["username"].lower()}
            for entity in data.get("entities", [])
            if entity["type"] == "bot_command" and entity["offset"] == 0
        )

    def _pressed(self, chat: Chat, message: Message, button: Button) -> Press:
        number = str(len(self.world.presses) + 1).rjust(18, "4")
        press = Press(number, chat.id, message.id, button.data or "")
        self.world.presses[press.id] = press
        self.world.notify(
            "callback_query",
            {
                "id": press.id,
                "from": self.user,
                "message": message.data,
                "chat_instance": str(abs(chat.id) * 7919),
                "data": press.data,
            },
        )
        return press


def _texted(text: str) -> Json:
    entities = found_in(text, [])
    return {"text": text, **({"entities": entities} if entities else {})}


def _captioned(caption: str) -> Json:
    entities = found_in(caption, [])
    content: Json = {"caption": caption, "caption_entities": entities}
    return {name: value for name, value in content.items() if value}


def _number(message: Message | int) -> int:
    return message.id if isinstance(message, Message) else message
