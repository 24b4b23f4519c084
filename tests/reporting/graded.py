"""Teams with sessions and grades, in a real file, for tests of how far scores are trusted."""

from __future__ import annotations

from coachbot.coaching.reviewing import Reviewing
from coachbot.coaching.trusting import Trusting
from coachbot.scoring.interface import DimensionScore
from coachbot.session.models import Session
from coachbot.store import Store
from tests.store.samples import closed, gone_on, new_session

NOW = "2026-03-20T09:00:00+00:00"


def join(store: Store, person: str, team: str = "North", role: str = "trainee") -> None:
    """Somebody joins a team, under their id with a capital letter as the name."""
    with store._database.writing() as db:
        (number,) = db.execute("SELECT count(*) FROM members").fetchone()
        db.execute("INSERT OR IGNORE INTO teams VALUES (?, '')", [team])
        db.execute("INSERT OR IGNORE INTO people VALUES (?, '')", [person])
        db.execute(
            "INSERT OR IGNORE INTO members (person, telegram, name, joined) VALUES (?, ?, ?, '')",
            [person, number, person.title()],
        )
        db.execute("INSERT INTO memberships VALUES (?, ?, ?, '')", [person, team, role])


def session_with(
    name: str,
    empathy: float,
    *,
    person: str = "ada",
    scorer: str = "minilm 1",
    scenario: str = "late-parcel",
    reply: str = "I am sorry about the parcel.",
) -> Session:
    """A finished session of one reply whose empathy was scored so, ten points to either side."""
    session = new_session(name, person=person).model_copy(
        update={"scorer": scorer, "scenario": scenario}
    )
    (turn,) = gone_on(session, 1).turns
    assert turn.score.dimensions is not None
    value = DimensionScore(
        status="scored", score=empathy, low=max(0, empathy - 10), high=min(100, empathy + 10)
    )
    dimensions = turn.score.dimensions.model_copy(update={"empathy": value})
    score = turn.score.model_copy(update={"dimensions": dimensions, "scorer": scorer})
    turn = turn.model_copy(update={"score": score, "agent": reply})
    over = gone_on(session, 1).model_copy(update={"turns": (turn,)})
    return closed(over)


def desk(store: Store, threshold: float = 0.6) -> tuple[Reviewing, Trusting]:
    """What grades are given with, and what works out what they say."""
    trust = Trusting(store.trust, threshold, now=lambda: NOW)
    return Reviewing(store.reviews, graded=trust.grade_given), trust


def graded_blind(
    store: Store, count: int, *, off: float, scorer: str = "minilm 1", first: int = 0
) -> Trusting:
    """Sessions over the whole scale, each with a blind grade that lies ``off`` from its score.

    Every second one above and every second one below, turned round at the ends of the scale.
    """
    reviewing, trust = desk(store)
    for number in range(first, first + count):
        score = 100.0 * (number % 25) / 24
        store.save(session_with(f"{scorer} {number}", score, scorer=scorer))
        grade = score + (off if number % 2 else -off)
        if not 0 <= grade <= 100:
            grade = score - (grade - score)
        reviewing.grade_blind(
            f"{scorer} {number}", "empathy", min(100.0, max(0.0, grade)), graded_by="sol"
        )
    return trust
