"""What goes wrong between the bot, Telegram and the disk: nothing is lost, nothing done twice."""

from __future__ import annotations

import contextlib
import itertools
import os
import resource
import signal
import sqlite3
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest

from tests.telegram.api import (
    BotApi,
    Fault,
    blocked,
    dropped,
    no_answer,
    running,
    server_error,
    slow,
    too_many_requests,
)
from tests.telegram.hire import BETTER, GOOD, Hire, labels, texts
from tests.telegram.process import Nursery, Process, bot

HELD = f"{GOOD} holdhere"


def scored(process: Process) -> list[tuple[object, ...]]:
    """Every reply of everybody, as it was scored."""
    return process.rows("SELECT session_id, number, agent FROM turns ORDER BY session_id, number")


def sent_twice(hire: Hire) -> int:
    """How many of the bot's messages to somebody stand there more than once in a row."""
    said = [m.text for m in hire.person.messages()]
    return sum(a == b for a, b in itertools.pairwise(said))


# --- Killed ---------------------------------------------------------------------------------------


def test_killed_after_an_update_was_kept(process: Process) -> None:
    """Killed with the update in the inbox: it is dealt with after the next start, once."""
    ann = Hire.talking(process)
    process.hold("kept")
    ann.person.say(GOOD)
    process.until_held("kept")
    process.kill()
    process.let_go("kept")
    process.start()
    assert ann.new_messages()
    assert [(1, GOOD)] == ann.replies()
    assert 0 == sent_twice(ann)


def test_killed_while_scoring(process: Process) -> None:
    """Killed in the middle of the model's work: the reply is scored after the next start, once."""
    ann = Hire.talking(process)
    process.hold("scoring")
    ann.person.say(HELD)
    process.until_held("scoring")
    process.kill()
    assert [] == ann.replies()
    process.let_go("scoring")
    process.start()
    assert ann.new_messages()
    assert [(1, HELD)] == ann.replies()
    assert 0 == sent_twice(ann)


def test_killed_before_sending(process: Process) -> None:
    """Killed with the turn saved and nothing sent: the answer is sent after the next start."""
    ann = Hire.talking(process)
    fault = process.api.fail("sendMessage", no_answer(), chat=ann.person)
    ann.person.say(GOOD)
    process.api.wait_until_blocking(lambda: fault.hits)
    process.kill()
    assert [(1, GOOD)] == ann.replies()
    assert [] == ann.look()
    process.start()
    assert ann.new_messages()
    assert [(1, GOOD)] == ann.replies()
    assert 0 == sent_twice(ann)


def test_killed_after_sending(process: Process) -> None:
    """Killed between Telegram's work and the note of it: one message comes twice, no more."""
    ann = Hire.talking(process)
    fault = process.api.fail("sendMessage", no_answer(carried_out=True), chat=ann.person)
    ann.person.say(GOOD)
    process.api.wait_until_blocking(lambda: fault.hits and len(ann.person.messages()) > 0)
    process.kill()
    first = ann.look()[-1].text
    process.start()
    again = ann.new_messages()
    assert first == again[0].text
    assert 1 == sent_twice(ann)
    assert [(1, GOOD)] == ann.replies()


def test_killed_again_and_again_at_the_same_update(process: Process) -> None:
    """An update isn't taken for a deadly one because the program was killed a few times."""
    ann = Hire.talking(process)
    process.hold("scoring")
    ann.person.say(HELD)
    for _ in range(4):
        process.until_held("scoring")
        process.kill()
        (process.folder / "at-scoring").unlink()
        process.start()
    process.until_held("scoring")
    process.let_go("scoring")
    ann.new_messages()
    assert [(1, HELD)] == ann.replies()


def test_stopped_gently_in_the_middle(process: Process) -> None:
    """SIGTERM ends it with status 0 within seconds, whatever it is doing; nothing is lost."""
    ann = Hire.talking(process)
    process.api.fail("sendChatAction", no_answer(), times=100)
    ann.person.say(GOOD)
    ann.person.say("/hint")
    begin = time.monotonic()
    assert 0 == process.terminate()
    assert time.monotonic() - begin < 10
    process.start()
    ann.new_messages()
    assert [(1, GOOD)] == ann.replies()


# --- Telegram in trouble --------------------------------------------------------------------------


def test_too_many_requests(process: Process) -> None:
    """After a 429 the bot waits as long as it is told to, then sends everything in order."""
    ann = Hire.talking(process)
    fault = process.api.fail("sendMessage", too_many_requests(1), chat=ann.person)
    ann.person.say("/brief")
    ann.person.say("/hint")
    brief, hint = ann.new_messages()
    assert "On your screen" in brief.text
    assert hint.text.startswith("Hint.")
    assert 1 == fault.hits
    refused, again = [c for c in process.api.calls("sendMessage", ann.person)][-3:-1]  # noqa: C416
    assert 429 == refused.status
    assert again.time - refused.time >= 1.0


@pytest.mark.parametrize(
    "fault",
    [server_error(500), server_error(502), dropped(carried_out=False), no_answer(seconds=0.5)],
    ids=lambda fault: fault.name,
)
def test_not_sent_is_sent_again(process: Process, fault: Fault) -> None:
    """What Telegram did not take is sent again until it is taken, once."""
    ann = Hire.talking(process)
    planned = process.api.fail("sendMessage", fault, chat=ann.person, times=2)
    (brief,) = ann.say("/brief")
    assert "On your screen" in brief.text
    assert 2 == planned.hits


def test_dropped_after_sending(process: Process) -> None:
    """Where nobody can tell whether a message arrived it comes twice, and the turn is one turn."""
    ann = Hire.talking(process)
    process.api.fail("sendMessage", dropped(carried_out=True), chat=ann.person)
    ann.say(GOOD)
    assert 1 == sent_twice(ann)
    assert [(1, GOOD)] == ann.replies()


@pytest.mark.parametrize("fault", [server_error(502), dropped(carried_out=False)], ids=str)
def test_polling_fails(process: Process, fault: Fault) -> None:
    """A poll that fails is tried again; what people wrote meanwhile is answered."""
    ann = Hire.talking(process)
    planned = process.api.fail("getUpdates", fault, times=2)
    ann.person.say("/brief")
    process.api.wait_until_blocking(lambda: planned.hits == 2, 15)
    assert "On your screen" in ann.new_messages()[0].text


def test_optional_methods_refused(telegram: BotApi, resting: Process) -> None:
    """A server that knows no commands, no typing and no answers to presses serves people too."""
    for method in ("setMyCommands", "sendChatAction", "answerCallbackQuery"):
        telegram.fail(method, server_error(501), times=1000)
    telegram.fail("editMessageReplyMarkup", server_error(501), times=1000)
    with bot(resting) as process:
        ann = Hire.talking(process)
        assert ann.say(GOOD)
        assert [m for m in ann.finish() if m.photo]


def test_optional_methods_hang(process: Process) -> None:
    """Nobody waits for the typing action or the answer to a press while Telegram hangs on them."""
    ann = Hire.in_team(process)
    for method in ("sendChatAction", "answerCallbackQuery"):
        process.api.fail(method, no_answer(), times=1000)
    begin = time.monotonic()
    ann.begin()
    assert ann.say(GOOD)
    assert time.monotonic() - begin < 8


def test_blocked_and_unblocked(process: Process) -> None:
    """Who blocks the bot disturbs nobody, and finds everything as it was on coming back."""
    ann, bob = Hire.talking(process, "Ann"), Hire.talking(process, "Bob")
    ann.say(GOOD)
    ann.person.block()
    process.settled()
    assert [(0,)] == process.rows("SELECT reachable FROM members WHERE person = ?", ann.id)
    assert bob.say(GOOD)
    ann.person.unblock()
    process.settled()
    assert [(1,)] == process.rows("SELECT reachable FROM members WHERE person = ?", ann.id)
    ann.say(BETTER)
    assert [(1, GOOD), (2, BETTER)] == ann.replies()


def test_blocked_while_sending(process: Process) -> None:
    """A 403 for a message drops what waits for that chat, and is no error."""
    ann = Hire.talking(process)
    process.api.fail("sendMessage", blocked(), chat=ann.person)
    ann.person.say("/brief")
    process.settled()
    assert [] == ann.look()
    assert [(0,)] == process.rows("SELECT reachable FROM members WHERE person = ?", ann.id)
    assert [] == [e for e in process.events if e["level"] == "error"]


def test_refused_formatting_goes_as_plain_text(process: Process) -> None:
    """Formatting that Telegram can't parse is left out, and every word arrives."""
    ann = Hire.talking(process)
    with sqlite3.connect(process.database) as db:
        db.execute(
            "INSERT INTO outbox (chat, content, due) VALUES (?, ?, 0)",
            [ann.person.id, '{"method": "sendMessage", "text": "<b>2 &lt; 3</i> and so on"}'],
        )
    db.close()
    ann.person.say("/hint")
    plain = ann.new_messages()[0]
    assert "2 < 3 and so on" == plain.text
    assert [] == plain.entities


def test_broken_message_stops_nobody(process: Process) -> None:
    """A message in the outbox that can't be read is given up; those behind it are sent."""
    ann = Hire.talking(process)
    with sqlite3.connect(process.database) as db:
        db.execute(
            "INSERT INTO outbox (chat, content, due) VALUES (?, ?, 0)",
            [ann.person.id, '{"method": "sendPigeon"}'],
        )
    db.close()
    (hint,) = ann.say("/hint")
    assert hint.text.startswith("Hint.")
    assert 1 == process.health()["failed"]


def test_telegram_down_at_start(resting: Process) -> None:
    """The bot waits for a Telegram that is down, and then does all that was waiting for it."""
    with bot(resting) as process:
        ann = Hire.talking(process)
        process.terminate()
        ann.person.say(GOOD)
        process.api.down()
        process.start(until_running=False)
        process.until(lambda: process.logged("telegram_unreachable"))
        process.api.up()
        ann.new_messages()
        assert [(1, GOOD)] == ann.replies()


def test_telegram_down_for_a_while(process: Process) -> None:
    """Down in the middle of a conversation and up again: it goes on."""
    ann = Hire.talking(process)
    process.api.down()
    ann.person.say(GOOD)
    process.until(lambda: process.logged("polling_failed"))
    process.api.up()
    ann.new_messages(30)
    assert [(1, GOOD)] == ann.replies()


def test_stopped_while_telegram_is_down(resting: Process) -> None:
    """SIGTERM ends a bot that still waits for Telegram."""
    resting.api.down()
    resting.start(until_running=False)
    resting.until(lambda: resting.logged("telegram_unreachable"))
    assert 0 == resting.terminate()


# --- Ends with a sentence -------------------------------------------------------------------------


def ends_with(process: Process, sentence: str, timeout: float = 20) -> None:
    """See that it ends by itself, with a status of failure and one sentence."""
    assert process.ended(timeout) > 0
    last = process.err.strip().splitlines()[-1]
    assert last.startswith("coachbot: ")
    assert sentence in last
    assert "Traceback" not in process.err


def test_wrong_token(resting: Process) -> None:
    """A token that Telegram doesn't know ends it, and is not shown."""
    wrong = "987654321:AAnobody-knows-this-one-000000000000"
    resting.settings = {"COACHBOT_TELEGRAM_TOKEN": wrong}
    resting.start(until_running=False)
    ends_with(resting, "COACHBOT_TELEGRAM_TOKEN")
    assert wrong not in resting.err + resting.out


def test_token_revoked(resting: Process) -> None:
    """A token that is revoked while the bot runs ends it at the next poll."""
    resting.patience = {"poll": 1}
    with bot(resting) as process:
        process.api.world.token = "1:revoked"  # noqa: S105 (it is made up)
        ends_with(process, "COACHBOT_TELEGRAM_TOKEN")


def test_second_poller(resting: Process) -> None:
    """Another program that polls with the same token ends the bot loudly."""
    resting.patience = {"conflicts": 2}
    with bot(resting) as process:
        over = threading.Event()

        def poll() -> None:
            url = f"{process.api.base_url}{process.api.token}/getUpdates?timeout=2"
            while not over.is_set():
                with contextlib.suppress(OSError), urllib.request.urlopen(url) as answer:  # noqa: S310
                    answer.read()

        other = threading.Thread(target=poll)
        other.start()
        try:
            ends_with(process, "Another program gets this bot's updates")
        finally:
            over.set()
            other.join()


def test_second_bot_on_the_same_database(nursery: Nursery, process: Process) -> None:
    """A second bot on one database doesn't start; the first goes on."""
    second = Process(nursery, process.api, process.folder.with_name("second"))
    second.settings = {"COACHBOT_DATABASE": str(process.database)}
    second.start(until_running=False)
    ends_with(second, "A bot is running on")
    assert "ok" == process.health()["status"]


def test_port_taken(nursery: Nursery, process: Process) -> None:
    """A port of which another program has hold is named, with the setting to change."""
    with running() as elsewhere:
        second = Process(nursery, elsewhere, process.folder.with_name("second"))
        second.settings = {"COACHBOT_HEALTH_PORT": process.address.rpartition(":")[2]}
        second.start(until_running=False)
        ends_with(second, "COACHBOT_HEALTH_PORT")


def test_stalled_poll(resting: Process) -> None:
    """A Telegram that takes requests and never answers ends the bot, to be started again."""
    resting.patience = {"stalled": 1.5, "look": 0.1, "poll": 1, "farewell": 0.2}
    with bot(resting) as process:
        process.api.fail("getUpdates", no_answer(), times=1000)
        ends_with(process, "No answer from Telegram for")
        process.api.heal()


# --- The database in trouble ----------------------------------------------------------------------


@contextlib.contextmanager
def locked(process: Process) -> Iterator[None]:
    """Hold the lock on the database, as another process may."""
    with contextlib.closing(sqlite3.connect(process.database, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")


def test_database_locked_for_a_while(process: Process) -> None:
    """While another process locks the database nothing goes on, and afterwards everything does."""
    ann = Hire.talking(process)
    with locked(process):
        ann.person.say(GOOD)
        time.sleep(0.5)  # the lock is held for so long; nothing tells when the bot begins to wait
        assert [] == ann.look()
    ann.new_messages()
    assert [(1, GOOD)] == ann.replies()


@contextlib.contextmanager
def full_disk(process: Process) -> Iterator[None]:
    """Let no file of the process grow any more: the write-ahead log, above all."""
    log = process.database.with_name(process.database.name + "-wal")
    limit = log.stat().st_size
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


def test_disk_full(process: Process) -> None:
    """With no room left nothing is confirmed to Telegram, and nothing lost; then it goes on."""
    ann = Hire.talking(process)
    with full_disk(process):
        ann.person.say(GOOD)
        process.until(lambda: process.logged("inbox_unwritable"))
        assert 1 == len(process.api.waiting_updates())
    ann.new_messages(30)
    assert [(1, GOOD)] == ann.replies()


def test_disk_full_while_answering(process: Process) -> None:
    """No room for the answer that has been thought of: the reply waits and is answered later."""
    ann = Hire.talking(process)
    process.hold("scoring")
    ann.person.say(HELD)
    process.until_held("scoring")
    with full_disk(process):
        process.let_go("scoring")
        process.until(lambda: process.logged("database_trouble"))
    ann.new_messages(30)
    assert [(1, HELD)] == ann.replies()
    assert not any("went wrong" in t or "isn't working" in t for t in texts(ann.person.messages()))


# --- Mistakes of the program ----------------------------------------------------------------------


def test_scorer_fails(process: Process) -> None:
    """A scorer that fails is answered for kindly; the reply is kept and can be tried again."""
    ann = Hire.talking(process)
    process.hold("broken")
    ann.person.say("I'm sorry, failhere.")
    sorry = ann.person.wait_for_blocking("Something on my side isn't working", 10)
    assert ["Try again"] == labels(sorry)
    assert "failhere" not in process.err
    process.let_go("broken")
    ann.look()
    ann.press("Try again")
    assert [(1, "I'm sorry, failhere.")] == ann.replies()


def test_slow_scorer_holds_up_nobody_else(process: Process) -> None:
    """While one reply takes for ever to score, others are answered."""
    ann, bob = Hire.talking(process, "Ann"), Hire.talking(process, "Bob")
    process.hold("scoring")
    ann.person.say(HELD)
    process.until_held("scoring")
    bob.person.say(GOOD)
    process.until(lambda: bob.replies() == [(1, GOOD)])
    bob.person.say("/hint")
    bob.person.wait_for_blocking("Hint.")
    assert [] == ann.replies()
    process.let_go("scoring")
    ann.new_messages()
    assert [(1, HELD)] == ann.replies()


def test_slow_telegram_in_one_chat(process: Process) -> None:
    """A chat to which Telegram is slow holds up no other."""
    ann, bob = Hire.talking(process, "Ann"), Hire.talking(process, "Bob")
    process.api.fail("sendMessage", slow(5), chat=ann.person, times=3)
    ann.person.say("/brief")
    process.api.wait_until_blocking(lambda: "slow" in str(process.api.calls("sendMessage")[-1:]))
    begin = time.monotonic()
    bob.person.say("/hint")
    bob.person.wait_for_blocking("Hint.", 3)
    assert time.monotonic() - begin < 3
    process.api.heal()
    process.settled()


# --- Numbers and times ----------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [-86400, 86400])
def test_clock_jumps(resting: Process, jump: int) -> None:
    """When the clock is put back or forward by a day, nobody waits for the old time, in order."""
    resting.patience = {"look": 0.1}
    resting.pauses = 0.3
    with bot(resting) as process:
        ann = Hire.talking(process)
        process.hold("kept")
        ann.person.say("/brief")
        process.until(
            lambda: process.rows("SELECT count(*) FROM inbox WHERE state='new'")[0][0] == 1
        )
        process.put_clock(jump)
        ann.person.say("/hint")
        process.until(
            lambda: process.rows("SELECT count(*) FROM inbox WHERE state='new'")[0][0] == 2
        )
        process.let_go("kept")
        brief, hint = ann.new_messages()
        assert "On your screen" in brief.text
        assert hint.text.startswith("Hint.")
        ann.say(GOOD)
        assert [(1, GOOD)] == ann.replies()
        process.until(lambda: process.logged("clock_jumped"))
        assert "ok" == process.health()["status"]


def test_clock_put_back_while_something_waits(resting: Process) -> None:
    """What is due by a clock that was a day ahead is sent soon after it is put right."""
    resting.patience = {"look": 0.1}
    with bot(resting) as process:
        ann = Hire.talking(process)
        process.api.fail("sendMessage", server_error(), chat=ann.person, times=2)
        process.put_clock(86400)
        process.until(lambda: process.logged("clock_jumped"))
        ann.person.say("/brief")
        process.until(lambda: process.rows("SELECT max(attempts) FROM outbox") > [(0,)])
        process.put_clock(0)
        (brief,) = ann.new_messages()
        assert "On your screen" in brief.text


@pytest.mark.parametrize("number", [5, 9_000_000])
def test_update_ids_restart(process: Process, number: int) -> None:
    """Updates whose numbers begin anywhere are new updates."""
    ann = Hire.talking(process)
    process.api.restart_ids_at(number)
    ann.say(GOOD)
    ann.say(BETTER)
    assert [(1, GOOD), (2, BETTER)] == ann.replies()


def test_redelivered(process: Process) -> None:
    """Updates that come again are not done again, also by the next program."""
    ann = Hire.talking(process)
    ann.say(GOOD)
    before = scored(process), len(ann.person.messages())
    process.api.redeliver(5)
    process.settled()
    process.kill()
    process.api.redeliver(5)
    process.start()
    process.settled()
    assert before == (scored(process), len(ann.person.messages()))


def test_press_that_is_too_old(process: Process) -> None:
    """A press that can't be acknowledged any more does its work all the same."""
    ann = Hire.in_team(process)
    process.terminate()
    ann.person.press("Practise")
    process.api.expire_presses()
    process.start()
    (menu,) = ann.new_messages()
    assert "All scenarios" in labels(menu)


# --- Silence about people -------------------------------------------------------------------------


def test_logs_and_messages(resting: Process) -> None:
    """After a bad day no names, words or token are in the log, and no traceback is anywhere."""
    word = "Heliotrope"
    with bot(resting) as process:
        ann = Hire.talking(process, f"Ann {word}")
        for fault in (server_error(), too_many_requests(1), dropped(carried_out=True)):
            process.api.fail("sendMessage", fault, chat=ann.person)
        process.hold("broken")
        ann.person.say(f"{word} failhere")
        ann.person.wait_for_blocking("Something on my side", 10)
        process.let_go("broken")
        ann.say(f"{word}, I'm sorry.")
        ann.say(f"/{word}")
        ann.person.send_document(f"{word}.yaml", word.encode())
        ann.new_messages()
        os.kill(process.pid, signal.SIGTERM)
        assert 0 == process.ended()
    assert process.logged("reply_failed")
    assert word.lower() not in (process.err + process.out).lower()
    assert process.api.token not in process.err + process.out
    assert "Traceback" not in process.err
    for shown in texts(ann.person.messages()):
        assert "Traceback" not in shown
        assert "Error" not in shown
