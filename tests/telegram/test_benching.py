"""A trainer has a scenario benched: asked for, played beside everything else, told in the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coachbot.coaching.bench_jobs import MOST_WAITING
from coachbot.coaching.people import Member
from coachbot.reporting.bench_models import (
    BenchResult,
    DifficultyFigures,
    Flag,
    KindFigures,
    LineFigures,
    QuestionFigures,
    Share,
)
from coachbot.reporting.scenario_overviews import KeptBench
from coachbot.scenario.models import Difficulty
from coachbot.telegram.office import Office
from coachbot.telegram.rendering import benching as texts
from tests.telegram.api import Message
from tests.telegram.api.errors import bad_request
from tests.telegram.api.faults import Fault
from tests.telegram.hire import GOOD, Hire, labels
from tests.telegram.made import again, member, office, press
from tests.telegram.process import Process
from tests.telegram.test_trainer import TITLE, QuickCoach, read, send, sent_as

TOO_EASY = Flag(
    name="too_easy", means="Agents pass who should not.", do="Raise the marks.", details=("cold",)
)


def kind(name: str, passed: float, sessions: int = 3) -> KindFigures:
    """A kind of agent of which a share passed."""
    share = Share(value=passed, low=0.0, high=1.0)
    return KindFigures(
        kind=name,
        sessions=sessions,
        passed=share,
        resolved=share,
        resolved_coldly=share,
        outcomes={},
        turns=5.0,
        conceded=passed,
        turns_until_conceding=None,
        mood=(30.0, 50.0),
        values={},
        margin=0.0,
    )


def result(*flags: Flag, intended: Difficulty = "medium", version: int = 1) -> BenchResult:
    """What a bench came to."""
    return BenchResult(
        scenario="our-train",
        title=TITLE,
        version=version,
        scorer="by hand",
        seeds=3,
        voices=("own",),
        own_words=True,
        sessions=9,
        kinds=(kind("excellent", 1.0), kind("middling", 1 / 3), kind("cold", 0.0)),
        separation=None,
        separation_by_scores=None,
        difficulty=DifficultyFigures(intended=intended, measured=48.0, level="medium"),
        lines=LineFigures(total=9, used=9, share=1.0, unreached_banks=(), dead=(), repeated=()),
        questions=QuestionFigures(asked=0, answered=0, share=None, missed={}),
        needs=(),
        facts_volunteered=0.0,
        needs_volunteered=0.0,
        flags=flags,
    )


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    """An office whose coach needs no models."""
    with office(tmp_path) as opened:
        opened.coach = QuickCoach(opened.coach.casting, opened.sessions)  # type: ignore[assignment]
        yield opened


@pytest.fixture
def tara(here: Office) -> Member:
    """A trainer."""
    return member(here, 1, "Tara", "trainer")


# --- Asking ---------------------------------------------------------------------------------------


def test_a_bench_is_asked_for_once(here: Office, tara: Member) -> None:
    """The trainer reads at once what happens; a second tap, or another trainer, adds nothing."""
    told: list[None] = []
    here.bench_changed = lambda: told.append(None)
    (card,) = send(here, tara, sent_as())
    press(here, tara, card.button("Bench it"))
    (answer,) = read(here, tara)
    assert "I'm benching" in answer.text
    (job,) = here.benching.jobs.waiting()
    assert ("our-train", 1, tara.person, job.id) == (
        job.scenario,
        job.version,
        job.person,
        answer.bench,
    )
    press(here, tara, card.button("Bench it"))
    assert "already" in read(here, tara)[0].text
    tom = member(here, 2, "Tom", "trainer")
    press(here, tom, card.button("Bench it"))
    assert "Another trainer" in read(here, tom)[0].text
    assert [job] == here.benching.jobs.waiting()
    assert [None] == told


def test_others_wait_and_too_many_are_refused(here: Office, tara: Member) -> None:
    """Whoever asks reads how many come first; a queue that is full says so."""
    for number in range(MOST_WAITING + 1):
        (card,) = send(here, tara, sent_as(f"train-{number}"))
        press(here, tara, card.button("Bench it"))
        (answer,) = read(here, tara)
        if number == 2:
            assert "as soon as 2 benches asked for earlier are over" in answer.text
    assert "Ask again" in answer.text
    assert MOST_WAITING == len(here.benching.jobs.waiting())


def test_a_bench_that_is_not_wanted_any_more(here: Office, tara: Member) -> None:
    """It is stopped by its button, once."""
    (card,) = send(here, tara, sent_as())
    press(here, tara, card.button("Bench it"))
    (answer,) = read(here, tara)
    press(here, tara, answer.button("Stop the bench"))
    assert "is stopped" in read(here, tara)[0].text
    assert [] == here.benching.jobs.waiting()
    press(here, tara, answer.button("Stop the bench"))
    assert "over already" in read(here, tara)[0].text


def test_only_trainers_of_the_team_bench_and_stop(here: Office, tara: Member) -> None:
    """A button in the wrong hands does nothing, nor does one of a trainer who has left."""
    (card,) = send(here, tara, sent_as())
    wrong = (
        member(here, 2, "Tim"),
        member(here, 3, "Sol", "supervisor"),
        member(here, 4, "Olga", "trainer", team="Elsewhere"),
    )
    for who in wrong:
        press(here, who, card.button("Bench it"))
    assert [] == here.benching.jobs.waiting()
    press(here, tara, card.button("Bench it"))
    (job,) = here.benching.jobs.waiting()
    for who in wrong:
        press(here, who, f"unbench:{job.id}")
        assert "our-train" not in "".join(one.text for one in read(here, who))
    press(here, tara, "unbench:1e3")
    assert [job.id] == [one.id for one in here.benching.jobs.waiting()]
    here.members.leave(tara.person, "Returns desk", "2026-03-05T10:00:00+00:00")
    press(here, tara, f"unbench:{job.id}")
    assert [job.id] == [one.id for one in here.benching.jobs.waiting()]


def test_whoever_is_forgotten_waits_for_nothing(here: Office, tara: Member) -> None:
    """A job goes with the person, and is theirs to see before."""
    (card,) = send(here, tara, sent_as())
    press(here, tara, card.button("Bench it"))
    asked = here.people.export(again(here, tara))["benches_asked_for"]
    assert [("our-train", 1)] == [(one["scenario"], one["version"]) for one in asked]
    here.people.forget(again(here, tara))
    assert [] == here.benching.jobs.waiting()


# --- Reading what came of it ----------------------------------------------------------------------


def test_publishing_mentions_the_flags_of_this_version(here: Office, tara: Member) -> None:
    """A bench is no condition; but what one has found stands where it is published."""
    (card,) = send(here, tara, sent_as())
    here.benching.kept.keep("our-train", result(TOO_EASY), "2026-03-05T09:00:00+00:00")
    press(here, tara, "card:our-train:1")
    assert "Benched today: one flag (too easy)." in read(here, tara)[0].text
    press(here, tara, card.button("Publish"))
    assert "Its bench raised one flag" in read(here, tara)[0].text
    (card,) = send(here, tara, sent_as())
    press(here, tara, card.button("Publish"))
    assert "bench" not in read(here, tara)[0].text


def test_a_result_in_words() -> None:
    """Who passes, how hard it is against what was meant, and what to do about a flag."""
    text = texts.result_text(result(TOO_EASY, intended="hard"), page=True)
    assert "Always: excellent ones\n1 of 3 times: middling ones\nNever: cold ones" in text
    assert "find it medium (48 of 100), and the file says hard." in text
    assert "1. Agents pass who should not.\n<b>What to do:</b> Raise the marks.\n• cold" in text
    assert "rough measure" in text
    assert "your own examples" in text
    assert "/web" in text
    plain = texts.result_text(result(), page=False)
    assert "as you meant it" in plain
    assert "no flags" in plain
    assert "good agents can pass it, poor ones don't" in plain
    short, _, rest = text.partition("<b>What to change</b> (one flag)")
    assert "It is too easy: agents pass who shouldn't. See below what to change" in short
    assert rest.index("What to do") < rest.index("Which agents pass") < rest.index("How hard it is")
    assert "<code>difficulty: medium</code>, or give it a lower <code>mood</code>" in text
    assert "/web" not in plain


@pytest.mark.parametrize(
    ("ran", "words"),
    [
        ("2026-03-05T09:00:00+00:00", "Benched today: no flags."),
        ("2026-03-02T09:00:00+00:00", "Benched on 2 March: no flags."),
    ],
)
def test_when_it_was_benched(here: Office, ran: str, words: str) -> None:
    """Days gone by have their date."""
    kept = KeptBench(ran=ran, result=result())
    assert words == texts.benched_before(kept, here.today().date())


# --- The whole bot --------------------------------------------------------------------------------

PATIENCE = {"bench": 0.01}
PATIENT = 120
"""Seconds to wait for a bench at most: a few, on a machine that does nothing else."""


def asked(process: Process, name: str = "Tara", scenario: str = "our-train") -> Hire:
    """A trainer who has sent a scenario and asked for its bench."""
    tara = Hire.in_team(process, name, "trainer")
    tara.person.send_document("train.yaml", sent_as(scenario).encode())
    tara.new_messages()
    tara.press("Bench it")
    return tara


def until_held(process: Process) -> None:
    """Wait until a bench is in its middle; its customer has to be prepared before."""
    process.until((process.folder / "at-bench").exists, PATIENT, "came to its middle")


def over(process: Process) -> None:
    """Wait until no bench is left, and everybody has read what came."""
    process.until(
        lambda: process.rows("SELECT count(*) FROM bench_jobs") == [(0,)], PATIENT, "ended"
    )
    process.settled()


def results(process: Process) -> list[tuple[str, int]]:
    """What the page can show."""
    return process.rows("SELECT scenario, version FROM bench_results")


def ended(messages: list[Message]) -> list[Message]:
    """Those that say what came of a bench."""
    return [m for m in messages if "Which agents pass" in m.text]


@pytest.fixture
def resting(resting: Process) -> Process:
    """A bot that shows without a pause how far it is."""
    resting.patience = PATIENCE
    return resting


def test_from_the_button_to_the_result(process: Process) -> None:
    """Told at once, shown in one message, and in the end the chart, the words, and a kept result.

    Meanwhile hires are answered.
    """
    tim = Hire.talking(process, "Tim")
    process.hold("bench")
    tara = asked(process)
    until_held(process)
    assert tim.say(GOOD)
    assert [] == results(process)
    (shown,) = [m for m in tara.person.messages() if "Benching" in m.text]
    process.let_go("bench")
    over(process)
    found = tara.look()
    assert [("our-train", 1)] == results(process)
    (answer,) = ended(found)
    assert "How hard it is" in answer.text
    assert re.search(r"33 conversations in the words of your own", answer.text)
    assert ["To this version"] == labels(answer)
    (picture,) = [m for m in found if m.photo]
    assert "benched: of 11 kinds of agents" in picture.text
    (note,) = [m for m in found if m.id == shown.id]
    assert "is over" in note.text
    assert [] == labels(note)
    tara.press("To this version")
    assert "Benched today" in tara.person.messages()[-1].text


def test_killed_in_the_middle(process: Process) -> None:
    """After the next start the trainer hears that it begins again, and gets the result once.

    Also from a server that changes no messages: then it isn't shown how far it is.
    """
    refused = Fault("refused", refusal=bad_request("message can't be edited"))
    planned = process.api.fail("editMessageText", refused, times=100)
    process.hold("bench")
    tara = asked(process)
    until_held(process)
    process.kill()
    (process.folder / "at-bench").unlink()
    process.start()
    until_held(process)
    process.settled()
    assert 1 == len([m for m in tara.look() if "restarted in the middle" in m.text])
    process.let_go("bench")
    over(process)
    assert planned.hits
    assert 1 == len(ended(tara.look()))
    assert [("our-train", 1)] == results(process)


def test_one_at_a_time_and_one_stopped(process: Process) -> None:
    """The second begins when the first is over, or not wanted any more; that one leaves nothing."""
    process.hold("bench")
    tara = asked(process)
    until_held(process)
    tom = asked(process, "Tom", "other-train")
    assert "as soon as one bench" in tom.person.messages()[-1].text
    assert [("our-train", 1), ("other-train", 0)] == process.rows(
        "SELECT scenario, begun FROM bench_jobs ORDER BY id"
    )
    tara.press("Stop the bench")
    process.let_go("bench")
    begun = "SELECT begun FROM bench_jobs WHERE scenario = 'other-train'"
    process.until(lambda: process.rows(begun) == [(1,)], PATIENT, "began with the second")
    tom.press("Stop the bench")
    over(process)
    assert [] == results(process)
    assert [] == ended([*tara.person.messages(), *tom.person.messages()])


def _thrown_away(process: Process, tara: Hire) -> None:
    tara.press("Throw away")
    process.let_go("bench")


def _broken(process: Process, _tara: Hire) -> None:
    process.hold("bench-broken")
    process.let_go("bench")


@pytest.mark.parametrize(
    ("happens", "words"),
    [(_thrown_away, "thrown away meanwhile"), (_broken, "Something of mine broke")],
)
def test_what_ends_without_a_result(
    process: Process, happens: Callable[[Process, Hire], None], words: str
) -> None:
    """The trainer hears why; nothing is kept, and nobody waits any more."""
    process.hold("bench")
    tara = asked(process)
    until_held(process)
    happens(process, tara)
    over(process)
    assert 1 == len([m for m in tara.look() if words in m.text])
    assert [] == results(process)
