"""What was done, corrected by people: what is kept, what counts as passed, and where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coachbot.coaching.assigning import Assignment, Played, standing
from coachbot.coaching.reviewing import MATTER, Reviewing
from coachbot.errors import UsageError
from coachbot.library import Library
from coachbot.reporting.debrief import debrief
from coachbot.reporting.matter import checklist, replies_in_question
from coachbot.scoring.interface import ReplyScore
from coachbot.session import machine
from coachbot.session.models import Matched, Session
from coachbot.session.result import acts_done, corrections, passed, resolved
from coachbot.store import Store, open_store
from tests.session.made import begun, gone_on, scored

LIBRARY = Library.keeping(Path(__file__).parents[2] / "scenarios")
LOADED = LIBRARY.scenario("late-parcel")
SCENARIO = LOADED.scenario
ACTS = [act.id for act in SCENARIO.resolution.acts]
GOOD = scored((95, 95, 95))
POOR = scored((5, 95, 95))
WARM = SCENARIO.resolution.warm_mood
NOW = "2026-03-05T10:00:00+00:00"


def played(
    name: str = "first",
    *,
    seen: tuple[str, ...] = tuple(ACTS[:-1]),
    moods: tuple[float, ...] = (40.0, WARM + 5, WARM - 10),
    worth: ReplyScore = GOOD,
    **ending: Any,
) -> Session:
    """Ada's session at its debrief: the program saw ``seen`` in the first reply, and no more."""
    session = begun(SCENARIO, id=name)
    for number, mood in enumerate(moods, 1):
        more = ending if number == len(moods) else {}
        acts = seen if number == 1 else ()
        session = gone_on(session, f"Reply {number}.", worth=worth, mood=mood, acts=acts, **more)
    session = machine.rate(session if session.over else machine.end(session), None)
    return session.model_copy(update={"passed": passed(session, SCENARIO)})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A database with Ada and two supervisors."""
    with open_store(tmp_path / "coachbot.db") as opened:
        opened.save(played())
        with opened._database.writing() as db:
            db.execute("INSERT INTO people VALUES ('sol', ?), ('vic', ?)", [NOW, NOW])
            for number, person in enumerate(("ada", "sol", "vic")):
                db.execute(
                    "INSERT INTO members (person, telegram, name, joined) VALUES (?, ?, ?, ?)",
                    [person, number, person.title(), NOW],
                )
        yield opened


@pytest.fixture
def reviewing(store: Store) -> Reviewing:
    """The use cases."""
    return Reviewing(store.reviews, now=lambda: NOW)


def judged(
    reviewing: Reviewing, session: Session, act: str, reply: int | None, by: str = "sol"
) -> Session:
    """The session after somebody said that an act was done in a reply, or not (None)."""
    return reviewing.judge_act(
        session,
        SCENARIO,
        act,
        done=reply is not None,
        judged_by=by,
        comment=f"{act}: so I see it.",
        reply=reply,
    )


# --- What counts ----------------------------------------------------------------------------------


def test_an_act_that_the_program_missed_makes_it_a_pass(store: Store, reviewing: Reviewing) -> None:
    """Both views stay, with who and when; the session passes, and says that it first did not."""
    before = store.get("first")
    assert (False, None) == (before.passed, before.passed_at_first)
    now = judged(reviewing, before, ACTS[-1], 2)
    assert (True, False) == (now.passed, now.passed_at_first)
    assert now == store.get("first")
    (verdict,) = now.verdicts
    assert (ACTS[-1], True, 2, None, "sol", NOW) == (
        verdict.act,
        verdict.done,
        verdict.reply,
        verdict.seen,
        verdict.judged_by,
        verdict.judged,
    )
    assert before.turns == now.turns
    assert [True] == [row.passed for row in store.progress("ada")]


def test_an_act_that_was_not_done_takes_the_pass_away(store: Store, reviewing: Reviewing) -> None:
    """The program had seen everything; somebody sees that one thing was only announced."""
    whole = played("whole", seen=tuple(ACTS), outcome="resolved")
    store.save(whole)
    assert whole.passed
    now = judged(reviewing, whole, ACTS[0], None)
    assert (False, True) == (now.passed, now.passed_at_first)
    assert 1 == now.verdicts[0].seen
    assert [False] == [row.passed for row in store.progress("ada") if row.session == "whole"]


def test_what_the_program_decided_counts_again_once_nothing_is_seen_otherwise(
    store: Store, reviewing: Reviewing
) -> None:
    """Vic sees it as the program did: both verdicts are kept, and the newest counts."""
    corrected = judged(reviewing, store.get("first"), ACTS[-1], 2)
    back = judged(reviewing, corrected, ACTS[-1], None, by="vic")
    assert (False, None) == (back.passed, back.passed_at_first)
    assert ["sol", "vic"] == [verdict.judged_by for verdict in back.verdicts]
    assert {} == corrections(back)
    assert back == store.get("first")


def test_verdicts_of_others_count_even_where_an_old_session_is_in_hand(
    store: Store, reviewing: Reviewing
) -> None:
    """Two supervisors correct two acts of the session that both have read: together it passes."""
    store.save(played("two", seen=tuple(ACTS[:-2])))
    old = store.get("two")
    assert not judged(reviewing, old, ACTS[-1], 2).passed
    assert judged(reviewing, old, ACTS[-2], 1, by="vic").passed
    assert store.get("two").passed


def test_a_mood_that_was_never_good_enough_is_no_pass(store: Store, reviewing: Reviewing) -> None:
    """All was done, but neither then nor later was the customer as the scenario asks."""
    cold = played("cold", moods=(WARM + 20, WARM - 1, WARM - 2))
    store.save(cold)
    now = judged(reviewing, cold, ACTS[-1], 2)
    assert (False, False) == (now.passed, now.passed_at_first)
    assert not resolved(now, SCENARIO)
    assert set(ACTS) == set(acts_done(now))


def test_scores_and_promises_are_asked_for_as_before(store: Store, reviewing: Reviewing) -> None:
    """What was done is one part of a pass: a score below its mark, or promises, are others."""
    store.save(played("poor", worth=POOR))
    assert not judged(reviewing, store.get("poor"), ACTS[-1], 2).passed
    store.save(played("much", over_promised=("0", "1")))
    assert not judged(reviewing, store.get("much"), ACTS[-1], 2).passed


def test_saving_a_session_that_was_corrected_keeps_what_counts(
    store: Store, reviewing: Reviewing
) -> None:
    """A window that still has the old one open takes nothing back."""
    old = store.get("first")
    judged(reviewing, old, ACTS[-1], 2)
    store.save(old)
    assert (True, False) == (store.get("first").passed, store.get("first").passed_at_first)


def test_a_further_attempt_is_judged_by_itself(store: Store, reviewing: Reviewing) -> None:
    """Corrections of the first attempt are not those of the second."""
    corrected = judged(reviewing, store.get("first"), ACTS[-1], 2)
    again = machine.branch(corrected, 3, new_id="again", started=NOW)
    store.save(again)
    assert ((), None, None) == (again.verdicts, again.passed, again.passed_at_first)
    assert again == store.get("again")


def test_a_verdict_stays_when_its_giver_is_forgotten(store: Store, reviewing: Reviewing) -> None:
    """Without who it was; and it goes with the session."""
    judged(reviewing, store.get("first"), ACTS[-1], 2)
    store.forget("sol")
    assert [None] == [one.judged_by for one in store.reviews.verdicts("first")]
    assert store.get("first").passed
    store.forget("ada")
    assert [] == store.reviews.verdicts("first")


# --- What can't be --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "reply", "comment", "message"),
    [
        (ACTS[-1], 4, "So.", "in which reply"),
        (ACTS[-1], 0, "So.", "in which reply"),
        (ACTS[-1], 2, " \n", "the hire reads it"),
        (ACTS[0], 2, "So.", "counts as done already"),
        (ACTS[-1], None, "So.", "counts as not done already"),
        ("no-such-act", 2, "So.", "not among the things"),
    ],
)
def test_what_makes_no_sense_is_refused(
    store: Store, reviewing: Reviewing, act: str, reply: int | None, comment: str, message: str
) -> None:
    """Nothing is kept, and it is said why."""
    with pytest.raises(UsageError, match=message):
        reviewing.judge_act(
            store.get("first"),
            SCENARIO,
            act,
            done=reply is not None,
            judged_by="sol",
            comment=comment,
            reply=reply,
        )
    assert [] == store.reviews.verdicts("first")


def test_a_result_that_does_not_stand_yet_is_not_corrected(
    store: Store, reviewing: Reviewing
) -> None:
    """Whoever had it has still to rate themselves, and then it is decided."""
    open_still = machine.end(gone_on(begun(SCENARIO, id="open"), "A reply."))
    store.save(open_still)
    with pytest.raises(UsageError, match="has not closed it"):
        judged(reviewing, open_still, ACTS[-1], 1)


def test_what_was_done_is_questioned_once_and_answered(store: Store, reviewing: Reviewing) -> None:
    """As a score is, and beside questions about scores."""
    reviewing.dispute("first", "empathy", "I did.")
    asked = reviewing.dispute("first", MATTER, "Reply 2 does it.")
    with pytest.raises(UsageError, match="already questioned what was done"):
        reviewing.dispute("first", MATTER, "Again.")
    reviewing.answer(asked.id, "So it does.", answered_by="sol")
    assert [("empathy", None), ("matter", "So it does.")] == [
        (one.dimension, one.answer) for one in store.reviews.disputes("first")
    ]


# --- Where it is counted --------------------------------------------------------------------------


def test_assignments_count_it_by_their_own_marks_too(store: Store, reviewing: Reviewing) -> None:
    """Whether the scenario's marks are asked for or one of the assignment's."""
    judged(reviewing, store.get("first"), ACTS[-1], 2)
    (one,) = store.reviews.played("ada", "late-parcel")
    assert (True, True, "ended") == (one.passed, one.resolved, one.outcome)

    def stands(mark: float | None, session: Played) -> str:
        assignment = Assignment(
            id="a", scenario="late-parcel", team="T", person="ada", made="2026-02-01T09:00:00Z",
            made_by=None, due=None, attempts=None, pass_mark=mark,
        )  # fmt: skip
        return standing(assignment, [session], today=date(2026, 3, 5)).status

    assert ["passed", "passed", "under_way"] == [stands(mark, one) for mark in (None, 90, 99)]
    plain = one.model_copy(update={"resolved": None, "passed": False})
    assert ["under_way", "under_way"] == [stands(mark, plain) for mark in (None, 90)]


def test_the_debrief_says_what_was_corrected_and_why_it_counts(
    store: Store, reviewing: Reviewing
) -> None:
    """The list, the result, and the sentence under it follow the correction."""

    def told(session: Session) -> tuple[bool, str, list[tuple[str, int | None, bool]]]:
        found = debrief(session, SCENARIO, LOADED.temperament, LIBRARY.general())
        items = (*found.substance.done, *found.substance.missed)
        return found.passed, found.why, [(i.id, i.turn, i.corrected) for i in items]

    now = judged(reviewing, store.get("first"), ACTS[-1], 2)
    won, why, items = told(now)
    assert won
    assert "corrected what was done: everything was, so it counts as a pass." in why
    assert (ACTS[-1], 2, True) in items
    whole = played("whole", seen=tuple(ACTS), outcome="resolved")
    store.save(whole)
    won, why, items = told(judged(reviewing, whole, ACTS[0], None))
    assert not won
    assert "Not a pass yet: one thing was not done after all." in why
    assert (ACTS[0], None, True) in items


def test_a_resolved_session_with_two_promises_too_many_says_so() -> None:
    """Every mark is reached, and yet it is no pass."""
    promised = tuple(Matched(id=i, text="I promise.", similarity=0.9) for i in ("0", "1"))
    session = played(
        seen=tuple(ACTS), outcome="resolved", over_promises=promised, over_promised=("0", "1")
    )
    found = debrief(session, SCENARIO, LOADED.temperament, LIBRARY.general())
    assert "Not a pass yet: more than one promise can't be kept." in found.why


def test_the_list_says_what_the_program_saw_and_what_people_say(
    store: Store, reviewing: Reviewing
) -> None:
    """In the scenario's order, with names."""
    now = judged(reviewing, store.get("first"), ACTS[-1], 2)
    found = checklist(now, SCENARIO, lambda person: f"<{person}>")
    assert ACTS == [one.id for one in found]
    last = found[-1]
    assert (2, None, True, ["<sol>"]) == (
        last.reply,
        last.seen,
        last.corrected,
        [name for _, name in last.verdicts],
    )
    assert (1, 1, False, ()) == (
        found[0].reply, found[0].seen, found[0].corrected, found[0].verdicts,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("I did it in reply 2.", [2]),
        ("Replies 1 and 3 say so, £389 and all.", [1, 3]),
        ("my last message", [3]),
        ("The second reply does it", [2]),
        ("I did. All £389 of it.", [1, 2, 3]),
        ("See reply 17", [1, 2, 3]),
    ],
)
def test_the_replies_that_a_question_names_are_shown(comment: str, expected: list[int]) -> None:
    """All of them where none is named."""
    assert expected == [turn.number for turn in replies_in_question(comment, played())]
