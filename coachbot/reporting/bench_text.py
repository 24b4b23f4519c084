"""The bench's figures as text for a terminal, 100 columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coachbot.reporting.bench_actor import actor_text
from coachbot.reporting.bench_models import BenchReport, BenchResult, Share

WIDTHS = (14, 15, 15, 15, 8, 10, 9, 8)
HEADER = ("AGENTS", "PASSED", "RESOLVED", "COLDLY", "REPLIES", "WON AFTER", "MOOD", "MARGIN")


def result_text(result: BenchResult) -> str:
    """One scenario: a table of kinds, what else was measured, and the flags."""
    return "\n".join(_result(result))


def report_text(report: BenchReport) -> str:
    """What several scenarios come to together; empty for one."""
    if len(report.scenarios) < 2:
        return ""
    lines = [f"{len(report.scenarios)} scenarios together", "", _row(HEADER[:4])]
    lines += [
        _row((_words(one.kind), *map(_share, (one.passed, one.resolved, one.resolved_coldly))))
        for one in report.overall
    ]
    lines.append("")
    areas = [r.separation.value for r in report.scenarios if r.separation is not None]
    if areas:
        lines.append(f"Area under the curve: {min(areas):.2f} at least")
    if report.order_of_difficulty is not None:
        lines.append(
            "Measured against intended difficulty: rank correlation "
            f"{report.order_of_difficulty:.2f}"
        )
    if report.actor is not None:
        lines += actor_text(report.actor)
    for result in report.scenarios:
        names = ", ".join(_words(flag.name) for flag in result.flags) or "no flags"
        measured = result.difficulty.measured
        found = "" if measured is None else f", measured {measured:.0f}"
        lines.append(f"  {result.scenario}: {result.difficulty.intended}{found}; {names}")
    return "\n".join(lines)


def _result(result: BenchResult) -> Iterator[str]:
    yield f"{result.scenario}: {result.title}"
    yield (
        f"{result.sessions} sessions, {len(result.voices)} "
        f"{'voice' if len(result.voices) == 1 else 'voices'}, seeds: {result.seeds}; "
        f"scorer {result.scorer}"
    )
    if result.own_words:
        yield (
            "There are no agents for this scenario: they spoke in the file's own examples, which "
            "the customer understands best. Strangers will do worse."
        )
    yield ""
    yield _row(HEADER)
    for kind in result.kinds:
        won = kind.turns_until_conceding
        yield _row(
            (
                _words(kind.kind),
                _share(kind.passed),
                _share(kind.resolved),
                _share(kind.resolved_coldly),
                f"{kind.turns:.1f}",
                "-" if won is None else f"{won:g}",
                f"{kind.mood[0]:.0f} to {kind.mood[-1]:.0f}",
                f"{kind.margin:+.0f}",
            )
        )
    yield ""
    yield from _measured(result)
    yield ""
    if not result.flags:
        yield "No flags."
    for flag in result.flags:
        yield f"{_words(flag.name).upper()}: {flag.means}"
        yield f"  {flag.do}"
        yield from (f"  - {detail}" for detail in flag.details)


def _measured(result: BenchResult) -> Iterator[str]:
    if result.separation is not None:
        scores = result.separation_by_scores
        beside = f"; by scores alone {scores.value:.2f}" if scores is not None else ""
        yield f"Good told from poor (area under the curve): {_area(result.separation)}{beside}"
    difficulty = result.difficulty
    if difficulty.measured is None:
        yield f"Difficulty: meant to be {difficulty.intended}"
    else:
        yield (
            f"Difficulty: {difficulty.measured:.0f} of 100 ({difficulty.level}); meant to be "
            f"{difficulty.intended}"
        )
    lines = result.lines
    yield f"Lines said: {lines.used} of {lines.total} ({lines.share:.0%})"
    questions = result.questions
    if questions.share is not None:
        missed = ", ".join(f"{name} {count}x" for name, count in questions.missed.items())
        yield (
            f"Questions answered: {questions.answered} of {questions.asked} "
            f"({questions.share:.0%})" + (f"; not understood: {missed}" if missed else "")
        )
    for need in result.needs:
        asked = need.revealed_when_asked
        yield f"Need {need.id}: told in {need.revealed:.0%} of the sessions" + (
            "" if asked is None else f", in {asked:.0%} of those that asked"
        )
    yield (
        f"Told unasked, a session: {result.facts_volunteered:.1f} facts, "
        f"{result.needs_volunteered:.1f} needs"
    )
    if result.actor is not None:
        yield from actor_text(result.actor)


def _row(cells: Sequence[str]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=False)).rstrip()


def _share(share: Share) -> str:
    return f"{share.value:.0%} ({100 * share.low:.0f}-{100 * share.high:.0f})"


def _area(share: Share) -> str:
    return f"{share.value:.2f} ({share.low:.2f}-{share.high:.2f})"


def _words(name: str) -> str:
    return name.replace("_", " ")
