"""What a clause does with what it is about."""

from __future__ import annotations

import pytest

from coachbot.customer.stance import (
    denies,
    is_question,
    lets_choose,
    plain,
    stance,
    without_politeness,
)

REFUSALS = [
    "I can't refund you",
    "I cannot do that for you",
    "Unfortunately we are unable to refund the fee",
    "I'm afraid we don't offer that",
    "I'm not able to send another one",
    "that isn't possible",
    "There is no way to bring it forward",
    "there's nothing I can do about it",
    "our policy does not allow exceptions",
    "we wont be able to refund that",
    "No refunds on sale items",
    "I'd love to help but I can't",
    "It's too late to change the address",
]

COMMITMENTS = [
    "I'll refund you today",
    "I've refunded the fee",
    "Your refund has been processed",
    "I'm sending a new one tonight",
    "It's on its way to you",
    "Don't worry, I've put it right",
    "I can't imagine how hard this was, so I've stopped the letters",
    "You don't need to do anything, it's cancelled",
    "I won't rest until it's with you",
    "You won't be charged a second time",
    "Would you like me to refund you?",
    "Not to worry, I've booked it",
]


@pytest.mark.parametrize("clause", REFUSALS)
def test_a_refusal_is_a_refusal(clause: str) -> None:
    """Saying that something can't be done is never taken for doing it."""
    assert "refuse" == stance(clause)


@pytest.mark.parametrize("clause", COMMITMENTS)
def test_a_commitment_is_open(clause: str) -> None:
    """Negative words that negate nothing that matters don't make a refusal of a commitment."""
    assert stance(clause) in {"done", "promise", "offer", "inform"}


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("I wish I could send it today", "hypothetical"),
        ("I would have refunded you", "hypothetical"),
        ("You'll need to contact the seller", "direct"),
        ("Please call your bank", "direct"),
        ("Have you been refunded?", "ask"),
        ("could you give me the order number", "ask"),
        ("Shall I send it to the office?", "offer"),
        ("I could send a courier this afternoon", "offer"),
        ("It hasn't been refunded", "undone"),
        ("No letter has been sent to them", "undone"),
        ("I won't change a word of it", "vow"),
        ("It won't go to an agency", "negated"),
        ("You sent me that in March", "report"),
        ("I can give you a new line, but with another number", "hypothetical"),
        ("I'll do my best to find out", "hypothetical"),
        ("Your parcel is in Leeds", "inform"),
        ("Ok, let me check the folder first.", "check"),
        ("I'll have a quick look at the codes in a moment", "check"),
        ("we're looking into it", "check"),
        ("I'll check it and send you a new one", "promise"),
        ("I'll see to the monitor tomorrow", "promise"),
        ("I've checked it", "done"),
    ],
)
def test_other_stances(clause: str, expected: str) -> None:
    """Wishes, orders, questions, offers and facts are told apart."""
    assert expected == stance(clause)


def test_only_a_no_to_the_customer_denies() -> None:
    """A parcel that won't make it is bad news, not a refusal."""
    assert denies("I can't do that for you")
    assert not denies("it's stuck in Leeds and won't make it by Saturday")


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        (
            "Can I ask what you've got planned for Saturday?",
            "what you've got planned for Saturday?",
        ),
        ("Do you mind me asking who it's for?", "who it's for?"),
        ("Could you please tell me your order number?", "your order number?"),
        ("Can I have your name?", "Can I have your name?"),
    ],
)
def test_politeness_hides_no_question(question: str, bare: str) -> None:
    """What a question is about is read without the politeness in front of it."""
    assert bare == without_politeness(question)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Order number?", True),
        ("what happened then", True),
        ("I'll need your postcode", True),
        ("tell me more about it", True),
        ("did anything change on your end", True),
        ("would a workaround do for now", True),
        ("want me to walk you through it", True),
        ("how annoyed are you with us, out of ten", True),
        ("email, text or phone, which suits you best", True),
        ("ok to close the chat now", True),
        ("any plans for the weekend", True),
        ("got a screenshot you can send me", True),
        ("any strange wording you saw", True),
        ("any time that suits you", False),
        ("roughly how long have you been with us", True),
        ("sorry just to be clear, what is it you want us to do", True),
        ("so that I can find you: which browser are you using", True),
        ("mornings or afternoons for you", True),
        ("who first saw it", True),
        ("What I can tell you is that it's here", False),
        ("check booked for five, have your passport with you", False),
        ("who pays the bills in your household", True),
        ("who knows if that helps", False),
        ("Got a slot for you tomorrow", False),
        ("any driver will take that letter", False),
        ("ok to be clear, I'll refund it", False),
        ("I'll send it today, which would be with you tomorrow", False),
        ("I'll ring at five, when you are home", False),
        ("I've looked it up.", False),
        ("Thanks", False),
    ],
)
def test_questions_are_found_without_question_marks(text: str, expected: bool) -> None:
    """People ask without question marks, and in the form of a request."""
    assert expected is is_question(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Would you rather have it mended or sent back?", True),
        ("Does a morning suit you better than an afternoon?", True),
        ("Which of the two would you prefer?", True),
        ("Did he call, or did he write?", False),
        ("Is it your break, or are you at your desk?", False),
        ("Would you like me to send it?", False),
    ],
)
def test_being_let_choose(text: str, expected: bool) -> None:
    """A choice between two is put differently from an offer of one."""
    assert expected is lets_choose(plain(text))
