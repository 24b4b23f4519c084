"""Whether there are words for every mood, and enough of them until the patience is out.

The arithmetic of patience (the costs are those of :mod:`coachbot.customer.mood`): a turn in which
nothing moves costs 1, from the third in a row on .15 more each time, and what went wrong in it
comes on top: pressing a hot button 1, asking again for what was said .75. So of a patience of 6
there are five turns in which the customer presses for the same act before the sixth is their last.
Steps forward give patience back; then other lines are due.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coachbot.scenario.finding import Finding, counted
from coachbot.scenario.models import Line, Scenario
from coachbot.scenario.speech import Bank, always_fits
from coachbot.scenario.temperament import CAUSES, CORE_CAUSES, HARSH, MOVES, Cause, Temperament

IDLE, IDLE_GROWTH = 1.0, 0.15
BUTTON_COST, ASKED_AGAIN_COST, HARSH_COST, INSULT_COST = 1.0, 0.75, 1.5, 2.5

CORE_LINES = 3
"""Lines that a temperament needs of its own for each core cause."""

_MOOD = {"low": "angry or hurt", "mid": "neither angry nor won over", "high": "warming up"}


def turns_until_out(patience: float, extra: float = 0.0) -> int:
    """Turns without a step forward, each costing ``extra`` more, until the patience is out."""
    spent, turns = 0.0, 0
    while spent < patience:
        turns += 1
        spent += IDLE + extra + IDLE_GROWTH * max(0, turns - 2)
    return turns


def check_moods(banks: Sequence[Bank], fallback: Sequence[Bank] = ()) -> Iterator[Finding]:
    """Find lines that can never be said, and moods for which a bank has no line.

    ``fallback``: banks in which the engine looks next, found by their path.
    """
    further = {bank.path: bank.lines for bank in fallback}
    for bank in banks:
        for number, line in enumerate(bank.lines):
            if not set(line.mood) & set(bank.bands):
                yield Finding(
                    (*bank.path, number, "mood"),
                    f"This line can never be said: it is for the mood {_either(line.mood)}, and "
                    f"here the mood is always {_either(bank.bands)}",
                    f"change its mood to {bank.bands[0]}, or delete the line",
                )
        yield from _gaps(bank, further.get(bank.path, ()))


def _gaps(bank: Bank, further: tuple[Line, ...]) -> Iterator[Finding]:
    fitting = [(set(line.mood), always_fits(line)) for line in (*bank.lines, *further)]
    for band in bank.bands:
        here = [plain for moods, plain in fitting if band in moods]
        if any(here):
            continue
        if here:
            yield Finding(
                bank.path,
                f"For the mood {band} there are only lines with a slot or with 'to', and those are "
                "said only when there is something to fill in or to answer",
                "add one that needs neither",
            )
        else:
            yield Finding(
                bank.path,
                f"There is nothing to say here when the mood is {band} ({_MOOD[band]})",
                f"add a line for it, or add {band} to the mood of one that fits it too",
            )


def check_endurance(
    scenario: Scenario, temperament: Temperament, general: Temperament
) -> Iterator[Finding]:
    """Find banks that run dry before the patience or the turns do."""
    turns = scenario.turn_limit
    given = f"a patience of {scenario.patience:g}"
    presses = min(turns, turns_until_out(scenario.patience)) - 1
    for number, act in enumerate(scenario.resolution.acts):
        have = _plain(act.press)
        if have < presses:
            yield Finding(
                ("resolution", "acts", number, "press"),
                f"{given.capitalize()} lasts for {counted(presses, 'turn')} of pressing, and here "
                f"{_are(have, 'line')} for it",
                f"write {presses - have} more, between the first mention and the ultimatum",
            )
    pressed = min(turns, turns_until_out(scenario.patience, BUTTON_COST))
    for number, button in enumerate(scenario.hot_buttons):
        have = _plain(button.reactions)
        if have < pressed:
            yield Finding(
                ("hot_buttons", number, "reactions"),
                f"With {given} it can be pressed {pressed} times, and here "
                f"{_are(have, 'reaction')}",
                f"write {pressed - have} more",
            )
    repeats = min(turns, turns_until_out(scenario.patience, ASKED_AGAIN_COST)) - 1
    shared = sum(_plain(one.moves.get("already_told", ())) for one in (temperament, general))
    for number, fact in enumerate(scenario.facts):
        have = _plain(fact.again) + shared
        if have < repeats:
            yield Finding(
                ("facts", number, "again"),
                f"{given.capitalize()} lasts until it has been asked for again {repeats} times, "
                f"and with those of the temperament there are {have} answers",
                f"write {repeats - have} more",
            )
    yield from _shared_banks(scenario, temperament, general)
    if turns_until_out(scenario.patience) > turns:
        yield Finding(
            ("patience",),
            f"{given.capitalize()} lasts for {turns_until_out(scenario.patience)} turns, and the "
            f"session ends after {turns}, so that nobody can run out of it",
            "lower the patience, or raise the turn_limit",
            severity="warning",
        )


def _shared_banks(
    scenario: Scenario, temperament: Temperament, general: Temperament
) -> Iterator[Finding]:
    """Words for what can happen in any scenario; a trainer can only lower the patience."""
    given = f"a patience of {scenario.patience:g}"
    for cause in HARSH:
        cost = INSULT_COST if cause == "insulted" else HARSH_COST
        most = min(scenario.turn_limit, turns_until_out(scenario.patience, cost))
        have = sum(_plain(one.reactions.get(cause, ())) for one in (temperament, general))
        if have < most:
            yield Finding(
                ("patience",),
                f"With {given} '{cause}' can happen {most} times in a row, and the temperament and "
                f"the general words have {counted(have, 'line')} for it",
                f"lower the patience, or add lines to the temperament '{temperament.id}'",
                severity="warning",
            )
    most = min(scenario.turn_limit, turns_until_out(scenario.patience)) - 1
    have = sum(_plain(one.moves.get("unknown", ())) for one in (temperament, general))
    if have < most:
        yield Finding(
            ("patience",),
            f"With {given} a hire can ask {most} things in a row that nobody foresaw, and there "
            f"{_are(have, 'answer')} for that",
            f"lower the patience, or add lines for 'unknown' to '{temperament.id}'",
            severity="warning",
        )


def check_coverage(temperament: Temperament, *, general: bool) -> Iterator[Finding]:
    """Find causes and moves for which a temperament must have words and hasn't enough."""
    needed: tuple[Cause, ...] = CAUSES if general else CORE_CAUSES
    for cause in needed:
        have = len(temperament.reactions.get(cause, ()))
        if have >= CORE_LINES:
            continue
        yield Finding(
            ("reactions", cause) if have else ("reactions",),
            f"The customer reacts to '{cause}', and here {_are(have, 'line')} for it",
            f"write {CORE_LINES - have} more under '{cause}'",
        )
    if not general:
        return
    for move in MOVES:
        if not temperament.moves.get(move):
            yield Finding(
                ("moves",),
                f"There are no words for '{move}'",
                f"add '{move}' with a line for each mood",
            )
    for name, told in (("turned", temperament.turned), ("stung", temperament.stung)):
        if not told:
            yield Finding(
                (name,), f"There is no sentence under '{name}'", "add one with {quote} in it"
            )


def _plain(lines: Sequence[Line]) -> int:
    """Lines that can be said in a bad mood, whatever the hire wrote."""
    return sum(always_fits(line) and line.mood != ("high",) for line in lines)


def _either(bands: Sequence[str]) -> str:
    return " or ".join(bands)


def _are(number: int, thing: str) -> str:
    return (
        f"{'is' if number == 1 else 'are'} {counted(number, thing) if number else f'no {thing}s'}"
    )
