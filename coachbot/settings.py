"""Settings, all from the environment: every variable is named ``COACHBOT_`` and the field."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from coachbot.errors import SettingsError

PREFIX = "COACHBOT_"


def _default_database() -> Path:
    """Place of the database in the XDG data home, which ignores a relative XDG_DATA_HOME."""
    home = Path(os.environ.get("XDG_DATA_HOME", ""))
    if not home.is_absolute():
        home = Path.home() / ".local" / "share"
    return home / "coachbot" / "coachbot.db"


class Settings(BaseSettings):
    """What can be set. A variable that is empty counts as not set; ``~`` is the home folder."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    database: Path = Field(default_factory=_default_database)
    """The SQLite file with sessions and progress."""
    no_typing_pause: bool = False
    """True leaves out the pauses in which the customer seems to type."""
    scenarios: Path | None = None
    """A folder of scenario files to use in place of those that come with CoachBot."""
    prompts: Path | None = None
    """A folder of prompt templates to use in place of those that come with CoachBot."""
    models: Path | None = None
    """A folder of trained models to use in place of those that come with CoachBot."""

    @field_validator("database", "scenarios", "prompts", "models")
    @classmethod
    def _expand_home(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else path

    @field_validator("scenarios", "prompts", "models")
    @classmethod
    def _must_be_folder(cls, path: Path | None) -> Path | None:
        if path and not path.is_dir():
            raise ValueError("there is no such folder")
        return path


def read_settings() -> Settings:
    """Read the environment. A name or a value that can't be meant raises ``SettingsError``."""
    known = {f"{PREFIX}{field}".upper() for field in Settings.model_fields}
    problems = [_unknown(name, known) for name in sorted(os.environ) if _is_unknown(name, known)]
    try:
        settings = Settings()
    except ValidationError as error:
        for detail in error.errors():
            variable = f"{PREFIX}{detail['loc'][0]}".upper()
            reason = detail["msg"].removeprefix("Value error, ")
            problems.append(f"{variable} is {detail['input']!r}: {reason}.")
        raise SettingsError("\n".join(problems)) from error
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _is_unknown(name: str, known: set[str]) -> bool:
    return name.upper().startswith(PREFIX) and name.upper() not in known


def _unknown(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name.upper(), sorted(known), n=1)
    advice = f"Did you mean {close[0]}?" if close else f"Settings: {', '.join(sorted(known))}."
    return f"{name} is not a setting of CoachBot. {advice}"
