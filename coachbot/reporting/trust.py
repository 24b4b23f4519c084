"""How far a scorer's scores can be trusted, as the page shows it: figures, reasons, what to grade.

Everything is per version of the scorer, since a new one earns its trust anew; only how people
agree with each other does not depend on it. Of each person's grades of the same thing one counts:
the blind one, whatever they gave after they saw the score, else the newest. Scores come first in
every comparison: a bias above 0 is a score above people's grades.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

import numpy as np

from coachbot.agreement.bootstrap import COVERAGE, Array, Figure
from coachbot.agreement.groups import SMALLEST, GroupBias, Leaning, biases, leaning, thirds
from coachbot.agreement.measures import (
    alpha_figure,
    bias,
    concordance,
    covered,
    kappa,
    within,
)
from coachbot.agreement.sampling import Candidate
from coachbot.agreement.verdict import (
    ENOUGH,
    THRESHOLD,
    WIDTH,
    Needed,
    Verdict,
    judge,
    needed,
    why,
)
from coachbot.scoring.interface import DIMENSIONS, Dimension

MOST_GRADES = 3000
"""Grades, the newest, that figures are worked out from: bounds the work of a page."""

SMALLEST_GROUP = 5
"""People who must have been graded in a group before it is shown; as for a team's averages."""

PROMISED = 0.8
"""The share of grades that ranges are to cover."""

SEED = 0
"""Of every draw: a page that is read twice says the same twice."""

VERDICTS: Mapping[Verdict, str] = {
    "trusted": "trusted",
    "practice_only": "for practice only",
    "not_enough": "not enough grades",
}

PRACTICE_ONLY = "For practice only: people grade this differently too often."
"""What stands beside a score that is not trusted, wherever there is room for a sentence."""

Basis = Literal["blind", "all"]
RangeVerdict = Literal["as promised", "too narrow", "too wide", "not clear"]


@dataclass(frozen=True, slots=True)
class GradedRow:
    """A grade with what it is about. ``turn`` None: the session as a whole.

    ``score``, ``low``, ``high``: what the scorer gave, 0 to 100; None where it gave none.
    ``length``: characters of the reply, or of the session's replies on average.
    """

    id: str
    session: str
    turn: int | None
    dimension: Dimension
    graded_by: str | None
    grade: float
    score: float | None
    low: float | None
    high: float | None
    scorer: str
    blind: bool
    graded: str
    scenario: str
    person: str
    length: float


@dataclass(frozen=True, slots=True)
class Brief:
    """What a grader may know of a session before: nothing of how it went, nor whose it is."""

    scenario: str
    started: str
    replies: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a scorer's trust on a dimension, from all grades there are of it.

    ``blind`` and ``every``: weighted kappa over the blind grades, and over all. ``computed``: UTC,
    ISO 8601.
    """

    scorer: str
    dimension: Dimension
    blind: Figure
    every: Figure
    computed: str

    def verdict(self, threshold: float = THRESHOLD) -> Verdict:
        """By the rule of :mod:`coachbot.agreement.verdict`."""
        return judge(self.blind, self.every, threshold)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far scores and grades agree. ``within``: share within 10 points; ``bias``: in points."""

    kappa: Figure
    concordance: Figure
    within: Figure
    bias: Figure


@dataclass(frozen=True, slots=True)
class PeopleAgreement:
    """How far people agree with each other, where the later of two graded blind.

    ``alpha``: Krippendorff's, over everybody who graded the same thing. ``both_blind``: pairs in
    which the first had not seen the score either.
    """

    kappa: Figure
    within: Figure
    alpha: Figure
    both_blind: int


@dataclass(frozen=True, slots=True)
class Level:
    """Whether people give more or less than the scorer: scores less grades, in points.

    Over the blind grades, or over all while those are of fewer than ``SMALLEST`` sessions; said to
    lean where its interval leaves out 0. Three dimensions are looked at, so that each interval
    covers 1 - 0.05 / 3, as for groups.
    """

    figure: Figure
    leaning: Leaning
    blind: bool


@dataclass(frozen=True, slots=True)
class DimensionTrust:
    """One dimension of one scorer. ``verdict`` and ``why`` come from all grades in the database.

    So does ``graded``: sessions graded blind, of the ``ENOUGH`` that a verdict takes.

    The rest is of the teams that were asked for: ``blind`` and ``every`` by the grades they are
    worked out from; ``basis``: which of the two ``ranges`` and the biases are worked out from.
    Biases of ``teams`` are there for those with enough people only.
    """

    dimension: Dimension
    verdict: Verdict
    why: str
    graded: int
    level: Level
    blind: Agreement
    every: Agreement
    people: PeopleAgreement
    needed: Needed
    basis: Basis
    ranges: Figure
    ranges_say: RangeVerdict
    scenarios: tuple[GroupBias, ...]
    lengths: tuple[GroupBias, ...]
    length_cuts: tuple[float, float]
    teams: tuple[GroupBias, ...]


@dataclass(frozen=True, slots=True)
class TrustPage:
    """What the page shows. ``scorers``: those with grades, the last graded first, with how many.

    ``cut``: there are more grades than were looked at.
    """

    scorer: str
    scorers: tuple[tuple[str, int], ...]
    threshold: float
    width: float
    cut: bool
    dimensions: tuple[DimensionTrust, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, ready for JSON."""
        return asdict(self)


class TrustRecords(Protocol):
    """Reads grades and what can be graded. All raise ``StoreError``.

    ``teams``: only of people who are trainees in one of these; None: of everybody.
    """

    def graded(
        self,
        teams: Collection[str] | None,
        *,
        scorer: str | None = None,
        dimension: Dimension | None = None,
        most: int = MOST_GRADES,
    ) -> list[GradedRow]:
        """The newest grades, oldest first; ``scorer`` None: of all."""

    def scorers(self) -> list[tuple[str, int]]:
        """Scorers with grades, the last graded first, and how many they have."""

    def teams_of(self, people: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The teams in which each of these people is a trainee."""

    def briefs(self, sessions: Collection[str]) -> dict[str, Brief]:
        """What may be said of sessions that are proposed, by id."""

    def candidates(
        self, teams: Collection[str], *, grader: str, scorer: str | None, most: int
    ) -> tuple[list[Candidate], list[Candidate]]:
        """Finished sessions that the grader can still grade blind, and those that are graded."""


def independent(rows: Sequence[GradedRow]) -> list[GradedRow]:
    """Of each person's grades of the same thing the one that says most, in the order given.

    That is the newest blind one: what somebody gives after they have seen the score leans on it,
    and takes nothing from what they saw without it. Else the newest. Those whose graders were
    forgotten can't be told apart; of these too only one counts. ``rows``: oldest first.
    """
    chosen: dict[tuple[str, int | None, Dimension, str | None], GradedRow] = {}
    for row in rows:
        of_same = row.session, row.turn, row.dimension, row.graded_by
        if row.blind or of_same not in chosen or not chosen[of_same].blind:
            chosen[of_same] = row
    counted = {row.id for row in chosen.values()}
    return [row for row in rows if row.id in counted]


def agreement(rows: Sequence[GradedRow]) -> Agreement:
    """The figures of agreement between scores and grades."""
    some = [row for row in rows if row.score is not None]
    scores, grades = _column(some, "score"), _column(some, "grade")
    sessions = [row.session for row in some]
    return Agreement(
        kappa=kappa(scores, grades, sessions, seed=SEED),
        concordance=concordance(scores, grades, sessions, seed=SEED),
        within=within(scores, grades, sessions, seed=SEED),
        bias=bias(scores, grades, sessions, seed=SEED),
    )


def kept_from(scorer: str, dimension: Dimension, rows: Sequence[GradedRow], computed: str) -> Kept:
    """What is to be kept of all grades of a dimension of a scorer, oldest first."""
    some = [row for row in independent(rows) if row.score is not None]
    blind, every = (
        kappa(
            _column(part, "score"),
            _column(part, "grade"),
            [row.session for row in part],
            seed=SEED,
        )
        for part in ([row for row in some if row.blind], some)
    )
    return Kept(scorer, dimension, blind, every, computed)


def people_agreement(rows: Sequence[GradedRow]) -> PeopleAgreement:
    """How far people agree with each other; ``rows``: of one dimension, oldest first."""
    items: dict[tuple[str, int | None], list[GradedRow]] = defaultdict(list)
    for row in rows:
        items[row.session, row.turn].append(row)
    pairs: list[tuple[GradedRow, GradedRow]] = []
    together: list[list[GradedRow]] = []
    for grades in items.values():
        blind = [row for row in independent(grades) if row.blind]
        for later in blind:
            pairs += [(earlier, later) for earlier in _before(later, grades)]
        if len(lineup := [*_before(blind[0], grades)[:1], *blind] if blind else []) > 1:
            together.append(lineup)
    graders = max((len(grades) for grades in together), default=0)
    matrix = np.full((len(together), graders), np.nan)
    for number, grades in enumerate(together):
        matrix[number, : len(grades)] = _column(grades, "grade")
    one, other = (_column([pair[i] for pair in pairs], "grade") for i in (0, 1))
    sessions = [first.session for first, _ in pairs]
    return PeopleAgreement(
        kappa=kappa(one, other, sessions, seed=SEED),
        within=within(one, other, sessions, seed=SEED),
        alpha=alpha_figure(matrix, [grades[0].session for grades in together], seed=SEED),
        both_blind=sum(first.blind for first, _ in pairs),
    )


def _before(later: GradedRow, grades: Sequence[GradedRow]) -> list[GradedRow]:
    """What others had given before a blind grade: what they gave later can lean on it."""
    found = independent(grades[: grades.index(later)])
    blind = {row.graded_by for row in grades if row.blind}
    return [
        row
        for row in found
        if row.graded_by != later.graded_by and (row.blind or row.graded_by not in blind)
    ]


def trust_page(
    rows: Sequence[GradedRow],
    *,
    scorer: str,
    scorers: Sequence[tuple[str, int]],
    kept: Mapping[Dimension, Kept],
    teams_of: Mapping[str, Collection[str]],
    threshold: float = THRESHOLD,
    width: float = WIDTH,
) -> TrustPage:
    """The page on a scorer.

    ``rows``: grades of any scorer, oldest first, of the teams whose figures are shown. ``kept``:
    of this scorer, from all grades. ``teams_of``: of each person who was graded.
    """
    return TrustPage(
        scorer=scorer,
        scorers=tuple(scorers),
        threshold=threshold,
        width=width,
        cut=len(rows) >= MOST_GRADES,
        dimensions=tuple(
            _dimension(
                dimension,
                [row for row in rows if row.dimension == dimension],
                scorer=scorer,
                kept=kept.get(dimension),
                teams_of=teams_of,
                threshold=threshold,
                width=width,
            )
            for dimension in DIMENSIONS
        ),
    )


def _dimension(
    dimension: Dimension,
    rows: Sequence[GradedRow],
    *,
    scorer: str,
    kept: Kept | None,
    teams_of: Mapping[str, Collection[str]],
    threshold: float,
    width: float,
) -> DimensionTrust:
    counted = independent(rows)
    own = [row for row in counted if row.scorer == scorer and row.score is not None]
    blind = [row for row in own if row.blind]
    known = kept or kept_from(scorer, dimension, own, "")
    of_blind = agreement(blind)
    basis: Basis = "blind" if of_blind.kappa.clusters >= ENOUGH else "all"
    used = blind if basis == "blind" else own
    sizes, cuts = thirds([row.length for row in used])
    ranges = _ranges(used)
    return DimensionTrust(
        dimension=dimension,
        verdict=known.verdict(threshold),
        why=why(known.blind, known.every, threshold),
        graded=known.blind.clusters,
        level=_level(blind, own),
        blind=of_blind,
        every=agreement(own),
        people=people_agreement(rows),
        needed=needed(of_blind.kappa, width=width, expected=threshold),
        basis=basis,
        ranges=ranges,
        ranges_say=_ranges_say(ranges),
        scenarios=_biases(used, [row.scenario for row in used]),
        lengths=_biases(used, sizes),
        length_cuts=cuts,
        teams=_team_biases(used, teams_of),
    )


def _level(blind: Sequence[GradedRow], every: Sequence[GradedRow]) -> Level:
    enough = len({row.session for row in blind}) >= SMALLEST
    rows = blind if enough or len(blind) == len(every) else every
    figure = bias(
        _column(rows, "score"),
        _column(rows, "grade"),
        [row.session for row in rows],
        seed=SEED,
        coverage=1 - (1 - COVERAGE) / len(DIMENSIONS),
    )
    return Level(figure, leaning(figure), rows is blind)


def _ranges(rows: Sequence[GradedRow]) -> Figure:
    some = [row for row in rows if row.low is not None and row.high is not None]
    return covered(
        _column(some, "grade"),
        _column(some, "low"),
        _column(some, "high"),
        [row.session for row in some],
        seed=SEED,
    )


def _ranges_say(figure: Figure) -> RangeVerdict:
    if figure.low is None or figure.high is None or figure.clusters < ENOUGH:
        return "not clear"
    if figure.high < PROMISED:
        return "too narrow"
    return "too wide" if figure.low > PROMISED else "as promised"


def _biases(rows: Sequence[GradedRow], groups: Sequence[str]) -> tuple[GroupBias, ...]:
    sessions = [row.session for row in rows]
    found = biases(_column(rows, "score"), _column(rows, "grade"), groups, sessions, seed=SEED)
    return tuple(found)


def _team_biases(
    rows: Sequence[GradedRow], teams_of: Mapping[str, Collection[str]]
) -> tuple[GroupBias, ...]:
    # Somebody who is in two teams counts in both.
    placed = [(team, row) for row in rows for team in teams_of.get(row.person, ())]
    people: dict[str, set[str]] = defaultdict(set)
    for team, row in placed:
        people[team].add(row.person)
    large = [(team, row) for team, row in placed if len(people[team]) >= SMALLEST_GROUP]
    return _biases([row for _, row in large], [team for team, _ in large])


def _column(rows: Sequence[GradedRow], name: str) -> Array:
    return np.array([getattr(row, name) for row in rows], dtype=np.float64)
