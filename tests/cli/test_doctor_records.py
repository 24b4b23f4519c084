"""What ``coachbot doctor`` says of the learning record store, whatever answers there."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from coachbot.cli import main
from coachbot.web.record_store import Access, Unavailable
from coachbot.web.record_store_check import check
from tests.library.conftest import OPEN_CASE
from tests.web.lrs import KEY, SECRET, Lrs, running_lrs

Said = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def one_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with one scenario, since reading all of them takes a second each time."""
    shutil.copy(OPEN_CASE, tmp_path)
    monkeypatch.setenv("COACHBOT_SCENARIOS", str(tmp_path))


@pytest.fixture
def lrs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lrs]:
    """A store, and the settings that lead to it."""
    with running_lrs() as running:
        monkeypatch.setenv("COACHBOT_LRS_URL", running.url)
        monkeypatch.setenv("COACHBOT_LRS_KEY", KEY)
        monkeypatch.setenv("COACHBOT_LRS_SECRET", SECRET)
        yield running


def said() -> Said:
    """Status and message of what the doctor says of the store."""
    result = CliRunner().invoke(main, ["doctor", "--json"])
    assert isinstance(result.exception, SystemExit | None), result.exception
    assert SECRET not in result.output
    checks = json.loads(result.stdout)["checks"]
    return [(c["status"], c["message"]) for c in checks if c["check"] == "records"]


def checked(
    lrs: Lrs, key: str = KEY, secret: str = SECRET, timeout: float = 20.0
) -> tuple[str, str]:
    """The same by itself, which takes no second of looking at everything else."""
    try:
        found: tuple[str, str] = check(
            Access(lrs.url, SecretStr(key), SecretStr(secret)), timeout=timeout
        )
    except Unavailable as error:
        found = ("problem", error.message)
    assert SECRET not in found[1]
    return found


def test_nothing_is_said_without_a_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody needs one; where its settings are wrong, those come first."""
    assert [] == said()
    monkeypatch.setenv("COACHBOT_LRS_URL", "https://lrs.example.org/xapi")
    ((status, message),) = said()
    assert ("advice", True) == (status, "settings have to be right" in message)


def test_a_store_that_takes_statements(lrs: Lrs) -> None:
    """It is asked two things, and is sent nothing."""
    assert [("ok", "127.0.0.1 accepts the key and xAPI 1.0.3")] == said()
    assert ["/xapi/about", "/xapi/statements?limit=1"] == lrs.asked
    assert ({}, []) == (lrs.statements, lrs.batches)


def test_a_store_that_is_away_is_a_problem(monkeypatch: pytest.MonkeyPatch, lrs: Lrs) -> None:
    """The doctor's own line says so, in words that say what to look at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/xapi"
    monkeypatch.setenv("COACHBOT_LRS_URL", url)
    ((status, message),) = said()
    assert "problem" == status
    assert "can't be reached" in message
    assert "COACHBOT_LRS_URL" in message
    assert [] == lrs.asked


def test_a_store_that_does_not_say_what_it_speaks(lrs: Lrs) -> None:
    """Not all of them do; that it gives statements is enough."""
    lrs.versions = None
    assert "ok" == checked(lrs)[0]


@pytest.mark.parametrize("version", ["1.0", "1.0.1"])
def test_versions_that_fit(lrs: Lrs, version: str) -> None:
    """Every 1.0 takes what 1.0.3 says."""
    lrs.versions = ("0.95", version, "2.0.0")
    assert "ok" == checked(lrs)[0]


def test_a_store_of_another_version(lrs: Lrs) -> None:
    """Both versions are named."""
    lrs.versions = ("0.95", "2.0.0")
    status, message = checked(lrs)
    assert "problem" == status
    assert "speaks xAPI 0.95, 2.0.0, and CoachBot 1.0.3" in message


@pytest.mark.parametrize("wrong", ["key", "secret"])
def test_a_wrong_key(lrs: Lrs, wrong: str) -> None:
    """It is said which settings to look at."""
    given = {"key": KEY, "secret": SECRET, wrong: "another"}
    status, message = checked(lrs, given["key"], given["secret"])
    assert "problem" == status
    assert "Check COACHBOT_LRS_KEY and COACHBOT_LRS_SECRET" in message


def test_a_key_that_may_not_read(lrs: Lrs) -> None:
    """CoachBot needn't, so that is no problem; how to see whether it may write is said."""
    lrs.reading = (403, {}, b"no")
    status, message = checked(lrs)
    assert "advice" == status
    assert "coachbot web export-xapi" in message


def test_a_header_that_is_not_accepted(lrs: Lrs) -> None:
    """The version is named."""
    lrs.reading = (400, {}, b"no")
    status, message = checked(lrs)
    assert "problem" == status
    assert "X-Experience-API-Version: 1.0.3" in message


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b"<html>Welcome</html>", "no learning record store"),
        (200, b"[]", "no learning record store"),
        (200, b'{"statements": 3}', "no learning record store"),
        (404, b"no", "There is no learning record store at COACHBOT_LRS_URL"),
        (302, b"", "There is no learning record store at COACHBOT_LRS_URL"),
        (500, b"", "failed (status 500)"),
        (429, b"", "asks for more time"),
    ],
)
def test_what_is_no_store(lrs: Lrs, status: int, body: bytes, words: str) -> None:
    """Another server at the address, or a store in trouble, is told from a good one."""
    lrs.reading = (status, {"location": f"{lrs.url}/elsewhere"}, body)
    found, message = checked(lrs)
    assert "problem" == found
    assert words in message
    assert f"{lrs.url}/elsewhere" not in lrs.asked


@pytest.mark.parametrize("versions", [("x" * 400,), (1, {}), "1.0.3"])
def test_versions_that_make_no_sense(lrs: Lrs, versions: object) -> None:
    """They are cut short, or as good as not said."""
    lrs.versions = versions  # type: ignore[assignment]
    assert len(checked(lrs)[1]) < 300


def test_a_store_that_hangs(lrs: Lrs) -> None:
    """Nobody waits for long."""
    lrs.delay = 1.0
    expected = ("problem", "The learning record store did not answer in time.")
    assert expected == checked(lrs, timeout=0.2)
