"""What another scorer would change, seen before it is switched on.

Kept replies are scored anew in their conversations. The conversation itself stays as it was: how
the customer felt and how it ended followed from the old scores, and nobody knows how it would have
gone with others; so a pass can change by its marks only.

Whether people's grades are better matched is said three ways, because they don't mean the same.
Corrections were given where the old score was wrong, so that nearly any other scorer comes closer
to them; grades given after seeing the old score lean towards it; only blind ones are fair to both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from coachbot.agreement.bootstrap import Figure
from coachbot.agreement.measures import mean
from coachbot.coaching.practice import before, reply_to_score
from coachbot.coaching.protocols import FullScorer
from coachbot.reporting.trust import SEED, GradedRow
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import DIMENSIONS, Dimension, ReplyScore
from coachbot.scoring.session_value import session_values
from coachbot.session.models import Session
from coachbot.session.result import passed

AT_ONCE = 32
"""Replies that are scored in one call."""

MOVED = 10.0
"""Points from which a changed score is counted as moved: what counts as the same in agreement."""

FEWEST = 10
"""Graded sessions from which it is said whether grades are better matched."""

Basis = Literal["blind", "all", "corrections"]
BASES: tuple[Basis, ...] = ("blind", "all", "corrections")
Says = Literal["better", "worse", "not clear", "too few"]


@dataclass(frozen=True, slots=True)
class Changed:
    """A dimension of a session, before and with the other scorer; None: not scored."""

    dimension: Dimension
    old: float | None
    new: float | None

    @property
    def by(self) -> float | None:
        """New less old, in points."""
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True, slots=True)
class SessionPreview:
    """A session; ``passed_old`` as it was decided, ``passed_new`` by the other scorer's values."""

    session: str
    scenario: str
    started: str
    scorer: str
    values: tuple[Changed, ...]
    passed_old: bool
    passed_new: bool

    @property
    def largest(self) -> float:
        """The largest change of a dimension, in points; 0 where nothing can be compared."""
        return max((abs(v.by) for v in self.values if v.by is not None), default=0.0)


@dataclass(frozen=True, slots=True)
class DimensionChange:
    """A dimension over all sessions, new less old in points; ``moved``: share by 10 or more."""

    dimension: Dimension
    mean: Figure
    absolute: Figure
    moved: Figure
    newly_scored: int
    newly_unscored: int


@dataclass(frozen=True, slots=True)
class Match:
    """How near the scores come to people's grades: mean absolute error in points, old and new.

    ``difference``: new less old over the same grades; below 0 the new ones are nearer.
    """

    dimension: Dimension
    basis: Basis
    old: Figure
    new: Figure
    difference: Figure
    says: Says


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole of it. ``left_out``: sessions whose scenario is gone or has another version now."""

    scorer: str
    sessions: tuple[SessionPreview, ...]
    left_out: int
    dimensions: tuple[DimensionChange, ...]
    passes_gained: int
    passes_lost: int
    matches: tuple[Match, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class KeptPreview:
    """A preview that was kept, as it is read later.

    ``made``: UTC, ISO 8601. ``scored``: sessions that were scored anew; ``preview.sessions`` are
    some of them only.
    """

    made: str
    scored: int
    preview: Preview


@dataclass
class _Compared:
    """What was found so far; grades with the old score and the new one."""

    sessions: list[SessionPreview] = field(default_factory=list)
    grades: list[tuple[GradedRow, float, float]] = field(default_factory=list)


def preview(
    sessions: Iterable[tuple[Session, Scenario | None]],
    scorer: FullScorer,
    grades: Sequence[GradedRow],
    progress: Callable[[int], None] = lambda _done: None,
) -> Preview:
    """Score kept sessions anew and compare.

    ``sessions``: finished ones, each with the scenario as it was played, None where that can't be
    had. ``grades``: each person's newest of the same thing. ``progress`` is told how many sessions
    are done.
    """
    found = _Compared()
    left_out = 0
    by_session: dict[str, list[GradedRow]] = {}
    for row in grades:
        by_session.setdefault(row.session, []).append(row)
    for done, (session, scenario) in enumerate(sessions, start=1):
        if scenario is None or not session.turns:
            left_out += 1
        else:
            _compare(session, scenario, scorer, by_session.get(session.id, ()), found)
        progress(done)
    return Preview(
        scorer=scorer.name,
        sessions=tuple(sorted(found.sessions, key=lambda s: (-s.largest, s.session))),
        left_out=left_out,
        dimensions=tuple(_change(d, found.sessions) for d in DIMENSIONS),
        passes_gained=sum(s.passed_new and not s.passed_old for s in found.sessions),
        passes_lost=sum(s.passed_old and not s.passed_new for s in found.sessions),
        matches=tuple(_match(d, basis, found.grades) for d in DIMENSIONS for basis in BASES),
    )


def _compare(
    session: Session,
    scenario: Scenario,
    scorer: FullScorer,
    grades: Sequence[GradedRow],
    found: _Compared,
) -> None:
    items = [reply_to_score(before(session, t.number), scenario, t.agent) for t in session.turns]
    scores: list[ReplyScore] = []
    for start in range(0, len(items), AT_ONCE):
        scores += scorer.score(items[start : start + AT_ONCE], with_evidence=False)
    turns = tuple(
        turn.model_copy(update={"score": score})
        for turn, score in zip(session.turns, scores, strict=True)
    )
    anew = session.model_copy(update={"turns": turns})
    old = session_values([turn.score for turn in session.turns])
    new = session_values(scores)
    found.sessions.append(
        SessionPreview(
            session=session.id,
            scenario=session.scenario,
            started=session.started,
            scorer=session.scorer,
            values=tuple(Changed(d, old[d].score, new[d].score) for d in DIMENSIONS),
            passed_old=bool(session.passed),
            passed_new=passed(anew, scenario),
        )
    )
    for row in grades:
        given = new if row.turn is None else scores[row.turn - 1].dimensions
        value = given[row.dimension].score if given is not None else None
        if row.score is not None and value is not None:
            found.grades.append((row, row.score, value))


def _change(dimension: Dimension, sessions: Sequence[SessionPreview]) -> DimensionChange:
    values = [(s.session, v) for s in sessions for v in s.values if v.dimension == dimension]
    both = [(name, v.by) for name, v in values if v.by is not None]
    by = np.array([change for _, change in both], dtype=np.float64)
    names = [name for name, _ in both]
    return DimensionChange(
        dimension=dimension,
        mean=mean(by, names, seed=SEED),
        absolute=mean(np.abs(by), names, seed=SEED),
        moved=mean((np.abs(by) >= MOVED).astype(np.float64), names, seed=SEED),
        newly_scored=sum(v.old is None and v.new is not None for _, v in values),
        newly_unscored=sum(v.old is not None and v.new is None for _, v in values),
    )


def _match(
    dimension: Dimension, basis: Basis, grades: Sequence[tuple[GradedRow, float, float]]
) -> Match:
    some = [
        (row, old, new)
        for row, old, new in grades
        if row.dimension == dimension and _belongs(row, basis)
    ]
    sessions = [row.session for row, _, _ in some]
    given = np.array([row.grade for row, _, _ in some], dtype=np.float64)
    before_, after = (
        np.abs(np.array([entry[i] for entry in some], dtype=np.float64) - given) for i in (1, 2)
    )
    difference = mean(after - before_, sessions, seed=SEED)
    return Match(
        dimension=dimension,
        basis=basis,
        old=mean(before_, sessions, seed=SEED),
        new=mean(after, sessions, seed=SEED),
        difference=difference,
        says=_says(difference),
    )


def _belongs(row: GradedRow, basis: Basis) -> bool:
    if basis == "all":
        return True
    if basis == "blind":
        return row.blind
    return not row.blind and row.grade != row.score


def _says(difference: Figure) -> Says:
    if difference.clusters < FEWEST or difference.low is None or difference.high is None:
        return "too few"
    if difference.high < 0:
        return "better"
    return "worse" if difference.low > 0 else "not clear"
