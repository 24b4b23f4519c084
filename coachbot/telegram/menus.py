"""What the buttons under messages send back, and the menus of scenarios."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from coachbot.coaching.publishing import short
from coachbot.scenario.models import Scenario
from coachbot.telegram.messages import Button, Keyboard
from coachbot.telegram.rendering.briefing import DIFFICULTIES

SEPARATOR = ":"
PER_PAGE = 8
"""Scenarios on one page of the list."""

FILTERS: dict[str, str] = {
    "all": "All",
    "customers": "Customers",
    "colleagues": "Colleagues",
    "easy": "Easier",
    "hard": "Harder",
    "open": "Not passed yet",
}


def data(verb: str, *arguments: object) -> str:
    """What a button sends back: a verb and what it is about."""
    return SEPARATOR.join([verb, *map(str, arguments)])


def key_of(team: str) -> str:
    """A team in the data of a button, which has 64 bytes: names may be longer."""
    return hashlib.sha256(team.casefold().encode()).hexdigest()[:12]


def rows(*buttons: tuple[str, str]) -> Keyboard:
    """Buttons below each other, as pairs of label and data."""
    return tuple((Button(label=label, data=what),) for label, what in buttons)


def row(*buttons: tuple[str, str]) -> tuple[Button, ...]:
    """Buttons beside each other."""
    return tuple(Button(label=label, data=what) for label, what in buttons)


def chosen(
    scenarios: Sequence[Scenario], which: str, passed: Collection[str] = ()
) -> list[Scenario]:
    """The scenarios that a filter leaves. ``passed``: those that this person has passed."""
    match which:
        case "customers":
            return [s for s in scenarios if s.kind != "internal"]
        case "colleagues":
            return [s for s in scenarios if s.kind == "internal"]
        case "easy":
            easier = [s for s in scenarios if s.difficulty in ("easy", "medium")]
            return sorted(easier, key=lambda s: s.difficulty != "easy")
        case "hard":
            return [s for s in scenarios if s.difficulty in ("hard", "brutal")]
        case "open":
            return [s for s in scenarios if s.id not in passed]
        case _:
            return list(scenarios)


def shown_on(
    scenarios: Sequence[Scenario], which: str, page: int, passed: Collection[str] = ()
) -> list[Scenario]:
    """The scenarios on one page of the list; beyond the last page, those on the last."""
    found = chosen(scenarios, which, passed)
    page = _nearest(page, len(found))
    return found[page * PER_PAGE : (page + 1) * PER_PAGE]


def _nearest(page: int, scenarios: int) -> int:
    return max(0, min(page, (scenarios - 1) // PER_PAGE)) if scenarios else 0


def scenario_buttons(
    scenarios: Sequence[Scenario], which: str, page: int, passed: Collection[str] = ()
) -> Keyboard:
    """One page of scenarios, the filters, and the way to the next page."""
    found = chosen(scenarios, which, passed)
    page = _nearest(page, len(found))
    shown = found[page * PER_PAGE : (page + 1) * PER_PAGE]
    keyboard: list[tuple[Button, ...]] = [
        row((_label(s, passed=s.id in passed), data("brief", short(s.id)))) for s in shown
    ]
    turn = []
    if page > 0:
        turn.append(("← Back", data("list", which, page - 1)))
    if (page + 1) * PER_PAGE < len(found):
        turn.append(("More →", data("list", which, page + 1)))
    if turn:
        keyboard.append(row(*turn))
    others = [(label, data("list", name, 0)) for name, label in FILTERS.items() if name != which]
    keyboard += [row(*others[i : i + 2]) for i in range(0, len(others), 2)]
    return tuple(keyboard)


def _label(scenario: Scenario, *, passed: bool) -> str:
    return f"{scenario.title} ({'passed' if passed else DIFFICULTIES[scenario.difficulty]})"
