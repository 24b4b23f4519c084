"""What every request must pass, and what every answer says to the browser.

- Only by a name of the page (``Address.hosts``), so that no other site can be it.
- A body of at most 64 kB, counted as it comes.
- What changes something comes from a page of this one: ``Sec-Fetch-Site`` or ``Origin`` say so.
  One of the two is sent by every browser in use. The code in the form is checked beside it
  (``visit.Visit.form``).
- So many posts in a time and no more, for an address or a person.
- No script and no style but the page's own files, no frame around it, nothing kept by caches.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coachbot.web.address import Address

LONGEST_BODY = 64 * 1024
"""Bytes; the longest form is a comment of 1,000 characters and a few fields."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # With no-referrer, browsers would send "Origin: null" with this page's own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
_SAFE = frozenset(("GET", "HEAD"))


class TooLarge(Exception):
    """More came than any form of the page sends."""


class Guard:
    """The outermost layer; ``refuse`` makes a page of a status and a sentence."""

    def __init__(
        self, app: ASGIApp, address: Address, refuse: Callable[[int, str], ASGIApp]
    ) -> None:
        self._app = app
        self._address = address
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message))
            await send(message)

        wrong = self._what_is_wrong(scope)
        app = self._app if wrong is None else self._refuse(*wrong)
        await app(scope, _counted(receive), send_with_headers)

    def _what_is_wrong(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self._address.hosts:
            return 421, f"This page is at {self._address.url}. Open it by that address."
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdecimal() or int(length) > LONGEST_BODY:
            return 413, "That is more than a form of this page holds. Shorten the text and send it."
        if scope["method"] not in _SAFE and not self._from_here(headers):
            return 403, (
                "This was sent from another page than CoachBot's own, so nothing was changed. If "
                "you meant it, open the page here and do it again."
            )
        return None

    def _from_here(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None and site != "same-origin":
            return False
        origin = headers.get("origin")
        if origin is None:
            return site is not None
        sent_from = urlsplit(origin)
        same_host = sent_from.netloc.lower() == headers.get("host", "").lower()
        return same_host and (sent_from.scheme == "https" or not self._address.secure)

    def _add_headers(self, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        headers.setdefault("cache-control", "no-store")
        if self._address.secure:
            headers["strict-transport-security"] = "max-age=31536000"


def _counted(receive: Receive) -> Receive:
    """The same body, which may not be longer than one may, whatever was said of it."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LONGEST_BODY:
            raise TooLarge
        return message

    return counting


class Rate:
    """At most ``most`` times in ``seconds`` for each key, by a bucket that fills again evenly."""

    KEYS = 10_000
    """Keys that are remembered; the one unused longest goes first."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._refill = most / seconds
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._guard = threading.Lock()

    def allows(self, key: str) -> bool:
        """Whether it may be once more; counts it if so."""
        now = self._clock()
        with self._guard:
            left, then = self._buckets.pop(key, (float(self._most), now))
            left = min(float(self._most), left + (now - then) * self._refill)
            allowed = left >= 1
            self._buckets[key] = (left - 1 if allowed else left, now)
            if len(self._buckets) > self.KEYS:
                self._buckets.popitem(last=False)
        return allowed
