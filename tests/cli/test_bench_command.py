"""``coachbot scenarios bench`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from coachbot.reporting.bench_schema import schema
from coachbot.store import open_store
from tests.conftest import RunCoachbot
from tests.models.actor_server import says, serving


def test_a_bench_is_run(run_coachbot: RunCoachbot, tmp_path: Path) -> None:
    """The report goes to standard output as JSON, progress beside it, the chart into the folder.

    With --save the figures are in the database, for the page.
    """
    database = tmp_path / "coachbot.db"
    folder = tmp_path / "new" / "charts"
    result = run_coachbot(
        *("scenarios", "bench", "late-parcel", "--kinds", "dismissive", "--seeds", "1"),
        *("--json", "--charts", folder, "--save"),
        env={"COACHBOT_DATABASE": str(database)},
    )
    report = json.loads(result.stdout)
    jsonschema.validate(report, schema())
    (found,) = report["scenarios"]
    assert int(bool(found["flags"])) == result.returncode
    assert ["dismissive"] == [kind["kind"] for kind in found["kinds"]]
    assert 0 == found["kinds"][0]["passed"]["value"]
    assert 3 == found["sessions"]
    assert "late-parcel: 3 of 3 sessions over" in result.stderr
    assert (folder / "late-parcel.svg").read_text(encoding="utf-8").startswith("<svg")
    with open_store(database) as store:
        kept = store.benches.newest("late-parcel")
    assert kept is not None
    assert found == kept.result.model_dump(mode="json")


def test_what_nobody_is_offered_is_not_kept(
    run_coachbot: RunCoachbot, checkout: Path, tmp_path: Path
) -> None:
    """A file outside the folder of scenarios has no page, which is said before it is played."""
    scenario = tmp_path / "late-parcel.yaml"
    scenario.write_bytes((checkout / "scenarios" / scenario.name).read_bytes())
    result = run_coachbot("scenarios", "bench", scenario, "--save")
    assert 2 == result.returncode
    assert "is offered to nobody" in result.stderr
    assert "Loading" not in result.stderr


def test_the_bench_says_how_often_the_check_refused(run_coachbot: RunCoachbot) -> None:
    """With --actor a model is asked in every turn, and what became of its words is reported."""
    with serving(says("How can I help you today?"), models=("tiny-135m",)) as server:
        result = run_coachbot(
            *("scenarios", "bench", "late-parcel", "--kinds", "dismissive", "--json"),
            *("--actor", f"openai:{server.url}"),
        )
    report = json.loads(result.stdout)
    jsonschema.validate(report, schema())
    actor = report["actor"]
    turns = report["scenarios"][0]["kinds"][0]["turns"] * 3
    assert round(turns) == actor["answers"] == actor["authored_after_refusal"]
    assert {"agent_talk": 2 * actor["answers"]} == actor["refused"]
    assert 0 == actor["by_model"]
    assert actor["model"].startswith("tiny-135m at 127.0.0.1")


def test_a_models_figures_are_not_kept_for_the_page(run_coachbot: RunCoachbot) -> None:
    """The page shows what authored customers do; a model that can't be meant is named at once."""
    both = run_coachbot("scenarios", "bench", "--save", "--actor", "openai:http://127.0.0.1:1")
    wrong = run_coachbot("scenarios", "bench", "late-parcel", "--actor", "nobody")
    assert (2, 2) == (both.returncode, wrong.returncode)
    assert "Leave --save or --actor out" in both.stderr
    assert "The actor can't be 'nobody'" in wrong.stderr
    assert "Loading" not in both.stderr + wrong.stderr


def test_what_is_not_there_is_said_at_once(run_coachbot: RunCoachbot) -> None:
    """A mistyped kind or scenario is named before any model is loaded."""
    kind = run_coachbot("scenarios", "bench", "late-parcel", "--kinds", "cold,lazy")
    scenario = run_coachbot("scenarios", "bench", "late-parcle")
    for result in (kind, scenario):
        assert 2 == result.returncode
        assert "Loading" not in result.stderr
        assert "Traceback" not in result.stderr
    assert "'lazy'" in kind.stderr
    assert "over_promiser" in kind.stderr
    assert "Did you mean late-parcel?" in scenario.stderr


def test_words_with_mistakes_are_said_at_once(
    run_coachbot: RunCoachbot, checkout: Path, tmp_path: Path
) -> None:
    """A mistake in the agents' file is shown with its place, before anything is played."""
    scenario = tmp_path / "late-parcel.yaml"
    scenario.write_bytes((checkout / "scenarios" / scenario.name).read_bytes())
    agents = tmp_path / "agents" / scenario.name
    agents.parent.mkdir()
    agents.write_text("scenario: late-parcel\nvoices: []\n", encoding="utf-8")
    result = run_coachbot("scenarios", "bench", scenario)
    assert 2 == result.returncode
    assert "agents/late-parcel.yaml:2:" in result.stderr
    assert "at least three are needed" in result.stderr
    assert "Loading" not in result.stderr
