"""One's development over the sessions, in a terminal."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.console import Console
from rich.table import Table

from coachbot.reporting.debrief import NAMES
from coachbot.reporting.progress import ProgressRow, development
from coachbot.reporting.wording import OUTCOMES, not_trusted
from coachbot.scoring.interface import DIMENSIONS, Dimension

SHOWN = 12
"""Sessions in the table, the latest; the trend is over all."""


def show(
    console: Console, rows: Sequence[ProgressRow], practice_only: Collection[Dimension] = ()
) -> None:
    """A table of the latest sessions, then where each dimension is going.

    ``practice_only``: dimensions that people's grades agree too little with.
    """
    if not rows:
        console.print(
            "No finished sessions yet. `coachbot practice` starts one; what you finish shows here."
        )
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Date")
    table.add_column("Scenario", overflow="fold", max_width=20)
    table.add_column("Outcome", max_width=18)
    for dimension in DIMENSIONS:
        table.add_column(NAMES[dimension].split()[0].capitalize()[:9], justify="right")
    table.add_column("")
    for row in rows[-SHOWN:]:
        values = [row.values[d].score for d in DIMENSIONS]
        table.add_row(
            row.started[:10],
            row.scenario.rsplit("/", 1)[-1],
            OUTCOMES[row.outcome] if row.outcome else "-",
            *("-" if value is None else f"{value:.0f}" for value in values),
            _note(row),
        )
    console.print(table)
    console.print()
    for trend in development(rows):
        console.print(trend.text)
    if practice_only:
        console.print(f"\n{not_trusted(practice_only)}")


def _note(row: ProgressRow) -> str:
    if row.retry_of is not None:
        return "again"
    if row.passed:
        return "passed with help" if row.with_help else "passed"
    return ""
