"""``coachbot bot`` before anything is loaded, and ``coachbot invite``."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coachbot import bootstrap
from coachbot.cli import main
from coachbot.coaching.people import Found, People
from coachbot.errors import CoachbotError
from coachbot.store import open_store
from coachbot.telegram.server import only_one
from tests.telegram.api import TOKEN, BotApi, Fault, running, server_error, too_many_requests

OTHER = TOKEN[:-4] + "none"
PAYLOAD = "[A-Za-z0-9_-]{43}"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    """A Bot API that the settings lead to."""
    with running() as served:
        monkeypatch.setenv("COACHBOT_TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setenv("COACHBOT_TELEGRAM_BASE_URL", served.base_url)
        monkeypatch.setenv("COACHBOT_TELEGRAM_BASE_FILE_URL", served.base_file_url)
        yield served


def run(*arguments: str) -> Result:
    """Run a command here; whatever it says, it is no traceback."""
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert TOKEN not in result.output
    return result


def found(payload: str) -> Found:
    """What the link would give to somebody who opens it."""
    with bootstrap.store() as store:
        return People(store.people).look_up(payload)


# --- bot -------------------------------------------------------------------------------------


def test_bot_without_token() -> None:
    """Without a token the bot says where to get one."""
    result = run("bot")
    assert "coachbot: COACHBOT_TELEGRAM_TOKEN is not set. Write to @BotFather" in result.stderr
    assert (1, "") == (result.exit_code, result.stdout)


def test_second_bot(api: BotApi, data_home: Path) -> None:
    """While a bot runs on a database, another one says so before it loads anything."""
    database = data_home / "coachbot" / "coachbot.db"
    database.parent.mkdir(parents=True)
    with only_one(database):
        result = run("bot")
    assert f"coachbot: A bot is running on {database} already." in result.stderr
    assert 1 == result.exit_code
    assert [] == api.calls()


@pytest.mark.usefixtures("api")
def test_first_start_makes_the_folder(data_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a new machine the folder of the database is made, for its owner only."""

    def stop(*_: object) -> None:
        raise CoachbotError("The lock and the database are there.")

    # What comes next takes seconds, and is for the tests of the running bot.
    monkeypatch.setattr(bootstrap, "office", stop)
    result = run("bot")

    assert "coachbot: The lock and the database are there.\n" == result.stderr
    assert (data_home / "coachbot" / "coachbot.db").is_file()
    assert 0o700 == (data_home / "coachbot").stat().st_mode & 0o777


@pytest.mark.usefixtures("api")
def test_folder_that_cannot_be_made(data_home: Path) -> None:
    """Where the database can't lie, the place and the reason are named."""
    data_home.write_text("a file, where a folder should be")
    result = run("bot")
    database = data_home / "coachbot" / "coachbot.db"
    expected = f"coachbot: The folder of the database {database} can't be used: Not a directory"
    assert result.stderr.startswith(expected)
    assert 1 == result.exit_code


# --- invite ----------------------------------------------------------------------------------


def test_invite(api: BotApi) -> None:
    """The link is all of the output, and gives one person these roles in the team, for the days."""
    before = datetime.now(UTC).replace(microsecond=0)
    result = run("invite", "--team", "Sales", "--role", "trainer", "--role", "trainee", "--days=3")

    assert "For one person, as trainee and trainer; good for 3 days:\n" == result.stderr
    link = re.fullmatch(rf"https://t\.me/coach_test_bot\?start=({PAYLOAD})\n", result.stdout)
    assert link, result.stdout
    invitation = found(link[1]).invitation
    assert invitation is not None
    assert ("Sales", ("trainee", "trainer")) == (invitation.team, invitation.roles)
    expires = datetime.fromisoformat(invitation.expires)
    assert timedelta(0) <= expires - before - timedelta(days=3) < timedelta(minutes=1)
    assert ["getMe"] == [call.method for call in api.calls()]


@pytest.mark.usefixtures("api")
def test_invite_while_the_bot_runs(data_home: Path) -> None:
    """The lock and the connections of a bot that runs don't keep anybody from inviting."""
    database = data_home / "coachbot" / "coachbot.db"
    database.parent.mkdir(parents=True)
    with only_one(database), open_store(database) as store:
        result = run("invite", "--team", "Sales", "--role", "trainee")
        payload = result.stdout.strip().partition("start=")[2]
        # The bot sees it at once.
        assert People(store.people).look_up(payload).invitation is not None
    assert 0 == result.exit_code


@pytest.mark.usefixtures("api")
def test_each_link_is_another() -> None:
    """Two invitations are two links, of which the database keeps only what they hash to."""
    links = [run("invite", "--team", "Sales", "--role", "trainee").stdout for _ in range(2)]
    assert links[0] != links[1]
    with contextlib.closing(sqlite3.connect(bootstrap.settings().database)) as database:
        kept = "\n".join(database.iterdump())
    payloads = [link.strip().partition("start=")[2] for link in links]
    assert [False, False] == [payload in kept for payload in payloads]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (server_error(502), "127.0.0.1 has trouble of its own (status 502)"),
        (too_many_requests(9), "127.0.0.1 asks for a pause"),
    ],
)
def test_invite_without_the_name(fault: Fault, reason: str, api: BotApi) -> None:
    """While Telegram has trouble the payload is printed alone, and how to make the link of it."""
    api.fail("getMe", fault)
    nameless(run("invite", "--team", "Sales", "--role", "trainee"), reason)


def test_invite_out_of_reach(api: BotApi) -> None:
    """The same where nobody answers."""
    api.down()
    reason = "Telegram can't be asked: 127.0.0.1 can't be reached from here"
    nameless(run("invite", "--team", "Sales", "--role", "trainee"), reason)


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize(
    ("token", "reason"),
    [("", "COACHBOT_TELEGRAM_TOKEN is not set."), (OTHER, "127.0.0.1 does not know the token")],
)
def test_invite_with_another_token(
    token: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same without a token, or with a wrong one, which is not shown."""
    monkeypatch.setenv("COACHBOT_TELEGRAM_TOKEN", token)
    result = run("invite", "--team", "Sales", "--role", "trainee")
    nameless(result, reason)
    assert OTHER not in result.output


def nameless(result: Result, reason: str) -> None:
    """Check that the invitation is good, and that it is told why there is no link."""
    assert 0 == result.exit_code
    assert result.stderr.startswith(f"coachbot: {reason}")
    assert "https://t.me/NAME?start=PAYLOAD" in result.stderr
    assert re.fullmatch(f"{PAYLOAD}\n", result.stdout)
    assert found(result.stdout.strip()).invitation is not None


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--team", "Sales", "--role", "chef"], "'chef' is not one of 'trainee', 'trainer', "),
        (["--team", "Sales"], "Missing option '--role'"),
        (["--role", "trainee"], "Missing option '--team'"),
        (["--team", " ", "--role", "trainee"], "A team's name has 1 to 64 characters"),
        (["--team", "S", "--role", "trainee", "--days", "0"], "good for 1 to 90 days, not for 0"),
        (["--team", "S", "--role", "trainee", "--days", "91"], "good for 1 to 90 days, not for 91"),
    ],
)
def test_invite_that_makes_no_sense(arguments: list[str], reason: str, api: BotApi) -> None:
    """A wrong team, role or time is named; nothing is made and nobody asked."""
    result = run("invite", *arguments)
    assert reason in result.stderr
    assert (2, "") == (result.exit_code, result.stdout)
    with bootstrap.store() as store:
        assert () == store.people.teams()
    assert [] == api.calls()
