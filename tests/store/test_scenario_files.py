"""What trainers sent: versions, who it is offered to, and how scenarios are doing."""

from __future__ import annotations

from pathlib import Path

import pytest

from coachbot.coaching.people import Member, person_of
from coachbot.coaching.publishing import TRIAL, ScenarioFile, VersionedSessions
from coachbot.coaching.reviewing import Feeling
from coachbot.session import machine
from coachbot.store import Store
from coachbot.store.database import Database
from coachbot.store.scenario_files import ScenarioFileStore
from tests.store.samples import new_session, turn_after

NOW, LATER = "2026-03-01T09:00:00+00:00", "2026-03-02T09:00:00+00:00"


@pytest.fixture
def files(store: Store) -> ScenarioFileStore:
    """What was sent, in two teams with one trainer each."""
    for number, team in ((1, "North"), (2, "South")):
        _join(store, number, team, "trainer")
    return store.scenario_files


def _join(store: Store, number: int, team: str, *roles: str) -> str:
    person = person_of(number)
    new = Member(person=person, telegram=number, name=f"Person {number}", joined=NOW)
    store.people.join(new, team, roles, NOW)  # type: ignore[arg-type]
    return person


def _sent(version: int = 1, scenario: str = "our-parcel", team: str = "North") -> ScenarioFile:
    return ScenarioFile(
        scenario=scenario,
        version=version,
        team=team,
        content=f"id: {scenario} # {version}",
        sent=NOW,
        sent_by="tg:1",
    )


def test_a_version_is_kept_as_it_was_sent(files: ScenarioFileStore) -> None:
    """What comes out is what went in, a draft."""
    files.add(_sent())
    assert _sent() == files.get("our-parcel", 1)
    assert "draft" == _sent().state


def test_versions_count_up_from_sessions_too(files: ScenarioFileStore, store: Store) -> None:
    """A number under which something was played is not used again, though its file is gone."""
    assert 1 == files.next_version("late-parcel")
    store.save(new_session())
    assert 3 == files.next_version("late-parcel")
    files.add(_sent(3, "late-parcel"))
    assert 4 == files.next_version("late-parcel")


def test_published_is_offered_to_its_team_only(files: ScenarioFileStore) -> None:
    """No other team can begin it."""
    files.add(_sent())
    assert [] == files.offered(("North",))
    assert files.publish("our-parcel", 1, "North", NOW)
    assert [("our-parcel", 1)] == files.offered(("North",))
    assert [] == files.offered(("South",))
    assert [] == files.offered(())
    assert [("our-parcel", 1)] == files.offered()


def test_a_new_version_takes_the_old_ones_place(files: ScenarioFileStore) -> None:
    """One version is offered at a time; the old one can still be found, and brought back."""
    for version in (1, 2):
        files.add(_sent(version))
        assert files.publish("our-parcel", version, "North", NOW)
    assert [("our-parcel", 2)] == files.offered(("North",))
    assert ["published", "withdrawn"] == [f.state for f in files.of_teams(("North",))]
    assert files.publish("our-parcel", 1, "North", LATER)
    assert [("our-parcel", 1)] == files.offered(("North",))


def test_publishing_twice_changes_nothing(files: ScenarioFileStore) -> None:
    """The second one is told that there was nothing to do."""
    files.add(_sent())
    assert files.publish("our-parcel", 1, "North", NOW)
    assert not files.publish("our-parcel", 1, "North", LATER)
    found = files.get("our-parcel", 1)
    assert found is not None
    assert NOW == found.published


def test_withdrawn_is_offered_to_nobody_and_still_found(files: ScenarioFileStore) -> None:
    """Sessions that have begun need its text to the end."""
    files.add(_sent())
    files.publish("our-parcel", 1, "North", NOW)
    assert files.withdraw("our-parcel", LATER)
    assert not files.withdraw("our-parcel", LATER)
    assert [] == files.offered()
    assert 1 == files.newest("our-parcel")


def test_thrown_away_leaves_its_number_only(files: ScenarioFileStore) -> None:
    """The text is gone; what is published can't be thrown away."""
    for version in (1, 2):
        files.add(_sent(version))
    files.publish("our-parcel", 1, "North", NOW)
    assert not files.throw_away("our-parcel", 1, LATER)
    assert files.throw_away("our-parcel", 2, LATER)
    gone = files.get("our-parcel", 2)
    assert gone is not None
    assert ("", "thrown_away") == (gone.content, gone.state)
    assert not files.publish("our-parcel", 2, "North", LATER)
    assert [1] == [f.version for f in files.of_teams(("North",))]
    assert 3 == files.next_version("our-parcel")


def test_who_owns_a_scenario(files: ScenarioFileStore) -> None:
    """The team of what is published, else of the newest draft; nobody, if all is thrown away."""
    assert files.owner("our-parcel") is None
    files.add(_sent())
    assert "North" == files.owner("our-parcel")
    files.publish("our-parcel", 1, "South", NOW)
    assert "South" == files.owner("our-parcel")
    files.add(_sent(1, "other"))
    files.throw_away("other", 1, NOW)
    assert files.owner("other") is None


def _finish(store: Store, person: str, name: str, *, scenario: str = "our-parcel") -> None:
    session = new_session(name, person=person).model_copy(update={"scenario": scenario})
    session = machine.receive(session, "Reply")
    session = machine.rate(machine.end(machine.answer(session, turn_after(session))), None)
    store.save(session.model_copy(update={"passed": name.endswith("good")}))


def test_figures_are_of_the_teams_trainees(files: ScenarioFileStore, store: Store) -> None:
    """Sessions, people, passes and feelings of trainees; no trainers, other teams or trials."""
    one, two = (_join(store, number, "North", "trainee") for number in (11, 12))
    far = _join(store, 13, "South", "trainee")
    for person, name in ((one, "a-good"), (one, "b"), (two, "c"), (far, "d"), ("tg:1", "e")):
        _finish(store, person, name)
    _finish(store, one + TRIAL, "f-good")
    store.reviews.set_feeling(Feeling(session="a-good", feeling=5, said=NOW))
    store.reviews.set_feeling(Feeling(session="c", feeling=2, said=NOW))
    (found,) = files.figures(("North",))
    assert ("our-parcel", 3, 2, 1) == (
        found.scenario,
        found.sessions,
        found.people,
        found.passes,
    )
    assert (3.5, 2) == (found.feeling, found.felt)
    assert {2} == {people for _, people in found.values.values()}


def _statements(path: Path) -> int:
    """How many queries the figures take; transactions are not counted."""
    database, seen = Database(path), list[str]()
    try:
        with database.reading() as db:
            db.conn.set_trace_callback(seen.append)
        ScenarioFileStore(database).figures(("North",))
    finally:
        database.close()
    return sum(one.lstrip().startswith(("SELECT", "WITH")) for one in seen)


def test_figures_take_two_statements(
    files: ScenarioFileStore, store: Store, database: Path
) -> None:
    """However many scenarios and people there are."""
    for number in range(20, 26):
        person = _join(store, number, "North", "trainee")
        _finish(store, person, f"session-{number}", scenario=f"scenario-{number % 3}")
    assert 2 == _statements(database)
    assert 3 == len(files.figures(("North",)))


def test_a_session_names_its_version_while_it_is_played(store: Store) -> None:
    """In the store it goes by its id, with the version beside it, so that versions count as one."""
    sessions = VersionedSessions(store, {"late-parcel"})
    played = new_session().model_copy(update={"scenario": "our-parcel@2"})
    sessions.save(played)
    assert played == sessions.get("first")
    assert ("our-parcel", 2) == (store.get("first").scenario, store.get("first").scenario_version)
    plain = new_session("plain")
    sessions.save(plain)
    assert plain == sessions.get("plain")


def test_a_trial_is_nobodys_session(store: Store) -> None:
    """It can be gone on with by its number; nothing that asks for a person's sessions finds it."""
    sessions = VersionedSessions(store, {"late-parcel"})
    trial = new_session().model_copy(update={"scenario": "our-parcel@2+trial"})
    sessions.save(trial)
    assert trial == sessions.get("first")
    assert sessions.unfinished("ada") is None
    _finish(store, "ada" + TRIAL, "over")
    assert [] == sessions.finished("ada")
    assert [] == store.progress("ada")


def test_trials_go_with_their_person(files: ScenarioFileStore, store: Store) -> None:
    """Who is forgotten is forgotten whole, and nothing of a trial stays in the counts."""
    assert files.owner("our-parcel") is None
    _finish(store, "tg:1" + TRIAL, "trial")
    assert ["trial"] == [s["id"] for s in store.people.export("tg:1")["sessions"]]
    assert 1 == store.people.forget("tg:1", NOW)
    assert [] == store.people.export("tg:1")["sessions"]
    with store._database.reading() as db:
        assert 0 == db.execute("SELECT count(*) FROM counts").fetchone()[0]
        assert 0 == db.execute("SELECT count(*) FROM sessions").fetchone()[0]
