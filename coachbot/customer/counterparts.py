"""A message beside what was to be said: what is missing of it, and what is turned round.

Thresholds are cosines of all-MiniLM-L6-v2, as in :mod:`coachbot.customer.checking`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coachbot.customer import slips

Near = Callable[[str, str], float]
"""How near two texts are in meaning, as a cosine."""

ANCHORED = 0.40
"""Every sentence that says something must be as near as this to something that is to be said. A
sentence that a model adds of its own, about the same things, lies around .3."""

SAME_BUBBLE = 0.45
"""From here on a sentence is taken for the counterpart of an authored message."""


def left_out(authored: Sequence[str], parts: Sequence[str], near: Near) -> str:
    """The question that was to be asked and isn't, or a sentence of those of which most aren't.

    Empty if nothing of weight is missing. Without this the tail of a line would pass for the whole.
    """
    weighty = [own for own in authored if len(own.split()) > 2]
    missing = [own for own in weighty if max(near(own, part) for part in parts) < ANCHORED]
    questions = [own for own in missing if own.rstrip().endswith("?")]
    if questions or len(missing) > len(weighty) / 2:
        return (questions or missing)[0]
    return ""


def turned_round(authored: Sequence[str], parts: Sequence[str], near: Near) -> bool:
    """Whether a sentence says no where its counterparts say yes, or the other way round.

    One sentence may take up several of the trainer's. A question is left out: "haven't you got
    one?" asks for it.
    """
    counterparts: dict[str, list[str]] = {}
    for bubble in authored:
        part = max(parts, key=lambda p: near(bubble, p))
        if near(bubble, part) >= SAME_BUBBLE and not part.rstrip().endswith("?"):
            counterparts.setdefault(part, []).append(bubble)
    return any(
        _negated(part) != any(_negated(bubble) for bubble in bubbles)
        for part, bubbles in counterparts.items()
    )


def _negated(text: str) -> bool:
    return bool(slips.NEGATED.search(text.replace("’", "'")))
