"""The bot as people use it: the real process, over real HTTP, from the link to the debrief."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.telegram.api import BotApi
from tests.telegram.hire import (
    AGREE,
    BETTER,
    CUSTOMER,
    GOOD,
    NOTICE,
    PLAIN,
    Hire,
    invitation,
    labels,
    texts,
)
from tests.telegram.process import QUICK, REAL, Process, bot

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff"
    "3f0005fe02fedccc59e70000000049454e44ae426082"
)
SCENARIO_BUTTON = "A train for Saturday (hard)"


# --- Coming in ------------------------------------------------------------------------------------


def test_first_link(process: Process) -> None:
    """The first run prints one line with a link, which makes its opener supervisor, once."""
    payload = process.payload()
    assert f"First supervisor: https://t.me/coach_test_bot?start={payload}\n" == process.out
    assert re.fullmatch(r"[A-Za-z0-9_-]{20,64}", payload)
    sue, eve = Hire.new(process, "Sue"), Hire.new(process, "Eve")
    sue.start(payload)
    (welcome,) = sue.press(AGREE)[-1:]
    assert "Welcome, Sue." in welcome.text
    assert [("supervisor",), ("trainer",)] == process.rows(
        "SELECT role FROM memberships WHERE person = ? ORDER BY role", sue.id
    )
    (refusal,) = eve.start(payload)
    assert "used already" in refusal.text
    assert [] == process.rows("SELECT * FROM members WHERE person = ?", eve.id)


def test_no_link_once_somebody_is_there(process: Process) -> None:
    """With people in it, a start prints nothing."""
    Hire.in_team(process, "Sue", "supervisor")
    printed = process.out
    assert 0 == process.terminate()
    process.start()
    assert printed == process.out


def test_second_start_prints_another_link(process: Process) -> None:
    """As long as nobody has come in, each start prints a link, and only the last one works."""
    first = process.payload()
    assert 0 == process.terminate()
    process.start()
    process.until(lambda: process.out.count("start=") == 2)
    sue = Hire.new(process, "Sue")
    sue.start(first)
    assert AGREE not in [b for m in sue.person.messages() for b in labels(m)]
    assert NOTICE in sue.start(process.payload())[0].text


def test_nothing_is_kept_before_the_notice(process: Process) -> None:
    """The notice comes before anything about the person is in the database, and No keeps it so."""
    payload = invitation(process)
    zoe = Hire.new(process, "Zoe Unusualname")
    (notice,) = zoe.start(payload)
    assert NOTICE in notice.text
    assert [AGREE, "No"] == labels(notice)

    def traces() -> list[str]:
        tables = process.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [
            name
            for (name,) in tables
            for row in process.rows(f"SELECT * FROM {name}")  # noqa: S608
            if "Unusualname" in repr(row)
        ]

    assert [] == traces()
    (refused,) = zoe.press("No")
    assert "Nothing about you has been kept" in refused.text
    assert ["Read it again"] == labels(refused)
    (waiting,) = zoe.say("Who sees this?")
    assert "nothing about you is kept" in waiting.text
    assert [] == traces()
    (again,) = zoe.press("Read it again")
    assert NOTICE in again.text
    assert [] == traces()
    zoe.press(AGREE)
    assert ["members"] == traces()


def test_strangers(process: Process) -> None:
    """Whoever was not invited gets one friendly answer to everything, and leaves no trace."""
    stranger = Hire.new(process, "Stranger")
    (nothing,) = stranger.say("/mydata")
    assert "Nothing is kept about you" in nothing.text
    for step in ("hello", "/practice", "/mydata", "/team", "/start", "/help", "/nonsense"):
        (answer,) = stranger.say(step)
        assert "you need an invitation" in answer.text
    (unknown,) = stranger.start("a-payload-that-nobody-made")
    assert "don't know this invitation" in unknown.text
    assert [] == process.rows("SELECT * FROM people")


def test_forged_buttons_of_strangers(process: Process) -> None:
    """A button that a stranger can't have does nothing for them."""
    stranger = Hire.new(process, "Stranger")
    stranger.say("hello")
    with process.api.world.changes.changing():
        message = stranger.person.messages()[-1].data
        for number, data in enumerate(
            ("go:late-parcel", "forget:yes", "join:x", "", "go", "x:y:z")
        ):
            process.api.world.notify(
                "callback_query",
                {
                    "id": str(number),
                    "from": stranger.person.user,
                    "message": message,
                    "chat_instance": "1",
                    "data": data or "rate",
                },
            )
    answers = stranger.new_messages()
    assert 6 == len(answers)
    assert [] == process.rows("SELECT * FROM sessions")


# --- Talking --------------------------------------------------------------------------------------


def test_from_the_link_to_the_debrief(process: Process) -> None:
    """By buttons alone, but for the replies: brief, conversation, rating, debrief, second try."""
    ann = Hire.in_team(process)
    (menu,) = ann.press("Practise")
    assert "All scenarios" in labels(menu)
    (listing,) = ann.press("All scenarios")
    assert SCENARIO_BUTTON in labels(listing)
    (brief,) = ann.press(SCENARIO_BUTTON)
    assert "On your screen" in brief.text
    opening = ann.press("Start")
    assert any("Dean is writing to you now" in t for t in texts(opening))
    assert len(opening) >= 2

    answer = ann.say(GOOD)
    assert answer
    assert [(1, GOOD)] == ann.replies()
    ann.say(BETTER)
    ann.say("/end")
    (question,) = [m for m in ann.press("Yes, end it") if m.buttons]
    assert "Empathy:" in question.text
    ann.press("A standard sorry (50)")
    ann.press("Put it in my own words (75)")
    debrief = ann.press("All made for them (100)")
    pictures = [m for m in debrief if m.photo]
    assert 1 == len(pictures)
    assert (pictures[0].photo or b"").startswith(b"\x89PNG")
    assert "debrief" == ann.phase()
    assert [(50.0, 75.0, 100.0)] == process.rows(
        "SELECT max(CASE dimension WHEN 'empathy' THEN value END), "
        "max(CASE dimension WHEN 'active_listening' THEN value END), "
        "max(CASE dimension WHEN 'individualized_treatment' THEN value END) FROM self_ratings"
    )
    last = debrief[-1]
    below = {"Question the result", "How it felt", "Practise this again", "Recommended next"}
    assert {*below, "My progress"} <= {*labels(last)}

    again = next(b for b in labels(last) if b.startswith("Try reply"))
    ann.press(again)
    assert "conversation" == ann.phase()
    offered = ann.say(PLAIN)
    assert ["Compare now", "Go on"] == labels(offered[-1])
    compared = ann.press("Compare now")
    assert "then and now" in compared[-1].text
    assert PLAIN in compared[-1].text
    assert [] == [m for m in compared if m.photo]
    assert 2 == len(process.rows("SELECT id FROM sessions WHERE phase = 'debrief'"))


def test_several_messages_are_one_reply(resting: Process) -> None:
    """What is written in quick succession is one reply with one answer, scored once."""
    resting.pauses = 0.5
    with bot(resting) as process:
        ann = Hire.talking(process)
        ann.say("I'm so sorry.", "That must be awful.", "What day is the birthday?")
        assert [
            (1, "I'm so sorry.\nThat must be awful.\nWhat day is the birthday?")
        ] == ann.replies()


def test_edit_before_the_answer_counts(process: Process) -> None:
    """What is changed while the customer still reads is what counts."""
    ann = Hire.talking(process)
    process.hold("scoring")
    written = ann.person.say("Tuf luck, holdhere")
    process.until_held("scoring")
    ann.person.edit(written, GOOD)
    process.until(lambda: process.rows("SELECT text FROM drafts") == [(GOOD,)])
    process.let_go("scoring")
    answer = ann.new_messages()
    assert [(1, GOOD)] == ann.replies()
    assert not any("before you changed" in t for t in texts(answer))


def test_edit_after_the_answer(process: Process) -> None:
    """What is changed afterwards doesn't count, and that is said."""
    ann = Hire.talking(process)
    ann.say(GOOD)
    number = max(
        i for i, m in process.api.world.chats[ann.person.id].messages.items() if m.text == GOOD
    )
    ann.person.edit(number, "Tough luck.")
    (told,) = ann.new_messages()
    assert "Dean had answered before you changed that message" in told.text
    assert [(1, GOOD)] == ann.replies()


def test_message_during_the_answer_is_added(process: Process) -> None:
    """A further message while the customer reads belongs to the same reply."""
    ann = Hire.talking(process)
    process.hold("scoring")
    ann.person.say("I'm so sorry, holdhere.")
    process.until_held("scoring")
    ann.person.say("Which day is it?")
    process.until(lambda: process.rows("SELECT count(*) FROM drafts") == [(2,)])
    process.let_go("scoring")
    ann.new_messages()
    assert [(1, "I'm so sorry, holdhere.\nWhich day is it?")] == ann.replies()


def test_hint_and_brief(process: Process) -> None:
    """A hint is noted for the coming reply; the brief can be read again."""
    ann = Hire.talking(process)
    (hint,) = ann.say("/hint")
    assert hint.text.startswith("Hint.")
    (brief,) = ann.say("/brief")
    assert "You may not offer" in brief.text
    ann.say(GOOD)
    assert [(1,)] == process.rows("SELECT number FROM hints")
    assert [(1, GOOD)] == ann.replies()


def test_pause_and_go_on_after_a_restart(process: Process) -> None:
    """A conversation that was paused goes on where it was, in another life of the bot."""
    ann = Hire.talking(process)
    answer = ann.say(GOOD)
    (paused,) = ann.say("/pause")
    assert paused.text.startswith("Paused.")
    (kept_back,) = ann.say("Are you there?")
    assert "hasn't gone to anybody" in kept_back.text
    assert 0 == process.terminate()
    process.start()
    ann.say("/practice")
    going = ann.press("Go on: A train for Saturday")
    assert any(answer[-1].text.split("\n")[0][:40] in t for t in texts(going))
    ann.say(BETTER)
    assert [(1, GOOD), (2, BETTER)] == ann.replies()


def test_an_old_button_sets_a_conversation_aside(process: Process) -> None:
    """Who presses an old button in the middle of a conversation is told, and can go back."""
    ann = Hire.talking(process)
    ann.say(GOOD)
    debrief = ann.finish()[-1]
    again = next(label for label in labels(debrief) if label.startswith("Try reply"))
    ann.begin()
    ann.say(BETTER)
    told = ann.press(again)
    assert f"Your conversation with {CUSTOMER} is paused" in told[0].text
    ann.press("Back to that")
    ann.say(GOOD)
    newest = process.rows(
        "SELECT agent FROM turns WHERE session_id = (SELECT session_id FROM turns "
        "WHERE agent = ? ORDER BY rowid DESC LIMIT 1) ORDER BY number",
        BETTER,
    )
    assert [(BETTER,), (GOOD,)] == newest


def test_pause_holds_back_a_reply_that_was_being_read(process: Process) -> None:
    """After "Paused" the customer says nothing; what was written is answered on going on."""
    ann = Hire.talking(process)
    process.hold("scoring")
    ann.person.say(f"{GOOD} holdhere")
    process.until_held("scoring")
    ann.person.say("/pause")
    paused = ann.person.wait_for_blocking("Paused.", 20)
    process.let_go("scoring")
    ann.person.say("/brief")
    shown = ann.person.wait_for_blocking("not in a conversation", 20, after=paused)
    assert [] == ann.replies()
    assert 1 == len(process.rows("SELECT text FROM drafts"))
    ann.person.press("Go on", paused)
    process.until(lambda: process.rows("SELECT count(*) FROM drafts") == [(0,)])
    ann.new_messages()
    assert [(1, f"{GOOD} holdhere")] == ann.replies()
    assert shown.id < ann.person.messages()[-1].id


def test_starting_twice_is_starting_once(process: Process) -> None:
    """A second tap on the button begins no second session."""
    ann = Hire.in_team(process)
    ann.say("/practice")
    ann.press("All scenarios")
    (brief,) = ann.press("brief:late-parcel")
    ann.person.press("go:late-parcel", brief)
    ann.person.press("go:late-parcel", brief)
    ann.new_messages()
    assert [(1,)] == process.rows("SELECT count(*) FROM sessions")


def test_conversation_survives_a_restart(process: Process) -> None:
    """Without a pause, too: the next message simply goes on after a restart."""
    ann = Hire.talking(process)
    ann.say(GOOD)
    assert 0 == process.terminate()
    ann.person.say(BETTER)
    process.start()
    ann.new_messages()
    assert [(1, GOOD), (2, BETTER)] == ann.replies()


def test_feedback_after_each_reply(process: Process) -> None:
    """Feedback after each reply comes as soon as it is switched on, and stops when off."""
    ann = Hire.talking(process)
    without = ann.say(GOOD)
    ann.say("/settings")
    (changed,) = ann.press("Feedback after each reply")
    assert "after each reply" in changed.text
    with_it = ann.say(GOOD)
    assert len(with_it) >= 2
    assert [("each",)] == process.rows("SELECT feedback FROM members")
    ann.say("/settings")
    ann.press("Feedback only at the end")
    ann.say("/settings")
    ann.press("Reminders off")
    assert [("end", 0)] == process.rows("SELECT feedback, reminders FROM members")
    assert without


# --- Afterwards -----------------------------------------------------------------------------------


def test_question_a_score(process: Process) -> None:
    """Who questions a score writes why, and the supervisor of the team reads it."""
    sue = Hire.in_team(process, "Sue", "supervisor")
    ann = Hire.talking(process)
    ann.say(GOOD)
    ann.finish()
    (which,) = ann.press("Question the result")
    assert {"Empathy", "Cancel"} <= {*labels(which)}
    (why,) = ann.press("Empathy")
    assert "What did the score for empathy miss?" in why.text
    (thanks,) = ann.say("I did say <sorry> & meant it.")
    assert "with your supervisor now" in thanks.text
    read = sue.look()[-1]
    assert "Ann questions the score for empathy" in read.text
    assert "I did say <sorry> & meant it." in read.text
    assert [("empathy", "I did say <sorry> & meant it.")] == process.rows(
        "SELECT dimension, comment FROM disputes"
    )


def test_feeling_and_progress(process: Process) -> None:
    """How it felt is kept; progress comes with a picture once there is some."""
    ann = Hire.talking(process)
    (nothing,) = ann.say("/progress")
    assert "haven't finished a conversation yet" in nothing.text
    ann.say(GOOD)
    ann.finish()
    ann.press("How it felt")
    (thanks,) = ann.press("Not good")
    assert "Thank you for saying so." in thanks.text
    assert [(2,)] == process.rows("SELECT feeling FROM feelings")
    picture, text = ann.say("/progress")
    assert (picture.photo or b"").startswith(b"\x89PNG")
    assert text.text


def test_my_data_and_forget_me(process: Process) -> None:
    """/mydata is a file with every word; after /forgetme no word of it is left."""
    ann = Hire.talking(process)
    ann.say(GOOD)
    ann.finish()
    (file,) = ann.say("/mydata")
    assert "coachbot-ann.json" == file.filename
    assert GOOD in json.dumps(json.loads(file.document or b""), ensure_ascii=False)
    ann.say("/forgetme")
    (done,) = ann.press("Delete everything")[-1:]
    assert "Everything I knew about you is deleted" in done.text
    kept = b"".join(f.read_bytes() for f in sorted(process.folder.glob("coachbot.db*")))
    assert GOOD.encode() not in kept
    assert [("late-parcel", 1)] == process.rows("SELECT scenario, sessions FROM counts")
    assert "you need an invitation" in ann.say("hello")[0].text


def test_leave(process: Process) -> None:
    """Who leaves a team is no member of it any more."""
    ann = Hire.in_team(process)
    (question,) = ann.say("/leave")
    assert ["Team", "Stay"] == labels(question)
    (left,) = ann.press("Team")
    assert "You have left Team" in left.text
    assert [] == process.rows("SELECT * FROM memberships")


# --- Everything but text --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("voice", "can't listen to voice messages"),
        ("sticker", "can't see stickers"),
        ("photo", "can't look at pictures"),
        ("forward", "somebody else's words"),
    ],
)
def test_no_text(process: Process, what: str, answer: str) -> None:
    """What is no text is answered with what to do instead, and doesn't reach the customer."""
    ann = Hire.talking(process)
    send: dict[str, Callable[[], object]] = {
        "voice": ann.person.send_voice,
        "sticker": ann.person.send_sticker,
        "photo": lambda: ann.person.send_photo(PICTURE),
        "forward": lambda: ann.person.forward("Buy now"),
    }
    send[what]()
    (told,) = ann.new_messages()
    assert answer in told.text
    assert CUSTOMER in told.text
    assert [] == ann.replies()


def test_document(process: Process) -> None:
    """A file of somebody who may not publish scenarios is not opened."""
    ann = Hire.talking(process)
    ann.person.send_document("notes.txt", b"x" * 100)
    (told,) = ann.new_messages()
    assert told.text
    assert [] == process.api.calls("getFile")
    assert [] == ann.replies()


def test_huge_and_empty(process: Process) -> None:
    """The longest message that Telegram lets through is a reply; one of blanks does no harm."""
    ann = Hire.talking(process)
    huge = ("I am so sorry about all of this. " * 125)[:4096].strip()
    assert ann.say(huge)
    assert [(1, huge)] == ann.replies()
    assert ann.say("\u2063")
    assert process.health()["failed"] == 0


def test_markup_of_people_is_text(process: Process) -> None:
    """Angle brackets and ampersands in names and replies stay what they are."""
    bob = Hire.in_team(process, "<b>Bob & Co</b>")
    assert any("Welcome, <b>Bob & Co</b>" in t for t in texts(bob.person.messages()))
    bob.begin()
    assert bob.say("<i>I'm sorry</i> & that's <script>alert(1)</script>")
    bob.finish()
    assert [] == process.logged("message_refused")


def test_unknown_command(process: Process) -> None:
    """A command that doesn't exist is named, with the nearest one; it is no reply."""
    ann = Hire.talking(process)
    (near,) = ann.say("/pratice")
    assert "Did you mean /practice?" in near.text
    assert [] == ann.replies()


# --- Groups and floods ----------------------------------------------------------------------------


def test_groups(process: Process) -> None:
    """In a group the bot says nothing, but one sentence to a command that is addressed to it."""
    ann = Hire.talking(process)
    group = process.api.group("The team", ann.person)
    for text in ("hello", "/practice", "/progress@another_bot"):
        ann.person.say(text, group)
    process.settled()
    assert [] == ann.person.messages(group)
    for text in ("/progress@coach_test_bot", "/START@Coach_Test_Bot x"):
        ann.person.say(text, group)
        process.settled()
        answer = ann.person.messages(group)[-1]
        assert "Practice is private" in answer.text
        assert [] == answer.buttons
    assert 2 == len(ann.person.messages(group))
    assert [] == ann.replies()


def test_flood(process: Process) -> None:
    """Who writes without end is asked to wait, kindly and not each time; others are served."""
    ann, bob = Hire.talking(process, "Ann"), Hire.talking(process, "Bob")
    process.hold("kept")
    for number in range(80):
        ann.person.say(f"Message number {number}")
    process.until(lambda: process.rows("SELECT count(*) FROM inbox WHERE state = 'new'") == [(80,)])
    process.let_go("kept")
    bob.person.say(GOOD)
    told = ann.new_messages(30)
    assert 1 <= len([t for t in texts(told) if "That's a lot at once" in t]) <= 3
    assert [(1, GOOD)] == bob.replies()
    assert ann.say("Sorry about that, I got carried away.")


# --- The programs themselves ----------------------------------------------------------------------


def test_as_a_program_of_its_own(telegram: BotApi, tmp_path: Path) -> None:
    """The quick bot that the other tests fork starts and stops as a program, too."""
    with bot(Process(QUICK, telegram, tmp_path / "bot")) as process:
        assert "First supervisor: " in process.out
        assert "polling" == process.health()["mode"]
        assert 0 == process.terminate()
    # Whether all customers were ready by then is a matter of luck.
    told = [e["event"] for e in process.events if e["event"] != "prepared"]
    assert ["running", "stopping"] == told


def test_real_models(telegram: BotApi, tmp_path: Path) -> None:
    """`coachbot bot` with its models: from the printed link to a finished debrief."""
    with bot(Process(REAL, telegram, tmp_path / "bot")) as process:
        sue = Hire.new(process, "Sue")
        sue.start(process.payload())
        sue.press(AGREE)
        ann = Hire.talking(process)
        for reply in (GOOD, BETTER):
            # All customers are being got ready meanwhile, which takes long on a busy machine.
            ann.person.say(reply)
            assert ann.new_messages(180)
        debrief = ann.finish()
        assert 1 == len([m for m in debrief if m.photo])
        assert [(1, GOOD), (2, BETTER)] == ann.replies()
        assert 0 == process.terminate()
    assert [] == [e for e in process.events if e["level"] != "info"]


def test_commands_in_the_menu(process: Process) -> None:
    """A member's menu has the commands of their roles; everybody else's those of a trainee."""
    sue = Hire.in_team(process, "Sue", "supervisor")
    stranger = Hire.new(process, "Eve")

    def menu(of: Hire) -> set[str]:
        return {c["command"] for c in of.person.commands()}

    process.api.wait_until_blocking(lambda: "team" in menu(sue))
    assert "team" not in menu(stranger)
    assert "practice" in menu(stranger)
