"""What is seen of a correction afterwards, and whether the hire hears of what is written."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from coachbot.coaching.people import Member, Role, person_of
from coachbot.session.models import Session
from tests.web.conftest import signed_in
from tests.web.made import FIRST, MARA, NILS, TEAM, Site
from tests.web.talked import talk
from tests.web.test_grading import sent

ADA, BEN = person_of(FIRST), person_of(FIRST + 1)
_numbers = itertools.count()


@pytest.fixture(scope="module")
def mara(desk: Site) -> Iterator[httpx.Client]:
    """A supervisor of Northgate."""
    with signed_in(desk, MARA) as client:
        yield client


@pytest.fixture
def session(desk: Site) -> Session:
    """A conversation of Ada's, her newest, which no other test knows."""
    return talk(desk.store, ADA, f"corrected-{next(_numbers)}", desk.clock.iso())


def text_of(page: httpx.Response) -> str:
    """The page's text in one line."""
    assert 200 == page.status_code
    bare = re.sub(r"<[^>]+>", "", page.text.partition("<main")[2].partition(">")[2])
    return re.sub(r"\s+", " ", unescape(bare))


# --- Where the grade is seen ----------------------------------------------------------------------


def test_a_correction_stands_first_wherever_the_score_is_shown(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """Session, overview, sessions, team, person and question: the program's score beside it."""
    asked = desk.office.reviewing.dispute(session.id, "empathy", "I did say sorry.")
    sent(mara, f"/sessions/{session.id}/grades/empathy", "correct", grade="72", comment="Warm.")
    for path in (
        f"/sessions/{session.id}", "/", "/sessions", desk.team(TEAM), desk.person(FIRST),
        f"/questions/{asked.id}",
    ):  # fmt: skip
        said = text_of(mara.get(path))
        assert re.search(r"72 by Mara Lind the program said 50 range \d+–\d+", said), path
    for path in ("/", "/sessions", desk.team(TEAM), desk.person(FIRST)):
        assert "Passes and trends go by the program’s." in text_of(mara.get(path)), path


def test_what_several_people_gave_is_all_there(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """The newest first, of each the newest; whoever came round to the program's is not named."""
    reviewing, path = desk.office.reviewing, f"/sessions/{session.id}/grades/empathy"
    nils = person_of(NILS)
    reviewing.correct(session.id, "empathy", 23, graded_by=nils, comment="Cold.")
    sent(mara, path, "correct", grade="72", comment="Warm.")
    reviewing.correct(session.id, "empathy", 30, graded_by=nils, comment="Cool.")
    for page in (f"/sessions/{session.id}", "/"):
        said = text_of(mara.get(page))
        assert "30 by Nils Brandt 72 by Mara Lind the program said 50" in said
    assert "23 by Nils Brandt" not in said
    answer = sent(mara, path, "confirm")
    said = text_of(mara.get(answer.headers["location"]))
    assert "30 by Nils Brandt the program said 50" in said
    assert "Noted: you see it as the program does." in said


def test_a_blind_grade_stands_in_place_of_nothing(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """It was given without looking at the score; it is listed below it as before."""
    nils = person_of(NILS)
    desk.office.reviewing.grade_blind(session.id, "empathy", 20, graded_by=nils)
    said = text_of(mara.get(f"/sessions/{session.id}"))
    assert "20 by Nils Brandt the program said" not in said
    assert "20 by Nils Brandt blind" in said
    desk.office.reviewing.correct(session.id, "empathy", 70, graded_by=nils, comment="Warm.")
    assert "still counts for how far people agree" in text_of(mara.get(f"/sessions/{session.id}"))


def test_a_correction_says_what_it_doesnt_do(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """Before it is given and afterwards: the pass goes by the program's score, and stays."""
    path = f"/sessions/{session.id}/grades/empathy"
    assert "Whether the conversation is a pass" in text_of(mara.get(path))
    assert "stay as they are" in text_of(mara.get(f"{path}?reply=1"))
    before = desk.store.get(session.id).passed
    sent(mara, path, "correct", grade="2", comment="Cold.")
    said = text_of(mara.get(f"/sessions/{session.id}"))
    assert "reached by the program’s score, which decides" in said
    assert before
    assert desk.store.get(session.id).passed


def test_the_report_has_pass_marks_and_corrections_and_speaks_of_the_hire(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """It is read by others: nothing in the program's own words on it says "you" to the hire."""
    sent(mara, f"/sessions/{session.id}/grades/empathy", "correct", grade="72", comment="Warm.")
    said = text_of(mara.get(f"/sessions/{session.id}/report"))
    (mark,) = re.findall(r"72 by Mara Lindthe program: 5044–57(\d+), reached", said)
    assert mark == f"{desk.office.repertoire.debrief(session).dimensions[0].pass_mark:.0f}"
    assert "For the supervisors of Ada Quill" in said
    matter = said.partition("The matter")[2].partition("The conversation")[0]
    assert "Not found out: His son is with him from Friday afternoon" in matter
    assert "More than may be offered (reply 2)" in matter
    assert not re.search(r"\b[Yy]ou (?:may|found|never|had)\b", matter)
    assert "because a hint was taken" in said


# --- Who hears of it ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["telegram", "blocked", "elsewhere"])
def test_whether_a_hire_will_read_it_is_said_before_it_is_written(own: Site, kind: str) -> None:
    """Beside every field for words to them, and again when they are kept."""
    hire = BEN
    if kind == "elsewhere":
        roles: tuple[Role, ...] = ("trainee",)
        new = Member(person="page:1", telegram=-9, name="Ben Okafor", joined=own.clock.iso())
        own.store.people.join(new, TEAM, roles, new.joined)
        hire = new.person
    talk(own.store, hire, "told", own.clock.days_ago(1))
    own.store.people.set_reachable(hire, kind == "telegram")
    asked = own.office.reviewing.dispute("told", "empathy", "Why?")
    before = {
        "telegram": "Ben Okafor gets it in Telegram.",
        "blocked": "Ben Okafor has blocked the bot in Telegram and won’t see it.",
        "elsewhere": "Ben Okafor is not in Telegram and won’t see it.",
    }[kind]
    with signed_in(own, MARA) as client:
        for path in ("/sessions/told", f"/questions/{asked.id}"):
            assert before in text_of(client.get(path))
        form = text_of(client.get("/sessions/told/grades/empathy"))
        assert before.replace("gets it", "reads this") in form
        answer = sent(client, f"/questions/{asked.id}", answer="Look at reply 2.")
        said = text_of(client.get(answer.headers["location"]))
    after = "on its way to Ben Okafor" if kind == "telegram" else f"Your answer is kept. {before}"
    assert after in said


def test_nobody_is_said_to_have_read_an_answer(desk: Site, session: Session) -> None:
    """That isn't known: it lies in the outbox, or they have blocked the bot."""
    asked = desk.office.reviewing.dispute(session.id, "empathy", "Why?")
    desk.office.reviewing.answer(asked.id, "So.", answered_by=person_of(MARA))
    with signed_in(desk, NILS) as client:
        page = client.get(f"/questions/{asked.id}")
        code = re.findall(r'name="code" value="([^"]+)"', page.text)[0]
        late = client.post(f"/questions/{asked.id}", data={"code": code, "answer": "Or so."})
    assert "has been answered already. Talk to whoever asked it" in late.text
    assert "has read" not in late.text


# --- What one needs to judge ----------------------------------------------------------------------


def test_what_the_hire_knew_is_beside_everything_that_is_judged(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """Folded on session, correction, question and blind page: their screen, and what they may."""
    asked = desk.office.reviewing.dispute(session.id, "empathy", "Why?")
    brief = desk.office.repertoire.scenario(session.scenario).brief
    own = f"/sessions/{session.id}"
    form = f"{own}/grades/empathy"
    pages = [own, form, f"{form}?reply=2", f"/questions/{asked.id}"]
    with signed_in(desk, NILS) as nils:
        for page in (nils.get(f"/grade/{session.id}"), *map(mara.get, pages)):
            (folded,) = re.findall(
                r'<details class="panel knew">(.*?)</details>', page.text, re.DOTALL
            )
            for line in (*brief.screen, *brief.may_offer):
                assert line in unescape(folded)


def test_the_form_shows_the_question_and_the_reply_that_it_names(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """Until it is answered; the whole conversation is there without a press, below the form."""
    path = f"/sessions/{session.id}/grades/empathy"
    plain = text_of(mara.get(path))
    asked = desk.office.reviewing.dispute(session.id, "empathy", "What is wrong with reply 2?")
    page = mara.get(path)
    said = text_of(page)
    assert "Ada Quill asks about empathy" in said
    assert "What is wrong with reply 2?" in said
    assert f'href="/questions/{asked.id}"' in page.text
    above, _, below = said.partition("The program gave")
    assert "Reply 2 scored 12" in above
    assert "Reply 1" not in above
    for number in (1, 2, 3):
        assert f"Reply {number} scored" in below
        assert f"Reply {number} scored" in plain
    assert "Reply 2 scored 12" in text_of(mara.get(f"/questions/{asked.id}"))
    answer = sent(mara, path, "correct", grade="40", comment="It undoes the first.")
    assert "still waits for an answer" in text_of(mara.get(answer.headers["location"]))
    desk.office.reviewing.answer(asked.id, "So.", answered_by=person_of(MARA))
    assert "asks about empathy" not in text_of(mara.get(path))


def test_the_blind_page_says_what_blind_means(desk: Site, session: Session) -> None:
    """That lists show scores, and what to do for whoever remembers them."""
    with signed_in(desk, NILS) as nils:
        said = text_of(nils.get(f"/grade/{session.id}"))
        assert "you haven’t opened this conversation with its scores" in said
        assert "if you remember those of this one, leave it" in said
        assert "Lists show scores without opening anything" in text_of(nils.get("/trust"))
