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

_AGENTS = {
    "excellent": "excellent agents",
    "good_but_slow": "good but slow agents",
    "canned": "agents with stock phrases",
    "cold": "cold agents",
    "useless": "kind agents who do nothing",
    "dismissive": "dismissive agents",
    "over_promiser": "agents who promise anything",
    "stuffer": "agents who string kind words together",
}

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
        f"the act '{act}' was not understood in {count} of {len(own)} conversations"
        for act, count in missing.most_common()
    ]
    for dimension, value in excellent.values.items():
        mark = getattr(scenario.pass_marks, dimension)
        if value < mark:
            name = dimension.replace("_", " ")
            details.append(f"{name}: {value:.0f} on average, and the pass mark is {mark:.0f}")
    cold = excellent.resolved_coldly.value
    if cold:
        still = _often("leave the customer helped, but cold", cold, excellent.sessions)
        details.append(f"they {still}: the mood didn't get to 'warm_mood'")
    passes = _often("pass", excellent.passed.value, excellent.sessions)
    return Flag(
        name="impossible",
        means=f"Hardly anybody can pass it: agents who do everything right {passes}, so a hire "
        "can't see what is wanted.",
        do="In the file, write more 'examples' for the acts that aren't understood, lower the "
        "'pass_marks' that are missed, or raise 'mood' or 'patience'.",
        details=tuple(details),
    )


def _often(do: str, share: float, of: int) -> str:
    """How often something is done: ``never pass``, ``pass 2 of 3 times``, ``always pass``."""
    hits = round(share * of)
    if hits in (0, of):
        return f"always {do}" if hits else f"never {do}"
    return f"{do} {hits} of {of} times"


def _too_easy(result: BenchResult, scenario: Scenario) -> Flag | None:
    details = [
        f"{_AGENTS[kind.kind]} {_often('pass', kind.passed.value, kind.sessions)}"
        for name in _EASY_POOR
        if (kind := result.kind(name)) is not None and kind.passed.value > POOR_PASS_ABOVE
    ]
    middling = result.kind("middling")
    if (
        middling is not None
        and middling.passed.value > MIDDLING_PASS_ABOVE
        and scenario.difficulty != "easy"
    ):
        often = _often("pass", middling.passed.value, middling.sessions)
        details.append(f"middling agents {often}")
    if not details:
        return None
    return Flag(
        name="too_easy",
        means="It is too easy: agents pass who should not, so that a pass says little about the "
        "hire.",
        do="In the file, raise the 'pass_marks', lower 'mood', or let the customer want one act "
        "more.",
        details=tuple(details),
    )


def _stuffing(result: BenchResult) -> Flag | None:
    stuffer = result.kind("stuffer")
    if stuffer is None or not _stuffed(stuffer):
        return None
    return Flag(
        name="resolvable_by_stuffing",
        means="Kind words alone pay: agents who string them together, whatever the customer says, "
        f"{_often('win the customer over', stuffer.resolved.value, stuffer.sessions)}; they "
        f"{_often('pass', stuffer.passed.value, stuffer.sessions)}.",
        do="In the file, lower 'mood' or raise 'warm_mood' (under 'resolution'), so that being "
        "helped alone is not enough, and raise 'individualized_treatment' under 'values' of the "
        "'persona'.",
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
        f"{_AGENTS[k.kind]} "
        + (f"pass by {k.margin:.0f}" if k.margin >= 0 else f"miss passing by {-k.margin:.0f}")
        + " points on average"
        for k in (*good, *poor[:2])
    ]
    details.append(f"area under the curve {area.value:.2f}; {SEPARATES_FROM:.2f} is wanted")
    return Flag(
        name="does_not_separate",
        means="Good and poor agents get much the same result: of 100 pairs of one and the other, "
        f"the poor one comes out ahead in about {100 * (1 - area.value):.0f}.",
        do="See below who falls short or comes near. The usual reason is an act that only your own "
        "words do: in the file, write more 'examples' for it, in words that others would use.",
        details=tuple(details),
    )


def _never_revealed(result: BenchResult) -> Flag | None:
    details = [
        f"{need.id}: asked for in {need.asked_for} conversations, never told"
        for need in result.needs
        if need.revealed == 0 and need.asked_for >= ASKED_ENOUGH
    ]
    if not details:
        return None
    return Flag(
        name="never_revealed",
        means="The customer never lets a hidden need out, however it is asked for.",
        do="In the file, write more ways to ask for it under 'ask', or set 'mood_at_least' so that "
        "it comes out by itself.",
        details=tuple(details),
    )


def _repeated(result: BenchResult) -> Flag | None:
    if not result.lines.repeated:
        return None
    return Flag(
        name="repeated_lines",
        means="The customer said the same thing twice in one conversation, which no person does.",
        do="Write the line differently where it stands a second time, in this file or in the "
        "temperament.",
        details=result.lines.repeated,
    )


def _dead(result: BenchResult) -> Flag | None:
    if not result.lines.dead:
        return None
    return Flag(
        name="dead_lines",
        means="Some lines were never said, although there was occasion enough for each.",
        do="Check the mood they are for, and whether they begin like their neighbours, which are "
        "preferred then; rewrite or delete them.",
        details=tuple(
            f"line {one.line}: {' / '.join(one.text.splitlines())}"
            if one.line
            else f"{one.path}: {' / '.join(one.text.splitlines())}"
            for one in result.lines.dead
        ),
    )
