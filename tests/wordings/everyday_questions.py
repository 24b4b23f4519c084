"""What customers answer to questions that anybody might ask, to be read one by one.

    python -m tests.wordings.everyday_questions [--json]

Two hundred questions of everyday service, written without a look at any scenario, go round all
customers: every other one as the very first reply, the rest after the first good reply of the
scenario's own example. What is printed is meant for a reader, who says of each answer by itself
whether a person would have given it there.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from coachbot.bootstrap import Practice

QUESTIONS = Path(__file__).parent / "everyday" / "questions.txt"


@dataclass(frozen=True)
class Exchange:
    """One question and its answer. ``before``: what the customer had said just before."""

    number: int
    scenario: str
    before: str
    question: str
    answer: str


def questions() -> list[str]:
    """The questions, in their order."""
    return [line for line in QUESTIONS.read_text(encoding="utf-8").splitlines() if line.strip()]


def exchanges(practice: Practice, asked: list[str]) -> Iterator[Exchange]:
    """Ask one customer after the other."""
    coach = practice.bench_coach()
    scenarios = [scenario.id for scenario in practice.scenarios()]
    for number, question in enumerate(asked):
        # By rounds, so that every customer is asked in both ways.
        name = scenarios[number % len(scenarios)]
        session = coach.begin(coach.start(name, person="reader", seed=number))
        if (number // len(scenarios)) % 2:
            first = practice.scenario(name).example_conversation[0]
            session = coach.reply(session, first).session
        before = "\n".join(session.waiting)
        answered = coach.reply(session, question)
        yield Exchange(number + 1, name, before, question, answered.turn.spoken.text)


def main() -> None:
    """Print all exchanges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    as_json = parser.parse_args().json
    for one in exchanges(Practice(), questions()):
        if as_json:
            print(json.dumps(asdict(one), ensure_ascii=False))
            continue
        indented = one.answer.replace("\n", "\n     ")
        before = one.before.replace("\n", " / ")
        print(f"{one.number:3}  {one.scenario}\n     ({before})\n   > {one.question}")
        print(f"     {indented}\n")


if __name__ == "__main__":
    main()
