"""Answers on a port, for as long as it is asked to."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import AsyncIterator, Callable

import structlog
import uvicorn
from starlette.types import ASGIApp

from coachbot.errors import CoachbotError, SettingsError

GRACE = 3
"""Seconds for answers that are under way when the page is to stop."""

_log = structlog.get_logger()


def bound(host: str, port: int) -> socket.socket:
    """A socket on a port, 0 for any that is free; ``SettingsError`` says why it can't be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise SettingsError(
            f"{host!r} is no address of this machine. Set COACHBOT_WEB_HOST to 127.0.0.1."
        ) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Only listening shows that nobody else does.
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingsError(_unusable(host, port, error)) from None
    return listener


def is_answered(host: str, port: int) -> bool:
    """Whether somebody listens on a port already; ``SettingsError`` where nobody could."""
    try:
        bound(host, port).close()
    except SettingsError:
        try:
            socket.create_connection((host, port), timeout=2).close()
        except OSError:
            pass
        else:
            return True
        raise
    return False


def _unusable(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program; perhaps the page runs already. "
            "Take another one with --port, or set COACHBOT_WEB_PORT."
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This machine has no address {host}. Set COACHBOT_WEB_HOST to 127.0.0.1."
    if error.errno == errno.EACCES:
        return f"Port {port} is for root only. Take one above 1023: --port, or COACHBOT_WEB_PORT."
    return f"Port {port} on {host} can't be used: {error.strerror}. Set COACHBOT_WEB_PORT."


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Answer while the block runs; then answer what has been asked, and no more.

    The block doesn't go on without a page: where that fails, it is cancelled, and ``CoachbotError``
    is raised.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
    )
    # Signals are the program's own business.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.01)
    block = asyncio.current_task()
    failed = False

    def ended(_task: asyncio.Task[None]) -> None:
        nonlocal failed
        if not server.should_exit and block is not None:
            failed = True
            block.cancel()

    task.add_done_callback(ended)
    try:
        yield
    except asyncio.CancelledError:
        if not failed or block is None:
            raise
        block.uncancel()
        error = task.exception()
        _log.error("page_ended", error=type(error).__name__ if error is not None else "none")
        raise CoachbotError(
            "The supervisors' page has failed, so the program ends to be started again. Nothing is "
            "lost. The log says what failed; please report it."
        ) from None
    finally:
        server.should_exit = True
        if not failed:
            await task


async def serve(app: ASGIApp, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Answer until a signal ends it."""
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with serving(app, listener):
        ready()
        await over.wait()
