"""The bench plays as people do, one reply after another, and the same seeds give the same again."""

from __future__ import annotations

from pathlib import Path

import pytest

from coachbot.bootstrap import Practice
from coachbot.coaching.benching import Benched, Words, bench
from coachbot.coaching.practice import NoRepository
from coachbot.coaching.scripted import KINDS, QUESTIONS_AT_ONCE, Agent, Kind
from coachbot.errors import NotFound, UsageError
from coachbot.reporting.bench_runs import Run, of_kinds
from coachbot.scenario.agents import Agents, Voice
from coachbot.scenario.models import Scenario
from tests.session.made import begun, gone_on
from tests.telegram.quick_bot import QuickEncoder, quick_scorer

SCENARIO = "late-parcel"


@pytest.fixture(scope="module")
def quick() -> Practice:
    """Scenarios and customers with quick models."""
    return Practice(encoder=QuickEncoder(), scorer=quick_scorer())


@pytest.fixture(scope="module")
def agents(quick: Practice) -> Agents:
    """The agents' words for the scenario."""
    found = quick.library.agents(quick.library.scenario(SCENARIO))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def played(quick: Practice) -> Benched:
    """Every kind in every voice, once."""
    return quick.bench(SCENARIO, seeds=1)


def own(played: Benched, kind: Kind) -> list[Run]:
    """The sessions of a kind."""
    return of_kinds(played.played.runs, [kind])


def texts(run: Run) -> list[str]:
    """What the agent wrote."""
    return [turn.agent for turn in run.session.turns]


def test_every_kind_in_every_voice(played: Benched) -> None:
    """There is one session for each kind, voice and seed, and all of them are over."""
    runs = played.played.runs
    assert len(KINDS) * 3 == len({(run.kind, run.voice, run.seed) for run in runs}) == len(runs)
    assert all(run.session.phase == "debrief" and run.session.turns for run in runs)
    assert all(len(run.exchanges) == run.turns for run in runs)
    assert len(runs) == played.result.sessions
    assert not played.result.own_words


def test_the_same_seeds_are_the_same_sessions(quick: Practice, played: Benched) -> None:
    """What comes of a seed doesn't depend on what else is played; another seed differs."""
    kinds: tuple[Kind, ...] = ("mixture", "excellent")
    again = quick.bench(SCENARIO, seeds=2, kinds=kinds)
    before = {(r.kind, r.voice): r for r in played.played.runs}
    for run in again.played.runs:
        same = texts(before[run.kind, run.voice]) == texts(run)
        assert same == (run.seed == 0)
        if run.seed == 0:
            answers = [turn.answer for turn in run.session.turns]
            assert [t.answer for t in before[run.kind, run.voice].session.turns] == answers
            assert before[run.kind, run.voice].moods == run.moods


def test_it_is_ordinary_practice(quick: Practice, played: Benched) -> None:
    """The same replies, sent one by one to an ordinary coach, get the same answers."""
    coach = quick.coach(NoRepository())
    for run in (own(played, "middling")[0], own(played, "dismissive")[1]):
        session = coach.begin(coach.start(SCENARIO, person="x", seed=run.session.seed))
        for text in texts(run):
            session = coach.reply(session, text).session
        assert [turn.answer for turn in run.session.turns] == [t.answer for t in session.turns]
        assert run.moods == (28, *(turn.mood_after for turn in session.turns))
        assert run.session.outcome == session.outcome


def test_good_agents_say_what_helps(played: Benched, agents: Agents) -> None:
    """Excellent ones open warmly, ask early, and say every act; slow ones one thing a turn."""
    voices = {voice.id: voice for voice in agents.voices}
    for run in own(played, "excellent"):
        voice, said = voices[run.voice], " ".join(texts(run))
        assert any(texts(run)[0].startswith(opening) for opening in voice.opening)
        assert run.exchanges[0].asked
        if run.turns > 5:
            assert set(voice.do) == {act for act in voice.do if warmly(voice, act, said)}
    for run in own(played, "good_but_slow"):
        voice = voices[run.voice]
        assert any(stall in texts(run)[0] for stall in voice.stall)
        assert all(len(acts_in(voice, text)) <= 1 for text in texts(run))


def warmly(voice: Voice, act: str, said: str) -> bool:
    """Whether an act was said in one of its warm wordings."""
    return any(text in said for text in voice.do[act].warm)


def acts_in(voice: Voice, text: str) -> set[str]:
    """The acts that a reply says, warmly or barely."""
    return {
        act
        for act, tones in voice.do.items()
        if any(wording in text for wording in (*tones.warm, *tones.bare))
    }


def test_poor_agents_are_poor(played: Benched, agents: Agents) -> None:
    """Useless and dismissive ones do nothing, cold ones are never warm, interrogators ask on."""
    voices = {voice.id: voice for voice in agents.voices}
    for run in [*own(played, "useless"), *own(played, "dismissive")]:
        bank = voices[run.voice].useless + voices[run.voice].dismiss
        assert all(text in bank for text in texts(run))
    for run in own(played, "cold"):
        warm = [text for tones in voices[run.voice].do.values() for text in tones.warm]
        assert not any(text in reply for text in warm for reply in texts(run))
    for run in own(played, "interrogator"):
        assert QUESTIONS_AT_ONCE == len(run.exchanges[0].asked)
        assert not acts_in(voices[run.voice], texts(run)[0])
    for run in own(played, "over_promiser"):
        assert all(any(one in text for one in voices[run.voice].over) for text in texts(run))


def test_wordings_are_used_up_before_one_comes_again(played: Benched, agents: Agents) -> None:
    """An agent repeats itself only when it has said everything that it can say."""
    voices = {voice.id: voice for voice in agents.voices}
    for run in own(played, "dismissive"):
        first = texts(run)[: len(voices[run.voice].dismiss)]
        assert len(set(first)) == len(first)


def test_pressing_gets_another_wording(quick: Practice, agents: Agents, parcel: Scenario) -> None:
    """Pressed for an act that it has said already, an agent says it again in other words."""
    voice, general = agents.voices[0], quick.library.general_agents().voices[0]
    agent = Agent(parcel, "cold", voice, general, seed=0)
    session = begun(parcel)
    session = gone_on(session, agent.reply(session))
    first = agent.reply(session)
    assert {"second-train", "to-the-depot"} == acts_in(voice, first)
    session = gone_on(session, first, pressed={"second-train": 1})
    second = agent.reply(session)
    assert "second-train" in acts_in(voice, second)
    assert not any(text in first and text in second for text in voice.do["second-train"].bare)


def test_told_needs_are_taken_up_once(quick: Practice, agents: Agents, parcel: Scenario) -> None:
    """A need that was told is taken up in the next reply, and not again."""
    voice, general = agents.voices[0], quick.library.general_agents().voices[0]
    agent = Agent(parcel, "excellent", voice, general, seed=0)
    session = begun(parcel)
    session = gone_on(session, agent.reply(session), needs_revealed=("last-year",))
    met = [any(text in agent.reply(session) for text in voice.meet["last-year"]) for _ in range(4)]
    assert [True, False, False, False] == met


def test_a_file_without_agents_speaks_for_itself(quick: Practice) -> None:
    """Without words from outside there is one voice of the file's own, and the result says so."""
    coach = quick.bench_coach()
    words = Words(quick.library.general_agents())
    kinds: tuple[Kind, ...] = ("excellent", "over_promiser", "dismissive")
    found = bench(SCENARIO, coach, words, kinds=kinds)
    scenario = quick.scenario(SCENARIO)
    assert found.result.own_words
    assert ("own",) == found.result.voices
    assert 3 == len(found.played.runs)
    forbidden = [text for one in scenario.brief.may_not_offer for text in one.examples]
    assert any(text in texts(found.played.runs[1])[0] for text in forbidden)
    assert "{" not in " ".join(text for run in found.played.runs for text in texts(run))


def test_a_brief_that_forbids_nothing(quick: Practice, tmp_path: Path) -> None:
    """Where nothing is forbidden nobody over-promises, and the others play all the same."""
    text = quick.library.file(SCENARIO).read_text(encoding="utf-8")
    start, end = text.index("  may_not_offer:"), text.index("\npersona:")
    path = tmp_path / f"{SCENARIO}.yaml"
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    coach = quick.bench_coach()
    words = Words(quick.library.general_agents())
    found = bench(str(path), coach, words, kinds=("over_promiser", "dismissive"))
    assert ["dismissive"] == [run.kind for run in found.played.runs]


def test_progress_is_told_to_the_end(quick: Practice) -> None:
    """Whoever waits hears how many sessions are over, and at last that all are."""
    told: list[tuple[int, int]] = []
    quick.bench(SCENARIO, kinds=["dismissive"], progress=lambda over, of: told.append((over, of)))
    assert (3, 3) == told[-1]
    assert told == sorted(told)


def test_what_makes_no_sense_is_refused(quick: Practice) -> None:
    """No seeds, unknown kinds and unknown scenarios are errors that say what there is."""
    with pytest.raises(UsageError, match="at least one seed"):
        quick.bench(SCENARIO, seeds=0)
    with pytest.raises(UsageError, match="'lazy'; there are: excellent"):
        quick.bench(SCENARIO, kinds=["lazy"])  # type: ignore[list-item]
    with pytest.raises(NotFound, match="late-parcel"):
        quick.bench("late-parcle")


def test_strangers_are_told_apart(practice: Practice) -> None:
    """With the real models excellent strangers help this customer, and dismissive ones don't."""
    found = practice.bench(SCENARIO, kinds=("excellent", "dismissive")).result
    excellent, dismissive = found.kinds
    assert "excellent" == excellent.kind
    assert excellent.margin > dismissive.margin + 50
    assert 0 == dismissive.resolved.value == dismissive.passed.value
    assert excellent.mood[-1] > excellent.mood[0]
    assert found.separation is not None
    assert 1 == found.separation.value
    assert () == found.lines.repeated
