"""What people are asked to write: asked for, shown to them before it goes out, and left.

Nothing that somebody wrote reaches anybody else before they have seen it once more and said so.
Where a button is expected, a step is noted too, so that text can be taken for what it is.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from coachbot.errors import Forbidden, NotFound
from coachbot.telegram import rendering
from coachbot.telegram.menus import data, row
from coachbot.telegram.rendering import writing as texts

if TYPE_CHECKING:
    from coachbot.coaching.people import Member
    from coachbot.telegram.messages import Keyboard
    from coachbot.telegram.visit import Answers, Visit

Form = Callable[["Visit", dict[str, Any], str], None]

LONGEST_WAIT = 3600.0
"""Seconds after which nobody remembers what they were asked to write."""

SEND = ("Send", "Change", "Don't send")
"""Under a text before it goes out: yes, write it again, no."""

KEEP = frozenset(("post", "rewrite", "cancel", "read", "turn", "pasted"))
"""Presses that belong to a form: the session that it is about may be read meanwhile."""
REPLACE = frozenset(("give", "grade", "act", "answer", "focus", "close", "date", "call", "found"))
"""Presses that open a form: in the place of one into which nothing has been written."""


# --- Asking ---------------------------------------------------------------------------------------


def ask(
    visit: Visit, text: str, buttons: Keyboard = (), *, anew: bool = False, **awaiting: object
) -> None:
    """Ask for a message, in the place of the one in which a button was pressed unless ``anew``."""
    with visit.commit() as answers:
        put_form(visit, awaiting)
        say = answers.say if anew else answers.change
        say(text, (*buttons, row(("Cancel", data("cancel")))))


def put_form(visit: Visit, awaiting: dict[str, Any]) -> None:
    """Wait for a message from now on."""
    kept = {**awaiting, "since": visit.office.clock()}
    visit.office.members.set_awaiting(visit.hire.person, kept)


def step(
    visit: Visit,
    text: str,
    buttons: Keyboard,
    form: str,
    at: str,
    *arguments: object,
    change: bool = False,
) -> None:
    """Offer buttons, and remember which: what is written then is read as an answer to them.

    Not in the middle of a conversation, where what is written is the customer's.
    """
    with visit.commit() as answers:
        if visit.hire.session_id is None:
            put_form(visit, {"form": form, "at": at, "arguments": list(map(str, arguments))})
        say = answers.change if change else answers.say
        say(text, buttons)


def form(handle: Form) -> Form:
    """Let a form go that its reader may not fill in any more, or that is about what is gone."""

    @functools.wraps(handle)
    def handled(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
        try:
            handle(visit, awaiting, written)
        except (Forbidden, NotFound) as error:
            leave_form(visit, rendering.html(error.message))

    return handled


def leave_form(visit: Visit, why: str) -> None:
    """Wait for nothing any more, and say why."""
    with visit.commit() as answers:
        visit.office.members.set_awaiting(visit.hire.person, None)
        answers.say(why)


def tell(answers: Answers, who: Member, text: str, buttons: Keyboard = ()) -> bool:
    """Send somebody else a message; False where it can't reach them, and nothing is sent."""
    if who.reachable:
        answers.say(text, buttons, to=who.telegram)
    return who.reachable


# --- Before it goes out ---------------------------------------------------------------------------


def preview(
    visit: Visit,
    awaiting: dict[str, Any],
    written: str,
    shown: str,
    labels: tuple[str, str, str] = SEND,
) -> None:
    """Show what would go out, and wait for a yes. ``shown``: HTML, with ``written`` in it."""
    kept = {**awaiting, "text": written}
    key = key_of_form(kept)
    yes, other, no = labels
    text = f"{texts.nothing_sent_yet()}\n\n{shown}" if "text" in awaiting else shown
    with visit.commit() as answers:
        put_form(visit, kept)
        answers.say(
            text,
            (
                row((yes, data("post", key))),
                row((other, data("rewrite", key)), (no, data("cancel"))),
            ),
        )


def key_of_form(awaiting: dict[str, Any]) -> str:
    """What tells a preview from an earlier one: a button of that one sends nothing."""
    kept = {name: value for name, value in awaiting.items() if name != "since"}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:12]


def rewrite(visit: Visit, key: str) -> None:
    """What was written isn't what is meant: ask for it once more."""
    awaiting = shown_form(visit, key)
    if awaiting is None:
        visit.answer(texts.nothing_waits())
        return
    empty = {name: value for name, value in awaiting.items() if name != "text"}
    ask(visit, texts.write_again(), **empty)


def shown_form(visit: Visit, key: str) -> dict[str, Any] | None:
    """The form of which a preview with this key was shown; None where it is sent or left."""
    awaiting = visit.hire.awaiting
    if awaiting is None or "text" not in awaiting or key_of_form(awaiting) != key:
        return None
    return awaiting


# --- Going on to something else -------------------------------------------------------------------


def leaves(visit: Visit, verb: str | None) -> None:
    """Let a form go when something else is asked for, and say so where something is lost.

    ``verb``: of the button that was pressed; None: a command, or a file that was sent.
    """
    awaiting = visit.member.awaiting if visit.member else None
    name = awaiting.get("form", "") if awaiting else ""
    if awaiting is None or name not in texts.LEFT or (verb in KEEP and not texts.is_step(name)):
        return
    if verb == "cancel":
        return
    visit.lets_go = True
    if not texts.is_step(name) and not (verb in REPLACE and "text" not in awaiting):
        visit.before = texts.form_left(name)


def forgets(visit: Visit) -> None:
    """Let a form go that was opened so long ago that what is written now is hardly for it."""
    member = visit.member
    awaiting = member.awaiting if member else None
    name = awaiting.get("form", "") if awaiting else ""
    if member is None or awaiting is None or name not in texts.LEFT:
        return
    if visit.office.clock() - float(awaiting.get("since", 0.0)) <= LONGEST_WAIT:
        return
    visit.lets_go = True
    if not texts.is_step(name):
        visit.before = texts.form_forgotten(name)
    visit.member = member.model_copy(update={"awaiting": None})
