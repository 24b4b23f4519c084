"""Answers beside a conversation, and to what is written while there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coachbot.scenario.models import Outcome
from coachbot.telegram.asides import Topic
from coachbot.telegram.rendering.wording import count, joined, one_line, safe

MOST_NAMES = 3
"""Supervisors who are named; more of them would fill a phone's screen."""


def supervisors_named(names: Sequence[str]) -> str:
    """``Sol, Kim and 2 more``, as HTML; empty where nobody is known."""
    shown = [one_line(name, 40) for name in names[:MOST_NAMES]]
    if left := len(names) - len(shown):
        shown.append(f"{left} more")
    return joined(shown) if shown else ""


def _your_supervisors(names: Sequence[str]) -> str:
    word = "your team's supervisor" if len(names) == 1 else "your team's supervisors"
    return f"{word} ({supervisors_named(names)})" if names else word


def aside(
    asked: Sequence[Topic],
    customer: str,
    supervisors: Sequence[str],
    *,
    kept_days: int | None = None,
    trial: bool = False,
) -> str:
    """An answer to a question for the program; the customer has not got it.

    ``trial``: it is a scenario that is being tried out, which nobody else reads.
    """
    name = one_line(customer)
    kept = f"for {count(kept_days, 'day', 'days')}" if kept_days else "until they are deleted"
    readers = (
        "Only you: you are trying this scenario out, and that counts for nothing."
        if trial
        else f"You, and once it is over {_your_supervisors(supervisors)}, with the scores. Your "
        "colleagues can't. /privacy has the rest."
    )
    answers: dict[Topic, str] = {
        "readers": readers,
        "taking_back": (
            f"As long as {name} hasn't answered, you can edit a message in Telegram, and the new "
            "words count. After that it stays, as with a real person; deleting it in Telegram "
            "takes nothing back. When it's over you can try a reply once more."
        ),
        "stopping": (
            "/pause keeps the conversation for another day, /end ends it and shows the debrief. "
            "You needn't say why."
        ),
        "recording": (
            f"Yes. What you and {name} write is kept {kept}, and your replies to {name} are "
            "scored by a program, for practice only. You see the scores at the end and can "
            "question any of them."
        ),
        "deleting": (
            "/forgetme deletes everything about you, this conversation included; one conversation "
            "alone can't be deleted here. /mydata sends you a copy first."
        ),
    }
    said = "\n".join(answers[one] for one in asked)
    return (
        f"<b>That's for me, the bot, not for {name}:</b>\n{said}\n\n"
        f"<i>{name} hasn't got your question, and it isn't scored. Just go on when you like.</i>"
    )


def lost(
    asks: bool,
    supervisors: Sequence[str],
    *,
    brief_of: str | None = None,
    result_of: str | None = None,
    paused: str | None = None,
) -> str:
    """Something was written outside any conversation.

    ``asks``: it looks like a question. ``brief_of``: the customer whose brief is on the screen.
    ``result_of``: the one whose debrief is. ``paused``: the title of the conversation that waits.
    """
    if brief_of is not None:
        name = one_line(brief_of)
        first = (
            f"The conversation with {name} hasn't begun, so this went to nobody. Tap Start under "
            "the brief to begin."
        )
    elif result_of is not None:
        name = one_line(result_of)
        first = (
            f"The conversation with {name} is over, so this went to nobody. Is it about the "
            "result? Tap the button, and it goes to your supervisor."
        )
    elif paused is not None:
        first = (
            f"You have paused <b>{safe(paused)}</b>, so this hasn't gone to anybody. Shall I send "
            "it when you go on?"
        )
    else:
        first = (
            "You're not in a conversation at the moment, so this went to nobody. /practice starts "
            "one, /help lists what else there is."
        )
    return f"{first}\n\n{whom_to_ask(supervisors)}" if asks else first


def whom_to_ask(supervisors: Sequence[str]) -> str:
    """Where questions are answered that the bot can't."""
    person = supervisors_named(supervisors)
    ask = f"For anything else, ask {person}, who supervise" if person else ""
    if person:
        ask = f"{ask}{'s' if len(supervisors) == 1 else ''} your team."
    else:
        ask = "For anything else, ask whoever invited you."
    return (
        "If that was a question: I can't answer questions in free words. /privacy says what is "
        "kept and who reads it, /mydata sends you all of it, /forgetme deletes it. "
        f"{ask}"
    )


def over_already(customer: str) -> str:
    """Somebody still writes to a customer after the end."""
    name = one_line(customer)
    return (
        f"The conversation with {name} is over, so {name} hasn't got this message and it isn't "
        "counted. Please tap one of the buttons."
    )


_LEFT_OPEN: Mapping[Outcome, str] = {
    "left": "{name} left without an answer to your last question.",
    "gave_up": "{name} gave up without an answer to your last question.",
    "out_of_turns": "{name} had no time left to answer your last question.",
}


def is_over(customer: str, left_open: Outcome | None = None) -> str:
    """Said once, when it ends. ``left_open``: how, where the hire's last question stood."""
    name = one_line(customer)
    over = f"<b>The conversation with {name} is over.</b>"
    why = _LEFT_OPEN.get(left_open) if left_open else None
    return f"{over} {why.format(name=name)}" if why else over
