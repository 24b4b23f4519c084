"""Words with which a customer ends a matter."""

from __future__ import annotations

import pytest

from coachbot.scoring.closing import ends_matter


@pytest.mark.parametrize(
    "message",
    [
        "Thanks, bye",
        "thx, that works",
        "No, that’s everything.",
        "Perfect, you've been really helpful.",
        "Nope, all good now!",
        "👍",
        "ok, will do",
    ],
)
def test_a_customer_ends_a_matter(message: str) -> None:
    """With thanks, a farewell, or by saying that it is done."""
    assert ends_matter(message)


@pytest.mark.parametrize(
    "message",
    [
        "No",
        "Yes.",
        "ok",
        "Still waiting.",
        "I see.",
        "Not really.",
        "hello?",
        "Great. Another week.",
        "Thanks for nothing.",
        "It's not sorted",
        "it isn’t working",
        "",
    ],
)
def test_a_customer_ends_nothing(message: str) -> None:
    """With an answer, a complaint, or a thank-you that is none."""
    assert not ends_matter(message)
