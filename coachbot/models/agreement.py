"""How far the project's two gradings agree: the first, and one that was blind to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coachbot.agreement.bootstrap import clustered_bootstrap, mean_estimate, over
from coachbot.agreement.measures import alpha
from coachbot.models.examples import read_first_grades, read_second_grades
from coachbot.models.measures import Measure
from coachbot.scoring.interface import DIMENSIONS

_HOW = "all graded replies; the project's own grades, the second blind to the first"


def agreement(examples: Path, seed: int) -> list[Measure]:
    """Measure the agreement of the two gradings, by dimension, on dismissal and on pairs.

    Nothing when there is no second grading in the folder.
    """
    second = read_second_grades(examples)
    situations = [
        s
        for pattern in ("graded-*.jsonl", "held-out-*.jsonl")
        for s in read_first_grades(examples, pattern)
        if s.situation in second
    ]
    if not situations:
        return []
    measures = []
    for dimension in DIMENSIONS:
        rows = []
        for situation in situations:
            again = {g.id: g for g in second[situation.situation].replies}
            for reply in situation.replies:
                one = reply.grades.get(dimension)
                two = getattr(again[reply.id], dimension) if reply.id in again else None
                if one is not None and two is not None:
                    rows.append((one, two, situation.situation))
        grades = np.array([(one, two) for one, two, _ in rows])
        measures.append(
            Measure(
                what=f"two gradings, {dimension.replace('_', ' ')}",
                measure="Krippendorff's alpha, interval",
                estimate=clustered_bootstrap(
                    over(alpha, grades), [g for *_, g in rows], seed=seed, resamples=100
                ),
                how=_HOW,
            )
        )
    names, found = [], []
    for situation in situations:
        for value in second[situation.situation].pairs:
            if value is not None:
                names.append(situation.situation)
                found.append(value)
    measures.append(
        Measure(
            what="two gradings, better of two",
            measure="share of pairs with the same better half",
            estimate=mean_estimate(np.array(found), names, seed),
            how="all pairs, halves in random order",
        )
    )
    return measures
