"""Settings, from the environment: every variable is named ``COACHBOT_`` and the field.

Whoever runs a service may put them into a file, which ``COACHBOT_SETTINGS_FILE`` names: lines of
the form ``COACHBOT_DATABASE=/srv/coachbot.db``, as in a systemd environment file. The environment
comes before the file.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
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

    telegram_token: SecretStr | None = None
    """The bot's token, from @BotFather."""
    telegram_base_url: str = "https://api.telegram.org/bot"
    """Where the Bot API is; another server than Telegram's own may be used."""
    telegram_base_file_url: str = "https://api.telegram.org/file/bot"
    """Where files that people send are fetched from."""
    telegram_mode: Literal["polling", "webhook"] = "polling"
    """How updates come: the bot asks for them, or Telegram posts them."""
    telegram_webhook_url: str | None = None
    """The public https address that Telegram posts to; its path is /telegram."""
    telegram_webhook_secret: SecretStr | None = None
    """What Telegram sends along, so that nobody else can post updates."""
    health_host: str = "127.0.0.1"
    """The address on which /health, /metrics and the webhook answer."""
    health_port: int = Field(default=8480, ge=0, le=65535)
    """Their port; 0 takes any that is free."""
    reply_wait: float = Field(default=3.0, ge=0, le=60)
    """Seconds to wait for another message before a reply in Telegram is taken as complete."""
    retention_days: int | None = Field(default=None, ge=1)
    """Days after which sessions are deleted; not set: they are kept until somebody does."""

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

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _must_be_a_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret.get_secret_value()):
            raise ValueError("use 16 to 256 of the characters A-Z, a-z, 0-9, _ and -")
        return secret

    @field_validator("telegram_token")
    @classmethod
    def _must_look_like_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token.get_secret_value().strip()):
            raise ValueError("a token looks like 123456789:ABC-def; copy it from @BotFather")
        return SecretStr(token.get_secret_value().strip()) if token else token

    @model_validator(mode="after")
    def _webhook_needs_an_address(self) -> Self:
        if self.telegram_mode == "webhook":
            for name in ("telegram_webhook_url", "telegram_webhook_secret"):
                if getattr(self, name) is None:
                    raise ValueError(
                        f"COACHBOT_TELEGRAM_MODE is webhook, so {PREFIX}{name.upper()} must be "
                        "set, too"
                    )
        return self


FILE = f"{PREFIX}SETTINGS_FILE"
SECRETS = frozenset(f"{PREFIX}{name}" for name in ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET"))
"""Variables whose values are never shown."""


def read_settings() -> Settings:
    """Read environment and file. A name or a value that can't be meant raises ``SettingsError``."""
    _read_file()
    known = {FILE, *(f"{PREFIX}{field}".upper() for field in Settings.model_fields)}
    problems = [_unknown(name, known) for name in sorted(os.environ) if _is_unknown(name, known)]
    try:
        settings = Settings()
    except ValidationError as error:
        for detail in error.errors():
            reason = detail["msg"].removeprefix("Value error, ")
            if not detail["loc"]:
                problems.append(f"{reason}.")
                continue
            variable = f"{PREFIX}{detail['loc'][0]}".upper()
            shown = "not usable" if variable in SECRETS else repr(detail["input"])
            problems.append(f"{variable} is {shown}: {reason}.")
        # Without its cause, which shows the values, secrets too.
        raise SettingsError("\n".join(problems)) from None
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _read_file() -> None:
    """Put the settings of the file into the environment, where they aren't set there already."""
    name = os.environ.get(FILE)
    if not name:
        return
    file = Path(name).expanduser()
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SettingsError(f"{FILE} names {file}, which can't be read: {reason}.") from None
    for number, line in enumerate(lines, start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        variable, equals, value = stripped.partition("=")
        if not equals or not variable.strip().upper().startswith(PREFIX):
            raise SettingsError(
                f"{file}, line {number}: a setting is written like "
                f"{PREFIX}DATABASE=/srv/coachbot.db."
            )
        os.environ.setdefault(variable.strip(), value.strip().strip("\"'"))


def _is_unknown(name: str, known: set[str]) -> bool:
    return name.upper().startswith(PREFIX) and name.upper() not in known


def _unknown(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name.upper(), sorted(known), n=1)
    advice = f"Did you mean {close[0]}?" if close else f"Settings: {', '.join(sorted(known))}."
    return f"{name} is not a setting of CoachBot. {advice}"
