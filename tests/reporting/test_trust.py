"""How far a scorer is trusted: figures from a real database, and the mark wherever it shows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from coachbot.agreement.verdict import ENOUGH
from coachbot.bootstrap import library
from coachbot.customer.state import CustomerState
from coachbot.reporting.charts import debrief_card
from coachbot.reporting.debrief import Debrief, debrief
from coachbot.reporting.export import csv_lines
from coachbot.reporting.progress import development
from coachbot.reporting.team import team_overview
from coachbot.reporting.trust import (
    PRACTICE_ONLY,
    GradedRow,
    agreement,
    kept_from,
    people_agreement,
    trust_page,
)
from coachbot.reporting.trust_text import trust_lines
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.store import Store, open_store
from coachbot.telegram.rendering import debrief_caption, debrief_pages
from coachbot.telegram.rendering.progress import progress_text
from coachbot.telegram.rendering.supervising import team_text
from coachbot.terminal import debriefing, progressing
from tests.reporting.graded import NOW, desk, graded_blind, join, session_with

TODAY = datetime.fromisoformat(NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A team North of ada, supervised by sol and pia."""
    with open_store(tmp_path / "coachbot.db") as opened:
        join(opened, "ada")
        for name in ("sol", "pia"):
            join(opened, name, role="supervisor")
        yield opened


def row(session: str, grade: float, score: float | None = 50.0, **changes: object) -> GradedRow:
    """A blind grade of a session's empathy by sol."""
    values: dict[str, object] = {
        "id": f"{session}-{grade}-{changes.get('graded_by', 'sol')}",
        "session": session,
        "turn": None,
        "dimension": "empathy",
        "graded_by": "sol",
        "grade": grade,
        "score": score,
        "low": 40.0,
        "high": 60.0,
        "scorer": "minilm 1",
        "blind": True,
        "graded": NOW,
        "scenario": "late-parcel",
        "person": "ada",
        "length": 100.0,
    }
    return GradedRow(**{**values, **changes})  # type: ignore[arg-type]


# --- Figures -------------------------------------------------------------------------------------


def test_agreement_by_hand() -> None:
    """Three sessions: 10 too low, right, and 30 too high."""
    found = agreement([row("a", 60), row("b", 50), row("c", 20), row("d", 20, score=None)])
    assert 3 == found.bias.rows
    # (50 - 60 + 0 + 50 - 20) / 3 = 20 / 3; two of three are within ten points.
    assert found.bias.value == pytest.approx(20 / 3)
    assert found.within.value == pytest.approx(2 / 3)
    # The scores are all alike: kappa is 0, as by chance.
    assert found.kappa.value == pytest.approx(0.0)


def test_of_each_graders_grades_the_newest_counts() -> None:
    """Whoever thinks again is not asked twice."""
    rows = [row("a", 0, score=50), row("a", 50, score=50), row("b", 100, score=100)]
    kept = kept_from("minilm 1", "empathy", rows, NOW)
    assert (2, 2, 1.0) == (kept.blind.rows, kept.blind.clusters, kept.blind.value)


def test_people_are_compared_where_the_later_one_was_blind() -> None:
    """The first may have seen the score; of two who both saw it nothing is said of people."""
    rows = [
        row("a", 0, blind=False),
        row("a", 25, graded_by="pia"),
        row("b", 50),
        row("b", 50, graded_by="pia"),
        row("c", 100, blind=False),
        row("c", 0, graded_by="pia", blind=False),
        row("d", 10),
    ]
    found = people_agreement(rows)
    assert (2, 2, 1) == (found.kappa.rows, found.kappa.clusters, found.both_blind)
    # As anchors (0, 1) and (2, 2): observed 1, expected 0 + 1 + 4 + 4 - 2 * 2 * 3 / 2 = 3.
    assert found.kappa.value == pytest.approx(2 / 3)
    assert 0.5 == found.within.value
    # Within: 2 * 25^2 / 4 = 312.5; among {0, 25, 50, 50}: 2 * (625 + 2500 + 2500 + 625 + 625) / 12.
    assert found.alpha.value == pytest.approx(1 - 312.5 / (2 * 6875 / 12))


def test_a_blind_grade_counts_whatever_is_given_afterwards() -> None:
    """Whoever corrects or confirms after seeing the score takes nothing out of the figures."""
    blind = [
        row("a", 25),
        row("a", 40, graded_by="pia"),
        row("b", 50),
        row("b", 60, graded_by="pia"),
    ]
    later = [
        row("a", 90, blind=False),
        row("a", 50, graded_by="pia", blind=False),
        row("b", 70, turn=1, blind=False),
    ]
    assert kept_from("minilm 1", "empathy", blind, NOW).blind == (
        kept_from("minilm 1", "empathy", blind + later, NOW).blind
    )
    assert people_agreement(blind) == people_agreement(blind + later)
    pages = [
        trust_page(rows, scorer="minilm 1", scorers=[], kept={}, teams_of={}).dimensions[0]
        for rows in (blind, blind + later)
    ]
    assert (4, 2) == (pages[0].blind.kappa.rows, pages[0].people.kappa.rows)
    assert (pages[0].blind, pages[0].people) == (pages[1].blind, pages[1].people)
    assert (4, 5) == tuple(page.every.kappa.rows for page in pages)


def test_a_blind_grade_is_compared_with_what_others_had_given_before_it() -> None:
    """What the first gave anew afterwards may lean on it, so their earlier grade is the one."""
    before = [row("a", 80, blind=False), row("a", 40, graded_by="pia")]
    again = [*before, row("a", 45, blind=False)]
    assert people_agreement(before) == people_agreement(again)
    assert 1 == people_agreement(again).kappa.rows
    assert 0 == people_agreement([*before[1:], row("a", 45, blind=False)]).kappa.rows


def test_a_third_grader_is_compared_with_both_others() -> None:
    """Three blind grades of one session are three pairs, of one session."""
    found = people_agreement([row("a", 10.0 * n, graded_by=f"g{n}") for n in range(3)])
    assert (3, 1, 3) == (found.kappa.rows, found.kappa.clusters, found.both_blind)
    assert "one_session" == found.alpha.status


def page_of(rows: list[GradedRow], **teams: str) -> str:
    """The page as JSON, which has no NaN in it, and as lines."""
    page = trust_page(
        rows,
        scorer="minilm 1",
        scorers=[("minilm 1", len(rows))],
        kept={},
        teams_of={person: (team,) for person, team in teams.items()},
    )
    return json.dumps(page.as_json(), allow_nan=False) + "\n".join(trust_lines(page))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row("a", 50)],
        [row("a", 50, score=None, low=None, high=None)],
        [row(f"s{i}", 50) for i in range(40)],
        [row("a", 50), row("a", 0, turn=1), row("a", 100, turn=2)],
        [row("a", 50, graded_by=None), row("a", 60, graded_by="sol")],
    ],
)
def test_every_page_can_be_made(rows: list[GradedRow]) -> None:
    """None, one, all alike, one session: each gives a page with a status and no NaN."""
    assert "not enough grades" in page_of(rows)


def test_a_group_of_four_people_is_not_shown() -> None:
    """In a smaller one people could be told apart."""
    rows = [row(f"s{i}", 40, person=f"p{i}") for i in range(9)]
    teams = {f"p{i}": "North" if i < 5 else "Smalltown" for i in range(9)}
    found = page_of(rows, **teams)
    assert '"group": "North"' in found
    assert "Smalltown" not in found


def test_other_scorers_grades_are_not_counted() -> None:
    """A new scorer earns its trust anew."""
    rows = [row("a", 50), row("b", 0, scorer="minilm 2")]
    page = trust_page(rows, scorer="minilm 2", scorers=[], kept={}, teams_of={})
    assert [1, 0, 0] == [one.every.bias.rows for one in page.dimensions]


def test_ranges_are_compared_with_what_they_promise() -> None:
    """Half of the grades inside, where four of five should be."""
    rows = [row(f"s{i}", 50 if i % 2 else 80) for i in range(60)]
    page = trust_page(rows, scorer="minilm 1", scorers=[], kept={}, teams_of={})
    one = page.dimensions[0]
    assert (0.5, "too narrow", "blind") == (one.ranges.value, one.ranges_say, one.basis)


# --- The database ---------------------------------------------------------------------------------


def test_a_grade_is_read_with_what_it_is_about(store: Store) -> None:
    """Score, range, length and scenario of the reply, or of the session."""
    reviewing, _ = desk(store)
    store.save(session_with("one", 40, reply="Twelve chars"))
    reviewing.grade_blind("one", "empathy", 70, graded_by="sol", turn=1)
    reviewing.correct("one", "empathy", 60, graded_by="sol", comment="Warm.")
    whole, reply = sorted(store.trust.graded(None), key=lambda r: r.turn or 0)
    assert (1, 40, 30, 50, 12.0, True) == (
        reply.turn,
        reply.score,
        reply.low,
        reply.high,
        reply.length,
        reply.blind,
    )
    assert (None, 60, 40, "late-parcel", "ada", False) == (
        whole.turn,
        whole.grade,
        whole.score,
        whole.scenario,
        whole.person,
        whole.blind,
    )


def test_only_grades_of_the_teams_asked_for_are_read(store: Store) -> None:
    """A supervisor of North sees nothing of South, whatever the case of the name."""
    join(store, "bo", "South")
    reviewing, _ = desk(store)
    for person in ("ada", "bo"):
        store.save(session_with(person, 40, person=person))
        reviewing.grade_blind(person, "empathy", 70, graded_by="sol")
    assert {"ada", "bo"} == {r.person for r in store.trust.graded(None)}
    assert ["ada"] == [r.person for r in store.trust.graded(["north"])]
    assert [] == store.trust.graded([])
    assert [] == store.trust.graded(["Nowhere"])
    assert {"ada": ("North",), "bo": ("South",)} == store.trust.teams_of(["ada", "bo", "sol"])


def test_the_newest_are_read_where_there_are_too_many(store: Store) -> None:
    """Oldest first."""
    graded_blind(store, 6, off=0)
    everything = store.trust.graded(None)
    assert 6 == len(everything)
    assert everything[3:] == store.trust.graded(None, most=3)
    assert [] == store.trust.graded(None, scorer="minilm 2")
    assert [] == store.trust.graded(None, dimension="active_listening")


def test_a_scorer_that_people_agree_with_is_trusted(store: Store) -> None:
    """From the 30th session on, and not before."""
    trust = graded_blind(store, ENOUGH - 1, off=4)
    assert "not_enough" == trust.trust_of("empathy", "minilm 1")
    graded_blind(store, 1, off=4, first=ENOUGH - 1)
    assert "trusted" == trust.trust_of("empathy", "minilm 1")
    assert frozenset() == trust.practice_only("minilm 1")


def test_a_scorer_that_people_disagree_with_is_for_practice_only(store: Store) -> None:
    """On that dimension, that scorer, from the grade on that shows it; and by the threshold set."""
    trust = graded_blind(store, ENOUGH, off=28)
    assert {"empathy"} == trust.practice_only("minilm 1")
    assert frozenset() == trust.practice_only("minilm 2")
    assert "not_enough" == trust.trust_of("active_listening", "minilm 1")
    low = trust.repository.kept("minilm 1")["empathy"].blind.low
    assert low is not None
    assert 0 < low < 0.6
    assert "trusted" == desk(store, threshold=low)[1].trust_of("empathy", "minilm 1")


def test_what_is_kept_reads_as_it_was_worked_out(store: Store) -> None:
    """Every figure; and working it out anew changes nothing."""
    trust = graded_blind(store, 5, off=30)
    kept = store.trust.kept("minilm 1")
    assert {"empathy"} == set(kept)
    assert kept["empathy"] == trust.work_out("minilm 1", "empathy")
    assert (5, 5, NOW) == (
        kept["empathy"].blind.rows,
        kept["empathy"].every.clusters,
        kept["empathy"].computed,
    )


def test_a_page_is_worked_out_once_for_each_grade(store: Store) -> None:
    """The same object until somebody grades; None before anybody has."""
    _, empty = desk(store)
    assert empty.page(["North"]) is None
    trust = graded_blind(store, 3, off=5)
    first = trust.page(["North"])
    assert first is not None
    assert first is trust.page(["North"])
    assert first is not trust.page(None)
    reviewing, _ = desk(store)
    reviewing.grade_blind("minilm 1 0", "empathy", 10, graded_by="pia")
    second = trust.page(["North"])
    assert second is not None
    assert [3, 4] == [p.dimensions[0].every.bias.rows for p in (first, second)]
    assert (("minilm 1", 4),) == second.scorers


def test_what_to_grade_is_of_the_team_and_new_to_the_grader(store: Store) -> None:
    """Neither one's own sessions nor those one has graded; those of others are second gradings."""
    join(store, "bo", "South")
    join(store, "sol")
    for name, person in (("a", "ada"), ("b", "ada"), ("c", "bo"), ("d", "sol")):
        store.save(session_with(name, 40, person=person))
    reviewing, trust = desk(store)
    reviewing.grade_blind("a", "empathy", 50, graded_by="sol")
    assert ["b"] == [p.session for p in trust.to_grade(["North"], grader="sol")]
    assert {"a", "b", "d"} == {p.session for p in trust.to_grade(["North"], grader="pia")}
    assert [] == trust.to_grade(["North"], grader="pia", scorer="minilm 2")


# --- Where it shows -------------------------------------------------------------------------------

EMPATHY: tuple[Dimension, ...] = ("empathy",)
LIBRARY = library()
LOADED = LIBRARY.scenario("late-parcel")


def debriefed(*marked: str) -> Debrief:
    """The debrief of a session with these dimensions marked."""
    session = session_with("one", 40)
    start = CustomerState.start(LOADED.scenario)
    (turn,) = session.turns
    turn = turn.model_copy(
        update={"acts": (), "over_promises": (), "needs_revealed": (), "state": start}
    )
    changed = session.model_copy(update={"turns": (turn,), "opening_state": start})
    return debrief(
        changed,
        LOADED.scenario,
        LOADED.temperament,
        LIBRARY.general(),
        practice_only=[d for d in DIMENSIONS if d in marked],
    )


def in_terminal(*marked: str) -> str:
    """What the terminal shows."""
    console = Console(width=100, record=True, file=io.StringIO())
    debriefing.show(console, debriefed(*marked))
    return console.export_text()


def test_the_terminal_marks_it() -> None:
    """With a star and a sentence, for that dimension only; nothing without."""
    text = in_terminal("empathy")
    assert "Empathy *" in text
    assert "Active listening *" not in text
    assert "* Empathy: for practice only." in " ".join(text.split())
    assert "practice only" not in in_terminal()


def test_telegram_marks_it() -> None:
    """In the text, and in the picture's words."""
    marked, plain = debriefed("empathy"), debriefed()
    assert 1 == "".join(debrief_pages(marked)).count(PRACTICE_ONLY)
    assert PRACTICE_ONLY not in "".join(debrief_pages(plain))
    assert "Empathy 40, pass mark" in debrief_caption(marked)
    assert 1 == debrief_caption(marked).count("(for practice only)")
    assert "practice only" not in debrief_caption(plain)


def test_the_picture_marks_it() -> None:
    """Drawn under the bar, in the table, in the words for those who can't see it."""
    marked, plain = debrief_card(debriefed("empathy")), debrief_card(debriefed())
    assert 1 == marked.svg().count(PRACTICE_ONLY)
    assert PRACTICE_ONLY not in plain.svg()
    assert "Empathy (for practice only)" == marked.as_table().rows[0][0]
    assert "for practice only" in marked.alt_text()


def test_team_and_progress_mark_it(store: Store) -> None:
    """By the scorer of each person's latest session."""
    store.save(session_with("one", 40))
    people = store.reviews.practised("North", "2026-01-01T00:00:00+00:00")
    asked: list[str] = []

    def marks(scorer: str) -> tuple[Dimension, ...]:
        asked.append(scorer)
        return EMPATHY

    overview = team_overview("North", people, [], now=NOW, pass_marks={}, practice_only=marks)
    text = team_text(overview, overview.people, since=NOW, waiting=0, now=TODAY)
    assert ["minilm 1"] == asked
    assert "Empathy: for practice only." in text
    unmarked = team_overview("North", people, [], now=NOW, pass_marks={})
    assert "practice only" not in team_text(
        unmarked, unmarked.people, since=NOW, waiting=0, now=TODAY
    )
    rows = store.progress("ada")
    said = progress_text(rows, development(rows), practice_only=("empathy", "active_listening"))
    assert "Empathy and active listening: for practice only." in said
    console = Console(width=100, record=True, file=io.StringIO())
    progressing.show(console, rows, EMPATHY)
    assert "Empathy: for practice only." in console.export_text()


def test_the_export_marks_it(store: Store) -> None:
    """In a column of its own, by the scorer of the session."""
    store.save(session_with("one", 40))
    rows = list(store.reviews.export_rows("North"))
    lines = csv_lines("North", rows, lambda *_: None, lambda _: EMPATHY)
    found = list(csv.DictReader(io.StringIO("".join(lines).lstrip("\ufeff"), newline="")))
    assert {"empathy": "yes", "active_listening": "no", "individualized_treatment": "no"} == {
        one["dimension"]: one["practice_only"] for one in found
    }
