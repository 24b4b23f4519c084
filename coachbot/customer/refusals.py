"""Why a message of a language model is refused, and how that is told before a second try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Reason = Literal[
    "empty",
    "reasoning",
    "program",
    "agent_talk",
    "label",
    "layout",
    "too_long",
    "unfinished",
    "language",
    "number",
    "name",
    "fact",
    "repeats",
    "echo",
    "fact_missing",
    "turned_round",
    "beside_the_point",
    "against_the_mood",
    "not_closed",
    "closes",
]
REASONS: tuple[Reason, ...] = get_args(Reason)

SAYS: dict[Reason, str] = {
    "empty": "there were no words in it",
    "reasoning": "it talked about the answer instead of giving it",
    "program": "it spoke as a program, or about a play",
    "agent_talk": "it spoke as the one who helps, and you are the one who is to be helped",
    "label": "it had a speaker's name in it, or went on with somebody else's message",
    "layout": "it had brackets, stage directions or marks of layout in it",
    "too_long": "it was too long",
    "unfinished": "it broke off in the middle of a sentence",
    "language": "it was not English",
    "number": "it had a number, an amount or a date that nobody has mentioned",
    "name": "it had a name that nobody has mentioned",
    "fact": "it told something that isn't among the facts",
    "repeats": "you have said that before",
    "echo": "it repeated the other person's words",
    "fact_missing": "what they asked for was not in it",
    "turned_round": "it said the opposite of what was to be said, or mixed up you and them",
    "beside_the_point": "it did not say what was to be said",
    "against_the_mood": "it was more content than you are",
    "not_closed": "it was to be your last message, and it asks for more",
    "closes": "it said goodbye, and the conversation goes on",
}
"""What is told before a second try."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message was refused; ``detail``: the words, for tests and for a trainer's eyes."""

    reason: Reason
    detail: str = ""
