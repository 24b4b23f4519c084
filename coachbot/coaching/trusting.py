"""Which dimensions of which scorer are trusted: worked out when a grade is given, and kept.

What is kept are figures, so that another threshold gives another verdict at once. No text and no
person is in them. Whoever shows a score asks :meth:`Trusting.practice_only` for its scorer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from coachbot.agreement.sampling import Pick, pick
from coachbot.agreement.verdict import THRESHOLD, Verdict
from coachbot.coaching.reviewing import Grade
from coachbot.reporting.trust import Kept, TrustPage, TrustRecords, kept_from, trust_page
from coachbot.scoring.interface import DIMENSIONS, Dimension

PICKS = 10
"""Sessions that are proposed for grading at once."""

MOST_CANDIDATES = 400
"""Sessions, the newest, that they are chosen from."""

_PAGES = 8
"""Pages that are remembered until somebody gives a grade."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Sessions for somebody to grade blind.

    ``left``: how many there are in all. ``new``: those of them that nobody has graded blind yet, so
    that grading them brings a verdict nearer. Both end at ``MOST_CANDIDATES``.
    """

    picks: tuple[Pick, ...]
    left: int
    new: int


class TrustRepository(TrustRecords, Protocol):
    """Reads grades and keeps what follows from them. All raise ``StoreError``."""

    def state(self) -> tuple[int, str | None]:
        """How many grades there are, and the newest one's id: changes with every grade."""

    def keep(self, kept: Kept) -> None:
        """Keep it in place of what was kept of this scorer and dimension."""

    def kept(self, scorer: str) -> dict[Dimension, Kept]:
        """What is kept of a scorer; without the dimensions that were never graded."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Trusting:
    """Works verdicts out and looks them up. ``threshold``: the kappa that is asked for."""

    repository: TrustRepository
    threshold: float = THRESHOLD
    now: Callable[[], str] = _now
    _pages: dict[object, TrustPage] = field(default_factory=dict, compare=False)

    def grade_given(self, grade: Grade) -> None:
        """Work out anew what the grade bears on; part of the caller's transaction."""
        if grade.score is not None:
            self.work_out(grade.scorer, grade.dimension)

    def work_out(self, scorer: str, dimension: Dimension) -> Kept:
        """Work a dimension of a scorer out from all its grades, and keep it."""
        rows = self.repository.graded(None, scorer=scorer, dimension=dimension)
        kept = kept_from(scorer, dimension, rows, self.now())
        self.repository.keep(kept)
        return kept

    def work_out_all(self) -> list[Kept]:
        """Work everything out anew, as after a restore or when grades were deleted with people."""
        return [
            self.work_out(scorer, dimension)
            for scorer, _ in self.repository.scorers()
            for dimension in DIMENSIONS
        ]

    def trust_of(self, dimension: Dimension, scorer: str) -> Verdict:
        """The verdict on a dimension of a scorer; ``not_enough`` where nobody graded it."""
        kept = self.repository.kept(scorer).get(dimension)
        return "not_enough" if kept is None else kept.verdict(self.threshold)

    def practice_only(self, scorer: str) -> frozenset[Dimension]:
        """The dimensions whose scores by this scorer are to be marked wherever they are shown."""
        return frozenset(
            dimension
            for dimension, kept in self.repository.kept(scorer).items()
            if kept.verdict(self.threshold) == "practice_only"
        )

    def page(self, teams: Collection[str] | None, scorer: str | None = None) -> TrustPage | None:
        """How far a scorer agrees with people; None where nothing was graded.

        ``teams``: those whose figures are shown, None for all; verdicts are from all grades.
        ``scorer``: the one that was graded last, unless named.
        """
        scorers = self.repository.scorers()
        if not scorers:
            return None
        chosen = scorer if scorer is not None else scorers[0][0]
        # Figures with intervals take longer than a page may, and change with grades only.
        key = (None if teams is None else frozenset(teams), chosen, self.repository.state())
        if key not in self._pages:
            rows = self.repository.graded(teams)
            found = trust_page(
                rows,
                scorer=chosen,
                scorers=scorers,
                kept=self.repository.kept(chosen),
                teams_of=self.repository.teams_of({row.person for row in rows}),
                threshold=self.threshold,
            )
            while len(self._pages) >= _PAGES:
                self._pages.pop(next(iter(self._pages)), None)
            self._pages[key] = found
        return self._pages[key]

    def to_grade(
        self,
        teams: Collection[str],
        *,
        grader: str,
        scorer: str | None = None,
        most: int = PICKS,
        seed: int = 0,
    ) -> list[Pick]:
        """Which sessions somebody had best grade next, blind, and why.

        ``scorer``: only sessions that it scored; None: of any.
        """
        return list(self.offer(teams, grader=grader, scorer=scorer, most=most, seed=seed).picks)

    def offer(
        self,
        teams: Collection[str],
        *,
        grader: str,
        scorer: str | None = None,
        most: int = PICKS,
        seed: int = 0,
        skip: int = 0,
    ) -> Offer:
        """The same, after those that were shown before, and how many there are in all."""
        new, graded = self.repository.candidates(
            teams, grader=grader, scorer=scorer, most=MOST_CANDIDATES
        )
        scored = [one for one in new if one.scores]
        skip = min(skip, max(0, len(scored) - 1) // most * most)
        picks = pick(scored, graded, most=most, seed=seed, skip=skip)
        return Offer(tuple(picks), len(scored), sum(not one.blind for one in scored))
