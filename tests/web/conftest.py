"""One page for all tests of the folder; each test signs in for itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext

from coachbot.store import open_store
from coachbot.web.office import Rates
from tests.web.made import NILS, Clock, Site, fill, member, running


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The page on a full database, which tests only read."""
    clock = Clock()
    with open_store(tmp_path_factory.mktemp("web") / "coachbot.db") as store:
        fill(store, clock)
        # All tests come from one address, which nobody does otherwise.
        with running(store, clock, rates=Rates(sign_ins=(1000, 60.0))) as up:
            yield up


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Site]:
    """The page on a database that a test may change, with its own clock and rates."""
    clock = Clock()
    with open_store(tmp_path / "coachbot.db") as store:
        fill(store, clock, hires=3)
        with running(store, clock) as up:
            yield up


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The page on a database to which tests add sessions of their own, to grade and to answer."""
    clock = Clock()
    with open_store(tmp_path_factory.mktemp("desk") / "coachbot.db") as store:
        fill(store, clock, hires=3)
        member(store, NILS, "Nils Brandt", "supervisor")
        with running(store, clock, rates=Rates((1000, 60.0), (1000, 60.0))) as up:
            yield up


@contextmanager
def signed_in(site: Site, number: int) -> Iterator[httpx.Client]:
    """A client that is signed in as somebody."""
    with httpx.Client(base_url=site.url, headers={"origin": site.url}, timeout=60) as client:
        assert 303 == sign_in(client, site.token(number)).status_code
        yield client


def sign_in(client: httpx.Client, token: str) -> httpx.Response:
    """Open the form and send it, as a browser does; nothing is followed."""
    page = client.get("/sign-in", params={"token": token})
    return client.post("/sign-in", data={"token": token, "code": code_of(page)})


def code_of(page: httpx.Response) -> str:
    """The code in the first form of a page."""
    return page.text.partition('name="code" value="')[2].partition('"')[0]


def browsing(site: Site, chromium: Browser, number: int, **options: object) -> BrowserContext:
    """A new window, signed in by its button."""
    context = chromium.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.url}/sign-in?token={site.token(number)}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/")
    page.close()
    return context
