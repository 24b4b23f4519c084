"""Small things that a bot sends in the tests."""

from __future__ import annotations

import struct
import zlib

from telegram import InlineKeyboardButton, InlineKeyboardMarkup


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    """One row of buttons with their data."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=d) for text, d in buttons]]
    )


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
