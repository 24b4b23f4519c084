"""What may not be promised, and what only looks like it."""

from __future__ import annotations

import pytest

from coachbot.bootstrap import Practice
from coachbot.customer.reading import Match, read


def over_promised(practice: Practice, scenario: str, text: str) -> tuple[Match, ...]:
    """What the customer takes for a promise that the hire must not make."""
    customer = practice.customer(scenario)
    cast = customer.cast
    return read(text, customer.scenario, cast.banks, cast.encoder).over_promises


@pytest.mark.parametrize(
    ("scenario", "text"),
    [
        ("late-parcel", "I'll drive it round to you myself tonight."),
        ("late-parcel", "Keep both trains, with our compliments."),
        ("charged-twice", "The bed shall be free. You will have the full £778 back."),
        ("charged-twice", "I'll pay the rent for you myself, straight to your landlord."),
    ],
)
def test_over_promises(practice: Practice, scenario: str, text: str) -> None:
    """Wordings that stand in no file are found, however lightly they are said."""
    assert over_promised(practice, scenario, text)


@pytest.mark.parametrize(
    ("scenario", "text"),
    [
        ("estimated-bill", "Spreading it over six months costs nothing, it's up to you."),
        ("charged-twice", "You had the rent put by, as you should."),
        ("no-smartphone", "No app is needed for that."),
        ("flooded-kitchen", "The builders start on Monday week."),
        ("bereaved", "I've gone through the bill for you."),
        ("late-parcel", "I can't get it to you on Saturday, I'm afraid."),
    ],
)
def test_honest_words(practice: Practice, scenario: str, text: str) -> None:
    """What is near an over-promise in its words and promises nothing forbidden is none."""
    assert () == over_promised(practice, scenario, text)
