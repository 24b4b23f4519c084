"""What hires are told of grades and answers that were given on the page; who reads what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.coaching.people import Member
from coachbot.session.models import Session
from coachbot.telegram.notices import Notices
from coachbot.telegram.office import Office
from tests.telegram import made
from tests.telegram.made import finished, member, outbox_of, press, say


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office in which everybody of the fixtures below is."""
    with made.office(tmp_path) as opened:
        yield opened


@pytest.fixture
def sol(office: Office) -> Member:
    """The supervisor."""
    return member(office, 1, "Sol", "supervisor")


@pytest.fixture
def ada(office: Office) -> Member:
    """A trainee."""
    return member(office, 11, "Ada")


@pytest.fixture
def session(office: Office, ada: Member) -> Session:
    """A session of Ada's."""
    return finished(office, ada)


@pytest.fixture
def notices(office: Office) -> Notices:
    """As the page has them."""
    return Notices(
        office.post, office.members, office.records, office.repertoire, office.reviewing,
        office.practice_only,
    )  # fmt: skip


@pytest.mark.parametrize("turn", [None, 2])
def test_a_correction_on_the_page_reads_as_one_in_the_chat(
    office: Office, notices: Notices, sol: Member, ada: Member, session: Session, turn: int | None
) -> None:
    """The same words and the same button, to the letter."""
    press(office, sol, f"give:{session.id}:{turn or 0}:e:80")
    say(office, sol, "Names what it cost.")
    press(office, sol, outbox_of(office, sol)[-1].button("Send"))
    in_chat = outbox_of(office, ada)
    grade = office.reviewing.repository.grades(session.id)[-1]
    assert notices.corrected(grade, session, ada, sol)
    assert in_chat == outbox_of(office, ada)
    assert 1 == len(in_chat)


def test_an_answer_on_the_page_reads_as_one_in_the_chat(
    office: Office, notices: Notices, sol: Member, ada: Member, session: Session
) -> None:
    """With the question, the answer, and the way to the conversation."""
    press(office, ada, f"question:{session.id}:0")
    say(office, ada, "Why so low?")
    outbox_of(office, ada)
    (asked,) = office.records.disputes(session.id)
    press(office, sol, f"answer:{asked.id}")
    say(office, sol, "Look at the second reply.")
    press(office, sol, outbox_of(office, sol)[-1].button("Send"))
    in_chat = outbox_of(office, ada)
    (answered,) = office.records.disputes(session.id)
    assert notices.answered(answered, session, ada, sol)
    assert in_chat == outbox_of(office, ada)


def test_nothing_is_put_out_for_who_cant_be_reached(
    office: Office, notices: Notices, sol: Member, ada: Member, session: Session
) -> None:
    """Whoever has blocked the bot is not written to; the page says so."""
    grade = office.reviewing.correct(
        session.id, "empathy", 80, graded_by=sol.person, comment="Warm."
    )
    gone = ada.model_copy(update={"reachable": False})
    assert not notices.corrected(grade, session, gone, sol)
    assert [] == outbox_of(office, ada)


def test_reading_a_session_with_its_scores_is_noted(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Of a supervisor who reads it in a chat, and not of whoever had it."""
    noted = []
    office.scores_shown = lambda sessions, person: noted.append((*sessions, person))
    press(office, ada, f"read:{session.id}:1")
    assert [] == noted
    press(office, sol, f"read:{session.id}:1")
    assert [(session.id, sol.person)] == noted
