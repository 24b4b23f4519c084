"""How a customer types."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from coachbot.customer.style import typed
from coachbot.scenario.models import Style

NAMES = frozenset({"maureen", "leeds"})
styles = st.builds(
    Style,
    lower_case=st.booleans(),
    full_stops=st.booleans(),
    shouts=st.booleans(),
    bubbles=st.booleans(),
    slips=st.floats(0, 0.3),
)


@given(style=styles, seed=st.integers(0, 10_000))
def test_style_never_touches_names_or_numbers(style: Style, seed: int) -> None:
    """Names, amounts, times and references survive every style."""
    line = ("Maureen in Leeds has order 40218 for £54.00 since 15:30", "I rang HSBC twice today")
    text = " ".join(typed(line, style, "low", random.Random(seed), NAMES))
    for kept in ("Maureen", "Leeds", "40218", "£54.00", "15:30", "I ", "HSBC"):
        assert kept in text


def test_lower_case_and_no_full_stop() -> None:
    """Somebody who types in lower case without full stops does so."""
    style = Style(lower_case=True, full_stops=False)
    expected = ("no idea. why does that matter",)
    assert expected == typed(
        ("No idea. Why does that matter.",), style, "mid", random.Random(0), NAMES
    )


def test_one_message_for_who_writes_in_one() -> None:
    """Without bubbles the parts are one message of several lines, each ended."""
    style = Style(bubbles=False)
    expected = ("It's 40218.\nI wrote that before.",)
    assert expected == typed(
        ("It's 40218", "I wrote that before."), style, "mid", random.Random(0), NAMES
    )
