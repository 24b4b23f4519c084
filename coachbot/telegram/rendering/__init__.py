"""All that a hire reads in Telegram, as HTML, and the buttons under it.

Pure functions of what happened; nothing here sends, saves or asks the clock. Text of people and
files goes through :func:`wording.safe`. ``commands``, ``joining``, ``briefing``, ``conversation``,
``practising``, ``questions``, ``debriefing`` and ``progress`` hold the texts.

What supervisors read is in ``supervising`` and ``reviewing``, and is imported from there.
"""

from __future__ import annotations

from coachbot.telegram.messages import html
from coachbot.telegram.rendering.asides import (
    aside,
    is_over,
    lost,
    over_already,
    supervisors_named,
)
from coachbot.telegram.rendering.briefing import brief, scenario_line, scenario_list
from coachbot.telegram.rendering.commands import commands_of, help_text, unknown_command
from coachbot.telegram.rendering.comparing import compare_offer, one_reply, stopped_early
from coachbot.telegram.rendering.conversation import (
    edited_too_late,
    failure,
    flood,
    going_on,
    hint,
    no_session,
    nothing_but_text,
    paused,
    quick_feedback,
    set_aside,
    stale_button,
)
from coachbot.telegram.rendering.debriefing import debrief_caption, debrief_pages, side_by_side
from coachbot.telegram.rendering.exported import what_this_is
from coachbot.telegram.rendering.joining import (
    forget_question,
    forgotten,
    group_quiet,
    invitation_refused,
    not_a_member,
    nothing_kept,
    notice_waits,
    privacy,
    privacy_notice,
    welcome,
)
from coachbot.telegram.rendering.practising import (
    begins,
    cancelled,
    data_caption,
    dimension_name,
    dispute_added,
    dispute_arrived,
    dispute_closed,
    dispute_grows,
    dispute_question,
    dispute_sent,
    end_question,
    feeling_kept,
    in_the_middle,
    leave_question,
    left_team,
    not_joined,
    nothing_yet,
    practice_menu,
    progress_caption,
    retry_over,
    settings,
    try_again,
    which_score,
)
from coachbot.telegram.rendering.progress import progress_text
from coachbot.telegram.rendering.questions import feeling_question, self_rating_question
from coachbot.telegram.rendering.wording import keyboard, safe

__all__ = [
    "aside",
    "begins",
    "brief",
    "cancelled",
    "commands_of",
    "compare_offer",
    "data_caption",
    "debrief_caption",
    "debrief_pages",
    "dimension_name",
    "dispute_added",
    "dispute_arrived",
    "dispute_closed",
    "dispute_grows",
    "dispute_question",
    "dispute_sent",
    "edited_too_late",
    "end_question",
    "failure",
    "feeling_kept",
    "feeling_question",
    "flood",
    "forget_question",
    "forgotten",
    "going_on",
    "group_quiet",
    "help_text",
    "hint",
    "html",
    "in_the_middle",
    "invitation_refused",
    "is_over",
    "keyboard",
    "leave_question",
    "left_team",
    "lost",
    "no_session",
    "not_a_member",
    "not_joined",
    "nothing_but_text",
    "nothing_kept",
    "nothing_yet",
    "notice_waits",
    "one_reply",
    "over_already",
    "paused",
    "practice_menu",
    "privacy",
    "privacy_notice",
    "progress_caption",
    "progress_text",
    "quick_feedback",
    "retry_over",
    "safe",
    "scenario_line",
    "scenario_list",
    "self_rating_question",
    "set_aside",
    "settings",
    "side_by_side",
    "stale_button",
    "stopped_early",
    "supervisors_named",
    "try_again",
    "unknown_command",
    "welcome",
    "what_this_is",
    "which_score",
]
