"""Everything that a customer can say, bank by bank, and when the engine draws from each."""

from __future__ import annotations

from dataclasses import dataclass

from coachbot.scenario.finding import KeyPath
from coachbot.scenario.models import LINE_SLOTS, SLOT, Band, Line, Scenario, band_of
from coachbot.scenario.temperament import Move, Temperament

BANDS: tuple[Band, ...] = ("low", "mid", "high")

WALKS_OUT_BELOW = 45.0
"""Somebody whose patience has run out leaves in anger only below this mood; above it they give
up, whatever their temperament."""


@dataclass(frozen=True, slots=True)
class Bank:
    """Lines of which one is drawn when there is a reason to.

    ``bands``: the moods in which that can happen. ``slots``: those that can be filled there.
    Of all banks with the same ``instead_of`` only one line is ever said in a session.
    """

    path: KeyPath
    lines: tuple[Line, ...]
    bands: tuple[Band, ...] = BANDS
    slots: frozenset[str] = frozenset(LINE_SLOTS)
    instead_of: str = ""


def bands_between(low: float, high: float) -> tuple[Band, ...]:
    """Bands of the moods from ``low`` up to, and without, ``high``."""
    moods = [low, *(edge for edge in (35.0, 62.0) if low < edge < high)]
    return tuple(dict.fromkeys(band_of(mood) for mood in moods))


def scenario_banks(scenario: Scenario, temperament: Temperament | None = None) -> list[Bank]:
    """Banks of a scenario; the temperament says how this customer takes their leave."""
    banks = [
        Bank(("opening",), scenario.opening, (band_of(scenario.mood),), frozenset(), "opening")
    ]
    for i, fact in enumerate(scenario.facts):
        told = bands_between(fact.mood_at_least, 100.1)
        banks.append(Bank(("facts", i, "say"), fact.say, told))
        banks.append(Bank(("facts", i, "again"), fact.again))
    for i, need in enumerate(scenario.needs):
        banks.append(Bank(("needs", i, "say"), need.say))
        banks.append(Bank(("needs", i, "thanks"), need.thanks))
    for i, act in enumerate(scenario.resolution.acts):
        banks.append(Bank(("resolution", "acts", i, "thanks"), act.thanks))
        banks.append(Bank(("resolution", "acts", i, "press"), act.press))
    for i, button in enumerate(scenario.hot_buttons):
        banks.append(Bank(("hot_buttons", i, "reactions"), button.reactions))
    for i, comeback in enumerate(scenario.comebacks):
        banks.append(Bank(("comebacks", i, "say"), comeback.say))
    for name, lines in scenario.everyday.items():
        banks.append(Bank(("everyday", name), lines))
    return banks + _endings(scenario, temperament)


def _endings(scenario: Scenario, temperament: Temperament | None) -> list[Bank]:
    warm = scenario.resolution.warm_mood
    gives_up = temperament is not None and temperament.out_of_patience == "gave_up"
    bands = {
        "resolved": bands_between(warm, 100.1),
        "resolved_coldly": bands_between(0, warm),
        # A customer who would rather give up leaves only in a rage.
        "left": ("low",) if gives_up else bands_between(0, WALKS_OUT_BELOW),
        "gave_up": BANDS if gives_up else bands_between(WALKS_OUT_BELOW, 100.1),
        "out_of_turns": BANDS,
    }
    return [
        Bank(("endings", name), getattr(scenario.endings, name), tuple(moods), instead_of="ending")
        for name, moods in bands.items()
    ]


_MOVE_SLOTS: dict[Move, tuple[str, ...]] = {
    "which_one": ("first", "second"),
    "asked_back": ("question",),
}
"""Slots that are filled whenever the move is made."""


def temperament_banks(temperament: Temperament) -> list[Bank]:
    """Banks of a temperament: reactions, moves and answers to everyday questions."""
    banks = [Bank(("reactions", cause), lines) for cause, lines in temperament.reactions.items()]
    for move, lines in temperament.moves.items():
        slots = frozenset((*LINE_SLOTS, *_MOVE_SLOTS.get(move, ())))
        banks.append(Bank(("moves", move), lines, slots=slots))
    for i, everyday in enumerate(temperament.everyday):
        slots = frozenset((*LINE_SLOTS, "name"))
        banks.append(Bank(("everyday", i, "say"), everyday.say, slots=slots))
    return banks


def always_fits(line: Line) -> bool:
    """Whether a line needs neither the right words of the hire nor a slot that may be empty.

    Slots such as the customer's own name are always filled; the hire's name, time and amount only
    once they have been written.
    """
    return not line.to and not line.unless and not line.slots & frozenset(LINE_SLOTS)


def spoken_key(message: str) -> str:
    """A message without slots, case and punctuation: what the engine takes for the same words."""
    return "".join(c for c in SLOT.sub("", message).lower() if c.isalnum() or c == " ").strip()
