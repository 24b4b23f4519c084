"""Assigning scenarios: what, to whom, until when, how often; telling people, and reminding them.

Each step's buttons carry all that was chosen before, so that nothing is remembered in between and
several may be under way at once. People are named by ``p`` and their number on Telegram, teams by
``t`` and a hash.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from coachbot.coaching.permissions import demand, where
from coachbot.coaching.publishing import named, short
from coachbot.errors import NotFound, ScenarioError, UsageError
from coachbot.telegram.menus import data, row, rows
from coachbot.telegram.rendering import training
from coachbot.telegram.trainer import team_key, team_named
from coachbot.telegram.visit import Answers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coachbot.coaching.assigning import Assignment, Standing
    from coachbot.coaching.people import Member
    from coachbot.scenario.models import Scenario
    from coachbot.telegram.messages import Keyboard
    from coachbot.telegram.office import Office
    from coachbot.telegram.visit import Visit

Item = TypeVar("Item")

PER_PAGE = 12
"""Scenarios, people or assignments on one page."""
NOBODY_YET = "-"
"""Stands for whom, while that is not chosen."""
NO_DATE = "0"
ATTEMPTS = {"0": None, "1": 1, "3": 3}
MARKS: dict[str, float | None] = {"0": None, "4": 40, "5": 50, "6": 60}
"""Pass marks to choose from, as buttons send them; None: the scenario's own."""
LONGEST_AHEAD = timedelta(days=730)

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()


# --- Steps ----------------------------------------------------------------------------------------


def begin(visit: Visit, page: str = "0", whom: str = NOBODY_YET) -> None:
    """Which scenario."""
    teams = _teams(visit)
    name = None
    if whom != NOBODY_YET:
        team, person = _target(visit, whom)
        teams, name = (team,), person.name if person else team
    found = visit.office.repertoire.scenarios(teams)
    shown, turn = _page(found, page, lambda n: data("assign", n, whom))
    verb = "whom" if whom == NOBODY_YET else "due"
    keyboard = [
        row((s.title, data(verb, short(s.id), 0 if whom == NOBODY_YET else whom))) for s in shown
    ]
    if whom == NOBODY_YET:
        keyboard.append(row(("What is assigned", data("assigned", 0))))
    visit.answer(training.which_scenario(name), (*keyboard, *turn))


def assign_to(visit: Visit, telegram: str) -> None:
    """Begin with somebody who is chosen already."""
    begin(visit, "0", f"p{telegram}")


def whom(visit: Visit, key: str, page: str = "0") -> None:
    """Who should practise it: a team, or one of its trainees."""
    teams = _teams(visit)
    scenario = _offered(visit, key, teams)
    choices: list[tuple[str, str]] = []
    for team in teams:
        if all(s.id != scenario.id for s in visit.office.repertoire.scenarios((team,))):
            continue
        choices.append((f"Everybody in {team}", f"t{team_key(team)}"))
        for member in visit.office.members.members(team, "trainee"):
            label = member.name if len(teams) == 1 else f"{member.name} ({team})"
            choices.append((label, f"p{member.telegram}"))
    once = list({value: (label, value) for label, value in choices}.values())
    shown, turn = _page(once, page, lambda n: data("whom", short(scenario.id), n))
    keyboard = [row((label, data("due", short(scenario.id), value))) for label, value in shown]
    visit.answer(training.for_whom(scenario.title), (*keyboard, *turn))


def due(visit: Visit, key: str, to: str) -> None:
    """Until when."""
    scenario, name = _chosen(visit, key, to)
    today = _today(visit.office)
    choices = [("No date", NO_DATE)]
    choices += [
        (label, _code(today + timedelta(days=days)))
        for label, days in (("In 3 days", 3), ("In 1 week", 7), ("In 2 weeks", 14))
    ]
    buttons = [(label, data("tries", short(scenario.id), to, code)) for label, code in choices]
    visit.answer(
        training.due_when(scenario.title, name),
        (row(*buttons[:2]), row(*buttons[2:]), row(("Another day", data("date", key, to)))),
    )


def type_date(visit: Visit, key: str, to: str) -> None:
    """Ask for a date."""
    _chosen(visit, key, to)
    with visit.commit() as answers:
        visit.office.members.set_awaiting(
            visit.hire.person, {"form": "due", "scenario": key, "whom": to}
        )
        answers.say(training.which_date(), rows(("Cancel", data("cancel"))))


def date_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """A date was typed; one that can't be read is asked for again."""
    office = visit.office
    key, to = str(awaiting["scenario"]), str(awaiting["whom"])
    try:
        _chosen(visit, key, to)
    except (UsageError, NotFound):
        office.members.set_awaiting(visit.hire.person, None)
        raise
    today = _today(office)
    when = read_date(written, today)
    if when is None or when < today:
        text = training.no_date(written) if when is None else training.date_past(when)
        visit.answer(text, rows(("Cancel", data("cancel"))))
        return
    with visit.commit() as answers:
        office.members.set_awaiting(visit.hire.person, None)
        answers.say(training.how_often(), _attempts(key, to, _code(when)))


def tries(visit: Visit, key: str, to: str, when: str) -> None:
    """How many attempts."""
    _chosen(visit, key, to)
    _date(when)
    visit.answer(training.how_often(), _attempts(key, to, when))


def _attempts(key: str, to: str, when: str) -> Keyboard:
    return (
        row(
            ("Any number", data("mark", key, to, when, 0)),
            ("1", data("mark", key, to, when, 1)),
            ("3", data("mark", key, to, when, 3)),
        ),
    )


def mark(visit: Visit, key: str, to: str, when: str, attempts: str) -> None:
    """What has to be reached."""
    scenario, _ = _chosen(visit, key, to)
    _date(when)
    _number(attempts)
    buttons = []
    for code, value in MARKS.items():
        label = "The scenario's own" if value is None else f"{value:.0f}"
        buttons.append((label, data("sure", key, to, when, attempts, code)))
    visit.answer(training.which_mark(scenario), (row(buttons[0]), row(*buttons[1:])))


def sure(visit: Visit, key: str, to: str, when: str, attempts: str, mark: str) -> None:
    """Show what will be assigned."""
    scenario, name = _chosen(visit, key, to)
    terms = training.Terms(_day(visit.office, _date(when)), _number(attempts), _mark(mark))
    yes = data("hand", key, to, when, attempts, mark)
    visit.answer(
        training.assignment_question(scenario.title, name, terms),
        (row(("Yes, assign it", yes), ("No", data("cancel"))),),
    )


def hand_out(visit: Visit, key: str, to: str, when: str, attempts: str, mark: str) -> None:
    """Assign it, and tell whoever is to practise it."""
    office, hire = visit.office, visit.hire
    team, person = _target(visit, to)
    scenario = _offered(visit, key, (team,))
    last_day = _date(when)
    terms = training.Terms(_day(office, last_day), _number(attempts), _mark(mark))
    with visit.commit() as answers:
        office.assigning.assign(
            scenario.id,
            team=team,
            made_by=hire.person,
            person=person.person if person else None,
            due=last_day,
            attempts=terms.attempts,
            pass_mark=terms.pass_mark,
        )
        people = [person] if person else list(office.members.members(team, "trainee"))
        told = [one for one in people if one.reachable and one.person != hire.person]
        answers.change(
            training.assignment_made(
                scenario.title,
                person.name if person else team,
                terms,
                None if person and told else len(told),
            )
        )
        text = training.assigned_to_you(scenario, hire.name, terms, None if person else team)
        for one in told:
            button = rows(("Read the brief", data("brief", short(scenario.id))))
            answers.say(text, button, to=one.telegram)


# --- What is assigned -----------------------------------------------------------------------------


def listing(visit: Visit, page: str = "0") -> None:
    """All assignments of the teams that somebody assigns for, each with a way to take it back."""
    office = visit.office
    found: list[tuple[Assignment, list[Standing]]] = []
    for team in _teams(visit):
        so_far: dict[str, list[Standing]] = {}
        for assignment, _, played in office.records.assigned(team):
            standing = office.assigning.standing(assignment, played)
            so_far.setdefault(assignment.id, []).append(standing)
        found += [
            (one, so_far.get(one.id, [])) for one in office.assigning.repository.assignments(team)
        ]
    shown, turn = _page(found, page, lambda n: data("assigned", n))
    items, keyboard = [], []
    for number, (one, standings) in enumerate(shown, 1):
        title, name = _title(office, one.scenario), _name(office, one)
        passed = sum(s.status == "passed" for s in standings)
        items.append((f"{number}. {title}", name, _terms(office, one), passed, len(standings)))
        keyboard.append(row((f"Take back {number}", data("unassign", one.id))))
    visit.answer(training.what_is_assigned(items), (*keyboard, *turn))


def withdraw(visit: Visit, assignment_id: str) -> None:
    """Take an assignment back."""
    office = visit.office
    assignment = office.assigning.repository.assignment(assignment_id)
    demand(visit.member, "assign", team=assignment.team)
    text = training.assignment_withdrawn(
        _title(office, assignment.scenario), _name(office, assignment)
    )
    with visit.commit() as answers:
        office.assigning.withdraw(assignment_id)
        answers.say(text)


# --- For hires ------------------------------------------------------------------------------------


def open_assignments(
    office: Office, hire: Member, scenarios: Sequence[Scenario]
) -> list[tuple[Scenario, training.Terms, Standing]]:
    """What a hire was asked to practise and can still do, the most urgent first."""
    by_id = {one.id: one for one in scenarios}
    found = [
        (by_id[assignment.scenario], assignment, standing)
        for assignment, standing in office.assigning.of_person(hire.person)
        if assignment.scenario in by_id and not standing.done
    ]
    found.sort(key=lambda one: one[1].due or "9")
    return [
        (scenario, _terms(office, assignment), standing) for scenario, assignment, standing in found
    ]


def remind(office: Office) -> int:
    """Queue the reminders that are due, each once whatever happens; returns how many."""
    sent = 0
    for reminder in office.assigning.due_reminders():
        with office.transaction():
            member = office.members.member(reminder.person)
            if member is None:
                continue
            offered = {s.id: s for s in office.repertoire.scenarios(member.teams)}
            scenario = offered.get(reminder.assignment.scenario)
            # Of a scenario that was withdrawn nobody needs to be reminded.
            if not office.assigning.claim(reminder) or scenario is None:
                continue
            answers = Answers(member.telegram)
            answers.say(
                training.reminder(scenario.title, reminder.standing, today=reminder.due_today),
                rows(("Read the brief", data("brief", short(scenario.id)))),
            )
            office.put(answers)
            sent += 1
    if sent:
        office.wake_sender()
    return sent


def _page(
    items: Sequence[Item], page: str, to: Callable[[int], str]
) -> tuple[Sequence[Item], Keyboard]:
    """One page of something, and the buttons to the ones beside it."""
    last = max(0, (len(items) - 1) // PER_PAGE)
    number = min(int(page), last) if re.fullmatch(r"[0-9]{1,4}", page, re.ASCII) else 0
    turn = []
    if number > 0:
        turn.append(("← Back", to(number - 1)))
    if number < last:
        turn.append(("More →", to(number + 1)))
    shown = items[number * PER_PAGE : (number + 1) * PER_PAGE]
    return shown, (row(*turn),) if turn else ()


# --- Reading what buttons and people say ----------------------------------------------------------


def _teams(visit: Visit) -> tuple[str, ...]:
    """The teams in which somebody assigns; ``Forbidden`` where there are none."""
    teams = where(visit.member, "assign")
    if not teams:
        demand(visit.member, "assign")
    return teams


def _target(visit: Visit, to: str) -> tuple[str, Member | None]:
    """The team, and the person unless it is the whole team. ``Forbidden``, ``NotFound``."""
    teams = _teams(visit)
    if to.startswith("t"):
        team = team_named(to[1:], teams)
        if team is None:
            raise NotFound("That team is not one that you assign scenarios in (any more).")
        demand(visit.member, "assign", team=team)
        return team, None
    number = to[1:]
    person = (
        visit.office.members.by_telegram(int(number))
        if re.fullmatch(r"p[0-9]{1,18}", to, re.ASCII)
        else None
    )
    if person is None:
        raise NotFound("This person is not here any more, so there is nobody to assign it to.")
    demand(visit.member, "assign", owner=person)
    shared = [team for team in teams if team in person.teams]
    if not shared:
        raise NotFound("This person is in none of the teams that you assign scenarios in.")
    shared.sort(key=lambda team: not person.holds("trainee", team))
    return shared[0], person


def _offered(visit: Visit, key: str, teams: tuple[str, ...]) -> Scenario:
    """A scenario that these teams can play, as a button names it."""
    found = {s.id: s for s in visit.office.repertoire.scenarios(teams)}
    name = named(key, found)
    if name is None:
        raise UsageError(
            "This scenario isn't offered there (any more). /assign begins again with those that "
            "are."
        )
    return found[name]


def _chosen(visit: Visit, key: str, to: str) -> tuple[Scenario, str]:
    """The scenario, and the name of whoever is to practise it."""
    team, person = _target(visit, to)
    return _offered(visit, key, (team,)), person.name if person else team


def _code(when: date) -> str:
    return f"{when:%Y%m%d}"


def _date(code: str) -> date | None:
    """A day as buttons send it; ``UsageError``."""
    if code == NO_DATE:
        return None
    if re.fullmatch(r"[0-9]{8}", code, re.ASCII):
        try:
            return date(int(code[:4]), int(code[4:6]), int(code[6:]))
        except ValueError:
            pass
    raise UsageError("This button is not one of mine. /assign begins again.")


def _number(attempts: str) -> int | None:
    if attempts not in ATTEMPTS:
        raise UsageError("This button is not one of mine. /assign begins again.")
    return ATTEMPTS[attempts]


def _mark(code: str) -> float | None:
    if code not in MARKS:
        raise UsageError("This button is not one of mine. /assign begins again.")
    return MARKS[code]


def read_date(written: str, today: date) -> date | None:
    """A day as people write it, on or after today where no year is given; None if it is none.

    A day between slashes is not read, since it means another one on the other side of the ocean.
    """
    text = re.sub(r"[,\s]+", " ", written.strip().lower().removeprefix("on ")).strip()
    if text in ("today", "tomorrow"):
        return today + timedelta(days=text == "tomorrow")
    if text in _DAYS:
        return today + timedelta(days=(_DAYS.index(text) - today.weekday()) % 7)
    for name in _DAYS:
        text = text.removeprefix(f"{name} ")
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII):
        year, month, day = map(int, found.groups())
        return _existing(year, month, day, today)
    if found := re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})\.? ?(\d{4})?", text, re.ASCII):
        day, month, year = (int(g) if g else 0 for g in found.groups())
        return _existing(year, month, day, today)
    if found := re.fullmatch(
        r"(?:(\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?([a-z]{3,9})"
        r"|([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?)"
        r"(?: (\d{4}))?",
        text,
        re.ASCII,
    ):
        word = found.group(2) or found.group(3)
        months = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)]
        if len(months) == 1:
            day = int(found.group(1) or found.group(4))
            return _existing(int(found.group(5) or 0), months[0], day, today)
    return None


def _existing(year: int, month: int, day: int, today: date) -> date | None:
    """The day, the next one of its kind where ``year`` is 0; None if there is none so soon."""
    for candidate in (year,) if year else (today.year, today.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found if found - today <= LONGEST_AHEAD else None
    return None


def _today(office: Office) -> date:
    assigning = office.assigning
    return datetime.fromisoformat(assigning.now()).astimezone(assigning.zone).date()


def _terms(office: Office, assignment: Assignment) -> training.Terms:
    last_day = date.fromisoformat(assignment.due) if assignment.due else None
    return training.Terms(_day(office, last_day), assignment.attempts, assignment.pass_mark)


def _day(office: Office, when: date | None) -> str | None:
    return training.day(when, _today(office)) if when else None


def _title(office: Office, scenario: str) -> str:
    try:
        return office.repertoire.scenario(scenario).title
    except (NotFound, ScenarioError):
        return scenario


def _name(office: Office, assignment: Assignment) -> str:
    if assignment.person is None:
        return assignment.team
    person = office.members.member(assignment.person)
    return person.name if person else "somebody who has left"
