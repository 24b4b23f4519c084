"""The sentences on the matter that every debrief has, whatever shows it."""

from __future__ import annotations

from coachbot.reporting.debrief import Item
from coachbot.reporting.wording import over_promised


def promised(rule: str, turn: int, quote: str) -> Item:
    """A promise of what may not be offered."""
    return Item(id=rule, text=f"Offering {rule}", turn=turn, quote=quote)


def test_what_was_promised_again_is_quoted_once() -> None:
    """Where it was first; the other replies are named, however many there are."""
    items = (
        promised("money", 1, "Have fifty."),
        promised("a gift", 2, "Keep both."),
        promised("money", 3, "Sixty, then."),
        promised("money", 3, "Seventy!"),
        promised("money", 5, "Fifty it is."),
    )
    first, second = over_promised(items, of_others=False)
    assert "(reply 1): “Have fifty”. Not allowed: offering money. Promised again in" in first
    assert first.endswith(" in replies 3 and 5.")
    assert second == "More than you may offer (reply 2): “Keep both”. Not allowed: offering a gift."


def test_one_sentence_that_breaks_two_rules_is_quoted_once() -> None:
    """With both rules behind it."""
    items = (promised("money", 4, "Fifty and both."), promised("a gift", 4, "Fifty and both."))
    (told,) = over_promised(items, of_others=True)
    assert told.endswith("Not allowed: offering money; offering a gift.")
    assert told.startswith("More than may be offered (reply 4)")
