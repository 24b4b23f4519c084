"""What is said with a link to the supervisors' page."""

from __future__ import annotations

from urllib.parse import urlsplit

from coachbot.telegram.rendering.wording import safe

_LOCAL = ("localhost", "127.0.0.1", "::1")


def page_link(link: str, minutes: int) -> str:
    """The link, for whom it is good, and where it opens."""
    text = (
        f"{safe(link)}\n\nThis link signs you in, once, within {minutes} minutes. It is yours "
        "alone, so don't pass it on."
    )
    if urlsplit(link).hostname in _LOCAL:
        text += (
            " It opens only on the machine where I run; whoever looks after me can give the page "
            "an address for everybody (COACHBOT_WEB_URL)."
        )
    return text


def no_page() -> str:
    """Nobody has said where the page is."""
    return (
        "There is no page that you could open yet. Whoever looks after me can start it with "
        "<b>coachbot run</b> and give it an address (COACHBOT_WEB_URL)."
    )
