"""The server itself: a Bot API on a port of this machine."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Self, TypeVar

from aiohttp import web

from tests.telegram.api.chats import Chat
from tests.telegram.api.dispatch import Dispatch
from tests.telegram.api.errors import Json
from tests.telegram.api.faults import Call, Fault, PlannedFault
from tests.telegram.api.people import Person
from tests.telegram.api.posting import post_updates
from tests.telegram.api.world import World

TOKEN = "123456789:AAcoachbot-tests-own-token-0000000"  # noqa: S105  # it is made up
"""What the server takes for a token unless told otherwise; it opens nothing anywhere else."""

HOST = "127.0.0.1"

SHOWN = 15
"""Calls that a failed wait shows."""

Value = TypeVar("Value")


class BotApi:
    """Telegram for one bot, over real HTTP.

    ``async with BotApi() as api`` serves in the loop of the test; ``with running() as api`` in
    a thread of its own. All methods but the waits are plain functions that may be called from any
    thread in both cases. With ``reads_groups``, privacy mode is off. ``webhook_pause`` is how many
    seconds pass before an update that a webhook didn't take is posted again.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        username: str = "coach_test_bot",
        first_name: str = "Coach",
        reads_groups: bool = False,
        webhook_pause: float = 0.05,
    ) -> None:
        bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": first_name,
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": reads_groups,
        }
        self.token = token
        self.world = World(token, bot)
        self._dispatch = Dispatch(self.world)
        self._webhook_pause = webhook_pause
        self._numbers = itertools.count(501)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._runner: web.AppRunner | None = None
        self._posting: asyncio.Task[None] | None = None
        self._listener: _Listener | None = None
        self._port = 0

    # --- Serving ---------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """For ``Bot(token, base_url=...)``."""
        return f"http://{HOST}:{self._port}/bot"

    @property
    def base_file_url(self) -> str:
        """For ``Bot(token, base_file_url=...)``."""
        return f"http://{HOST}:{self._port}/file/bot"

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        # A handler ends with its connection, so that nothing waits for a caller who has gone.
        self._runner = web.AppRunner(
            self._dispatch.app(), handler_cancellation=True, access_log=None, shutdown_timeout=0.1
        )
        await self._runner.setup()
        self._posting = asyncio.create_task(post_updates(self.world, self._webhook_pause))
        self.up()
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.down()
        assert self._posting is not None, "it was started"
        self._posting.cancel()
        with suppress(asyncio.CancelledError):
            await self._posting
        assert self._runner is not None, "it was set up"
        await self._runner.cleanup()

    def up(self) -> None:
        """Listen again, on the same port. From here on nobody is refused any more."""
        if self._listener is not None:
            raise RuntimeError("the server is up already")
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, self._port))
        listening.listen(128)
        listening.setblocking(False)
        self._port = listening.getsockname()[1]
        self._in_loop(lambda: self._listen(listening))
        with self.world.changes.changing():
            self.world.reachable = True

    def down(self) -> None:
        """Stop listening and break every connection; nothing comes or goes until `up`."""
        with self.world.changes.changing():
            self.world.reachable = False
        self._in_loop(self._hang_up)

    def _listen(self, listening: socket.socket) -> None:
        assert self._loop is not None, "it is served"
        assert self._runner is not None, "it was set up"
        self._listener = _Listener(self._loop, listening, self._runner)

    def _hang_up(self) -> None:
        assert self._runner is not None, "it was set up"
        assert self._runner.server is not None, "it was set up"
        if self._listener is None:
            return
        self._listener.close()
        self._listener = None
        for connection in self._runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()

    def _in_loop(self, do: Callable[[], Value]) -> Value:
        """Do something in the server's loop, from wherever this is called."""
        if self._loop is None:
            raise RuntimeError("the server is not running yet")
        try:
            here = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        if here is self._loop:
            return do()
        done: Future[Value] = Future()

        def step() -> None:
            try:
                done.set_result(do())
            except Exception as error:  # noqa: BLE001  # it is raised again where it was asked for
                done.set_exception(error)

        self._loop.call_soon_threadsafe(step)
        return done.result()

    # --- Who is there ----------------------------------------------------------------------------

    def person(
        self,
        first_name: str = "Ann",
        *,
        username: str | None = None,
        language_code: str | None = "en",
        id: int | None = None,  # noqa: A002  # as Telegram calls it
    ) -> Person:
        """Somebody new, who hasn't talked to the bot yet."""
        number = next(self._numbers) if id is None else id
        return Person(self.world, number, first_name, username, language_code)

    def group(self, title: str, *people: Person) -> Chat:
        """A new group with these people, to which the first of them adds the bot."""
        with self.world.changes.changing():
            number = -next(self._numbers)
            data: Json = {"id": number, "title": title, "type": "group"}
            chat = Chat(number, data, [person.user for person in people], known=True)
            self.world.chats[number] = chat
            self.world.notify_membership(chat, people[0].user, "left", "member")
            return chat

    # --- What happened ---------------------------------------------------------------------------

    def calls(
        self, method: str | None = None, chat: Chat | Person | int | None = None
    ) -> list[Call]:
        """The bot's calls in the order in which they came, of one method, of one chat."""
        number = chat if isinstance(chat, int) or chat is None else chat.id
        with self.world.changes.reading():
            return [
                call
                for call in self._dispatch.log
                if method in {None, call.method} and number in {None, call.chat}
            ]

    def waiting_updates(self) -> list[Json]:
        """The updates that the bot hasn't confirmed."""
        with self.world.changes.reading():
            return self.world.updates.waiting()

    async def wait_until(
        self,
        look: Callable[[], Value | None],
        timeout: float = 5,  # noqa: ASYNC109  # it tells in the end what was called instead
    ) -> Value:
        """Wait until ``look`` returns something true, and return that.

        It looks again after every call and every act of a person. Raises AssertionError, with the
        last calls, when ``timeout`` seconds have passed.
        """
        return self._seen(await self.world.changes.until(lambda: look() or None, timeout), timeout)

    def wait_until_blocking(self, look: Callable[[], Value | None], timeout: float = 5) -> Value:
        """The same for a test without an event loop."""
        found = self.world.changes.until_blocking(lambda: look() or None, timeout)
        return self._seen(found, timeout)

    def _seen(self, found: Value | None, timeout: float) -> Value:
        if found is None:
            last = [f"  {call}" for call in self.calls()[-SHOWN:]]
            shown = "\n".join(["The last calls:", *(last or ["  none"])])
            raise AssertionError(f"It did not come about within {timeout:g} s.\n{shown}")
        return found

    # --- What goes wrong -------------------------------------------------------------------------

    def fail(
        self,
        method: str | None,
        fault: Fault,
        *,
        chat: Chat | Person | int | None = None,
        times: int = 1,
        seconds: float | None = None,
    ) -> PlannedFault:
        """Let the next ``times`` calls go wrong, or all calls within ``seconds``.

        ``method`` None is any method, ``chat`` None any chat. Faults for the same calls are used
        in the order in which they were planned.
        """
        number = chat if isinstance(chat, int) or chat is None else chat.id
        with self.world.changes.changing():
            return self._dispatch.faults.plan(
                method, fault, chat=number, times=times, seconds=seconds
            )

    def heal(self) -> None:
        """Let nothing go wrong from now on; calls that are held get what they would in the end."""
        with self.world.changes.changing():
            self._dispatch.faults.cancel_all()

    def restart_ids_at(self, number: int) -> None:
        """Number the next update ``number``, as Telegram may after a week without any."""
        with self.world.changes.changing():
            self.world.updates.restart_at(number)

    def redeliver(self, count: int = 1) -> None:
        """Send the last ``count`` confirmed updates again, as if the confirmation were lost."""
        with self.world.changes.changing():
            self.world.updates.again(count)

    def expire_presses(self) -> None:
        """Make every press on a button so far too old to be answered."""
        with self.world.changes.changing():
            for press in self.world.presses.values():
                press.expired = True


class _Listener:
    """A listening socket, and the asyncio server that takes connections from it."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, listening: socket.socket, runner: web.AppRunner
    ) -> None:
        assert runner.server is not None, "it was set up"
        self._socket = listening
        self._starting = loop.create_task(loop.create_server(runner.server, sock=listening))

    def close(self) -> None:
        """Listen no longer, whether it has begun or not."""
        if self._starting.done():
            self._starting.result().close()
        else:
            self._starting.cancel()
            self._socket.close()


@contextmanager
def running(api: BotApi | None = None) -> Iterator[BotApi]:
    """Serve in a thread of its own, for tests without an event loop and for other processes."""
    served = api or BotApi()
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        async with served:
            over = asyncio.Event()
            started.set_result((asyncio.get_running_loop(), over))
            await over.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=run, name="Bot API", daemon=True)
    thread.start()
    loop, over = started.result()
    try:
        yield served
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
