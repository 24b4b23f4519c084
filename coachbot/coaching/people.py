"""People and their teams: invited by links, with roles in each team, free to go and be forgotten.

Whether somebody may do something is for :mod:`coachbot.coaching.permissions` to say.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol, get_args

from coachbot.coaching.permissions import demand
from coachbot.customer.state import Frozen
from coachbot.errors import NotFound, UsageError

Role = Literal["trainee", "trainer", "supervisor"]
ROLES: tuple[Role, ...] = get_args(Role)
_SUPERVISOR: tuple[Role, ...] = ("supervisor",)
_FIRST_ROLES: tuple[Role, ...] = ("supervisor", "trainer")
Feedback = Literal["each", "end"]
"""After each reply, or only at the end."""

LONGEST_NAME = 64
"""Characters of a person's or a team's name that are kept."""
LONGEST_INVITATION = 90
"""Days; a link that is still lying around after a season is a risk and no help."""
_JOINERS = "\u200c\u200d"
"""Not shown, but Persian names and joined emoji are wrong without them."""

SECRET_BYTES = 32
"""256 bits: 43 characters of a link, which takes 64."""


class Membership(Frozen):
    """A role in a team. ``since``: UTC, ISO 8601."""

    team: str
    role: Role
    since: str


class Member(Frozen):
    """Somebody who practises over Telegram.

    ``person``: their id in all tables. ``telegram``: the number of the user there, and of the chat
    with them. ``reachable``: they have not blocked the bot. ``session_id``: the session that what
    they write goes to. ``awaiting``: what the bot has asked them and waits for, as JSON.
    """

    person: str
    telegram: int
    name: str
    joined: str
    reachable: bool = True
    feedback: Feedback = "end"
    reminders: bool = True
    session_id: str | None = None
    awaiting: dict[str, Any] | None = None
    memberships: tuple[Membership, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held in any team."""
        return frozenset(m.role for m in self.memberships)

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams, by name."""
        return tuple(sorted({m.team for m in self.memberships}, key=str.casefold))

    def roles_in(self, team: str) -> frozenset[Role]:
        """The roles held in a team."""
        return frozenset(m.role for m in self.memberships if m.team == team)

    def holds(self, role: Role, team: str | None = None) -> bool:
        """Whether a role is held in a team, or in any."""
        return role in (self.roles if team is None else self.roles_in(team))


class Invitation(Frozen):
    """What a link gives to the one person who uses it. Times are UTC, ISO 8601.

    ``first``: it makes the first supervisor, and is good for nothing once there is one.
    """

    team: str
    roles: tuple[Role, ...]
    made: str
    expires: str
    made_by: str | None = None
    used: str | None = None
    first: bool = False


Refusal = Literal["unknown", "expired", "used", "already_in"]
"""Why a link gives nothing. ``used`` also: a link for the first supervisor, and there is one.
``already_in``: whoever asks holds all that the link would give."""


class Found(Frozen):
    """What a link leads to: an invitation that can be used, or why not and what to tell people."""

    invitation: Invitation | None = None
    refusal: Refusal | None = None
    message: str = ""


class PeopleRepository(Protocol):
    """Keeps people, teams and invitations. Each call is one transaction, or part of one.

    All raise ``StoreError`` where the database can't be used; what changes somebody raises
    ``NotFound`` where there is nobody of this id (any more).
    """

    def together(self) -> AbstractContextManager[None]:
        """One transaction for all calls inside; nobody else writes between them."""

    def member(self, person: str) -> Member | None:
        """Somebody by their id."""

    def by_telegram(self, number: int) -> Member | None:
        """Somebody by their number on Telegram."""

    def members(self, team: str, role: Role | None = None) -> tuple[Member, ...]:
        """The people of a team, or those with a role there, by name."""

    def anyone(self) -> bool:
        """Whether there is a supervisor of any team."""

    def teams(self) -> tuple[str, ...]:
        """All teams, by name; also those that nobody is in."""

    def rename_team(self, team: str, name: str) -> None:
        """Call a team something else, wherever it stands. ``NotFound`` where there is none."""

    def set_name(self, person: str, name: str) -> None:
        """Call somebody something else."""

    def set_feedback(self, person: str, feedback: Feedback) -> None:
        """When they want feedback."""

    def set_reminders(self, person: str, reminders: bool) -> None:
        """Whether they want to be reminded."""

    def set_reachable(self, person: str, reachable: bool) -> None:
        """Whether messages reach them."""

    def set_session(self, person: str, session_id: str | None) -> None:
        """Where what they write goes: a session of theirs, or none."""

    def set_awaiting(self, person: str, value: dict[str, Any] | None) -> None:
        """What they have been asked, as JSON can hold it."""

    def join(self, new: Member, team: str, roles: Collection[Role], now: str) -> None:
        """Give roles in a team, which is founded if missing, to somebody, new or not.

        Of somebody who is there already nothing else changes but that they can be reached.
        """

    def leave(self, person: str, team: str, now: str) -> None:
        """Take all roles in a team; what was assigned to them there is withdrawn."""

    def add_invitation(self, secret: str, invitation: Invitation) -> Invitation:
        """Keep an invitation by its secret's hash; the team is founded if missing.

        Returns it as it is kept: a team that is there keeps the spelling of its name.
        """

    def invitation(self, secret: str) -> Invitation | None:
        """The invitation of a secret's hash, used or not."""

    def use_invitation(self, secret: str, now: str) -> bool:
        """Mark an invitation as used; False where it was used before or has expired."""

    def end_first_invitations(self, now: str) -> None:
        """Let the unused links for a first supervisor expire."""

    def end_invitations_of(self, person: str, team: str | None, now: str) -> None:
        """Let somebody's unused links to more than trainee expire, to one team or to all."""

    def forget(self, person: str, now: str) -> int:
        """Delete everything of somebody; return how many sessions that were.

        Of first attempts that were finished only numbers stay. What waits in their chat goes too.
        """

    def expire(self, before: str) -> int:
        """Delete sessions that nothing happened in since a time, counted as by ``forget``."""

    def empty_log(self) -> None:
        """Leave nothing that was deleted in the database's log. Not inside a transaction."""

    def export(self, person: str) -> dict[str, Any]:
        """Everything about somebody, ready for JSON."""


def person_of(telegram: int) -> str:
    """The id of a person on Telegram."""
    return f"tg:{telegram}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


@dataclass(frozen=True)
class People:
    """Invites people, lets them in and out, and forgets them; wired by bootstrap.

    ``now``: UTC, ISO 8601. ``new_secret``: at least 192 random bits, safe in a link.
    """

    repository: PeopleRepository
    now: Callable[[], str] = _now
    new_secret: Callable[[], str] = _new_secret

    def invite(self, team: str, roles: Collection[Role], by: Member, days: int = 7) -> str:
        """Make a link's payload, which works once and for ``days`` days (1 to 90).

        Raises ``Forbidden`` where ``by`` is no supervisor of the team now, ``UsageError`` where the
        link can't be made as asked.
        """
        with self.repository.together():
            team = self._known(team)
            demand(self.repository.member(by.person), "invite", team=team)
            return self._invite(team, roles, days, by=by.person)

    def free_name(self, name: str, team: str | None = None) -> str:
        """A name as a team can have it; ``UsageError`` where it can't be read or is taken.

        ``team``: the one that is to be called so, which may be called so already.
        """
        known = self._known(name)
        same = team is not None and known.casefold() == team.casefold()
        if known in self.repository.teams() and not same:
            raise UsageError(
                "A team is called that already, and two of one name could not be told apart. "
                "Write another name."
            )
        # Another spelling of the same letters is a new name for the team itself.
        return " ".join(name.split()) if same else known

    def found_team(self, name: str, by: Member) -> str:
        """Make a new team whose supervisor ``by`` becomes; return its name.

        Raises ``Forbidden`` where ``by`` supervises no team now, ``UsageError`` as
        :meth:`free_name`.
        """
        with self.repository.together():
            founder = demand(self.repository.member(by.person), "found_team")
            known = self.free_name(name)
            self.repository.join(founder, known, _SUPERVISOR, self._time())
            return known

    def rename_team(self, team: str, name: str, by: Member) -> str:
        """Call a team something else; return its new name.

        Raises ``Forbidden`` where ``by`` is no supervisor of it now, ``UsageError`` as
        :meth:`free_name`.
        """
        with self.repository.together():
            demand(self.repository.member(by.person), "rename_team", team=team)
            known = self.free_name(name, team)
            self.repository.rename_team(team, known)
            return known

    def invite_from_console(self, team: str, roles: Collection[Role], days: int = 7) -> str:
        """As :meth:`invite`, for whoever runs the program: any team, also a new one."""
        with self.repository.together():
            return self._invite(self._known(team), roles, days)

    def first_supervisor(self, team: str = "Team", days: int = 7) -> str:
        """Make the payload that makes its opener supervisor and trainer of a team.

        Earlier ones that were not used are worth nothing from now on, and this one is as soon as
        there is a supervisor. Raises ``UsageError`` where there is one.
        """
        with self.repository.together():
            if self.repository.anyone():
                raise UsageError(
                    "There is a supervisor already, who can invite others; on this machine, "
                    "`coachbot invite --team TEAM --role ROLE` prints a link too."
                )
            self.repository.end_first_invitations(self._time())
            return self._invite(self._known(team), _FIRST_ROLES, days, first=True)

    def look_up(self, payload: str, member: Member | None = None) -> Found:
        """What a link would give to ``member`` (None: somebody new), or why nothing.

        Changes nothing: previews open links too, and people first read what is kept about them.
        """
        found = self.repository.invitation(_hash(payload))
        if found is None:
            return Found(refusal="unknown", message=_UNKNOWN)
        if member is not None and member.roles_in(found.team) >= set(found.roles):
            there = f"You are in {found.team} already, as {_as(found.roles)}. All is well."
            return Found(refusal="already_in", message=there)
        if found.used is not None:
            return Found(refusal="used", message=_USED.format(team=found.team))
        if found.first and self.repository.anyone():
            return Found(refusal="used", message=_TAKEN)
        if found.expires <= self._time():
            return Found(refusal="expired", message=_expired(found))
        return Found(invitation=found)

    def join(self, payload: str, telegram: int, name: str) -> Member:
        """Let somebody in by a link, which is used up by it, and return them with their roles.

        Whoever holds all its roles already is returned as they are, and a link that was not used
        stays good. Raises ``UsageError`` with the message of :meth:`look_up` otherwise.
        """
        with self.repository.together():
            person = person_of(telegram)
            now = self._time()
            member = self.repository.member(person)
            found = self.look_up(payload, member)
            if member is not None and found.refusal == "already_in":
                return member
            invitation = found.invitation
            if invitation is None:
                raise UsageError(found.message)
            if not self.repository.use_invitation(_hash(payload), now):
                raise UsageError(_USED.format(team=invitation.team))
            name = _readable(name) or "New colleague"
            new = Member(person=person, telegram=telegram, name=name, joined=now)
            self.repository.join(new, invitation.team, invitation.roles, now)
            return self._there(person)

    def rename(self, member: Member, name: str) -> Member:
        """Call a member what they want to be called, up to 64 characters."""
        readable = _readable(name)
        if not readable:
            raise UsageError("That name has nothing in it that can be read. Send it as text.")
        with self.repository.together():
            self.repository.set_name(member.person, readable)
            return self._there(member.person)

    def leave(self, member: Member, team: str, successor: Member | None = None) -> Member:
        """Take a member out of a team and return them as they are then.

        ``successor``: somebody of the team who becomes its supervisor. The last supervisor has to
        name one, as long as there is anybody else: ``UsageError``.
        """
        with self.repository.together():
            now = self._time()
            leaving = self._there(member.person)
            if team not in leaving.teams:
                raise UsageError(f"You are not in {team}, so there is nothing to leave.")
            others = [m for m in self.repository.members(team) if m.person != member.person]
            if successor is not None:
                if not any(m.person == successor.person for m in others):
                    raise UsageError(
                        f"{successor.name} can't follow you as supervisor of {team} without being "
                        "in it. Name somebody of the team, or invite them first."
                    )
                demand(leaving, "invite", team=team)
                self.repository.join(successor, team, _SUPERVISOR, now)
            elif others and leaving.holds("supervisor", team) and not _led(others, team):
                raise UsageError(
                    f"You are the only supervisor of {team}, and {_people(len(others))} would be "
                    "left with nobody to ask. Name one of them as supervisor, or invite somebody "
                    "else as one; then you can leave."
                )
            self.repository.leave(member.person, team, now)
            self.repository.end_invitations_of(member.person, team, now)
            return self._there(member.person)

    def forget(self, member: Member) -> int:
        """Delete everything of a member; return how many sessions that were.

        Of first attempts that were finished stays one more in a count: month, scenario, how it
        ended, passed or not. Not inside a transaction; there, see :meth:`erase`.
        """
        sessions = self.erase(member)
        self.repository.empty_log()
        return sessions

    def erase(self, member: Member) -> int:
        """:meth:`forget` as part of the caller's transaction.

        The deleted words are still in the database's log until ``repository.empty_log()`` is
        called, which has to be done once the transaction is over.
        """
        with self.repository.together():
            now = self._time()
            self.repository.end_invitations_of(member.person, None, now)
            return self.repository.forget(member.person, now)

    def export(self, member: Member) -> dict[str, Any]:
        """Everything that is kept about a member, ready for JSON."""
        return self.repository.export(member.person)

    def expire(self, retention_days: int) -> int:
        """Delete the sessions in which nothing happened for so many days; return how many.

        A session goes with the retries that read on from it, and not before the last of them. They
        are counted as in :meth:`forget`. Not inside a transaction.
        """
        if retention_days < 1:
            raise UsageError(
                f"Sessions can't be kept for {retention_days} days; 1 is the least. To keep them "
                "for good, leave the setting empty."
            )
        try:
            before = _later(self._time(), days=-retention_days)
        except OverflowError:
            return 0
        deleted = self.repository.expire(before)
        if deleted:
            self.repository.empty_log()
        return deleted

    def _invite(
        self,
        team: str,
        roles: Collection[Role],
        days: int,
        *,
        by: str | None = None,
        first: bool = False,
    ) -> str:
        unknown = sorted(set(roles) - set(ROLES))
        if unknown or not roles:
            wrong = f"There is no role {unknown[0]!r}." if unknown else "An invitation needs roles."
            raise UsageError(f"{wrong} Name one or more of {', '.join(ROLES)}.")
        if not 1 <= days <= LONGEST_INVITATION:
            raise UsageError(
                f"An invitation is good for 1 to {LONGEST_INVITATION} days, not for {days}."
            )
        now = self._time()
        payload = self.new_secret()
        self.repository.add_invitation(
            _hash(payload),
            Invitation(
                team=team,
                roles=tuple(role for role in ROLES if role in roles),
                made=now,
                expires=_later(now, days=days),
                made_by=by,
                first=first,
            ),
        )
        return payload

    def _time(self) -> str:
        return _later(self.now(), days=0)

    def _known(self, team: str) -> str:
        """The team as it is spelled, or a new name as it will be."""
        name = _readable(team)
        if not name or name != " ".join(team.split()):
            raise UsageError(
                f"A team's name has 1 to {LONGEST_NAME} characters that can be read; "
                f"{team[:LONGEST_NAME]!r} is not one."
            )
        same = (t for t in self.repository.teams() if t.casefold() == name.casefold())
        return next(same, name)

    def _there(self, person: str) -> Member:
        member = self.repository.member(person)
        if member is None:
            raise NotFound(
                "Nothing is kept about you any more, so there was nothing to change. A new "
                "invitation lets you in again."
            )
        return member


_UNKNOWN = (
    "This link leads to no invitation. A part of it may have got lost on the way: open it once "
    "more where you were sent it, or ask for a new one."
)
_USED = (
    "Somebody has joined {team} with this link already, and each link lets one person in. Ask "
    "whoever sent it for one of your own."
)
_TAKEN = "This link was for the first supervisor, and there is one by now. They can invite you."


def _hash(payload: str) -> str:
    # Whoever reads the database can't join with it. A fast hash is enough: the secret is random.
    return hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest()


def _later(time: str, *, days: int) -> str:
    # With milliseconds, as the store writes times, so that they compare as text.
    moment = datetime.fromisoformat(time).astimezone(UTC) + timedelta(days=days)
    return moment.isoformat(timespec="milliseconds")


def _expired(found: Invitation) -> str:
    if found.first:
        return (
            "This link for the first supervisor is no longer good. Start the bot again, and it "
            "prints a new one."
        )
    day = datetime.fromisoformat(found.expires)
    return (
        f"This invitation to {found.team} was good until {day.day} {day:%B %Y}. Ask whoever sent "
        "it for a new one."
    )


def _readable(name: str) -> str:
    """A name on one line, without what is not shown or turns the text around it; may be empty."""
    kept = "".join(
        c
        for c in name
        if c in _JOINERS or c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )
    short = " ".join(kept.split())[:LONGEST_NAME].strip()
    return short if short.strip(_JOINERS + " ") else ""


def _led(people: Collection[Member], team: str) -> bool:
    return any(member.holds("supervisor", team) for member in people)


def _people(number: int) -> str:
    return "one person" if number == 1 else f"{number} people"


def _as(roles: Collection[Role]) -> str:
    return " and ".join(role for role in ROLES if role in roles)
