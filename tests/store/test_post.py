"""Inbox, drafts and outbox: everything once, in order, and forgotten when it is done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest

from coachbot.coaching.people import Member
from coachbot.coaching.post import Arrived, Draft
from coachbot.store import Store
from coachbot.store.post import KEPT
from tests.store.samples import gone_on, new_session

Result = TypeVar("Result")

ANN, BEN = 11, 12
NOW = 1_000_000.0


def update(
    number: int, chat: int | None = ANN, content: str = '{"text":"secret words"}'
) -> Arrived:
    """An update of a chat."""
    return Arrived(number, chat, content)


def broken_off(store: Store, do: Callable[[], Result]) -> Result:
    """Do something in a transaction that fails at its end."""
    found: list[Result] = []

    def fail() -> None:
        with store.transaction():
            found.append(do())
            _ = 1 // 0

    with pytest.raises(ZeroDivisionError):
        fail()
    return found[0]


def test_an_update_is_kept_once(store: Store) -> None:
    """Telegram sends it until it is confirmed; the second time it is known."""
    assert [1, 2] == [a.update_id for a in store.post.receive([update(1), update(2)], NOW)]
    assert [3] == [a.update_id for a in store.post.receive([update(2), update(3)], NOW)]


def test_updates_of_a_chat_come_in_their_order(store: Store) -> None:
    """The oldest first, each chat by itself; the one without a chat is one of its own."""
    store.post.receive([update(1), update(2, BEN)], NOW)
    store.post.receive([update(3), update(4, None)], NOW + 1)
    assert [ANN, BEN, None] == store.post.chats_waiting()
    seen = []
    while (found := store.post.next_update(ANN)) is not None:
        seen.append(found.update_id)
        store.post.claim(found.update_id)
    assert [1, 3] == seen
    nowhere = store.post.next_update(None)
    assert nowhere is not None
    assert 4 == nowhere.update_id


def test_ids_that_begin_anew_come_after_those_before(store: Store) -> None:
    """After a week without updates Telegram counts from anywhere."""
    store.post.receive([update(900)], NOW)
    store.post.receive([update(5)], NOW + 1)
    first = store.post.next_update(ANN)
    assert first is not None
    assert 900 == first.update_id


def test_an_update_is_claimed_once(store: Store) -> None:
    """Who comes second is told so, and a claim that is rolled back was none."""
    store.post.receive([update(1)], NOW)
    assert broken_off(store, lambda: store.post.claim(1)) is True
    assert [True, False] == [store.post.claim(1), store.post.claim(1)]


@pytest.mark.parametrize("how", ["claim", "fail"])
def test_what_was_dealt_with_is_forgotten(store: Store, database: Path, how: str) -> None:
    """The words of an update are gone as soon as nobody needs them."""
    store.post.receive([update(1)], NOW)
    getattr(store.post, how)(1)
    with closing(sqlite3.connect(database)) as connection:
        assert [(None,)] == connection.execute("SELECT content FROM inbox").fetchall()
    assert store.post.next_update(ANN) is None


def test_attempts_are_counted(store: Store) -> None:
    """An update that breaks the program again and again is noticed."""
    store.post.receive([update(1)], NOW)
    assert [1, 2] == [store.post.count_attempt(1), store.post.count_attempt(1)]
    found = store.post.next_update(ANN)
    assert found is not None
    assert 2 == found.attempts


def test_a_backlog_is_of_one_chat(store: Store) -> None:
    """What others wait for doesn't count."""
    store.post.receive([update(1), update(2), update(3, BEN)], NOW)
    store.post.claim(1)
    assert [1, 1] == [store.post.backlog(ANN), store.post.backlog(BEN)]


def put(store: Store, chat: int, text: str, pause: float = 0.0, now: float = NOW) -> None:
    """Put a message into the outbox."""
    store.post.put(chat, {"text": text}, None, pause, now)


def test_messages_of_a_chat_go_in_order(store: Store) -> None:
    """Only the first of each chat may go, and the next when it is gone."""
    for text in ("one", "two"):
        put(store, ANN, text)
    put(store, BEN, "three")
    first = {m.chat: m for m in store.post.first_of_chats(set())}
    assert {ANN: "one", BEN: "three"} == {c: m.content["text"] for c, m in first.items()}
    store.post.sent(first[ANN].id)
    assert ["two"] == [m.content["text"] for m in store.post.first_of_chats({BEN})]


def test_a_pause_is_after_what_waits_before(store: Store) -> None:
    """Each message is typed after the one before it has gone."""
    put(store, ANN, "one", pause=2.0)
    put(store, ANN, "two", pause=3.0)
    assert NOW + 5.0 == store.post.last_due(ANN)
    put(store, ANN, "three", pause=1.0, now=NOW + 60.0)
    assert NOW + 61.0 == store.post.last_due(ANN)
    assert store.post.last_due(BEN) is None


def test_a_message_that_is_postponed_holds_up_its_chat(store: Store) -> None:
    """What comes after it waits behind it."""
    put(store, ANN, "one")
    put(store, ANN, "two")
    (first,) = store.post.first_of_chats(set())
    store.post.postpone(first.id, NOW + 30.0)
    (again,) = store.post.first_of_chats(set())
    assert ("one", NOW + 30.0, 1) == (again.content["text"], again.due, again.attempts)


def test_what_was_sent_is_forgotten(store: Store, database: Path) -> None:
    """Neither words nor pictures stay in the outbox."""
    store.post.put(ANN, {"text": "secret"}, b"picture", 0.0, NOW)
    (message,) = store.post.first_of_chats(set())
    assert b"picture" == message.file
    store.post.sent(message.id)
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT content, file, state FROM outbox").fetchall()
    assert [(None, None, "sent")] == found


def test_a_chat_can_be_given_up(store: Store) -> None:
    """Who blocks the bot gets nothing more; others do."""
    put(store, ANN, "one")
    put(store, ANN, "two")
    put(store, BEN, "three")
    assert 2 == store.post.drop(ANN)
    assert [BEN] == [m.chat for m in store.post.first_of_chats(set())]


def member(store: Store, session_id: str) -> str:
    """A member with a session that goes on."""
    session = gone_on(new_session(session_id, person="tg:11"), 1)
    store.save(session)
    ann = Member(person="tg:11", telegram=ANN, name="Ann", joined="2026-01-01T00:00:00+00:00")
    store.people.join(ann, "Team", ["trainee"], ann.joined)
    return ann.person


def test_drafts_wait_for_each_other(store: Store) -> None:
    """A further message or an edit puts off all of them; the order is that of writing."""
    ann = member(store, "s")
    store.post.draft(ann, Draft(8, "s", "and another thing", NOW + 3))
    store.post.draft(ann, Draft(7, "s", "first", NOW + 4))
    store.post.draft(ann, Draft(8, "s", "another thing, changed", NOW + 5))
    expected = [
        Draft(7, "s", "first", NOW + 5),
        Draft(8, "s", "another thing, changed", NOW + 5),
    ]
    assert expected == store.post.drafts(ann)
    assert [ann] == store.post.writers()
    store.post.clear_drafts(ann)
    assert [] == store.post.writers()


def test_what_waits_is_counted(store: Store) -> None:
    """For the health check: updates, messages, and what was given up."""
    store.post.receive([update(1), update(2)], NOW)
    store.post.fail(1)
    put(store, ANN, "one")
    assert {"inbox": 1, "outbox": 1, "failed": 1} == store.post.waiting()


def test_numbers_are_forgotten_after_two_days(store: Store, database: Path) -> None:
    """Of what was dealt with; what waits stays however old it is."""
    store.post.receive([update(1), update(2)], NOW)
    store.post.claim(1)
    put(store, ANN, "one")
    put(store, BEN, "two")
    store.post.sent(store.post.first_of_chats({BEN})[0].id)
    store.post.prune(NOW + KEPT + 1)
    with closing(sqlite3.connect(database)) as connection:
        assert [(2,)] == connection.execute("SELECT update_id FROM inbox").fetchall()
        assert [(BEN,)] == connection.execute("SELECT chat FROM outbox").fetchall()


def test_a_transaction_is_whole(store: Store) -> None:
    """What several parts write together is there together or not at all."""
    store.post.receive([update(1)], NOW)

    def claim_and_put() -> float | None:
        store.post.claim(1)
        put(store, ANN, "never")
        return store.post.last_due(ANN)

    assert NOW == broken_off(store, claim_and_put)
    assert {"inbox": 1, "outbox": 0, "failed": 0} == store.post.waiting()
