"""What is said with a link to the supervisors' page."""

from __future__ import annotations

from urllib.parse import urlsplit

from coachbot.telegram.rendering.wording import safe

_LOCAL = ("localhost", "127.0.0.1", "::1")


def opens_here_only(address: str) -> bool:
    """Whether an address is of no use on any other machine, a phone for example."""
    return urlsplit(address).hostname in _LOCAL


def page_link(link: str, minutes: int) -> str:
    """The link, for whom it is good, and where it opens."""
    text = (
        f"{safe(link)}\n\nThis link signs you in, once, within {minutes} minutes. It is yours "
        "alone, so don't pass it on."
    )
    if opens_here_only(link):
        text += (
            " It opens only on the machine where I run. For it to open on your phone, whoever set "
            "me up has to give the page an address (COACHBOT_WEB_URL)."
        )
    return text


def no_page() -> str:
    """Nobody has said where the page is."""
    return (
        "/web gives you a link to a page for supervisors and trainers: the same teams, sessions "
        "and scenarios as here, on a larger screen. It isn't set up. Whoever set me up has to give "
        "it an address (COACHBOT_WEB_URL) and start me with <b>coachbot run</b>. Until then "
        "everything is in this chat: /team, /scenarios, /export."
    )
