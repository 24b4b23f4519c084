"""``coachbot review`` and ``coachbot scorer preview``: grades in a database, and their use."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coachbot.bootstrap import library
from coachbot.cli import main
from coachbot.models.examples import read_exported
from coachbot.session.models import Session
from coachbot.store import Store, open_store
from tests.coaching.test_previewing import Told
from tests.reporting.graded import desk, graded_blind, join, session_with

VERSION = library().scenario("late-parcel").scenario.version


def run(*arguments: object) -> Result:
    """Run a command here; whatever it says, it is no traceback."""
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def today(session: Session) -> Session:
    """The session in the version of its scenario that there is."""
    return session.model_copy(update={"scenario_version": VERSION})


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Ada of team North and a supervisor; no session."""
    path = tmp_path / "coachbot.db"
    with open_store(path) as store:
        join(store, "ada")
        join(store, "sol", role="supervisor")
    return path


def graded(database: Path, reply: str = "I am Ada, call 07700 900123.") -> None:
    """A session with one reply, which sol grades at 70 where the score was 40."""
    with open_store(database) as store:
        store.save(today(session_with("one", 40, reply=reply)))
        desk(store)[0].correct("one", "empathy", 70, graded_by="sol", comment="Sincere.", turn=1)


def test_trust_before_anybody_graded(database: Path) -> None:
    """Nothing is said of nothing, as text and as JSON."""
    result = run("review", "trust", "--database", database)
    assert (0, "Nobody has graded anything yet, so nothing can be said about the scores.\n") == (
        result.exit_code,
        result.stdout,
    )
    assert json.loads(run("review", "trust", "--database", database, "--json").stdout) == {
        "scorer": None,
        "message": result.stdout.strip(),
    }


def test_trust_works_verdicts_out_anew(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By all grades and the threshold that is set; the team's name in any case."""
    with open_store(database) as store:
        graded_blind(store, 30, off=4)
        with store._database.writing() as db:
            db.execute("DELETE FROM trust")
    result = run("review", "trust", "--database", database, "--team", "NORTH")
    assert result.stdout.startswith("So far there is no clear difference")
    assert "How far people agree with minilm 1 (weighted kappa asked for:" in result.stdout
    assert "Empathy: trusted\n  Over 30 sessions graded blind, kappa is 0.9" in result.stdout
    assert "Active listening: not enough grades" in result.stdout
    monkeypatch.setenv("COACHBOT_TRUST_KAPPA", "1")
    found = json.loads(run("review", "trust", "--database", database, "--json").stdout)
    assert ["practice_only", "not_enough", "not_enough"] == [
        one["verdict"] for one in found["dimensions"]
    ]
    with open_store(database) as store:
        assert {"empathy"} == desk(store, threshold=1.0)[1].practice_only("minilm 1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("trust", "--team", "South"), "There is no team 'South'; there are North."),
        (("next", "--team", "South"), "There is no team 'South'; there are North."),
        (("next", "--team", "North", "--count", "0"), "--count is 0; it can be 1 to 100."),
        (("export-grades", "grades.jsonl"), "There are no grades of single replies to write."),
    ],
)
def test_what_cannot_be_done_is_said(
    database: Path, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence on standard error, status 2, and no file."""
    monkeypatch.chdir(database.parent)
    result = run("review", *arguments, "--database", database)
    assert (2, "") == (result.exit_code, result.stdout)
    assert said in result.stderr
    assert not Path("grades.jsonl").exists()


def test_a_database_that_is_missing_is_not_made(data_home: Path) -> None:
    """A slip of the pen doesn't show an empty one."""
    result = run("review", "trust")
    assert 2 == result.exit_code
    assert "There is no database" in result.stderr
    assert not data_home.exists()


def test_another_scorer_than_there_is(database: Path) -> None:
    """Those that have grades are named."""
    graded(database)
    result = run("review", "trust", "--database", database, "--scorer", "minilm 9")
    assert 2 == result.exit_code
    assert "by 'minilm 9'; there are: minilm 1." in result.stderr


def test_what_to_grade_next(database: Path) -> None:
    """A session a line with the reason; the same as JSON."""
    graded(database)
    result = run("review", "next", "--database", database, "--team", "north")
    assert re.fullmatch(r"one  drawn at random, to stand for all sessions\n", result.stdout)
    found = json.loads(
        run("review", "next", "--database", database, "--team", "North", "--json").stdout
    )
    assert [{"session": "one", "kind": "random"}] == [
        {key: one[key] for key in ("session", "kind")} for one in found
    ]
    nothing = run("review", "next", "--database", database, "--team", "North", "--grader", "sol")
    assert "There is nothing left to grade in this team.\n" == nothing.stdout


def test_grades_are_exported_as_examples(database: Path, tmp_path: Path) -> None:
    """Masked, in the form that training reads, and said to be masked only as far as can be."""
    graded(database)
    with open_store(database) as store:
        store.save(session_with("old version", 40))
        desk(store)[0].grade_blind("old version", "empathy", 10, graded_by="sol", turn=1)
    file = tmp_path / "grades.jsonl"
    result = run("review", "export-grades", file, "--database", database, "--team", "North")
    assert (0, "") == (result.exit_code, result.stdout)
    assert f"1 grades of 1 replies written to {file}." in result.stderr
    assert "1 grades left out: their scenario is gone or has changed." in result.stderr
    assert "masked as far as they could be found" in result.stderr
    (one,) = read_exported([file], [])
    assert "I am [name], call [number]." == one.replies[0].text
    assert 70 == one.replies[0].grades["empathy"]


def test_a_file_that_cannot_be_written(database: Path, tmp_path: Path) -> None:
    """The reason is named."""
    graded(database)
    result = run("review", "export-grades", tmp_path / "no" / "x.jsonl", "--database", database)
    assert 2 == result.exit_code
    assert "x.jsonl can't be written: No such file or directory." in result.stderr


def test_preview_says_what_would_change(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every kept session, and the database is as it was."""
    graded(database)
    with open_store(database) as store:
        before = _content(store)
    monkeypatch.setattr("coachbot.models.load_scorer", lambda _folder: Told(60))
    result = run("scorer", "preview", "--models", tmp_path, "--database", database)
    assert 0 == result.exit_code
    assert result.stdout.startswith("With minilm 2: 1 sessions scored anew\n")
    assert "corrections (which favour any other scorer), 1: off by 30.0" in result.stdout
    assert "1 of 1 sessions" in result.stderr
    again = run("scorer", "preview", "--models", tmp_path, "--database", database, "--json")
    found = json.loads(again.stdout)
    assert {"dimension": "empathy", "old": 40.0, "new": 60.0} == found["sessions"][0]["values"][0]
    with open_store(database) as store:
        assert before == _content(store)


def test_a_preview_is_kept_until_the_next_one(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the sessions of the teams that are asked for; forgotten people's go with them."""
    graded(database)
    with open_store(database) as store:
        join(store, "bo", "South")
        store.save(today(session_with("two", 10, person="bo")))
    for empathy in (90, 60):
        monkeypatch.setattr("coachbot.models.load_scorer", lambda _f, e=empathy: Told(e))
        result = run("scorer", "preview", "--models", tmp_path, "--database", database, "--keep")
        assert "Kept: the page shows it under Trust." in result.stderr
    with open_store(database) as store:
        both, north = (store.previews.kept(teams, 10) for teams in (("South", "NORTH"), ("North",)))
        assert both is not None
        assert north is not None
        assert ["two", "one"] == [one.session for one in both.preview.sessions]
        assert [("one", 60.0)] == [(s.session, s.values[0].new) for s in north.preview.sessions]
        assert (2, both.preview.dimensions) == (north.scored, north.preview.dimensions)
        store.forget("bo")
        left = store.previews.kept(("South", "North"), 10)
        assert left is not None
        assert ["one"] == [one.session for one in left.preview.sessions]


def test_preview_without_sessions(database: Path, tmp_path: Path) -> None:
    """Nothing is loaded for nothing."""
    result = run("scorer", "preview", "--models", tmp_path, "--database", database)
    assert 2 == result.exit_code
    assert "There is no finished session" in result.stderr


def _content(store: Store) -> list[str]:
    with store._database.reading() as db:
        return list(db.conn.iterdump())
