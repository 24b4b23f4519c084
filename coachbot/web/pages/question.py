"""A hire's question about a score or about what was done, and the form for its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.coaching.reviewing import LONGEST_COMMENT
from coachbot.errors import UsageError
from coachbot.reporting.matter import replies_in_question
from coachbot.web.pages import Page
from coachbot.web.pages.grading import named_replies
from coachbot.web.pages.read import names_of, read, session_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.coaching.people import Member
    from coachbot.coaching.reviewing import Dispute
    from coachbot.session.models import Session
    from coachbot.web.visit import Visit


def show(visit: Visit) -> Response:
    """Show the question, what the scorer gave, and the answer or its form."""
    return _page(visit, *_asked(visit))


def do(visit: Visit) -> Response:
    """Answer it, once; the hire is told."""
    dispute, session, owner = _asked(visit)
    office, me = visit.office, visit.me
    try:
        with office.transaction():
            answered = office.reviewing.answer(
                dispute.id, visit.form.get("answer", ""), answered_by=me.person
            )
            told = office.notices.answered(answered, session, owner, me)
    except UsageError as error:
        return _page(visit, *_asked(visit), problem=error.message)
    noted = "answered" if told else "unanswered"
    return visit.go(f"/sessions/{session.id}?noted={noted}#noted")


def _asked(visit: Visit) -> tuple[Dispute, Session, Member]:
    found = visit.office.reviewing.repository.dispute(visit.request.path_params["question"])
    session, owner = session_of(visit, found.session, "answer_dispute")
    return found, session, owner


def _page(
    visit: Visit, dispute: Dispute, session: Session, owner: Member, problem: str = ""
) -> Response:
    reading = read(visit, session, owner)
    subject = dispute.dimension
    return visit.render(
        "question.html",
        400 if problem else 200,
        reading=reading,
        dispute=dispute,
        by=names_of(visit, [dispute.answered_by])[dispute.answered_by],
        value=None if subject == "matter" else reading.score_of(None, subject),
        grades=[] if subject == "matter" else reading.grades_of(None, subject),
        replies=(
            replies_in_question(dispute.comment, session)
            if subject == "matter"
            else named_replies(dispute, session)
        ),
        longest=LONGEST_COMMENT,
        problem=problem,
        answer=visit.form.get("answer", ""),
    )


PAGE = Page("question", "/questions/{question}", "answer_dispute", show=show, do=do)
