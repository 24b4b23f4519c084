"""From a network's answers to signals, worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.signals import SIGNALS, measure, unanswered_share
from tests.scoring.made import TEMPERATURES, calibration, context, measured, parts, read, said

KITE = context("It's in Hull. Will it leave? Why not?")


def test_log_odds_become_probabilities() -> None:
    """Log-odds of 0, log 2 and log 5 are 1, 2 and 5 of 8; a level's value is its mean half."""
    odds = np.log([1.0, 2.0, 5.0])
    found = measured("Sorry.", KITE, levels=np.stack([odds] * 3), question=odds)
    assert list(found.levels["exploration"]) == pytest.approx([1 / 8, 2 / 8, 5 / 8])
    values = found.values()
    assert values["exploration"] == pytest.approx(0.5 * 2 / 8 + 5 / 8)
    assert values["open_question"] == pytest.approx(5 / 8)


def test_temperatures_cool_their_own_head() -> None:
    """At a temperature of 2, odds of 9 are odds of 3; other heads stay."""
    own = parts("Sorry.")
    cooled = replace(
        calibration(), temperatures=TEMPERATURES | {"templated": 2.0, "dismissal": 2.0}
    )
    answers = read(
        1,
        3,
        templated=np.log([9.0]),
        dismissal=np.array([0.0, math.log(9.0), *[-99.0] * 6]),
        fits=math.log(9.0),
    )
    found = measure(answers, own, KITE, cooled)
    assert (0.75, 0.75, 0.9) == pytest.approx((found.templated, found.dismissal, found.specificity))


def test_harm_is_what_is_not_none() -> None:
    """Odds 2 for none, 1 and 5 for two kinds: six eighths harm, five sixths of it the second."""
    odds = np.full(8, -99.0)
    odds[[0, 1, 3]] = np.log([2.0, 1.0, 5.0])
    found = measured("Calm down.", KITE, dismissal=odds)
    assert found.dismissal == pytest.approx(6 / 8)
    assert list(found.dismissal_kinds)[:3] == pytest.approx([1 / 6, 0.0, 5 / 6])


def test_templated_is_weighted_by_letters() -> None:
    """A canned sentence of 9 letters and an own one of 27 make a quarter."""
    reply = "Bye, all. It leaves Hull with the van."
    found = measured(reply, KITE, templated=np.array([40.0, -40.0]))
    lengths = [len(p.span.text) for p in parts(reply)]
    assert found.templated == pytest.approx(lengths[0] / sum(lengths))
    assert list(found.templated_sentences) == pytest.approx([1.0, 0.0])


def test_open_questions_are_shared_out_and_other_findings_are_the_likeliest() -> None:
    """Of two questions one is open: a half. What is asked again is as likely as the likeliest."""
    answers = said(KITE, asks_again=0.1)
    answers[1, 1], answers[2, 1], answers[0, 1] = 40.0, -40.0, 40.0
    answers[2, 0] = math.log(0.7 / 0.3)
    found = measured("Sorry.", KITE, said=answers)
    assert ["Will it leave?", "Why not?"] == [f.said.text for f in found.findings["unanswered"]]
    values = found.values()
    assert values["unanswered"] == pytest.approx(0.5)
    assert values["asks_again"] == pytest.approx(0.7)
    assert values["contradicts"] < 0.01


def test_without_a_customer_what_compares_with_one_is_none() -> None:
    """There is nothing to take up or to fit; its value in a table is 0."""
    found = measured("Hello.", context(), uptake=9.0, fits=9.0)
    assert (None, None) == (found.uptake, found.specificity)
    assert (0.0, 0.0) == (found.values()["uptake"], found.values()["specificity"])


def test_a_reply_of_nothing_answers_nothing() -> None:
    """Silence asks nothing again and contradicts nothing, and leaves every question open."""
    found = measured("", KITE, said=said(KITE, asks_again=0.9, unanswered=0.1, contradicts=0.9))
    assert {0.0} == {f.p for kind in ("asks_again", "contradicts") for f in found.findings[kind]}
    assert [1.0, 1.0] == [f.p for f in found.findings["unanswered"]]
    assert (0.0, 0) == (found.templated, len(found.templated_sentences))


def test_every_signal_has_a_value_between_0_and_1() -> None:
    """All of them by name, however extreme the answers."""
    for extreme in (-500.0, 500.0):
        found = measured(
            "Sorry.",
            KITE,
            graded=np.full(3, extreme),
            uptake=extreme,
            fits=extreme,
            said=np.full((3, 3), extreme),
            dismissal=np.array([-extreme, *[extreme] * 7]),
        ).values()
        assert set(SIGNALS) == set(found)
        assert all(0.0 <= v <= 1.0 for v in found.values())
    assert {f"graded_{d}" for d in DIMENSIONS} <= set(SIGNALS)


def test_no_question_leaves_nothing_open() -> None:
    """0, not undefined."""
    assert unanswered_share([]) == 0.0
