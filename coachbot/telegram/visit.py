"""One update as the bot sees it: who wants what, and the one transaction in which they get it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from coachbot.telegram.messages import Keyboard, Outgoing, pages

if TYPE_CHECKING:
    import telegram

    from coachbot.coaching.people import Member
    from coachbot.coaching.post import Post
    from coachbot.telegram.office import Office

Kind = Literal[
    "command", "text", "press", "edit", "file", "other", "blocked", "unblocked", "nothing"
]


@dataclass(frozen=True)
class Request:
    """What an update asks for.

    ``command`` and ``argument``: of a command, without the slash. ``data``: of a button.
    ``message``: Telegram's number of the message written, changed or pressed. ``what``: for kind
    "other", what it is instead of text ("voice", "sticker" and so on).
    """

    update_id: int
    kind: Kind
    chat: int | None = None
    private: bool = True
    user: int | None = None
    name: str = ""
    text: str = ""
    command: str = ""
    argument: str = ""
    data: str = ""
    press: str = ""
    message: int | None = None
    what: str = ""
    file: str = ""
    file_name: str = ""
    file_size: int = 0


_INSTEAD_OF_TEXT = (
    "voice", "audio", "video_note", "video", "animation", "sticker", "photo", "location", "venue",
    "contact", "poll", "dice", "story",
)  # fmt: skip


def read_request(update: telegram.Update, bot_name: str) -> Request:
    """Read an update. Only what is addressed to the bot becomes a request in a group."""
    if update.my_chat_member is not None:
        return _standing(update, update.my_chat_member)
    if update.callback_query is not None:
        return _press(update, update.callback_query)
    message = update.message or update.edited_message
    user = update.effective_user
    chat = update.effective_chat
    if message is None or chat is None or user is None or user.is_bot:
        return Request(update.update_id, "nothing", chat=chat.id if chat else None)
    base = Request(
        update.update_id,
        "nothing",
        chat=chat.id,
        private=chat.type == "private",
        user=user.id,
        name=user.full_name,
        message=message.message_id,
    )
    if not base.private:
        return _in_group(base, message.text or "", bot_name, edited=update.message is None)
    return _in_private(base, message, edited=update.message is None, bot_name=bot_name)


def _standing(update: telegram.Update, change: telegram.ChatMemberUpdated) -> Request:
    private = change.chat.type == "private"
    gone = change.new_chat_member.status in ("kicked", "left")
    return Request(
        update.update_id,
        ("blocked" if gone else "unblocked") if private else "nothing",
        chat=change.chat.id,
        private=private,
        user=change.from_user.id,
        name=change.from_user.full_name,
    )


def _press(update: telegram.Update, query: telegram.CallbackQuery) -> Request:
    at = query.message
    return Request(
        update.update_id,
        "press",
        chat=at.chat.id if at is not None else query.from_user.id,
        private=at is None or at.chat.type == "private",
        user=query.from_user.id,
        name=query.from_user.full_name,
        data=query.data or "",
        press=query.id,
        message=at.message_id if at is not None else None,
    )


def _in_group(base: Request, text: str, bot_name: str, *, edited: bool) -> Request:
    word = text.split(maxsplit=1)[0] if text.split() else ""
    command, at, addressed = word.partition("@")
    if edited or not word.startswith("/") or not at or addressed.lower() != bot_name.lower():
        return base
    return replace(base, kind="command", command=command[1:].lower())


def _in_private(
    base: Request, message: telegram.Message, *, edited: bool, bot_name: str
) -> Request:
    text = message.text
    if text is None:
        if edited:
            return base
        if message.document is not None and message.animation is None:
            return replace(
                base,
                kind="file",
                file=message.document.file_id,
                file_name=message.document.file_name or "",
                file_size=message.document.file_size or 0,
                text=message.caption or "",
            )
        what = next((w for w in _INSTEAD_OF_TEXT if getattr(message, w, None)), "")
        return replace(base, kind="other", what=what) if what else base
    if edited:
        return replace(base, kind="edit", text=text)
    if message.forward_origin is not None:
        return replace(base, kind="other", what="forwarded")
    if text.startswith("/"):
        word, _, argument = text.partition(" ")
        command, _, addressed = word[1:].partition("@")
        if not addressed or addressed.lower() == bot_name.lower():
            return replace(base, kind="command", command=command.lower(), argument=argument.strip())
    return replace(base, kind="text", text=text)


@dataclass
class Answers:
    """The messages that one request is answered with, in order."""

    chat: int
    pressed: int | None = None
    messages: list[tuple[Outgoing, bytes | None]] = field(default_factory=list)

    def say(
        self,
        text: str,
        buttons: Keyboard = (),
        *,
        pause: float = 0.0,
        to: int | None = None,
        bench: int | None = None,
    ) -> None:
        """Say something, in as many messages as it takes; the buttons are under the last.

        ``bench``: the job whose progress will be shown there.
        """
        parts = pages(text)
        chat = self.chat if to is None else to
        for i, part in enumerate(parts):
            last = i == len(parts) - 1
            self._add(
                Outgoing(
                    chat=chat,
                    text=part,
                    buttons=buttons if last else (),
                    pause=pause if i == 0 else 0.0,
                    bench=bench if last else None,
                )
            )

    def change(self, text: str, buttons: Keyboard = (), *, optional: bool = False) -> None:
        """Put another text in the place of the message whose button was pressed.

        ``optional``: or nothing, where that can't be done.
        """
        if self.pressed is None:
            if not optional:
                self.say(text, buttons)
            return
        self._add(
            Outgoing(
                method="editMessageText",
                chat=self.chat,
                text=pages(text)[0],
                buttons=buttons,
                message=self.pressed,
                optional=optional,
            )
        )

    def take_buttons(self) -> None:
        """Take the buttons away from the message in which one was pressed."""
        if self.pressed is not None:
            self._add(
                Outgoing(
                    method="editMessageReplyMarkup",
                    chat=self.chat,
                    message=self.pressed,
                    optional=True,
                )
            )

    def show(self, picture: bytes, caption: str, buttons: Keyboard = ()) -> None:
        """Send a PNG picture."""
        message = Outgoing(
            method="sendPhoto",
            chat=self.chat,
            text=caption,
            buttons=buttons,
            file_name="coachbot.png",
        )
        self._add(message, picture)

    def hand(self, name: str, content: bytes, caption: str) -> None:
        """Send a file."""
        message = Outgoing(method="sendDocument", chat=self.chat, text=caption, file_name=name)
        self._add(message, content)

    def put_into(self, post: Post, now: float) -> None:
        """Put all of them into the outbox, as a part of the transaction."""
        for message, file in self.messages:
            content = message.model_dump(mode="json", exclude={"chat", "pause"})
            post.put(message.chat, content, file, message.pause, now)

    def _add(self, message: Outgoing, file: bytes | None = None) -> None:
        self.messages.append((message, file))


class AlreadyDone(Exception):
    """Somebody has dealt with this update before; what was about to be done again is not done."""


@dataclass
class Visit:
    """A request, who it comes from, and where they are received.

    ``content``: of the file that a trainer sent; None where there is none, or it was not fetched.
    ``before``: HTML that is said before the answers. ``lets_go``: what the member was asked to
    write is not waited for any more.
    """

    office: Office
    request: Request
    member: Member | None
    content: bytes | None = None
    committed: bool = False
    before: str = ""
    lets_go: bool = False

    @property
    def chat(self) -> int:
        """The chat that the answers go to."""
        chat = self.request.chat
        return chat if chat is not None else self.request.user or 0

    @property
    def hire(self) -> Member:
        """The member. Whoever is routed here is one."""
        if self.member is None:
            raise RuntimeError("somebody who is no member was let in")
        return self.member

    @contextmanager
    def commit(self) -> Iterator[Answers]:
        """The one transaction of this visit: all that is saved in it, its answers, and its end."""
        answers = Answers(self.chat, self.request.message if self.request.kind == "press" else None)
        with self.office.transaction():
            if not self.office.post.claim(self.request.update_id):
                raise AlreadyDone
            if self.lets_go and self.member is not None:
                self.office.members.set_awaiting(self.member.person, None)
            if self.before:
                answers.say(self.before)
            yield answers
            self.office.put(answers)
        self.committed = True
        self.office.wake_sender()

    def answer(self, text: str, buttons: Keyboard = ()) -> None:
        """Only say something."""
        with self.commit() as answers:
            answers.say(text, buttons)


def now() -> float:
    """Return seconds since 1970, the clock of inbox and outbox."""
    return time.time()
