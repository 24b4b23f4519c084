"""The use cases of practising, with a real scorer, customer and store."""

from __future__ import annotations

import pytest

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import LONGEST_REPLY, Coach, NoRepository
from coachbot.errors import StoreError, UsageError
from coachbot.scoring.interface import ReplyScore, ReplyToScore
from coachbot.session import machine
from coachbot.session.models import SelfRating, Session
from coachbot.store import Store
from tests.conversations.playing import scripts

HEARD = "A week late, and on Tuesday we only asked you to wait. I'm sorry, Dean."
DONE = "I'm putting another train on our van tonight, and it reaches you tomorrow."
GOOD = next(s for s in scripts("tuning") if s.name == "tuning/late-parcel/good-1").replies


@pytest.fixture
def session(coach: Coach) -> Session:
    """A session in its conversation."""
    return coach.begin(coach.start("late-parcel", person="ada", seed=0))


def test_start(coach: Coach, store: Store) -> None:
    """A new session is kept at once, at its briefing, with the customer's first words."""
    session = coach.start("late-parcel", person="ada", seed=0)

    assert session == store.get(session.id) == store.unfinished("ada")
    assert ("briefing", coach.scorer.name) == (session.phase, session.scorer)
    assert session.opening


def test_reply(coach: Coach, store: Store, session: Session) -> None:
    """An answered reply is kept with its scores and the customer's answer."""
    answered = coach.reply(session, HEARD).session

    assert answered == store.get(session.id)
    assert [HEARD] == [turn.agent for turn in answered.turns]
    assert session.opening == answered.turns[0].customer
    assert answered.turns[0].score.dimensions is not None
    assert answered.turns[0].answer


class PowerCut(Exception):
    """The machine went off."""


class Cut:
    """A scorer during which the power goes."""

    name = "cut"

    def score(self, items: list[ReplyToScore], *, signals_only: bool = False) -> list[ReplyScore]:
        """Never come back."""
        raise PowerCut


def test_reply_is_kept_before_it_is_answered(
    practice: Practice, coach: Coach, store: Store, session: Session
) -> None:
    """A reply that was sent survives the program, and is answered exactly once afterwards."""
    doomed = Coach(scorer=Cut(), casting=practice, sessions=store)
    with pytest.raises(PowerCut):
        doomed.reply(session, HEARD)
    found = store.unfinished("ada")
    assert found is not None
    assert (HEARD, ()) == (found.pending, found.turns)

    answered = coach.resume(found).session

    assert [HEARD] == [turn.agent for turn in answered.turns]
    assert answered == store.get(session.id)
    with pytest.raises(UsageError, match="no reply waiting"):
        coach.resume(answered)


def test_resumed_is_the_same(practice: Practice, coach: Coach, session: Session) -> None:
    """A reply that is answered later is answered as it would have been at once."""
    later = coach.resume(machine.receive(session, HEARD)).session
    assert later == practice.coach(NoRepository()).reply(session, HEARD).session


def test_two_at_once(coach: Coach, session: Session) -> None:
    """Who goes on with a session that went on elsewhere meanwhile is told so, and loses nothing."""
    answered = coach.reply(session, HEARD).session
    with pytest.raises(StoreError, match="gone on somewhere else"):
        coach.reply(session, DONE)
    assert answered.turns == coach.sessions.get(session.id).turns


def test_longest_reply(coach: Coach, session: Session) -> None:
    """Of a very long reply as much is read as anybody would."""
    answered = coach.reply(session, "a" * 12_000).session
    assert LONGEST_REPLY == len(answered.turns[0].agent)


def test_hint(coach: Coach, store: Store, session: Session) -> None:
    """A hint is kept, says what to do and not how, and makes the session one with help."""
    hinted, hint = coach.hint(session)
    answered = coach.reply(hinted, HEARD).session
    scenario = coach.casting.scenario("late-parcel")

    assert (False, True) == (session.with_help, store.get(session.id).with_help)
    assert scenario.persona.name in hint
    assert not any(example in hint for m in scenario.moments for example in m.good)
    assert (True, True) == (answered.with_help, answered.turns[0].hinted)


def test_retry(coach: Coach, store: Store, session: Session) -> None:
    """A second attempt branches off; the first stays as it was and is the one that counts."""
    first = coach.reply(coach.reply(session, HEARD).session, "Well, wait.").session
    first = coach.rate(coach.end(first), None)

    again = coach.reply(coach.retry(first, 2), DONE).session
    again = coach.rate(coach.end(again), None)

    assert first == store.get(first.id)
    assert again == store.get(again.id)
    assert [HEARD, "Well, wait."] == [turn.agent for turn in store.get(first.id).turns]
    assert [HEARD, DONE] == [turn.agent for turn in again.turns]
    assert first.turns[0] == again.turns[0]
    assert (first.id, 2, True) == (again.retry_of, again.branched_at, again.with_help)
    assert [None, first.id] == [row.retry_of for row in store.progress("ada")]


def test_good_conversation_passes(coach: Coach, store: Store, session: Session) -> None:
    """A good conversation is resolved, and rating oneself closes it with a pass."""
    rating = SelfRating(empathy=60, active_listening=50, individualized_treatment=70)
    for reply in GOOD:
        session = coach.reply(session, reply).session
        if session.over:
            break
    before = session.passed
    session = coach.rate(session, rating)

    assert (None, "resolved", True) == (before, session.outcome, session.passed)
    assert rating == store.get(session.id).self_rating
    assert ([session], None) == (store.finished("ada"), store.unfinished("ada"))


def test_ended_does_not_pass(coach: Coach, session: Session) -> None:
    """What was ended early is no pass, however good it was till then."""
    ended = coach.rate(coach.end(coach.reply(session, GOOD[0]).session), None)
    assert ("ended", False) == (ended.outcome, ended.passed)


def test_without_trace(coach: Coach, store: Store) -> None:
    """A coach without trace keeps nothing."""
    silent = coach.without_trace()
    silent.reply(silent.begin(silent.start("late-parcel", person="eve", seed=0)), HEARD)
    assert (None, []) == (store.unfinished("eve"), store.finished("eve"))
