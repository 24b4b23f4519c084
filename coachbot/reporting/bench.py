"""The bench's figures: from the sessions of scripted agents to what a trainer should know."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from coachbot.reporting.bench_actor import actor_figures
from coachbot.reporting.bench_flags import flags
from coachbot.reporting.bench_lines import line_figures
from coachbot.reporting.bench_models import (
    BenchReport,
    BenchResult,
    DifficultyFigures,
    KindFigures,
    NeedFigures,
    Pooled,
    QuestionFigures,
    Share,
)
from coachbot.reporting.bench_runs import Played, Run, of_kinds
from coachbot.reporting.bench_statistics import (
    Interval,
    clustered,
    rank_correlation,
    separation,
)
from coachbot.scenario.finding import KeyPath
from coachbot.scenario.models import Difficulty, Outcome, Scenario
from coachbot.scoring.interface import DIMENSIONS

GOOD = ("excellent", "good_but_slow")
POOR = ("canned", "cold", "useless", "dismissive", "stuffer", "over_promiser")
"""Kinds that a scenario has to tell apart. The others are in between on purpose."""

MIDDLING = "middling"
"""The kind by which difficulty is measured: neither ceiling nor floor hides a difference."""

WORTH: Mapping[Outcome, float] = {
    "resolved": 75.0,
    "resolved_coldly": 45.0,
    "out_of_turns": 20.0,
    "gave_up": 15.0,
    "ended": 15.0,
    "left": 0.0,
}
"""What an ending counts in the measured difficulty; a session that passed counts 100."""

LEVELS: tuple[tuple[float, Difficulty], ...] = ((40.0, "easy"), (57.0, "medium"), (66.0, "hard"))
"""Measured difficulty below which a scenario is easy, medium, hard; from the last on brutal. The
words are for reading; the order of scenarios is judged by the numbers."""

ORDER: tuple[Difficulty, ...] = ("easy", "medium", "hard", "brutal")


def figures(
    played: Played, line_of: Callable[[KeyPath], int | None] = lambda _path: None
) -> BenchResult:
    """Everything about one scenario; ``line_of`` says in which line of the file a part stands."""
    scenario, runs = played.scenario, played.runs
    lines = line_figures(played, line_of)
    facts, needs = _volunteered(runs)
    result = BenchResult(
        scenario=scenario.id,
        title=scenario.title,
        version=scenario.version,
        scorer=played.scorer,
        seeds=played.seeds,
        voices=played.voices,
        own_words=played.own_words,
        sessions=len(runs),
        kinds=tuple(
            _kind(kind, of_kinds(runs, [kind]), scenario)
            for kind in dict.fromkeys(run.kind for run in runs)
        ),
        separation=_separation(runs, lambda run: run.margin(scenario)),
        separation_by_scores=_separation(runs, lambda run: run.scores_margin(scenario)),
        difficulty=_difficulty(scenario, of_kinds(runs, [MIDDLING])),
        lines=lines,
        questions=_questions(runs),
        needs=tuple(_need(need.id, runs) for need in scenario.needs),
        facts_volunteered=facts,
        needs_volunteered=needs,
        actor=actor_figures(runs),
        flags=(),
    )
    return result.model_copy(update={"flags": flags(result, scenario, runs)})


def report(results: Sequence[BenchResult], played: Sequence[Played]) -> BenchReport:
    """Several scenarios together; ``played`` are the sessions behind the results."""
    runs = [run for one in played for run in one.runs]
    pooled = []
    for kind in dict.fromkeys(run.kind for run in runs):
        own = of_kinds(runs, [kind])
        pooled.append(Pooled(kind=kind, sessions=len(own), **_endings(own)))
    measured = [
        (float(ORDER.index(result.difficulty.intended)), result.difficulty.measured)
        for result in results
        if result.difficulty.measured is not None
    ]
    return BenchReport(
        scenarios=tuple(results),
        overall=tuple(pooled),
        order_of_difficulty=rank_correlation(
            [intended for intended, _ in measured], [found for _, found in measured]
        ),
        actor=actor_figures(runs),
    )


def _kind(kind: str, runs: Sequence[Run], scenario: Scenario) -> KindFigures:
    warm = scenario.resolution.warm_mood
    conceding = [
        number
        for run in runs
        for number in [next((n for n, mood in enumerate(run.moods) if n and mood >= warm), None)]
        if number is not None
    ]
    values = {
        d: [v for run in runs for own, v in run.values().items() if own == d] for d in DIMENSIONS
    }
    return KindFigures(
        kind=kind,
        sessions=len(runs),
        **_endings(runs),
        outcomes=dict(Counter(str(run.outcome) for run in runs).most_common()),
        turns=statistics.fmean(run.turns for run in runs),
        conceded=len(conceding) / len(runs),
        turns_until_conceding=statistics.median(conceding) if conceding else None,
        mood=_curve([run.moods for run in runs]),
        values={d: round(statistics.fmean(found), 1) for d, found in values.items() if found},
        margin=round(statistics.fmean(run.margin(scenario) for run in runs), 1),
    )


_TESTS: Mapping[str, Callable[[Run], bool]] = {
    "passed": lambda run: bool(run.session.passed),
    "resolved": lambda run: run.outcome == "resolved",
    "resolved_coldly": lambda run: run.outcome == "resolved_coldly",
}


def _endings(runs: Sequence[Run]) -> dict[str, Share]:
    return {name: _share(clustered(_by_wording(runs, test))) for name, test in _TESTS.items()}


def _share(interval: Interval | None) -> Share:
    value, low, high = interval or (0.0, 0.0, 1.0)
    return Share(value=value, low=low, high=high)


def _by_wording(runs: Iterable[Run], value: Callable[[Run], float]) -> dict[Hashable, list[float]]:
    found: dict[Hashable, list[float]] = defaultdict(list)
    for run in runs:
        found[run.wording].append(value(run))
    return found


def _separation(runs: Sequence[Run], value: Callable[[Run], float]) -> Share | None:
    found = separation(
        _by_wording(of_kinds(runs, GOOD), value), _by_wording(of_kinds(runs, POOR), value)
    )
    return None if found is None else _share(found)


def _curve(moods: Sequence[Sequence[float]]) -> tuple[float, ...]:
    longest = max(len(one) for one in moods)
    return tuple(
        round(statistics.fmean(one[min(at, len(one) - 1)] for one in moods), 1)
        for at in range(longest)
    )


def _difficulty(scenario: Scenario, runs: Sequence[Run]) -> DifficultyFigures:
    """How far middling agents are from success: 100 less the mean of ending and last mood."""
    if not runs:
        return DifficultyFigures(intended=scenario.difficulty, measured=None, level=None)
    success = statistics.fmean(
        ((100.0 if run.session.passed else WORTH[run.outcome or "ended"]) + run.moods[-1]) / 2
        for run in runs
    )
    measured = round(min(100.0, max(0.0, 100.0 - success)), 1)
    level: Difficulty = next((name for below, name in LEVELS if measured < below), "brutal")
    return DifficultyFigures(intended=scenario.difficulty, measured=measured, level=level)


def _questions(runs: Sequence[Run]) -> QuestionFigures:
    asked, missed = 0, Counter[str]()
    for run in runs:
        known = set(run.session.opening_state.facts_told)
        for turn, exchange in zip(run.session.turns, run.exchanges, strict=True):
            over = turn.state.outcome is not None
            for target in exchange.asked:
                # Who walks out answers nothing, and that is not for want of understanding.
                if target in known or over:
                    continue
                asked += 1
                if not _answered(target, exchange.sources):
                    missed[target] += 1
            known |= {*turn.facts, *turn.needs_revealed}
    answered = asked - missed.total()
    return QuestionFigures(
        asked=asked,
        answered=answered,
        share=answered / asked if asked else None,
        missed=dict(missed.most_common()),
    )


def _answered(target: str, sources: Iterable[str]) -> bool:
    """Whether the customer answered what was asked, refused to, or asked which one was meant."""
    answers = {f"{kind}:{target}" for kind in ("fact", "fact-again", "need")}
    return not {*answers, "move:guarded", "move:which_one"}.isdisjoint(sources)


def _volunteered(runs: Sequence[Run]) -> tuple[float, float]:
    """Facts and needs a session that came out in a turn in which nobody asked for them."""
    facts = needs = 0
    for run in runs:
        asked: set[str] = set()
        for turn, exchange in zip(run.session.turns, run.exchanges, strict=True):
            asked |= set(exchange.asked)
            facts += len(set(turn.facts) - asked)
            needs += len(set(turn.needs_revealed) - asked)
    return facts / len(runs), needs / len(runs)


def _need(need: str, runs: Sequence[Run]) -> NeedFigures:
    revealed = [need in run.session.state.needs_revealed for run in runs]
    asked = [any(need in exchange.asked for exchange in run.exchanges) for run in runs]
    unasked = sum(came and not was for came, was in zip(revealed, asked, strict=True))
    count = sum(asked)
    when_asked = sum(came and was for came, was in zip(revealed, asked, strict=True))
    return NeedFigures(
        id=need,
        revealed=sum(revealed) / len(runs),
        asked_for=count,
        revealed_when_asked=when_asked / count if count else None,
        unasked=unasked / len(runs),
    )
