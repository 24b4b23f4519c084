"""The bench's figures, on sessions made by hand whose figures can be counted on one's fingers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from coachbot.customer.lines import keys
from coachbot.customer.state import CustomerState
from coachbot.customer.wording import Wording
from coachbot.reporting.bench import figures, report
from coachbot.reporting.bench_lines import is_line
from coachbot.reporting.bench_models import ActorFigures, BenchResult
from coachbot.reporting.bench_runs import Drawn, Exchange, Played, Run
from coachbot.reporting.bench_schema import FILE, FOLDER, schema, written
from coachbot.reporting.bench_statistics import clustered, rank_correlation, separation
from coachbot.reporting.bench_text import report_text, result_text
from coachbot.reporting.charts import bench_chart
from coachbot.reporting.charts.bench_layout import layout
from coachbot.reporting.png import png
from coachbot.scenario.models import Line, Scenario
from coachbot.session import machine
from tests.customer.made import score
from tests.reporting.test_charts import crowded
from tests.session.made import begun, gone_on

EVERYTHING = ("second-train", "to-the-depot", "keeps-watch")
NOTHING = Exchange((), (), ())


def a_run(
    scenario: Scenario,
    kind: str,
    voice: str = "maggie",
    *,
    seed: int = 0,
    points: float = 80,
    moods: Sequence[float] = (50, 70),
    exchanges: Sequence[Exchange] | None = None,
    **last: Any,
) -> Run:
    """A session with a reply for each mood; ``last`` is what the last one changed."""
    # Every opening counts as said, so that none of them is in the way as a dead line.
    used = tuple(sorted(part for line in scenario.opening for part in keys(line)))
    start = CustomerState.start(scenario).model_copy(update={"used": used})
    session = begun(scenario, opening_state=start)
    worth = score(points, points, points)
    for number, mood in enumerate(moods[:-1]):
        session = gone_on(session, worth=worth, mood=mood, answer=(f"And now? {number}",))
    session = gone_on(session, worth=worth, mood=moods[-1], **{"answer": ("Well.",), **last})
    outcome = last.get("outcome")
    passed = outcome == "resolved" and points >= 40
    session = machine.rate(machine.end(session) if outcome is None else session, None)
    session = session.model_copy(update={"passed": passed})
    return Run(kind, voice, seed, session, tuple(exchanges or [NOTHING] * len(moods)))


def helped(scenario: Scenario, kind: str, voice: str = "maggie", **more: Any) -> Run:
    """A session in which everything was done, and warmly."""
    return a_run(scenario, kind, voice, acts=EVERYTHING, outcome="resolved", **more)


def played(scenario: Scenario, *runs: Run, own_words: bool = False) -> Played:
    """Sessions as the bench hands them over."""
    voices = tuple(dict.fromkeys(run.voice for run in runs))
    return Played(scenario, "by hand", 1, voices, own_words, runs)


@pytest.fixture
def mixed(parcel: Scenario) -> Played:
    """Good agents who pass, poor ones who don't, and middling ones in between."""
    runs = []
    for voice in ("maggie", "winston", "liv"):
        runs.append(helped(parcel, "excellent", voice))
        runs.append(a_run(parcel, "dismissive", voice, points=5, moods=(15, 2), outcome="left"))
        cold: dict[str, Any] = {"acts": EVERYTHING, "outcome": "resolved_coldly"}
        runs.append(a_run(parcel, "cold", voice, points=20, moods=(40, 44), **cold))
        runs.append(a_run(parcel, "middling", voice, points=30, moods=(40, 48, 46), **cold))
    return played(parcel, *runs)


def flag_names(result: BenchResult) -> list[str]:
    """The flags that were raised."""
    return [flag.name for flag in result.flags]


def test_intervals_are_over_wordings() -> None:
    """A hundred seeds over two wordings are two pieces of evidence, and not a hundred.

    One wording alone says next to nothing, whatever came of it.
    """
    few = clustered({"a": [1.0], "b": [0.0]})
    many = clustered({"a": [1.0] * 50, "b": [0.0] * 50})
    assert few == many
    assert few is not None
    assert [0.5, 0.0126, 0.9874] == pytest.approx([*few], abs=1e-4)
    for single in ([0.0], [0.0, 0.0, 1.0], [1.0]):
        one = clustered({"a": single})
        assert one is not None
        assert one[2] - one[1] > 0.9
    spread = clustered({str(n): [float(n % 2)] * 50 for n in range(40)})
    assert spread is not None
    assert 0.3 < spread[1] < 0.42
    assert 0.58 < spread[2] < 0.7


def test_wordings_that_agree_leave_doubt() -> None:
    """Three wordings of three say less than thirty of thirty, as the exact interval has it."""
    three = clustered({str(n): [1.0] for n in range(3)})
    thirty = clustered({str(n): [0.0, 0.0] for n in range(30)})
    assert three is not None
    assert [1, 0.2924, 1] == pytest.approx([*three], abs=1e-4)
    assert thirty is not None
    assert [0, 0, 0.1157] == pytest.approx([*thirty], abs=1e-4)
    assert clustered({}) is None


def test_separation_counts_pairs() -> None:
    """The area is the share of pairs in which the good one is above, a tie counting half."""
    assert (1.0, 1.0, 1.0) == separation({"g": [2.0, 3.0]}, {"p": [1.0]})
    found = separation({"g": [2.0], "h": [0.0]}, {"p": [1.0, 0.0]})
    assert found is not None
    assert 0.625 == found[0]
    assert 0.25 == found[1]
    assert 1.0 == found[2]
    assert separation({}, {"p": [1.0]}) is None


def test_order() -> None:
    """The rank correlation needs three scenarios, and some difference between them."""
    assert 1.0 == pytest.approx(rank_correlation([0, 1, 2], [10, 20, 90]))
    assert rank_correlation([0, 1], [10, 20]) is None
    assert rank_correlation([1, 1, 1], [10, 20, 30]) is None


def test_kinds(mixed: Played) -> None:
    """Shares, turns, moods and margins are those of the sessions."""
    result = figures(mixed)
    excellent, dismissive = result.kind("excellent"), result.kind("dismissive")
    assert excellent is not None
    assert dismissive is not None
    assert (1, 1, 0) == (
        excellent.passed.value,
        excellent.resolved.value,
        excellent.resolved_coldly.value,
    )
    assert {"resolved": 3} == excellent.outcomes
    assert (28, 50, 70) == excellent.mood
    assert 2 == excellent.turns
    assert 1 == excellent.turns_until_conceding
    assert 0 == dismissive.passed.value
    assert dismissive.turns_until_conceding is None
    assert -100 == dismissive.margin
    cold = result.kind("cold")
    assert cold is not None
    assert 20 - max(parcel_marks(mixed.scenario)) == cold.margin
    assert result.separation is not None
    assert 1 == result.separation.value
    assert [] == flag_names(result)


def parcel_marks(scenario: Scenario) -> list[float]:
    """The three pass marks."""
    marks = scenario.pass_marks
    return [marks.empathy, marks.active_listening, marks.individualized_treatment]


def test_difficulty_is_how_middling_agents_fare(parcel: Scenario) -> None:
    """The worse middling agents fare, the harder; without them nothing is measured."""
    easy = figures(played(parcel, helped(parcel, "middling", moods=(60, 90))))
    hard = figures(played(parcel, a_run(parcel, "middling", moods=(10, 2), outcome="left")))
    none = figures(played(parcel, helped(parcel, "excellent")))
    assert (5, "easy", parcel.difficulty) == (
        easy.difficulty.measured,
        easy.difficulty.level,
        easy.difficulty.intended,
    )
    assert (99, "brutal") == (hard.difficulty.measured, hard.difficulty.level)
    assert none.difficulty.measured is None


def test_flags_of_a_customer_who_gives_in(parcel: Scenario) -> None:
    """Poor agents who pass, and a stuffer who wins, are named."""
    runs = [helped(parcel, kind) for kind in ("excellent", "canned", "stuffer")]
    result = figures(played(parcel, *runs))
    assert ["too_easy", "resolvable_by_stuffing", "does_not_separate"] == flag_names(result)
    assert ("agents with stock phrases always pass",) == result.flags[0].details
    said = " ".join(flag.means for flag in result.flags)
    assert "area" not in said
    assert all(key in result.flags[1].do for key in ("'mood'", "'warm_mood'", "'values'"))


def test_flags_of_a_customer_whom_nobody_can_please(parcel: Scenario) -> None:
    """When good agents fail it is said which act was not understood and which mark was missed."""
    run = a_run(parcel, "excellent", acts=("second-train",), points=20, outcome="gave_up")
    result = figures(played(parcel, run, run))
    assert ["impossible"] == flag_names(result)
    said = " ".join(result.flags[0].details)
    assert "the act 'to-the-depot' was not understood in 2 of 2 conversations" in said
    assert "empathy: 20 on average" in said
    assert "second-train" not in said


def test_needs_and_questions(parcel: Scenario) -> None:
    """Who asked for what, what came of it, and what came unasked."""
    asked = Exchange(("last-year", "hours"), ("fact:hours",), ())
    unasked = Exchange((), ("need:no-time-to-wrap",), ())
    over = Exchange(("order-number",), ("ending:left",), ())
    run = a_run(
        parcel,
        "cold",
        moods=(30, 30, 2),
        exchanges=(asked, unasked, over),
        needs_revealed=("no-time-to-wrap",),
        outcome="left",
    )
    result = figures(played(parcel, run, run, run))
    assert (6, 3) == (result.questions.asked, result.questions.answered)
    assert {"last-year": 3} == result.questions.missed
    needs = {need.id: need for need in result.needs}
    assert (0, 3, 0) == (
        needs["last-year"].revealed,
        needs["last-year"].asked_for,
        needs["last-year"].revealed_when_asked,
    )
    assert 1 == needs["no-time-to-wrap"].unasked
    assert "never_revealed" in flag_names(result)


def test_dead_lines_have_their_place(parcel: Scenario) -> None:
    """A line that is passed over again and again is dead; one that had no occasion is not."""
    lines = parcel.needs[0].say
    source = f"need:{parcel.needs[0].id}"
    drawn = Exchange((), (source,), (Drawn(source, lines[0].say, 50.0),))
    runs = [a_run(parcel, "cold", seed=n, moods=(50,), exchanges=(drawn,)) for n in range(30)]
    few, many = figures(played(parcel, *runs[:3])), figures(played(parcel, *runs))
    assert [] == [one.path for one in few.lines.dead if one.path.startswith("needs")]
    dead = figures(played(parcel, *runs), lambda path: 7 if path[0] == "needs" else None)
    fitting = [n for n, line in enumerate(lines) if n and "mid" in line.mood and not line.to]
    assert fitting
    assert [f"needs.0.say.{n}" for n in fitting] == [
        one.path for one in many.lines.dead if one.path.startswith("needs")
    ]
    assert 7 in [one.line for one in dead.lines.dead]
    flag = next(flag for flag in dead.flags if flag.name == "dead_lines")
    assert any(detail.startswith("line 7: ") for detail in flag.details)


def test_lines_are_recognised_with_their_slots_filled() -> None:
    """A line is the same whoever's name stands in it."""
    line = Line(say=("By {when}, {agent}?", "We'll see."))
    assert is_line(line, ("By Friday at 3, Tom?", "We'll see."))
    assert not is_line(line, ("By Friday at 3, Tom?",))
    assert not is_line(line, ("By Friday at 3?", "We'll see."))


def test_a_repeated_message_is_found(parcel: Scenario) -> None:
    """What is said twice in one session is reported, whatever its punctuation."""
    run = a_run(parcel, "cold", moods=(50, 50), answer=("Where is it",))
    result = figures(played(parcel, run))
    assert ("Where is it",) == result.lines.repeated
    assert "repeated_lines" in flag_names(result)


def test_several_scenarios(mixed: Played) -> None:
    """Wordings of all scenarios are pooled by kind."""
    result = figures(mixed)
    together = report([result, result], [mixed, mixed])
    assert {"excellent": 1, "dismissive": 0, "cold": 0, "middling": 0} == {
        one.kind: one.passed.value for one in together.overall
    }
    assert together.order_of_difficulty is None
    assert not together.flagged
    assert "2 scenarios together" in report_text(together)
    assert "" == report_text(report([result], [mixed]))


def test_text(mixed: Played) -> None:
    """The table names every kind, and says openly when the words are the file's own."""
    text = result_text(figures(mixed))
    assert "excellent      100% (29-100)" in text
    assert "No flags." in text
    assert "file's own examples" not in text
    assert max(map(len, text.splitlines())) <= 110
    own = Played(mixed.scenario, "by hand", 1, ("own",), True, mixed.runs)
    assert "the file's own examples" in result_text(figures(own))


def worded(run: Run, *wordings: Wording) -> Run:
    """The same session with how the words of its first answers were found."""
    turns = [
        turn.model_copy(update={"wording": wording})
        for turn, wording in zip(run.session.turns, wordings, strict=False)
    ]
    turns += run.session.turns[len(turns) :]
    session = run.session.model_copy(update={"turns": tuple(turns)})
    return Run(run.kind, run.voice, run.seed, session, run.exchanges)


def test_what_became_of_a_models_words(mixed: Played, parcel: Scenario) -> None:
    """Answers, tries, refusals by reason and take-overs are counted; nothing without a model."""
    assert figures(mixed).actor is None
    assert "Words of" not in result_text(figures(mixed))
    told = "small at host"
    run = worded(
        a_run(parcel, "middling", moods=(40, 41, 42, 43)),
        Wording(model=told, by="model"),
        Wording(model=told, by="model", refused=("fact",)),
        Wording(model=told, by="authored", refused=("agent_talk", "fact")),
        Wording(model=told, by="authored", failure="timed_out"),
    )
    made = played(parcel, run)
    expected = ActorFigures(
        model=told,
        answers=4,
        by_model=2,
        tries=5,
        refused={"fact": 2, "agent_talk": 1},
        authored_after_refusal=1,
        taken_over={"timed_out": 1},
    )
    result = figures(made)
    assert expected == result.actor
    text = result_text(result)
    assert "Words of small at host: in 2 of 4 answers (50%)" in text
    assert "The check refused 3 of 5 tries (60%): fact 2x, agent talk 1x" in text
    assert "Authored lines: 1 after a refusal, 1 since nothing usable came: timed out 1x" in text
    together = report([result, figures(mixed)], [made, mixed])
    assert expected == together.actor
    assert "refused 3 of 5" in report_text(together)


def test_a_model_that_never_answers_has_figures(parcel: Scenario) -> None:
    """No try at all is no division by nothing."""
    silent = Wording(model="m", by="authored", failure="unreachable")
    result = figures(played(parcel, worded(a_run(parcel, "cold"), silent, silent)))
    assert "The check refused 0 of 0 tries\n" in result_text(result)
    assert "unreachable 2x" in result_text(result)


def test_chart(mixed: Played) -> None:
    """Every kind has its row, nothing lies on anything else, and the numbers are in a table."""
    chart = bench_chart(figures(mixed))
    placed = layout(chart)
    assert [] == crowded(placed.texts, placed.width, placed.height)
    assert ["Excellent", "Dismissive", "Cold", "Middling"] == [row.name for row in chart.rows]
    table = chart.as_table()
    assert ("Excellent", "100 %", "–", "–", "100 %", "2.0") == table.rows[0][:6]
    assert any("too few to say how far chance reaches" in said for said in chart.said)
    assert "95 %" not in chart.svg()
    voices = tuple(f"voice-{n}" for n in range(5))
    enough = bench_chart(figures(mixed).model_copy(update={"voices": voices}))
    assert "29 %" == enough.as_table().rows[0][2]
    assert "pass (95 % range)" in enough.svg()
    assert all(len(row) == len(table.header) for row in table.rows)
    assert "dismissive 0 %" in chart.alt_text()
    svg = chart.svg()
    words = {"".join(one.itertext()) for one in ET.fromstring(svg).iter() if one.text}  # noqa: S314
    assert {"Excellent", "100 %", "70"} <= words
    assert png(svg).startswith(b"\x89PNG")


def test_schema(mixed: Played) -> None:
    """The schema in the folder is the model's, and a report fits it."""
    assert written() == (FOLDER / FILE).read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(schema())
    data = json.loads(report([figures(mixed)], [mixed]).model_dump_json())
    jsonschema.validate(data, schema())
