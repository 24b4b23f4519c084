"""Post: what came from a messenger and what goes to it, kept until it has been dealt with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Arrived:
    """An update: its number, the chat it is about (None if it is about none), its JSON."""

    update_id: int
    chat: int | None
    content: str
    attempts: int = 0


@dataclass(frozen=True)
class Waiting:
    """A message of the outbox. ``due``: seconds since 1970."""

    id: int
    chat: int
    content: dict[str, object]
    file: bytes | None
    due: float
    attempts: int


@dataclass(frozen=True)
class Draft:
    """A message of the hire that has not been answered. ``due``: when no more is waited for."""

    message: int
    session_id: str
    text: str
    due: float


class Post(Protocol):
    """Inbox, outbox and drafts. Each call is one transaction, or part of the one it is made in.

    All raise ``StoreError`` where the database can't be read or written.
    """

    def receive(self, arrived: Sequence[Arrived], now: float) -> list[Arrived]:
        """Keep updates before they are confirmed; return those that were not there yet."""

    def chats_waiting(self) -> list[int | None]:
        """The chats with updates that nobody has dealt with, oldest first."""

    def next_update(self, chat: int | None) -> Arrived | None:
        """The oldest update of a chat that nobody has dealt with."""

    def claim(self, update_id: int) -> bool:
        """Mark an update as dealt with and forget its content; False if it was already."""

    def backlog(self, chat: int) -> int:
        """How many updates of a chat nobody has dealt with."""

    def count_attempt(self, update_id: int) -> int:
        """Note that an update is being dealt with; return how often, with this one."""

    def fail(self, update_id: int) -> None:
        """Give an update up, so that those behind it can be dealt with."""

    def draft(self, person: str, draft: Draft) -> None:
        """Keep a message of a hire; the others that wait are due with it."""

    def drafts(self, person: str) -> list[Draft]:
        """The messages of a hire that wait for an answer, in the order in which they came."""

    def clear_drafts(self, person: str) -> None:
        """Forget the messages of a hire, because they have been answered or are not wanted."""

    def writers(self) -> list[str]:
        """Everybody with messages that wait for an answer."""

    def put(
        self, chat: int, content: dict[str, object], file: bytes | None, pause: float, now: float
    ) -> None:
        """Put a message into the outbox, ``pause`` seconds after what waits there for the chat."""

    def last_due(self, chat: int) -> float | None:
        """When the last message that waits for a chat is due; None if none waits."""

    def first_of_chats(self, busy: Collection[int]) -> list[Waiting]:
        """The first message that waits for each chat, but for chats that are being sent to."""

    def sent(self, id_: int) -> None:
        """A message has arrived; its text is forgotten."""

    def give_up(self, id_: int) -> None:
        """A message can't be sent; its text is forgotten."""

    def postpone(self, id_: int, until: float) -> None:
        """Try a message again later; what waits behind it in its chat waits as well."""

    def drop(self, chat: int) -> int:
        """Give up everything that waits for a chat; return how many messages that were."""

    def hurry(self, now: float, longest: float) -> list[str]:
        """Make due at once what is due more than ``longest`` seconds from now.

        Returns everybody with messages that wait for an answer.
        """

    def waiting(self) -> dict[str, int]:
        """How many updates and messages wait, and how many were given up."""

    def prune(self, now: float) -> None:
        """Forget the numbers of what was dealt with long ago."""
