"""What was done, questioned by the hire and corrected by a supervisor, in the bot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.coaching.assigning import Assignment
from coachbot.coaching.people import Member
from coachbot.session import machine
from coachbot.session.models import Session
from coachbot.session.result import passed
from coachbot.telegram.menus import key_of
from coachbot.telegram.messages import LONGEST_DATA, LONGEST_TEXT, length
from coachbot.telegram.office import Office
from tests.session.made import begun, gone_on, scored
from tests.telegram import made
from tests.telegram.made import START, Arrival, finished, member, outbox_of, press, say

REPLIES = (
    "I'm sorry about the birthday. A second train leaves today.",
    "It goes to your depot, and I'll text you until it's signed for.",
    "Take care.",
)


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
    """A session of Ada's: good scores and a good mood, but the program missed the last act."""
    return one_missed(office, ada)


def one_missed(office: Office, who: Member, started: str = "2026-03-02T09:00:00+00:00") -> Session:
    """A session at its debrief: every act but the last was seen in reply 1."""
    read = office.repertoire.scenario("late-parcel")
    *seen, _ = (act.id for act in read.resolution.acts)
    going = begun(read, id="f" * 32, person=who.person, started=started)
    for number, reply in enumerate(REPLIES, 1):
        acts = tuple(seen) if number == 1 else ()
        going = gone_on(going, reply, worth=scored((90, 90, 90)), mood=60.0, acts=acts)
    closed = machine.rate(machine.end(going), None)
    closed = closed.model_copy(update={"passed": passed(closed, read)})
    office.sessions.save(closed)
    return closed


def only(office: Office, who: Member) -> Arrival:
    """The one message that has come for somebody."""
    (found,) = outbox_of(office, who)
    return found


def last_act(office: Office) -> str:
    """What the act is that the program missed."""
    return office.repertoire.scenario("late-parcel").resolution.acts[-1].what


def asked(office: Office, hire: Member, session: Session, why: str) -> str:
    """The id of a question about what was done, with the hire's messages about it read."""
    press(office, hire, f"question:{session.id}:matter")
    say(office, hire, why)
    outbox_of(office, hire)
    return office.records.disputes(session.id)[-1].id


def corrected(office: Office, by: Member, session: Session, act: int, reply: int = 0) -> Arrival:
    """Correct an act up to the end; the last message that the supervisor got."""
    press(office, by, f"act:{session.id}:{act}:{reply}" if reply else f"act:{session.id}:{act}")
    say(office, by, "You say so there, in other words.")
    press(office, by, outbox_of(office, by)[-1].button("Send"))
    return outbox_of(office, by)[-1]


# --- The hire asks --------------------------------------------------------------------------------


def test_beside_the_scores_one_can_question_what_one_did(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """The choice has it, the form asks for the reply, and the supervisors are told."""
    press(office, ada, f"question:{session.id}")
    choice = only(office, ada)
    press(office, ada, choice.button("What I did"))
    assert "with the number of the reply" in only(office, ada).text
    say(office, ada, "Reply 2 <says> it.")
    assert "The list stays as it is until" in only(office, ada).text
    told = only(office, sol)
    assert "<b>Ada</b> questions what was done:" in told.text
    assert "Reply 2 &lt;says&gt; it." in told.text
    press(office, sol, f"team:{key_of('Returns desk')}:0")
    assert "Ada asks about what was done" in only(office, sol).labels


def test_where_nothing_was_said_there_is_nothing_to_question(office: Office, ada: Member) -> None:
    """Ended before the first reply: neither offered nor taken."""
    empty = machine.rate(
        machine.end(begun(office.repertoire.scenario("late-parcel"), person=ada.person)), None
    )
    office.sessions.save(empty.model_copy(update={"passed": False}))
    press(office, ada, f"question:{empty.id}")
    assert ["Cancel"] == only(office, ada).labels
    press(office, ada, f"question:{empty.id}:matter")
    assert ["Cancel"] == only(office, ada).labels


def test_somebody_elses_list_is_not_questioned(office: Office, session: Session) -> None:
    """Not by a colleague, and not by a supervisor."""
    for other in (member(office, 12, "Bo"), member(office, 2, "Vic", "supervisor")):
        press(office, other, f"question:{session.id}:matter")
        say(office, other, "Reply 2.")
        outbox_of(office, other)
    assert [] == office.records.disputes(session.id)


# --- The supervisor answers -----------------------------------------------------------------------


def test_a_supervisor_reads_the_question_with_the_list_and_the_replies_it_names(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Reply 2, which the hire names, and no other."""
    question = asked(office, ada, session, "It is in reply 2.")
    outbox_of(office, sol)
    press(office, sol, f"dispute:{question}")
    shown = only(office, sol)
    assert "✗ Not done: " in shown.text
    assert "(reply 1)" in shown.text
    assert f"<b>Reply 2</b>\n<blockquote>{REPLIES[1].replace(chr(39), '&#x27;')}" in (
        shown.text.replace("'", "&#x27;")
    )
    assert REPLIES[2] not in shown.text
    assert {"Answer", "Correct what was done"} <= {*shown.labels}


def test_an_answer_comes_with_the_question(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """As for a score; the supervisor is offered to correct the list too."""
    question = asked(office, ada, session, "It is in reply 2.")
    outbox_of(office, sol)
    press(office, sol, f"answer:{question}")
    assert "whether the list stays or not" in only(office, sol).text
    say(office, sol, "It is half of it.")
    press(office, sol, only(office, sol).button("Send"))
    sent = only(office, sol)
    assert f"acts:{session.id}" == sent.button("Correct what was done")
    told = only(office, ada)
    assert "answers your question about what was done" in told.text
    assert "It is half of it." in told.text


# --- And corrects ---------------------------------------------------------------------------------


def test_an_act_is_marked_as_done_with_its_reply_and_a_reason(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Chosen, asked for the reply, for the reason, shown, sent; the hire reads all of it."""
    assert session.passed is False
    press(office, sol, f"acts:{session.id}")
    listed = only(office, sol)
    assert ["1 was not done", "2 was not done", "3 was done"] == listed.labels[:3]
    press(office, sol, listed.button("3 was done"))
    which = only(office, sol)
    assert "In which reply was it done?" in which.text
    press(office, sol, which.button("Reply 2"))
    assert "done in reply 2. The program: not done." in only(office, sol).text
    assert [] == office.reviewing.repository.verdicts(session.id)
    say(office, sol, "You promise a text & stay on it.")
    shown = only(office, sol)
    assert "the program: not done" in shown.text
    assert [] == outbox_of(office, ada)
    press(office, sol, shown.button("Send"))
    assert "counts as passed. The program had said no pass." in only(office, sol).text
    told = only(office, ada)
    for expected in (
        "sees this as done, in your reply 2, where the program had not seen it",
        last_act(office),
        "You promise a text &amp; stay on it.",
        "With that, the conversation counts as passed.",
    ):
        assert expected in told.text
    now = office.sessions.get(session.id)
    assert (True, False) == (now.passed, now.passed_at_first)


def test_the_session_shows_both_views(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Whoever reads it sees who said what, what the program saw, and what counted first."""
    corrected(office, sol, session, 3, 2)
    for reader in (sol, ada):
        outbox_of(office, reader)
        press(office, reader, f"read:{session.id}:1")
        page = only(office, reader).text
        assert "passed, as corrected (the program: no pass)" in page
        assert "Done in the matter: 3 of 3" in page
        assert "done in reply 2.</i> “You say so there, in other words.”" in page
        assert "<i>The program: not done.</i>" in page


def test_a_pass_that_is_corrected_counts_where_passing_is_counted(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """The assignment, the hire's progress, and the supervisor's page of the hire."""
    office.assigning.repository.add_assignment(
        Assignment(
            id="a", scenario="late-parcel", team="Returns desk", person=ada.person,
            made="2026-03-01T09:00:00+00:00", made_by=sol.person, due=None, attempts=None,
            pass_mark=None,
        )
    )  # fmt: skip

    def standing() -> str:
        ((_, found),) = office.assigning.of_person(ada.person)
        return found.status

    assert "under_way" == standing()
    corrected(office, sol, session, 3, 2)
    assert "passed" == standing()
    outbox_of(office, sol)
    outbox_of(office, ada)
    press(office, ada, "progress")
    assert "<b>One session</b> so far, passed." in outbox_of(office, ada)[-1].text
    press(office, sol, f"person:{ada.telegram}")
    assert "one session finished, 1 passed." in only(office, sol).text
    corrected(office, sol, session, 3)
    assert "under_way" == standing()


def test_what_was_not_done_after_all_is_taken_back(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """No reply is asked for; the result says what it is missing."""
    sent = corrected(office, sol, session, 1)
    assert "The conversation stays no pass (every mark is reached, but 2 of 3" in sent.text
    told = only(office, ada)
    assert "not done, where the program had taken it for done" in told.text


def test_an_open_question_can_be_answered_with_the_correction(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """The same words, once; and nothing where nothing was corrected."""
    question = asked(office, ada, session, "It is in reply 2.")
    outbox_of(office, sol)
    press(office, sol, f"same:{question}")
    assert [None] == [one.answer for one in office.records.disputes(session.id)]
    sent = corrected(office, sol, session, 3, 2)
    press(office, sol, sent.button("Answer the question with this too"))
    assert "your correction of the list" in only(office, sol).text
    assert ["You say so there, in other words."] == [
        one.answer for one in office.records.disputes(session.id)
    ]


def test_text_where_a_button_is_expected(office: Office, sol: Member, session: Session) -> None:
    """A reply's number is taken for it; anything else brings the buttons again."""
    press(office, sol, f"act:{session.id}:3")
    outbox_of(office, sol)
    say(office, sol, "the second one I think")
    assert "Reply 2" in outbox_of(office, sol)[-1].labels
    say(office, sol, "Reply 2.")
    assert "done in reply 2. The program" in only(office, sol).text
    press(office, sol, f"acts:{session.id}")
    outbox_of(office, sol)
    say(office, sol, "three")
    assert "3 was done" in outbox_of(office, sol)[-1].labels


def test_sent_twice_it_is_kept_once(office: Office, sol: Member, session: Session) -> None:
    """The button under what was shown sends nothing more."""
    press(office, sol, f"act:{session.id}:3:2")
    say(office, sol, "In other words.")
    send = outbox_of(office, sol)[-1].button("Send")
    press(office, sol, send)
    press(office, sol, send)
    assert 1 == len(office.reviewing.repository.verdicts(session.id))


def test_two_supervisors_at_once_correct_it_once(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """The second is told that it counts so already, and the hire hears of one."""
    vic = member(office, 2, "Vic", "supervisor")
    for who in (sol, vic):
        press(office, who, f"act:{session.id}:3:2")
        say(office, who, "In other words.")
    for who in (sol, vic):
        press(office, who, outbox_of(office, who)[-1].button("Send"))
    assert "counts that way already" in outbox_of(office, vic)[-1].text
    assert 1 == len(outbox_of(office, ada))
    assert ["tg:1"] == [v.judged_by for v in office.reviewing.repository.verdicts(session.id)]


def test_whoever_can_not_be_reached_is_named(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """The correction counts, and the supervisor is asked to say it themselves."""
    office.members.set_reachable(ada.person, False)
    assert "counts as passed" in corrected(office, sol, session, 3, 2).text
    assert [] == outbox_of(office, ada)
    assert office.sessions.get(session.id).passed


# --- Attacks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "button",
    [
        "act:{id}:9",
        "act:{id}:0",
        "act:{id}:-1",
        "act:{id}:x",
        "act:{id}:3:0",
        "act:{id}:3:4",
        "act:{id}:3:x",
        "act:{id}:²",
        "act:{id}",
        "acts",
        "acts:nothing",
        "act:nothing:1",
    ],
)
def test_a_forged_button_changes_nothing(
    office: Office, sol: Member, session: Session, button: str
) -> None:
    """No act, no reply, no session: nothing is kept and nothing breaks."""
    press(office, sol, button.format(id=session.id))
    say(office, sol, "So I see it.")
    messages = outbox_of(office, sol)
    assert messages
    assert all("Send" not in message.labels for message in messages)
    assert [] == office.reviewing.repository.verdicts(session.id)


@pytest.mark.parametrize("who", ["stranger", "trainer", "colleague", "herself"])
def test_others_correct_nothing(office: Office, session: Session, who: str) -> None:
    """No supervisor of another team, no trainer, no colleague, and nobody about themselves."""
    other = {
        "stranger": lambda: member(office, 3, "Ivo", "supervisor", team="Repairs"),
        "trainer": lambda: member(office, 4, "Tom", "trainer"),
        "colleague": lambda: member(office, 5, "Bo"),
        "herself": lambda: member(office, 11, "Ada", "supervisor"),
    }[who]()
    for button in (f"acts:{session.id}", f"act:{session.id}:3", f"act:{session.id}:3:2"):
        press(office, other, button)
        say(office, other, "So I see it.")
        assert all("Send" not in message.labels for message in outbox_of(office, other))
    assert [] == office.reviewing.repository.verdicts(session.id)
    assert not office.sessions.get(session.id).passed


def test_a_role_that_was_lost_meanwhile_sends_nothing(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """Rights are looked up again when it is sent."""
    press(office, sol, f"act:{session.id}:3:2")
    say(office, sol, "In other words.")
    send = outbox_of(office, sol)[-1].button("Send")
    office.members.leave(sol.person, "Returns desk", START)
    press(office, sol, send)
    assert [] == office.reviewing.repository.verdicts(session.id)
    assert [] == outbox_of(office, ada)


def test_other_teams_questions_are_not_read(office: Office, ada: Member, session: Session) -> None:
    """Neither the question nor its answer."""
    question = asked(office, ada, session, "It is in reply 2.")
    ivo = member(office, 3, "Ivo", "supervisor", team="Repairs")
    for button in (f"dispute:{question}", f"answer:{question}", f"same:{question}"):
        press(office, ivo, button)
        assert all("reply 2" not in message.text for message in outbox_of(office, ivo))
    assert [None] == [one.answer for one in office.records.disputes(session.id)]


def test_everything_fits(office: Office, sol: Member, ada: Member) -> None:
    """Messages and buttons stay within what Telegram takes, however long the replies are."""
    long = finished(office, ada, replies=["word " * 700] * 30, outcome="ended")
    question = asked(office, ada, long, "x" * 900)
    outbox_of(office, sol)
    for button in (f"dispute:{question}", f"acts:{long.id}", f"act:{long.id}:1"):
        press(office, sol, button)
        for message in outbox_of(office, sol):
            assert length(message.text) <= LONGEST_TEXT
            assert all(len(one.encode()) <= LONGEST_DATA for one in message.presses)


def test_what_is_kept_of_it_is_in_my_data(
    office: Office, sol: Member, ada: Member, session: Session
) -> None:
    """By name, without anybody's number, for both."""
    corrected(office, sol, session, 3, 2)
    hers = office.members.export(ada.person)
    (judged,) = hers["acts_judged"]
    assert ("Sol", True, 2, None) == (
        judged["judged_by"], judged["done"], judged["reply"], judged["seen_in"],
    )  # fmt: skip
    assert "judged_by" not in hers["sessions"][0]["verdicts"][0]
    assert [True] == [
        one["done"] for one in office.members.export(sol.person)["acts_judged_for_others"]
    ]
