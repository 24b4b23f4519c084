"""What a trainer can do: send a scenario, try it, publish it, withdraw it; see how all do.

Benching it is in ``benching``.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from coachbot.coaching.permissions import demand, where
from coachbot.coaching.publishing import (
    LARGEST_FILE,
    Reference,
    ScenarioFile,
    named,
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
    from coachbot.telegram.visit import Visit

ENDINGS = (".yaml", ".yml")
MOST_BUTTONS = 12
"""Scenarios on one page of the list."""

TEMPLATE_NAME = "my-scenario.yaml"
_YAML_LINE = re.compile(r"\s*(?:- ?\S|#|[a-z_]+:(?:\s|$))")


def team_key(team: str) -> str:
    """A team as buttons send it; names are too long for them."""
    return hashlib.sha256(team.casefold().encode()).hexdigest()[:8]


def team_named(key: str, teams: Iterable[str]) -> str | None:
    """Which of these teams a button meant."""
    return next((team for team in teams if team_key(team) == key), None)


# --- Files ----------------------------------------------------------------------------------------


def scenario_file(visit: Visit) -> None:
    """A file has come: check it, and keep it as a draft."""
    office, request, content = visit.office, visit.request, visit.content
    name = request.file_name
    demand(visit.member, "send_scenario")
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        visit.answer(training.not_yaml(name))
        return
    if request.file_size > LARGEST_FILE or (content and len(content) > LARGEST_FILE):
        visit.answer(training.too_large(name))
        return
    if content is None:
        visit.answer(training.not_fetched(name))
        return
    if not content.strip():
        visit.answer(training.empty_file(name))
        return
    checked = office.publishing.check(name, content)
    if checked.scenario is None:
        visit.answer(training.mistakes(name, checked.mistakes, len(checked.warnings)))
        return
    with visit.commit() as answers:
        file = office.publishing.keep(checked, visit.hire)
        text = training.draft_card(checked.scenario, file, checked.warnings)
        answers.say(text, card_buttons(visit, file))


def card_buttons(visit: Visit, file: ScenarioFile) -> Keyboard:
    """What can be done with a version."""
    key, version = short(file.scenario), file.version
    teams = where(visit.member, "publish_scenario")
    bench = ("Bench it", data("bench", key, version))
    keyboard: list[tuple[Button, ...]] = [row(("Try it", data("trial", key, version)), bench)]
    if file.state == "published":
        keyboard.append(row(("Withdraw", data("withdraw", key))))
        return tuple(keyboard)
    for team in teams:
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
    text = training.draft_card(scenario, file)
    bench = visit.office.benching.kept.of_version(file.scenario, file.version)
    if bench is not None:
        text = f"{text}\n\n{benching.benched_before(bench, visit.office.today().date())}"
    visit.answer(text, card_buttons(visit, file))


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
    with visit.commit() as answers:
        if not office.publishing.throw_away(file, hire):
            answers.say(rendering.stale_button())
            return
        answers.change(training.thrown_away(title, file.version))
    for tried in (False, True):
        office.publishing.cleared(Reference(file.scenario, file.version, tried))


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
        buttons += card_buttons(visit, file)
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


# --- Adding one -----------------------------------------------------------------------------------


def template(visit: Visit) -> None:
    """A file to fill in, and in a few words how."""
    demand(visit.member, "send_scenario")
    make = visit.office.template
    with visit.commit() as answers:
        answers.say(training.how_to_add(with_file=make is not None))
        if make is not None:
            answers.hand(TEMPLATE_NAME, make(), training.template_caption())


def is_pasted(visit: Visit) -> bool:
    """Whether a trainer has written what belongs in a scenario's file."""
    member = visit.member
    return (
        member is not None
        and member.holds("trainer")
        and member.session_id is None
        and looks_like_yaml(visit.request.text)
    )


def looks_like_yaml(text: str) -> bool:
    """Whether most lines of a longer message are keys and entries of a list."""
    lines = [line for line in text.splitlines() if line.strip()]
    fitting = [line for line in lines if _YAML_LINE.match(line)]
    keys = [line for line in fitting if not line.lstrip().startswith(("-", "#"))]
    return len(lines) >= 4 and len(keys) >= 2 and len(fitting) >= 0.7 * len(lines)


def pasted(visit: Visit) -> None:
    """It has to come as a file: a chat cuts it, and loses the spaces that it needs."""
    buttons = rows(("Send me the template", data("template")))
    with visit.commit() as answers:
        answers.say(training.send_as_file(), buttons)
