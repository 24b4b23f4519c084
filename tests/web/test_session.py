"""The session page: what is on it, for whom, and that nothing anybody typed is markup."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from coachbot.coaching.people import person_of
from coachbot.coaching.reviewing import Dispute, Feeling
from coachbot.scoring.interface import Evidence
from coachbot.session import machine
from coachbot.session.models import Session
from tests.session.made import begun, gone_on, scored
from tests.web.conftest import signed_in
from tests.web.made import (
    FIRST,
    IVO,
    MARA,
    NILS,
    SCENARIOS,
    SCRIPT,
    TOM,
    Site,
    finished,
    member,
)
from tests.web.talked import long_talk, once_more, talk, unscored_first

ADA = person_of(FIRST)
_numbers = itertools.count()


@pytest.fixture(scope="module")
def mara(desk: Site) -> Iterator[httpx.Client]:
    """A supervisor of Northgate."""
    with signed_in(desk, MARA) as client:
        yield client


@pytest.fixture
def session(desk: Site) -> Session:
    """A conversation of Ada's that no other test knows."""
    return talk(desk.store, ADA, f"talk-{next(_numbers)}", desk.clock.days_ago(2))


def text_of(page: httpx.Response) -> str:
    """The page's text in one line."""
    bare = re.sub(r"<[^>]+>", "", page.text.partition("<main")[2].partition(">")[2])
    return re.sub(r"\s+", " ", unescape(bare))


def test_the_whole_conversation_is_there_with_its_evidence(
    mara: httpx.Client, session: Session
) -> None:
    """Each mark leads to a note that says what, how many points and why, and each note back."""
    page = mara.get(f"/sessions/{session.id}")
    assert 200 == page.status_code
    said = text_of(page)
    for turn in session.turns:
        for words in (*turn.customer, turn.agent, *turn.answer):
            # Numbers stand between the words where a mark ends.
            assert words[:12] in said
    assert "+21 empathy: names what it does to them and why" in said
    assert "−6 active listening: asks again" in said
    assert "asked “Where is the train?”, and got no answer" in said
    assert "too little to show" not in said
    marks = set(re.findall(r'href="#note-(\d+)"', page.text))
    notes = set(re.findall(r'<li id="note-(\d+)"', page.text))
    ends = set(re.findall(r'id="mark-(\d+)"', page.text))
    assert {str(n) for n in range(1, 7)} == marks == notes == ends
    assert re.search(r"<mark>Where is the train\?</mark>", page.text)


def test_what_happened_in_the_matter_is_said(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """Acts, needs, promises, hints, own rating, mood, feeling, and what the customer will tell."""
    desk.store.reviews.set_feeling(Feeling(session=session.id, feeling=4, said=desk.clock.iso()))
    said = text_of(mara.get(f"/sessions/{session.id}"))
    for expected in (
        "Done: Sends a second train today",
        "Missed: Stays on it in person",
        "Found: He missed his son's last birthday",
        "Missed: His son is with him from Friday afternoon",
        "More than may be offered: Delivery today, or at the weekend. “You'll have it tonight.”",
        "Left hanging: “You'll have it tonight.”",
        "A hint before reply 2. It felt good to Ada Quill.",
        "Own rating 80",
        "Mood 42 +14",
        "Mood 27 −15",
        "What Dean tells the other drivers, in the canteen",
        "because a hint was taken",
    ):
        assert expected in said
    assert "you took" not in said


def test_attempts_at_a_turn_stand_side_by_side(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """Both replies with their scores, from either attempt; the other replies once."""
    again = once_more(desk.store, session, f"{session.id}-b", desk.clock.days_ago(1))
    for here, other in ((session, again), (again, session)):
        said = text_of(page := mara.get(f"/sessions/{here.id}"))
        assert "Tonight I can't promise." in said
        assert "You'll have it tonight." in said
        assert 1 == page.text.count('class="again"')
        assert f'href="/sessions/{other.id}?reply=2#reply-2"' in page.text
        assert 2 == len(re.findall(r"Mood after <b>\d+", page.text))
    assert "No single part moved" in said
    assert 1 == said.count("of the attempt before")


def test_an_attempt_that_is_not_over_is_not_shown(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """Neither beside the first, nor by its address."""
    running = machine.branch(session, 2, new_id=f"{session.id}-r", started=desk.clock.days_ago(1))
    desk.store.save(gone_on(running, "Still writing this."))
    assert "Still writing" not in mara.get(f"/sessions/{session.id}").text
    assert 404 == mara.get(f"/sessions/{running.id}").status_code


def test_a_session_whose_scenario_is_gone_can_still_be_read(desk: Site, mara: httpx.Client) -> None:
    """And an unscored dimension says why it is."""
    unscored_first(desk.store, ADA, "gone", desk.clock.days_ago(1))
    page = mara.get("/sessions/gone")
    assert "The scenario of this conversation is no longer there" in page.text
    assert "not called for" in page.text


def test_a_session_without_a_reply_says_so(desk: Site, mara: httpx.Client) -> None:
    """Somebody ended it before they wrote anything."""
    session = begun(SCENARIOS.scenario("late-parcel").scenario, id="nothing", person=ADA)
    desk.store.save(machine.rate(machine.end(session), None).model_copy(update={"passed": False}))
    page = mara.get("/sessions/nothing")
    assert 200 == page.status_code
    assert "It ended before the first reply." in page.text


def test_a_very_long_conversation_comes_in_parts(desk: Site, mara: httpx.Client) -> None:
    """No part has 100 kB; each reply is in one, and a link to it opens that one."""
    long_talk(desk.store, ADA, "long", desk.clock.days_ago(1))
    seen: list[str] = []
    address = "/sessions/long"
    for _ in range(9):
        page = mara.get(address)
        assert len(page.content) < 100_000
        seen += re.findall(r'class="turn" id="reply-(\d+)"', page.text)
        if seen[-1] == "30":
            break
        address = f"/sessions/long?reply={int(seen[-1]) + 1}"
    assert [str(n) for n in range(1, 31)] == seen
    assert 'id="reply-17"' in mara.get("/sessions/long?reply=17").text
    assert 'id="reply-1"' in mara.get("/sessions/long?reply=77x").text


def test_only_supervisors_of_the_team_read(desk: Site, session: Session) -> None:
    """To a trainer, another team's supervisor and a stranger it isn't there, whatever they ask."""
    desk.store.reviews.add_dispute(
        Dispute(
            id=f"d-{session.id}", session=session.id, dimension="empathy", comment="Why?",
            opened=desk.clock.iso(),
        )
    )  # fmt: skip
    paths = (
        f"/sessions/{session.id}",
        f"/sessions/{session.id}/grades/empathy",
        f"/sessions/{session.id}/grades/empathy?reply=1",
        f"/grade/{session.id}",
        f"/questions/d-{session.id}",
    )
    for number in (TOM, IVO):
        with signed_in(desk, number) as client:
            nowhere = client.get("/sessions/none").text
            for path in paths:
                answer = client.get(path)
                assert (404, nowhere) == (answer.status_code, answer.text)
                form = {"code": code(client), "grade": "50", "comment": "x", "answer": "x",
                        "empathy": "5", "none-active_listening": "1",
                        "none-individualized_treatment": "1"}  # fmt: skip
                assert 404 == client.post(path.partition("?")[0], data=form).status_code
    with httpx.Client(base_url=desk.url, timeout=60) as stranger:
        for path in paths:
            assert 303 == stranger.get(path).status_code
    assert [] == desk.store.reviews.grades(session.id)
    assert desk.store.reviews.disputes(session.id)[0].answer is None


def code(client: httpx.Client) -> str:
    """The code of a form of this person's pages."""
    return client.get("/").text.partition('name="code" value="')[2].partition('"')[0]


def test_a_role_that_is_taken_away_ends_reading_at_once(own: Site) -> None:
    """And so does the hire's leaving the team."""
    talk(own.store, ADA, "talk", own.clock.days_ago(1))
    with signed_in(own, MARA) as client:
        assert 200 == client.get("/sessions/talk").status_code
        own.store.people.leave(ADA, "Northgate", own.clock.iso())
        assert 404 == client.get("/sessions/talk").status_code


def test_one_reads_ones_own_and_does_not_grade_it(desk: Site) -> None:
    """A supervisor who practises has no form, and none is taken from them."""
    finished(desk.store, person_of(NILS), "his-own", desk.clock.days_ago(1), (50, 50, 50))
    with signed_in(desk, NILS) as client:
        page = client.get("/sessions/his-own")
        assert 200 == page.status_code
        assert "grades/empathy" not in page.text
        for path in ("/sessions/his-own/grades/empathy", "/grade/his-own"):
            assert 404 == client.get(path).status_code
            form = {"code": code(client), "grade": "90", "comment": "Great.", "empathy": "90",
                    "none-active_listening": "1", "none-individualized_treatment": "1"}  # fmt: skip
            assert 404 == client.post(path, data=form).status_code
    assert [] == desk.store.reviews.grades("his-own")


def test_trials_of_trainers_are_nobody_elses(desk: Site, mara: httpx.Client) -> None:
    """What is tried out before it is published is not practice."""
    played = SCENARIOS.scenario("late-parcel").scenario
    person = f"{person_of(FIRST)}+trial"
    session = begun(played, id="tried", person=person, scenario_version=1)
    session = session.model_copy(update={"scenario": "some-new-one"})
    session = gone_on(session, "A trial.", outcome="ended")
    desk.store.save(machine.rate(session, None).model_copy(update={"passed": False}))
    assert 404 == mara.get("/sessions/tried").status_code


def test_nothing_that_anybody_typed_is_markup(desk: Site, mara: httpx.Client) -> None:
    """Script in a name, a reply, a comment, a question, an answer, a hint of the address."""
    hire = member(desk.store, 150, f"Eve {SCRIPT}")
    session = begun(
        SCENARIOS.scenario("late-parcel").scenario,
        id="evil", person=hire.person, started=desk.clock.days_ago(1), opening=(SCRIPT,),
        scorer=SCRIPT,
    )  # fmt: skip
    session = gone_on(
        session, f'"{SCRIPT}', worth=scored((9, 9, 9), a_script()), answer=(SCRIPT,), outcome="left"
    )
    desk.store.save(machine.rate(session, None).model_copy(update={"passed": False}))
    desk.office.reviewing.correct(
        "evil", "empathy", 20, graded_by=person_of(NILS), comment=f"x {SCRIPT}"
    )
    asked = desk.office.reviewing.dispute("evil", "empathy", SCRIPT)
    shown = [mara.get("/grade/evil")]
    shown += [
        mara.get(path)
        for path in (
            f"/sessions/evil?noted={SCRIPT}&reply={SCRIPT}",
            "/sessions/evil/grades/empathy",
            "/sessions/evil/grades/empathy?reply=1",
            f"/questions/{asked.id}",
        )
    ]
    form = {"code": code(mara), "grade": SCRIPT, "comment": f"</textarea>{SCRIPT}"}
    shown.append(mara.post("/sessions/evil/grades/empathy", data=form))
    desk.office.reviewing.answer(asked.id, SCRIPT, answered_by=person_of(NILS))
    shown += [mara.get("/sessions/evil"), mara.get(f"/questions/{asked.id}")]
    for page in shown:
        assert page.status_code in (200, 400)
        assert "<script>alert" not in page.text
        assert "alert(1)" in unescape(page.text)
        assert " style=" not in page.text


def a_script() -> Evidence:
    """Evidence whose words and reason are a script."""
    words = f'"{SCRIPT}'
    return Evidence(
        dimension="empathy", source="reply", turn=None, start=0, end=len(words), text=words,
        effect=-9, reason=SCRIPT,
    )  # fmt: skip


def test_what_is_for_practice_only_is_marked(
    desk: Site, mara: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the scenario is gone, and there is no debrief to say so."""
    unscored_first(desk.store, ADA, "untrusted", desk.clock.days_ago(1))
    assert "for practice only" not in mara.get("/sessions/untrusted").text
    monkeypatch.setattr(
        type(desk.office.trusting), "practice_only", lambda _self, _scorer: {"active_listening"}
    )
    page = mara.get("/sessions/untrusted")
    assert 1 == page.text.count('<span class="tag ask">for practice only</span>')
    assert "Active listening: for practice only." in page.text
