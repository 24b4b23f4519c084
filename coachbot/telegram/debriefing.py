"""The end of a session: the hire's own rating, the debrief with its picture, what comes next."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbot.coaching.practice import first_attempt
from coachbot.coaching.publishing import is_trial
from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.charts import debrief_card
from coachbot.reporting.png import png
from coachbot.reporting.team import recent_since, recognition, team_means
from coachbot.scoring.interface import DIMENSIONS
from coachbot.telegram import rendering
from coachbot.telegram.menus import data, row, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbot.reporting.debrief import Debrief
    from coachbot.scenario.models import Scenario
    from coachbot.scoring.interface import Dimension
    from coachbot.session.models import Session
    from coachbot.telegram.messages import Button, Keyboard
    from coachbot.telegram.office import Office
    from coachbot.telegram.visit import Answers


def rating_question(
    office: Office, answers: Answers, session: Session, *, late: bool = False
) -> None:
    """Say that it is over and ask for the hire's own rating; for a retry, nobody is asked.

    ``late``: somebody has written a message after the end, which is not counted.
    """
    name = office.repertoire.scenario(session.scenario).persona.name
    if session.retry_of is not None:
        both = rows(("See both attempts", data("rate", session.id, "-")))
        first = f"{rendering.over_already(name)}\n\n" if late else ""
        answers.say(first + rendering.retry_over(name), both)
        return
    first = rendering.over_already(name) if late else rendering.is_over(name)
    text, buttons = _question(name, session, (), first)
    answers.say(text, buttons)


def next_rating(office: Office, answers: Answers, session: Session, given: Sequence[int]) -> None:
    """Ask for a further rating in the place of the one before."""
    name = office.repertoire.scenario(session.scenario).persona.name
    text, buttons = _question(name, session, given)
    answers.change(text, buttons)


def _question(
    name: str, session: Session, given: Sequence[int], first: str = ""
) -> tuple[str, Keyboard]:
    so_far = ",".join(map(str, given))

    def sends(value: int | None) -> str:
        if value is None:
            return data("rate", session.id, "-")
        return data("rate", session.id, f"{so_far},{value}" if so_far else str(value))

    return rendering.self_rating_question(DIMENSIONS[len(given)], name, sends, first)


@dataclass(frozen=True)
class Shown:
    """A debrief ready to be shown: made before the transaction, since drawing takes a while.

    ``first``: the debrief of the attempt that counts, if this was a further one.
    """

    session: Session
    debrief: Debrief
    picture: bytes
    first: Debrief | None

    @classmethod
    def of(cls, office: Office, session: Session) -> Shown:
        """Make the debrief of a session that is over, and draw its picture."""
        debrief = office.repertoire.debrief(session)
        first = None
        if session.retry_of is not None:
            first = office.repertoire.debrief(first_attempt(session, office.sessions))
        picture = png(debrief_card(debrief, _team_average(office, session)).svg())
        return cls(session, debrief, picture, first)

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
        answers.say(pages[-1], afterwards(self.session, self.debrief))


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


def afterwards(session: Session, debrief: Debrief) -> Keyboard:
    """What can be done after a debrief."""
    keyboard: list[tuple[Button, ...]] = []
    if debrief.weakest_turn is not None:
        label = f"Try reply {debrief.weakest_turn} again"
        keyboard.append(row((label, data("try", session.id, debrief.weakest_turn))))
    felt = ("How it felt", data("feel", session.id))
    keyboard.append(row(("Question a score", data("question", session.id)), felt))
    keyboard.append(row(("Practise again", data("menu")), ("My progress", data("progress"))))
    return tuple(keyboard)
