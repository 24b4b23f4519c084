"""What the customer will tell others: true to what happened, in their own words."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coachbot.customer.state import CustomerState, Reason
from coachbot.scenario.models import SLOT, Outcome, Scenario
from coachbot.scenario.temperament import Temperament
from coachbot.scoring.text import clauses, sentences

TURNED_FROM = 6.0
"""Mood points that a reply must move for the story to dwell on it."""

LONGEST_QUOTE = 90
"""Characters; people retell a sentence, not a paragraph."""

_CLAUSE_ENDS = re.compile(r"[,;:]\s| (?:and|but|so|because|which) ")
"""Where a long sentence can end without being cut off in the middle of a thought."""


@dataclass(frozen=True, slots=True)
class Told:
    """One turn as the customer remembers it: the mood before and after, and why."""

    mood_before: float
    mood_after: float
    reasons: tuple[Reason, ...]


def tell(
    scenario: Scenario,
    temperament: Temperament,
    general: Temperament,
    state: CustomerState,
    turns: Sequence[Told],
    outcome: Outcome,
    *,
    seed: int,
) -> str:
    """The story in the first person, two or three short paragraphs.

    It says only what is in the ledger: acts done or missed, needs found or missed, buttons
    pressed, and the hire's words at the turn that moved the mood most each way.
    """
    draw = random.Random(f"{seed}:story")
    story = scenario.story
    begin = [draw.choice(story.begin)]
    middle: list[str] = []
    stung, at_sting = _quoted(turns, temperament.stung or general.stung, draw, worst=True)
    turned, at_turn = _quoted(turns, temperament.turned or general.turned, draw, worst=False)
    for act in scenario.resolution.acts:
        told = story.acts.get(act.id)
        if told is not None and not turns:
            continue
        if told is not None:
            middle.append(told.done if act.id in state.acts_done else told.missed)
    for need in scenario.needs:
        told = story.needs.get(need.id)
        if told is not None and turns:
            middle.append(told.done if need.id in state.needs_revealed else told.missed)
    pressed = [
        story.hot_buttons[button] for button in state.buttons_pressed if button in story.hot_buttons
    ]
    moments = [text for at, text in sorted([(at_sting, stung), (at_turn, turned)]) if text]
    paragraphs = [" ".join([*begin, *pressed]), " ".join(moments), " ".join(middle)]
    paragraphs.append(getattr(story.end, outcome))
    return "\n\n".join(p for p in paragraphs if p)


def _quoted(
    turns: Sequence[Told], templates: Sequence[str], draw: random.Random, *, worst: bool
) -> tuple[str, int]:
    """A sentence about the turn that moved the mood most, and its place; empty if none did."""
    best: tuple[float, int, str] | None = None
    for index, turn in enumerate(turns):
        moved = turn.mood_after - turn.mood_before
        moved = -moved if worst else moved
        quote = _quote(turn.reasons, worst=worst)
        if quote and moved >= TURNED_FROM and (best is None or moved > best[0]):
            best = (moved, index, quote)
    fitting = [t for t in templates if "quote" in SLOT.findall(t)]
    if best is None or not fitting:
        return "", -1
    return draw.choice(fitting).replace("{quote}", best[2]), best[1]


def _quote(reasons: Sequence[Reason], *, worst: bool) -> str | None:
    sign = -1 if worst else 1
    for reason in sorted(reasons, key=lambda r: -sign * r.points):
        if reason.quote and sign * reason.points > 0 and not _harmless(reason):
            return retold(" ".join(reason.quote.split()).strip(' "“”'))
    return None


def _harmless(reason: Reason) -> bool:
    """Whether nobody would tell others of it: a bare question that merely lacked warmth."""
    quote = (reason.quote or "").rstrip(' "”')
    return reason.points < 0 and reason.cause.endswith(":low") and quote.endswith("?")


def retold(words: str) -> str:
    """As much of somebody's words as another one would remember: whole sentences, else a clause."""
    if len(words) <= LONGEST_QUOTE:
        return words.rstrip(".")
    # What comes far behind is not retold, whatever it is.
    whole = [span.text for span in sentences(words[: 4 * LONGEST_QUOTE])]
    kept = ""
    for sentence in whole:
        longer = f"{kept} {sentence}".strip()
        if len(longer) > LONGEST_QUOTE:
            break
        kept = longer
    if kept:
        return kept.rstrip(".")
    first = whole[0]
    ends = _fitting(span.end for span in clauses(first))
    ends = ends or _fitting(found.start() for found in _CLAUSE_ENDS.finditer(first))
    cut = first[: ends[-1]] if ends else first[:LONGEST_QUOTE].rsplit(" ", 1)[0]
    # A comma or an "and" doesn't end a sentence, so the dots stand there, too.
    return f"{cut.rstrip(',;:-– ')} …"


def _fitting(ends: Iterable[int]) -> list[int]:
    return [end for end in ends if 30 <= end <= LONGEST_QUOTE]
