"""Where pass marks can stand: what good and fair conversations reach with every customer.

    python -m tests.conversations.marks [SCENARIO...]

Plays all scripts (about ten minutes on two cores) and prints, for each customer and dimension, the
best value of a fair or poor conversation in the voices for tuning, the values of the good ones, and
the mark; then what the marks do to the voices that only measure. A mark belongs between the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from coachbot.bootstrap import Practice
from coachbot.scoring.interface import DIMENSIONS, Dimension
from coachbot.scoring.session_value import session_values
from coachbot.session.models import Session
from tests.conversations.playing import VOICES, Played, play_all, scripts


def values(session: Session) -> dict[Dimension, float]:
    """Return the session's values, without those that nothing called for."""
    found = session_values([turn.score for turn in session.turns])
    return {d: score for d in DIMENSIONS if (score := found[d].score) is not None}


def _row(name: str, dimension: Dimension, mark: float, played: Played) -> str:
    """Return the line of one customer and dimension."""
    good: list[float] = []
    other = [0.0]
    for script, session in played.items():
        if script.scenario == name and script.voices == "tuning":
            into = good if script.quality == "good" else other
            into += [v for d, v in values(session).items() if d == dimension]
    shown = " ".join(f"{v:.0f}" for v in sorted(good))
    return f"{name:28} {dimension:26} others {max(other):5.1f}   good {shown:12} mark {mark:.0f}"


def _passes(played: Played) -> Iterable[str]:
    """Return how many conversations pass, by voices and quality, and which should not or should."""
    for voices in VOICES:
        for quality in ("good", "fair", "poor"):
            chosen = {
                script.name: session
                for script, session in played.items()
                if (script.voices, script.quality) == (voices, quality)
            }
            passed = sum(bool(s.passed) for s in chosen.values())
            yield f"{voices}, {quality}: {passed} of {len(chosen)} pass"
            for name, session in chosen.items():
                if bool(session.passed) != (quality == "good"):
                    shown = " ".join(f"{v:.0f}" for v in values(session).values())
                    yield f"    {name}: {session.outcome}, {shown}"


def main(only: list[str]) -> None:
    """Play everything, or the scripts of some scenarios, and print what became of it."""
    practice = Practice()
    everything = [script for voices in VOICES for script in scripts(voices)]
    chosen = [s for s in everything if not only or s.scenario in only]
    played = play_all(practice, chosen)
    for name in dict.fromkeys(script.scenario for script in chosen):
        marks = practice.scenario(name).pass_marks
        for dimension in DIMENSIONS:
            print(_row(name, dimension, getattr(marks, dimension), played))
    print("\n".join(_passes(played)))


if __name__ == "__main__":
    main(sys.argv[1:])
