"""The project's own examples: read strictly, graded twice, and kept apart from what is tested."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coachbot.errors import UsageError
from coachbot.models.examples import (
    read_first_grades,
    read_held_out,
    read_injections,
    read_openings,
    read_same_meaning,
    read_second_grades,
    read_situations,
    read_suites,
)
from coachbot.scoring.interface import DIMENSIONS
from tests.models.made import KITE, grades, pair, reply, row, write_rows

CALM = {"empathy": False, "active_listening": True, "individualized_treatment": True}
HISTORY = [{"speaker": "customer", "text": KITE}]


@pytest.fixture
def examples(checkout: Path) -> Path:
    """The folder of the project's examples."""
    return checkout / "models" / "examples"


def test_there_are_as_many_examples_as_promised(examples: Path) -> None:
    """At least 600 graded replies over 60 situations and 300 pairs, and a test part beside them."""
    learned, held = read_situations(examples), read_held_out(examples)
    both = learned + held
    assert len(both) >= 60
    assert len(held) >= 20
    assert sum(len(s.replies) for s in both) >= 600
    assert sum(len(s.pairs) for s in both) >= 300
    assert len({s.industry for s in both}) >= 20
    assert {"external", "internal"} == {s.kind for s in both}


def test_the_smaller_sets_can_be_read_and_have_both_sides(examples: Path) -> None:
    """Attacks and look-alikes, calm and moved openings, tests of each kind, for both parts."""
    injections, openings = read_injections(examples), read_openings(examples)
    same = read_same_meaning(examples)
    assert {(True, True), (True, False), (False, True), (False, False)} == {
        (i.injection, i.held_out) for i in injections
    }
    assert {True, False} == {o.empathy for o in openings} == {o.settled for o in openings}
    assert {True, False} == {s.held_out for s in same}
    assert {"direction", "invariance", "minimum"} == {t.kind for t in read_suites(examples)}


def test_ids_are_given_once(examples: Path) -> None:
    """No two examples of a set share an id, and no two replies of a situation."""
    for some in (read_injections(examples), read_openings(examples), read_same_meaning(examples)):
        names = [e.id for e in some]
        assert sorted(set(names)) == sorted(names)
    for situation in read_situations(examples) + read_held_out(examples):
        names = [r.id for r in situation.replies]
        assert sorted(set(names)) == sorted(names)


def test_no_text_is_both_learned_and_tested(examples: Path) -> None:
    """Neither a situation nor a reply, a pair's half or a customer's message."""
    learned, held = (
        {
            text
            for s in some
            for text in (
                s.situation,
                s.conversation.newest,
                *(r.text for r in s.replies),
                *(t for p in s.pairs for t in (p.better, p.worse)),
            )
        }
        for some in (read_situations(examples), read_held_out(examples))
    )
    assert set() == learned & held


def test_suites_are_not_trained_on(examples: Path) -> None:
    """No reply of a suite is among what is learned."""
    situations = read_situations(examples)
    learned = {r.text for s in situations for r in s.replies}
    learned |= {t for s in situations for p in s.pairs for t in (p.better, p.worse)}
    learned |= {t for e in read_same_meaning(examples) if not e.held_out for t in (e.text, e.other)}
    tested = {t for s in read_suites(examples) for t in (s.reply, s.other)}
    assert set() == learned & tested


def test_second_grades_belong_to_first_ones(examples: Path) -> None:
    """Every second grading is of a situation and of replies and pairs that are there."""
    first = {
        s.situation: s
        for pattern in ("graded-*.jsonl", "held-out-*.jsonl")
        for s in read_first_grades(examples, pattern)
    }
    second = read_second_grades(examples)
    assert set(second) == set(first)
    for name, again in second.items():
        assert {g.id for g in again.replies} <= {r.id for r in first[name].replies}
        assert len(again.pairs) == len(first[name].pairs)


def test_grades_are_the_mean_of_both_gradings(tmp_path: Path) -> None:
    """Where there are two; one that stands alone stays, and what isn't called for stays null."""
    replies = [
        reply("a", "Sorry.", grades=grades(None, 80, 40)),
        reply("b", "Tonight.", grades=grades(None, 20, 30)),
    ]
    write_rows(tmp_path / "graded-x.jsonl", row("s", replies, called_for=CALM))
    write_rows(tmp_path / "held-out-x.jsonl", row("t", replies, called_for=CALM))
    again = [{"id": "a", "empathy": 90, "active_listening": 60, "dismissal": None}]
    write_rows(
        tmp_path / "second-grades.jsonl",
        *({"situation": s, "replies": again, "pairs": []} for s in ("s", "t")),
    )
    for (found,) in (read_situations(tmp_path), read_held_out(tmp_path)):
        first, second = found.replies
        assert [None, 70.0, 40.0] == [first.grades[d] for d in DIMENSIONS]
        assert [None, 20.0, 30.0] == [second.grades[d] for d in DIMENSIONS]
    (alone,) = read_first_grades(tmp_path, "graded-*.jsonl")
    assert alone.replies[0].grades["active_listening"] == 80


def test_without_second_grades_the_first_ones_count(tmp_path: Path) -> None:
    """The file may be missing."""
    write_rows(tmp_path / "graded-x.jsonl", row("s", [reply("a", "Sorry.", grades=grades(75))]))
    assert {} == read_second_grades(tmp_path)
    (found,) = read_situations(tmp_path)
    assert found.replies[0].grades["empathy"] == 75


SUITE = {
    "suite": "sarcasm",
    "kind": "direction",
    "history": HISTORY,
    "reply": "Sorry.",
    "other": "Oh, sorry.",
    "dimensions": ["empathy"],
}
MINIMUM = {k: v for k, v in SUITE.items() if k != "other"} | {"kind": "minimum", "at_least": 60}
SAME = {"id": "x", "kind": "dialect", "history": HISTORY, "text": "Sorry.", "other": "Sorry, like."}
AGAIN = {"situation": "s", "replies": [], "pairs": [1.0]}
SITUATION = row("s", [reply("a", "Sorry.")], [pair("empathy", "Sorry.", "No.")])
BAD_MARK = row("t", [reply("a", "Hi.", unanswered=[{"turn": 0, "text": "never said"}])])
NO_TURN = row("t", [reply("a", "Hi.", asks_again=[{"turn": 3, "text": "kite"}])])
NOT_CALLED = row("t", [reply("a", "Hi.")], called_for=CALM)


@pytest.mark.parametrize(
    ("name", "good", "bad", "words", "read"),
    [
        ("graded-x.jsonl", SITUATION, BAD_MARK, "never said", read_situations),
        ("graded-x.jsonl", SITUATION, NO_TURN, "is not in turn 3", read_situations),
        ("graded-x.jsonl", SITUATION, NOT_CALLED, "against called_for", read_situations),
        ("graded-x.jsonl", SITUATION, {**SITUATION, "mood": 1}, "not permitted", read_situations),
        ("held-out-x.jsonl", SITUATION, BAD_MARK, "never said", read_held_out),
        ("second-grades.jsonl", AGAIN, {"situation": "t"}, "required", read_second_grades),
        (
            "second-grades.jsonl",
            AGAIN,
            {**AGAIN, "replies": [{"id": "a", "empathy": 101, "dismissal": None}]},
            "less than or equal to 100",
            read_second_grades,
        ),
        ("suites.jsonl", SUITE, {**SUITE, "other": None}, "need other", read_suites),
        ("suites.jsonl", SUITE, {**SUITE, "at_least": 50}, "need other", read_suites),
        ("suites.jsonl", MINIMUM, {**MINIMUM, "at_least": None}, "at_least", read_suites),
        ("suites.jsonl", MINIMUM, {**MINIMUM, "other": "Hi."}, "a minimum needs", read_suites),
        ("suites.jsonl", SUITE, {**SUITE, "dimensions": []}, "at least 1 item", read_suites),
        ("same-meaning.jsonl", SAME, {**SAME, "kind": "accent"}, "dialect", read_same_meaning),
        (
            "injection.jsonl",
            {"id": "i", "text": "Hi.", "injection": False},
            {"id": "j", "injection": True},
            "required",
            read_injections,
        ),
        (
            "called-for.jsonl",
            {"id": "o", "text": "Hi.", "empathy": False, "settled": False},
            {"id": "o", "text": "Hi.", "empathy": "perhaps", "settled": False},
            "boolean",
            read_openings,
        ),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(
    tmp_path: Path,
    name: str,
    good: dict[str, Any],
    bad: dict[str, Any],
    words: str,
    read: Callable[[Path], Any],
) -> None:
    """Empty lines count, the line before is fine alone, and the message says what is wrong."""
    file = tmp_path / name
    write_rows(file, good)
    assert len(read(tmp_path)) == 1
    file.write_text(f"{json.dumps(good)}\n\n{json.dumps(bad)}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=rf"{name}, line 3: .*{words}"):
        read(tmp_path)
    file.write_text(f"{json.dumps(good)}\n{{half\n", encoding="utf-8")
    with pytest.raises(UsageError, match=rf"{name}, line 2: "):
        read(tmp_path)


def test_a_situation_that_is_there_twice_is_named(tmp_path: Path) -> None:
    """Its name, whichever files it stands in."""
    for name in ("graded-x.jsonl", "graded-y.jsonl"):
        write_rows(tmp_path / name, SITUATION)
    with pytest.raises(UsageError, match=r"same name in .*: s\."):
        read_situations(tmp_path)


def test_a_folder_without_examples_is_named(tmp_path: Path) -> None:
    """The message says what was looked for."""
    for read, words in (
        (read_situations, r"No graded-\*\.jsonl"),
        (read_held_out, r"No held-out-\*\.jsonl"),
        (read_injections, r"injection\.jsonl is missing"),
        (read_openings, r"called-for\.jsonl is missing"),
        (read_suites, r"suites\.jsonl is missing"),
        (read_same_meaning, r"same-meaning\.jsonl is missing"),
    ):
        with pytest.raises(UsageError, match=words):
            read(tmp_path)
