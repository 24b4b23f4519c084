"""Turns of phrase: each is found where it is meant, and not in its neighbour."""

from __future__ import annotations

import time

import numpy as np
import pytest

from coachbot.scoring.cues import CUE_NAMES, cue_words, cues, has_cue
from coachbot.scoring.injection import injection_cues


@pytest.mark.parametrize(
    ("cue", "shows", "does_not"),
    [
        ("non_apology", "I'm sorry you feel that way.", "I'm sorry that we lost it."),
        ("blames", "You should have read the label.", "We should have told you."),
        ("orders_calm", "Please calm down.", "I'd want a calm evening too."),
        ("minimises", "It's only two days.", "We open at two."),
        (
            "negated_empathy",
            "I don't care how frustrating it is.",
            "It is frustrating, I see that.",
        ),
        ("ownership", "That was our mistake.", "That was your order."),
        ("validation", "No wonder you're fed up.", "I wonder where it is."),
        ("policy", "Per our policy there is no refund.", "You get the refund today."),
        ("stock_apology", "We apologise for any inconvenience.", "Sorry about the torn sleeve."),
        ("when", "It leaves tonight.", "It leaves the depot."),
        ("canned", "Your call is important to us, rest assured.", "Your cot is in Leeds."),
    ],
)
def test_cue_and_its_neighbour(cue: str, shows: str, does_not: str) -> None:
    """A cue is in its sentence and not in one that only looks like it."""
    assert (True, False) == (has_cue(shows, cue), has_cue(does_not, cue))


def test_typographic_apostrophes_count_like_plain_ones() -> None:
    """Phones type ’ and the cue is still there, quoted as written."""
    assert cue_words("I’m so sorry, I’ve asked them.", "commitment") == "I’ve asked"


def test_words_are_quoted_whole() -> None:
    """A cue that is found by the stem of a word is quoted with all of that word."""
    found = cue_words("I'm sorry for the inconvenience.", "stock_apology")
    assert "sorry for the inconvenience" == found


def test_saying_it_twice_counts_once() -> None:
    """Cues are present or absent."""
    once, twice = cues("Sorry."), cues("Sorry. Sorry. Sorry.")
    assert np.array_equal(once, twice)
    assert set(np.unique(once)) <= {0.0, 1.0}
    assert once.shape == (len(CUE_NAMES),)


@pytest.mark.parametrize("text", ["a" * 10_000, "you " * 2_500, " " * 10_000, "sorry if " * 1_200])
def test_long_texts_are_read_quickly(text: str) -> None:
    """Ten thousand characters take well under two seconds whatever they are."""
    started = time.perf_counter()
    cues(text)
    injection_cues(text)
    assert time.perf_counter() - started < 2.0
