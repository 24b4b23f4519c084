"""Choosing a scenario, and what is read before it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coachbot.customer.wording import played_by
from coachbot.scenario.models import Difficulty, Scenario
from coachbot.scoring.reasons import shorten
from coachbot.telegram.rendering.wording import one_line, safe, who

LONGEST_PLACE = 140
"""Characters of the line that says where one works; two lines on a phone."""

DIFFICULTIES: dict[Difficulty, str] = {
    "easy": "easy",
    "medium": "medium",
    "hard": "hard",
    "brutal": "very hard",
}


def brief(scenario: Scenario, words_by: str | None = None) -> str:
    """The hire's brief: what they are, see, may offer and may not; HTML.

    ``words_by``: the language model that finds the customer's words, if one does.
    """
    card = scenario.brief
    parts = [f"<b>{safe(scenario.title)}</b>"]
    if scenario.content_note:
        parts.append(
            f"<b>A note first:</b> {safe(scenario.content_note)} You can leave at any time with "
            "/end; nobody will ask why."
        )
    parts.append(safe(card.role))
    for title, items in (
        ("On your screen", card.screen),
        ("You may offer", card.may_offer),
        ("You may not offer", tuple(forbidden.what for forbidden in card.may_not_offer)),
    ):
        if items:
            parts.append("\n".join([f"<b>{title}</b>", *(f"• {safe(item)}" for item in items)]))
    name = one_line(scenario.persona.name)
    parts.append(played_by(name, words_by and one_line(words_by)))
    return "\n\n".join(parts)


def scenario_line(scenario: Scenario) -> str:
    """A scenario in the list: title, who it is, how hard, and where one works oneself."""
    hard = DIFFICULTIES[scenario.difficulty]
    line = f"<b>{one_line(scenario.title, 80)}</b>: {who(scenario)} ({hard})"
    note = f"\n{safe(shorten(scenario.content_note, 150))}" if scenario.content_note else ""
    return f"{line}\n{_place(scenario)}{note}"


def _place(scenario: Scenario) -> str:
    """The first sentence of the role, which says what firm or office one is at; HTML."""
    first = re.split(r"(?<=[.!?])\s+(?=[A-Z])", scenario.brief.role.strip(), maxsplit=1)[0]
    return safe(shorten(first, LONGEST_PLACE))


def scenario_list(
    which: str = "All",
    scenarios: Sequence[Scenario] | None = None,
    *,
    notes: Mapping[str, str] | None = None,
) -> str:
    """The question whom to practise with, over the buttons to choose by.

    ``which``: the filter's name. ``scenarios``: those that are described; None: the buttons say
    enough. ``notes``: by id, what speaks for a scenario ("assigned, due on Friday"); plain text.
    """
    heading = f"<b>{safe(which)}</b>"
    if scenarios is not None and not scenarios:
        return f"{heading}\nThere is nobody here at the moment. Have a look at the others?"
    lines = []
    for scenario in scenarios or ():
        note = (notes or {}).get(scenario.id)
        lines.append(scenario_line(scenario) + (f"\n<i>{safe(note)}</i>" if note else ""))
    return "\n\n".join([f"{heading}\nWho would you like to talk to?", *lines])
