"""Kills the bot at random moments while many chats talk to it: ``python -m tests.telegram.soak``.

``--kills 100 --chats 20 --seed N``. The same scripts are played twice, without kills and with them,
and both must come to the same:

- every reply of a hire is in their session, in its place, and scored once;
- every session has the same turns, scores and answers of the customer, and ends the same way;
- everybody was sent the same messages in the same order; only what was on its way when the bot was
  killed may stand there again, right behind itself: at most one message a chat for each kill.

Ends with 1 if anything differs, and says what.
"""

from __future__ import annotations

import argparse
import difflib
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.telegram.api import running
from tests.telegram.hire import AGREE, Hire, invitation
from tests.telegram.process import Nursery, Process, Start

SCENARIOS = ("late-parcel", "charged-twice", "bereaved", "frozen-card")
"""Of those on the first page of the list."""
OPENERS = (
    "I'm so sorry, that must be awful for you.",
    "Since you said it is urgent, I understand.",
    "Whatever, calm down please.",
    "Let me look into that for you.",
    "Thank you for telling me.",
)
QUESTIONS = (
    "What day do you need it by?",
    "How can I reach you?",
    "When did this begin?",
    "Can I send it tonight, free of charge?",
    "I will take care of it in person and write to you.",
)
REPLIES = 5
"""Replies in each session."""
LONGEST_LIFE = 0.25
"""Seconds from a step to the kill that it brings about, at most: longer than any step takes."""
SENDING = ("sendMessage", "sendPhoto", "sendDocument", "editMessageText")
"""What somebody sees."""
PATIENCE = 60.0
"""Seconds without any step after which it counts as stuck."""

Step = tuple[str, str]
"""What somebody does, and with what."""


def script(number: int, seed: int) -> Iterator[Step]:
    """What somebody does from the link to the debrief; the same for the same number and seed."""
    rng = random.Random(f"{seed}:{number}")
    scenario = SCENARIOS[number % len(SCENARIOS)]
    yield "press", AGREE
    yield "say", "/practice"
    yield "press", "All scenarios"
    yield "press", f"brief:{scenario}"
    yield "press", f"go:{scenario}"
    for turn in range(REPLIES):
        yield "say", f"{rng.choice(OPENERS)} {rng.choice(QUESTIONS)} ({number}, {turn})"
        if rng.random() < 0.3:
            yield "say", rng.choice(["/hint", "/brief", "/settings", "/help"])
    yield "say", "/end"
    yield "end", "Yes, end it"
    yield "press", "Skip to the debrief"


@dataclass(frozen=True)
class Outcome:
    """What came of all scripts: by person, their sessions and what the bot sent them."""

    sessions: dict[str, list[tuple[Any, ...]]]
    sent: dict[str, list[str]]
    replies: dict[str, list[str]]
    kills: int
    seconds: float


@dataclass
class Soak:
    """Plays the scripts of so many chats; ``kills`` are spread over all their steps."""

    process: Process
    chats: int
    kills: int
    seed: int
    killed: int = 0
    _begun: int = 0
    _next_kill: float | None = None
    _positions: list[int] = field(default_factory=list)

    def play(self) -> Outcome:
        """Play to the end. Raises AssertionError if it gets stuck."""
        began = time.monotonic()
        rng = random.Random(self.seed)
        hires = [Hire.new(self.process, f"Person {i}") for i in range(self.chats)]
        scripts = {h.person.id: list(script(i, self.seed)) for i, h in enumerate(hires)}
        total = sum(map(len, scripts.values()))
        self._positions = sorted(rng.randrange(1, total) for _ in range(self.kills))
        for hire in hires:
            hire.person.start(invitation(self.process))
        last = time.monotonic()
        while True:
            self._perhaps_kill(rng)
            busy = self._busy()
            waiting = [h for h in hires if scripts[h.person.id] and h.person.id not in busy]
            for hire in waiting:
                self._do(hire, scripts[hire.person.id].pop(0))
                last = time.monotonic()
            # Who did something just now is busy again, which has not been looked at yet.
            if not (waiting or busy or self._positions or any(scripts.values())):
                break
            assert time.monotonic() - last < PATIENCE, f"stuck: {busy}\n{self.process.err[-2000:]}"
            time.sleep(0.002)
        return self._outcome(hires, time.monotonic() - began)

    def _do(self, hire: Hire, step: Step) -> None:
        do, what = step
        self._begun += 1
        match do:
            case "say":
                hire.person.say(what)
            case "press":
                hire.person.press(what)
            case "end":
                # The customer may have ended it before.
                shown = hire.person.messages()[-1].buttons
                if any(button.text == what for button in shown):
                    hire.person.press(what)

    def _perhaps_kill(self, rng: random.Random) -> None:
        if self._next_kill is None:
            if self._positions and self._begun >= self._positions[0]:
                self._next_kill = time.monotonic() + rng.uniform(0.0, LONGEST_LIFE)
        elif time.monotonic() >= self._next_kill:
            self.process.kill()
            self.killed += 1
            self._positions.pop(0)
            self._next_kill = None
            # Some are killed before they have come up.
            self.process.start(until_running=rng.random() < 0.8)

    def _busy(self) -> set[int]:
        """The chats in which something waits: an update, a reply, or a message."""
        updates = self.process.api.waiting_updates()
        busy = {_chat_of(update) for update in updates}
        query = (
            "SELECT chat FROM inbox WHERE state = 'new' UNION SELECT chat FROM outbox "
            "WHERE state = 'new' UNION SELECT telegram FROM drafts JOIN members USING (person)"
        )
        return busy | {chat for (chat,) in self.process.rows(query)}

    def _outcome(self, hires: Sequence[Hire], seconds: float) -> Outcome:
        sessions = {}
        replies = {}
        for hire in hires:
            found = self.process.rows(
                "SELECT s.scenario, s.phase, s.outcome, s.passed, t.number, t.agent, t.answer, "
                "group_concat(x.dimension || ' ' || coalesce(x.score, x.reason), '; ') "
                "FROM sessions s LEFT JOIN turns t ON t.session_id = s.id LEFT JOIN "
                "(SELECT * FROM turn_scores ORDER BY dimension) x "
                "ON x.session_id = t.session_id AND x.number = t.number WHERE s.person = ? "
                "GROUP BY s.rowid, t.number ORDER BY s.rowid, t.number",
                hire.id,
            )
            sessions[hire.person.first_name] = found
            replies[hire.person.first_name] = [row[5] for row in found]
        sent = {h.person.first_name: self._sent_to(h) for h in hires}
        return Outcome(sessions, sent, replies, self.killed, seconds)

    def _sent_to(self, hire: Hire) -> list[str]:
        """What Telegram has taken for somebody, in its order.

        Not what stands in the chat in the end: of two copies of a message, only one may have been
        changed later.
        """
        return [
            f"{call.method}: {call.params.get('text') or call.params.get('caption') or ''}"
            for call in self.process.api.calls(chat=hire.person)
            if call.carried_out and call.method in SENDING
        ]


def _chat_of(update: dict[str, Any]) -> int:
    content = update.get("message") or update["callback_query"]["message"]
    chat: int = content["chat"]["id"]
    return chat


def differences(calm: Outcome, shaken: Outcome) -> tuple[list[str], int]:
    """What is not as without kills; and how many messages were sent twice, as they may be."""
    found = []
    doubled = 0
    for name in calm.sessions:
        if len(set(shaken.replies[name])) != len(shaken.replies[name]):
            found.append(f"{name}: a reply was scored twice")
        if calm.replies[name] != shaken.replies[name]:
            found.append(f"{name}: replies {_changed(calm.replies[name], shaken.replies[name])}")
        elif calm.sessions[name] != shaken.sessions[name]:
            found.append(f"{name}: session {_changed(calm.sessions[name], shaken.sessions[name])}")
        before, after = _runs(calm.sent[name]), _runs(shaken.sent[name])
        if [text for text, _ in before] != [text for text, _ in after]:
            found.append(f"{name}: was sent {_changed(calm.sent[name], shaken.sent[name])}")
            continue
        more = [b - a for (_, a), (_, b) in zip(before, after, strict=True)]
        if min(more) < 0:
            found.append(f"{name}: a message is missing")
        if sum(more) > shaken.kills:
            found.append(f"{name}: {sum(more)} messages twice at {shaken.kills} kills")
        doubled += sum(more)
    return found, doubled


def _changed(before: Sequence[object], after: Sequence[object]) -> str:
    lines = difflib.unified_diff([*map(str, before)], [*map(str, after)], n=1, lineterm="")
    return "".join(f"\n    {line:.200}" for line in lines)


def _runs(texts: list[str]) -> list[tuple[str, int]]:
    return [(text, len(list(same))) for text, same in itertools.groupby(texts)]


def run(start: Start, folder: Path, *, chats: int, kills: int, seed: int) -> Outcome:
    """Play all scripts on a new bot."""
    with running() as api:
        process = Process(start, api, folder, patience={"look": 0.5})
        try:
            outcome = Soak(process.start(), chats, kills, seed).play()
        finally:
            process.clean_up()
        bad = ("no JSON", "update_failed", "reply_failed", "message_refused", "update_given_up")
        logged = [event for event in process.events if event["event"] in bad]
        assert not logged, logged[:5]
    return outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Play with kills and without, compare, print what came of it."""
    parser = argparse.ArgumentParser(description="Kill the bot at random moments, and compare.")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    nursery = Nursery()
    try:
        with tempfile.TemporaryDirectory() as folder:
            how = {"chats": chosen.chats, "seed": chosen.seed}
            calm = run(nursery, Path(folder, "calm"), kills=0, **how)
            shaken = run(nursery, Path(folder, "shaken"), kills=chosen.kills, **how)
    finally:
        nursery.close()
    found, doubled = differences(calm, shaken)
    replies = sum(map(len, shaken.replies.values()))
    messages = sum(map(len, shaken.sent.values()))
    sys.stdout.write(
        f"{chosen.chats} chats, {replies} replies scored, {messages} messages sent, seed "
        f"{chosen.seed}\n"
        f"without kills: {calm.seconds:.0f} s; with {shaken.kills} kills: {shaken.seconds:.0f} s\n"
        f"messages sent twice because of a kill: {doubled}\n"
        f"differences to the run without kills: {len(found)}\n"
    )
    for difference in found:
        sys.stdout.write(f"  {difference}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
