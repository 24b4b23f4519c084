"""What the customer needs from a language model: a prompt in, words out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from coachbot.customer.wording import Failure

if TYPE_CHECKING:
    from coachbot.customer.part import Part

Form = Literal["chat", "transcript"]
"""``chat``: system prompt and roles, for large models. ``transcript``: a conversation to be
continued, for small ones, which in roles turn into the agent (17 of 30 turns of a model with 1.5
billion parameters; as a transcript, none)."""

CHAT_FROM = 7_000_000_000
"""Parameters from which a model gets chat roles, unless a setting says otherwise. 1.5 billion are
too few (see :data:`Form`); what lies between was not measured, and a transcript is the safe side.
"""


def form_for(parameters: int | None) -> Form:
    """The form for a model of so many parameters; None, if nobody knows: chat, as most are used."""
    return "transcript" if parameters is not None and parameters < CHAT_FROM else "chat"


@dataclass(frozen=True, slots=True)
class Message:
    """One message in chat form."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given: ``messages`` in chat form, ``text`` to be continued otherwise.

    ``longest``: words that are wanted at most.
    """

    form: Form
    messages: tuple[Message, ...] = ()
    text: str = ""
    longest: int = 40


class WritingFailed(Exception):
    """A language model gave nothing to look at; ``failure`` says why. No text of people in it."""

    def __init__(self, failure: Failure) -> None:
        self.failure: Failure = failure
        super().__init__(failure)


class Prompter(Protocol):
    """Fills the templates."""

    def prompt(self, part: Part, form: Form) -> Prompt:
        """The prompt for one turn; ``PromptError`` names a mistake in a template."""


class Writer(Protocol):
    """A language model that writes."""

    @property
    def name(self) -> str:
        """The model, and where it is if not here: for people, so that they know what is asked."""

    def form(self, deadline: float) -> Form:
        """The form in which it is asked. Raises :class:`WritingFailed`."""

    def write(
        self, prompt: Prompt, *, seed: int, deadline: float, enough: Callable[[str], bool]
    ) -> str:
        """What it writes, blocking until ``deadline`` (``time.monotonic``) at most.

        ``enough`` is shown what has come so far, again and again; when it says yes, the model is
        stopped and what there is comes back. Raises :class:`WritingFailed`.
        """
