"""The form of a question that nobody foresaw."""

from __future__ import annotations

import pytest

from coachbot.customer.question_forms import form_of
from coachbot.library import Library
from coachbot.scenario.temperament import QUESTION_FORMS, QuestionForm

ASKED: dict[QuestionForm, tuple[str, ...]] = {
    "asked_which_of_two": (
        "Are you a tea or a coffee person?",
        "Was that on the phone, by e-mail or in person?",
        "Is it noisy there, or do you have some peace and quiet?",
    ),
    "asked_if_right": (
        "Sounds like you've been sent round the houses a bit, is that fair?",
        "You've been patient up to now, haven't you?",
        "So nobody's told you a thing, right?",
    ),
    "asked_if_known": (
        "You do know that we close at five?",
        "Did you know there's an app for that?",
        "are you aware of the new rules",
    ),
    "asked_whether_you": (
        "Have you changed your phone number lately?",
        "did you keep any of the letters",
        "Did you get a letter or an e-mail about it?",
    ),
    "asked_to_do": (
        "Can you send me a link to it?",
        "Could you please type a bit faster?",
        "would you just log out and in again",
    ),
    "asked_whether": (
        "has anyone else looked at it for you yet",
        "Is there another name the file could be under?",
        "Sorry, did anything change at home?",
        "Does the other driver know about it?",
    ),
    "asked_about_self": (
        "Do you live alone?",
        "Out of interest, are you good with numbers?",
        "Is your office far?",
        "Are things quiet today?",
    ),
    "asked_if_possible": (
        "Could it be that somebody else changed something?",
        "Is it possible that the driver went to the wrong house?",
    ),
    "asked_about_hire": ("Am I typing too fast?", "Have I missed anything?", "Are we too quick?"),
    "asked_how_long": ("How long did they keep you?", "And that was how long ago?", "Since when?"),
    "asked_how_many": ("How many of you are there?", "How often do you go?", "how much do u earn"),
    "asked_who": ("Which department did they pass you to?", "With whom did you talk?"),
    "asked_when": ("When did you move in?", "On which day was that?", "by when do you leave?"),
    "asked_where": ("Where do you usually shop?", "In which country was it made?"),
    "asked_why": ("Why did you choose us?", "How come you wrote today?", "What made you ring?"),
    "asked_to_imagine": (
        "What would you do if you won the lottery?",
        "What's your favourite colour?",
        "If you could start again, would you?",
    ),
    "asked_what_happened": ("What did they say to that?", "How was the weather that day?"),
}  # fmt: skip


@pytest.mark.parametrize("form", QUESTION_FORMS)
def test_a_form_is_told_by_how_a_clause_begins(form: QuestionForm) -> None:
    """Politeness, lead-ins and short forms don't hide it."""
    assert dict.fromkeys(ASKED[form], form) == {
        question: form_of(question) for question in ASKED[form]
    }


@pytest.mark.parametrize(
    "question", ["Can I put you on hold?", "May I see it?", "Would you mind if I looked?", "Mm?"]
)
def test_what_asks_for_leave_has_none_of_these_forms(question: str) -> None:
    """To these one says neither "not that I know of" nor how long."""
    assert form_of(question) is None


def test_when_you_say_asks_for_no_time() -> None:
    """A lead-in that begins like a question is none."""
    assert form_of('When you say "they", who do you mean?') == "asked_who"


def test_every_temperament_has_words_for_every_form(files: Library) -> None:
    """In each mood at least two."""
    short = [
        (name, form, mood)
        for name in files.temperament_files()
        for form in QUESTION_FORMS
        for mood in ("low", "mid", "high")
        if sum(mood in line.mood for line in files.temperament(name).moves.get(form, ())) < 2
    ]
    assert not short
