"""Whether a hire hears in Telegram of what is done here: said before it is done, and afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coachbot.coaching.people import Member
    from coachbot.web.visit import Visit


def untold(visit: Visit, owner: Member) -> str:
    """Why nothing that is written here reaches somebody, in a sentence; empty where it does."""
    if owner.reachable:
        return ""
    if visit.office.demo:
        return "Demo: nobody is told."
    # Only those who were made on this machine have a number below zero.
    why = "is not in Telegram" if owner.telegram < 0 else "has blocked the bot in Telegram"
    return f"{owner.name} {why} and won’t see it. Please tell them yourself."
