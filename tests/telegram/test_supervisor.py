"""A supervisor at work: the team, a session, grades, questions, a focus, links, the export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.coaching.people import Member
from coachbot.session.models import SelfRating, Session
from coachbot.telegram.menus import key_of
from coachbot.telegram.messages import LONGEST_DATA, LONGEST_TEXT, Button, length
from coachbot.telegram.office import Office
from tests.telegram import made
from tests.telegram.made import Arrival, again, command, finished, member, outbox_of, press, say

LONG = "W" * 64
"""As long as a name may be."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office in which everybody of the fixtures below is."""
    with made.office(tmp_path) as opened:
        yield opened


@pytest.fixture
def sol(office: Office) -> Member:
    """The supervisor of the returns desk."""
    return member(office, 1, "Sol", "supervisor")


@pytest.fixture
def ada(office: Office) -> Member:
    """A trainee of the returns desk."""
    return member(office, 11, "Ada")


@pytest.fixture
def session(office: Office, ada: Member) -> Session:
    """A session of Ada's: two replies, 62, 45 and 55 on each, ended by the customer."""
    rating = SelfRating(empathy=70, active_listening=60, individualized_treatment=20)
    return finished(office, ada, rating=rating, hints=(2,))


def only(office: Office, who: Member) -> Arrival:
    """The one message that has come for somebody."""
    (found,) = outbox_of(office, who)
    return found


def asked_about(office: Office, hire: Member, session: Session, why: str) -> str:
    """The id of a question about empathy that a hire has asked, and everybody has been told."""
    press(office, hire, f"question:{session.id}:0")
    say(office, hire, why)
    outbox_of(office, hire)
    return office.records.disputes(session.id)[-1].id


def send(office: Office, who: Member) -> Arrival:
    """Look at what would go out, and send it; what was shown."""
    shown = outbox_of(office, who)[-1]
    press(office, who, shown.button("Send"))
    return shown


def proposed(office: Office, supervisor: Member, hire: Member) -> str:
    """The id of a focus on empathy that was proposed, with the messages about it read."""
    press(office, supervisor, f"focus:{hire.telegram}:e")
    say(office, supervisor, "Say what it cost them first.")
    send(office, supervisor)
    outbox_of(office, supervisor)
    outbox_of(office, hire)
    return office.records.focuses(hire.person)[0].id


# --- The team -------------------------------------------------------------------------------------


def test_a_team_says_who_practised_and_puts_questions_before_people(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """One practised, one did not; averages are not shown for two, and the reason is."""
    member(office, 12, "Bo")
    question = asked_about(office, ada, session, "I did.")
    outbox_of(office, sol)
    command(office, sol, "/team")
    found = only(office, sol)
    assert "2 people; one of them practised in the last 30 days." in found.text
    assert "Latest: empathy 62; active listening 45; individualized treatment 55" in found.text
    assert "<b>Bo</b>: hasn't practised yet" in found.text
    assert "Team averages show once 5 people" in found.text
    assert ["Ada asks about empathy", "Ada", "Bo", "Rename the team"] == found.labels
    assert [f"dispute:{question}", "person:11:0", "person:12:0"] == found.presses[:3]


def test_a_direction_is_named_where_it_is_clear(office: Office, sol: Member, ada: Member) -> None:
    """Empathy rises from 40 to 80 over six sessions, listening stays at 45."""
    for number, empathy in enumerate((40, 40, 40, 80, 80, 80), 1):
        started = f"2026-03-0{number}T09:00:00+00:00"
        finished(office, ada, values=(empathy, 45, 55), started=started)
    command(office, sol, "/team")
    text = only(office, sol).text
    assert "Latest: empathy 80, going up; active listening 45; individualized" in text
    assert "Weakest: active listening, 45 lately" in text


def test_averages_are_shown_for_five_who_were_scored(office: Office, sol: Member) -> None:
    """Five people at 50 to 70 in empathy: 60 on average."""
    for number in range(5):
        hire = member(office, 20 + number, f"Hire {number}")
        finished(office, hire, values=(50 + 5 * number, 45, 55))
    command(office, sol, "/team")
    assert (
        "<b>All together, lately</b>\nEmpathy 60, active listening 45, individualized treatment 55"
        in only(office, sol).text
    )


def test_a_team_of_ten_has_two_pages(office: Office, sol: Member) -> None:
    """Eight people, then two, in the place of the first page."""
    for number in range(10):
        member(office, 20 + number, f"Hire {number}")
    command(office, sol, "/team")
    first = only(office, sol)
    assert [f"Hire {n}" for n in range(8)] == first.labels[:8]
    press(office, sol, first.button("More"))
    second = only(office, sol)
    assert "editMessageText" == second.method
    assert ["Hire 8", "Hire 9", "← Back"] == second.labels
    assert "Hire 7" not in second.text


def test_each_team_that_one_supervises_is_a_message(office: Office, sol: Member) -> None:
    """Sol supervises two teams and only practises in a third."""
    member(office, 1, "Sol", "supervisor", team="Claims")
    member(office, 1, "Sol", "trainee", team="Phones")
    command(office, sol, "/team")
    assert ["<b>Claims</b>", "<b>Returns desk</b>"] == [
        m.text.splitlines()[0] for m in outbox_of(office, sol)
    ]


def test_an_overdue_assignment_is_said(office: Office, sol: Member, ada: Member) -> None:
    """Assigned for the day before yesterday, as seen two days later."""
    due = office.today().date()
    office.assigning.assign(
        "late-parcel", team="Returns desk", made_by=sol.person, person=ada.person, due=due
    )
    assert isinstance(office.clock, made.Clock)
    office.clock.go_on(days=2)
    command(office, sol, "/team")
    assert "One assignment overdue" in only(office, sol).text
    press(office, sol, "person:11")
    assert "A train for Saturday, due 5 March: overdue" in only(office, sol).text


def test_many_questions_are_a_list_of_their_own(office: Office, sol: Member, ada: Member) -> None:
    """Ten are asked: three on the overview, then a list of eight and two."""
    for _ in range(10):
        asked_about(office, ada, finished(office, ada), "Why?")
    outbox_of(office, sol)
    command(office, sol, "/team")
    overview = only(office, sol)
    assert ["Ada asks about empathy"] * 3 + ["All 10 questions"] == overview.labels[:4]
    press(office, sol, overview.button("All 10"))
    first = only(office, sol)
    assert ["Ada asks about empathy"] * 8 + ["More →", "← Returns desk"] == first.labels
    press(office, sol, first.button("More"))
    assert ["Ada asks about empathy"] * 2 == only(office, sol).labels[:2]


# --- One person and a session ---------------------------------------------------------------------


def test_a_person_has_their_latest_sessions_as_buttons(
    office: Office, sol: Member, ada: Member
) -> None:
    """Seven sessions: six, the newest first, and one on the next page."""
    for number in range(1, 8):
        finished(office, ada, started=f"2026-02-0{number}T09:00:00+00:00")
    press(office, sol, "person:11")
    found = only(office, sol)
    assert found.text.startswith("<b>Ada</b>: 7 sessions finished, none passed.")
    assert (
        "Empathy: 62 in the last three sessions, 62 at the start: no clear change yet."
        in found.text
    )
    assert "7 Feb, A train for Saturday: 62 / 45 / 55" == found.labels[0]
    assert "7 February, A train for Saturday: the customer left" in found.text
    assert "assign_to:11" == found.button("Assign a scenario")
    press(office, sol, found.button("More"))
    assert "1 Feb, A train for Saturday: 62 / 45 / 55" == only(office, sol).labels[0]


def test_the_head_of_a_session_says_what_came_of_it(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Outcome, values with range and pass mark, hints, own rating, feeling, question."""
    press(office, ada, f"feel:{session.id}:2")
    asked_about(office, ada, session, "I <did>.")
    outbox_of(office, sol)
    press(office, sol, f"read:{session.id}:1")
    found = only(office, sol)
    for part in (
        "<b>A train for Saturday</b>, Ada, 2 March\n<b>Dean left: no pass (every mark is reached",
        "Hints: before reply 2.",
        "It felt bad.",
        "<b>Empathy</b>: 62 (range 58 to 66); pass mark 44 reached\nOwn rating: 70",
        "<blockquote>I &lt;did&gt;.</blockquote>\nNobody has answered yet.",
        "<i>Page 1 of 3</i>",
    ):
        assert part in found.text
    assert "← Back" not in found.labels


def test_replies_follow_page_by_page(office: Office, sol: Member, session: Session) -> None:
    """Each page has both sides, the scores, the evidence and the mood; the last has the end."""
    press(office, sol, f"turn:{session.id}:2")
    first = only(office, sol)
    for part in (
        "<b>Reply 1 of 2</b>",
        "<b>Dean</b>\n<blockquote>Where is it?</blockquote>",
        "<b>Ada</b>\n<blockquote>I'm sorry the train is late.</blockquote>",
        "<b>Empathy</b>: 62 (range 57 to 67)",
        "<blockquote>I'm sorry the train</blockquote>\nEmpathy +18: names what Dean lost.",
        "Dean's mood stayed at 28.",
    ):
        assert part in first.text
    press(office, sol, first.button("Next"))
    last = only(office, sol)
    assert "editMessageText" == last.method
    assert "<b>Reply 2 of 2</b>, after a hint" in last.text
    assert "<b>Dean, at the end</b>" in last.text
    assert "Next →" not in last.labels


def test_a_long_reply_goes_on_on_the_next_page_and_nothing_is_lost(
    office: Office, sol: Member, ada: Member
) -> None:
    """Ten thousand characters, all of them special ones in HTML: every page is one message."""
    words = [f"<{number}>&" for number in range(1500)]
    long = finished(office, ada, replies=(" ".join(words),))
    seen, page = "", 1
    while True:
        press(office, sol, f"turn:{long.id}:{page}")
        found = only(office, sol)
        assert length(found.text) <= LONGEST_TEXT
        seen += found.text
        if "Next →" not in found.labels:
            break
        page += 1
    assert page > 3
    assert all(f"&lt;{number}&gt;&amp;" in seen for number in range(1500))


@pytest.mark.parametrize("page", ["0", "99", "x", "-1", "²"])
def test_a_page_that_is_not_there_is_the_nearest(
    office: Office, sol: Member, session: Session, page: str
) -> None:
    """Forged numbers give the first or the last page."""
    press(office, sol, f"read:{session.id}:{page}")
    expected = "Page 3 of 3" if page == "99" else "Page 1 of 3"
    assert expected in only(office, sol).text


def test_nobody_reads_a_numbers_on_telegram(office: Office, sol: Member) -> None:
    """The number is in no text and in no file, only in what buttons send back."""
    zoe = member(office, 987654321, "Zoe")
    kept = finished(office, zoe)
    command(office, sol, "/team")
    press(office, sol, "person:987654321")
    press(office, sol, f"read:{kept.id}:1")
    command(office, sol, "/export")
    found = outbox_of(office, sol)
    assert 4 == len(found)
    for message in found:
        shown = message.text + " ".join(message.labels) + (message.file or b"").decode()
        assert "987654321" not in shown


def test_a_conversation_that_goes_on_is_not_read(
    office: Office, sol: Member, session: Session
) -> None:
    """Neither it nor its scores, until it is over."""
    going_on = session.model_copy(update={"id": "a" * 32, "phase": "conversation", "outcome": None})
    office.sessions.save(going_on)
    press(office, sol, f"read:{'a' * 32}:1")
    assert "still going on" in only(office, sol).text
    press(office, sol, f"give:{'a' * 32}:1:e:ok")
    assert [] == office.reviewing.repository.grades("a" * 32)


def test_a_hire_rates_themself_before_they_read_scores(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Until then only the supervisor reads the session."""
    unrated = session.model_copy(update={"id": "b" * 32, "phase": "self_rating", "passed": None})
    office.sessions.save(unrated)
    for reader, expected in ((ada, "still going on"), (sol, "Page 1 of 3")):
        press(office, reader, f"read:{unrated.id}:1")
        assert expected in only(office, reader).text


def test_what_a_trainer_tries_out_is_not_read(
    office: Office, sol: Member, session: Session
) -> None:
    """A trial is nobody's practice, even for whoever knows its number."""
    tim = member(office, 60, "Tim", "trainer")
    changes = {"id": "c" * 32, "person": tim.person, "scenario": "tried-out@1+trial"}
    office.sessions.save(session.model_copy(update=changes))
    press(office, sol, f"read:{'c' * 32}:1")
    assert "no longer there" in only(office, sol).text


# --- Grading --------------------------------------------------------------------------------------


def test_the_form_has_the_anchors_an_example_and_the_score(
    office: Office, sol: Member, session: Session
) -> None:
    """Eleven grades, the score as it is, and a way out."""
    press(office, sol, f"grade:{session.id}:1:e")
    found = only(office, sol)
    for part in (
        "<b>Empathy, reply 1</b>",
        "The program gave 62 (range 57 to 67)",
        "<b>0</b> Brushes the feeling aside",
        "<b>100</b> Names the feeling",
        "That is a 95.",
    ):
        assert part in found.text
    steps = [str(step) for step in range(0, 101, 10)]
    assert ["It is right as it is (62)", *steps, "Cancel"] == found.labels


def test_a_confirmation_tells_nobody_and_counts_once(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Pressed twice, one grade is kept; the hire hears nothing."""
    for _ in range(2):
        press(office, sol, f"give:{session.id}:1:e:ok")
    (grade,) = office.reviewing.repository.grades(session.id)
    assert (62, 62, 1, "empathy", sol.person) == (
        grade.grade, grade.score, grade.turn, grade.dimension, grade.graded_by,
    )  # fmt: skip
    assert [] == outbox_of(office, ada)
    assert {"Noted: empathy in reply 1 stays at 62. Ada gets no message about it."} == {
        m.text for m in outbox_of(office, sol)
    }


def test_a_correction_asks_why_and_tells_the_hire(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """The hire reads who, what, the reply that it is about, and the comment."""
    press(office, sol, f"give:{session.id}:1:e:80")
    assert "where the program gave 62" in only(office, sol).text
    assert [] == office.reviewing.repository.grades(session.id)
    say(office, sol, "You <named> the loss & meant it.")
    send(office, sol)
    assert "Thank you. Ada has your grade and your words." == only(office, sol).text
    arrived = only(office, ada)
    assert "<b>Sol</b> has read your reply 1" in arrived.text
    assert "sees empathy at <b>80</b>, not at 62." in arrived.text
    assert "<blockquote>You &lt;named&gt; the loss &amp; meant it.</blockquote>" in arrived.text
    press(office, ada, arrived.button("Read it there"))
    own = only(office, ada)
    assert "<b>Reply 1 of 2</b>" in own.text
    assert "Sol gave 80: “You &lt;named&gt; the loss &amp; meant it.”" in own.text
    assert not any(data.startswith(("grade", "person")) for data in own.presses)


def test_a_whole_session_is_graded_too(office: Office, sol: Member, session: Session) -> None:
    """The head of the session shows the grade beside the value."""
    press(office, sol, f"give:{session.id}:0:a:20")
    say(office, sol, "Asked twice for the order.")
    send(office, sol)
    press(office, sol, f"read:{session.id}:1")
    (grade,) = office.reviewing.repository.grades(session.id)
    assert (None, 20.0, 45.0) == (grade.turn, grade.grade, grade.score)
    assert "Sol gave 20: “Asked twice for the order.”" in outbox_of(office, sol)[-1].text


def test_a_cancelled_correction_leaves_nothing(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """What is written after it is no comment."""
    press(office, sol, f"give:{session.id}:1:e:80")
    press(office, sol, only(office, sol).button("Cancel"))
    say(office, sol, "Never mind.")
    assert again(office, sol).awaiting is None
    assert [] == office.reviewing.repository.grades(session.id)
    assert [] == outbox_of(office, ada)


def test_a_command_leaves_a_form(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Who looks at the team has not written a comment to a hire."""
    press(office, sol, f"give:{session.id}:1:e:80")
    command(office, sol, "/team")
    say(office, sol, "Good morning")
    assert [] == outbox_of(office, ada)


def test_a_comment_that_is_too_long_can_be_written_again(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """The form stays open, and nothing was sent."""
    press(office, sol, f"give:{session.id}:1:e:80")
    say(office, sol, "x" * 1001)
    assert "1,000 fit" in outbox_of(office, sol)[-1].text
    assert [] == outbox_of(office, ada)
    say(office, sol, "Shorter.")
    send(office, sol)
    assert 1 == len(outbox_of(office, ada))


def test_a_hire_who_blocked_the_bot_is_not_written_to(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """The supervisor learns that they have to tell them."""
    office.members.set_reachable(ada.person, False)
    press(office, sol, f"give:{session.id}:1:e:80")
    say(office, sol, "Good.")
    send(office, sol)
    assert "Ada has blocked me" in outbox_of(office, sol)[-1].text
    assert [] == outbox_of(office, ada)


@pytest.mark.parametrize(
    "data", ["1:x:80", "1:e:85", "1:e:-10", "3:e:80", "x:e:80", "1:e:", "²:e:0"]
)
def test_a_forged_grade_is_none(office: Office, sol: Member, session: Session, data: str) -> None:
    """Dimensions, replies and grades that there are not."""
    press(office, sol, f"give:{session.id}:{data}")
    assert "does nothing any more" in only(office, sol).text
    assert again(office, sol).awaiting is None


def test_an_update_that_comes_twice_corrects_once(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Telegram may deliver a message again: one grade, one message to the hire."""
    press(office, sol, f"give:{session.id}:1:e:80")
    say(office, sol, "You named it.")
    update = press(office, sol, outbox_of(office, sol)[-1].button("Send"))
    made.serve(office, update)
    assert 1 == len(office.reviewing.repository.grades(session.id))
    assert 1 == len(outbox_of(office, ada))


# --- Questions about scores -----------------------------------------------------------------------


def test_a_question_is_answered_and_the_hire_reads_both(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """The answer quotes what was asked; correcting the score is offered."""
    question = asked_about(office, ada, session, "I <named> it.")
    assert f"read:{session.id}:1" in only(office, sol).presses
    press(office, sol, f"dispute:{question}")
    found = only(office, sol)
    assert "<blockquote>I &lt;named&gt; it.</blockquote>" in found.text
    assert "The program gave 62 (range 58 to 66)." in found.text
    press(office, sol, found.button("Answer"))
    say(office, sol, "You did.")
    send(office, sol)
    assert f"grade:{session.id}:0:e" in outbox_of(office, sol)[-1].presses
    arrived = only(office, ada).text
    assert "You asked:\n<blockquote>I &lt;named&gt; it.</blockquote>" in arrived
    assert "The answer:\n<blockquote>You did.</blockquote>" in arrived
    press(office, sol, f"dispute:{question}")
    after = only(office, sol)
    assert "Sol answered:" in after.text
    assert "Answer" not in after.labels


def test_two_supervisors_answer_once(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """The second one is told, and the hire gets one answer."""
    vic = member(office, 2, "Vic", "supervisor")
    question = asked_about(office, ada, session, "Why?")
    for supervisor in (sol, vic):
        press(office, supervisor, f"answer:{question}")
    say(office, sol, "Because.")
    send(office, sol)
    say(office, vic, "Because of this.")
    assert "answered in the meantime" in outbox_of(office, vic)[-1].text
    assert 1 == len(outbox_of(office, ada))
    assert again(office, vic).awaiting is None


# --- A focus --------------------------------------------------------------------------------------


def test_a_focus_is_agreed_on(office: Office, sol: Member, ada: Member) -> None:
    """Chosen, put in a sentence, accepted; pressed twice, the supervisor hears it once."""
    press(office, sol, "focus:11")
    press(office, sol, only(office, sol).button("Empathy"))
    outbox_of(office, sol)
    say(office, sol, "Say what it <cost> them.")
    send(office, sol)
    assert "Ada has it now" in only(office, sol).text
    arrived = only(office, ada)
    assert "<blockquote>Say what it &lt;cost&gt; them.</blockquote>" in arrived.text
    assert ["I'll work on that", "Let's talk first"] == arrived.labels
    for _ in range(2):
        press(office, ada, arrived.presses[0])
        assert "This is what you're working on" in only(office, ada).text
    assert "<b>Ada</b> will work on it" in only(office, sol).text
    assert office.records.focuses(ada.person)[0].agreed is not None


def test_a_hire_can_talk_first_and_agree_later(office: Office, sol: Member, ada: Member) -> None:
    """The supervisor hears of the wish once, and then of the yes."""
    focus = proposed(office, sol, ada)
    for _ in range(2):
        press(office, ada, f"talk:{focus}")
    assert "would like to talk with you" in only(office, sol).text
    assert office.records.focuses(ada.person)[0].agreed is None
    press(office, ada, outbox_of(office, ada)[-1].button("I'll work on that"))
    assert "will work on it" in only(office, sol).text


def test_whoever_has_left_hears_of_no_focus(office: Office, sol: Member, ada: Member) -> None:
    """The hire may still agree, and is told whom to talk to."""
    vic = member(office, 2, "Vic", "supervisor")
    focus = proposed(office, vic, ada)
    office.people.leave(vic, "Returns desk")
    press(office, ada, f"talk:{focus}")
    assert "please tell your supervisor" in only(office, ada).text
    press(office, ada, f"accept:{focus}")
    assert ([], []) == (outbox_of(office, vic), outbox_of(office, sol))
    assert office.records.focuses(ada.person)[0].agreed is not None


def test_a_focus_is_followed_up_and_closed(office: Office, sol: Member, ada: Member) -> None:
    """The values since stand beside those before; the hire reads what came of it."""
    finished(office, ada, values=(40, 45, 55), started="2026-03-01T09:00:00+00:00")
    focus = proposed(office, sol, ada)
    press(office, ada, f"accept:{focus}")
    finished(office, ada, values=(58, 45, 55), started="2026-03-06T09:00:00+00:00")
    outbox_of(office, sol)
    outbox_of(office, ada)
    press(office, sol, "person:11")
    found = only(office, sol)
    assert "Empathy since then: 58 (before: 40)." in found.text
    assert "Agree on a focus" not in found.labels
    press(office, sol, found.button("Done"))
    say(office, sol, "You do it every time now.")
    send(office, sol)
    arrived = only(office, ada).text
    assert "thinks this has worked" in arrived
    assert "<blockquote>You do it every time now.</blockquote>" in arrived
    ended = office.records.focuses(ada.person)[0]
    assert "You do it every time now." == ended.result
    for late in (f"accept:{focus}", f"talk:{focus}"):
        press(office, ada, late)
        assert "has been closed" in only(office, ada).text
    press(office, sol, f"close:{focus}:end")
    assert "has been closed" in outbox_of(office, sol)[-1].text


def test_there_is_one_focus_at_a_time(office: Office, sol: Member, ada: Member) -> None:
    """Two supervisors propose: the second is shown what there is, and the hire gets one."""
    vic = member(office, 2, "Vic", "supervisor")
    for supervisor in (sol, vic):
        press(office, supervisor, "focus:11:e")
    say(office, sol, "The first.")
    send(office, sol)
    say(office, vic, "The second.")
    assert "has a focus already" in outbox_of(office, vic)[-1].text
    assert 1 == len(outbox_of(office, ada))
    assert again(office, vic).awaiting is None
    press(office, vic, "focus:11:a")
    assert "has a focus already" in outbox_of(office, vic)[-1].text


# --- Links and files ------------------------------------------------------------------------------


def test_a_link_lets_one_person_in_with_the_roles_chosen(office: Office, sol: Member) -> None:
    """Trainee is chosen already; trainer is added; the link works once."""
    command(office, sol, "/invite")
    press(office, sol, only(office, sol).button("Trainer"))
    both = only(office, sol)
    assert ["✓ Trainee", "✓ Trainer", "Supervisor"] == both.labels[:3]
    assert ["Make the link", "Another team…", "Cancel"] == both.labels[3:]
    press(office, sol, both.button("Make the link"))
    made_link = only(office, sol)
    assert "as a trainee and a trainer" in made_link.text
    assert "once, and is good for 7 days, until 12 March" in made_link.text
    assert ["Another link like this"] == made_link.labels
    start = f"https://t.me/{made.BOT}?start="
    (line,) = [line for line in made_link.text.splitlines() if line.startswith(start)]
    payload = line.removeprefix(start)
    press(office, 77, f"join:{payload}")
    press(office, 78, f"join:{payload}")
    joined = office.members.by_telegram(77)
    assert joined is not None
    assert {"trainee", "trainer"} == joined.roles_in("Returns desk")
    assert office.members.by_telegram(78) is None


def test_without_a_role_there_is_no_link(office: Office, sol: Member) -> None:
    """Neither offered nor made."""
    key = key_of("Returns desk")
    press(office, sol, f"invite:{key}:0")
    found = only(office, sol)
    assert ["Trainee", "Trainer", "Supervisor", "Another team…", "Cancel"] == found.labels
    assert "Choose at least one" in found.text
    press(office, sol, f"link:{key}:0")
    assert "does nothing any more" in only(office, sol).text


def test_of_several_teams_one_is_chosen_first(office: Office, sol: Member) -> None:
    """Only those that one supervises."""
    member(office, 1, "Sol", "supervisor", team="Claims")
    member(office, 1, "Sol", "trainer", team="Phones")
    command(office, sol, "/invite")
    found = only(office, sol)
    assert ["Claims", "Returns desk", "Another team…"] == found.labels
    press(office, sol, found.button("Claims"))
    assert "<b>Claims</b>" in only(office, sol).text


def test_the_export_is_a_file_for_each_team(office: Office, sol: Member, session: Session) -> None:
    """Three rows for the session; a team without sessions has no file."""
    member(office, 1, "Sol", "supervisor", team="Claims")
    command(office, sol, "/export")
    nothing, file = outbox_of(office, sol)
    assert "Nobody in <b>Claims</b> has finished a session yet" in nothing.text
    assert ("sendDocument", "coachbot-returns-desk.csv") == (file.method, file.file_name)
    assert "one session" in file.text
    assert file.file is not None
    rows = list(csv.DictReader(io.StringIO(file.file.decode("utf-8-sig"))))
    assert [("Ada", session.id, "empathy", "62", "44")] == [
        (r["name"], r["session"], r["dimension"], r["score"], r["pass_mark"]) for r in rows[:1]
    ]
    assert 3 == len(rows)


# --- Teams and their names ------------------------------------------------------------------------


def test_a_second_team_is_founded_and_invited_to(office: Office, sol: Member) -> None:
    """The name is asked for and shown; whoever founds the team supervises it and can invite."""
    command(office, sol, "/invite")
    press(office, sol, only(office, sol).button("Another team"))
    assert "What is the new team called?" in only(office, sol).text
    say(office, sol, " North  shift ")
    shown = only(office, sol)
    assert "Found a new team called <b>North shift</b>?" in shown.text
    assert ("Returns desk",) == office.members.teams()
    for _ in range(2):
        press(office, sol, shown.button("Yes"))
    founded, again_pressed = outbox_of(office, sol)
    assert "sent or left already" in again_pressed.text
    assert {"supervisor"} == again(office, sol).roles_in("North shift")
    press(office, sol, founded.button("Invite somebody"))
    assert "Somebody new for <b>North shift</b>" in only(office, sol).text


def test_a_word_after_invite_is_a_team_or_roles(office: Office, sol: Member) -> None:
    """Nothing of it is dropped: own teams, new ones, roles."""
    member(office, 9, "Vic", "supervisor", team="Claims")
    command(office, sol, "/invite North")
    assert "Found a new team called <b>North</b>?" in only(office, sol).text
    command(office, sol, "/invite returns DESK")
    assert "Somebody new for <b>Returns desk</b>" in outbox_of(office, sol)[-1].text
    command(office, sol, "/invite a trainer and supervisor")
    labels = only(office, sol).labels
    assert ["Trainee", "✓ Trainer", "✓ Supervisor"] == labels[:3]
    command(office, sol, "/invite Claims")
    assert "A team is called that already" in only(office, sol).text
    assert ("Claims", "Returns desk") == office.members.teams()


def test_a_team_is_renamed_with_all_that_is_its(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Members, links that were sent and assignments follow; a taken name is asked for again."""
    member(office, 9, "Vic", "supervisor", team="Claims")
    payload = office.people.invite("Returns desk", ["trainee"], sol)
    office.assigning.assign(session.scenario, team="Returns desk", made_by=sol.person)
    command(office, sol, "/team")
    press(office, sol, only(office, sol).button("Rename the team"))
    outbox_of(office, sol)
    say(office, sol, "claims")
    assert "called that already" in only(office, sol).text
    say(office, sol, "North")
    press(office, sol, only(office, sol).button("Yes, rename it"))
    assert "<b>Returns desk</b> is called <b>North</b> now." == only(office, sol).text
    assert ("Claims", "North") == office.members.teams()
    assert ("North",) == again(office, ada).teams
    assert 1 == len(office.assigning.of_person(ada.person))
    press(office, 77, f"join:{payload}")
    joined = office.members.by_telegram(77)
    assert joined is not None
    assert ("North",) == joined.teams


def test_a_word_after_team_is_no_word_in_vain(office: Office, sol: Member) -> None:
    """With one team, it is offered as its name; with several, they are named."""
    command(office, sol, "/team North")
    assert "Call <b>Returns desk</b> from now on <b>North</b>?" in only(office, sol).text
    member(office, 1, "Sol", "supervisor", team="Claims")
    command(office, sol, "/team North")
    left, found = outbox_of(office, sol)
    assert "the team keeps its name" in left.text
    assert "no team called “North”" in found.text
    command(office, sol, "/team claims")
    assert only(office, sol).text.startswith("<b>Claims</b>")


def test_only_supervisors_found_and_rename(office: Office, sol: Member) -> None:
    """The role is asked at the press, at the name and at the yes."""
    other = member(office, 50, "Other", "trainer")
    key = key_of("Returns desk")
    for data in ("found", f"call:{key}"):
        press(office, other, data)
        assert again(office, other).awaiting is None
    press(office, sol, "found")
    outbox_of(office, sol)
    say(office, sol, "North")
    yes = only(office, sol).button("Yes")
    member(office, 2, "Vic", "supervisor")
    office.people.leave(sol, "Returns desk")
    member(office, 1, "Sol", "trainee")
    press(office, sol, yes)
    assert "founded by somebody who supervises" in only(office, sol).text
    assert ("Returns desk",) == office.members.teams()


# --- Before something goes out --------------------------------------------------------------------


@pytest.mark.parametrize("said", ["no i meant 60", "60", "No, 60."])
def test_a_number_corrects_the_grade_and_is_no_comment(
    office: Office, sol: Member, ada: Member, session: Session, said: str
) -> None:
    """Before the comment and after it; the hire gets one message, with the last grade."""
    press(office, sol, f"give:{session.id}:1:e:80")
    say(office, sol, said)
    assert "<b>60</b> for empathy" in outbox_of(office, sol)[-1].text
    say(office, sol, "You named it.")
    assert "<b>60</b> (the program: 62)" in only(office, sol).text
    say(office, sol, "no, I meant 70")
    assert [] == outbox_of(office, ada)
    send(office, sol)
    assert "empathy at <b>70</b>" in only(office, ada).text


def test_what_is_written_can_be_changed_or_kept_back(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """More text is not taken for it; an older preview sends nothing."""
    press(office, sol, f"give:{session.id}:1:e:80")
    outbox_of(office, sol)
    say(office, sol, "The wrong words.")
    first = only(office, sol)
    assert ["Send", "Change", "Don't send"] == first.labels
    say(office, sol, "Wait, who was that?")
    assert "haven't taken your last message" in only(office, sol).text
    press(office, sol, first.button("Change"))
    outbox_of(office, sol)
    say(office, sol, "The right words.")
    second = only(office, sol)
    press(office, sol, first.button("Send"))
    assert "nothing goes out now" in only(office, sol).text
    assert [] == outbox_of(office, ada)
    press(office, sol, second.button("Don't send"))
    press(office, sol, second.button("Send"))
    assert [] == outbox_of(office, ada)
    assert [] == office.reviewing.repository.grades(session.id)


@pytest.mark.parametrize("form", ["grade", "answer", "focus"])
def test_whatever_comes_in_between_leaves_a_form_and_says_so(
    office: Office, sol: Member, ada: Member, session: Session, form: str
) -> None:
    """A command, or another button: what is written after it goes to nobody."""
    question = asked_about(office, ada, session, "Why?")
    start = {"grade": f"give:{session.id}:1:e:80", "answer": f"answer:{question}"}
    start["focus"] = "focus:11:e"
    for between in ("/team", "/help", "/nonsense", "person:11:0"):
        press(office, sol, start[form])
        outbox_of(office, sol)
        if between.startswith("/"):
            command(office, sol, between)
        else:
            press(office, sol, between)
        assert "You've gone on to something else" in outbox_of(office, sol)[0].text
        say(office, sol, "Good morning")
        assert "Send" not in outbox_of(office, sol)[-1].labels
    assert [] == outbox_of(office, ada)


def test_a_session_can_be_read_while_an_answer_is_written(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Reading it is no going away."""
    press(office, sol, f"answer:{asked_about(office, ada, session, 'Why?')}")
    press(office, sol, f"read:{session.id}:1")
    say(office, sol, "Because.")
    send(office, sol)
    assert "Because." in only(office, ada).text


def test_a_form_is_forgotten_after_an_hour(
    tmp_path: Path,
) -> None:
    """What is written the next day is no comment any more."""
    clock = made.Clock()
    with made.office(tmp_path, clock=clock) as opened:
        sol, ada = member(opened, 1, "Sol", "supervisor"), member(opened, 11, "Ada")
        session = finished(opened, ada)
        press(opened, sol, f"give:{session.id}:1:e:80")
        outbox_of(opened, sol)
        clock.go_on(hours=2)
        say(opened, sol, "Good morning")
        assert "more than an hour ago" in outbox_of(opened, sol)[0].text
        assert again(opened, sol).awaiting is None


# --- Text in the place of a button ----------------------------------------------------------------


def test_text_where_a_button_is_expected(office: Office, sol: Member, session: Session) -> None:
    """Roles, dimensions and grades are understood; anything else brings the buttons again."""
    command(office, sol, "/invite")
    outbox_of(office, sol)
    say(office, sol, "supervisor please")
    told, buttons = outbox_of(office, sol)
    assert "Tap one of the buttons" in told.text
    assert "✓ Trainee" in buttons.labels
    say(office, sol, "Supervisor")
    assert ["Trainee", "Trainer", "✓ Supervisor"] == only(office, sol).labels[:3]
    press(office, sol, f"focus:{session.person.removeprefix('tg:')}")
    outbox_of(office, sol)
    say(office, sol, "active listening")
    assert "(active listening)" in only(office, sol).text
    press(office, sol, f"grade:{session.id}:1:e")
    outbox_of(office, sol)
    say(office, sol, "73")
    assert "<b>73</b> for empathy" in only(office, sol).text


def test_a_customer_gets_what_is_written_to_them(
    office: Office, sol: Member, session: Session
) -> None:
    """In a conversation, offered buttons wait for no text."""
    going = session.model_copy(update={"id": "d" * 32, "person": sol.person})
    office.sessions.save(going)
    office.members.set_session(sol.person, going.id)
    command(office, sol, "/invite")
    assert again(office, sol).awaiting is None


# --- What people gave, beside the program's scores ------------------------------------------------


def test_a_corrected_score_stands_beside_the_programs(
    office: Office, sol: Member, session: Session
) -> None:
    """In the team, on the person's page, and each grade in a file of its own."""
    for where, value in ((0, 80), (2, 30)):
        press(office, sol, f"give:{session.id}:{where}:e:{value}")
        say(office, sol, "I see it otherwise.")
        send(office, sol)
    outbox_of(office, sol)
    command(office, sol, "/team")
    assert "Latest: empathy 62 (Sol: 80); active listening 45;" in only(office, sol).text
    press(office, sol, "person:11")
    assert "corrected: empathy 62 (Sol: 80)" in only(office, sol).text
    command(office, sol, "/export")
    grades = outbox_of(office, sol)[-1]
    assert "coachbot-returns-desk-grades.csv" == grades.file_name
    rows = list(csv.DictReader(io.StringIO((grades.file or b"").decode("utf-8-sig"))))
    assert [("", "80"), ("2", "30")] == [(r["reply"], r["grade"]) for r in rows]
    assert "tg:11" not in (grades.file or b"").decode()


def test_a_grade_answers_the_question_that_led_to_it(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Offered after the correction; the hire reads the same words as the answer."""
    question = asked_about(office, ada, session, "I did.")
    outbox_of(office, sol)
    press(office, sol, f"give:{session.id}:0:e:80")
    say(office, sol, "You are right, you named it.")
    send(office, sol)
    offered = only(office, sol)
    assert "Ada still waits for an answer about empathy" in offered.text
    outbox_of(office, ada)
    for _ in range(2):
        press(office, sol, offered.button("Answer the question with this too"))
    answer = only(office, ada).text
    assert "The answer:\n<blockquote>You are right, you named it.</blockquote>" in answer
    assert office.reviewing.repository.dispute(question).answered is not None


def test_one_link_after_another(office: Office, sol: Member) -> None:
    """The first stays where it is, and both are good."""
    press(office, sol, f"link:{key_of('Returns desk')}:1")
    first = only(office, sol)
    press(office, sol, first.button("Another link like this"))
    second = only(office, sol)
    assert "sendMessage" == second.method
    links = [one.text.split("?start=")[1].split()[0] for one in (first, second)]
    assert [None, None] == [office.people.look_up(link).refusal for link in links]
    assert 2 == len(set(links))


def test_today_is_called_today(office: Office, sol: Member, ada: Member) -> None:
    """And the day before yesterday; both by the clock of the office."""
    finished(office, ada, started="2026-03-05T09:55:00+00:00")
    command(office, sol, "/team")
    assert "last today" in only(office, sol).text
    press(office, sol, "person:11")
    assert "\nToday, A train for Saturday" in only(office, sol).text


# --- Who may not ----------------------------------------------------------------------------------


@pytest.fixture
def forged(office: Office, sol: Member, ada: Member, session: Session) -> list[str]:
    """Every press of a supervisor's that is about Ada or her team."""
    question = asked_about(office, ada, session, "Why?")
    focus = proposed(office, sol, ada)
    key = key_of("Returns desk")
    return [
        f"team:{key}:0",
        f"disputes:{key}:0",
        "person:11",
        f"read:{session.id}:1",
        f"turn:{session.id}:2",
        f"grade:{session.id}:1:e",
        f"give:{session.id}:1:e:ok",
        f"give:{session.id}:1:e:80",
        f"dispute:{question}",
        f"answer:{question}",
        "focus:11",
        "focus:11:e",
        f"close:{focus}:done",
        f"invite:{key}:1",
        f"link:{key}:1",
    ]


@pytest.mark.parametrize("who", ["trainee", "trainer", "other team", "left", "nobody"])
def test_presses_of_others_do_and_show_nothing(
    office: Office, ada: Member, session: Session, forged: list[str], who: str
) -> None:
    """Whoever does not supervise Ada learns nothing of her and changes nothing."""
    match who:
        case "trainee" | "trainer":
            member(office, 50, "Other", "trainer" if who == "trainer" else "trainee")
        case "other team":
            member(office, 50, "Other", "supervisor", team="Claims")
        case "left":
            gone = member(office, 50, "Other", "supervisor")
            office.people.leave(gone, "Returns desk")
    outbox_of(office, ada)
    for data in forged:
        press(office, 50, data)
        (found,) = outbox_of(office, 50)
        assert () == found.buttons, data
        for private in ("Ada", "62", "train", "Why?", "t.me"):
            assert private not in found.text, data
    assert [] == office.reviewing.repository.grades(session.id)
    assert [] == outbox_of(office, ada)
    other = office.members.by_telegram(50)
    assert other is None or other.awaiting is None


@pytest.mark.parametrize("name", ["team", "invite", "export"])
@pytest.mark.parametrize("role", ["trainee", "trainer"])
def test_commands_are_for_supervisors(office: Office, role: str, name: str) -> None:
    """Others are told who may."""
    other = member(office, 50, "Other", "trainer" if role == "trainer" else "trainee")
    command(office, other, f"/{name}")
    found = only(office, other)
    assert "supervisors" in found.text
    assert ("sendMessage", ()) == (found.method, found.buttons)


@pytest.mark.parametrize("form", ["grade", "answer", "focus", "close"])
def test_a_form_is_worth_nothing_once_one_has_left(
    office: Office, sol: Member, ada: Member, session: Session, form: str
) -> None:
    """The role is looked up again when the message comes; the form is gone after it."""
    vic = member(office, 2, "Vic", "supervisor")
    member(office, 2, "Vic", "supervisor", team="Claims")
    question = asked_about(office, ada, session, "Why?")
    data = {"grade": f"give:{session.id}:1:e:80", "answer": f"answer:{question}"}
    data["focus"] = "focus:11:e"
    if form == "close":
        data["close"] = f"close:{proposed(office, sol, ada)}:done"
    press(office, vic, data[form])
    assert again(office, vic).awaiting is not None
    office.people.leave(vic, "Returns desk")
    outbox_of(office, vic)
    outbox_of(office, ada)
    say(office, vic, "Too late.")
    assert "none of the teams" in only(office, vic).text
    assert again(office, vic).awaiting is None
    assert [] == outbox_of(office, ada)


def test_nobody_grades_themself(office: Office, sol: Member) -> None:
    """A supervisor who practises reads their own session, and gets no grade from themself."""
    me = member(office, sol.telegram, sol.name, "trainee")
    own = finished(office, me)
    press(office, me, f"read:{own.id}:1")
    assert ["Next →"] == only(office, me).labels
    press(office, me, f"give:{own.id}:1:e:ok")
    assert "your own" in only(office, me).text
    press(office, me, "focus:1:e")
    assert "between two people" in only(office, me).text
    press(office, me, "person:1")
    assert "Agree on a focus" not in only(office, me).labels
    assert [] == office.reviewing.repository.grades(own.id)


def test_a_focus_is_accepted_by_nobody_else(office: Office, sol: Member, ada: Member) -> None:
    """Neither by a colleague nor by whoever proposed it."""
    focus = proposed(office, sol, ada)
    bo = member(office, 12, "Bo")
    for other in (bo, sol):
        for verb in ("accept", "talk"):
            press(office, other, f"{verb}:{focus}")
            assert "belongs to somebody else" in only(office, other).text
    assert office.records.focuses(ada.person)[0].agreed is None


@pytest.mark.parametrize(
    "data",
    [
        "read:nothing:1", "turn:nothing:1", "grade:nothing:1:e", "dispute:nothing",
        "answer:nothing", "close:nothing:done", "accept:nothing", "talk:nothing", "person:99",
        "person:x", "person:99999999999999999999", "team:nothing:0", "disputes:nothing:0",
        "invite:nothing:1", "link:nothing:1", "focus:99:e",
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_without_a_path(office: Office, sol: Member, data: str) -> None:
    """One kind sentence; nothing of the database."""
    press(office, sol, data)
    found = only(office, sol)
    assert () == found.buttons
    assert "/" not in found.text.replace("/practice", "")


def test_a_forgotten_hire_is_gone_from_forms(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """What was being written about them goes nowhere."""
    press(office, sol, f"give:{session.id}:1:e:80")
    office.people.forget(ada)
    outbox_of(office, sol)
    say(office, sol, "Well done.")
    assert [] == outbox_of(office, ada)
    press(office, sol, f"read:{session.id}:1")
    assert "no longer there" in outbox_of(office, sol)[-1].text


# --- What Telegram takes --------------------------------------------------------------------------


def test_everything_fits_whatever_people_are_called(office: Office) -> None:
    """Names of 64 characters, the largest numbers: 64 bytes of data, 4,096 units of text."""
    team = "é" * 64
    sol = member(office, 2**52 - 1, "<&>" * 21, "supervisor", team=team)
    member(office, sol.telegram, sol.name, "supervisor", team=LONG)
    hires = [member(office, 2**52 - 2 - n, f"{n}{LONG}"[:64], team=team) for n in range(12)]
    kept = [finished(office, hire, replies=("&" * 4000, "<" * 4000)) for hire in hires]
    question = asked_about(office, hires[0], kept[0], "<" * 1000)
    key = key_of(team)
    seen: list[Arrival] = outbox_of(office, sol)
    presses = [f"team:{key}:0", f"team:{key}:1", f"disputes:{key}:0", f"person:{hires[0].telegram}"]
    presses += [f"turn:{kept[0].id}:{n}" for n in range(1, 5)]
    presses += [f"grade:{kept[0].id}:{n}:i" for n in range(3)]
    presses += [f"give:{kept[0].id}:2:i:100", f"dispute:{question}", f"answer:{question}"]
    presses += [f"focus:{hires[0].telegram}", f"invite:{key}:7", f"link:{key}:7"]
    for data in presses:
        press(office, sol, data)
    press(office, sol, f"answer:{question}")
    say(office, sol, "&" * 1000)
    seen += outbox_of(office, sol)
    press(office, sol, seen[-1].button("Send"))
    press(office, sol, f"focus:{hires[0].telegram}:i")
    say(office, sol, ">" * 200)
    seen += outbox_of(office, sol)
    press(office, sol, seen[-1].button("Send"))
    for name in ("team", "invite", "export"):
        command(office, sol, f"/{name}")
    press(office, sol, f"person:{hires[0].telegram}")
    seen += outbox_of(office, sol)
    seen += outbox_of(office, hires[0])
    buttons: list[Button] = [b for m in seen for row in m.buttons for b in row]
    assert len(seen) > 25
    assert [] == [b.data for b in buttons if not 1 <= len(b.data.encode()) <= LONGEST_DATA]
    assert [] == [b.label for b in buttons if not 1 <= len(b.label) <= 64]
    assert [] == [m.text for m in seen if length(m.text) > LONGEST_TEXT]
