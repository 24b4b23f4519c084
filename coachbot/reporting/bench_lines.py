"""Which lines of a scenario file were said, and which never came although there was occasion."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from coachbot.customer.lines import DRAWN_FROM, key
from coachbot.reporting.bench_models import LineFigures, LineUse
from coachbot.reporting.bench_runs import Drawn, Played
from coachbot.scenario.finding import KeyPath
from coachbot.scenario.models import SLOT, Line, Scenario, band_of

CHANCE = 0.01
"""A line is dead if so small a chance, or less, is left that it was only bad luck: with every
fitting line as likely as the others, all its occasions together would have passed it by."""


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A line of a scenario file, the list that it is in, and its place in the file."""

    bank: str
    path: KeyPath
    line: Line


def lines_of(scenario: Scenario) -> Iterator[LinePlace]:
    """Every line that the customer can say, in the order of the file."""
    for name, kept in _banks(scenario):
        for one in kept:
            yield LinePlace(name, one.path, one.line)


@dataclass
class _Kept:
    """A line, its place, whether it was said, and the logarithm of the chance that it wasn't."""

    path: KeyPath
    line: Line
    said: bool = False
    luck: float = 0.0


def line_figures(played: Played, line_of: Callable[[KeyPath], int | None]) -> LineFigures:
    """Figures over all sessions of a scenario."""
    banks = {name: list(kept) for name, kept in _banks(played.scenario)}
    reached: set[str] = set()
    for run in played.runs:
        used = set(run.session.opening_state.used)
        for kept in banks["opening"]:
            kept.said |= {key(message) for message in kept.line.say} <= used
            kept.luck += math.log1p(-1 / len(banks["opening"])) if len(banks["opening"]) > 1 else 0
        reached.add("opening")
        gone: dict[str, set[int]] = defaultdict(set)
        for exchange in run.exchanges:
            for drawn in exchange.drawn:
                if drawn.bank in banks:
                    reached.add(drawn.bank)
                    _count(banks[drawn.bank], drawn, gone[drawn.bank])
    every = [kept for bank in banks.values() for kept in bank]
    said = sum(kept.said for kept in every)
    dead = [k for k in every if not k.said and k.luck < math.log(CHANCE)]
    repeated = dict.fromkeys(text for run in played.runs for text in run.repeated())
    return LineFigures(
        total=len(every),
        used=said,
        share=said / len(every),
        unreached_banks=tuple(name for name in banks if name not in reached),
        dead=tuple(_used(kept, line_of) for kept in dead),
        repeated=tuple(repeated),
    )


def _used(kept: _Kept, line_of: Callable[[KeyPath], int | None]) -> LineUse:
    path = ".".join(str(step) for step in kept.path)
    return LineUse(path=path, line=line_of(kept.path), text=kept.line.text)


def _count(bank: Sequence[_Kept], drawn: Drawn, gone: set[int]) -> None:
    """Note which line it was, and the chance that the others had.

    Lines that press are said in the order of the file, and one that answers to something needs
    the right words before it: for these no chance is counted.
    """
    band = band_of(drawn.mood)
    fitting = [
        number
        for number, kept in enumerate(bank)
        if number not in gone and band in kept.line.mood and not kept.line.to
    ]
    in_order = drawn.bank.startswith("act-press:")
    for number, kept in enumerate(bank):
        if number not in gone and is_line(kept.line, drawn.bubbles):
            kept.said = True
            gone.add(number)
            break
    if in_order or len(fitting) < 2:
        return
    # The best three are drawn from; of fewer, one may be so much better that it alone is said.
    missed = math.log1p(-1 / max(len(fitting), DRAWN_FROM))
    for number in fitting:
        if not bank[number].line.slots:
            bank[number].luck += missed


def is_line(line: Line, bubbles: Sequence[str]) -> bool:
    """Whether messages are a line with its slots filled."""
    return len(line.say) == len(bubbles) and all(
        _pattern(written).fullmatch(said) for written, said in zip(line.say, bubbles, strict=True)
    )


def _pattern(written: str) -> re.Pattern[str]:
    parts = SLOT.split(written)[::2]
    return re.compile(".+".join(re.escape(part) for part in parts), re.DOTALL | re.IGNORECASE)


def _banks(scenario: Scenario) -> Iterator[tuple[str, Iterator[_Kept]]]:
    """The scenario's lists of lines, by the name under which the customer draws from them."""

    def kept(path: KeyPath, lines: Sequence[Line]) -> Iterator[_Kept]:
        return (_Kept((*path, number), line) for number, line in enumerate(lines))

    yield "opening", kept(("opening",), scenario.opening)
    for i, fact in enumerate(scenario.facts):
        yield f"fact:{fact.id}", kept(("facts", i, "say"), fact.say)
        yield f"fact-again:{fact.id}", kept(("facts", i, "again"), fact.again)
    for i, need in enumerate(scenario.needs):
        yield f"need:{need.id}", kept(("needs", i, "say"), need.say)
        yield f"need-thanks:{need.id}", kept(("needs", i, "thanks"), need.thanks)
    for i, act in enumerate(scenario.resolution.acts):
        path: KeyPath = ("resolution", "acts", i)
        yield f"act-thanks:{act.id}", kept((*path, "thanks"), act.thanks)
        yield f"act-press:{act.id}", kept((*path, "press"), act.press)
    for i, button in enumerate(scenario.hot_buttons):
        yield f"button:{button.id}", kept(("hot_buttons", i, "reactions"), button.reactions)
    for i, comeback in enumerate(scenario.comebacks):
        yield f"comeback:{i}", kept(("comebacks", i, "say"), comeback.say)
    for outcome in type(scenario.endings).model_fields:
        yield f"ending:{outcome}", kept(("endings", outcome), getattr(scenario.endings, outcome))
