"""Around the conversations: choosing, beginning, ending, questioning, settings."""

from __future__ import annotations

from collections.abc import Sequence

from coachbot.coaching.reviewing import ASKED, MATTER, Subject
from coachbot.reporting.debrief import NAMES
from coachbot.scenario.models import Scenario
from coachbot.scoring.interface import Dimension
from coachbot.telegram.rendering.asides import whom_to_ask
from coachbot.telegram.rendering.briefing import scenario_line
from coachbot.telegram.rendering.wording import joined, one_line, safe

ADDING = 10
"""Minutes in which what is written after a question about a score is added to it."""


def dimension_name(dimension: Dimension) -> str:
    """As a heading."""
    return NAMES[dimension].capitalize()


def practice_menu(reason: str, recommended: Scenario | None = None) -> str:
    """What to practise. ``reason``: why ``recommended`` is; empty when nothing is."""
    if reason and recommended is not None:
        return f"{safe(reason)}\n\n{scenario_line(recommended)}\n\nOr choose for yourself."
    if not reason:
        return "Whom would you like to practise with? You can stop at any time; nothing gets lost."
    return f"{safe(reason)}\n\nOr choose for yourself."


def in_the_middle(scenario: Scenario) -> str:
    """They want to practise and are still talking to somebody."""
    name = safe(scenario.persona.name)
    return (
        f"{name} is still waiting for you in <b>{safe(scenario.title)}</b>. Go on there, or leave "
        "it for now? It will keep."
    )


def still_talking(name: str) -> str:
    """They looked at something else in the middle of a conversation."""
    return f"<i>{safe(name)} is still there. What you write next goes to {safe(name)}.</i>"


def begins(name: str) -> str:
    """The customer is about to write; the last words before it begins."""
    return (
        f"<i>{safe(name)} is writing to you now. Whatever you write from here on goes to "
        f"{safe(name)}. /hint helps (a pass is then one with help), /pause keeps it for later, "
        "/end takes you to the debrief.</i>"
    )


def try_again(turn: int, name: str) -> str:
    """A second attempt begins."""
    return (
        f"<i>Back to reply {turn}. Everything before it is as it was; {safe(name)} says it once "
        "more. Your first attempt is the one that counts, so try something. One new reply is "
        "enough to compare the two, and you can stop at any time.</i>"
    )


def retry_over(name: str) -> str:
    """A second attempt has ended."""
    return f"<i>That was it with {safe(name)}. Here is how it compares.</i>"


def end_question(name: str) -> str:
    """Before ending a conversation."""
    return f"End the conversation with {safe(name)} and go to the debrief?"


def which_score() -> str:
    """First step of questioning a result."""
    return (
        "What doesn't seem right to you? A score, or what it says you did and didn't do? Tap what "
        "it is about. If you like, write your reasons first and tap then."
    )


def which_score_of(comment: str) -> str:
    """The same, where what they think is written already."""
    return (
        f"I've got that:\n<blockquote>{safe(comment)}</blockquote>\n"
        "Which part of the result is it about? One tap, and it goes to your supervisor."
    )


def what_i_did() -> str:
    """On a button beside the scores."""
    return "What I did"


def dispute_question(dimension: Subject) -> str:
    """Second step of questioning a result."""
    if dimension == MATTER:
        return (
            "What did you do that isn't on the list, or is there wrongly? Write it in one message, "
            "with the number of the reply. Your supervisor reads it together with the "
            "conversation and can correct the list, and you get an answer here."
        )
    return (
        f"What did the score for {NAMES[dimension]} miss? Write it in one message. Your "
        "supervisor reads it together with the conversation, and you get an answer here."
    )


def dispute_sent(dimension: Subject) -> str:
    """The hire has questioned a score, or the list of what was done."""
    what = "list" if dimension == MATTER else "score"
    return (
        f"Thank you, that is with your supervisor now. The {what} stays as it is until somebody "
        "has read the conversation; you will hear from me here.\n\n"
        f"Something to add? What you write in the next {ADDING} minutes goes with it, unless you "
        "choose a command or a button first."
    )


def dispute_added(asks: Sequence[str] | None = None) -> str:
    """The hire has added to what they said of a result.

    ``asks``: their supervisors' names, where it looks like a question for the program.
    """
    added = "Added to your question; your supervisor has that too."
    return added if asks is None else f"{added}\n\n{whom_to_ask(asks)}"


def dispute_closed() -> str:
    """What the hire wanted to add came after the answer, or is too long by now."""
    return (
        "I couldn't add that: your question has been answered meanwhile, or there is no more "
        "room in it. Your supervisor is the one to talk to."
    )


def dispute_grows(name: str, dimension: Subject, comment: str) -> str:
    """A supervisor hears that something was added."""
    return (
        f"<b>{one_line(name)}</b> adds to the question about {ASKED[dimension]}:\n"
        f"<blockquote>{safe(comment)}</blockquote>"
    )


def dispute_arrived(name: str, dimension: Subject, comment: str) -> str:
    """A supervisor hears that a score is questioned, or the list of what was done."""
    what = ASKED[dimension] if dimension == MATTER else f"the score for {ASKED[dimension]}"
    return f"<b>{one_line(name)}</b> questions {what}:\n<blockquote>{safe(comment)}</blockquote>"


def cancelled() -> str:
    """Somebody has left a form."""
    return "All right, nothing was changed."


def feeling_kept(feeling: int) -> str:
    """Thanks for saying how it felt, in the tone of what was said."""
    if feeling <= 2:
        return (
            "Thank you for saying so. Some of these conversations are hard on purpose, and you "
            "needn't do another one today. If it stays with you, talk to somebody you trust."
        )
    if feeling == 3:
        return "Thank you. That goes to nobody but you and your supervisor."
    return "Good to hear. Thank you for saying so."


def nothing_yet() -> str:
    """No session has been finished."""
    return (
        "You haven't finished a conversation yet. Once you have, you see here how it went and "
        "what is worth practising next."
    )


def progress_caption() -> str:
    """Under the picture of somebody's progress."""
    return (
        "Your sessions so far. The bars are ranges: a score is never exact. Second attempts are "
        "hollow and don't count."
    )


def settings(feedback: str, *, reminders: bool) -> str:
    """What is set."""
    when = "after each reply" if feedback == "each" else "only at the end"
    return (
        f"Feedback comes <b>{when}</b>. Reminders of what you were asked to practise are "
        f"<b>{'on' if reminders else 'off'}</b>."
    )


def data_caption() -> str:
    """Under the file with everything about somebody."""
    return (
        "Everything that I keep about you. It is plain text (JSON); any editor opens it. It begins "
        "with what_this_is, which explains each part in a sentence. The main ones: member (name "
        "and settings), sessions (your conversations with scores and moods), disputes (your "
        "questions about scores), grades and feelings."
    )


def leave_question(teams: Sequence[str]) -> str:
    """Before leaving a team."""
    if not teams:
        return "You are in no team. /forgetme deletes what is still kept about you."
    named = joined([f"<b>{one_line(t)}</b>" for t in teams])
    return (
        f"You are in {named}. When you leave, its supervisors no longer see your sessions. What "
        "you did stays yours: /mydata sends it to you, /forgetme deletes it."
    )


def left_team(team: str) -> str:
    """They have left."""
    return f"You have left <b>{one_line(team)}</b>. To come back you need a new invitation."


def is_in_already() -> str:
    """Somebody who agreed declines an older notice."""
    return (
        "You have agreed already and are in, so this No changes nothing. /leave takes you out of "
        "your team, /forgetme deletes everything about you."
    )


def not_joined() -> str:
    """They did not agree to the notice."""
    return (
        "That's fine. Nothing about you has been kept. The link stays good for a few days, should "
        "you change your mind: tap “Read it again”, and you can still agree."
    )
