"""Grades from practice as graded examples, and that they teach nothing but the grades."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from coachbot.coaching.masking import Masker
from coachbot.errors import UsageError
from coachbot.models.calibrating import head_rows
from coachbot.models.examples import Situation, read_exported
from coachbot.models.graded_sessions import graded_examples
from coachbot.models.lessons import Targets, Unit, own_units
from coachbot.scenario.models import Scenario
from coachbot.session.models import Session
from tests.models.made import PREPARER
from tests.reporting.test_trust import row
from tests.store.samples import closed, gone_on, new_session


def plain(text: str) -> str:
    """Nothing to mask."""
    return text


@pytest.fixture
def session() -> Session:
    """Three replies."""
    return closed(gone_on(new_session(), 3))


def test_each_graded_reply_is_an_example_with_its_conversation(
    session: Session, parcel: Scenario
) -> None:
    """The mean of the grades; what was not graded is not known, which is not uncalled for."""
    rows = [
        row("first", 40, turn=2),
        row("first", 60, turn=2, graded_by="pia", blind=False),
        row("first", 90, turn=2, dimension="active_listening"),
        row("first", 10, turn=3),
    ]
    found = graded_examples(session, parcel, rows, plain)
    second, third = found.situations
    assert (4, 0) == (found.grades, found.left_out)
    (reply,) = second.replies
    assert {"empathy": 50, "active_listening": 90, "individualized_treatment": None} == reply.grades
    assert session.turns[1].agent == reply.text
    assert ["customer", "agent", "customer"] == [t.speaker for t in second.history]
    assert "\n".join(session.turns[1].customer) == second.history[-1].text
    assert "\n".join(parcel.brief.screen) == second.screen
    assert "in practice; 3 grades by 2 people, 2 of them blind" == reply.shows
    assert second.only_grades
    assert 5 == len(third.history)
    assert second.situation != third.situation
    assert "first" not in second.situation


def test_a_sessions_grade_is_its_only_replys(session: Session, parcel: Scenario) -> None:
    """Of several replies nobody knows which one earned it."""
    rows = [row("first", 40)]
    assert (0, 1) == (
        len(graded_examples(session, parcel, rows, plain).situations),
        graded_examples(session, parcel, rows, plain).left_out,
    )
    short = closed(gone_on(new_session(), 1))
    (one,) = graded_examples(short, parcel, rows, plain).situations
    assert 40 == one.replies[0].grades["empathy"]


def test_what_was_said_is_masked_and_the_screen_is_not(session: Session, parcel: Scenario) -> None:
    """Wherever it stands in the conversation."""
    (turn, *rest) = session.turns
    changed = turn.model_copy(update={"agent": "Zoë here, call 07700 900123."})
    session = session.model_copy(update={"turns": (changed, *rest)})
    mask = Masker(["Zoë"], known=[parcel.model_dump_json()]).mask
    (one,) = graded_examples(session, parcel, [row("first", 40, turn=2)], mask).situations
    assert "[name] here, call [number]." == one.history[1].text


def test_an_exported_file_reads_as_it_was_written(
    session: Session, parcel: Scenario, tmp_path: Path
) -> None:
    """A line a situation; one that is there already, or is damaged, is named with its line."""
    (one,) = graded_examples(session, parcel, [row("first", 40, turn=2)], plain).situations
    file = tmp_path / "grades.jsonl"
    file.write_text(one.model_dump_json() + "\n", encoding="utf-8")
    assert [one] == read_exported([file], [])
    with pytest.raises(UsageError, match=r"grades\.jsonl, line 1: there is a situation practice-"):
        read_exported([file], [one])
    with pytest.raises(UsageError, match=r"grades\.jsonl, line 1: there is a situation practice-"):
        read_exported([file, file], [])
    with pytest.raises(UsageError, match="is not there"):
        read_exported([tmp_path / "other.jsonl"], [])
    damaged = json.loads(one.model_dump_json())
    damaged["only_grades"] = False
    damaged["called_for"]["active_listening"] = True
    file.write_text(json.dumps(damaged), encoding="utf-8")
    with pytest.raises(UsageError, match=r"line 1: .*active_listening against called_for"):
        read_exported([file], [])


def test_only_the_grades_are_learned(session: Session, parcel: Scenario) -> None:
    """Nothing of harm, canned text, findings, or what the conversation calls for."""
    (one,) = graded_examples(session, parcel, [row("first", 40, turn=2)], plain).situations
    graded, pairs, alone = own_units([one], PREPARER)
    assert (1, 0, 0) == (len(graded), len(pairs), len(alone))
    (target,) = graded[0].targets
    assert 0.4 == target.graded[0]
    assert np.isnan(target.graded[1:]).all()
    assert (None, None, None) == (target.dismissal, target.said, target.injection)
    assert np.isnan(target.templated_whole)
    complete = Situation.model_validate(
        {**one.model_dump(), "only_grades": False, "called_for": dict(one.called_for)}
    )
    graded, _, alone = own_units([complete], PREPARER)
    assert 0 == graded[0].targets[0].dismissal
    assert 1 == len(alone)


def test_replies_whose_harm_nobody_judged_are_left_out_of_its_calibration() -> None:
    """Of two graded replies one has a label, and only that one is a row."""
    units = [Unit("graded", "s", [], [Targets(dismissal=kind)]) for kind in (None, 3)]
    corpus = SimpleNamespace(units={"graded": units})
    answer = SimpleNamespace(dismissal=np.arange(8.0))
    scores, labels = head_rows(
        corpus,  # type: ignore[arg-type]
        {"graded": {0: [answer], 1: [answer]}},  # type: ignore[list-item]
        "graded",
        "dismissal",
    )
    assert ((1, 8), [3]) == (scores.shape, labels.tolist())
