"""The list of what was done as a supervisor reads and corrects it, and as the hire is told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from coachbot.coaching.reviewing import LONGEST_COMMENT, Dispute
from coachbot.reporting.matter import Checked, replies_in_question
from coachbot.reporting.wording import lower_first
from coachbot.session.models import ActVerdict, Session
from coachbot.telegram.rendering.supervising import day, unmet, when
from coachbot.telegram.rendering.wording import one_line, quote, safe

if TYPE_CHECKING:
    from coachbot.telegram.rendering.reviewing import Reading

LONGEST_ACT = 300
"""Characters of what an act is."""

ROOM_FOR_REPLIES = 1600
"""Characters of replies that are quoted in one message, all together."""

SHORTEST_REPLY = 80
"""Characters that are quoted of each of many replies."""


def checklist(reading: Reading, *, numbered: bool = False) -> str:
    """All acts with a mark, what people said of them, and what the program saw instead."""
    return "\n".join(
        f"{f'{n}. ' if numbered else ''}{_checked(one)}" for n, one in enumerate(reading.acts, 1)
    )


def _checked(one: Checked) -> str:
    what = safe(one.what[:LONGEST_ACT])
    if one.reply is not None:
        lines = [f"✓ {what} (reply {one.reply})"]
    else:
        lines = [f"✗ Not done: {safe(lower_first(one.what)[:LONGEST_ACT])}"]
    for verdict, name in one.verdicts:
        said = f"{one_line(name)}, {day(verdict.judged)}: {_said(verdict)}."
        lines.append(f"<i>{said}</i> “{safe(verdict.comment)}”")
    if one.verdicts:
        lines.append(f"<i>The program: {_seen(one)}.</i>")
    return "\n".join(lines)


def _said(verdict: ActVerdict) -> str:
    return f"done in reply {verdict.reply}" if verdict.done else "not done"


def _seen(one: Checked) -> str:
    return "not done" if one.seen is None else f"done in reply {one.seen}"


def as_corrected(session: Session) -> str:
    """What the program had decided, where a correction has changed the result; else empty."""
    first = session.passed_at_first
    if first is None or first == session.passed:
        return ""
    return f", as corrected (the program: {'passed' if first else 'no pass'})"


# --- A question about it --------------------------------------------------------------------------


def question(reading: Reading, asked: Dispute, answered_by: str | None, now: datetime) -> str:
    """A question about what was done, with the list and the replies that it is about."""
    name = one_line(reading.owner)
    began = when(reading.session.started, now).removeprefix("on ")
    title = f"“{one_line(reading.title, 120)}” ({began})"
    first = f"<b>{name}</b> asked {when(asked.opened, now)} about what was done in {title}:"
    blocks = [f"{first}\n{quote(asked.comment, LONGEST_COMMENT)}"]
    if reading.acts:
        blocks.append(f"<b>The list</b>\n{checklist(reading)}")
    blocks.append(_replies(reading, asked.comment))
    if asked.answer:
        by = one_line(answered_by) if answered_by else "Somebody"
        blocks.append(f"{by} answered:\n{quote(asked.answer, LONGEST_COMMENT)}")
    return "\n\n".join(blocks)


def _replies(reading: Reading, comment: str = "") -> str:
    """The replies that a comment is about, or all, each cut to its share of the room."""
    turns = replies_in_question(comment, reading.session)
    share = max(SHORTEST_REPLY, ROOM_FOR_REPLIES // max(len(turns), 1))
    said = [f"<b>Reply {turn.number}</b>\n{quote(turn.agent, share)}" for turn in turns]
    return "\n".join(said)


# --- Correcting it --------------------------------------------------------------------------------


def choose(reading: Reading) -> str:
    """All acts; the one that is seen otherwise is asked for."""
    name = one_line(reading.owner)
    return (
        f"<b>What had to be done</b>\n{name}, {one_line(reading.title, 120)}\n\n"
        f"{checklist(reading, numbered=True)}\n\n"
        f"Do you see one of them otherwise? Tap it. {name} reads your correction with your reason, "
        "and whether this is a pass is worked out anew."
    )


def label(number: int, one: Checked) -> str:
    """On the button that corrects an act."""
    return f"{number} was done" if one.reply is None else f"{number} was not done"


def which_reply(reading: Reading, one: Checked) -> str:
    """An act was done: the reply is asked for."""
    return (
        f"<b>{safe(one.what[:LONGEST_ACT])}</b>\nIn which reply was it done? If it took several, "
        f"tap the last of them.\n\n{_replies(reading)}"
    )


def comment(reading: Reading, one: Checked, reply: int | None) -> str:
    """The reason for a correction is asked for."""
    said = "not done" if reply is None else f"done in reply {reply}"
    quoted = "" if reply is None else f"\n{quote(reading.session.turns[reply - 1].agent, 400)}"
    return (
        f"<b>{safe(one.what[:LONGEST_ACT])}</b>: {said}. The program: {_seen(one)}.{quoted}\n"
        f"What do you see in it? Write a sentence or two to {one_line(reading.owner)}, who reads "
        "it with your correction. You see it once more before it goes out."
    )


def preview(reading: Reading, one: Checked, reply: int | None, written: str) -> str:
    """A correction before it goes out."""
    said = "not done" if reply is None else f"done in reply {reply}"
    return (
        f"This goes to {one_line(reading.owner)}, as your correction of the list:\n"
        f"<b>{safe(one.what[:LONGEST_ACT])}</b>: {said} (the program: {_seen(one)})\n"
        f"{quote(written, LONGEST_COMMENT)}"
    )


def changed(reading: Reading, before: Session) -> str:
    """What a correction makes of the result. ``reading``: of the session as it counts now."""
    now = reading.session
    how = " with help" if now.with_help else ""
    if now.passed and not before.passed:
        return f"With that, the conversation counts as passed{how}. The program had said no pass."
    if before.passed and not now.passed:
        return "With that, the conversation does not count as passed any more."
    if now.passed:
        return f"The conversation counts as passed{how}, as before."
    why = unmet(now, reading.values, reading.marks, len(reading.acts))
    return f"The conversation stays no pass{why or ': a score is below its mark'}."


def sent(reading: Reading, before: Session) -> str:
    """The supervisor has corrected the list."""
    name = one_line(reading.owner)
    return f"Thank you. {name} has your correction and your words. {changed(reading, before)}"


def unmoved(reading: Reading) -> str:
    """Somebody else has corrected the same meanwhile."""
    return (
        f"This counts that way already; somebody was faster. {one_line(reading.owner)} got nothing "
        "more."
    )


def arrived(supervisor: str, reading: Reading, before: Session) -> str:
    """The hire reads what a person saw. The newest verdict is the session's last one."""
    now = reading.session
    verdict = now.verdicts[-1]
    name = one_line(supervisor)
    what = next((one.what for one in reading.acts if one.id == verdict.act), verdict.act)
    seen = (
        f"done, in your reply {verdict.reply}, where the program had not seen it"
        if verdict.done
        else "not done, where the program had taken it for done"
    )
    read = f"has read your conversation “{one_line(reading.title, 120)}” and sees this as {seen}:"
    blocks = [f"<b>{name}</b> {read}\n<b>{safe(what[:LONGEST_ACT])}</b>"]
    if verdict.reply is not None:
        blocks.append(f"You wrote:\n{quote(now.turns[verdict.reply - 1].agent, 300)}")
    blocks.append(f"{name} says:\n{quote(verdict.comment, LONGEST_COMMENT)}")
    blocks.append(changed(reading, before))
    blocks.append(f"What the program saw stays beside it. If you see it otherwise, talk to {name}.")
    return "\n".join(blocks)


def answer_sent(name: str, *, corrected: bool) -> str:
    """The supervisor has answered. ``corrected``: and corrected the list before."""
    if corrected:
        return f"{one_line(name)} has your answer, and your correction of the list."
    return (
        f"{one_line(name)} has your answer. If the list of what was done is wrong, you can correct "
        "it now."
    )


def waits(name: str) -> str:
    """The hire has asked about what was just corrected, and waits."""
    return (
        f"{one_line(name)} still waits for an answer about what was done. Answer it with this too?"
    )
