"""Signing in to the page: by a link that works once, into a session that ends.

A link's token is signed (so that nobody can try out made-up ones at the database's cost) and has a
nonce in it, which the database knows by its hash and forgets once it was used. What is signed with
the key of the database, and for which purpose, is told apart by the purpose's name.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Protocol

from itsdangerous import BadSignature, URLSafeSerializer

from coachbot.coaching.people import Member, PeopleRepository
from coachbot.coaching.permissions import where
from coachbot.errors import NotFound, UsageError

LINK_MINUTES = 15
"""Long enough to walk to a computer; a link found later is worth nothing."""
IDLE = timedelta(hours=2)
"""Without a page being opened; a coaching talk fits in between."""
LONGEST = timedelta(hours=12)
"""A working day, however busy."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when somebody was last there; each look costs a write."""

FIRST_TEAM = "Team"
FIRST_NAME = "Supervisor"

_NOT_GOOD = (
    "This link has been used already, or its {minutes} minutes are over. Ask for a new one: send "
    "/web to the bot, or run `coachbot web login-link` where CoachBot is installed."
)
_NOT_WHOLE = (
    "This is not a whole link of CoachBot; perhaps a part of it was lost on the way. Copy it once "
    "more, or send /web to the bot for a new one."
)


@dataclass(frozen=True, slots=True)
class PageSession:
    """Somebody who is signed in. Times are UTC, ISO 8601."""

    person: str
    begun: str
    seen: str


class SignInRepository(Protocol):
    """Keeps keys, links and sessions, by hashes. All raise ``StoreError``."""

    def signing_key(self, new: bytes, now: str) -> bytes:
        """The key of this database, which is ``new`` where there was none."""

    def add_link(self, nonce: str, person: str, made: str, expires: str) -> None:
        """Keep a link; what ended before ``made`` is deleted."""

    def use_link(self, nonce: str, now: str) -> str | None:
        """Use a link up, and return whose it was; None where it was used, has ended, or is none."""

    def link_works(self, nonce: str, now: str) -> bool:
        """Whether a link could be used now. Changes nothing."""

    def begin(self, secret: str, person: str, now: str) -> None:
        """Keep a session."""

    def session(self, secret: str) -> PageSession | None:
        """The session of a cookie's hash."""

    def touch(self, secret: str, now: str) -> None:
        """Note that somebody was there."""

    def end(self, secret: str) -> None:
        """Delete a session."""

    def end_all(self, person: str) -> None:
        """Delete all sessions of somebody, and the links that they have not used."""

    def end_older(self, begun: str, seen: str) -> None:
        """Delete the sessions that began or were last seen before."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class SigningIn:
    """Makes links, takes them, and knows who is signed in.

    ``now``: UTC, ISO 8601. ``new_secret``: at least 192 random bits, safe in a link.
    """

    repository: SignInRepository
    people: PeopleRepository
    now: Callable[[], str] = _now
    new_secret: Callable[[], str] = _new_secret

    @cached_property
    def _key(self) -> bytes:
        return self.repository.signing_key(secrets.token_bytes(32), self.now())

    @cached_property
    def _signer(self) -> URLSafeSerializer:
        # 256 bits of SHA-256; the library's own choice is SHA-1.
        return URLSafeSerializer(
            self._key, salt="sign-in", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def seal(self, purpose: str, *values: str) -> str:
        """A code of 32 characters that only this database can make of the values."""
        message = "\0".join((purpose, *values)).encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:32]

    def sealed(self, code: str, purpose: str, *values: str) -> bool:
        """Whether a code is the one of the values, told in the same time for all codes."""
        return hmac.compare_digest(self.seal(purpose, *values).encode(), code.encode())

    def token(self, member: Member) -> str:
        """Make the token of a link for somebody, good once and for 15 minutes."""
        nonce, now = self.new_secret(), self.now()
        expires = _after(now, timedelta(minutes=LINK_MINUTES))
        self.repository.add_link(_hash(nonce), member.person, now, expires)
        return str(self._signer.dumps(nonce))

    def looks_whole(self, token: str) -> bool:
        """Whether a token is one of this database's, used or not. Changes nothing."""
        try:
            return isinstance(self._signer.loads(token), str)
        except BadSignature:
            return False

    def why_not(self, token: str) -> str:
        """Why a token can't be used now, for people; empty where it can. Changes nothing."""
        try:
            nonce = self._signer.loads(token)
        except BadSignature:
            return _NOT_WHOLE
        works = self.repository.link_works(_hash(str(nonce)), self.now())
        return "" if works else _NOT_GOOD.format(minutes=LINK_MINUTES)

    def redeem(self, token: str) -> str:
        """Use a token up and begin a session: returns the secret that its cookie has.

        ``UsageError`` says for people why it can't be used.
        """
        try:
            nonce = self._signer.loads(token)
        except BadSignature:
            raise UsageError(_NOT_WHOLE) from None
        now = self.now()
        with self.people.together():
            person = self.repository.use_link(_hash(str(nonce)), now)
            if person is None:
                raise UsageError(_NOT_GOOD.format(minutes=LINK_MINUTES))
            secret = self.new_secret()
            self.repository.end_older(_after(now, -LONGEST), _after(now, -IDLE))
            self.repository.begin(_hash(secret), person, now)
        return secret

    def who(self, secret: str) -> Member | None:
        """Who is signed in with a cookie's secret, with the roles they have now; None: nobody."""
        session = self.repository.session(_hash(secret))
        now = self.now()
        if session is None or not _lasts(session, now):
            return None
        if _after(session.seen, SEEN_EVERY) <= now:
            self.repository.touch(_hash(secret), now)
        return self.people.member(session.person)

    def sign_out(self, secret: str) -> None:
        """End this session."""
        self.repository.end(_hash(secret))

    def sign_out_everywhere(self, member: Member) -> None:
        """End all sessions of somebody, on every device, and their unused links."""
        self.repository.end_all(member.person)

    # --- Without Telegram -------------------------------------------------------------------------

    def from_console(self, name: str | None) -> Member:
        """Whom a link made on this machine is for; the first supervisor where there is nobody.

        ``name``: of somebody who is there; not needed where there is one supervisor. Raises
        ``NotFound`` and ``UsageError``, which name the people to choose from.
        """
        with self.people.together():
            if not self.people.anyone():
                return self._first_supervisor(name)
            known = {m.person: m for team in self.people.teams() for m in self.people.members(team)}
            if name is None:
                found = [m for m in known.values() if m.holds("supervisor")]
            else:
                found = [m for m in known.values() if m.name.casefold() == name.strip().casefold()]
            leading = sorted({m.name for m in known.values() if m.holds("supervisor")})
            listed = ", ".join(leading) or "nobody yet"
            if len(found) == 1:
                if not where(found[0], "use_page"):
                    raise UsageError(
                        f"{found[0].name} is neither a supervisor nor a trainer, and the page has "
                        f"nothing for anybody else. The supervisors are: {listed}."
                    )
                return found[0]
            if name is None:
                raise UsageError(
                    f"There are {len(found)} supervisors ({listed}). Say whose link it is to be: "
                    "coachbot web login-link --person NAME"
                )
            if not found:
                raise NotFound(f"Nobody here is called {name!r}. The supervisors are: {listed}.")
            raise UsageError(
                f"{len(found)} people are called {name!r}, and a link is for one of them. They can "
                "each send /web to the bot, or change their name there (/settings)."
            )

    def _first_supervisor(self, name: str | None) -> Member:
        # No chat has a number below zero with the bot, and nothing is sent to who can't be reached.
        number = -1
        while self.people.by_telegram(number) is not None:
            number -= 1
        new = Member(
            person=f"page:{secrets.token_hex(8)}",
            telegram=number,
            name=(name or "").strip()[:64] or FIRST_NAME,
            joined=self.now(),
        )
        teams = self.people.teams()
        team = teams[0] if len(teams) == 1 else FIRST_TEAM
        self.people.join(new, team, ("supervisor", "trainer"), new.joined)
        self.people.set_reachable(new.person, False)
        found = self.people.member(new.person)
        if found is None:
            raise NotFound("The first supervisor could not be kept. Please try once more.")
        return found


def _lasts(session: PageSession, now: str) -> bool:
    return now < _after(session.begun, LONGEST) and now < _after(session.seen, IDLE)


def _after(moment: str, time: timedelta) -> str:
    return (datetime.fromisoformat(moment).astimezone(UTC) + time).isoformat(timespec="seconds")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
