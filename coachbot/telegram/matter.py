"""Correcting the list of what was done: which act, in which reply, and why.

What the program saw is kept beside it; whether the conversation counts as passed follows from the
corrected list. Rights are looked up again at every press and at every message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coachbot.coaching.reviewing import LONGEST_COMMENT, MATTER, readable
from coachbot.telegram import rendering
from coachbot.telegram.menus import data, row, rows
from coachbot.telegram.reading import reading_of
from coachbot.telegram.rendering import matter as texts
from coachbot.telegram.rendering import writing as forms
from coachbot.telegram.rendering.supervising import not_reached
from coachbot.telegram.rendering.wording import keyboard
from coachbot.telegram.reviewing import open_question, session_of, shown_reading
from coachbot.telegram.writing import ask, form, leave_form, preview, step, tell

if TYPE_CHECKING:
    from coachbot.coaching.people import Member
    from coachbot.reporting.matter import Checked
    from coachbot.telegram.messages import Button
    from coachbot.telegram.rendering.reviewing import Reading
    from coachbot.telegram.visit import Visit

COLUMNS = 4
"""Buttons of replies beside each other."""


def acts(visit: Visit, session_id: str) -> None:
    """The list, each act with a button that corrects it."""
    found = _corrected(visit, session_id)
    if found is None:
        visit.answer(rendering.stale_button())
        return
    reading, _ = found
    buttons: list[tuple[Button, ...]] = [
        *keyboard(
            *(
                (texts.label(n, one), data("act", session_id, n))
                for n, one in enumerate(reading.acts, 1)
            ),
            columns=2,
        ),
        row(("Read the session", data("read", session_id, 1)), ("Cancel", data("cancel"))),
    ]
    step(visit, texts.choose(reading), tuple(buttons), "correcting", "acts", session_id)


def act(visit: Visit, session_id: str, number: str, reply: str = "") -> None:
    """Correct an act, by its place from 1: in which reply it was done, if it was; then why."""
    found = _corrected(visit, session_id)
    one = _at(found[0].acts, number) if found else None
    if found is None or one is None:
        visit.answer(rendering.stale_button())
        return
    reading, _ = found
    turns = len(reading.session.turns)
    if one.reply is not None:
        _ask_why(visit, reading, one, None)
    elif reply or turns == 1:
        said = reply or "1"
        at = int(said) if said.isascii() and said.isdecimal() else 0
        if not 1 <= at <= turns:
            visit.answer(rendering.stale_button())
            return
        _ask_why(visit, reading, one, at)
    else:
        numbers = [(f"Reply {n}", data("act", session_id, number, n)) for n in range(1, turns + 1)]
        buttons = (*keyboard(*numbers, columns=COLUMNS), row(("Cancel", data("cancel"))))
        step(
            visit,
            texts.which_reply(reading, one),
            buttons,
            "correcting",
            "act",
            session_id,
            number,
        )


def _at(found: tuple[Checked, ...], number: str) -> Checked | None:
    place = int(number) if number.isascii() and number.isdecimal() else 0
    return found[place - 1] if 1 <= place <= len(found) else None


def step_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """Text where a button is expected: a reply's number is one, else the buttons come again."""
    arguments = awaiting["arguments"]
    if awaiting["at"] != "act":
        visit.before = forms.tap_a_button()
        acts(visit, *arguments)
        return
    session_id, number = arguments
    said = written.strip().lower().removeprefix("reply").strip(" .")
    turns = len(session_of(visit, session_id, "correct_matter")[0].turns)
    if said.isascii() and said.isdecimal() and 1 <= int(said) <= turns:
        act(visit, session_id, number, said)
        return
    visit.before = forms.tap_a_button()
    act(visit, session_id, number)


def _ask_why(visit: Visit, reading: Reading, one: Checked, reply: int | None) -> None:
    ask(
        visit,
        texts.comment(reading, one, reply),
        form="act",
        session=reading.session.id,
        act=one.id,
        reply=reply,
    )


@form
def act_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The reason for a correction, shown before it goes out."""
    found = _corrected(visit, awaiting["session"])
    one = _named(found[0].acts, awaiting["act"]) if found else None
    if found is None or one is None:
        leave_form(visit, rendering.stale_button())
        return
    said = awaiting.get("text") or readable(written, LONGEST_COMMENT, "Say in a sentence why.")
    preview(visit, awaiting, said, texts.preview(found[0], one, awaiting["reply"], said))


def _named(found: tuple[Checked, ...], name: str) -> Checked | None:
    return next((one for one in found if one.id == name), None)


@form
def send_act(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """Keep a correction; the hire is told it, its reason, and what it changes."""
    office, me = visit.office, visit.hire
    found = _corrected(visit, awaiting["session"])
    one = _named(found[0].acts, awaiting["act"]) if found else None
    if found is None or one is None:
        leave_form(visit, rendering.stale_button())
        return
    reading, owner = found
    reply = awaiting["reply"]
    if (one.reply is None) == (reply is None):
        leave_form(visit, texts.unmoved(reading))
        return
    session = reading.session
    with visit.commit() as answers:
        now = office.reviewing.judge_act(
            session,
            office.repertoire.scenario(session.scenario),
            one.id,
            done=reply is not None,
            judged_by=me.person,
            comment=written,
            reply=reply,
        )
        office.members.set_awaiting(me.person, None)
        after = reading_of(office, now, owner, own=False)
        link = rows(("Read the conversation", data("read", session.id, 1)))
        told = tell(answers, owner, texts.arrived(me.name, after, session), link)
        text = texts.sent(after, session) if told else not_reached(owner.name)
        if not told:
            text += f" {texts.changed(after, session)}"
        buttons = rows(
            ("The list", data("acts", session.id)),
            ("Read the session", data("read", session.id, 1)),
        )
        asked = open_question(after, MATTER)
        if asked is not None:
            text += f"\n\n{texts.waits(owner.name)}"
            same = row(("Answer the question with this too", data("same", asked.id)))
            buttons = (same, *buttons)
        answers.change(text, buttons)


def _corrected(visit: Visit, session_id: str) -> tuple[Reading, Member] | None:
    """What is to be corrected; None where its scenario is gone, or the hire is not done with it."""
    session, owner = session_of(visit, session_id, "correct_matter")
    if session.phase != "debrief" or not session.turns:
        return None
    reading = shown_reading(visit, session, owner)
    return (reading, owner) if reading.acts else None
