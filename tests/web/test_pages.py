"""What the pages show: of whom, narrowed to what, and said only where it is sure."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from itertools import pairwise

import httpx
import pytest

from coachbot.coaching.people import person_of
from coachbot.reporting.change import Change, Measured
from coachbot.reporting.overviews import Lately, Scored, neediest_first, needs_of
from coachbot.reporting.team import recommended
from coachbot.scenario.models import PassMarks
from tests.web.conftest import signed_in
from tests.web.made import (
    FIRST,
    MARA,
    NAMES,
    OLDER,
    PLAYED,
    TEAM,
    TOM,
    Site,
    finished,
    member,
)


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
    # 8.8 days, which are nine days of the calendar until the evening.
    assert re.search("[89] days ago", row_of(recent, "Ada Quill"))
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
    """Greta is well above them, Hana about fifteen points below; of how many sessions is said."""
    first, last = (mara.get(f"{site.team(TEAM)}?view=skills&page={n}") for n in (1, 2))
    assert 3 == row_of(last, "Greta Lindqvist").count("enough")
    assert re.search(r"\b1\d short of \d\d\b.* \d session", row_of(first, "Hana Novak"))


def test_who_needs_most_comes_first(site: Site, mara: httpx.Client) -> None:
    """Over all pages: clear gaps by size, then those within the error, then who has no scores."""
    found: list[list[tuple[int, bool]]] = []
    last = ""
    for number in (1, 2):
        for row in rows(mara.get(f"{site.team(TEAM)}?view=skills&page={number}"))[1:]:
            gaps = re.findall(r"(\d+|just) short of \d+( within the error)?", row)
            found.append([(0 if n == "just" else int(n), not grey) for n, grey in gaps])
            last = row
    assert 25 == len(found) + 1 == len(rows(mara.get(site.team(TEAM)))) + 4
    clear = [max((n for n, sure in one if sure), default=-1) for one in found]
    # Numbers are rounded, so that neighbours may seem to have changed places by one.
    assert all(before >= after - 1 for before, after in pairwise(clear))
    assert clear[0] >= 15
    assert -1 == clear[-1]
    assert " – – – " in last


def test_a_gap_within_the_error_is_grey() -> None:
    """A few points are, with wide ranges; fewer over three sessions with narrow ones aren't."""

    def people(name: str, score: float, reach: float, sessions: int) -> Lately:
        value = Measured.of(score, score - reach, score + reach)
        return Lately(name, name, last={"empathy": (Scored("late-parcel", value),) * sessions})

    marks = {"late-parcel": PassMarks(empathy=60)}
    unsure, sure, well = people("a", 45, 16, 1), people("b", 50, 4, 3), people("c", 80, 4, 3)
    need = needs_of(unsure.last, marks)["empathy"]
    # 16 / 1.28 = 12.5 points, times 1.96 = 24.5: more than the gap of 15.
    assert (15.0, 1, 12.5, False) == (need.short, need.sessions, need.error, need.clear)
    need = needs_of(sure.last, marks)["empathy"]
    assert need.error == pytest.approx(4 / 1.28 / 3**0.5)
    assert need.clear
    assert ["b", "a", "c", "d"] == [
        one.person for one in neediest_first([Lately("d", "d"), well, unsure, sure], marks)
    ]


def test_what_to_practise_next_is_what_the_bot_says(site: Site, mara: httpx.Client) -> None:
    """The same scenario for the same skill."""
    page = mara.get(f"{site.team(TEAM)}?view=skills")
    scenarios = site.office.repertoire.scenarios((TEAM,))
    best = recommended(site.store.progress(person_of(FIRST + 7)), scenarios)
    assert best is not None
    assert best.dimension is not None
    row = row_of(page, NAMES[7])
    assert row.endswith(f"{best.title} for {best.dimension.replace('_', ' ')}")


def test_who_is_where_with_the_scenarios(site: Site, mara: httpx.Client) -> None:
    """Passed or not yet, and in how many tries."""
    page = mara.get(f"{site.team(TEAM)}?view=scenarios")
    assert "passed 2 tries" in row_of(page, "Ada Quill")
    assert "not yet 1 try" in row_of(page, "Chiara Russo")
    # What nobody has practised has no column, and is named below.
    headings = rows(page)[0]
    titles = {one.id: one.title for one in site.office.repertoire.scenarios((TEAM,))}
    others = [title for name, title in titles.items() if name not in PLAYED]
    assert all(titles[name] in headings for name in PLAYED)
    assert not any(title in headings for title in others)
    named = unescape(page.text).partition(f"practised {len(others)} other scenarios yet: ")[2]
    assert named.startswith("; ".join(others))
    assert "The table goes on to the right." in page.text


def test_sessions_can_be_narrowed_to_what_waits(own: Site) -> None:
    """By person, by how they ended, with a question, not graded, and not opened by oneself."""
    chosen = {
        "person": own.key("person", person_of(FIRST + 1)),
    }
    with signed_in(own, MARA) as client:

        def sessions(**query: str) -> set[str]:
            page = client.get("/sessions", params=query)
            assert 200 == page.status_code
            older = re.search(r'href="(\?after=[^"]+)" rel="next"', page.text)
            assert older is None or len(query) == 0
            return set(re.findall(r'href="/sessions/([^"/]+)"', page.text))

        hers = sessions(**chosen)
        assert {f"s-1-{n}" for n in range(8)} == hers
        assert {"s-2-0"} == sessions(only="question")
        assert set() == sessions(only="question", **chosen)
        passed, left = (sessions(result=r) for r in ("passed", "left"))
        assert passed
        assert left
        for name in passed | left:
            session = own.store.get(name)
            assert (name in passed) == bool(session.passed)
        assert {"left"} == {own.store.get(name).outcome for name in left}
        mara = person_of(MARA)
        own.office.reviewing.grade_blind("s-1-3", "empathy", 50, graded_by=mara)
        assert hers - {"s-1-3"} == sessions(only="ungraded", **chosen)
        own.office.blind.look(["s-1-4"], mara)
        assert hers - {"s-1-3", "s-1-4"} <= sessions(only="unopened", **chosen) <= hers - {"s-1-4"}
        assert hers == sessions(only="nothing", **chosen)
        page = client.get("/sessions", params={**chosen, "only": "question"})
        assert "No session fits." in page.text


def test_a_list_says_who_graded_and_what_the_outcomes_mean(own: Site) -> None:
    """Oneself, somebody else, and who of them had not seen the score."""
    own.office.reviewing.grade_blind("s-1-3", "empathy", 50, graded_by=person_of(MARA))
    own.office.reviewing.correct(
        "s-1-3", "empathy", 60, graded_by=person_of(TOM), comment="Warm enough."
    )
    with signed_in(own, MARA) as client:
        page = client.get(own.person(FIRST + 1))
    (row,) = [row for row in rows(page) if "Graded" in row]
    assert "Graded blind by you Graded by Tom Aldous" in row
    assert "What the outcomes mean" in page.text
    assert 1 == page.text.count("Everything was done, but the customer was not won over.")


def test_a_change_that_is_just_too_small_does_not_contradict_itself() -> None:
    """21 and 44 are 23 apart when rounded, and 23 is what it takes: the truth has a decimal."""
    found = Change("unclear", 21.4, 43.6, 22.8)
    assert (
        "21 at first, 44 lately; that is 22.2 points, just under the 22.8 that it takes"
        == found.compared
    )
    assert "21 at first, 30 lately; it would take 23 points" == (
        Change("unclear", 21.4, 30.2, 22.8).compared
    )
    close = Change("unclear", 20.0, 42.79, 22.81)
    assert close.compared.endswith("just under the 22.8 points that it takes")


def test_sessions_are_counted_alike_on_both_pages(own: Site) -> None:
    """Without second attempts, which stand in the list and say so."""
    first = own.store.get("s-1-0")
    again = first.model_copy(update={"id": "again", "retry_of": "s-1-0", "branched_at": 2})
    own.store.save(again)
    with signed_in(own, MARA) as client:
        assert "8 sessions" in row_of(client.get(own.team(TEAM)), "Ben Okafor")
        page = client.get(own.person(FIRST + 1))
        assert "8 sessions" in page.text
        assert "9 sessions" not in page.text
        assert "Second attempts stand here, too. They count nowhere" in page.text


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


def test_second_attempts_are_no_sessions_in_the_chart(own: Site) -> None:
    """They are drawn, and neither counted nor numbered."""
    hire = member(own.store, 990, "Una Late")
    first = finished(own.store, hire.person, "u" * 32, own.clock.days_ago(3), (40, 40, 40))
    again = {"id": "v" * 32, "retry_of": first.id, "branched_at": 1}
    own.store.save(first.model_copy(update=again))
    with signed_in(own, MARA) as client:
        assert "1 session, 1 tried again" in client.get(own.person(990)).text


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
