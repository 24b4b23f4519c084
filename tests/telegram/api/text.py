"""Texts and captions: what Telegram makes of what it is given, and how long it may be."""

from __future__ import annotations

import re

from tests.telegram.api.errors import Json, bad_request
from tests.telegram.api.formatting import parse_html, units
from tests.telegram.api.params import Params

LONGEST_TEXT = 4096
"""UTF-16 code units after parsing (https://core.telegram.org/bots/api#sendmessage)."""

LONGEST_CAPTION = 1024
"""UTF-16 code units after parsing (https://core.telegram.org/bots/api#sendphoto)."""

VERBATIM = {"code", "pre"}
"""Nothing else is marked inside of these."""

FOUND = {
    "email": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b"),
    "url": re.compile(r"\bhttps?://[^\s<>]*[^\s<>.,:;!?'\")\]]"),
    "bot_command": re.compile(r"(?<![\w/<>@.-])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])"),
    "mention": re.compile(r"(?<![\w.])@[A-Za-z]\w{2,31}\b"),
    "hashtag": re.compile(r"(?<!\w)#\w*[^\W\d]\w*"),
}
"""What Telegram finds in a text by itself, in this order; the first to claim a place has it."""


def read_text(params: Params) -> tuple[str, list[Json]]:
    """The parameter ``text``, parsed and tidied, with its entities."""
    text, entities = _formatted(params, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text, entities


def read_caption(params: Params) -> tuple[str, list[Json]]:
    """The parameter ``caption``, which may be empty."""
    text, entities = _formatted(params, "caption", "caption_entities")
    if units(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text, entities


def _formatted(params: Params, name: str, entities_name: str) -> tuple[str, list[Json]]:
    source = re.sub(r"[\x00-\x09\x0b-\x1f]", " ", params.text(name).replace("\r", ""))
    mode = params.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(source)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        text, entities = source, params.objects(entities_name)
        if not all({"type", "offset", "length"} <= entity.keys() for entity in entities):
            raise bad_request("can't parse MessageEntity: Can't find field")
    text, entities = _trimmed(text, _apart(entities))
    return text, found_in(text, entities)


def _apart(entities: list[Json]) -> list[Json]:
    """Take other marks off the stretches of code, as Telegram does."""
    stretches = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in VERBATIM
    ]
    kept: list[Json] = []
    for entity in entities:
        pieces = [(entity["offset"], entity["offset"] + entity["length"])]
        if entity["type"] not in {*VERBATIM, "blockquote", "expandable_blockquote"}:
            for begin, end in stretches:
                pieces = [
                    piece
                    for start, stop in pieces
                    for piece in ((start, min(stop, begin)), (max(start, end), stop))
                    if piece[0] < piece[1]
                ]
        kept += [{**entity, "offset": start, "length": stop - start} for start, stop in pieces]
    return kept


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut white space off the end, and off the start as far as nothing is marked there."""
    text = text.rstrip()
    first = min((entity["offset"] for entity in entities), default=len(text))
    lead = min(len(text) - len(text.lstrip()), first)
    text = text[lead:]
    length = units(text)
    moved = [{**entity, "offset": entity["offset"] - lead} for entity in entities]
    kept = [
        {**entity, "length": min(entity["length"], length - entity["offset"])}
        for entity in moved
        if entity["offset"] < length
    ]
    return text, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def found_in(text: str, entities: list[Json]) -> list[Json]:
    """Add commands, addresses, mentions and hashtags, where no link or code is already."""
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in {*VERBATIM, "text_link", *FOUND}
    ]
    found = list(entities)
    for kind, pattern in FOUND.items():
        for match in pattern.finditer(text):
            start = units(text[: match.start()])
            stop = start + units(match[0])
            if all(stop <= begin or end <= start for begin, end in taken):
                taken.append((start, stop))
                found.append({"type": kind, "offset": start, "length": stop - start})
    return sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))
