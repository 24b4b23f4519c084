"""Replies made worse in one known way: a wrong fact, a question told already, the words given back.

A few hundred marked examples are too few to learn what a wrong fact is. But a good reply in which
a number, a day or a name of the conversation is replaced by another one has exactly one, and where
it is in the customer's words is known. So it is with a question about a number, a day or an amount
that the customer has named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from coachbot.scoring.conversation import Conversation
from coachbot.scoring.words import names, numbers

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = re.compile(r"\b(" + "|".join(_DAYS) + r")\b", re.IGNORECASE)
_NAMES = (
    "Alan", "Bridget", "Carlos", "Denise", "Edwin", "Farah", "Gordon", "Helga", "Ivan", "Joyce",
    "Kemal", "Lorna", "Milan", "Nadia", "Oswald", "Pauline", "Quentin", "Rosa", "Stefan", "Thelma",
    "Ursula", "Vikram",
)  # fmt: skip
# What may stand for what: the right one is in the conversation, the wrong one is not.
_SWAPS: tuple[tuple[str, ...], ...] = (
    ("mother", "father", "sister", "brother", "aunt", "uncle"),
    ("mum", "dad", "gran", "grandad"),
    ("mom", "dad", "grandma", "grandpa"),
    ("son", "daughter", "nephew", "niece"),
    ("husband", "wife", "flatmate"),
    ("boy", "girl"),
    ("refund", "replacement", "voucher"),
    ("red", "blue", "green", "black", "white", "grey", "yellow"),
    ("birthday", "wedding", "anniversary", "funeral"),
    ("morning", "afternoon", "evening"),
    ("yesterday", "last week", "last month"),
    ("twice", "once", "three times"),
    ("two", "three", "four", "five", "six"),
    ("kitchen", "bathroom", "bedroom", "garage"),
    ("e-mail", "letter", "text message"),
    ("phone", "laptop", "tablet"),
    ("train", "bus", "flight", "ferry"),
    ("left", "right"),
    ("cat", "dog", "rabbit"),
    ("delivery", "collection"),
    ("weeks", "days", "months"),
)
_ME_TO_YOU = {
    "i": "you", "i'm": "you're", "im": "you're", "i've": "you've", "ive": "you've", "i'd": "you'd",
    "i'll": "you'll", "my": "your", "me": "you", "mine": "yours", "myself": "yourself", "am": "are",
    "we": "you", "we're": "you're", "we've": "you've", "our": "your", "us": "you", "you": "we",
    "your": "our", "you're": "we're", "you've": "we've", "was": "were",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_OPENINGS = (
    "I hear that ", "So ", "You are saying that ", "I understand that ",
    "What I'm hearing is that ", "Right, so ", "As you say, ", "Okay so ", "I see, ",
    "Thank you for telling me that ",
)  # fmt: skip
_CLOSINGS = (
    "", "", "", " I understand.", " Thank you for sharing that.", " That is noted.", " I hear you.",
    " We appreciate you telling us.", " Is that correct?", " Got it.",
)  # fmt: skip

# A thing with a number that was told ("order 40218"), and the questions that ask for its number.
_TOLD = re.compile(
    r"\b(order|booking|invoice|ticket|account|room|flight|reference|policy|case|meter|size|"
    r"gate|seat|table|flat|apartment|tracking|membership|customer|claim|ward|bay|job)"
    r"(?:\s+(?:number|no\.?|nr|ref|is|was|:))*\s*#?[A-Z]{0,4}-?\d[\w-]+",
    re.IGNORECASE,
)
_ASKED = (
    "What is your {0} number?", "Could you give me the {0} number, please?",
    "Can I take the {0} number?", "Which {0} is it?", "I'll need your {0} number.",
)  # fmt: skip
# What may be asked of anybody, with the words by which one sees that it was told.
_OTHER_QUESTIONS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"\b(?:{told})", re.IGNORECASE), asked)
    for told, asked in (
        (r"postcode|zip", ("What's your postcode?", "Could I take your postcode, please?")),
        (r"e-?mail|@", ("Which e-mail address do you use?", "What's the best e-mail for you?")),
        (r"phone|number|mobile|\+?\d{9}", ("What's the best number to reach you on?",)),
        (r"model|version", ("Which model is it?", "Do you know the model?")),
        (r"address|street|road", ("What's the address, please?",)),
        (
            r"prefer|rather|want|would like|need",
            ("What would help you most now?", "What would you like to happen next?"),
        ),
        (
            r"morning|afternoon|evening|o'clock|\d ?[ap]m|\d:\d",
            ("What time of day suits you?", "When are you in?", "Is morning or afternoon better?"),
        ),
    )
)


@dataclass(frozen=True)
class Corrupted:
    """A reply made worse, what is found in it now (of FINDINGS), and the words it goes against."""

    text: str
    finding: str
    against: re.Pattern[str]


def told_already(
    text: str, conversation: Conversation, draw: np.random.Generator
) -> Corrupted | None:
    """Put a question into a reply that the customer has answered; None if there is none to ask."""
    match = _TOLD.search(conversation.customer)
    if match is None:
        return None
    question = _ASKED[int(draw.integers(len(_ASKED)))].format(match.group(1).lower())
    return Corrupted(
        _beside(text, question, draw), "asks_again", re.compile(re.escape(match.group()))
    )


def not_told(text: str, conversation: Conversation, draw: np.random.Generator) -> str | None:
    """Put a question into a reply that the customer has not answered; None if all were."""
    found = [
        q for told, asked in _OTHER_QUESTIONS if not told.search(conversation.known) for q in asked
    ]
    if not found:
        return None
    return _beside(text, found[int(draw.integers(len(found)))], draw)


def _beside(text: str, question: str, draw: np.random.Generator) -> str:
    words = (question, text) if draw.random() < 0.3 else (text, question)
    return " ".join(words).strip()


def wrong_fact(
    text: str, conversation: Conversation, draw: np.random.Generator
) -> Corrupted | None:
    """Replace one number, day, name or thing that the customer mentioned; None if there is none."""
    customer = conversation.customer
    found = [
        *_number_changes(text, customer, conversation.known, draw),
        *_day_changes(text, customer, conversation.known, draw),
        *_name_changes(text, customer, conversation.known, draw),
        *_word_changes(text, customer, draw),
    ]
    return found[int(draw.integers(len(found)))] if found else None


def _with(text: str, match: re.Match[str], new: str) -> Corrupted:
    against = re.compile(rf"\b{re.escape(match.group())}\b", re.IGNORECASE)
    return Corrupted(text[: match.start()] + new + text[match.end() :], "contradicts", against)


def _number_changes(
    text: str, customer: str, known: str, draw: np.random.Generator
) -> list[Corrupted]:
    said, all_known = numbers(customer), numbers(known)
    found = []
    for match in _NUMBER.finditer(text):
        number = match.group()
        if number not in said:
            continue
        for _ in range(5):
            digits = list(number)
            place = int(draw.integers(len(digits)))
            if digits[place].isdigit():
                digits[place] = str((int(digits[place]) + int(draw.integers(1, 9))) % 10)
            new = "".join(digits)
            if new not in all_known and not (new.startswith("0") and not number.startswith("0")):
                found.append(_with(text, match, new))
                break
    return found


def _day_changes(
    text: str, customer: str, known: str, draw: np.random.Generator
) -> list[Corrupted]:
    said = {d.lower() for d in _DAY.findall(customer)}
    others = [d for d in _DAYS if d.lower() not in {k.lower() for k in _DAY.findall(known)}]
    return [
        _with(text, m, others[int(draw.integers(len(others)))])
        for m in _DAY.finditer(text)
        if m.group().lower() in said and others
    ]


def _name_changes(
    text: str, customer: str, known: str, draw: np.random.Generator
) -> list[Corrupted]:
    said = names(customer) - {d.lower() for d in _DAYS}
    others = [n for n in _NAMES if n.lower() not in known.lower()]
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        if len(word) > 3 and word[0].isupper() and word.lower() in said:
            new = others[int(draw.integers(len(others)))]
            found.append(_with(text, match, new))
    return found


def _word_changes(text: str, customer: str, draw: np.random.Generator) -> list[Corrupted]:
    found = []
    for group in _SWAPS:
        for word in group:
            pattern = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
            match = pattern.search(text)
            if match is None or not pattern.search(customer):
                continue
            others = [
                o for o in group if not re.search(rf"\b{re.escape(o)}\b", customer, re.IGNORECASE)
            ]
            if others:
                new = others[int(draw.integers(len(others)))]
                found.append(_with(text, match, new))
    return found


def echo(conversation: Conversation, draw: np.random.Generator) -> str:
    """Give the newest message back to the customer, as somebody does who only seems to listen."""
    said = [s.text for s in conversation.said_newest]
    if len(said) > 3:
        first = int(draw.integers(len(said) - 2))
        said = said[first : first + 3]

    def turned(match: re.Match[str]) -> str:
        word = match.group()
        new = _ME_TO_YOU.get(word.replace("’", "'").lower())
        if new is None:
            return word
        return new.capitalize() if word[0].isupper() and word.lower() != "i" else new

    text = " ".join(said)
    if draw.random() < 0.75:
        text = _WORD.sub(turned, text)
    text = text.replace("?", ".") if draw.random() < 0.6 else text
    opening = _OPENINGS[int(draw.integers(len(_OPENINGS)))] if draw.random() < 0.7 else ""
    if opening and text:
        text = text[0].lower() + text[1:]
    return opening + text + _CLOSINGS[int(draw.integers(len(_CLOSINGS)))]
