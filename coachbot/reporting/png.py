"""A chart as PNG, for Telegram."""

from __future__ import annotations

from coachbot.errors import CoachbotError
from coachbot.reporting.charts.typeface import FAMILY, font_files

SCALE = 2.0
"""A chart 540 wide becomes a picture 1080 wide: sharp on a phone, and well under 300 kB."""


def png(svg: str, *, scale: float = SCALE) -> bytes:
    """The picture of an SVG that a chart drew, ``scale`` pixels for each of its own.

    Text is drawn with the charts' own font and no other. resvg leaves text out without a word
    when it has no font; so the files are looked for first. It takes about a tenth of a second:
    call it off the event loop. Raises NotFound when the font is missing, CoachbotError when
    resvg-py is not installed or can't read the SVG.
    """
    fonts = [str(path) for path in font_files().values()]
    try:
        import resvg_py
    except ImportError as error:
        raise CoachbotError(
            "Pictures are drawn by resvg-py, which isn't installed: pip install resvg-py"
        ) from error
    try:
        drawn = resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=scale,
            skip_system_fonts=True,
            font_files=fonts,
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    except ValueError as error:
        raise CoachbotError(f"This picture can't be drawn: {error}") from error
    return bytes(drawn)
