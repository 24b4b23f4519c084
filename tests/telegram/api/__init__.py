"""A small Bot API server of our own, with people who talk to the bot, and faults on demand."""

from __future__ import annotations

from tests.telegram.api.chats import Button, Chat, Message, Press
from tests.telegram.api.faults import (
    Call,
    Fault,
    PlannedFault,
    blocked,
    dropped,
    no_answer,
    server_error,
    slow,
    too_many_requests,
)
from tests.telegram.api.people import Person
from tests.telegram.api.server import TOKEN, BotApi, running

__all__ = [
    "TOKEN",
    "BotApi",
    "Button",
    "Call",
    "Chat",
    "Fault",
    "Message",
    "Person",
    "PlannedFault",
    "Press",
    "blocked",
    "dropped",
    "no_answer",
    "running",
    "server_error",
    "slow",
    "too_many_requests",
]
