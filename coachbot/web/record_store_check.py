"""Finds out whether a learning record store would take statements, without sending it any."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

import httpx

from coachbot.reporting.statements import VERSION
from coachbot.web.record_store import Access, Unavailable, client_of, unreachable, why

PATIENCE = 10.0
"""Seconds to wait for each of two answers."""


def check(access: Access, timeout: float = PATIENCE) -> tuple[Literal["ok", "advice"], str]:
    """Ask which versions it speaks, and for one statement with the key; nothing is changed in it.

    Returns what is so, in words. ``Unavailable`` says why it would take nothing, and what to do.
    """
    host = urlsplit(access.url).hostname or ""
    with client_of(access, timeout) as client:
        # The specification wants this one to be open to everybody; not every store has it.
        versions = _versions(_get(client, access, "about"))
        if versions and not any(_fits(version) for version in versions):
            raise Unavailable(
                f"The learning record store at {host} speaks xAPI {', '.join(versions)}, and "
                f"CoachBot {VERSION}. Let it accept 1.0.3 as well, or take a store that does."
            )
        answer = _get(client, access, "statements", limit="1")
    status = answer.status_code
    if status == 403:
        return "advice", (
            f"{host} knows the key and does not let it read statements. CoachBot only writes them, "
            "so this may be as you want it; the first `coachbot web export-xapi` shows whether it "
            "may write."
        )
    if status == 400:
        raise Unavailable(
            f"The learning record store at {host} does not accept the header "
            f"X-Experience-API-Version: {VERSION} (status 400). It has to speak xAPI 1.0."
        )
    if status != 200:
        raise Unavailable(why(status))
    if not _is_list(answer):
        raise Unavailable(
            "What answers at COACHBOT_LRS_URL is no learning record store. The address should be "
            "the one to which /statements is added, such as https://lrs.example.org/xapi."
        )
    return "ok", f"{host} accepts the key and xAPI {VERSION}"


def _get(client: httpx.Client, access: Access, what: str, **query: str) -> httpx.Response:
    try:
        return client.get(f"{access.url.rstrip('/')}/{what}", params=query)
    except httpx.HTTPError as error:
        raise unreachable(error) from None


def _versions(answer: httpx.Response) -> list[str]:
    """What it says it speaks; empty where it doesn't say."""
    found = _json(answer)
    listed = found.get("version") if answer.status_code == 200 and isinstance(found, dict) else None
    if not isinstance(listed, list):
        return []
    # A few, and short: it may be anything.
    return [one[:12] for one in listed[:5] if isinstance(one, str)]


def _fits(version: str) -> bool:
    return version == "1.0" or version.startswith("1.0.")


def _is_list(answer: httpx.Response) -> bool:
    found = _json(answer)
    return isinstance(found, dict) and isinstance(found.get("statements"), list)


def _json(answer: httpx.Response) -> object:
    try:
        found: object = answer.json()
    except ValueError:
        return None
    return found
