"""Everything that the server knows: the bot, the chats, files, updates, presses, commands."""

from __future__ import annotations

import copy
import itertools
import json
import re
import time
from dataclasses import dataclass, field

from tests.telegram.api.changes import Changes
from tests.telegram.api.chats import Chat, Message, Press
from tests.telegram.api.errors import Json, bad_request, blocked_by_user
from tests.telegram.api.files import Files, StoredFile
from tests.telegram.api.params import Params
from tests.telegram.api.updates import Updates


@dataclass
class Webhook:
    """Where updates are posted to; an empty ``url`` means nowhere."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_date: int = 0


@dataclass
class World:
    """The state behind one token. Whoever touches it holds the lock of ``changes``."""

    token: str
    bot: Json
    changes: Changes = field(default_factory=Changes)
    updates: Updates = field(default_factory=Updates)
    webhook: Webhook = field(default_factory=Webhook)
    files: Files = field(default_factory=Files)
    chats: dict[int, Chat] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    reachable: bool = False
    _ticks: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def tick(self) -> int:
        """The next number in the order of all that happens to messages."""
        return next(self._ticks)

    def find(self, chat_id: str) -> Chat:
        """The chat that a call names. Raises ApiError if the bot can't know it."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(int(chat_id)) if re.fullmatch(r"-?[0-9]+", chat_id) else None
        if chat is None or not chat.known:
            raise bad_request("chat not found")
        return chat

    def open(self, params: Params) -> Chat:
        """The chat that a call writes to. Raises ApiError too if the bot may not."""
        chat = self.find(params.text("chat_id"))
        if chat.refusal is not None:
            raise chat.refusal
        return chat

    def post(
        self,
        chat: Chat,
        sender: Json,
        content: Json,
        *,
        markup: Json | None = None,
        file: StoredFile | None = None,
    ) -> Message:
        """Put a message into a chat; ``content`` is what is peculiar to its kind."""
        data = {
            "message_id": chat.next_message_id(),
            "from": sender,
            "chat": chat.data,
            "date": int(time.time()),
            **content,
        }
        message = Message(
            data,
            self.tick(),
            markup,
            file.content if file else None,
            file.filename if file else None,
        )
        with_inline(message, markup)
        chat.messages[message.id] = message
        if markup and ("keyboard" in markup or "remove_keyboard" in markup):
            chat.keyboard = markup if "keyboard" in markup else None
        return message

    def rewrite(self, message: Message, content: Json, markup: Json | None) -> Json:
        """Edit a message: replace ``content`` and the buttons. Returns Telegram's object.

        Raises ApiError if nothing would be different.
        """
        same = all((message.data.get(name) or None) == (content[name] or None) for name in content)
        if same and message.data.get("reply_markup") == markup:
            raise bad_request(
                "message is not modified: specified new message content and reply markup "
                "are exactly the same as a current content and reply markup of the message"
            )
        for name, value in {**content, "edit_date": int(time.time())}.items():
            message.data[name] = value
            if not value:
                del message.data[name]
        message.changed = self.tick()
        with_inline(message, markup)
        message.markup = markup
        return copy.deepcopy(message.data)

    def notify(self, kind: str, content: Json) -> None:
        """Queue an update for the bot."""
        self.updates.add(kind, copy.deepcopy(content))

    def block(self, chat: Chat, person: Json, blocked: bool) -> None:
        """Let a person block the bot, or take it back; the bot is told."""
        statuses = ["member", "kicked"] if blocked else ["kicked", "member"]
        chat.refusal = blocked_by_user() if blocked else None
        self.notify_membership(chat, person, *statuses)

    def notify_membership(self, chat: Chat, by: Json, before: str, after: str) -> None:
        """Tell the bot what it is in a chat now."""
        members: list[Json] = [{"user": self.bot, "status": status} for status in (before, after)]
        for member in members:
            if member["status"] == "kicked":
                member["until_date"] = 0
        self.notify(
            "my_chat_member",
            {
                "chat": chat.data,
                "from": by,
                "date": int(time.time()),
                "old_chat_member": members[0],
                "new_chat_member": members[1],
            },
        )

    def commands_for(self, chat: Chat, person: Json) -> list[Json]:
        """The commands in somebody's menu: the narrowest scope that has some, in their language.

        The order is that of https://core.telegram.org/bots/api#determining-list-of-commands.
        """
        scopes: list[Json] = [{"type": "chat", "chat_id": chat.id}]
        if chat.private:
            scopes.append({"type": "all_private_chats"})
        else:
            scopes.insert(0, {"type": "chat_member", "chat_id": chat.id, "user_id": person["id"]})
            scopes.append({"type": "all_group_chats"})
        for scope in [*scopes, {"type": "default"}]:
            for language in (person.get("language_code", ""), ""):
                if found := self.commands.get((scope_key(scope), language)):
                    return copy.deepcopy(found)
        return []


def with_inline(message: Message, markup: Json | None) -> None:
    """Show inline buttons in Telegram's object, where other keyboards never appear."""
    if markup and "inline_keyboard" in markup:
        message.data["reply_markup"] = markup
    else:
        message.data.pop("reply_markup", None)


def scope_key(scope: Json) -> str:
    """A scope of commands as a key."""
    return json.dumps(scope, sort_keys=True)
