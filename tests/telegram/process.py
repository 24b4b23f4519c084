"""The bot as a process of its own: started, killed, started again, stopped; what it wrote."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from tests.telegram.api import BotApi

CHECKOUT = Path(__file__).parents[2]
SECRET = "tests-own-webhook-secret"  # noqa: S105 (it is made up)

Value = TypeVar("Value")


class Started(Protocol):
    """A process that was started."""

    @property
    def pid(self) -> int:
        """Its number."""

    def poll(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""


class Start(Protocol):
    """A way to start the bot with additions to the environment; it writes into the two files."""

    def __call__(self, environment: Mapping[str, str], out: Path, err: Path) -> Started:
        """Start it."""


def clean_environment() -> dict[str, str]:
    """The environment here without settings of the bot, and with one thread for numbers."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("COACHBOT_", "QUICK_"))}
    return {**kept, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


def as_program(*command: str) -> Start:
    """Start ``python -m COMMAND``."""

    def start(environment: Mapping[str, str], out: Path, err: Path) -> Started:
        with out.open("ab") as stdout, err.open("ab") as stderr:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=CHECKOUT,
                env={**clean_environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )

    return start


REAL = as_program("coachbot", "bot")
"""The bot with its models."""
QUICK = as_program("tests.telegram.quick_bot")
"""The bot without its models."""


@dataclass
class _Child:
    nursery: Nursery
    pid: int
    _status: int | None = None

    def poll(self) -> int | None:
        if self._status is None:
            self._status = self.nursery.order({"wait": self.pid})
        return self._status


class Nursery:
    """Starts quick bots in a few milliseconds each; see the program of this name."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.telegram.nursery"],
            cwd=CHECKOUT,
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self._ready = False

    def __call__(self, environment: Mapping[str, str], out: Path, err: Path) -> Started:
        """As ``Start`` has it."""
        pid = self.order({"start": dict(environment), "out": str(out), "err": str(err)})
        assert pid is not None
        return _Child(self, pid)

    def order(self, what: Mapping[str, Any]) -> int | None:
        """Give an order, and get the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if not self._ready:
            self._process.stdout.readline()
            self._ready = True
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        answer: int | None = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End it, and all bots that it has started."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(30)
        finally:
            self._process.kill()
            self._process.wait()


@dataclass
class Process:
    """The bot, talking to a Bot API server of the tests.

    ``pauses``: seconds to wait for a further message of a reply; the customer's own are left out.
    ``patience``: fields of the server's ``Patience`` that are not as usual (quick bots only).
    """

    start_with: Start
    api: BotApi
    folder: Path
    webhook: bool = False
    pauses: float = 0.0
    patience: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    _running: Started | None = None
    _port: int = 0
    _reader: sqlite3.Connection | None = None

    @property
    def database(self) -> Path:
        """Its database."""
        return self.folder / "coachbot.db"

    @property
    def out(self) -> str:
        """What it wrote on standard output, in all its lives."""
        file = self.folder / "out"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    @property
    def err(self) -> str:
        """What it wrote on standard error: its log."""
        file = self.folder / "err"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its log, line by line; a line that is no JSON is an event by itself."""
        found = []
        for line in self.err.splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                found.append({"event": "no JSON", "line": line})
        return found

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The events of a name."""
        return [e for e in self.events if e["event"] == event]

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._running is not None, "it was not started"
        return self._running.pid

    def environment(self) -> dict[str, str]:
        """Its settings, in the environment."""
        named = {
            "TELEGRAM_TOKEN": self.api.token,
            "TELEGRAM_BASE_URL": self.api.base_url,
            "TELEGRAM_BASE_FILE_URL": self.api.base_file_url,
            "DATABASE": str(self.database),
            "REPLY_WAIT": str(self.pauses),
            "NO_TYPING_PAUSE": "1",
            "HEALTH_PORT": str(self._port),
        }
        if self.webhook:
            named["TELEGRAM_MODE"] = "webhook"
            named["TELEGRAM_WEBHOOK_URL"] = f"http://127.0.0.1:{self._port}/telegram"
            named["TELEGRAM_WEBHOOK_SECRET"] = SECRET
        return {
            **{f"COACHBOT_{name}": value for name, value in named.items()},
            "QUICK_FOLDER": str(self.folder),
            "QUICK_CLOCK": str(self.folder / "clock"),
            "QUICK_PATIENCE": json.dumps({"poll": 5, "retry": 0.01, **self.patience}),
            **self.settings,
        }

    def start(self, *, until_running: bool = True, timeout: float = 240) -> Process:
        """Start it, for the first time or again."""
        assert self._running is None or self._running.poll() is not None, "it runs"
        self.folder.mkdir(exist_ok=True)
        if not (self.folder / "clock").exists():
            (self.folder / "clock").write_text("0")
        self._port = self._port or free_port()
        before = len(self.logged("running"))
        self._running = self.start_with(
            self.environment(), self.folder / "out", self.folder / "err"
        )
        if until_running:
            self.until(lambda: len(self.logged("running")) > before, timeout, "is running")
        return self

    def kill(self) -> None:
        """Kill it with -9."""
        os.kill(self.pid, signal.SIGKILL)
        assert -signal.SIGKILL == self.ended()

    def terminate(self) -> int:
        """Ask it to stop; return its exit status."""
        os.kill(self.pid, signal.SIGTERM)
        return self.ended()

    def ended(self, timeout: float = 20) -> int:
        """Wait for its end; return its exit status."""
        assert self._running is not None, "it was not started"
        self.until(lambda: self._running_status() is not None, timeout, "has ended", alive=False)
        status = self._running_status()
        assert status is not None
        return status

    def _running_status(self) -> int | None:
        return self._running.poll() if self._running is not None else 0

    def clean_up(self) -> None:
        """Kill it if it runs."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._running is not None and self._running.poll() is None:
            self.kill()

    def until(
        self,
        look: Callable[[], Value],
        timeout: float = 10,
        what: str = "is there",
        *,
        alive: bool = True,
    ) -> Value:
        """Wait until something that can't ring is true: a file, a row, another process."""
        end = time.monotonic() + timeout
        while not (found := look()):
            status = self._running_status()
            assert not alive or status is None, f"It ended with {status}.\n{self.err[-3000:]}"
            assert time.monotonic() < end, f"It never {what}.\n{self.err[-3000:]}"
            time.sleep(0.01)
        return found

    # --- Where a test stops it ------------------------------------------------------------------

    def hold(self, point: str) -> None:
        """Let it stop at a point from now on."""
        (self.folder / f"hold-{point}").touch()

    def until_held(self, point: str) -> None:
        """Wait until it is there."""
        self.until((self.folder / f"at-{point}").exists, what=f"came to {point!r}")

    def let_go(self, point: str) -> None:
        """Let it go on."""
        (self.folder / f"hold-{point}").unlink()
        (self.folder / f"at-{point}").unlink(missing_ok=True)

    def put_clock(self, seconds: float) -> None:
        """Let its clock be wrong by so much."""
        new = self.folder / "clock-new"
        new.write_text(str(seconds))
        new.replace(self.folder / "clock")

    # --- What can be asked ----------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Where it answers on this machine."""
        return f"http://127.0.0.1:{self._port}"

    def health(self) -> dict[str, Any]:
        """What /health says, well or not."""
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=15) as answer:  # noqa: S310
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                found = json.load(error)
        return found

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database answers; another process looks, so it sees what is committed."""
        if self._reader is None:
            self._reader = sqlite3.connect(self.database, timeout=10, isolation_level=None)
        return self._reader.execute(query, values).fetchall()

    def payload(self) -> str:
        """The payload of the first supervisor's link, the last that was printed."""
        self.until(lambda: "start=" in self.out, what="printed a link")
        return str(re.findall(r"start=([A-Za-z0-9_-]+)\n", self.out)[-1])

    def settled(self, timeout: float = 20) -> None:
        """Wait until nothing waits: no update, no reply, no message."""
        query = (
            "SELECT (SELECT count(*) FROM inbox WHERE state = 'new') + "
            "(SELECT count(*) FROM outbox WHERE state = 'new') + (SELECT count(*) FROM drafts)"
        )
        self.until(
            lambda: not self.api.waiting_updates() and self.rows(query) == [(0,)],
            timeout,
            "came to rest",
        )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextlib.contextmanager
def bot(process: Process) -> Iterator[Process]:
    """Start it, and see that it has ended when the test has."""
    try:
        yield process.start()
    finally:
        process.clean_up()
