"""Coming and going: the notice on privacy, the welcome, links that don't work, being forgotten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from coachbot.telegram.rendering.asides import supervisors_named
from coachbot.telegram.rendering.wording import count, joined, one_line, safe

Refusal = Literal["unknown", "expired", "used", "group"]
"""Why an invitation doesn't let somebody in."""

LONGEST_NOTE = 100
"""Characters of the note on whom to ask."""


def privacy_notice(
    team: str,
    roles: Collection[str],
    contact_note: str = "",
    *,
    kept_days: int | None = None,
    supervisors: Sequence[str] = (),
) -> str:
    """What will be kept of somebody who was invited; read before anything is.

    ``contact_note``: whom to ask, a sentence. ``kept_days``: after how many days sessions are
    deleted; None: not by themselves. ``supervisors``: the team's, by name.
    """
    note = f"\n{safe(contact_note[:LONGEST_NOTE])}" if contact_note.strip() else ""
    return (
        f"You're invited to <b>{one_line(team)}</b>{_as(roles)}. Please read this first; nothing "
        "has been kept so far.\n\n"
        f"{what_is_kept(supervisors, kept_days=kept_days)}\n\n"
        "The customers are played by a program. The scores come from a program too, and it can be "
        "wrong; you can question any of them.\n\n"
        "/mydata sends you all of it. /forgetme deletes it; only counts without names stay."
        f"{note}"
    )


def what_is_kept(supervisors: Sequence[str] = (), *, kept_days: int | None = None) -> str:
    """What is kept of a hire, who sees it, how long and what for: all that /mydata holds."""
    kept = "until you delete it with /forgetme"
    if kept_days:
        kept = f"each session {count(kept_days, 'day', 'days')}, or {kept} sooner"
    return (
        "<b>What is kept:</b> your name as Telegram shows it, your practice conversations, their "
        "scores, and your own ratings. Also your number on Telegram, the customer's mood after "
        "each reply and why, the hints you took, how a session felt, your questions about scores "
        "and what supervisors answered, your settings, and what you are asked to practise.\n"
        f"<b>Who sees it:</b> you, and {_readers(supervisors)}, who can read your sessions. "
        "Colleagues see team averages only, from five people up. Your other chats stay yours: I "
        "can't see them.\n"
        f"<b>How long:</b> {kept}.\n"
        "<b>What for:</b> practice. Not for hiring, firing or pay."
    )


def privacy(teams: Sequence[tuple[str, Collection[str]]], *, kept_days: int | None = None) -> str:
    """/privacy of a member: the notice's facts again. ``teams``: with their supervisors' names."""
    if not teams:
        return (
            "You are in no team, so no supervisor reads what is kept about you. /mydata sends you "
            "all of it, /forgetme deletes it."
        )
    blocks = []
    for team, supervisors in teams:
        title = f"<b>{one_line(team)}</b>\n" if len(teams) > 1 else ""
        blocks.append(title + what_is_kept(tuple(supervisors), kept_days=kept_days))
    return "\n\n".join(
        [
            *blocks,
            "/mydata sends you all of it. /forgetme deletes it; only counts without names stay.",
        ]
    )


def _readers(supervisors: Sequence[str]) -> str:
    if not supervisors:
        return "the team's supervisors"
    named = supervisors_named(supervisors)
    if len(supervisors) == 1:
        return f"the team's supervisor {named}"
    return f"the team's {len(supervisors)} supervisors ({named})"


def welcome(name: str, team: str, roles: Collection[str]) -> str:
    """They are in: where, as what, and the one thing to do now."""
    hello = f"Welcome, {one_line(name, 40)}." if name.strip() else "Welcome."
    first = {
        "trainee": (
            "Send /practice and choose a customer. You read a short brief, then they write to you. "
            "There is no clock, and you can stop whenever you like and go on later."
        ),
        "trainer": (
            "“Add a scenario” gives you a file to fill in with a customer of your own, and says "
            "how. /scenarios shows those that there are."
        ),
        "supervisor": "/invite makes a link for somebody new, /team shows how it goes.",
    }
    steps = [text for role, text in first.items() if role in roles]
    return "\n\n".join(
        [
            f"{hello} You're in <b>{one_line(team)}</b> now{_as(roles)}.",
            *steps,
            "/help lists everything you can do here.",
        ]
    )


def _as(roles: Collection[str]) -> str:
    named = [role for role in ("trainee", "trainer", "supervisor") if role in roles]
    return f" as {joined([f'a {role}' for role in named])}" if named else ""


def not_a_member() -> str:
    """Somebody wrote who is in no team."""
    return (
        "Hello. This is a place to practise difficult conversations with customers, and you need "
        "an invitation to come in.\n\n"
        "Your supervisor can send you a link. Open it, tap Start, and we can begin."
    )


def notice_waits(*, declined: bool = False) -> str:
    """Somebody writes who has the notice on their screen, or has said no to it."""
    if declined:
        return (
            "You said no, and nothing about you is kept. To come in after all, read the notice "
            "again and agree."
        )
    return (
        "Before we go on, I need your yes to the notice above. Until you agree, nothing about you "
        "is kept. What it says: only you and the team's supervisors can read what you practise, "
        "and you can have all of it deleted whenever you like."
    )


def nothing_kept() -> str:
    """Somebody who is not in asks for their data, or to be forgotten."""
    return (
        "Nothing is kept about you here, so there is nothing to send you and nothing to delete. "
        "To practise, you need an invitation; your supervisor can send you a link."
    )


def invitation_refused(reason: Refusal) -> str:
    """Why a link doesn't work, and what to do."""
    return {
        "unknown": (
            "I don't know this invitation. Perhaps a part of the link got lost on the way: open "
            "it once more from the message it came in, or ask for a new one."
        ),
        "expired": (
            "This invitation has run out; links are only good for a while. Whoever sent it to "
            "you can make you a new one in a moment."
        ),
        "used": (
            "This invitation has been used already; each link lets one person in, once. Whoever "
            "sent it to you, usually your supervisor, can make you a new one in a moment."
        ),
        "group": (
            "An invitation is for one person, so it can't be used in a group. Open the link again "
            "in a private chat with me."
        ),
    }[reason]


def group_quiet(bot_link: str) -> str:
    """A command in a group: practising is private."""
    return (
        "Practice is private, so I keep quiet in groups and show nobody's results here. "
        f"Write to me at {safe(bot_link)}"
    )


def forget_question(sessions: int) -> str:
    """Before everything about somebody is deleted."""
    everything = "your name, your place in the team and your settings"
    if sessions:
        everything = (
            f"your name, your place in the team, and your {_sessions(sessions)} with every word "
            "and every score"
        )
    return (
        f"This deletes everything I have about you: {everything}. "
        "It can't be undone.\n\n"
        "Only counts without names stay: how often a scenario was played, and how it ended.\n\n"
        "If you want to keep a copy, /mydata sends you one first. Delete everything?"
    )


def forgotten(sessions: int) -> str:
    """Everything about somebody has been deleted."""
    included = f", your {_sessions(sessions)} included" if sessions else ""
    return (
        f"Done. Everything I knew about you is deleted{included}.\n\n"
        "The messages in this chat are still there until you delete the chat in Telegram. If you "
        "ever want to practise again, you'll need a new invitation."
    )


def _sessions(number: int) -> str:
    return "session" if number == 1 else f"{number} sessions"
