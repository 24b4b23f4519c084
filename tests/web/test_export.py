"""Files and reports: only of one's own teams, complete, and harmless wherever they are opened."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Browser

from coachbot.coaching.people import person_of
from tests.web.conftest import browsing, signed_in
from tests.web.looking import complaints_of, serious_faults
from tests.web.made import FIRST, IVO, MARA, NAMES, OTHER_TEAM, SCRIPT, TEAM, TOM, Site

EVIL = ("=cmd|'/c calc'!A1", "+1+1", "-2", "@SUM(A1)", "\t=1", "\uff1d1")


@pytest.fixture(scope="module")
def mara(site: Site) -> Iterator[httpx.Client]:
    """The supervisor of Northgate."""
    with signed_in(site, MARA) as client:
        yield client


def address(site: Site, team: str, file: str) -> str:
    """Where a file is."""
    return f"/export/{site.key('team', team)}/{file}"


def csv_rows(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    assert "text/csv; charset=utf-8" == answer.headers["content-type"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def counted(site: Site, sql: str) -> int:
    """A number from the database."""
    with site.store._database.reading() as db:
        return int(db.execute(sql).fetchone()[0])


def test_every_session_is_in_the_file_once(site: Site, mara: httpx.Client) -> None:
    """All finished ones of the team, with their three scores, and none of another team's."""
    rows = csv_rows(mara.get(address(site, TEAM, "sessions.csv")))
    expected = counted(
        site,
        "SELECT count(*) FROM sessions WHERE phase = 'debrief' AND id NOT LIKE 'elsewhere%'",
    )
    assert expected == len(rows) == len({row["session"] for row in rows})
    assert {TEAM} == {row["team"] for row in rows}
    first = next(row for row in rows if row["session"] == "s-0-0")
    assert ("Ada Quill", "late-parcel") == (first["name"], first["scenario"])
    assert float(first["empathy_low"]) <= float(first["empathy_score"])
    assert site.key("person", person_of(FIRST)) == first["person"]


def test_scores_and_grades_are_files_of_their_own(own: Site) -> None:
    """A row for each dimension, and one for each grade, also of a single reply."""
    reviewing = own.office.reviewing
    mara = person_of(MARA)
    reviewing.correct("s-0-0", "empathy", 65, graded_by=mara, comment="Warm at first.")
    reviewing.confirm("s-0-0", "empathy", graded_by=mara, turn=1)
    reviewing.grade_blind("s-0-1", "empathy", 50, graded_by=mara)
    with signed_in(own, MARA) as client:
        scores = csv_rows(client.get(address(own, TEAM, "scores.csv")))
        grades = csv_rows(client.get(address(own, TEAM, "grades.csv")))
        as_json = client.get(address(own, TEAM, "grades.json"))
    graded = next(r for r in scores if (r["session"], r["dimension"]) == ("s-0-0", "empathy"))
    assert ("65", "Warm at first.") == (graded["grade"], graded["comment"])
    assert ("no", "A train for Saturday") == (graded["blind"], graded["scenario_title"])
    assert {"no", "yes", ""} == {row["blind"] for row in scores}
    told = [(g["reply"], g["grade"], g["confirms"], g["blind"]) for g in grades]
    assert ("", "65", "no", "no") == told[0]
    assert ("1", "yes", "no") == (told[1][0], told[1][2], told[1][3])
    assert ("", "50", "no", "yes") == told[2]
    assert {"Mara Lind"} == {g["graded_by"] for g in grades}
    assert "application/json; charset=utf-8" == as_json.headers["content-type"]
    assert [65.0, None, True] == [
        as_json.json()[0]["grade"], as_json.json()[0]["reply"], as_json.json()[2]["blind"],
    ]  # fmt: skip


def test_a_grade_that_was_replaced_says_so(own: Site) -> None:
    """By a later one of the same person about the same thing, and by nobody else's."""
    mara = person_of(MARA)
    for number, grade in enumerate((40, 60)):
        own.clock.ahead += timedelta(seconds=number)
        own.office.reviewing.correct("s-0-0", "empathy", grade, graded_by=mara, comment="So.")
    own.office.reviewing.correct("s-0-0", "empathy", 50, graded_by=person_of(TOM), comment="No.")
    own.office.reviewing.correct("s-0-0", "empathy", 50, graded_by=mara, comment="No.", turn=1)
    with signed_in(own, MARA) as client:
        grades = csv_rows(client.get(address(own, TEAM, "grades.csv")))
        objects = client.get(address(own, TEAM, "grades.json")).json()
    assert ["yes", "no", "no", "no"] == [one["replaced"] for one in grades]
    assert [True, False, False, False] == [one["replaced"] for one in objects]
    assert {"A train for Saturday"} == {one["scenario_title"] for one in objects}


def test_blind_is_the_same_kind_of_value_in_all_files(own: Site) -> None:
    """True or false in JSON, of scores as of grades; null where there is no grade."""
    own.office.reviewing.grade_blind("s-0-0", "empathy", 50, graded_by=person_of(MARA))
    with signed_in(own, MARA) as client:
        found = [
            {json.dumps(one["blind"]) for one in client.get(address(own, TEAM, file)).json()}
            for file in ("scores.json", "grades.json")
        ]
    assert [{"true", "null"}, {"true"}] == found


def test_files_of_some_days_only(own: Site) -> None:
    """From the first day to the last, with both; what is no day is passed over."""
    mara = person_of(MARA)
    for number in (0, 8):
        own.office.reviewing.grade_blind(f"s-0-{number}", "empathy", 50, graded_by=mara)
    day = own.store.get("s-0-8").started[:10]
    with signed_in(own, MARA) as client:

        def sessions(file: str, **days: str) -> set[str]:
            answer = client.get(address(own, TEAM, file), params=days)
            return {row["session"] for row in csv_rows(answer)}

        everything = sessions("sessions.csv")
        since = sessions("sessions.csv", **{"from": day})
        assert "s-0-8" in since
        assert everything == since | sessions("sessions.csv", to=day)
        assert "s-0-0" not in since
        assert {"s-0-8"} == sessions("grades.csv", **{"from": day, "to": day})
        assert sessions("scores.csv", **{"from": day}) == since
        assert set() == sessions("acts.csv", **{"from": day})
        assert everything == sessions("sessions.csv", **{"from": "yesterday", "to": "9999-12-31"})
        assert everything == sessions("sessions.csv", **{"from": "0001-01-01"})
        named = client.get(address(own, TEAM, "grades.csv"), params={"from": day}).headers
        assert f"grades-from-{day}.csv" in named["content-disposition"]
        page = client.get("/export", params={"from": day, "to": "2001-01-01"})
        assert f"sessions.csv?from={day}&amp;to=2001-01-01" in page.text
        assert "the files would be empty" in page.text


def test_names_of_settings_are_for_whoever_runs_it(mara: httpx.Client) -> None:
    """They are folded away on the page of supervisors."""
    page = mara.get("/export").text
    assert "COACHBOT_LRS_URL" in page
    assert "COACHBOT_" not in re.sub(r"(?s)<details.*?</details>", "", page)


def test_json_and_csv_say_the_same(site: Site, mara: httpx.Client) -> None:
    """Row for row; an empty team is an empty array and a line of names."""
    rows = csv_rows(mara.get(address(site, TEAM, "sessions.csv")))
    objects = mara.get(address(site, TEAM, "sessions.json")).json()
    assert [row["session"] for row in rows] == [one["session"] for one in objects]
    assert [] == mara.get(address(site, TEAM, "grades.json")).json()
    assert 1 == mara.get(address(site, TEAM, "grades.csv")).text.count("\r\n")


def test_no_cell_is_a_formula(own: Site) -> None:
    """Neither in names nor in comments; in JSON, which nobody computes, they are as they were."""
    for position, evil in enumerate(EVIL):
        own.office.reviewing.correct(
            "s-0-0", "empathy", position, graded_by=person_of(MARA), comment=f"{evil} really"
        )
    own.store.people.set_name(person_of(FIRST), EVIL[0])
    with signed_in(own, MARA) as client:
        grades = csv_rows(client.get(address(own, TEAM, "grades.csv")))
        plain = client.get(address(own, TEAM, "grades.json")).json()
    cells = [cell for row in grades for cell in (row["name"], row["comment"])]
    assert {"'"} == {cell[0] for cell in cells}
    assert {EVIL[0]} == {row["name"] for row in plain}


def test_a_file_comes_as_a_download(site: Site, mara: httpx.Client) -> None:
    """With a plain name, not to be kept by anybody, and never shown as a page."""
    headers = mara.get(address(site, TEAM, "scores.csv")).headers
    assert 'attachment; filename="coachbot-northgate-scores.csv"' == headers["content-disposition"]
    assert ("no-store", "nosniff") == (headers["cache-control"], headers["x-content-type-options"])


@pytest.mark.parametrize("file", ["sessions.csv", "scores.json", "grades.csv"])
def test_nobody_gets_the_files_of_others(site: Site, mara: httpx.Client, file: str) -> None:
    """Not of another team, not as a trainer, not signed out; and there is no other kind of file."""
    assert 404 == mara.get(address(site, OTHER_TEAM, file)).status_code
    assert 404 == mara.get(f"/export/{TEAM}/{file}").status_code
    with signed_in(site, TOM) as tom, signed_in(site, IVO) as ivo, signed_in(site, FIRST) as ada:
        assert 404 == tom.get(address(site, TEAM, file)).status_code
        assert 404 == tom.get("/export").status_code
        assert "Export" not in tom.get("/").text
        assert 404 == ivo.get(address(site, TEAM, file)).status_code
        assert 403 == ada.get(address(site, TEAM, file)).status_code
    signed_out = httpx.get(site.url + address(site, TEAM, file))
    assert 303 == signed_out.status_code


@pytest.mark.parametrize(
    "file", ["people.csv", "sessions.xml", "sessions", ".csv", "sessions.csv.json", "__init__.py"]
)
def test_there_is_no_other_file(site: Site, mara: httpx.Client, file: str) -> None:
    """What is not named on the page is nowhere."""
    assert 404 == mara.get(address(site, TEAM, file)).status_code


def test_a_report_has_everything_on_it(own: Site) -> None:
    """Scores, grades, questions, the conversation and the story; what was typed is inert."""
    own.office.reviewing.correct(
        "s-2-0", "empathy", 65, graded_by=person_of(MARA), comment=f"Warm. {SCRIPT}"
    )
    with signed_in(own, MARA) as client:
        page = client.get("/sessions/s-2-0/report")
    for words in (NAMES[2], "Empathy", "65", "I did say sorry", "Reply 2.", "tells others"):
        assert words in page.text
    assert SCRIPT not in page.text
    assert "&lt;script&gt;" in page.text


def test_a_report_counts_as_having_seen_the_scores(own: Site) -> None:
    """Who has printed it can grade it blind no more."""
    assert "open" == own.office.blind.standing("s-1-0", person_of(MARA))
    with signed_in(own, MARA) as client:
        assert 200 == client.get("/sessions/s-1-0/report").status_code
    assert "seen" == own.office.blind.standing("s-1-0", person_of(MARA))


def test_nobody_gets_the_reports_of_others(site: Site) -> None:
    """Not of another team, not as a trainer; and what isn't there looks the same."""
    with signed_in(site, TOM) as tom, signed_in(site, IVO) as ivo, signed_in(site, MARA) as mara:
        missing = mara.get("/sessions/nothing/report")
        assert 404 == missing.status_code
        assert 404 == ivo.get("/sessions/s-0-0/report").status_code
        assert 404 == tom.get("/sessions/s-0-0/report").status_code
        foreign = mara.get("/sessions/elsewhere-0/report")
        assert (404, missing.text) == (foreign.status_code, foreign.text)


def test_in_the_browser_files_download_and_reports_print(site: Site, chromium: Browser) -> None:
    """Without scripts; on paper the menu and the links are gone; axe finds nothing serious."""
    context = browsing(site, chromium, MARA, accept_downloads=True)
    page = context.new_page()
    complaints = complaints_of(page)
    page.goto(f"{site.url}/export")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON of “Sessions”, Northgate").click()
    assert "coachbot-northgate-sessions.json" == download.value.suggested_filename
    assert len(json.loads(download.value.path().read_text("utf-8"))) > 40
    assert [] == serious_faults(page)
    page.goto(f"{site.url}/sessions/s-0-0/report")
    assert [] == serious_faults(page)
    assert 0 == page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="Pages").is_visible()
    assert not page.get_by_role("link", name="Back to the session").is_visible()
    assert page.get_by_role("heading", name="The conversation").is_visible()
    assert [] == complaints
    context.close()
