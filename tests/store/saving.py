"""A program that saves sessions, for tests that need several processes or kill one.

``python -m tests.store.saving DATABASE SESSION (loop | TURNS | TURNS reply)``, run from the
checkout. It prints ``ready``, waits for a line, opens the database, and prints the number of each
turn once it is stored.
"""

from __future__ import annotations

import itertools
import sys

from coachbot.errors import NotFound, StoreError
from coachbot.session import machine
from coachbot.session.models import Session
from coachbot.store import Store, open_store
from tests.store.samples import new_session, turn_after


def say(text: object) -> None:
    """Tell the test at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def stored(store: Store, session_id: str) -> Session:
    """The session as it stands, or a new one."""
    try:
        return store.get(session_id)
    except NotFound:
        return new_session(session_id)


def go_on(store: Store, session: Session, reply: str | None = None) -> None:
    """Save a reply as it is sent and as it is answered, as coaching does."""
    turn = turn_after(session, reply)
    sent = machine.receive(session, turn.agent)
    store.save(sent)
    store.save(machine.answer(sent, turn))
    say(turn.number)


def main(database: str, session_id: str, turns: str, reply: str | None = None) -> None:
    """Do what the arguments say."""
    say("ready")
    if not sys.stdin.readline():
        return  # The test has failed and gone.
    with open_store(database) as store:
        if turns == "loop":
            session = new_session(session_id)
            store.save(session)
            for _ in itertools.count():
                turn = turn_after(session)
                go_on(store, session)
                session = machine.answer(session, turn)
        saved = 0
        while saved < int(turns):
            try:
                go_on(store, stored(store, session_id), reply and f"{reply} {saved}")
            except StoreError as error:
                # Somebody else answered first; the next round reads what they said.
                if "meanwhile" not in str(error):
                    raise
            else:
                saved += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
