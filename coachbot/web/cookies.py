"""The two cookies: who is signed in, and, before that, which browser opened the form to sign in.

Both can't be read by scripts and are not sent along by other sites' forms. By https they have the
``__Host-`` prefix, so that no other host of the same domain can set them. They end with the
browser, or when the database says so.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from coachbot.web.address import Address

SESSION = "coachbot-session"
FORM = "coachbot-form"


def _name(name: str, address: Address) -> str:
    return f"__Host-{name}" if address.secure else name


def read(request: Request, name: str, address: Address) -> str:
    """The cookie's value; empty where there is none."""
    return request.cookies.get(_name(name, address), "")


def write(response: Response, name: str, value: str, address: Address) -> None:
    """Have the browser keep it until it is closed."""
    response.set_cookie(
        _name(name, address),
        value,
        path="/",
        secure=address.secure,
        httponly=True,
        # Lax: a link to a page in a chat opens it for whoever is signed in. Posts of other sites
        # come without it, and are refused besides.
        samesite="lax",
    )


def delete(response: Response, name: str, address: Address) -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        _name(name, address), path="/", secure=address.secure, httponly=True, samesite="lax"
    )
