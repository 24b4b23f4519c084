"""``parse_mode=HTML`` as Telegram reads it: its tags, its complaints, and UTF-16 offsets.

The rules are those of https://core.telegram.org/bots/api#html-style. Mentions of people by
``tg://user`` links and custom emoji are not read here: they need accounts.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from tests.telegram.api.errors import ApiError, Json, bad_request

KINDS = {
    "a": "text_link",
    "b": "bold",
    "blockquote": "blockquote",
    "code": "code",
    "del": "strikethrough",
    "em": "italic",
    "i": "italic",
    "ins": "underline",
    "pre": "pre",
    "s": "strikethrough",
    "span": "spoiler",
    "strike": "strikethrough",
    "strong": "bold",
    "tg-spoiler": "spoiler",
    "u": "underline",
}
"""Tag to the type of the entity that it becomes."""

TAGS = {
    "blockquote": ("<blockquote>", "</blockquote>"),
    "bold": ("<b>", "</b>"),
    "code": ("<code>", "</code>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
    "italic": ("<i>", "</i>"),
    "pre": ("<pre>", "</pre>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "strikethrough": ("<s>", "</s>"),
    "underline": ("<u>", "</u>"),
}
"""Type of an entity to the tags that write it."""

CHARACTER = re.compile(
    r"&(?:#(?P<decimal>[0-9]{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})"
    r"|(?P<name>lt|gt|amp|quot)(?![A-Za-z]));?"
)
ATTRIBUTE = re.compile(r"\s*(?P<name>[^\s=>]*)\s*(?P<equals>=?)\s*")
TOKEN = re.compile(r"[A-Za-z0-9.-]*")


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 code units, the measure of all offsets and limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities, both as Telegram would send them back.

    Raises ApiError (400, ``can't parse entities: ...``) where Telegram does.
    """
    return _Parser(source).parse()


def checked_url(url: str) -> str | None:
    """``url`` as Telegram notes it down, or None if it is none."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme == "tg" and parts.netloc:
        return url
    name = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or ("." not in name and name != "localhost"):
        return None
    return urlunsplit(parts._replace(path=parts.path or "/"))


@dataclass(frozen=True)
class _Tag:
    """A start tag whose end is still to come, and where its text starts."""

    name: str
    argument: str
    offset: int
    position: int


class _Parser:
    """Goes through the source once, from left to right."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._text: list[str] = []
        self._offset = 0
        self._open: list[_Tag] = []
        self._entities: list[Json] = []

    def parse(self) -> tuple[str, list[Json]]:
        while self._at < len(self._source):
            if self._source.startswith("</", self._at):
                self._end_tag()
            elif self._source[self._at] == "<":
                self._start_tag()
            else:
                character = self._character()
                self._text.append(character)
                self._offset += units(character)
        if self._open:
            name = self._open[-1].name
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{name}"')
        for entity in self._entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return "".join(self._text), self._entities

    def _character(self) -> str:
        """Take one character, or what a character reference stands for."""
        if found := CHARACTER.match(self._source, self._at):
            if name := found["name"]:
                character = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}[name]
            else:
                code = int(found["decimal"]) if found["decimal"] else int(found["hex"], 16)
                real = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
                character = chr(code) if real else ""
            if character:
                self._at = found.end()
                return character
        self._at += 1
        return self._source[self._at - 1]

    def _start_tag(self) -> None:
        begin = self._at
        name = self._until_space_or_bracket(begin + 1)
        if self._at == len(self._source):
            raise self._unparsable("Unclosed start tag", begin)
        name = name.lower()
        if name not in KINDS:
            raise self._unparsable(f'Unsupported start tag "{name}"', begin)
        attributes = self._attributes(name, begin)
        argument = {
            "a": attributes.get("href", ""),
            "blockquote": "expandable" if "expandable" in attributes else "",
            "code": attributes.get("class", "").partition("language-")[2],
            "span": attributes.get("class", ""),
        }.get(name, "")
        if name == "span" and argument != "tg-spoiler":
            raise self._unparsable('Tag "span" must have class "tg-spoiler"', begin)
        self._open.append(_Tag(name, argument, self._offset, len(self._text)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        """Take everything up to the bracket that closes the tag."""
        attributes: dict[str, str] = {}
        while True:
            found = ATTRIBUTE.match(self._source, self._at)
            assert found is not None, "every part of the pattern may be empty"
            self._at = found.end()
            if self._at == len(self._source):
                raise self._unparsable(f'Unclosed start tag "{tag}"', begin)
            if found["name"]:
                attributes[found["name"]] = self._value(tag, begin) if found["equals"] else ""
            elif self._source[self._at] == ">" and not found["equals"]:
                self._at += 1
                return attributes
            else:
                raise self._unparsable(f'Empty attribute name in the tag "{tag}"', begin)

    def _value(self, tag: str, begin: int) -> str:
        quote = self._source[self._at]
        if quote in "\"'":
            self._at += 1
            value: list[str] = []
            while self._at < len(self._source) and self._source[self._at] != quote:
                value.append(self._character())
            self._at += 1
            if self._at >= len(self._source):
                raise self._unparsable(f'Unclosed start tag "{tag}"', begin)
            return "".join(value)
        start = self._at
        token = TOKEN.match(self._source, start)
        assert token is not None, "a token may be empty"
        self._at = token.end()
        if self._at == len(self._source) or self._source[self._at] not in "> \t\r\n":
            raise self._unparsable("Unexpected end of name token", start)
        return token[0].lower()

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise self._unparsable("Unexpected end tag", begin)
        name = self._until_space_or_bracket(begin + 2)
        while self._at < len(self._source) and self._source[self._at].isspace():
            self._at += 1
        if self._at == len(self._source) or self._source[self._at] != ">":
            raise self._unparsable("Unclosed end tag", begin)
        self._at += 1
        tag = self._open.pop()
        if name and name.lower() != tag.name:
            where = len(self._source[:begin].encode("utf-8", "surrogatepass"))
            raise _unparsable(
                f"Unmatched end tag at byte offset {where}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        if self._offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _Tag) -> None:
        """Note the entity that a tag with text in it becomes."""
        entity: Json = {
            "type": KINDS[tag.name],
            "offset": tag.offset,
            "length": self._offset - tag.offset,
        }
        if tag.name == "a":
            url = checked_url(tag.argument or "".join(self._text[tag.position :]))
            if url is None:
                return
            entity["url"] = url
        elif tag.name == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "code" and tag.argument:
            entity["language"] = tag.argument
        elif tag.name == "pre" and self._entities:
            inner = self._entities[-1]
            if inner["type"] == "code" and _span(inner) == _span(entity):
                self._entities.pop()
                entity |= {key: inner[key] for key in ("language",) if key in inner}
        self._entities.append(entity)

    def _until_space_or_bracket(self, start: int) -> str:
        self._at = start
        while self._at < len(self._source) and not (
            self._source[self._at].isspace() or self._source[self._at] == ">"
        ):
            self._at += 1
        return self._source[start : self._at]

    def _unparsable(self, reason: str, position: int) -> ApiError:
        where = len(self._source[:position].encode("utf-8", "surrogatepass"))
        return _unparsable(f"{reason} at byte offset {where}")


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["length"]


def as_html(text: str, entities: list[Json]) -> str:
    """Write a formatted text as HTML again; entities that no tag makes are left out."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for entity in sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])):
        start, end = TAGS.get(entity["type"], ("", ""))
        if entity["type"] == "text_link":
            start, end = f'<a href="{html.escape(entity["url"])}">', "</a>"
        elif "language" in entity:
            start = f'<pre><code class="language-{html.escape(entity["language"])}">'
            end = "</code></pre>"
        opening.setdefault(entity["offset"], []).append(start)
        closing.setdefault(entity["offset"] + entity["length"], []).insert(0, end)
    parts: list[str] = []
    offset = 0
    for character in [*text, ""]:
        parts += [*closing.get(offset, []), *opening.get(offset, [])]
        parts.append(html.escape(character, quote=False))
        offset += units(character)
    return "".join(parts)
