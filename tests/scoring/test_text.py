"""Sentences and clauses of chat messages."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbot.scoring.text import Span, clauses, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi Dana. I've sent it! ok?", ["Hi Dana.", "I've sent it!", "ok?"]),
        (
            "I've put £12.50 back on your card. Sorry.",
            ["I've put £12.50 back on your card.", "Sorry."],
        ),
        ("Dr. Shah rang at 3 p.m. and left a note.", ["Dr. Shah rang at 3 p.m. and left a note."]),
        ("Quote ref. 12 please. No. 7 is yours.", ["Quote ref. 12 please.", "No. 7 is yours."]),
        ("so sorry 😔 I'll check now 😊", ["so sorry 😔", "I'll check now 😊"]),
        ("two things:\n- the refund\n- the form", ["two things:", "the refund", "the form"]),
        ("1. Open the app\n2) Tap pay", ["Open the app", "Tap pay"]),
        ("hmm... not sure yet", ["hmm... not sure yet"]),
        ("Sorry about that.I will look", ["Sorry about that.", "I will look"]),
        ("really?ok", ["really?", "ok"]),
        (
            "See www.shop.example/a?b=c. Then ring me.",
            ["See www.shop.example/a?b=c.", "Then ring me."],
        ),
        ("ok cool thats fine", ["ok cool thats fine"]),
        ("Plan B. I will ask J. Smith.", ["Plan B.", "I will ask J. Smith."]),
        ("She said “no.” Then she left.", ["She said “no.”", "Then she left."]),
        ("", []),
        (" \n\t ", []),
        ("😀", ["😀"]),
    ],
)
def test_sentences_of_chat_style(text: str, expected: list[str]) -> None:
    """Sentences end where a reader would say so, with or without punctuation."""
    assert expected == [s.text for s in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I can't refund you but I'll send a new one, and I'll ring you tomorrow — is that ok?",
            [
                "I can't refund you",
                "but I'll send a new one",
                "and I'll ring you tomorrow",
                "is that ok?",
            ],
        ),
        ("If you send it back, I'll refund you.", ["If you send it back, I'll refund you."]),
        (
            "sorry about that let me check what's your order number",
            ["sorry about that", "let me check", "what's your order number"],
        ),
        ("We'll look; you'll hear today.", ["We'll look", "you'll hear today."]),
        ("Thanks, can you send the photo?", ["Thanks", "can you send the photo?"]),
        ("I'll do what I can do for you today", ["I'll do what I can do for you today"]),
    ],
)
def test_clauses_carry_one_act_each(text: str, expected: list[str]) -> None:
    """A clause ends before a new act, and a condition stays with what depends on it."""
    assert expected == [c.text for c in clauses(text)]


@given(st.text(alphabet=st.characters(), max_size=300))
def test_spans_are_exact_ordered_and_lose_no_word(text: str) -> None:
    """Spans point at their own text, never overlap, and keep every letter."""
    for found in (sentences(text), clauses(text)):
        assert [s.text for s in found] == [text[s.start : s.end] for s in found]
        assert all(a.end <= b.start for a, b in pairwise(found))
    letters = sum(c.isalpha() for c in text)
    kept = sum(c.isalpha() for s in sentences(text) for c in s.text)
    # A single letter in front of a bracket is read as the mark of a list item.
    assert kept >= letters - text.count(")") - text.count(".")


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "a. " * 3_400, " " * 10_000 + "x", "😀" * 10_000, "a," * 5_000]
)
def test_a_very_long_message_is_split_quickly(text: str) -> None:
    """Ten thousand characters take well under two seconds whatever they are."""
    started = time.perf_counter()
    clauses(text)
    assert time.perf_counter() - started < 2.0


def test_span_is_a_plain_value() -> None:
    """Two spans with the same place and text are equal."""
    assert Span(0, 2, "ok") == sentences("ok")[0]
