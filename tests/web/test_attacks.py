"""What other sites, other teams and curious people try, and that none of it works."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.web.conftest import code_of, signed_in
from tests.web.made import (
    ELSEWHERE,
    FIRST,
    IVO,
    MARA,
    OTHER_TEAM,
    SCRIPT,
    TEAM,
    TOM,
    Site,
)


@pytest.fixture(scope="module")
def mara(site: Site) -> Iterator[httpx.Client]:
    """The supervisor of Northgate."""
    with signed_in(site, MARA) as client:
        yield client


def test_other_teams_are_nowhere(site: Site, mara: httpx.Client) -> None:
    """Their addresses answer as those that don't exist, to the letter."""
    unknown = mara.get("/people/0123456789abcdef")
    assert 404 == unknown.status_code
    for path in (site.team(OTHER_TEAM), site.person(ELSEWHERE), site.person(IVO), "/teams/x"):
        answer = mara.get(path)
        assert (404, unknown.text) == (answer.status_code, answer.text)


def test_nothing_of_other_teams_is_on_any_page(site: Site, mara: httpx.Client) -> None:
    """Neither names nor sessions, whatever is asked for in the query."""
    other = site.key("team", OTHER_TEAM)
    for path in (
        "/", "/sessions", f"/sessions?team={other}", f"/sessions?team={OTHER_TEAM}",
        site.team(TEAM), f"{site.team(TEAM)}?team={other}", site.person(FIRST),
    ):  # fmt: skip
        answer = mara.get(path)
        assert 200 == answer.status_code
        assert "Elsewhere" not in answer.text
        assert OTHER_TEAM not in answer.text
    with signed_in(site, IVO) as ivo:
        assert "Zeno Elsewhere" in ivo.get("/sessions").text
        assert "Ada Quill" not in ivo.get("/sessions").text


def test_trainers_see_no_people(site: Site) -> None:
    """They have a page, and neither teams nor sessions are on it."""
    with signed_in(site, TOM) as tom:
        home = tom.get("/")
        assert 200 == home.status_code
        assert "Ada Quill" not in home.text
        for path in ("/sessions", site.team(TEAM), site.person(FIRST)):
            assert 404 == tom.get(path).status_code


@pytest.mark.parametrize("path", ["/", "/sessions", "/teams/x", "/people/x"])
def test_nobody_reads_without_signing_in(site: Site, path: str) -> None:
    """Every page but the one to sign in leads there."""
    with httpx.Client(base_url=site.url, timeout=60) as client:
        answer = client.get(path)
        assert (303, "/sign-in") == (answer.status_code, answer.headers["location"])


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {},
    ],
)
def test_posts_of_other_sites_change_nothing(site: Site, headers: dict[str, str]) -> None:
    """Even with the cookie and the right code, a form that another site sent is refused."""
    with signed_in(site, MARA) as client:
        code = code_of(client.get("/"))
        del client.headers["origin"]
        answer = client.post("/sign-out", data={"code": code}, headers=headers)
        assert 403 == answer.status_code
        assert 200 == client.get("/").status_code


def test_a_form_needs_its_code(site: Site) -> None:
    """None, a wrong one, or one of somebody else's page is refused; one's own works."""
    with signed_in(site, MARA) as client, signed_in(site, TOM) as other:
        for code in ("", "0" * 32, "ä", code_of(other.get("/"))):
            assert 403 == client.post("/sign-out", data={"code": code}).status_code
        assert 200 == client.get("/").status_code
        right = {"code": code_of(client.get("/"))}
        assert 303 == client.post("/sign-out", data=right).status_code
        assert 303 == client.get("/").status_code


def test_a_forms_code_is_worth_nothing_without_its_cookie(site: Site) -> None:
    """To sign somebody else in as oneself takes a cookie in their browser."""
    token = site.token(MARA)
    with httpx.Client(base_url=site.url, headers={"origin": site.url}, timeout=60) as mine:
        code = code_of(mine.get("/sign-in", params={"token": token}))
    with httpx.Client(base_url=site.url, headers={"origin": site.url}, timeout=60) as victim:
        answer = victim.post("/sign-in", data={"token": token, "code": code})
        assert 403 == answer.status_code
        assert 303 == victim.get("/").status_code


def test_text_of_people_is_never_markup(site: Site, mara: httpx.Client) -> None:
    """A name, a comment and what stands in an address come out as they were typed."""
    for path in (site.team(TEAM), "/sessions", "/", f"/sessions?after={SCRIPT}&scorer={SCRIPT}"):
        page = mara.get(path, headers={"x-forwarded-host": SCRIPT})
        assert 200 == page.status_code
        assert SCRIPT not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mara.get(site.team(TEAM)).text
    assert SCRIPT not in mara.get(f"/{SCRIPT}").text


def test_every_answer_says_what_the_browser_may_do(mara: httpx.Client) -> None:
    """Pages, errors and files alike; no page is kept by anybody."""
    style = mara.get("/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    for path in ("/", "/nowhere", style, "/sign-in"):
        headers = mara.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "nosniff" == headers["x-content-type-options"]
        assert "same-origin" == headers["referrer-policy"]
        assert "server" not in headers
        kept = "public, max-age=31536000, immutable" if path == style else "no-store"
        assert kept == headers["cache-control"]


def test_pages_are_small_and_have_nothing_of_others(site: Site, mara: httpx.Client) -> None:
    """Below 100 kB, without inline script or style, and without an address elsewhere."""
    for path in (
        "/", "/sessions", site.team(TEAM), f"{site.team(TEAM)}?view=skills",
        f"{site.team(TEAM)}?view=scenarios", site.person(FIRST),
    ):  # fmt: skip
        page = mara.get(path)
        assert len(page.content) < 100_000
        assert " style=" not in page.text
        assert "<style" not in page.text
        assert "<script>" not in page.text
        outside = page.text.replace("http://www.w3.org/2000/svg", "")
        assert "http" not in outside.replace(site.url, "").replace("http-equiv", "")


def test_another_name_for_this_machine_is_refused(site: Site) -> None:
    """A name server that points evil.example here makes no page of theirs of this one."""
    with httpx.Client(base_url=site.url, timeout=60) as client:
        answer = client.get("/sign-in", headers={"host": "evil.example"})
        assert 421 == answer.status_code
        assert site.url in answer.text
        port = site.url.rpartition(":")[2]
        assert 200 == client.get("/sign-in", headers={"host": f"localhost:{port}"}).status_code


def test_no_more_is_read_than_a_form_holds(site: Site) -> None:
    """Said to be long, or sent bit by bit without saying so: both end with a page."""
    with signed_in(site, MARA) as client:
        form = {"code": code_of(client.get("/")), "text": "x" * 70_000}
        assert 413 == client.post("/sign-out", data=form).status_code

        def parts() -> Iterator[bytes]:
            for _ in range(20):
                yield b"x" * 5_000

        kind = {"content-type": "application/x-www-form-urlencoded"}
        assert 413 == client.post("/sign-out", content=parts(), headers=kind).status_code
        assert 200 == client.get("/").status_code


def test_what_is_no_form_is_refused(site: Site) -> None:
    """JSON and bytes that are no text are answered with a page, and nothing happens."""
    with signed_in(site, MARA) as client:
        assert 415 == client.post("/sign-out", json={"code": "x"}).status_code
        kind = {"content-type": "application/x-www-form-urlencoded"}
        assert 415 == client.post("/sign-out", content=b"\xff\xfe=1", headers=kind).status_code
        many = "&".join(f"f{n}=1" for n in range(160))
        assert 415 == client.post("/sign-out", content=many, headers=kind).status_code
        assert 404 == client.put("/sign-out").status_code
        assert 200 == client.get("/").status_code


def test_too_many_posts_of_one_person_have_to_wait(own: Site) -> None:
    """Sixty at once are let through, wrong as they are; the next is asked to wait."""
    with signed_in(own, MARA) as client, signed_in(own, TOM) as other:
        tries = [client.post("/sign-out", data={"code": ""}).status_code for _ in range(61)]
        assert [403] * 60 == tries[:60]
        assert 429 == tries[60]
        assert 403 == other.post("/sign-out", data={"code": ""}).status_code
        assert 200 == client.get("/").status_code


def test_nonsense_on_the_wire_brings_nothing_down(site: Site, mara: httpx.Client) -> None:
    """After bytes that are no request, the next visitor is answered."""
    port = int(site.url.rpartition(":")[2])
    for nonsense in (b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/1.1\r\nHost: [\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(nonsense)
            connection.settimeout(5)
            connection.recv(4096)
    for query in ("?page=99999999999999999999", "?page=-1", "?after=2026_1", "?columns=x&view=y"):
        assert 200 == mara.get(site.team(TEAM) + query).status_code
    assert 200 == mara.get("/sessions?after=2026-01-01T00:00:00%2B00:00_1").status_code


def test_a_failure_is_a_page_without_a_trace(own: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks, a person reads what to do, and nothing of the program's inside."""

    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("secret words")

    with signed_in(own, MARA) as client:
        monkeypatch.setattr(type(own.office.overviews), "sessions_of_team", broken)
        answer = client.get("/sessions")
        assert 500 == answer.status_code
        assert "not your doing" in answer.text
        assert "secret words" not in answer.text
        assert "Traceback" not in answer.text
