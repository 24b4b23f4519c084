"""The list of what had to be done: what the program saw, what people say, and what counts."""

from __future__ import annotations

import re
from collections.abc import Callable

from coachbot.customer.state import Frozen
from coachbot.scenario.models import Scenario
from coachbot.session.models import ActVerdict, Session, Turn
from coachbot.session.result import acts_done, acts_seen


class Checked(Frozen):
    """An act of the scenario in a session.

    ``reply``: the one that did it, as it counts; ``seen``: the one in which the program saw it;
    None: not done. ``verdicts``: what people said, each with their name, oldest first.
    """

    id: str
    what: str
    reply: int | None
    seen: int | None
    verdicts: tuple[tuple[ActVerdict, str], ...] = ()

    @property
    def corrected(self) -> bool:
        """Whether it counts otherwise than the program saw it."""
        return (self.reply is None) != (self.seen is None)


def checklist(
    session: Session, scenario: Scenario, name: Callable[[str | None], str]
) -> tuple[Checked, ...]:
    """All acts, in the scenario's order; ``name``: what somebody who judged is called."""
    seen, done = acts_seen(session), acts_done(session)
    return tuple(
        Checked(
            id=act.id,
            what=act.what,
            reply=done.get(act.id),
            seen=seen.get(act.id),
            verdicts=tuple((v, name(v.judged_by)) for v in session.verdicts if v.act == act.id),
        )
        for act in scenario.resolution.acts
    )


_NUMBERED = re.compile(
    r"\b(?:repl(?:y|ies)|messages?|answers?|turns?)\s*(?:no\.?|number|nr\.?|#)?\s*"
    r"(\d+(?:\s*(?:,|and|&|or|to|-|–)\s*\d+)*)",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_COUNTED = re.compile(
    rf"\b({'|'.join(_ORDINALS)}|last)\s+(?:reply|message|answer|turn)\b", re.IGNORECASE
)


def replies_in_question(comment: str, session: Session) -> tuple[Turn, ...]:
    """The replies that a comment names, such as "reply 2" or "my last message"; all if none."""
    named = {int(n) for found in _NUMBERED.findall(comment) for n in re.findall(r"\d+", found)}
    for word in _COUNTED.findall(comment):
        last = word.lower() == "last"
        named.add(len(session.turns) if last else _ORDINALS.index(word.lower()) + 1)
    return tuple(turn for turn in session.turns if turn.number in named) or session.turns
