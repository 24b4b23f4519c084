"""The customer understands what hires write, not only what a scenario's author thought of."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from coachbot.bootstrap import Practice
from coachbot.library import Library
from tests.wordings.outside_wordings import SCENARIOS, Kind, Wording, read_all, wordings

FACTS = sorted({(one.scenario, one.about) for one in wordings() if one.kind == "fact"})
ACT_KINDS: tuple[Kind, ...] = ("does", "does_not")

Read = Mapping[Wording, bool]


@pytest.fixture(scope="module")
def read(practice: Practice) -> Read:
    """Each wording, and whether the customer takes it for what it is about."""
    return read_all(practice)


def _of(read: Read, kind: Kind) -> dict[Wording, bool]:
    return {one: taken for one, taken in read.items() if one.kind == kind}


def _share(read: Read) -> float:
    return sum(read.values()) / len(read)


def _listed(read: Read, *, taken: bool) -> str:
    """The wordings that were taken for it, or were not, for the message of a test that fails."""
    found = [f"{one.scenario} {one.about}: {one.text}" for one, was in read.items() if was is taken]
    return "\n".join(["", *found])


@pytest.mark.parametrize(("scenario", "fact"), FACTS)
def test_nine_of_ten_ways_to_ask_reach_a_fact(scenario: str, fact: str, read: Read) -> None:
    """A fact is told in answer to at least nine of ten questions for it."""
    asked = {
        one: taken
        for one, taken in _of(read, "fact").items()
        if (one.scenario, one.about) == (scenario, fact)
    }
    assert 10 <= len(asked)
    assert _share(asked) >= 0.9, _listed(asked, taken=False)


def test_all_is_asked_and_done(library: Library) -> None:
    """The wordings are about every fact, need and act of their scenarios, and nothing else."""
    expected: set[tuple[str, str, str]] = set()
    for name in SCENARIOS:
        card = library.scenario(name).scenario
        expected |= {(card.id, "fact", fact.id) for fact in card.facts}
        expected |= {(card.id, "need", need.id) for need in card.needs}
        expected |= {(card.id, kind, a.id) for a in card.resolution.acts for kind in ACT_KINDS}
    assert expected == {(one.scenario, one.kind, one.about) for one in wordings()}


def test_questions_reach_their_facts(read: Read) -> None:
    """Over all scenarios, hardly a question for a fact is taken for something else."""
    asked = _of(read, "fact")
    assert _share(asked) >= 0.93, _listed(asked, taken=False)


def test_interest_reaches_the_needs(read: Read) -> None:
    """Most questions of an interested person bring out what the customer hides."""
    explored = _of(read, "need")
    assert _share(explored) >= 0.8, _listed(explored, taken=False)


def test_acts_are_noticed(read: Read) -> None:
    """Whoever does an act has mostly done it for the customer, too, however they put it."""
    does = _of(read, "does")
    assert _share(does) >= 0.88, _listed(does, taken=False)


def test_near_misses_are_no_acts(read: Read) -> None:
    """Refusals, vague intentions, halves of it and orders to do it oneself hardly ever count."""
    does_not = _of(read, "does_not")
    assert _share(does_not) <= 0.03, _listed(does_not, taken=True)


def test_no_is_never_an_act(read: Read) -> None:
    """What says that it is not done, or can't be, never counts as doing it."""
    says_no = {one: taken for one, taken in _of(read, "does_not").items() if one.says_no}
    assert 80 <= len(says_no)
    assert not any(says_no.values()), _listed(says_no, taken=True)
