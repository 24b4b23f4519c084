"""From answers to scores: fits with fixed signs, honest intervals, thresholds and temperatures."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from coachbot.models.calibrating import (
    Measured,
    MeasuredPair,
    best_threshold,
    choose_signals,
    conformal_bands,
    cross_error,
    finding_rows,
    fit_decision,
    fit_table,
    measured_rows,
    scaling,
    signed_least_squares,
    temperature,
    templated_middle,
)
from coachbot.models.lessons import own_units
from coachbot.models.statistics import macro_f1
from coachbot.models.training import Corpus, PublicSets
from coachbot.scoring.calibration import decide, softmax
from coachbot.scoring.dimensions import DIRECTIONS, points
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.words import Rarity
from tests.models.made import PREPARER, grades, pair, reply, situation
from tests.scoring.made import calibration, read, table

Array = NDArray[np.float64]

EMPATHY = DIRECTIONS["empathy"]


def test_signs_are_kept() -> None:
    """An input that would want the wrong sign gets nothing; the other one its due."""
    # A full grid: the inputs don't go along with each other.
    inputs = np.array([[a, b] for a in (0.0, 0.5, 1.0) for b in (0.0, 0.5, 1.0)] * 400)
    goal = 10 + 5 * inputs[:, 0] + 8 * inputs[:, 1]
    slopes, base = signed_least_squares(inputs, goal, [1, -1], np.ones(len(goal)))
    assert slopes == pytest.approx([5.0, 0.0], abs=0.01)
    assert base == pytest.approx(14.0, abs=0.01)
    slopes, base = signed_least_squares(inputs, goal, [1, 1], np.ones(len(goal)))
    assert [*slopes, base] == pytest.approx([5.0, 8.0, 10.0], abs=0.02)


def test_weights_say_how_much_a_row_counts() -> None:
    """Two rows disagree about the base; three times the weight is three quarters of the way."""
    inputs, goal = np.zeros((2, 1)), np.array([0.0, 40.0])
    _, base = signed_least_squares(inputs, goal, [1], np.array([1.0, 3.0]))
    assert base == pytest.approx(30.0)


def sample(draw: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Scores, and grades that lie about them, further in the middle than at the ends."""
    scored = draw.uniform(0, 100, count)
    spread = np.where(np.abs(scored - 50) < 30, 14.0, 5.0)
    return scored, np.clip(scored + draw.normal(0, spread), 0, 100)


@pytest.mark.parametrize("coverage", [0.8, 0.5])
def test_conformal_bands_cover_what_they_promise(coverage: float) -> None:
    """On fresh draws of the same kind about the wanted share of grades lies inside each band."""
    draw = np.random.default_rng(1)
    below, above = conformal_bands(*sample(draw, 2_000), coverage)
    scored, graded = sample(draw, 8_000)
    band = np.minimum((scored / 20).astype(int), 4)
    inside = (graded >= scored - np.array(below)[band]) & (graded <= scored + np.array(above)[band])
    assert coverage - 0.03 <= inside.mean() <= coverage + 0.1
    assert all(abs(inside[band == b].mean() - coverage) < 0.12 for b in range(1, 4))
    assert below[2] > below[0]


def test_a_band_with_few_rows_borrows_from_its_neighbours() -> None:
    """Without any score at the top, its interval is that of the rows below."""
    draw = np.random.default_rng(1)
    scored = draw.uniform(0, 60, 400)
    below, above = conformal_bands(scored, scored + draw.normal(0, 10, 400))
    assert len(below) == len(above) == 5
    assert all(10 <= x <= 16 for x in (*below, *above))


def test_temperature_by_hand() -> None:
    """Log-odds of 2 that hold in 3 of 4 cases want to be log 3: a temperature of 2 / log 3."""
    found = temperature(np.full(4, 2.0), np.array([1.0, 1.0, 1.0, 0.0]))
    assert found == pytest.approx(2.0 / math.log(3.0), rel=1e-3)


def test_temperature_of_what_is_calibrated_is_one() -> None:
    """Labels drawn with the probabilities that the log-odds say need no temperature."""
    random = np.random.default_rng(0)
    scores = random.normal(0.0, 2.0, 20_000)
    labels = (random.random(20_000) < 1.0 / (1.0 + np.exp(-scores))).astype(float)
    assert temperature(scores, labels) == pytest.approx(1.0, abs=0.05)


def test_scaling_finds_divisor_and_offsets() -> None:
    """Log-odds that are three times too sure and favour one label are set right."""
    random = np.random.default_rng(1)
    honest = random.normal(0.0, 1.5, (20_000, 3))
    p = softmax(honest + np.array([0.0, 0.7, -0.4]))
    labels = (random.random((20_000, 1)) > p.cumsum(axis=1)).sum(axis=1)
    divisor, offsets = scaling(honest * 3.0, labels)
    assert divisor == pytest.approx(3.0, rel=0.05)
    assert offsets == pytest.approx([0.0, 0.7, -0.4], abs=0.06)


def threshold(*rows: tuple[float, bool]) -> float:
    """Return the best threshold for (probability, marked)."""
    return best_threshold(np.array([p for p, _ in rows]), np.array([m for _, m in rows]))


def test_the_threshold_is_where_most_is_right() -> None:
    """Above the wrong ones and at most at the right ones."""
    found = threshold(*[(0.38, False)] * 8, *[(0.62, True)] * 2)
    assert 0.38 < found <= 0.62


def test_no_threshold_is_set_where_findings_are_mostly_wrong() -> None:
    """Where 2 of 10 are right at best, almost nothing is shown."""
    assert threshold(*[(0.62, False)] * 8, *[(0.62, True)] * 2) == 0.95
    assert threshold(*[(0.62, False)] * 2, *[(0.62, True)] * 2) < 0.62


def noisy(count: int, seed: int) -> list[dict[str, float]]:
    """Return that many replies of whose signals each is drawn by itself."""
    draw = np.random.default_rng(seed)
    return [{n: float(draw.random()) for n in EMPATHY} for _ in range(count)]


def graded(values: dict[str, float], number: int, noise: float) -> Measured:
    """A reply that is graded by two of its signals alone, and a little noise."""
    grade = 20 + 50 * values["graded_empathy"] - 20 * values["dismissal"] + noise
    return Measured(values, f"s{number % 20}", np.array([grade, np.nan, np.nan]), real=True)


def corpus_of_signals(seed: int = 0) -> tuple[list[Measured], list[MeasuredPair]]:
    """Replies and pairs in which two signals tell and the others are noise."""
    draw = np.random.default_rng(seed)
    rows = [graded(v, i, float(draw.normal(0, 2))) for i, v in enumerate(noisy(300, seed + 1))]
    pairs = []
    for i, (a, b) in enumerate(zip(noisy(100, seed + 2), noisy(100, seed + 3), strict=True)):
        one, two = (graded(v, i, 0.0).grades[0] for v in (a, b))
        better, worse = (a, b) if one > two else (b, a)
        pairs.append(MeasuredPair(0, f"s{i % 20}", better, worse))
    return rows, pairs


def test_a_signal_of_noise_goes_and_one_that_tells_stays() -> None:
    """Without either of the two that tell, errors grow; and what was dropped is written down."""
    names, ablations = choose_signals("empathy", *corpus_of_signals())
    assert {"graded_empathy", "dismissal"} <= set(names)
    assert len(names) < len(EMPATHY)
    assert list(EMPATHY) == [a.signal for a in ablations]
    assert set(names) == {a.signal for a in ablations if a.kept}
    for one in ablations:
        harm = one.error_without - one.error_with + 100 * (one.wrong_without - one.wrong_with)
        assert not one.kept or harm > 0
    told = {a.signal: a.error_without - a.error_with for a in ablations}
    assert told.pop("graded_empathy") > 5
    assert told.pop("dismissal") > 2
    assert max(told.values()) < 0.2


def test_a_signal_without_weight_goes() -> None:
    """Also where the parts of the rows, but not all of them together, would give it some."""
    rows, pairs = corpus_of_signals(24)
    names, ablations = choose_signals("empathy", rows, pairs)
    assert all(fit_table("empathy", names, rows).weights.values())
    assert {a.signal for a in ablations if not a.kept} >= {"emotional_reaction", "interpretation"}


def test_errors_are_measured_over_situations() -> None:
    """With what tells, grades are missed by the noise alone and pairs come out in order."""
    rows, pairs = corpus_of_signals()
    error, wrong = cross_error("empathy", ["graded_empathy", "dismissal"], rows, pairs)
    assert 1.0 < error < 3.0
    assert wrong < 0.05
    error, wrong = cross_error("empathy", ["templated"], rows, pairs)
    assert error > 8
    assert 0.3 < wrong < 0.7


def test_a_table_keeps_directions_and_the_grades_scale() -> None:
    """Slopes have their signs, the mean is the grades' mean, and the spread nearly their spread."""
    rows, _ = corpus_of_signals()
    found = fit_table("empathy", list(EMPATHY), rows)
    assert all(w * EMPATHY[n] >= 0 for n, w in found.weights.items())
    assert found.weights["graded_empathy"] == pytest.approx(50, abs=3)
    assert found.weights["dismissal"] == pytest.approx(-20, abs=3)
    scored = np.array([points(found, r.values) for r in rows])
    goal = np.array([r.grades[0] for r in rows])
    assert scored.mean() == pytest.approx(goal.mean(), abs=1)
    assert scored.std() == pytest.approx(goal.std(), rel=0.08)
    assert len(found.below) == len(found.above) == 5


def test_rows_that_are_not_graded_on_a_dimension_do_not_count() -> None:
    """A reply without a grade of it changes nothing."""
    rows, _ = corpus_of_signals()
    nothing = Measured(noisy(1, 9)[0], "s1", np.array([np.nan, 90.0, 90.0]), real=True)
    names = ["graded_empathy", "dismissal"]
    assert fit_table("empathy", names, rows) == fit_table("empathy", names, [*rows, nothing])


def own_corpus() -> Corpus:
    """A corpus of one situation with a graded reply and a pair."""
    one = situation(
        "s",
        [
            reply(
                "a",
                "It's in Leeds.",
                grades=grades(40, 20, 30),
                unanswered=[{"turn": 0, "text": "Will it be here by Friday?"}],
            )
        ],
        [pair("empathy", "So sorry.", "Calm down.", better_grade=70, worse_grade=10)],
    )
    graded_units, pairs, alone = own_units([one], PREPARER)
    units = {"graded": graded_units, "pairs": pairs, "called": alone}
    public = PublicSets([], [], [], [])
    return Corpus(public, [one], Rarity(), PREPARER, units, Path("nowhere"))


def test_finding_rows_are_those_that_can_have_the_finding() -> None:
    """The one question of the newest message, with what the network said of it."""
    said = np.arange(9.0).reshape(3, 3)
    answers = {"graded": {0: [read(1, 3, said=said)]}}
    scores, labels = finding_rows(own_corpus(), answers, "unanswered")
    assert ([7.0], [1.0]) == (list(scores), list(labels))
    scores, labels = finding_rows(own_corpus(), answers, "contradicts")
    assert ([2.0, 5.0, 8.0], [0.0] * 3) == (list(scores), list(labels))


def test_measured_rows_have_signals_and_grades() -> None:
    """The graded reply is real, the pair's halves count beside it, and their order is known."""
    changes: dict[str, Any] = {"graded": np.array([2.0, 0.0, 0.0])}
    answers = {
        "graded": {0: [read(1, 3)]},
        "pairs": {0: [read(1, 3, **changes), read(1, 3)]},
    }
    rows, (one,) = measured_rows(own_corpus(), answers, calibration())
    assert [True, False, False] == [r.real for r in rows]
    assert list(rows[0].grades) == [40.0, 20.0, 30.0]
    assert [r.grades[0] for r in rows[1:]] == pytest.approx([70.0, 10.0])
    assert one.better["graded_empathy"] == pytest.approx(1 / (1 + np.exp(-2.0)))
    assert one.worse["graded_empathy"] == 0.5
    plain = table(50.0, {"graded_empathy": 30.0})
    assert points(plain, one.better) > points(plain, one.worse)
    assert DIMENSIONS[one.dimension] == "empathy"


def test_a_rare_label_is_named_as_readily_as_a_common_one() -> None:
    """Where the rare label never wins though it tells, its weight lets it, and macro-F1 grows."""
    random = np.random.default_rng(0)
    labels = (random.random(400) < 0.1).astype(np.int64)
    rare = np.clip(0.12 + 0.2 * labels + 0.03 * random.standard_normal(400), 0.01, 0.49)
    p = np.stack([1.0 - rare, rare], axis=1)
    weights = fit_decision(p, labels)
    assert weights[0] == 0.0
    assert weights[1] > 0.0
    plain = macro_f1(labels, p.argmax(axis=1))
    decided = np.array([decide(row, weights) for row in p])
    assert macro_f1(labels, decided) > plain + 0.2


def test_without_weights_the_likeliest_label_is_chosen() -> None:
    """None and all zeros are the same."""
    p = np.array([0.2, 0.5, 0.3])
    assert (1, 1, 2) == (decide(p, None), decide(p, (0.0, 0.0, 0.0)), decide(p, (0.0, 0.0, 1.0)))


def test_the_middle_of_canned_text_parts_the_labels() -> None:
    """Labels that change at -1 are parted there."""
    scores = np.linspace(-3.0, 3.0, 121)
    assert templated_middle(scores, (scores > -1.0).astype(float)) == pytest.approx(-1.0, abs=0.1)
