"""``coachbot run``, the real process: bot and page on one database, from the start to the end."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from coachbot.errors import CoachbotError
from coachbot.telegram.server import only_one
from coachbot.web.server import bound, serving
from tests.telegram.api import BotApi
from tests.telegram.api import running as running_api
from tests.telegram.hire import AGREE, BETTER, GOOD, Hire
from tests.telegram.process import Process, as_program
from tests.web.conftest import sign_in

LONG = 240.0
"""Seconds that a start may take, on a machine that does other things as well."""


@pytest.fixture
def telegram() -> Iterator[BotApi]:
    """A Bot API server for another process."""
    with running_api() as api:
        yield api


@pytest.fixture
def both(telegram: BotApi, tmp_path: Path) -> Iterator[Process]:
    """Bot and page in a process, not started yet."""
    start = as_program("tests.web.quick_run", "run", "--port", "0")
    # The port of the settings is another one: links have to lead to where the page is.
    process = Process(start, telegram, tmp_path / "run", settings={"COACHBOT_WEB_PORT": "1"})
    yield process
    process.clean_up()


def page_of(process: Process) -> str:
    """The address that it says the page has."""
    found = re.search(r"The page is at (http://127\.0\.0\.1:\d+) ", process.out)
    assert found is not None, process.out + process.err
    return found[1]


def port_of(url: str) -> int:
    """The port in an address."""
    return int(url.rpartition(":")[2])


def assert_free(port: int) -> None:
    """See that nobody listens there."""
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def test_what_happens_in_the_bot_is_on_the_page(both: Process) -> None:
    """The first supervisor comes in by a link of the bot, once, and reads what a trainee wrote."""
    both.start(timeout=LONG)
    sue = Hire.new(both, "Sue")
    sue.start(both.payload())
    sue.press(AGREE)
    (told,) = [m for m in sue.say("/web") if "/sign-in?token=" in m.text]
    url = page_of(both)
    link = re.search(rf"{re.escape(url)}/sign-in\?token=(\S+)", told.text)
    assert link is not None, told.text

    ((team,),) = both.rows("SELECT DISTINCT team FROM memberships")
    ann = Hire.in_team(both, "Ann Unusualname", team=team)
    ann.begin()
    ann.say(GOOD)
    ann.say(BETTER)
    ann.finish()

    with httpx.Client(base_url=url, headers={"origin": url}, timeout=60) as client:
        # To look at the link takes nothing away from it; the form does, once.
        assert "Sign in" in client.get(link[0]).text
        assert 303 == sign_in(client, link[1]).status_code
        home = client.get("/")
        assert "Sue" in home.text
        team_link = re.search(r'href="(/teams/[^"?]+)"', home.text)
        assert team_link is not None
        team_page = client.get(team_link[1]).text
        assert team in team_page
        assert "Ann Unusualname" in team_page
        session = re.search(r'href="(/sessions/[0-9a-f]{32})"', client.get("/sessions").text)
        assert session is not None
        assert "what day is the birthday" in client.get(session[1]).text.lower()
    with httpx.Client(base_url=url, headers={"origin": url}, timeout=60) as another:
        assert "used already" in another.get("/sign-in", params={"token": link[1]}).text

    os.kill(both.pid, signal.SIGTERM)
    assert 0 == both.ended(LONG)
    assert "Traceback" not in both.err
    assert_free(port_of(url))
    # What was written is whole, and nobody holds it.
    with only_one(both.database):
        assert [("ok",)] == both.rows("PRAGMA integrity_check")


def test_a_port_that_is_taken_starts_neither(telegram: BotApi, tmp_path: Path) -> None:
    """It is said before a model is loaded, and Telegram is not asked for anything."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        start = as_program("tests.web.quick_run", "run", "--port", str(port))
        process = Process(start, telegram, tmp_path / "run")
        process.start(until_running=False)
        assert 1 == process.ended(LONG)
    expected = f"coachbot: Port {port} on 127.0.0.1 is taken by another program; "
    assert process.err.startswith(expected)
    assert 1 == process.err.count("\n")
    assert [] == telegram.calls()
    assert not process.database.exists()


def test_without_its_token_the_page_ends_too(both: Process) -> None:
    """A bot that Telegram doesn't know can't run, and the page doesn't stay behind."""
    both.settings = {"COACHBOT_TELEGRAM_TOKEN": "123456:AAAA-nobody-knows-this-token-here"}
    both.start(until_running=False)
    assert 1 == both.ended(LONG)
    assert "COACHBOT_TELEGRAM_TOKEN" in both.err
    assert "Traceback" not in both.err
    assert_free(port_of(page_of(both)))


def test_without_its_page_the_bot_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that fails ends what runs beside it, and why is said in words."""
    go_on = asyncio.Event()

    async def breaks(_server: uvicorn.Server) -> None:
        await go_on.wait()
        raise ZeroDivisionError

    monkeypatch.setattr(uvicorn.Server, "main_loop", breaks)
    cleaned_up = []

    async def bot() -> None:
        go_on.set()
        try:
            await asyncio.sleep(60)
        finally:
            cleaned_up.append(True)

    async def run() -> None:
        async with serving(nobody_asks, listener):
            await bot()

    listener = bound("127.0.0.1", 0)
    with pytest.raises(CoachbotError, match="the program ends to be started again"):
        asyncio.run(run())
    listener.close()
    assert [True] == cleaned_up


async def nobody_asks(_scope: object, _receive: object, _send: object) -> None:
    """An application that nobody asks."""
