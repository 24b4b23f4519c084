"""What is somebody's own is taken out of texts; what belongs to the scenario stays."""

from __future__ import annotations

import pytest

from coachbot.coaching.masking import Masker

SCREEN = "Order RT40917 of Dana Whitcombe, tel. 0117 496 0012. Mail: dana@example.org"
MASKER = Masker(["Zoë Marsh", "Will"], others=["Bea Hope", "Dana Smith"], known=[SCREEN])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi Dana, Zoë here.", "Hi Dana, [name] here."),
        ("zoë will do that", "[name] will do that"),
        ("Will will do that. WILL!", "[name] will do that. [name]!"),
        ("Bea told me, and I hope so", "[name] told me, and I hope so"),
        ("be a dear, beach", "be a dear, beach"),
        ("Ms Smith of Marshfield", "Ms [name] of Marshfield"),
        (
            "write to zoe.m+x@mail.co.uk or dana@example.org",
            "write to [e-mail] or dana@example.org",
        ),
        ("find me as @zoe_helps", "find me as [name]"),
        ("order RT40917, not RT40918", "order RT40917, not [number]"),
        ("call +44 7700 900123 or 0117 496 0012", "call [number] or 0117 496 0012"),
        ("(0117) 496-0013.", "([number]."),
        ("card 4929 1234 5678 9012", "card [number]"),
        ("IBAN GB29 NWBK 6016 1331 9268 19 please", "IBAN [number] please"),
        ("£1,200.50 at 14:30 on 22/11/2026 or 2026-11-22", None),
        ("size 6, 11 left, 12345 steps, room 4.12", None),
        ("by 17:40, 2 for 1, 100 %, 24/7", None),
        ("", None),
    ],
)
def test_what_is_masked(text: str, expected: str | None) -> None:
    """Names told beforehand, addresses and long numbers; None: it stays as it is."""
    assert (text if expected is None else expected) == MASKER.mask(text)


def test_short_names_are_not_looked_for() -> None:
    """Jo is in too many words and sentences."""
    assert "Jo has an AI" == Masker(["Jo Ai"]).mask("Jo has an AI")
