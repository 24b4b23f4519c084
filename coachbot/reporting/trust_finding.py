"""What the grades so far come to, in a few plain sentences, before any figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coachbot.agreement.groups import Leaning
from coachbot.agreement.verdict import ENOUGH
from coachbot.reporting.debrief import NAMES
from coachbot.reporting.trust import VERDICTS, DimensionTrust, TrustPage
from coachbot.scoring.interface import DIMENSIONS

_MORE: dict[Leaning, str] = {"too low": "more", "too high": "less"}
"""What graders give where scores are too low, and where they are too high."""


def finding(page: TrustPage) -> tuple[str, str]:
    """What is known so far, the first sentence and the rest.

    A difference in level is said where it is clear (:class:`~coachbot.reporting.trust.Level`).
    """
    graded = [one for one in page.dimensions if one.level.figure.clusters]
    if not graded:
        return "Nobody has graded a conversation of these people yet.", _verdicts(page)
    clear = [one for one in graded if one.level.leaning in _MORE]
    if not clear:
        if all(one.level.leaning == "too few" for one in graded):
            return f"So far {_basis(graded)}: too few to say anything.", _verdicts(page)
        same = (
            "So far there is no clear difference between the points that your graders give and "
            f"those of the program ({_basis(graded)})."
        )
        return same, _verdicts(page)
    says = [
        f"{_points(some)} {word} than the program{_where(some, page.dimensions)}"
        for leaning, word in _MORE.items()
        if (some := [one for one in clear if one.level.leaning == leaning])
    ]
    first = f"So far your graders give {', and '.join(says)} ({_basis(clear)})."
    unclear = [one for one in page.dimensions if one not in clear]
    rest = "That is on average, not in every conversation."
    if unclear:
        rest = f"{rest[:-1]}; on {_names(unclear)} no difference is clear."
    return first, f"{rest} {_verdicts(page)}"


def beside_gaps(page: TrustPage, gaps: Iterable[tuple[str, float]]) -> str:
    """What is to be said beside gaps to the pass marks; empty where it bears on none of them.

    ``gaps``: dimensions and points short of the mark. Where graders give more than the program, a
    gap no larger than that (by the far end of its interval) may be the program's; where they give
    less, people may be further from the mark than it looks.
    """
    short = [(dimension, points) for dimension, points in gaps if points > 0]
    said = []
    for leaning, word in _MORE.items():
        some = [
            one
            for one in page.dimensions
            if one.level.leaning == leaning and _bears(one, leaning, short)
        ]
        if some:
            means = (
                "A gap of that size may be the program’s and not the person’s."
                if word == "more"
                else "Gaps may be larger than they look."
            )
            where = _where(some, page.dimensions)
            said.append(
                f"So far your graders give {_points(some)} {word} than the program{where} "
                f"({_basis(some)}). {means}"
            )
    return " ".join(said)


def _bears(one: DimensionTrust, leaning: Leaning, short: Sequence[tuple[str, float]]) -> bool:
    own = [points for dimension, points in short if dimension == one.dimension]
    if leaning == "too high":
        return bool(own)
    return any(points <= -(one.level.figure.low or 0.0) for points in own)


def _points(some: Sequence[DimensionTrust]) -> str:
    values = sorted(round(abs(one.level.figure.value or 0.0)) for one in some)
    if values[-1] <= 1:
        return "about a point"
    low, high = max(1, values[0]), values[-1]
    return f"{low} points" if low == high else f"{low} to {high} points"


def _where(some: Sequence[DimensionTrust], every: Sequence[DimensionTrust]) -> str:
    return " on all three skills" if len(some) == len(every) else f" on {_names(some)}"


def _basis(some: Sequence[DimensionTrust]) -> str:
    counts = sorted(one.level.figure.clusters for one in some)
    many = f"{counts[0]} to {counts[-1]}" if counts[0] < counts[-1] else str(counts[0])
    sessions = "session" if counts[-1] == 1 else "sessions"
    if all(one.level.blind for one in some):
        return f"{many} {sessions} graded blind"
    return f"{many} graded {sessions}, not all of them blind"


def _verdicts(page: TrustPage) -> str:
    if all(one.verdict == "not_enough" for one in page.dimensions):
        return (
            "It is not yet enough to say how far they agree conversation by conversation: that "
            f"takes {ENOUGH} sessions graded blind."
        )
    said = [
        f"{VERDICTS[verdict].capitalize()}: {_names(some)}."
        for verdict in VERDICTS
        if (some := [one for one in page.dimensions if one.verdict == verdict])
    ]
    return " ".join(said)


def _names(some: Iterable[DimensionTrust]) -> str:
    chosen = {one.dimension for one in some}
    names = [NAMES[d] for d in DIMENSIONS if d in chosen]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
