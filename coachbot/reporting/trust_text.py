"""How far scores can be trusted, and what another scorer would change, as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from coachbot.agreement.bootstrap import Figure
from coachbot.agreement.groups import GroupBias
from coachbot.agreement.verdict import ENOUGH
from coachbot.coaching.previewing import BASES, Match, Preview, SessionPreview
from coachbot.reporting.debrief import NAMES
from coachbot.reporting.trust import VERDICTS, DimensionTrust, TrustPage
from coachbot.reporting.trust_finding import finding

_STATUS = {
    "nothing": "nothing graded yet",
    "one_session": "one session, so no interval",
    "no_spread": "all alike, so it can't be said",
}
_BASES = {
    "blind": "graded blind",
    "all": "all grades",
    "corrections": "corrections (which favour any other scorer)",
}
MOST_SESSIONS = 20
"""Sessions of a preview that are listed, those that change most."""


def figure(found: Figure, form: str = ".2f") -> str:
    """A figure with its interval; or why there is none."""
    if found.value is None:
        return _STATUS[found.status]
    if found.low is None or found.high is None:
        return f"{found.value:{form}} ({_STATUS[found.status]})"
    return f"{found.value:{form}} ({found.low:{form}} to {found.high:{form}})"


def trust_lines(page: TrustPage) -> Iterator[str]:
    """The page line by line."""
    yield " ".join(finding(page))
    yield ""
    yield f"How far people agree with {page.scorer} (weighted kappa asked for: {page.threshold:g})"
    if page.cut:
        yield "There are more grades; the newest are counted."
    for one in page.dimensions:
        yield ""
        yield from _dimension(one)


def _dimension(one: DimensionTrust) -> Iterator[str]:
    yield f"{NAMES[one.dimension].capitalize()}: {VERDICTS[one.verdict]}"
    yield f"  {one.why}"
    for name, found in (("graded blind", one.blind), ("all grades", one.every)):
        grades, sessions = found.kappa.rows, found.kappa.clusters
        yield f"  {name}: {grades} grades, {sessions} sessions"
        if grades:
            yield f"    kappa {figure(found.kappa)}, concordance {figure(found.concordance)}"
            yield f"    within 10 points {figure(found.within, '.0%')}"
            yield f"    scores less grades, in points {figure(found.bias, '+.1f')}"
    people = one.people
    yield f"  people with each other: {people.kappa.rows} pairs, {people.both_blind} both blind"
    if people.kappa.rows:
        yield f"    kappa {figure(people.kappa)}, within 10 points {figure(people.within, '.0%')}"
        yield f"    Krippendorff's alpha {figure(people.alpha)}"
    if one.ranges.rows:
        yield f"  grades inside the ranges {figure(one.ranges, '.0%')}: {one.ranges_say} (80 %)"
    for title, groups in (
        ("by scenario", one.scenarios),
        ("by length of reply", one.lengths),
        ("by team", one.teams),
    ):
        if groups:
            yield f"  scores less grades {title}, in points"
            yield from (_group(group) for group in groups)
    if more := still_needed(one):
        yield f"  {more}"


def still_needed(one: DimensionTrust) -> str:
    """How many more sessions it takes, and for what; empty where it is known well enough.

    One number: those that a verdict takes. How narrow kappa's interval will be can't be foretold
    from fewer, so that is said afterwards only.
    """
    if one.graded < ENOUGH:
        left = ENOUGH - one.graded
        return f"{left} more {'session' if left == 1 else 'sessions'} graded blind until a verdict"
    if one.blind.kappa.clusters < ENOUGH or not one.needed.sessions:
        return ""
    return (
        f"About {one.needed.sessions} more sessions graded blind until kappa is known to within 0.1"
    )


def _group(group: GroupBias) -> str:
    return f"    {group.group}: {figure(group.figure, '+.1f')}: {group.leaning}"


def preview_lines(found: Preview) -> Iterator[str]:
    """A preview line by line."""
    yield f"With {found.scorer}: {len(found.sessions)} sessions scored anew"
    if found.left_out:
        yield f"{found.left_out} left out: their scenario is gone or has changed since."
    for change in found.dimensions:
        yield ""
        yield NAMES[change.dimension].capitalize()
        yield f"  changes by {figure(change.mean, '+.1f')} points on average"
        yield f"  without sign by {figure(change.absolute, '.1f')}"
        yield f"  moved by 10 or more: {figure(change.moved, '.0%')} of sessions"
        if change.newly_scored or change.newly_unscored:
            yield f"  newly scored {change.newly_scored}, newly unscored {change.newly_unscored}"
        for basis in BASES:
            match = next(
                m for m in found.matches if (m.dimension, m.basis) == (change.dimension, basis)
            )
            if match.old.rows:
                yield f"  {_BASES[basis]}, {match.old.rows}: {_match(match)}"
    yield ""
    yield f"Passes gained {found.passes_gained}, lost {found.passes_lost}"
    changed = [s for s in found.sessions if s.largest >= 0.05 or s.passed_old != s.passed_new]
    if changed:
        yield ""
        yield "Sessions that change most (empathy / listening / individualized)"
        yield from (_session(s) for s in changed[:MOST_SESSIONS])
        if len(changed) > MOST_SESSIONS:
            yield f"and {len(changed) - MOST_SESSIONS} more; --json has them all"


def _match(match: Match) -> str:
    says = {"too few": "too few sessions to say", "not clear": "no clear difference"}
    return (
        f"off by {figure(match.old, '.1f')} before, {figure(match.new, '.1f')} now: "
        f"{says.get(match.says, match.says)}"
    )


def _session(one: SessionPreview) -> str:
    values = " / ".join(f"{_points(v.old)} → {_points(v.new)}" for v in one.values)
    outcome = ""
    if one.passed_old != one.passed_new:
        outcome = ", would pass" if one.passed_new else ", would no longer pass"
    return f"  {one.started[:10]} {one.scenario} {one.session[:8]}: {values}{outcome}"


def _points(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"
