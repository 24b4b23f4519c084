"""What somebody new does and writes where no text is expected, and what they are told then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from coachbot.coaching.people import Member
from coachbot.coaching.post import Draft
from coachbot.session import machine
from coachbot.session.models import Session
from coachbot.telegram.debriefing import rating_question
from coachbot.telegram.messages import LONGEST_DATA
from coachbot.telegram.office import Office
from coachbot.telegram.rendering.exported import PARTS
from coachbot.telegram.rendering.practising import ADDING
from coachbot.telegram.retrying import offer_to_compare
from coachbot.telegram.visit import Answers
from tests.session.made import begun, gone_on, scored
from tests.telegram import made
from tests.telegram.made import (
    Arrival,
    Clock,
    again,
    command,
    edit,
    finished,
    member,
    outbox_of,
    press,
    say,
)

STRANGER = 77
DEAN = "late-parcel"
READERS = "who will be able to read this conversation? can I take back a message?"


@pytest.fixture
def clock() -> Clock:
    """The office's clock."""
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An office in which everybody of the fixtures below is."""
    with made.office(tmp_path, clock=clock) as opened:
        yield opened


@pytest.fixture
def sol(office: Office) -> Member:
    """The supervisor of the returns desk."""
    return member(office, 1, "Sol", "supervisor")


@pytest.fixture
def ada(office: Office, sol: Member) -> Member:
    """A trainee of Sol's."""
    assert sol.holds("supervisor")
    return member(office, 11, "Ada")


def only(office: Office, who: Member | int) -> Arrival:
    """The one message that has come for somebody."""
    (found,) = outbox_of(office, who)
    return found


def invited(office: Office, who: int = STRANGER) -> Arrival:
    """The notice that somebody reads who has opened a link."""
    payload = office.people.invite_from_console("Returns desk", ["trainee"])
    command(office, who, f"/start {payload}")
    return only(office, who)


def talking(office: Office, who: Member, **changes: object) -> Session:
    """A conversation with Dean that what somebody writes goes to."""
    session = begun(office.repertoire.scenario(DEAN), id="a" * 32, person=who.person, **changes)
    office.sessions.save(session)
    office.members.set_session(who.person, session.id)
    return session


# --- Before anybody is in -------------------------------------------------------------------------


def test_the_notice_names_the_supervisors(office: Office, sol: Member) -> None:
    """Whoever is invited reads who of the team will read them."""
    assert f"supervisor {sol.name}, who can read your sessions" in invited(office).text


@pytest.mark.parametrize("written", ["Who sees that?", "/help", "/practice", "/start", "/mydata"])
def test_words_under_the_notice(office: Office, sol: Member, written: str) -> None:
    """Who writes while the notice is there is told to agree, and can read it again before."""
    invited(office)
    send = command if written.startswith("/") else say
    send(office, STRANGER, written)
    told = only(office, STRANGER)
    assert "I need your yes to the notice above" in told.text
    assert ["I agree, let me in", "Read it again"] == told.labels
    assert "invitation" not in told.text
    press(office, STRANGER, told.button("Read it again"))
    notice = only(office, STRANGER)
    assert "Please read this first" in notice.text
    press(office, STRANGER, notice.button("I agree"))
    assert "Welcome" in outbox_of(office, STRANGER)[-1].text
    assert sol.person != again(office, member(office, STRANGER, "New")).person


def test_agreeing_below_what_was_written(office: Office, sol: Member) -> None:
    """Whoever wrote first need not look for the notice's own button."""
    invited(office)
    say(office, STRANGER, "Hi, I'm new here")
    assert office.members.by_telegram(STRANGER) is None
    press(office, STRANGER, only(office, STRANGER).button("I agree"))
    assert "Welcome" in outbox_of(office, STRANGER)[-1].text
    assert office.members.by_telegram(STRANGER) is not None
    assert sol.reachable


def test_after_no_one_can_still_agree(office: Office, sol: Member) -> None:
    """The notice can be read again after No, also from what is written then."""
    press(office, STRANGER, invited(office).button("No"))
    refused = only(office, STRANGER)
    assert ["Read it again"] == refused.labels
    assert all(LONGEST_DATA >= len(sent.encode()) for sent in refused.presses)
    say(office, STRANGER, "Hm, wait")
    told = only(office, STRANGER)
    assert "You said no, and nothing about you is kept" in told.text
    assert office.members.by_telegram(STRANGER) is None
    press(office, STRANGER, told.button("Read it again"))
    press(office, STRANGER, only(office, STRANGER).button("I agree"))
    assert office.members.by_telegram(STRANGER) is not None
    assert sol.reachable


def test_no_on_an_older_notice_after_agreeing_changes_nothing(office: Office, sol: Member) -> None:
    """It doesn't say that nothing was kept: they are in."""
    notice = invited(office)
    press(office, STRANGER, notice.button("I agree"))
    outbox_of(office, STRANGER)
    press(office, STRANGER, notice.button("No"))
    assert "this No changes nothing" in only(office, STRANGER).text
    assert office.members.by_telegram(STRANGER) is not None
    assert sol.reachable


def test_a_used_link_after_being_forgotten(office: Office, sol: Member) -> None:
    """Whoever is not in (any more) is not told that they are."""
    payload = office.people.invite_from_console("Returns desk", ["trainee"])
    command(office, STRANGER, f"/start {payload}")
    press(office, STRANGER, only(office, STRANGER).button("I agree"))
    press(office, STRANGER, "forget:yes")
    outbox_of(office, STRANGER)
    command(office, STRANGER, f"/start {payload}")
    told = only(office, STRANGER).text
    assert "used already" in told
    assert "you're in" not in told
    assert sol.reachable


@pytest.mark.parametrize("name", ["/mydata", "/forgetme", "/privacy"])
def test_nothing_is_kept_about_strangers(office: Office, name: str) -> None:
    """Whoever is unknown hears just that when they ask for their data."""
    command(office, STRANGER, name)
    assert "Nothing is kept about you" in only(office, STRANGER).text


# --- Outside a conversation -----------------------------------------------------------------------


def test_words_under_a_brief(office: Office, ada: Member) -> None:
    """Under a brief one is told to tap Start, with the button at hand, until something else."""
    press(office, ada, f"brief:{DEAN}")
    outbox_of(office, ada)
    say(office, ada, "Hello Dean!")
    told = only(office, ada)
    assert "Tap Start under the brief" in told.text
    assert [f"go:{DEAN}"] == told.presses
    press(office, ada, "list:all:0")
    outbox_of(office, ada)
    say(office, ada, "Hello Dean!")
    assert "Tap Start" not in only(office, ada).text


def test_questions_to_nobody(office: Office, ada: Member) -> None:
    """A question names who supervises, and where data are; other words only the way on."""
    say(office, ada, "Who reads what I write")
    asked = only(office, ada).text
    for part in ("/privacy", "/mydata", "/forgetme", "ask Sol, who supervises your team"):
        assert part in asked
    say(office, ada, "Good morning")
    other = only(office, ada).text
    assert "/help" in other
    assert "Sol" not in other


def test_privacy(office: Office, ada: Member) -> None:
    """What is kept, and who reads it, can be read at any time."""
    command(office, ada, "/privacy")
    assert "the team's supervisor Sol, who can read" in only(office, ada).text


def test_the_list_says_who_and_where(office: Office, ada: Member) -> None:
    """Whoever looks for a bank finds it in the text above the buttons, on its page."""
    found = []
    for page in range(4):
        press(office, ada, f"list:all:{page}")
        listing = only(office, ada)
        briefs = [b.label for row in listing.buttons for b in row if b.data.startswith("brief:")]
        for label in briefs:
            assert f"<b>{label.rpartition(' (')[0]}</b>: " in listing.text
        found += [line for line in listing.text.splitlines() if "Ardley Bank" in line]
    assert found


def paused(office: Office, ada: Member) -> tuple[Session, Arrival]:
    """A conversation that was paused, and what comes when something is written then."""
    session = gone_on(talking(office, ada))
    office.sessions.save(session)
    command(office, ada, "/pause")
    outbox_of(office, ada)
    say(office, ada, "Leo's train is on the van.", message=901)
    return session, only(office, ada)


def test_words_in_a_pause_can_be_sent(office: Office, ada: Member) -> None:
    """They go to the customer when one goes on, changed if they were, and only if one says so."""
    session, told = paused(office, ada)
    assert "so this hasn't gone to anybody" in told.text
    edit(office, ada, "Leo's train is on tonight's van.", message=901)
    assert [] == office.post.drafts(ada.person)
    press(office, ada, told.button("Go on, and send it"))
    assert [("Leo's train is on tonight's van.", session.id)] == [
        (d.text, d.session_id) for d in office.post.drafts(ada.person)
    ]
    assert again(office, ada).awaiting is None


@pytest.mark.parametrize("by", ["Go on without it", "menu"])
def test_words_in_a_pause_are_not_sent_by_themselves(office: Office, ada: Member, by: str) -> None:
    """Whoever goes on without them, or by another button, has sent the customer nothing."""
    session, told = paused(office, ada)
    if by == "menu":
        press(office, ada, "menu")
        press(office, ada, f"on:{session.id}:send")
    else:
        press(office, ada, told.button(by))
    assert [] == office.post.drafts(ada.person)
    assert session.id == again(office, ada).session_id


# --- In a conversation ----------------------------------------------------------------------------


def test_a_question_for_the_bot_is_no_reply(office: Office, ada: Member) -> None:
    """It is answered beside the conversation, and nothing of it waits for the customer."""
    talking(office, ada)
    say(office, ada, READERS)
    told = only(office, ada).text
    assert "That's for me, the bot, not for Dean" in told
    assert "supervisor (Sol)" in told
    assert "edit a message" in told
    assert [] == office.post.drafts(ada.person)
    say(office, ada, "Who can see this on your account?")
    assert ["Who can see this on your account?"] == [d.text for d in office.post.drafts(ada.person)]


def test_a_reply_changed_into_a_question_for_the_bot(office: Office, ada: Member) -> None:
    """Of a reply in two messages only the other one goes to the customer then."""
    session = talking(office, ada)
    for number, words in ((801, "I'm sorry."), (802, "One moment.")):
        office.post.draft(ada.person, Draft(number, session.id, words, office.clock()))
    edit(office, ada, "Who can read this conversation?", message=802)
    assert "not for Dean" in only(office, ada).text
    assert ["I'm sorry."] == [d.text for d in office.post.drafts(ada.person)]


@pytest.mark.parametrize("written", ["Are you still there?", "/hint", "/end"])
def test_after_the_end(office: Office, ada: Member, written: str) -> None:
    """Whoever writes after the customer's last words hears that it is over, with the question."""
    session = machine.end(gone_on(talking(office, ada)))
    office.sessions.save(session)
    (say if not written.startswith("/") else command)(office, ada, written)
    told = only(office, ada)
    assert "The conversation with Dean is over" in told.text
    assert "Empathy" in told.text
    assert ("isn't counted" in told.text) == (not written.startswith("/"))
    assert [] == office.post.drafts(ada.person)


def test_the_end_is_said_once(office: Office, ada: Member) -> None:
    """It stands over the first question for an own rating, and not over the next."""
    session = machine.end(gone_on(talking(office, ada)))
    office.sessions.save(session)
    answers = Answers(ada.telegram)
    rating_question(office, answers, session)
    ((first, _),) = answers.messages
    assert "is over.</b>" in first.text
    press(office, ada, f"rate:{session.id}:60")
    assert "is over" not in only(office, ada).text


# --- Afterwards -----------------------------------------------------------------------------------


def test_a_question_about_a_score_can_be_added_to(
    office: Office, sol: Member, ada: Member, clock: Clock
) -> None:
    """What comes right after goes with it, to the supervisor too; what comes later does not."""
    session = finished(office, ada)
    press(office, ada, f"question:{session.id}:0")
    say(office, ada, "I did say sorry.")
    outbox_of(office, ada), outbox_of(office, sol)
    say(office, ada, "And I asked about Saturday.")
    assert "Added to your question" in only(office, ada).text
    assert "And I asked about Saturday." in only(office, sol).text
    (kept,) = office.records.disputes(session.id)
    assert "I did say sorry.\nAnd I asked about Saturday." == kept.comment
    clock.go_on(minutes=ADDING + 1)
    say(office, ada, "Good evening")
    assert "not in a conversation" in only(office, ada).text
    assert again(office, ada).awaiting is None
    assert [kept] == office.records.disputes(session.id)


def test_a_question_about_data_after_a_questioned_score_is_answered(
    office: Office, sol: Member, ada: Member
) -> None:
    """It goes along like all that is written then, and the bot says where the answer is."""
    session = finished(office, ada)
    press(office, ada, f"question:{session.id}:0")
    say(office, ada, "I did say sorry.")
    outbox_of(office, ada), outbox_of(office, sol)
    say(office, ada, "who gets to see that then")
    told = only(office, ada).text
    assert "Added to your question" in told
    assert "/privacy says what is kept and who reads it" in told
    assert sol.name in told


@pytest.mark.parametrize("other", ["/help", "list:all:0"])
def test_something_else_ends_the_adding(office: Office, ada: Member, other: str) -> None:
    """After a command or a button nothing is added any more."""
    session = finished(office, ada)
    press(office, ada, f"question:{session.id}:0")
    say(office, ada, "I did say sorry.")
    command(office, ada, other) if other.startswith("/") else press(office, ada, other)
    say(office, ada, "Hello")
    assert ["I did say sorry."] == [d.comment for d in office.records.disputes(session.id)]


def test_reasons_before_the_choice(office: Office, sol: Member, ada: Member) -> None:
    """Who writes before choosing what to question has written it once and for all."""
    session = finished(office, ada)
    press(office, ada, f"question:{session.id}")
    outbox_of(office, ada)
    say(office, ada, "I did say sorry.")
    assert "I did say sorry." in only(office, ada).text
    say(office, ada, "Twice, even.")
    asked = only(office, ada)
    assert [] == office.records.disputes(session.id)
    press(office, ada, asked.button("Empathy"))
    (kept,) = office.records.disputes(session.id)
    assert ("empathy", "I did say sorry.\nTwice, even.") == (kept.dimension, kept.comment)
    assert "I did say sorry." in only(office, sol).text


def test_a_complaint_below_the_debrief(office: Office, sol: Member, ada: Member) -> None:
    """What is written to nobody after a debrief can go to the supervisor as it stands."""
    session = machine.end(gone_on(talking(office, ada)))
    office.sessions.save(session)
    press(office, ada, f"rate:{session.id}:-")
    outbox_of(office, ada)
    say(office, ada, "That's not fair, I asked about Saturday")
    told = only(office, ada)
    assert "The conversation with Dean is over" in told.text
    press(office, ada, told.button("Question the result"))
    asked = only(office, ada)
    assert "That's not fair, I asked about Saturday" in asked.text
    press(office, ada, asked.button("What I did"))
    (kept,) = office.records.disputes(session.id)
    assert "That's not fair, I asked about Saturday" == kept.comment
    assert "questions what was done" in only(office, sol).text


@pytest.mark.parametrize("other", ["/help", "list:all:0"])
def test_something_else_drops_the_complaint(office: Office, ada: Member, other: str) -> None:
    """After a command or a button an old complaint is sent nowhere."""
    session = machine.end(gone_on(talking(office, ada)))
    office.sessions.save(session)
    press(office, ada, f"rate:{session.id}:-")
    say(office, ada, "That's not fair")
    command(office, ada, other) if other.startswith("/") else press(office, ada, other)
    press(office, ada, f"question:{session.id}")
    outbox_of(office, ada)
    press(office, ada, f"question:{session.id}:0")
    assert "What did the score for empathy miss?" in only(office, ada).text
    assert [] == office.records.disputes(session.id)


def test_trying_again_ends_a_question(office: Office, ada: Member) -> None:
    """A reply to the customer is not taken for the reasons that were asked for before."""
    session = finished(office, ada)
    press(office, ada, f"question:{session.id}:0")
    press(office, ada, f"try:{session.id}:1")
    say(office, ada, "I'm sorry, Dean.")
    assert [] == office.records.disputes(session.id)
    assert ["I'm sorry, Dean."] == [d.text for d in office.post.drafts(ada.person)]


def test_an_answered_question_is_not_added_to(office: Office, sol: Member, ada: Member) -> None:
    """After the answer the hire hears that it was too late, and what the supervisor read stays."""
    session = finished(office, ada)
    press(office, ada, f"question:{session.id}:0")
    say(office, ada, "I did say sorry.")
    (asked,) = office.records.disputes(session.id)
    office.reviewing.answer(asked.id, "You did.", answered_by=sol.person)
    outbox_of(office, ada)
    say(office, ada, "And more.")
    assert "I couldn't add that" in only(office, ada).text
    assert "I did say sorry." == office.records.disputes(session.id)[0].comment


def second_attempt(
    office: Office, ada: Member, new_replies: int = 1, number: str = "b"
) -> tuple[Session, Session]:
    """A session and a further attempt from its second reply on."""
    first = finished(office, ada)
    branched = machine.branch(first, 2, new_id=number * 32, started=first.started)
    for reply in range(new_replies):
        branched = gone_on(branched, f"New reply {reply}.", worth=scored((90, 20, 55)), mood=60)
    office.sessions.save(branched)
    office.members.set_session(ada.person, branched.id)
    return first, branched


def test_one_new_reply_can_be_compared(office: Office, ada: Member) -> None:
    """After the first new reply, and only then, it is offered to compare or to go on."""
    for replies, offered in ((0, 0), (1, 1), (2, 0)):
        _, branched = second_attempt(office, ada, replies, "bcd"[replies])
        answers = Answers(ada.telegram)
        offer_to_compare(answers, branched, "Dean")
        assert offered == len(answers.messages)
    assert [] == outbox_of(office, ada)


@pytest.mark.parametrize("how", ["compare:{}", "end:{}", "rate:{}:-"])
def test_a_second_attempt_broken_off_is_one_reply_compared(
    office: Office, ada: Member, how: str
) -> None:
    """However it is ended early, that reply is shown then and now, and no verdict or story."""
    _, branched = second_attempt(office, ada)
    if how.startswith("rate"):
        office.sessions.save(machine.end(branched))
    press(office, ada, how.format(branched.id))
    told = outbox_of(office, ada)
    assert all(message.file is None for message in told)
    text = "\n".join(message.text for message in told)
    assert "<b>Reply 2, then and now</b>" in text
    assert "It will be there by Friday." in text
    assert "New reply 0." in text
    assert "pass" not in text.lower()
    assert "will tell" not in text
    assert again(office, ada).session_id is None
    assert "debrief" == office.sessions.get(branched.id).phase
    press(office, ada, f"compare:{branched.id}")
    assert "earlier" in only(office, ada).text


def test_a_second_attempt_without_a_reply(office: Office, ada: Member) -> None:
    """Who stops before a new reply hears that there is nothing to compare."""
    first, branched = second_attempt(office, ada, 0)
    press(office, ada, f"end:{branched.id}")
    told = outbox_of(office, ada)[-1]
    assert "nothing to compare" in told.text
    assert f"try:{first.id}:2" == told.button("Try reply 2 once more")


def test_going_on_with_a_second_attempt(office: Office, ada: Member) -> None:
    """Go on takes the buttons away and leaves the conversation where it is."""
    _, branched = second_attempt(office, ada)
    press(office, ada, f"further:{branched.id}")
    assert "editMessageReplyMarkup" == only(office, ada).method
    assert branched == office.sessions.get(branched.id)


def test_a_first_attempt_is_not_compared(office: Office, ada: Member) -> None:
    """A forged button does not end a conversation that counts."""
    session = talking(office, ada)
    press(office, ada, f"compare:{session.id}")
    assert "conversation" == office.sessions.get(session.id).phase


# --- One's own data -------------------------------------------------------------------------------


def test_every_part_of_the_file_is_explained(office: Office, ada: Member) -> None:
    """The file begins with a sentence for each of its parts, in their order."""
    finished(office, ada)
    command(office, ada, "/mydata")
    content = json.loads(only(office, ada).file or b"")
    assert "what_this_is" == next(iter(content))
    parts = [part for part in content if part != "what_this_is"]
    assert parts == list(content["what_this_is"])
    assert set(parts) == set(PARTS)
