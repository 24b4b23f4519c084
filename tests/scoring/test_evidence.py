"""Evidence: what moved a dimension, from the reply and from the history."""

from __future__ import annotations

import numpy as np
import pytest

from coachbot.scoring.calibration import Calibration
from coachbot.scoring.evidence import Explained, Removal, explain
from coachbot.scoring.features import Context
from coachbot.scoring.interface import Dimension, Evidence
from coachbot.scoring.text import Span
from tests.scoring.made import calibration, context, log_odds, measured, parts, read, table

KITE = context("It's in Hull. Will it be here by Friday? And why Hull?")
REPLY = "Fly it. Calm down."


def answers(first: float, second: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the answers in which the two questions are left open with such probabilities."""
    found = read(0, 3).said.copy()
    found[1, 1], found[2, 1] = log_odds(first), log_odds(second)
    return found


def shown(
    first: float,
    second: float,
    how: Calibration,
    dimension: Dimension = "active_listening",
    removals: list[Removal] | None = None,
    where: Context = KITE,
) -> list[Evidence]:
    """Return the evidence of a reply."""
    whole = measured(REPLY, where, said=answers(first, second))
    return explain(Explained(parts(REPLY), whole, removals or [], where), how, [dimension])


def removal(number: int, effect: float, dimension: Dimension = "active_listening") -> Removal:
    """Return a sentence of the reply that was taken out, with its effect."""
    left = measured("Fly it.", KITE, said=answers(0.1, 0.1))
    return Removal(parts(REPLY)[number].span, left, {dimension: effect})


def test_a_question_left_open_is_evidence_of_the_history() -> None:
    """Quoted from its turn; it costs what would be won if it were not counted as open."""
    (one,) = shown(0.9, 0.1, calibration())
    text = KITE.conversation.history[0].text
    assert ("history", 0, "Will it be here by Friday?") == (one.source, one.turn, one.text)
    assert text[one.start : one.end] == one.text
    # Open: (0.9 + 0.1) / 2, times 20 points. Not counted: 0.1 / 2.
    assert one.effect == pytest.approx(-20 * (0.5 - 0.05), abs=0.15)
    assert one.reason == "asked “Will it be here by Friday?”: not answered"


def test_all_open_questions_are_shown_and_answered_ones_are_not() -> None:
    """One for each that is likelier open than the threshold."""
    assert len(shown(0.9, 0.8, calibration())) == 2
    assert [] == shown(0.4, 0.3, calibration())
    assert len(shown(0.4, 0.3, calibration(unanswered=0.35))) == 1


def test_what_does_not_count_is_no_evidence() -> None:
    """Empathy's table has no weight for open questions here, so none is shown for it."""
    assert [] == shown(0.9, 0.9, calibration(), "empathy")
    without = calibration({"active_listening": table(50.0, {"unanswered": 0.0})})
    assert [] == shown(0.9, 0.9, without)


def test_parts_of_the_reply_are_evidence_with_their_effect() -> None:
    """Where they stand in the reply, with the effect of their removal, rounded."""
    (one,) = shown(0.1, 0.1, calibration(), removals=[removal(1, -12.34)])
    assert ("reply", None, "Calm down.", -12.3) == (one.source, one.turn, one.text, one.effect)
    assert REPLY[one.start : one.end] == one.text


def test_effects_below_a_point_are_noise() -> None:
    """They are left out, and so is a small one that nobody can explain."""
    assert [] == shown(0.1, 0.1, calibration(), removals=[removal(0, 0.9), removal(1, -0.9)])
    assert [] == shown(0.1, 0.1, calibration(), removals=[removal(0, 2.0)])


def test_the_strongest_come_first_and_no_more_than_five() -> None:
    """By the size of the effect, up or down, from reply and history together."""
    sizes = [6.0, -30.0, 8.0, -7.0, 20.0, 5.5]
    removals = [
        Removal(Span(i, i + 1, REPLY[i]), removal(0, 0.0).after, {"active_listening": size})
        for i, size in enumerate(sizes)
    ]
    found = shown(0.9, 0.1, calibration(), removals=removals)
    effects = [e.effect for e in found]
    assert effects == pytest.approx([-30.0, 20.0, -9.0, 8.0, -7.0], abs=0.1)
    assert {"history", "reply"} == {e.source for e in found}


def test_each_wanted_dimension_has_its_own_evidence() -> None:
    """In the order wanted, and nothing for the others."""
    whole = measured(REPLY, KITE, said=answers(0.1, 0.1))
    effects: dict[Dimension, float] = {"empathy": -9.0, "active_listening": -8.0}
    removals = [Removal(parts(REPLY)[1].span, whole, effects)]
    reply = Explained(parts(REPLY), whole, removals, KITE)
    wanted: list[Dimension] = ["active_listening", "empathy"]
    found = explain(reply, calibration(), wanted)
    assert [(w, effects[w]) for w in wanted] == [(e.dimension, e.effect) for e in found]
