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
from coachbot.telegram.rendering import writing as forms
from coachbot.telegram.rendering.briefing import DIFFICULTIES
from coachbot.telegram.trainer import team_key, team_named
from coachbot.telegram.visit import Answers
from coachbot.telegram.writing import ask, step

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
MOST_ATTEMPTS = 20
MARKS: dict[str, float | None] = {"0": None, "4": 40, "5": 50, "6": 60, "7": 70, "8": 80}
"""Pass marks to choose from, as buttons send them; None: the scenario's own."""
LEAST_MARK, MOST_MARK = 10, 90
"""A mark may be written as well; it stands in buttons as it is."""
LONGEST_AHEAD = timedelta(days=730)

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_SOON = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}
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
        row(
            (
                f"{s.title} ({DIFFICULTIES[s.difficulty]})",
                data(verb, short(s.id), 0 if whom == NOBODY_YET else whom),
            )
        )
        for s in shown
    ]
    if whom == NOBODY_YET:
        keyboard.append(row(("What is assigned", data("assigned", 0))))
    text = training.which_scenario(name)
    step(visit, text, (*keyboard, *turn, _CANCEL), "assigning", "assign", page, whom)


_CANCEL = row(("Cancel", data("cancel")))


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
    text = training.for_whom(scenario.title)
    step(visit, text, (*keyboard, *turn, _CANCEL), "assigning", "whom", key, page)


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
    keyboard = (row(*buttons[:2]), row(*buttons[2:]), row(("Another day", data("date", key, to))))
    text = training.due_when(scenario.title, name)
    step(visit, text, (*keyboard, _CANCEL), "assigning", "due", key, to)


def type_date(visit: Visit, key: str, to: str) -> None:
    """Ask for a date."""
    _chosen(visit, key, to)
    ask(visit, training.which_date(), anew=True, form="due", scenario=key, whom=to)


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
    tries(visit, key, to, _code(when))


def tries(visit: Visit, key: str, to: str, when: str) -> None:
    """How many attempts."""
    _chosen(visit, key, to)
    _date(when)
    keyboard = (*_attempts(key, to, when), _CANCEL)
    step(visit, training.how_often(), keyboard, "assigning", "tries", key, to, when)


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
    keyboard = (row(buttons[0]), row(*buttons[1:]), _CANCEL)
    text = training.which_mark(scenario, LEAST_MARK, MOST_MARK)
    step(visit, text, keyboard, "assigning", "mark", key, to, when, attempts)


def sure(visit: Visit, key: str, to: str, when: str, attempts: str, mark: str) -> None:
    """Show what will be assigned."""
    scenario, name = _chosen(visit, key, to)
    terms = training.Terms(_day(visit.office, _date(when)), _number(attempts), _mark(mark))
    yes = data("hand", key, to, when, attempts, mark)
    text = training.assignment_question(scenario.title, name, terms)
    keyboard = (row(("Yes, assign it", yes), ("No", data("cancel"))),)
    step(visit, text, keyboard, "assigning", "sure", key, to, when, attempts, mark)


# --- Text in the place of a button ----------------------------------------------------------------


def step_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """What was written where buttons were offered: taken for what it is, or asked for again."""
    at, arguments = str(awaiting["at"]), [str(one) for one in awaiting["arguments"]]
    meant = _meant(visit, at, arguments, " ".join(written.split()))
    if meant is None:
        visit.before = visit.before or forms.tap_a_button()
        meant = at, arguments
    _STEPS[meant[0]](visit, *meant[1])


def _meant(visit: Visit, at: str, arguments: list[str], said: str) -> tuple[str, list[str]] | None:
    """The next step that a message leads to, with what is chosen; None where that can't be told."""
    plain = said.casefold().rstrip(".!")
    found: str | None = None
    match at:
        case "assign":
            to = arguments[1]
            found = _one_of(plain, _titles(visit, to))
            if found is not None and to != NOBODY_YET:
                return "due", [found, to]
            return ("whom", [found]) if found is not None else None
        case "whom":
            found = _one_of(plain, _people(visit, arguments[0]))
            return ("due", [arguments[0], found]) if found is not None else None
        case "due":
            found = _date_in(visit, said)
        case "tries":
            found = _attempts_in(plain)
        case "mark":
            found = _mark_in(visit, plain)
        case "sure" if plain in ("yes", "y", "ok", "okay", "sure"):
            return "hand", arguments
    return (_NEXT[at], [*arguments, found]) if found is not None else None


_NEXT = {"due": "tries", "tries": "mark", "mark": "sure"}
_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "once": "1"}


def _date_in(visit: Visit, said: str) -> str | None:
    if said.casefold() in ("no date", "none", "any time", "never"):
        return NO_DATE
    today = _today(visit.office)
    when = read_date(said, today)
    if when is not None and when < today:
        visit.before = training.date_past(when)
        return None
    return _code(when) if when is not None else None


def _attempts_in(said: str) -> str | None:
    if said in ("any", "any number", "unlimited", "no limit"):
        return "0"
    number = _NUMBERS.get(said, said)
    fits = re.fullmatch(r"[0-9]{1,2}", number) and 1 <= int(number) <= MOST_ATTEMPTS
    return str(int(number)) if fits else None


def _mark_in(visit: Visit, said: str) -> str | None:
    if not re.fullmatch(r"[0-9]{1,3}", said):
        return None
    if LEAST_MARK <= int(said) <= MOST_MARK:
        return said
    visit.before = training.no_such_mark(int(said), LEAST_MARK, MOST_MARK)
    return None


def _titles(visit: Visit, whom: str) -> list[tuple[str, str]]:
    teams = _teams(visit) if whom == NOBODY_YET else (_target(visit, whom)[0],)
    return [(s.title, short(s.id)) for s in visit.office.repertoire.scenarios(teams)]


def _people(visit: Visit, key: str) -> list[tuple[str, str]]:
    teams = _teams(visit)
    _offered(visit, key, teams)
    found: list[tuple[str, str]] = []
    for team in teams:
        found += [(label, f"t{team_key(team)}") for label in (team, f"everybody in {team}")]
        people = visit.office.members.members(team, "trainee")
        found += [(one.name, f"p{one.telegram}") for one in people]
    if len(teams) == 1:
        found += [(word, f"t{team_key(teams[0])}") for word in ("everybody", "everyone", "all")]
    return found


def _one_of(said: str, choices: list[tuple[str, str]]) -> str | None:
    """The one choice that is called so, or that begins so; None where there are none or more."""
    named = [(name.casefold(), value) for name, value in choices]
    exactly = {value for name, value in named if name == said}
    roughly = {value for name, value in named if len(said) > 1 and name.startswith(said)}
    for found in (exactly, roughly):
        if len(found) == 1:
            return found.pop()
    return None


# --- Doing it -------------------------------------------------------------------------------------


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
        if hire.awaiting is not None:
            office.members.set_awaiting(hire.person, None)
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


_STEPS: dict[str, Callable[..., None]] = {
    "assign": begin,
    "whom": whom,
    "due": due,
    "tries": tries,
    "mark": mark,
    "sure": sure,
    "hand": hand_out,
}


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
    if not re.fullmatch(r"[0-9]{1,2}", attempts, re.ASCII) or int(attempts) > MOST_ATTEMPTS:
        raise UsageError("This button is not one of mine. /assign begins again.")
    return int(attempts) or None


def _mark(code: str) -> float | None:
    if code in MARKS:
        return MARKS[code]
    if re.fullmatch(r"[0-9]{2}", code, re.ASCII) and LEAST_MARK <= int(code) <= MOST_MARK:
        return float(code)
    raise UsageError("This button is not one of mine. /assign begins again.")


def read_date(written: str, today: date) -> date | None:
    """A day as people write it, on or after today where no year is given; None if it is none.

    A day between slashes is not read, since it means another one on the other side of the ocean.
    """
    text = re.sub(r"[,\s]+", " ", written.strip().lower()).strip()
    text = re.sub(r"^(?:(?:by|until|till|before|on|the end of|end of) )+", "", text)
    soon = _soon(text, today)
    if soon is not None:
        return soon
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


def _soon(text: str, today: date) -> date | None:
    """A day that is named by how far it is from today, or by its name in the week."""
    if text in ("today", "tomorrow"):
        return today + timedelta(days=text == "tomorrow")
    if text == "next week":
        return today + timedelta(days=7)
    if found := re.fullmatch(r"in (\d{1,3}|a|one|two|three|four) (day|week)s?", text, re.ASCII):
        number = _SOON.get(found.group(1)) or int(found.group(1))
        when = today + timedelta(days=number * (7 if found.group(2) == "week" else 1))
        return when if when - today <= LONGEST_AHEAD else None
    following = text.startswith("next ")
    name = text.removeprefix("next ").removeprefix("this ")
    if name not in _DAYS:
        return None
    # "Next Friday" is the one of the week after this, whichever day it is said on.
    days = _DAYS.index(name) - today.weekday()
    return today + timedelta(days=days + 7 if following else days % 7)


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
