"""A question put back from the customer's side."""

from __future__ import annotations

import pytest

from coachbot.customer.asked_back import asked_back


@pytest.mark.parametrize(
    ("question", "back"),
    [
        ("Are you left-handed?", "Am I left-handed?"),
        ("Do you own a car", "Do I own a car?"),
        ("have u got a balcony", "Have I got a balcony?"),
        ("Is your broadband fast enough for video?", "Is my broadband fast enough for video?"),
        ("Does your dog bark at you?", "Does my dog bark at me?"),
        ("Were you born here, if I may ask?", "Was I born here?"),
        ("Are you colour-blind by any chance?", "Am I colour-blind?"),
        (
            "By the way, do you drive, or do you take the bus?",
            "Do I drive, or do I take the bus?",
        ),
        ("Have you visitors, or can we talk in peace?", "Have I visitors?"),
        (
            "Did you speak with them on the phone, or was it all done by letter?",
            "Did I speak with them on the phone?",
        ),
        ("What size do you take?", "What size do I take?"),
        ("How many rooms do you have?", "How many rooms do I have?"),
        ("Which floor are you on?", "Which floor am I on?"),
        ("So that I find it: which branch do you use?", "Which branch do I use?"),
        (
            "Do you have anything from us that you've signed?",
            "Do I have anything from you that I've signed?",
        ),
        (
            "Have you ever written to me when I was away?",
            "Have I ever written to you when you were away?",
        ),
        (
            "Has your name changed since we wrote to you?",
            "Has my name changed since you wrote to me?",
        ),
    ],
)
def test_turned_round(question: str, back: str) -> None:
    """Persons are exchanged, leads and tags are left off, and it asks."""
    assert asked_back(question) == back


@pytest.mark.parametrize(
    "question",
    [
        "Is it raining?",
        "Do you want me to ring them?",
        "Do you mind if I look it up?",
        "Are you sure?",
        "Are you still there?",
        "Would you like a refund?",
        "Can you send me the number?",
        "When did you notice it?",
        "Why do you ask?",
        "Who told the neighbours?",
        "Have you and I met before?",
        "Do you remember what it was?",
        "Do you have a minute, since the next thing is something that I would like to explain?",
        "Do you have the paper that the man who came round yesterday evening gave to you both?",
        "",
        "?",
    ],
)
def test_left_alone(question: str) -> None:
    """What asks for an answer, for leave or for a thing to be done, or isn't about them."""
    assert asked_back(question) is None
