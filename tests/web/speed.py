"""How long each page takes, as a multiple of an empty page of the same server in the same run.

    python -m tests.web.speed [--people 200] [--sessions 50] [--turns 8] [--rounds 9]

A database is filled by the store's own calls, and while pages are asked for another process writes
to it as the bot does: conversations go on, a reply each, and end. Growth is measured beside it,
with a tenth of the people: once with as many sessions each, once with ten times as many, which is
all of them again. In both every list is full, so that nothing should grow. Ends with status 1 where
a page takes more than 20 times the empty one, or more than half as much work again.

Times are medians; work is processor time, the least of all rounds, on which other programs on the
machine bear less. Files to download are left out: they are as long as what is in them.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from coachbot.coaching.people import person_of
from coachbot.coaching.reviewing import Dispute
from coachbot.scoring.interface import DIMENSIONS
from coachbot.session import machine
from coachbot.session.models import Session
from coachbot.store import Store, open_store
from coachbot.web.office import Rates
from coachbot.web.pages.all_pages import PAGES
from tests.session.made import begun, evidence, gone_on, reason
from tests.web.conftest import signed_in
from tests.web.made import (
    FIRST,
    MARA,
    PLAYED,
    SCENARIOS,
    SCORER,
    TEAM,
    Clock,
    Site,
    a_score,
    member,
    running,
)

MOST = 20.0
"""Times the empty page."""
GROWN = 1.5
"""Times the work on the same page with a tenth of the sessions: noise stays below it."""
EMPTY = "/nothing-is-here"
REPLY = "I am sorry, Mr Whitlock. I have looked it up: it left the depot at eight this morning."
WRITES = 20.0
"""Replies a second that are written meanwhile: more than 50 people type."""
BATCH = 200
GRADED = 120
DISPUTES = 60
KINDS = 60
"""Sessions that are made; all others are these, of other people at other times."""


def kinds(turns: int) -> list[Session]:
    """Finished sessions of every scenario and level, with evidence and reasons."""
    found = []
    for number in range(KINDS):
        draw = random.Random(number)
        scenario = SCENARIOS.scenario(PLAYED[number % len(PLAYED)]).scenario
        session = begun(scenario, id="kind", scorer=SCORER, seed=number)
        level = draw.uniform(15, 85)
        for turn in range(1, turns + 1):
            worth = a_score((level, draw.uniform(10, 90), draw.uniform(10, 90)))
            words = [evidence(d, REPLY[: 10 + turn], 4.0) for d in DIMENSIONS]
            over = ("resolved" if level > 50 else "left") if turn == turns else None
            session = gone_on(
                session,
                f"{REPLY} ({turn})",
                worth=worth.model_copy(update={"evidence": tuple(words)}),
                mood=level,
                reasons=(reason("heard", 1.5, REPLY[:20]), reason("help", 2.0)),
                outcome=over,
            )
        session = machine.rate(session, None)
        found.append(session.model_copy(update={"passed": level > 50}))
    return found


def fill(store: Store, clock: Clock, people: int, sessions: int, turns: int) -> None:
    """One team of so many people with so many sessions each, questions and grades."""
    member(store, MARA, "Mara Lind", "supervisor", "trainer")
    draw = random.Random(1)
    made = kinds(turns)
    for number in range(people):
        hire = member(store, FIRST + number, f"Hire {number:03}")
        with store.transaction():
            for played in range(sessions):
                days = 200 * (sessions - played) / sessions + draw.random()
                store.save(
                    draw.choice(made).model_copy(
                        update={
                            "id": f"s-{number}-{played}",
                            "person": hire.person,
                            "started": clock.days_ago(days),
                        }
                    )
                )


def review(site: Site, people: int) -> None:
    """Questions that wait, and blind grades of many sessions by the supervisor."""
    for number in range(min(DISPUTES, people)):
        site.store.reviews.add_dispute(
            Dispute(
                id=f"d-{number}",
                session=f"s-{number}-0",
                dimension="empathy",
                comment="I did say sorry, right at the start.",
                opened=site.clock.days_ago(number / 10),
            )
        )
    draw = random.Random(2)
    with site.store.transaction():
        for number in range(min(GRADED, people)):
            name = f"s-{number}-1"
            for dimension in DIMENSIONS:
                site.office.reviewing.grade_blind(
                    name, dimension, draw.uniform(10, 90), graded_by=person_of(MARA)
                )


def write(path: str, people: int, turns: int) -> None:
    """Go on with conversations of many people, a reply at a time, until the process is ended."""
    made = kinds(turns)
    clock = Clock()
    draw = random.Random()
    with open_store(path) as store:
        going: list[tuple[Session, int]] = []
        while True:
            began = time.monotonic()
            if len(going) < min(50, people):
                person = person_of(FIRST + draw.randrange(people))
                name = f"w-{draw.getrandbits(48):012x}"
                changes = {"id": name, "person": person, "started": clock.iso()}
                going.append((draw.choice(made).model_copy(update=changes), 0))
            session, done = going.pop(0)
            done += 1
            now = session
            if done < turns:
                now = session.model_copy(
                    update={
                        "turns": session.turns[:done],
                        "phase": "conversation",
                        "outcome": None,
                        "passed": None,
                    }
                )
                going.append((session, done))
            store.save(now)
            time.sleep(max(0.0, 1 / WRITES - (time.monotonic() - began)))


@contextmanager
def writing(path: Path, people: int, turns: int) -> Iterator[None]:
    """Another process that writes."""
    command = [sys.executable, "-m", "tests.web.speed", "--write", str(path)]
    command += ["--people", str(people), "--turns", str(turns)]
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        ended = process.poll()
        process.terminate()
        process.wait(20)
        if ended is not None:
            raise RuntimeError("nothing was written meanwhile: the other process has ended")


def addresses(site: Site) -> list[str]:
    """Every page of the program that is read, and its views."""
    team, person = site.team(TEAM), site.person(FIRST)
    known = {
        "team": site.key("team", TEAM),
        "person": site.key("person", person_of(FIRST)),
        "scenario": PLAYED[0],
        "session": "s-0-0",
        "dimension": "empathy",
        "question": "d-0",
    }
    found = []
    for page in PAGES:
        if page.show is None or page.action is None or "." in page.path:
            continue
        path = page.path
        for name, value in known.items():
            path = path.replace(f"{{{name}}}", value)
        # A file for a team, which is as long as what is in it, keeps a name that isn't known.
        if "{" not in path:
            # Blind only what was not opened with its scores.
            found.append("/grade/s-1-0" if page.path.startswith("/grade/") else path)
    found += [
        f"{team}?view=skills", f"{team}?view=scenarios", f"{team}?page=9&time=90",
        f"{team}?scenario={PLAYED[1]}", f"{person}?time=30", f"{person}?scorer={SCORER}",
        f"/sessions?scenario={PLAYED[2]}&time=365", "/sessions?result=left",
        "/sessions?only=question", "/sessions?only=ungraded", "/sessions?only=unopened",
        f"/sessions?person={site.key('person', person_of(FIRST))}&result=passed",
        f"/sessions?after={site.clock.days_ago(150).replace('+00:00', '')}%2B00:00_1",
        "/trust?draw=3",
    ]  # fmt: skip
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Took:
    """A page: times the empty page's seconds, and times its processor seconds."""

    times: float
    work: float


def timed(client: httpx.Client, paths: Sequence[str], rounds: int) -> dict[str, Took]:
    """How long each page takes.

    All pages in turn, each round, and an empty one before each: what else the machine does bears on
    both alike.
    """
    pages = []
    for path in paths:
        answer = client.get(path)
        kind = answer.headers["content-type"]
        if answer.status_code != 200 or not kind.startswith("text/html"):
            sys.stdout.write(f"{path}: left out, it answers {answer.status_code}\n")
        elif "content-disposition" not in answer.headers:
            pages.append(path)
    empty: list[tuple[float, float]] = []
    usual: dict[str, list[tuple[float, float]]] = {path: [] for path in pages}
    for _ in range(rounds):
        for path, took in usual.items():
            empty.append(_seconds(client, EMPTY))
            took.append(_seconds(client, path))
    base, base_work = statistics.median(one for one, _ in empty), min(one for _, one in empty)
    sys.stdout.write(f"the empty page: {1000 * base:.1f} ms, {1000 * base_work:.1f} of work\n")
    return {
        path: Took(
            times=statistics.median(one for one, _ in took) / base,
            work=min(one for _, one in took) / base_work,
        )
        for path, took in usual.items()
    }


def _seconds(client: httpx.Client, path: str) -> tuple[float, float]:
    began, began_work = time.perf_counter(), time.process_time()
    client.get(path)
    return time.perf_counter() - began, time.process_time() - began_work


def measure(people: int, sessions: int, turns: int, rounds: int) -> dict[str, Took]:
    """Every page by its address."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder, "c.db")) as store:
        began = time.monotonic()
        fill(store, clock, people, sessions, turns)
        with running(store, clock, rates=Rates((1000, 60.0), (1000, 60.0))) as site:
            review(site, people)
            sys.stdout.write(
                f"{people} people, {sessions} sessions each, {turns} turns: "
                f"{store.path.stat().st_size / 1e6:.0f} MB, {time.monotonic() - began:.0f} s\n"
            )
            with signed_in(site, MARA) as client, writing(store.path, people, turns):
                found = timed(client, addresses(site), rounds)
            names = {site.key("team", TEAM): "TEAM", site.key("person", person_of(FIRST)): "PERSON"}
    return {_named(path, names): took for path, took in found.items()}


def _named(path: str, names: dict[str, str]) -> str:
    for key, name in names.items():
        path = path.replace(key, name)
    return "/sessions?after=…" if "after=" in path else path


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description="How long pages take on a large database.")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--write", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.write:
        write(chosen.write, chosen.people, chosen.turns)
    size, rounds = (chosen.sessions, chosen.turns), chosen.rounds
    all_of_it = measure(chosen.people, *size, rounds)
    people = max(2, chosen.people // 10)
    few = measure(people, *size, rounds)
    many = measure(people, 10 * chosen.sessions, chosen.turns, rounds)
    wrong = 0
    sys.stdout.write(f"\n{'times the empty page':>56}   work   a tenth   all   grown\n")
    for path, took in sorted(all_of_it.items(), key=lambda item: -item[1].times):
        # What can't be measured with few people has not grown.
        before, after = few.get(path, took), many.get(path, took)
        grown = after.work / before.work
        bad = took.times > MOST or grown > GROWN
        wrong += bad
        sys.stdout.write(
            f"{path:48}{took.times:8.1f}{took.work:7.1f}{before.work:10.1f}{after.work:6.1f}"
            f"{grown:8.2f}{'  <--' if bad else ''}\n"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
