"""Answering a reply: wait until the hire has stopped typing, score, let the customer type, answer.

What the hire wrote lies in the drafts, so that a stop at any moment loses nothing. While the
customer has not answered, a further message is added to the reply and an edit changes it: the
answer that was being made is thrown away, and made for what stands there then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from coachbot.errors import StoreError
from coachbot.session import machine
from coachbot.telegram import rendering
from coachbot.telegram.counter import place
from coachbot.telegram.debriefing import rating_question
from coachbot.telegram.retrying import offer_to_compare
from coachbot.telegram.visit import Answers

if TYPE_CHECKING:
    from coachbot.coaching.people import Member
    from coachbot.coaching.post import Draft
    from coachbot.coaching.practice import Answered
    from coachbot.session.models import Session
    from coachbot.telegram.office import Office

Result = TypeVar("Result")

TRIES = 3
"""How often a reply is tried that can't be answered; after that the hire is told."""

_log = structlog.get_logger()


class Conversations:
    """Answers the replies of all hires, each hire's in order, the hires beside each other."""

    def __init__(
        self,
        office: Office,
        *,
        desk: Executor,
        thinking: Executor,
        type_in: Callable[[int], None],
        patience: float = 1.0,
    ) -> None:
        """``desk`` is for the database, ``thinking`` for models; ``type_in`` seems to type.

        ``patience``: seconds between two tries of a reply; doubled from try to try.
        """
        self._office = office
        self._desk = desk
        self._thinking = thinking
        self._type_in = type_in
        self._patience = patience
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stirred: dict[str, asyncio.Event] = {}
        self._in_work = 0
        self.quiet = asyncio.Event()
        """Set while no reply is being read or answered."""
        self.quiet.set()

    def stir(self, person: str) -> None:
        """Somebody has written, or changed what they wrote."""
        self._stirred.setdefault(person, asyncio.Event()).set()
        task = self._tasks.get(person)
        if task is None or task.done():
            self._tasks[person] = asyncio.create_task(self._serve(person))

    async def stop(self) -> None:
        """Stop where it is; the drafts are answered after the next start."""
        tasks = [t for t in self._tasks.values() if not t.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, person: str) -> None:
        failures = troubles = 0
        while True:
            self._stirred[person].clear()
            try:
                if not await self._answer(person):
                    break
                failures = troubles = 0
            except StoreError as error:
                # Locked, or the disk is full: the drafts stay where they are until that is over.
                troubles += 1
                _log.error("database_trouble", error=type(error).__name__, times=troubles)
                await self._pause(person, min(30.0, 0.5 * 2.0**troubles))
            except Exception as error:  # noqa: BLE001 (nobody may be left without a word)
                # Type and place say where the mistake is; the message might hold people's words.
                failures += 1
                name, at = type(error).__name__, place(error)
                _log.error("reply_failed", error=name, at=at, tries=failures)
                if failures < TRIES:
                    await self._pause(person, self._patience * 2.0**failures)
                elif await self._apologised(person):
                    break
        if self._stirred[person].is_set():
            # Stirred between the last look and now.
            self._tasks[person] = asyncio.create_task(self._serve(person))
        else:
            del self._stirred[person]

    async def _answer(self, person: str) -> bool:
        """Answer what a hire has written, once it is due; False if there is nothing (more)."""
        office = self._office
        drafts = await self._at_desk(office.post.drafts, person)
        if not drafts:
            return False
        wait = drafts[-1].due - office.clock()
        if wait > 0:
            await self._pause(person, wait)
            return True
        found = await self._at_desk(self._session_of, person, drafts)
        if found is None:
            return False
        member, session = found
        began = time.monotonic()
        # Typing is shown while the reply is being read, which takes a moment.
        self._type_in(member.telegram)
        answered = await self._in_thought(self._think, session, drafts)
        first = answered.turn.spoken.messages[0] if answered.turn.spoken.messages else ""
        left = office.pace.typing(first) - (time.monotonic() - began)
        if left > 0 and await self._pause(person, left):
            return True
        await self._at_desk(self._commit, member, drafts, session, answered)
        office.wake_sender()
        return True

    async def _pause(self, person: str, seconds: float) -> bool:
        """Wait; True if the hire stirred meanwhile, which ends it."""
        try:
            async with asyncio.timeout(seconds):
                await self._stirred[person].wait()
        except TimeoutError:
            return False
        return True

    async def _at_desk(self, do: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._desk, do, *arguments)

    async def _in_thought(self, do: Callable[..., Result], *arguments: Any) -> Result:
        self._in_work += 1
        self.quiet.clear()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thinking, do, *arguments)
        finally:
            self._in_work -= 1
            if not self._in_work:
                self.quiet.set()

    def _session_of(self, person: str, drafts: list[Draft]) -> tuple[Member, Session] | None:
        """The member and the session that drafts belong to, unless the hire has paused it.

        Drafts of no use are thrown away; those of a pause wait until the hire goes on.
        """
        member = self._office.members.member(person)
        session = self._office.sessions.get(drafts[-1].session_id)
        if member is None or session.phase != "conversation":
            self._office.post.clear_drafts(person)
            return None
        return (member, session) if member.session_id == session.id else None

    def _think(self, session: Session, drafts: list[Draft]) -> Answered:
        reply = "\n".join(draft.text for draft in drafts)
        return self._office.coach.without_trace().resume(machine.receive(session, reply))

    def _commit(
        self, member: Member, drafts: list[Draft], before: Session, answered: Answered
    ) -> None:
        """Save the turn with its answer, unless something has changed since it was made."""
        office = self._office
        session = answered.session
        with office.transaction():
            written = [(d.message, d.text) for d in office.post.drafts(member.person)]
            now = office.sessions.get(session.id)
            if written != [(d.message, d.text) for d in drafts] or now != before:
                return
            there = office.members.member(member.person)
            if there is None or there.session_id != session.id:
                return
            office.coach.sessions.save(session)
            office.post.clear_drafts(member.person)
            answers = Answers(member.telegram)
            for i, message in enumerate(answered.turn.spoken.messages):
                # The pause before the first has passed already.
                answers.say(
                    rendering.html(message), pause=office.pace.typing(message) if i else 0.0
                )
            scenario = office.repertoire.scenario(session.scenario)
            if member.feedback == "each":
                answers.say(rendering.quick_feedback(session.turns[-1], scenario.persona.name))
            if session.over:
                rating_question(office, answers, session)
            else:
                offer_to_compare(answers, session, scenario.persona.name)
            office.put(answers)

    async def _apologised(self, person: str) -> bool:
        try:
            await self._at_desk(self._apologise, person)
        except StoreError:
            await self._pause(person, 1.0)
            return False
        return True

    def _apologise(self, person: str) -> None:
        member = self._office.members.member(person)
        if member is None:
            return
        with self._office.transaction():
            answers = Answers(member.telegram)
            answers.say(rendering.failure("scorer"), rendering.keyboard(("Try again", "again")))
            self._office.put(answers)
        self._office.wake_sender()
