"""People come in by links, hold roles in teams, and go; on a real database."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from coachbot.coaching.people import ROLES, Member, Membership, People, Role, person_of
from coachbot.coaching.permissions import may
from coachbot.errors import CoachbotError, Forbidden, NotFound, UsageError
from coachbot.store.database import Database
from coachbot.store.people import PeopleStore

START = "2026-03-01T09:00:00+00:00"


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    time: str = START

    def __call__(self) -> str:
        """The time that it shows."""
        return self.time

    def pass_by(self, **time: float) -> None:
        """Let time go by, or back: days, hours, seconds."""
        moved = datetime.fromisoformat(self.time) + timedelta(**time)
        self.time = moved.isoformat(timespec="seconds")


@pytest.fixture
def clock() -> Clock:
    """Nine o'clock on the first of March."""
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the people are kept."""
    return tmp_path / "people" / "coachbot.db"


@pytest.fixture
def people(file: Path, clock: Clock) -> Iterator[People]:
    """Nobody yet."""
    with closing(Database(file)) as database:
        yield People(PeopleStore(database), now=clock)


@pytest.fixture
def lead(people: People) -> Member:
    """The first supervisor."""
    return people.join(people.first_supervisor(), 1, "Lena")


def join(people: People, lead: Member, number: int, *roles: Role, team: str = "Team") -> Member:
    """Let somebody in by a link of their own."""
    return people.join(people.invite(team, roles, lead), number, f"Person {number}")


def kept(people: People, member: Member) -> Member:
    """The member as they are kept now."""
    found = people.repository.member(member.person)
    assert found is not None
    return found


def roles(member: Member) -> set[tuple[str, str]]:
    """Team and role, each."""
    return {(m.team, m.role) for m in member.memberships}


# --- What a member is -------------------------------------------------------------------------


def test_a_member_knows_their_roles() -> None:
    """In any team, in one, and the names of the teams."""
    member = Member(
        person="tg:7",
        telegram=7,
        name="Ada",
        joined=START,
        memberships=(
            Membership(team="b", role="trainee", since=START),
            Membership(team="A", role="trainer", since=START),
            Membership(team="A", role="supervisor", since=START),
        ),
    )
    assert frozenset(ROLES) == member.roles
    assert ("A", "b") == member.teams
    assert frozenset({"trainer", "supervisor"}) == member.roles_in("A")
    assert frozenset() == member.roles_in("C")
    assert member.holds("trainee")
    assert member.holds("trainee", "b")
    assert not member.holds("trainee", "A")
    assert "tg:7" == person_of(7)


# --- Links ------------------------------------------------------------------------------------


def test_a_payload_is_random_and_fits_into_a_link(people: People) -> None:
    """At least 192 bits, at most 43 characters that a link takes, and never the same."""
    payloads = {people.invite_from_console("Sales", ["trainee"]) for _ in range(20)}
    assert 20 == len(payloads)
    for payload in payloads:
        assert re.fullmatch(r"[A-Za-z0-9_-]{32,43}", payload)


def test_only_the_hash_of_a_payload_is_kept(people: People, file: Path) -> None:
    """Whoever gets hold of the file can't join with what stands in it."""
    payload = people.invite_from_console("Sales", ["trainee"])
    written = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"Sales" in written
    assert payload.encode() not in written


def test_an_invitation_gives_its_roles_in_its_team(people: People) -> None:
    """Several at once, with the time, to somebody who was not there."""
    payload = people.invite_from_console("Sales", ["supervisor", "trainee"])
    found = people.look_up(payload).invitation
    assert found is not None
    assert ("Sales", ("trainee", "supervisor"), None) == (found.team, found.roles, found.made_by)
    ada = people.join(payload, 7, "  Ada\n Quill ")
    time = "2026-03-01T09:00:00.000+00:00"
    assert ada == Member(
        person="tg:7",
        telegram=7,
        name="Ada Quill",
        joined=time,
        memberships=(
            Membership(team="Sales", role="supervisor", since=time),
            Membership(team="Sales", role="trainee", since=time),
        ),
    )
    assert ada == people.repository.by_telegram(7) == people.repository.member("tg:7")


def test_looking_a_link_up_uses_nothing_and_keeps_nobody(people: People) -> None:
    """Previews open links, and the notice on privacy comes before anything is kept."""
    payload = people.invite_from_console("Sales", ["trainee"])
    assert people.look_up(payload) == people.look_up(payload)
    assert people.repository.members("Sales") == ()
    assert "tg:7" == people.join(payload, 7, "Ada").person


@pytest.mark.parametrize("payload", ["", "nonsense", "\udc00", "a" * 10_000, "'; DROP TABLE teams"])
def test_a_link_that_nobody_made(people: People, payload: str) -> None:
    """It is unknown, and nobody is kept."""
    found = people.look_up(payload)
    assert (None, "unknown") == (found.invitation, found.refusal)
    with pytest.raises(UsageError, match="leads to no invitation"):
        people.join(payload, 7, "Ada")
    assert people.repository.member("tg:7") is None


def test_a_link_runs_out(people: People, clock: Clock) -> None:
    """It is good until the last second of its days, and then says until when it was."""
    payload = people.invite_from_console("Sales", ["trainee"], days=3)
    clock.pass_by(days=3, seconds=-1)
    assert people.look_up(payload).invitation is not None
    clock.pass_by(seconds=1)
    found = people.look_up(payload)
    assert "expired" == found.refusal
    assert "invitation to Sales was good until 4 March 2026" in found.message
    with pytest.raises(UsageError, match="good until 4 March"):
        people.join(payload, 7, "Ada")
    clock.pass_by(days=-2)  # a clock that was wrong and is put right
    assert "Ada" == people.join(payload, 7, "Ada").name


def test_times_of_another_zone_mean_the_same(people: People, clock: Clock) -> None:
    """Times are compared as moments, however the clock writes them."""
    payload = people.invite_from_console("Sales", ["trainee"], days=1)
    clock.time = "2026-03-02T10:59:59.5+02:00"
    assert people.look_up(payload).invitation is not None
    clock.time = "2026-03-02T11:00:00+02:00"
    assert "expired" == people.look_up(payload).refusal


def test_a_link_lets_one_person_in(people: People) -> None:
    """The second is told to ask for one of their own, and is not kept."""
    payload = people.invite_from_console("Sales", ["trainee"])
    people.join(payload, 7, "Ada")
    assert "used" == people.look_up(payload).refusal
    with pytest.raises(UsageError, match=r"joined Sales with this link already.*of your own"):
        people.join(payload, 8, "Grace")
    assert people.repository.member("tg:8") is None


def test_whoever_is_in_already_is_told_so(people: People) -> None:
    """Opening one's own used link again changes nothing, and costs a new link nothing."""
    payload = people.invite_from_console("Sales", ["trainee", "trainer"])
    ada = people.join(payload, 7, "Ada")
    found = people.look_up(payload, ada)
    assert "already_in" == found.refusal
    assert "in Sales already, as trainee and trainer" in found.message
    assert ada == people.join(payload, 7, "Ada")
    other = people.invite_from_console("Sales", ["trainee"])
    assert ada == people.join(other, 7, "Ada")
    assert {("Sales", "trainee")} == roles(people.join(other, 8, "Grace"))


def test_whoever_left_does_not_come_back_by_a_used_link(people: People) -> None:
    """Being let out again and in again takes a new link."""
    payload = people.invite_from_console("Sales", ["trainee"])
    ada = people.join(payload, 7, "Ada")
    people.leave(ada, "Sales")
    with pytest.raises(UsageError, match="with this link already"):
        people.join(payload, 7, "Ada")
    people.join(people.invite_from_console("Sales", ["trainee"]), 7, "Ada")
    assert ("Sales",) == kept(people, ada).teams


def test_a_second_invitation_adds_its_roles(people: People) -> None:
    """Name and settings stay; somebody who had blocked the bot can be reached again."""
    ada = people.join(people.invite_from_console("Sales", ["trainee"]), 7, "Ada")
    people.rename(ada, "Ada Q.")
    people.repository.set_feedback(ada.person, "each")
    people.repository.set_reachable(ada.person, False)
    now = people.join(people.invite_from_console("Repairs", ["trainer"]), 7, "Countess")
    assert {("Sales", "trainee"), ("Repairs", "trainer")} == roles(now)
    assert ("Ada Q.", "each", True) == (now.name, now.feedback, now.reachable)


def race(*runs: Callable[[], object]) -> list[object]:
    """Run all at the same moment; what each returns or raises, in order."""
    results: list[object] = [None] * len(runs)
    start = threading.Barrier(len(runs))

    def run(i: int) -> None:
        start.wait()
        try:
            results[i] = runs[i]()
        except CoachbotError as error:
            results[i] = error

    threads = [threading.Thread(target=run, args=[i]) for i in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_who_race_for_a_link(people: People, file: Path, clock: Clock) -> None:
    """One gets in, from two threads of a program or two programs; all others are told."""
    with closing(Database(file)) as other:
        programs = (people, People(PeopleStore(other), now=clock))
        for team in ("Sales", "Repairs", "Nights"):
            payload = people.invite_from_console(team, ["trainee"])
            results = race(
                *(partial(programs[n % 2].join, payload, 100 + n, f"Person {n}") for n in range(6))
            )
            came_in = [r for r in results if isinstance(r, Member)]
            refused = [r for r in results if isinstance(r, UsageError)]
            assert (1, 5) == (len(came_in), len(refused))
            inside = people.repository.members(team)
            assert [m.person for m in came_in] == [m.person for m in inside]


def test_one_person_who_presses_twice(people: People) -> None:
    """Both presses end well, and there is one member with one role."""
    payload = people.invite_from_console("Sales", ["trainee"])
    results = race(*[lambda: people.join(payload, 7, "Ada")] * 4)
    (ada,) = people.repository.members("Sales")
    assert [ada] * 4 == results
    assert {("Sales", "trainee")} == roles(ada)


# --- The first supervisor ---------------------------------------------------------------------


def test_the_first_supervisor(people: People) -> None:
    """Supervisor and trainer of a team; after that there is no such link any more."""
    assert not people.repository.anyone()
    payload = people.first_supervisor()
    assert not people.repository.anyone()
    lena = people.join(payload, 1, "Lena")
    assert {("Team", "supervisor"), ("Team", "trainer")} == roles(lena)
    assert people.repository.anyone()
    with pytest.raises(UsageError, match="There is a supervisor already"):
        people.first_supervisor()


def test_a_new_first_link_ends_the_ones_before_it(people: People) -> None:
    """Each start prints one, and what stands in old logs is worth nothing."""
    old = people.first_supervisor()
    other = people.invite_from_console("Team", ["supervisor", "trainer"])
    new = people.first_supervisor()
    found = people.look_up(old)
    assert "expired" == found.refusal
    assert "Start the bot again" in found.message
    with pytest.raises(UsageError, match="no longer good"):
        people.join(old, 1, "Mallory")
    assert people.look_up(other).invitation is not None
    assert people.join(new, 2, "Lena").holds("supervisor")


def test_a_first_link_is_worth_nothing_once_there_is_a_supervisor(people: People) -> None:
    """Also where the supervisor came by another link."""
    first = people.first_supervisor()
    other = people.invite_from_console("Sales", ["supervisor"])
    lena = people.join(other, 1, "Lena")
    found = people.look_up(first)
    assert "used" == found.refusal
    assert "there is one by now" in found.message
    with pytest.raises(UsageError, match="They can invite you"):
        people.join(first, 2, "Mallory")
    people.forget(lena)
    assert people.look_up(first).invitation is not None


# --- Inviting ---------------------------------------------------------------------------------


def test_a_supervisor_invites(people: People, lead: Member) -> None:
    """People of every role, to their team; who made the link is kept."""
    found = people.look_up(people.invite("Team", ["supervisor"], lead)).invitation
    assert found is not None
    assert (lead.person, ("supervisor",)) == (found.made_by, found.roles)


@pytest.mark.parametrize("role", ["trainee", "trainer"])
def test_nobody_else_invites(people: People, lead: Member, role: Role) -> None:
    """Trainees and trainers can't, and a supervisor can't to another team."""
    other = join(people, lead, 2, role)
    for invited in ROLES:
        with pytest.raises(Forbidden, match="come from the supervisors"):
            people.invite("Team", [invited], other)
    with pytest.raises(Forbidden, match="not in Sales"):
        people.invite("Sales", ["trainee"], lead)
    assert ("Team",) == people.repository.teams()


def test_a_role_that_was_given_back_invites_nobody(people: People, lead: Member) -> None:
    """What counts are the roles now, and not those when the message was read."""
    second = join(people, lead, 2, "supervisor")
    people.leave(lead, "Team")
    assert may(lead, "invite", team="Team")
    with pytest.raises(Forbidden):
        people.invite("Team", ["supervisor"], lead)
    people.forget(second)
    with pytest.raises(Forbidden):
        people.invite("Team", ["supervisor"], second)


def test_a_team_is_the_same_whatever_its_case(people: People, lead: Member) -> None:
    """A team keeps the spelling it was founded with, and there are not two of it."""
    payload = people.invite(" tEAM ", ["trainee"], lead)
    assert {("Team", "trainee")} == roles(people.join(payload, 2, "Ada"))
    people.invite_from_console("Équipe", ["trainee"])
    people.invite_from_console("ÉQUIPE", ["trainee"])
    assert {"Team", "Équipe"} == set(people.repository.teams())
    assert ["tg:1", "tg:2"] == sorted(m.person for m in people.repository.members("TEAM"))


@pytest.mark.parametrize(
    ("team", "roles", "days", "message"),
    [
        ("Sales", [], 7, "needs roles. Name one or more of trainee, trainer, supervisor"),
        ("Sales", ["boss"], 7, "no role 'boss'"),
        ("Sales", ["trainee"], 0, "1 to 90 days, not for 0"),
        ("Sales", ["trainee"], 91, "1 to 90 days, not for 91"),
        ("  ", ["trainee"], 7, "A team's name has 1 to 64 characters"),
        ("a" * 65, ["trainee"], 7, "1 to 64 characters"),
        ("Sa\u202eles", ["trainee"], 7, "can be read"),
        ("Sales\x00", ["trainee"], 7, "can be read"),
    ],
)
def test_an_invitation_that_makes_no_sense(
    people: People, team: str, roles: list[Role], days: int, message: str
) -> None:
    """It is not made, no team is founded, and the message says what to write."""
    with pytest.raises(UsageError, match=re.escape(message)):
        people.invite_from_console(team, roles, days)
    assert () == people.repository.teams()


# --- Names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("  Ada\tQuill\n", "Ada Quill"),
        ("José 👩\u200d💻", "José 👩\u200d💻"),
        ("نرگس\u200cزاده", "نرگس\u200cزاده"),
        ("evil\u202ename", "evilname"),
        ("half \ud83d", "half"),
        ("x" * 500, "x" * 64),
        ("\u200b\u2060", "New colleague"),
        ("\u200d", "New colleague"),
        ("", "New colleague"),
    ],
)
def test_names_are_made_readable(people: People, sent: str, expected: str) -> None:
    """Telegram lets people call themselves anything; everybody still gets in."""
    payload = people.invite_from_console("Sales", ["trainee"])
    assert expected == people.join(payload, 7, sent).name


def test_a_name_is_changed(people: People, lead: Member) -> None:
    """To what is sent, unless nothing of it can be read."""
    assert "Lena M." == people.rename(lead, " Lena  M. ").name
    with pytest.raises(UsageError, match="nothing in it that can be read"):
        people.rename(lead, "\u2060 ")
    assert "Lena M." == kept(people, lead).name


# --- Leaving ----------------------------------------------------------------------------------


def test_leaving_takes_the_roles_of_that_team_only(people: People, lead: Member) -> None:
    """What they hold elsewhere, and their name and settings, stay."""
    ada = join(people, lead, 2, "trainee", "trainer")
    people.join(people.invite_from_console("Sales", ["trainee"]), 2, "Ada")
    left = people.leave(ada, "Team")
    assert {("Sales", "trainee")} == roles(left)
    assert (lead,) == people.repository.members("Team")
    with pytest.raises(UsageError, match="not in Team"):
        people.leave(ada, "Team")


def test_the_last_supervisor_stays_while_others_are_there(people: People, lead: Member) -> None:
    """They are told how many they would leave alone and what to do; then they can go."""
    ada = join(people, lead, 2, "trainee")
    join(people, lead, 3, "trainer")
    with pytest.raises(UsageError, match=r"only supervisor of Team, and 2 people.*Name one"):
        people.leave(lead, "Team")
    assert kept(people, lead).holds("supervisor", "Team")
    assert () == people.leave(lead, "Team", successor=ada).memberships
    assert {("Team", "trainee"), ("Team", "supervisor")} == roles(kept(people, ada))


def test_a_supervisor_who_is_not_the_last_just_leaves(people: People, lead: Member) -> None:
    """And so does the last one of all, with nobody left to be alone."""
    second = join(people, lead, 2, "supervisor")
    people.leave(lead, "Team")
    people.leave(second, "Team")
    assert () == people.repository.members("Team")
    assert not people.repository.anyone()


def test_who_can_be_named_and_by_whom(people: People, lead: Member) -> None:
    """Somebody else of the team, by a supervisor: nobody can make themselves a heir."""
    ada = join(people, lead, 2, "trainee")
    grace = join(people, lead, 3, "trainee")
    outside = people.join(people.invite_from_console("Sales", ["trainee"]), 4, "Olga")
    for nobody in (outside, lead):
        with pytest.raises(UsageError, match="without being in it"):
            people.leave(lead, "Team", successor=nobody)
    with pytest.raises(Forbidden):
        people.leave(ada, "Team", successor=grace)
    assert ("Team",) == kept(people, ada).teams
    assert not kept(people, grace).holds("supervisor")


def test_two_supervisors_who_leave_at_once(people: People, lead: Member) -> None:
    """One of them is the last, and is asked to stay."""
    second = join(people, lead, 2, "supervisor")
    join(people, lead, 3, "trainee")
    results = race(lambda: people.leave(lead, "Team"), lambda: people.leave(second, "Team"))
    assert ["Member", "UsageError"] == sorted(type(r).__name__ for r in results)
    assert 1 == len(people.repository.members("Team", "supervisor"))


def test_links_to_roles_end_with_the_supervisor_who_made_them(people: People, lead: Member) -> None:
    """Nobody comes back as supervisor by a link put aside; the hires they invited still get in."""
    second = join(people, lead, 2, "supervisor")
    aside = people.invite("Team", ["supervisor"], second)
    also = people.invite("Team", ["trainee", "trainer"], second)
    hire = people.invite("Team", ["trainee"], second)
    of_lead = people.invite("Team", ["supervisor"], lead)
    people.leave(second, "Team")
    assert ["expired", "expired", None, None] == [
        people.look_up(payload).refusal for payload in (aside, also, hire, of_lead)
    ]


# --- Being forgotten --------------------------------------------------------------------------


def test_whoever_was_forgotten_is_nobody(people: People, lead: Member) -> None:
    """There is nothing of them to change, and a new link makes them somebody new."""
    ada = join(people, lead, 2, "trainee")
    aside = people.invite("Team", ["supervisor"], lead)
    assert 0 == people.forget(ada)
    assert 0 == people.forget(ada)
    assert people.repository.member(ada.person) is None
    with pytest.raises(NotFound):
        people.rename(ada, "Ada")
    with pytest.raises(NotFound, match="Nothing is kept about you any more"):
        people.leave(ada, "Team")
    people.forget(lead)
    assert "expired" == people.look_up(aside).refusal
    assert not people.repository.anyone()
    assert people.join(people.first_supervisor(), 2, "Ada").holds("supervisor")


def test_forgetting_is_a_part_of_a_transaction(people: People, lead: Member) -> None:
    """All of it is undone with the rest."""

    def erase_and_fail() -> None:
        with people.repository.together():
            people.erase(lead)
            assert people.repository.member(lead.person) is None
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        erase_and_fail()
    assert lead == kept(people, lead)


def test_a_retention_of_no_days(people: People) -> None:
    """It would delete what somebody is writing just now; a very long one deletes nothing."""
    with pytest.raises(UsageError, match=r"0 days; 1 is the least"):
        people.expire(0)
    assert 0 == people.expire(10_000_000)
