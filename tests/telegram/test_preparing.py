"""The bot answers before its customers have read their files; each is prepared by itself."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import NoRepository
from coachbot.scoring.protocol import Array
from coachbot.session.models import Session
from tests.telegram.made import SCENARIOS
from tests.telegram.process import Process
from tests.telegram.quick_bot import QuickEncoder, quick_scorer

PATIENT = 60


class HeldEncoder(QuickEncoder):
    """Counts what it is asked, and waits at a text with certain words in it."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.calls = 0
        self.there = threading.Event()
        self.go_on = threading.Event()

    def encode(self, texts: Sequence[str]) -> Array:
        """As the encoder has it."""
        self.calls += 1
        if any(self.words in text for text in texts):
            self.there.set()
            assert self.go_on.wait(PATIENT), "it was never let go"
        return super().encode(texts)


@pytest.fixture
def encoder() -> HeldEncoder:
    """Waits at what only the customer of the late parcel is asked."""
    return HeldEncoder(SCENARIOS.scenario("late-parcel").scenario.facts[0].about)


@pytest.fixture
def practice(encoder: HeldEncoder) -> Practice:
    """As the bot has it: nobody is prepared before they are needed."""
    made = Practice(encoder=encoder, scorer=quick_scorer())
    made.prepared_at_once = False
    return made


def began(practice: Practice, scenario: str) -> Session:
    """A session whose customer has said the first words."""
    coach = practice.coach(NoRepository())
    return coach.begin(coach.start(scenario, person="ann", seed=1))


def test_the_first_words_wait_for_nothing(practice: Practice, encoder: HeldEncoder) -> None:
    """A customer opens a conversation without having read the file, and reads it once."""
    assert began(practice, "frozen-card").opening
    assert 0 == encoder.calls
    customer = practice.customer("frozen-card")
    customer.prepare()
    customer.prepare()
    assert customer is practice.customer("frozen-card")
    assert 1 == encoder.calls


def test_nobody_waits_for_another_customer(practice: Practice, encoder: HeldEncoder) -> None:
    """While one is being prepared, another one is made, prepared and answers."""
    slow = threading.Thread(target=practice.customer("late-parcel").prepare)
    slow.start()
    try:
        assert encoder.there.wait(PATIENT), "it was never asked"
        session = began(practice, "frozen-card")
        answered = practice.coach(NoRepository()).reply(session, "I'm so sorry. What happened?")
        assert 1 == len(answered.session.turns)
        assert began(practice, "late-parcel").opening
        assert slow.is_alive()
    finally:
        encoder.go_on.set()
        slow.join(PATIENT)


def test_customers_are_prepared_after_the_start(process: Process) -> None:
    """All that anybody can begin is prepared once the bot runs, not before."""
    process.until(lambda: process.logged("prepared"), PATIENT, "prepared its customers")
    names = [event["event"] for event in process.events]
    assert names.index("running") < names.index("prepared")
    assert [] == process.logged("not_prepared")
