"""The text of a new scenario file, from a trainer's answers."""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from coachbot.errors import UsageError
from coachbot.scenario.models import Difficulty

MARK = "# EXAMPLE"
"""Stands after every text that a trainer still has to replace."""

STARTS: dict[Difficulty, tuple[int, int]] = {
    "easy": (40, 8),
    "medium": (28, 6),
    "hard": (18, 5),
    "brutal": (10, 4),
}
"""Mood and patience with which a scenario of a difficulty begins."""


EXAMPLES = {
    "title": "A confirmation that doesn't come",
    "role": "You work in the office of an evening school. It is Thursday morning.",
    "name": "Robin",
    "opening": "I've been waiting for the confirmation of my course since Monday. Where is it?",
    "act": "Sends the confirmation today, and says so",
}
"""Answers that can be kept for the time being; they go with the rest of the template."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What is asked before a file is started. All are single lines."""

    id: str
    title: str
    kind: Literal["external", "internal"]
    phase: Literal["before", "during", "after"]
    difficulty: Difficulty
    role: str
    name: str
    temperament: str
    opening: str
    act: str


def starter(answers: Answers, temperaments: list[str]) -> str:
    """Fill the template; every text from the trainer is put in quotes."""
    mood, patience = STARTS[answers.difficulty]
    filled = {
        "id": answers.id,
        "kind": answers.kind,
        "phase": answers.phase,
        "difficulty": answers.difficulty,
        "temperament": answers.temperament,
        "mood": str(mood),
        "patience": str(patience),
        "temperaments": ", ".join(temperaments),
    }
    for name, example in EXAMPLES.items():
        answer = getattr(answers, name)
        mark = f"  {MARK}" if answer == example else ""
        filled[name] = _quoted(answer) + mark
    text = Path(__file__).with_name("starter.yaml").read_text(encoding="utf-8")
    return re.sub(r"@@(\w+)@@", lambda found: filled[found.group(1)], text)


def is_marked(line: str) -> bool:
    """Whether a line of a file has a text that is still to be replaced."""
    return bool(re.search(rf"{MARK}(?::.*)?\s*$", line))


class LeftOver(NamedTuple):
    """A text of the template that is still in a file. ``line`` counts from 1."""

    line: int
    text: str


def left_over(lines: Sequence[str]) -> tuple[LeftOver, ...]:
    """Texts that are still the template's, in the order of the file.

    A line counts while it has its mark and the template's words. Whoever deletes the mark keeps
    the words on purpose; but a file of which half still has the template's words is the template,
    whatever became of its marks.
    """
    ours = _examples()
    found = [
        (LeftOver(number, _words(text)), is_marked(text))
        for number, text in enumerate(lines, 1)
        if _plain(text) in ours
    ]
    if len(found) < sum(ours.values()) / 2:
        return tuple(one for one, marked in found if marked)
    return tuple(one for one, _ in found)


@functools.cache
def _examples() -> Counter[str]:
    """The template's marked lines, each with how often it stands there."""
    text = Path(__file__).with_name("starter.yaml").read_text(encoding="utf-8")
    for name, example in EXAMPLES.items():
        text = text.replace(f"@@{name}@@", f"{_quoted(example)}  {MARK}")
    return Counter(_plain(line) for line in text.splitlines() if is_marked(line))


def _without_mark(line: str) -> str:
    return re.sub(rf"\s*{MARK}(?::.*)?\s*$", "", line).strip()


def _plain(line: str) -> str:
    """A line's words, however it is quoted and spaced."""
    return " ".join(re.sub("[\"'‘’“”]", "", _without_mark(line)).casefold().split())


def _words(line: str) -> str:
    """What stands in quotes on a line, or else after its dash or key."""
    bare = _without_mark(line)
    quoted = re.search(r'"(.+?)"', bare)
    return quoted.group(1) if quoted else re.sub(r"^(?:- )?(?:[a-z_]+: )?", "", bare)


def write_new(path: Path, text: str) -> None:
    """Write a file that must not exist yet; ``UsageError`` where that can't be done."""
    try:
        with path.open("x", encoding="utf-8") as file:
            try:
                file.write(text)
                file.flush()
            except BaseException:
                # Half a scenario would stand in the way of the next attempt.
                path.unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise UsageError(f"{path} exists already; choose another id.") from None
    except FileNotFoundError:
        raise UsageError(f"There is no folder {path.parent}.") from None
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.") from None


def _quoted(text: str) -> str:
    """A text in YAML's double quotes, on one line, which are those of JSON."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return json.dumps(" ".join(printable.split()), ensure_ascii=False)
