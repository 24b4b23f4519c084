"""A supervisor's team: who practised, one person, what waits; inviting people; the export."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from coachbot.coaching.people import ROLES, Role
from coachbot.coaching.permissions import demand, may, where
from coachbot.coaching.reviewing import counting
from coachbot.errors import NotFound, ScenarioError
from coachbot.reporting.export import Titles, as_csv, csv_lines
from coachbot.reporting.export_files import GRADE_COLUMNS, grade_rows
from coachbot.reporting.progress import development
from coachbot.reporting.team import recent_since, team_overview
from coachbot.scoring.session_value import session_values
from coachbot.telegram import rendering, teams
from coachbot.telegram.focusing import DONE, END, open_focus, somebody
from coachbot.telegram.menus import data, key_of, row, rows
from coachbot.telegram.reading import name_of
from coachbot.telegram.rendering import reviewing as reviews
from coachbot.telegram.rendering import supervising as texts
from coachbot.telegram.rendering import writing as forms
from coachbot.telegram.rendering.wording import keyboard
from coachbot.telegram.writing import step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from coachbot.coaching.people import Member
    from coachbot.coaching.permissions import Action
    from coachbot.coaching.reviewing import Dispute
    from coachbot.reporting.export import ExportRow
    from coachbot.reporting.export_files import GradeRow
    from coachbot.reporting.progress import ProgressRow
    from coachbot.reporting.team import TeamOverview
    from coachbot.scenario.models import PassMarks
    from coachbot.scoring.interface import Dimension
    from coachbot.telegram.messages import Button, Keyboard
    from coachbot.telegram.visit import Answers, Visit

PEOPLE_A_PAGE = 8
SESSIONS_A_PAGE = 6
DISPUTES_A_PAGE = 8
FIRST_DISPUTES = 3
"""Questions that are buttons of the overview; the others are a tap away."""

INVITATION_DAYS = 7


def _team(visit: Visit, key: str, action: Action) -> str | None:
    """The team of a button, among those in which the member may do it now."""
    return next((team for team in where(visit.hire, action) if key_of(team) == key), None)


def _turning(verb: str, about: object, page: int, pages: int) -> list[tuple[Button, ...]]:
    """The way to the pages beside this one."""
    way = []
    if page > 0:
        way.append(("← Back", data(verb, about, page - 1)))
    if page + 1 < pages:
        way.append(("More →", data(verb, about, page + 1)))
    return [row(*way)] if way else []


def _page(text: str, pages: int) -> int:
    """The page of a button, from 0, if there is one such."""
    return min(int(text), max(pages - 1, 0)) if text.isascii() and text.isdecimal() else 0


# --- The team -------------------------------------------------------------------------------------


def team(visit: Visit, key: str = "", page: str = "0") -> None:
    """All teams of a supervisor, each in a message, or a page of one of them."""
    mine = where(visit.hire, "see_team")
    chosen = _team(visit, key, "see_team") if key else None
    if key and chosen is None:
        visit.answer(rendering.stale_button())
        return
    named = _argument(visit)
    if named:
        chosen = _named(named, mine)
        if chosen is None:
            if len(mine) == 1:
                teams.propose_name(visit, mine[0], named)
            else:
                visit.answer(texts.no_such_team(named, mine))
            return
    shown = [_overview(visit, name, page) for name in ([chosen] if chosen else mine)]
    with visit.commit() as answers:
        for text, buttons in shown:
            if chosen:
                answers.change(text, buttons)
            else:
                answers.say(text, buttons)


def _argument(visit: Visit) -> str:
    """What was written after a command."""
    return visit.request.argument if visit.request.kind == "command" else ""


def _named(name: str, mine: Sequence[str]) -> str | None:
    """Which of these teams somebody means by what they wrote."""
    said = " ".join(name.split()).casefold()
    return next((team for team in mine if team.casefold() == said), None)


def _now(visit: Visit) -> datetime:
    return visit.office.today().astimezone(visit.office.assigning.zone)


def _corrections(visit: Visit, session: str | None) -> texts.Corrections:
    """What people gave instead of a session's scores, on each dimension that they corrected."""
    found: dict[Dimension, list[tuple[str, float]]] = {}
    if session is not None:
        for grade in counting(visit.office.reviewing.repository.grades(session)):
            if grade.session == session and grade.turn is None and grade.grade != grade.score:
                given = (name_of(visit.office, grade.graded_by), grade.grade)
                found.setdefault(grade.dimension, []).append(given)
    return found


def _overview(visit: Visit, name: str, page: str) -> tuple[str, Keyboard]:
    """One page of a team."""
    demand(visit.hire, "see_team", team=name)
    office = visit.office
    since = recent_since(office.today().isoformat())
    overview = _team_overview(visit, name, since)
    disputes = office.records.open_disputes(name)
    pages = -(-len(overview.people) // PEOPLE_A_PAGE)
    number = _page(page, pages)
    people = overview.people[number * PEOPLE_A_PAGE : (number + 1) * PEOPLE_A_PAGE]
    buttons: list[tuple[Button, ...]] = []
    if number == 0:
        buttons += _dispute_buttons(visit, disputes[:FIRST_DISPUTES])
        if len(disputes) > FIRST_DISPUTES:
            label = f"All {len(disputes)} questions"
            buttons.append(row((label, data("disputes", key_of(name), 0))))
    numbers = {m.person: m.telegram for m in office.members.members(name, "trainee")}
    buttons += keyboard(
        *((one.name[:30], data("person", numbers[one.person], 0)) for one in people), columns=2
    )
    buttons += _turning("team", key_of(name), number, pages)
    if not overview.people:
        buttons.append(row(("Invite somebody", data("invite", key_of(name)))))
    if number == 0 and may(visit.hire, "rename_team", team=name):
        buttons.append(row(("Rename the team", data("call", key_of(name)))))
    text = texts.team_text(
        overview,
        people,
        since=since,
        waiting=len(disputes),
        now=_now(visit),
        corrected={
            one.latest_session: _corrections(visit, one.latest_session)
            for one in people
            if one.latest_session
        },
    )
    return text, tuple(buttons)


def _team_overview(visit: Visit, name: str, since: str) -> TeamOverview:
    office = visit.office
    people = office.records.practised(name, since)
    return team_overview(
        name,
        people,
        office.records.assigned(name),
        now=office.today().isoformat(),
        pass_marks={s.id: s.pass_marks for s in office.repertoire.scenarios((name,))},
        zone=office.assigning.zone,
        practice_only=office.practice_only,
    )


def _dispute_buttons(
    visit: Visit, disputes: Sequence[tuple[str, Dispute]]
) -> list[tuple[Button, ...]]:
    found = []
    for person, dispute in disputes:
        member = visit.office.members.member(person)
        name = member.name if member else "Somebody"
        found.append(row((reviews.dispute_label(name, dispute), data("dispute", dispute.id))))
    return found


def disputes(visit: Visit, key: str, page: str = "0") -> None:
    """All questions of a team that wait for an answer."""
    name = _team(visit, key, "see_team")
    if name is None:
        visit.answer(rendering.stale_button())
        return
    found = visit.office.records.open_disputes(name)
    pages = -(-len(found) // DISPUTES_A_PAGE)
    number = _page(page, pages)
    shown = found[number * DISPUTES_A_PAGE : (number + 1) * DISPUTES_A_PAGE]
    buttons = [
        *_dispute_buttons(visit, shown),
        *_turning("disputes", key, number, pages),
        row((f"← {name[:30]}", data("team", key, 0))),
    ]
    with visit.commit() as answers:
        answers.change(reviews.dispute_list(name, len(found)), tuple(buttons))


# --- One person -----------------------------------------------------------------------------------


def person(visit: Visit, number: str, page: str = "") -> None:
    """One person: trend, focus, what is assigned, and their sessions.

    With a page in the place of the message in which it was asked for, else as a new one.
    """
    office, me = visit.office, visit.hire
    hire = somebody(visit, number, "read_session")
    done = office.progress(hire.person)
    pages = -(-len(done) // SESSIONS_A_PAGE)
    at = _page(page, pages)
    newest = done[::-1][at * SESSIONS_A_PAGE : (at + 1) * SESSIONS_A_PAGE]
    assigned = [(a, s) for a, s in office.assigning.of_person(hire.person) if not s.done]
    titles = _titles(visit, [r.scenario for r in newest] + [a.scenario for a, _ in assigned])
    focus = open_focus(visit, hire.person)
    text = texts.person_text(
        hire.name,
        done,
        development(done),
        titles=titles,
        shown=newest,
        focus=focus,
        assigned=assigned,
        beside=texts.Beside(
            _now(visit),
            {one.session: _corrections(visit, one.session) for one in newest},
            {one.session: _unmet(visit, one) for one in newest if not one.passed},
        ),
    )
    text += texts.untrusted(office.practice_only(done[-1].scorer) if done else ())
    buttons: list[tuple[Button, ...]] = [_session_button(one, titles) for one in newest]
    buttons += _turning("person", hire.telegram, at, pages)
    if may(me, "agree_focus", owner=hire):
        if focus is None:
            buttons.append(row(("Agree on a focus", data("focus", hire.telegram))))
        else:
            done_button = ("Done: it worked", data("close", focus.id, DONE))
            buttons.append(row(done_button, ("End it", data("close", focus.id, END))))
    if may(me, "assign", owner=hire):
        buttons.append(row(("Assign a scenario", data("assign_to", hire.telegram))))
    buttons += _way_back(me, hire)
    with visit.commit() as answers:
        if page:
            answers.change(text, tuple(buttons))
        else:
            answers.say(text, tuple(buttons))


def _unmet(visit: Visit, one: ProgressRow) -> str:
    """Why a session is no pass, where its values don't say so."""
    try:
        session = visit.office.sessions.get(one.session)
        scenario = visit.office.repertoire.scenario(one.scenario)
    except (NotFound, ScenarioError):
        return ""
    values = session_values([turn.score for turn in session.turns])
    return texts.unmet(session, values, scenario.pass_marks, len(scenario.resolution.acts))


def _session_button(one: ProgressRow, titles: dict[str, str]) -> tuple[Button, ...]:
    label = texts.session_label(one, titles[one.scenario])
    return row((label, data("read", one.session, 1)))


def _way_back(me: Member, hire: Member) -> list[tuple[Button, ...]]:
    shared = [name for name in where(me, "see_team") if name in hire.teams]
    return [row((f"← {name[:30]}", data("team", key_of(name), 0))) for name in shared[:1]]


def _titles(visit: Visit, scenarios: Sequence[str]) -> dict[str, str]:
    found = {}
    for name in dict.fromkeys(scenarios):
        try:
            found[name] = visit.office.repertoire.scenario(name).title
        except (NotFound, ScenarioError):
            found[name] = name.rsplit("/", 1)[-1]
    return found


# --- Inviting -------------------------------------------------------------------------------------


def invite(visit: Visit, key: str = "", chosen: str = "1") -> None:
    """Choose the team, if there are several, and the roles; ``chosen``: a bit for each role.

    What is written after the command is a team's name, or roles.
    """
    mine = where(visit.hire, "invite")
    name = _team(visit, key, "invite") if key else (mine[0] if len(mine) == 1 else None)
    if key and name is None:
        visit.answer(rendering.stale_button())
        return
    named = _argument(visit)
    if named:
        roles = _roles_in(named)
        if roles:
            chosen = str(roles)
        else:
            name = _named(named, mine)
            if name is None:
                teams.propose(visit, named)
                return
    if name is None:
        demand(visit.hire, "invite", team=mine[0] if mine else None)
        choices = rows(
            *((one, data("invite", key_of(one), chosen)) for one in mine),
            ("Another team…", data("found")),
        )
        step(visit, texts.which_team("Invite somebody to"), choices, "inviting", "team")
        return
    demand(visit.hire, "invite", team=name)
    step(
        visit,
        texts.invite_roles(name, chosen=bool(_bits(chosen))),
        _role_buttons(key_of(name), _bits(chosen)),
        "inviting",
        "roles",
        key_of(name),
        chosen,
        change=True,
    )


def step_form(visit: Visit, awaiting: dict[str, Any], written: str) -> None:
    """Text in the place of a button: the name of a team, or of roles."""
    key, chosen = (*awaiting["arguments"], "", "1")[:2]
    mine = where(visit.hire, "invite")
    name, roles = _named(written, mine), _roles_in(written)
    if name is not None:
        invite(visit, key_of(name), chosen)
        return
    if not roles:
        visit.before = forms.tap_a_button()
    invite(visit, key, str(roles or chosen))


def _roles_in(written: str) -> int:
    """The roles that a message names, a bit for each; 0 where it says anything else."""
    words = set(re.findall(r"[^\W\d_]+", written.lower())) - {"a", "an", "and", "as", "the"}
    named = {i: {role, f"{role}s"} & words for i, role in enumerate(ROLES)}
    rest = words - {word for found in named.values() for word in found}
    return 0 if rest else sum(1 << i for i, found in named.items() if found)


def _role_buttons(key: str, chosen: int) -> Keyboard:
    choices = []
    for i, role in enumerate(ROLES):
        tick = "✓ " if chosen & 1 << i else ""
        choices.append((f"{tick}{role.capitalize()}", data("invite", key, chosen ^ 1 << i)))
    keys: list[tuple[Button, ...]] = [row(*choices)]
    if chosen:
        keys.append(row(("Make the link", data("link", key, chosen))))
    keys.append(row(("Another team…", data("found"))))
    keys.append(row(("Cancel", data("cancel"))))
    return tuple(keys)


def _bits(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 1
    return number if 0 <= number < 1 << len(ROLES) else 1


def link(visit: Visit, key: str, chosen: str) -> None:
    """Make the link, in the place of the choices: tapped twice, one link can be seen."""
    _link(visit, key, chosen, change=True)


def another_link(visit: Visit, key: str, chosen: str) -> None:
    """Make one more for the same roles, below the one before."""
    _link(visit, key, chosen, change=False)


def _link(visit: Visit, key: str, chosen: str, *, change: bool) -> None:
    office = visit.office
    name = _team(visit, key, "invite")
    roles: list[Role] = [role for i, role in enumerate(ROLES) if _bits(chosen) & 1 << i]
    if name is None or not roles:
        visit.answer(rendering.stale_button())
        return
    with visit.commit() as answers:
        payload = office.people.invite(name, roles, visit.hire, days=INVITATION_DAYS)
        made = office.people.look_up(payload).invitation
        if made is None:
            raise NotFound("The invitation could not be kept. Please make it once more.")
        url = f"https://t.me/{office.bot_name}?start={payload}"
        say = answers.change if change else answers.say
        say(
            texts.invitation(name, roles, url, INVITATION_DAYS, made.expires),
            rows(("Another link like this", data("another", key, chosen))),
        )
        if visit.hire.awaiting is not None:
            office.members.set_awaiting(visit.hire.person, None)


# --- The export -----------------------------------------------------------------------------------


def export(visit: Visit) -> None:
    """Each team's results as a file."""
    mine = where(visit.hire, "export_team")
    for name in mine:
        demand(visit.hire, "export_team", team=name)
    files = [(name, *_csv(visit, name), _grades(visit, name)) for name in mine]
    with visit.commit() as answers:
        for name, content, sessions, grades in files:
            _hand(answers, name, content, sessions)
            if grades:
                lines = as_csv(GRADE_COLUMNS, grade_rows(name, grades, _title_of(visit)))
                text = texts.grades_caption(name, len(grades))
                answers.hand(_file(name, "-grades"), "".join(lines).encode(), text)


def _grades(visit: Visit, name: str) -> list[GradeRow]:
    return [replace(one, person=_code(one.person)) for one in visit.office.reply_grades(name)]


def _file(name: str, what: str = "") -> str:
    team = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "team"
    return f"coachbot-{team}{what}.csv"


def _hand(answers: Answers, name: str, content: bytes, sessions: int) -> None:
    if not sessions:
        answers.say(texts.nothing_to_export(name))
        return
    answers.hand(_file(name), content, texts.export_caption(name, sessions))


def _csv(visit: Visit, name: str) -> tuple[bytes, int]:
    """The file of a team, and how many sessions are in it."""
    found = [_without_number(one) for one in visit.office.records.export_rows(name)]

    def marks(scenario: str, version: int) -> PassMarks | None:
        try:
            read = visit.office.repertoire.scenario(scenario)
        except (NotFound, ScenarioError):
            return None
        return read.pass_marks if read.version == version else None

    lines = csv_lines(name, found, marks, visit.office.practice_only, _title_of(visit))
    content = "".join(lines).encode()
    return content, len({one.session for one in found})


def _title_of(visit: Visit) -> Titles:
    """What scenarios are called; None for those that are gone."""

    def title(scenario: str) -> str | None:
        try:
            return visit.office.repertoire.scenario(scenario).title
        except (NotFound, ScenarioError):
            return None

    return title


def _without_number(one: ExportRow) -> ExportRow:
    """The row with an id that tells two of one name apart, and is not their number on Telegram."""
    return replace(one, person=_code(one.person))


def _code(person: str) -> str:
    return hashlib.sha256(person.encode()).hexdigest()[:12]
