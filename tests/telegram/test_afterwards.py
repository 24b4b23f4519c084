"""The end of a session: rating oneself by button or in writing, and what is offered afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.coaching.people import Member
from coachbot.scenario.models import Outcome
from coachbot.session import machine
from coachbot.session.models import SelfRating, Session
from coachbot.telegram.debriefing import left_open
from coachbot.telegram.office import Office
from tests.session.made import begun, gone_on, scored
from tests.telegram import made
from tests.telegram.made import (
    again,
    command,
    finished,
    member,
    outbox_of,
    press,
    say,
)

DEAN = "late-parcel"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office without anybody."""
    with made.office(tmp_path) as opened:
        yield opened


@pytest.fixture
def ada(office: Office) -> Member:
    """A trainee."""
    return member(office, 11, "Ada")


def over(office: Office, ada: Member, number: str = "a") -> Session:
    """A session of Ada's that waits for her own ratings."""
    session = begun(office.repertoire.scenario(DEAN), id=number * 32, person=ada.person)
    session = machine.end(gone_on(session, worth=scored((20, 30, 60))))
    office.sessions.save(session)
    office.members.set_session(ada.person, session.id)
    return session


def told(office: Office, ada: Member) -> str:
    """What Ada has been sent since, as one text."""
    return "\n\n".join(message.text for message in outbox_of(office, ada))


def test_ratings_in_writing(office: Office, ada: Member) -> None:
    """Numbers and words are taken one after the other, each is confirmed, the debrief follows."""
    session = over(office, ada)
    say(office, ada, "about 60")
    text = told(office, ada)
    assert "60 of 100 for empathy" in text
    assert "Active listening:" in text
    say(office, ada, "only the surface")
    assert "Individualized treatment:" in told(office, ada)
    say(office, ada, "80")
    assert "How you treated Dean" in told(office, ada)
    expected = SelfRating(empathy=60, active_listening=25, individualized_treatment=80)
    assert expected == office.sessions.get(session.id).self_rating
    assert (None, None) == (again(office, ada).awaiting, again(office, ada).session_id)


def test_what_was_answered_is_kept(office: Office, ada: Member) -> None:
    """By button or in writing; what is no rating, a command or a pause loses none of it."""
    session = over(office, ada)
    press(office, ada, f"rate:{session.id}:50")
    outbox_of(office, ada)
    say(office, ada, "not great")
    text = told(office, ada)
    assert "number from 0 to 100" in text
    assert "Active listening:" in text
    assert "Empathy:" not in text
    say(office, ada, "75")
    assert "Individualized treatment:" in told(office, ada)
    command(office, ada, "/help")
    command(office, ada, "/hint")
    assert "Individualized treatment:" in told(office, ada)
    press(office, ada, f"on:{session.id}")
    assert "Individualized treatment:" in told(office, ada)
    say(office, ada, "100")
    expected = SelfRating(empathy=50, active_listening=75, individualized_treatment=100)
    assert expected == office.sessions.get(session.id).self_rating


def test_an_earlier_answer_can_be_changed(office: Office, ada: Member) -> None:
    """By its button, which is still there; later answers stay as they are."""
    session = over(office, ada)
    say(office, ada, "10")
    say(office, ada, "20")
    outbox_of(office, ada)
    press(office, ada, f"rate:{session.id}:75")
    assert "Individualized treatment:" in told(office, ada)
    say(office, ada, "30")
    expected = SelfRating(empathy=75, active_listening=20, individualized_treatment=30)
    assert expected == office.sessions.get(session.id).self_rating


@pytest.mark.parametrize("given", [(), ("50",)])
def test_skip_in_writing(office: Office, ada: Member, given: tuple[str, ...]) -> None:
    """It leads to the debrief without any rating, as the button does."""
    session = over(office, ada)
    for one in (*given, "Skip."):
        outbox_of(office, ada)
        say(office, ada, one)
    assert "How you treated Dean" in told(office, ada)
    kept = office.sessions.get(session.id)
    assert ("debrief", None) == (kept.phase, kept.self_rating)
    assert again(office, ada).awaiting is None


def test_ratings_of_another_session_dont_count(office: Office, ada: Member) -> None:
    """What was begun for one is not taken over into the next, and holds up no conversation."""
    first = over(office, ada)
    say(office, ada, "50")
    second = over(office, ada, "b")
    outbox_of(office, ada)
    say(office, ada, "60")
    assert "60 of 100 for empathy" in told(office, ada)
    assert "self_rating" == office.sessions.get(first.id).phase
    assert second.id == (again(office, ada).awaiting or {})["session"]
    talking = begun(office.repertoire.scenario(DEAN), id="c" * 32, person=ada.person)
    office.sessions.save(talking)
    office.members.set_session(ada.person, talking.id)
    say(office, ada, "I'm sorry, Dean.")
    assert ["I'm sorry, Dean."] == [d.text for d in office.post.drafts(ada.person)]


@pytest.mark.parametrize(
    ("outcome", "words", "expected"),
    [
        ("left", "I see. When are you at home?", "left"),
        ("gave_up", "I see. “When would it suit you best?”", "gave_up"),
        ("out_of_turns", "Where should it go, Dean? I'll wait.", "out_of_turns"),
        ("left", "I'll ring the depot. All right?", None),
        ("left", "I'll ring the depot.", None),
        ("resolved", "Is there anything else I can do?", None),
        ("ended", "When are you at home?", None),
    ],
)
def test_a_question_that_was_left_open(
    outcome: Outcome, words: str, expected: str | None, office: Office
) -> None:
    """Only of whoever goes without answering it is said so, and not of a mere "All right?"."""
    session = begun(office.repertoire.scenario(DEAN))
    over = None if outcome == "ended" else outcome
    session = machine.end(gone_on(session, words, outcome=over))
    assert outcome == session.outcome
    assert expected == left_open(session)


def test_the_same_scenario_is_offered_again(office: Office, ada: Member) -> None:
    """Beside what is recommended next, which is another; both say what they are."""
    session = over(office, ada)
    press(office, ada, f"rate:{session.id}:-")
    last = outbox_of(office, ada)[-1]
    press(office, ada, last.button("Practise this again"))
    (brief,) = outbox_of(office, ada)
    assert "A train for Saturday" in brief.text
    assert f"go:{DEAN}" == brief.button("Start")
    press(office, ada, last.button("Recommended next"))
    assert "All scenarios" in outbox_of(office, ada)[-1].labels


def test_the_same_is_offered_after_a_second_attempt(office: Office, ada: Member) -> None:
    """Also where that was broken off."""
    first = finished(office, ada)
    branched = machine.branch(first, 2, new_id="b" * 32, started=first.started)
    office.sessions.save(gone_on(branched, "New.", worth=scored((90, 20, 55))))
    office.members.set_session(ada.person, branched.id)
    press(office, ada, f"compare:{branched.id}")
    last = outbox_of(office, ada)[-1]
    assert f"brief:{DEAN}" == last.button("Practise this again")
    assert "menu" == last.button("Recommended next")
