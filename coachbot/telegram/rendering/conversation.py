"""Around the conversation: going on, hints, a word after a reply, and what is no reply."""

from __future__ import annotations

from typing import Literal

from coachbot.reporting.debrief import NAMES
from coachbot.reporting.tips import unanswered
from coachbot.reporting.wording import lower_first
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import DIMENSIONS, Dimension, Evidence, ReplyScore, UnscoredReason
from coachbot.scoring.reasons import shorten
from coachbot.session.models import Session, Turn
from coachbot.telegram.rendering.wording import LONGEST_NAME, about, count, one_line, quote, safe

TELLING = 4.0
"""Points from which a sentence is worth a word while the conversation runs; a guess, and on the
careful side: who reads about every small thing looks at the score instead of the customer."""

LONGEST_WORDS = 70
"""Characters of the hire's words in the feedback on one reply: about two lines on a phone."""

STEADY = 50.0
"""From this score on a reply in which nothing stands out is called a steady one: the middle of the
scale in SCORING.md."""

Failure = Literal["scorer", "database", "scenario", "other"]


def going_on(session: Session, scenario: Scenario) -> str:
    """Where an unfinished session stands, and what the customer said last."""
    title, name = f"<b>{safe(scenario.title)}</b>", one_line(scenario.persona.name)
    if session.over:
        return f"Your conversation with {name} in {title} is over; what's left is the debrief."
    if session.phase == "briefing":
        where = f"You chose {title} and haven't begun yet. {name}'s first words:"
    elif not session.turns:
        where = f"You stopped in {title} before your first reply. {name}'s first words:"
    else:
        replies = count(len(session.turns), "reply", "replies")
        where = f"You stopped in the middle of {title}, after {replies}. {name} said last:"
    said = "\n".join(safe(message) for message in session.waiting)
    parts = [where, f"<blockquote>{said}</blockquote>"]
    if session.pending is None:
        parts.append(f"What do you say to {name}?")
    else:
        parts += ["You had answered:", quote(session.pending), f"{name} will get back to you now."]
    return "\n".join(parts)


def hint(text: str) -> str:
    """A hint, and what it costs."""
    return f"<b>Hint.</b> {safe(text)}\n\n<i>A pass now counts as “passed with help”.</i>"


_UNSCORED: dict[UnscoredReason, str] = {
    "not_called_for": "That was the practical side of things: nothing in it to score.",
    "too_short": "That was too short for a score. A few words more give {name} something to go by.",
    "language": "I can only score English, so this reply goes without a score.",
    "not_text": "There were no words in it to score. {name} needs a sentence or two from you.",
}

_TO_TRY: dict[Dimension, str] = {
    "empathy": "What might this be like for {name}? That could go into your next one.",
    "active_listening": "Is there something {name} just said that your next one could take up?",
    "individualized_treatment": "What could your next one say that fits only {name}?",
}


def quick_feedback(turn: Turn, customer: str) -> str:
    """A word on one reply, at most three lines: what broke a rule, helped most, cost most."""
    if turn.score.status == "unscored" or turn.score.dimensions is None:
        return _UNSCORED[turn.score.reason or "not_called_for"].format(name=one_line(customer))
    lines = []
    if turn.over_promises:
        words = safe(shorten(turn.over_promises[0].text, LONGEST_WORDS).rstrip("."))
        lines.append(f"✗ “{words}” is more than you may offer; /brief shows what you may.")
    found = [e for e in turn.score.evidence or () if abs(e.effect) >= TELLING]
    best = max(found, key=lambda e: e.effect, default=None)
    worst = min(found, key=lambda e: e.effect, default=None)
    if best is not None and best.effect > 0:
        lines.append(f"✓ {_said_of(best, customer)}")
    if worst is not None and worst.effect < 0:
        lines.append(f"✗ {_said_of(worst, customer)}")
    return "\n".join(lines) or _nothing_stood_out(turn.score, customer)


def _said_of(evidence: Evidence, customer: str) -> str:
    name = NAMES[evidence.dimension].capitalize()
    customer = shorten(customer, LONGEST_NAME)
    reason = about(evidence.reason, customer, 2 * LONGEST_WORDS).rstrip(". ")
    if evidence.source == "history":
        return f"{name}: {safe(f'{customer} {unanswered(reason)}')}."
    words = safe(shorten(evidence.text, LONGEST_WORDS).rstrip("."))
    if reason.startswith("stock phrase"):
        # The reason quotes the phrase itself.
        return f"{name}: a {safe(reason)}."
    return f"{name}: “{words}” {safe(lower_first(reason))}."


def _nothing_stood_out(score: ReplyScore, customer: str) -> str:
    assert score.dimensions is not None  # noqa: S101 (the caller has looked)
    name = one_line(customer)
    values = {d: value for d in DIMENSIONS if (value := score.dimensions[d].score) is not None}
    if not values:
        return _UNSCORED["not_called_for"].format(name=name)
    lowest = min(values, key=lambda d: values[d])
    if values[lowest] >= STEADY:
        return f"A steady reply: everything in it spoke to {name}, and nothing got in the way."
    return f"Nothing in it stood out. {_TO_TRY[lowest].format(name=name)}"


_INSTEAD: dict[str, str] = {
    "voice": "I can't listen to voice messages",
    "audio": "I can't listen to recordings",
    "video_note": "I can't watch video messages",
    "video": "I can't watch videos",
    "animation": "I can't see moving pictures",
    "sticker": "I can't see stickers",
    "photo": "I can't look at pictures",
    "document": "I can't open files",
    "location": "I can't read a place on a map",
    "venue": "I can't read a place on a map",
    "contact": "I don't keep contact details",
    "poll": "I can't take part in polls",
    "dice": "I can't play dice",
    "story": "I can't see stories",
    "forwarded": "A forwarded message is in somebody else's words",
    "empty": "There was nothing to read in that message",
    "too_long": "That's more than anybody can take in at once",
}
_WAY_ON: dict[str, str] = {
    "forwarded": "How would you say it yourself?",
    "empty": "What would you like to say?",
    "too_long": "Which part does {name} need first? Send that.",
}


def nothing_but_text(kind: str, customer: str | None = None) -> str:
    """What to do instead of a message that can't be read. ``customer``: while in a conversation.

    ``kind``: as Telegram calls it, or forwarded, empty, too_long; nothing of it has been used.
    """
    why = _INSTEAD.get(kind, "I can only read text")
    if customer is None:
        return f"{why}. /help shows what I can do for you."
    name = one_line(customer)
    way_on = _WAY_ON.get(kind, "What would you say in writing?").format(name=name)
    return f"{why}, so it hasn't reached {name}. {way_on}"


def edited_too_late(name: str) -> str:
    """A message was changed after it was answered."""
    name = one_line(name)
    return (
        f"{name} had answered before you changed that message, so what you wrote first counts. If "
        "something needs putting right, say so in your next one, as you would with a real person."
    )


def flood(name: str | None = None) -> str:
    """More messages at once than anybody reads."""
    if name:
        name = one_line(name)
        return (
            f"That's a lot at once, and {name} can't keep up. Give {name} a moment to answer, then "
            "go on."
        )
    return "That's a lot at once. Give me a moment to catch up, then go on."


def paused(scenario: Scenario) -> str:
    """The session waits."""
    name = one_line(scenario.persona.name)
    return (
        f"Paused. {name} will be just where you left off, today or next week. Send /practice when "
        "you're ready."
    )


def set_aside(scenario: Scenario) -> str:
    """Another conversation begins, and this one waits."""
    name = one_line(scenario.persona.name)
    return f"Your conversation with {name} is paused; nothing in it is lost."


def no_session() -> str:
    """Something was asked for that needs a conversation."""
    return "You're not in a conversation at the moment. /practice starts one."


def stale_button() -> str:
    """A button of something that is over; plain text of up to 200 characters, for a pop-up too."""
    return "This button is from earlier and does nothing any more. /practice shows where you are."


def failure(kind: Failure, customer: str | None = None) -> str:
    """Something broke: what has become of the message, and what happens next."""
    name = one_line(customer) if customer else "the customer"
    return {
        "scorer": (
            f"Something on my side isn't working, and {name} can't answer just now. Your reply is "
            "kept, so you needn't write it again. Give it a minute and tap “Try again”."
        ),
        "database": (
            "I can't save anything just now, so I've stopped before something gets lost. Your "
            "conversation is as it was; try your last step again in a few minutes."
        ),
        "scenario": (
            "This scenario can't be opened at the moment; somebody may be working on it. Your "
            "conversation is kept and goes on once it's back. Until then, /practice has others."
        ),
        "other": (
            "Something went wrong on my side. What you had written before is kept; please try "
            "your last step again. If it fails once more, tell your trainer."
        ),
    }[kind]
