"""Promises: what binds, what is left hanging, and by when."""

from __future__ import annotations

import pytest

from coachbot.customer.promises import (
    amount_of,
    amounts_of,
    name_of,
    on_other_days,
    promises_in,
    when_of,
)
from coachbot.scoring.text import clauses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'll call you by 4 pm today", "by 4 pm today"),
        ("You'll have it tomorrow morning", "tomorrow morning"),
        ("It gets there on friday", "on Friday"),
        ("within the next two hours I'll know", "within the next two hours"),
        ("I'll be in touch soon", None),
        ("It costs 12.50", None),
    ],
)
def test_time_is_taken_as_it_was_typed(text: str, expected: str | None) -> None:
    """The hire's own date can be quoted back to them."""
    assert expected == when_of(text)


@pytest.mark.parametrize(
    ("text", "binding", "when"),
    [
        ("I'll call you back by 4 pm.", "concrete", "by 4 pm"),
        ("I'll look into it.", "vague", None),
        ("We will get back to you as soon as possible.", "vague", None),
        ("Let me check that for you.", "checking", None),
        ("One moment please", "checking", None),
    ],
)
def test_a_promise_binds_or_does_not(text: str, binding: str, when: str | None) -> None:
    """A what and a when make a promise; "as soon as possible" makes none."""
    found = promises_in(clauses(text))
    assert [(binding, when)] == [(p.binding, p.when) for p in found]


@pytest.mark.parametrize("text", ["I can't call you back.", "Will you call us by 4 pm?", "Thanks!"])
def test_what_is_no_promise(text: str) -> None:
    """Refusals, questions and thanks promise nothing."""
    assert [] == promises_in(clauses(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi Dean, I'm Tom. What happened?", "Tom"),
        ("My name is Aisha and I'll look after this", "Aisha"),
        ("this is Priya from the night desk", "Priya"),
        ("I'm Sorry about that", None),
        ("I'm glad you wrote", None),
    ],
)
def test_the_hires_name(text: str, expected: str | None) -> None:
    """A name is taken from an introduction and from nothing else."""
    assert expected == name_of(text)


def test_amount() -> None:
    """The first amount stays as it was typed."""
    assert "£12.50" == amount_of("I'll pay back £12.50 and 3 pounds")
    assert amount_of("order 12345") is None


def test_all_amounts() -> None:
    """Amounts are compared as numbers, however they were typed."""
    assert frozenset({"1250", "12.50", "3"}) == amounts_of("£1,250.00, then £12.50 and 3 pounds")


@pytest.mark.parametrize(
    ("text", "example", "expected"),
    [
        ("It arrives Friday.", "We'll deliver it on Saturday morning.", True),
        ("You have it on Saturday.", "The driver can come at the weekend.", False),
        ("I can bring it tonight.", "I can get it to you today.", False),
        ("I can bring it round.", "I can get it to you today.", False),
        ("It comes tomorrow, not today.", "I can get it to you today.", False),
    ],
)
def test_other_days(text: str, example: str, expected: bool) -> None:
    """Who says Friday has not promised Saturday."""
    assert expected is on_other_days(text, example)
