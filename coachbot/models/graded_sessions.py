"""Grades that people gave in practice, as graded examples that the scorer can learn from."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from coachbot.coaching.masking import Masker
from coachbot.coaching.practice import before, reply_to_score
from coachbot.coaching.protocols import SessionRepository
from coachbot.coaching.reviewing import counting
from coachbot.models.examples import GradedReply, Situation
from coachbot.reporting.trust import GradedRow
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import DIMENSIONS, Dimension, Turn
from coachbot.session.models import Session


@dataclass(frozen=True)
class Exported:
    """The examples of one session. ``left_out``: grades that are about no single reply."""

    situations: tuple[Situation, ...]
    grades: int
    left_out: int


@dataclass(frozen=True)
class Collected:
    """The examples of many sessions.

    ``grades``: those that are in them. ``left_out``: about whole sessions of several replies.
    ``gone``: of scenarios that are gone, or have changed since.
    """

    situations: tuple[Situation, ...]
    grades: int
    left_out: int
    gone: int

    def lines(self) -> str:
        """JSON Lines, as ``coachbot scorer train --more-examples`` reads them."""
        return "".join(f"{one.model_dump_json()}\n" for one in self.situations)


def collect(
    rows: Sequence[GradedRow],
    sessions: SessionRepository,
    as_played: Callable[[Session], Scenario | None],
    names: Mapping[str, str],
) -> Collected:
    """All grades as examples, masked.

    ``rows``: oldest first, by whomever. ``as_played``: the scenario of a session, None where it is
    gone. ``names``: of everybody who is known, by person.
    """
    by_session: dict[str, list[GradedRow]] = defaultdict(list)
    for row in counting(rows):
        by_session[row.session].append(row)
    found: list[Situation] = []
    grades = left_out = gone = 0
    for name, own_rows in by_session.items():
        session = sessions.get(name)
        scenario = as_played(session)
        if scenario is None:
            gone += len(own_rows)
            continue
        own = [names.get(session.person, ""), *(t.state.agent_name or "" for t in session.turns)]
        known = [scenario.model_dump_json(), scenario.persona.name]
        masker = Masker(own, others=names.values(), known=known)
        exported = graded_examples(session, scenario, own_rows, masker.mask)
        found += exported.situations
        grades += exported.grades
        left_out += exported.left_out
    return Collected(tuple(found), grades, left_out, gone)


def graded_examples(
    session: Session,
    scenario: Scenario,
    rows: Sequence[GradedRow],
    mask: Callable[[str], str],
) -> Exported:
    """One situation for each reply that was graded, with the mean of the grades that count.

    ``rows``: of this session, each person's newest of the same thing. A grade of the session as a
    whole is a reply's where there is only one, and else left out: which reply earned it is not
    known. ``mask`` takes out what is somebody's own; it is applied to what was said, not to the
    scenario's screen.
    """
    found: dict[int, dict[Dimension, list[GradedRow]]] = defaultdict(lambda: defaultdict(list))
    left_out = 0
    for row in rows:
        turn = 1 if row.turn is None and len(session.turns) == 1 else row.turn
        if turn is None or turn > len(session.turns):
            left_out += 1
        else:
            found[turn][row.dimension].append(row)
    situations = tuple(
        _situation(session, scenario, turn, found[turn], mask) for turn in sorted(found)
    )
    return Exported(situations, len(rows) - left_out, left_out)


def _situation(
    session: Session,
    scenario: Scenario,
    turn: int,
    rows: dict[Dimension, list[GradedRow]],
    mask: Callable[[str], str],
) -> Situation:
    asked = reply_to_score(before(session, turn), scenario, session.turns[turn - 1].agent)
    every = [row for some in rows.values() for row in some]
    # Who gave them doesn't leave the database; how many they are says how sure the mean is.
    graders = len({row.graded_by for row in every})
    blind = sum(row.blind for row in every)
    reply = GradedReply(
        id="a",
        text=mask(asked.reply),
        shows=f"in practice; {len(every)} grades by {graders} people, {blind} of them blind",
        grades={
            d: round(sum(row.grade for row in rows[d]) / len(rows[d]), 1) if d in rows else None
            for d in DIMENSIONS
        },
        dismissal=None,
        templated=0.0,
        asks_again=(),
        unanswered=(),
        contradicts=(),
    )
    # A hash, since the session's own name would lead back to whoever had it.
    name = hashlib.sha256(f"{session.id}|{turn}".encode()).hexdigest()[:12]
    return Situation(
        situation=f"practice-{name}",
        industry=scenario.id,
        kind=scenario.kind,
        voice=scenario.title,
        language=scenario.language,
        history=tuple(Turn(speaker=t.speaker, text=mask(t.text)) for t in asked.history),
        screen=asked.screen or "",
        called_for={d: d in rows for d in DIMENSIONS},
        replies=(reply,),
        pairs=(),
        only_grades=True,
    )
