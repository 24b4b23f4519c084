"""The one thing that a hire works on: proposed, agreed on or talked about, followed up, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coachbot.coaching.permissions import demand
from coachbot.coaching.reviewing import LONGEST_COMMENT, LONGEST_FOCUS, readable
from coachbot.errors import Forbidden, NotFound
from coachbot.reporting.debrief import NAMES
from coachbot.scoring.interface import DIMENSIONS
from coachbot.telegram import rendering
from coachbot.telegram.menus import data, rows
from coachbot.telegram.rendering import supervising as texts
from coachbot.telegram.rendering import writing as forms
from coachbot.telegram.reviewing import CODES, dimension_of
from coachbot.telegram.writing import ask, form, leave_form, preview, step, tell

if TYPE_CHECKING:
    from coachbot.coaching.people import Member
    from coachbot.coaching.permissions import Action
    from coachbot.coaching.reviewing import Focus
    from coachbot.telegram.messages import Keyboard
    from coachbot.telegram.visit import Visit

DONE, END = "done", "end"
_STRANGER = "This is about somebody whom you don't supervise (any more)."


def somebody(visit: Visit, number: str, action: Action) -> Member:
    """Who a button is about. ``Forbidden`` alike for strangers and for those there are not."""
    found = visit.office.members.by_telegram(int(number)) if _is_number(number) else None
    if found is None:
        raise Forbidden(_STRANGER)
    demand(visit.hire, action, owner=found)
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def open_focus(visit: Visit, person: str) -> Focus | None:
    """What somebody works on, or has been asked to."""
    newest = next(iter(visit.office.records.focuses(person)), None)
    return newest if newest is not None and newest.ended is None else None


# --- Proposing ------------------------------------------------------------------------------------


def focus(visit: Visit, number: str, code: str = "") -> None:
    """Choose the dimension, then be asked for the sentence."""
    hire = somebody(visit, number, "agree_focus")
    there = open_focus(visit, hire.person)
    if there is not None:
        back = rows((f"{hire.name[:30]}: all sessions", data("person", hire.telegram)))
        visit.answer(texts.focus_there(hire.name, there), back)
        return
    dimension = dimension_of(code)
    if dimension is None:
        buttons = [
            (rendering.dimension_name(d), data("focus", hire.telegram, CODES[d]))
            for d in DIMENSIONS
        ]
        keys = rows(*buttons, ("Cancel", data("cancel")))
        step(visit, texts.focus_dimension(hire.name), keys, "focusing", "focus", hire.telegram)
        return
    text = texts.focus_sentence(hire.name, dimension)
    ask(visit, text, form="focus", person=hire.person, dimension=dimension)


def step_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """Text in the place of a dimension's button: its name will do."""
    (number,) = awaiting["arguments"]
    said = " ".join(written.lower().split())
    code = next((CODES[d] for d in DIMENSIONS if said and NAMES[d].startswith(said)), "")
    if not code:
        visit.before = forms.tap_a_button()
    focus(visit, number, code)


@form
def focus_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The sentence, shown before it goes out."""
    hire = _member(visit, awaiting["person"], "agree_focus")
    there = open_focus(visit, hire.person)
    if there is not None:
        leave_form(visit, texts.focus_there(hire.name, there))
        return
    missing = "Write the focus as one sentence to keep in mind."
    said = awaiting.get("text") or readable(" ".join(written.split()), LONGEST_FOCUS, missing)
    dimension = NAMES[awaiting["dimension"]]
    preview(visit, awaiting, said, forms.focus_preview(hire.name, dimension, said))


@form
def send_focus(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The hire is asked what they think."""
    office, me = visit.office, visit.hire
    hire = _member(visit, awaiting["person"], "agree_focus")
    there = open_focus(visit, hire.person)
    if there is not None:
        leave_form(visit, texts.focus_there(hire.name, there))
        return
    with visit.commit() as answers:
        made = office.reviewing.propose_focus(
            hire.person, awaiting["dimension"], written, made_by=me.person
        )
        office.members.set_awaiting(me.person, None)
        told = tell(answers, hire, texts.focus_proposed(me.name, made), _answers(made))
        text = texts.focus_sent(hire.name) if told else texts.not_reached(hire.name)
        answers.change(text, rows((f"Back to {hire.name[:30]}", data("person", hire.telegram))))


def _answers(focus: Focus) -> Keyboard:
    return rows(
        ("I'll work on that", data("accept", focus.id)),
        ("Let's talk first", data("talk", focus.id)),
    )


# --- What the hire says ---------------------------------------------------------------------------


def accept(visit: Visit, focus_id: str) -> None:
    """The hire says yes."""
    office, hire = visit.office, visit.hire
    found = _own(visit, focus_id)
    with visit.commit() as answers:
        if found.ended is not None:
            answers.change(texts.focus_over())
            return
        answers.change(texts.focus_accepted(found), rows(("Practise", data("menu"))))
        # Tapped twice, it is agreed on once, and told once.
        if found.agreed is None:
            office.reviewing.agree(found.id)
            maker = _maker(visit, found)
            if maker is not None:
                tell(answers, maker, texts.hire_accepts(hire.name, found), _to_person(hire))


def talk(visit: Visit, focus_id: str) -> None:
    """The hire would rather talk about it first."""
    office, hire = visit.office, visit.hire
    found = _own(visit, focus_id)
    maker = _maker(visit, found)
    again = found.id in office.wanting_to_talk
    with visit.commit() as answers:
        if found.ended is not None:
            answers.change(texts.focus_over())
            return
        if found.agreed is not None:
            answers.change(texts.focus_accepted(found), rows(("Practise", data("menu"))))
            return
        answers.change(
            texts.talk_first(found, maker.name if maker else None),
            rows(("I'll work on that", data("accept", found.id))),
        )
        if maker is not None and not again:
            tell(answers, maker, texts.hire_wants_to_talk(hire.name, found), _to_person(hire))
    office.wanting_to_talk.add(found.id)


def _own(visit: Visit, focus_id: str) -> Focus:
    found = _focus(visit, focus_id)
    if found.person != visit.hire.person:
        raise Forbidden("This belongs to somebody else, and only they can do that.")
    demand(visit.hire, "accept_focus")
    return found


def _maker(visit: Visit, focus: Focus) -> Member | None:
    """Who proposed it, as long as they still supervise the hire and can be reached."""
    maker = visit.office.members.member(focus.made_by) if focus.made_by else None
    supervisors = {s.person for s in visit.office.supervisors_of(visit.hire)}
    return maker if maker is not None and maker.person in supervisors else None


def _to_person(hire: Member) -> Keyboard:
    return rows((hire.name[:30], data("person", hire.telegram)))


# --- Following up ---------------------------------------------------------------------------------


def close(visit: Visit, focus_id: str, how: str) -> None:
    """Ask what came of it."""
    found = _focus(visit, focus_id)
    hire = _member(visit, found.person, "agree_focus")
    if found.ended is not None or how not in (DONE, END):
        visit.answer(texts.focus_over() if found.ended else rendering.stale_button())
        return
    ask(
        visit,
        texts.focus_result(hire.name, found, worked=how == DONE),
        anew=True,
        form="close",
        focus=found.id,
        person=hire.person,
        how=how,
    )


@form
def close_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """What came of it, shown before it goes out."""
    found = _focus(visit, awaiting["focus"])
    hire = _member(visit, found.person, "agree_focus")
    if found.ended is not None:
        leave_form(visit, texts.focus_over())
        return
    missing = "Write what came of it, in a sentence."
    said = awaiting.get("text") or readable(written, LONGEST_COMMENT, missing)
    shown = forms.close_preview(hire.name, said, worked=awaiting["how"] == DONE)
    preview(visit, awaiting, said, shown)


@form
def send_close(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The focus is closed, and the hire reads what came of it."""
    office, me = visit.office, visit.hire
    found = _focus(visit, awaiting["focus"])
    hire = _member(visit, found.person, "agree_focus")
    if found.ended is not None:
        leave_form(visit, texts.focus_over())
        return
    worked = awaiting["how"] == DONE
    with visit.commit() as answers:
        ended = office.reviewing.end_focus(found.id, written)
        office.members.set_awaiting(me.person, None)
        text = texts.focus_closed(me.name, found, ended.result or "", worked=worked)
        told = tell(answers, hire, text)
        said = texts.focus_closed_for(hire.name) if told else texts.not_reached(hire.name)
        answers.change(
            said,
            rows(
                ("Choose the next", data("focus", hire.telegram)),
                (f"Back to {hire.name[:30]}", data("person", hire.telegram)),
            ),
        )


def _member(visit: Visit, person: str, action: Action) -> Member:
    found = visit.office.members.member(person)
    if found is None:
        raise Forbidden(_STRANGER)
    demand(visit.hire, action, owner=found)
    return found


def _focus(visit: Visit, focus_id: str) -> Focus:
    try:
        return visit.office.reviewing.repository.focus(focus_id)
    except NotFound:
        raise NotFound("This focus is no longer there; it may have been deleted.") from None
