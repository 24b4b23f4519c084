"""Variants of a reply whose grades are known from the reply's own.

Typing slips, missing punctuation, neutral padding and an unseen screen change nothing; a stock
phrase lifts empathy to a stock phrase's worth once and never again. Training on such variants keeps
scores from moving where they must not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Said to anyone, about anything. What evaluation adds is worded differently (``evaluation``).
STOCK = (
    "I completely understand your frustration.",
    "We sincerely apologise for any inconvenience caused.",
    "I'm really sorry to hear that.",
    "I understand how upsetting this must be for you.",
    "Thank you for your patience and understanding.",
    "We truly value you as a customer.",
    "Your satisfaction is very important to us.",
    "I can only imagine how you must be feeling.",
    "Please accept our sincerest apologies.",
    "I totally get how stressful that is.",
    "I hear you and I appreciate you sharing this with me.",
    "Rest assured that we take this very seriously.",
    "I'm so sorry for the trouble.",
    "We know how important this is to you.",
    "I do apologise for the experience you've had.",
    "I want you to know that I'm here for you.",
    "That must be so difficult.",
    "Your feelings are completely valid.",
    "We appreciate your feedback.",
    "I am deeply sorry for your experience.",
)
NEUTRAL = (
    "This message is from the service desk.",
    "Today is Wednesday.",
    "The chat stays open while we talk.",
    "I am typing this from the office.",
    "Here is the next part of my message.",
    "You will see my reply below.",
    "The line above is part of the same message.",
    "Just adding one more line here.",
    "This chat can be saved at the end.",
    "It is ten past two here.",
    "Our chat runs on the new system.",
    "I have the page in front of me.",
    "Have a nice afternoon.",
    "Speak soon.",
    "Best wishes, the team",
    "That is the end of this message.",
)
_SLIPS_PER_LETTER = 0.025
# What a stock acknowledgement is worth in empathy (the anchor says 50; it doesn't mend the rest).
STOCK_EMPATHY = 45.0


@dataclass(frozen=True)
class Variant:
    """A changed reply. ``stock`` counts the stock phrases that were added."""

    kind: str
    text: str
    stock: int = 0


def variants(text: str, draw: np.random.Generator) -> list[Variant]:
    """Return one of each kind, drawn with ``draw``."""
    phrases = [STOCK[i] for i in draw.permutation(len(STOCK))[:5]]
    if draw.random() < 0.5:
        phrases = [phrases[0]] * 5
    many = int(draw.integers(2, 6))
    pad = NEUTRAL[int(draw.integers(len(NEUTRAL)))]
    before = bool(draw.random() < 0.4)
    return [
        Variant("stock_once", _joined(text, phrases[:1], before=before), 1),
        Variant("stock_often", _joined(text, phrases[:many], before=before), many),
        Variant("padded", _joined(text, [pad], before=before)),
        Variant("slips", slips(text, draw)),
        Variant("plain", unpunctuated(text)),
    ]


def _joined(text: str, phrases: Sequence[str], *, before: bool) -> str:
    return " ".join([*phrases, text] if before else [text, *phrases])


def slips(text: str, draw: np.random.Generator) -> str:
    """Swap or drop letters inside words, as hasty fingers do."""
    letters = list(text)
    out: list[str] = []
    i = 0
    while i < len(letters):
        inside = 0 < i < len(letters) - 2 and all(c.isalpha() for c in letters[i - 1 : i + 2])
        if inside and draw.random() < _SLIPS_PER_LETTER:
            if draw.random() < 0.5:
                out += [letters[i + 1], letters[i]]
                i += 2
                continue
            i += 1
            continue
        out.append(letters[i])
        i += 1
    return "".join(out)


def unpunctuated(text: str) -> str:
    """Write as in a hurry: lower case, no commas, no apostrophes; ends of sentences stay."""
    return re.sub(r"[,'’]", "", text).lower()
