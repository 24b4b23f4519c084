"""Confirming, correcting, answering, grading blind: what is kept, who is told, what is hidden."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterator

import httpx
import pytest

from coachbot.coaching.people import person_of
from coachbot.coaching.reviewing import Dispute, Grade
from coachbot.session.models import Session
from tests.web.conftest import signed_in
from tests.web.made import FIRST, MARA, NILS, SCORER, Site, a_score
from tests.web.talked import long_talk, once_more, talk

ADA = person_of(FIRST)
NOTHING = {"none-active_listening": "1", "none-individualized_treatment": "1"}
_numbers = itertools.count()


@pytest.fixture(scope="module")
def mara(desk: Site) -> Iterator[httpx.Client]:
    """A supervisor of Northgate."""
    with signed_in(desk, MARA) as client:
        yield client


@pytest.fixture(scope="module")
def nils(desk: Site) -> Iterator[httpx.Client]:
    """Another one."""
    with signed_in(desk, NILS) as client:
        yield client


@pytest.fixture
def session(desk: Site) -> Session:
    """A conversation of Ada's that no other test knows."""
    return talk(desk.store, ADA, f"graded-{next(_numbers)}", desk.clock.days_ago(2))


def fields(page: httpx.Response, do: str = "") -> dict[str, str]:
    """The hidden fields of a page's form: that of the use ``do``, or the last one."""
    found: dict[str, str] = {}
    for form in page.text.partition("<main")[2].split("<form")[1:]:
        values = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
        if not do or values.get("do") == do:
            found = values
    assert found
    return found


def sent(
    client: httpx.Client, path: str, do: str = "", query: str = "", **typed: str
) -> httpx.Response:
    """Open a form, fill it in and send it, as a browser does; nothing is followed."""
    page = client.get(path + query)
    assert 200 == page.status_code
    return client.post(path, data={**fields(page, do), **typed})


def arrived(desk: Site, number: int = FIRST) -> list[str]:
    """The texts that wait for somebody in the outbox; they are taken out."""
    texts = []
    while waiting := [w for w in desk.store.post.first_of_chats(()) if w.chat == number]:
        texts.append(str(waiting[0].content["text"]))
        desk.store.post.sent(waiting[0].id)
    return texts


def kept(desk: Site, session: Session) -> list[Grade]:
    """The grades of a session."""
    return desk.store.reviews.grades(session.id)


# --- Confirming and correcting --------------------------------------------------------------------


def test_the_form_has_anchors_and_an_example_beside_it(
    mara: httpx.Client, session: Session
) -> None:
    """For the session and for one reply, with only what moved this dimension marked."""
    page = mara.get(f"/sessions/{session.id}/grades/active_listening?reply=1")
    for expected in (
        "Answers what was asked, without a sign of checking.",
        "So it holds on the flat and sticks on your hill.",
        "The program gave 55",
        "asks again",
    ):
        assert expected in page.text
    assert "names what it does to them" not in page.text
    assert "Whether the conversation" in mara.get(f"/sessions/{session.id}/grades/empathy").text


def test_a_correction_is_kept_beside_the_score_and_the_hire_is_told(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """With who, when, which scorer and why; in Telegram with the words of the bot."""
    arrived(desk)
    path = f"/sessions/{session.id}/grades/empathy"
    answer = sent(mara, path, "correct", grade="72", comment="  She names the birthday. ")
    assert (303, f"/sessions/{session.id}?noted=told#noted") == (
        answer.status_code,
        answer.headers["location"],
    )
    (grade,) = kept(desk, session)
    assert (None, 72.0, SCORER, False, "She names the birthday.", person_of(MARA)) == (
        grade.turn, grade.grade, grade.scorer, grade.blind, grade.comment, grade.graded_by,
    )  # fmt: skip
    (told,) = arrived(desk)
    assert "<b>Mara Lind</b> has read your conversation" in told
    assert "She names the birthday." in told
    page = mara.get(answer.headers["location"])
    assert "Ada Quill will read it in Telegram" in page.text
    assert re.search(r"<b>72</b> by Mara Lind", page.text)
    assert "the program gave 50" in page.text
    assert f'title="Scorer: {SCORER}"' in page.text


def test_a_confirmation_tells_nobody_and_a_second_grade_keeps_the_first(
    desk: Site, mara: httpx.Client, nils: httpx.Client, session: Session
) -> None:
    """All stay listed; the one that was replaced says so."""
    arrived(desk)
    path = f"/sessions/{session.id}/grades/empathy"
    assert "noted=confirmed" in sent(mara, path, "confirm").headers["location"]
    sent(nils, path, "correct", grade="30", comment="The second one hurts.")
    arrived(desk)
    sent(mara, path, "correct", grade="40", comment="Nils is right.")
    assert [50.3, 30, 40] == [grade.grade for grade in kept(desk, session)]
    page = mara.get(f"/sessions/{session.id}").text
    assert re.search(r"<b>50</b> confirmed by Mara Lind[^\n]*replaced since", page)
    assert 1 == page.count("replaced since")
    for comment in ("The second one hurts.", "Nils is right."):
        assert comment in page
    assert 1 == len(arrived(desk))


def test_one_reply_is_graded_by_itself(desk: Site, mara: httpx.Client, session: Session) -> None:
    """And one ends where the reply stands."""
    path = f"/sessions/{session.id}/grades/empathy"
    answer = sent(mara, path, "correct", "?reply=2", grade="5", comment="An order.")
    assert answer.headers["location"].endswith("noted=told&reply=2#noted")
    (grade,) = kept(desk, session)
    assert (2, 5.0, 12.0) == (grade.turn, grade.grade, grade.score)
    assert "<b>5</b> by Mara Lind" in mara.get(answer.headers["location"]).text


def test_a_reply_shared_with_the_first_attempt_is_graded_there(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """From the page of the further attempt, and listed on both."""
    again = once_more(desk.store, session, f"{session.id}-b", desk.clock.days_ago(1))
    path = f"/sessions/{again.id}/grades/empathy"
    sent(mara, path, "correct", "?reply=1", grade="81", comment="Warm.")
    (grade,) = kept(desk, session)
    assert (session.id, 1) == (grade.session, grade.turn)
    for one in (session, again):
        assert "<b>81</b> by Mara Lind" in mara.get(f"/sessions/{one.id}").text


def test_sent_twice_it_is_done_once(desk: Site, mara: httpx.Client, session: Session) -> None:
    """A double click, also at the very same moment, keeps one grade and tells once."""
    arrived(desk)
    path = f"/sessions/{session.id}/grades/empathy"
    form = {**fields(mara.get(path), "correct"), "grade": "72", "comment": "Once."}
    answers: list[str] = []

    def send() -> None:
        answers.append(mara.post(path, data=form).headers["location"])

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    noted = [answer.partition("noted=")[2].partition("#")[0] for answer in answers]
    assert ["again", "again", "told"] == sorted(noted)
    assert 1 == len(kept(desk, session)) == len(arrived(desk))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"grade": "101", "comment": "x"}, "a number from 0 to 100"),
        ({"grade": "-1", "comment": "x"}, "a number from 0 to 100"),
        ({"grade": "nan", "comment": "x"}, "a number from 0 to 100"),
        ({"grade": "1e999", "comment": "x"}, "a number from 0 to 100"),
        ({"comment": "x"}, "a number from 0 to 100"),
        ({"grade": "50", "comment": " \u200b "}, "Say in a sentence why"),
        ({"grade": "50", "comment": "y" * 1001}, "1,000 fit"),
    ],
)
def test_what_cant_be_kept_comes_back_with_what_was_typed(
    desk: Site, mara: httpx.Client, session: Session, typed: dict[str, str], said: str
) -> None:
    """The form says what is missing, and nobody has to write anything again."""
    arrived(desk)
    answer = sent(mara, f"/sessions/{session.id}/grades/empathy", "correct", "?reply=1", **typed)
    assert 400 == answer.status_code
    assert said in answer.text
    assert f">{typed['comment']}</textarea>" in answer.text
    assert "reply 1" in answer.text
    assert [] == kept(desk, session)
    assert [] == arrived(desk)


@pytest.mark.parametrize(
    "path", ["grades/kindness", "grades/empathy?reply=9", "grades/empathy?reply=0",
             "grades/empathy?reply=x", "grades/empathy?reply=99999999999999"]
)  # fmt: skip
def test_there_is_no_form_for_what_is_not_there(
    mara: httpx.Client, session: Session, path: str
) -> None:
    """A dimension or a reply that the session doesn't have."""
    assert 404 == mara.get(f"/sessions/{session.id}/{path}").status_code


def test_who_has_blocked_the_bot_is_not_written_to(own: Site) -> None:
    """The grade is kept, and the page says that they won't see it."""
    talk(own.store, ADA, "talk", own.clock.days_ago(1))
    own.store.people.set_reachable(ADA, False)
    with signed_in(own, MARA) as client:
        answer = sent(
            client, "/sessions/talk/grades/empathy", "correct", grade="70", comment="Warm."
        )
        page = client.get(answer.headers["location"])
    assert "has blocked the bot in Telegram" in page.text
    assert 1 == len(own.store.reviews.grades("talk"))
    assert [] == arrived(own)


# --- Questions ------------------------------------------------------------------------------------


def question(desk: Site, session: Session) -> Dispute:
    """Ada asks about empathy."""
    return desk.office.reviewing.dispute(session.id, "empathy", "I did say sorry.")


def test_a_question_is_answered_where_it_stands_and_the_hire_is_told(
    desk: Site, mara: httpx.Client, session: Session
) -> None:
    """Once; the answer is on the page and on its way in Telegram."""
    arrived(desk)
    asked = question(desk, session)
    page = mara.get(f"/sessions/{session.id}")
    assert "I did say sorry." in page.text
    assert f'action="/questions/{asked.id}"' in page.text
    form = {**fields(page), "answer": "The second reply undoes it."}
    answer = mara.post(f"/questions/{asked.id}", data=form)
    assert f"/sessions/{session.id}?noted=answered#noted" == answer.headers["location"]
    page = mara.get(answer.headers["location"])
    assert "The second reply undoes it." in page.text
    assert "on its way to Ada Quill" in page.text
    assert "Mara Lind answered on" in page.text
    (told,) = arrived(desk)
    assert "I did say sorry." in told
    assert "The second reply undoes it." in told


def test_a_question_is_answered_once(
    desk: Site, mara: httpx.Client, nils: httpx.Client, session: Session
) -> None:
    """Whoever comes second sees the first answer, and gets back what they wrote."""
    arrived(desk)
    asked = question(desk, session)
    path = f"/questions/{asked.id}"
    forms = [fields(client.get(path)) for client in (mara, nils)]
    assert 303 == mara.post(path, data={**forms[0], "answer": "First."}).status_code
    late = nils.post(path, data={**forms[1], "answer": "Second."})
    assert 400 == late.status_code
    for expected in ("has been answered already", "First.", "Second.", "was not sent"):
        assert expected in late.text
    assert "First." == desk.store.reviews.dispute(asked.id).answer
    assert 1 == len(arrived(desk))


def test_an_answer_has_to_say_something(desk: Site, mara: httpx.Client, session: Session) -> None:
    """An empty one is not sent."""
    asked = question(desk, session)
    answer = sent(mara, f"/questions/{asked.id}", answer="  ")
    assert 400 == answer.status_code
    assert "the hire is waiting for a reason" in answer.text
    assert desk.store.reviews.dispute(asked.id).answer is None


def test_a_question_that_is_not_there_is_nowhere(mara: httpx.Client) -> None:
    """As any address that nobody has."""
    assert 404 == mara.get("/questions/none").status_code


# --- Blind ----------------------------------------------------------------------------------------


def test_nothing_is_on_the_blind_page_that_tells_the_scores(
    desk: Site, nils: httpx.Client, session: Session
) -> None:
    """To the letter the page of the same words with other scores, by somebody else."""
    turns = tuple(
        turn.model_copy(
            update={"score": a_score((90, 5, 50)), "mood_before": 9.0, "mood_after": 5.0,
                    "reasons": (), "acts": (), "needs_revealed": (), "over_promises": ()}
        )
        for turn in session.turns
    )  # fmt: skip
    other = session.model_copy(
        update={
            "id": f"{session.id}-other", "person": person_of(FIRST + 1), "turns": turns,
            "scorer": "another 1", "hints": (), "outcome": "left", "self_rating": None,
            "passed": False, "started": desk.clock.days_ago(40),
        }
    )  # fmt: skip
    desk.store.save(other)
    pages = [nils.get(f"/grade/{one.id}").text for one in (session, other)]
    assert pages[0] == pages[1].replace(other.id, session.id)
    for turn in session.turns:
        assert turn.agent.replace("'", "&#39;") in pages[0]
    for telling in ("Ada Quill", "<mark", "note-", "mood", "passed", "<polyline", SCORER):
        assert telling not in pages[0].partition("<main")[2]


def test_nothing_is_on_the_blind_page_that_others_said(
    desk: Site, mara: httpx.Client, nils: httpx.Client, session: Session
) -> None:
    """Grades, a question, its answer and a feeling leave it as it was."""
    before = nils.get(f"/grade/{session.id}").text
    path = f"/sessions/{session.id}/grades/empathy"
    sent(mara, path, "correct", grade="72", comment="She names the birthday.")
    sent(mara, path, "correct", "?reply=1", grade="83", comment="Warm.")
    sent(mara, f"/questions/{question(desk, session).id}", answer="Look at the second.")
    desk.office.reviewing.felt(session.id, 2)
    once_more(desk.store, session, f"{session.id}-b", desk.clock.days_ago(1))
    assert before == nils.get(f"/grade/{session.id}").text


def test_blind_grades_are_flagged_and_then_all_is_shown(
    desk: Site, nils: httpx.Client, session: Session
) -> None:
    """For the whole and for single replies; nobody is told, and the scores are there."""
    arrived(desk)
    answer = sent(
        nils, f"/grade/{session.id}", **{
            "empathy": "45", "comment-empathy": "Uneven.", "active_listening": "60",
            "none-individualized_treatment": "1", "empathy-2": "10", "active_listening-3": "",
        },
    )  # fmt: skip
    assert f"/sessions/{session.id}?noted=blind#noted" == answer.headers["location"]
    assert [
        (None, "empathy", 45.0, 50.3, True, "Uneven."),
        (None, "active_listening", 60.0, 49.7, True, None),
        (2, "empathy", 10.0, 12.0, True, None),
    ] == [(g.turn, g.dimension, g.grade, g.score, g.blind, g.comment) for g in kept(desk, session)]
    assert [] == arrived(desk)
    page = nils.get(answer.headers["location"])
    assert 3 == page.text.count('<span class="tag">blind</span>')
    assert "here is what the program gave" in page.text
    assert 303 == nils.get(f"/grade/{session.id}").status_code


def test_whoever_has_opened_the_scores_cant_grade_blind(
    desk: Site, nils: httpx.Client, session: Session
) -> None:
    """Not by the form, and not by one that was open in another window meanwhile."""
    form = fields(nils.get(f"/grade/{session.id}"))
    nils.get(f"/sessions/{session.id}")
    assert "You know the scores already" in nils.get(f"/grade/{session.id}").text
    late = nils.post(f"/grade/{session.id}", data={**form, **NOTHING, "empathy": "50"})
    assert 400 == late.status_code
    assert "You know the scores already" in late.text
    assert [] == kept(desk, session)


@pytest.mark.parametrize("where", ["grades", "question", "again", "report"])
def test_every_page_with_the_scores_ends_blindness(
    desk: Site, nils: httpx.Client, session: Session, where: str
) -> None:
    """The form for a correction, a question, the report, and the page of another attempt."""
    path = {
        "grades": f"/sessions/{session.id}/grades/empathy?reply=1",
        "question": f"/questions/{question(desk, session).id}",
        "again": f"/sessions/{session.id}-b",
        "report": f"/sessions/{session.id}/report",
    }[where]
    once_more(desk.store, session, f"{session.id}-b", desk.clock.days_ago(1))
    assert "Grade blind" in nils.get(f"/grade/{session.id}").text
    assert 200 == nils.get(path).status_code
    assert "You know the scores already" in nils.get(f"/grade/{session.id}").text


def test_blind_grades_sent_twice_are_kept_once(
    desk: Site, nils: httpx.Client, session: Session
) -> None:
    """The second time one is shown what the first time kept."""
    form = fields(nils.get(f"/grade/{session.id}"))
    data = {**form, **NOTHING, "empathy": "50"}
    assert 303 == nils.post(f"/grade/{session.id}", data=data).status_code
    again = nils.post(f"/grade/{session.id}", data=data)
    assert f"/sessions/{session.id}?noted=again#noted" == again.headers["location"]
    assert 1 == len(kept(desk, session))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"empathy": "50"}, "Active listening: give a grade, or say that nothing called for it."),
        ({**NOTHING, "none-empathy": "1"}, "at least one grade for the whole conversation"),
        ({**NOTHING, "empathy": "50", "none-empathy": "1"}, "not both"),
        ({**NOTHING, "empathy": "500"}, "Empathy: give a grade as a number from 0 to 100"),
        ({**NOTHING, "empathy": "50", "empathy-2": "x"}, "Empathy in reply 2: give a grade"),
        ({**NOTHING, "empathy": "50", "comment-empathy": "z" * 1001}, "1,000 fit"),
    ],
)
def test_a_blind_form_with_gaps_comes_back_still_blind(
    desk: Site, nils: httpx.Client, session: Session, typed: dict[str, str], said: str
) -> None:
    """With everything that was typed, and still without a score."""
    answer = sent(nils, f"/grade/{session.id}", **typed)
    assert 400 == answer.status_code
    assert said in answer.text
    if "empathy" in typed:
        assert f'value="{typed["empathy"]}"' in answer.text
    assert "<mark" not in answer.text
    assert "Ada Quill" not in answer.text
    assert [] == kept(desk, session)


def test_a_very_long_conversation_is_graded_blind_in_parts(desk: Site, nils: httpx.Client) -> None:
    """No part has 100 kB, each reply is in one, and grades typed in one part wait in the others."""
    number = next(_numbers)
    session = long_talk(desk.store, ADA, f"long-{number}", desk.clock.days_ago(1))
    path = f"/grade/{session.id}"
    page = nils.get(path)
    seen = replies(page)
    typed = {"empathy-1": "11", "empathy": "44", **NOTHING}
    while seen[-1] < len(session.turns):
        (read,) = re.findall(rf'name="read" value="({seen[-1] + 1})"', page.text)[:1]
        page = nils.post(path, data={**fields(page), **typed, "read": read})
        assert 200 == page.status_code
        assert len(page.content) < 100_000
        seen += replies(page)
        assert ("empathy-1", "11") in fields(page).items()
        typed.pop("empathy-1", None)
        typed[f"empathy-{seen[-1]}"] = "22"
    assert list(range(1, len(session.turns) + 1)) == seen
    assert [] == kept(desk, session)

    # What is wrong in another part is shown there.
    wrong = nils.post(path, data={**fields(page), **typed, "empathy-1": "111"})
    assert 400 == wrong.status_code
    assert 1 == replies(wrong)[0]
    assert 'id="grade-empathy-1"' in wrong.text

    assert 303 == nils.post(path, data={**fields(page), **typed}).status_code
    expected = {(None, 44.0), (1, 11.0), (seen[-1], 22.0)}
    assert expected <= {(grade.turn, grade.grade) for grade in kept(desk, session)}


def replies(page: httpx.Response) -> list[int]:
    """The numbers of the replies that are shown."""
    return [int(number) for number in re.findall(r'class="turn" id="reply-(\d+)"', page.text)]


def test_the_form_for_a_grade_shows_the_beginning_of_a_very_long_conversation(
    desk: Site, mara: httpx.Client
) -> None:
    """It keeps below 100 kB as well, and leads to the rest on the session's page."""
    session = long_talk(desk.store, ADA, f"long-{next(_numbers)}", desk.clock.days_ago(1))
    page = mara.get(f"/sessions/{session.id}/grades/empathy")
    assert len(page.content) < 100_000
    found = re.findall(rf'href="(/sessions/{session.id}\?reply=(\d+))#conversation"', page.text)
    assert found
    for address, number in found:
        assert f'id="reply-{number}"' in mara.get(address).text
    shown = page.text.count(session.turns[0].agent)
    assert 0 < shown < len(session.turns)


def test_a_conversation_is_said_alike_wherever_it_is_read(
    mara: httpx.Client, nils: httpx.Client, session: Session
) -> None:
    """Session, grading and blind grading show the same messages, one bubble each, to the last."""

    def messages(page: httpx.Response) -> list[str]:
        shown = re.findall(r'<p class="words">(.*?)</p>', page.text, re.DOTALL)
        return [re.sub(r"<sup>.*?</sup>|<[^>]+>", "", text, flags=re.DOTALL) for text in shown]

    blind = messages(nils.get(f"/grade/{session.id}"))
    assert len([m for t in session.turns for m in t.customer]) + len(session.turns) + 1 == len(
        blind
    )
    assert blind == messages(mara.get(f"/sessions/{session.id}"))
    assert blind == messages(mara.get(f"/sessions/{session.id}/grades/empathy"))
