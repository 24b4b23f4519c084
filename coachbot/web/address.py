"""Where the page is: the address in links, and by which names it may be called."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

SIGN_IN = "/sign-in"
_LOCAL = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Address:
    """``url``: what links begin with, without a slash at the end. ``port``: the one listened on."""

    url: str
    port: int

    @property
    def secure(self) -> bool:
        """Whether browsers come by https, so that cookies can be kept to it."""
        return self.url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """What a request may call the page by, with the port where there is one.

        Another name leads here too if somebody's name server says so, and then a page of theirs
        could read this one as its own (DNS rebinding).
        """
        named = urlsplit(self.url).netloc.rpartition("@")[2].lower()
        found = {named}
        if _is_local(named):
            found |= {f"{host}:{self.port}" for host in _LOCAL}
            if self.port == 80:
                found |= set(_LOCAL)
        return frozenset(found)

    def link(self, token: str) -> str:
        """The link that a token signs in with."""
        return f"{self.url}{SIGN_IN}?token={quote(token)}"


def _is_local(netloc: str) -> bool:
    host = urlsplit(f"//{netloc}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def local_address(host: str, port: int) -> Address:
    """The address of a page that has no public one."""
    return Address(f"http://{f'[{host}]' if ':' in host else host}:{port}", port)
