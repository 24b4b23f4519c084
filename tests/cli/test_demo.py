"""``coachbot demo``: a made-up team that is always the same, and never among real people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from coachbot.bootstrap import Practice, fill_demo, office, record_store
from coachbot.coaching.demo.plan import (
    DECLINING,
    LATE,
    MOST_PEOPLE,
    NAMES,
    RISING,
    SUPERVISORS,
    WAYS,
    looked_at_first,
    team,
)
from coachbot.coaching.people import Member, Role
from coachbot.errors import StoreError, UsageError
from coachbot.store import open_store
from tests.cli.conftest import RunHere
from tests.conftest import RunCoachbot
from tests.store.samples import new_session
from tests.web.conftest import sign_in
from tests.web.looking import WIDE, complaints_of, serious_faults
from tests.web.made import Clock, running
from tests.web.page_process import page_running

TODAY = date(2026, 11, 22)
SCENARIOS = ("a", "b", "c")

NOT_THE_SAME = {"_sqlite_migrations": "applied_at", "trust": "computed"}
"""Columns that say when the program ran; and ``keys``, which nobody may guess."""


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of a database."""
    with closing(sqlite3.connect(path)) as db:
        tables = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for table in sorted(set(tables) - {"keys"}):
            names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            kept = ", ".join(n for n in names if n != NOT_THE_SAME.get(table))
            found[table] = db.execute(f"SELECT {kept} FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608
        return found


@pytest.fixture(scope="module")
def exact(practice: Practice) -> Practice:
    """The models that are loaded, with a scorer whose numbers are always the same."""
    return Practice(encoder=practice.encoder, learned=practice.learned, fast=False)


@pytest.fixture(scope="module", autouse=True)
def small(exact: Practice) -> Iterator[None]:
    """One customer, one session with its evidence, and the models that are loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coachbot.bootstrap.Practice", lambda *_, **__: exact)
        patch.setattr("coachbot.bootstrap.DEMO_SCENARIOS", ("late-parcel",))
        patch.setattr("coachbot.bootstrap.DEMO_EXPLAINED", 1)
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small team, played once for all tests here."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    assert 4 == fill_demo(path, people=3, weeks=1, seed=5)
    return path


def test_everybody_practises_before_today() -> None:
    """On working days, by day, one conversation after the other; some improve, one gets worse."""
    hires = team(SCENARIOS, people=12, weeks=8, seed=1, today=TODAY)
    assert list(NAMES[:12]) == [hire.name for hire in hires]
    assert [way.sessions for way in WAYS] == [len(hire.sittings) for hire in hires]
    for hire in hires:
        starts = [sitting.started for sitting in hire.sittings]
        assert starts == sorted(starts)
        assert hire.joined < starts[0]
        assert all(one.date() < TODAY and one.weekday() < 5 and 8 <= one.hour for one in starts)
        assert all(TODAY - one.date() <= timedelta(weeks=8, days=3) for one in starts)
    skills = [[sitting.skill for sitting in hire.sittings] for hire in hires]
    assert skills[0][-1] - skills[0][0] > 0.4
    assert skills[1][-1] - skills[1][0] < -0.4


def test_the_plan_holds_for_every_size() -> None:
    """From one person in one week to all of them in half a year; each sitting has its own words."""
    for people, weeks in ((1, 1), (LATE, 2), (MOST_PEOPLE, 26)):
        hires = team(SCENARIOS, people=people, weeks=weeks, seed=3, today=TODAY)
        draws = [sitting.draw for hire in hires for sitting in hire.sittings]
        assert people == len(hires)
        assert len(set(draws)) == len(draws)


def test_what_a_visitor_opens_first_is_explained() -> None:
    """The last session of whoever got worse and of whoever got better, then the newest of all."""
    hires = team(SCENARIOS, people=12, weeks=8, seed=1, today=TODAY)
    sittings = {sitting.number: sitting for hire in hires for sitting in hire.sittings}
    worse, better, *others = looked_at_first(hires, 5)
    assert hires[DECLINING].sittings[-1] == sittings[worse]
    assert hires[RISING].sittings[-1] == sittings[better]
    left = [one for number, one in sittings.items() if number not in (worse, better)]
    newest = sorted(left, key=lambda one: one.started, reverse=True)[:3]
    assert newest == [sittings[number] for number in others]
    alone = team(SCENARIOS, people=1, weeks=1, seed=1, today=TODAY)
    assert (0,) == looked_at_first(alone, 5)


def test_the_same_seed_makes_the_same_team(
    made: Path, exact: Practice, tmp_path: Path, run_here: RunHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row for row, on the same day; and the command says what it made and how to look at it."""
    monkeypatch.setattr("coachbot.bootstrap.Practice", lambda *_, **__: exact)
    path = tmp_path / "a new folder" / "demo.db"
    result = run_here("demo", "--database", path, "--people", "3", "--weeks", "1", "--seed", "5")
    assert 0 == result.exit_code, result.output
    assert content(made) == content(path)
    assert "3 people with 4 sessions in 1 week." in result.output
    assert f"coachbot web --database '{path}'" in result.output
    assert "login-link" in result.output


def test_there_is_something_of_everything(made: Path) -> None:
    """Scores, evidence, blind grades of two people, a question, feelings, assignments, a focus."""
    rows = content(made)
    for table in (
        *("sessions", "turn_scores", "session_scores", "evidence", "grades", "disputes", "focuses"),
        *("feelings", "assignments", "memberships", "trust"),
    ):
        assert rows[table], table
    with open_store(made) as store:
        today = datetime.now(UTC).date().isoformat()
        assert 1 == len(store.overviews.late("Harbour Street", today, 10))
        assert {"supervisor", "trainer", "trainee"} == {
            role for m in store.people.members("Harbour Street") for role in m.roles
        }


def test_what_is_asked_can_be_looked_into(made: Path) -> None:
    """Questions that wait are about sessions with their evidence; others say why they have none.

    That nobody is told in a demo is said before somebody writes an answer.
    """
    with open_store(made) as store, running(store, Clock()) as up:
        explained = {row[0] for row in content(made)["evidence"]}
        waiting = {d.session for _, d in store.reviews.open_disputes("Harbour Street")}
        assert waiting
        assert waiting <= explained
        leading = next(
            m for m in store.people.members("Harbour Street") if m.name == SUPERVISORS[0]
        )
        with httpx.Client(base_url=up.url, headers={"origin": up.url}, timeout=60) as client:
            sign_in(client, up.office.signing_in.token(leading))
            for session in (row[1] for row in content(made)["sessions"]):
                page = client.get(f"/sessions/{session}").text
                assert (session not in explained) == ("this demo looked for the words" in page)
                assert "were not looked for" not in page
                assert (session in waiting) == ("Demo: nobody is told." in page)


def test_nobody_real_gets_into_it(made: Path) -> None:
    """Neither a new member nor a session from the terminal; the bot and the store say why."""
    with open_store(made) as store:
        new = Member(person="tg:7", telegram=7, name="Real", joined="2026-11-01T00:00:00+00:00")
        roles: tuple[Role, ...] = ("trainee",)
        with pytest.raises(StoreError, match=r"demo data.*COACHBOT_DATABASE"):
            store.people.join(new, "Harbour Street", roles, new.joined)
        with pytest.raises(StoreError, match="demo data"):
            store.save(new_session(person="me"))
        with pytest.raises(UsageError, match=r"coachbot web --database"):
            office(store)


def test_no_record_store_is_told_of_it(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However one is set."""
    for name, value in (("URL", "http://127.0.0.1:1/x"), ("KEY", "k"), ("SECRET", "s")):
        monkeypatch.setenv(f"COACHBOT_LRS_{name}", value)
    with open_store(made) as store:
        assert record_store(store) is None


def test_a_database_with_people_is_left_as_it_is(tmp_path: Path, run_here: RunHere) -> None:
    """Also one with demo data in it already; both say what to do, before anything is played."""
    path = tmp_path / "live.db"
    with open_store(path) as store:
        store.save(new_session(person="me"))
    before = content(path)
    result = run_here("demo", "--database", path)
    assert 2 == result.exit_code
    assert "has 1 person in it" in result.output
    assert "--database" in result.output
    assert before == content(path)


def test_a_second_time_is_refused(made: Path, run_here: RunHere) -> None:
    """Nothing of what is there is changed."""
    before = content(made)
    result = run_here("demo", "--database", made)
    assert 2 == result.exit_code
    assert "has demo data already" in result.output
    assert before == content(made)


def test_what_to_do_next_can_be_done(made: Path, run_coachbot: RunCoachbot) -> None:
    """The link that the command names is made, for a supervisor of the made-up team."""
    result = run_coachbot("web", "login-link", "--database", made, "--person", SUPERVISORS[0])
    assert 0 == result.returncode
    assert "/sign-in?token=" in result.stdout
    lost = run_coachbot("web", "--database", made.with_name("nothing.db"))
    assert 2 == lost.returncode
    assert "does not exist" in lost.stderr


def test_every_page_says_that_it_is_made_up(made: Path, tmp_path: Path) -> None:
    """Also the one to sign in; without demo data nothing is said."""
    for path, expected in ((made, True), (tmp_path / "live.db", False)):
        with open_store(path) as store, running(store, Clock()) as up:
            assert expected == ("Demo data." in httpx.get(f"{up.url}/sign-in").text)
            assert expected == ("Demo data." in httpx.get(f"{up.url}/nowhere").text)


def test_a_visitor_sees_all_of_it(
    made: Path, run_coachbot: RunCoachbot, chromium: Browser, tmp_path: Path
) -> None:
    """By the two commands that it names, in Chromium: from the link to every kind of page."""
    with page_running("--database", made, "--port", "0") as up:
        link = run_coachbot(
            *("web", "login-link", "--database", made, "--port", up.port),
            *("--person", SUPERVISORS[0]),
        ).stdout.strip()
        with chromium.new_context(viewport=WIDE, accept_downloads=True) as window:
            page = window.new_page()
            complaints = complaints_of(page)

            def look(*shown: str) -> None:
                expect(page.get_by_text("Demo data.").first).to_be_visible()
                for words in shown:
                    expect(page.locator("main").get_by_text(words).first).to_be_visible()
                page.set_viewport_size(WIDE)
                assert [] == serious_faults(page), page.url
                page.set_viewport_size(WIDE)

            page.goto(link)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("heading", name="Overview").wait_for()
            look("practised in the last", "Newest sessions")
            menu = page.get_by_role("navigation", name="Pages")
            menu.get_by_role("link", name="Harbour Street").click()
            look(*NAMES[:3])
            views = page.get_by_role("navigation", name="Views of the team")
            assert 3 == views.get_by_role("link").count()
            for number in (1, 2):
                views.get_by_role("link").nth(number).click()
                look(*NAMES[:3])
            page.get_by_role("link", name=NAMES[0]).first.click()
            look("Skills over time", "Sessions")
            page.get_by_role("table").last.get_by_role("link").first.click()
            look("Conversation", "Scores", "The matter")
            menu.get_by_role("link", name="Sessions").click()
            sessions = page.locator("tbody th").get_by_role("link")
            shown = [sessions.nth(i).get_attribute("href") for i in range(sessions.count())]
            marks = []
            for address in shown:
                page.goto(f"{up.url}{address}")
                marks.append(page.locator("main mark").count())
            assert 4 == len(marks)
            assert max(marks) > 0
            menu.get_by_role("link", name="Trust").click()
            look("Grade next", "Empathy")
            menu.get_by_role("link", name="Scenarios").click()
            look("A train for Saturday")
            menu.get_by_role("link", name="Export").click()
            look("Harbour Street")
            with page.expect_download() as download:
                page.get_by_role("link", name="CSV of “Scores”, Harbour Street").click()
            download.value.save_as(tmp_path / "scores.csv")
            assert 1 + 3 * 4 == len((tmp_path / "scores.csv").read_text("utf-8-sig").splitlines())
            assert [] == complaints
