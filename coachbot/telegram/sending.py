"""What was written and shown goes out, once somebody has said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.telegram import focusing, matter, reviewing, teams
from coachbot.telegram.rendering import writing as texts
from coachbot.telegram.writing import Form, shown_form

if TYPE_CHECKING:
    from coachbot.telegram.visit import Visit

SENDS: dict[str, Form] = {
    "grade": reviewing.send_grade,
    "answer": reviewing.send_answer,
    "act": matter.send_act,
    "focus": focusing.send_focus,
    "close": focusing.send_close,
    "team": teams.send_found,
    "rename": teams.send_rename,
}
"""For each form what happens with the text once it was seen; rights are looked up again there."""


def post(visit: Visit, key: str) -> None:
    """Send what was shown; a button under an older text sends nothing."""
    awaiting = shown_form(visit, key)
    send = SENDS.get(awaiting["form"]) if awaiting else None
    if awaiting is None or send is None:
        visit.answer(texts.nothing_waits())
        return
    send(visit, awaiting, awaiting["text"])
