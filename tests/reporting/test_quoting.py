"""Words of a reply are quoted so that nobody takes a part for the whole."""

from __future__ import annotations

import pytest

from coachbot.reporting.quoting import as_said

REPLY = "Sorry, Dean. I'll ring the depot, and then I'll write to you. Is that all right?"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Sorry, Dean.", "Sorry, Dean."),
        ("Sorry, Dean", "Sorry, Dean"),
        ("I'll ring the depot,", "I'll ring the depot …"),
        ("and then I'll write to you", "… and then I'll write to you"),
        ("the depot", "… the depot …"),
        ("Sorry, Dean. I'll ring the depot", "Sorry, Dean. I'll ring the depot …"),
        (REPLY, REPLY),
        ("words of nobody", "words of nobody"),
        ("", ""),
    ],
)
def test_dots_stand_where_a_sentence_is_cut(words: str, expected: str) -> None:
    """A part of a sentence has dots on the side where more of it stood, a whole one has none."""
    assert expected == as_said(words, REPLY)


def test_after_a_colon_something_new_begins() -> None:
    """Dots in front would only disturb there."""
    reply = "I'm not waiting for Leeds: I have the same train here."
    assert "I have the same train here." == as_said("I have the same train here.", reply)
