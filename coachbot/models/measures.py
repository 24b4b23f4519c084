"""What evaluation reports: measures with their interval, baseline, published figure and goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coachbot.agreement.bootstrap import Estimate


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table.

    ``goal`` is a bound: at least where ``more_is_better``, else at most. None where no goal is set.
    ``how`` says on what it was measured.
    """

    what: str
    measure: str
    estimate: Estimate
    how: str
    baseline: float | None = None
    baseline_name: str = ""
    published: str = ""
    goal: float | None = None
    more_is_better: bool = True
    digits: int = 2

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        if self.more_is_better:
            return self.estimate.value >= self.goal
        return self.estimate.value <= self.goal

    def cells(self) -> list[str]:
        """Return the row's cells as text."""
        e, n = self.estimate, self.digits
        bound = "" if self.goal is None else f"{'≥' if self.more_is_better else '≤'} {self.goal:g}"
        mark = {True: "reached", False: "not reached", None: ""}[self.reached]
        baseline = "" if self.baseline is None else f"{self.baseline:.{n}f} ({self.baseline_name})"
        return [
            self.what,
            self.measure,
            f"{e.value:.{n}f} [{e.low:.{n}f}, {e.high:.{n}f}]",
            baseline,
            self.published,
            bound,
            mark,
            self.how,
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the row for machines."""
        e = self.estimate
        return {
            "what": self.what,
            "measure": self.measure,
            "value": round(e.value, 4),
            "low": round(e.low, 4),
            "high": round(e.high, 4),
            "rows": e.rows,
            "clusters": e.clusters,
            "baseline": None if self.baseline is None else round(self.baseline, 4),
            "baseline_name": self.baseline_name,
            "published": self.published,
            "goal": self.goal,
            "more_is_better": self.more_is_better,
            "reached": self.reached,
            "how": self.how,
        }


HEADINGS = ("what", "measure", "value [95 %]", "baseline", "published", "goal", "", "measured on")


def table(measures: Sequence[Measure]) -> str:
    """Return the measures as a table of aligned columns."""
    rows = [list(HEADINGS), *(m.cells() for m in measures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    lines = [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(lines)


def markdown(measures: Sequence[Measure]) -> str:
    """Return the measures as a Markdown table."""
    rows = [list(HEADINGS), ["---"] * len(HEADINGS), *(m.cells() for m in measures)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
