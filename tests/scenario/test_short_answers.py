"""The customers that come with CoachBot answer as briefly as people type."""

from __future__ import annotations

from pathlib import Path

import pytest

from coachbot.library import Library
from coachbot.scenario.models import Band

SCENARIOS = Path(__file__).parents[2] / "scenarios"
LIBRARY = Library(SCENARIOS)

FEW_WORDS = 8
"""The median of a turn in the real chats of ``docs/realism.md``."""

BANDS: tuple[Band, ...] = ("low", "mid", "high")


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
def test_every_fact_has_a_short_answer(name: str) -> None:
    """Whatever the mood, each fact can be told in eight words or fewer."""
    too_long = [
        (fact.id, band)
        for fact in LIBRARY.scenario(name).scenario.facts
        for band in BANDS
        if not any(band in line.mood and len(line.text.split()) <= FEW_WORDS for line in fact.say)
    ]
    assert [] == too_long
