"""In real Chromium: signing in, the team page, keyboard, and what axe-core finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.web.conftest import browsing
from tests.web.looking import WIDE, complaints_of, layout_shift, serious_faults
from tests.web.made import FIRST, LONG, MARA, NAMES, TEAM, Site


@pytest.fixture(scope="module")
def mara(site: Site, chromium: Browser) -> Iterator[BrowserContext]:
    """A window of the supervisor of Northgate."""
    context = browsing(site, chromium, MARA, viewport=WIDE)
    yield context
    context.close()


def test_a_person_signs_in_with_a_press_and_out_again(site: Site, chromium: Browser) -> None:
    """From the link to the overview, and by the menu under one's name back to the beginning."""
    with chromium.new_context() as context:
        page = context.new_page()
        complaints = complaints_of(page)
        page.goto(f"{site.url}/sign-in?token={site.token(MARA)}")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Overview").wait_for()
        page.get_by_text("Mara Lind").click()
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.get_by_role("heading", name="Sign in").wait_for()
        page.goto(f"{site.url}/")
        assert page.url.endswith("/sign-in")
        assert [] == complaints


def test_the_menu_under_ones_name_closes_on_escape(site: Site, mara: BrowserContext) -> None:
    """Without a script; the focus is back on the name then."""
    page = mara.new_page()
    page.goto(site.url)
    name = page.get_by_role("button", name="Mara Lind")
    name.click()
    out = page.get_by_role("button", name="Sign out", exact=True)
    expect(out).to_be_visible()
    page.keyboard.press("Escape")
    expect(out).to_be_hidden()
    expect(name).to_be_focused()
    page.close()


def test_filters_count_at_once_and_stand_in_the_address(site: Site, mara: BrowserContext) -> None:
    """With JavaScript a choice changes the table, not the page; its address shows the same."""
    page = mara.new_page()
    complaints = complaints_of(page)
    page.goto(site.url + site.team(TEAM))
    page.evaluate("document.body.dataset.same = 'yes'")
    page.get_by_label("Time", exact=True).focus()
    page.get_by_label("Time", exact=True).select_option("30")
    page.get_by_text("nothing that fits the filters").first.wait_for()
    page.wait_for_url("**time=30**")
    assert "yes" == page.evaluate("document.body.dataset.same")
    assert "time" == page.evaluate("document.activeElement.name")
    page.reload()
    assert page.get_by_text("nothing that fits the filters").count() > 5
    assert [] == complaints
    page.close()


def test_without_scripts_everything_can_be_read_and_sent(site: Site, chromium: Browser) -> None:
    """Signing in, filtering, the numbers behind the chart, signing out."""
    context = browsing(site, chromium, MARA, java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url + site.team(TEAM))
    page.get_by_label("Time", exact=True).select_option("30")
    page.get_by_role("button", name="Show").click()
    assert "time=30" in page.url
    assert page.get_by_text("nothing that fits the filters").count() > 5
    page.goto(site.url + site.person(FIRST))
    page.get_by_text("The numbers as a table").click()
    assert page.get_by_role("cell", name="Passed").first.is_visible()
    page.get_by_text("Mara Lind").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    assert page.url.endswith("/sign-in")
    context.close()


def test_the_keyboard_gets_to_the_content_first(site: Site, mara: BrowserContext) -> None:
    """The first Tab shows a link past the menu; what has the focus can be seen."""
    page = mara.new_page()
    page.goto(site.url + site.team(TEAM))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("e => document.activeElement === e")
    assert (skip.bounding_box() or {"y": -1})["y"] >= 0 or skip.evaluate(
        "e => new Promise(done => setTimeout(() => done(e.getBoundingClientRect().y >= 0), 300))"
    )
    page.keyboard.press("Enter")
    assert "main" == page.evaluate("document.activeElement.id")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert "solid" == outline
    page.close()


@pytest.mark.parametrize("width", [320, 380, 640])
def test_nothing_is_wider_than_the_window(site: Site, mara: BrowserContext, width: int) -> None:
    """On a phone, and at 200 and 400 % on a screen of 1280 pixels, nobody scrolls sideways."""
    page = mara.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    for path in paths(site):
        page.goto(site.url + path)
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, path
    page.close()


def test_nothing_jumps_while_a_page_loads(site: Site, mara: BrowserContext) -> None:
    """The layout shift that Chromium counts is nothing to speak of."""
    page = mara.new_page()
    for path in paths(site):
        shift = layout_shift(page, site.url + path)
        assert shift < 0.01, path
    page.close()


@pytest.mark.parametrize("number", range(11))
def test_axe_finds_no_serious_fault(site: Site, mara: BrowserContext, number: int) -> None:
    """On every page: wide and narrow by all rules, and in the dark by that for contrast."""
    path = [*paths(site), "/nowhere", f"/sign-in?token={site.token(MARA)}"][number]
    page = mara.new_page()
    page.goto(site.url + path)
    faults = serious_faults(page)
    page.close()
    assert [] == faults


def paths(site: Site) -> list[str]:
    """Every page there is, and its views."""
    team = site.team(TEAM)
    return [
        "/", "/sessions", "/sessions?time=7", team, f"{team}?page=2", f"{team}?view=skills",
        f"{team}?view=scenarios", site.person(FIRST), site.person(FIRST + NAMES.index(LONG)),
    ]  # fmt: skip
