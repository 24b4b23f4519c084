"""Whole conversations for the documentation, as they were played and not touched afterwards.

    python -m tests.conversations.transcripts > docs/transcripts.md

The hires are of two kinds: scripts that were written apart from the scenario files and don't answer
to what the customer says, and the bench's agents, who do. The customers are the authored ones.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from coachbot.bootstrap import Practice
from coachbot.coaching.practice import NoRepository
from coachbot.coaching.scripted import Kind
from coachbot.reporting.wording import OUTCOMES
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.session_value import session_values
from coachbot.session.models import Session
from tests.conversations.playing import play, scripts

WRITTEN = ("late-parcel/good-2", "bereaved/good-1", "cancelling/fair-1", "twenty-minutes/poor-1")
"""Scripts in the voices that only measure."""

AGENTS: tuple[tuple[str, Kind], ...] = (
    ("missed-connection", "excellent"),
    ("frozen-card", "excellent"),
    ("new-laptop", "good_but_slow"),
    ("one-word", "excellent"),
    ("sign-off", "cold"),
    ("flooded-kitchen", "over_promiser"),
)

_HEAD = """\
# Ten conversations

Written by `python -m tests.conversations.transcripts`, which plays them anew; nothing was changed
afterwards. The hires' words were written without a look at what the customers can say: four hires
are fixed scripts, six are agents of the bench, who choose among their sentences as the conversation
goes. In brackets: the customer's mood after each reply, 0 furious to 100 delighted.
"""


def _played(practice: Practice) -> Iterator[tuple[str, Session]]:
    coach = practice.coach(NoRepository())
    by_name = {f"{s.scenario}/{s.file.stem}": s for s in scripts("heldout")}
    for name in WRITTEN:
        script = by_name[name]
        yield f"a script, {script.quality}", play(coach, script.scenario, script.replies)
    for scenario, kind in AGENTS:
        run = practice.bench(scenario, seeds=1, kinds=(kind,)).played.runs[-1]
        yield f"an agent, {kind.replace('_', ' ')}", run.session


def _lines(session: Session, name: str) -> Iterator[str]:
    for message in session.opening:
        yield f"**{name}:** {message}"
    for turn in session.turns:
        text = " / ".join(turn.agent.splitlines())
        yield f"**Hire:** {text} *({turn.mood_after:.0f})*"
        for message in turn.answer:
            yield f"**{name}:** {message}"


def main() -> None:
    """Print all ten."""
    practice = Practice()
    print(_HEAD)
    for number, (hire, session) in enumerate(_played(practice), 1):
        scenario = practice.scenario(session.scenario)
        print(f"## {number}. {scenario.title}\n")
        print(textwrap.fill(f"{scenario.brief.role} The hire is {hire}.", 100), end="\n\n")
        for line in _lines(session, scenario.persona.name):
            print(textwrap.fill(line, 100), end="\n\n")
        values = session_values([turn.score for turn in session.turns])
        scores = ", ".join(
            f"{d.replace('_', ' ')} {values[d].score:.0f}"
            for d in DIMENSIONS
            if values[d].score is not None
        )
        result = "passed" if session.passed else "not passed"
        print(f"*{OUTCOMES[session.outcome or 'ended']}; {result}; {scores}.*\n")


if __name__ == "__main__":
    main()
