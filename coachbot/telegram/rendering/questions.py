"""What the hire is asked: their own rating before the scores, and how the session felt."""

from __future__ import annotations

import re
from collections.abc import Callable

from coachbot.reporting.debrief import NAMES
from coachbot.scoring.interface import Dimension
from coachbot.telegram.messages import Keyboard
from coachbot.telegram.rendering.wording import keyboard, one_line

RATINGS: dict[Dimension, dict[int, str]] = {
    "empathy": {
        0: "Brushed it aside",
        25: "Kept to the matter",
        50: "A standard sorry",
        75: "Named the feeling",
        100: "Named it and took their side",
    },
    "active_listening": {
        0: "Missed what was said",
        25: "Only the surface",
        50: "Answered what was asked",
        75: "Put it in my own words",
        100: "Caught what was only hinted at",
    },
    "individualized_treatment": {
        0: "Wrong facts, or rules first",
        25: "Would fit anybody",
        50: "Fits this kind of problem",
        75: "Used their circumstances",
        100: "All made for them",
    },
}
"""Steps of the hire's own rating: the anchors of the scores, so that both mean the same. Words such
as "well" don't: who did well by them expects 80, where a pass may take 38."""

SKIPS = frozenset(("skip", "skip it", "skip this", "skip to the debrief", "skip all", "debrief"))
"""What is written instead of the button that leads past the questions."""

_NUMBER = re.compile(
    r"(?:(?:i(?:'d| would)? (?:say|guess|think)|maybe|perhaps|probably|about|around|roughly|like|"
    r"it's|a|an|so|hm+|ok|okay|well)[, ]+)*"
    r"([0-9]{1,3})(?: ?%| percent| points?)?(?: ?(?:/|of|out of) ?(10|100))?"
    r"(?:,? (?:maybe|or so|i (?:guess|think)))?"
)
_SHORTEST_OF_LABEL = 5

FEELINGS: dict[int, str] = {
    1: "Very bad",
    2: "Not good",
    3: "All right",
    4: "Good",
    5: "Very good",
}

_ASKED: dict[Dimension, str] = {
    "empathy": "<b>Empathy:</b> what did you mostly do with what {name} was feeling?",
    "active_listening": "<b>Active listening:</b> what did you mostly do with what {name} said?",
    "individualized_treatment": (
        "<b>Individualized treatment:</b> how far were your replies meant for {name}?"
    ),
}


def self_rating_question(
    dimension: Dimension,
    name_of_customer: str,
    data: Callable[[int | None], str],
    first: str = "",
    *,
    pass_mark: float | None = None,
    anew: bool = True,
) -> tuple[str, Keyboard]:
    """The question for one dimension; ``data``: what the button of a rating, or of none, sends.

    ``first``: what is said before the question, as HTML. ``pass_mark``: what a pass takes here.
    ``anew``: these questions haven't been explained just before.
    """
    text = _ASKED[dimension].format(name=one_line(name_of_customer))
    if pass_mark is not None:
        text += f" A pass takes {pass_mark:.0f} here."
    if dimension == "empathy" and anew:
        text = (
            "Before you see the scores, what do you think yourself? Tap what comes nearest, or "
            f"write a number from 0 to 100.\n\n{text}"
        )
    if first:
        text = f"{first}\n\n{text}"
    says = RATINGS[dimension].items()
    rows = keyboard(*((f"{what} ({n})", data(n)) for n, what in says))
    return text, (*rows, *keyboard(("Skip to the debrief", data(None))))


def rating_in(written: str, dimension: Dimension) -> int | None:
    """The rating that a message is: "80", "about 60", "7/10", words of a button; else None."""
    text = " ".join(written.lower().replace("’", "'").split()).strip(" .,!?…")
    if found := _NUMBER.fullmatch(text):
        value = int(found.group(1)) * (10 if found.group(2) == "10" else 1)
        return value if value <= 100 else None
    exact = {f"{what} ({n})".lower(): n for n, what in RATINGS[dimension].items()}
    exact |= {what.lower(): n for n, what in RATINGS[dimension].items()}
    if text in exact:
        return exact[text]
    # A part of a button's words, if no other button has it.
    meant = {n for label, n in exact.items() if len(text) >= _SHORTEST_OF_LABEL and text in label}
    return meant.pop() if len(meant) == 1 else None


def rating_taken(dimension: Dimension, value: int) -> str:
    """A rating was written; said above the next question."""
    return f"<i>{value} of 100 for {NAMES[dimension]}, noted.</i>"


def no_rating(name_of_customer: str) -> str:
    """Something was written where a rating is expected; said above the same question."""
    name = one_line(name_of_customer)
    return (
        "I can't read that as an answer to this question. Tap a button, or write a number from 0 "
        "to 100 or a button's words; “skip” takes you to the debrief. What you have answered is "
        f"kept.\n\n<i>Was it for {name}? The conversation with {name} is over, so {name} hasn't "
        "got it and it isn't counted.</i>"
    )


def feeling_question(
    data: Callable[[int], str], customer: str | None = None
) -> tuple[str, Keyboard]:
    """How the session felt, 1 very bad to 5 very good; ``data``: what each button sends back."""
    it = f"talking to {one_line(customer)}" if customer else "this conversation"
    return (
        f"How was {it} for you? Your answer changes no score.",
        keyboard(*((says, data(number)) for number, says in FEELINGS.items())),
    )
