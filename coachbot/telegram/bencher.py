"""Plays the benches that trainers asked for: one at a time, after everything else, told in the end.

A job lies in the database until its trainer has read what came of it, or rather until that lies in
the outbox: both are one transaction. Between two pieces of a bench hires come first.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from coachbot.coaching.permissions import may
from coachbot.coaching.publishing import Reference, short
from coachbot.errors import CoachbotError, NotFound, ScenarioError, StoreError
from coachbot.reporting.charts import bench_chart
from coachbot.reporting.png import png
from coachbot.telegram.benching import stop_button
from coachbot.telegram.counter import place
from coachbot.telegram.menus import data, rows
from coachbot.telegram.rendering import benching as texts
from coachbot.telegram.sender import markup, seconds_to_wait
from coachbot.telegram.visit import Answers

if TYPE_CHECKING:
    from telegram import Bot

    from coachbot.coaching.bench_jobs import BenchJob
    from coachbot.reporting.bench_models import BenchResult
    from coachbot.telegram.office import Office

Result = TypeVar("Result")

DEATHS = 4
"""Programs that may begin with a job and not come to its end; it may be the job that kills them."""
LONGEST_YIELD = 5.0
"""Seconds for which a bench lets hires go first between two of its pieces: among very many hires it
still comes to an end."""
LONGEST_WAIT = 30.0
"""Seconds between two tries of the database."""

_log = structlog.get_logger()


class Stopped(Exception):
    """A bench is not wanted any more, or the bot stops."""


@dataclass(frozen=True)
class Came:
    """What came of a job: a result with its picture, or words for why there is none.

    ``picture``: None where it can't be drawn. ``words``: of a title and a version.
    """

    result: BenchResult | None = None
    picture: bytes | None = None
    words: Callable[[str, int], str] = texts.failed


class _Play:
    """One job while it is played, seen by the thread that plays and by the loop."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.over = 0
        self.of = 0


class Bencher:
    """Plays what trainers asked for, from the oldest on."""

    def __init__(
        self,
        office: Office,
        bot: Bot,
        *,
        desk: Executor,
        background: Executor,
        busy: Callable[[], bool],
        every: float,
    ) -> None:
        """``busy``: whether a hire waits for an answer. ``every``: seconds between two notes."""
        self._office = office
        self._bot = bot
        self._desk = desk
        self._background = background
        self._busy = busy
        self._every = every
        self._awake = asyncio.Event()
        self._begun: set[int] = set()

    def wake(self) -> None:
        """A job has come, or is not wanted any more."""
        self._awake.set()

    async def run(self) -> None:
        """Play until it is cancelled; a job that is being played then is begun anew next time."""
        troubles = 0
        while True:
            self._awake.clear()
            try:
                job = await self._at_desk(self._next)
                if job is None:
                    await self._awake.wait()
                else:
                    await self._do(job)
                troubles = 0
            except StoreError as error:
                troubles += 1
                _log.error("database_trouble", error=type(error).__name__, times=troubles)
                await asyncio.sleep(min(LONGEST_WAIT, 0.5 * 2.0**troubles))

    def _next(self) -> BenchJob | None:
        waiting = self._office.benching.jobs.waiting()
        return waiting[0] if waiting else None

    # --- One job --------------------------------------------------------------------------------

    async def _do(self, job: BenchJob) -> None:
        came = await self._at_desk(self._refusal, job)
        if came is None:
            try:
                came = await self._played(job)
            except StoreError:
                await self._note_trouble(job)
                raise
        if came is not None:
            await self._settled(job, came)

    def _refusal(self, job: BenchJob) -> Came | None:
        """Why a job can't be played, if so; whoever waits for it since a restart is told."""
        jobs = self._office.benching.jobs
        if job.id in self._begun:
            return None
        begun = jobs.begin(job.id)
        self._begun.add(job.id)
        if begun > DEATHS:
            _log.error("bench_given_up")
            return Came(words=texts.failed)
        if begun > 1:
            self._tell_of_restart(job)
        return None

    def _tell_of_restart(self, job: BenchJob) -> None:
        member = self._office.members.member(job.person)
        if member is None:
            return
        with self._office.transaction():
            answers = Answers(member.telegram, job.message)
            answers.take_buttons()
            text = texts.begins_again(self._title(job), job.version)
            answers.say(text, stop_button(job.id), bench=job.id)
            self._office.put(answers)
        self._office.wake_sender()

    async def _played(self, job: BenchJob) -> Came | None:
        """What comes of playing; None where nobody wants it any more."""
        play = _Play()
        told = asyncio.create_task(self._tell(job, play))
        try:
            return await self._in_background(self._come, job, play)
        finally:
            # Also when the bot stops: the thread ends at the next piece.
            play.stopped.set()
            told.cancel()
            await asyncio.gather(told, return_exceptions=True)

    def _come(self, job: BenchJob, play: _Play) -> Came | None:
        """Play, off the loop and outside of any transaction. Raises ``StoreError``."""

        def between(over: int, of: int) -> None:
            play.over, play.of = over, of
            until = time.monotonic() + LONGEST_YIELD
            while self._busy() and time.monotonic() < until and not play.stopped.wait(0.02):
                pass
            if play.stopped.is_set():
                raise Stopped

        file = self._office.publishing.files.get(job.scenario, job.version)
        if file is None or file.state == "thrown_away":
            return Came(words=texts.thrown_away)
        try:
            result = self._office.benching.play(str(Reference(job.scenario, job.version)), between)
            picture = None
            # A chart that can't be drawn is said in words.
            with contextlib.suppress(CoachbotError):
                picture = png(bench_chart(result).svg())
            return Came(result, picture)
        except Stopped:
            return None
        except StoreError:
            raise
        except (NotFound, ScenarioError):
            now = self._office.publishing.files.get(job.scenario, job.version)
            gone = now is None or now.state == "thrown_away"
            return Came(words=texts.thrown_away if gone else texts.unreadable)
        except Exception as error:  # noqa: BLE001 (nobody may be left without a word)
            # Type and place say where the mistake is; the message might hold people's words.
            _log.error("bench_failed", error=type(error).__name__, at=place(error))
            return Came(words=texts.failed)

    async def _settled(self, job: BenchJob, came: Came) -> None:
        """Keep and tell what came; while the database can't be written, try again."""
        troubles = 0
        while True:
            try:
                await self._at_desk(self._settle, job, came)
            except StoreError as error:
                troubles += 1
                _log.error("database_trouble", error=type(error).__name__, times=troubles)
                if troubles == 2:
                    await self._note_trouble(job)
                await asyncio.sleep(min(LONGEST_WAIT, 0.5 * 2.0**troubles))
            else:
                self._begun.discard(job.id)
                self._office.wake_sender()
                return

    def _settle(self, job: BenchJob, came: Came) -> None:
        office = self._office
        with office.transaction():
            now = office.benching.jobs.get(job.id)
            if now is None:
                # It was stopped while the last piece was played.
                return
            office.benching.jobs.end(job.id)
            file = office.publishing.files.get(job.scenario, job.version)
            gone = file is None or file.state == "thrown_away"
            if came.result is not None and not gone:
                office.benching.kept.keep(job.scenario, came.result, office.benching.now())
            member = office.members.member(job.person)
            team = file.team if file is not None else None
            # Whoever has left the team meanwhile is told nothing of it any more.
            if member is None or not may(member, "bench_scenario", team=team):
                return
            answers = Answers(member.telegram, now.message)
            title = self._title(job)
            answers.change(texts.is_over(title, job.version), optional=True)
            if came.result is None or gone:
                words = texts.thrown_away if gone else came.words
                answers.say(words(title, job.version))
            else:
                if came.picture is not None:
                    answers.show(came.picture, texts.caption(came.result))
                card = ("To this version", data("card", short(job.scenario), job.version))
                page = office.page_link is not None
                answers.say(texts.result_text(came.result, page=page), rows(card))
            office.put(answers)

    def _title(self, job: BenchJob) -> str:
        try:
            name = str(Reference(job.scenario, job.version))
            return self._office.repertoire.scenario(name).title
        except (NotFound, ScenarioError):
            return job.scenario

    # --- How far it is --------------------------------------------------------------------------

    async def _tell(self, job: BenchJob, play: _Play) -> None:
        """Show now and then how far it is; and see whether it is still wanted."""
        jobs = self._office.benching.jobs
        title = await self._at_desk(self._title, job)
        shown, closed = "", None
        due = time.monotonic() + self._every
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, due - time.monotonic())):
                    await self._awake.wait()
            self._awake.clear()
            with contextlib.suppress(StoreError):
                now = await self._at_desk(jobs.get, job.id)
                if now is None:
                    play.stopped.set()
                    return
                text = texts.progress(title, job.version, play.over, play.of)
                late = time.monotonic() >= due
                if late and now.message not in (None, closed) and text != shown:
                    if not await self._edit(now, text):
                        closed = now.message
                    shown = text
            if time.monotonic() >= due:
                due = time.monotonic() + self._every

    async def _note_trouble(self, job: BenchJob) -> None:
        with contextlib.suppress(StoreError):
            now = await self._at_desk(self._office.benching.jobs.get, job.id)
            if now is not None and now.message is not None:
                await self._edit(now, texts.cant_be_kept())

    async def _edit(self, job: BenchJob, text: str) -> bool:
        """Change the message that shows a job; False where that will never be possible."""
        member = await self._at_desk(self._office.members.member, job.person)
        if member is None:
            return False
        try:
            await self._bot.edit_message_text(
                text,
                member.telegram,
                job.message,
                parse_mode=ParseMode.HTML,
                reply_markup=markup(stop_button(job.id)),
            )
        except RetryAfter as error:
            await asyncio.sleep(min(60.0, seconds_to_wait(error)))
        except (BadRequest, Forbidden) as error:
            return "not modified" in error.message.lower()
        except TelegramError:
            return True
        return True

    async def _at_desk(self, do: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._desk, do, *arguments)

    async def _in_background(self, do: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._background, do, *arguments)
