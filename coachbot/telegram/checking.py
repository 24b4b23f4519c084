"""Finds out what keeps a bot from running: its token, its webhook, clock, lock and port."""

from __future__ import annotations

import errno
import fcntl
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import httpx

if TYPE_CHECKING:
    from pydantic import SecretStr

Status = Literal["ok", "advice", "problem"]

PATIENCE = 10.0
"""Seconds to wait for Telegram."""
FAST = 60.0
"""Seconds that the clock may be off; more, and times in the chats and due dates are wrong."""
RECENT = 3600.0
"""Seconds for which a failure of the webhook is taken as one that lasts."""
MANY = 100
"""Updates that wait: more than a night's, so the bot has been away or can't keep up."""
TELEGRAM = "api.telegram.org"
PORTS = (443, 80, 88, 8443)
"""Ports that Telegram posts to (https://core.telegram.org/bots/api#setwebhook)."""


@dataclass(frozen=True)
class Finding:
    """What a check found. ``message``: what is so, and what to do about it."""

    check: str
    status: Status
    message: str


@dataclass(frozen=True)
class Answer:
    """What the Bot API said to one call.

    ``result``: None where there is none, and then ``failure`` says in words why; it names neither
    token nor address. ``status``: that of HTTP; None where nothing came. ``offset``: how many
    seconds this machine's clock is ahead of the server's; None where it told no time.
    """

    result: Mapping[str, Any] | None = None
    failure: str = ""
    status: int | None = None
    offset: float | None = None


def address_of(base_url: str, token: str) -> str:
    """Where a bot's methods are, as python-telegram-bot puts it together."""
    return base_url.replace("{token}", token) if "{token}" in base_url else base_url + token


def ask(base_url: str, token: SecretStr, method: str) -> Answer:
    """Call a method of the Bot API that needs nothing told; never raises."""
    host = urlsplit(base_url).hostname or base_url
    try:
        with httpx.Client(timeout=PATIENCE) as client:
            url = f"{address_of(base_url, token.get_secret_value())}/{method}"
            before = time.time()
            response = client.post(url)
            now = (before + time.time()) / 2
    except httpx.TimeoutException:
        return Answer(failure=f"{host} did not answer within {PATIENCE:.0f} seconds")
    except httpx.ProxyError:
        return Answer(failure=f"the proxy on the way to {host} refuses; see HTTPS_PROXY")
    except httpx.HTTPError as error:
        if "CERTIFICATE" in str(error).upper():
            return Answer(
                failure=f"the certificate of {host} is not trusted here; look at this machine's "
                "clock, at its certificates (package ca-certificates), and for a proxy in between"
            )
        return Answer(failure=f"{host} can't be reached from here; look at network, names, proxy")
    except (httpx.InvalidURL, ValueError, ImportError):
        # Among others a proxy of a kind that httpx has no support for.
        return Answer(failure="the address or the proxy (HTTPS_PROXY, ALL_PROXY) can't be used")
    return _read(response, host, now)


def _read(response: httpx.Response, host: str, now: float) -> Answer:
    offset = None
    try:
        # Whole seconds, cut off: half of one is missing on the average.
        there = parsedate_to_datetime(response.headers["date"]).timestamp() + 0.5
        offset = now - there
    except (KeyError, ValueError, TypeError):
        pass
    try:
        content = response.json()
        told = content["ok"] is not None
    except (ValueError, KeyError, TypeError):
        told = False
    if not told:
        failure = f"{host} answers, but not as a Bot API does (status {response.status_code})"
        return Answer(failure=failure, status=response.status_code, offset=offset)
    result = content.get("result")
    if content["ok"] and isinstance(result, dict):
        return Answer(result, status=response.status_code, offset=offset)
    return Answer(
        failure=f"{host} says: {content.get('description') or 'no'}",
        status=response.status_code,
        offset=offset,
    )


def bot_name(answer: Answer) -> str:
    """The bot's name in links, from the answer to getMe; empty where it is not known."""
    name = (answer.result or {}).get("username")
    return name if isinstance(name, str) else ""


def token_finding(answer: Answer, base_url: str) -> Finding:
    """What the answer to getMe says about the token."""
    host = urlsplit(base_url).hostname
    if bot_name(answer):
        return Finding("token", "ok", f"{host} knows the bot as @{bot_name(answer)}")
    if answer.status in (401, 403, 404):
        elsewhere = "" if host == TELEGRAM else " Or COACHBOT_TELEGRAM_BASE_URL leads elsewhere."
        return Finding(
            "token",
            "problem",
            f"{host} does not know the token in COACHBOT_TELEGRAM_TOKEN. Copy it again from "
            f"@BotFather (/mybots, API Token).{elsewhere}",
        )
    if answer.status == 429:
        return Finding(
            "token", "advice", f"{host} asks for a pause, so the token is not checked. Try later."
        )
    if answer.status is not None and answer.status >= 500:
        failure = f"{host} has trouble of its own (status {answer.status})"
        return Finding("token", "problem", f"{failure}. The bot waits for it; look again later.")
    failure = answer.failure or f"{host} answers, but not as a Bot API does"
    return Finding("token", "problem", f"Telegram can't be asked: {failure}.")


def clock_finding(answer: Answer) -> Finding:
    """Whether this machine's clock agrees with the one of Telegram."""
    if answer.offset is None:
        return Finding("clock", "advice", "Not checked: nobody told the time.")
    off = abs(answer.offset)
    if off <= FAST:
        return Finding("clock", "ok", "agrees with the Bot API's to within a minute")
    way = "ahead" if answer.offset > 0 else "behind"
    return Finding(
        "clock",
        "problem",
        f"This machine's clock is {_duration(off)} {way}. Have it set by itself (timedatectl "
        "set-ntp true): invitations, due dates and reminders go by it.",
    )


def webhook_findings(
    answer: Answer, wanted: str | None, *, running: bool, now: float
) -> Iterator[Finding]:
    """What the answer to getWebhookInfo means.

    ``wanted``: the address that updates should go to; None: the bot polls. ``running``: a bot runs
    here, so what should be set is set by now. ``now``: seconds since 1970.
    """
    if answer.result is None:
        reason = answer.failure or "there was no answer"
        yield Finding("webhook", "advice", f"Not checked: {reason}.")
        return
    found = str(answer.result.get("url") or "")
    yield _where_to(found, wanted, running=running)
    waiting = _whole(answer.result.get("pending_update_count"))
    if waiting:
        # While a bot polls, what it is about to fetch counts as waiting, too.
        late = " That is a lot: has the bot been off for long?" if waiting > MANY else ""
        many = f"{waiting} updates wait" if waiting > 1 else "1 update waits"
        status: Status = "advice" if late else "ok"
        yield Finding("updates", status, f"{many} at Telegram for the bot.{late}")
    failed = str(answer.result.get("last_error_message") or "")
    if failed and found:
        ago = max(0.0, now - _whole(answer.result.get("last_error_date")))
        yield Finding(
            "webhook",
            "problem" if wanted and ago < RECENT else "advice",
            f"Telegram's last try to post failed {_duration(ago)} ago: {failed}. {_remedy(failed)}",
        )


def _where_to(found: str, wanted: str | None, *, running: bool) -> Finding:
    if wanted is None:
        if not found:
            return Finding("webhook", "ok", "none is set, as it should be for polling")
        if not running:
            return Finding(
                "webhook",
                "advice",
                f"One is set, to {_host(found)}; nothing can be polled before it is removed. "
                "`coachbot bot` removes it when it starts (so does the method deleteWebhook). Make "
                "sure that no other program is meant to answer for this bot.",
            )
        return Finding(
            "webhook",
            "problem",
            f"One is set, to {_host(found)}, so the bot that runs here gets nothing. Another "
            "program has set it with the same token: stop that, then start this bot again, which "
            "removes it. If you don't know it, make a new token with @BotFather (/revoke).",
        )
    port = urlsplit(wanted).port or (443 if wanted.startswith("https:") else 80)
    if found == wanted:
        return Finding("webhook", "ok", f"set to {_host(found)}, as it should be")
    if running:
        elsewhere = f"to {_host(found)}" if found else "nowhere"
        return Finding(
            "webhook",
            "problem",
            f"Telegram posts {elsewhere} and not to COACHBOT_TELEGRAM_WEBHOOK_URL, though a bot "
            "runs here. Start it again, which sets it; if it changes back, another program uses "
            f"this token. Telegram posts to the ports {_PORTS} only; yours is {port}.",
        )
    # Only a server of one's own posts to http, and to any port.
    if port not in PORTS and wanted.startswith("https:"):
        return Finding(
            "webhook",
            "problem",
            f"COACHBOT_TELEGRAM_WEBHOOK_URL has the port {port}; Telegram posts to {_PORTS} only.",
        )
    return Finding("webhook", "ok", "not set yet; `coachbot bot` sets it when it starts")


_PORTS = ", ".join(map(str, PORTS))


def _remedy(failed: str) -> str:
    low = failed.lower()
    if "403" in low:
        return "Another secret came along; start the bot again, which sets the one it has now."
    if "502" in low or "503" in low or "504" in low:
        return "The proxy is reached, the bot behind it is not: does it run, on that port?"
    if "404" in low:
        return "The proxy has to pass /telegram on to the bot."
    if "ssl" in low or "certificate" in low:
        return "The certificate has to be valid for the name, and sent with its whole chain."
    return "Check that the address can be reached from outside."


def _host(url: str) -> str:
    # No more of it: some programs have the token or a secret in the path.
    try:
        return urlsplit(url).hostname or "another place"
    except ValueError:
        return "another place"


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _duration(seconds: float) -> str:
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds:.0f} seconds"


def is_running(database: Path) -> bool:
    """Whether a bot runs on this database, by the lock that ``coachbot bot`` holds.

    Raises OSError where the lock can't be looked at.
    """
    file = database.with_name(database.name + ".bot-lock")
    try:
        # Neither made nor emptied: only looked at.
        lock = file.open("rb")
    except (FileNotFoundError, NotADirectoryError):
        return False
    with lock:
        try:
            # Shared, so that two that look don't see each other; let go of at once.
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(lock, fcntl.LOCK_UN)
        return False


def port_finding(host: str, port: int, *, running: bool) -> Finding:
    """Whether the port for health, metrics and webhook is free, or the running bot answers on it.

    With a bot that runs, ``port`` 0 can't be asked, since it may be any.
    """
    if running:
        return _health(host, port)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            # Only listening shows that nobody else does.
            trial.listen(1)
    except socket.gaierror:
        reason = f"{host!r} is no address of this machine. Set COACHBOT_HEALTH_HOST to 127.0.0.1."
        return Finding("port", "problem", reason)
    except OSError as error:
        return Finding("port", "problem", _unusable(host, port, error))
    where = f"{port} on {host} is free" if port else f"any free one on {host} will be taken"
    return Finding("port", "ok", where)


def _unusable(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program. Set COACHBOT_HEALTH_PORT to "
            "another one."
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This machine has no address {host}. Set COACHBOT_HEALTH_HOST to 127.0.0.1."
    if error.errno == errno.EACCES:
        return f"Port {port} is for root only. Set COACHBOT_HEALTH_PORT to one above 1023."
    return f"Port {port} on {host} can't be used: {error.strerror}. Set COACHBOT_HEALTH_PORT."


def _health(host: str, port: int) -> Finding:
    if not port:
        reason = "A bot runs here; its port is any, so its health can't be asked for."
        return Finding("health", "ok", reason)
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (it is replaced)
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
            place = f"[{reached}]" if ":" in reached else reached
            health = client.get(f"http://{place}:{port}/health").json()
            status = str(health["status"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return Finding(
            "health",
            "problem",
            f"A bot runs on this database, but nothing answers at http://{host}:{port}/health. "
            "Either it has other settings than these, or it is still starting, or it hangs: see "
            "its log.",
        )
    if status == "ok":
        return Finding("health", "ok", f"a bot runs here, {health.get('mode')}, and says it's well")
    meaning = {
        "stalled": "it hears nothing from Telegram; it ends by itself soon, to be started again",
        "database": "it can't use its database",
    }.get(status, status)
    return Finding("health", "problem", f"A bot runs here, and says: {meaning}. See its log.")
