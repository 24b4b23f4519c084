"""What supervisors read about their team: who practised, one person, a focus, links, the export."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from coachbot.coaching.assigning import Assignment, Standing
from coachbot.coaching.reviewing import Focus
from coachbot.reporting.debrief import NAMES
from coachbot.reporting.progress import ProgressRow, Trend
from coachbot.reporting.team import RECENT_DAYS, TeamOverview, TeamPerson
from coachbot.reporting.wording import OUTCOMES, lower_first, not_trusted
from coachbot.scenario.models import PassMarks
from coachbot.scoring.interface import DIMENSIONS, Dimension, DimensionScores
from coachbot.session.models import Session
from coachbot.session.result import MOST_OVER_PROMISES, acts_done, corrections
from coachbot.telegram.rendering.wording import count, joined, one_line, quote, safe

LONGEST_COMMENT = 1000
"""Characters of a comment that are shown: all that may be written."""

BEFORE = 3
"""Sessions before a focus whose mean the later values stand beside, as in a trend."""

_DIRECTIONS = {"improved": ", going up", "declined": ", going down"}
"""Only what is larger than chance is given a direction."""


def day(moment: str) -> str:
    """``2 March`` of a time in ISO 8601."""
    found = datetime.fromisoformat(moment)
    return f"{found.day} {found:%B}"


def when(moment: str, now: datetime) -> str:
    """``today``, ``yesterday`` or ``on 2 March``, by the clocks of the zone that ``now`` is in."""
    found = datetime.fromisoformat(moment).astimezone(now.tzinfo)
    if found.date() == now.date():
        return "today"
    if found.date() == now.date() - timedelta(days=1):
        return "yesterday"
    return f"on {found.day} {found:%B}"


Corrections = Mapping[Dimension, Sequence[tuple[str, float]]]
"""What people gave instead of a session's scores: who, and which grade."""


def given_by(dimension: Dimension, corrections: Corrections) -> str:
    """`` (Dana: 70)`` after a score that somebody has corrected; empty where nobody has."""
    given = corrections.get(dimension, ())
    if not given:
        return ""
    return f" ({', '.join(f'{one_line(name)}: {grade:.0f}' for name, grade in given)})"


def unmet(session: Session, values: DimensionScores, marks: PassMarks | None, acts: int) -> str:
    """Why a session whose scores all reach their marks is no pass, as the end of a sentence.

    Empty where a score doesn't: that says why by itself. ``acts``: what had to be done.
    """
    if session.passed or marks is None or session.outcome is None:
        return ""
    scores = [(d, values[d].score) for d in DIMENSIONS]
    if any(score is not None and score < getattr(marks, d) for d, score in scores):
        return ""
    reasons = []
    left = acts - len(acts_done(session))
    if acts and left > 0:
        reasons.append(f"{left} of {acts} things to do were left open")
    if len(session.state.over_promised) > MOST_OVER_PROMISES:
        reasons.append("more than one promise can't be kept")
    if not reasons and session.outcome != "resolved":
        warm = "the mood stayed too low once everything was done"
        reasons.append(warm if corrections(session) else "it was not resolved")
    if not reasons:
        return ""
    reached = (
        "every mark is reached" if any(s is not None for _, s in scores) else "nothing was scored"
    )
    return f" ({reached}, but {joined(reasons)})"


# --- The team -------------------------------------------------------------------------------------


def team_text(
    overview: TeamOverview,
    people: Sequence[TeamPerson],
    *,
    since: str,
    waiting: int,
    now: datetime,
    corrected: Mapping[str, Corrections] | None = None,
) -> str:
    """How a team is doing. ``people``: those on this page; ``since``: from when on is recent.

    ``now``: in the zone of the people here. ``corrected``: what was given instead of scores, by
    session.
    """
    corrected = corrected or {}
    everybody = overview.people
    if not everybody:
        return (
            f"<b>{one_line(overview.team)}</b>\n"
            "Nobody practises here yet. /invite makes a link for the first one."
        )
    active = sum(_practised(one, since) for one in everybody)
    lines = [f"<b>{one_line(overview.team)}</b>", _how_many(len(everybody), active)]
    if waiting:
        asked = count(waiting, "question", "questions").capitalize()
        lines.append(f"{asked} about a score {'waits' if waiting == 1 else 'wait'} for an answer.")
    blocks = ["\n".join(lines), *(_line(one, since, now, corrected) for one in people)]
    if overview.means:
        means = ", ".join(f"{NAMES[d]} {mean:.0f}" for d, mean in overview.means.items())
        blocks.append(f"<b>All together, lately</b>\n{means[:1].upper()}{means[1:]}")
    elif overview.no_means:
        blocks.append(f"<i>{safe(overview.no_means)}</i>")
    if overview.practice_only:
        blocks.append(f"<i>{safe(not_trusted(overview.practice_only))}</i>")
    return "\n\n".join(blocks)


def _how_many(people: int, active: int) -> str:
    """How many there are, and how many of them practised lately."""
    if people == 1:
        did = "who practised" if active else "who has not practised"
        return f"One person, {did} in the last {RECENT_DAYS} days."
    some = "one of them" if active == 1 else f"{active} of them"
    did = {0: "nobody", people: "all of them"}.get(active, some)
    return f"{people} people; {did} practised in the last {RECENT_DAYS} days."


def _practised(one: TeamPerson, since: str) -> bool:
    last = one.last_practised
    return last is not None and datetime.fromisoformat(last) >= datetime.fromisoformat(since)


def _line(one: TeamPerson, since: str, now: datetime, corrected: Mapping[str, Corrections]) -> str:
    lines = [f"<b>{one_line(one.name)}</b>: {_when(one, since, now)}"]
    given = corrected.get(one.latest_session or "", {})
    if one.latest is not None and any(one.latest[d].score is not None for d in DIMENSIONS):
        directions = {trend.dimension: _DIRECTIONS.get(trend.direction, "") for trend in one.trends}
        values = "; ".join(
            f"{NAMES[d]} {score:.0f}{given_by(d, given)}{directions[d]}"
            for d in DIMENSIONS
            for score in [one.latest[d].score]
            if score is not None
        )
        lines.append(f"Latest: {values}")
    if one.weakest is not None:
        level, mark = one.weakest.level, one.weakest.mark
        passes = (
            f"where {mark:.0f} passes" if level < mark else f"above its pass mark of {mark:.0f}"
        )
        lines.append(f"Weakest: {NAMES[one.weakest.dimension]}, {level:.0f} lately, {passes}")
    to_do = []
    if one.open_disputes:
        to_do.append(f"{count(one.open_disputes, 'question', 'questions')} open")
    if one.overdue:
        to_do.append(f"{count(one.overdue, 'assignment', 'assignments')} overdue")
    if to_do:
        lines.append(f"{', '.join(to_do)}".capitalize())
    return "\n".join(lines)


def _when(one: TeamPerson, since: str, now: datetime) -> str:
    if one.last_practised is None:
        return "hasn't practised yet"
    last = when(one.last_practised, now)
    if not _practised(one, since):
        return f"last practised {last}"
    if not one.recent:
        return f"began a session {last}, none finished in {RECENT_DAYS} days"
    return f"{count(one.recent, 'session', 'sessions')} in {RECENT_DAYS} days, last {last}"


# --- One person -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """What stands beside sessions: by session, what people gave instead; why it is no pass.

    ``now``: in the zone of the people here.
    """

    now: datetime
    corrected: Mapping[str, Corrections] = field(default_factory=dict)
    unmet: Mapping[str, str] = field(default_factory=dict)


def person_text(  # noqa: PLR0913 (each is a part of the page)
    name: str,
    rows: Sequence[ProgressRow],
    trends: Sequence[Trend],
    *,
    titles: Mapping[str, str],
    shown: Sequence[ProgressRow] = (),
    focus: Focus | None = None,
    assigned: Sequence[tuple[Assignment, Standing]] = (),
    beside: Beside,
) -> str:
    """How one person is doing. ``rows``: oldest first; ``shown``: the sessions of this page."""
    now = beside.now
    who = one_line(name)
    if not rows:
        blocks = [f"<b>{who}</b> hasn't finished a session yet."]
    else:
        first = [row for row in rows if row.retry_of is None]
        done = count(len(first), "session", "sessions")
        passed = sum(row.passed is True for row in first)
        blocks = [f"<b>{who}</b>: {done} finished, {passed or 'none'} passed."]
        blocks.append("\n".join(safe(trend.text) for trend in trends))
    if focus is not None:
        blocks.append(_focus(focus, rows, who, now))
    if assigned:
        lines = [_assigned(one, standing, titles) for one, standing in assigned[:5]]
        blocks.append("\n".join(["<b>Assigned</b>", *lines]))
    if shown:
        lines = [_session(row, titles, beside) for row in shown]
        order = " / ".join(NAMES[d] for d in DIMENSIONS)
        lines.append(f"<i>Tap one to read it. The values: {order}.</i>")
        blocks.append("\n".join(["<b>Sessions</b>", *lines]))
    return "\n\n".join(blocks)


def untrusted(practice_only: Collection[Dimension]) -> str:
    """What follows figures of dimensions that are for practice only; empty where there are none."""
    return f"\n\n<i>{safe(not_trusted(practice_only))}</i>" if practice_only else ""


def _session(row: ProgressRow, titles: Mapping[str, str], beside: Beside) -> str:
    corrected = beside.corrected.get(row.session, {})
    end = lower_first(outcome(row.outcome))
    if row.passed:
        end += ", passed with help" if row.with_help else ", passed"
    else:
        end += f", no pass{beside.unmet.get(row.session, '')}"
    again = ", a further try" if row.retry_of is not None else ""
    at = when(row.started, beside.now).removeprefix("on ")
    line = f"{at[:1].upper()}{at[1:]}, {one_line(titles[row.scenario])}{again}: {end}"
    given = [f"{NAMES[d]} {_by_program(row, d)}{given_by(d, corrected)}" for d in corrected]
    return f"{line}; corrected: {', '.join(given)}" if given else line


def _by_program(row: ProgressRow, dimension: Dimension) -> str:
    score = row.values[dimension].score
    return "–" if score is None else f"{score:.0f}"


def outcome(name: str | None) -> str:
    """How a session ended, said to somebody else than the hire."""
    if name == "ended":
        return "Ended early"
    return OUTCOMES[name] if name else "No ending"


def session_label(row: ProgressRow, title: str) -> str:
    """On the button of a session: the day, what it was, and its values."""
    found = datetime.fromisoformat(row.started)
    scores = [row.values[d].score for d in DIMENSIONS]
    values = " / ".join("–" if score is None else f"{score:.0f}" for score in scores)
    return f"{found.day} {found:%b}, {title[:28]}: {values}"


def _assigned(one: Assignment, standing: Standing, titles: Mapping[str, str]) -> str:
    status = {"not_begun": "not begun", "under_way": "under way", "used_up": "attempts used up"}
    where = status.get(standing.status, standing.status)
    due = f", due {day(one.due)}" if one.due else ""
    return f"{one_line(titles.get(one.scenario, one.scenario))}{due}: {where}"


# --- A focus --------------------------------------------------------------------------------------


def _focus(focus: Focus, rows: Sequence[ProgressRow], who: str, now: datetime) -> str:
    agreed = f"{who} said yes {when(focus.agreed, now)}." if focus.agreed else (
        f"{who} hasn't said yes to it yet."
    )  # fmt: skip
    return "\n".join(
        [
            (
                f"<b>Focus</b> since {when(focus.made, now).removeprefix('on ')}, "
                f"{NAMES[focus.dimension]}"
            ),
            quote(focus.text, LONGEST_COMMENT),
            agreed,
            values_since(focus, rows),
        ]
    )


def values_since(focus: Focus, rows: Sequence[ProgressRow]) -> str:
    """The dimension's values since a focus was proposed, and the mean of three before."""
    made = datetime.fromisoformat(focus.made)
    before: list[float] = []
    since: list[float] = []
    for row in rows:
        score = row.values[focus.dimension].score
        if score is not None and row.retry_of is None:
            (since if datetime.fromisoformat(row.started) >= made else before).append(score)
    name = NAMES[focus.dimension].capitalize()
    if not since:
        return f"No session with a score for {NAMES[focus.dimension]} since then."
    text = f"{name} since then: {', '.join(f'{score:.0f}' for score in since[-8:])}"
    if before:
        last = before[-BEFORE:]
        text += f" (before: {sum(last) / len(last):.0f}"
        text += ")" if len(last) == 1 else f", the mean of {len(last)} sessions)"
    return f"{text}."


def focus_dimension(name: str) -> str:
    """First step of agreeing on a focus."""
    return f"One thing at a time: what is {one_line(name)} to work on next?"


def focus_sentence(name: str, dimension: Dimension) -> str:
    """Second step: the sentence."""
    return (
        f"Put it in one sentence that {one_line(name)} can keep in mind while answering a customer "
        f"({NAMES[dimension]}). For example:\n{quote(_EXAMPLES[dimension])}"
    )


_EXAMPLES: dict[Dimension, str] = {
    "empathy": "Say what it has cost them before you say what you'll do.",
    "active_listening": "Say back the one thing that matters most to them, then ask.",
    "individualized_treatment": "Use one detail that only this customer told you.",
}


def focus_there(name: str, focus: Focus) -> str:
    """There is a focus already."""
    return (
        f"{one_line(name)} has a focus already:\n{quote(focus.text, LONGEST_COMMENT)}\n"
        "One at a time: close that one first, then choose the next."
    )


def focus_proposed(supervisor: str, focus: Focus) -> str:
    """The hire reads what somebody suggests."""
    return (
        f"<b>{one_line(supervisor)}</b> suggests one thing for you to try in your next "
        f"conversations ({NAMES[focus.dimension]}):\n{quote(focus.text, LONGEST_COMMENT)}\n"
        "What do you think?"
    )


def focus_sent(name: str) -> str:
    """The supervisor has proposed a focus."""
    return f"{one_line(name)} has it now. You hear from me when there is an answer."


def not_reached(name: str) -> str:
    """A message will not reach somebody."""
    return (
        f"It is kept, but {one_line(name)} has blocked me on Telegram, so they won't see my "
        "message. Please tell them yourself."
    )


def focus_accepted(focus: Focus) -> str:
    """The hire has said yes."""
    return (
        f"Good. This is what you're working on:\n{quote(focus.text, LONGEST_COMMENT)}\n"
        "/practice is a good place to try it out."
    )


def hire_accepts(name: str, focus: Focus) -> str:
    """The supervisor hears a yes."""
    return f"<b>{one_line(name)}</b> will work on it:\n{quote(focus.text, LONGEST_COMMENT)}"


def talk_first(focus: Focus, supervisor: str | None) -> str:
    """The hire would rather talk first. ``supervisor``: None where nobody could be told."""
    told = "Whoever suggested it can't be reached here, so please tell your supervisor:"
    if supervisor is not None:
        told = f"{one_line(supervisor)} knows that you'd like to talk about it first:"
    return f"{told}\n{quote(focus.text, LONGEST_COMMENT)}\nOnce it suits you, tap below."


def hire_wants_to_talk(name: str, focus: Focus) -> str:
    """The supervisor hears that there is something to talk about."""
    return (
        f"<b>{one_line(name)}</b> would like to talk with you before taking this on:\n"
        f"{quote(focus.text, LONGEST_COMMENT)}"
    )


def focus_over() -> str:
    """A focus that has ended."""
    return "This focus has been closed, so there is nothing left to answer."


def focus_result(name: str, focus: Focus, *, worked: bool) -> str:
    """What came of a focus is asked for."""
    asked = (
        f"Good to hear. What is {one_line(name)} doing differently now?"
        if worked
        else f"What would you like to tell {one_line(name)} about it, and what comes instead?"
    )
    return (
        f"{quote(focus.text, LONGEST_COMMENT)}\n{asked} A sentence is enough; "
        f"{one_line(name)} reads it."
    )


def focus_closed(supervisor: str, focus: Focus, result: str, *, worked: bool) -> str:
    """The hire reads how a focus ended."""
    how = "thinks this has worked" if worked else "has closed this focus"
    return (
        f"<b>{one_line(supervisor)}</b> {how}:\n{quote(focus.text, LONGEST_COMMENT)}\n"
        f"{one_line(supervisor)} writes:\n{quote(result, LONGEST_COMMENT)}"
    )


def focus_closed_for(name: str) -> str:
    """The supervisor has closed a focus."""
    return f"Closed. {one_line(name)} has what you wrote."


# --- Links and files ------------------------------------------------------------------------------


def which_team(what: str) -> str:
    """There are several teams. ``what``: such as "Invite somebody to"."""
    return f"{what} which team?"


def invite_roles(team: str, *, chosen: bool = True) -> str:
    """What somebody new will be. ``chosen``: at least one role is."""
    last = "" if chosen else "\n\n<b>Choose at least one; then the link can be made.</b>"
    return (
        f"Somebody new for <b>{one_line(team)}</b>. What will they do? Tap to choose (✓), more "
        "than one if you like, then make the link.\n\n"
        "<b>Trainee:</b> practises.\n"
        "<b>Trainer:</b> writes scenarios and assigns them.\n"
        "<b>Supervisor:</b> reads the team's sessions, grades and invites."
        f"{last}"
    )


def new_team_name() -> str:
    """The name of a team that is to be founded is asked for."""
    return (
        "What is the new team called? Write its name, such as “North” or “Phones, evening”. You "
        "become its supervisor; whoever you invite to it sees nothing of your other teams."
    )


def found_question(name: str) -> str:
    """Before a team is founded."""
    return (
        f"Found a new team called <b>{one_line(name, 64)}</b>? You become its supervisor, and can "
        "invite people to it."
    )


def team_founded(name: str) -> str:
    """There is a new team."""
    return f"<b>{one_line(name, 64)}</b> is there, and you are its supervisor. Who comes first?"


def team_name(team: str) -> str:
    """Another name of a team is asked for."""
    return f"What is <b>{one_line(team, 64)}</b> to be called? Write the new name."


def rename_question(team: str, name: str) -> str:
    """Before a team is renamed."""
    return (
        f"Call <b>{one_line(team, 64)}</b> from now on <b>{one_line(name, 64)}</b>? Everybody in "
        "it sees the new name; links that you have sent stay good."
    )


def team_renamed(team: str, name: str) -> str:
    """A team has another name."""
    return f"<b>{one_line(team, 64)}</b> is called <b>{one_line(name, 64)}</b> now."


def no_such_team(name: str, teams: Sequence[str]) -> str:
    """A command named a team that somebody doesn't supervise."""
    yours = joined([f"<b>{one_line(team)}</b>" for team in teams])
    return (
        f"You supervise no team called “{one_line(name, 40)}”. Yours: {yours}. /team shows them, "
        "with a button to rename each."
    )


def invitation(team: str, roles: Collection[str], link: str, days: int, expires: str) -> str:
    """A link, in words that can be forwarded to whoever it is for."""
    what = joined([f"a {role}" for role in roles])
    return (
        f"<b>Invitation to {one_line(team)}</b>, as {what}\n\n{safe(link)}\n\n"
        f"Open it and tap Start. It lets one person in, once, and is good for "
        f"{count(days, 'day', 'days')}, until {day(expires)}."
    )


def export_caption(team: str, sessions: int) -> str:
    """Under a team's CSV file."""
    return (
        f"<b>{one_line(team)}</b>: {count(sessions, 'session', 'sessions')}, a row for each "
        "dimension. It has names and scores in it, so keep it where only those see it who may."
    )


def grades_caption(team: str, grades: int) -> str:
    """Under a team's grades."""
    return (
        f"<b>{one_line(team)}</b>: {count(grades, 'grade', 'grades')} that people gave, one a row, "
        "also those of single replies, with the program's score beside each."
    )


def nothing_to_export(team: str) -> str:
    """No session of a team is finished."""
    return f"Nobody in <b>{one_line(team)}</b> has finished a session yet; nothing to export."
