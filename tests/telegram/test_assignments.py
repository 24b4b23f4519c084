"""Scenarios are assigned to people and teams, shown, taken back, and people are reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from coachbot.coaching.people import Member
from coachbot.telegram.assignments import read_date, remind
from coachbot.telegram.office import Office
from coachbot.telegram.rendering.briefing import DIFFICULTIES
from coachbot.telegram.trainer import team_key
from tests.telegram.made import (
    Clock,
    again,
    command,
    finished,
    member,
    office,
    outbox_of,
    press,
    say,
)

TEAM = "Returns desk"
SCENARIO = "late-parcel"
TITLE = "A train for Saturday"
TODAY = date(2026, 3, 5)
"""A Thursday; the office's clock begins there at ten."""


@pytest.fixture
def clock() -> Clock:
    """The office's time."""
    return Clock()


@pytest.fixture
def here(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An office without models."""
    with office(tmp_path, clock=clock) as opened:
        yield opened


@pytest.fixture
def tara(here: Office) -> Member:
    """A trainer."""
    return member(here, 1, "Tara", "trainer")


@pytest.fixture
def tim(here: Office) -> Member:
    """A trainee of her team."""
    return member(here, 2, "Tim")


def chosen(here: Office, who: Member, *labels: str) -> str:
    """Press the buttons with these labels one after the other; what the last answer says."""
    text = ""
    for label in labels:
        (answer,) = outbox_of(here, who)
        press(here, who, answer.button(label))
    for answer in (found := outbox_of(here, who)):
        text += answer.text
    assert found
    return text


def assign(here: Office, who: Member, *, to: str = "p2", due: str = "0", attempts: int = 0) -> str:
    """Press the last button of the way at once; what that is answered."""
    press(here, who, f"hand:{SCENARIO}:{to}:{due}:{attempts}:0")
    (answer,) = outbox_of(here, who)
    return answer.text


def test_all_the_way_to_one_person(here: Office, tara: Member, tim: Member) -> None:
    """Scenario, person, date, attempts, mark, yes; the person hears of it and can begin."""
    command(here, tara, "/assign")
    steps = (TITLE, "Tim", "In 1 week", "3", "50", "Yes, assign it")
    text = chosen(here, tara, *steps)
    terms = "due on Thursday 12 March, up to 3 attempts, pass mark 50"
    assert f"<b>{TITLE}</b> for Tim, {terms} is assigned" in text
    (told,) = outbox_of(here, tim)
    assert f"<b>Tara</b> would like you to practise <b>{TITLE}</b>" in told.text
    assert "by the end of Thursday 12 March" in told.text
    assert "What to reach: 50 in every dimension" in told.text
    press(here, tim, told.button("Read the brief"))
    assert ["Start", "Another one"] == outbox_of(here, tim)[0].labels
    ((kept, standing),) = here.assigning.of_person(tim.person)
    assert ("2026-03-12", 3, 50) == (kept.due, kept.attempts, kept.pass_mark)
    assert "not_begun" == standing.status


def test_a_whole_team(here: Office, tara: Member, tim: Member) -> None:
    """Every trainee hears of it; trainers don't have to practise."""
    ann = member(here, 3, "Ann")
    text = assign(here, tara, to=f"t{team_key(TEAM)}")
    assert "2 people hear of it now" in text
    for who in (tim, ann):
        (told,) = outbox_of(here, who)
        assert f"you and everybody else in {TEAM}" in told.text


def test_a_supervisor_begins_with_a_person(here: Office, tim: Member) -> None:
    """From the view of a person, whom it is for is chosen already."""
    sol = member(here, 4, "Sol", "supervisor")
    press(here, sol, "assign_to:2")
    text = chosen(here, sol, TITLE, "No date", "Any number", "The scenario's own", "Yes, assign it")
    assert "Tim hears of it now" in text
    assert 1 == len(outbox_of(here, tim))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("today", date(2026, 3, 5)),
        ("Tomorrow", date(2026, 3, 6)),
        ("next friday", date(2026, 3, 13)),
        ("by next Monday", date(2026, 3, 9)),
        ("this friday", date(2026, 3, 6)),
        ("end of next week", date(2026, 3, 12)),
        ("in 2 weeks", date(2026, 3, 19)),
        ("in three days", date(2026, 3, 8)),
        ("in 999 days", None),
        ("next month", None),
        ("on Friday", date(2026, 3, 6)),
        ("thursday", date(2026, 3, 5)),
        ("2026-03-09", date(2026, 3, 9)),
        ("9.3.", date(2026, 3, 9)),
        ("09.03.2027", date(2027, 3, 9)),
        ("27 March", date(2026, 3, 27)),
        ("Friday, 27 March 2026", date(2026, 3, 27)),
        ("the 27th of March", None),
        ("27th of March", date(2026, 3, 27)),
        ("March 27th", date(2026, 3, 27)),
        ("1 Feb", date(2027, 2, 1)),
        ("29 February", None),
        ("1.2.2026", date(2026, 2, 1)),
        ("3/4/2026", None),
        ("31 June", None),
        ("7 ju", None),
        ("soon", None),
        ("2199-01-01", None),
        ("٩.٣.", None),
    ],
)
def test_dates_as_people_write_them(written: str, expected: date | None) -> None:
    """A day without a year is the next one of its kind; what could be two days is none."""
    assert expected == read_date(written, TODAY)


def test_a_typed_date(here: Office, tara: Member, tim: Member) -> None:
    """What is no date is asked for again; a past one too."""
    assert tim.roles
    press(here, tara, f"due:{SCENARIO}:p2")
    assert "Write the last day" in chosen(here, tara, "Another day")
    for written, answer in (("whenever", "whenever"), ("1.3.2026", "1 March 2026 has passed")):
        say(here, tara, written)
        assert answer in outbox_of(here, tara)[0].text
    say(here, tara, "20 March")
    assert "due on Friday 20 March" in chosen(here, tara, "Any number", "40")


def test_a_whole_assignment_in_words(here: Office, tara: Member, tim: Member) -> None:
    """Each step takes what is written; what it can't tell brings its buttons again."""
    command(here, tara, "/assign")
    how_hard = DIFFICULTIES[here.repertoire.scenario(SCENARIO).difficulty]
    assert f"{TITLE} ({how_hard})" in outbox_of(here, tara)[0].labels
    steps = [
        ("what?", None), (TITLE, "who should"), ("nobody", None), ("tim", "by when"),
        ("someday", None), ("next friday", "How many"), ("2", "What must"), ("95", None),
        ("70", "Friday 13 March, up to 2 attempts, pass mark 70"), ("hm", None),
        ("yes", "is assigned"),
    ]  # fmt: skip
    for said, answer in steps:
        say(here, tara, said)
        found = outbox_of(here, tara)
        assert (2 if answer is None else 1) == len(found), said
        if answer is None:
            assert "buttons below" in found[0].text or "10 to 90" in found[0].text
            assert found[1].labels
        else:
            assert answer in found[0].text
    assert again(here, tara).awaiting is None
    ((kept, _),) = here.assigning.of_person(tim.person)
    assert ("2026-03-13", 2, 70) == (kept.due, kept.attempts, kept.pass_mark)


def test_the_same_twice_is_refused(here: Office, tara: Member, tim: Member) -> None:
    """A second press assigns nothing and tells nobody."""
    assign(here, tara)
    outbox_of(here, tim)
    assert "assigned to them already" in assign(here, tara)
    assert [] == outbox_of(here, tim)


def test_forged_buttons(here: Office, tara: Member, tim: Member) -> None:
    """Roles are asked at every step, and so is whom it is about."""
    other = member(here, 5, "Olga", "trainer", team="Elsewhere")
    steps = [
        "assign",
        "assign_to:2",
        f"whom:{SCENARIO}",
        f"due:{SCENARIO}:p2",
        f"date:{SCENARIO}:p2",
        f"tries:{SCENARIO}:p2:0",
        f"mark:{SCENARIO}:p2:0:1",
        f"sure:{SCENARIO}:p2:0:1:0",
        f"hand:{SCENARIO}:p2:0:1:0",
        f"hand:{SCENARIO}:t{team_key(TEAM)}:0:1:0",
        "assigned",
    ]
    for data in steps:
        press(here, tim, data)
        assert "trainers and supervisors" in outbox_of(here, tim)[0].text
    for data in (*steps[1:2], *steps[3:9]):
        press(here, other, data)
        outbox_of(here, other)
        assert again(here, other).awaiting is None
    for data in (
        "hand:nothing:p2:0:1:0",
        f"hand:{SCENARIO}:p99:0:1:0",
        f"hand:{SCENARIO}:x:0:1:0",
        f"hand:{SCENARIO}:p2:20261399:1:0",
        f"hand:{SCENARIO}:p2:20200101:1:0",
        f"hand:{SCENARIO}:p2:0:21:0",
        f"hand:{SCENARIO}:p2:0:1:95",
        f"hand:{SCENARIO}:p2:0:1:9",
        f"hand:{SCENARIO}:p-2:0:1:0",
    ):
        press(here, tara, data)
        assert 1 == len(outbox_of(here, tara))
    assert [] == here.assigning.of_person(tim.person)
    assert [] == outbox_of(here, tim)


def test_a_form_of_somebody_who_is_no_trainer_any_more(
    here: Office, tara: Member, tim: Member
) -> None:
    """The role is asked again when the date comes."""
    press(here, tara, f"date:{SCENARIO}:p2")
    member(here, 1, "Tara", "trainee", team="Elsewhere")
    here.members.leave(tara.person, TEAM, "2026-03-05T10:00:00+00:00")
    outbox_of(here, tara)
    say(here, tara, "20 March")
    (answer,) = outbox_of(here, tara)
    assert "trainers and supervisors" in answer.text
    assert [] == answer.labels
    assert [] == here.assigning.of_person(tim.person)


def test_what_is_assigned_can_be_taken_back(here: Office, tara: Member, tim: Member) -> None:
    """The list says how far people are; only those who assign there take anything back."""
    assign(here, tara, due="20260312")
    press(here, tara, "assigned")
    (answer,) = outbox_of(here, tara)
    assert "due on Thursday 12 March" in answer.text
    assert "Not passed yet" in answer.text
    for who in (tim, member(here, 5, "Olga", "trainer", team="Elsewhere")):
        press(here, who, answer.button("Take back"))
        outbox_of(here, who)
    assert 1 == len(here.assigning.of_person(tim.person))
    press(here, tara, answer.button("Take back"))
    assert "no longer assigned to Tim" in outbox_of(here, tara)[0].text
    assert [] == here.assigning.of_person(tim.person)


def test_hires_see_it_first(here: Office, tara: Member, tim: Member) -> None:
    """What is assigned stands above all else, with its date, until it is done."""
    assign(here, tara, due="20260306", attempts=1)
    outbox_of(here, tim)
    command(here, tim, "/practice")
    (menu,) = outbox_of(here, tim)
    assert menu.text.startswith(f"Assigned: <b>{TITLE}</b>, due tomorrow (not begun)")
    assert TITLE == menu.labels[0]
    finished(here, tim, scenario=SCENARIO, started="2026-03-05T11:00:00+00:00")
    command(here, tim, "/practice")
    (menu,) = outbox_of(here, tim)
    assert "Assigned" not in menu.text


def test_reminders_come_once(here: Office, clock: Clock, tara: Member, tim: Member) -> None:
    """The day before and on the day, from nine, however often the program looks."""
    assign(here, tara, due="20260308")
    outbox_of(here, tim)
    assert 0 == remind(here)
    clock.go_on(days=2, hours=-2)
    assert 0 == remind(here)
    clock.go_on(hours=2)
    assert [1, 0] == [remind(here), remind(here)]
    (reminder,) = outbox_of(here, tim)
    assert f"<b>{TITLE}</b> is due tomorrow" in reminder.text
    press(here, tim, reminder.button("Read the brief"))
    outbox_of(here, tim)
    clock.go_on(days=1)
    assert [1, 0] == [remind(here), remind(here)]
    assert "is due today" in outbox_of(here, tim)[0].text


def test_no_reminders_for_who_wants_none_or_is_done(
    here: Office, clock: Clock, tara: Member, tim: Member
) -> None:
    """Switched off, or passed."""
    ann = member(here, 3, "Ann")
    for to in ("p2", "p3"):
        assign(here, tara, to=to, due="20260306", attempts=1)
    press(here, tim, "set:reminders:0")
    finished(here, ann, scenario=SCENARIO, started="2026-03-05T11:00:00+00:00")
    clock.go_on(days=1)
    assert 0 == remind(here)


def test_buttons_are_short_enough(here: Office, tara: Member) -> None:
    """64 bytes at most, with the longest numbers that Telegram gives."""
    member(here, 2**52 - 1, "Someone far away")
    command(here, tara, "/assign")
    seen: list[str] = []
    for label in (TITLE, "Someone", "In 2 weeks", "3", "50"):
        (answer,) = outbox_of(here, tara)
        seen += answer.presses
        press(here, tara, answer.button(label))
    seen += outbox_of(here, tara)[0].presses
    assert f"hand:{SCENARIO}:p{2**52 - 1}:20260319:3:5" in seen
    room = 28 - len(SCENARIO)
    assert 64 >= max(len(data.encode()) for data in seen) + room
