"""What a hire sees and decides about themself: progress, settings, data, leaving."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from coachbot.reporting.charts import progress_chart
from coachbot.reporting.png import png
from coachbot.reporting.progress import development
from coachbot.reporting.team import recommended
from coachbot.telegram import rendering
from coachbot.telegram.menus import data, key_of, row, rows
from coachbot.telegram.trainee import talking_to, title_of

if TYPE_CHECKING:
    from coachbot.coaching.people import Member
    from coachbot.telegram.messages import Keyboard
    from coachbot.telegram.visit import Visit


def progress(visit: Visit) -> None:
    """How the hire is developing, with a picture."""
    office, hire = visit.office, visit.hire
    done = office.progress(hire.person)
    if not done:
        visit.answer(rendering.nothing_yet(), rows(("Practise", data("menu"))))
        return
    trends = development(done)
    choice = recommended(done, office.repertoire.scenarios(hire.teams))
    titles = {row.scenario: title_of(visit, row.scenario) for row in done}
    focus = next(
        (one for one in office.records.focuses(hire.person) if one.agreed and not one.ended), None
    )
    text = rendering.progress_text(
        done,
        trends,
        choice.why if choice else None,
        titles=titles,
        focus=focus,
        practice_only=office.practice_only(done[-1].scorer),
    )
    picture = png(progress_chart(done, trends).svg())
    name = talking_to(visit)
    with visit.commit() as answers:
        answers.show(picture, rendering.progress_caption())
        answers.say(text, () if name else rows(("Practise", data("menu"))))
        if name:
            answers.say(rendering.still_talking(name))


def settings(visit: Visit) -> None:
    """What can be set."""
    hire = visit.hire
    visit.answer(rendering.settings(hire.feedback, reminders=hire.reminders), _switches(hire))


def _switches(member: Member) -> Keyboard:
    """Only what would change something: the rest is as it is."""
    feedback = (
        ("Feedback only at the end", data("set", "feedback", "end"))
        if member.feedback == "each"
        else ("Feedback after each reply", data("set", "feedback", "each"))
    )
    reminders = (
        ("Reminders off", data("set", "reminders", 0))
        if member.reminders
        else ("Reminders on", data("set", "reminders", 1))
    )
    return rows(feedback, reminders)


def change_setting(visit: Visit, name: str, value: str) -> None:
    """Change one setting."""
    office, person = visit.office, visit.hire.person
    with visit.commit() as answers:
        if name == "feedback" and value in ("each", "end"):
            office.members.set_feedback(person, "each" if value == "each" else "end")
        elif name == "reminders" and value in ("0", "1"):
            office.members.set_reminders(person, value == "1")
        now = office.members.member(person)
        if now is not None:
            text = rendering.settings(now.feedback, reminders=now.reminders)
            answers.change(text, _switches(now))


def privacy(visit: Visit) -> None:
    """What is kept, who reads it and how long: the notice's facts, at any time."""
    office, hire = visit.office, visit.hire
    teams = [(team, office.supervisor_names(team, but=hire.person)) for team in hire.teams]
    visit.answer(rendering.privacy(teams, kept_days=office.retention_days))


def my_data(visit: Visit) -> None:
    """Everything that is kept about somebody, as a file."""
    found = visit.office.people.export(visit.hire)
    explained = {"what_this_is": rendering.what_this_is(found), **found}
    content = json.dumps(explained, ensure_ascii=False, indent=1).encode()
    name = re.sub(r"[^a-z0-9]+", "-", visit.hire.name.lower()).strip("-") or "me"
    with visit.commit() as answers:
        answers.hand(f"coachbot-{name}.json", content, rendering.data_caption())


def forget(visit: Visit) -> None:
    """Ask whether everything is to be deleted."""
    sessions = len(visit.office.progress(visit.hire.person))
    visit.answer(
        rendering.forget_question(sessions),
        (row(("Delete everything", data("forget", "yes")), ("Keep it", data("cancel"))),),
    )


def really_forget(visit: Visit, _sure: str) -> None:
    """Delete everything about somebody."""
    with visit.commit() as answers:
        sessions = visit.office.people.erase(visit.hire)
        answers.say(rendering.forgotten(sessions))
    visit.office.members.empty_log()


def leave(visit: Visit, key: str = "") -> None:
    """Leave a team."""
    hire = visit.hire
    team = next((t for t in hire.teams if key_of(t) == key), None)
    if team is None:
        buttons = [(t, data("quit", key_of(t))) for t in hire.teams]
        visit.answer(rendering.leave_question(hire.teams), rows(*buttons, ("Stay", data("cancel"))))
        return
    with visit.commit() as answers:
        visit.office.people.leave(hire, team)
        answers.change(rendering.left_team(team))
