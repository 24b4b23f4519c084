"""One's development, as a message."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from coachbot.coaching.reviewing import Focus
from coachbot.reporting.debrief import NAMES
from coachbot.reporting.progress import ProgressRow, Trend
from coachbot.reporting.wording import OUTCOMES, not_trusted
from coachbot.scoring.interface import Dimension
from coachbot.telegram.rendering.wording import count, one_line, safe

SHOWN = 5
"""Sessions in the list, the latest; the trends are over all."""


def progress_text(
    rows: Sequence[ProgressRow],
    trends: Sequence[Trend],
    recommendation: str | None = None,
    *,
    titles: Mapping[str, str] | None = None,
    focus: Focus | None = None,
    practice_only: Collection[Dimension] = (),
) -> str:
    """What has grown, where each dimension is going, the latest sessions, what to practise next.

    ``rows``: oldest first. ``titles``: of the scenarios, by id; an id without one is shown itself.
    ``focus``: what they agreed to work on. ``practice_only``: dimensions that people's grades agree
    too little with.
    """
    if not rows:
        return (
            "You haven't finished a session yet. After the first one you'll see here how you "
            "are doing; /practice starts it."
        )
    first = [row for row in rows if row.retry_of is None]
    passed = sum(row.passed is True for row in first)
    done = f"<b>{_capital(count(len(first), 'session', 'sessions'))}</b> so far"
    if passed:
        done += ", passed" if passed == len(first) == 1 else f", {passed} passed"
    again = len(rows) - len(first)
    if again:
        done += f"; {count(again, 'reply', 'replies')} tried again, not counted"
    blocks = [f"{done}."]
    if focus is not None:
        blocks.append(f"<b>Your focus: {NAMES[focus.dimension]}</b>\n{safe(focus.text)}")
    if trends:
        blocks.append("\n".join(safe(trend.text) for trend in trends))
    if practice_only:
        blocks.append(f"<i>{safe(not_trusted(practice_only))}</i>")
    latest = [_session(row, titles or {}) for row in reversed(rows[-SHOWN:])]
    blocks.append("\n".join(["<b>Latest</b>", *latest]))
    if recommendation:
        blocks.append(f"<b>Next</b>\n{safe(recommendation)}")
    return "\n\n".join(blocks)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _session(row: ProgressRow, titles: Mapping[str, str]) -> str:
    day = datetime.fromisoformat(row.started)
    title = one_line(titles.get(row.scenario) or row.scenario.rsplit("/", 1)[-1])
    end = OUTCOMES[row.outcome] if row.outcome else "no ending"
    parts = [f"{day.day} {day:%b}: {title}", f"{end[:1].lower()}{end[1:]}"]
    if row.passed:
        parts.append("passed with help ✓" if row.with_help else "passed ✓")
    if row.retry_of is not None:
        parts.append("a reply tried again")
    return ", ".join(parts)
