"""How it bears fifty people at once: ``python -m tests.telegram.load --people 50 --minutes 30``.

Everybody is in a conversation and writes a message every 20 seconds. Measured are the time from a
message to the first bubble of the answer, with the pauses set to nothing (else one would measure
these), the memory of the bot over time, and how many messages a second the bot answers when they
come as fast as they can, beside a bot of the same library that only says back what it hears, keeps
nothing and scores nothing. ``--real`` loads the models; without it there are the quick ones.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.telegram.api import BotApi, running
from tests.telegram.hire import Hire
from tests.telegram.process import QUICK, REAL, Process, Started
from tests.telegram.soak import OPENERS, QUESTIONS, SCENARIOS

EVERY = 20.0
"""Seconds between two messages of a person."""
BURST = 5
"""Messages of each person when throughput is measured."""
LOOKS = 12
"""How often memory is shown."""

ECHO = """
import sys
from telegram.ext import AIORateLimiter, Application, MessageHandler, filters

async def echo(update, _context):
    await update.message.reply_text(update.message.text)

application = (
    Application.builder().token(sys.argv[1]).base_url(sys.argv[2]).concurrent_updates(True)
    .rate_limiter(AIORateLimiter()).build()
)
application.add_handler(MessageHandler(filters.TEXT, echo))
application.run_polling()
"""


def real(environment: Mapping[str, str], out: Path, err: Path) -> Started:
    """Start the bot with its models on all cores, as people run it; tests give it one."""
    return REAL({**environment, "OMP_NUM_THREADS": str(os.cpu_count() or 1)}, out, err)


@dataclass
class Load:
    """People who chat with a bot, and how long each message had to wait."""

    api: BotApi
    hires: list[Hire]
    rng: random.Random
    waits: list[float] = field(default_factory=list)
    lost: int = 0

    def chat(self, seconds: float, pid: int) -> list[tuple[float, float]]:
        """Let everybody write every 20 seconds; return the memory in MB over the time."""
        began = time.monotonic()
        # They begin at different moments, as people do.
        due = {i: began + self.rng.uniform(0, EVERY) for i in range(len(self.hires))}
        open_since: dict[int, tuple[float, int]] = {}
        memory: list[tuple[float, float]] = []
        next_look = began
        while (now := time.monotonic()) < began + seconds or open_since:
            if now >= next_look:
                memory.append((now - began, resident(pid)))
                next_look += seconds / LOOKS
            for i, (since, before) in list(open_since.items()):
                if self._last(i) > before:
                    self.waits.append(time.monotonic() - since)
                    del open_since[i]
                elif now - since > 60:
                    self.lost += 1
                    del open_since[i]
            for i, at in due.items():
                if at <= now < began + seconds and i not in open_since:
                    due[i] = at + EVERY
                    before = self._last(i)
                    open_since[i] = (time.monotonic(), before)
                    self._say(i)
            time.sleep(0.005)
        return memory

    def burst(self) -> float:
        """Let everybody write as soon as they were answered; return answers a second."""
        left = dict.fromkeys(range(len(self.hires)), BURST)
        before = {i: self._last(i) for i in left}
        began = time.monotonic()
        for i in left:
            self._say(i)
        while left:
            for i in list(left):
                if self._last(i) > before[i]:
                    left[i] -= 1
                    before[i] = self._last(i)
                    if left[i]:
                        self._say(i)
                    else:
                        del left[i]
            assert time.monotonic() - began < 300, f"no answer for {len(left)} people"
            time.sleep(0.002)
        return len(self.hires) * BURST / (time.monotonic() - began)

    def _say(self, i: int) -> None:
        hire = self.hires[i]
        # A conversation may have come to its end; then the next one begins with the next message.
        shown = hire.person.messages()[-1:]
        if shown and any(b.text == "Skip to the debrief" for b in shown[0].buttons):
            hire.person.press("Skip to the debrief")
        elif shown and any(b.text == "Practise this again" for b in shown[0].buttons):
            scenario = self.rng.choice(SCENARIOS)
            self._begin_again(hire, scenario)
        else:
            hire.person.say(f"{self.rng.choice(OPENERS)} {self.rng.choice(QUESTIONS)}")

    def _begin_again(self, hire: Hire, scenario: str) -> None:
        with self.api.world.changes.changing():
            message = hire.person.messages()[-1]
            self.api.world.notify(
                "callback_query",
                {
                    "id": str(self.rng.getrandbits(60)),
                    "from": hire.person.user,
                    "message": message.data,
                    "chat_instance": "1",
                    "data": f"go:{scenario}",
                },
            )

    def _last(self, i: int) -> int:
        chat = self.api.world.chats[self.hires[i].person.id]
        with self.api.world.changes.reading():
            mine = self.api.world.bot["id"]
            newest = next(
                (m for m in reversed(chat.messages.values()) if m.data["from"]["id"] == mine), None
            )
            return newest.id if newest is not None else 0


def resident(pid: int) -> float:
    """Memory of a process, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share of all values doesn't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def echo_throughput(people: int) -> float:
    """Answers a second of a bot that says back what it hears."""
    with running() as api:
        command = [sys.executable, "-c", ECHO, api.token, api.base_url]
        process = subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"})
        try:
            hires = [Hire(api.person(f"P{i}"), Process(QUICK, api, Path())) for i in range(people)]
            for hire in hires:
                hire.person.say("hello")
            for hire in hires:
                hire.person.wait_for_blocking("hello", 60)
            return Load(api, hires, random.Random(1)).burst()
        finally:
            process.terminate()
            process.wait(30)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description="Let many people chat at once, and measure.")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--real", action="store_true", help="with the models")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, running() as api:
        process = Process(real if chosen.real else QUICK, api, Path(folder, "bot"))
        try:
            process.start(timeout=180)
            hires = [Hire.talking(process, f"P{i}") for i in range(chosen.people)]
            load = Load(api, hires, random.Random(1))
            memory = load.chat(chosen.minutes * 60, process.pid)
            process.settled(60)
            throughput = load.burst()
        finally:
            process.clean_up()
    echo = echo_throughput(chosen.people)
    waits = load.waits
    say = sys.stdout.write
    say(
        f"{chosen.people} people, {chosen.minutes:g} minutes, a message every {EVERY:g} s each: "
        f"{len(waits)} answered, {load.lost} not\n"
    )
    for share in (0.5, 0.9, 0.95, 0.99, 1.0):
        say(f"  {share:4.0%} within {percentile(waits, share):.2f} s\n")
    say("memory in MB: " + ", ".join(f"{at:.0f} s {mb:.0f}" for at, mb in memory) + "\n")
    say(f"as fast as they can: {throughput:.1f} answers/s; a bare echo bot: {echo:.1f}\n")
    return 1 if load.lost else 0


if __name__ == "__main__":
    sys.exit(main())
