"""A session as a supervisor reads it, page by page; grading it; answering a question about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from coachbot.coaching.anchors import ANCHORS, WORKED
from coachbot.coaching.reviewing import ASKED, FEELINGS, Dispute, Feeling, Grade, Subject
from coachbot.customer.state import Frozen
from coachbot.reporting.debrief import NAMES
from coachbot.reporting.matter import Checked
from coachbot.reporting.tips import unanswered
from coachbot.reporting.wording import not_trusted
from coachbot.scenario.models import PassMarks
from coachbot.scoring.interface import (
    DIMENSIONS,
    Dimension,
    DimensionScore,
    DimensionScores,
    Evidence,
)
from coachbot.session.models import Session, Turn
from coachbot.telegram.messages import pages
from coachbot.telegram.rendering import matter
from coachbot.telegram.rendering.supervising import LONGEST_COMMENT, day, outcome, unmet, when
from coachbot.telegram.rendering.wording import about, count, joined, one_line, quote, safe

SMALLEST_EFFECT = 1.0
"""Points from which evidence is shown, as in the debrief."""

LONGEST_PAGE = 3600
"""Units of one page; the rest of what a message may have is for what is added to it."""


class Reading(Frozen):
    """A session that somebody reads.

    ``own``: they read their own. ``values``: of the session; ``marks``: None where the scenario is
    gone. ``grades``: those that count, each with the name of who gave it. ``needs``: hidden needs
    in the scenario; ``acts``: the list of what had to be done there. ``practice_only``: dimensions
    that people's grades agree too little with.
    """

    session: Session
    owner: str
    own: bool
    title: str
    customer: str
    values: DimensionScores
    marks: PassMarks | None
    acts: tuple[Checked, ...]
    needs: int
    grades: tuple[tuple[Grade, str], ...]
    disputes: tuple[Dispute, ...]
    feeling: Feeling | None
    practice_only: tuple[Dimension, ...] = ()


def dimension_title(dimension: Dimension) -> str:
    """As a heading."""
    return NAMES[dimension].capitalize()


def session_pages(reading: Reading) -> list[tuple[int, str]]:
    """All pages, each with the reply that it is about; 0: the session as a whole.

    Each page is one that Telegram takes: a reply that is longer goes on on the next page.
    """
    found = [(0, page) for page in pages(_head(reading), LONGEST_PAGE)]
    for turn in reading.session.turns:
        found += [(turn.number, page) for page in pages(_turn(reading, turn), LONGEST_PAGE)]
    return [
        (number, f"{page}\n\n<i>Page {n} of {len(found)}</i>")
        for n, (number, page) in enumerate(found, 1)
    ]


def page_of(reading: Reading, turn: int) -> int:
    """The number, from 1, of the page on which a reply begins."""
    return next((n for n, (t, _) in enumerate(session_pages(reading), 1) if t == turn), 1)


# --- The head -------------------------------------------------------------------------------------


def _head(reading: Reading) -> str:
    session = reading.session
    whose = "your conversation" if reading.own else one_line(reading.owner)
    title = f"<b>{one_line(reading.title, 120)}</b>, {whose}, {day(session.started)}"
    blocks = [f"{title}\n<b>{_result(reading)}</b>", "\n".join(_facts(reading))]
    if reading.acts:
        blocks.append(f"<b>What had to be done</b>\n{matter.checklist(reading)}")
    blocks += [_value(reading, d) for d in DIMENSIONS]
    if note := not_trusted(reading.practice_only):
        blocks.append(f"<i>{safe(note)}</i>")
    blocks += [_question(reading, dispute) for dispute in reading.disputes]
    return "\n\n".join(blocks)


def _result(reading: Reading) -> str:
    session = reading.session
    text = outcome(session.outcome).replace("The customer", one_line(reading.customer))
    corrected = matter.as_corrected(session)
    if session.passed:
        return f"{text}: passed{' with help' if session.with_help else ''}{corrected}"
    return f"{text}: no pass{corrected}{missing_here(reading)}"


def missing_here(reading: Reading) -> str:
    """Why a session is no pass, where its scores don't say so; empty otherwise."""
    return unmet(reading.session, reading.values, reading.marks, len(reading.acts))


def _facts(reading: Reading) -> list[str]:
    session = reading.session
    facts = [f"{count(len(session.turns), 'reply', 'replies').capitalize()}."]
    if session.retry_of is not None:
        facts.append(f"A further try, from reply {session.branched_at} on.")
    if reading.acts:
        done = sum(one.reply is not None for one in reading.acts)
        facts.append(
            f"Done in the matter: {done} of {len(reading.acts)}; hidden needs "
            f"found: {len(session.state.needs_revealed)} of {reading.needs}."
        )
    over = [str(turn.number) for turn in session.turns if turn.over_promises]
    if over:
        facts.append(f"Promised more than allowed in {_replies(over)}.")
    hints = [str(number) for number in session.hints]
    facts.append(f"Hints: before {_replies(hints)}." if hints else "No hints taken.")
    if reading.feeling is not None:
        facts.append(f"It felt {FEELINGS[reading.feeling.feeling - 1]}.")
    return facts


def _replies(numbers: Sequence[str]) -> str:
    return f"{'reply' if len(numbers) == 1 else 'replies'} {joined(numbers)}"


def _value(reading: Reading, dimension: Dimension) -> str:
    value = reading.values[dimension]
    lines = [f"<b>{dimension_title(dimension)}</b>: {_score(value)}"]
    if value.score is not None and reading.marks is not None:
        mark: float = getattr(reading.marks, dimension)
        met = "reached" if value.score >= mark else "not reached"
        lines[0] += f"; pass mark {mark:.0f} {met}"
    rating = reading.session.self_rating
    if rating is not None:
        lines.append(f"Own rating: {rating[dimension]:.0f}")
    lines += _grades(reading, None, dimension)
    return "\n".join(lines)


def _score(value: DimensionScore) -> str:
    if value.score is None:
        return "not called for" if value.reason == "not_called_for" else "not scored"
    return f"{value.score:.0f} (range {value.low or 0:.0f} to {value.high or 0:.0f})"


def _grades(reading: Reading, turn: int | None, dimension: Dimension) -> list[str]:
    return [
        _grade(grade, name)
        for grade, name in reading.grades
        if grade.turn == turn and grade.dimension == dimension
    ]


def _grade(grade: Grade, name: str) -> str:
    said = f": “{safe(grade.comment)}”" if grade.comment else ""
    if grade.score is not None and grade.grade == grade.score:
        return f"✓ {one_line(name)} sees it the same way{said}"
    return f"{one_line(name)} gave {grade.grade:.0f}{said}"


def _question(reading: Reading, dispute: Dispute) -> str:
    who = "You" if reading.own else one_line(reading.owner)
    asked = f"<b>{who} asked about {ASKED[dispute.dimension]}</b>"
    lines = [asked, quote(dispute.comment, LONGEST_COMMENT)]
    if dispute.answer:
        lines += ["The answer:", quote(dispute.answer, LONGEST_COMMENT)]
    else:
        lines.append("Nobody has answered yet.")
    return "\n".join(lines)


# --- A reply --------------------------------------------------------------------------------------


def _turn(reading: Reading, turn: Turn) -> str:
    customer = one_line(reading.customer)
    who = "You" if reading.own else one_line(reading.owner)
    blocks = [
        f"<b>Reply {turn.number} of {len(reading.session.turns)}</b>"
        + (", after a hint" if turn.hinted else ""),
        f"<b>{customer}</b>\n<blockquote>{_said(turn.customer)}</blockquote>",
        f"<b>{who}</b>\n<blockquote>{safe(turn.agent)}</blockquote>",
    ]
    if turn.score.dimensions is None or turn.score.status == "unscored":
        blocks.append("This reply has no score.")
    else:
        scores = turn.score.dimensions
        lines = []
        for dimension in DIMENSIONS:
            lines.append(f"<b>{dimension_title(dimension)}</b>: {_score(scores[dimension])}")
            lines += _grades(reading, turn.number, dimension)
        blocks.append("\n".join(lines))
    blocks += _evidence(reading, turn)
    before, after = round(turn.mood_before), round(turn.mood_after)
    moved = "stayed at" if before == after else f"went from {before} to"
    blocks.append(f"{customer}'s mood {moved} {after}.")
    if turn.number == len(reading.session.turns) and turn.answer:
        blocks.append(
            f"<b>{customer}, at the end</b>\n<blockquote>{_said(turn.answer)}</blockquote>"
        )
    return "\n\n".join(blocks)


def _said(messages: Sequence[str]) -> str:
    return "\n".join(safe(message) for message in messages)


def _evidence(reading: Reading, turn: Turn) -> list[str]:
    """The words that moved a score, each once, with all that they did."""
    found: dict[tuple[str, str], list[Evidence]] = {}
    for one in turn.score.evidence or ():
        if abs(one.effect) >= SMALLEST_EFFECT:
            found.setdefault((one.source, one.text), []).append(one)
    blocks = []
    for (source, text), effects in found.items():
        if source == "history":
            quoted = f"{one_line(reading.customer)} had said:\n{quote(text)}"
        else:
            quoted = quote(text)
        lines = [_effect(one, reading.customer) for one in effects]
        blocks.append("\n".join([quoted, *lines]))
    if blocks:
        blocks[0] = f"<b>What moved the scores</b> (points)\n{blocks[0]}"
    return blocks


def _effect(one: Evidence, customer: str) -> str:
    reason = about(one.reason, customer)
    if one.source == "history":
        reason = unanswered(reason)
    points = f"{one.effect:+.0f}".replace("-", "−")
    return f"{dimension_title(one.dimension)} {points}: {safe(reason.rstrip('.'))}."


# --- Grading --------------------------------------------------------------------------------------


def grade_form(reading: Reading, turn: Turn | None, dimension: Dimension) -> str:
    """The anchors and an example beside what the scorer gave; the grades are buttons."""
    value = score_of(reading, turn, dimension)
    where = f"reply {turn.number}" if turn else "the whole conversation"
    blocks = [f"<b>{dimension_title(dimension)}, {where}</b>\n{one_line(reading.owner)}, "]
    blocks[0] += f"{one_line(reading.title, 120)}"
    if turn is not None:
        blocks.append(quote(turn.agent, 400))
    blocks.append(
        "No score was given here. If you see something to grade, give yours."
        if value.score is None
        else f"The program gave {_score(value)}: a person's grade is probably in that range."
    )
    anchors = "\n".join(f"<b>{a.grade}</b> {safe(a.text)}" for a in ANCHORS[dimension])
    blocks.append(f"{anchors}\nBetween them is fine.")
    worked = WORKED[dimension]
    blocks.append(
        f"<b>For example</b>\n{quote(worked.customer, 300)}\n{quote(worked.reply, 300)}\n"
        f"That is a {worked.grade}. {safe(worked.why)}"
    )
    return "\n\n".join(blocks)


def score_of(reading: Reading, turn: Turn | None, dimension: Dimension) -> DimensionScore:
    """What the scorer gave for a reply, or for the session."""
    if turn is None:
        return reading.values[dimension]
    if turn.score.dimensions is None:
        return DimensionScore(status="unscored", reason=turn.score.reason)
    return turn.score.dimensions[dimension]


def confirmed(reading: Reading, turn: int, dimension: Dimension, value: float) -> str:
    """A score was confirmed; nobody is told."""
    return (
        f"Noted: {NAMES[dimension]} {_in(turn)} stays at {value:.0f}. "
        f"{one_line(reading.owner)} gets no message about it."
    )


def grade_comment(
    reading: Reading, turn: int, dimension: Dimension, grade: int, score: float | None
) -> str:
    """The reason for a correction is asked for."""
    gave = f"where the program gave {score:.0f}" if score is not None else "without a score so far"
    return (
        f"<b>{grade}</b> for {NAMES[dimension]} {_in(turn)}, {gave}. What do you see in it? Write "
        f"a sentence or two to {one_line(reading.owner)}, who reads it with your grade. You see it "
        "once more before it goes out. For another grade write only the number."
    )


def corrected(name: str) -> str:
    """The supervisor has given a grade of their own."""
    return f"Thank you. {one_line(name)} has your grade and your words."


def grade_arrived(
    supervisor: str, reading: Reading, turn: Turn | None, grade: Grade
) -> str:  # fmt: skip
    """The hire reads what a person saw in their reply."""
    where = f"your reply {turn.number} in" if turn else "your conversation"
    gave = f"sees {NAMES[grade.dimension]} at <b>{grade.grade:.0f}</b>"
    if grade.score is not None:
        same = round(grade.score) == round(grade.grade)
        gave += ", as the program does" if same else f", not at {grade.score:.0f}"
    title = one_line(reading.title, 120)
    blocks = [f"<b>{one_line(supervisor)}</b> has read {where} “{title}” and {gave}."]
    if turn is not None:
        blocks.append(f"You wrote:\n{quote(turn.agent, 300)}")
    name = one_line(supervisor)
    blocks.append(f"{name} says:\n{quote(grade.comment or '', LONGEST_COMMENT)}")
    blocks.append(f"The program's number stays beside it. If you see it otherwise, talk to {name}.")
    return "\n".join(blocks)


def _in(turn: int) -> str:
    return f"in reply {turn}" if turn else "over the whole conversation"


# --- Questions about scores -----------------------------------------------------------------------


def dispute_label(name: str, dispute: Dispute) -> str:
    """On the button of a question."""
    return f"{name[:24]} asks about {ASKED[dispute.dimension]}"


def dispute_list(team: str, number: int) -> str:
    """Above the list of questions."""
    if not number:
        return f"No question is open in <b>{one_line(team)}</b>."
    asked = count(number, "question", "questions").capitalize()
    return f"{asked} in <b>{one_line(team)}</b>, the oldest first."


def dispute_text(reading: Reading, dispute: Dispute, answered_by: str | None, now: datetime) -> str:
    """A question about a score or about what was done, and its answer if there is one."""
    if dispute.dimension == "matter":
        return matter.question(reading, dispute, answered_by, now)
    name = one_line(reading.owner)
    value, dimension = reading.values[dispute.dimension], dispute.dimension
    began = when(reading.session.started, now).removeprefix("on ")
    title = f"“{one_line(reading.title, 120)}” ({began})"
    asked = f"<b>{name}</b> asked {when(dispute.opened, now)} about {NAMES[dimension]} in {title}:"
    blocks = [
        f"{asked}\n{quote(dispute.comment, LONGEST_COMMENT)}",
        "\n".join([f"The program gave {_score(value)}.", *_grades(reading, None, dimension)]),
    ]
    if dispute.answer:
        by = one_line(answered_by) if answered_by else "Somebody"
        blocks.append(f"{by} answered:\n{quote(dispute.answer, LONGEST_COMMENT)}")
    return "\n\n".join(blocks)


def dispute_answer(name: str, dispute: Dispute) -> str:
    """The answer to a question is asked for."""
    return (
        f"{one_line(name)} asked about {ASKED[dispute.dimension]}:\n"
        f"{quote(dispute.comment, LONGEST_COMMENT)}\n"
        "What do you answer? Say what you saw in the conversation, whether the "
        f"{'list' if dispute.dimension == 'matter' else 'score'} stays or not. You can still read "
        "the session first."
    )


def dispute_answered(supervisor: str, reading: Reading, dispute: Dispute) -> str:
    """The hire gets the answer, with what they asked."""
    return (
        f"<b>{one_line(supervisor)}</b> has read “{one_line(reading.title, 120)}” and answers your "
        f"question about {ASKED[dispute.dimension]}.\n"
        f"You asked:\n{quote(dispute.comment, LONGEST_COMMENT)}\n"
        f"The answer:\n{quote(dispute.answer or '', LONGEST_COMMENT)}"
    )


def answer_sent(name: str, dimension: Subject, *, graded: bool = False) -> str:
    """The supervisor has answered. ``graded``: and corrected what it is about before."""
    if dimension == "matter":
        return matter.answer_sent(name, corrected=graded)
    if graded:
        return f"{one_line(name)} has your answer, and your grade for {NAMES[dimension]}."
    return (
        f"{one_line(name)} has your answer. If you see the score for {NAMES[dimension]} otherwise "
        "as well, you can correct it now."
    )


def question_waits(name: str, dimension: Dimension, *, graded: bool = False) -> str:
    """The hire has asked about what was just graded, or confirmed, and waits."""
    with_this = " Answer it with this too?" if graded else ""
    return f"{one_line(name)} still waits for an answer about {NAMES[dimension]}.{with_this}"


def what_is_graded(dimension: Dimension, turn: int) -> str:
    """Such as ``empathy in reply 2``; 0: the session as a whole."""
    return f"{NAMES[dimension]} {_in(turn)}"


def answered_before() -> str:
    """Somebody else was faster."""
    return "This question has been answered in the meantime, so nothing more was sent."


def still_going_on() -> str:
    """A session that is not over."""
    return "This conversation is still going on. It can be read once it is over."
