"""What sets a customer off, and what only sounds like it."""

from __future__ import annotations

import pytest

from coachbot.bootstrap import Practice
from coachbot.customer.reading import Reading, read


def understood(practice: Practice, scenario: str, text: str) -> Reading:
    """What the customer of the scenario takes from a reply."""
    customer = practice.customer(scenario)
    return read(text, customer.scenario, customer.cast.banks, customer.cast.encoder)


@pytest.mark.parametrize(
    ("scenario", "text", "button"),
    [
        ("missed-connection", "You might have thought of an earlier train.", "earlier-train"),
        ("charged-twice", "Refunds need three to five working days.", "working-days"),
        ("cancelling", "Please ring our hotline about that.", "telephone-us"),
    ],
)
def test_sets_them_off(practice: Practice, scenario: str, text: str, button: str) -> None:
    """In other words than the file's."""
    assert [button] == [match.id for match in understood(practice, scenario, text).buttons]


@pytest.mark.parametrize(
    ("scenario", "text"),
    [
        (
            "missed-connection",
            "Our train brought you in after our boat had gone, and you only had a machine since.",
        ),
        ("cancelling", "Could you let me have your contract number, please?"),
        (
            "deleted-project",
            "Are you the account holder, or are you contacting us for someone else?",
        ),
        ("manual-text", "Just so we're on the same page, when does it print?"),
    ],
)
def test_an_apology_or_a_question_sets_nobody_off(
    practice: Practice, scenario: str, text: str
) -> None:
    """It may come near the words of a reproach all the same."""
    assert not understood(practice, scenario, text).buttons


def test_a_question_does_no_act(practice: Practice) -> None:
    """Asked what happens if she is not on a boat tonight, nobody thanks for one."""
    text = (
        "I'm not surprised you're furious. What happens over there if you're not on a boat tonight?"
    )
    assert not understood(practice, "missed-connection", text).acts


@pytest.mark.parametrize(
    ("text", "calms"),
    [
        ("You need to calm down first.", True),
        ("I have no idea how you stayed calm with that date getting closer.", False),
        ("Nine nights of that would try a milder temper than yours.", False),
        ("You've been so patient. Now be reasonable.", True),
    ],
)
def test_praise_for_their_calm_is_no_order(practice: Practice, text: str, calms: bool) -> None:
    """Only an order has the words of one."""
    assert calms is understood(practice, "sign-off", text).calms


@pytest.mark.parametrize(
    ("scenario", "text", "comes_back"),
    [
        ("flooded-kitchen", "Have you thought of staying somewhere else for now?", True),
        ("flooded-kitchen", "Are you thinking of leaving us?", False),
        ("late-parcel", "Have you checked the tracking link?", True),
        ("late-parcel", "Have you looked at the help page on our website?", False),
    ],
)
def test_a_question_that_anybody_asks_is_not_taken_for_another(
    practice: Practice, scenario: str, text: str, comes_back: bool
) -> None:
    """What the file has a reply to may be near; what is asked is nearer to something else."""
    assert comes_back is bool(understood(practice, scenario, text).comebacks)
