"""The updates that wait for the bot, and who may have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.telegram.api.errors import Json

NOT_UNLESS_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds that are sent only when ``allowed_updates`` names them."""

KEPT = 1000
"""Confirmed updates that are remembered, so that they can be sent again."""


@dataclass
class _Waiting:
    """An update that is not confirmed; ``again`` is one that must go out before it can be."""

    update: Json
    again: bool = False


@dataclass
class Updates:
    """A queue that keeps each update until it is confirmed.

    ``poller`` counts calls of getUpdates: only the last one is served.
    """

    next_id: int = 1000
    allowed: list[str] = field(default_factory=list)
    poller: int = 0
    _waiting: list[_Waiting] = field(default_factory=list)
    _confirmed: list[Json] = field(default_factory=list)
    _restarted: bool = False

    def restart_at(self, number: int) -> None:
        """Number the next update ``number``, whatever came before.

        An offset may then date from the old numbers, so that from now on updates must go out
        before one can confirm them.
        """
        self.next_id = number
        self._restarted = True

    def add(self, kind: str, content: Json) -> None:
        """Queue an update, unless the bot does not want this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_UNLESS_ASKED
        if wanted:
            update = {"update_id": self.next_id, kind: content}
            self._waiting.append(_Waiting(update, again=self._restarted))
            self.next_id += 1

    def waiting(self, limit: int | None = None) -> list[Json]:
        """The oldest updates that are not confirmed."""
        return [item.update for item in self._waiting[:limit]]

    def hand_out(self, limit: int) -> list[Json]:
        """The oldest updates, which may be confirmed from now on."""
        for item in self._waiting[:limit]:
            item.again = False
        return self.waiting(limit)

    def confirm_below(self, offset: int) -> None:
        """Forget what getUpdates confirms by ``offset``.

        A negative one keeps that many from the end. An offset far beyond the newest update
        dates from before the numbers were restarted, and confirms nothing.
        """
        if offset < 0:
            self._forget(self._waiting[:offset])
            return
        upto = [i for i, item in enumerate(self._waiting) if item.update["update_id"] == offset - 1]
        if upto:
            self._forget(self._waiting[: upto[-1] + 1])
        elif offset <= self.next_id + 10:
            self._forget([item for item in self._waiting if item.update["update_id"] < offset])

    def confirm(self, update: Json) -> None:
        """Forget one update, which a webhook has taken."""
        self._forget([item for item in self._waiting if item.update is update])

    def drop_all(self) -> None:
        """Forget everything that waits, as ``drop_pending_updates`` asks."""
        self._waiting.clear()

    def again(self, count: int) -> None:
        """Queue the last ``count`` confirmed updates once more, before all others."""
        self._waiting[:0] = [_Waiting(update, again=True) for update in self._confirmed[-count:]]

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Take over ``allowed_updates``: None keeps what was set, nothing in it is the default."""
        if kinds is not None:
            self.allowed = list(kinds)

    def _forget(self, items: list[_Waiting]) -> None:
        gone = [item for item in items if not item.again]
        self._confirmed = [*self._confirmed, *(item.update for item in gone)][-KEPT:]
        identities = {id(item) for item in gone}
        self._waiting = [item for item in self._waiting if id(item) not in identities]
