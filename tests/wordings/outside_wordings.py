"""Questions, acts and near misses that were written without looking at the scenario files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ruamel.yaml import YAML

from coachbot.bootstrap import Practice
from coachbot.customer.reading import Reading
from coachbot.customer.stance import plain
from coachbot.customer.state import CustomerState
from tests.conversations.playing import encode_ahead

OUTSIDE = Path(__file__).parent / "outside"
SCENARIOS = sorted(file.stem for file in OUTSIDE.glob("*.yaml"))

Kind = Literal["fact", "need", "does", "does_not"]

NO = re.compile(
    r"\b(?:can't|cannot|can not|unable|not able|won't be possible|don't|do not|haven't|hasn't|"
    r"have not|has not)\b"
)
"""What no act can be read into, however near its words are."""


@dataclass(frozen=True)
class Wording:
    """What a hire might write, and the fact, need or act that it is about."""

    scenario: str
    kind: Kind
    about: str
    text: str

    @property
    def says_no(self) -> bool:
        """Whether it says outright that something is not done or can't be."""
        return NO.search(plain(self.text)) is not None

    def is_read_as_it(self, reading: Reading) -> bool:
        """Whether the customer takes it for what it is about."""
        if self.kind == "fact":
            return any(a.kind == "fact" and a.targets == (self.about,) for a in reading.asked)
        if self.kind == "need":
            return self.about in {match.id for match in reading.needs_explored}
        return self.about in {match.id for match in reading.acts}


def wordings() -> list[Wording]:
    """All of them."""
    return [wording for scenario in SCENARIOS for wording in _of(scenario)]


def _of(scenario: str) -> Iterator[Wording]:
    data = YAML(typ="safe", pure=True).load(OUTSIDE / f"{scenario}.yaml")
    for fact, texts in data["facts"].items():
        yield from (Wording(scenario, "fact", fact, text) for text in texts)
    for need, texts in data["needs"].items():
        yield from (Wording(scenario, "need", need, text) for text in texts)
    for act, ways in data["acts"].items():
        yield from (Wording(scenario, "does", act, text) for text in ways["does"])
        yield from (Wording(scenario, "does_not", act, text) for text in ways["does_not"])


def read_all(practice: Practice) -> dict[Wording, bool]:
    """Whether each wording is taken for what it is about, as the first reply of a session."""
    everything = wordings()
    encode_ahead(practice, (one.text for one in everything))
    customers = {scenario: practice.customer(scenario) for scenario in SCENARIOS}
    return {
        one: one.is_read_as_it(
            customers[one.scenario].read(
                CustomerState.start(customers[one.scenario].scenario), one.text
            )
        )
        for one in everything
    }
