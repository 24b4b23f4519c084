"""What coaching needs from the outside; adapters implement it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from coachbot.customer.engine import Customer
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import ReplyScore, ReplyToScore
from coachbot.session.models import Session


class SessionRepository(Protocol):
    """Keeps sessions. Each call is one transaction; a session that was saved is never half there.

    All raise ``StoreError`` where the database can't be read or written.
    """

    def save(self, session: Session) -> None:
        """Store the session as it stands now: new, or gone on since it was last saved."""

    def get(self, session_id: str) -> Session:
        """The session; ``NotFound`` where there is none."""

    def unfinished(self, person: str) -> Session | None:
        """The person's newest session that is not at its debrief yet, retries included."""

    def finished(self, person: str) -> list[Session]:
        """The person's sessions that are at their debrief, oldest first, retries included."""


class Casting(Protocol):
    """Finds scenarios and the customers who play them."""

    def scenario(self, id_or_path: str) -> Scenario:
        """The scenario; ``NotFound`` or ``ScenarioError``."""

    def reference(self, id_or_path: str) -> str:
        """What to store to find it again from anywhere: the id, or an absolute path."""

    def customer(self, id_or_path: str) -> Customer:
        """Its customer, ready to play; made once for each scenario."""


class FullScorer(Protocol):
    """The scorer with its choice of how much to read."""

    @property
    def name(self) -> str:
        """Name and version."""

    def score(
        self,
        items: Sequence[ReplyToScore],
        *,
        signals_only: bool = False,
        with_evidence: bool = True,
    ) -> list[ReplyScore]:
        """One result for each reply, in order."""
