"""A second attempt from a reply on: begun, compared after one new reply, or gone on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.telegram import rendering
from coachbot.telegram.debriefing import is_offered, what_next
from coachbot.telegram.menus import data, row, rows

if TYPE_CHECKING:
    from coachbot.session.models import Session
    from coachbot.telegram.messages import Keyboard
    from coachbot.telegram.office import Office
    from coachbot.telegram.visit import Answers, Visit


def has_new_reply(session: Session) -> bool:
    """Whether a second attempt has gone on by a reply of its own."""
    return session.branched_at is not None and len(session.turns) >= session.branched_at


def stopped(session: Session) -> bool:
    """Whether this is a second attempt that the hire broke off, so that it has no result."""
    return session.retry_of is not None and session.outcome == "ended"


def offer_to_compare(answers: Answers, session: Session, customer: str) -> None:
    """After the first new reply: see both now, or go on."""
    if session.branched_at is None or len(session.turns) != session.branched_at:
        return
    answers.say(
        rendering.compare_offer(session.branched_at, customer),
        (
            row(
                ("Compare now", data("compare", session.id)), ("Go on", data("further", session.id))
            ),
        ),
    )


def further(visit: Visit, session_id: str) -> None:
    """The hire goes on; the customer's last words are still waiting."""
    from coachbot.telegram.trainee import own

    own(visit, session_id)
    with visit.commit() as answers:
        answers.take_buttons()


def compare(visit: Visit, session_id: str) -> None:
    """End a second attempt where it stands, and show its first new reply beside the old one."""
    from coachbot.telegram.trainee import own

    office, hire = visit.office, visit.hire
    session = own(visit, session_id)
    if session.retry_of is None or session.phase == "debrief":
        visit.answer(rendering.stale_button())
        return
    coach = office.coach.without_trace()
    rated = coach.rate(coach.end(session), None)
    with visit.commit() as answers:
        answers.take_buttons()
        office.coach.sessions.save(rated)
        office.members.set_session(hire.person, None)
        office.post.clear_drafts(hire.person)
        show(office, answers, rated)


def show(office: Office, answers: Answers, session: Session) -> None:
    """The comparison of a second attempt that was broken off: of its first new reply only."""
    name = office.repertoire.scenario(session.scenario).persona.name
    turn = session.branched_at or 1
    if session.retry_of is None or not has_new_reply(session):
        answers.say(rendering.stopped_early(name), _then(office, session, turn))
        return
    before = office.sessions.get(session.retry_of).turns[turn - 1]
    text = rendering.one_reply(before, session.turns[turn - 1], name)
    answers.say(text, _then(office, session, turn))


def _then(office: Office, session: Session, turn: int) -> Keyboard:
    once_more = rows((f"Try reply {turn} once more", data("try", session.retry_of, turn)))
    return (*once_more, *what_next(session, offered=is_offered(office, session)))
