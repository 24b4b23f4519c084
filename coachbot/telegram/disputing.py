"""Questioning a score, or what is said to have been done; the supervisors hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coachbot.coaching.publishing import is_trial
from coachbot.coaching.reviewing import LONGEST_COMMENT, MATTER, Subject, readable
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.telegram import rendering
from coachbot.telegram.asides import asked_of_the_program, asks_about_data
from coachbot.telegram.menus import data, rows
from coachbot.telegram.rendering.practising import ADDING
from coachbot.telegram.rendering.training import trial_counts_for_nothing
from coachbot.telegram.trainee import CANCEL, QUESTIONING, kept_unsent, own, simply_written

if TYPE_CHECKING:
    from coachbot.session.models import Session
    from coachbot.telegram.messages import Keyboard
    from coachbot.telegram.visit import Visit


def question(visit: Visit, session_id: str, place: str = "") -> None:
    """Question a score (its place among the dimensions) or what was done: which, then why."""
    session = own(visit, session_id)
    if not session.over:
        visit.answer(rendering.stale_button())
        return
    if is_trial(session.scenario):
        visit.answer(trial_counts_for_nothing())
        return
    waits = kept_unsent(visit, session)
    about_acts = place == MATTER and bool(session.turns)
    if not about_acts and place not in map(str, range(len(DIMENSIONS))):
        buttons = [
            (rendering.dimension_name(d), data("question", session.id, DIMENSIONS.index(d)))
            for d in _scored(visit, session)
        ]
        if session.turns:
            buttons.append((rendering.what_i_did(), data("question", session.id, MATTER)))
        _ask_which(visit, session, waits["text"] if waits else "", rows(*buttons, CANCEL))
        return
    dimension: Subject = MATTER if about_acts else DIMENSIONS[int(place)]
    if waits is not None:
        _dispute(visit, session, dimension, waits["text"])
        return
    with visit.commit() as answers:
        visit.office.members.set_awaiting(
            visit.hire.person,
            {"form": "dispute", "session": session.id, "dimension": dimension},
        )
        answers.say(rendering.dispute_question(dimension), rows(CANCEL))


def _ask_which(visit: Visit, session: Session, written: str, buttons: Keyboard) -> None:
    """Ask what the question is about; what is written before that is kept for it."""
    said = rendering.which_score_of(written) if written else rendering.which_score()
    with visit.commit() as answers:
        visit.office.members.set_awaiting(
            visit.hire.person, {"form": QUESTIONING, "session": session.id, "text": written}
        )
        answers.say(said, buttons)


def questioning_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The reasons come before the choice of what is questioned: keep them, and ask again."""
    before = awaiting.get("text", "")
    both = f"{before}\n{written}" if before else written
    reasons = readable(both, LONGEST_COMMENT, "Say in a sentence what you see otherwise.")
    visit.member = visit.hire.model_copy(update={"awaiting": {**awaiting, "text": reasons}})
    question(visit, awaiting["session"])


def _scored(visit: Visit, session: Session) -> list[Dimension]:
    results = visit.office.repertoire.debrief(session).dimensions
    return [r.dimension for r in results if r.value.score is not None]


def dispute_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """The hire's reasons for questioning something."""
    _dispute(visit, own(visit, awaiting["session"]), awaiting["dimension"], written)


def _dispute(visit: Visit, session: Session, subject: Subject, written: str) -> None:
    """Question something; the supervisors are told."""
    office, hire = visit.office, visit.hire
    with visit.commit() as answers:
        asked = office.reviewing.dispute(session.id, subject, written)
        office.members.set_awaiting(
            hire.person,
            {
                "form": "adding",
                "session": session.id,
                "dispute": asked.id,
                "until": office.clock() + 60 * ADDING,
            },
        )
        answers.say(rendering.dispute_sent(asked.dimension))
        for supervisor in office.supervisors_of(hire):
            answers.say(
                rendering.dispute_arrived(hire.name, subject, written),
                rows(
                    ("Read the session", data("read", session.id, 1)),
                    ("Answer", data("dispute", asked.id)),
                ),
                to=supervisor.telegram,
            )


def adding_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """More on a score that was just questioned, for a few minutes; then it is simply a message."""
    office, hire = visit.office, visit.hire
    if office.clock() > float(awaiting["until"]) or asked_of_the_program(written):
        simply_written(visit)
        return
    with visit.commit() as answers:
        extended = office.reviewing.add_to_dispute(awaiting["dispute"], written)
        if extended is None:
            office.members.set_awaiting(hire.person, None)
            answers.say(rendering.dispute_closed())
            return
        names = [one.name for one in office.supervisors_of(hire)]
        answers.say(rendering.dispute_added(names if asks_about_data(written) else None))
        for supervisor in office.supervisors_of(hire):
            answers.say(
                rendering.dispute_grows(hire.name, extended.dimension, written),
                rows(
                    ("Read the session", data("read", extended.session, 1)),
                    ("Answer", data("dispute", extended.id)),
                ),
                to=supervisor.telegram,
            )
