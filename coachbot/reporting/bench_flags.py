"""What the bench warns of: a name, what it means, what to do, and the particulars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from coachbot.reporting.bench_models import BenchResult, Flag, KindFigures
from coachbot.reporting.bench_runs import Run, of_kinds
from coachbot.scenario.models import Scenario

POOR_PASS_ABOVE = 0.05
"""A pass must mean something: of agents who are poor on purpose at most one in twenty may get it,
which leaves room for a lucky wording."""

MIDDLING_PASS_ABOVE = 0.75
"""Where three of four middling agents pass, there is nothing to learn; an easy scenario may."""

EXCELLENT_PASS_BELOW = 1 / 3
"""If not even a third of the agents that do everything right pass, a hire can't see what is wanted.
One wording of three that fails is a matter of that wording; two are a matter of the scenario."""

SEPARATES_FROM = 0.95
"""Area under the curve from which good and poor agents count as told apart: a poor session comes
out above a good one in at most one pair of twenty."""

STUFFER_RESOLVES_ABOVE = 0.2
"""Keywords may help the mood a little, but a customer who is won over by them in more than one
session of five reacts to words and not to being understood."""

ASKED_ENOUGH = 3
"""Sessions that must have asked for a need before it counts as never let out."""

_EASY_POOR = ("canned", "cold", "useless", "dismissive", "over_promiser")


def flags(result: BenchResult, scenario: Scenario, runs: Sequence[Run]) -> tuple[Flag, ...]:
    """Everything that should be looked at, the gravest first."""
    found = (
        _impossible(result, scenario, runs),
        _too_easy(result, scenario),
        _stuffing(result),
        _separation(result),
        _never_revealed(result),
        _repeated(result),
        _dead(result),
    )
    return tuple(flag for flag in found if flag is not None)


def _impossible(result: BenchResult, scenario: Scenario, runs: Sequence[Run]) -> Flag | None:
    excellent = result.kind("excellent")
    if excellent is None or excellent.passed.value >= EXCELLENT_PASS_BELOW:
        return None
    own = of_kinds(runs, ["excellent"])
    missing = Counter(
        act.id
        for run in own
        for act in scenario.resolution.acts
        if act.id not in run.session.state.acts_done
    )
    details = [
        f"the act '{act}' was not understood in {count} of {len(own)} sessions"
        for act, count in missing.most_common()
    ]
    for dimension, value in excellent.values.items():
        mark = getattr(scenario.pass_marks, dimension)
        if value < mark:
            name = dimension.replace("_", " ")
            details.append(f"{name}: {value:.0f} on average, and the pass mark is {mark:.0f}")
    cold = excellent.resolved_coldly.value
    if cold:
        details.append(f"{cold:.0%} ended resolved coldly: the mood never got to warm_mood")
    return Flag(
        name="impossible",
        means=f"Agents who do everything right pass only {excellent.passed.value:.0%} of the time, "
        "so a hire can't see what is wanted.",
        do="Add examples to the acts that aren't understood, lower the pass marks that are missed, "
        "or raise the starting mood or the patience.",
        details=tuple(details),
    )


def _too_easy(result: BenchResult, scenario: Scenario) -> Flag | None:
    details = [
        f"{kind.kind.replace('_', ' ')}: {kind.passed.value:.0%} pass"
        for name in _EASY_POOR
        if (kind := result.kind(name)) is not None and kind.passed.value > POOR_PASS_ABOVE
    ]
    middling = result.kind("middling")
    if (
        middling is not None
        and middling.passed.value > MIDDLING_PASS_ABOVE
        and scenario.difficulty != "easy"
    ):
        details.append(f"middling: {middling.passed.value:.0%} pass")
    if not details:
        return None
    return Flag(
        name="too_easy",
        means="Agents pass who should not, so that a pass says little about the hire.",
        do="Raise the pass marks, lower the starting mood, or let the customer want one act more.",
        details=tuple(details),
    )


def _stuffing(result: BenchResult) -> Flag | None:
    stuffer = result.kind("stuffer")
    if stuffer is None or not _stuffed(stuffer):
        return None
    return Flag(
        name="resolvable_by_stuffing",
        means=f"Keywords of empathy said to nobody in particular win the customer over in "
        f"{stuffer.resolved.value:.0%} of the sessions, and {stuffer.passed.value:.0%} pass.",
        do="Lower the starting mood or raise warm_mood, so that progress alone is not enough, and "
        "give the persona more weight on individualized treatment.",
    )


def _stuffed(stuffer: KindFigures) -> bool:
    return stuffer.passed.value > POOR_PASS_ABOVE or stuffer.resolved.value > STUFFER_RESOLVES_ABOVE


def _separation(result: BenchResult) -> Flag | None:
    area = result.separation
    if area is None or area.value >= SEPARATES_FROM:
        return None
    good = [k for k in result.kinds if k.kind in ("excellent", "good_but_slow")]
    poor = sorted(
        (k for k in result.kinds if k.kind in (*_EASY_POOR, "stuffer")), key=lambda k: -k.margin
    )
    details = [
        f"{k.kind.replace('_', ' ')}: {k.margin:+.0f} points from passing"
        for k in (*good, *poor[:2])
    ]
    return Flag(
        name="does_not_separate",
        means=f"A poor agent comes out above a good one too often (area under the curve "
        f"{area.value:.2f}, at least {SEPARATES_FROM:.2f} is wanted).",
        do="See below which good agents fall short or which poor ones come near, and read one of "
        "their sessions: an act that strangers' words don't do is the usual reason.",
        details=tuple(details),
    )


def _never_revealed(result: BenchResult) -> Flag | None:
    details = [
        f"{need.id}: asked for in {need.asked_for} sessions, never told"
        for need in result.needs
        if need.revealed == 0 and need.asked_for >= ASKED_ENOUGH
    ]
    if not details:
        return None
    return Flag(
        name="never_revealed",
        means="The customer never lets a hidden need out, however it is asked for.",
        do="Add ways to ask for it under 'ask', or set mood_at_least so that it comes out by "
        "itself.",
        details=tuple(details),
    )


def _repeated(result: BenchResult) -> Flag | None:
    if not result.lines.repeated:
        return None
    return Flag(
        name="repeated_lines",
        means="The customer said the same thing twice in one session, which no person does.",
        do="Write the line differently where it stands a second time, in this file or in the "
        "temperament.",
        details=result.lines.repeated,
    )


def _dead(result: BenchResult) -> Flag | None:
    if not result.lines.dead:
        return None
    return Flag(
        name="dead_lines",
        means="Lines were never said although there was occasion enough for each.",
        do="Check the mood they are for, and whether they begin like their neighbours, which are "
        "preferred then; rewrite or delete them.",
        details=tuple(
            f"line {one.line}: {' / '.join(one.text.splitlines())}"
            if one.line
            else f"{one.path}: {' / '.join(one.text.splitlines())}"
            for one in result.lines.dead
        ),
    )
