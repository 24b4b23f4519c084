"""An office on a real database, without models; its people; what they send and what they get.

    with office(tmp_path) as opened:
        sol = member(opened, 1, "Sol", "supervisor")
        command(opened, sol, "/team")
        (message,) = outbox_of(opened, sol)

Sessions are written by hand: nobody scores a reply here, and no customer answers one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coachbot.bootstrap import scenario_template
from coachbot.coaching.assigning import Assigning
from coachbot.coaching.bench_jobs import BenchDesk
from coachbot.coaching.people import Member, People, Role, person_of
from coachbot.coaching.post import Arrived
from coachbot.coaching.practice import Coach
from coachbot.coaching.publishing import PlainNames, Publishing, VersionedSessions
from coachbot.coaching.reviewing import Reviewing
from coachbot.customer.engine import Customer
from coachbot.errors import CoachbotError
from coachbot.library import Library
from coachbot.library.published import PublishedLibrary
from coachbot.reporting.bench_models import BenchResult
from coachbot.reporting.debrief import Debrief, debrief
from coachbot.scenario.models import Outcome, Scenario
from coachbot.scoring.interface import ReplyScore, ReplyToScore
from coachbot.session import machine
from coachbot.session.models import SelfRating, Session
from coachbot.session.result import passed
from coachbot.store import Store, open_store
from coachbot.telegram import rendering
from coachbot.telegram.messages import Outgoing
from coachbot.telegram.office import Office, Pace
from coachbot.telegram.routing import receive
from coachbot.telegram.visit import AlreadyDone, Kind, Request, Visit
from tests.session.made import begun, evidence, gone_on, scored
from tests.telegram.api.formatting import parse_html

START = "2026-03-05T10:00:00+00:00"
BOT = "coach_test_bot"
SCENARIOS = Library.keeping(Path(__file__).parents[2] / "scenarios")

_numbers = itertools.count(1)


@dataclass
class Clock:
    """The time in an office; goes on only when it is told to."""

    at: datetime = field(default_factory=lambda: datetime.fromisoformat(START))

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.at.timestamp()

    def iso(self) -> str:
        """UTC, ISO 8601."""
        return self.at.astimezone(UTC).isoformat(timespec="seconds")

    def go_on(self, **time: float) -> None:
        """Let time pass: ``days=3`` and the like."""
        self.at += timedelta(**time)


@dataclass(frozen=True)
class FilesOnly:
    """The scenarios of the project, read from their files: a repertoire and a casting."""

    library: PublishedLibrary

    def scenarios(self, teams: Collection[str] = ()) -> Sequence[Scenario]:
        """Those that people of these teams can play."""
        return [loaded.scenario for loaded in self.library.offered(teams)]

    def scenario(self, id_or_path: str) -> Scenario:
        """One of them; ``NotFound``."""
        return self.library.scenario(id_or_path).scenario

    def reference(self, id_or_path: str) -> str:
        """What sessions name it by; ``NotFound``."""
        return self.library.reference(id_or_path)

    def debrief(self, session: Session) -> Debrief:
        """The debrief of a session that is over."""
        loaded = self.library.scenario(session.scenario)
        return debrief(session, loaded.scenario, loaded.temperament, self.library.general())

    @property
    def words_by(self) -> str | None:
        """Nobody finds words here."""
        return None

    def customer(self, id_or_path: str) -> Customer:
        """No customer plays here."""
        raise NotImplementedError(f"{id_or_path}: customers need a language model")


class NoScorer:
    """Stands where the scorer is, and scores nothing."""

    name = "by hand"

    def score(self, items: list[ReplyToScore], *, signals_only: bool = False) -> list[ReplyScore]:
        """Nobody is scored here."""
        raise NotImplementedError("scores need a model")


@contextmanager
def office(tmp_path: Path, *, clock: Clock | None = None) -> Iterator[Office]:
    """An office on a new database in ``tmp_path``, closed at the end."""
    with open_store(tmp_path / "coachbot.db") as store:
        yield _office(store, clock or Clock(), tmp_path / "scenarios")


def _office(store: Store, clock: Clock, folder: Path) -> Office:
    sent = store.scenario_files
    shelf = PublishedLibrary(SCENARIOS, folder, sent)
    files = FilesOnly(shelf)
    sessions = VersionedSessions(store, shelf.built_in)
    return Office(
        people=People(store.people, now=clock.iso),
        members=store.people,
        sessions=sessions,
        progress=store.progress,
        needs_found=store.reviews.needs_found,
        coach=Coach(scorer=NoScorer(), casting=files, sessions=sessions, now=clock.iso),
        repertoire=files,
        post=store.post,
        reviewing=Reviewing(store.reviews, now=clock.iso),
        assigning=Assigning(store.reviews, PlainNames(files), now=clock.iso),
        publishing=Publishing(sent, shelf.check, shelf.built_in, cleared=shelf.clear),
        benching=BenchDesk(store.bench_jobs, store.benches, _nobody_plays, now=clock.iso),
        records=store.reviews,
        transaction=store.transaction,
        pace=Pace(merge=0.0, reading=0.0, longest=0.0),
        bot_name=BOT,
        clock=clock,
        template=lambda: scenario_template(shelf),
        reply_grades=store.exports.grades,
    )


def _nobody_plays(scenario: str, _progress: Callable[[int, int], None]) -> BenchResult:
    raise NotImplementedError(f"{scenario}: agents need models")


def member(
    office: Office, telegram: int, name: str, *roles: Role, team: str = "Returns desk"
) -> Member:
    """Somebody with roles in a team; trainee unless told. Call it again for another team."""
    person = person_of(telegram)
    new = Member(person=person, telegram=telegram, name=name, joined=START)
    office.members.join(new, team, roles or ("trainee",), START)
    found = office.members.member(person)
    assert found is not None
    return found


def again(office: Office, who: Member) -> Member:
    """The same person as they are now."""
    found = office.members.member(who.person)
    assert found is not None
    return found


# --- What people send -----------------------------------------------------------------------------


def press(office: Office, who: Member | int, data: str, *, message: int = 500) -> Request:
    """Somebody presses a button that sends ``data``, under a message with that number."""
    return _arrive(office, _request("press", who, data=data, press="1", message=message))


def say(office: Office, who: Member | int, text: str, *, message: int | None = None) -> Request:
    """Somebody writes a message that is no command."""
    return _arrive(office, _request("text", who, text=text, message=message or next(_numbers)))


def edit(office: Office, who: Member | int, text: str, *, message: int) -> Request:
    """Somebody changes a message that they have written."""
    return _arrive(office, _request("edit", who, text=text, message=message))


def command(office: Office, who: Member | int, text: str) -> Request:
    """Somebody sends a command, such as ``/start abc``."""
    word, _, argument = text.removeprefix("/").partition(" ")
    return _arrive(office, _request("command", who, command=word, argument=argument))


def _request(
    kind: Kind,
    who: Member | int,
    *,
    data: str = "",
    press: str = "",
    message: int | None = None,
    text: str = "",
    command: str = "",
    argument: str = "",
) -> Request:
    number = who if isinstance(who, int) else who.telegram
    return Request(
        update_id=next(_numbers),
        kind=kind,
        chat=number,
        user=number,
        name="Somebody" if isinstance(who, int) else who.name,
        text=text,
        command=command,
        argument=argument,
        data=data,
        press=press,
        message=message,
    )


def _arrive(office: Office, request: Request) -> Request:
    """Put a request into the inbox and deal with it, as ``Counter`` does."""
    arrived = Arrived(request.update_id, request.chat, "{}")
    office.post.receive([arrived], office.clock())
    serve(office, request)
    return request


def serve(office: Office, request: Request) -> None:
    """Deal with a request that is in the inbox; once more changes nothing."""
    visit = Visit(office, request, office.members.by_telegram(request.user or 0))
    try:
        receive(visit)
        if not visit.committed:
            with visit.commit():
                pass
    except AlreadyDone:
        return
    except CoachbotError as error:
        Visit(office, request, None).answer(rendering.html(error.message))


# --- What people get ------------------------------------------------------------------------------


class Arrival(Outgoing):
    """A message as it comes out of the outbox, with its file."""

    file: bytes | None = None

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons, row by row."""
        return [button.label for row in self.buttons for button in row]

    @property
    def presses(self) -> list[str]:
        """What the buttons send back, row by row."""
        return [button.data for row in self.buttons for button in row if button.data]

    def button(self, label: str) -> str:
        """What the button sends whose label begins so; there must be one such."""
        found = [b.data for row in self.buttons for b in row if b.label.startswith(label)]
        assert len(found) == 1, f"{label!r} is not one of {self.labels}"
        return found[0]


def outbox_of(office: Office, who: Member | int) -> list[Arrival]:
    """What has come for somebody since one last looked, oldest first."""
    chat = who if isinstance(who, int) else who.telegram
    found: list[Arrival] = []
    while True:
        waiting = [w for w in office.post.first_of_chats(()) if w.chat == chat]
        if not waiting:
            return found
        (one,) = waiting
        office.post.sent(one.id)
        arrival = Arrival.model_validate({**one.content, "chat": chat, "file": one.file})
        # As Telegram would; what it can't read fails here.
        parse_html(arrival.text)
        found.append(arrival)


# --- Sessions -------------------------------------------------------------------------------------


def finished(
    office: Office,
    who: Member,
    *,
    values: tuple[float, float, float] = (62, 45, 55),
    replies: Sequence[str] = ("I'm sorry the train is late.", "It will be there by Friday."),
    scenario: str = "late-parcel",
    started: str = "2026-03-02T09:00:00+00:00",
    outcome: Outcome = "left",
    rating: SelfRating | None = None,
    hints: tuple[int, ...] = (),
) -> Session:
    """A session at its debrief, saved; each reply scored alike, the first with evidence."""
    read = office.repertoire.scenario(scenario)
    session = begun(
        read, id=f"{next(_numbers):032x}", person=who.person, started=started, hints=hints
    )
    first = evidence("empathy", replies[0][:20], 18.0, "names what the customer lost")
    for number, reply in enumerate(replies, 1):
        worth = scored(values, *([first] if number == 1 else []))
        over = outcome if number == len(replies) and outcome != "ended" else None
        session = gone_on(session, reply, worth=worth, outcome=over)
    session = machine.rate(machine.end(session), rating)
    session = session.model_copy(update={"passed": passed(session, read)})
    office.sessions.save(session)
    return session
