"""What the bot sends: messages as they are put into the outbox, cut to what Telegram takes."""

from __future__ import annotations

import re
from html import escape
from typing import Literal

from pydantic import Field

from coachbot.customer.state import Frozen

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
"""In UTF-16 units, after the entities have been parsed."""
LONGEST_DATA = 64
"""Bytes of what a button sends back."""

Method = Literal[
    "sendMessage",
    "editMessageText",
    "editMessageReplyMarkup",
    "sendPhoto",
    "sendDocument",
]

_TAG = re.compile(r"<(/?)([a-z-]+)[^>]*>")
_UNIT = re.compile(r"<[^>]+>|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);|.", re.DOTALL)


class Button(Frozen):
    """A button under a message: sends ``data`` back, or opens ``url``."""

    label: str
    data: str = ""
    url: str = ""


Keyboard = tuple[tuple[Button, ...], ...]
"""Rows of buttons."""


class Outgoing(Frozen):
    """One message to a chat. ``text`` is Telegram's HTML; see :func:`html`.

    ``pause``: seconds after the one before it in the chat, during which the bot seems to type.
    ``optional``: not worth a second try, such as taking used buttons away.
    ``message``: Telegram's number of the message that an edit changes.
    ``bench``: the job whose progress this message shows; its number is noted once it was sent.
    ``file_name`` names the photo or document whose bytes lie beside the message in the outbox.
    """

    method: Method = "sendMessage"
    chat: int
    text: str = ""
    buttons: Keyboard = ()
    message: int | None = None
    file_name: str | None = None
    pause: float = Field(default=0.0, ge=0.0)
    optional: bool = False
    bench: int | None = None


def html(text: str) -> str:
    """Text of people as Telegram's HTML, without what it would not show."""
    return escape("".join(c for c in text if c >= " " or c in "\n\t"), quote=False)


def plain(text: str) -> str:
    """The text of Telegram's HTML without its tags, for when they were refused."""
    bare = _TAG.sub("", text)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    return bare


def length(text: str) -> int:
    """UTF-16 units of Telegram's HTML as Telegram counts them: without tags, entities parsed."""
    return sum(_size(unit) for unit in _UNIT.findall(text))


def _size(unit: str) -> int:
    if unit.startswith("<") and len(unit) > 1:
        return 0
    if unit.startswith("&") and len(unit) > 1:
        return 1
    return 2 if ord(unit) > 0xFFFF else 1


def pages(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """Cut Telegram's HTML into messages that it takes, at paragraphs, lines or words.

    Tags that are open at a cut are closed there and opened again on the next page.
    """
    found: list[str] = []
    rest = text.strip()
    while length(rest) > longest:
        cut, carried = _cut(rest, longest)
        page = rest[:cut].rstrip()
        found.append(page + "".join(f"</{_name(tag)}>" for tag in reversed(carried)))
        rest = "".join(carried) + rest[cut:].lstrip()
    return [*found, rest] if rest else found


def _cut(text: str, longest: int) -> tuple[int, list[str]]:
    """Where to cut, in characters, and the tags that are open there."""
    size = at = 0
    open_tags: list[str] = []
    best: dict[str, tuple[int, list[str]]] = {}
    for unit in _UNIT.findall(text):
        size += _size(unit)
        if size > longest:
            break
        at += len(unit)
        if unit.startswith("<") and (tag := _TAG.fullmatch(unit)):
            open_tags = open_tags[:-1] if tag.group(1) else [*open_tags, unit]
        for break_at in ("\n\n", "\n", " "):
            if text.endswith(break_at, 0, at):
                best[break_at] = at, open_tags
    for break_at in ("\n\n", "\n", " "):
        # A page that is less than half full looks cut off for no reason.
        if break_at in best and best[break_at][0] > at // 2:
            return best[break_at]
    return at, open_tags


def _name(tag: str) -> str:
    found = _TAG.fullmatch(tag)
    return found.group(2) if found else ""
