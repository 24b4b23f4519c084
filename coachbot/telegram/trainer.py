"""What a trainer can do with a scenario: try it, publish it, withdraw it; see how all do.

Sending one is in ``adding``, benching it in ``benching``.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from coachbot.coaching.permissions import demand, where
from coachbot.coaching.publishing import (
    Reference,
    ScenarioFile,
    is_trial,
    named,
    reference_of,
    rehearse,
    short,
)
from coachbot.errors import NotFound, ScenarioError, UsageError
from coachbot.telegram import rendering
from coachbot.telegram.menus import data, row, rows
from coachbot.telegram.rendering import benching, training
from coachbot.telegram.rendering.briefing import DIFFICULTIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbot.scenario.models import Scenario
    from coachbot.telegram.messages import Button, Keyboard
    from coachbot.telegram.visit import Answers, Visit

MOST_BUTTONS = 12
"""Scenarios on one page of the list."""


def team_key(team: str) -> str:
    """A team as buttons send it; names are too long for them."""
    return hashlib.sha256(team.casefold().encode()).hexdigest()[:8]


def team_named(key: str, teams: Iterable[str]) -> str | None:
    """Which of these teams a button meant."""
    return next((team for team in teams if team_key(team) == key), None)


# --- Files ----------------------------------------------------------------------------------------


def cleared(visit: Visit, file: ScenarioFile) -> None:
    """Forget the files of a version that was thrown away."""
    for tried in (False, True):
        visit.office.publishing.cleared(Reference(file.scenario, file.version, tried))


def _talking(visit: Visit) -> str:
    """What is played in the conversation that the member's messages go to; empty: there is none."""
    name = visit.hire.session_id
    try:
        session = visit.office.sessions.get(name) if name is not None else None
    except NotFound:
        return ""
    return session.scenario if session is not None and session.phase == "conversation" else ""


def trial_ends(visit: Visit, gone: list[tuple[str, int]]) -> bool:
    """Leave the trial of a version that is gone: nobody answers in it any more."""
    played = reference_of(_talking(visit))
    if played is None or (played.scenario, played.version) not in gone:
        return False
    visit.office.members.set_session(visit.hire.person, None)
    visit.office.post.clear_drafts(visit.hire.person)
    return True


def put_aside(visit: Visit, answers: Answers) -> None:
    """Pause a conversation when its trainer goes on to other work, and say so.

    What is written next is hardly meant for the customer any more.
    """
    name = _talking(visit)
    if not name:
        return
    try:
        customer = visit.office.repertoire.scenario(name).persona.name
    except (NotFound, ScenarioError):
        customer = ""
    visit.office.members.set_session(visit.hire.person, None)
    answers.say(
        training.put_aside(customer, trial=is_trial(name)),
        rows((training.back_to(customer), data("on", visit.hire.session_id))),
    )


def card_buttons(visit: Visit, file: ScenarioFile, *, left: int) -> Keyboard:
    """What can be done with a version. ``left``: how many of its texts are the template's."""
    key, version = short(file.scenario), file.version
    teams = where(visit.member, "publish_scenario")
    bench = ("Bench it", data("bench", key, version))
    keyboard: list[tuple[Button, ...]] = [row(("Try it", data("trial", key, version)), bench)]
    if file.state == "published":
        keyboard.append(row(("Withdraw", data("withdraw", key))))
        return tuple(keyboard)
    if left and teams:
        still = ("What to replace first", data("publish", key, version, team_key(teams[0])))
        keyboard.append(row(still))
    for team in teams if not left else ():
        label = "Publish" if len(teams) == 1 else f"Publish for {team}"
        keyboard.append(row((label, data("publish", key, version, team_key(team)))))
    if file.state == "draft":
        keyboard.append(row(("Throw away", data("discard", key, version))))
    return tuple(keyboard)


def found(visit: Visit, key: str, version: str) -> tuple[ScenarioFile, Scenario]:
    """A version of the trainer's teams that a button means, read."""
    teams = where(visit.member, "send_scenario")
    file = visit.office.publishing.find(key, version, teams)
    return file, _read(visit, file, trial=False)


def _read(visit: Visit, file: ScenarioFile, *, trial: bool) -> Scenario:
    name = str(Reference(file.scenario, file.version, trial))
    try:
        return visit.office.repertoire.scenario(name)
    except ScenarioError:
        raise UsageError(
            f"Version {file.version} of '{file.scenario}' was fine when it was sent, and can't be "
            "read by this CoachBot any more. Send the file again to see what has to change."
        ) from None


def card(visit: Visit, key: str, version: str) -> None:
    """A version, and what can be done with it."""
    file, scenario = found(visit, key, version)
    left = visit.office.publishing.examples(file) if file.state != "published" else ()
    text = training.draft_card(scenario, file, left=left)
    bench = visit.office.benching.kept.of_version(file.scenario, file.version)
    if bench is not None:
        text = f"{text}\n\n{benching.benched_before(bench, visit.office.today().date())}"
    visit.answer(text, card_buttons(visit, file, left=len(left)))


def trial(visit: Visit, key: str, version: str) -> None:
    """Begin a trial, which counts for nothing."""
    office, hire = visit.office, visit.hire
    file, _ = found(visit, key, version)
    demand(hire, "try_scenario", team=file.team)
    scenario = _read(visit, file, trial=True)
    coach = office.coach.without_trace()
    name = str(Reference(file.scenario, file.version, trial=True))
    seed = visit.request.update_id % 1000
    session = coach.begin(coach.start(name, person=hire.person, seed=seed))
    with visit.commit() as answers:
        office.coach.sessions.save(session)
        office.members.set_session(hire.person, session.id)
        office.members.set_awaiting(hire.person, None)
        office.post.clear_drafts(hire.person)
        answers.say(rendering.brief(scenario, office.repertoire.words_by))
        answers.say(training.trial_begins(scenario.persona.name, file.version))
        for message in session.opening:
            answers.say(rendering.html(message), pause=office.pace.typing(message))


def publish(visit: Visit, key: str, version: str, team: str) -> None:
    """Play the example conversation; if it passes, publish."""
    _publish(visit, key, version, team, insisting=False)


def insist(visit: Visit, key: str, version: str, team: str) -> None:
    """Publish whatever the example conversation comes to."""
    _publish(visit, key, version, team, insisting=True)


def _publish(visit: Visit, key: str, version: str, to: str, *, insisting: bool) -> None:
    office, hire = visit.office, visit.hire
    team = team_named(to, hire.teams)
    if team is None:
        visit.answer(rendering.stale_button())
        return
    file, scenario = found(visit, key, version)
    demand(hire, "publish_scenario", team=team)
    demand(hire, "publish_scenario", team=file.team)
    if file.state == "published" and file.team == team:
        visit.answer(training.published_already(scenario, file))
        return
    left = office.publishing.examples(file)
    if left:
        visit.answer(training.still_the_template(scenario, left))
        return
    how = None
    if not insisting:
        how = rehearse(office.coach, str(Reference(file.scenario, file.version)))
        if not how.passed:
            visit.answer(
                training.rehearsal_failed(scenario, how),
                rows(
                    ("Publish it all the same", data("insist", key, version, to)),
                    ("Leave it a draft", data("cancel")),
                ),
            )
            return
    others = office.publishing.files.of_teams((file.team,) if file.team else ())
    replaces = any(o.scenario == file.scenario and o.state == "published" for o in others)
    with visit.commit() as answers:
        answers.take_buttons()
        put_aside(visit, answers)
        if not office.publishing.publish(file, team, hire):
            answers.say(training.published_already(scenario, file))
            return
        bench = office.benching.kept.of_version(file.scenario, file.version)
        text = training.published(scenario, file, team, how, replaces=replaces)
        if bench is not None and bench.result.flags:
            text = f"{text}\n\n{benching.publish_flags(bench.result)}"
        answers.say(
            text,
            rows(
                ("Assign it", data("whom", short(file.scenario), 0)),
                ("Withdraw", data("withdraw", short(file.scenario))),
            ),
        )


def withdraw(visit: Visit, key: str) -> None:
    """Offer a scenario no longer."""
    office = visit.office
    mine = office.publishing.files.of_teams(where(visit.member, "withdraw_scenario"))
    file = next(
        (o for o in mine if o.state == "published" and key in (o.scenario, short(o.scenario))), None
    )
    if file is None:
        visit.answer(rendering.stale_button())
        return
    title = title_of(visit, file)
    with visit.commit() as answers:
        answers.take_buttons()
        office.publishing.withdraw(file, visit.hire)
        again = data("publish", short(file.scenario), file.version, team_key(file.team or ""))
        answers.say(training.withdrawn(title), rows(("Publish it again", again)))


def discard(visit: Visit, key: str, version: str) -> None:
    """Throw a draft away."""
    office, hire = visit.office, visit.hire
    teams = where(hire, "send_scenario")
    file = office.publishing.find(key, version, teams)
    title = title_of(visit, file)
    files = [o for o in office.publishing.files.of_teams(teams) if o.scenario == file.scenario]
    with visit.commit() as answers:
        if not office.publishing.throw_away(file, hire):
            answers.say(rendering.stale_button())
            return
        trial_ended = trial_ends(visit, [(file.scenario, file.version)])
        offered = next((o for o in files if o.state == "published"), None)
        text = training.thrown_away(
            title, file.version, offered.version if offered else None, trial=trial_ended
        )
        answers.change(text)
    cleared(visit, file)


def title_of(visit: Visit, file: ScenarioFile) -> str:
    """What a version is called; its id where it can't be read any more."""
    try:
        return _read(visit, file, trial=False).title
    except (NotFound, UsageError):
        return file.scenario


# --- How they are doing ---------------------------------------------------------------------------


def scenarios(visit: Visit, page: str = "0") -> None:
    """All scenarios of somebody's teams, how each is doing, and a button to each."""
    office, member = visit.office, visit.hire
    demand(member, "see_scenarios")
    teams = where(member, "see_scenarios")
    mine = where(member, "send_scenario")
    files = office.publishing.files
    offered = office.repertoire.scenarios(teams)
    last = max(0, (len(offered) - 1) // MOST_BUTTONS)
    number = min(int(page), last) if page.isascii() and page.isdecimal() else 0
    shown = offered[number * MOST_BUTTONS : (number + 1) * MOST_BUTTONS]
    text = training.how_scenarios_do(shown, files.figures(teams))
    buttons: list[tuple[Button, ...]] = [
        row((f"{one.title} ({DIFFICULTIES[one.difficulty]})", data("about", short(one.id))))
        for one in shown
    ]
    way = []
    if number > 0:
        way.append(("← Back", data("scenarios", number - 1)))
    if number < last:
        way.append(("More →", data("scenarios", number + 1)))
    if way:
        buttons.append(row(*way))
    if number == 0:
        buttons += _unpublished(visit, files.of_teams(mine))
    if mine:
        buttons.append(row(("Add a scenario", data("template"))))
    with visit.commit() as answers:
        say = answers.change if visit.request.data.startswith("scenarios:") else answers.say
        say(text, tuple(buttons))


def _unpublished(visit: Visit, files: list[ScenarioFile]) -> Keyboard:
    """What nobody can begin yet, or any more: the newest version of each scenario."""
    newest: dict[str, ScenarioFile] = {}
    for file in files:
        newest.setdefault(file.scenario, file)
    names = {"draft": "Draft", "withdrawn": "Withdrawn"}
    return rows(
        *(
            (
                f"{names[file.state]}: {title_of(visit, file)} (version {file.version})",
                data("card", short(file.scenario), file.version),
            )
            for file in list(newest.values())[:MOST_BUTTONS]
            if file.state in names
        )
    )


def about(visit: Visit, key: str) -> None:
    """One scenario that is offered: what it is, how it is doing, what can be done with it."""
    office, member = visit.office, visit.hire
    demand(member, "see_scenarios")
    teams = where(member, "see_scenarios")
    offered = {one.id: one for one in office.repertoire.scenarios(teams)}
    name = named(key, offered)
    if name is None:
        visit.answer(training.not_offered())
        return
    scenario = offered[name]
    mine_in = where(member, "send_scenario")
    mine = office.publishing.files.of_teams(mine_in)
    file = next((o for o in mine if o.scenario == name and o.state == "published"), None)
    buttons: list[tuple[Button, ...]] = []
    if file is not None:
        buttons += card_buttons(visit, file, left=0)
    else:
        buttons.append(row(("Read the brief, try it", data("brief", short(name)))))
    if where(member, "assign"):
        buttons.append(row(("Assign it", data("whom", short(name), 0))))
    text = training.about(
        scenario, office.publishing.files.figures(teams), locked=bool(mine_in) and file is None
    )
    if file is not None:
        bench = office.benching.kept.of_version(file.scenario, file.version)
        if bench is not None:
            text = f"{text}\n\n{benching.benched_before(bench, office.today().date())}"
    visit.answer(text, tuple(buttons))
