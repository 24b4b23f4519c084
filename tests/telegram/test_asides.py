"""Questions for the program are told from what is meant for a customer; the rest is the customer's.

What a hire might say is taken from the scenarios themselves: none of it may be kept from a
customer.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coachbot.library import Library
from coachbot.telegram.asides import (
    LONGEST_QUESTION,
    Topic,
    asked_of_the_program,
    asks_people_or_data,
)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("who will be able to read this conversation? can I take back a message?",
         ("readers", "taking_back")),
        ("Who reads this?  Who reads this chat?", ()),
        ("Who can see my scores?", ("readers",)),
        ("who sees this chat", ("readers",)),
        ("Hi, quick question: who else can read our conversation afterwards?", ("readers",)),
        ("Who can read what I write here?", ("readers",)),
        ("Who’s reading this conversation?", ()),
        ("Who is reading this conversation?", ("readers",)),
        ("Will my supervisor be able to see this conversation?", ("readers",)),
        ("Does my manager see my scores and my replies?", ("readers",)),
        ("Can anybody else read my messages?", ("readers",)),
        ("Can I delete my last message?", ("taking_back",)),
        ("How do I undo a message I sent?", ("taking_back",)),
        ("Is it possible to take my last reply back?", ("taking_back",)),
        ("wait, how do i stop", ("stopping",)),
        ("How do I end this conversation?", ("stopping",)),
        ("How can I pause?", ("stopping",)),
        ("Can I stop here and come back later?", ("stopping",)),
        ("can you save this chat for later?", ("stopping",)),
        ("Is this conversation being recorded?", ("recording",)),
        ("Is this being graded?", ("recording",)),
        ("Are my replies being scored?", ("recording",)),
        ("Am I being graded here?", ("recording",)),
        ("How long do you keep my messages?", ("recording",)),
        ("How do I delete my data?", ("deleting",)),
        ("Who can see this conversation and how do I stop?", ("readers", "stopping")),
    ],
)  # fmt: skip
def test_questions_for_the_program(text: str, topics: tuple[Topic, ...]) -> None:
    """Each is recognised with its openings and endings; one that isn't sure is left alone."""
    assert topics == asked_of_the_program(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who can see this on your account?",
        "Who can see this?",
        "Who can read the letters?",
        "Who sees these results?",
        "Who else can see the board, Gwen?",
        "How do I stop the letters?",
        "Can you save this for me?",
        "How do I stop this?",
        "How can I end this for you?",
        "How do I cancel this order?",
        "Can I stop you there for a moment?",
        "Can I take that back?",
        "Can I take back what I said? That was unfair of me.",
        "Can I correct my last message? It's Friday, not Saturday.",
        "Can I delete this message from your inbox?",
        "Can I delete the board?",
        "Can I leave a message for your manager?",
        "Can I pause your payments?",
        "Is this being recorded on the meter?",
        "Is the temperature being recorded?",
        "Is this call recorded?",
        "I'm so sorry, Dean. Who can read this conversation?",
        "Who can read this conversation? Your bank can't, I promise.",
        "Does your manager see this chat?",
        "Can your son see your messages?",
        "Will my supervisor be able to see this invoice?",
        "My supervisor will read this conversation.",
        "This conversation is recorded.",
        "How do I delete my account? Is that what you asked?",
        "",
        "?",
        "Hi.",
    ],
)
def test_what_is_for_the_customer(text: str) -> None:
    """Whatever could be said to a customer goes to the customer, a mixed message included."""
    assert () == asked_of_the_program(text)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def test_nothing_in_the_scenarios_is_swallowed(files: Library) -> None:
    """No text of any scenario, by hire or by customer, is taken for a question to the program."""
    scenarios = [loaded.scenario.model_dump(mode="json") for loaded in files.scenarios()]
    texts = set(_texts(scenarios))
    assert len(texts) > 5000
    assert [] == sorted(text for text in texts if asked_of_the_program(text))


def test_long_messages_are_replies() -> None:
    """However often the program is asked something, what is long is the customer's."""
    one = "Who can read this conversation? "
    assert ("readers",) == asked_of_the_program(one * (LONGEST_QUESTION // len(one)))
    assert () == asked_of_the_program(one * (LONGEST_QUESTION // len(one) + 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Can somebody help?", True),
        ("who sees this", True),
        ("please delete my stuff", True),
        ("I want to talk to my supervisor", True),
        ("privacy", True),
        ("good morning", False),
        ("I'm sorry about the train.", False),
    ],
)
def test_questions_outside_a_conversation(text: str, expected: bool) -> None:
    """A question mark or a word about data or people is enough to name who can answer."""
    assert expected == asks_people_or_data(text)
