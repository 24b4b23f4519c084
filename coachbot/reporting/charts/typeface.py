"""The typeface of the charts: where its files are, and how wide its letters run.

Source Sans Pro (SIL Open Font License 1.1) comes as the package ``font-source-sans-pro``. Pictures
are drawn with these files and no others, so that they look the same on every machine; text is
measured from the same files before it is placed. It covers Latin, Greek and Cyrillic.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from coachbot.errors import NotFound

FAMILY = "Source Sans Pro"
PACKAGE = "font_source_sans_pro"
Weight = Literal["regular", "semibold"]
FILES: dict[Weight, str] = {
    "regular": "SourceSansPro-Regular.ttf",
    "semibold": "SourceSansPro-Semibold.ttf",
}

_AGAIN = "Install it again: pip install --force-reinstall font-source-sans-pro==0.0.1"


@dataclass(frozen=True, slots=True)
class Typeface:
    """Advance widths of one weight: code point to font units, ``units`` of them to the em."""

    advances: Mapping[int, int]
    units: int

    def covers(self, character: str) -> bool:
        """Whether there is a glyph for the character."""
        return ord(character) in self.advances

    def width(self, text: str, size: float) -> float:
        """The width of ``text`` in pixels when set at ``size`` pixels, kerning left out.

        Kerning nearly always draws letters closer, so this is an upper bound up to a pixel or
        two. A character without a glyph counts as one em: no glyph of a borrowed font is wider.
        """
        total = sum(self.advances.get(ord(character), self.units) for character in text)
        return total * size / self.units


def font_files() -> dict[Weight, Path]:
    """The font file of each weight. Raises NotFound, saying what to install."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise NotFound(
            "The font of the pictures isn't installed (package font-source-sans-pro). " + _AGAIN
        )
    folder = Path(spec.submodule_search_locations[0]) / "files"
    found = {weight: folder / name for weight, name in FILES.items()}
    for path in found.values():
        if not path.is_file():
            raise NotFound(f"A font file of the pictures is missing: {path}. {_AGAIN}")
    return found


@cache
def typeface(weight: Weight) -> Typeface:
    """The metrics of a weight. Raises NotFound when its file is missing or damaged."""
    path = font_files()[weight]
    try:
        return _read(path.read_bytes())
    except (struct.error, KeyError, IndexError, ValueError) as error:
        raise NotFound(f"A font file of the pictures is damaged: {path}. {_AGAIN}") from error


def _read(data: bytes) -> Typeface:
    """Widths by code point, from the tables head, hhea, hmtx and cmap (OpenType 1.9)."""
    (count,) = struct.unpack_from(">H", data, 4)
    tables: dict[bytes, int] = {}
    for record in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * record)
        tables[tag] = offset
    (units,) = struct.unpack_from(">H", data, tables[b"head"] + 18)
    (metrics,) = struct.unpack_from(">H", data, tables[b"hhea"] + 34)
    widths = [struct.unpack_from(">H", data, tables[b"hmtx"] + 4 * g)[0] for g in range(metrics)]
    glyphs = _glyphs(data, tables[b"cmap"])
    # Glyphs past the last metric share its width.
    advances = {code: widths[min(glyph, metrics - 1)] for code, glyph in glyphs.items() if glyph}
    if not advances or units == 0:
        raise ValueError("no characters")
    return Typeface(advances=advances, units=units)


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Code point to glyph, from the segments of the Unicode subtable (format 4)."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for entry in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * entry)
        start = cmap + offset
        if (platform, encoding) == (3, 1) and struct.unpack_from(">H", data, start)[0] == 4:
            return _segments(data, start)
    raise ValueError("no Unicode subtable of format 4")


def _segments(data: bytes, start: int) -> dict[int, int]:
    """The mapping of a format 4 subtable that begins at ``start``."""
    (double,) = struct.unpack_from(">H", data, start + 6)
    segments = double // 2
    ends, starts, deltas, ranges = (
        start + 14 + part * double + 2 * (part > 0) for part in range(4)
    )
    glyphs: dict[int, int] = {}
    for segment in range(segments):
        (last,) = struct.unpack_from(">H", data, ends + 2 * segment)
        (first,) = struct.unpack_from(">H", data, starts + 2 * segment)
        (delta,) = struct.unpack_from(">H", data, deltas + 2 * segment)
        place = ranges + 2 * segment
        (distance,) = struct.unpack_from(">H", data, place)
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if distance:
                (glyph,) = struct.unpack_from(">H", data, place + distance + 2 * (code - first))
                if glyph == 0:
                    continue
            glyphs[code] = (glyph + delta) & 0xFFFF
    return glyphs
