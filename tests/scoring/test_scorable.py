"""Whether there is anything to score."""

from __future__ import annotations

import pytest

from coachbot.scoring.scorable import why_not


class Everything:
    """An identifier for which every text is English."""

    def is_english(self, text: str) -> bool:
        """Say yes."""
        return bool(text) or True


class Nothing:
    """An identifier for which no text is English."""

    def is_english(self, text: str) -> bool:
        """Say no."""
        return not text and False


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "too_short"),
        (" \n ", "too_short"),
        ("ok", "too_short"),
        ("hi!", "too_short"),
        ("😀😀", "not_text"),
        ("https://help.example/refunds?id=3", "not_text"),
        ("12345 / 99", "not_text"),
        ("...", "not_text"),
        ("sdfkjh wqrtz xcvbnm", "not_text"),
        ("Done.", None),
        ("ok thanks", None),
        ("Sorry!", None),
        ("No, sorry.", None),
        ("pls ring the NHS", None),
    ],
)
def test_reasons(reply: str, reason: str | None) -> None:
    """What can't be scored says why, and short replies that say something can be."""
    assert why_not(reply, None, Everything()) == reason


def test_another_language_is_unscored() -> None:
    """Whether found or said."""
    assert why_not("Va bene così", None, Nothing()) == "language"
    assert why_not("Well then", "it", Everything()) == "language"
    assert why_not("Well then", "en-GB", Everything()) is None
