"""Typing slips, mended before a reply is understood."""

from __future__ import annotations

import pytest

from coachbot.customer.spelling import mended, vocabulary

KNOWN = vocabulary(
    ["Have you contacted us before about this?", "Which day suits you?", "Is the fibre broken?"]
)


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("Have you contcated us before?", "Have you contacted us before?"),
        ("have yuo cotnacted us befroe", "have you contacted us before"),
        ("Wihch day, then?", "which day, then?"),
        ("is the fiber brokn?", "is the fiber broken?"),
    ],
)
def test_slips(written: str, understood: str) -> None:
    """One letter too many, too few, other or swapped is put right."""
    assert understood == mended(written, KNOWN)


@pytest.mark.parametrize(
    "written",
    [
        "Have you contacted us?",
        "Is that Mr Contcated?",
        "my day, by the sea, is grey",
        "xqzzv 4471 CB-4",
        "",
    ],
)
def test_no_slips(written: str) -> None:
    """English words, names, numbers and what is near nothing stay as they are."""
    assert written == mended(written, KNOWN)


def test_only_known_words_come_of_it() -> None:
    """A word that is near English, yet near nothing known here, stays."""
    assert "recieve" == mended("recieve", KNOWN)
    assert "receive" == mended("recieve", vocabulary(["Did you receive it?"]))
