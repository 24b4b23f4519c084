"""What can go wrong on the way to Telegram and back, planned by a test."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from math import inf

from tests.telegram.api.errors import ApiError, Json, blocked_by_user

GATEWAY_PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


class Reply(Enum):
    """What the caller gets in the end, if it isn't a refusal."""

    OWN = "the method's own answer"
    PAGE = "a page of HTML"
    NOTHING = "the connection is closed"


@dataclass(frozen=True)
class Fault:
    """One way to go wrong.

    ``carried_out``: whether the method does its work all the same, before the wait.
    ``seconds``: how long nothing happens (``inf``: for ever).
    ``reply``: what comes back then; ``status`` is that of a page.
    ``refusal``: an answer in Telegram's shape instead.
    """

    name: str
    carried_out: bool = False
    seconds: float = 0
    reply: Reply = Reply.NOTHING
    status: int = 500
    refusal: ApiError | None = None

    @property
    def page(self) -> str:
        """The page of HTML, such as a gateway sends."""
        return GATEWAY_PAGE.format(f"{self.status} {self.name}")


def server_error(status: int = 502) -> Fault:
    """A 5xx with a page of HTML; nothing is done."""
    return Fault(HTTPStatus(status).phrase, reply=Reply.PAGE, status=status)


def too_many_requests(retry_after: int = 1) -> Fault:
    """429 with ``parameters.retry_after`` in seconds; nothing is done."""
    description = f"Too Many Requests: retry after {retry_after}"
    return Fault("flood", refusal=ApiError(429, description, retry_after=retry_after))


def blocked() -> Fault:
    """403, as if the person had blocked the bot; nothing is done."""
    return Fault("blocked", refusal=blocked_by_user())


def no_answer(*, carried_out: bool = False, seconds: float = inf) -> Fault:
    """Nothing comes back; after ``seconds`` the connection is closed."""
    return Fault("no answer", carried_out, seconds)


def dropped(*, carried_out: bool) -> Fault:
    """The connection breaks, before or after the work is done: the caller can't tell which."""
    return Fault("dropped", carried_out)


def slow(seconds: float) -> Fault:
    """The work is done at once, and its answer comes ``seconds`` later."""
    return Fault("slow", carried_out=True, seconds=seconds, reply=Reply.OWN)


@dataclass
class PlannedFault:
    """A fault that waits for its calls; ``hits`` counts those it met."""

    fault: Fault
    method: str | None
    chat: int | None
    left: int | None
    until: float
    hits: int = 0
    cancelled: bool = False

    def meets(self, method: str, chat: int | None) -> bool:
        """Whether it is meant for this call and not used up."""
        return (
            not self.cancelled
            and self.method in {None, method}
            and self.chat in {None, chat}
            and self.left != 0
            and time.monotonic() < self.until
        )


@dataclass
class Faults:
    """All planned faults; the first that meets a call is used for it."""

    planned: list[PlannedFault] = field(default_factory=list)

    def plan(
        self,
        method: str | None,
        fault: Fault,
        *,
        chat: int | None,
        times: int,
        seconds: float | None,
    ) -> PlannedFault:
        """Plan a fault for the next ``times`` calls, or for all within ``seconds``."""
        planned = PlannedFault(
            fault,
            method,
            chat,
            left=times if seconds is None else None,
            until=inf if seconds is None else time.monotonic() + seconds,
        )
        self.planned.append(planned)
        return planned

    def take(self, method: str, chat: int | None) -> PlannedFault | None:
        """The fault for a call that has come in, counted; None if all is well."""
        for planned in self.planned:
            if planned.meets(method, chat):
                planned.hits += 1
                if planned.left is not None:
                    planned.left -= 1
                return planned
        return None

    def cancel_all(self) -> None:
        """Plan nothing any more, and let go of what is held."""
        for planned in self.planned:
            planned.cancelled = True
        self.planned.clear()


@dataclass
class Call:
    """A call of the bot, as it came in and as it went.

    ``answer`` is what was sent back: an object, a page of HTML, or None if there was (or is yet)
    no answer. ``carried_out`` tells whether the method did its work. ``time`` is in seconds
    since the epoch, ``seconds`` how long the answer took.
    """

    time: float
    method: str
    params: Json
    chat: int | None
    fault: str | None = None
    carried_out: bool = False
    status: int | None = None
    answer: Json | str | None = None
    seconds: float | None = None

    def __str__(self) -> str:
        params = ", ".join(f"{name}={value!r:.60}" for name, value in self.params.items())
        outcome = "no answer" if self.status is None else str(self.status)
        return f"{self.method}({params}) -> {outcome}" + (f" [{self.fault}]" if self.fault else "")
