"""A database as a few months of practice leave it, and the real page on it.

Northgate has a supervisor (Mara), a trainer (Tom) and 24 hires; Harbour has a supervisor (Ivo) and
two hires, whom nobody of Northgate may see. One hire's name is a script, one's is very long.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coachbot.bootstrap import page_office
from coachbot.coaching.assigning import Assignment
from coachbot.coaching.people import Member, Role, person_of
from coachbot.coaching.reviewing import Dispute, Focus
from coachbot.coaching.signing_in import SigningIn
from coachbot.library import Library
from coachbot.scenario.models import Outcome
from coachbot.scoring.interface import DIMENSIONS, DimensionScore, DimensionScores, ReplyScore
from coachbot.session import machine
from coachbot.session.models import Session
from coachbot.store import Store
from coachbot.web.address import local_address
from coachbot.web.app import create_app
from coachbot.web.office import Office, Rates
from coachbot.web.server import bound, serving
from tests.session.made import begun, gone_on, scored

TEAM, OTHER_TEAM = "Northgate", "Harbour"
MARA, TOM, IVO = 1, 2, 3
NILS = 4
"""A second supervisor of Northgate, where a test has one."""
SCRIPT = "<script>alert(1)</script>"
LONG = "Wilhelmina Featherstonehaugh-Cholmondeley of the Returns Desk"
NAMES = (
    "Ada Quill", "Ben Okafor", "Chiara Russo", "Dae-jung Kim", "Elif Demir", "Farid Aziz",
    "Greta Lindqvist", "Hana Novak", "Idris Bello", "Joanna Kowal", "Kwame Mensah", "Lucía Ortega",
    "Mateus Prado", "Nadia Haddad", "Oskar Weiss", "Priya Nair", "Quentin Marsh", "Rosa Iyer",
    "Samuel Adeyemi", "Tilda Berg", "Uma Patel", "Viktor Sorokin", LONG, SCRIPT,
)  # fmt: skip
FIRST = 101
"""Telegram number of the first hire; Ada's."""
ELSEWHERE = 201
"""That of the first hire of Harbour."""
SCENARIOS = Library.keeping(Path(__file__).parents[2] / "scenarios")
PLAYED = ("late-parcel", "bereaved", "cancelling", "charged-twice", "technician", "no-smartphone")
SCORER = "coachbot-minilm 0.2"
OLDER = "coachbot-minilm 0.1"


@dataclass
class Clock:
    """The time of the page; goes on by itself, and further when it is told to."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        """Now, UTC."""
        return datetime.now(UTC) + self.ahead

    def iso(self) -> str:
        """Now, UTC, ISO 8601."""
        return self().isoformat(timespec="seconds")

    def days_ago(self, days: float) -> str:
        """A moment before, UTC, ISO 8601."""
        return (self() - timedelta(days=days)).isoformat(timespec="seconds")


def member(store: Store, number: int, name: str, *roles: Role, team: str = TEAM) -> Member:
    """Somebody with roles in a team; trainee unless told. Call it again for another team."""
    new = Member(
        person=person_of(number), telegram=number, name=name, joined="2026-01-01T09:00:00+00:00"
    )
    store.people.join(new, team, roles or ("trainee",), new.joined)
    found = store.people.member(new.person)
    assert found is not None
    return found


def a_score(values: tuple[float, float, float], reach: float = 9.0) -> ReplyScore:
    """A reply's score, each with a range of ``reach`` points to both sides."""
    dimensions = {
        dimension: DimensionScore(
            status="scored", score=value, low=max(0, value - reach), high=min(100, value + reach)
        )
        for dimension, value in zip(DIMENSIONS, values, strict=True)
    }
    worth = scored(values)
    return worth.model_copy(update={"dimensions": DimensionScores(**dimensions)})


def finished(
    store: Store,
    person: str,
    session_id: str,
    started: str,
    values: tuple[float, float, float],
    *,
    scenario: str = "late-parcel",
    scorer: str = SCORER,
    outcome: Outcome = "left",
    passed: bool = False,
    turns: int = 2,
) -> Session:
    """A session at its debrief, saved; each reply scored alike."""
    read = SCENARIOS.scenario(scenario).scenario
    session = begun(read, id=session_id, person=person, started=started, scorer=scorer)
    for number in range(1, turns + 1):
        over = outcome if number == turns else None
        session = gone_on(session, f"Reply {number}.", worth=a_score(values), outcome=over)
    session = machine.rate(session, None).model_copy(update={"passed": passed})
    store.save(session)
    return session


def fill(store: Store, clock: Clock, hires: int = len(NAMES)) -> None:
    """Put everybody and everything into an empty database; or only the first few hires."""
    member(store, MARA, "Mara Lind", "supervisor", "trainer")
    member(store, TOM, "Tom Aldous", "trainer")
    member(store, IVO, "Ivo Tanner", "supervisor", team=OTHER_TEAM)
    for position, name in enumerate(NAMES[:hires]):
        hire = member(store, FIRST + position, name)
        _months(store, clock, hire, position)
    for position, name in enumerate(("Zeno Elsewhere", "Yara Elsewhere")):
        hire = member(store, ELSEWHERE + position, name, team=OTHER_TEAM)
        finished(store, hire.person, f"elsewhere-{position}", clock.days_ago(2), (50, 50, 50))
    _reviews(store, clock, hires)


def _months(store: Store, clock: Clock, hire: Member, position: int) -> None:
    """Ada has improved clearly, Ben is where he was, the last two have not practised much."""
    draw = random.Random(position)
    sessions = {0: 9, 1: 8, 21: 0, 22: 1}.get(position, draw.randint(1, 5))
    for number in range(sessions):
        lift = 5.5 * number if position == 0 else draw.uniform(-4, 4)
        level = 28.0 if position == 0 else 24 + 6 * (position % 7)
        values = tuple(min(96.0, max(4.0, level + lift + draw.uniform(-5, 5))) for _ in DIMENSIONS)
        passed = min(values) > 50
        finished(
            store,
            hire.person,
            f"s-{position}-{number}",
            clock.days_ago(60 - 6.4 * number - position / 10),
            (values[0], values[1], values[2]),
            scenario=PLAYED[(number + position) % len(PLAYED)],
            scorer=OLDER if position == 5 and number == 0 else SCORER,
            outcome="resolved" if passed else "resolved_coldly" if number % 2 else "left",
            passed=passed,
        )


def _reviews(store: Store, clock: Clock, hires: int) -> None:
    reviews = store.reviews
    for position, comment in ((2, "I did say sorry, right at the start."), (4, f"Why? {SCRIPT}")):
        if position >= hires:
            continue
        reviews.add_dispute(
            Dispute(
                id=f"d-{position}",
                session=f"s-{position}-0",
                dimension="empathy",
                comment=comment,
                opened=clock.days_ago(position),
            )
        )
    reviews.add_focus(
        Focus(
            id="f-1",
            person=person_of(FIRST),
            made_by=person_of(MARA),
            dimension="empathy",
            text="Say what it is like for them before you look anything up.",
            made=clock.days_ago(12),
        )
    )
    reviews.agree_focus("f-1", clock.days_ago(11))
    for number, (person, scenario) in enumerate(
        ((person_of(FIRST + 1), "payroll"), (person_of(FIRST), "twenty-minutes"))
    ):
        reviews.add_assignment(
            Assignment(
                id=f"a-{number}",
                scenario=scenario,
                team=TEAM,
                person=person,
                made=clock.days_ago(20),
                made_by=person_of(MARA),
                due=clock.days_ago(3)[:10] if number == 0 else clock.days_ago(-5)[:10],
            )
        )


@dataclass(frozen=True)
class Site:
    """The page, running."""

    url: str
    store: Store
    office: Office
    clock: Clock

    def token(self, number: int) -> str:
        """A token for somebody, by their number."""
        found = self.store.people.member(person_of(number))
        assert found is not None
        return self.office.signing_in.token(found)

    def key(self, kind: str, name: str) -> str:
        """How a person or a team stands in addresses."""
        return self.office.signing_in.seal(kind, name)[:16]

    def person(self, number: int) -> str:
        """The address of a person's page."""
        return f"/people/{self.key('person', person_of(number))}"

    def team(self, name: str) -> str:
        """The address of a team's page."""
        return f"/teams/{self.key('team', name)}"


@contextmanager
def running(
    store: Store, clock: Clock, url: str | None = None, rates: Rates | None = None
) -> Iterator[Site]:
    """The real server on a free port, in a thread of its own."""
    listener = bound("127.0.0.1", 0)
    port = listener.getsockname()[1]
    address = local_address("127.0.0.1", port)
    if url is not None:
        address = type(address)(url, port)
    made = page_office(store, address, SCENARIOS)
    office = Office(
        **{
            **vars(made),
            "signing_in": SigningIn(store.sign_ins, store.people, now=clock.iso),
            "clock": clock,
            "rates": rates or Rates(),
        }
    )
    up = threading.Event()
    stop: list[Callable[[], object]] = []

    async def serve() -> None:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(over.set))
        async with serving(create_app(office), listener):
            up.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert up.wait(20)
        yield Site(f"http://127.0.0.1:{port}", store, office, clock)
    finally:
        stop[0]()
        thread.join(20)
        listener.close()
