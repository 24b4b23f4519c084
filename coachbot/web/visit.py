"""One request as a page sees it: who asks, for what, and what they may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, RedirectResponse, Response

from coachbot.coaching.permissions import Action, may, where
from coachbot.errors import NotFound, ScenarioError

if TYPE_CHECKING:
    from starlette.requests import Request

    from coachbot.coaching.people import Member
    from coachbot.reporting.overviews import Correction, SessionLine
    from coachbot.scoring.interface import Dimension
    from coachbot.web.office import Office
    from coachbot.web.rendering import Rendering

NOT_HERE = "There is no page at this address, or it is not yours to see."
"""Said of what isn't there and of what belongs to other teams alike."""


class Nowhere(NotFound):
    """The page isn't there for whoever asks: 404, without a hint why."""

    def __init__(self) -> None:
        super().__init__(NOT_HERE)


@dataclass
class Visit:
    """A request. ``form``: what was posted, checked to come from a form of this person's page."""

    office: Office
    rendering: Rendering
    request: Request
    member: Member | None
    secret: str = ""
    """Of the session, or, for somebody who is not signed in, of the form's cookie."""
    form: Mapping[str, str] = field(default_factory=dict)
    _titles: dict[str, str] = field(default_factory=dict)
    _marks: dict[str, Collection[Dimension]] = field(default_factory=dict)
    _corrected: bool = False

    @property
    def me(self) -> Member:
        """Who asks. Pages that are not open to everybody have somebody."""
        if self.member is None:
            raise RuntimeError("somebody who is not signed in was let in")
        return self.member

    @property
    def query(self) -> QueryParams:
        """What stands behind the question mark."""
        return self.request.query_params

    @property
    def code(self) -> str:
        """What a form of this visitor's pages carries, and nobody else can make."""
        return self.office.signing_in.seal("form", self.secret)

    # --- Whom and what it is about ----------------------------------------------------------------

    def teams(self, action: Action = "see_team") -> tuple[str, ...]:
        """The teams in which the visitor may do something, by name."""
        return where(self.member, action)

    def key(self, kind: str, name: str) -> str:
        """How a person or a team stands in an address: nothing can be read from it."""
        return self.office.signing_in.seal(kind, name)[:16]

    def team(self, key: str, action: Action = "see_team") -> str:
        """The team of an address, among those in which the visitor may do it; else ``Nowhere``."""
        for team in self.teams(action):
            if self.key("team", team) == key:
                return team
        raise Nowhere

    def somebody(self, key: str, action: Action = "read_session") -> Member:
        """The person of an address, if the visitor may do this about them; else ``Nowhere``."""
        for team in self.teams(action):
            for member in self.office.members.members(team):
                if self.key("person", member.person) == key:
                    if may(self.member, action, owner=member):
                        return member
                    raise Nowhere
        raise Nowhere

    def owner(self, person: str, action: Action = "read_session") -> Member:
        """Whose session or question it is, if the visitor may do this; else ``Nowhere``."""
        found = self.office.members.member(person)
        if found is None or not may(self.member, action, owner=found):
            raise Nowhere
        return found

    def number(self, name: str, most: int = 10_000) -> int:
        """A whole number from 1 in the query; 1 where there is none."""
        text = self.query.get(name, "1")
        return min(max(int(text), 1), most) if text.isascii() and text.isdecimal() else 1

    def titles(self, scenarios: Sequence[str]) -> dict[str, str]:
        """What scenarios are called; their ids, of those that are no longer there."""
        for name in scenarios:
            if name in self._titles:
                continue
            try:
                self._titles[name] = self.office.repertoire.scenario(name).title
            except (NotFound, ScenarioError):
                self._titles[name] = name.replace("\\", "/").rsplit("/", 1)[-1]
        return {name: self._titles[name] for name in scenarios}

    def practice_only(self, scorer: str) -> Collection[Dimension]:
        """The dimensions that are marked so wherever scores of this scorer stand."""
        if scorer not in self._marks:
            self._marks[scorer] = self.office.trusting.practice_only(scorer)
        return self._marks[scorer]

    @property
    def marked(self) -> bool:
        """Whether anything was marked so far, so that what it means is to be said."""
        return any(self._marks.values())

    def corrections(self, line: SessionLine, dimension: Dimension) -> tuple[Correction, ...]:
        """What people gave in place of a session's score, newest first, to be shown beside it."""
        found = line.corrections.get(dimension, ())
        self._corrected |= bool(found)
        return found

    @property
    def corrected(self) -> bool:
        """Whether such a grade was shown so far, so that what it means is to be said."""
        return self._corrected

    # --- Answers ----------------------------------------------------------------------------------

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page. Values come into the template escaped."""
        return HTMLResponse(self.rendering.page(self, template, values), status)

    def go(self, path: str) -> Response:
        """On to a page after a post, so that going back or loading again posts nothing."""
        return RedirectResponse(path, 303)
