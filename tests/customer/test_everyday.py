"""Which everyday question a question is."""

from __future__ import annotations

import numpy as np
import pytest

from coachbot.bootstrap import Practice
from coachbot.customer.everyday import EverydayQuestions, everyday_questions
from coachbot.customer.reading import Reading, read


def unit(*numbers: float) -> np.ndarray:
    """A vector of length 1."""
    vector = np.array(numbers, dtype=np.float32)
    return vector / np.linalg.norm(vector)


@pytest.fixture(scope="module")
def questions() -> EverydayQuestions:
    """Two questions of two phrases each, and one that nobody wrote phrases for."""
    vectors = {"a": unit(1, 0, 0), "b": unit(1, 0.2, 0), "c": unit(0, 1, 0), "d": unit(0, 1, 0.2)}
    return everyday_questions({"first": ["a", "b"], "second": ["c", "d"], "third": []}, vectors)


def test_the_nearer_question_wins(questions: EverydayQuestions) -> None:
    """The likelier question is named, the surer the further it is ahead of the other."""
    clear, doubtful = questions.guesses(["", ""], np.stack([unit(1, 0.1, 0), unit(1, 0.95, 0)]))
    assert ("first", "first") == (clear.id, doubtful.id)
    assert clear.probability > 0.9 > doubtful.probability
    assert clear.nearest == pytest.approx(0.995, abs=0.01)


def test_one_phrase_is_enough() -> None:
    """A question with a single phrase is not held back by the second that it lacks."""
    vectors = {"a": unit(1, 0, 0), "c": unit(0, 1, 0), "d": unit(0, 1, 0.2)}
    found = everyday_questions({"first": ["a"], "second": ["c", "d"]}, vectors)
    assert ["first"] == [guess.id for guess in found.guesses([""], unit(1, 0.3, 0)[None])]


def test_nothing_to_compare_with() -> None:
    """Without any phrases no question is an everyday one."""
    (guess,) = everyday_questions({"first": []}, {}).guesses([""], unit(1, 0, 0)[None])
    assert 0.0 == guess.probability


def understood(practice: Practice, scenario: str, text: str) -> Reading:
    """What the customer understands of a reply."""
    customer = practice.customer(scenario)
    return read(text, customer.scenario, customer.cast.banks, customer.cast.encoder)


@pytest.mark.parametrize(
    ("scenario", "question", "expected"),
    [
        # It stands in no file, typing slips or not.
        ("sofa-bed", "Which email adress do you think we have on file for you?", "email-on-file"),
        ("sofa-bed", "Have you contcated us before about this isue?", "contacted-before"),
        ("sofa-bed", "What were you expecting to happen instead?", "what-expected"),
        ("sofa-bed", "Do you hapen to have a refrence number handy?", "reference-number"),
        # Neither a purpose nor an apology beside it is what it asks.
        (
            "late-parcel",
            "Do you have a pen handy so you can write down your reference number?",
            "got-a-pen",
        ),
        (
            "late-parcel",
            "I'm really sorry, is there anything more I can do to make this right?",
            "what-outcome",
        ),
        # Whoever asks what to do offers nothing.
        ("late-parcel", "Is there anything I can do right now that would help?", "what-outcome"),
    ],
)
def test_everyday_questions_are_recognised(
    practice: Practice, scenario: str, question: str, expected: str
) -> None:
    """A question is taken for what it asks."""
    (asked,) = understood(practice, scenario, question).asked
    assert ("everyday", (expected,)) == (asked.kind, asked.targets)


def test_going_to_look_does_nothing_yet(practice: Practice) -> None:
    """Neither what will be checked, nor what lies in stock, is done for the customer."""
    for scenario, words in (
        ("new-laptop", "Let me check the folder first."),
        ("new-laptop", "I'll have a look at the codes in a moment."),
        ("late-parcel", "We have four of them in the warehouse."),
    ):
        assert () == understood(practice, scenario, words).acts, words


def test_how_things_look_does_nothing_yet(practice: Practice) -> None:
    """Nobody is sent round by "round the houses"; asking whether it is so is one question."""
    said = "Sounds like you've been sent round the houses a bit, is that fair?"
    found = understood(practice, "one-word", said)
    assert () == found.acts
    assert ["unknown"] == [asked.kind for asked in found.asked]


def test_what_nobody_foresaw_is_no_everyday_question(practice: Practice) -> None:
    """A question that is far from all of them is not guessed at."""
    (asked,) = understood(practice, "wedding-room", "Would the moon be made of blue glass?").asked
    assert "unknown" == asked.kind
