"""What became of the turns in which a language model was to find the customer's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from coachbot.customer.wording import Wording
from coachbot.reporting.bench_models import ActorFigures
from coachbot.reporting.bench_runs import Run


def actor_figures(runs: Sequence[Run]) -> ActorFigures | None:
    """The figures over sessions; None where no model was asked in any of them."""
    asked = [t.wording for run in runs for t in run.session.turns if t.wording is not None]
    if not asked:
        return None
    reasons = Counter(reason for wording in asked for reason in wording.refused)
    failures = Counter(wording.failure for wording in asked if wording.failure is not None)
    return ActorFigures(
        model=asked[0].model,
        answers=len(asked),
        by_model=sum(wording.by == "model" for wording in asked),
        tries=sum(_tries(wording) for wording in asked),
        refused=dict(reasons.most_common()),
        authored_after_refusal=sum(w.by == "authored" and w.failure is None for w in asked),
        taken_over=dict(failures.most_common()),
    )


def _tries(wording: Wording) -> int:
    """How many messages of the model the check has looked at."""
    return len(wording.refused) + (wording.by == "model")


def actor_text(figures: ActorFigures) -> Iterator[str]:
    """The figures in two or three lines."""
    yield (
        f"Words of {figures.model}: in {figures.by_model} of {figures.answers} answers "
        f"({figures.by_model / figures.answers:.0%})"
    )
    refused = sum(figures.refused.values())
    share = f" ({refused / figures.tries:.0%})" if figures.tries else ""
    yield f"  The check refused {refused} of {figures.tries} tries{share}" + _listed(
        figures.refused
    )
    taken = sum(figures.taken_over.values())
    yield (
        f"  Authored lines: {figures.authored_after_refusal} after a refusal, {taken} since "
        "nothing usable came"
    ) + _listed(figures.taken_over)


def _listed(counts: dict[str, int]) -> str:
    named = ", ".join(f"{name.replace('_', ' ')} {count}x" for name, count in counts.items())
    return f": {named}" if named else ""
