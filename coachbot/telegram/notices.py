"""Tells hires in their chat what was done about their sessions elsewhere, as the bot itself does.

The words and buttons are those of a grade or an answer that was given in Telegram. They are put
into the outbox as a part of the caller's transaction; the bot sends what lies there, within a
minute where it runs as another process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbot.telegram.menus import data, rows
from coachbot.telegram.reading import Records, Scenarios, reading_of
from coachbot.telegram.rendering import matter
from coachbot.telegram.rendering import reviewing as texts
from coachbot.telegram.visit import Answers

if TYPE_CHECKING:
    from coachbot.coaching.people import Member, PeopleRepository
    from coachbot.coaching.post import Post
    from coachbot.coaching.reviewing import Dispute, Grade, Reviewing
    from coachbot.scoring.interface import Dimension
    from coachbot.session.models import Session
    from coachbot.telegram.messages import Keyboard


@dataclass(frozen=True)
class Notices:
    """Messages to hires. Each says whether it will reach them; if not, none is sent."""

    post: Post
    members: PeopleRepository
    records: Records
    repertoire: Scenarios
    reviewing: Reviewing
    practice_only: Callable[[str], Collection[Dimension]]
    clock: Callable[[], float] = time.time

    def corrected(self, grade: Grade, session: Session, owner: Member, by: Member) -> bool:
        """Somebody gave a grade of their own; ``session``: the one that they read."""
        if not owner.reachable:
            return False
        reading = reading_of(self, session, owner, own=True)
        reply = session.turns[grade.turn - 1] if grade.turn else None
        link = data("read", session.id, texts.page_of(reading, grade.turn or 0))
        text = texts.grade_arrived(by.name, reading, reply, grade)
        self._say(owner, text, rows(("Read it there", link)))
        return True

    def act_judged(self, before: Session, now: Session, owner: Member, by: Member) -> bool:
        """Somebody corrected what was done; ``now`` has the new verdict as its last one."""
        if not owner.reachable:
            return False
        text = matter.arrived(by.name, reading_of(self, now, owner, own=True), before)
        self._say(owner, text, rows(("Read the conversation", data("read", now.id, 1))))
        return True

    def answered(self, dispute: Dispute, session: Session, owner: Member, by: Member) -> bool:
        """Somebody answered a question about a score."""
        if not owner.reachable:
            return False
        reading = reading_of(self, session, owner, own=True)
        text = texts.dispute_answered(by.name, reading, dispute)
        self._say(owner, text, rows(("Read the conversation", data("read", session.id, 1))))
        return True

    def _say(self, owner: Member, text: str, buttons: Keyboard) -> None:
        answers = Answers(owner.telegram)
        answers.say(text, buttons)
        answers.put_into(self.post, self.clock())
