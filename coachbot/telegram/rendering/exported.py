"""What the parts of /mydata's file are, for whoever opens it."""

from __future__ import annotations

from collections.abc import Iterable

PARTS: dict[str, str] = {
    "person": "Your id in all parts of this file.",
    "first_seen": "When something was first kept about you (UTC, like all times here).",
    "member": (
        "You on Telegram: your number and name there, when you joined, your settings (feedback, "
        "reminders), the session that your messages go to, and what I last asked you to write."
    ),
    "memberships": "Your teams and your roles in them, with the dates.",
    "sessions": (
        "Your practice conversations. 'turns' has each reply ('agent'), what it answered "
        "('customer') and what came back ('answer'), its 'score' with the evidence, the customer's "
        "mood before and after it and the 'reasons' why. 'hints' are the replies for which you "
        "read a hint, 'self_rating' is what you gave yourself, 'retry_of' names the session of "
        "which this is a further attempt."
    ),
    "grades": "Grades that supervisors gave your sessions or replies, with their comments.",
    "acts_judged": (
        "What supervisors said you did, or didn't, in your sessions, where they saw it otherwise "
        "than I had ('seen_in' is the reply in which I had seen it)."
    ),
    "disputes": "Your questions about scores and about what you did, and the answers to them.",
    "feelings": "How you said that sessions felt, from 1 (very bad) to 5 (very good).",
    "focuses": "What a supervisor proposed that you work on, and what came of it.",
    "assignments": "Scenarios that you, or your whole team, were asked to practise.",
    "drafts": "Messages of yours that the customer hasn't answered yet.",
    "invitations_made": "Links that you made for others; the links themselves aren't kept.",
    "grades_given": "Grades that you gave others as their supervisor.",
    "acts_judged_for_others": "What you said others did, or didn't, as their supervisor.",
    "answers_given": "Your answers, as a supervisor, to others' questions about scores.",
    "page_sign_in_links": "When you asked for a link to the page in the browser.",
    "page_sessions": "When you were signed in to the page in the browser.",
    "sessions_read": (
        "Sessions of other people whose scores you have seen, as a supervisor. It doesn't say who "
        "has read yours."
    ),
    "scenario_files": "Scenarios that you sent in as a trainer.",
    "benches_asked_for": "Scenarios that you let scripted agents play as a trainer.",
    "messages_in": "Messages of yours that I haven't dealt with yet.",
    "messages_out": "Messages to you that haven't arrived yet.",
}
"""By the names of the parts, what each holds."""


def what_this_is(parts: Iterable[str]) -> dict[str, str]:
    """A sentence for each of these parts, in their order; a part that is new here has none."""
    return {part: PARTS[part] for part in parts if part in PARTS}
