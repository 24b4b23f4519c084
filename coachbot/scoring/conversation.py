"""The conversation before a reply, seen from the reply: what the customer said, and when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from coachbot.scoring.interface import ReplyToScore, Turn
from coachbot.scoring.text import Span, sentences


@dataclass(frozen=True)
class Said:
    """A sentence of the customer: where it stands in the history."""

    turn: int
    span: Span

    @property
    def text(self) -> str:
        """The sentence itself."""
        return self.span.text


@dataclass(frozen=True)
class Conversation:
    """What was said before the reply, and what the agent can see."""

    history: tuple[Turn, ...]
    screen: str

    @classmethod
    def of(cls, item: ReplyToScore) -> Conversation:
        """Take the conversation out of an item to score."""
        return cls(item.history, item.screen or "")

    @classmethod
    def of_one_turn(cls, text: str) -> Conversation:
        """Return a conversation in which a customer said one thing, or nothing."""
        return cls((Turn(speaker="customer", text=text),) if text.strip() else (), "")

    @cached_property
    def newest_turns(self) -> tuple[int, ...]:
        """Indices of the customer's turns since the agent last spoke before them."""
        newest: list[int] = []
        for i in range(len(self.history) - 1, -1, -1):
            if self.history[i].speaker == "customer":
                newest.append(i)
            elif newest:
                break
        return tuple(reversed(newest))

    @cached_property
    def newest(self) -> str:
        """The customer's newest message, its parts joined by line breaks; empty for none."""
        return "\n".join(self.history[i].text for i in self.newest_turns).strip()

    @cached_property
    def customer(self) -> str:
        """Everything the customer said, oldest first."""
        return "\n".join(t.text for t in self.history if t.speaker == "customer").strip()

    @cached_property
    def agent(self) -> str:
        """Everything the agent said before, oldest first."""
        return "\n".join(t.text for t in self.history if t.speaker == "agent").strip()

    @cached_property
    def known(self) -> str:
        """Everything the agent can know: the whole history and the screen."""
        return "\n".join([*(t.text for t in self.history), self.screen]).strip()

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """The customer's sentences, oldest first."""
        return tuple(
            Said(i, span)
            for i, turn in enumerate(self.history)
            if turn.speaker == "customer"
            for span in sentences(turn.text)
        )

    @cached_property
    def said_newest(self) -> tuple[Said, ...]:
        """The sentences of the customer's newest message."""
        return tuple(s for s in self.said if s.turn in self.newest_turns)
