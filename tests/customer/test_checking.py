"""The check on a language model's words: what a customer would write passes, nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbot.bootstrap import Practice
from coachbot.customer.checking import (
    Ground,
    check,
    ground_for,
    slip,
    still_thinking,
    tidied,
)
from coachbot.customer.engine import Customer
from coachbot.customer.lines import Chosen
from coachbot.customer.mentions import numbers, supported
from coachbot.customer.plan import Move, MoveKind
from coachbot.customer.refusals import REASONS, SAYS, Reason, Refusal
from coachbot.customer.sides import changed_sides, doings, stranger
from coachbot.customer.slips import broken_off
from coachbot.customer.state import CustomerState
from coachbot.models.language import EnglishOrNot
from coachbot.scenario.models import Outcome
from coachbot.scoring.interface import Turn as Message
from tests.scoring.made import English

OPENING = (
    "Right. Wooden train, ordered two weeks ago, meant to be here last Friday\n"
    "Tuesday one of you told me give it 24 hours. It's Thursday. It hasn't moved since Monday\n"
    "My lad is six on Saturday. Where is it?"
)
HIRE = "I'm sorry it never came, Dean. What is your order number, and where can we deliver it?"
Line = tuple[str, MoveKind, tuple[str, ...]]
"""Source and kind of a move, and the authored words for it."""

NUMBER: Line = ("fact:order-number", "answer", ("It's 40218, I know it by heart by now",))
PLACE: Line = (
    "fact:place",
    "answer",
    ("The depot. Kitt Street, Rochdale, put it to the office and Maureen will sign for it",),
)
HOURS: Line = (
    "fact:hours",
    "answer",
    ("I'm out the door at half four. Nobody's at the flat till two",),
)
PRESS: Line = ("act-press:second-train", "push", ("You're a toy shop. You must have another one",))
HOW: Line = (
    "act-press:second-train",
    "push",
    ("So how does one lose a train in a depot? I'm asking as a bus driver",),
)
DONE: Line = ("act-thanks:second-train", "react", ("Right. That's more like it",))
SPARE: Line = ("cause:stock_empathy", "react", ("Don't be sorry. DO something.",))
NEED: Line = (
    "need:last-year",
    "reveal",
    ("Last year I was on a late. I got there and he was asleep with his party hat on",),
)
LEFT: Line = ("ending:left", "close", ("Forget it. My break's over and you've told me nothing.",))
SETTLED: Line = (
    "ending:resolved",
    "close",
    ("That's me sorted then. I'd better get back to my bus",),
)


@dataclass(frozen=True)
class Case:
    """What is decided, the mood, and how it ended if it did."""

    lines: Sequence[Line]
    mood: float = 28.0
    outcome: Outcome | None = None
    told: tuple[str, ...] = ("present", "birthday", "told-before")


@pytest.fixture(scope="module")
def dean(practice: Practice) -> Customer:
    """The angry father."""
    return practice.customer("late-parcel")


def ground(customer: Customer, case: Case) -> Ground:
    """What a message is held against after the opening and one reply."""
    state = CustomerState.start(customer.scenario).model_copy(
        update={"mood": case.mood, "outcome": case.outcome, "facts_told": case.told}
    )
    chosen = [Chosen(Move(kind=k, source=s), say, s, ()) for s, k, say in case.lines]
    history = (Message(speaker="customer", text=OPENING), Message(speaker="agent", text=HIRE))
    return ground_for(customer.cast, state, chosen, history)


def verdict(customer: Customer, case: Case, text: str) -> Reason | None:
    """Why it is refused; None if it passes."""
    found = check(text, ground(customer, case), customer.cast.encoder.encode, EnglishOrNot())
    return found.reason if isinstance(found, Refusal) else None


PASSES = [
    (Case([NUMBER]), "40218. I know it by heart."),
    (Case([NUMBER]), "It's 40218, I could say it in my sleep by now"),
    (Case([NUMBER]), "40218, and I know that by heart"),
    (Case([NUMBER]), 'Dean (furious): "It\'s 40218, know it by heart now"'),
    (Case([NUMBER]), "<think>He wants the number.</think>It's 40218, I know it by heart"),
    (Case([PLACE]), "Kitt Street depot in Rochdale, to the office. Maureen will sign for it"),
    (Case([PLACE]), "Put it to the office at the depot, Kitt Street, Rochdale. Maureen signs"),
    (Case([HOURS]), "I'm out at half four and there's nobody at the flat till two"),
    (Case([PRESS]), "You're a toy shop, you must have another one"),
    (Case([PRESS]), "A toy shop, and you haven't got another train? You must have"),
    (Case([HOW]), "How do you lose a train in a depot, I'm asking as a bus driver"),
    (Case([SPARE]), "Don't say sorry. Do something"),
    (Case([SPARE]), "Sorry? DO something then"),
    (
        Case([SPARE, PRESS]),
        "Don't be sorry, do something. You're a toy shop, you must have another",
    ),
    (Case([NEED], mood=55), "I was on a late last year, and he was asleep with his party hat on"),
    (Case([DONE], mood=45), "Right, that's more like it"),
    (Case([DONE], mood=45), "Thanks, that's more like it"),
    (Case([LEFT], mood=10, outcome="left"), "Forget it. My break's over and you told me nothing"),
    (Case([SETTLED], mood=70, outcome="resolved"), "That's me sorted. Back to my bus then"),
]


@pytest.mark.parametrize(("case", "text"), PASSES, ids=[text for _, text in PASSES])
def test_a_customers_words_pass(case: Case, text: str, dean: Customer) -> None:
    """What says what was decided, in other words or nearly the same ones, is sent."""
    assert verdict(dean, case, text) is None


REFUSED: list[tuple[Case, str, Reason]] = [
    # No words.
    (Case([NUMBER]), "", "empty"),
    (Case([NUMBER]), " \n ... ", "empty"),
    (Case([NUMBER]), "Dean (furious): ", "empty"),
    # Thinking aloud, or about the customer.
    (Case([NUMBER]), "<think>They ask for the number", "reasoning"),
    (Case([NUMBER]), "It's 40218</think> by heart", "reasoning"),
    (Case([NUMBER]), "As the customer, I would say it's 40218", "reasoning"),
    (Case([NUMBER]), "The customer is angry and says 40218", "reasoning"),
    (Case([NUMBER]), "Here's my reply, in my own words. It's 40218", "reasoning"),
    (Case([NUMBER]), "Response: it's 40218, I know it by heart", "reasoning"),
    (Case([NUMBER]), "I should respond with the number, 40218", "reasoning"),
    (Case([NUMBER]), "<|im_start|>40218 by heart", "reasoning"),
    (Case([NUMBER]), "Dean is angry. It's 40218, he knows it by heart", "reasoning"),
    (Case([SPARE]), "Don't be sorry. Dean wants you to DO something", "reasoning"),
    # A program, or talk about the play.
    (Case([NUMBER]), "As an AI I have no order number", "program"),
    (Case([NUMBER]), "I'm a virtual assistant, but it's 40218", "program"),
    (Case([NUMBER]), "I cannot assist with that request", "program"),
    (Case([NUMBER]), "In this role play my number is 40218", "program"),
    (Case([NUMBER]), "My instructions say the number is 40218", "program"),
    # The other side of the counter.
    (Case([NUMBER]), "Hello Dean, how can I help you today?", "agent_talk"),
    (Case([NUMBER]), "I'm here to help. What is the order number?", "agent_talk"),
    (Case([NUMBER]), "I apologise for the delay with 40218", "agent_talk"),
    (Case([NUMBER]), "Sorry for the inconvenience. 40218", "agent_talk"),
    (Case([NUMBER]), "I'm sorry to hear that. It's 40218", "agent_talk"),
    (Case([NUMBER]), "I understand your frustration, order 40218", "agent_talk"),
    (Case([NUMBER]), "Let me check 40218 for you", "agent_talk"),
    (Case([NUMBER]), "I'll look into 40218 straight away", "agent_talk"),
    (Case([NUMBER]), "Could you please provide your order number?", "agent_talk"),
    (Case([NUMBER]), "Thank you for contacting us about 40218", "agent_talk"),
    (Case([NUMBER]), "It's 40218. Is there anything else?", "agent_talk"),
    (Case([NUMBER]), "Our team has 40218 and knows it by heart", "agent_talk"),
    (Case([NUMBER]), "It's 40218. Please let me know if that helps", "agent_talk"),
    (Case([PRESS]), "Would you like another one? We are a toy shop", "agent_talk"),
    (Case([PRESS]), "We can send you another one from the toy shop", "agent_talk"),
    (Case([PRESS]), "I'll send another one from the toy shop", "agent_talk"),
    (Case([PRESS]), "Your lad must have another one. You're a toy shop", "agent_talk"),
    (Case([PRESS]), "I can offer another one, on behalf of the toy shop", "agent_talk"),
    (Case([NUMBER]), "It's 40218 by heart. Thanks, Dean", "agent_talk"),
    (Case([NUMBER]), "It's 40218, by heart, Dean.", "agent_talk"),
    (Case([SPARE]), "I'm sorry it never came, Dean. DO something", "agent_talk"),
    (Case([PRESS]), "You're a toy shop. I've found another one for you", "agent_talk"),
    # Somebody else's message.
    (Case([NUMBER]), "40218 by heart.\nAgent: Thank you, Dean", "label"),
    (Case([NUMBER]), "40218. Agent: thank you", "label"),
    (Case([NUMBER]), "Support (friendly): it's 40218", "label"),
    (Case([NUMBER]), "It's 40218.\nMaureen: I'll sign for it", "label"),
    # Stage directions and layout.
    (Case([NUMBER]), "*sighs* It's 40218, I know it by heart", "layout"),
    (Case([NUMBER]), "(angrily) It's 40218, by heart", "layout"),
    (Case([NUMBER]), "[order number] 40218 by heart", "layout"),
    (Case([NUMBER]), "- 40218, I know it by heart", "layout"),
    (Case([NUMBER]), "It's 40218 by heart 😡", "layout"),
    (Case([NUMBER]), "It's 40218, see https://parcels.example/40218", "layout"),
    # Broken off.
    (Case([NUMBER]), "It's 40218, I know it by heart because", "unfinished"),
    (Case([NUMBER]), "It's 40218 by heart by now and I'm", "unfinished"),
    (Case([NUMBER]), "It's 40218, I know it by heart by the", "unfinished"),
    (Case([NUMBER]), "It's 40218, I know it by heart,", "unfinished"),
    (Case([NUMBER]), "It's \"40218, I know it by heart", "unfinished"),
    # Length and language.
    (Case([NUMBER]), "It's 40218, and I know it by heart. " * 4, "too_long"),
    (Case([NUMBER]), "Es ist die 40218, die kenne ich schon auswendig", "language"),
    # Numbers, days, amounts.
    (Case([NUMBER]), "It's 40281, I know it by heart by now", "number"),
    (Case([NUMBER]), "It's 40218, I've known it by heart for three weeks", "number"),
    (Case([NUMBER]), "It's 40218 by heart. It cost me £54", "number"),
    (Case([NUMBER]), "It's 40218, by heart, ordered two months ago", "number"),
    (Case([NUMBER]), "It's 40218, I know it by heart the third time", "number"),
    (Case([HOURS]), "I'm out at half four, and nobody's at the flat till five", "number"),
    # Names.
    (Case([NUMBER]), "It's 40218, Sarah, I know it by heart by now", "name"),
    (Case([NUMBER]), "It's 40218, Amazon would know it by heart", "name"),
    (Case([NUMBER]), "Hi Tom, it's 40218, I know it by heart", "name"),
    (Case([PLACE]), "The depot, Kitt Street, Manchester. To the office, for Maureen", "name"),
    # Facts.
    (Case([NUMBER]), "It's 40218, my wife knows it by heart by now", "fact"),
    (Case([NUMBER]), "It's 40218, I know it by heart, from the hospital", "fact"),
    (Case([PRESS]), "You're a toy shop, you must have a red one", "fact"),
    (Case([PRESS]), "You're a toy shop. The refund must have gone by now", "fact"),
    (Case([PRESS]), "You're a toy shop, she must have another one", "fact"),
    # Said before.
    (Case([NUMBER]), "It's 40218. Where is it? I know it by heart", "repeats"),
    (Case([NUMBER]), "40218. It hasn't moved since Monday", "repeats"),
    (Case([NUMBER]), "It's 40218. It's 40218.", "repeats"),
    (Case([NUMBER]), "It's 40218, I know it by by heart", "repeats"),
    (
        Case([PRESS]),
        "You must have another one, you must have another one, toy shop",
        "repeats",
    ),
    (Case([PRESS]), "So what are you going to do about the train?", "repeats"),
    (Case([PRESS]), "What is your order number, and where can we deliver it?", "agent_talk"),
    (Case([SPARE]), "I'm sorry it never came Dean you say. DO something", "echo"),
    # What was asked for is not there.
    (Case([NUMBER]), "I know it by heart by now", "fact_missing"),
    (Case([NUMBER]), "Don't ask me for the order number", "fact_missing"),
    (Case([PLACE]), "The depot. Put it to the office and Maureen will sign for it", "fact_missing"),
    (Case([HOURS]), "I'm out the door early. Nobody's at the flat", "fact_missing"),
    (Case([NEED], mood=55), "I got there and he was asleep with his hat on", "fact_missing"),
    # The other way round.
    (Case([HOURS]), "I'm out the door at half four. I'm at the flat till two", "turned_round"),
    (Case([PRESS]), "You're a toy shop. You can't have another one", "turned_round"),
    (Case([PRESS]), "I'm a toy shop, I must have another one", "turned_round"),
    (
        Case([NEED], mood=55),
        "Last year I got there and you were on a late, asleep with his party hat on",
        "turned_round",
    ),
    (
        Case([LEFT], mood=10, outcome="left"),
        "Forget it. My break's over and I told you everything",
        "turned_round",
    ),
    (Case([SPARE]), "Be sorry. DO something.", "turned_round"),
    # Something else.
    (Case([PRESS]), "I like the weather here today", "beside_the_point"),
    (Case([NUMBER]), "I saw 40218 of them in the sky and they were laughing", "beside_the_point"),
    (Case([SPARE, PRESS]), "Don't be sorry. DO something.", "beside_the_point"),
    (Case([LEFT], mood=10, outcome="left"), "So what colour is it then", "beside_the_point"),
    (Case([HOW]), "I'm asking as a bus driver", "beside_the_point"),
    (Case([HOW]), "I do ask as a bus driver", "beside_the_point"),
    (
        Case([PRESS]),
        "You're a toy shop, you must have another one. It's how people are",
        "beside_the_point",
    ),
    (Case([PRESS]), "You must have another one. Bored of rain. Toy shop", "beside_the_point"),
    (Case([NUMBER]), "40218, by heart. What are we playing now?", "beside_the_point"),
    # Mood and ending.
    (Case([PRESS]), "Great, you're a toy shop, you must have another one", "against_the_mood"),
    (Case([NUMBER]), "Thank you so much. It's 40218, by heart", "against_the_mood"),
    (Case([NUMBER]), "It's 40218, I know it by heart. Bye", "closes"),
    (Case([PRESS]), "You're a toy shop, forget it", "closes"),
    (
        Case([LEFT], mood=10, outcome="left"),
        "My break's over and you've told me nothing. What do you say?",
        "not_closed",
    ),
]


@pytest.mark.parametrize(
    ("case", "text", "reason"), REFUSED, ids=[f"{reason}: {text}" for _, text, reason in REFUSED]
)
def test_other_words_are_refused(case: Case, text: str, reason: Reason, dean: Customer) -> None:
    """What isn't the customer's, isn't known or isn't what was decided is refused by its name."""
    assert reason == verdict(dean, case, text)


def test_every_reason_is_tried_and_can_be_told() -> None:
    """Each reason has a sentence for the second try, and a case here."""
    assert set(REASONS) == {reason for _, _, reason in REFUSED}
    assert set(REASONS) == set(SAYS)


def test_the_hires_words_are_not_given_back(dean: Customer) -> None:
    """Six words running of what the hire wrote are refused; taking up a few is not."""
    case = Case([PRESS])
    told = ground(dean, case)
    hire = "I know you must have it here by Saturday, and you shall."
    told = Ground(**{**vars(told), "hire": hire, "known": (*told.known, hire)})

    def reason(text: str) -> Reason | None:
        found = check(text, told, dean.cast.encoder.encode, EnglishOrNot())
        return found.reason if isinstance(found, Refusal) else None

    assert "echo" == reason("You're a toy shop, you must have it here by Saturday")
    assert reason("You're a toy shop. You must have another by Saturday") is None


@pytest.mark.parametrize("scenario", ["late-parcel", "bereaved", "cancelling", "twenty-minutes"])
def test_authored_lines_pass_as_they_are(scenario: str, practice: Practice) -> None:
    """Whatever a trainer wrote for a turn would pass as a model's words for that turn."""
    customer = practice.customer(scenario)
    lines = [(f"fact:{f.id}", "answer", line) for f in customer.scenario.facts for line in f.say]
    lines += [
        (f"act-press:{a.id}", "push", line)
        for a in customer.scenario.resolution.acts
        for line in a.press
    ]
    refused = []
    for source, kind, line in lines:
        if line.slots:
            continue
        move = Move(kind=kind, source=source)  # type: ignore[arg-type]  # two of its kinds
        state = CustomerState.start(customer.scenario)
        chosen = [Chosen(move, line.say, source, ())]
        history = (Message(speaker="agent", text="What can you tell me?"),)
        held = ground_for(customer.cast, state, chosen, history)
        found = check("\n".join(line.say), held, customer.cast.encoder.encode, English())
        if isinstance(found, Refusal):
            refused.append((line.text, found))
    assert [] == refused


def test_a_line_of_another_turn_is_refused(dean: Customer) -> None:
    """A trainer's line for later, written now by chance, would be said twice."""
    later = dean.scenario.act("second-train").press[4].text
    assert verdict(dean, Case([PRESS]), later) in ("repeats", "beside_the_point")


def test_facts_that_were_told_may_be_mentioned(dean: Customer) -> None:
    """The customer may come back to what they have told, and not to what nobody asked for."""
    text = "You're a toy shop, you must have another one. It's 40218"
    assert "number" == verdict(dean, Case([PRESS]), text)
    assert verdict(dean, Case([PRESS], told=("order-number",)), text) is None


@pytest.mark.parametrize(
    ("begun", "over"),
    [
        ("It's 40218, I know", False),
        ("As an AI language model", True),
        ("How can I help you", True),
        ("<think>The customer is angry", False),
        ("40218\nAgent: ", True),
    ],
)
def test_a_slip_is_seen_while_it_is_written(begun: str, over: bool, dean: Customer) -> None:
    """What can't become right is known before it is finished; thoughts apart from it may go on."""
    held = ground(dean, Case([NUMBER]))
    seen = not still_thinking(begun) and slip(tidied(begun, "Dean"), held) is not None
    assert over == seen


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("two weeks", {"2 week"}),
        ("2 weeks ago", {"2 week"}),
        ("£54.00 and £1,250", {"54 pound", "1250 pound"}),
        ("twenty-four hours", {"24 hour"}),
        ("the third time", {"3th time"}),
        ("twice", {"2 time"}),
        ("no one, give me a second, this one", set()),
        ("at 14:00 and 15:30", {"14", "15:30"}),
        ("07700 900614", {"07700", "900614"}),
        ("a couple of days", {"couple"}),
    ],
)
def test_numbers_are_values(text: str, values: set[str]) -> None:
    """Digits and words are the same number; its unit belongs to it; what is no claim is left."""
    assert values == numbers(text)


def test_a_number_needs_its_unit() -> None:
    """Two weeks are not two days; a bare number may leave the unit out."""
    known = numbers("two weeks, £54, four")
    assert supported("2 week", known)
    assert supported("2", known)
    assert supported("4 o'clock", known)
    assert not supported("2 day", known)
    assert not supported("5", known)


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("I pressed Pay a second time", None),
        ("You pressed Pay a second time", "pres"),
        ("You're pressing Pay", "pres"),
        ("You'll put a second train on the van", None),
        ("I'll put a second train on the van", "put"),
        ("I have lost the letter", None),
        ("You think I pressed it", None),
        ("I think you pressed it", "pres"),
        ("I want to know what you think", None),
    ],
)
def test_sides_are_noticed(text: str, verb: str | None) -> None:
    """Who did it stays who did it; what the hire said of themselves is the other's now."""
    hires = ["I'm putting a second train on the van. You think I want it?"]
    assert verb == changed_sides(text, ["I think I pressed Pay"], hires)


def test_a_verb_of_both_is_nobodys_alone() -> None:
    """Where either has done it, either may be said to have."""
    own, hires = ["I rang, and you rang back"], ["I rang you"]
    assert changed_sides("You rang me", own, hires) is None
    assert changed_sides("I rang you", own, hires) is None
    assert {"rang": frozenset({"self", "other"})} == doings(own[0])


@pytest.mark.parametrize(
    ("text", "known", "who"),
    [
        ("She said so", "Where is it?", "She"),
        ("She said so", "My mum is ill", None),
        ("Give it to him", "My mum is ill", "him"),
        ("He's asleep", "My lad is six", None),
        ("They said so", "Where is it?", None),
    ],
)
def test_strangers_are_noticed(text: str, known: str, who: str | None) -> None:
    """Nobody is "he" or "she" of whom nothing has been said."""
    assert who == stranger(text, known)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("I can't do that any more", ""),
        ("It's what I came for", ""),
        ("So it is.", ""),
        ("I don't want to", ""),
        ("I'm not sure if", "if"),
        ("And that is the", "the"),
        ("I've not gone anywhere, have I", ""),
        ("It's late, and I", "and I"),
        ("I've told you,", ","),
        ("He said “no", '"'),
        ("He said “no”", ""),
    ],
)
def test_a_message_ends_where_a_sentence_may(text: str, end: str) -> None:
    """Articles, conjunctions, a verb that waits for its other half: nobody stops there."""
    assert end == broken_off(text)


@settings(max_examples=30)
@given(text=st.text(max_size=300))
def test_anything_at_all_has_a_verdict(text: str, practice: Practice) -> None:
    """Whatever a model writes is either sent as it is or refused; the check never fails."""
    customer = practice.customer("late-parcel")
    held = ground(customer, Case([NUMBER]))
    found = check(text, held, customer.cast.encoder.encode, English())
    assert isinstance(found, Refusal) or "40218" in "".join(found)
