"""A second attempt of one reply: what is offered after it, and how it compares."""

from __future__ import annotations

from coachbot.reporting.change import Measured, apart
from coachbot.reporting.debrief import NAMES
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScore
from coachbot.session.models import Turn
from coachbot.telegram.rendering.conversation import quick_feedback
from coachbot.telegram.rendering.wording import one_line, quote

_MEANINGS = {
    "clearly": "“clearly”: by chance so large a difference comes in fewer than 1 of 20 cases",
    "probably": "“probably”: in fewer than 1 of 5 cases is it only chance",
    "may be chance": "“may be chance”: a good sign or a bad one, but too little to be sure",
}


def meaning_of(said: str) -> str:
    """What the words of :func:`how_apart` mean that occur in a text; empty if none does.

    The thresholds are those of :mod:`coachbot.reporting.change`.
    """
    used = "; ".join(meaning for word, meaning in _MEANINGS.items() if word in said)
    return f"<i>Scores aren't exact. {used[:1]}{used[1:2].upper()}{used[2:]}.</i>" if used else ""


def compare_offer(turn: int, customer: str) -> str:
    """The first new reply of a second attempt has been answered."""
    return (
        f"<i>That was your new reply {turn}, and it is enough to compare. See both now, or go on "
        f"talking to {one_line(customer)}?</i>"
    )


def one_reply(before: Turn, now: Turn, customer: str) -> str:
    """A reply and its second attempt beside each other; nothing is said about the whole session."""
    name = one_line(customer)
    lines = []
    for dimension in DIMENSIONS:
        title = NAMES[dimension].capitalize()
        lines.append(f"{title}: {_beside(_of(before, dimension), _of(now, dimension))}")
    lines.append(f"{name}'s mood: {_moved(before)}, now {_moved(now)}")
    compared = "\n".join(lines)
    parts = (
        f"<b>Reply {now.number}, then and now</b>",
        f"Then:\n{quote(before.agent)}\nNow:\n{quote(now.agent)}",
        compared,
        meaning_of(compared),
        f"<b>Of the new one</b>\n{quick_feedback(now, customer)}",
        "Your first attempt is the one that counts; this one is for you.",
    )
    return "\n\n".join(part for part in parts if part)


def stopped_early(customer: str) -> str:
    """A second attempt was ended without a new reply."""
    return (
        f"You stopped before a new reply to {one_line(customer)}, so there is nothing to compare. "
        "Your first attempt stays as it is."
    )


def _of(turn: Turn, dimension: Dimension) -> DimensionScore | None:
    return turn.score.dimensions[dimension] if turn.score.dimensions is not None else None


def _beside(one: DimensionScore | None, two: DimensionScore | None) -> str:
    a, b = _points(one), _points(two)
    if one is None or two is None or one.score is None or two.score is None:
        return f"{a}, now {b}"
    return f"{a}, now {b} ({how_apart(one, two)})"


def how_apart(one: DimensionScore, two: DimensionScore) -> str:
    """Whether a score is above an earlier one, and how sure that is; both have been scored."""
    before = Measured.of(one.score or 0.0, one.low, one.high)
    now = Measured.of(two.score or 0.0, two.low, two.high)
    sure = apart(before, now)
    if sure == "hardly":
        return "too close to tell apart"
    which = "higher" if now.score > before.score else "lower"
    return f"{which}, but that may be chance" if sure == "perhaps" else f"{sure} {which}"


def _points(value: DimensionScore | None) -> str:
    if value is None or value.score is None:
        return "not scored"
    return f"{value.score:.0f}"


def _moved(turn: Turn) -> str:
    """How far a reply moved the mood, in points."""
    moved = round(turn.mood_after) - round(turn.mood_before)
    if moved == 0:
        return "unchanged"
    return f"{'up' if moved > 0 else 'down'} {abs(moved)}"
