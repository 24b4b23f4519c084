"""Tells a learning record store (LRS) of finished sessions, in the background or at once.

Each session has a durable mark once the store has taken or refused it, and its statements have the
same ids and the same words each time. So nothing is lost when either side fails in between, and
what is sent twice is one statement there. A session that is refused by itself is marked so and kept
back; where the store as a whole does not answer, or refuses the key, all of it waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, Self

import httpx
import structlog
from pydantic import SecretStr

from coachbot.errors import CoachbotError, StoreError
from coachbot.reporting.statements import VERSION, Ended, Statement

AT_ONCE = 25
"""Sessions in one request: up to 100 statements, some 120 kB."""

TIMEOUT = 20.0
"""Seconds; a store that takes longer is as good as away."""

EVERY = 30.0
"""Seconds from one look for finished sessions to the next."""

LONGEST_WAIT = 3600.0
"""Seconds; after each failure twice as long is waited, up to an hour."""

_KNOWN = 409
"""It has a statement of this id that says something else, as after a change of a title."""

_ONES_OWN = frozenset((400, _KNOWN, 413, 422))
"""Statuses that may be about one statement of many; every other one is about all of them."""

_log = structlog.get_logger()


class Unavailable(CoachbotError):
    """The store took nothing, for a reason that is no session's. The message says which.

    ``wait``: seconds that the store asked for, if it did.
    """

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class Marks(Protocol):
    """Knows which sessions were sent. All raise ``StoreError``."""

    def waiting(self, most: int) -> list[Ended]:
        """Finished sessions without a mark, in the order in which they ended."""

    def mark_sent(self, sessions: Collection[str], at: str) -> None:
        """Note that they were taken."""

    def mark_refused(self, session: str, at: str, reason: str) -> None:
        """Note that it was refused for good."""


@dataclass(frozen=True)
class Access:
    """Where the store is, and the key and secret that it knows CoachBot by."""

    url: str
    key: SecretStr
    secret: SecretStr


@dataclass
class Sent:
    """What came of it: sessions that were taken and refused."""

    taken: int = 0
    refused: int = 0


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class RecordStore:
    """A learning record store, and what it has not been told yet.

    ``told``: makes the statements of a session. Two of them on one database do no harm.
    """

    access: Access
    marks: Marks
    told: Callable[[Ended], Sequence[Statement]]
    timeout: float = TIMEOUT
    now: Callable[[], str] = _now

    def send_waiting(
        self,
        progress: Callable[[int], None] = lambda _sessions: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Sent:
        """Send all that waits; ``Unavailable`` where the store takes nothing at all.

        ``progress`` is told how many sessions have got their mark so far. ``stop``: asked between
        requests whether to leave the rest for another time.
        """
        sent = Sent()
        if not self.marks.waiting(1):
            return sent
        with client_of(self.access, self.timeout) as client:
            while not stop() and (waiting := self.marks.waiting(AT_ONCE)):
                refused = self._send(client, waiting, sent)
                if len(refused) == len(waiting) > 1:
                    # It can't be the sessions, if it is all of them.
                    raise Unavailable(
                        f"The learning record store {next(iter(refused.values()))} every session "
                        "that was sent, so all of them are kept for later. Its log should say what "
                        "it doesn't like."
                    )
                for session, reason in refused.items():
                    self.marks.mark_refused(session, self.now(), reason)
                sent.refused += len(refused)
                progress(sent.taken + sent.refused)
        return sent

    def _send(self, client: httpx.Client, sessions: Sequence[Ended], sent: Sent) -> dict[str, str]:
        """Send some together; if that is refused, each half by itself, down to a single one.

        Those that were taken have their mark then; those that were refused are returned, with why.
        """
        refusal = self._post(client, [one for session in sessions for one in self.told(session)])
        # A single session's statements went together before, so if it knows one it knows all.
        if refusal is None or (refusal == _KNOWN and len(sessions) == 1):
            self.marks.mark_sent([session.session for session in sessions], self.now())
            sent.taken += len(sessions)
            return {}
        if len(sessions) == 1:
            return {sessions[0].session: f"refused (status {refusal})"}
        middle = len(sessions) // 2
        first = self._send(client, sessions[:middle], sent)
        return first | self._send(client, sessions[middle:], sent)

    def _post(self, client: httpx.Client, statements: Sequence[Statement]) -> int | None:
        """Post statements, which are taken all or none. The status of a refusal; None: taken."""
        address = f"{self.access.url.rstrip('/')}/statements"
        try:
            answer = client.post(address, json=[one.as_json() for one in statements])
        except httpx.HTTPError as error:
            raise unreachable(error) from None
        status = answer.status_code
        if status == 200:
            if _took(answer, statements):
                return None
            raise Unavailable(
                "What answers at COACHBOT_LRS_URL is no learning record store: it did not answer "
                "with the ids of the statements. The address should be the one to which "
                "/statements is added."
            )
        if status in _ONES_OWN:
            return status
        raise Unavailable(why(status), _asked_for(answer))


def _took(answer: httpx.Response, statements: Sequence[Statement]) -> bool:
    """Whether the answer is a store's: the ids of the statements, in order."""
    try:
        found = answer.json()
    except ValueError:
        return False
    return bool(found == [str(one.id) for one in statements])


def client_of(access: Access, timeout: float) -> httpx.Client:
    """What talks to the store; ``timeout``: seconds for each answer."""
    return httpx.Client(
        timeout=httpx.Timeout(timeout, connect=min(timeout, 5.0)),
        # Another place than the one that was set may be anybody's, and the key would go there.
        follow_redirects=False,
        # Certificates take a moment to load; over http, on this machine only, there are none.
        verify=access.url.startswith("https:"),
        auth=(access.key.get_secret_value(), access.secret.get_secret_value()),
        headers={"X-Experience-API-Version": VERSION},
    )


def unreachable(error: httpx.HTTPError) -> Unavailable:
    """That nobody answered. Of the error only its kind: it may say a name and password."""
    if isinstance(error, httpx.TimeoutException):
        return Unavailable("The learning record store did not answer in time.")
    return Unavailable(
        f"The learning record store can't be reached ({type(error).__name__}). Check "
        "COACHBOT_LRS_URL, and whether it runs."
    )


def why(status: int) -> str:
    """What a status says that is about all statements, and what to do."""
    if status in (401, 403):
        return (
            f"The learning record store refused the key (status {status}). Check COACHBOT_LRS_KEY "
            "and COACHBOT_LRS_SECRET, and that they may write statements."
        )
    if status == 404 or 300 <= status < 400:
        return (
            f"There is no learning record store at COACHBOT_LRS_URL (status {status}). The address "
            "should be the one to which /statements is added, such as "
            "https://lrs.example.org/xapi."
        )
    if status == 429:
        return "The learning record store asks for more time between requests (status 429)."
    return f"The learning record store failed (status {status}); it may work again later."


def _asked_for(answer: httpx.Response) -> float | None:
    """Seconds of a ``Retry-After``, as far as it is a number."""
    text = answer.headers.get("retry-after", "")
    return min(float(text), LONGEST_WAIT) if text.isascii() and text.isdecimal() else None


class Sender:
    """Sends in a thread of its own until it is told to stop."""

    def __init__(self, store: RecordStore, every: float = EVERY) -> None:
        self._store = store
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="record-store", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End after the request that is under way; what was not marked is sent another time."""
        self._stop.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        failures = 0
        wait = 0.0
        while not self._stop.wait(wait):
            wait = self._every
            try:
                sent = self._store.send_waiting(stop=self._stop.is_set)
                failures = 0
                if sent.taken or sent.refused:
                    _log.info("statements_sent", sessions=sent.taken, refused=sent.refused)
            except Unavailable as error:
                failures += 1
                wait = error.wait or min(LONGEST_WAIT, self._every * 2 ** min(failures, 10))
                _log.warning("record_store", problem=error.message, again_in=round(wait))
            except StoreError as error:
                _log.error("record_store_database", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001  # the page goes on, and so does this
                failures += 1
                wait = min(LONGEST_WAIT, self._every * 2 ** min(failures, 10))
                _log.error("record_store_failed", error=type(error).__name__)
