"""What a session keeps, and what the scorer is given of it."""

from __future__ import annotations

import pytest

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import Coach, NoRepository
from coachbot.errors import NotFound
from coachbot.scoring.interface import ReplyScore, ReplyToScore
from coachbot.session.models import SelfRating, Session
from coachbot.store import Store
from tests.library.conftest import OPEN_CASE

CASE = str(OPEN_CASE)
ASKS = "I'm sorry you've heard nothing since Monday. By what day does it have to be done?"
DOES = "I'm completing it now, and you'll have it by five today, Robin."


def begun(coach: Coach) -> Session:
    """A session in its conversation."""
    return coach.begin(coach.start(CASE, person="ada", seed=1))


def test_everything_is_stored_as_it_happens(coach: Coach, store: Store) -> None:
    """After each step the store has the session as it stands."""
    session = coach.start(CASE, person="ada", seed=1)
    assert session == store.unfinished("ada")
    session = coach.begin(session)
    assert session == store.get(session.id)
    session = coach.reply(session, ASKS).session
    assert session == store.get(session.id)
    session, _ = coach.hint(session)
    assert session == store.get(session.id)
    session = coach.end(session)
    assert session == store.unfinished("ada")
    session = coach.rate(
        session, SelfRating(empathy=1, active_listening=2, individualized_treatment=3)
    )
    assert [session] == store.finished("ada")
    assert store.unfinished("ada") is None
    assert session.passed is False


def test_a_turn_has_what_happened(coach: Coach) -> None:
    """A turn holds what was said, what it was worth and what it did."""
    session = coach.reply(begun(coach), ASKS).session
    first = session.turns[0]
    assert session.opening == first.customer
    assert ASKS == first.agent
    assert ("deadline",) == first.facts
    assert "scored" == first.score.status
    session = coach.reply(session, DOES).session
    second = session.turns[1]
    assert first.answer == second.customer
    assert ("get-it-done",) == tuple(act.id for act in second.acts)
    assert DOES.startswith(second.acts[0].text[:10])
    assert first.mood_after == second.mood_before
    assert second.mood_after == session.state.mood > second.mood_before


class Watched:
    """A scorer whose input can be looked at."""

    def __init__(self, practice: Practice) -> None:
        self.scorer = practice.scorer
        self.seen: list[ReplyToScore] = []

    @property
    def name(self) -> str:
        """The scorer's own."""
        return self.scorer.name

    def score(self, items: list[ReplyToScore], *, signals_only: bool = False) -> list[ReplyScore]:
        """Score, and remember what was to be scored."""
        self.seen += items
        return self.scorer.score(items, signals_only=signals_only)


def test_the_scorer_sees_the_conversation(practice: Practice) -> None:
    """Each reply is scored with all that was said before it and what the hire can see."""
    watched = Watched(practice)
    coach = Coach(scorer=watched, casting=practice, sessions=NoRepository())
    session = coach.reply(begun(coach), ASKS).session
    session = coach.reply(session, DOES).session
    item = watched.seen[1]
    expected = [
        ("customer", "\n".join(session.opening)),
        ("agent", ASKS),
        ("customer", "\n".join(session.turns[0].answer)),
    ]
    assert expected == [(message.speaker, message.text) for message in item.history]
    assert DOES == item.reply
    assert "4471" in (item.screen or "")
    assert "en" == item.language


def test_a_path_is_found_again_from_anywhere(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario from a file is stored with its whole path, one of the library with its id."""
    monkeypatch.chdir(OPEN_CASE.parent)
    assert CASE == coach.start(OPEN_CASE.name, person="ada", seed=1).scenario
    assert "late-parcel" == coach.casting.reference("late-parcel")


def test_no_such_scenario(coach: Coach) -> None:
    """A scenario that isn't there is named."""
    with pytest.raises(NotFound, match="late-parsel"):
        coach.start("late-parsel", person="ada", seed=1)
