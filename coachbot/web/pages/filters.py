"""What a list is narrowed to, as it stands in an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from coachbot.reporting.overviews import Sieve

if TYPE_CHECKING:
    from coachbot.web.visit import Visit

RESULTS = (
    ("passed", "Passed"),
    ("resolved", "Resolved, no pass"),
    ("resolved_coldly", "Resolved, coldly"),
    ("left", "The customer left"),
    ("gave_up", "The customer gave up"),
    ("out_of_turns", "Out of turns"),
    ("ended", "Ended early"),
)
"""How a session ended; each is in one of them."""
ONLY = (
    ("question", "With an open question"),
    ("ungraded", "Not graded yet"),
    ("unopened", "Not opened by me"),
)

TIMES = (("7", "Last 7 days"), ("30", "Last 30 days"), ("90", "Last 90 days"), ("365", "Last year"))


@dataclass(frozen=True)
class Choice:
    """A field of the filters: its name, what it is called, and what can be chosen."""

    name: str
    label: str
    any: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True)
class Filters:
    """The filters of a list. ``kept``: what else stands in the address and stays there."""

    choices: tuple[Choice, ...]
    sieve: Sieve
    kept: tuple[tuple[str, str], ...] = ()

    def address(self, **changes: str) -> str:
        """The query with these changes; an empty value leaves a field out."""
        values = {**dict(self.kept), **{c.name: c.chosen for c in self.choices}, **changes}
        return "?" + urlencode({name: value for name, value in values.items() if value})


def read_filters(
    visit: Visit,
    scenarios: Sequence[tuple[str, str]],
    *,
    team: Sequence[tuple[str, str]] = (),
    people: Sequence[tuple[str, str]] = (),
    sessions: bool = False,
    kept: Sequence[str] = (),
) -> Filters:
    """Read the filters of an address; what can't be chosen counts as not chosen.

    ``scenarios``: ids and titles. ``team``: keys and names, where several can be chosen from.
    ``people``: the same of people. ``sessions``: single ones are listed, which more can be asked
    of. ``kept``: names of other fields in the address that go on standing there.
    """
    scorers = [(name, name) for name in visit.office.overviews.scorers()]
    fields = [
        ("team", "Team", "All my teams", tuple(team)),
        ("person", "Person", "Everybody", tuple(people)),
        ("time", "Time", "Any time", TIMES),
        ("scenario", "Scenario", "All scenarios", tuple(scenarios)),
        ("result", "How it ended", "Any outcome", RESULTS if sessions else ()),
        ("only", "Only", "All of these", ONLY if sessions else ()),
        ("scorer", "Scorer", "All versions", tuple(scorers)),
    ]
    choices = []
    for name, label, everything, options in fields:
        given = visit.query.get(name, "")
        chosen = given if given in dict(options) else ""
        # A choice of one is none.
        if len(options) > 1 or chosen:
            choices.append(Choice(name, label, everything, options, chosen))
    chosen_ones = {choice.name: choice.chosen for choice in choices}
    since = None
    if chosen_ones.get("time"):
        begin = visit.office.clock() - timedelta(days=int(chosen_ones["time"]))
        since = begin.isoformat(timespec="seconds")
    return Filters(
        choices=tuple(choices),
        sieve=Sieve(
            since=since,
            scenario=chosen_ones.get("scenario") or None,
            scorer=chosen_ones.get("scorer") or None,
            result=chosen_ones.get("result") or None,
            questioned=chosen_ones.get("only") == "question",
            ungraded=chosen_ones.get("only") == "ungraded",
            unopened_by=visit.me.person if chosen_ones.get("only") == "unopened" else None,
        ),
        kept=tuple((name, visit.query[name]) for name in kept if visit.query.get(name)),
    )
