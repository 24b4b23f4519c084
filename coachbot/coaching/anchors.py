"""What 0, 25, 50, 75 and 100 mean on each dimension, for people who grade.

These are the anchors that the scorer learned from, in plain words; the worked
examples are made up for the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from coachbot.customer.state import Frozen
from coachbot.scoring.interface import Dimension


class Anchor(Frozen):
    """What a reply at this grade does. Grades between two anchors are fine."""

    grade: int
    text: str


class Worked(Frozen):
    """One reply to one customer, graded, and why."""

    customer: str
    reply: str
    grade: int
    why: str


STEPS = (0, 25, 50, 75, 100)


def _anchors(*texts: str) -> tuple[Anchor, ...]:
    return tuple(Anchor(grade=grade, text=text) for grade, text in zip(STEPS, texts, strict=True))


ANCHORS: Mapping[Dimension, tuple[Anchor, ...]] = MappingProxyType(
    {
        "empathy": _anchors(
            "Brushes the feeling aside, blames or mocks, or tells them to calm down.",
            "Passes over the feeling and sticks to procedure.",
            "Says a stock sorry or “I understand”, and no more.",
            "Names the feeling, or what caused it, and means it.",
            "Names the feeling, shows why it makes sense here, and takes their side in solving it.",
        ),
        "active_listening": _anchors(
            "Ignores or contradicts what they said, or asks again for what they gave.",
            "Answers something else, or only the surface of it.",
            "Answers what was asked, without a sign of checking.",
            "Puts the substance in own words, or asks the question that moves it on.",
            "Takes up all that matters, hints included, and checks it or asks openly for more.",
        ),
        "individualized_treatment": _anchors(
            "Has the wrong person or wrong facts, or uses the rules against them.",
            "Could have been sent to anyone.",
            "Fits this kind of problem, and anybody who has it.",
            "Uses what is particular to this customer.",
            "Shapes solution, words and next step to them, or bends a rule for a good reason.",
        ),
    }
)
"""Five anchors for each dimension, from 0 to 100."""

WORKED: Mapping[Dimension, Worked] = MappingProxyType(
    {
        "empathy": Worked(
            customer=(
                "I've taken the morning off twice now and nobody came. My boss thinks I'm making "
                "it up."
            ),
            reply=(
                "Two mornings gone, and now it makes you look bad at work: no wonder you're "
                "angry. That's on us. I'm ringing the fitters myself before we hang up."
            ),
            grade=95,
            why=(
                "It names the anger, says what makes it fair (the two mornings, the boss), and "
                "takes it on as our own fault to put right. “Sorry for the inconvenience” alone "
                "would be a 50."
            ),
        ),
        "active_listening": Worked(
            customer=(
                "The pushchair's brake sticks. It's fine on the flat, but we live on a hill, and "
                "my mum has her on Wednesdays."
            ),
            reply="So it holds on the flat and sticks on your hill. When did it start?",
            grade=75,
            why=(
                "It says back what matters about the brake and asks what moves it on. Mum and "
                "Wednesday, where the worry lies, are left untouched; asking how Wednesday can be "
                "made safe would bring it near 100."
            ),
        ),
        "individualized_treatment": Worked(
            customer=(
                "I can't print a returns label. I'm eighty-one and I do all this on the tablet my "
                "grandson gave me."
            ),
            reply="No problem. You can also show the code on your screen at any post office.",
            grade=50,
            why=(
                "It solves the problem of anybody without a printer, and so it fits her too, but "
                "nothing in it is hers. Having the driver bring the label to her door, so that she "
                "needs no post office, would use what she told us."
            ),
        ),
    }
)
"""One worked example for each dimension, at different grades."""
