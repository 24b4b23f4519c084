"""What the pages show: of whom, narrowed to what, and said only where it is sure."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from coachbot.coaching.people import person_of
from tests.web.conftest import signed_in
from tests.web.made import FIRST, MARA, NAMES, OLDER, TEAM, Site, finished, member


@pytest.fixture(scope="module")
def mara(site: Site) -> Iterator[httpx.Client]:
    """The supervisor of Northgate."""
    with signed_in(site, MARA) as client:
        yield client


def rows(page: httpx.Response) -> list[str]:
    """The rows of the page's tables as plain text."""
    cells = [
        re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", row)))
        for row in re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)
    ]
    return [cell.strip() for cell in cells]


def row_of(page: httpx.Response, name: str) -> str:
    """The one row that begins with a name."""
    (found,) = [row for row in rows(page) if row.startswith(name)]
    return found


def test_improved_is_said_of_who_has_and_not_of_who_has_not(site: Site, mara: httpx.Client) -> None:
    """Ada went up from 30 to 70 in nine sessions; Ben's eight went up and down; others had few."""
    page = mara.get(site.team(TEAM))
    assert 3 == row_of(page, "Ada Quill").count("improved")
    assert 3 == row_of(page, "Ben Okafor").count("no clear change")
    assert "change" not in row_of(page, "Chiara Russo")


def test_a_trend_never_compares_two_scorers(own: Site) -> None:
    """Ada's first six sessions by an older scorer are no beginning for the newer one's."""
    person = person_of(FIRST + 2)
    for number in range(8):
        scorer = OLDER if number < 4 else "newer 1"
        value = 20.0 + 9 * number
        started = own.clock.days_ago(40 - number)
        finished(own.store, person, f"t-{number}", started, (value,) * 3, scorer=scorer)
    with signed_in(own, MARA) as client:
        row = row_of(client.get(own.team(TEAM)), NAMES[2])
        assert "improved" not in row


def test_people_come_a_page_at_a_time(site: Site, mara: httpx.Client) -> None:
    """Twenty and then the rest, each once, by name."""
    first, second = mara.get(site.team(TEAM)), mara.get(site.team(TEAM) + "?page=2")
    assert (21, 5) == (len(rows(first)), len(rows(second)))
    assert "Page 1 of 2" in first.text
    assert "Tilda Berg" not in first.text
    assert "Tilda Berg" in second.text
    assert rows(mara.get(site.team(TEAM) + "?page=77")) == rows(second)


def test_filters_narrow_what_is_shown(site: Site, mara: httpx.Client) -> None:
    """By time, by scenario, by scorer; what can't be chosen counts as not chosen."""
    team = site.team(TEAM)
    recent = mara.get(f"{team}?time=30")
    assert "9 days ago" in row_of(recent, "Ada Quill")
    assert "nothing that fits the filters" in row_of(recent, "Chiara Russo")
    assert "A train for Saturday" in row_of(mara.get(f"{team}?scenario=late-parcel"), "Ada Quill")
    older = mara.get("/sessions", params={"scorer": OLDER})
    assert 2 == len(rows(older))
    assert "Farid Aziz" in older.text
    assert rows(mara.get(team)) == rows(mara.get(f"{team}?time=5&scenario=nope&scorer=nope"))


def test_filters_stay_on_the_way_to_other_pages(site: Site, mara: httpx.Client) -> None:
    """The tabs and the next page keep what was chosen."""
    page = mara.get(f"{site.team(TEAM)}?time=90&view=skills")
    links = [unescape(link) for link in re.findall(r'href="(\?[^"]*)"', page.text)]
    assert links
    assert [] == [link for link in links if "time=90" not in link]


def test_who_needs_what_counts_from_the_pass_marks(site: Site, mara: httpx.Client) -> None:
    """Greta is well above them, Hana about fifteen points below."""
    page = mara.get(f"{site.team(TEAM)}?view=skills")
    assert 3 == row_of(page, "Greta Lindqvist").count("enough")
    assert re.search(r"\b1\d short", row_of(page, "Hana Novak"))


def test_who_is_where_with_the_scenarios(site: Site, mara: httpx.Client) -> None:
    """Passed or not yet, and in how many tries."""
    page = mara.get(f"{site.team(TEAM)}?view=scenarios")
    assert "passed 2 tries" in row_of(page, "Ada Quill")
    assert "not yet 1 try" in row_of(page, "Chiara Russo")


def test_what_waits_is_on_the_first_page(mara: httpx.Client) -> None:
    """Two questions with their words, and one assignment that is overdue."""
    page = mara.get("/")
    assert "2 questions wait for an answer" in page.text
    assert "I did say sorry, right at the start." in page.text
    assert "1 overdue" in page.text
    assert "The run closes at three" in page.text


def test_an_assignment_that_was_passed_late_is_not_overdue(own: Site) -> None:
    """Ben passes what he was late with, and the team's list is empty."""
    with signed_in(own, MARA) as client:
        assert "1 overdue" in client.get("/").text
        finished(
            own.store, person_of(FIRST + 1), "late", own.clock.days_ago(0.1), (80, 80, 80),
            scenario="payroll", outcome="resolved", passed=True,
        )  # fmt: skip
        assert "overdue" not in client.get("/").text


def test_a_person_has_focus_assignments_and_all_sessions(site: Site, mara: httpx.Client) -> None:
    """With a chart whose numbers stand in a table behind it."""
    page = mara.get(site.person(FIRST))
    assert "Say what it is like for them before you look anything up." in page.text
    assert "Twenty minutes" in page.text
    assert "improved from" in page.text
    assert "The numbers as a table" in page.text
    # Behind the chart and in the list, each with its header.
    assert 2 * (1 + 9) == len(rows(page))


def test_sessions_go_on_where_the_page_before_ended(mara: httpx.Client) -> None:
    """All are seen once, newest first, over as many pages as it takes."""
    seen: list[str] = []
    path = "/sessions"
    while path:
        page = mara.get(path)
        seen += re.findall(r'<tr>\s*<th scope="row">(.*?)</tr>', page.text, re.DOTALL)
        older = re.search(r'href="(\?after=[^"]+)" rel="next"', page.text)
        path = f"/sessions{unescape(older[1])}" if older else ""
    moments = [re.search(r'datetime="([^"]+)"', row)[1] for row in seen]  # type: ignore[index]
    assert len(set(seen)) == len(seen) > 60
    assert sorted(moments, reverse=True) == moments


def test_a_team_without_anybody_says_how_to_begin(own: Site) -> None:
    """An empty page is an invitation, and no page fails for want of rows."""
    member(own.store, MARA, "Mara Lind", "supervisor", team="Quiet <b>")
    with signed_in(own, MARA) as client:
        for view in ("", "?view=skills", "?view=scenarios"):
            page = client.get(own.team("Quiet <b>") + view)
            assert "Nobody practises in Quiet &lt;b&gt; yet." in page.text


def test_pages_do_not_grow_with_the_number_of_sessions(own: Site) -> None:
    """A person with thirty times the sessions makes no page longer, and hardly any slower.

    Times are compared with those of the same page before, as the fastest of several.
    """
    paths = ("/", own.team(TEAM), own.team(TEAM) + "?view=scenarios", "/sessions")
    with signed_in(own, MARA) as client:
        before = {path: fastest(client, path) for path in paths}
        person = person_of(FIRST + 1)
        with own.store.transaction():
            for number in range(240):
                started = own.clock.days_ago(300 - number)
                finished(own.store, person, f"m-{number}", started, (40, 50, 60), turns=1)
        after = {path: fastest(client, path) for path in paths}
        for path in paths:
            assert len(client.get(path).content) < 60_000
    slower = {path: after[path] / before[path] for path in paths}
    assert {path: times for path, times in slower.items() if times > 3} == {}


def fastest(client: httpx.Client, path: str) -> float:
    """Seconds of the fastest of eight."""
    times = []
    for _ in range(8):
        began = time.perf_counter()
        assert 200 == client.get(path).status_code
        times.append(time.perf_counter() - began)
    return min(times)
