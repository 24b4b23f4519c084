"""One session: its scores and grades, questions about them, and the conversation with evidence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbot.coaching.permissions import may
from coachbot.coaching.reviewing import FEELINGS, LONGEST_COMMENT
from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.marking import MarkedTurn, marked
from coachbot.reporting.wording import not_trusted
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScore
from coachbot.web.pages import Page
from coachbot.web.pages.read import (
    Listed,
    Read,
    named_needs,
    names_of,
    read,
    score_of,
    session_of,
    why_of,
)
from coachbot.web.pages.sparkline import sparkline
from coachbot.web.pages.stretches import stretches

if TYPE_CHECKING:
    from starlette.responses import Response

    from coachbot.coaching.reviewing import Dispute
    from coachbot.reporting.debrief import Debrief, DimensionResult
    from coachbot.session.models import Session, Turn
    from coachbot.web.visit import Visit

NOTED = {
    "confirmed": "Noted: you see it as the program does. {name} gets no message about it.",
    "told": "Your grade is kept, and {name} will read it in Telegram with your words.",
    "untold": "Your grade is kept. {untold}",
    "again": "That grade was kept already, so nothing was done twice.",
    "act": "Your correction is kept, and {name} reads it in Telegram. The result stays as it was.",
    "act_passed": (
        "Your correction is kept, and {name} reads it in Telegram. The conversation counts as "
        "passed now."
    ),
    "act_failed": (
        "Your correction is kept, and {name} reads it in Telegram. The conversation does not count "
        "as passed any more."
    ),
    "act_again": "Somebody has corrected this meanwhile, so nothing was changed. Look at it again.",
    "answered": "Your answer is on its way to {name} in Telegram.",
    "unanswered": "Your answer is kept. {untold}",
    "blind": "Thank you. Your grades are kept as blind ones; here is what the program gave.",
    "graded": "You have graded this conversation, so here it is with its scores.",
}
"""What is said after something was done, by the word for it in the address."""

NOTED |= {
    f"{word}_untold": NOTED[word].replace(", and {name} reads it in Telegram.", ". {untold}")
    for word in ("act", "act_passed", "act_failed")
}

NOTED_AT = {"answered": "questions", "unanswered": "questions"} | {
    word: "matter" for word in NOTED if word.startswith("act")
}
"""The section in which it is said, where its result stands; of all others, the scores."""

LEVELS = ("none", "weak", "strong")
"""What 0, 1 and 2 mean of the mechanisms of empathy."""


@dataclass(frozen=True)
class Attempt:
    """An attempt at a turn; ``label``: which one it is; ``here``: the one that is read."""

    session: str
    label: str
    here: bool
    turn: Turn
    scores: dict[Dimension, DimensionScore]


@dataclass(frozen=True)
class ShownTurn:
    """A turn as it is shown."""

    turn: Turn
    words: MarkedTurn
    scores: dict[Dimension, DimensionScore]
    grades: dict[Dimension, list[Listed]]
    done: tuple[str, ...]
    found: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    earlier: bool
    """It belongs to the attempt before this one."""


def show(visit: Visit) -> Response:
    """Show a session."""
    session, owner = session_of(visit, visit.request.path_params["session"], "read_session")
    reading = read(visit, session, owner)
    others = _others(visit, reading)
    conversation = stretches(
        _turns(reading, others),
        _size,
        lambda one: one.turn.number,
        reply=visit.number("reply", 999),
    )
    debrief = _debrief(visit, session)
    only = visit.office.trusting.practice_only(session.scorer)
    disputes = visit.office.records.disputes(session.id)
    feeling = visit.office.records.feeling(session.id)
    noted, noted_at = _noted(visit, reading, disputes, conversation.replies)
    return visit.render(
        "session.html",
        reading=reading,
        session=session,
        owner=owner,
        own=owner.person == visit.me.person,
        teams=[team for team in visit.teams() if team in owner.teams],
        debrief=debrief,
        substance=named_needs(debrief.substance, reading.scenario) if debrief else None,
        why=why_of(debrief, owner.name) if debrief else "",
        LEVELS=LEVELS,
        results=_results(debrief),
        only=only,
        untrusted=not_trusted(only),
        conversation=conversation,
        turns=conversation.turns,
        here=conversation.replies,
        attempts=[(one.id, _label(one, others), one) for one in others] if others[1:] else [],
        mood=sparkline(_moods(session), width=560, height=120),
        small=sparkline(_moods(session), width=112, height=28),
        disputes=disputes,
        answers_by=names_of(visit, [dispute.answered_by for dispute in disputes]),
        may_answer=may(visit.me, "answer_dispute", owner=owner),
        feeling=FEELINGS[feeling.feeling - 1] if feeling else "",
        noted=noted,
        noted_at=noted_at,
        moved=any(turn.score.evidence is not None for turn in session.turns),
        longest=LONGEST_COMMENT,
    )


def _noted(
    visit: Visit, reading: Read, disputes: Sequence[Dispute], shown: Collection[int]
) -> tuple[str, str]:
    """What is said of what was just done, and where: in a section, or at a reply by its number."""
    word = visit.query.get("noted", "")
    text = NOTED.get(word, "")
    said = text.format(name=reading.owner.name, untold=reading.untold).strip()
    reply = visit.number("reply", 999) if "reply" in visit.query else 0
    if reply in shown:
        return said, str(reply)
    if word in ("told", "untold") and any(one.answered is None for one in disputes):
        said += " A question about this conversation still waits for an answer."
    place = NOTED_AT.get(word, "scores")
    return said, "scores" if place == "questions" and not disputes else place


def _others(visit: Visit, reading: Read) -> list[Session]:
    """All attempts that are over, oldest first, with the one that is read."""
    session = reading.session
    found = [
        session if attempt == session.id else visit.office.sessions.get(attempt)
        for attempt in visit.office.attempts(session.id)
    ]
    if reading.owner.person == visit.me.person:
        found = [one for one in found if one.phase == "debrief"]
    if reading.may_grade:
        # Their scores stand beside those of this one.
        visit.office.blind.look([one.id for one in found], visit.me.person)
    return found


def _label(one: Session, attempts: Sequence[Session]) -> str:
    number = next(n for n, other in enumerate(attempts) if other.id == one.id)
    return "First attempt" if one.retry_of is None else f"Attempt {number + 1}"


def _debrief(visit: Visit, session: Session) -> Debrief | None:
    """What the hire read at the end; None where the scenario is no longer there."""
    try:
        return visit.office.repertoire.debrief(session)
    except (NotFound, ScenarioError):
        return None


def _results(debrief: Debrief | None) -> dict[Dimension, DimensionResult]:
    return {one.dimension: one for one in debrief.dimensions} if debrief else {}


def _moods(session: Session) -> list[float]:
    return [session.opening_state.mood, *(turn.mood_after for turn in session.turns)]


def _turns(reading: Read, attempts: Sequence[Session]) -> list[ShownTurn]:
    session, scenario = reading.session, reading.scenario
    needs = {need.id: need.what for need in scenario.needs} if scenario else {}
    words = marked(session)
    return [
        ShownTurn(
            turn=turn,
            words=words[turn.number],
            scores=_scores(session, turn),
            grades={d: reading.grades_of(turn.number, d) for d in DIMENSIONS},
            done=_done(reading, turn),
            found=tuple(needs.get(need, need) for need in turn.needs_revealed),
            attempts=_attempts(session, turn.number, attempts),
            earlier=session.branched_at is not None and turn.number < session.branched_at,
        )
        for turn in session.turns
    ]


def _done(reading: Read, turn: Turn) -> tuple[str, ...]:
    """What counts as done in a reply; by its names alone where the scenario is no longer there."""
    if reading.scenario is None:
        return tuple(act.id for act in turn.acts)
    return tuple(
        f"{one.what} (corrected)" if one.corrected else one.what
        for one in reading.acts
        if one.reply == turn.number
    )


def _size(one: ShownTurn) -> int:
    """About how many bytes a turn takes on the page."""
    words = [*one.turn.customer, one.turn.agent, *(a.turn.agent for a in one.attempts)]
    reasons = [effect.reason for note in one.words.notes for effect in note.effects]
    comments = [g.grade.comment or "" for grades in one.grades.values() for g in grades]
    return (
        3000
        + sum(len(text.encode()) for text in words + reasons)
        + 400 * len(one.words.notes)
        + 60 * len(reasons)
        + sum(250 + len(text.encode()) for text in comments)
        + 700 * len(one.attempts)
    )


def _scores(session: Session, turn: Turn) -> dict[Dimension, DimensionScore]:
    return {dimension: score_of(session, turn, dimension) for dimension in DIMENSIONS}


def _attempts(session: Session, number: int, attempts: Sequence[Session]) -> tuple[Attempt, ...]:
    """What else was written at this point of the conversation: the same had been said before."""
    if not any(one.branched_at == number for one in attempts):
        return ()
    before = session.turns[: number - 1]
    found = [
        Attempt(one.id, _label(one, attempts), one.id == session.id, turn, _scores(one, turn))
        for one in attempts
        if one.turns[: number - 1] == before
        for turn in one.turns[number - 1 : number]
        if one.id == session.id or turn != session.turns[number - 1]
    ]
    # An attempt that goes on from another one has its reply as well, which is said once.
    first = {attempt.turn.agent: attempt for attempt in reversed(found)}
    own = session.turns[number - 1].agent
    return tuple(a for a in found if a is first[a.turn.agent]) if first.keys() - {own} else ()


PAGE = Page("session", "/sessions/{session}", "read_session", show=show)
