"""What was done, corrected on the page: the form, what is kept, told and counted, and attacks."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator

import httpx
import pytest

from coachbot.coaching.people import person_of
from coachbot.coaching.reviewing import Dispute
from coachbot.session import machine
from coachbot.session.models import ActVerdict, Session
from coachbot.session.result import passed
from coachbot.store import Store
from tests.session.made import begun, gone_on
from tests.web.conftest import signed_in
from tests.web.made import FIRST, IVO, MARA, SCENARIOS, TEAM, TOM, Site, a_score
from tests.web.test_grading import arrived, fields

ADA = person_of(FIRST)
READ = SCENARIOS.scenario("late-parcel").scenario
LAST = READ.resolution.acts[-1]
_numbers = itertools.count()


@pytest.fixture(scope="module")
def mara(desk: Site) -> Iterator[httpx.Client]:
    """A supervisor of Northgate."""
    with signed_in(desk, MARA) as client:
        yield client


@pytest.fixture
def session(desk: Site) -> Session:
    """A conversation of Ada's that no other test knows; the program missed its last act."""
    return one_missed(desk.store, f"matter-{next(_numbers)}", desk.clock.days_ago(2))


def one_missed(store: Store, name: str, started: str) -> Session:
    """Good scores and a good mood; every act but the last was seen in reply 1."""
    *seen, _ = (act.id for act in READ.resolution.acts)
    going = begun(READ, id=name, person=ADA, started=started)
    for number, reply in enumerate(("A second train leaves today.", "I'll <text> you."), 1):
        acts = tuple(seen) if number == 1 else ()
        going = gone_on(going, reply, worth=a_score((80, 80, 80)), mood=60.0, acts=acts)
    closed = machine.rate(machine.end(going), None)
    closed = closed.model_copy(update={"passed": passed(closed, READ)})
    store.save(closed)
    return closed


def path(session: Session, act: str = LAST.id) -> str:
    """The address of the form for an act."""
    return f"/sessions/{session.id}/acts/{act}"


def corrected(
    client: httpx.Client, session: Session, act: str = LAST.id, **typed: str
) -> httpx.Response:
    """Open the form of an act, fill it in and send it."""
    page = client.get(path(session, act))
    assert 200 == page.status_code
    values = {"reply": "2", "comment": "You <do> say it.", **typed}
    return client.post(path(session, act), data={**fields(page), **values})


def kept(desk: Site, session: Session) -> list[ActVerdict]:
    """What people said of a session's acts."""
    return desk.store.reviews.verdicts(session.id)


# --- Correcting -----------------------------------------------------------------------------------


def test_the_form_shows_the_act_and_the_conversation(mara: httpx.Client, session: Session) -> None:
    """With what the program saw, and the replies to choose from."""
    page = mara.get(path(session)).text
    for expected in (LAST.what, "The program: not done", "Reply 2: I&#39;ll &lt;text&gt; you."):
        assert expected in page
    other = mara.get(path(session, READ.resolution.acts[0].id)).text
    assert "It was not done" in other
    assert "<select" not in other


def test_a_correction_is_kept_told_and_shown_with_both_views(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """On the session, on its report, and in Telegram; the session counts as passed."""
    assert not session.passed
    arrived(desk)
    answer = corrected(mara, session)
    assert 303 == answer.status_code
    assert "noted=act_passed" in answer.headers["location"]
    (verdict,) = kept(desk, session)
    assert (True, 2, None, person_of(MARA), "You <do> say it.") == (
        verdict.done, verdict.reply, verdict.seen, verdict.judged_by, verdict.comment,
    )  # fmt: skip
    (told,) = arrived(desk)
    assert "With that, the conversation counts as passed." in told
    assert "You &lt;do&gt; say it." in told
    page = mara.get(answer.headers["location"]).text
    assert "The conversation counts as passed now." in page
    for text in (page, mara.get(f"/sessions/{session.id}/report").text):
        assert "passed, as corrected (the program: no pass)" in text
        assert "You &lt;do&gt; say it." in text
        assert "Mara Lind" in text
        assert re.search(r"the program: not done", text, re.IGNORECASE)
    assert f"{LAST.what} (corrected)" in page


def test_a_corrected_pass_counts_in_the_overviews(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """Among the newest sessions of the person's page."""

    def shown() -> bool:
        person = mara.get(desk.person(FIRST)).text
        (line,) = re.findall(
            rf'<tr>\s*<th[^>]*><a href="/sessions/{session.id}".*?</tr>', person, re.DOTALL
        )
        return "Passed" in line

    assert not shown()
    corrected(mara, session)
    assert shown()


def test_sent_twice_it_is_done_once(desk: Site, mara: httpx.Client, session: Session) -> None:
    """The second time it is said that it was corrected meanwhile."""
    typed = {**fields(mara.get(path(session))), "reply": "2", "comment": "So."}
    first, second = (mara.post(path(session), data=typed) for _ in range(2))
    assert "noted=act_passed" in first.headers["location"]
    assert "noted=act_again" in second.headers["location"]
    assert 1 == len(kept(desk, session))
    assert "nothing was changed" in mara.get(second.headers["location"]).text


def test_the_program_is_right_again(desk: Site, mara: httpx.Client, session: Session) -> None:
    """A second correction takes the first one back, and both stay to be read."""
    corrected(mara, session)
    answer = corrected(mara, session, comment="I read it again: no.")
    assert "noted=act_failed" in answer.headers["location"]
    page = mara.get(answer.headers["location"]).text
    assert "replaced since" in page
    assert "as corrected" not in page
    assert not desk.store.get(session.id).passed


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"comment": " "}, "Say in a sentence what you see"),
        ({"reply": ""}, "Say in which reply it was done."),
        ({"reply": "3"}, "Say in which reply it was done."),
        ({"reply": "-1"}, "Say in which reply it was done."),
        ({"reply": "²"}, "Say in which reply it was done."),
        ({"comment": "x" * 1001}, "characters long"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    desk: Site, mara: httpx.Client, session: Session, typed: dict[str, str], problem: str
) -> None:
    """Nothing is kept, and nobody is told."""
    arrived(desk)
    answer = corrected(mara, session, **typed)
    assert 400 == answer.status_code
    assert problem in answer.text
    assert [] == kept(desk, session)
    assert [] == arrived(desk)


# --- The question ---------------------------------------------------------------------------------


def test_a_question_shows_the_list_and_the_replies_it_is_about(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """And is answered there; the session has it too."""
    asked = f"q-{session.id}"
    desk.store.reviews.add_dispute(
        Dispute(
            id=asked, session=session.id, dimension="matter", comment="Reply 2 <says> so.",
            opened=desk.clock.days_ago(1),
        )
    )  # fmt: skip
    page = mara.get(f"/questions/{asked}")
    assert "Ada Quill asks about what was done" in page.text
    assert "Reply 2 &lt;says&gt; so." in page.text
    assert path(session) in page.text
    assert "I&#39;ll &lt;text&gt; you." in page.text
    assert "A second train leaves today." not in page.text
    assert "What was done" in mara.get(f"/sessions/{session.id}").text
    assert "what was done" in mara.get(desk.team(TEAM)).text
    arrived(desk)
    answer = mara.post(f"/questions/{asked}", data={**fields(page), "answer": "It does."})
    assert 303 == answer.status_code
    (told,) = arrived(desk)
    assert "answers your question about what was done" in told
    assert "It does." in mara.get(f"/sessions/{session.id}/report").text


# --- The export -----------------------------------------------------------------------------------


def test_the_files_have_both_results_and_every_verdict(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """In sessions and scores what counts and what the program decided; a file of the verdicts."""
    corrected(mara, session)
    corrected(mara, session, comment="=1+1")
    corrected(mara, session, comment="After all.")
    team = desk.key("team", TEAM)

    def rows(kind: str) -> list[dict[str, object]]:
        found = mara.get(f"/export/{team}/{kind}.json")
        assert 200 == found.status_code
        return [row for row in json.loads(found.text) if row["session"] == session.id]

    for kind, number in (("sessions", 1), ("scores", 3)):
        found = rows(kind)
        assert [(True, False)] * number == [(r["passed"], r["passed_at_first"]) for r in found]
    acts = rows("acts")
    assert [(True, 2, False, False), (False, None, False, False), (True, 2, False, True)] == [
        (row["done"], row["reply"], row["seen"], row["counts"]) for row in acts
    ]
    assert {(LAST.id, LAST.what, "Mara Lind", True, False)} == {
        (row["act"], row["what"], row["judged_by"], row["passed"], row["passed_at_first"])
        for row in acts
    }
    assert ADA not in json.dumps(acts)
    text = mara.get(f"/export/{team}/acts.csv").text
    assert "'=1+1" in text
    assert ",=1+1" not in text


# --- Attacks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [IVO, TOM])
def test_others_find_no_form_and_post_nothing(desk: Site, session: Session, number: int) -> None:
    """A supervisor of another team, and a trainer of this one."""
    with signed_in(desk, number) as client:
        assert client.get(path(session)).status_code in (403, 404)
        (code, *_) = re.findall(r'name="code" value="([^"]+)"', client.get("/").text)
        values = {"code": code, "reply": "2", "comment": "So.", "after": ""}
        assert client.post(path(session), data=values).status_code in (403, 404)
    assert [] == kept(desk, session)
    assert not desk.store.get(session.id).passed


def test_one_corrects_nothing_of_ones_own(desk: Site, mara: httpx.Client) -> None:
    """Not even as a supervisor."""
    own = one_missed(desk.store, f"own-{next(_numbers)}", desk.clock.days_ago(1))
    with desk.store._database.writing() as db:
        db.execute("UPDATE sessions SET person = ? WHERE id = ?", [person_of(MARA), own.id])
    assert 200 == mara.get(f"/sessions/{own.id}").status_code
    assert path(own) not in mara.get(f"/sessions/{own.id}").text
    assert 404 == mara.get(path(own)).status_code
    assert [] == kept(desk, own)


def test_a_form_without_its_code_changes_nothing(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """Sent from elsewhere: refused before it is looked at."""
    values = {"reply": "2", "comment": "So.", "after": ""}
    assert 403 == mara.post(path(session), data=values).status_code
    assert 403 == mara.post(path(session), data={**values, "code": "x" * 40}).status_code
    assert [] == kept(desk, session)


@pytest.mark.parametrize("act", ["no-such-act", "../../x", "%00", "1"])
def test_an_act_that_is_not_there_is_nowhere(
    mara: httpx.Client, session: Session, act: str
) -> None:
    """404, whatever stands in the address."""
    assert 404 == mara.get(path(session, act)).status_code
