"""Where the parts are wired together: settings, the folders of data, and what is built of them.

Importing this module loads nothing heavy; each function imports what it needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from coachbot.errors import NotFound

if TYPE_CHECKING:
    from coachbot.settings import Settings

DataKind = Literal["scenarios", "prompts", "models"]

_PACKAGE = Path(__file__).parent


def settings() -> Settings:
    """Read the settings from the environment; ``SettingsError`` names a variable that is wrong."""
    from coachbot.settings import read_settings

    return read_settings()


def data_root(kind: DataKind) -> Path:
    """Find the folder of scenarios, prompts or models.

    The first of: the folder that the environment names (``COACHBOT_SCENARIOS`` and so on), the
    one inside an installed package, the one beside the package in a checkout. Raises
    ``SettingsError`` where the environment names no folder, ``NotFound`` where there is none.
    """
    chosen: Path | None = getattr(settings(), kind)
    if chosen is not None:
        return chosen
    places = [_PACKAGE / "_data" / kind, _PACKAGE.parent / kind]
    for place in places:
        if place.is_dir():
            return place
    raise NotFound(
        f"CoachBot's folder {kind!r} is missing; it should be {places[0]} or {places[1]}. "
        f"Install CoachBot again, or set COACHBOT_{kind.upper()} to a folder."
    )
