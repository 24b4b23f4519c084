"""What the people of the made-up team say: supervisors of scores, hires of sessions."""

from __future__ import annotations

import random
from collections.abc import Mapping

from coachbot.coaching.demo.plan import LADDER
from coachbot.coaching.scripted import Kind
from coachbot.scoring.interface import Dimension

CONFIRMED_WITHIN = 7.0
"""Points from the score within which a supervisor confirms it."""

HIGHER: Mapping[Dimension, tuple[str, ...]] = {
    "empathy": (
        "The words are plain, but the customer calms down right after them. I read that as meant.",
        "I'd go higher: the feeling is named once, early, and that is when it counts.",
    ),
    "active_listening": (
        "There is more checking in these replies than it looks at first.",
        "More is taken up here than the score says; it is only spread over several replies.",
    ),
    "individualized_treatment": (
        "The way out fits this customer and nobody else. That is worth more to me.",
        "The details of the case are all used, even if the tone is dry.",
    ),
}
LOWER: Mapping[Dimension, tuple[str, ...]] = {
    "empathy": (
        "Polite, and it could be sent to anybody. One honest word about what happened was missing.",
        "The sorry comes, but only as a doorstep to the procedure.",
    ),
    "active_listening": (
        "It answers what was asked and passes over what was said beside it.",
        "I'd have liked the problem said back once before the solution.",
    ),
    "individualized_treatment": (
        "Correct for this kind of case. I don't see who is sitting at the other end.",
        "Nothing in it is this customer's own; we talked about that on Tuesday.",
    ),
}
CONFIRMED = (
    "I see it the same way.",
    "Fair. The closing words carry it.",
    "Agreed. One to talk about in our next hour.",
)

ASKED: Mapping[Dimension, tuple[tuple[str, str], ...]] = {
    "empathy": (
        (
            "Does it only count as empathy if I say sorry? I tried to be kind by being quick.",
            (
                "Being quick helps, and the word isn't needed. What would have lifted it is half a "
                "sentence on what it was like for them. Let's look at one together on Thursday."
            ),
        ),
    ),
    "active_listening": (
        (
            "I don't see what else I could have asked.",
            (
                "You asked what happened, and that was right. What stayed open is why it matters "
                "so much to them. I think the score is fair, but it is close."
            ),
        ),
        (
            "I read every message twice before I answered. How is that not listening?",
            (
                "It is, and nobody can see it. Say back what you have read before you go on; then "
                "it counts for the customer too, and for the score."
            ),
        ),
    ),
    "individualized_treatment": (
        (
            "I kept to what the screen says I may offer. Isn't that what we are to do?",
            (
                "It is, and nobody wants you to offer more. It is about the words around it: whom "
                "is it for, and what does it change for them?"
            ),
        ),
    ),
}
"""Questions about a score, each with the answer that a supervisor gives if one does."""

FOCUS: tuple[tuple[Dimension, str], ...] = (
    ("empathy", "Say what it is like for them before you look anything up."),
    ("active_listening", "Say the problem back in one sentence before you solve it."),
)
FOCUS_RESULT = "It comes by itself now, in four of the last five conversations."


def seen_by_a_person(score: float, kind: Kind, leaning: float, draw: random.Random) -> float:
    """A grade, 0 to 100 in steps of five: between the score and what the agent was made to be."""
    meant = 100 * {agent: step for step, agent in LADDER}.get(kind, 0.5)
    seen = 0.7 * score + 0.3 * meant + leaning + draw.gauss(0, 6)
    return float(min(100, max(0, 5 * round(seen / 5))))


def feeling_after(outcome: str, draw: random.Random) -> int:
    """How a session felt, 1 to 5."""
    usual = {"resolved": 4.3, "resolved_coldly": 3.2, "left": 1.8, "gave_up": 2.0}.get(outcome, 2.6)
    return int(min(5, max(1, round(usual + draw.gauss(0, 0.7)))))
