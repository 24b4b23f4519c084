"""Where the parts are wired together: settings, the folders of data, and what is built of them.

Importing this module loads nothing heavy; each function imports what it needs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from coachbot.errors import NotFound

if TYPE_CHECKING:
    from coachbot.coaching.practice import Coach
    from coachbot.coaching.protocols import SessionRepository
    from coachbot.customer.engine import Customer
    from coachbot.library import Library
    from coachbot.reporting.debrief import Debrief
    from coachbot.scenario.models import Scenario
    from coachbot.scoring.protocol import Encoder
    from coachbot.scoring.scorer import Scorer
    from coachbot.session.models import Session
    from coachbot.settings import Settings
    from coachbot.store import Store
    from coachbot.telegram.office import Office

DataKind = Literal["scenarios", "prompts", "models"]

_PACKAGE = Path(__file__).parent


def _places(kind: DataKind) -> list[Path]:
    """Where a folder of data is in an installed package, and in a checkout."""
    return [_PACKAGE / "_data" / kind, _PACKAGE.parent / kind]


def settings() -> Settings:
    """Read the settings from the environment; ``SettingsError`` names a variable that is wrong."""
    from coachbot.settings import read_settings

    return read_settings()


def data_root(kind: DataKind, given: Settings | None = None) -> Path:
    """Find the folder of scenarios, prompts or models.

    The first of: the folder that the environment names (``COACHBOT_SCENARIOS`` and so on), the
    one inside an installed package, the one beside the package in a checkout. ``given``: settings
    that count in place of the environment's. Raises ``SettingsError`` where the environment names
    no folder, ``NotFound`` where there is none.
    """
    chosen: Path | None = getattr(given or settings(), kind)
    if chosen is not None:
        return chosen
    places = _places(kind)
    for place in places:
        if place.is_dir():
            return place
    raise NotFound(
        f"CoachBot's folder {kind!r} is missing; it should be {places[0]} or {places[1]}. "
        f"Install CoachBot again, or set COACHBOT_{kind.upper()} to a folder."
    )


def library(given: Settings | None = None) -> Library:
    """The library of scenarios; its temperaments, or those of CoachBot where it has none."""
    from coachbot.library import Library

    root = data_root("scenarios", given)
    own = next((p for p in _places("scenarios") if p.is_dir()), root)
    shared = None if (root / "temperaments").is_dir() else own / "temperaments"
    return Library.keeping(root, shared=shared)


def store() -> Store:
    """The database that the settings name, made if it isn't there."""
    from coachbot.store import open_store

    return open_store(settings().database)


class Practice:
    """What practising needs, loaded once: models, scenarios, the coach.

    Implements ``coachbot.coaching.protocols.Casting``. ``report`` is told what is being loaded;
    an ``encoder`` or a ``scorer`` that is given is used in place of the model of CoachBot's own.
    """

    def __init__(
        self,
        report: Callable[[str], None] = lambda _step: None,
        *,
        encoder: Encoder | None = None,
        scorer: Scorer | None = None,
    ) -> None:
        self.library = library()
        self._report = report
        self.encoder = encoder or self._load_encoder()
        self.scorer = scorer or self._load_scorer()
        self._customers: dict[str, Customer] = {}
        self._lock = threading.Lock()

    def _load_encoder(self) -> Encoder:
        from coachbot.models.encoder import MiniLM
        from coachbot.models.memory import RememberingEncoder

        self._report("Loading the language model")
        return RememberingEncoder(MiniLM.load())

    def _load_scorer(self) -> Scorer:
        from coachbot.models import load_scorer

        self._report("Loading the scorer")
        return load_scorer(data_root("models"))

    def beside(self, library: Library) -> Practice:
        """The same models and customers with another library, which this one knows nothing of."""
        other = Practice(encoder=self.encoder, scorer=self.scorer, report=self._report)
        other.library = library
        other._customers.update(self._customers)
        return other

    def coach(self, sessions: SessionRepository) -> Coach:
        """A coach that keeps its sessions in ``sessions``."""
        from coachbot.coaching.practice import Coach

        return Coach(scorer=self.scorer, casting=self, sessions=sessions)

    def scenarios(self, teams: Collection[str] = ()) -> list[Scenario]:
        """All that people of these teams can play: what comes with CoachBot, and their own."""
        return [loaded.scenario for loaded in self.library.offered(teams)]

    def scenario(self, id_or_path: str) -> Scenario:
        """The scenario; ``NotFound`` or ``ScenarioError``."""
        return self.library.scenario(id_or_path).scenario

    def reference(self, id_or_path: str) -> str:
        """What sessions name it by: an id (with a version if it was sent), or an absolute path."""
        return self.library.reference(id_or_path)

    def customer(self, id_or_path: str) -> Customer:
        """The scenario's customer, made the first time it is asked for."""
        from coachbot.customer.engine import Customer

        name = self.reference(id_or_path)
        with self._lock:
            if name not in self._customers:
                loaded = self.library.scenario(name)
                self._report(f"Getting {loaded.scenario.persona.name} ready")
                self._customers[name] = Customer(
                    loaded.scenario, loaded.temperament, self.library.general(), self.encoder
                )
            return self._customers[name]

    def debrief(self, session: Session) -> Debrief:
        """The debrief of a session that is over."""
        from coachbot.reporting.debrief import debrief

        loaded = self.library.scenario(session.scenario)
        return debrief(session, loaded.scenario, loaded.temperament, self.library.general())


def office(opened: Store, practice: Practice | None = None) -> Office:
    """Everything that the bot needs, with every customer ready; loads the models unless given."""
    from coachbot.coaching.assigning import Assigning
    from coachbot.coaching.people import People
    from coachbot.coaching.publishing import PlainNames, Publishing, VersionedSessions
    from coachbot.coaching.reviewing import Reviewing
    from coachbot.library.published import PublishedLibrary
    from coachbot.telegram.office import Office, Pace

    chosen = settings()
    practice = practice or Practice()
    pace = Pace(merge=chosen.reply_wait)
    if chosen.no_typing_pause:
        pace = Pace(merge=chosen.reply_wait, reading=0.0, longest=0.0)
    sent = opened.scenario_files
    folder = opened.path.with_name(f"{opened.path.name}.scenarios")
    shelf = PublishedLibrary(practice.library, folder, sent)
    shelf.rebuild()
    practice = practice.beside(shelf)
    for scenario in practice.scenarios(opened.people.teams()):
        practice.customer(scenario.id)
    sessions = VersionedSessions(opened, shelf.built_in)
    return Office(
        people=People(opened.people),
        members=opened.people,
        sessions=sessions,
        progress=opened.progress,
        needs_found=opened.reviews.needs_found,
        coach=practice.coach(sessions),
        repertoire=practice,
        post=opened.post,
        reviewing=Reviewing(opened.reviews),
        assigning=Assigning(opened.reviews, PlainNames(practice)),
        publishing=Publishing(sent, shelf.check, shelf.built_in, cleared=shelf.clear),
        records=opened.reviews,
        transaction=opened.transaction,
        pace=pace,
        retention_days=chosen.retention_days,
    )
