"""How a customer types."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from coachbot.customer.style import typed
from coachbot.scenario.models import Band, Style

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


def test_small_letters_are_for_plain_words_only() -> None:
    """Names, days and capitals that mean something stay, known to the scenario or not."""
    style = Style(lower_case=True)
    text = "It's late. Kitt Street, on Saturday. My son's Leo. NOW! Will is out. I'm cross."
    expected = "it's late. Kitt Street, on Saturday. my son's Leo. NOW! Will is out. I'm cross."
    assert (expected,) == typed((text,), style, "mid", random.Random(0), NAMES)


def test_apostrophes_go_only_where_capitals_and_full_stops_have_gone() -> None:
    """Who doesn't bother leaves out the apostrophe of some words, never of a name or of "I"."""
    text = "That's what Dean's lad can't do and I'm tired"
    draws = [random.Random(seed) for seed in range(40)]
    hasty = Style(lower_case=True, full_stops=False)
    said = {typed((text,), hasty, "mid", draw, NAMES) for draw in draws}
    expected = {
        ("that's what Dean's lad can't do and I'm tired",),
        ("thats what Dean's lad cant do and I'm tired",),
    }
    assert expected == said
    careful = Style(lower_case=True)
    assert all("can't" in typed((text,), careful, "mid", draw, NAMES)[0] for draw in draws)


def test_only_thanks_and_greetings_are_exclaimed() -> None:
    """Now and then, by who chats in short messages, and not by who is furious."""
    bubbles = ("Good morning.", "Thanks, that helps.", "Thanks for nothing.")

    def said(style: Style, band: Band) -> set[str]:
        draws = [random.Random(seed) for seed in range(60)]
        return {message for draw in draws for message in typed(bubbles, style, band, draw, NAMES)}

    exclaimed = {"Good morning!", "Thanks, that helps!"}
    assert {*bubbles, *exclaimed} == said(Style(), "mid")
    assert set(bubbles) == said(Style(), "low")
    assert {"\n".join(bubbles)} == said(Style(bubbles=False), "mid")
