"""What a finished session amounts to: by what the program saw, and by what people corrected of it.

The program's own view is never lost: what it saw stands in the turns, and a correction beside it.
"""

from __future__ import annotations

from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.session_value import session_values
from coachbot.session.models import ActVerdict, Session

MOST_OVER_PROMISES = 1
"""Promises of what may not be offered: one can be a slip; two, or the same again, let down."""


def acts_seen(session: Session) -> dict[str, int]:
    """The acts that the program saw done, each with the reply that did it, from 1."""
    return {act.id: turn.number for turn in session.turns for act in turn.acts}


def corrections(session: Session) -> dict[str, ActVerdict]:
    """For each act that somebody sees otherwise than the program: the newest verdict on it."""
    seen = acts_seen(session)
    newest = {verdict.act: verdict for verdict in session.verdicts}
    return {act: one for act, one in newest.items() if one.done != (act in seen)}


def acts_done(session: Session) -> dict[str, int]:
    """The acts that count as done, each with the reply that did it, from 1."""
    done = acts_seen(session)
    for act, verdict in corrections(session).items():
        if verdict.reply is not None:
            done[act] = verdict.reply
        else:
            done.pop(act, None)
    return done


def resolved(session: Session, scenario: Scenario) -> bool:
    """Whether everything was done, and the customer went away warm.

    Without a correction that is how the conversation ended. Where the program had missed an act,
    the customer went on pressing for it, so the end says little: what counts is the mood at the
    reply that completed the matter, or later. It has to be the one that the scenario asks for then.
    """
    corrected = corrections(session)
    if not corrected or session.outcome == "resolved":
        kept = all(verdict.done for verdict in corrected.values())
        return session.outcome == "resolved" and kept
    done = acts_done(session)
    replies = [done.get(act.id) for act in scenario.resolution.acts]
    if None in replies:
        return False
    complete = max(reply for reply in replies if reply is not None)
    moods = [turn.mood_after for turn in session.turns[complete - 1 :]]
    return max(moods, default=0.0) >= scenario.resolution.warm_mood


def passed(session: Session, scenario: Scenario) -> bool:
    """Resolved, every scored dimension's session value at or above its pass mark, words kept.

    More than ``MOST_OVER_PROMISES`` promises of what may not be offered, in however many replies,
    are no pass.
    """
    if not resolved(session, scenario) or len(session.state.over_promised) > MOST_OVER_PROMISES:
        return False
    values = session_values([turn.score for turn in session.turns])
    return all(
        value is None or value >= getattr(scenario.pass_marks, dimension)
        for dimension in DIMENSIONS
        for value in [values[dimension].score]
    )
