"""In real Chromium: reading a session, correcting, answering, grading blind; and what axe finds."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from coachbot.coaching.people import person_of
from coachbot.session.models import Session
from tests.web.conftest import browsing
from tests.web.looking import NARROW, WIDE, complaints_of, layout_shift, serious_faults
from tests.web.made import FIRST, MARA, NILS, Site
from tests.web.talked import long_talk, once_more, talk

ADA = person_of(FIRST)
_numbers = itertools.count()

PICTURES = os.environ.get("PICTURES")
"""A folder for pictures of every page here, for people to look at; none are made without it."""


@pytest.fixture(scope="module")
def mara(desk: Site, chromium: Browser) -> Iterator[BrowserContext]:
    """A window of a supervisor."""
    context = browsing(desk, chromium, MARA, viewport=WIDE)
    yield context
    context.close()


@pytest.fixture
def session(desk: Site) -> Session:
    """A conversation of Ada's with a further attempt, a question and a grade."""
    made = talk(desk.store, ADA, f"seen-{next(_numbers)}", desk.clock.days_ago(2))
    once_more(desk.store, made, f"{made.id}-b", desk.clock.days_ago(1))
    desk.office.reviewing.dispute(made.id, "empathy", "I did say sorry.")
    desk.office.reviewing.correct(
        made.id, "empathy", 65, graded_by=person_of(NILS), comment="Warm at first."
    )
    return made


@pytest.fixture
def page(mara: BrowserContext) -> Iterator[Page]:
    """A new tab, in which the browser must not complain."""
    opened = mara.new_page()
    complaints = complaints_of(opened)
    yield opened
    opened.close()
    # A form that comes back is answered with 400, which Chromium notes as well.
    assert [] == [one for one in complaints if "status of 400" not in one]


def colour(page: Page, selector: str) -> str:
    """What an element is painted on."""
    return str(page.eval_on_selector(selector, "e => getComputedStyle(e).backgroundColor"))


def test_a_mark_and_its_note_find_each_other(desk: Site, page: Page, session: Session) -> None:
    """By hover both light up; by key and click one comes to the note, and back to the words."""
    page.goto(f"{desk.url}/sessions/{session.id}")
    plain = colour(page, "#note-2")
    page.locator("#mark-2 mark").hover()
    lit = colour(page, "#note-2")
    assert plain != lit
    assert plain == colour(page, "#note-3")
    words = colour(page, "#mark-3 mark")
    page.locator("#note-3 .effect").hover()
    assert words != colour(page, "#mark-3 mark")
    page.mouse.move(0, 0)
    page.locator("#mark-5").focus()
    assert lit == colour(page, "#note-5")
    page.keyboard.press("Enter")
    assert page.url.endswith("#note-5")
    assert page.locator("#note-5").evaluate("e => e.matches(':target')")
    expect(page.locator("#note-5")).to_be_in_viewport()
    page.locator("#note-5 .back").click()
    assert page.url.endswith("#mark-5")
    expect(page.locator("#mark-5")).to_be_in_viewport()


def test_on_a_phone_without_scripts_a_tap_leads_to_the_note(
    desk: Site, chromium: Browser, session: Session
) -> None:
    """And what moved the mood unfolds."""
    context = browsing(
        desk, chromium, MARA, viewport=NARROW, has_touch=True, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{desk.url}/sessions/{session.id}")
    page.locator("#mark-6 mark").tap()
    assert page.url.endswith("#note-6")
    expect(page.locator("#note-6")).to_be_in_viewport()
    expect(page.get_by_text("He feels seen.")).to_be_hidden()
    page.get_by_text("Mood 42").tap()
    expect(page.get_by_text("He feels seen.")).to_be_visible()
    context.close()


def test_a_supervisor_corrects_a_reply(desk: Site, page: Page, session: Session) -> None:
    """From the reply to the form and back to the reply, with the grade beside the score."""
    page.goto(f"{desk.url}/sessions/{session.id}")
    page.get_by_role("link", name="grade empathy in reply 2").click()
    page.get_by_label("Your grade, 0 to 100").fill("5")
    page.get_by_role("button", name="Keep my grade").click()
    # The browser itself asks for the reason.
    assert "/grades/empathy" in page.url
    page.get_by_label("Why you see it so").fill("Calm down is an order.")
    page.get_by_role("button", name="Keep my grade").click()
    page.wait_for_url("**#noted")
    reply = page.locator("#reply-2")
    expect(reply.get_by_role("status")).to_contain_text("Ada Quill will read it in Telegram")
    expect(reply.get_by_text("Calm down is an order.")).to_be_visible()
    expect(reply.get_by_role("definition").first).to_contain_text("12")


def test_a_supervisor_confirms_a_score(desk: Site, page: Page, session: Session) -> None:
    """One press; the comment is optional."""
    page.goto(f"{desk.url}/sessions/{session.id}")
    page.get_by_role("link", name="Confirm or correct active listening").click()
    page.get_by_role("button", name="50 is right").click()
    expect(page.get_by_role("status")).to_contain_text("you see it as the program does")
    expect(page.get_by_text("50 confirmed by Mara Lind")).to_be_visible()


def test_a_supervisor_answers_a_question(desk: Site, page: Page, session: Session) -> None:
    """Where it stands, at the top of the session."""
    page.goto(f"{desk.url}/sessions/{session.id}#questions")
    page.get_by_label("Your answer").fill("You did; then came the policy.")
    page.get_by_role("button", name="Send the answer").click()
    page.wait_for_url("**#noted")
    expect(page.get_by_role("status")).to_contain_text("on its way to Ada Quill")
    expect(page.get_by_text("You did; then came the policy.")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_what_came_of_it_is_seen_where_one_lands(
    desk: Site, page: Page, session: Session, size: ViewportSize
) -> None:
    """In the window, with the focus on it, and with what it is about in the window as well."""
    page.set_viewport_size(size)

    def seen(words: str, beside: Locator) -> None:
        page.wait_for_url("**#noted")
        expect(page.get_by_role("status")).to_contain_text(words)
        expect(page.get_by_role("status")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("status")).to_be_focused()
        expect(beside).to_be_in_viewport(ratio=1)

    for query, beside in (("", "Scores"), ("?reply=2", "")):
        page.goto(f"{desk.url}/sessions/{session.id}/grades/empathy{query}")
        page.get_by_label("Your grade, 0 to 100").fill("45")
        page.get_by_label("Why you see it so").fill("Warm at first.")
        page.get_by_role("button", name="Keep my grade").click()
        scores = page.get_by_role("heading", name=beside, exact=True)
        seen("Your grade is kept", scores if beside else page.locator("#reply-2 .words").first)
    page.goto(f"{desk.url}/sessions/{session.id}")
    page.get_by_label("Your answer").fill("You did.")
    page.get_by_role("button", name="Send the answer").click()
    seen("on its way to Ada Quill", page.get_by_role("heading", name="Questions", exact=True))


def test_on_a_phone_every_link_is_high_enough_for_a_finger(
    desk: Site, page: Page, session: Session
) -> None:
    """24 pixels at least, in lists and in sentences, on each line that it takes."""
    (asked,) = desk.store.reviews.disputes(session.id)
    page.set_viewport_size(NARROW)
    for path in (
        "/", "/sessions", f"/sessions/{session.id}", f"/sessions/{session.id}/grades/empathy",
        f"/questions/{asked.id}", f"/sessions/{session.id}/report",
    ):  # fmt: skip
        page.goto(desk.url + path)
        low = page.evaluate(
            """() => [...document.querySelectorAll('main a, footer a, header a')]
            .filter(a => a.checkVisibility() && !a.matches('.skip'))
            .filter(a => [...a.getClientRects()].some(r => r.height < 24))
            .map(a => a.outerHTML.slice(0, 120))"""
        )
        assert [] == low, path


def test_on_a_phone_the_label_stands_right_above_its_box(
    desk: Site, page: Page, session: Session
) -> None:
    """The way to the anchors comes before both."""
    page.set_viewport_size(NARROW)
    page.goto(f"{desk.url}/sessions/{session.id}/grades/empathy")
    label = page.locator("label[for=grade]").bounding_box()
    box = page.locator("#grade").bounding_box()
    link = page.get_by_role("link", name="What the numbers mean").bounding_box()
    assert label
    assert box
    assert link
    assert link["y"] + link["height"] <= label["y"]
    assert 0 <= box["y"] - label["y"] - label["height"] < 12


def test_a_second_grader_grades_blind_and_then_sees_the_scores(
    desk: Site, page: Page, session: Session
) -> None:
    """A gap comes back with what was typed, also for a single reply; then all is shown."""
    page.goto(f"{desk.url}/grade/{session.id}")
    expect(page.get_by_text("Warm at first.")).to_have_count(0)
    page.get_by_text("Grade reply 2 by itself").click()
    page.get_by_label("Empathy in reply 2").fill("10")
    group = page.get_by_role("group", name="Empathy")
    group.get_by_label("Grade, 0 to 100").fill("45")
    page.get_by_role("button", name="Keep my grades").click()
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("Active listening: give a grade")
    problem.get_by_role("link").first.click()
    assert "grade-active_listening" == page.evaluate("document.activeElement.id")
    page.keyboard.type("60")
    page.get_by_label("Nothing in it called for individualized treatment").check()
    expect(page.get_by_label("Empathy in reply 2")).to_have_value("10")
    page.get_by_role("button", name="Keep my grades").click()
    expect(page.get_by_role("status")).to_contain_text("kept as blind ones")
    expect(page.get_by_text("Warm at first.")).to_be_visible()
    assert 3 == page.locator("#main .tag", has_text="blind").count()


@pytest.mark.parametrize("which", ["session", "again", "long", "grade", "reply", "blind", "asked"])
def test_axe_finds_no_serious_fault_and_nothing_is_too_wide(
    desk: Site, mara: BrowserContext, session: Session, which: str
) -> None:
    """On every page about a session, in all sizes and colours; nothing jumps while it loads."""
    if which == "long":
        long_talk(desk.store, ADA, f"{session.id}-long", desk.clock.days_ago(1), turns=16)
    (asked,) = desk.store.reviews.disputes(session.id)
    path = {
        "session": f"/sessions/{session.id}#note-2",
        "again": f"/sessions/{session.id}-b",
        "long": f"/sessions/{session.id}-long",
        "grade": f"/sessions/{session.id}/grades/empathy",
        "reply": f"/sessions/{session.id}/grades/empathy?reply=1",
        "blind": f"/grade/{session.id}",
        "asked": f"/questions/{asked.id}",
    }[which]
    page = mara.new_page()
    complaints = complaints_of(page)
    assert layout_shift(page, desk.url + path) < 0.01
    for width in (320, 380, 640):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
    assert [] == serious_faults(page)
    take_pictures(page, which)
    page.close()
    assert [] == complaints


def take_pictures(page: Page, name: str) -> None:
    """Wide, narrow and dark, where somebody wants to look at them."""
    if PICTURES is None:
        return
    for kind, size, scheme in (("wide", WIDE, "light"), ("narrow", NARROW, "light"),
                               ("dark", WIDE, "dark")):  # fmt: skip
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        page.screenshot(path=Path(PICTURES) / f"{name}-{kind}.png", full_page=True)
