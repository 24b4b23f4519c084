"""How the words of an answer were found, where a language model had a part in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from coachbot.customer.state import Frozen

Failure = Literal[
    "timed_out", "unreachable", "missing", "denied", "failed", "unreadable", "empty", "paused"
]
"""Why a language model gave nothing to look at.

``timed_out``: not within the time of a turn; ``unreachable``: nothing answers at its address;
``missing``: the server has no such model; ``denied``: the key is wrong or lacking; ``failed``: it
answered with an error; ``unreadable``: with something else than was asked for; ``empty``: with no
words; ``paused``: it has failed several times running, so that it wasn't asked.
"""

FAILURES: tuple[Failure, ...] = get_args(Failure)

WHY: dict[Failure, str] = {
    "timed_out": "it did not answer in time",
    "unreachable": "it could not be reached",
    "missing": "its server does not have it",
    "denied": "its server did not accept the key",
    "failed": "it answered with an error",
    "unreadable": "its answer could not be read",
    "empty": "its answer was empty",
    "paused": "it had failed several times before",
}
"""Each failure as the end of a sentence about the model."""


class Wording(Frozen):
    """Who found the words of one answer.

    ``model``: the language model that was asked. ``by``: whose words were sent. ``refused``: what
    the check found wrong, an entry for each try that was refused. ``failure``: why there was
    nothing to check, if there wasn't.
    """

    model: str
    by: Literal["model", "authored"]
    refused: tuple[str, ...] = ()
    failure: Failure | None = None


def taken_over(wordings: Sequence[Wording | None]) -> str:
    """One sentence on the answers that were not the model's; empty if there were none."""
    asked = [wording for wording in wordings if wording is not None]
    authored = [wording for wording in asked if wording.by == "authored"]
    if not authored:
        return ""
    failures = dict.fromkeys(w.failure for w in authored if w.failure is not None)
    reasons = [WHY[failure] for failure in failures]
    if any(w.failure is None for w in authored):
        reasons.append("what it wrote did not pass the check")
    whose = f"the language model {authored[0].model}"
    why = reasons[0] if len(reasons) == 1 else f"{', '.join(reasons[:-1])} and {reasons[-1]}"
    return (
        f"In {len(authored)} of {len(asked)} answers the customer spoke lines of the scenario "
        f"instead of {whose}, because {why}."
    )


def played_by(name: str, words_by: str | None) -> str:
    """What is said before every conversation: that a program plays the customer, and which model.

    ``words_by``: the language model that finds the words and where it is; None: there is none.
    """
    if words_by is None:
        return f"{name} is played by a program. Write as you would to a real person."
    return (
        f"{name} is played by a program, with words from a language model ({words_by}), which "
        "reads this conversation. Write as you would to a real person, but nothing about one."
    )
