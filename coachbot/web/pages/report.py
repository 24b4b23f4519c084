"""One session on paper: what the hire did, how it was scored, what people said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbot.coaching.reviewing import FEELINGS
from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.marking import marked
from coachbot.reporting.wording import matter, not_trusted
from coachbot.web.pages import Page
from coachbot.web.pages.read import named_needs, names_of, read, session_of, why_of
from coachbot.web.pages.sparkline import sparkline

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.reporting.debrief import Debrief
    from coachbot.session.models import Session
    from coachbot.web.visit import Visit


def show(visit: Visit) -> Response:
    """Show a session as it is printed."""
    session, owner = session_of(visit, visit.request.path_params["session"], "read_session")
    reading = read(visit, session, owner)
    debrief = _debrief(visit, session)
    disputes = visit.office.records.disputes(session.id)
    feeling = visit.office.records.feeling(session.id)
    only = visit.office.trusting.practice_only(session.scorer)
    words = marked(session)
    return visit.render(
        "report.html",
        reading=reading,
        session=session,
        owner=owner,
        debrief=debrief,
        matter=(
            matter(named_needs(debrief.substance, reading.scenario), of_others=True)
            if debrief
            else []
        ),
        marks={one.dimension: one for one in debrief.dimensions} if debrief else {},
        why=why_of(debrief, owner.name) if debrief else "",
        mood=sparkline([session.opening_state.mood, *(turn.mood_after for turn in session.turns)],
                       width=960, height=130),
        notes={turn.number: words[turn.number].notes for turn in session.turns},
        untrusted=not_trusted(only),
        disputes=disputes,
        answers_by=names_of(visit, [dispute.answered_by for dispute in disputes]),
        feeling=FEELINGS[feeling.feeling - 1] if feeling else "",
        printed=visit.office.clock().isoformat(timespec="seconds"),
    )  # fmt: skip


def _debrief(visit: Visit, session: Session) -> Debrief | None:
    try:
        return visit.office.repertoire.debrief(session)
    except (NotFound, ScenarioError):
        return None


PAGE = Page("report", "/sessions/{session}/report", "read_session", show=show)
