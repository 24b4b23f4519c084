"""The trust page: verdicts and figures, what to grade next, the preview, and marks elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext

from coachbot.coaching.people import person_of
from coachbot.models.examples import read_exported
from coachbot.store import open_store
from tests.coaching.test_previewing import Told
from tests.web.conftest import browsing, signed_in
from tests.web.graded import OTHER, a_preview, grade
from tests.web.looking import NARROW, WIDE, complaints_of, serious_faults
from tests.web.made import (
    FIRST,
    IVO,
    MARA,
    OLDER,
    OTHER_TEAM,
    SCORER,
    TEAM,
    TOM,
    Clock,
    Site,
    fill,
    finished,
    member,
    running,
)
from tests.web.test_pages import row_of, rows


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A page with 36 graded sessions, which tests only read."""
    clock = Clock()
    with open_store(tmp_path_factory.mktemp("trust") / "coachbot.db") as store:
        fill(store, clock)
        with running(store, clock) as up:
            grade(store, up.office.reviewing, clock)
            store.previews.keep(a_preview(store, ["g-1", "g-2"], Told(60)), clock.days_ago(1))
            yield up


@pytest.fixture(scope="module")
def mara(graded: Site) -> Iterator[httpx.Client]:
    """The supervisor of Northgate."""
    with signed_in(graded, MARA) as client:
        yield client


def plain(text: str) -> str:
    """A page as text."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def part(page: httpx.Response, begin: str) -> str:
    """The section of a page whose heading has this id, as text."""
    found = page.text.partition(f'aria-labelledby="{begin}"')[2].partition("</section>")[0]
    assert found
    return plain(found)


def test_before_anybody_graded_the_page_says_what_to_do(site: Site) -> None:
    """No verdict, no mark; how to earn trust, and which conversations to begin with."""
    with signed_in(site, MARA) as client:
        page = client.get("/trust")
        assert "Nobody has graded a conversation yet" in page.text
        assert "From 30 of them on there is a verdict" in page.text
        assert 10 == page.text.count("Grade blind<")
        assert "for practice only" not in client.get(site.team(TEAM)).text


def test_each_skill_has_its_verdict_in_plain_words(mara: httpx.Client) -> None:
    """Grades 4 points off are trusted, 38 points off are not, and six are too few to say."""
    page = mara.get("/trust")
    said = part(page, "verdicts")
    assert f"The scorer is {SCORER}." in said
    assert re.search(r"Empathy Trusted People who graded .* 36 sessions graded blind", said)
    assert re.search(r"Active listening For practice only People grade this differently", said)
    assert re.search(r"Individualized treatment Not enough grades .*6 of 30 sessions", said)
    # Each of the words that need it is explained before it is used, in what can be unfolded.
    plainly, _, folded = page.text.partition("<details class")
    assert "kappa" not in plain(plainly).casefold()
    assert "Kappa says how far two graders agree" in plain(folded)
    assert "Over 36 sessions graded blind, kappa is" in plain(folded)


def test_how_many_more_grades_it_takes_is_one_number(mara: httpx.Client) -> None:
    """With a bar; how sure kappa will be is said of a skill only when it has its verdict."""
    said = part(mara.get("/trust"), "verdicts")
    assert "24 more until there is a verdict." in said
    assert 1 == said.count("more until")
    treatment = said.partition("Individualized treatment. ")[2].partition(" The scorer is")[0]
    assert "until kappa is known" not in treatment
    assert 'd="M0 4H20"' in mara.get("/trust").text
    assert "Up to 24 more are needed, and " in said
    assert " wait for you below." in said


def test_the_first_sentence_says_what_the_grades_come_to(own: Site) -> None:
    """Graders give more than the program on two skills, of 7 conversations; so far."""
    person, grader = person_of(FIRST), person_of(MARA)
    for number in range(7):
        name = f"low-{number}"
        finished(own.store, person, name, own.clock.days_ago(9 - number), (40, 45, 50))
        own.office.reviewing.grade_blind(name, "empathy", 48, graded_by=grader)
        own.office.reviewing.grade_blind(
            name, "active_listening", 56 + number % 2, graded_by=grader
        )
    with signed_in(own, MARA) as client:
        first = plain(client.get("/trust").text)
        needs = plain(client.get(f"{own.team(TEAM)}?view=skills").text)
        export = plain(client.get("/export").text)
    assert (
        "So far your graders give 8 to 11 points more than the program on empathy and active "
        "listening (7 sessions graded blind). That is on average, not in every conversation; on "
        "individualized treatment no difference is clear. It is not yet enough to say how far "
        "they agree conversation by conversation: that takes 30 sessions graded blind."
    ) in first
    assert first.index("So far your graders") < first.index("Verdicts")
    assert "8 to 11 points more than the program on empathy and active listening" in needs
    assert "A gap of that size may be the program’s and not the person’s." in needs
    # And nobody is promised on each page what isn't known.
    assert "is meant to cover a person’s grade in 8 of 10 cases; Trust says how far" in export


def test_where_too_few_are_left_to_grade_it_says_what_brings_more(own: Site) -> None:
    """Three hires have fewer conversations than a verdict takes; then there are no others."""
    grader = person_of(MARA)
    own.office.reviewing.grade_blind("s-0-0", "empathy", 40, graded_by=grader)
    with signed_in(own, MARA) as client:
        left = own.office.trusting.offer((TEAM,), grader=grader).new
        page = client.get("/trust")
        said = part(page, "verdicts")
        assert 10 < left < 29
        assert f"only {left} conversations are left that you can grade blind" in said
        assert "a second supervisor" in said
        seen: list[tuple[str, str]] = []
        for draw in range(1, 9):
            page = client.get("/trust", params={"draw": draw})
            rows = re.findall(
                r'data-label="Why"><span>(.*?)</span>.*?href="/grade/([^"]+)"', page.text, re.DOTALL
            )
            seen += rows
            if "Propose others" not in page.text:
                break
        # Each once, in the same order whenever one asks, and said where there are no others.
        assert left == len({name for _, name in seen}) == len(seen)
        assert "These are the last that you can grade blind at the moment." in plain(page.text)
        again = client.get("/trust", params={"draw": 2})
        assert all(f'href="/grade/{name}"' in again.text for _, name in seen[10:20])
        for _, name in seen[5:]:
            own.office.blind.look([name], grader)
        page = client.get("/trust")
        assert "Propose others" not in page.text
        assert "There are no others that you can grade blind" in plain(page.text)


def test_figures_are_those_of_the_use_case(graded: Site, mara: httpx.Client) -> None:
    """Scorer against people, people against people, the ranges, and how many of each."""
    page = graded.office.trusting.page((TEAM,))
    assert page is not None
    one = page.dimensions[0]
    said = part(mara.get("/trust"), "of-empathy")
    assert "48 grades of 36 sessions" in said
    assert "12 pairs, 12 both blind" in said
    for found in (one.blind.kappa, one.people.kappa):
        assert f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})" in said
    assert f"{one.blind.within.value:.0%}" in said
    assert f"{one.ranges.value:.0%} ({one.ranges.low:.0%} to {one.ranges.high:.0%})" in said
    assert "Nobody has graded" not in said


def test_leans_are_shown_by_scenario_length_and_team_with_their_sizes(
    mara: httpx.Client,
) -> None:
    """Each group with its grades and conversations; the team since eight of it were graded."""
    page = mara.get("/trust")
    found = [row for row in rows(page) if row.startswith("A train for Saturday ")]
    assert any(row.endswith(" no clear lean 24 12") for row in found)
    assert any(row.startswith(f"{TEAM} ") and row.endswith(" 48 36") for row in rows(page))
    assert any(row.startswith("up to 8 characters ") for row in rows(page))


def test_the_chart_has_its_numbers_behind_it(mara: httpx.Client) -> None:
    """Nine rows: three skills, three kinds of graders."""
    page = mara.get("/trust")
    assert 'aria-label="Empathy: trusted; Active listening: for practice only' in page.text
    behind = [r for r in rows(page) if "Scores and blind grades" in r or "People with each" in r]
    assert "asked for: 0.60" in page.text
    assert 6 == len([r for r in behind if re.search(r"\d\.\d\d -?\d\.\d\d -?\d\.\d\d \d+$", r)])


def test_a_scorer_that_can_be_chosen_has_its_own_verdicts(own: Site) -> None:
    """The one that was graded last comes first; another's grades bear nothing on it."""
    person = person_of(FIRST)
    for number, scorer in enumerate((OLDER, SCORER)):
        finished(own.store, person, f"v-{number}", own.clock.days_ago(3), (50,) * 3, scorer=scorer)
        own.office.reviewing.grade_blind(f"v-{number}", "empathy", 50, graded_by=person_of(MARA))
        own.clock.ahead += own.clock.ahead.__class__(seconds=2)
    with signed_in(own, MARA) as client:
        first, other = (own.store.trust.scorers()[n][0] for n in (0, 1))
        assert f"The scorer is {first}." in client.get("/trust").text
        assert f"The scorer is {other}." in client.get("/trust", params={"scorer": other}).text
        assert f"The scorer is {first}." in client.get("/trust?scorer=nope").text


def test_what_to_grade_next_tells_nothing_of_scores_or_names(
    graded: Site, mara: httpx.Client
) -> None:
    """Ten conversations with a reason each, the way to grade them, and others on request."""
    page = mara.get("/trust")
    said = part(page, "next")
    sessions = re.findall(r'href="/grade/([^"]+)"', page.text)
    assert 10 == len(set(sessions))
    assert "Drawn at random, to stand for all sessions" in said
    people = {graded.store.get(name).person for name in sessions}
    for person in people:
        found = graded.store.people.member(person)
        assert found is not None
        assert found.name not in said
    assert not re.search(r"\d+–\d+|near \d", said)
    others = re.findall(r'href="/grade/([^"]+)"', mara.get("/trust?draw=2").text)
    assert sessions != others


def test_what_somebody_has_seen_or_graded_is_not_proposed(own: Site) -> None:
    """Opening a conversation with its scores takes it out of their list, and of no other's."""
    member(own.store, OTHER, "Nils Aas", "supervisor")
    with signed_in(own, MARA) as client, signed_in(own, OTHER) as other:
        before = set(re.findall(r'href="/grade/([^"]+)"', client.get("/trust").text))
        name = min(before)
        assert 200 == client.get(f"/sessions/{name}").status_code
        assert f"/grade/{name}" not in client.get("/trust").text
        assert f"/grade/{name}" in " ".join(
            other.get(f"/trust?draw={draw}").text for draw in range(1, 9)
        )


def test_figures_proposals_and_examples_are_of_ones_own_teams(graded: Site) -> None:
    """Harbour's supervisor sees the verdict, which is the scorer's, and nothing of Northgate."""
    with signed_in(graded, IVO) as client:
        page = client.get("/trust")
        assert "Active listening For practice only" in part(page, "verdicts")
        assert "Nobody has graded empathy in your teams" in plain(page.text)
        assert set(re.findall(r'href="/grade/([^"]+)"', page.text)) <= {
            "elsewhere-0",
            "elsewhere-1",
        }
        assert TEAM not in page.text
        key = graded.key("team", TEAM)
        assert plain(page.text) == plain(client.get("/trust", params={"team": key}).text)
        assert "A train for Saturday" not in part(page, "teach")
        assert 404 == client.get("/trust/grades.jsonl").status_code
        assert 404 == client.get("/trust/grades.jsonl", params={"team": key}).status_code


@pytest.mark.parametrize("path", ["/trust", "/trust/grades.jsonl"])
def test_only_supervisors_come_here(graded: Site, path: str) -> None:
    """A trainer finds nothing; a trainee is told whom the page is for; a stranger signs in."""
    with signed_in(graded, TOM) as trainer:
        assert 404 == trainer.get(path).status_code
        assert "/trust" not in trainer.get("/").text
    with signed_in(graded, FIRST) as trainee:
        assert 403 == trainee.get(path).status_code
    assert 303 == httpx.get(graded.url + path).status_code


def test_a_team_can_be_chosen(own: Site) -> None:
    """By whoever supervises two: the figures are then that team's."""
    member(own.store, MARA, "Mara Lind", "supervisor", team=OTHER_TEAM)
    with signed_in(own, MARA) as client:
        key = own.key("team", OTHER_TEAM)
        page = client.get("/trust", params={"team": key})
        assert {"elsewhere-0", "elsewhere-1"} == set(
            re.findall(r'href="/grade/([^"]+)"', page.text)
        )
        assert f"/trust/grades.jsonl?team={key}" in page.text


def test_grades_come_as_examples_that_training_reads(own: Site, tmp_path: Path) -> None:
    """A file to keep, masked; a page that says why where there is nothing to hand out."""
    with signed_in(own, MARA) as client:
        nothing = client.get("/trust/grades.jsonl")
        assert (404, True) == (nothing.status_code, "No grades to hand out yet" in nothing.text)
        own.office.reviewing.correct(
            "s-0-0", "empathy", 70, graded_by=person_of(MARA), comment="Warm.", turn=1
        )
        answer = client.get("/trust/grades.jsonl")
        assert 'attachment; filename="grades.jsonl"' == answer.headers["content-disposition"]
        assert "no-store" in answer.headers["cache-control"]
    file = tmp_path / "grades.jsonl"
    file.write_text(answer.text, "utf-8")
    (one,) = read_exported([file], [])
    assert ("Reply 1.", 70) == (one.replies[0].text, one.replies[0].grades["empathy"])
    assert "Ada" not in json.dumps(one.model_dump(mode="json"))


def test_a_kept_preview_is_shown_with_what_it_means(mara: httpx.Client) -> None:
    """What would change, by which grades it is better matched, and one's own conversations."""
    said = part(mara.get("/trust"), "teach")
    assert "The last preview: minilm 2" in said
    assert "2 sessions scored anew" in said
    assert "Too few graded to say 2 blind grades: off by" in said
    assert "→ 60" in said
    assert "coachbot scorer preview --models new-models --keep" in said


def test_without_a_preview_the_page_says_how_to_make_one(site: Site) -> None:
    """The steps on the machine, in their order."""
    with signed_in(site, MARA) as client:
        page = client.get("/trust")
    said = part(page, "teach")
    assert "No preview of a new scorer has been kept yet" in said
    # For whoever runs the program, and out of the way of all others.
    assert "scorer train" not in re.sub(r"(?s)<details.*?</details>", "", page.text)
    assert said.index("scorer train") < said.index("scorer preview") < said.index("MODELS")


def test_what_is_for_practice_only_is_marked_wherever_it_stands(
    graded: Site, mara: httpx.Client
) -> None:
    """In each list and view of scores: listening, by this scorer, and nothing else."""
    for path, name in (
        (graded.team(TEAM), "Ada Quill"),
        (f"{graded.team(TEAM)}?view=skills", "Ben Okafor"),
    ):
        page = mara.get(path)
        assert 1 == row_of(page, name).count("for practice only"), path
        assert "agree too little with these scores" in page.text
    assert 1 == part(mara.get(graded.person(FIRST)), "skills").count("for practice only")
    for path in ("/", "/sessions", graded.person(FIRST)):
        page = mara.get(path)
        marks = [row.count("for practice only") for row in rows(page) if " ago " in row]
        assert {1} == set(marks), path
    older = mara.get("/sessions", params={"scorer": OLDER})
    assert "for practice only" not in older.text


@pytest.fixture(scope="module")
def window(graded: Site, chromium: Browser) -> Iterator[BrowserContext]:
    """A window of the supervisor of Northgate."""
    context = browsing(graded, chromium, MARA, viewport=WIDE)
    yield context
    context.close()


@pytest.mark.parametrize("path", ["/trust", "skills", "scores"])
def test_axe_finds_no_serious_fault_where_grades_are(
    graded: Site, window: BrowserContext, path: str
) -> None:
    """With everything unfolded, wide and narrow, light and dark; nobody scrolls sideways."""
    page = window.new_page()
    complaints = complaints_of(page)
    page.goto(graded.url + (path if path == "/trust" else f"{graded.team(TEAM)}?view={path}"))
    for unfold in page.locator("main summary").all():
        unfold.click()
    assert [] == serious_faults(page)
    page.set_viewport_size(NARROW)
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.close()
    assert beyond <= 0
    assert [] == complaints


def test_from_the_proposal_to_the_verdict_by_hand(own: Site, chromium: Browser) -> None:
    """Somebody opens a proposal, grades it without a score in sight, and it counts at once."""
    context = browsing(own, chromium, MARA, viewport=WIDE)
    page = context.new_page()
    page.goto(f"{own.url}/trust")
    assert page.get_by_text("so nobody knows").is_visible()
    link = page.get_by_role("link", name="Grade blind").first
    name = (link.get_attribute("href") or "").rpartition("/")[2]
    link.click()
    page.wait_for_url(f"**/grade/{name}")
    own.office.reviewing.grade_blind(name, "empathy", 60, graded_by=person_of(MARA))
    page.goto(f"{own.url}/trust")
    assert page.get_by_text("1 of 30 sessions graded blind").first.is_visible()
    assert page.locator(f"a[href='/grade/{name}']").count() == 0
    context.close()
