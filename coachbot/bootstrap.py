"""Where the parts are wired together: settings, the folders of data, and what is built of them.

Importing this module loads nothing heavy; each function imports what it needs.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from coachbot.errors import NotFound, ScenarioError, SettingsError, UsageError

if TYPE_CHECKING:
    from coachbot.coaching.bench_jobs import BenchDesk
    from coachbot.coaching.benching import Benched
    from coachbot.coaching.people import Member
    from coachbot.coaching.practice import Coach
    from coachbot.coaching.protocols import SessionRepository
    from coachbot.coaching.scripted import Kind
    from coachbot.coaching.trusting import Trusting
    from coachbot.customer.engine import Customer
    from coachbot.customer.everyday import LearnedQuestions
    from coachbot.customer.modelled import ModelActor
    from coachbot.errors import Problem
    from coachbot.library import Library
    from coachbot.models.actors import ActorSpec
    from coachbot.models.graded_sessions import Collected
    from coachbot.models.questions import Learned
    from coachbot.reporting.bench_models import BenchResult
    from coachbot.reporting.debrief import Debrief
    from coachbot.scenario.finding import KeyPath
    from coachbot.scenario.models import Scenario
    from coachbot.scoring.interface import Dimension
    from coachbot.scoring.protocol import Encoder
    from coachbot.scoring.scorer import Scorer
    from coachbot.session.models import Session
    from coachbot.settings import Settings
    from coachbot.store import Store
    from coachbot.telegram.office import Office
    from coachbot.web.address import Address
    from coachbot.web.office import Office as PageOffice
    from coachbot.web.record_store import RecordStore
    from coachbot.web.scenario_desk import FileCheck

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
    agents = None if (root / "agents").is_dir() else own / "agents"
    return Library.keeping(root, shared=shared, agents=agents)


def bench_library(opened: Store) -> Library:
    """The library, and with it what trainers sent to a database, for the bench."""
    from coachbot.library.published import PublishedLibrary

    folder = opened.path.with_name(f"{opened.path.name}.bench-scenarios")
    shelf = PublishedLibrary(library(), folder, opened.scenario_files)
    shelf.rebuild()
    return shelf


def use_all_cores() -> None:
    """Let the models work on all cores, for a command that has the machine to itself."""
    from coachbot.models import threads

    threads.use_all_cores()


def store(path: Path | None = None) -> Store:
    """The database that the settings name, or another one, made if it isn't there."""
    from coachbot.store import open_store

    return open_store(path or settings().database)


def load_actor(
    given: str | None = None, report: Callable[[str], None] = lambda _step: None
) -> ModelActor | None:
    """The language model that finds the customer's words, ready to be asked; None: there is none.

    ``given``: which one, in place of that of the settings; "authored" is none. Raises UsageError
    for one that can't be meant, ModelError for a local one that can't be loaded, PromptError for a
    template with a mistake.
    """
    chosen = settings()
    spec = _actor_spec(given, chosen)
    if spec is None:
        return None
    from coachbot.customer.modelled import ModelActor
    from coachbot.library.prompts import Prompts
    from coachbot.models.actors import load_writer
    from coachbot.models.language import EnglishOrNot

    prompts = Prompts(data_root("prompts", chosen))
    report("Loading the customer's words")
    writer = load_writer(
        spec, form=chosen.actor_form, model=chosen.actor_model, key=chosen.actor_key
    )
    return ModelActor(writer, prompts, EnglishOrNot(), timeout=chosen.actor_timeout)


def actor_in_words(given: str | None = None) -> str | None:
    """The language model of :func:`load_actor` as people are told of it, without loading it."""
    chosen = settings()
    spec = _actor_spec(given, chosen)
    return spec.in_words(chosen.actor_model) if spec is not None else None


def _actor_spec(given: str | None, chosen: Settings) -> ActorSpec | None:
    wanted = given if given is not None else chosen.actor
    if wanted is None or wanted == "authored":
        return None
    from coachbot.models.actors import ActorSpec
    from coachbot.settings import masked

    try:
        return ActorSpec.parse(wanted)
    except ValueError as error:
        raise UsageError(f"The actor can't be {masked(wanted)!r}: {error}.") from None


def _no_marks(_scorer: str) -> Collection[Dimension]:
    return ()


class Readable:
    """The scenarios and the debriefs of a library, for who reads them and loads no model.

    ``practice_only``: the dimensions of a scorer that debriefs mark.
    """

    def __init__(
        self, library: Library, practice_only: Callable[[str], Collection[Dimension]] = _no_marks
    ) -> None:
        self.library = library
        self.practice_only = practice_only

    def scenarios(self, teams: Collection[str] = ()) -> list[Scenario]:
        """All that people of these teams can play: what comes with CoachBot, and their own."""
        return [loaded.scenario for loaded in self.library.offered(teams)]

    def scenario(self, id_or_path: str) -> Scenario:
        """The scenario; ``NotFound`` or ``ScenarioError``."""
        return self.library.scenario(id_or_path).scenario

    def reference(self, id_or_path: str) -> str:
        """What sessions name it by: an id (with a version if it was sent), or an absolute path."""
        return self.library.reference(id_or_path)

    def debrief(self, session: Session) -> Debrief:
        """The debrief of a session that is over."""
        from coachbot.reporting.debrief import debrief

        loaded = self.library.scenario(session.scenario)
        return debrief(
            session,
            loaded.scenario,
            loaded.temperament,
            self.library.general(),
            practice_only=self.practice_only(session.scorer),
        )


class Practice(Readable):
    """What practising needs, loaded once: models, scenarios, the coach.

    Implements ``coachbot.coaching.protocols.Casting``. ``report`` is told what is being loaded;
    an ``encoder`` or a ``scorer`` that is given is used in place of the model of CoachBot's own.
    ``actor``: a language model for the customers' words (:func:`load_actor`). ``learned``: what was
    learned of everyday questions with the encoder that is given. ``fast``: score in bfloat16 where
    the processor can; then a score may differ by a tenth of a point with what is scored beside it.
    """

    def __init__(
        self,
        report: Callable[[str], None] = lambda _step: None,
        *,
        encoder: Encoder | None = None,
        scorer: Scorer | None = None,
        actor: ModelActor | None = None,
        learned: LearnedQuestions | None = None,
        fast: bool = True,
    ) -> None:
        super().__init__(library())
        self.actor = actor
        self._fast = fast
        self._report = report
        self.encoder, self.learned = (encoder, learned) if encoder else self._load_encoder()
        self.scorer = scorer or self._load_scorer()
        self._customers: dict[str, Customer] = {}
        self._lock = threading.Lock()
        self.prepared_at_once = True
        """Whether :meth:`customer` waits until a customer can read replies; the bot doesn't."""

    def _load_encoder(self) -> tuple[Encoder, LearnedQuestions | None]:
        from coachbot.models import questions
        from coachbot.models.encoder import MiniLM
        from coachbot.models.memory import RememberingEncoder

        self._report("Loading the language model")
        original = MiniLM.load()
        return RememberingEncoder(original), questions.load(data_root("models"), original)

    def _load_scorer(self) -> Scorer:
        from coachbot.models import load_scorer

        self._report("Loading the scorer")
        return load_scorer(data_root("models"), fast=self._fast)

    def beside(self, library: Library) -> Practice:
        """The same models and customers with another library, which this one knows nothing of."""
        other = Practice(
            encoder=self.encoder,
            scorer=self.scorer,
            report=self._report,
            actor=self.actor,
            learned=self.learned,
        )
        other.library = library
        other.practice_only = self.practice_only
        other._customers.update(self._customers)
        return other

    def coach(self, sessions: SessionRepository) -> Coach:
        """A coach that keeps its sessions in ``sessions``."""
        from coachbot.coaching.practice import Coach

        return Coach(scorer=self.scorer, casting=self, sessions=sessions)

    def bench(
        self,
        id_or_path: str,
        *,
        seeds: int | None = None,
        kinds: Sequence[Kind] | None = None,
        progress: Callable[[int, int], None] = lambda _over, _of: None,
        at_once: int | None = None,
    ) -> Benched:
        """Play a scenario with scripted agents and this practice's own customer.

        Takes about a minute for each seed. ``progress`` is told how many sessions are over, and of
        how many, after each ``at_once`` replies; an exception from there ends it. Raises
        ``NotFound``, ``ScenarioError``, ``UsageError``.
        """
        from coachbot.coaching import benching
        from coachbot.coaching.scripted import KINDS

        loaded = self.library.scenario(id_or_path)
        words = benching.Words(
            self.library.general_agents(loaded.file.parent), self.library.agents(loaded)
        )
        return benching.bench(
            self.reference(id_or_path),
            self.bench_coach(),
            words,
            seeds=benching.SEEDS if seeds is None else seeds,
            kinds=KINDS if kinds is None else kinds,
            progress=progress,
            at_once=benching.AT_ONCE if at_once is None else at_once,
            line_of=self.library.lines(loaded),
        )

    def bench_coach(self) -> Coach:
        """A coach for the bench: keeps nothing, and leaves out what no figure needs."""
        from coachbot.coaching.benching import WithoutEvidence
        from coachbot.coaching.practice import Coach, NoRepository

        return Coach(scorer=WithoutEvidence(self.scorer), casting=self, sessions=NoRepository())

    def customer(self, id_or_path: str) -> Customer:
        """The scenario's customer, made the first time it is asked for."""
        from coachbot.customer.engine import Customer

        name = self.reference(id_or_path)
        with self._lock:
            found = self._customers.get(name)
        if found is None:
            # Reading the file is left outside, so that nobody waits for another's.
            loaded = self.library.scenario(name)
            if self.prepared_at_once:
                self._report(f"Getting {loaded.scenario.persona.name} ready")
            made = Customer(
                loaded.scenario,
                loaded.temperament,
                self.library.general(),
                self.encoder,
                actor=self.actor,
                learned=self.learned,
            )
            with self._lock:
                found = self._customers.setdefault(name, made)
        if self.prepared_at_once:
            found.prepare()
        return found

    @property
    def words_by(self) -> str | None:
        """The language model that finds the customers' words; None: they are all authored."""
        return self.actor.name if self.actor is not None else None


def trusting(opened: Store) -> Trusting:
    """Which scores are trusted, by the grades in the database and the threshold that is set."""
    from coachbot.coaching.trusting import Trusting

    return Trusting(opened.trust, settings().trust_kappa)


DEMO_SCENARIOS = ("late-parcel", "cancelling", "charged-twice", "technician")
"""What the made-up team plays, of those that agents have words for; each takes seconds to load."""

DEMO_EXPLAINED = 4
"""Sessions whose scores come with the words that earned them, which takes longer than scoring."""


def demo_database() -> Path:
    """Where demo data goes unless told: beside the database that the settings name."""
    real = settings().database
    return real.with_name(f"{real.stem}-demo{real.suffix or '.db'}")


def fill_demo(
    path: Path,
    *,
    people: int,
    weeks: int,
    seed: int,
    report: Callable[[str], None] = lambda _step: None,
    progress: Callable[[int, int], None] = lambda _over, _of: None,
) -> int:
    """Fill a new database with a made-up team, and return how many sessions it has.

    Raises ``UsageError`` where the database has people, and then changes nothing in it.
    """
    from datetime import UTC, datetime, time

    from coachbot.coaching.benching import Words
    from coachbot.coaching.demo.filling import Clock, Place, fill
    from coachbot.coaching.demo.plan import looked_at_first, team
    from coachbot.coaching.demo.playing import play
    from coachbot.store import open_store

    today = datetime.now(UTC).date()
    clock = Clock(datetime.combine(today, time(), UTC))
    with open_store(path, now=clock) as opened:
        # Playing takes a minute or two; better now than afterwards.
        opened.demo.refuse_people()
        # The same seed makes the same team, whatever is scored side by side.
        practice = Practice(report, fast=False)
        loaded = {one.scenario.id: one for one in practice.library.readable()[0]}
        words: dict[str, Words] = {}
        for name in [*DEMO_SCENARIOS, *loaded]:
            if name in loaded and name not in words and len(words) < len(DEMO_SCENARIOS):
                agents = practice.library.agents(loaded[name])
                general = practice.library.general_agents(loaded[name].file.parent)
                if agents is not None:
                    words[name] = Words(general, agents)
        if not words:
            raise UsageError(
                "No scenario here has words for scripted agents, so nobody can play. Leave "
                "COACHBOT_SCENARIOS empty for those that come with CoachBot."
            )
        hires = team(tuple(words), people=people, weeks=weeks, seed=seed, today=today)
        sittings = [sitting for hire in hires for sitting in hire.sittings]
        played = play(
            sittings,
            practice.coach(opened),
            practice.scorer,
            words,
            seed=seed,
            explained=looked_at_first(hires, DEMO_EXPLAINED),
            progress=progress,
        )
        place = Place(
            clock=clock,
            mark=opened.demo,
            people=opened.people,
            save=opened.save,
            reviews=opened.reviews,
            assignments=opened.reviews,
            transaction=opened.transaction,
            graded=trusting(opened).grade_given,
        )
        fill(place, hires, played, seed=seed)
    return len(played)


def _refuse_demo(opened: Store) -> None:
    """Raise ``UsageError`` where nobody in the database is real."""
    if opened.demo.made() is not None:
        raise UsageError(
            f"{opened.path} has demo data, whose people are made up. The bot is for real ones: set "
            "COACHBOT_DATABASE to another file. To look at the demo: "
            f"coachbot web --database '{opened.path}'"
        )


MOST_GRADES_EXPORTED = 1_000_000
"""Grades, the newest, that become examples: as good as all."""


def graded_examples(
    opened: Store,
    sessions: SessionRepository,
    scenarios: Library,
    teams: Collection[str] | None = None,
) -> Collected:
    """People's grades as examples that a scorer can learn from; ``teams`` None: of everybody."""
    from coachbot.models.graded_sessions import collect

    people = opened.people
    return collect(
        opened.trust.graded(teams, most=MOST_GRADES_EXPORTED),
        sessions,
        lambda session: as_played(scenarios, session),
        {m.person: m.name for team in people.teams() for m in people.members(team)},
    )


def as_played(scenarios: Library, session: Session) -> Scenario | None:
    """The scenario of a session in the version that was played; None where that is gone."""
    try:
        found = scenarios.scenario(session.scenario).scenario
    except (NotFound, ScenarioError):
        return None
    return found if found.version == session.scenario_version else None


def office(opened: Store, practice: Practice | None = None, page: Address | None = None) -> Office:
    """Everything that the bot needs; loads the models unless given, and prepares no customer."""
    from coachbot.coaching.assigning import Assigning
    from coachbot.coaching.blind import BlindGrading
    from coachbot.coaching.people import People
    from coachbot.coaching.publishing import PlainNames, Publishing, VersionedSessions
    from coachbot.coaching.reviewing import Reviewing
    from coachbot.library.published import PublishedLibrary
    from coachbot.telegram.office import Office, Pace

    _refuse_demo(opened)
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
    practice.prepared_at_once = False
    trust = trusting(opened)
    practice.practice_only = trust.practice_only
    # Reading the files takes a second or two; better now than for whoever comes first.
    practice.scenarios(opened.people.teams())
    sessions = VersionedSessions(opened, shelf.built_in)
    reviewing = Reviewing(opened.reviews, graded=trust.grade_given)
    return Office(
        people=People(opened.people),
        members=opened.people,
        sessions=sessions,
        progress=opened.progress,
        needs_found=opened.reviews.needs_found,
        coach=practice.coach(sessions),
        repertoire=practice,
        post=opened.post,
        reviewing=reviewing,
        assigning=Assigning(opened.reviews, PlainNames(practice)),
        publishing=Publishing(sent, shelf.check, shelf.built_in, cleared=shelf.clear),
        benching=_bench_desk(opened, practice),
        records=opened.reviews,
        transaction=opened.transaction,
        pace=pace,
        unprepared=lambda: [one.id for one in practice.scenarios(opened.people.teams())],
        prepare=lambda name: practice.customer(name).prepare(),
        practice_only=trust.practice_only,
        scores_shown=BlindGrading(opened.reading, reviewing, opened.transaction).look,
        retention_days=chosen.retention_days,
        page_link=_page_link(opened, chosen, page),
        page_for_all=_for_all(chosen, page),
        template=lambda: scenario_template(practice.library),
        reply_grades=opened.exports.grades,
    )


SENT_SEEDS = 3
"""Sessions of each kind in a bench that a trainer asks the bot for. A file that was sent has one
voice, its own, so these are as many sessions as one seed makes of a scenario with three."""

SENT_AT_ONCE = 4
"""Replies of such a bench that are scored in one call: a hire who writes meanwhile waits for no
more than these, which is about a second."""


def _bench_desk(opened: Store, practice: Practice) -> BenchDesk:
    """Benches for trainers, with authored customers, as all figures that are kept."""
    from coachbot.coaching.bench_jobs import BenchDesk

    authored = practice
    if practice.actor is not None:
        authored = Practice(
            encoder=practice.encoder, scorer=practice.scorer, learned=practice.learned
        )
        authored.library = practice.library
        authored.prepared_at_once = False

    def play(name: str, progress: Callable[[int, int], None]) -> BenchResult:
        return authored.bench(
            name, seeds=SENT_SEEDS, progress=progress, at_once=SENT_AT_ONCE
        ).result

    return BenchDesk(jobs=opened.bench_jobs, kept=opened.benches, play=play)


class InspectedFiles(Readable):
    """The same for the page, with what is wrong with the files."""

    def __init__(
        self, library: Library, practice_only: Callable[[str], Collection[Dimension]]
    ) -> None:
        super().__init__(library, practice_only)
        self._checks: dict[Path, tuple[tuple[int, int], FileCheck]] = {}

    def check(self, id_or_path: str) -> FileCheck:
        """What is wrong with a scenario's file; read again once the file has changed."""
        from coachbot.library.inspection import inspect
        from coachbot.web.scenario_desk import FileCheck

        file = self.library.file(id_or_path)
        found = file.stat()
        state = (found.st_mtime_ns, found.st_size)
        known = self._checks.get(file)
        if known is None or known[0] != state:
            looked_at = inspect(self.library, [file])
            check = FileCheck(file.name, looked_at.mistakes, looked_at.warnings)
            known = self._checks[file] = (state, check)
        return known[1]

    def line_of(self, id_or_path: str) -> Callable[[KeyPath], int | None]:
        """Where in a scenario's file a part of it stands; ``NotFound`` or ``ScenarioError``."""
        return self.library.lines(self.library.scenario(id_or_path))

    def broken(self) -> list[Problem]:
        """The mistakes of files that nobody can play for them."""
        return self.library.readable()[1]


def page_office(opened: Store, address: Address, scenarios: Library | None = None) -> PageOffice:
    """Everything that the supervisors' page needs; loads no model.

    ``scenarios``: those that come with CoachBot, if they have been read already.
    """
    from coachbot.coaching.assigning import Assigning
    from coachbot.coaching.blind import BlindGrading
    from coachbot.coaching.publishing import PlainNames, VersionedSessions
    from coachbot.coaching.reviewing import Reviewing
    from coachbot.coaching.signing_in import SigningIn
    from coachbot.library.published import PublishedLibrary
    from coachbot.telegram.notices import Notices
    from coachbot.web.office import Office
    from coachbot.web.scenario_desk import ScenarioDesk

    # Another folder than the bot's, which may run beside it and makes its own anew.
    folder = opened.path.with_name(f"{opened.path.name}.page-scenarios")
    shelf = PublishedLibrary(scenarios or library(), folder, opened.scenario_files)
    shelf.rebuild()
    trust = trusting(opened)
    readable = InspectedFiles(shelf, trust.practice_only)
    # Reading them takes a second or two; better now than for whoever comes first.
    readable.scenarios(opened.people.teams())
    reviewing = Reviewing(opened.reviews, graded=trust.grade_given)
    sessions = VersionedSessions(opened, shelf.built_in)
    return Office(
        address=address,
        signing_in=SigningIn(opened.sign_ins, opened.people),
        members=opened.people,
        overviews=opened.overviews,
        records=opened.reviews,
        sessions=sessions,
        repertoire=readable,
        reviewing=reviewing,
        blind=BlindGrading(opened.reading, reviewing, opened.transaction),
        notices=Notices(
            post=opened.post,
            members=opened.people,
            records=opened.reviews,
            repertoire=readable,
            reviewing=reviewing,
            practice_only=trust.practice_only,
        ),
        attempts=opened.reading.attempts,
        assigning=Assigning(opened.reviews, PlainNames(readable)),
        trusting=trust,
        kept_preview=opened.previews.kept,
        graded_examples=lambda teams: graded_examples(opened, sessions, shelf, teams).lines(),
        transaction=opened.transaction,
        scenarios=ScenarioDesk(
            overviews=opened.scenario_figures,
            benches=opened.benches,
            files=opened.scenario_files,
            check=readable.check,
            line_of=readable.line_of,
            broken=readable.broken,
        ),
        exports=opened.exports,
        tells_record_store=settings().lrs_url is not None,
        demo=opened.demo.made() is not None,
    )


def page_address(chosen: Settings, host: str | None = None, port: int | None = None) -> Address:
    """Where the page is: as the settings say, or on another ``host`` and ``port``.

    Raises ``SettingsError`` where others can reach it and nobody said by which address.
    """
    from coachbot.settings import on_this_machine
    from coachbot.web.address import Address, local_address

    host = chosen.web_host if host is None else host
    port = chosen.web_port if port is None else port
    if chosen.web_url is not None:
        return Address(chosen.web_url, port)
    if not on_this_machine(host):
        raise SettingsError(
            f"On {host} other machines can reach the page, and signing in needs https. Put a "
            "reverse proxy with a certificate before it, and its address into COACHBOT_WEB_URL, "
            "like https://coach.example.org."
        )
    return local_address(host, port)


def record_store(opened: Store, scenarios: Library | None = None) -> RecordStore | None:
    """The learning record store of the settings; None where none is set, and for demo data.

    ``scenarios``: those that come with CoachBot, if they have been read already.
    """
    from coachbot.coaching.signing_in import SigningIn
    from coachbot.library.published import PublishedLibrary
    from coachbot.reporting.statements import statements
    from coachbot.web.address import local_address
    from coachbot.web.record_store import Access, RecordStore

    chosen = settings()
    key, secret = chosen.lrs_key, chosen.lrs_secret
    if chosen.lrs_url is None or key is None or secret is None or opened.demo.made() is not None:
        return None
    signing_in = SigningIn(opened.sign_ins, opened.people)
    # The settings' own, so that people stay the same whichever port the page has today.
    home = chosen.web_url or local_address("localhost", chosen.web_port).url
    folder = opened.path.with_name(f"{opened.path.name}.page-scenarios")
    shelf = PublishedLibrary(scenarios or library(), folder, opened.scenario_files)

    @functools.cache
    def title(scenario: str) -> str:
        try:
            return shelf.scenario(scenario).scenario.title
        except (NotFound, ScenarioError):
            return scenario.replace("\\", "/").rsplit("/", 1)[-1]

    return RecordStore(
        Access(chosen.lrs_url, key, secret),
        opened.statements,
        lambda ended: statements(
            ended,
            home=home,
            alias=lambda name: signing_in.seal("record store", name),
            title=title,
        ),
    )


def _for_all(chosen: Settings, page: Address | None) -> bool:
    """Whether the page has an address that other machines can open."""
    from coachbot.telegram.rendering.page import opens_here_only

    url = page.url if page is not None else chosen.web_url
    return url is not None and not opens_here_only(url)


def learn_questions(examples: Path | None, models: Path | None) -> Learned:
    """Learn which everyday question is which, and write what was learned beside the models.

    ``examples``: the folder of examples, ``models``: that of the trained files; None: CoachBot's
    own. Raises ``UsageError``, ``ScenarioError``, ``ModelError``.
    """
    from coachbot.models import MiniLM, questions, threads

    threads.use_all_cores()
    folder = models or data_root("models")
    asks = {one.id: one.ask for one in library().general().everyday if one.ask}
    more = questions.read_wordings(examples or folder / "examples")
    learned = questions.learn(asks, more, MiniLM.load())
    questions.write(learned.questions, folder)
    return learned


def scenario_template(shelf: Library) -> bytes:
    """A scenario file for a trainer to fill in, complete with examples."""
    from coachbot.library.starter import EXAMPLES, Answers, starter
    from coachbot.scenario.references import GENERAL

    kinds = sorted(set(shelf.temperament_files(shelf.root)) - {GENERAL})
    answers = Answers(
        id="my-scenario",
        kind="external",
        phase="after",
        difficulty="medium",
        temperament="angry" if "angry" in kinds else kinds[0],
        **EXAMPLES,
    )
    return starter(answers, kinds).encode()


def _page_link(
    opened: Store, chosen: Settings, page: Address | None
) -> Callable[[Member], str] | None:
    """Makes links for the bot to send; None where nobody could open them.

    ``page``: where it is; None: where the settings say.
    """
    from coachbot.coaching.signing_in import SigningIn

    try:
        address = page or page_address(chosen)
    except SettingsError:
        return None
    if page is None and chosen.web_url is None and not chosen.web_port:
        return None
    signing_in = SigningIn(opened.sign_ins, opened.people)
    return lambda member: address.link(signing_in.token(member))
