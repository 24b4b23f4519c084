"""The end of a session: the hire's own rating, the debrief with its picture, what comes next."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbot.coaching.practice import first_attempt
from coachbot.coaching.publishing import is_trial, short
from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.charts import debrief_card
from coachbot.reporting.png import png
from coachbot.reporting.team import recent_since, recognition, team_means
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.text import sentences
from coachbot.telegram import rendering
from coachbot.telegram.menus import data, row, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbot.reporting.debrief import Debrief
    from coachbot.scenario.models import Outcome, Scenario
    from coachbot.scoring.interface import Dimension
    from coachbot.session.models import Session
    from coachbot.telegram.messages import Button, Keyboard
    from coachbot.telegram.office import Office
    from coachbot.telegram.visit import Answers

SAME_AGAIN = "Practise this again"
RECOMMENDED = "Recommended next"
QUESTION = "Question the result"
"""Buttons after a debrief."""


def rating_question(
    office: Office, answers: Answers, session: Session, *, late: bool = False
) -> None:
    """Say that it is over and ask for the hire's own rating; for a retry, nobody is asked.

    What was answered before is kept. ``late``: somebody has written something that is no rating.
    """
    name = office.repertoire.scenario(session.scenario).persona.name
    if session.retry_of is not None:
        both = rows(("See both attempts", data("rate", session.id, "-")))
        first = f"{rendering.over_already(name)}\n\n" if late else ""
        answers.say(first + rendering.retry_over(name), both)
        return
    given = rated_so_far(office, session)
    first = rendering.no_rating(name) if late else rendering.is_over(name, left_open(session))
    text, buttons = _question(office, session, given, first, anew=not late)
    answers.say(text, buttons)


def next_rating(
    office: Office, answers: Answers, session: Session, given: Sequence[int], *, typed: bool = False
) -> None:
    """Keep what was answered, and ask for a further rating, in the place of the one before.

    ``typed``: the last one was written, and is said once more above the next question.
    """
    _keep(office, session, given)
    if not typed:
        answers.change(*_question(office, session, given))
        return
    last = DIMENSIONS[len(given) - 1]
    answers.say(*_question(office, session, given, rendering.rating_taken(last, given[-1])))


FORM = "rating"
"""Where what was answered of a session is kept: with the member, as what they are asked to write.
Nothing is read by this form; the session itself says that it waits for ratings."""


def rated_so_far(office: Office, session: Session) -> tuple[int, ...]:
    """What somebody has answered so far to the questions about a session."""
    member = office.members.member(session.person)
    kept = member.awaiting if member else None
    if kept is None or kept.get("form") != FORM or kept.get("session") != session.id:
        return ()
    return tuple(int(value) for value in kept["given"])


def _keep(office: Office, session: Session, given: Sequence[int]) -> None:
    kept = {"form": FORM, "session": session.id, "given": list(given)}
    office.members.set_awaiting(session.person, kept)


LEAST_OF_A_QUESTION = 4
"""Words from which a question is one: "All right?" and "OK with you?" hardly wait for an answer."""


def left_open(session: Session) -> Outcome | None:
    """How it ended while the hire's own question stood; None where none surely did.

    Who breaks it off, gives up or runs out of time says goodbye and answers nothing any more
    (:mod:`coachbot.customer.mind`); of other endings nobody can say what answered what.
    """
    if session.outcome not in ("left", "gave_up", "out_of_turns") or not session.turns:
        return None
    asked = [
        span.text
        for span in sentences(session.turns[-1].agent)
        if span.text.rstrip(" \"'”’)").endswith("?")
    ]
    whole = any(len(question.split()) >= LEAST_OF_A_QUESTION for question in asked)
    return session.outcome if whole else None


def _question(
    office: Office,
    session: Session,
    given: Sequence[int],
    first: str = "",
    *,
    anew: bool = True,
) -> tuple[str, Keyboard]:
    scenario = office.repertoire.scenario(session.scenario)
    dimension = DIMENSIONS[len(given)]
    so_far = ",".join(map(str, given))

    def sends(value: int | None) -> str:
        if value is None:
            return data("rate", session.id, "-")
        return data("rate", session.id, f"{so_far},{value}" if so_far else str(value))

    return rendering.self_rating_question(
        dimension,
        scenario.persona.name,
        sends,
        first,
        pass_mark=getattr(scenario.pass_marks, dimension),
        anew=anew,
    )


@dataclass(frozen=True)
class Shown:
    """A debrief ready to be shown: made before the transaction, since drawing takes a while.

    ``first``: the debrief of the attempt that counts, if this was a further one. ``offered``:
    whether the scenario can be begun once more.
    """

    session: Session
    debrief: Debrief
    picture: bytes
    first: Debrief | None
    offered: bool

    @classmethod
    def of(cls, office: Office, session: Session) -> Shown:
        """Make the debrief of a session that is over, and draw its picture."""
        debrief = office.repertoire.debrief(session)
        first = None
        if session.retry_of is not None:
            first = office.repertoire.debrief(first_attempt(session, office.sessions))
        picture = png(debrief_card(debrief, _team_average(office, session)).svg())
        return cls(session, debrief, picture, first, is_offered(office, session))

    def to(self, answers: Answers, grown: str | None) -> None:
        """Show picture, text, and what can be done now. ``grown``: what grew with this session."""
        answers.show(self.picture, rendering.debrief_caption(self.debrief))
        if grown is not None:
            answers.say(rendering.safe(grown))
        if self.first is not None:
            answers.say(rendering.side_by_side(self.first, self.debrief))
        pages = rendering.debrief_pages(self.debrief)
        for page in pages[:-1]:
            answers.say(page)
        answers.say(pages[-1], afterwards(self.session, self.debrief, offered=self.offered))


def what_grew(office: Office, person: str) -> str | None:
    """A sentence of recognition for the session that was saved last, if something grew with it."""
    done = office.progress(person)
    scenarios: dict[str, Scenario] = {}
    for name in {one.scenario for one in done}:
        # One that is gone for good has nothing left to be named by.
        with suppress(NotFound, ScenarioError):
            scenarios[name] = office.repertoire.scenario(name)
    return recognition(done, scenarios=scenarios, needs=office.needs_found(person))


def _team_average(office: Office, session: Session) -> dict[Dimension, float] | None:
    """The mean of the hire's team, where it is large enough for nobody to be recognised in it."""
    member = office.members.member(session.person)
    if member is None or is_trial(session.scenario):
        return None
    since = recent_since(office.today().isoformat())
    means = (team_means(office.records.practised(team, since)) for team in member.teams)
    return next((found for found in means if found), None)


def is_offered(office: Office, session: Session) -> bool:
    """Whether whoever had a session can begin its scenario once more."""
    member = office.members.member(session.person)
    teams = member.teams if member else ()
    return any(one.id == session.scenario for one in office.repertoire.scenarios(teams))


def afterwards(session: Session, debrief: Debrief, *, offered: bool) -> Keyboard:
    """What can be done after a debrief."""
    keyboard: list[tuple[Button, ...]] = []
    if debrief.weakest_turn is not None:
        label = f"Try reply {debrief.weakest_turn} again"
        keyboard.append(row((label, data("try", session.id, debrief.weakest_turn))))
    felt = ("How it felt", data("feel", session.id))
    keyboard.append(row((QUESTION, data("question", session.id)), felt))
    return (*keyboard, *what_next(session, offered=offered))


def what_next(session: Session, *, offered: bool) -> Keyboard:
    """The same scenario from its beginning, what is recommended after it, and one's progress."""
    same = [row((SAME_AGAIN, data("brief", short(session.scenario))))] if offered else []
    last = row((RECOMMENDED, data("menu")), ("My progress", data("progress")))
    return (*same, last)
