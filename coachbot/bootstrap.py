"""Where the parts are wired together: settings, the folders of data, and what is built of them.

Importing this module loads nothing heavy; each function imports what it needs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
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


def data_root(kind: DataKind) -> Path:
    """Find the folder of scenarios, prompts or models.

    The first of: the folder that the environment names (``COACHBOT_SCENARIOS`` and so on), the
    one inside an installed package, the one beside the package in a checkout. Raises
    ``SettingsError`` where the environment names no folder, ``NotFound`` where there is none.
    """
    chosen: Path | None = getattr(settings(), kind)
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


def library() -> Library:
    """The library of scenarios; its temperaments, or those of CoachBot where it has none."""
    from coachbot.library import Library

    root = data_root("scenarios")
    own = next((p for p in _places("scenarios") if p.is_dir()), root)
    shared = None if (root / "temperaments").is_dir() else own / "temperaments"
    return Library.keeping(root, shared=shared)


def store() -> Store:
    """The database that the settings name, made if it isn't there."""
    from coachbot.store import open_store

    return open_store(settings().database)


class Practice:
    """What practising needs, loaded once: models, scenarios, the coach.

    Implements ``coachbot.coaching.protocols.Casting``. ``report`` is told what is being loaded.
    """

    def __init__(self, report: Callable[[str], None] = lambda _step: None) -> None:
        from coachbot.models import load_scorer
        from coachbot.models.encoder import MiniLM
        from coachbot.models.memory import RememberingEncoder

        self.library = library()
        self._report = report
        report("Loading the language model")
        self.encoder = RememberingEncoder(MiniLM.load())
        report("Loading the scorer")
        self.scorer = load_scorer(data_root("models"))
        self._customers: dict[str, Customer] = {}
        self._lock = threading.Lock()

    def coach(self, sessions: SessionRepository) -> Coach:
        """A coach that keeps its sessions in ``sessions``."""
        from coachbot.coaching.practice import Coach

        return Coach(scorer=self.scorer, casting=self, sessions=sessions)

    def scenarios(self) -> list[Scenario]:
        """All scenarios that can be read, by id."""
        return [loaded.scenario for loaded in self.library.readable()[0]]

    def scenario(self, id_or_path: str) -> Scenario:
        """The scenario; ``NotFound`` or ``ScenarioError``."""
        return self.library.scenario(id_or_path).scenario

    def reference(self, id_or_path: str) -> str:
        """The id of a scenario of the library, else the absolute path of its file."""
        loaded = self.library.scenario(id_or_path)
        inside = self.library.root.resolve() in loaded.file.resolve().parents
        return loaded.scenario.id if inside else str(loaded.file.resolve())

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


def office(opened: Store) -> Office:
    """Everything that the bot needs, with the models loaded and every customer ready."""
    from coachbot.coaching.assigning import Assigning
    from coachbot.coaching.people import People
    from coachbot.coaching.reviewing import Reviewing
    from coachbot.telegram.office import Office, Pace

    chosen = settings()
    practice = Practice()
    pace = Pace(merge=chosen.reply_wait)
    if chosen.no_typing_pause:
        pace = Pace(merge=chosen.reply_wait, reading=0.0, longest=0.0)
    for scenario in practice.scenarios():
        practice.customer(scenario.id)
    return Office(
        people=People(opened.people),
        members=opened.people,
        sessions=opened,
        progress=opened.progress,
        needs_found=opened.reviews.needs_found,
        coach=practice.coach(opened),
        repertoire=practice,
        post=opened.post,
        reviewing=Reviewing(opened.reviews),
        assigning=Assigning(opened.reviews, practice),
        transaction=opened.transaction,
        pace=pace,
        retention_days=chosen.retention_days,
    )
