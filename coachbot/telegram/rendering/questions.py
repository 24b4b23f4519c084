"""What the hire is asked: their own rating before the scores, and how the session felt."""

from __future__ import annotations

from collections.abc import Callable

from coachbot.scoring.interface import Dimension
from coachbot.telegram.messages import Keyboard
from coachbot.telegram.rendering.wording import keyboard, one_line

RATINGS: dict[int, str] = {
    0: "Not at all",
    20: "Hardly",
    40: "A little",
    60: "Fairly well",
    80: "Well",
    100: "Fully",
}
"""Steps of the hire's own rating, on the scale of the scores."""

FEELINGS: dict[int, str] = {
    1: "Very bad",
    2: "Not good",
    3: "All right",
    4: "Good",
    5: "Very good",
}

_ASKED: dict[Dimension, str] = {
    "empathy": "<b>Empathy:</b> how far did you meet what {name} was feeling?",
    "active_listening": (
        "<b>Active listening:</b> how far did you take in what {name} said, and answer it?"
    ),
    "individualized_treatment": (
        "<b>Individualized treatment:</b> how far were your replies meant for {name}, and not "
        "for just anybody?"
    ),
}


def self_rating_question(
    dimension: Dimension,
    name_of_customer: str,
    data: Callable[[int | None], str],
    first: str = "",
) -> tuple[str, Keyboard]:
    """The question for one dimension; ``data``: what the button of a rating, or of none, sends.

    ``first``: what is said before the first question, as HTML.
    """
    text = _ASKED[dimension].format(name=one_line(name_of_customer))
    if dimension == "empathy":
        text = f"Before you see the scores, what do you think yourself?\n\n{text}"
    if first:
        text = f"{first}\n\n{text}"
    rows = keyboard(*((f"{says} ({n})", data(n)) for n, says in RATINGS.items()), columns=2)
    return text, (*rows, *keyboard(("Skip to the debrief", data(None))))


def feeling_question(
    data: Callable[[int], str], customer: str | None = None
) -> tuple[str, Keyboard]:
    """How the session felt, 1 very bad to 5 very good; ``data``: what each button sends back."""
    it = f"talking to {one_line(customer)}" if customer else "this conversation"
    return (
        f"How was {it} for you? Your answer changes no score.",
        keyboard(*((says, data(number)) for number, says in FEELINGS.items())),
    )
