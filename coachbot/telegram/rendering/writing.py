"""What is said about forms: before a text goes out, and when something else came in between."""

from __future__ import annotations

from coachbot.telegram.rendering.wording import one_line, quote

LONGEST_COMMENT = 1000

LEFT: dict[str, str] = {
    "grade": "your grade and its comment were not sent",
    "answer": "your answer was not sent",
    "act": "your correction was not sent",
    "focus": "the focus was not sent",
    "close": "the focus stays open and nothing was sent",
    "due": "no date is set and nothing is assigned",
    "team": "no team was founded",
    "rename": "the team keeps its name",
    "pasting": "I've kept nothing of the scenario that you were pasting",
    "assigning": "",
    "grading": "",
    "correcting": "",
    "focusing": "",
    "inviting": "",
}
"""For each form of supervisors and trainers what leaving it means; empty: a step with buttons."""


def is_step(form: str) -> bool:
    """Whether a form only waits for a button, so that nothing is lost with it."""
    return not LEFT.get(form, "")


def form_left(form: str) -> str:
    """Something else was asked for while a text was awaited."""
    return f"<i>You've gone on to something else, so {LEFT[form]}.</i>"


def form_forgotten(form: str) -> str:
    """A text comes long after it was asked for."""
    return (
        f"<i>I asked you for a text more than an hour ago and don't take this for it: {LEFT[form]}."
        "</i>"
    )


def nothing_sent_yet() -> str:
    """More text comes while one waits to be sent."""
    return (
        "<i>Nothing has gone out yet, and I haven't taken your last message for it. Tap one of the "
        "buttons below.</i>"
    )


def nothing_waits() -> str:
    """A button under something that was sent, changed or left."""
    return "This has been sent or left already, so nothing goes out now."


def write_again() -> str:
    """A text is asked for once more."""
    return "All right, nothing was sent. Write it the way you want it."


def tap_a_button() -> str:
    """Text came where a button is expected."""
    return "I can't tell which one you mean. Tap one of the buttons below; here they are again."


def grade_preview(name: str, what: str, grade: float, score: float | None, comment: str) -> str:
    """A correction before it goes out. ``what``: such as "empathy in reply 2"."""
    gave = f" (the program: {score:.0f})" if score is not None else ""
    return (
        f"This goes to {one_line(name)}, as your grade for {what}: <b>{grade:.0f}</b>{gave}\n"
        f"{quote(comment, LONGEST_COMMENT)}"
    )


def answer_preview(name: str, comment: str) -> str:
    """An answer before it goes out."""
    return (
        f"This goes to {one_line(name)}, as your answer:\n{quote(comment, LONGEST_COMMENT)}\n"
        "A question is answered once."
    )


def focus_preview(name: str, dimension: str, sentence: str) -> str:
    """A focus before it goes out."""
    return (
        f"This goes to {one_line(name)}, as the one thing to work on ({dimension}):\n"
        f"{quote(sentence, LONGEST_COMMENT)}"
    )


def close_preview(name: str, result: str, *, worked: bool) -> str:
    """What came of a focus, before it goes out."""
    how = "and the focus is closed as done" if worked else "and the focus is closed"
    return f"This goes to {one_line(name)}, {how}:\n{quote(result, LONGEST_COMMENT)}"
