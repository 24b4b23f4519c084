"""What trainers read: about files that they sent, how scenarios are doing, what is assigned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coachbot.coaching.assigning import STATUS_NAMES, Standing
from coachbot.coaching.publishing import (
    LARGEST_FILE,
    ExampleText,
    Rehearsal,
    ScenarioFigures,
    ScenarioFile,
)
from coachbot.errors import Problem
from coachbot.reporting.debrief import NAMES
from coachbot.reporting.team import SMALLEST_TEAM
from coachbot.scenario.models import Outcome, Scenario
from coachbot.scoring.interface import DIMENSIONS
from coachbot.scoring.reasons import shorten
from coachbot.telegram.rendering.briefing import DIFFICULTIES
from coachbot.telegram.rendering.wording import count, joined, one_line, safe, who

MOST_MISTAKES = 15
"""Mistakes that are shown; who has put these right sends the file again anyway."""

LONGEST_WHAT = 110
"""Characters of what helps, in a list of many."""

_FEELINGS = ("very bad", "bad", "so-so", "good", "very good")

_ENDED: dict[Outcome, str] = {
    "resolved": "it was resolved",
    "resolved_coldly": "it was resolved, but coldly",
    "left": "{name} walked out",
    "gave_up": "{name} gave up",
    "ended": "it stopped short of an ending",
    "out_of_turns": "the turns were used up",
}


# --- Files that were sent -------------------------------------------------------------------------


def not_yaml(name: str) -> str:
    """A file holds something else."""
    return (
        f"I read scenarios only, and {_called(name)} doesn't look like one: a scenario is a plain "
        "text file whose name ends in .yaml or .txt, with lines such as <code>title: ...</code>. "
        "The template shows how one looks."
    )


def word_file(name: str) -> str:
    """A word processor's file, which holds much beside its text."""
    return (
        f"{_called(name)} is a word processor's file, and I read plain text only. Open it, choose "
        "“Save as” (or “Download”), take “Plain text (.txt)” as the kind of file, and send me "
        "that. If you began from nothing, the template saves you work."
    )


def too_large(name: str) -> str:
    """Nothing of this size is a scenario."""
    return (
        f"{_called(name)} is larger than {LARGEST_FILE // 1000} kB, which no scenario is. Have a "
        "look whether it's the right file."
    )


def empty_file(name: str) -> str:
    """There is nothing in it."""
    return f"{_called(name)} is empty. Save it once more in your editor, then send it again."


def not_fetched(name: str) -> str:
    """Telegram did not hand it over."""
    return (
        f"I couldn't get {_called(name)} from Telegram, though I tried several times. Please send "
        "it again in a few minutes."
    )


def _called(name: str) -> str:
    return f"<b>{one_line(name)}</b>" if name.strip() else "this file"


def mistakes(name: str, found: Sequence[Problem], warnings: int) -> str:
    """Everything that keeps a file from being a scenario, by place."""
    many = count(len(found), "mistake", "mistakes")
    them = "it" if len(found) == 1 else "them"
    parts = [
        f"{_called(name)} has {many}, so I haven't kept it. Put {them} right and send it again."
    ]
    parts += [_problem(one) for one in found[:MOST_MISTAKES]]
    left = len(found) - MOST_MISTAKES
    if left > 0:
        parts.append(f"And {count(left, 'more after that', 'more after these')}.")
    if warnings:
        parts.append(f"Beside that, {count(warnings, 'warning', 'warnings')}, once it can be read.")
    return "\n\n".join(parts)


def _problem(one: Problem) -> str:
    place = ""
    if one.line:
        column = f", column {one.column}" if one.column else ""
        place = f"<b>Line {one.line}{column}:</b> "
    text = f"{place}{safe(one.message)}"
    return f"{text}\n<i>Instead: {safe(one.instead)}</i>" if one.instead else text


@dataclass(frozen=True)
class Sent:
    """What is new about a file that has just come.

    ``replaced``: versions of drafts whose place it has taken. ``whose``: who sent the last of
    these, where it was somebody else. ``written``: the version that stands in the file.
    ``trial_ended``: the sender was trying one of them.
    """

    warnings: Sequence[Problem] = ()
    replaced: Sequence[int] = ()
    whose: str = ""
    written: int = 1
    trial_ended: bool = False


def draft_card(
    scenario: Scenario,
    file: ScenarioFile,
    sent: Sent | None = None,
    left: Sequence[ExampleText] = (),
) -> str:
    """A version of a scenario and where it stands.

    ``sent``: None unless it has just come. ``left``: texts that are still the template's.
    """
    states = {
        "draft": "a draft; nobody but your team's trainers sees it",
        "published": f"published for {one_line(file.team or '')}",
        "withdrawn": "withdrawn; nobody can begin it",
        "thrown_away": "thrown away",
    }
    acts = count(len(scenario.resolution.acts), "thing to do", "things to do")
    needs = count(len(scenario.needs), "hidden need", "hidden needs")
    title = scenario.title.removesuffix(" (trial)")
    what = f"{who(scenario)} ({DIFFICULTIES[scenario.difficulty]})"
    parts = [
        f"<b>{safe(title)}</b>\n{what}: {acts}, {needs}, up to {scenario.turn_limit} replies.",
        f"Version {file.version} is {states[file.state]}.",
    ]
    if sent is not None:
        parts[1] = f"No mistakes. I have kept it as version {file.version}, {states['draft']}."
        parts[1] += _took_the_place(sent)
        if sent.written != file.version:
            parts[1] += f" I count by myself, so the file may go on saying {sent.written}."
    if left:
        parts.append(_before_publishing(left))
    # That texts of the template are left stands there already.
    warnings = (
        [one for one in sent.warnings if "of the template" not in one.message] if sent else []
    )
    if warnings:
        shown = [f"• {_problem(one)}" for one in warnings[:5]]
        more = len(warnings) - 5
        parts.append(
            "\n".join(
                [
                    "Worth a look, though nothing stops you:",
                    *shown,
                    *([f"• and {more} more"] if more > 0 else []),
                ]
            )
        )
    return "\n\n".join(parts)


def _took_the_place(sent: Sent) -> str:
    if not sent.replaced:
        return ""
    versions = joined([str(one) for one in sorted(sent.replaced)])
    was = "the draft from before" if len(sent.replaced) == 1 else "the drafts from before"
    whose = f", which {one_line(sent.whose)} sent" if sent.whose else ""
    text = f" It takes the place of version {versions}, {was}{whose}."
    return f"{text} Your trial ends with that." if sent.trial_ended else text


def _before_publishing(left: Sequence[ExampleText]) -> str:
    first = f"“{one_line(left[0].text, 60)}”"
    if len(left) == 1:
        what = f"one text is still the template's: {first} in line {left[0].line}"
    else:
        what = (
            f"{len(left)} texts are still the template's, the first in line {left[0].line}: {first}"
        )
    return f"You can try it now, and can't publish it yet: {what}."


MOST_LEFT = 6
"""Texts of the template that are quoted; of the others there are the lines."""
MOST_RANGES = 24


def still_the_template(scenario: Scenario, left: Sequence[ExampleText]) -> str:
    """A scenario can't be published as long as texts in it are the template's."""
    texts = "one text is" if len(left) == 1 else f"{len(left)} texts are"
    head = (
        f"<b>{safe(scenario.title)}</b> isn't published: {texts} still the template's, so hires "
        "would meet its invented customer in places. Nothing else has changed."
    )
    parts = [head]
    shown = [f"• line {one.line}: “{one_line(one.text, 90)}”" for one in left[:MOST_LEFT]]
    rest = [one.line for one in left[MOST_LEFT:]]
    if rest:
        shown.append(f"• and {len(rest)} more, in the lines {_ranges(rest)}")
    parts.append("\n".join(shown))
    parts.append(
        "Write your own text in each of these lines, delete <code># EXAMPLE</code> behind it, and "
        "send the file again. Where the template's text is just what you want, deleting the mark "
        "is enough."
    )
    return "\n\n".join(parts)


def _ranges(lines: Sequence[int]) -> str:
    """``12 to 15, 18``; an end is left out where there are very many."""
    found: list[list[int]] = []
    for line in lines:
        if found and line <= found[-1][1] + 2:
            found[-1][1] = line
        else:
            found.append([line, line])
    texts = [f"{low}" if low == high else f"{low} to {high}" for low, high in found]
    if len(texts) > MOST_RANGES:
        return ", ".join(texts[:MOST_RANGES]) + f" and on to {lines[-1]}"
    return joined(texts)


def put_aside(customer: str, *, trial: bool) -> str:
    """A conversation is paused, since its trainer has gone on to something else."""
    name = one_line(customer) or "the customer"
    what = "trial" if trial else "conversation"
    return (
        f"<i>Your {what} with {name} is paused meanwhile, so that nothing you write now goes to "
        f"{name}.</i>"
    )


def back_to(customer: str) -> str:
    """The button to a paused conversation."""
    return f"Back to {shorten(customer, 30)}" if customer else "Back to the conversation"


def trial_begins(name: str, version: int) -> str:
    """A trial is about to begin."""
    return (
        f"<i>This is a trial of version {version}. It counts for nothing and shows up in nobody's "
        f"figures, so you may treat {safe(name)} as badly as you like. /end takes you to the "
        "debrief.</i>"
    )


def trial_counts_for_nothing() -> str:
    """Somebody questions a score of a trial."""
    return (
        "This was a trial, and its scores count for nothing, so there is nobody to decide about "
        "them. If a score looks wrong to you, show the conversation to whoever runs this bot."
    )


def went(scenario: Scenario, how: Rehearsal) -> str:
    """How the example conversation went; a sentence or two."""
    name = one_line(scenario.persona.name)
    ending = _ENDED[how.outcome].format(name=name)
    values = joined(
        [
            f"{NAMES[d]} {value:.0f} (pass mark {getattr(scenario.pass_marks, d):.0f})"
            for d in DIMENSIONS
            for value in [how.values[d]]
            if value is not None
        ]
        or ["nothing that could be scored"]
    )
    replies = count(how.replies, "reply", "replies")
    return f"I played its example conversation against {name}: after {replies} {ending}; {values}."


def rehearsal_failed(scenario: Scenario, how: Rehearsal) -> str:
    """The example conversation does not pass, so nothing was published."""
    advice = (
        "If the scenario's own good answers don't pass, a hire's hardly will. Better have a look "
        "at the example conversation, the acts' wordings and the pass marks first."
    )
    return f"Not published yet. {went(scenario, how)}\n\n{advice}"


def published(
    scenario: Scenario, file: ScenarioFile, team: str, how: Rehearsal | None, *, replaces: bool
) -> str:
    """A version is offered from now on."""
    text = (
        f"<b>{safe(scenario.title)}</b>, version {file.version}, is published: everybody in "
        f"{one_line(team)} finds it under /practice."
    )
    if replaces:
        text += " Conversations that have begun go on with the version before."
    return f"{text}\n\n{went(scenario, how)} That passes." if how else text


def published_already(scenario: Scenario, file: ScenarioFile) -> str:
    """Nothing to do."""
    return f"Version {file.version} of <b>{safe(scenario.title)}</b> is published already."


def withdrawn(title: str) -> str:
    """A scenario is not offered any more."""
    return (
        f"<b>{safe(title)}</b> is withdrawn. Nobody can begin it any more; conversations that have "
        "begun can be finished."
    )


def thrown_away(title: str, version: int, offered: int | None, *, trial: bool = False) -> str:
    """A draft is gone. ``offered``: the version that is published, if there is one."""
    text = f"Version {version} of <b>{safe(title)}</b> is thrown away; I've kept nothing of it."
    if trial:
        text += " Your trial of it ends with that."
    if offered is not None:
        text += f" Version {offered} stays published, until you withdraw it."
    return text


# --- How scenarios are doing ----------------------------------------------------------------------


def how_scenarios_do(scenarios: Sequence[Scenario], figures: Sequence[ScenarioFigures]) -> str:
    """Every scenario of a page: whom one talks to and what it takes, then its figures if any."""
    by_id = {one.scenario: one for one in figures}
    played = any(one.id in by_id for one in scenarios)
    parts = [_line(one, by_id.get(one.id)) for one in scenarios]
    if not played:
        parts.append("Nobody has finished one of these yet.")
    elif any(one.id not in by_id for one in scenarios):
        parts.append("Where no figures stand, nobody has finished it yet.")
    if played:
        parts.append(_why_no_means())
    parts.append("Tap one for its card: try it, or assign it.")
    return "\n\n".join(parts)


def _line(one: Scenario, found: ScenarioFigures | None) -> str:
    lines = [f"<b>{safe(one.title)}</b> ({DIFFICULTIES[one.difficulty]})", _what(one)]
    if found is not None:
        lines.append(_figures(found))
    return "\n".join(lines)


def _what(one: Scenario) -> str:
    """Whom one talks to, and the first thing that helps them."""
    first = one.resolution.acts[0].what.strip().rstrip(".")
    return f"{who(one)}. What helps: {safe(shorten(first, LONGEST_WHAT))}."


def _why_no_means() -> str:
    """A supervisor may read each session; the list is for trainers too, who may not."""
    return (
        f"<i>Averages show once {SMALLEST_TEAM} people have been scored: this list is for trainers "
        "too, and from fewer one could work out whose scores they are. Supervisors find each "
        "person's own under /team.</i>"
    )


def about(scenario: Scenario, figures: Sequence[ScenarioFigures], *, locked: bool) -> str:
    """One scenario that is offered. ``locked``: its reader, a trainer, can't change it."""
    found = next((one for one in figures if one.scenario == scenario.id), None)
    acts = "\n".join(f"• {safe(act.what)}" for act in scenario.resolution.acts)
    marks = scenario.pass_marks
    difficulty = DIFFICULTIES[scenario.difficulty]
    head = f"{who(scenario)} ({difficulty}), up to {scenario.turn_limit} replies"
    to_pass = joined([f"{getattr(marks, d):.0f} in {NAMES[d]}" for d in DIMENSIONS])
    parts = [
        f"<b>{safe(scenario.title)}</b>\n{head}",
        safe(scenario.brief.role),
        f"<b>To be done</b>\n{acts}",
        f"To pass: {to_pass}, and the matter settled.",
        _figures(found) if found else "Nobody has finished it yet.",
    ]
    if scenario.content_note:
        parts.insert(1, f"<b>A note first:</b> {safe(scenario.content_note)}")
    if found and found.people < SMALLEST_TEAM:
        parts.append(_why_no_means())
    if locked:
        parts.append("It comes with CoachBot, so it can't be changed or benched from here.")
    return "\n\n".join(parts)


def not_offered() -> str:
    """A button of a scenario that is gone."""
    return "This scenario isn't offered any more. /scenarios has those that are."


# --- Adding one -----------------------------------------------------------------------------------


def how_to_add(*, with_file: bool) -> str:
    """What to do for a new scenario, for somebody who has never seen such a file."""
    first = (
        "Save the file below"
        if with_file
        else "Get a template from whoever looks after me (<b>coachbot scenarios new</b>)"
    )
    return (
        "<b>Adding a scenario</b>\n"
        "A scenario is a plain text file (its name ends in .yaml): a list of headings such as "
        '<code>title:</code>, each with your text in "quotes" after it. No programming; any '
        "text editor on a computer will do.\n\n"
        f"<b>1.</b> {first} and open it. It is complete and works as it is, with an invented "
        "customer.\n"
        "<b>2.</b> Replace each text that is marked <code># EXAMPLE</code> by your own, and delete "
        "the mark; until then it can be tried, and not published. Begin with <code>id:</code> near "
        "the top, a short name in small letters. Leave the spaces at the beginning of the "
        "lines as they are.\n"
        "<b>3.</b> Send me the file here (the paper clip, “File”). I check it and say what is "
        "wrong, line by line; send it again as often as you like. The newest takes the place of "
        "the draft before.\n"
        "<b>4.</b> Tap “Try it” and talk to your customer; then “Publish”, and your team finds it "
        "under /practice.\n\n"
        "<b>What makes a good one</b>\n"
        "• The brief is all that the hire knows: whoever reads it and talks sensibly must be able "
        "to help.\n"
        "• What the customer tells when asked needs at least six ways of asking, as different as "
        "you can make them.\n"
        "• What the hire must do is one thing each, with eight sentences that do it and five that "
        "come close and don't.\n"
        "• Good, fair and poor replies for three moments: the debrief shows yours beside the "
        "hire's.\n"
        "The first one takes about half an hour."
    )


def template_caption() -> str:
    """Under the template."""
    return "The template. Fill it in, then send it back to me as a file."


def offer_to_add() -> str:
    """A trainer asks in words how to add a scenario."""
    return (
        "To add a scenario you fill in a text file and send it to me here; I check it, you talk to "
        "your customer, and you publish it for your team. Tap “Add a scenario” for the file and "
        "the steps."
    )


def nobody_listens(*, benching: bool) -> str:
    """A trainer writes something outside any conversation."""
    text = "You're not in a conversation at the moment, so this went to nobody."
    if benching:
        text += " The bench goes on; its result comes into this chat by itself."
    return (
        f"{text} I can't answer questions in free words: /help lists what there is, and the "
        "buttons below are the way to your scenarios."
    )


def sections_missing(text: str) -> list[str]:
    """Keys at the margin that a scenario needs and this text doesn't have."""
    there = set(re.findall(r"^([a-z_]+):", text, re.MULTILINE))
    fields = Scenario.model_fields.items()
    return [name for name, field in fields if field.is_required() and name not in there]


def pasted_so_far(text: str, missing: Sequence[str]) -> str:
    """A scenario is pasted, and this isn't all of it. ``missing``: sections that are to come."""
    lines = count(len(text.splitlines()), "line", "lines")
    if not missing:
        return (
            f"I have {lines} of your scenario, with every section. If more of it is to come, paste "
            "it; if not, tap “That's all”."
        )
    names = ", ".join(f"<code>{name}:</code>" for name in missing[:4])
    more = ", ..." if len(missing) > 4 else ""
    return (
        f"That is a part of a scenario ({lines}); what I don't see yet: {names}{more}. A chat cuts "
        "long texts into several messages, and I put them together: paste the rest, in order. I "
        "answer when all is there. To attach it as a file (the paper clip, “File”) is surer."
    )


def pasting_left(written: str) -> str:
    """In the middle of a pasted scenario something else is written."""
    return (
        f"“{one_line(written, 60)}” is no part of a scenario, so I've stopped putting yours "
        "together, and kept nothing of it. Paste it once more from the beginning, or send it as a "
        "file (the paper clip, “File”)."
    )


def _figures(found: ScenarioFigures) -> str:
    people = count(found.people, "person", "people")
    sessions = count(found.sessions, "session", "sessions")
    lines = [f"{sessions} by {people}, {found.passes or 'none'} passed"]
    means = [
        f"{NAMES[d]} {found.values[d][0]:.0f}"
        for d in DIMENSIONS
        if d in found.values and found.values[d][1] >= SMALLEST_TEAM
    ]
    if means:
        lines.append(f"On average: {', '.join(means)}")
    if found.feeling is not None and found.felt >= SMALLEST_TEAM:
        lines.append(f"It felt {_FEELINGS[round(found.feeling) - 1]} to most")
    text = "\n".join(lines)
    return text[:1].upper() + text[1:]


# --- Assignments ----------------------------------------------------------------------------------


def day(when: date, today: date) -> str:
    """``today``, ``tomorrow``, ``on Friday``, or ``on Friday 27 November``."""
    if when == today:
        return "today"
    if when == today + timedelta(days=1):
        return "tomorrow"
    if today < when < today + timedelta(days=7):
        return f"on {when:%A}"
    year = f" {when.year}" if when.year != today.year else ""
    return f"on {when:%A} {when.day} {when:%B}{year}"


def which_scenario(name: str | None) -> str:
    """First step of assigning."""
    return f"What should {one_line(name)} practise?" if name else "Which scenario?"


def for_whom(title: str) -> str:
    """Second step."""
    return f"<b>{safe(title)}</b>: who should practise it?"


def due_when(title: str, name: str) -> str:
    """Third step."""
    return f"<b>{safe(title)}</b> for {one_line(name)}: by when?"


def which_date() -> str:
    """A date is to be typed."""
    return (
        "Write the last day on which it can be done, such as Friday, next Friday, 27 November or "
        "2026-11-27."
    )


def no_date(written: str) -> str:
    """What was typed is no date."""
    return (
        f"I can't tell which day “{one_line(written, 40)}” is. Write it such as 27 November, "
        "Friday or 2026-11-27."
    )


def date_past(when: date) -> str:
    """What was typed is over."""
    return f"{when.day} {when:%B %Y} has passed. Which day from today on?"


def how_often() -> str:
    """Fourth step."""
    return (
        "How many attempts? Trying single replies again never counts as one; only a new "
        "conversation does."
    )


@dataclass(frozen=True)
class Terms:
    """What an assignment asks for: the last day in words, conversations that count, a pass mark.

    ``pass_mark``: 0 to 100, for all dimensions alike; None is the scenario's own.
    """

    due: str | None
    attempts: int | None
    pass_mark: float | None


def no_such_mark(number: int, least: int, most: int) -> str:
    """A number that can't be a pass mark."""
    return f"{number} can't be the pass mark: {least} to {most} can, for all three skills alike."


def which_mark(scenario: Scenario, least: int, most: int) -> str:
    """Fifth step. ``least`` and ``most``: what may be written."""
    marks = scenario.pass_marks
    return (
        f"What must be reached? <b>{safe(scenario.title)}</b> has marks of its own: "
        f"{marks.empathy:.0f} for empathy, {marks.active_listening:.0f} for active listening, "
        f"{marks.individualized_treatment:.0f} for individualized treatment. A number chosen here "
        f"counts for all three instead; you can also write one, from {least} to {most}."
    )


def assignment_question(title: str, name: str, terms: Terms) -> str:
    """Last step."""
    return f"{_assignment(title, name, terms)}. Shall I?"


def assignment_made(title: str, name: str, terms: Terms, told: int | None) -> str:
    """It is assigned. ``told``: people who hear of it, None for one person."""
    text = f"{_assignment(title, name, terms)} is assigned."
    if told is None:
        return f"{text} {one_line(name)} hears of it now."
    if told == 0:
        return f"{text} There is nobody to tell yet; it waits for whoever joins as a trainee."
    return f"{text} {count(told, 'person hears', 'people hear').capitalize()} of it now."


def _assignment(title: str, name: str, terms: Terms) -> str:
    parts = [f"<b>{safe(title)}</b> for {one_line(name)}"]
    parts.append(f"due {terms.due}" if terms.due else "without a date")
    if terms.attempts:
        parts.append("one attempt" if terms.attempts == 1 else f"up to {terms.attempts} attempts")
    if terms.pass_mark is not None:
        parts.append(f"pass mark {terms.pass_mark:.0f}")
    return ", ".join(parts)


def assigned_to_you(scenario: Scenario, by: str, terms: Terms, team: str | None) -> str:
    """A hire hears of an assignment. ``team``: where the whole team has it."""
    everyone = f" and everybody else in {one_line(team)}" if team else ""
    text = (
        f"<b>{one_line(by)}</b> would like you{everyone} to practise <b>{safe(scenario.title)}</b>"
        f" ({who(scenario)}){f', by the end of {_bare(terms.due)}' if terms.due else ''}."
    )
    if terms.pass_mark is not None:
        text += f" What to reach: {terms.pass_mark:.0f} in every dimension that is called for."
    if terms.attempts:
        number = terms.attempts
        often = "one conversation" if number == 1 else f"your first {number} conversations"
        return f"{text} {often.capitalize()} will count, so read the brief in peace first."
    return f"{text} Try it as often as you like; one that passes is enough."


def _bare(due: str) -> str:
    return due.removeprefix("on ")


def what_is_assigned(
    items: Sequence[tuple[str, str, Terms, int, int]],
) -> str:
    """All assignments: title, whom, what is asked for, how many passed, of how many."""
    if not items:
        return "Nothing is assigned at the moment."
    return "\n\n".join(
        f"{_assignment(title, name, terms)}\n{_passed(passed, of)}"
        for title, name, terms, passed, of in items
    )


def _passed(passed: int, of: int) -> str:
    if of == 1:
        return "Passed" if passed else "Not passed yet"
    return f"{passed or 'None'} of {of} passed"


def assignment_withdrawn(title: str, name: str) -> str:
    """It is taken back."""
    return (
        f"<b>{safe(title)}</b> is no longer assigned to {one_line(name)}. What was practised for "
        "it stays."
    )


def assigned_block(items: Sequence[tuple[str, Terms, Standing]]) -> str:
    """What a hire was asked to practise: title, what is asked for, how far they are."""
    return "\n".join(
        f"Assigned: <b>{safe(title)}</b>{_asked(terms)} ({_standing(standing)})"
        for title, terms, standing in items
    )


def _asked(terms: Terms) -> str:
    due = f", due {terms.due}" if terms.due else ""
    return due + (f", pass mark {terms.pass_mark:.0f}" if terms.pass_mark is not None else "")


def _standing(standing: Standing) -> str:
    text = STATUS_NAMES[standing.status]
    if standing.status == "under_way" and standing.left is not None:
        return f"{text}, {count(standing.left, 'attempt', 'attempts')} left"
    return text


def reminder(title: str, standing: Standing, *, today: bool) -> str:
    """A hire is reminded of what is due."""
    when = "today" if today else "tomorrow"
    text = f"A reminder: <b>{safe(title)}</b> is due {when}."
    if standing.status == "under_way":
        text += " You have begun already."
        if standing.left is not None:
            text += f" {count(standing.left, 'attempt is', 'attempts are').capitalize()} left."
    else:
        text += " A conversation takes about ten minutes."
    return f"{text}\n\n<i>/settings switches reminders off.</i>"
