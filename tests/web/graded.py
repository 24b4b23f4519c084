"""Grades for tests of the trust page: on some skills people agree with the scorer, on some not."""

from __future__ import annotations

from coachbot.coaching.people import person_of
from coachbot.coaching.previewing import Preview, preview
from coachbot.coaching.reviewing import Reviewing
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.store import Store
from tests.coaching.test_previewing import Told
from tests.web.made import FIRST, MARA, SCENARIOS, Clock, finished, member

OTHER = 4
"""Telegram number of a second supervisor of Northgate."""
HIRES = 8
"""People who are graded, more than a team needs to be shown."""

OFF: dict[Dimension, float] = {
    "empathy": 4.0,
    "active_listening": 38.0,
    "individualized_treatment": 4.0,
}
"""How far grades lie from scores, up and down by turns."""


def grade(store: Store, reviewing: Reviewing, clock: Clock, count: int = 36) -> None:
    """Sessions over the whole scale, graded blind by Mara, and a third of them by another.

    Empathy is trusted, listening is for practice only, individualized treatment has too few.
    """
    member(store, OTHER, "Nils Aas", "supervisor")
    for number in range(count):
        score = 4.0 + 92.0 * (number % 12) / 11
        person = person_of(FIRST + number % HIRES)
        name = f"g-{number}"
        scenario = ("late-parcel", "bereaved", "payroll")[number % 3]
        started = clock.days_ago(90 - number)
        finished(store, person, name, started, (score,) * 3, scenario=scenario)
        for dimension in DIMENSIONS:
            if dimension == "individualized_treatment" and number % 6:
                continue
            graders = (MARA, OTHER) if number % 3 == 0 else (MARA,)
            for which, grader in enumerate(graders):
                reviewing.grade_blind(
                    name,
                    dimension,
                    given(score, OFF[dimension] * (1 if number % 2 else -1) + 3 * which),
                    graded_by=person_of(grader),
                )


def given(score: float, off: float) -> float:
    """A grade that far away, to the other side where the scale ends."""
    return score + off if 0 <= score + off <= 100 else score - off


def a_preview(store: Store, names: list[str], scorer: Told) -> Preview:
    """What another scorer would change in some sessions."""
    sessions = [store.get(name) for name in names]
    played = [(one, SCENARIOS.scenario(one.scenario).scenario) for one in sessions]
    return preview(played, scorer, store.trust.graded(None))
