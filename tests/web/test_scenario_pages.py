"""How scenarios are doing: for whom it may be said, of whom, and what the bench and a check add."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from coachbot.coaching.people import person_of
from coachbot.coaching.publishing import ScenarioFile
from coachbot.coaching.reviewing import Feeling
from coachbot.customer.lines import keys
from coachbot.reporting.bench_models import (
    BenchResult,
    DifficultyFigures,
    Flag,
    KindFigures,
    LineFigures,
    QuestionFigures,
    Share,
)
from coachbot.reporting.scenario_overviews import OF_EACH, Doing
from coachbot.session import machine
from coachbot.store import open_store
from tests.session.made import begun, gone_on
from tests.web.conftest import browsing, signed_in
from tests.web.looking import complaints_of, serious_faults
from tests.web.made import (
    FIRST,
    IVO,
    MARA,
    NAMES,
    OTHER_TEAM,
    SCENARIOS,
    SCRIPT,
    TEAM,
    TOM,
    Clock,
    Site,
    a_score,
    member,
    running,
)

PARCEL = SCENARIOS.scenario("late-parcel").scenario
ACTS = [act.id for act in PARCEL.resolution.acts]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Site]:
    """A page on which four hires of Northgate have played one scenario, and one twice."""
    clock = Clock()
    with open_store(tmp_path / "coachbot.db") as store:
        member(store, MARA, "Mara Lind", "supervisor", "trainer")
        member(store, TOM, "Tom Aldous", "trainer")
        member(store, IVO, "Ivo Tanner", "supervisor", team=OTHER_TEAM)
        for number in range(5):
            member(store, FIRST + number, NAMES[number])
        with running(store, clock) as up:
            for number in range(4):
                played(up, number, f"p-{number}", days=5 - number)
            played(up, 0, "p-again", days=0.5, lost=True)
            yield up


def played(
    site: Site, hire: int, session_id: str, *, days: float, lost: bool = False, version: int = 1
) -> None:
    """Two replies: the first act, then a need; or a hot button, and the customer leaves."""
    session = begun(
        PARCEL,
        id=session_id,
        person=person_of(FIRST + hire),
        started=site.clock.days_ago(days),
        scenario_version=version,
    )
    worth = a_score((30.0, 40.0, 50.0))
    session = gone_on(session, "First.", worth=worth, acts=(ACTS[0],), mood=30.0)
    if lost:
        button = PARCEL.hot_buttons[0].id
        session = gone_on(
            session, "Last.", worth=worth, mood=10.0, buttons_pressed=(button,), outcome="left"
        )
    else:
        session = gone_on(
            session, "Last.", worth=worth, mood=60.0, acts=tuple(ACTS[1:]), outcome="resolved",
            needs_revealed=(PARCEL.needs[0].id,),
        )  # fmt: skip
    rated = machine.rate(session, None).model_copy(update={"passed": not lost})
    site.store.save(rated)


def text_of(page: httpx.Response) -> str:
    """What can be read on a page, in one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def a_bench(version: int = 1, **changes: object) -> BenchResult:
    """What the bench found, made by hand."""
    half = Share(value=0.5, low=0.3, high=0.7)
    kind = KindFigures(
        kind="excellent",
        sessions=3,
        passed=half,
        resolved=half,
        resolved_coldly=half,
        outcomes={"resolved": 3},
        turns=5.0,
        conceded=1.0,
        turns_until_conceding=3.0,
        mood=(20.0, 30.0, 60.0),
        values={"empathy": 50.0},
        margin=12.0,
    )
    values = {
        "scenario": "late-parcel",
        "title": "A train for Saturday",
        "version": version,
        "scorer": "minilm 7",
        "seeds": 1,
        "voices": ("a", "b", "c"),
        "own_words": False,
        "sessions": 3,
        "kinds": (kind,),
        "separation": half,
        "separation_by_scores": half,
        "difficulty": DifficultyFigures(intended="medium", measured=44.0, level="medium"),
        "lines": LineFigures(total=9, used=3, share=0.3, unreached_banks=(), dead=(), repeated=()),
        "questions": QuestionFigures(asked=4, answered=3, share=0.75, missed={}),
        "needs": (),
        "facts_volunteered": 0.0,
        "needs_volunteered": 0.0,
        "flags": (Flag(name="too_easy", means="Agents pass who should not.", do="Raise marks."),),
    }
    return BenchResult.model_validate({**values, **changes})


def test_the_figures_are_those_of_the_sessions(small: Site) -> None:
    """Four of five passed; an act missed once, a button pressed once, lost after reply 2."""
    doing = Doing(PARCEL, small.store.scenario_figures.attempts((TEAM,), "late-parcel"))
    assert (5, 4) == (doing.sessions, doing.people)
    assert (4, 5) == (doing.passed.count, doing.passed.of)
    assert 1 == doing.ended("left", "gave_up").count
    assert 50.0 == doing.mood
    assert [(2, 1)] == doing.lost_at
    missed = {part.what: part.count for part in doing.acts_missed}
    assert 0 == missed[PARCEL.resolution.acts[0].what]
    assert 1 == missed[PARCEL.resolution.acts[1].what]
    needs = {part.what: part.count for part in doing.needs_missed}
    assert 1 == needs[PARCEL.needs[0].what]
    assert 5 == needs[PARCEL.needs[1].what]
    pressed = {part.what: part.count for part in doing.buttons_pressed}
    assert 1 == pressed[PARCEL.hot_buttons[0].what]
    assert (40.0, 5) == doing.value("active_listening")


def test_endings_that_are_told_are_of_each_session_one(small: Site) -> None:
    """What passed isn't counted as resolved, too; small numbers are told as such."""
    doing = Doing(PARCEL, small.store.scenario_figures.attempts((TEAM,), "late-parcel"))
    parts = [doing.passed, doing.ended_without_pass("resolved"), doing.ended_without_pass("left")]
    assert ["4 of 5", "0 of 5", "1 of 5"] == [part.told for part in parts]
    assert doing.sessions == sum(part.count for part in parts)
    assert 4 == doing.ended("resolved").count
    many = Doing(PARCEL, list(doing.attempts) * 4)
    assert "80 %" == many.passed.told
    with signed_in(small, MARA) as mara:
        page = text_of(mara.get("/scenarios/late-parcel"))
    assert "passed 4 of 5 resolved, no pass 0 of 5 resolved coldly 0 of 5 lost the customer" in page
    assert f"{PARCEL.resolution.acts[1].what} Missed in 1 of 5" in page
    assert f"{PARCEL.resolution.acts[0].what} Never missed" in page
    assert f"{PARCEL.needs[0].what} Not found in 1 of 5" in page
    assert f"{PARCEL.hot_buttons[0].what} Pressed in 1 of 5" in page


def test_lines_never_said_are_told_with_their_place(small: Site) -> None:
    """Of the version that is played now; a line counts as said when all its messages were."""
    line = PARCEL.opening[0]
    said = frozenset(keys(line))
    attempts = small.store.scenario_figures.attempts((TEAM,), "late-parcel")
    told = [replace(one, said=said) for one in attempts]
    line_of = SCENARIOS.lines(SCENARIOS.scenario("late-parcel"))
    unsaid = Doing(PARCEL, told).unsaid(line_of)
    assert unsaid is not None
    assert 5 == unsaid.sessions
    assert line not in [place.line for _, place in unsaid.never]
    assert unsaid.said >= 1
    numbers = [number for number, _ in unsaid.never if number is not None]
    assert len(unsaid.never) == len(numbers)
    older = [replace(one, version=99) for one in attempts]
    assert Doing(PARCEL, older).unsaid(line_of) is None


def test_nobody_outweighs_the_others(small: Site) -> None:
    """Of each person the newest few first attempts count, however many there are."""
    for number in range(OF_EACH + 3):
        played(small, 1, f"more-{number}", days=1 + number / 10)
    attempts = small.store.scenario_figures.attempts((TEAM,), "late-parcel")
    assert OF_EACH == sum(one.person == person_of(FIRST + 1) for one in attempts)
    line = small.store.scenario_figures.lines((TEAM,), ["late-parcel"])["late-parcel"]
    assert len(attempts) == line.sessions


def test_a_trainer_sees_no_figures_of_a_few_people(small: Site) -> None:
    """Of four there are none, in the list and on the page; from five on, without a name."""
    with signed_in(small, TOM) as tom:
        listed = text_of(tom.get("/scenarios"))
        page = text_of(tom.get("/scenarios/late-parcel"))
        assert "fewer than 5 people" in listed
        assert "80 %" not in listed
        assert "Fewer than 5 people have finished it" in page
        assert "80 %" not in page
        assert "Being told" not in page
        played(small, 4, "p-fifth", days=1)
        page = text_of(tom.get("/scenarios/late-parcel"))
        assert "6 conversations by 5 people" in page
        assert "Second attempts at a reply are not counted." in page
        assert "passed 5 of 6 resolved, no pass 0 of 6 resolved coldly 0 of 6 lost" in page
        assert "5 of 6" in text_of(tom.get("/scenarios"))
        assert "after reply 2: once" in page
        assert "Newest sessions" not in page
        assert [] == [name for name in NAMES[:5] if name in page]


def test_their_supervisor_sees_them_and_the_sessions(small: Site) -> None:
    """Who may read the sessions anyway is told also of a few people, with links to them."""
    with signed_in(small, MARA) as mara:
        page = mara.get("/scenarios/late-parcel")
        assert "5 conversations by 4 people" in text_of(page)
        assert "/sessions/p-3" in page.text
        assert NAMES[3] in page.text


def test_a_supervisor_of_one_team_is_protected_in_the_other(small: Site) -> None:
    """A trainer there, of people whose sessions they may not read, sees figures as trainers do."""
    member(small.store, MARA, "Mara Lind", "trainer", team=OTHER_TEAM)
    with signed_in(small, MARA) as mara:
        assert "fewer than 5 people" in text_of(mara.get("/scenarios"))
        assert "Fewer than 5" in text_of(mara.get("/scenarios/late-parcel"))


def test_other_teams_do_not_count(small: Site) -> None:
    """Harbour's supervisor sees nothing of Northgate's sessions."""
    with signed_in(small, IVO) as ivo:
        page = text_of(ivo.get("/scenarios/late-parcel"))
        assert "Nobody has finished it yet" in page
        assert [] == [name for name in NAMES[:5] if name in page]


def test_how_it_felt_is_said_of_enough_people(small: Site) -> None:
    """Four of four is too few for everybody."""
    for number in range(4):
        small.store.reviews.set_feeling(
            Feeling(session=f"p-{number}", feeling=5, said=small.clock.iso())
        )
    with signed_in(small, MARA) as mara:
        assert "It felt" not in text_of(mara.get("/scenarios/late-parcel"))
        played(small, 4, "p-fifth", days=1)
        small.store.reviews.set_feeling(
            Feeling(session="p-fifth", feeling=5, said=small.clock.iso())
        )
        assert "It felt very good to most" in text_of(mara.get("/scenarios/late-parcel"))


def test_without_a_bench_the_command_is_named(small: Site) -> None:
    """And with one: when, by which scorer, its flags, its chart, and whether it is out of date."""
    with signed_in(small, TOM) as tom:
        none = text_of(tom.get("/scenarios/late-parcel"))
        assert "coachbot scenarios bench late-parcel --save" in none
        small.store.benches.keep("late-parcel", a_bench(), small.clock.days_ago(3))
        page = tom.get("/scenarios/late-parcel")
        assert "run 3 days ago with minilm 7" in text_of(page)
        assert "Agents pass who should not." in text_of(page)
        assert 'role="img"' in page.text
        assert "--save" not in text_of(page)
        assert "1 flag, difficulty 44 3 days ago" in text_of(tom.get("/scenarios"))
        small.store.benches.keep("late-parcel", a_bench(version=9), small.clock.days_ago(1))
        older = text_of(tom.get("/scenarios/late-parcel"))
        assert "This was version 9; the file is at 1 now" in older
        assert "coachbot scenarios bench late-parcel --save" in older


def test_a_result_that_can_not_be_read_any_more_is_none(small: Site) -> None:
    """An earlier CoachBot's, which counted otherwise: the page asks to have it run again."""
    small.store.benches.keep("late-parcel", a_bench(), small.clock.iso())
    with small.store._database.writing() as db:
        db.execute("UPDATE bench_results SET result = json_remove(result, '$.kinds')")
    with signed_in(small, TOM) as tom:
        assert "No bench has been run" in text_of(tom.get("/scenarios/late-parcel"))


def draft(site: Site, content: str, *, version: int = 1, team: str = TEAM) -> None:
    """A file that a trainer has sent."""
    site.store.scenario_files.add(
        ScenarioFile(
            scenario="our-parcel",
            version=version,
            team=team,
            content=content,
            sent=site.clock.iso(),
            sent_by=person_of(TOM),
        )
    )


OURS = (Path(__file__).parents[2] / "scenarios" / "late-parcel.yaml").read_text("utf-8")
OURS = OURS.replace("id: late-parcel", "id: our-parcel", 1)


def test_a_file_that_was_sent_is_checked(small: Site) -> None:
    """Its trainer sees the draft and what is wrong with it by line and column; nobody else does."""
    draft(small, OURS.replace("title: ", f'title: "{SCRIPT}" #', 1))
    draft(small, OURS.replace("difficulty: hard", "difficulty: huge", 1), version=2)
    line = OURS.splitlines().index("difficulty: hard") + 1
    with signed_in(small, TOM) as tom, signed_in(small, IVO) as ivo:
        assert "our-parcel Draft" in text_of(tom.get("/scenarios"))
        page = text_of(tom.get("/scenarios/our-parcel"))
        assert "A draft: nobody is offered it." in page
        assert re.search(rf"Mistake Line {line}, column \d+ : ", page), page
        assert "1 mistake" in page
        assert 404 == ivo.get("/scenarios/our-parcel").status_code
        small.store.scenario_files.throw_away("our-parcel", 2, small.clock.iso())
        shown = tom.get("/scenarios/our-parcel")
        assert SCRIPT not in shown.text
        assert "our-parcel.yaml has no mistakes" in text_of(shown)


@pytest.mark.parametrize(
    "name", ["nothing", "late-parcel@1", "..%2Flate-parcel", "%2Fetc%2Fpasswd", "late-parcel.yaml"]
)
def test_what_is_offered_to_nobody_is_nowhere(small: Site, name: str) -> None:
    """Paths and versions are no names of scenarios here."""
    with signed_in(small, TOM) as tom:
        assert 404 == tom.get(f"/scenarios/{name}").status_code


def test_trainees_and_strangers_get_no_figures(small: Site) -> None:
    """One is told whom the page is for, the other is asked to sign in."""
    with signed_in(small, FIRST) as ada:
        assert 403 == ada.get("/scenarios").status_code
        assert 403 == ada.get("/scenarios/late-parcel").status_code
    assert 303 == httpx.get(f"{small.url}/scenarios/late-parcel").status_code


def test_in_the_browser_nothing_is_amiss(small: Site, chromium: Browser) -> None:
    """With everything on the page: wide, narrow, light and dark, small enough, and no jump."""
    small.store.benches.keep("late-parcel", a_bench(), small.clock.days_ago(3))
    context = browsing(small, chromium, MARA)
    page = context.new_page()
    complaints = complaints_of(page)
    for path in ("/scenarios", "/scenarios/late-parcel"):
        answer = page.goto(small.url + path)
        assert answer is not None
        assert len(answer.body()) < 100_000
        for details in page.locator("main details").all():
            details.evaluate("e => e.open = true")
        assert [] == serious_faults(page)
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert [] == complaints
    context.close()
