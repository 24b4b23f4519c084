"""Coming in by a link that works once, staying for a while, and going out again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from coachbot.coaching.people import Member
from coachbot.errors import UsageError
from coachbot.store import open_store
from tests.web.conftest import code_of, sign_in, signed_in
from tests.web.made import FIRST, MARA, TEAM, TOM, Clock, Site, running


def client_of(site: Site) -> httpx.Client:
    """Somebody who is not signed in."""
    return httpx.Client(base_url=site.url, headers={"origin": site.url}, timeout=60)


def cookies_of(answer: httpx.Response, name: str) -> str:
    """The line that sets a cookie; empty where none does."""
    return next((c for c in answer.headers.get_list("set-cookie") if c.startswith(name)), "")


def test_a_link_that_is_only_opened_signs_nobody_in(site: Site) -> None:
    """Previews open links too: opening shows a button, and the link is still good after it."""
    token = site.token(MARA)
    with client_of(site) as preview, client_of(site) as person:
        for _ in range(3):
            assert 200 == preview.get("/sign-in", params={"token": token}).status_code
            preview.head("/sign-in", params={"token": token})
        assert 303 == preview.get("/").status_code
        answer = sign_in(person, token)
        assert (303, "/") == (answer.status_code, answer.headers["location"])
        assert "Mara Lind" in person.get("/").text


def test_a_link_works_once(site: Site) -> None:
    """Whoever comes second is told to ask for a new one, and is not in."""
    token = site.token(MARA)
    with client_of(site) as first, client_of(site) as second:
        # Both have the form open before one of them sends it.
        code = code_of(second.get("/sign-in", params={"token": token}))
        assert 303 == sign_in(first, token).status_code
        answer = second.post("/sign-in", data={"token": token, "code": code})
        assert 400 == answer.status_code
        assert "has been used already" in answer.text
        assert 303 == second.get("/").status_code


def test_a_link_that_is_no_longer_good_says_so_when_it_is_opened(own: Site) -> None:
    """Used or too old: nobody is welcomed to press in vain; who is in already goes on."""
    used, old = own.token(MARA), own.token(MARA)
    with client_of(own) as first, client_of(own) as second:
        assert 303 == sign_in(first, used).status_code
        again = first.get("/sign-in", params={"token": used})
        assert (303, "/") == (again.status_code, again.headers["location"])
        own.clock.ahead += timedelta(minutes=15, seconds=1)
        for token in (used, old):
            page = second.get("/sign-in", params={"token": token})
            assert 400 == page.status_code
            assert "This link no longer works" in page.text
            assert "Welcome" not in page.text
            assert "<form" not in page.text


def test_a_link_ends_after_fifteen_minutes(own: Site) -> None:
    """After that it is worth nothing; just before, it works."""
    late, in_time = own.token(MARA), own.token(MARA)
    with client_of(own) as client:
        own.clock.ahead += timedelta(minutes=14, seconds=50)
        assert 303 == sign_in(client, in_time).status_code
    with client_of(own) as client:
        code = code_of(client.get("/sign-in", params={"token": late}))
        own.clock.ahead += timedelta(seconds=15)
        assert 400 == client.post("/sign-in", data={"token": late, "code": code}).status_code


@pytest.mark.parametrize("change", ["cut", "turned", "made up", "other key"])
def test_a_forged_link_is_refused(site: Site, change: str) -> None:
    """A token that this database has not signed is not even looked up."""
    good = site.token(MARA)
    forged = {
        "cut": good[:-3],
        "turned": good[::-1],
        "made up": "abc.def",
        "other key": "Im5vIG5vbmNlIg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    }[change]
    with client_of(site) as client:
        assert 400 == client.get("/sign-in", params={"token": forged}).status_code
        code = code_of(client.get("/sign-in", params={"token": good}))
        answer = client.post("/sign-in", data={"token": forged, "code": code})
        assert 400 == answer.status_code
        assert "not a whole link" in answer.text
        assert 303 == client.get("/").status_code


def test_the_cookie_is_kept_from_scripts_and_other_sites(site: Site) -> None:
    """On this machine without https: HttpOnly and SameSite, and nothing but the secret in it."""
    with client_of(site) as client:
        cookie = cookies_of(sign_in(client, site.token(MARA)), "coachbot-session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert "Mara" not in cookie


def test_by_https_the_cookie_is_secure_and_of_this_host_alone(own: Site) -> None:
    """With a public address the cookie has the __Host- prefix and comes over https only."""
    with running(own.store, own.clock, "https://coach.example.org") as public:
        headers = {"origin": "https://coach.example.org", "host": "coach.example.org"}
        with httpx.Client(base_url=public.url, headers=headers, timeout=60) as client:
            token = public.token(MARA)
            page = client.get("/sign-in", params={"token": token})
            form = cookies_of(page, "__Host-coachbot-form=").partition(";")[0]
            answer = client.post(
                "/sign-in",
                data={"token": token, "code": code_of(page)},
                headers={"cookie": form},
            )
            assert 303 == answer.status_code
            cookie = cookies_of(answer, "__Host-coachbot-session=")
            assert "Secure" in cookie
            assert "Domain" not in cookie
            assert "max-age=31536000" == answer.headers["strict-transport-security"]


def test_a_session_ends_when_nobody_is_there(own: Site) -> None:
    """Two hours without a page end it; pages in between keep it."""
    with signed_in(own, MARA) as client:
        for _ in range(3):
            own.clock.ahead += timedelta(minutes=110)
            assert 200 == client.get("/").status_code
        own.clock.ahead += timedelta(minutes=121)
        assert 303 == client.get("/").status_code


def test_a_session_ends_after_a_day_however_busy(own: Site) -> None:
    """Twelve hours after it began, pages in between or not."""
    with signed_in(own, MARA) as client:
        for _ in range(7):
            own.clock.ahead += timedelta(minutes=100)
            assert 200 == client.get("/").status_code
        own.clock.ahead += timedelta(minutes=25)
        assert 303 == client.get("/").status_code


def test_signing_out_ends_the_session_on_the_server(site: Site) -> None:
    """A cookie that was kept somewhere is worth nothing any more; other devices stay."""
    with signed_in(site, MARA) as client, signed_in(site, MARA) as other:
        stale = dict(client.cookies)
        answer = client.post("/sign-out", data={"code": code_of(client.get("/"))})
        assert 303 == answer.status_code
        with httpx.Client(base_url=site.url, cookies=stale, timeout=60) as thief:
            assert 303 == thief.get("/").status_code
        assert 200 == other.get("/").status_code


def test_signing_out_everywhere_ends_all_sessions_and_links(own: Site) -> None:
    """Also on the telephone that was lost, and for links not yet used; nobody else's."""
    token = own.token(MARA)
    with signed_in(own, MARA) as one, signed_in(own, MARA) as two, signed_in(own, TOM) as tom:
        one.post("/sign-out", data={"code": code_of(one.get("/")), "everywhere": "1"})
        assert 303 == two.get("/").status_code
        assert 200 == tom.get("/").status_code
        assert 400 == one.get("/sign-in", params={"token": token}).status_code


def test_signing_in_anew_changes_the_cookie(site: Site) -> None:
    """Nobody can be given a session beforehand: each has a secret of its own, the old one ends."""
    with signed_in(site, MARA) as client:
        before = client.cookies["coachbot-session"]
        assert 303 == sign_in(client, site.token(MARA)).status_code
        assert before != client.cookies["coachbot-session"]
        with httpx.Client(base_url=site.url, timeout=60) as old:
            old.cookies.set("coachbot-session", before)
            assert 303 == old.get("/").status_code


def test_a_role_taken_away_counts_at_once(own: Site) -> None:
    """Roles are read with every request: the next page is closed, without signing out."""
    with signed_in(own, MARA) as client:
        assert 200 == client.get(own.team(TEAM)).status_code
        own.store.people.leave("tg:1", TEAM, own.clock.iso())
        assert 403 == client.get(own.team(TEAM)).status_code
        assert "This page is for supervisors" in client.get("/").text


def test_who_was_forgotten_is_out(own: Site) -> None:
    """With the person go their sessions."""
    with signed_in(own, MARA) as client:
        own.store.people.forget("tg:1", own.clock.iso())
        assert 303 == client.get("/").status_code


def test_trainees_are_told_kindly(site: Site) -> None:
    """They are in, see nothing of the page, and read where what is theirs is."""
    with signed_in(site, FIRST) as client:
        for path in ("/", "/sessions", site.team(TEAM), site.person(FIRST), site.person(FIRST + 1)):
            answer = client.get(path)
            assert 403 == answer.status_code
            assert "This page is for supervisors" in answer.text
            assert "/practice" in answer.text
            assert TEAM not in answer.text


def test_secrets_are_not_in_the_database(own: Site) -> None:
    """Neither a link nor a cookie can be read from a copy of the file."""
    token = own.token(MARA)
    with signed_in(own, MARA) as client:
        secret = client.cookies["coachbot-session"]
    own.store.people.empty_log()
    content = own.store.path.read_bytes()
    nonce = own.office.signing_in._signer.loads(token)
    assert str(nonce).encode() not in content
    assert secret.encode() not in content


def test_too_many_tries_to_sign_in_have_to_wait(own: Site) -> None:
    """Eleven from one address are one too many, with a page that says so."""
    with client_of(own) as client:
        code = code_of(client.get("/sign-in", params={"token": own.token(MARA)}))
        tries = [
            client.post("/sign-in", data={"token": "x", "code": code}).status_code
            for _ in range(11)
        ]
    assert [400] * 10 + [429] == tries


# --- Without Telegram -----------------------------------------------------------------------------


def test_a_hire_gets_no_link_from_the_console(own: Site) -> None:
    """They would see nothing of the page; the error says who would."""
    with pytest.raises(UsageError, match=r"Ada Quill is neither .* The supervisors are: .*Mara"):
        own.office.signing_in.from_console("Ada Quill")
    assert "Tom Aldous" == own.office.signing_in.from_console("Tom Aldous").name


def test_the_first_supervisor_comes_from_the_console(tmp_path: Path) -> None:
    """An empty database gets a supervisor and trainer of a team; the second call finds them."""
    with open_store(tmp_path / "empty.db") as store, running(store, Clock()) as site:
        first: Member = site.office.signing_in.from_console("Mara Lind")
        assert ("Mara Lind", ("Team",)) == (first.name, first.teams)
        assert {"supervisor", "trainer"} == first.roles
        assert not first.reachable
        assert first == site.office.signing_in.from_console(None)
        with client_of(site) as client:
            assert 303 == sign_in(client, site.office.signing_in.token(first)).status_code
            assert "Invite the first hire" in client.get("/").text
