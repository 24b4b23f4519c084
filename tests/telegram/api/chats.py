"""Chats and the messages in them, as the people in them see them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.telegram.api.errors import ApiError, Json
from tests.telegram.api.formatting import as_html


@dataclass(frozen=True)
class Button:
    """A button under a message, or under the text field."""

    text: str
    data: str | None = None
    url: str | None = None

    def __str__(self) -> str:
        return f"[{self.text}]"


@dataclass
class Message:
    """A message as it stands: ``data`` is Telegram's object, edits applied.

    ``changed`` says when it was sent or last edited, as a count that only rises, over all chats.
    """

    data: Json
    changed: int
    markup: Json | None = None
    file: bytes | None = None
    filename: str | None = None

    @property
    def id(self) -> int:
        """The message's number in its chat."""
        number: int = self.data["message_id"]
        return number

    @property
    def chat_id(self) -> int:
        """The chat that it is in."""
        number: int = self.data["chat"]["id"]
        return number

    @property
    def text(self) -> str:
        """The text, or the caption; empty if there is neither."""
        text: str = self.data.get("text") or self.data.get("caption") or ""
        return text

    @property
    def entities(self) -> list[Json]:
        """What is marked in the text or in the caption; offsets in UTF-16 units."""
        entities: list[Json] = self.data.get("entities") or self.data.get("caption_entities") or []
        return entities

    @property
    def html(self) -> str:
        """The text with its formatting, written as HTML."""
        return as_html(self.text, self.entities)

    @property
    def rows(self) -> list[list[Button]]:
        """The buttons, row by row, of either kind of keyboard."""
        markup = self.markup or {}
        return [
            [_button(button) for button in row]
            for row in markup.get("inline_keyboard") or markup.get("keyboard") or []
        ]

    @property
    def buttons(self) -> list[Button]:
        """The buttons, from left to right and from top to bottom."""
        return [button for row in self.rows for button in row]

    @property
    def photo(self) -> bytes | None:
        """The bytes of the picture, if it is one."""
        return self.file if "photo" in self.data else None

    @property
    def document(self) -> bytes | None:
        """The bytes of the document, if it is one; its name is ``filename``."""
        return self.file if "document" in self.data else None

    @property
    def edited(self) -> bool:
        """Whether it was edited since it was sent."""
        return "edit_date" in self.data

    def __str__(self) -> str:
        attached = [kind for kind in ("photo", "document") if kind in self.data]
        rows = [" ".join(map(str, row)) for row in self.rows]
        return f"#{self.id} " + " | ".join([*attached, repr(self.text), *rows])


def _button(button: Json | str) -> Button:
    if isinstance(button, str):
        return Button(button)
    return Button(button["text"], button.get("callback_data"), button.get("url"))


@dataclass
class Chat:
    """A private chat (its id is the person's) or a group (its id is negative)."""

    id: int
    data: Json
    people: list[Json] = field(default_factory=list)
    known: bool = False
    refusal: ApiError | None = None
    keyboard: Json | None = None
    last_message_id: int = 0
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        """Whether it is a chat of one person with the bot."""
        return self.id > 0

    def next_message_id(self) -> int:
        """Count one on."""
        self.last_message_id += 1
        return self.last_message_id

    def sent_by(self, user: Json) -> Iterator[Message]:
        """Copies of the messages of one user, oldest first, which stay as they are."""
        for message in self.messages.values():
            if message.data["from"]["id"] == user["id"]:
                yield copy.deepcopy(message)


@dataclass
class Press:
    """One press on a button; ``answer`` comes with answerCallbackQuery."""

    id: str
    chat_id: int
    message_id: int
    data: str
    answer: Json | None = None
    expired: bool = False
