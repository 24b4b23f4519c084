"""What the tests of the bot share: a Bot API server, the bot as a process, the library's client."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.telegram.api import BotApi, Person, running
from tests.telegram.api.errors import Json
from tests.telegram.process import Nursery, Process, bot

# --- The whole bot --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Starts quick bots."""
    started = Nursery()
    yield started
    started.close()


@pytest.fixture
def telegram() -> Iterator[BotApi]:
    """A Bot API server for another process."""
    with running() as api:
        yield api


@pytest.fixture
def resting(nursery: Nursery, telegram: BotApi, tmp_path: Path) -> Iterator[Process]:
    """A bot that is not started yet."""
    process = Process(nursery, telegram, tmp_path / "bot")
    yield process
    process.clean_up()


@pytest.fixture
def process(resting: Process) -> Iterator[Process]:
    """A bot that runs, with nobody in it. What it logs is looked through afterwards."""
    with bot(resting) as started:
        yield started
    assert [] == [e for e in started.events if e["event"] in ("no JSON", "update_failed")]
    assert "Traceback" not in started.err
    assert started.api.token not in started.err + started.out


# --- The server alone, in the loop of the test ----------------------------------------------------


@pytest.fixture
def anyio_backend() -> str:
    """The library under the bot knows asyncio only."""
    return "asyncio"


@pytest.fixture(autouse=True)
def timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's ``retry_after`` as it will be; as it was, it comes with a warning."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A server in the loop of the test."""
    async with BotApi() as api:
        yield api


@pytest.fixture
async def client(api: BotApi) -> AsyncIterator[Bot]:
    """The library's own client."""
    async with client_of(api) as found:
        yield found


@pytest.fixture
async def ann(api: BotApi) -> Person:
    """Somebody who has pressed Start, which the bot has confirmed already."""
    ann = api.person("Ann", username="ann_reads")
    ann.start()
    with api.world.changes.changing():
        api.world.updates.drop_all()
    return ann


def client_of(api: BotApi, token: str | None = None) -> Bot:
    """The library's client, talking to this server."""
    # Nothing is encrypted here, and to load the certificates takes longer than most tests.
    requests = [HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2)]
    return Bot(
        token or api.token,
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        get_updates_request=requests[0],
        request=requests[1],
    )


def plain_call(
    url: str, body: bytes | None = None, kind: str = "application/json"
) -> tuple[int, Json]:
    """Call without the library. Returns the status and the body."""
    request = urllib.request.Request(url, body, {"Content-Type": kind})  # noqa: S310  # http
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310  # http
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
