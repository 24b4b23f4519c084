"""``coachbot web`` as whoever runs it sees it: address, end, a port that is taken, links."""

from __future__ import annotations

import json
import socket

import httpx
import pytest

from tests.conftest import RunCoachbot
from tests.web.conftest import sign_in
from tests.web.page_process import page_running


def test_the_page_starts_answers_and_stops(run_coachbot: RunCoachbot) -> None:
    """It says where it is; a link from the console opens it; Ctrl-C ends it with status 0."""
    with page_running("--port", "0") as page:
        url = page.url
        made = run_coachbot("web", "login-link", "--port", page.port)
        assert f"{url}/sign-in?token=" in made.stdout
        assert made.stdout.count("\n") == 1
        assert "For Supervisor, once, within 15 minutes" in made.stderr
        token = made.stdout.strip().partition("token=")[2]
        with httpx.Client(base_url=url, headers={"origin": url}, timeout=60) as client:
            assert 303 == sign_in(client, token).status_code
            assert "Supervisor" in client.get("/").text
    assert (0, "") == (page.status, page.err)


def test_a_port_that_is_taken_is_said(run_coachbot: RunCoachbot) -> None:
    """With what to do, and before anything is made."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        result = run_coachbot("web", "--port", str(taken.getsockname()[1]))
    assert 1 == result.returncode
    assert "is taken by another program" in result.stderr
    assert "--port" in result.stderr


@pytest.mark.parametrize("command", [("web",), ("web", "login-link"), ("run",)])
def test_without_an_address_the_page_is_not_shown_to_others(
    run_coachbot: RunCoachbot, command: tuple[str, ...]
) -> None:
    """Where other machines can come, https is needed, and the error says how to have it."""
    result = run_coachbot(*command, env={"COACHBOT_WEB_HOST": "0.0.0.0"})  # noqa: S104
    assert 1 == result.returncode
    assert "COACHBOT_WEB_URL" in result.stderr


@pytest.mark.parametrize(
    "url", ["http://coach.example.org", "https://coach.example.org/page", "coach", "https://a@b.c"]
)
def test_an_address_that_is_not_safe_is_refused(run_coachbot: RunCoachbot, url: str) -> None:
    """Only https, only a host, no name in it."""
    result = run_coachbot("web", "login-link", env={"COACHBOT_WEB_URL": url})
    assert 1 == result.returncode
    assert "COACHBOT_WEB_URL is" in result.stderr


def test_a_link_has_the_public_address(run_coachbot: RunCoachbot) -> None:
    """And whoever asks for somebody who isn't there is told who is."""
    env = {"COACHBOT_WEB_URL": "https://coach.example.org/"}
    first = run_coachbot("web", "login-link", "--person", "Mara Lind", env=env)
    assert first.stdout.startswith("https://coach.example.org/sign-in?token=")
    assert "For Mara Lind" in first.stderr
    nobody = run_coachbot("web", "login-link", "--person", "Nobody", env=env)
    assert (1, "") == (nobody.returncode, nobody.stdout)
    assert "The supervisors are: Mara Lind." in nobody.stderr


@pytest.mark.parametrize(
    ("env", "status", "words"),
    [
        ({"COACHBOT_WEB_HOST": "0.0.0.0"}, "problem", "COACHBOT_WEB_URL"),  # noqa: S104
        ({"COACHBOT_WEB_URL": "https://coach.example.org"}, "ok", "https://coach.example.org"),
    ],
)
def test_doctor_looks_at_the_page(
    run_coachbot: RunCoachbot, env: dict[str, str], status: str, words: str
) -> None:
    """It says by which address the page is found, or what keeps it from being found."""
    found = json.loads(run_coachbot("doctor", "--json", env=env).stdout)["checks"]
    (page,) = [check for check in found if check["check"] == "page"]
    assert status == page["status"]
    assert words in page["message"]
