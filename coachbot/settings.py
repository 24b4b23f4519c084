"""Settings, from the environment: every variable is named ``COACHBOT_`` and the field.

Whoever runs a service may put them into a file, which ``COACHBOT_SETTINGS_FILE`` names: lines of
the form ``COACHBOT_DATABASE=/srv/coachbot.db``, as in a systemd environment file. The environment
comes before the file. No value of a secret gets into a message.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import PydanticBaseSettingsSource as Source

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

    model_config = SettingsConfigDict(frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: Source,
        env_settings: Source,  # noqa: ARG003
        dotenv_settings: Source,  # noqa: ARG003
        file_secret_settings: Source,  # noqa: ARG003
    ) -> tuple[Source, ...]:
        """Take what is given and nothing else: :func:`look_over` reads environment and file."""
        return (init_settings,)

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

    actor: str | None = None
    """A language model that finds the customer's words, such as openai:http://localhost:8080/v1;
    not set: the lines of the scenario files."""
    actor_model: str | None = None
    """The model's name on its server, where COACHBOT_ACTOR doesn't have it after a #."""
    actor_key: SecretStr | None = None
    """The key for its server, if that wants one."""
    actor_form: Literal["auto", "chat", "transcript"] = "auto"
    """How it is asked: in chat roles (large models) or with a transcript to go on with (small)."""
    actor_timeout: float = Field(default=20.0, ge=0.5, le=300)
    """Seconds it may take for one answer; after that the customer speaks a line of the scenario."""

    telegram_token: SecretStr | None = None
    """The bot's token, from @BotFather."""
    telegram_base_url: str = "https://api.telegram.org/bot"
    """Where the Bot API is; another server than Telegram's own may be used."""
    telegram_base_file_url: str = "https://api.telegram.org/file/bot"
    """Where files that people send are fetched from."""
    telegram_mode: Literal["polling", "webhook"] = "polling"
    """How updates come: the bot asks for them, or Telegram posts them."""
    telegram_webhook_url: str | None = None
    """The public https address that Telegram posts to; its path ends in /telegram."""
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

    web_host: str = "127.0.0.1"
    """The address on which the supervisors' page answers."""
    web_port: int = Field(default=8490, ge=0, le=65535)
    """Its port; 0 takes any that is free."""
    web_url: str | None = None
    """Where browsers find the page, as it stands in links: https, unless it is this machine."""

    lrs_url: str | None = None
    """A learning record store (xAPI 1.0.3) that is told of finished sessions; not set: none is.
    The address to which /statements is added."""
    lrs_key: SecretStr | None = None
    """The key that it knows CoachBot by."""
    lrs_secret: SecretStr | None = None
    """The secret that belongs to the key."""

    trust_kappa: float = Field(default=0.6, ge=0, le=1)
    """How far scores must agree with people's blind grades (weighted kappa, the lower end of its
    interval); a dimension that doesn't is marked "for practice only"."""

    @field_validator("database", "scenarios", "prompts", "models")
    @classmethod
    def _expand_home(cls, path: Path | None) -> Path | None:
        try:
            return path.expanduser() if path else path
        except RuntimeError:
            raise ValueError("there is no home folder of that user") from None

    @field_validator("scenarios", "prompts", "models")
    @classmethod
    def _must_be_folder(cls, path: Path | None) -> Path | None:
        try:
            there = path is None or path.is_dir()
        except OSError as error:
            raise ValueError(f"it can't be looked into ({error.strerror})") from None
        if not there:
            raise ValueError("there is no such folder")
        return path

    @field_validator("actor")
    @classmethod
    def _must_name_a_model(cls, actor: str | None) -> str | None:
        if actor is not None and actor != "authored":
            from coachbot.models.actors import ActorSpec

            ActorSpec.parse(actor)
        return actor

    @field_validator("telegram_token")
    @classmethod
    def _must_look_like_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token.get_secret_value().strip()):
            raise ValueError("a token looks like 123456789:ABC-def; copy it from @BotFather")
        return SecretStr(token.get_secret_value().strip()) if token else token

    @field_validator("telegram_base_url", "telegram_base_file_url")
    @classmethod
    def _must_lead_to_the_token(cls, url: str, info: ValidationInfo) -> str:
        place = "/file/bot" if info.field_name == "telegram_base_file_url" else "/bot"
        like = f"https://api.telegram.org{place}"
        parts = _split(url)
        if parts.query or parts.fragment:
            raise ValueError(f"it should be an address without ? and #, like {like}")
        if "{" in url or "}" in url:
            if url.count("{token}") != 1 or len(re.findall("[{}]", url)) != 2:
                raise ValueError("only {token} may stand in braces, once, where the token goes")
            return url
        if TOKEN_LIKE.search(url):
            raise ValueError(f"the token is added to it by CoachBot; leave it out, like {like}")
        if not parts.path.endswith("/bot"):
            raise ValueError(f"it should end in {place}, since the token follows, like {like}")
        return url

    @field_validator("telegram_webhook_url")
    @classmethod
    def _must_be_an_address(cls, url: str | None, info: ValidationInfo) -> str | None:
        like = "https://coach.example.org/telegram"
        if url is None:
            _refuse_webhook_without(info)
            return None
        parts = _split(url)
        if parts.scheme != "https" and not on_this_machine(parts.hostname or ""):
            raise ValueError(f"Telegram posts to https addresses only, like {like}")
        if not parts.path.endswith("/telegram"):
            raise ValueError(f"it should end in /telegram, where CoachBot listens, like {like}")
        return url

    @field_validator("web_url")
    @classmethod
    def _must_be_safe_to_sign_in(cls, url: str | None) -> str | None:
        like = "https://coach.example.org"
        if url is None:
            return None
        parts = _split(url)
        if parts.path.rstrip("/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError(f"it should be a host and nothing behind it, like {like}")
        if parts.scheme != "https" and not on_this_machine(parts.hostname or ""):
            raise ValueError(f"who signs in over http can be listened to; use https, like {like}")
        return url.rstrip("/")

    @field_validator("lrs_url")
    @classmethod
    def _must_be_a_record_store(cls, url: str | None) -> str | None:
        like = "https://lrs.example.org/xapi"
        if url is None:
            return None
        parts = _split(url)
        if parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError(f"it should be an address without a name, ? and #, like {like}")
        if parts.scheme != "https" and not on_this_machine(parts.hostname or ""):
            raise ValueError(f"the key could be read on the way; use https, like {like}")
        if parts.path.rstrip("/").endswith("/statements"):
            raise ValueError(f"/statements is added to it by CoachBot; leave it out, like {like}")
        return url.rstrip("/")

    @field_validator("lrs_key", "lrs_secret")
    @classmethod
    def _must_come_with_the_store(
        cls, value: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        # lrs_url stands before the two, so it is known here, unless it is wrong itself.
        if value is None and info.data.get("lrs_url") is not None:
            raise ValueError(f"it is needed, since {PREFIX}LRS_URL is set")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _must_be_a_secret(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if secret is None:
            _refuse_webhook_without(info)
            return None
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret.get_secret_value()):
            raise ValueError("use 16 to 256 of the characters A-Z, a-z, 0-9, _ and -")
        return secret


def _refuse_webhook_without(info: ValidationInfo) -> None:
    # telegram_mode stands before the two, so it is known here, unless it is wrong itself.
    if info.data.get("telegram_mode") == "webhook":
        raise ValueError(f"it is needed, since {PREFIX}TELEGRAM_MODE is webhook")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", url):
        raise ValueError("it should be an address that starts with https:// and a host")
    return parts


def on_this_machine(host: str) -> bool:
    """Whether a host's name or number is this machine's own, which no other can reach."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


FILE = f"{PREFIX}SETTINGS_FILE"
SECRETS = frozenset(
    f"{PREFIX}{name}"
    for name in ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "ACTOR_KEY", "LRS_KEY", "LRS_SECRET")
)
"""Variables whose values are never shown."""
TOKEN_LIKE = re.compile(r"\d{5,}:[A-Za-z0-9_-]{10,}")
"""What may be a token, wherever it stands."""
_PASSWORD = re.compile(r"(?<=://)[^/@\s]+(?=@)")


def masked(text: str) -> str:
    """The text without what looks like a token, or like a name and password in an address."""
    return _PASSWORD.sub("...", TOKEN_LIKE.sub("...", text))


@dataclass(frozen=True)
class Reading:
    """What was found: settings, with defaults where a value can't be used, and what is wrong.

    ``problems``: a sentence each. ``wrong``: the fields that have their defaults for that reason.
    ``file``: the file that was named.
    """

    settings: Settings
    problems: tuple[str, ...]
    wrong: frozenset[str]
    file: Path | None


def read_settings() -> Settings:
    """Read environment and file. A name or a value that can't be meant raises ``SettingsError``."""
    reading = look_over()
    if reading.problems:
        raise SettingsError("\n".join(reading.problems))
    return reading.settings


def look_over() -> Reading:
    """Read environment and file, and find everything that is wrong with them."""
    named = os.environ.get(FILE)
    file = Path(os.path.expanduser(named)) if named else None  # noqa: PTH111  # it never fails
    problems: list[str] = []
    given = _of_file(file, problems) if file else {}
    for name in sorted(os.environ):
        # As pydantic has it: names in any case, and an empty value is none.
        if not name.upper().startswith(PREFIX) or name.upper() == FILE:
            continue
        if name.upper() not in _KNOWN:
            problems.append(_unknown(name))
        elif os.environ[name]:
            given[name.upper()] = os.environ[name]
    values = {name.removeprefix(PREFIX).lower(): value for name, value in given.items() if value}
    wrong: dict[str, str] = {}
    # What is wrong is left out, until the rest can be used.
    while True:
        try:
            settings = _made(values, wrong)
            break
        except ValidationError as error:
            found = {str(detail["loc"][0]): _problem(detail) for detail in error.errors()}
            if found.keys() <= wrong.keys():
                raise
            wrong |= found
    order = list(Settings.model_fields)
    problems += [wrong[field] for field in sorted(wrong, key=order.index)]
    return Reading(settings, tuple(problems), frozenset(wrong), file)


def _made(values: Mapping[str, str], wrong: Mapping[str, str]) -> Settings:
    used = {field: value for field, value in values.items() if field not in wrong}
    if wrong.keys() & {"telegram_webhook_url", "telegram_webhook_secret"}:
        used.pop("telegram_mode", None)
    if wrong.keys() & {"lrs_key", "lrs_secret"}:
        used.pop("lrs_url", None)
    return Settings(**used)  # type: ignore[arg-type]  # it is there to tell what they are


def _problem(detail: Mapping[str, Any]) -> str:
    variable = f"{PREFIX}{detail['loc'][0]}".upper()
    reason = str(detail["msg"]).removeprefix("Value error, ")
    shown = repr(masked(str(detail["input"])))
    if detail["input"] is None:
        shown = "not set"
    elif variable in SECRETS:
        shown = "not usable"
    return f"{variable} is {shown}: {reason}."


def _of_file(file: Path, problems: list[str]) -> dict[str, str]:
    """The settings of a file; the last of two lines with the same name counts, as in systemd."""
    try:
        # Some editors put a mark at the beginning, which is no part of a name.
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        problems.append(f"{FILE} names {file}, which can't be read: {reason}.")
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        name, equals, value = (part.strip() for part in stripped.partition("="))
        place = f"{file}, line {number}"
        if not equals or not name.upper().startswith(PREFIX):
            problems.append(f"{place}: a setting is written like {PREFIX}DATABASE=/srv/coach.db.")
        elif name.upper() == FILE:
            problems.append(f"{place}: {FILE} can't stand in a file, only in the environment.")
        elif name.upper() not in _KNOWN:
            problems.append(f"{place}: {_unknown(name)}")
        else:
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            found[name.upper()] = value[1:-1] if quoted else value
    return found


_KNOWN = frozenset({FILE, *(f"{PREFIX}{field}".upper() for field in Settings.model_fields)})


def _unknown(name: str) -> str:
    # Without what all have in common, which would make any two names alike.
    ends = sorted(known.removeprefix(PREFIX) for known in _KNOWN)
    close = difflib.get_close_matches(name.upper().removeprefix(PREFIX), ends, n=1)
    advice = (
        f"Did you mean {PREFIX}{close[0]}?" if close else f"Settings: {', '.join(sorted(_KNOWN))}."
    )
    return f"{masked(name)} is not a setting of CoachBot. {advice}"
