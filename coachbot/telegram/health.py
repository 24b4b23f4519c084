"""What can be asked on a local port: whether the bot is well, and numbers for a monitor."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client import Counter as Total
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from coachbot.errors import CoachbotError, SettingsError

if TYPE_CHECKING:
    from coachbot.coaching.post import Post
    from coachbot.telegram.counter import Counter
    from coachbot.telegram.intake import Intake
    from coachbot.telegram.sender import Sender


class Health:
    """Answers /health and /metrics. ``stalled``: seconds without a poll; None: nobody polls."""

    def __init__(
        self,
        post: Post,
        intake: Intake,
        counter: Counter,
        sender: Sender,
        *,
        desk: Executor,
        stalled: float | None,
    ) -> None:
        self._post = post
        self._intake = intake
        self._counter = counter
        self._sender = sender
        self._desk = desk
        self._stalled = stalled
        self._started = time.monotonic()

    def routes(self) -> list[Route]:
        """Where they are asked."""
        return [Route("/health", self._health), Route("/metrics", self._metrics)]

    async def _waiting(self) -> dict[str, int]:
        return await asyncio.get_running_loop().run_in_executor(self._desk, self._post.waiting)

    async def _health(self, _request: Request) -> Response:
        try:
            waiting = await self._waiting()
        except CoachbotError as error:
            return JSONResponse({"status": "database", "problem": type(error).__name__}, 503)
        quiet = self._intake.quiet
        well = self._stalled is None or quiet < self._stalled
        return JSONResponse(
            {
                "status": "ok" if well else "stalled",
                "mode": "webhook" if self._stalled is None else "polling",
                "seconds_since_telegram": round(quiet, 1),
                "uptime_seconds": round(time.monotonic() - self._started),
                **waiting,
            },
            200 if well else 503,
        )

    async def _metrics(self, _request: Request) -> Response:
        registry = CollectorRegistry()
        # Without the database there are the other numbers still.
        with contextlib.suppress(CoachbotError):
            waiting = await self._waiting()
            for name, what in (("inbox", "Updates"), ("outbox", "Messages")):
                Gauge(f"coachbot_{name}_waiting", f"{what} that wait", registry=registry).set(
                    waiting[name]
                )
        for name, what, value in (
            ("updates_handled", "Updates dealt with", self._counter.handled),
            ("updates_failed", "Updates given up", self._counter.failed),
            ("messages_sent", "Messages sent", self._sender.sent),
            ("messages_refused", "Messages that Telegram refused", self._sender.refused),
        ):
            Total(f"coachbot_{name}", what, registry=registry).inc(value)
        Gauge(
            "coachbot_seconds_since_telegram", "Since the last successful poll", registry=registry
        ).set(self._intake.quiet)
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")


@dataclass(frozen=True)
class Listening:
    """A web server that is up. ``port``: the one that it has."""

    port: int
    _server: uvicorn.Server
    _task: asyncio.Task[None]

    async def close(self) -> None:
        """Answer what has been asked, and no more."""
        self._server.should_exit = True
        await self._task


async def listen(host: str, port: int, routes: Sequence[Route]) -> Listening:
    """Answer on a port, 0 for any that is free. Raises ``SettingsError`` if it can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Bound here: where uvicorn can't, it ends the whole program.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Port {port} on {host} can't be used: {error.strerror}. Set COACHBOT_HEALTH_PORT to "
            "another one."
        ) from None
    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=list(routes)),
            log_config=None,
            access_log=False,
            lifespan="off",
            # Who keeps a connection open must not keep the bot from stopping.
            timeout_graceful_shutdown=3,
        )
    )
    # Signals are this program's own business.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.01)
    return Listening(listener.getsockname()[1], server, task)
